//! BIFs that raise: they return the exception, the caller unwinds.

use crate::process::exception::{Class, Exception, Origin, Result};
use crate::process::{Process, trace};
use crate::term::{Kind, Term, build};
use beamrc_abi::atom::id;

fn raised(class: Class, reason: Term, origin: Origin) -> Result {
    Err(Exception { class, reason, cause: Term::NONVALUE, origin })
}

pub fn error_1(_p: &mut Process, reason: Term) -> Result {
    raised(Class::Error, reason, Origin::Caller)
}
pub fn exit_1(_p: &mut Process, reason: Term) -> Result {
    raised(Class::Exit, reason, Origin::Caller)
}
pub fn throw_1(_p: &mut Process, value: Term) -> Result {
    raised(Class::Throw, value, Origin::Caller)
}
/// What a native function's stand-in raises: it stands in its trace itself, unlike `error/1,2`.
pub fn nif_error_1(_p: &mut Process, reason: Term) -> Result {
    raised(Class::Error, reason, Origin::Bif)
}
pub fn nif_error_2(_p: &mut Process, reason: Term, _arguments: Term) -> Result {
    raised(Class::Error, reason, Origin::Bif)
}

/// Anything but a list, such as `none`, leaves the caller's arity in the trace.
fn argument_list(arguments: Term) -> Term {
    if arguments.is_list() { arguments } else { Term::NONVALUE }
}
pub fn error_2(p: &mut Process, reason: Term, arguments: Term) -> Result {
    error_3(p, reason, arguments, Term::NIL)
}
pub fn error_3(_p: &mut Process, reason: Term, arguments: Term, options: Term) -> Result {
    let arguments = argument_list(arguments);
    let info = error_info(options);
    raised(Class::Error, reason, Origin::CallerWith { arguments, info })
}
/// The map of the last `{error_info, Map}`; `NONVALUE` if any option is something else.
fn error_info(options: Term) -> Term {
    let mut info = Term::NONVALUE;
    let mut options = options.list();
    for option in options.by_ref() {
        match option.as_tuple() {
            Some(&[tag, map]) if tag == Term::atom(id::ERROR_INFO) && is_map(map) => info = map,
            _ => return Term::NONVALUE,
        }
    }
    if options.tail().is_nil() { info } else { Term::NONVALUE }
}
fn is_map(term: Term) -> bool {
    term.is_kind(Kind::FlatMap) || term.is_kind(Kind::HashMap)
}

/// A class or trace of another shape returns `badarg` instead of raising, as in OTP.
pub fn raise_3(p: &mut Process, class: Term, reason: Term, trace: Term) -> Result {
    let class = match class.as_atom() {
        Some(id::ERROR) => Class::Error,
        Some(id::EXIT) => Class::Exit,
        Some(id::THROW) => Class::Throw,
        _ => return Ok(Term::atom(id::BADARG)),
    };
    match checked_trace(p, trace) {
        Some(trace) => raised(class, reason, Origin::Trace(trace)),
        None => Ok(Term::atom(id::BADARG)),
    }
}

/// The given trace, cut to the depth that OTP keeps, with a location in every entry; `None` if it
/// is none.
fn checked_trace(p: &mut Process, given: Term) -> Option<Term> {
    let mut entries = given.list();
    let mut kept = Vec::new();
    let mut depth = 0;
    let mut changed = false;
    for entry in entries.by_ref() {
        let (full, location) = trace_entry(p, entry)?;
        if !location.is_list() {
            return None;
        }
        depth += 1;
        changed |= full != entry;
        if kept.len() < trace::depth() {
            kept.push(full);
        }
    }
    if !entries.tail().is_nil() {
        return None;
    }
    if changed || depth > trace::depth() {
        Some(build::list(p, &kept, Term::NIL))
    } else {
        Some(given)
    }
}

/// An entry with its location: `{Fun, Args[, Location]}` or `{M, F, Args[, Location]}`.
fn trace_entry(p: &mut Process, entry: Term) -> Option<(Term, Term)> {
    let is_fun = |term: Term| term.is_kind(Kind::Fun) || term.is_kind(Kind::ExportFun);
    match *entry.as_tuple()? {
        [fun, args] if is_fun(fun) => Some((build::tuple(p, &[fun, args, Term::NIL]), Term::NIL)),
        [fun, _, location] if is_fun(fun) => Some((entry, location)),
        [module, function, args] if module.is_atom() && function.is_atom() => {
            Some((build::tuple(p, &[module, function, args, Term::NIL]), Term::NIL))
        }
        [module, function, _, location] if module.is_atom() && function.is_atom() => {
            Some((entry, location))
        }
        _ => None,
    }
}
