//! Who monitors the time offset, and who is told that it has changed.
//!
//! Schedulers compare the offset with the one that was told last when they look around; while
//! somebody monitors it, one of them does not sleep for longer than the clock goes unchecked.

use super::send;
use crate::process::Process;
use crate::process::relations::{Reference, Target};
use crate::process::signal::{Kind, signal};
use crate::sys::clock;
use crate::sys::lock::{Mutex, MutexGuard};
use crate::term::{Term, atom, build};
use beamrc_abi::atom::id;
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};

struct Watchers {
    /// Each monitor, and whose it is.
    all: Vec<(Reference, u64)>,
    /// What everybody who monitors it knows.
    told: i64,
}
static WATCHERS: Mutex<Watchers> = Mutex::new(Watchers { all: Vec::new(), told: 0 });
/// How many there are; changed under the lock only.
static COUNT: AtomicUsize = AtomicUsize::new(0);

fn watchers() -> MutexGuard<'static, Watchers> {
    WATCHERS.lock().expect("nothing panics with the lock held")
}

pub fn watch(process: u64, reference: Reference) {
    let mut watchers = watchers();
    if watchers.all.is_empty() {
        watchers.told = clock::offset();
    }
    watchers.all.push((reference, process));
    COUNT.store(watchers.all.len(), Relaxed);
}
pub fn forget(reference: Reference) {
    let mut watchers = watchers();
    watchers.all.retain(|(other, _)| *other != reference);
    COUNT.store(watchers.all.len(), Relaxed);
}
pub fn is_watched() -> bool {
    COUNT.load(Relaxed) > 0
}

/// Tells everybody if the offset has changed.
pub fn look() {
    if !is_watched() {
        return;
    }
    let mut watchers = watchers();
    let offset = clock::offset();
    if core::mem::replace(&mut watchers.told, offset) == offset {
        return;
    }
    let all = watchers.all.clone();
    drop(watchers);
    for (reference, process) in all {
        tell(process, reference, offset);
    }
}

/// `{'CHANGE', Reference, time_offset, clock_service, Offset}`.
fn tell(process: u64, reference: Reference, offset: i64) {
    const OFFSET_WORDS: usize = 2;
    let change = Term::atom(atom::intern("CHANGE").expect("a short text"));
    let change = signal(Kind::Change, 6 + Reference::WORDS + OFFSET_WORDS, |to| {
        let (reference, offset) = (reference.term(to), build::integer(to, offset));
        let (sort, item) = (Term::atom(id::TIME_OFFSET), Term::atom(id::CLOCK_SERVICE));
        build::tuple(to, &[change, reference, sort, item, offset])
    });
    let _ = send::deliver(process, change);
}

/// The tag of such a monitor, and whether its messages come first; nothing if the process has given
/// it up.
pub fn heard(p: &mut Process, reference: Reference) -> Option<(Option<Term>, bool)> {
    let monitor = p.relations.monitor(reference.number())?;
    let tag = monitor.tag.and_then(|tag| p.heap.pins().read(tag));
    (monitor.target == Target::TimeOffset).then_some((tag, monitor.priority))
}
