//! Spawning.

use super::options::{self, Bad, Request};
use crate::process::Process;
use crate::process::exception::{Result, badarg, badarg_because, system_limit};
use crate::process::relations::Reference;
use crate::process::settings;
use crate::process::table::Full;
use crate::sched::spawn::{Options, spawn};
use crate::sched::{report, send};
use crate::term::{Term, build, list};
use beamrc_abi::atom::id;

fn is_call(module: Term, function: Term, arguments: Term) -> bool {
    module.is_atom() && function.is_atom() && list::length(arguments).is_some()
}
fn default_options() -> Options {
    Options { heap: settings::heap_options(), ..Options::default() }
}

fn start(
    p: &mut Process,
    module: Term,
    function: Term,
    arguments: Term,
    options: &Options,
) -> Result<(u64, Option<Reference>)> {
    if !is_call(module, function, arguments) {
        return Err(badarg());
    }
    spawn(Some(p), module, function, arguments, options).map_err(|Full| {
        report::too_many_processes(p);
        system_limit()
    })
}

pub fn spawn_3(p: &mut Process, module: Term, function: Term, arguments: Term) -> Result {
    let (number, _) = start(p, module, function, arguments, &default_options())?;
    Ok(Term::pid(number))
}
pub fn spawn_link_3(p: &mut Process, module: Term, function: Term, arguments: Term) -> Result {
    let options = Options { link: true, ..default_options() };
    let (number, _) = start(p, module, function, arguments, &options)?;
    Ok(Term::pid(number))
}
pub fn spawn_opt_4(
    p: &mut Process,
    module: Term,
    function: Term,
    arguments: Term,
    options: Term,
) -> Result {
    let options = options::spawn(options, None).map_err(|_| badarg_because(id::BADOPT))?;
    let (number, reference) = start(p, module, function, arguments, &options)?;
    Ok(match reference {
        None => Term::pid(number),
        Some(reference) => {
            let reference = reference.term(p);
            build::tuple(p, &[Term::pid(number), reference])
        }
    })
}

/// `erts_internal:spawn_request/4`: the reference; or `badarg` or, if the options are no list,
/// `badopt`, which its caller raises.
pub fn spawn_request_4(
    p: &mut Process,
    module: Term,
    function: Term,
    arguments: Term,
    options: Term,
) -> Result {
    let mut request =
        Request { tag: Term::atom(id::SPAWN_REPLY), replies_success: true, replies_error: true };
    if !is_call(module, function, arguments) {
        return Ok(Term::atom(id::BADARG));
    }
    let started = match options::spawn(options, Some(&mut request)) {
        Err(Bad::List) => return Ok(Term::atom(id::BADOPT)),
        Err(Bad::Option) => Err(Term::atom(id::BADOPT)),
        Ok(options) => {
            start(p, module, function, arguments, &options).map_err(|error| error.reason)
        }
    };
    let (reference, sort, what) = match started {
        Ok((number, reference)) => (reference.unwrap_or_default(), id::OK, Term::pid(number)),
        Err(reason) => (Reference::new(), id::ERROR, reason),
    };
    let reference = reference.term(p);
    let replies = if sort == id::OK { request.replies_success } else { request.replies_error };
    if replies {
        let parts = [request.tag, reference, Term::atom(sort), what];
        let reply = build::tuple(p, &parts);
        send::message(p.number(), reply);
    }
    Ok(reference)
}
/// Every request has been carried out before its caller goes on.
pub fn spawn_request_abandon_1(_p: &mut Process, reference: Term) -> Result {
    match Reference::of(&reference) {
        Some(_) => Ok(Term::FALSE),
        None => Err(badarg()),
    }
}
