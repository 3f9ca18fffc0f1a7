//! Processes in motion: schedulers, signals, exits, timers.
//!
//! A scheduler is a thread that takes processes out of its run queue and runs each until its
//! reductions are used up or it waits. See P1 (`process::shared`) for who may touch a process.
#![allow(unsafe_code)]

pub mod code;
pub mod dump;
pub mod exit;
mod idle;
pub mod info;
pub mod online;
mod place;
pub mod poller;
pub mod report;
mod run_queue;
pub mod scratch;
pub mod send;
pub mod signals;
mod sleep;
mod slices;
pub mod spawn;
mod start;
#[cfg(test)]
mod tests;
pub mod time_offset;
pub mod timers;
mod watch;
mod wheel;

use crate::heap::{Collection, Fragment};
use crate::process::exception::{self, Exception};
use crate::process::life::{ExitState, Run, TimeOut};
use crate::process::relations::Reference;
use crate::process::signal::{Kind, signal};
use crate::process::{Handle, Process, figures, settings};
use crate::sys::{clock, cycles, epoch, exhaustion, slab};
use crate::term::Term;
use beamrc_abi::process::{EXHAUSTED, X_REGISTERS};
use core::cell::{Cell, UnsafeCell};
use core::sync::atomic::AtomicU64;
use core::sync::atomic::Ordering::Relaxed;
use idle::Idle;
use place::{Place, Seat};
use run_queue::RunQueue;
use std::sync::{LazyLock, OnceLock};
use timers::{Action, Destination, Timers};

/// Reductions of a time slice, unless they take long (see [`slices`]).
pub const REDUCTIONS: i64 = slices::REDUCTIONS as i64;

/// How processes are run.
#[derive(Clone, Copy)]
pub struct Engine {
    /// Readies a fresh process; false if it has noted an exception instead.
    pub prepare: fn(&mut Process) -> bool,
    /// Runs a process until it gives up its thread.
    pub enter: unsafe extern "C" fn(*mut Process),
}
impl Engine {
    /// Compiled code, entered by this crossing.
    pub fn compiled(enter: unsafe extern "C" fn(*mut Process)) -> Engine {
        let prepare = start::prepare;
        Engine { prepare, enter }
    }
}

pub struct Scheduler {
    index: usize,
    queue: RunQueue,
    pub timers: Timers,
    bed: sleep::Bed,
    engine: Engine,
    place: Place,
    rest: sleep::Rest,
    /// Since when its queue has had more than its own thread will come to soon, by the cycle counter;
    /// 0 if it has not.
    crowded_since: AtomicU64,
}

/// What a thread needs to run processes.
struct Desk {
    seat: Seat,
    x: UnsafeCell<[u64; X_REGISTERS]>,
    exception: UnsafeCell<exception::State>,
    counts: Counts,
}
impl Desk {
    fn new(seat: Seat) -> Desk {
        Desk {
            seat,
            x: UnsafeCell::new([0; X_REGISTERS]),
            exception: UnsafeCell::new(exception::State::new()),
            counts: Counts::default(),
        }
    }
}

/// What the thread counts and adds to the program's figures now and then.
#[derive(Default)]
struct Counts {
    slices: Cell<u64>,
    reductions: Cell<u64>,
    watch: slices::Watch,
    last_look_cycles: Cell<u64>,
    /// It has slept and not found work since.
    was_asleep: Cell<bool>,
}
impl Counts {
    fn end_slice(&self, p: &mut Process) {
        let used = (p.life.slice_start - p.head.fcalls).max(0) as u64;
        p.life.reductions += used;
        p.life.slice_start = p.head.fcalls;
        self.reductions.set(self.reductions.get() + used);
        self.watch.used(used);
    }
    fn add(&self) {
        figures::CONTEXT_SWITCHES.fetch_add(self.slices.take(), Relaxed);
        figures::REDUCTIONS.fetch_add(self.reductions.take(), Relaxed);
    }
}

static SCHEDULERS: OnceLock<Vec<Scheduler>> = OnceLock::new();
static IDLE: LazyLock<Idle> = LazyLock::new(Idle::default);

thread_local! {
    static CURRENT: Cell<Option<&'static Scheduler>> = const { Cell::new(None) };
}

fn schedulers() -> &'static [Scheduler] {
    SCHEDULERS.get().expect("schedulers are made at boot")
}
fn idle() -> &'static Idle {
    &IDLE
}
/// That of this thread, or else the first.
fn scheduler() -> &'static Scheduler {
    CURRENT.get().unwrap_or_else(|| &schedulers()[0])
}

/// A number that the environment sets, if it is at least `least`.
fn from_environment(name: &str, least: usize) -> Option<usize> {
    let value = std::env::var(name).ok()?;
    let number = value.trim().parse::<usize>().ok().filter(|n| *n >= least);
    if number.is_none() {
        eprintln!("{name}={value} is ignored: it is no number of at least {least}");
    }
    number
}
/// How many schedulers there are to be: `BEAMRC_SCHEDULERS`, or one for each processor.
pub fn count() -> usize {
    from_environment("BEAMRC_SCHEDULERS", 1)
        .unwrap_or_else(figures::processors)
        .min(idle::SCHEDULERS_MAX)
}
/// How many processes there may be: `BEAMRC_PROCESSES`, or OTP's default.
pub fn process_limit() -> usize {
    from_environment("BEAMRC_PROCESSES", 1024).unwrap_or_else(figures::process_limit)
}

/// The default of `min_heap_size`, if `BEAMRC_MIN_HEAP_SIZE` says so.
pub fn set_min_heap() {
    if let Some(words) = from_environment("BEAMRC_MIN_HEAP_SIZE", 0) {
        settings::MIN_HEAP_WORDS.swap(settings::heap_size(words));
    }
}

/// Makes the schedulers; once, at boot.
pub fn make(count: usize, engine: Engine) {
    assert!((1..=idle::SCHEDULERS_MAX).contains(&count));
    let schedulers = (0..count).map(|index| Scheduler {
        index,
        queue: RunQueue::default(),
        timers: Timers::new(index as u32),
        bed: sleep::Bed::new(),
        engine,
        place: Place::default(),
        rest: sleep::Rest::default(),
        crowded_since: AtomicU64::new(0),
    });
    let made = SCHEDULERS.set(schedulers.collect());
    assert!(made.is_ok(), "schedulers are made once");
    figures::set_schedulers(count);
}

/// Puts a process, which the caller holds (P1), into a run queue.
pub fn make_runnable(process: Handle) {
    match CURRENT.get() {
        Some(scheduler) => scheduler.push(process),
        None => push_to_first(process),
    }
}
fn push_to_first(process: Handle) {
    schedulers()[0].queue.push(process);
    // Whoever is awake will come to it when out of work.
    if let Some(index) = idle().to_wake_anyway(online::mask()) {
        schedulers()[index].bed.wake();
    }
}
/// What each scheduler has to do.
pub fn work() -> Vec<figures::Work> {
    let total_ns = clock::elapsed();
    let of = |scheduler: &Scheduler| figures::Work {
        queued: scheduler.queue.len(),
        is_running: scheduler.place.is_in_slice(),
        active_ns: total_ns - scheduler.rest.slept(total_ns),
        total_ns,
    };
    schedulers().iter().map(of).collect()
}
/// Whether all schedulers but that of the caller sleep, and nothing waits for it either.
pub fn is_idle() -> bool {
    let schedulers = schedulers();
    // A scheduler that sleeps has nobody in its queue, and who is added to one wakes it (W2).
    schedulers.iter().all(|s| s.queue.len() == 0)
        && idle().all_sleep(schedulers.len() - 1)
        && watch::substitutes() == 0
}

/// Starts a thread for each scheduler but the first, which runs on this one, for ever.
pub fn run() -> ! {
    watch::start();
    for scheduler in &schedulers()[1..] {
        let thread = std::thread::Builder::new()
            .name(format!("scheduler {}", scheduler.index + 1))
            .stack_size(THREAD_STACK_BYTES)
            .spawn(|| scheduler.work());
        if let Err(error) = thread {
            eprintln!("cannot start a scheduler: {error}");
            std::process::abort();
        }
    }
    schedulers()[0].work()
}

/// Stack of a scheduler's thread, where the runtime's own code runs.
const THREAD_STACK_BYTES: usize = 8 << 20;
/// Cycles of the processor's counter between two looks at timers and the like: some 50 us.
const LOOK_CYCLES: u64 = 100_000;
/// How long an idle scheduler looks for work before it sleeps: some 20 us, which is less than it
/// takes to wake up again.
const SEARCH_CYCLES: u64 = 40_000;
/// How long there has to be work for another scheduler before that is woken: some 5 us.
const CROWDED_CYCLES: u64 = 10_000;

impl Scheduler {
    /// On the thread that belongs here.
    fn work(&'static self) -> ! {
        self.place.set_resident();
        let desk = Desk::new(Seat::Resident);
        loop {
            self.serve(&desk);
            self.place.come_back(&self.bed);
        }
    }
    /// On a thread that takes the place of one that is held up.
    fn substitute(&'static self) {
        self.serve(&Desk::new(Seat::Substitute));
        epoch::leave();
    }

    /// Runs processes until the thread loses its place or gives it back.
    fn serve(&'static self, desk: &Desk) {
        CURRENT.set(Some(self));
        epoch::online();
        desk.counts.watch.read();
        let mut due = Vec::new();
        loop {
            epoch::quiescent();
            if self.place.is_wanted_back(desk.seat) {
                self.place.give_back();
                watch::substitute_left();
                break;
            }
            let now = desk.counts.watch.time();
            if now.wrapping_sub(desk.counts.last_look_cycles.get()) > LOOK_CYCLES {
                desk.counts.last_look_cycles.set(now);
                self.look_around(desk, &mut due);
            }
            if !online::runs(self.index) {
                self.give_away();
                self.sleep(desk);
                continue;
            }
            match self.queue.pop().or_else(|| self.search(desk, &mut due)) {
                Some(process) => {
                    if desk.counts.was_asleep.take() {
                        idle().searched();
                        self.wake_another();
                    } else {
                        self.wake_another_if_crowded();
                    }
                    if !self.execute(desk, process) {
                        watch::lost_place(desk.seat, &self.bed);
                        break;
                    }
                }
                None => self.sleep(desk),
            }
        }
        desk.counts.add();
        epoch::offline();
    }

    /// What is to be done now and then.
    #[cold]
    fn look_around(&self, desk: &Desk, due: &mut Vec<Action>) {
        let now = clock::elapsed();
        self.timers.due(now, due);
        for action in due.drain(..) {
            fire(action);
        }
        desk.counts.add();
        dump::if_asked();
        time_offset::look();
        exhaustion::refill_reserve();
        slab::tick((now / 1_000_000) as u32);
    }

    /// The own queue is empty: looks at the others'.
    fn search(&self, desk: &Desk, due: &mut Vec<Action>) -> Option<Handle> {
        let all = schedulers();
        let began = cycles::now();
        while cycles::now().wrapping_sub(began) < SEARCH_CYCLES {
            for i in 0..all.len() {
                let other = &all[(self.index + i) % all.len()];
                // One process alone is left to the scheduler that has it, which is awake.
                let least = if i == 0 { 1 } else { 2 };
                if other.queue.len() < least {
                    continue;
                }
                let found = if i == 0 { self.queue.pop() } else { self.queue.steal(&other.queue) };
                if found.is_some() {
                    return found;
                }
            }
            core::hint::spin_loop();
        }
        self.look_around(desk, due);
        self.queue.pop()
    }

    fn sleep(&self, desk: &Desk) {
        idle().searched();
        idle().enter(self.index);
        let is_needed = || schedulers().iter().any(|other| other.queue.len() >= 2);
        if self.queue.len() == 0 && !(online::runs(self.index) && is_needed()) {
            epoch::offline();
            let now = clock::elapsed();
            self.rest.begin(now);
            self.bed.sleep(self.rest_at_most(now));
            self.rest.end(clock::elapsed());
            epoch::online();
        }
        idle().leave(self.index);
        watch::woken();
        desk.counts.was_asleep.set(true);
        desk.counts.watch.read();
        desk.counts.last_look_cycles.set(0);
    }

    /// Nanoseconds until there is something to be done here.
    fn rest_at_most(&self, now: i64) -> Option<i64> {
        let timer = self.timers.next().map(|next| (next - now).max(0));
        if self.index == 0 && time_offset::is_watched() {
            return Some(timer.unwrap_or(i64::MAX).min(clock::CHECK_INTERVAL));
        }
        timer
    }

    fn push(&self, process: Handle) {
        if !online::runs(self.index) {
            push_to_first(process);
        } else if self.queue.push(process) >= 2 {
            self.wake_another_if_crowded();
        }
    }
    /// Wakes another scheduler when there has been work for it for some time. A few processes that
    /// talk to each other are done with sooner than another thread would be there.
    fn wake_another_if_crowded(&self) {
        if self.queue.len() < 2 {
            self.crowded_since.store(0, Relaxed);
            return;
        }
        let now = cycles::now().max(1);
        match self.crowded_since.load(Relaxed) {
            0 => self.crowded_since.store(now, Relaxed),
            since if now.wrapping_sub(since) > CROWDED_CYCLES => self.wake_another(),
            _ => {}
        }
    }
    /// This scheduler is to run no processes.
    fn give_away(&self) {
        while let Some(process) = self.queue.pop() {
            push_to_first(process);
        }
    }
    /// There may be more to do than this scheduler does alone.
    fn wake_another(&self) {
        if self.queue.len() >= 2
            && let Some(index) = idle().to_wake(online::mask())
        {
            schedulers()[index].bed.wake();
        }
    }

    /// Runs a process, which the caller holds, for one time slice. Whether the thread still has its
    /// place after that.
    fn execute(&self, desk: &Desk, handle: Handle) -> bool {
        // SAFETY: P1.
        let p = unsafe { &mut *handle.process() };
        let turn = self.place.begin_slice();
        desk.counts.slices.set(desk.counts.slices.get() + 1);
        p.head.x = desk.x.get() as u64;
        p.life.slice_start = p.life.slice.into();
        p.heap.begin_slice(&mut p.head, p.life.slice_start);
        // SAFETY: the process runs on this thread until the slice is over.
        p.exception = unsafe { exception::Place::new(desk.exception.get()) };
        match self.slice(desk, p) {
            After::Runnable => {
                desk.counts.end_slice(p);
                p.life.slice = slices::next(p.life.slice, desk.counts.watch.lap());
                self.push(handle);
                // Who has used up a slice goes on for long: who waits is not to take turns with it.
                self.wake_another();
            }
            After::Parked => {}
            After::Gone => spawn::free(handle),
        }
        self.place.end_slice(turn)
    }

    fn slice(&self, desk: &Desk, p: &mut Process) -> After {
        loop {
            if p.life.exit_state == ExitState::Telling {
                if core::mem::take(&mut p.life.is_exhausted) {
                    exit::give_up(p);
                }
                guarded(p, exit::tell);
                let is_done = p.life.exit_state == ExitState::Told;
                return if is_done { After::Gone } else { After::Runnable };
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
                None if p.heap.is_collection_requested() && !p.mailbox.is_examining() => {
                    // It may wait for long with what it has built to answer others.
                    p.heap.take_request(&mut p.head);
                    collect(p, 0, Collection::Minor);
                }
                None => {
                    desk.counts.end_slice(p);
                    let shared = p.shared();
                    if shared.signals.park() {
                        return After::Parked;
                    }
                }
            }
        }
    }

    fn enter(&self, p: &mut Process) {
        if p.life.run == Run::Fresh && !(self.engine.prepare)(p) {
            return guarded(p, uncaught);
        }
        p.life.run = Run::Ready;
        p.head.suspended = 0;
        p.head.slow_result = p.life.result.0;
        p.life.result = Term::NONVALUE;
        exhaustion::set_running(&raw mut p.head);
        // SAFETY: the process is prepared, and held by this thread (P1).
        unsafe { (self.engine.enter)(p) };
        left(p);
        if p.exception.uncaught {
            guarded(p, uncaught);
        }
    }
}

/// Does something for a process that may run out of memory, and then is to exit.
fn guarded(p: &mut Process, work: extern "C" fn(*mut Process)) {
    match code::guard() {
        Some(guard) if !exhaustion::is_running() => {
            p.head.suspended = 0;
            exhaustion::set_running(&raw mut p.head);
            // SAFETY: X1: held by this thread (P1), and not entered.
            unsafe { guard(p, work) };
            left(p);
        }
        _ => work(p),
    }
}
/// This thread has left the process.
fn left(p: &mut Process) {
    exhaustion::set_running(core::ptr::null_mut());
    if p.head.suspended == EXHAUSTED {
        exhausted(p);
    }
}

/// What has become of a process after a slice.
enum After {
    Runnable,
    /// It waits; somebody else may hold it already.
    Parked,
    Gone,
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
    // What a message under examination holds is not the heap's: a collector must not meet it.
    let Some(asked) = &p.life.to_collect else { return };
    if p.life.is_exiting() || p.mailbox.is_examining() {
        return;
    }
    collect(p, 0, if asked.is_major { Collection::Major } else { Collection::Minor });
    if let Some(asked) = p.life.to_collect.take() {
        for (from, request) in asked.requests {
            send::task_done(from, request.message, beamrc_abi::atom::id::MAJOR, true);
        }
    }
}

/// Collects; a process that needs more memory than it may have is to exit.
pub fn collect(p: &mut Process, need_words: usize, at_least: Collection) {
    use crate::heap::Exhausted;
    use beamrc_abi::atom::id;
    match p.collect(need_words, at_least) {
        Ok(()) => {}
        Err(Exhausted::MaxHeapSize(words)) => {
            let max = p.heap.options.max_heap;
            if max.error_logger {
                report::max_heap_size(p, words);
            }
            if max.kill {
                p.exit(Term::atom(id::KILLED));
            } else if let Err(Exhausted::OutOfMemory) = p.collect(need_words, Collection::Minor) {
                // The report may have taken the words that the caller needs, hence again.
                exhausted(p);
            }
        }
        Err(Exhausted::OutOfMemory) => exhausted(p),
    }
}

/// The system has no memory for a process, which is to exit: whatever else it was to exit with may
/// be part of what there is no memory for.
#[cold]
pub fn exhausted(p: &mut Process) {
    p.life.exiting = Term::NONVALUE;
    p.exit(Term::atom(beamrc_abi::atom::id::KILLED));
    p.life.is_exhausted = true;
    p.exception.uncaught = false;
}

/// The process ends with an exception that nobody handled.
extern "C" fn uncaught(p: *mut Process) {
    // SAFETY: P1: held by this thread.
    let p = unsafe { &mut *p };
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
    p.life.time_out = TimeOut::Set { number, timer, unique };
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
    let action = |place| Action::Send { to, message: message(place) };
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
