//! Entries that raise exceptions, and those that tell handlers about them.
//!
//! The `raise` entries and their kin only note the exception: the stub that calls them unwinds
//! then, or the calling function handles it itself.

use crate::process::exception::{Class, Exception, Origin, error_of_caller};
use crate::process::{Process, trace};
use crate::term::{Term, build};
use beamrc_abi::atom::id;

/// Error `{Tag, Value}`.
fn note_tagged(p: &mut Process, tag: u32, value: Term) {
    let reason = build::tuple(p, &[Term::atom(tag), value]);
    p.exception.note(error_of_caller(reason));
}

macro_rules! raise_tagged {
    ($($name:ident $tag:ident;)*) => { $(
        /// # Safety
        /// `p` is the running process (I3), the value a term (I5).
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(p: *mut Process, value: Term) {
            // SAFETY: the caller's contract.
            note_tagged(unsafe { &mut *p }, id::$tag, value);
        }
    )* };
}
raise_tagged! {
    beamrc_raise_badmatch BADMATCH;
    beamrc_raise_case_clause CASE_CLAUSE;
    beamrc_raise_try_clause TRY_CLAUSE;
    beamrc_raise_badrecord BADRECORD;
}

/// # Safety
/// `p` is the running process (I3).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_raise_if_clause(p: *mut Process) {
    // SAFETY: the caller's contract.
    let state = unsafe { &mut (*p).exception };
    state.note(error_of_caller(Term::atom(id::IF_CLAUSE)));
}

/// # Safety
/// `p` is the running process (I3), the reason an atom.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_raise_atom(p: *mut Process, reason: Term) {
    // SAFETY: the caller's contract.
    unsafe { &mut (*p).exception }.note(error_of_caller(reason));
}

/// # Safety
/// `p` is the running process (I3); `x` holds `arity` terms.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_raise_function_clause(p: *mut Process, arity: u64) {
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    let arguments = p.x_as_list(arity as usize);
    p.exception.note(Exception {
        origin: Origin::CallerWith { arguments, info: Term::NONVALUE },
        ..error_of_caller(Term::atom(id::FUNCTION_CLAUSE))
    });
}

/// Raises what a failed call has noted.
///
/// # Safety
/// Always.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_throw(_p: *mut Process) {}

/// # Safety
/// `p` is the running process (I3), the others are terms (I5).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_raise_class(
    p: *mut Process,
    class: Term,
    reason: Term,
    trace: Term,
) {
    // SAFETY: the caller's contract.
    let state = unsafe { &mut (*p).exception };
    match Class::of_name(class) {
        Some(class) => state.note_again(class, reason, trace),
        None => state.note(error_of_caller(Term::atom(id::BADARG))),
    }
}

/// # Safety
/// `p` is the running process (I3), the others are terms (I5).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_reraise(p: *mut Process, trace: Term, reason: Term) {
    // SAFETY: the caller's contract.
    let state = unsafe { &mut (*p).exception };
    state.note_again(trace::class_of(trace), reason, trace);
}

/// # Safety
/// `p` is the running process (I3), which handles an exception.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_landing_class(p: *mut Process) -> Term {
    // SAFETY: the caller's contract.
    unsafe { &(*p).exception }.class.name()
}

/// # Safety
/// `p` is the running process (I3), which handles an exception.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_landing_reason(p: *mut Process) -> Term {
    // SAFETY: the caller's contract.
    unsafe { &(*p).exception }.reason
}

/// # Safety
/// `p` is the running process (I3), which handles an exception.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_landing_trace(p: *mut Process) -> Term {
    // SAFETY: the caller's contract.
    trace::value(unsafe { &mut *p })
}

/// # Safety
/// `p` is the running process (I3), which handles an exception.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_catch_value(p: *mut Process) -> Term {
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    let reason = p.exception.reason;
    let reason = match p.exception.class {
        Class::Throw => return reason,
        Class::Exit => reason,
        Class::Error | Class::Trap => {
            let trace = trace::list_of_state(p);
            build::tuple(p, &[reason, trace])
        }
    };
    build::tuple(p, &[Term::atom(id::EXIT_UPPER), reason])
}

/// # Safety
/// `p` is the running process (I3), the trace a term (I5).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_build_stacktrace(p: *mut Process, trace: Term) -> Term {
    // SAFETY: the caller's contract.
    trace::list(unsafe { &mut *p }, trace)
}
