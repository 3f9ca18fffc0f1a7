//! `apply`: has the function called in its own place.

use crate::process::Process;
use crate::process::exception::{
    Exception, Result, badarg, badarity, badfun, system_limit, trap, undefined,
};
use crate::program::{fun_code, program};
use crate::term::Term;

/// More arguments than this are `system_limit`; functions have far fewer, so others are merely not
/// found.
const MAX_ARGUMENTS: usize = 1022;
const MAX_ARITY: usize = 255;

/// The arguments as a vector, with room for one more.
fn spread(arguments: Term) -> Result<Vec<Term>> {
    let mut elements = arguments.list();
    let mut spread = Vec::with_capacity(8);
    for element in elements.by_ref() {
        if spread.len() == MAX_ARGUMENTS {
            return Err(system_limit());
        }
        spread.push(element);
    }
    if elements.tail().is_nil() {
        Ok(spread)
    } else {
        Err(badarg())
    }
}

pub fn apply_2(p: &mut Process, fun: Term, arguments: Term) -> Result {
    let mut spread = spread(arguments)?;
    let Some((code, arity)) = fun_code(fun) else {
        return Err(badfun(p, fun));
    };
    if arity as usize != spread.len() {
        return Err(badarity(p, fun, arguments));
    }
    spread.push(fun);
    Err(trap(p, code, &spread))
}

pub fn apply_3(p: &mut Process, module: Term, function: Term, arguments: Term) -> Result {
    let (Some(module), Some(function)) = (module.as_atom(), function.as_atom()) else {
        return Err(badarg());
    };
    let spread = spread(arguments)?;
    Err(by_name(p, module, function, arguments, &spread))
}

fn by_name(
    p: &mut Process,
    module: u32,
    function: u32,
    list: Term,
    arguments: &[Term],
) -> Exception {
    let arity = arguments.len();
    let export = (arity <= MAX_ARITY)
        .then(|| program().export(module, function, arity as u32))
        .flatten();
    match export {
        Some(export) => trap(p, export.code, arguments),
        None => undefined(module, function, list),
    }
}
