//! Processes in motion: schedulers, signals, exits, timers.
//!
//! A scheduler is a thread that takes processes out of its run queue and runs each until its
//! reductions are used up or it waits. See P1 (`process::shared`) for who may touch a process.
#![allow(unsafe_code)]

pub mod code;
pub mod exit;
pub mod info;
pub mod report;
mod run_queue;
pub mod scratch;
pub mod send;
pub mod signals;
mod sleep;
pub mod spawn;
mod start;
pub mod timers;
mod wheel;

use crate::heap::{Collection, Fragment};
use crate::process::exception::{self, Exception};
use crate::process::life::{ExitState, Run, TimeOut};
use crate::process::relations::Reference;
use crate::process::signal::{Kind, signal};
use crate::process::{Handle, Process, figures};
use crate::sys::{clock, slab};
use crate::term::Term;
use beamrc_abi::process::X_REGISTERS;
use core::cell::{Cell, UnsafeCell};
use core::sync::atomic::Ordering::Relaxed;
use run_queue::RunQueue;
use std::sync::OnceLock;
use timers::{Action, Destination, Timers};

/// Reductions of a time slice.
pub const REDUCTIONS: i64 = 4000;

/// Runs a process until it gives up its thread.
pub type Enter = unsafe extern "C" fn(*mut Process);

pub struct Scheduler {
    queue: RunQueue,
    pub timers: Timers,
    bed: sleep::Bed,
    enter: Enter,
    x: UnsafeCell<[u64; X_REGISTERS]>,
}
// SAFETY: `x` is used by the scheduler's own thread alone.
unsafe impl Sync for Scheduler {}

static SCHEDULERS: OnceLock<Vec<Scheduler>> = OnceLock::new();

thread_local! {
    static CURRENT: Cell<Option<&'static Scheduler>> = const { Cell::new(None) };
}

fn schedulers() -> &'static [Scheduler] {
    SCHEDULERS.get().expect("schedulers are made at boot")
}
/// That of this thread, or else the first.
fn scheduler() -> &'static Scheduler {
    CURRENT.get().unwrap_or_else(|| &schedulers()[0])
}

/// Makes the schedulers; once, at boot.
pub fn make(count: usize, enter: Enter) {
    let schedulers = (0..count).map(|index| Scheduler {
        queue: RunQueue::default(),
        timers: Timers::new(index as u32),
        bed: sleep::Bed::new(),
        enter,
        x: UnsafeCell::new([0; X_REGISTERS]),
    });
    let made = SCHEDULERS.set(schedulers.collect());
    assert!(made.is_ok(), "schedulers are made once");
    figures::set_schedulers(count);
}

/// Puts a process, which the caller holds (P1), into a run queue.
pub fn make_runnable(process: Handle) {
    let scheduler = scheduler();
    scheduler.queue.push(process);
    if CURRENT.get().is_none() {
        scheduler.bed.wake();
    }
}
/// Processes in all run queues.
pub fn runnable() -> usize {
    schedulers().iter().map(|s| s.queue.len()).sum()
}

/// Runs processes on this thread, for ever.
pub fn run(index: usize) -> ! {
    let scheduler = &schedulers()[index];
    CURRENT.set(Some(scheduler));
    let mut due = Vec::new();
    loop {
        scheduler.fire_timers(&mut due);
        match scheduler.queue.pop() {
            Some(process) => scheduler.execute(process),
            None => scheduler.sleep(),
        }
    }
}

impl Scheduler {
    fn fire_timers(&self, due: &mut Vec<Action>) {
        self.timers.due(clock::elapsed(), due);
        for action in due.drain(..) {
            fire(action);
        }
    }

    fn sleep(&self) {
        let now = clock::elapsed();
        slab::tick((now / 1_000_000) as u32);
        self.bed.sleep(self.timers.next().map(|next| (next - now).max(0)));
    }

    /// Runs a process, which the caller holds, for one time slice.
    fn execute(&self, handle: Handle) {
        // SAFETY: P1.
        let p = unsafe { &mut *handle.process() };
        figures::CONTEXT_SWITCHES.fetch_add(1, Relaxed);
        p.head.x = self.x.get() as u64;
        p.head.fcalls = REDUCTIONS;
        p.life.slice_start = REDUCTIONS;
        match self.slice(p) {
            After::Runnable => {
                end_slice(p);
                self.queue.push(handle);
            }
            After::Parked => {}
            After::Gone => spawn::free(handle),
        }
    }

    fn slice(&self, p: &mut Process) -> After {
        loop {
            if p.life.exit_state == ExitState::Telling {
                return if exit::tell(p) { After::Gone } else { After::Runnable };
            }
            signals::handle(p);
            for_collectors(p);
            if p.life.is_exiting() {
                exit::begin(p);
                continue;
            }
            match is_ready(p) {
                Some(()) if p.head.fcalls < 0 => return After::Runnable,
                Some(()) => self.enter(p),
                None => {
                    end_slice(p);
                    let shared = p.shared();
                    if shared.signals.park() {
                        return After::Parked;
                    }
                }
            }
        }
    }

    fn enter(&self, p: &mut Process) {
        if p.life.run == Run::Fresh && !start::prepare(p) {
            return uncaught(p);
        }
        p.life.run = Run::Ready;
        p.head.suspended = 0;
        p.head.slow_result = p.life.result.0;
        p.life.result = Term::NONVALUE;
        // SAFETY: the process is prepared, and held by this thread (P1).
        unsafe { (self.enter)(p) };
        if p.exception.uncaught {
            uncaught(p);
        }
    }
}

/// What has become of a process after a slice.
enum After {
    Runnable,
    /// It waits; somebody else may hold it already.
    Parked,
    Gone,
}

fn end_slice(p: &mut Process) {
    let used = p.life.slice_start - p.head.fcalls;
    p.life.reductions += used.max(0) as u64;
    p.life.slice_start = p.head.fcalls;
    figures::REDUCTIONS.fetch_add(used.max(0) as u64, Relaxed);
}

/// Whether the process may run; then its result is set.
fn is_ready(p: &mut Process) -> Option<()> {
    if p.life.suspended > 0 {
        return None;
    }
    match p.life.run {
        Run::Ready | Run::Fresh => Some(()),
        Run::Receive => {
            p.life.result = receive_result(p)?;
            Some(())
        }
        Run::Reply(_) => None,
        Run::Hibernate => {
            if p.mailbox.length() == 0 {
                return None;
            }
            p.life.run = Run::Fresh;
            Some(())
        }
        Run::Exit => unreachable!("it tells others"),
    }
}

/// What the safepoint of a receive returns, if it is over: raw 0 for a message, 1 for the time-out.
pub fn receive_result(p: &mut Process) -> Option<Term> {
    if p.mailbox.has_current() {
        Some(Term(0))
    } else if p.life.time_out == TimeOut::Fired {
        Some(Term(1))
    } else {
        None
    }
}

/// Collects for processes that asked for it, and answers them.
fn for_collectors(p: &mut Process) {
    if p.life.collect_for.is_empty() || p.life.is_exiting() {
        return;
    }
    let is_major = core::mem::take(&mut p.life.collect_major);
    collect(p, 0, if is_major { Collection::Major } else { Collection::Minor });
    for (from, request) in core::mem::take(&mut p.life.collect_for) {
        if let Some(request) = request {
            send::collected(from, request.message, true);
        }
    }
}

/// Collects; a process that needs more memory than it may have is to exit.
pub fn collect(p: &mut Process, need_words: usize, at_least: Collection) {
    use crate::heap::Exhausted;
    use beamrc_abi::atom::id;
    match p.collect(need_words, at_least) {
        Ok(()) => {}
        Err(Exhausted::MaxHeapSize(_)) => {
            let max = p.heap.options.max_heap;
            if max.error_logger {
                report::max_heap_size(p);
            }
            if max.kill {
                p.exit(Term::atom(id::KILLED));
            }
        }
        Err(Exhausted::OutOfMemory) => {
            report::out_of_memory(p);
            p.exit(Term::atom(id::KILLED));
        }
    }
}

/// The process ends with an exception that nobody handled.
fn uncaught(p: &mut Process) {
    p.exception.uncaught = false;
    let (reason, is_logged) = exception::exit_reason(p);
    if is_logged {
        report::uncaught(p, reason);
    }
    p.exit(reason);
}

fn fire(action: Action) {
    match action {
        Action::Receive { process, number } => {
            let signal = signal(Kind::Timeout, 0, |_| Term::small(number as i64));
            let _ = send::deliver(process, signal);
        }
        Action::Send { to, message } => {
            let to = match to {
                Destination::Process(number) => Some(number),
                Destination::Name(name) => crate::process::names::whereis(name),
            };
            if let Some(to) = to {
                let _ = send::deliver(to, message);
            }
        }
    }
}

/// Gives the receive of a process so many milliseconds.
pub fn set_time_out(p: &mut Process, milliseconds: i64) {
    let number = p.life.number();
    let deadline = clock::elapsed() + milliseconds * 1_000_000;
    let process = p.number();
    let unique = crate::sys::unique::number();
    let action = |_| Action::Receive { process, number };
    let timer = scheduler().timers.set(deadline, unique, action);
    p.life.time_out = TimeOut::Set {
        number,
        timer,
        unique,
    };
}
/// The receive is over.
pub fn cancel_time_out(p: &mut Process) {
    if let TimeOut::Set { timer, unique, .. } = p.life.time_out {
        timers_of(timer).cancel(timer, unique);
    }
    p.life.time_out = TimeOut::None;
}
/// The scheduler that has a timer.
pub fn timers_of(place: timers::Place) -> &'static Timers {
    let schedulers = schedulers();
    &schedulers[(place >> 32) as usize % schedulers.len()].timers
}
/// Sets a timer that sends.
pub fn set_timer(
    deadline: i64,
    number: u64,
    to: Destination,
    message: impl FnOnce(timers::Place) -> Fragment,
) -> timers::Place {
    let action = |place| Action::Send {
        to,
        message: message(place),
    };
    scheduler().timers.set(deadline, number, action)
}

/// Has the BIF that fails with this, of a row with the flag `trap`, wait for the reply to a request.
pub fn await_reply(p: &mut Process, reference: Reference) -> Exception {
    p.life.run = Run::Reply(reference.number());
    wait(p)
}
/// Has the BIF that fails with this return `result` when its process runs next.
pub fn give_way(p: &mut Process, result: Term) -> Exception {
    p.life.run = Run::Ready;
    p.life.result = result;
    wait(p)
}
/// Has the BIF that fails with this go through the scheduler, which does what `life` says.
pub fn wait(p: &mut Process) -> Exception {
    exception::trap(p, code::await_code(), &[])
}
