//! What must hold after every step, and what when nothing is left to do.

use super::world::world;
use super::{SCHEDULERS, schedulers};
use crate::process::Process;
use crate::process::names;
use crate::process::relations::Target;
use crate::process::table::table;
use std::collections::{BTreeMap, BTreeSet};

/// The simulation's processes that are in the table.
pub fn alive() -> Vec<u64> {
    let known: Vec<u64> = world(|w| w.known.keys().copied().collect());
    known.into_iter().filter(|number| table().get(*number).is_some()).collect()
}

/// Processes in run queues; none is there twice.
fn queued() -> BTreeSet<u64> {
    let mut distinct = BTreeSet::new();
    for scheduler in schedulers() {
        let queued = scheduler.queue.all();
        assert_eq!(queued.len(), scheduler.queue.len(), "the length that others see");
        for process in queued {
            assert!(distinct.insert(process.number()), "a process is queued once");
            assert!(!process.signals.is_parked(), "queued or parked, not both");
        }
    }
    distinct
}

/// While a process runs.
pub fn is_not_queued(number: u64) {
    assert!(!queued().contains(&number), "running or queued, not both");
}

/// Nobody runs.
pub fn at_any_time() {
    let queued = queued();
    for number in alive() {
        let process = table().get(number).expect("just seen");
        assert_eq!(process.number(), number);
        let is_parked = process.signals.is_parked();
        assert!(queued.contains(&number) != is_parked, "each process is queued or parked");
    }
    assert!(
        queued.iter().all(|number| world(|w| w.known.contains_key(number))),
        "nobody unknown is queued"
    );
}

/// Everybody waits, and every signal and timer has been handled.
pub fn at_rest() {
    let alive = alive();
    let live: BTreeMap<u64, &Process> = alive
        .iter()
        .filter_map(|number| table().get(*number))
        // SAFETY: P1: everybody is parked, and there is one thread.
        .map(|process| (process.number(), unsafe { &*process.process() }))
        .collect();
    for p in live.values() {
        assert!(p.shared().signals.is_parked(), "who is neither queued nor runs is parked");
        assert_eq!(p.mailbox.length(), 0, "everything has been received");
        relations(p, &live);
    }
    world(|w| {
        for number in live.keys() {
            let sent = w.sent_to.get(number).copied().unwrap_or_default();
            assert_eq!(w.of(*number).received_count, sent, "no message is lost or doubled");
        }
        for number in live.keys() {
            let offset = w.offset;
            let is_known = w.of(*number).offsets.values().all(|known| *known == offset);
            assert!(is_known, "every change of the time offset is heard of");
        }
        for alias in w.aliases.values().filter(|alias| live.contains_key(&alias.owner)) {
            let is_told = alias.ended.is_some() || alias.sent == alias.received;
            assert!(is_told, "no message to an alias is lost");
        }
        for timer in w.timers.values().filter(|timer| !timer.is_cancelled) {
            assert!(!live.contains_key(&timer.to), "every timer is heard of");
        }
    });
    for index in 0..SCHEDULERS {
        assert!(schedulers()[index].timers.next().is_none(), "no timer is left");
    }
    for name in names::registered() {
        let owner = names::whereis(name).expect("a registered name is somebody's");
        assert!(live.contains_key(&owner), "names are those of the living");
    }
}

/// Links and monitors have two ends, and the dead have none.
fn relations(p: &Process, live: &BTreeMap<u64, &Process>) {
    let number = p.number();
    let monitors = match p.relations.tables() {
        None => 0,
        Some(tables) => {
            for (other, link) in &tables.links {
                assert_eq!(link.unlinking, 0, "every unlink is acknowledged");
                let peer = live.get(other).expect("links are to the living only");
                let back = peer.relations.tables().is_some_and(|t| t.links.contains_key(&number));
                assert!(back, "links have two ends");
            }
            for monitor in tables.monitors.values() {
                let (Target::Process(other) | Target::Name(_, Some(other))) = monitor.target else {
                    continue;
                };
                let peer = live.get(&other).expect("the dead are not monitored");
                let watchers = &peer.relations.tables().expect("monitored").watchers;
                assert!(watchers.contains_key(&monitor.reference.number()), "it knows");
            }
            for watcher in tables.watchers.values() {
                let peer = live.get(&watcher.process).expect("the dead do not monitor");
                let monitors = &peer.relations.tables().expect("monitors").monitors;
                assert!(monitors.contains_key(&watcher.reference.number()), "it knows");
            }
            tables.monitors.len()
        }
    };
    let expected = world(|w| {
        let aliases = w.aliases.values().filter(|alias| alias.is_active_of(number)).count();
        aliases + w.of(number).monitors.len() + w.of(number).offsets.len()
    });
    assert_eq!(monitors, expected, "each monitor and alias is there or has been heard of");
}
