//! Which schedulers run processes: `schedulers_online` and `multi_scheduling` of `system_flag`.
//!
//! A scheduler that is not to run any gives what is in its run queue to the first, sleeps, and
//! still serves the timers that were set on it. What runs on it goes on until its slice is over.

use super::{idle, schedulers};
use crate::process::figures;
use crate::sys::lock::{Mutex, MutexGuard};
use core::sync::atomic::{AtomicUsize, Ordering::SeqCst};

/// How many schedulers run processes: the first ones.
static RUNNING: AtomicUsize = AtomicUsize::new(usize::MAX);

static SETTINGS: Mutex<Settings> = Mutex::new(Settings { online: None, blockers: Vec::new() });

struct Settings {
    /// All, unless set.
    online: Option<usize>,
    /// Processes that block multi-scheduling.
    blockers: Vec<Blocker>,
}
/// How often a process has blocked, of both sorts.
struct Blocker {
    process: u64,
    all: usize,
    normal: usize,
}

/// Whether multi-scheduling is blocked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Blocking {
    Enabled,
    Blocked,
    /// By `block_normal` only.
    Normal,
}

impl Settings {
    fn online(&self) -> usize {
        self.online.unwrap_or_else(figures::schedulers)
    }
    fn blocking(&self) -> Blocking {
        match &*self.blockers {
            [] => Blocking::Enabled,
            all if all.iter().any(|blocker| blocker.all > 0) => Blocking::Blocked,
            _ => Blocking::Normal,
        }
    }
    fn apply(&self) {
        let running = if self.blockers.is_empty() { self.online() } else { 1 };
        if RUNNING.swap(running, SeqCst) != running {
            // Who was asleep looks whether there is something to do, or to give away.
            schedulers().iter().for_each(|scheduler| scheduler.bed.wake());
        }
    }
}

fn settings() -> MutexGuard<'static, Settings> {
    SETTINGS.lock().expect("nothing panics with the lock held")
}

/// Whether this scheduler is to run processes.
pub fn runs(index: usize) -> bool {
    index < RUNNING.load(SeqCst)
}
/// The bits of those schedulers.
pub fn mask() -> u64 {
    match RUNNING.load(SeqCst) {
        count if count >= idle::SCHEDULERS_MAX => u64::MAX,
        count => (1 << count) - 1,
    }
}

pub fn online() -> usize {
    settings().online()
}
/// Sets how many are online; returns how many were. The number is one that there can be.
pub fn set_online(count: usize) -> usize {
    let mut settings = settings();
    let before = settings.online();
    settings.online = Some(count);
    settings.apply();
    before
}

/// Schedulers that are online and not kept from running by a process that blocks the others, at one
/// moment; and whether long natives may run beside them.
pub fn active() -> (usize, usize, bool) {
    let settings = settings();
    let online = settings.online();
    match settings.blocking() {
        Blocking::Enabled => (online, online, true),
        Blocking::Normal => (online, 1, true),
        Blocking::Blocked => (online, 1, false),
    }
}

pub fn blocking() -> Blocking {
    settings().blocking()
}
/// Blocks multi-scheduling on behalf of a process.
pub fn block(process: u64, is_normal: bool) -> Blocking {
    let mut settings = settings();
    let blockers = &mut settings.blockers;
    let at = blockers.iter().position(|blocker| blocker.process == process);
    let at = at.unwrap_or_else(|| {
        blockers.push(Blocker { process, all: 0, normal: 0 });
        blockers.len() - 1
    });
    let blocker = &mut blockers[at];
    *(if is_normal { &mut blocker.normal } else { &mut blocker.all }) += 1;
    settings.apply();
    settings.blocking()
}
/// Takes one blocking of a process back, if there is one.
pub fn unblock(process: u64, is_normal: bool) -> Blocking {
    let mut settings = settings();
    for blocker in settings.blockers.iter_mut().filter(|blocker| blocker.process == process) {
        let count = if is_normal { &mut blocker.normal } else { &mut blocker.all };
        *count = count.saturating_sub(1);
    }
    settings.blockers.retain(|blocker| blocker.all + blocker.normal > 0);
    settings.apply();
    settings.blocking()
}
/// The process exits.
pub fn forget(process: u64) {
    if RUNNING.load(SeqCst) == 1 {
        let mut settings = settings();
        settings.blockers.retain(|blocker| blocker.process != process);
        settings.apply();
    }
}
/// Who blocks, or blocks normal schedulers only.
pub fn blockers(is_normal: bool) -> Vec<u64> {
    let settings = settings();
    let blocks = |blocker: &&Blocker| (if is_normal { blocker.normal } else { blocker.all }) > 0;
    settings.blockers.iter().filter(blocks).map(|blocker| blocker.process).collect()
}
