//! Slow paths of calls: of funs, by name, and of what cannot be called.
//!
//! Where the failing call was its function's last one shows in the trace: see [`TAIL`].

use crate::bifs::{calls, rows, values};
use crate::process::Process;
use crate::process::exception::{Class, Exception, Origin, badarg};
use crate::process::exception::{badarity, badfun, undefined, undefined_last};
use crate::process::saved_calls::Saved;
use crate::program::{export_of_fun, fun_code, program, stand_in_of_names};
use crate::term::Term;
use beamrc_abi::atom::id;
use beamrc_abi::bifs::Bif;
use beamrc_abi::entry::TAIL;

/// An arity or count, and whether the call is a last one.
fn split(count: u64) -> (usize, bool) {
    ((count & !TAIL) as usize, count & TAIL != 0)
}

fn undefined_at(is_last_call: bool, module: u32, function: u32, arguments: Term) -> Exception {
    if is_last_call {
        undefined_last(module, function, arguments)
    } else {
        undefined(module, function, arguments)
    }
}

/// Notes that a fun could not be called.
fn note_bad_call(p: &mut Process, exception: Exception, is_last_call: bool) {
    let origin = if is_last_call { Origin::Caller } else { Origin::CallerTwice };
    p.exception.note(Exception { origin, ..exception });
}

/// Code address of a fun called with `count` arguments in `x`; 0 with `badfun` or `badarity` noted.
///
/// # Safety
/// `p` is the running process (I3), the fun a term (I5), `x` holds `count` terms.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_fun_code(p: *mut Process, fun: Term, count: u64) -> u64 {
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    let (arity, is_last_call) = split(count);
    let exception = match fun_code(fun) {
        Some((code, expected)) if expected as usize == arity => return code,
        Some(_) => {
            let arguments = p.x_as_list(arity);
            badarity(p, fun, arguments)
        }
        None => badfun(p, fun),
    };
    note_bad_call(p, exception, is_last_call);
    0
}

/// `erlang:apply/2`: spreads the arguments and the fun over `x`. Code address; or 0 with an exception
/// noted.
///
/// # Safety
/// `p` is the running process (I3), fun and list are terms (I5).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_apply_fun(
    p: *mut Process,
    fun: Term,
    list: Term,
    tail: u64,
) -> u64 {
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    if p.life.saved_calls.is_some() {
        save_call_of_fun(p, fun);
    }
    let exception = calls::call_of_fun(p, fun, list);
    match exception.origin {
        _ if exception.class == Class::Trap => return p.head.jump,
        Origin::Bif => p.exception.note_of_bif(exception, &rows::calls::apply_2, &[fun, list]),
        _ => note_bad_call(p, exception, split(tail).1),
    }
    0
}

/// `erlang:apply/3`: spreads the arguments over `x`. Code address; or 0 with an exception noted.
///
/// # Safety
/// `p` is the running process (I3), names and list are terms (I5).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_apply_list(
    p: *mut Process,
    module: Term,
    function: Term,
    list: Term,
    tail: u64,
) -> u64 {
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    if p.life.saved_calls.is_some() {
        save_call(p, module, function, list.list().count());
    }
    let (_, is_last_call) = split(tail);
    if is_last_call && raise_at_caller(p, module, function, list) {
        return 0;
    }
    let exception = calls::call_by_name(p, module, function, list);
    match exception.origin {
        _ if exception.class == Class::Trap => return p.head.jump,
        Origin::Function { module, function, arguments, .. } => {
            let undefined = undefined_at(is_last_call, module, function, arguments);
            p.exception.note(undefined);
        }
        _ => {
            let all = [module, function, list];
            p.exception.note_of_bif(exception, &rows::calls::apply_3, &all);
        }
    }
    0
}

/// What raises in its caller's name is called where the caller is still known, as in OTP: whether
/// the function is such a one, however often it is applied, and its exception is noted.
fn raise_at_caller(p: &mut Process, module: Term, mut function: Term, mut list: Term) -> bool {
    let erlang = Term::atom(id::ERLANG);
    if module != erlang {
        return false;
    }
    loop {
        let mut arguments = list.list();
        let spread: Vec<Term> = arguments.by_ref().take(4).collect();
        if !arguments.tail().is_nil() {
            return false;
        }
        let (result, bif): (_, &'static Bif) = match (function.as_atom(), &spread[..]) {
            (Some(id::ERROR), &[reason]) => (values::error_1(p, reason), &rows::values::error_1),
            (Some(id::ERROR), &[reason, arguments]) => {
                (values::error_2(p, reason, arguments), &rows::values::error_2)
            }
            (Some(id::ERROR), &[reason, arguments, options]) => {
                (values::error_3(p, reason, arguments, options), &rows::values::error_3)
            }
            (Some(id::EXIT), &[reason]) => (values::exit_1(p, reason), &rows::values::exit_1),
            (Some(id::THROW), &[value]) => (values::throw_1(p, value), &rows::values::throw_1),
            (Some(id::APPLY), &[module, applied, rest]) if module == erlang => {
                (function, list) = (applied, rest);
                continue;
            }
            _ => return false,
        };
        if let Err(exception) = result {
            p.exception.note_of_bif(exception, bif, &spread);
        }
        return true;
    }
}

/// # Safety
/// `p` is the running process (I3), module and function are terms (I5).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_saved_call(
    p: *mut Process,
    module: Term,
    function: Term,
    arity: u64,
) {
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    save_call(p, module, function, arity as usize);
}

fn save_call(p: &mut Process, module: Term, function: Term, arity: usize) {
    if let (Some(module), Some(function)) = (module.as_atom(), function.as_atom()) {
        p.called(Saved::Call(module, function, arity as u32));
    }
}

/// # Safety
/// `p` is the running process (I3), the fun a term (I5).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_saved_fun(p: *mut Process, fun: Term) {
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    save_call_of_fun(p, fun);
}

fn save_call_of_fun(p: &mut Process, fun: Term) {
    if let Some(export) = export_of_fun(&fun) {
        p.called(Saved::Call(export.module, export.function, export.arity));
    }
}

/// Code address of a function called by name, or of what handles such calls if there is none; or 0.
///
/// # Safety
/// `p` is the running process (I3), the names are terms (I5).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_apply_code(
    p: *mut Process,
    module: Term,
    function: Term,
    arity: u64,
) -> u64 {
    let (Some(module), Some(function)) = (module.as_atom(), function.as_atom()) else {
        return 0;
    };
    if let Some(export) = program().export(module, function, arity as u32) {
        return export.code;
    }
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    if calls::handler_of_undefined(p, module).is_none() {
        return 0;
    }
    // It is called at once: until then its name is where the arguments of failing BIFs are.
    let name = [Term::atom(module), Term::atom(function), Term::small(arity as i64)];
    p.exception.args[..name.len()].copy_from_slice(&name);
    stand_in_of_names()
}

/// A call by name for which there is no code: `badarg` of `apply/3` if the names are none, or else
/// `undef`.
///
/// # Safety
/// `p` is the running process (I3), the names are terms (I5), `x` holds `count` terms.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_raise_bad_apply(
    p: *mut Process,
    module: Term,
    function: Term,
    count: u64,
) {
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    let (arity, is_last_call) = split(count);
    let arguments = p.x_as_list(arity);
    match (module.as_atom(), function.as_atom()) {
        (Some(module), Some(function)) => {
            let undefined = undefined_at(is_last_call, module, function, arguments);
            p.exception.note(undefined);
        }
        _ => {
            let all = [module, function, arguments];
            p.exception.note_of_bif(badarg(), &rows::calls::apply_3, &all);
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
    let (arity, is_last_call) = split(count);
    let arguments = p.x_as_list(arity);
    let undefined = undefined_at(is_last_call, module, function, arguments);
    p.exception.note(undefined);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::{Kind, build};

    const CODE: u64 = 0x40_0100;

    fn fun(p: &mut Process, arity: u64) -> Term {
        build::object(p, Kind::Fun, arity, &[CODE, 0])
    }
    fn reason(p: &Process) -> Term {
        p.exception.reason
    }
    fn tag(term: Term) -> Option<u32> {
        term.as_tuple()?[0].as_atom()
    }

    #[test]
    fn funs_are_called_with_their_arity_only() {
        let p = &mut *Process::for_tests();
        let fun = fun(p, 2);
        // SAFETY: the process is the test's; `x` is filled.
        unsafe {
            assert_eq!(beamrc_fun_code(p, fun, 2), CODE);
            p.set_x(&[Term::OK]);
            assert_eq!(beamrc_fun_code(p, fun, 1), 0);
            assert!(matches!(p.exception.origin, Origin::CallerTwice));
            assert_eq!(tag(reason(p)), Some(id::BADARITY));
            assert_eq!(beamrc_fun_code(p, Term::OK, 1 | TAIL), 0);
            assert!(matches!(p.exception.origin, Origin::Caller));
            assert_eq!(tag(reason(p)), Some(id::BADFUN));
        }
    }

    #[test]
    fn apply_spreads_arguments_and_fun() {
        let p = &mut *Process::for_tests();
        let fun = fun(p, 2);
        let list = build::list(p, &[Term::OK, Term::TRUE], Term::NIL);
        let improper = build::list(p, &[Term::OK, Term::TRUE], Term::OK);
        let long = build::list(p, &[Term::OK; 1023], Term::NIL);
        // SAFETY: the process is the test's.
        unsafe {
            assert_eq!(beamrc_apply_fun(p, fun, list, 0), CODE);
            assert!(p.x(3) == [Term::OK, Term::TRUE, fun]);
            assert_eq!(beamrc_apply_fun(p, fun, improper, 0), 0);
            assert!(reason(p) == Term::atom(id::BADARG) && p.exception.bif.is_some());
            assert_eq!(beamrc_apply_fun(p, fun, long, 0), 0);
            assert!(reason(p) == Term::atom(id::SYSTEM_LIMIT));
            assert_eq!(beamrc_apply_fun(p, fun, Term::NIL, 0), 0);
            assert_eq!(tag(reason(p)), Some(id::BADARITY));
        }
    }

    #[test]
    fn apply_by_name_tells_bad_names_from_missing_functions() {
        let p = &mut *Process::for_tests();
        let list = build::list(p, &[Term::OK, Term::TRUE], Term::NIL);
        let erlang = Term::atom(id::ERLANG);
        // SAFETY: the process is the test's.
        unsafe {
            assert_eq!(beamrc_apply_list(p, Term::small(1), Term::OK, list, 0), 0);
            assert!(reason(p) == Term::atom(id::BADARG) && p.exception.bif.is_some());
            assert_eq!(beamrc_apply_list(p, Term::OK, Term::OK, list, TAIL), 0);
            assert!(reason(p) == Term::atom(id::UNDEF));
            let origin = p.exception.origin;
            assert!(matches!(origin, Origin::Function { is_last_call: true, .. }));
            assert_eq!(beamrc_apply_list(p, erlang, Term::atom(id::ERROR), list, TAIL), 0);
            assert!(reason(p) == Term::OK);
        }
    }
}
