//! Sending messages.

use super::options;
use crate::heap::copy;
use crate::process::Process;
use crate::process::exception::{Result, badarg};
use crate::process::relations::Reference;
use crate::process::signal::Kind;
use crate::sched::send;
use crate::term::{Term, View};
use beamrc_abi::atom::id;

/// Words of a message copied for one reduction.
const WORDS_PER_REDUCTION: usize = 64;

/// Sends to whatever can be sent to, to an alias as this kind of signal; whether it is something
/// that can, and a name somebody has.
fn send(p: &mut Process, to: Term, message: Term, to_alias: Kind) -> Result<()> {
    p.charge(4);
    if let Some(process) = to.as_pid() {
        send::message(process, message);
        return Ok(());
    }
    match to.view() {
        View::Atom(name) if send::message_to_name(name, message) => Ok(()),
        View::Ref(_) => {
            if let Some(process) = Reference::of(&to).and_then(Reference::alias_of) {
                send::message_to_alias(to_alias, to, process, message);
            }
            Ok(())
        }
        View::Tuple(&[name, node]) => match (name.as_atom(), node.as_atom()) {
            (Some(name), Some(node)) => {
                // Names of other nodes: nobody is connected, and nobody is told.
                if node == id::NONODE {
                    send::message_to_name(name, message);
                }
                Ok(())
            }
            _ => Err(badarg()),
        },
        View::External { sort: 0 | 2, .. } => Ok(()),
        _ => Err(badarg()),
    }
}

pub fn send_2(p: &mut Process, to: Term, message: Term) -> Result {
    if !message.is_immediate() && !message.is_literal() {
        // Counted roughly: what matters is that large messages are paid for.
        p.charge(copy::words_to_copy(message) / WORDS_PER_REDUCTION);
    }
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
            return Err(badarg());
        }
    }
    if !rest.tail().is_nil() {
        return Err(badarg());
    }
    send(p, to, message, to_alias)?;
    Ok(Term::OK)
}
