//! Module `records`: native records whose definition only run time knows.

use super::maps::badmap;
use crate::process::Process;
use crate::process::exception::{Exception, Result, badarg, error};
use crate::program::{self, program};
use crate::term::record::{self, Record};
use crate::term::{Term, atom, build, map};
use beamrc_abi::atom::id;

/// `{badrecord, Term}`.
pub fn badrecord(p: &mut Process, term: Term) -> Exception {
    error(build::tuple(p, &[Term::atom(id::BADRECORD), term]))
}
/// `{badfield, {{Module, Name}, Key}}`.
pub fn badfield(p: &mut Process, module: Term, name: Term, key: Term) -> Exception {
    let record = build::tuple(p, &[module, name]);
    let field = build::tuple(p, &[record, key]);
    error(build::tuple(p, &[Term::atom(id::BADFIELD), field]))
}

fn named(text: &str) -> Term {
    Term::atom(atom::intern(text).expect("room for the runtime's own atoms"))
}

pub fn create_4(p: &mut Process, module: Term, name: Term, fields: Term, options: Term) -> Result {
    if !module.is_atom() || !name.is_atom() {
        return Err(badrecord(p, name));
    }
    match map::size(options) {
        None => return Err(badmap(p, options)),
        Some(1) => {}
        Some(_) => return Err(badarg()),
    }
    let is_exported = map::get(options, named("is_exported"))
        .filter(|value| [Term::bool(true), Term::bool(false)].contains(value))
        .ok_or_else(badarg)?;
    let (mut keys, mut values) = (Vec::new(), Vec::new());
    let mut rest = fields;
    while let Some((head, tail)) = rest.as_cons() {
        let &[key, value] = head.as_tuple().ok_or_else(badarg)? else {
            return Err(badarg());
        };
        if !key.is_atom() {
            // That the list is a list is found out before.
            list_end(tail)?;
            return Err(badfield(p, module, name, key));
        }
        keys.push(key);
        values.push(value);
        rest = tail;
    }
    list_end(rest)?;
    if (1..keys.len()).any(|at| keys[..at].contains(&keys[at])) {
        return Err(badarg());
    }
    let definition = record::define(p, [module, name, is_exported], &keys);
    Ok(record::build(p, definition, &values))
}

fn list_end(mut rest: Term) -> Result<()> {
    while let Some((_, tail)) = rest.as_cons() {
        rest = tail;
    }
    if rest == Term::NIL { Ok(()) } else { Err(badarg()) }
}

pub fn update_4(p: &mut Process, term: Term, module: Term, name: Term, fields: Term) -> Result {
    let Some(record) = Record::of(&term) else {
        return Err(badrecord(p, term));
    };
    if name != named("_") && (record.module(), record.name()) != (module, name) {
        return Err(badrecord(p, name));
    }
    if !map::is_map(fields) {
        return Err(badmap(p, fields));
    }
    let mut values = record.values.to_vec();
    for (key, value) in map::pairs(fields) {
        match record.position(key) {
            Some(at) => values[at] = value,
            None => return Err(badfield(p, record.module(), record.name(), key)),
        }
    }
    Ok(record::build(p, record.definition, &values))
}

pub fn get_2(_p: &mut Process, key: Term, term: Term) -> Result {
    let record = Record::of(&term).ok_or_else(badarg)?;
    record.get(key).ok_or_else(badarg)
}
pub fn get_module_1(_p: &mut Process, term: Term) -> Result {
    Record::of(&term).map(|record| record.module()).ok_or_else(badarg)
}
pub fn get_name_1(_p: &mut Process, term: Term) -> Result {
    Record::of(&term).map(|record| record.name()).ok_or_else(badarg)
}
pub fn get_field_names_1(p: &mut Process, term: Term) -> Result {
    match Record::of(&term) {
        Some(record) => Ok(build::list(p, record.keys(), Term::NIL)),
        None => Err(badrecord(p, term)),
    }
}
pub fn is_exported_1(p: &mut Process, term: Term) -> Result {
    match Record::of(&term) {
        Some(record) => Ok(Term::bool(record.is_exported())),
        None => Err(badrecord(p, term)),
    }
}

/// What the module says of its record: `{#{is_exported => boolean()}, [Field | {Field, Default}]}`.
pub fn get_definition_2(p: &mut Process, module: Term, name: Term) -> Result {
    let module = module.as_atom().and_then(|module| program().module(module)).ok_or_else(badarg)?;
    let mut rest = program::literal(module.records);
    while let Some((head, tail)) = rest.as_cons() {
        if let &[of, is_exported, fields] = head.as_tuple().ok_or_else(badarg)?
            && of == name
        {
            let options = map::from_pairs(p, &[(named("is_exported"), is_exported)]);
            return Ok(build::tuple(p, &[options, fields]));
        }
        rest = tail;
    }
    Err(badarg())
}
