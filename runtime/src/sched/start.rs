//! From what a process is to apply to the code and arguments that it is entered with.

use super::code;
use crate::process::Process;
use crate::process::exception::{self, Exception, badarg, badarity, badfun};
use crate::program::{fun_code, program};
use crate::term::Term;
use beamrc_abi::atom::id;

/// Sets up stack, code and arguments; false if the function cannot be called, which is noted as
/// the process's exception.
pub fn prepare(p: &mut Process) -> bool {
    fresh_stack(p);
    let (module, function) = (p.life.start_module, p.life.start_function);
    let (module, function) = (Term::atom(module), Term::atom(function));
    match code_of(p, module, function, p.life.start_arguments) {
        Ok((code, arguments)) => {
            p.head.jump = code;
            p.set_x(&arguments);
            p.life.start_arguments = Term::NIL;
            true
        }
        Err(exception) => {
            p.exception.note(exception);
            false
        }
    }
}

#[expect(unsafe_code, reason = "writes the first word of a stack")]
fn fresh_stack(p: &mut Process) {
    if p.head.chunk == 0 {
        super::spawn::open_stack(p);
    }
    let bottom = p.head.saved_sp - 8;
    // SAFETY: the top word of the first chunk, which is empty.
    unsafe { *(bottom as *mut u64) = code::start() };
    p.head.saved_sp = bottom;
    p.head.saved_fp = 0;
}

/// Code to enter, and its arguments, for `module:function` applied to a list.
fn code_of(
    p: &mut Process,
    mut module: Term,
    mut function: Term,
    mut arguments: Term,
) -> Result<(u64, Vec<Term>), Exception> {
    loop {
        let (Some(m), Some(f)) = (module.as_atom(), function.as_atom()) else {
            return Err(badarg());
        };
        let spread: Vec<Term> = arguments.list().collect();
        if (m, f) == (id::ERLANG, id::APPLY) {
            match *spread {
                [m, f, list] if is_proper(list) && m.is_atom() && f.is_atom() => {
                    (module, function, arguments) = (m, f, list);
                    continue;
                }
                [fun, list] if is_proper(list) => return fun_and_arguments(p, fun, list),
                _ => {}
            }
        }
        return match program().export(m, f, spread.len() as u32) {
            Some(export) => Ok((export.code, spread)),
            None => Err(exception::undefined(m, f, arguments)),
        };
    }
}

fn is_proper(list: Term) -> bool {
    crate::term::list::length(list).is_some()
}

fn fun_and_arguments(
    p: &mut Process,
    fun: Term,
    list: Term,
) -> Result<(u64, Vec<Term>), Exception> {
    let mut arguments: Vec<Term> = list.list().collect();
    match fun_code(fun) {
        Some((code, arity)) if arity as usize == arguments.len() => {
            arguments.push(fun);
            Ok((code, arguments))
        }
        Some(_) => Err(badarity(p, fun, list).in_apply()),
        None => Err(badfun(p, fun).in_apply()),
    }
}
