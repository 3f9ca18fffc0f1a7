//! What a program may ask about the modules and functions that are linked into it.

use crate::process::Process;
use crate::process::exception::{Result, badarg};
use crate::program::{self, Module, program};
use crate::term::{Term, atom, build, list};
use beamrc_abi::atom::id;
use beamrc_abi::bifs::Bif;

/// Module, function and arity; the arity may be any small integer.
fn function_name(module: Term, function: Term, arity: Term) -> Result<(u32, u32, i64)> {
    match (module.as_atom(), function.as_atom(), arity.as_small()) {
        (Some(module), Some(function), Some(arity)) => Ok((module, function, arity)),
        _ => Err(badarg()),
    }
}
fn is_linked(module: u32, function: u32, arity: i64) -> bool {
    u32::try_from(arity).is_ok_and(|arity| program().export(module, function, arity).is_some())
}
/// The row of a BIF, whether or not the program uses it.
fn bif(module: u32, function: u32, arity: i64) -> Option<&'static Bif> {
    let (module, function) = (atom::text(module), atom::text(function));
    beamrc_abi::bifs::all()
        .find(|b| b.arity as i64 == arity && b.name == function && b.module == module)
}
fn is_builtin(module: u32, function: u32, arity: i64) -> bool {
    // Compiled to instructions, so there is no row.
    let instruction = module == id::ERLANG
        && (function == id::APPLY && (arity == 2 || arity == 3)
            || function == id::YIELD && arity == 0);
    instruction || bif(module, function, arity).is_some()
}

pub fn function_exported_3(_p: &mut Process, module: Term, function: Term, arity: Term) -> Result {
    let (m, f, a) = function_name(module, function, arity)?;
    Ok(Term::bool(is_linked(m, f, a) || is_builtin(m, f, a)))
}
pub fn is_builtin_3(_p: &mut Process, module: Term, function: Term, arity: Term) -> Result {
    let (m, f, a) = function_name(module, function, arity)?;
    Ok(Term::bool(is_builtin(m, f, a)))
}

pub fn module_loaded_1(_p: &mut Process, module: Term) -> Result {
    let name = module.as_atom().ok_or_else(badarg)?;
    Ok(Term::bool(program().module(name).is_some()))
}
pub fn loaded_0(p: &mut Process) -> Result {
    let modules = program().modules();
    let names = modules.iter().map(|module| Term::atom(module.name));
    Ok(list::forward(p, modules.len(), names, Term::NIL))
}
/// Nothing is loaded before anything else: the program is one image.
pub fn pre_loaded_0(_p: &mut Process) -> Result {
    Ok(Term::NIL)
}

fn linked_module(name: Term) -> Result<&'static Module> {
    let name = name.as_atom().ok_or_else(badarg)?;
    program().module(name).ok_or_else(badarg)
}
pub fn get_module_info_1(p: &mut Process, name: Term) -> Result {
    let module = linked_module(name)?;
    let mut items = Vec::new();
    for key in [id::MODULE, id::EXPORTS, id::ATTRIBUTES, id::COMPILE, id::MD5] {
        let value = module_item(p, module, key)?;
        items.push(build::tuple(p, &[Term::atom(key), value]));
    }
    Ok(build::list(p, &items, Term::NIL))
}
pub fn get_module_info_2(p: &mut Process, name: Term, key: Term) -> Result {
    let module = linked_module(name)?;
    module_item(p, module, key.as_atom().ok_or_else(badarg)?)
}
fn module_item(p: &mut Process, module: &Module, key: u32) -> Result {
    Ok(match key {
        id::MODULE => Term::atom(module.name),
        id::EXPORTS => program::literal(module.exports),
        id::FUNCTIONS => program::literal(module.functions),
        id::ATTRIBUTES => program::literal(module.attributes),
        id::COMPILE => program::literal(module.compile),
        id::MD5 => super::new_binary(p, &module.md5),
        // Native implemented functions, and code addresses: there are none to tell.
        id::NIFS | id::NATIVE_ADDRESSES => Term::NIL,
        // Whether HiPE compiled it, which is no more.
        id::NATIVE => Term::FALSE,
        _ => return Err(badarg()),
    })
}
