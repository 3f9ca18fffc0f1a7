//! `apply`: has the function called in its own place.

use crate::process::Process;
use crate::process::exception::{
    Class, Exception, Origin, Result, badarg, badarity, badfun, system_limit, trap_with_x,
    undefined,
};
use crate::program::{fun_code, program};
use crate::term::Term;

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
        None => undefined(module, function, arguments),
    }
}
