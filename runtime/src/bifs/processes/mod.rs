//! Processes of module `erlang` and `erts_internal`: spawning, signals, names, timers, settings.

mod exits;
mod flags;
mod information;
mod monitors;
mod names;
pub(super) mod options;
mod sending;
mod spawning;
mod tasks;
mod timers;

pub use exits::*;
pub use flags::*;
use information::ask;
pub use information::*;
pub use monitors::*;
pub use names::*;
pub use sending::*;
pub use spawning::*;
pub use tasks::*;
pub use timers::*;

use crate::process::Process;
use crate::process::exception::Result;
use crate::sched;
use crate::term::{Term, View};
use beamrc_abi::atom::id;

pub fn self_0(p: &mut Process) -> Result {
    Ok(p.id)
}

/// Number of a local process.
fn local(term: Term) -> Option<u64> {
    term.as_pid()
}
/// Whether this is a process of another node. There is none: such processes are unreachable.
fn is_remote(term: Term) -> bool {
    matches!(term.view(), View::External { sort: 0, .. })
}

/// Whether this is of this node: of an earlier run, as this run's own are not external.
fn is_earlier(term: Term) -> bool {
    matches!(term.view(), View::External { words, .. } if words[0] == Term::atom(id::NONODE).0)
}

/// The result of a BIF that may have sent its own process a signal: handles it, and does not
/// return if that ends the process.
fn after_signal_to_self(p: &mut Process, result: Term) -> Result {
    sched::signals::handle(p);
    if p.life.is_exiting() {
        return Err(sched::give_way(p, result));
    }
    Ok(result)
}
