//! Exit signals and links.

use super::{after_signal_to_self, is_remote, local};
use crate::process::Process;
use crate::process::exception::{Result, badarg, error};
use crate::process::relations::Link;
use crate::process::signal::Kind;
use crate::process::table::table;
use crate::sched::send;
use crate::term::{Term, View};
use beamrc_abi::atom::id;

fn exit_signal(p: &mut Process, to: Term, reason: Term, to_self: Kind) -> Result {
    if let Some(other) = local(to) {
        let me = p.number();
        let kind = if other == me { to_self } else { Kind::Exit };
        send::exit(other, kind, p.id, reason);
        return if other == me { after_signal_to_self(p, Term::TRUE) } else { Ok(Term::TRUE) };
    }
    if is_remote(to) || matches!(to.view(), View::Port(_)) {
        return Ok(Term::TRUE);
    }
    Err(badarg())
}
pub fn exit_2(p: &mut Process, to: Term, reason: Term) -> Result {
    exit_signal(p, to, reason, Kind::ExitSelf)
}
/// As `exit/2`, but `normal` does not end the process that sends it to itself.
pub fn exit_signal_2(p: &mut Process, to: Term, reason: Term) -> Result {
    exit_signal(p, to, reason, Kind::Exit)
}

pub fn link_1(p: &mut Process, to: Term) -> Result {
    let Some(other) = local(to) else {
        return if is_remote(to) || matches!(to.view(), View::Port(_)) {
            no_process(p, to)
        } else {
            Err(badarg())
        };
    };
    let me = p.number();
    if other == me {
        return Ok(Term::TRUE);
    }
    if table().get(other).is_none() {
        return no_process(p, to);
    }
    let links = &mut p.relations.make().links;
    match links.get_mut(&other) {
        Some(Link { unlinking: 0 }) => return Ok(Term::TRUE),
        Some(link) => link.unlinking = 0,
        None => {
            links.insert(other, Link::default());
        }
    }
    if send::link(other, me) {
        return Ok(Term::TRUE);
    }
    p.relations.make().links.remove(&other);
    no_process(p, to)
}

/// A process that traps exits gets an exit signal from who is not there; others fail.
fn no_process(p: &mut Process, other: Term) -> Result {
    if !p.life.trap_exit {
        return Err(error(Term::atom(id::NOPROC)));
    }
    send::exit(p.number(), Kind::Exit, other, Term::atom(id::NOPROC));
    after_signal_to_self(p, Term::TRUE)
}

pub fn unlink_1(p: &mut Process, to: Term) -> Result {
    let Some(other) = local(to) else {
        return if is_remote(to) || matches!(to.view(), View::Port(_)) {
            Ok(Term::TRUE)
        } else {
            Err(badarg())
        };
    };
    let me = p.number();
    let Some(tables) = p.relations.tables_mut() else {
        return Ok(Term::TRUE);
    };
    if let Some(link) = tables.links.get_mut(&other)
        && link.unlinking == 0
    {
        tables.last_unlink += 1;
        link.unlinking = tables.last_unlink;
        let number = link.unlinking;
        if !send::unlink(other, me, number) {
            tables.links.remove(&other);
        }
    }
    Ok(Term::TRUE)
}
