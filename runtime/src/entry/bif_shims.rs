//! One exported function per BIF row: calls the body, notes its exception.

use crate::process::Process;
use crate::process::exception::{Exception, Result};
use crate::sys::arena;
use crate::term::Term;

/// Notes a BIF's exception in the process; the caller raises it or fails its guard.
#[cold]
fn failed(
    p: &mut Process,
    bif: &'static beamrc_abi::bifs::Bif,
    exception: Exception,
    args: &[Term],
) -> Term {
    p.exception.note_of_bif(exception, bif, args);
    Term::NONVALUE
}

#[inline(always)]
fn finish(
    p: &mut Process,
    bif: &'static beamrc_abi::bifs::Bif,
    result: Result,
    args: &[Term],
) -> Term {
    match result {
        Ok(term) => term,
        Err(exception) => failed(p, bif, exception, args),
    }
}

macro_rules! shim {
    ($rust:ident $module:literal $name:literal $body:ident $index:expr; $scratch:expr; $arity:literal ($($arg:ident)*)) => {
        /// # Safety
        /// `p` is the running process (I3), the arguments are terms (I5).
        #[unsafe(export_name = concat!("bif:", $module, ":", $name, "/", $arity))]
        pub unsafe extern "C" fn $body(p: *mut Process $(, $arg: Term)*) -> Term {
            // SAFETY: the caller's contract.
            let p = unsafe { &mut *p };
            let scratch = const { $scratch }.then(arena::scope);
            let result = crate::bifs::$rust::$body(p $(, $arg)*);
            drop(scratch);
            finish(p, &$index, result, &[$($arg),*])
        }
    };
}

macro_rules! args {
    ($rust:ident $m:literal $n:literal $b:ident $i:expr; $s:expr; 0) => { shim!($rust $m $n $b $i; $s; 0 ()); };
    ($rust:ident $m:literal $n:literal $b:ident $i:expr; $s:expr; 1) => { shim!($rust $m $n $b $i; $s; 1 (a)); };
    ($rust:ident $m:literal $n:literal $b:ident $i:expr; $s:expr; 2) => { shim!($rust $m $n $b $i; $s; 2 (a b)); };
    ($rust:ident $m:literal $n:literal $b:ident $i:expr; $s:expr; 3) => { shim!($rust $m $n $b $i; $s; 3 (a b c)); };
    ($rust:ident $m:literal $n:literal $b:ident $i:expr; $s:expr; 4) => { shim!($rust $m $n $b $i; $s; 4 (a b c d)); };
    ($rust:ident $m:literal $n:literal $b:ident $i:expr; $s:expr; 5) => { shim!($rust $m $n $b $i; $s; 5 (a b c d e)); };
}

macro_rules! module {
    ($rust:ident $module:literal { $($name:literal $arity:tt $body:ident [$($flag:ident)*];)* }) => {
        pub mod $rust {
            use super::*;
            $(args!(
                $rust $module $name $body crate::bifs::rows::$rust::$body;
                beamrc_abi::bif_flag!(scratch $($flag)*); $arity
            );)*
        }
    };
}

beamrc_abi::for_each_bif_module!(module);
