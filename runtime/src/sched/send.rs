//! Sending signals: to a process by its number, and what the sender's side of each amounts to.

use super::make_runnable;
use crate::heap::{Fragment, out_of_memory};
use crate::process::queue::Pushed;
use crate::process::relations::Reference;
use crate::process::signal::{Kind, signal};
use crate::process::table::table;
use crate::process::{Handle, names};
use crate::term::{Term, View, build};
use beamrc_abi::atom::id;

/// Gives a signal to a process; back if it is gone.
pub fn push(to: Handle, signal: Fragment) -> Result<(), Fragment> {
    match to.signals.push(signal) {
        Pushed::Queued => Ok(()),
        Pushed::Unparked => {
            make_runnable(to);
            Ok(())
        }
        Pushed::Closed(signal) => Err(signal),
    }
}
/// The same by number.
pub fn deliver(to: u64, signal: Fragment) -> Result<(), Fragment> {
    match table().get(to) {
        Some(to) => push(to, signal),
        None => Err(signal),
    }
}

/// A term in a fragment of its own.
pub fn copied(kind: Kind, term: Term) -> Fragment {
    let mut fragment = Fragment::copy_of(term).unwrap_or_else(|_| out_of_memory("message", 0));
    fragment.tag = kind as u64;
    fragment
}

/// A message; whoever is gone gets none. Returns the words that were copied.
pub fn message(to: u64, message: Term) -> usize {
    let Some(to) = table().get(to) else { return 0 };
    push_counted(to, copied(Kind::Message, message))
}
fn push_counted(to: Handle, signal: Fragment) -> usize {
    let words = signal.used_words();
    let _ = push(to, signal);
    words
}
/// A message to whoever has the name, and the words that were copied; `None` if nobody has it.
pub fn message_to_name(name: u32, content: Term) -> Option<usize> {
    names::whereis(name).map(|to| message(to, content))
}
/// A message to an alias, as one of the signals that hold it. Returns the words that were copied.
pub fn message_to_alias(kind: Kind, alias: Term, process: u64, message: Term) -> usize {
    let Some(to) = table().get(process) else { return 0 };
    push_counted(to, pair(kind, alias, message))
}
/// An exit signal to an alias, as one of the signals that hold it.
pub fn exit_to_alias(kind: Kind, alias: Term, process: u64, from: Term, reason: Term) {
    let mut scratch = super::scratch::Scratch::default();
    let exit = build::tuple(&mut scratch, &[Term::atom(id::EXIT_UPPER), from, reason]);
    message_to_alias(kind, alias, process, exit);
}

/// Copies of two terms, as a cell.
fn pair(kind: Kind, a: Term, b: Term) -> Fragment {
    use crate::heap::copy::{copy_sized, words_to_copy};
    let (a_words, b_words) = (words_to_copy(a), words_to_copy(b));
    signal(kind, a_words + b_words + 2, |to| {
        let a = copy_sized(to, a, a_words);
        let b = copy_sized(to, b, b_words);
        build::cons(to, a, b)
    })
}

/// `{'EXIT', From, Reason}` as one of the signals that hold it; false if the process is gone.
pub fn exit(to: u64, kind: Kind, from: Term, reason: Term) -> bool {
    use crate::heap::copy::{copy_sized, words_to_copy};
    let Some(to) = table().get(to) else {
        return false;
    };
    // Who is elsewhere is no immediate term.
    let (from_words, words) = (words_to_copy(from), words_to_copy(reason));
    let signal = signal(kind, from_words + words + 4, |to| {
        let from = copy_sized(to, from, from_words);
        let reason = copy_sized(to, reason, words);
        build::tuple(to, &[Term::atom(id::EXIT_UPPER), from, reason])
    });
    push(to, signal).is_ok()
}

/// False if the process is gone.
pub fn link(to: u64, from: u64) -> bool {
    deliver(to, signal(Kind::Link, 0, |_| Term::pid(from))).is_ok()
}
fn unlink_signal(kind: Kind, from: u64, number: u64) -> Fragment {
    signal(kind, 3, |to| build::tuple(to, &[Term::pid(from), Term::small(number as i64)]))
}
/// False if the process is gone.
pub fn unlink(to: u64, from: u64, number: u64) -> bool {
    deliver(to, unlink_signal(Kind::Unlink, from, number)).is_ok()
}
pub fn unlink_ack(to: u64, from: u64, number: u64) {
    let _ = deliver(to, unlink_signal(Kind::UnlinkAck, from, number));
}

/// False if the process is gone.
pub fn monitor(to: u64, from: u64, reference: Reference, name: Option<u32>) -> bool {
    let signal = signal(Kind::Monitor, 4 + Reference::WORDS, |to| {
        let reference = reference.term(to);
        let name = name.map_or(Term::NIL, Term::atom);
        build::tuple(to, &[Term::pid(from), reference, name])
    });
    deliver(to, signal).is_ok()
}
pub fn demonitor(to: u64, reference: Reference) {
    let signal = signal(Kind::Demonitor, Reference::WORDS, |to| reference.term(to));
    let _ = deliver(to, signal);
}

/// What a `DOWN` message says went down.
#[derive(Clone, Copy)]
pub enum Object {
    Process(u64),
    Name(u32),
    /// A name that no port has: none has any.
    PortName(u32),
    /// A process or port of another node, or of this one's earlier run.
    Foreign(Term),
}
impl Object {
    /// `process` or `port`.
    fn sort(self) -> u32 {
        match self {
            Object::Process(_) | Object::Name(_) => id::PROCESS,
            Object::PortName(_) => id::PORT,
            Object::Foreign(what) if matches!(what.view(), View::External { sort: 1, .. }) => {
                id::PORT
            }
            Object::Foreign(_) => id::PROCESS,
        }
    }
}
/// `{'DOWN', Reference, Sort, Object, Reason}`.
pub fn down(to: u64, reference: Reference, object: Object, reason: Term) {
    use crate::heap::copy::{copy_sized, words_to_copy};
    let words = words_to_copy(reason);
    let foreign_words = match object {
        Object::Foreign(what) => words_to_copy(what),
        _ => 0,
    };
    let signal = signal(Kind::Down, words + foreign_words + 6 + 3 + Reference::WORDS, |to| {
        let reason = copy_sized(to, reason, words);
        let reference = reference.term(to);
        let sort = Term::atom(object.sort());
        let object = match object {
            Object::Process(number) => Term::pid(number),
            Object::Name(name) | Object::PortName(name) => {
                build::tuple(to, &[Term::atom(name), Term::atom(id::NONODE)])
            }
            Object::Foreign(what) => copy_sized(to, what, foreign_words),
        };
        build::tuple(to, &[Term::atom(id::DOWN), reference, sort, object, reason])
    });
    let _ = deliver(to, signal);
}

/// A question that the process itself answers by a [`reply`]; false if it is gone.
pub fn request(to: u64, from: u64, reference: Reference, question: Term) -> bool {
    use crate::heap::copy::{copy_sized, words_to_copy};
    let words = words_to_copy(question);
    let signal = signal(Kind::Request, words + 4 + Reference::WORDS, |to| {
        let question = copy_sized(to, question, words);
        let reference = reference.term(to);
        build::tuple(to, &[Term::pid(from), reference, question])
    });
    deliver(to, signal).is_ok()
}
pub fn reply(to: u64, reference: Term, answer: Term) {
    let Some(to) = table().get(to) else { return };
    let _ = push(to, pair(Kind::Reply, reference, answer));
}
/// How the sender is told: a reference for a reply, a tag in a tuple for a message, or `[]`. False
/// if the process is gone.
pub fn suspend(to: u64, from: u64, how: Term) -> bool {
    use crate::heap::copy::{copy_sized, words_to_copy};
    let words = words_to_copy(how);
    let signal = signal(Kind::Suspend, words + 3, |to| {
        let how = copy_sized(to, how, words);
        build::tuple(to, &[Term::pid(from), how])
    });
    deliver(to, signal).is_ok()
}
/// Tells a process that another is `suspended` at its request, or is not.
pub fn suspended(to: u64, how: Term, state: u32) {
    match how.as_tuple() {
        Some(&[tag]) => {
            let mut scratch = super::scratch::Scratch::default();
            let told = build::tuple(&mut scratch, &[tag, Term::atom(state)]);
            message(to, told);
        }
        _ if how.is_nil() => {}
        _ if state == id::SUSPENDED => reply(to, how, Term::TRUE),
        _ => reply(to, how, Term::atom(state)),
    }
}
pub fn resume(to: u64, from: u64) {
    let _ = deliver(to, signal(Kind::Resume, 0, |_| Term::pid(from)));
}
/// False if the process is gone.
pub fn group_leader(to: u64, leader: Term) -> bool {
    deliver(to, copied(Kind::GroupLeader, leader)).is_ok()
}
/// Asks for a system task: a collection, `major` or `minor`, or what an atom names; false if the
/// process is gone.
pub fn system_task(to: u64, from: u64, request: Term, task: u32) -> bool {
    use crate::heap::copy::{copy_sized, words_to_copy};
    let words = words_to_copy(request);
    let signal = signal(Kind::SystemTask, words + 4, |to| {
        let request = copy_sized(to, request, words);
        build::tuple(to, &[Term::pid(from), request, Term::atom(task)])
    });
    deliver(to, signal).is_ok()
}
/// `{garbage_collect, Request, Result}`, or with the name of another task.
pub fn task_done(to: u64, request: Term, task: u32, result: bool) {
    let name = if matches!(task, id::MAJOR | id::MINOR) { id::GARBAGE_COLLECT } else { task };
    let parts = [Term::atom(name), request, Term::bool(result)];
    let mut scratch = super::scratch::Scratch::default();
    let tuple = build::tuple(&mut scratch, &parts);
    message(to, tuple);
}
