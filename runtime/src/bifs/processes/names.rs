//! Registered names.

use super::local;
use crate::process::exception::{Result, badarg, badarg_because};
use crate::process::{Process, names};
use crate::term::{Term, View, build};
use beamrc_abi::atom::id;

pub fn register_2(_p: &mut Process, name: Term, process: Term) -> Result {
    let (Some(name), Some(process)) = (name.as_atom(), local(process)) else {
        return Err(badarg_because(id::NONE));
    };
    if name == id::UNDEFINED {
        return Err(badarg_because(id::NONE));
    }
    match names::register(name, process) {
        Ok(()) => Ok(Term::TRUE),
        Err(names::Refused::NotAlive) => Err(badarg_because(id::NOTALIVE)),
        Err(names::Refused::HasName) => Err(badarg_because(id::REGISTERED_NAME)),
        Err(names::Refused::Taken) => Err(badarg_because(id::NONE)),
    }
}
pub fn unregister_1(_p: &mut Process, name: Term) -> Result {
    match name.as_atom().and_then(names::unregister) {
        Some(_) => Ok(Term::TRUE),
        None => Err(badarg()),
    }
}
pub fn whereis_1(_p: &mut Process, name: Term) -> Result {
    match name.view() {
        View::Atom(name) => Ok(names::whereis(name).map_or(Term::UNDEFINED, Term::pid)),
        _ => Err(badarg()),
    }
}
pub fn registered_0(p: &mut Process) -> Result {
    let names: Vec<Term> = names::registered().into_iter().map(Term::atom).collect();
    Ok(build::list(p, &names, Term::NIL))
}
