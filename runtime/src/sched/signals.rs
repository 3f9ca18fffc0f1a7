//! What signals do to the process that gets them, and what becomes of those to a process that has
//! exited.
//!
//! Signals are handled in the order in which they arrived, by their process itself: in a receive
//! that has come to the end of its messages, at the end of a time slice, and whenever the process
//! is scheduled. Nothing here collects (I1) or recurses.

use super::send::{self, Object};
use super::{info, time_offset};
use crate::heap::Fragment;
use crate::process::Process;
use crate::process::life::{Run, TimeOut};
use crate::process::relations::{Alias, Link, Reference, Target, Watcher};
use crate::process::signal::Kind;
use crate::term::{Term, build};
use beamrc_abi::atom::id;

/// Signals handled for one reduction.
const PER_REDUCTION: usize = 4;

/// Takes in what has been sent to the process and handles it, until it is to exit.
pub fn handle(p: &mut Process) {
    let arrived = p.shared().signals.take();
    p.arrived.append(arrived);
    let mut count = 0;
    while !p.life.is_exiting()
        && let Some(signal) = p.arrived.pop()
    {
        count += 1;
        one(p, signal);
    }
    if count >= PER_REDUCTION {
        p.charge(count / PER_REDUCTION);
    }
}

fn one(p: &mut Process, signal: Fragment) {
    match Kind::of(&signal) {
        Kind::Message => p.mailbox.append(signal),
        Kind::AliasMessage | Kind::PriorityAliasMessage => alias_message(p, signal),
        Kind::Marker | Kind::PriorityMessage => unreachable!("stands in mailboxes only"),
        Kind::Exit | Kind::ExitSelf | Kind::LinkExit => exit(p, signal, false),
        Kind::AliasExit | Kind::PriorityAliasExit => alias_exit(p, signal),
        Kind::Link => link(p, signal.message),
        Kind::Unlink => unlink(p, &signal),
        Kind::UnlinkAck => unlink_ack(p, &signal),
        Kind::Monitor => monitor(p, &signal),
        Kind::Demonitor => demonitor(p, &signal),
        Kind::Down => down(p, signal),
        Kind::Change => change(p, signal),
        Kind::Timeout => time_out(p, signal.message),
        Kind::GroupLeader => {
            p.life.group_leader = signal.message;
            p.heap.adopt(&mut p.head, signal);
        }
        Kind::Request => {
            p.life.asked = Some(signal);
            super::guarded(p, answer);
        }
        Kind::Reply => reply(p, signal),
        Kind::Suspend => suspend(p, &signal),
        Kind::Resume => p.life.suspended = p.life.suspended.saturating_sub(1),
        Kind::SystemTask => system_task(p, signal),
        Kind::Dump => super::dump::line(p),
    }
}

/// Elements of a signal whose content is a tuple.
fn parts<const N: usize>(signal: &Fragment) -> [Term; N] {
    let tuple = signal.message;
    let elements = tuple.as_tuple().expect("a signal's tuple");
    elements.try_into().expect("a signal's tuple of this size")
}
fn number(pid: Term) -> u64 {
    pid.as_pid().expect("a signal's process")
}
fn reference(term: Term) -> Reference {
    Reference::of(&term).expect("a signal's reference")
}

/// The message is delivered if the alias is still one.
fn alias_message(p: &mut Process, mut signal: Fragment) {
    let (alias, message) = signal.message.as_cons().expect("a signal's cell");
    let alias = reference(alias);
    let Some(monitor) = p.relations.monitor(alias.number()) else {
        return;
    };
    let is_priority =
        Kind::of(&signal) == Kind::PriorityAliasMessage && monitor.is_priority_alias();
    match monitor.alias {
        Alias::None => return,
        Alias::Reply => drop_monitor(p, alias.number()),
        Alias::Explicit | Alias::Demonitor => {}
    }
    signal.message = message;
    append(p, signal, is_priority);
}
fn append(p: &mut Process, message: Fragment, is_priority: bool) {
    if is_priority {
        p.mailbox.append_priority(message);
    } else {
        p.mailbox.append(message);
    }
}

/// The exit signal counts if the alias is still one.
fn alias_exit(p: &mut Process, mut signal: Fragment) {
    let (alias, message) = signal.message.as_cons().expect("a signal's cell");
    let monitor = p.relations.monitor(reference(alias).number());
    let Some(monitor) = monitor.filter(|monitor| monitor.alias != Alias::None) else {
        return;
    };
    let is_priority = Kind::of(&signal) == Kind::PriorityAliasExit && monitor.is_priority_alias();
    signal.message = message;
    signal.tag = Kind::Exit as u64;
    exit(p, signal, is_priority);
}

/// Gives up a monitor and tells the monitored process.
pub fn drop_monitor(p: &mut Process, reference: u64) {
    let Some(tables) = p.relations.tables_mut() else {
        return;
    };
    let Some(mut monitor) = tables.monitors.remove(&reference) else {
        return;
    };
    monitor.untag(&mut p.heap);
    match monitor.target {
        Target::Process(other) | Target::Name(_, Some(other)) => {
            send::demonitor(other, monitor.reference);
        }
        Target::TimeOffset => time_offset::forget(monitor.reference),
        Target::Name(_, None) | Target::Nobody | Target::Nothing => {}
    }
}

fn exit(p: &mut Process, signal: Fragment, mut is_priority: bool) {
    let [_, from, reason] = parts(&signal);
    let kind = Kind::of(&signal);
    if kind == Kind::LinkExit {
        let links = p.relations.tables_mut().map(|t| &mut t.links);
        match links.and_then(|links| links.remove(&number(from))) {
            Some(Link { unlinking: 0, priority }) => is_priority = priority,
            // It was given up before.
            _ => return,
        }
    }
    let is_kill = kind != Kind::LinkExit && reason == Term::atom(id::KILL);
    if p.life.trap_exit && !is_kill {
        append(p, signal, is_priority);
    } else if reason == Term::atom(id::NORMAL) && kind != Kind::ExitSelf {
        // Ignored.
    } else {
        let reason = if is_kill { Term::atom(id::KILLED) } else { reason };
        p.heap.adopt(&mut p.head, signal);
        p.exit(reason);
    }
}

fn link(p: &mut Process, from: Term) {
    // A link that is being given up stays so: this signal was sent before the other process
    // could see that.
    p.relations.make().links.entry(number(from)).or_default();
}

fn unlink(p: &mut Process, signal: &Fragment) {
    let [from, id] = parts(signal);
    let from = number(from);
    if let Some(tables) = p.relations.tables_mut()
        && tables.links.get(&from).is_some_and(|link| link.unlinking == 0)
    {
        tables.links.remove(&from);
    }
    let id = id.as_small().expect("a signal's number");
    send::unlink_ack(from, p.number(), id as u64);
}

fn unlink_ack(p: &mut Process, signal: &Fragment) {
    let [from, id] = parts(signal);
    let from = number(from);
    let id = id.as_small().expect("a signal's number") as u64;
    if p.relations.link(from).is_some_and(|link| link.unlinking == id) {
        p.relations.make().links.remove(&from);
    }
}

fn monitor(p: &mut Process, signal: &Fragment) {
    let [from, reference_term, name] = parts(signal);
    let reference = reference(reference_term);
    let watcher = Watcher { process: number(from), reference, name: name.as_atom() };
    p.relations.make().watchers.insert(reference.number(), watcher);
}

fn demonitor(p: &mut Process, signal: &Fragment) {
    let reference = reference(signal.message);
    if let Some(tables) = p.relations.tables_mut() {
        tables.watchers.remove(&reference.number());
    }
}

fn down(p: &mut Process, signal: Fragment) {
    let [_, reference_term, ..] = parts::<5>(&signal);
    let number = reference(reference_term).number();
    let Some(tables) = p.relations.tables_mut() else {
        return;
    };
    let Some(monitor) = tables.monitors.get_mut(&number) else {
        return;
    };
    let (tag, is_priority) = (monitor.untag(&mut p.heap), monitor.priority);
    if monitor.alias == Alias::Explicit {
        monitor.become_alias();
    } else {
        tables.monitors.remove(&number);
    }
    let message = tagged(tag, signal);
    append(p, message, is_priority);
}

fn change(p: &mut Process, signal: Fragment) {
    let [_, reference_term, ..] = parts::<5>(&signal);
    if let Some((tag, is_priority)) = time_offset::heard(p, reference(reference_term)) {
        let message = tagged(tag, signal);
        append(p, message, is_priority);
    }
}

/// The message, with the monitor's tag in place of its first element if it has one.
fn tagged(tag: Option<Term>, signal: Fragment) -> Fragment {
    let Some(tag) = tag else { return signal };
    let mut elements = parts::<5>(&signal);
    elements[0] = tag;
    let mut scratch = super::scratch::Scratch::default();
    let tuple = build::tuple(&mut scratch, &elements);
    send::copied(Kind::Message, tuple)
}

fn time_out(p: &mut Process, number: Term) {
    let number = number.as_small().expect("a signal's number") as u64;
    if let TimeOut::Set { number: set, .. } = p.life.time_out
        && set == number
    {
        p.life.time_out = TimeOut::Fired;
    }
}

/// Answers the request that has been noted; it stays so if there is no memory for the answer.
#[expect(unsafe_code, reason = "called through assembly")]
extern "C" fn answer(p: *mut Process) {
    // SAFETY: P1: held by this thread.
    let p = unsafe { &mut *p };
    let Some(signal) = &p.life.asked else { return };
    let [from, reference, question] = parts(signal);
    let before = p.heap.built_words(&p.head);
    let answer = info::answer(p, question);
    send::reply(number(from), reference, answer);
    p.life.asked = None;
    p.heap.built_for_others(&p.head, before);
}

fn reply(p: &mut Process, signal: Fragment) {
    let (for_reference, answer) = signal.message.as_cons().expect("a signal's cell");
    if p.life.run == Run::Reply(reference(for_reference).number()) {
        p.heap.adopt(&mut p.head, signal);
        p.life.result = answer;
        p.life.run = Run::Ready;
    }
}

fn suspend(p: &mut Process, signal: &Fragment) {
    let [from, how] = parts(signal);
    p.life.suspended += 1;
    send::suspended(number(from), how, id::SUSPENDED);
}

fn system_task(p: &mut Process, mut signal: Fragment) {
    let [from, request, task] = parts(&signal);
    match task.as_atom() {
        Some(sort @ (id::MAJOR | id::MINOR)) => {
            signal.message = request;
            let asked = p.life.ask_to_collect(sort == id::MAJOR);
            asked.requests.push((number(from), signal));
        }
        // No code is ever old.
        Some(id::CHECK_PROCESS_CODE) => {
            send::task_done(number(from), request, id::CHECK_PROCESS_CODE, false);
        }
        Some(other) => send::task_done(number(from), request, other, true),
        None => unreachable!("a task is an atom"),
    }
}

/// What a signal comes to that its receiver did not live to see.
pub fn unhandled(to: u64, signal: &Fragment) {
    let no_process = Term::atom(id::NOPROC);
    match Kind::of(signal) {
        Kind::Link => {
            send::exit(number(signal.message), Kind::LinkExit, Term::pid(to), no_process);
        }
        Kind::Monitor => {
            let [from, reference_term, name] = parts(signal);
            let object = name.as_atom().map_or(Object::Process(to), Object::Name);
            send::down(number(from), reference(reference_term), object, no_process);
        }
        Kind::Unlink => {
            let [from, id] = parts(signal);
            let id = id.as_small().expect("a signal's number");
            send::unlink_ack(number(from), to, id as u64);
        }
        Kind::Request => {
            let [from, reference, question] = parts(signal);
            send::reply(number(from), reference, info::answer_of_none(question));
        }
        Kind::Suspend => {
            let [from, how] = parts(signal);
            send::suspended(number(from), how, id::BADARG);
        }
        Kind::SystemTask => {
            let [from, request, task] = parts(signal);
            send::task_done(number(from), request, task.as_atom().expect("a task"), false);
        }
        _ => {}
    }
}
