//! Slow paths of calls: of funs, by name, and of what cannot be called.

use crate::bifs::rows;
use crate::process::Process;
use crate::process::exception::{self, badarg};
use crate::program::{fun_code, program};
use crate::term::Term;

/// Code address of a fun called with `arity` arguments in `x`; 0 with `badfun` or `badarity` noted.
///
/// # Safety
/// `p` is the running process (I3), the fun a term (I5), `x` holds `arity` terms.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_fun_code(p: *mut Process, fun: Term, arity: u64) -> u64 {
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    let exception = match fun_code(fun) {
        Some((code, expected)) if u64::from(expected) == arity => return code,
        Some(_) => {
            let arguments = p.x_as_list(arity as usize);
            exception::badarity(p, fun, arguments)
        }
        None => exception::badfun(p, fun),
    };
    p.exception.note(exception);
    0
}

/// Code address of a function called by name; 0 if there is none.
///
/// # Safety
/// The names are terms (I5).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_apply_code(
    _p: *mut Process,
    module: Term,
    function: Term,
    arity: u64,
) -> u64 {
    match (module.as_atom(), function.as_atom()) {
        (Some(module), Some(function)) => program()
            .export(module, function, arity as u32)
            .map_or(0, |export| export.code),
        _ => 0,
    }
}

/// A call by name for which there is no code: `badarg` of `apply/3` if the names are none, or else
/// `undef`.
///
/// # Safety
/// `p` is the running process (I3), the names are terms (I5), `x` holds `arity` terms.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_raise_bad_apply(
    p: *mut Process,
    module: Term,
    function: Term,
    arity: u64,
) {
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    let arguments = p.x_as_list(arity as usize);
    match (module.as_atom(), function.as_atom()) {
        (Some(module), Some(function)) => {
            p.exception
                .note(exception::undefined(module, function, arguments));
        }
        _ => {
            let all = [module, function, arguments];
            p.exception
                .note_of_bif(badarg(), &rows::calls::apply_3, &all);
        }
    }
}

/// A call of a function that is not linked.
///
/// # Safety
/// `p` is the running process (I3); `name` is the address of module, function and arity; `x` holds
/// `count` terms.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_raise_undef(p: *mut Process, name: *const [u32; 3], count: u64) {
    // SAFETY: the caller's contract.
    let (p, [module, function, _]) = unsafe { (&mut *p, *name) };
    let arguments = p.x_as_list(count as usize);
    p.exception
        .note(exception::undefined(module, function, arguments));
}
