//! The end of a process: it leaves the table, tells those it is related to, and is freed.
//!
//! The reason stays on the process's heap until everybody has been told; telling is done in slices,
//! so that a process with a hundred thousand links holds nobody up. A process that is linked to one
//! that exits does so itself when it handles the signal: cascades never recurse.

use super::send::{self, Object};
use super::{report, signals, time_offset};
use crate::heap::Heap;
use crate::process::life::{ExitState, Run};
use crate::process::mailbox::Mailbox;
use crate::process::relations::{Link, Target};
use crate::process::signal::Kind;
use crate::process::table::table;
use crate::process::{Process, names};
use crate::term::Term;
use beamrc_abi::atom::id;
use core::sync::atomic::{Ordering, fence};

/// Signals sent in one slice.
const SLICE: usize = 1000;

/// There is no memory for the process: gives back what it has, so that others can be told, who
/// need some.
pub fn give_up(p: &mut Process) {
    super::spawn::close_stack(p);
    p.heap = Heap::new(p.heap.options);
    (p.head.hp, p.head.heap_limit) = (0, 0);
    p.dictionary.clear();
    p.mailbox = Mailbox::default();
    let life = &mut p.life;
    (life.result, life.start_arguments) = (Term::NONVALUE, Term::NIL);
}

/// The process is to exit: nobody can find it from now on.
pub fn begin(p: &mut Process) {
    if core::mem::take(&mut p.life.is_exhausted) {
        give_up(p);
        report::out_of_memory(p);
    }
    p.life.exit_state = ExitState::Telling;
    p.life.run = Run::Exit;
    super::cancel_time_out(p);
    if let Some(tables) = p.relations.tables_mut() {
        for (place, number) in tables.timers.take() {
            super::timers_of(place).cancel(place, number);
        }
    }
    let shared = p.shared();
    table().remove(p.number());
    fence(Ordering::SeqCst);
    // Whoever sees that the process has lost its name may take the names of its tables.
    crate::ets::owner_exited(p.number());
    super::online::forget(p.number());
    if shared.has_name.load(Ordering::SeqCst) {
        names::forget(p.number());
    }
    let rest = shared.signals.close();
    p.arrived.append(rest);
}

/// Goes on with telling, and says when it is done. Who is to be told next is forgotten afterwards:
/// if there is no memory for telling, it is told that the process was killed.
#[expect(unsafe_code, reason = "called through assembly")]
pub extern "C" fn tell(p: *mut Process) {
    // SAFETY: P1: held by this thread.
    let p = unsafe { &mut *p };
    if tell_some(p) {
        p.life.exit_state = ExitState::Told;
    }
}

fn tell_some(p: &mut Process) -> bool {
    let me = p.number();
    let reason = p.life.exiting;
    let mut left = SLICE;
    if let Some(signal) = p.life.asked.take() {
        signals::unhandled(me, &signal);
    }
    while let Some(signal) = p.arrived.pop() {
        signals::unhandled(me, &signal);
        left -= 1;
        if left == 0 {
            return false;
        }
    }
    if let Some(asked) = p.life.to_collect.take() {
        for (from, request) in asked.requests {
            send::task_done(from, request.message, id::MAJOR, false);
        }
    }
    let Some(tables) = p.relations.tables_mut() else {
        return true;
    };
    while left > 0 {
        left -= 1;
        if let Some((&other, &Link { unlinking, .. })) = tables.links.first_key_value() {
            if unlinking == 0 {
                send::exit(other, Kind::LinkExit, p.id, reason);
            }
            tables.links.pop_first();
        } else if let Some((_, watcher)) = tables.watchers.first_key_value() {
            let object = watcher.name.map_or(Object::Process(me), Object::Name);
            send::down(watcher.process, watcher.reference, object, reason);
            tables.watchers.pop_first();
        } else if let Some((_, monitor)) = tables.monitors.pop_first() {
            match monitor.target {
                Target::Process(other) | Target::Name(_, Some(other)) => {
                    send::demonitor(other, monitor.reference);
                }
                Target::TimeOffset => time_offset::forget(monitor.reference),
                Target::Name(_, None) | Target::Nobody | Target::Nothing => {}
            }
        } else if let Some((other, count)) = tables.suspended.pop_first() {
            for _ in 0..count {
                send::resume(other, me);
            }
        } else {
            return true;
        }
    }
    false
}
