//! Funs: what they say about themselves, and `fun M:F/A` of names known at run time.

use crate::process::Process;
use crate::process::exception::{Result, badarg};
use crate::program::{Export, export_fun, export_of_fun};
use crate::term::{Kind, Term, atom, build, list};
use beamrc_abi::atom::id;
use beamrc_abi::program::Lambda;
use beamrc_abi::term::layout::{FUN_ENV, FUN_META};

/// Most arguments that a function can have.
const MAX_ARGUMENTS: i64 = 255;

/// What stands behind a fun.
enum Code<'a> {
    Local(&'static Lambda, &'a [u64]),
    External(&'static Export),
}

#[expect(unsafe_code, reason = "a fun's second word is the address of its description")]
fn code(fun: &Term) -> Result<Code<'_>> {
    if let Some(Kind::Fun) = fun.kind() {
        let words = fun.words();
        // SAFETY: I4: the compiler's description, which is static.
        let lambda = unsafe { &*(words[FUN_META] as *const Lambda) };
        return Ok(Code::Local(lambda, &words[FUN_ENV..]));
    }
    export_of_fun(fun).map(Code::External).ok_or_else(badarg)
}

pub fn fun_info_2(p: &mut Process, fun: Term, key: Term) -> Result {
    let value = match code(&fun)? {
        Code::Local(lambda, environment) => local_info(p, lambda, environment, key)?,
        Code::External(export) => external_info(export, key)?,
    };
    Ok(build::tuple(p, &[key, value]))
}

fn local_info(p: &mut Process, lambda: &Lambda, environment: &[u64], key: Term) -> Result {
    Ok(match key.as_atom() {
        Some(id::TYPE) => Term::atom(id::LOCAL),
        // Funs do not know who made them: it is the first process for all of them, as in OTP.
        Some(id::PID) => Term::pid(0),
        Some(id::MODULE) => Term::atom(lambda.module),
        // That of a module which is not linked has none.
        Some(id::NAME) if lambda.name == id::EMPTY => Term::NIL,
        Some(id::NAME) => Term::atom(lambda.name),
        Some(id::ARITY) => Term::small(i64::from(lambda.arity)),
        Some(id::NEW_INDEX) => Term::small(i64::from(lambda.index)),
        Some(id::NEW_UNIQ) => super::new_binary(p, &lambda.uniq),
        Some(id::INDEX) => Term::small(i64::from(lambda.old_index)),
        Some(id::UNIQ) => Term::small(i64::from(lambda.old_uniq)),
        Some(id::ENV) => {
            let free = environment.iter().map(|word| Term(*word));
            list::forward(p, environment.len(), free, Term::NIL)
        }
        // The code of a fun is never unloaded, so nobody counts its users.
        Some(key) if atom::text(key) == "refc" => Term::small(1),
        _ => return Err(badarg()),
    })
}

fn external_info(export: &Export, key: Term) -> Result {
    Ok(match key.as_atom() {
        Some(id::TYPE) => Term::atom(id::EXTERNAL),
        Some(id::MODULE) => Term::atom(export.module),
        Some(id::NAME) => Term::atom(export.function),
        Some(id::ARITY) => Term::small(i64::from(export.arity)),
        Some(id::ENV) => Term::NIL,
        Some(id::PID | id::NEW_INDEX | id::NEW_UNIQ | id::INDEX | id::UNIQ) => Term::UNDEFINED,
        Some(key) if atom::text(key) == "refc" => Term::UNDEFINED,
        _ => return Err(badarg()),
    })
}

pub fn fun_info_mfa_1(p: &mut Process, fun: Term) -> Result {
    let (module, name, arity) = match code(&fun)? {
        Code::Local(lambda, _) => (lambda.module, lambda.name, lambda.arity),
        Code::External(export) => (export.module, export.function, export.arity),
    };
    let arity = Term::small(i64::from(arity));
    Ok(build::tuple(p, &[Term::atom(module), Term::atom(name), arity]))
}

pub fn make_fun_3(p: &mut Process, module: Term, function: Term, arity: Term) -> Result {
    match (module.as_atom(), function.as_atom(), arity.as_small()) {
        (Some(module), Some(function), Some(arity)) if (0..=MAX_ARGUMENTS).contains(&arity) => {
            Ok(export_fun(p, module, function, arity as u32))
        }
        _ => Err(badarg()),
    }
}
