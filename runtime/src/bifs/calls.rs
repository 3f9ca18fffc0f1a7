//! `apply`: has the function called in its own place; and what is called in place of functions that do
//! not exist.

use crate::process::Process;
use crate::process::exception::{
    Class, Exception, Origin, Result, badarg, badarity, badfun, system_limit, trap_with_x,
    undefined,
};
use crate::program::{Export, fun_code, program};
use crate::term::Term;
use beamrc_abi::atom::id;

/// More arguments than this are `system_limit`; functions have far fewer, so others are merely not
/// found.
const MAX_ARGUMENTS: usize = 1022;
pub(super) const MAX_ARITY: usize = 255;

/// Spreads the arguments over `x`, as many as any function has; returns how many there are.
fn spread(p: &mut Process, arguments: Term) -> Result<usize> {
    let mut elements = arguments.list();
    let mut count = 0;
    for element in elements.by_ref() {
        if count == MAX_ARGUMENTS {
            return Err(system_limit());
        }
        if let Some(place) = p.x_mut()[..MAX_ARITY].get_mut(count) {
            *place = element;
        }
        count += 1;
    }
    if elements.tail().is_nil() { Ok(count) } else { Err(badarg()) }
}

pub fn apply_2(p: &mut Process, fun: Term, arguments: Term) -> Result {
    let exception = call_of_fun(p, fun, arguments);
    match exception.origin {
        Origin::Caller if exception.class == Class::Error => Err(exception.in_apply()),
        _ => Err(exception),
    }
}
/// The call of a fun as a trap, or why it cannot be called.
pub fn call_of_fun(p: &mut Process, fun: Term, arguments: Term) -> Exception {
    let count = match spread(p, arguments) {
        Ok(count) => count,
        Err(exception) => return exception,
    };
    let Some((code, arity)) = fun_code(fun) else {
        return badfun(p, fun);
    };
    if arity as usize != count {
        return badarity(p, fun, arguments);
    }
    p.x_mut()[count] = fun;
    trap_with_x(p, code)
}

pub fn apply_3(p: &mut Process, module: Term, function: Term, arguments: Term) -> Result {
    Err(call_by_name(p, module, function, arguments))
}
/// The call of a function by name as a trap, or why it cannot be called.
pub fn call_by_name(p: &mut Process, module: Term, function: Term, arguments: Term) -> Exception {
    let (Some(module), Some(function)) = (module.as_atom(), function.as_atom()) else {
        return badarg();
    };
    let arity = match spread(p, arguments) {
        Ok(count) => count,
        Err(exception) => return exception,
    };
    let export =
        (arity <= MAX_ARITY).then(|| program().export(module, function, arity as u32)).flatten();
    match export {
        Some(export) => trap_with_x(p, export.code),
        None => match handled_undefined(p, module, function, arguments) {
            Some(code) => trap_with_x(p, code),
            None => undefined(module, function, arguments),
        },
    }
}

/// What handles calls of functions that this module does not export: that of the process's error
/// handler, or what OTP's own error handler calls in the module.
pub fn handler_of_undefined(p: &Process, module: u32) -> Option<&'static Export> {
    match p.life.error_handler {
        id::ERROR_HANDLER => program().export(module, id::HANDLE_UNDEFINED_FUNCTION, 2),
        handler => program().export(handler, id::UNDEFINED_FUNCTION, 3),
    }
}
/// Its code, with its arguments in `x`.
pub fn handled_undefined(
    p: &mut Process,
    module: u32,
    function: u32,
    arguments: Term,
) -> Option<u64> {
    let handler = handler_of_undefined(p, module)?;
    let all = [Term::atom(module), Term::atom(function), arguments];
    p.set_x(&all[all.len() - handler.arity as usize..]);
    Some(handler.code)
}
/// The same for a call of a closure of a module that is not linked.
pub fn handled_lambda(p: &mut Process, module: u32, fun: Term, arguments: Term) -> Option<u64> {
    let handler = match p.life.error_handler {
        id::ERROR_HANDLER => return None,
        handler => program().export(handler, id::UNDEFINED_LAMBDA, 3)?,
    };
    p.set_x(&[Term::atom(module), fun, arguments]);
    Some(handler.code)
}
