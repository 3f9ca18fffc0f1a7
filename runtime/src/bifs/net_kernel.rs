//! Natives of module `net_kernel`.

use crate::process::Process;
use crate::process::exception::{Result, badarg};
use crate::term::{Term, View};

/// Whether the node of a process takes Unicode in its I/O protocol: every node but ancient ones.
pub fn dflag_unicode_io_1(_p: &mut Process, pid: Term) -> Result {
    match pid.view() {
        View::Pid(_) | View::External { sort: 0, .. } => Ok(Term::TRUE),
        _ => Err(badarg()),
    }
}
