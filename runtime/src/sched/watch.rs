//! What keeps one process from holding up others: a thread that watches the schedulers.
//!
//! Compiled code gives way every few thousand reductions, but a BIF on a huge term, a large
//! collection or a native that blocks may take longer. When a scheduler's time slice lasts and
//! others wait for it, another thread takes its place: the substitute. The thread that was held up
//! finishes its slice, asks for its place back and gets it when the substitute's slice ends, so
//! that memory stays with the threads that stay.
//!
//! The watcher also is the thread that takes the system's signals: the others may be on the small
//! stacks of processes.

use super::place::Seat;
use super::sleep::Bed;
use super::{Scheduler, THREAD_STACK_BYTES, idle, online, schedulers};
use crate::sys::{clock, signal};
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering::*, fence};
use std::sync::OnceLock;
use std::thread;

/// Nanoseconds between two looks. A slice that is met twice lasts too long.
const LOOK_NS: i64 = 2_000_000;
/// Substitutes at a time.
const SUBSTITUTES_MAX: usize = 64;

static SUBSTITUTES: AtomicUsize = AtomicUsize::new(0);
/// Each stands for a thread that is held up, or is about to get its place back.
pub fn substitutes() -> usize {
    SUBSTITUTES.load(Relaxed)
}
/// The watcher sleeps because all schedulers do.
static DORMANT: AtomicBool = AtomicBool::new(false);

fn bed() -> &'static Bed {
    static BED: OnceLock<Bed> = OnceLock::new();
    BED.get_or_init(Bed::new)
}

/// A thread was held up. If it was a substitute itself, it ends. Whoever has the place now may have
/// gone to sleep before the last processes and timers were added.
pub fn lost_place(seat: Seat, bed: &Bed) {
    bed.wake();
    if seat == Seat::Substitute {
        substitute_left();
    }
}

/// A substitute has given its place back.
pub fn substitute_left() {
    SUBSTITUTES.fetch_sub(1, Relaxed);
}

/// A scheduler does not sleep any more.
pub fn woken() {
    fence(SeqCst);
    if DORMANT.load(Relaxed) {
        bed().wake();
    }
}

/// Starts the watcher. Threads that are started later leave signals to it.
pub fn start() {
    signal::set_waker(bed().descriptor());
    signal::block();
    let watcher = thread::Builder::new().name("watcher".into()).spawn(|| {
        signal::unblock();
        watch()
    });
    if let Err(error) = watcher {
        eprintln!("cannot start the watcher: {error}");
        std::process::abort();
    }
}

fn watch() -> ! {
    let mut last = vec![0; schedulers().len()];
    loop {
        bed().sleep(Some(LOOK_NS));
        if signal::is_pending()
            && let Some(index) = idle().to_wake_anyway(online::mask())
        {
            schedulers()[index].bed.wake();
        }
        for (scheduler, last) in schedulers().iter().zip(&mut last) {
            let turn = scheduler.place.turn();
            if turn == *last && is_waited_for(scheduler) {
                if turn % 2 == 1 {
                    replace(scheduler, turn);
                } else {
                    // It may sleep while one that lost its place adds processes and timers.
                    scheduler.bed.wake();
                }
            }
            *last = turn;
        }
        if SUBSTITUTES.load(Relaxed) == 0 && idle().all_sleep(schedulers().len()) {
            DORMANT.store(true, SeqCst);
            fence(SeqCst);
            if idle().all_sleep(schedulers().len()) && !signal::is_pending() {
                bed().sleep(None);
            }
            DORMANT.store(false, Relaxed);
        }
    }
}

fn is_waited_for(scheduler: &Scheduler) -> bool {
    let is_due = |deadline: i64| deadline <= clock::elapsed();
    scheduler.queue.len() > 0 || scheduler.timers.next().is_some_and(is_due)
}

fn replace(scheduler: &'static Scheduler, turn: u64) {
    if SUBSTITUTES.load(Relaxed) >= SUBSTITUTES_MAX {
        return;
    }
    SUBSTITUTES.fetch_add(1, Relaxed);
    let substitute = thread::Builder::new()
        .name("substitute".into())
        .stack_size(THREAD_STACK_BYTES)
        .spawn(move || {
            signal::block();
            // V1: the place is this thread's, or the slice was over meanwhile.
            if scheduler.place.end_slice(turn) {
                scheduler.substitute();
            } else {
                SUBSTITUTES.fetch_sub(1, Relaxed);
            }
        });
    if substitute.is_err() {
        // Others wait until there is memory for a thread, or the slice is over.
        SUBSTITUTES.fetch_sub(1, Relaxed);
    }
}
