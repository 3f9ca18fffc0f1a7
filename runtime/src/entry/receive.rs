//! Receiving: what the instructions of a `receive` come to.

use crate::process::Process;
use crate::process::exception::error_of_caller;
use crate::process::life::{Run, TimeOut};
use crate::process::relations::Reference;
use crate::process::saved_calls::Saved;
use crate::sched::{self, signals};
use crate::term::Term;
use beamrc_abi::atom::id;

/// The current message; fetches what has been sent when there is none.
///
/// # Safety
/// `p` is the running process (I3).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_recv_peek(p: *mut Process) -> Term {
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    if let Some(message) = p.mailbox.peek() {
        return message;
    }
    signals::handle(p);
    if p.life.is_exiting() {
        return Term::NONVALUE;
    }
    p.mailbox.peek().unwrap_or(Term::NONVALUE)
}

/// # Safety
/// `p` is the running process (I3).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_recv_next(p: *mut Process) {
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    p.mailbox.pass();
}

/// Takes the message out: its terms are the heap's from now on.
///
/// # Safety
/// `p` is the running process (I3).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_recv_remove(p: *mut Process) {
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    if let Some(message) = p.mailbox.remove() {
        p.heap.adopt(&mut p.head, message);
    }
    p.called(Saved::RECEIVE);
    sched::cancel_time_out(p);
}

/// # Safety
/// `p` is the running process (I3), its stack is saved (K1).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_recv_wait(p: *mut Process) -> Term {
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    p.mailbox.begin_wait();
    signals::handle(p);
    if !p.life.is_exiting()
        && p.head.fcalls >= 0
        && let Some(result) = sched::receive_result(p)
    {
        return result;
    }
    p.life.run = Run::Receive;
    p.head.suspended = 1;
    Term(0)
}

/// Most milliseconds that a receive may wait.
const TIME_OUT_MAX: i64 = 0xffff_ffff;

/// # Safety
/// `p` is the running process (I3), the time-out a term (I5).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_recv_start_timer(p: *mut Process, time_out: Term) -> Term {
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    if p.life.time_out == TimeOut::None {
        match time_out.as_small() {
            Some(0) => p.life.time_out = TimeOut::Fired,
            Some(milliseconds @ 1..=TIME_OUT_MAX) => sched::set_time_out(p, milliseconds),
            _ if time_out == Term::atom(id::INFINITY) => {}
            _ => {
                // The receive is over: the next one looks at every message.
                p.mailbox.restart();
                p.exception.note(error_of_caller(Term::atom(id::TIMEOUT_VALUE)));
                return Term::NONVALUE;
            }
        }
    }
    Term::NIL
}

/// # Safety
/// `p` is the running process (I3).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_recv_timeout(p: *mut Process) {
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    p.mailbox.restart();
    sched::cancel_time_out(p);
    p.called(Saved::TIMEOUT);
}

/// # Safety
/// `p` is the running process (I3).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_recv_marker_reserve(p: *mut Process) -> Term {
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    signals::handle(p);
    Term::small(p.mailbox.reserve_marker().into())
}

fn marker(term: Term) -> Option<u32> {
    term.as_small().and_then(|number| u32::try_from(number).ok())
}
fn number(term: Term) -> Option<u64> {
    Reference::of(&term).map(Reference::number)
}

/// # Safety
/// `p` is the running process (I3), the others are terms (I5).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_recv_marker_bind(p: *mut Process, marker_term: Term, bound: Term) {
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    let Some(marker) = marker(marker_term) else { return };
    match number(bound) {
        Some(reference) => p.mailbox.bind_marker(marker, reference),
        None => p.mailbox.clear_marker(Some(marker), None),
    }
}

/// # Safety
/// `p` is the running process (I3), the other is a term (I5).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_recv_marker_clear(p: *mut Process, bound: Term) {
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    p.mailbox.clear_marker(marker(bound), number(bound));
}

/// # Safety
/// `p` is the running process (I3), the other is a term (I5).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_recv_marker_use(p: *mut Process, bound: Term) {
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    if let Some(reference) = number(bound) {
        p.mailbox.use_marker(reference);
    }
}
