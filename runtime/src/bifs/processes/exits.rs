//! Exit signals and links.

use super::{after_signal_to_self, is_earlier, is_remote, local, options};
use crate::process::Process;
use crate::process::exception::{Result, badarg, badarg_because, error};
use crate::process::relations::{Link, Reference};
use crate::process::signal::Kind;
use crate::sched::send;
use crate::term::{Term, View};
use beamrc_abi::atom::id;

/// To the process itself as one kind of signal, to an alias as another.
fn exit_signal(p: &mut Process, to: Term, reason: Term, kinds: [Kind; 2]) -> Result {
    let [to_self, to_alias] = kinds;
    let me = p.number();
    if let Some(other) = local(to) {
        let kind = if other == me { to_self } else { Kind::Exit };
        send::exit(other, kind, p.id, reason);
        return if other == me { after_signal_to_self(p, Term::TRUE) } else { Ok(Term::TRUE) };
    }
    if let View::Ref(_) = to.view()
        && options::has_priority_messages()
    {
        if let Some(process) = Reference::of(&to).and_then(Reference::alias_of) {
            send::exit_to_alias(to_alias, to, process, p.id, reason);
            if process == me {
                return after_signal_to_self(p, Term::TRUE);
            }
        }
        return Ok(Term::TRUE);
    }
    if is_remote(to) || matches!(to.view(), View::Port(_)) {
        return Ok(Term::TRUE);
    }
    Err(badarg())
}
pub fn exit_2(p: &mut Process, to: Term, reason: Term) -> Result {
    exit_signal(p, to, reason, [Kind::ExitSelf, Kind::AliasExit])
}
pub fn exit_3(p: &mut Process, to: Term, reason: Term, list: Term) -> Result {
    exit_signal(p, to, reason, [Kind::ExitSelf, alias_exit(list)?])
}
/// As `exit/2`, but `normal` does not end the process that sends it to itself.
pub fn exit_signal_2(p: &mut Process, to: Term, reason: Term) -> Result {
    exit_signal(p, to, reason, [Kind::Exit, Kind::AliasExit])
}
pub fn exit_signal_3(p: &mut Process, to: Term, reason: Term, list: Term) -> Result {
    exit_signal(p, to, reason, [Kind::Exit, alias_exit(list)?])
}
/// The signal to an alias that options ask for.
fn alias_exit(list: Term) -> Result<Kind> {
    let priority = options::priority(list).ok_or_else(|| badarg_because(id::BADOPT))?;
    Ok(if priority { Kind::PriorityAliasExit } else { Kind::AliasExit })
}

pub fn link_1(p: &mut Process, to: Term) -> Result {
    link(p, to, false)
}
pub fn link_2(p: &mut Process, to: Term, list: Term) -> Result {
    let priority = options::priority(list).ok_or_else(|| badarg_because(id::BADOPT))?;
    link(p, to, priority)
}
fn link(p: &mut Process, to: Term, priority: bool) -> Result {
    let Some(other) = local(to) else {
        return if is_remote(to) && !is_earlier(to) {
            // As if the connection, which is never there, were lost.
            send::exit(p.number(), Kind::Exit, to, Term::atom(id::NOCONNECTION));
            after_signal_to_self(p, Term::TRUE)
        } else if is_remote(to) || matches!(to.view(), View::Port(_)) {
            no_process(p, to, Kind::Exit)
        } else {
            Err(badarg())
        };
    };
    let me = p.number();
    if other == me {
        return Ok(Term::TRUE);
    }
    let link = p.relations.make().links.entry(other).or_insert(Link {
        // Until the other process knows: as if it were given up.
        unlinking: u64::MAX,
        priority,
    });
    link.priority = priority;
    if core::mem::take(&mut link.unlinking) == 0 || send::link(other, me) {
        return Ok(Term::TRUE);
    }
    // The link is there for the signal that says so.
    no_process(p, to, Kind::LinkExit)
}

/// A process that traps exits gets an exit signal from who is not there; others fail.
fn no_process(p: &mut Process, other: Term, kind: Kind) -> Result {
    if !p.life.trap_exit {
        if let Some(other) = local(other) {
            p.relations.make().links.remove(&other);
        }
        return Err(error(Term::atom(id::NOPROC)));
    }
    send::exit(p.number(), kind, other, Term::atom(id::NOPROC));
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
