//! Nodes: there is this one, and it is not alive in OTP's sense.

use crate::process::Process;
use crate::process::exception::{Result, badarg};
use crate::term::{Term, View};
use beamrc_abi::atom::id;

pub fn node_0(_p: &mut Process) -> Result {
    Ok(Term::atom(id::NONODE))
}
pub fn node_1(_p: &mut Process, of: Term) -> Result {
    match of.view() {
        View::Pid(_) | View::Port(_) | View::Ref(_) => Ok(Term::atom(id::NONODE)),
        View::External { words, .. } => Ok(Term(words[0])),
        _ => Err(badarg()),
    }
}
pub fn nodes_0(_p: &mut Process) -> Result {
    Ok(Term::NIL)
}
