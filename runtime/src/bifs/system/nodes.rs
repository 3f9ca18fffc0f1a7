//! Nodes: there is this one only, and it has no name.

use crate::process::Process;
use crate::process::exception::{Result, badarg, badarg_because, error};
use crate::term::{Kind, Term, View, atom, map};
use beamrc_abi::atom::id;

const THIS: Term = Term::atom(id::NONODE);

pub fn node_0(_p: &mut Process) -> Result {
    Ok(THIS)
}
/// Where a pid, port or reference comes from.
pub fn node_1(_p: &mut Process, identifier: Term) -> Result {
    match identifier.view() {
        View::Pid(_) | View::Port(_) | View::Ref(_) => Ok(THIS),
        View::External { words, .. } => Ok(Term(words[0])),
        _ => Err(badarg()),
    }
}

pub fn nodes_0(_p: &mut Process) -> Result {
    Ok(Term::NIL)
}
/// This node never goes down; no other can be reached.
pub fn monitor_node_2(_p: &mut Process, node: Term, is_on: Term) -> Result {
    match (node.as_atom(), is_on) {
        (Some(_), _) if node != THIS => Err(error(Term::atom(id::NOTALIVE))),
        (Some(_), Term::TRUE | Term::FALSE) => Ok(Term::TRUE),
        _ => Err(badarg()),
    }
}
pub fn monitor_node_3(p: &mut Process, node: Term, is_on: Term, options: Term) -> Result {
    let mut options = options.list();
    let allowed = Term::atom(id::ALLOW_PASSIVE_CONNECT);
    if options.any(|option| option != allowed) || !options.tail().is_nil() {
        return Err(badarg_because(id::BADOPT));
    }
    monitor_node_2(p, node, is_on)
}
/// There are no ports.
pub fn ports_0(_p: &mut Process) -> Result {
    Ok(Term::NIL)
}
pub fn nodes_1(p: &mut Process, kinds: Term) -> Result {
    let mut with_this = false;
    if kinds.is_list() {
        let mut rest = kinds.list();
        for kind in rest.by_ref() {
            with_this |= includes_this(kind)?;
        }
        if !rest.tail().is_nil() {
            return Err(badarg());
        }
    } else {
        with_this = includes_this(kinds)?;
    }
    Ok(if with_this { crate::term::build::cons(p, THIS, Term::NIL) } else { Term::NIL })
}
/// Whether this node is of such a kind.
fn includes_this(kind: Term) -> Result<bool> {
    match kind.as_atom().map(atom::text) {
        Some("this" | "known") => Ok(true),
        Some("visible" | "hidden" | "connected") => Ok(false),
        _ => Err(badarg()),
    }
}
/// As `nodes/1`, each with what `options` ask for.
pub fn nodes_2(p: &mut Process, kinds: Term, options: Term) -> Result {
    let wanted = wanted(options)?;
    let nodes = nodes_1(p, kinds)?;
    if nodes.is_nil() {
        return Ok(nodes);
    }
    let mut pairs = Vec::new();
    for option in wanted {
        let value = match option {
            "connection_id" => Term::UNDEFINED,
            _ => named("this"),
        };
        pairs.push((named(option), value));
    }
    let info = map::from_pairs(p, &mut pairs);
    let node = crate::term::build::tuple(p, &[THIS, info]);
    Ok(crate::term::build::cons(p, node, Term::NIL))
}
fn wanted(options: Term) -> Result<Vec<&'static str>> {
    if !matches!(options.kind(), Some(Kind::FlatMap | Kind::HashMap)) {
        return Err(badarg());
    }
    let mut wanted = Vec::new();
    for (option, value) in map::pairs(options) {
        let option = match option.as_atom().map(atom::text) {
            Some("connection_id") => "connection_id",
            Some("node_type") => "node_type",
            _ => return Err(badarg()),
        };
        match value {
            Term::TRUE => wanted.push(option),
            Term::FALSE => {}
            _ => return Err(badarg()),
        }
    }
    Ok(wanted)
}
fn named(name: &str) -> Term {
    super::info::named(name)
}
