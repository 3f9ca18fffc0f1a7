//! Monitors and aliases.

use super::{is_earlier, options};
use crate::process::exception::{Result, badarg, badarg_because};
use crate::process::relations::{Alias, Monitor, MonitorOptions, Reference, Target};
use crate::process::{Process, names};
use crate::sched::send::{self, Object};
use crate::sched::time_offset;
use crate::term::{Term, View};
use beamrc_abi::atom::id;

pub fn monitor_2(p: &mut Process, sort: Term, what: Term) -> Result {
    monitor(p, sort, what, MonitorOptions::default())
}
pub fn monitor_3(p: &mut Process, sort: Term, what: Term, options: Term) -> Result {
    let options = options::monitor(options).ok_or_else(|| badarg_because(id::BADOPT))?;
    monitor(p, sort, what, options)
}

fn monitor(p: &mut Process, sort: Term, what: Term, options: MonitorOptions) -> Result {
    let MonitorOptions { alias, tag, priority } = options;
    let me = p.number();
    let reference = match alias {
        Alias::None => Reference::new(),
        _ => Reference::new_alias(me),
    };
    let target = match sort.as_atom() {
        Some(id::PROCESS) => match (what.view(), local_name(what)) {
            (View::Pid(number), _) => Target::Process(number),
            (_, Some(name)) => Target::Name(name, names::whereis(name)),
            (View::External { sort: 0, .. }, _) => Target::Nobody,
            _ => return Err(badarg()),
        },
        Some(id::PORT) if local_name(what).is_some() || is_earlier_port(what) => Target::Nobody,
        Some(id::TIME_OFFSET) if what == Term::atom(id::CLOCK_SERVICE) => Target::TimeOffset,
        Some(id::PORT | id::TIME_OFFSET) => return Err(badarg()),
        _ => return Err(badarg_because(id::BADTYPE)),
    };
    let is_self = matches!(target, Target::Process(n) | Target::Name(_, Some(n)) if n == me);
    if !is_self {
        let tag = tag.map(|tag| p.heap.pins().pin(tag));
        let monitor = Monitor { reference, target, alias, tag, priority };
        p.relations.make().monitors.insert(reference.number(), monitor);
        begin(p, reference, target, what);
    }
    Ok(reference.term(p))
}

/// `Name` or `{Name, Node}` of this node.
fn local_name(what: Term) -> Option<u32> {
    match what.view() {
        View::Atom(name) => Some(name),
        View::Tuple(&[name, node]) if node == Term::atom(id::NONODE) => name.as_atom(),
        _ => None,
    }
}
/// A port of this node's earlier run. This run has none.
fn is_earlier_port(what: Term) -> bool {
    matches!(what.view(), View::External { sort: 1, .. }) && is_earlier(what)
}

/// Tells the monitored process, or at once, and like any other message, that there is none.
fn begin(p: &mut Process, reference: Reference, target: Target, what: Term) {
    let me = p.number();
    let mut none = |object| {
        if let Some(monitor) = p.relations.monitor(reference.number()) {
            monitor.priority = false;
        }
        send::down(me, reference, object, why_none(what));
    };
    match target {
        Target::Process(other) => {
            if !send::monitor(other, me, reference, None) {
                none(Object::Process(other));
            }
        }
        Target::Name(name, other) => {
            let is_told =
                other.is_some_and(|other| send::monitor(other, me, reference, Some(name)));
            if !is_told {
                none(Object::Name(name));
            }
        }
        Target::Nobody => none(local_name(what).map_or(Object::Foreign(what), Object::PortName)),
        Target::TimeOffset => time_offset::watch(me, reference),
        Target::Nothing => {}
    }
}
/// Other nodes are never connected; a process of this node's earlier run is gone.
fn why_none(what: Term) -> Term {
    let is_elsewhere = matches!(what.view(), View::External { .. }) && !is_earlier(what);
    Term::atom(if is_elsewhere { id::NOCONNECTION } else { id::NOPROC })
}

/// What was monitored, if there was such a monitor.
fn end(p: &mut Process, reference: Reference) -> Option<Target> {
    let tables = p.relations.tables_mut()?;
    let monitor = tables.monitors.get_mut(&reference.number())?;
    let target = monitor.target;
    if target == Target::Nothing {
        return None;
    }
    monitor.untag(&mut p.heap);
    if monitor.alias == Alias::Explicit {
        monitor.become_alias();
    } else {
        tables.monitors.remove(&reference.number());
    }
    match target {
        Target::Process(other) | Target::Name(_, Some(other)) => send::demonitor(other, reference),
        Target::TimeOffset => time_offset::forget(reference),
        Target::Name(_, None) | Target::Nobody | Target::Nothing => {}
    }
    Some(target)
}

/// None for another node's.
fn reference(term: Term) -> Result<Option<Reference>> {
    match Reference::of(&term) {
        Some(reference) => Ok(Some(reference)),
        None if matches!(term.view(), View::External { sort: 2, .. }) => Ok(None),
        None => Err(badarg()),
    }
}

/// Monitors have references of this node; those of an earlier run's are over.
fn monitor_reference(term: Term) -> Result<Option<Reference>> {
    match reference(term)? {
        None if !is_earlier(term) => Err(badarg()),
        found => Ok(found),
    }
}
pub fn demonitor_1(p: &mut Process, monitor: Term) -> Result {
    if let Some(reference) = monitor_reference(monitor)? {
        end(p, reference);
    }
    Ok(Term::TRUE)
}
pub fn demonitor_2(p: &mut Process, monitor: Term, options: Term) -> Result {
    let (mut flush, mut info) = (false, false);
    let mut rest = options.list();
    for option in rest.by_ref() {
        match option.as_atom() {
            Some(id::FLUSH) => flush = true,
            Some(id::INFO) => info = true,
            _ => return Err(badarg()),
        }
    }
    if !rest.tail().is_nil() {
        return Err(badarg());
    }
    let Some(reference) = monitor_reference(monitor)? else {
        return Ok(Term::bool(!info));
    };
    let ended = end(p, reference);
    // Of a monitor that is still there nothing has been heard, unless it tells of changes.
    if flush && ended.is_none_or(|target| target == Target::TimeOffset) {
        while flush_one(p, reference) && ended.is_some() {}
    }
    Ok(Term::bool(ended.is_some() || !info))
}
/// Takes out the first message about a monitor, if there is one.
fn flush_one(p: &mut Process, reference: Reference) -> bool {
    crate::sched::signals::handle(p);
    // Only an element of a tuple of five says which monitor a message is about.
    p.mailbox.remove_first(|message| match message.as_tuple() {
        Some(&[_, about, _, _, _]) => Reference::of(&about) == Some(reference),
        _ => false,
    })
}

fn new_alias(p: &mut Process, alias: Alias, priority: bool) -> Term {
    let reference = Reference::new_alias(p.number());
    let monitor = Monitor { reference, target: Target::Nothing, alias, tag: None, priority };
    p.relations.make().monitors.insert(reference.number(), monitor);
    reference.term(p)
}
pub fn alias_0(p: &mut Process) -> Result {
    Ok(new_alias(p, Alias::Explicit, false))
}
pub fn alias_1(p: &mut Process, options: Term) -> Result {
    let (mut alias, mut priority) = (Alias::Explicit, false);
    let mut rest = options.list();
    for option in rest.by_ref() {
        match option.as_atom() {
            Some(id::EXPLICIT_UNALIAS) => alias = Alias::Explicit,
            Some(id::REPLY) => alias = Alias::Reply,
            _ if options::is_priority(option) => priority = true,
            _ => return Err(badarg()),
        }
    }
    if !rest.tail().is_nil() {
        return Err(badarg());
    }
    Ok(new_alias(p, alias, priority))
}
pub fn unalias_1(p: &mut Process, alias: Term) -> Result {
    let Some(reference) = reference(alias)? else {
        return Ok(Term::FALSE);
    };
    let Some(tables) = p.relations.tables_mut() else {
        return Ok(Term::FALSE);
    };
    let Some(monitor) = tables.monitors.get_mut(&reference.number()) else {
        return Ok(Term::FALSE);
    };
    let was = core::mem::replace(&mut monitor.alias, Alias::None);
    if monitor.target == Target::Nothing {
        tables.monitors.remove(&reference.number());
    }
    Ok(Term::bool(was != Alias::None))
}
