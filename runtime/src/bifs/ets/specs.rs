//! Match specifications without a table.

use super::guards;
use crate::bifs::values::string;
use crate::ets::spec::{self, Copying, Dialect, Failure, Machine, Spec};
use crate::heap::resource;
use crate::process::Process;
use crate::process::exception::{Exception, Result, badarg, system_limit};
use crate::sys::unique;
use crate::term::{Term, atom, build};
use beamrc_abi::atom::id;
use std::sync::Arc;

pub(super) fn failed(failure: Failure) -> Exception {
    match failure {
        Failure::Bad => badarg(),
        Failure::SystemLimit => system_limit(),
    }
}
/// Compiles a specification for objects of tables.
pub(super) fn compiled_for_table(source: Term) -> Result<Spec> {
    if source.is_nil() { Ok(spec::empty()) } else { compiled(source) }
}
fn compiled(source: Term) -> Result<Spec> {
    spec::compile(source, Dialect::Table, guards::function, &mut Vec::new()).map_err(failed)
}
/// The reference of a compiled specification.
pub(super) fn reference(p: &mut Process, spec: &Arc<Spec>) -> Term {
    resource::new(p, unique::number(), Arc::clone(spec))
}
pub(super) fn of_reference(reference: &Term) -> Option<&Arc<Spec>> {
    resource::get(reference)
}

pub fn match_spec_compile_1(p: &mut Process, source: Term) -> Result {
    let spec = Arc::new(compiled(source)?);
    Ok(reference(p, &spec))
}
pub fn is_compiled_ms_1(_p: &mut Process, term: Term) -> Result {
    Ok(Term::bool(of_reference(&term).is_some()))
}

/// The results for a list of objects, the last first, before `results`.
pub fn match_spec_run_r_3(p: &mut Process, list: Term, spec: Term, mut results: Term) -> Result {
    if !list.is_list() {
        return Err(badarg());
    }
    let spec = of_reference(&spec).ok_or_else(badarg)?;
    let mut machine = Machine::default();
    let mut objects = list.list();
    for object in objects.by_ref() {
        p.charge(1);
        if let Some(result) = spec.run(p, object, Copying::Result, &mut machine) {
            results = build::cons(p, result, results);
        }
    }
    if objects.tail().is_nil() { Ok(results) } else { Err(badarg()) }
}

/// `erlang:match_spec_test/3`: `{ok, Result, Flags, Warnings}` or `{error, Errors}`.
pub fn test_spec(p: &mut Process, against: Term, source: Term, kind: Term) -> Result {
    let dialect = match kind.as_atom().map(atom::text) {
        Some("table") => Dialect::Table,
        Some("trace") if against.is_list() => Dialect::Trace,
        _ => return Err(badarg()),
    };
    let mut errors = Vec::new();
    let compiled = spec::compile(source, dialect, guards::function, &mut errors);
    let Ok(compiled) = compiled else {
        let mut list = Term::NIL;
        for error in errors.iter().rev() {
            let text = string(p, error);
            let error = build::tuple(p, &[Term::atom(id::ERROR), text]);
            list = build::cons(p, error, list);
        }
        return Ok(build::tuple(p, &[Term::atom(id::ERROR), list]));
    };
    let mut machine = Machine::default();
    let result = compiled.run(p, against, Copying::Result, &mut machine);
    let mut flags = Term::NIL;
    if result.is_some() {
        let asked =
            [(machine.exception_trace, "exception_trace"), (machine.return_trace, "return_trace")];
        for (_, name) in asked.iter().filter(|(is_asked, _)| *is_asked) {
            let name = Term::atom(atom::intern(name).ok_or_else(system_limit)?);
            flags = build::cons(p, name, flags);
        }
    }
    let result = result.unwrap_or(Term::FALSE);
    Ok(build::tuple(p, &[Term::OK, result, flags, Term::NIL]))
}
