//! Sending messages.

use super::options;
use crate::process::Process;
use crate::process::exception::{Result, badarg, badarg_because};
use crate::process::relations::Reference;
use crate::process::saved_calls::Saved;
use crate::process::signal::Kind;
use crate::sched::send;
use crate::term::{Term, View};
use beamrc_abi::atom::id;

/// Words of a message copied for one reduction.
const WORDS_PER_REDUCTION: usize = 64;

/// Sends to whatever can be sent to, to an alias as this kind of signal, unless it is a name that
/// nobody has; large messages are paid for.
fn send(p: &mut Process, to: Term, message: Term, to_alias: Kind) -> Result<()> {
    let words = match to.as_pid() {
        Some(process) => send::message(process, message),
        None => send_otherwise(to, message, to_alias)?,
    };
    p.charge(4 + words / WORDS_PER_REDUCTION);
    p.called(Saved::SEND);
    Ok(())
}

/// To whatever is no process's number; the words that were copied.
fn send_otherwise(to: Term, message: Term, to_alias: Kind) -> Result<usize> {
    match to.view() {
        View::Atom(name) => send::message_to_name(name, message).ok_or_else(badarg),
        View::Ref(_) => {
            let process = Reference::of(&to).and_then(Reference::alias_of);
            Ok(process.map_or(0, |process| send::message_to_alias(to_alias, to, process, message)))
        }
        View::Tuple(&[name, node]) => match (name.as_atom(), node.as_atom()) {
            (Some(name), Some(id::NONODE)) => {
                Ok(send::message_to_name(name, message).unwrap_or_default())
            }
            // Names of other nodes: nobody is connected, and nobody is told.
            (Some(_), Some(_)) => Ok(0),
            _ => Err(badarg()),
        },
        View::External { sort: 0 | 2, .. } => Ok(0),
        _ => Err(badarg()),
    }
}

pub fn send_2(p: &mut Process, to: Term, message: Term) -> Result {
    send(p, to, message, Kind::AliasMessage)?;
    Ok(message)
}
/// `!`.
pub fn bang_2(p: &mut Process, to: Term, message: Term) -> Result {
    send_2(p, to, message)
}
pub fn send_3(p: &mut Process, to: Term, message: Term, options: Term) -> Result {
    let mut to_alias = Kind::AliasMessage;
    let mut rest = options.list();
    for option in rest.by_ref() {
        if options::is_priority(option) {
            to_alias = Kind::PriorityAliasMessage;
        } else if !matches!(option.as_atom(), Some(id::NOSUSPEND | id::NOCONNECT)) {
            return Err(badarg_because(id::BADOPT));
        }
    }
    if !rest.tail().is_nil() {
        return Err(badarg_because(id::BADOPT));
    }
    send(p, to, message, to_alias)?;
    Ok(Term::OK)
}
