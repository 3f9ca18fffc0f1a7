//! What ties a process to others: links, monitors from both ends, aliases.
//!
//! Only the process itself touches these; the other end has its own entry, and the two are brought
//! into agreement by signals. Processes without any have no tables.

use crate::heap::Heap;
use crate::heap::pins::Ticket;
use crate::term::Alloc;
use crate::term::{Kind, Term, build};
use std::collections::BTreeMap;

/// A link to another process.
#[derive(Clone, Copy, Default)]
pub struct Link {
    /// Not 0: it has been given up by `unlink`, and the other process has not yet acknowledged the
    /// signal with this number. Until then, exit signals over the link are dropped.
    pub unlinking: u64,
    /// What comes of the other's exit comes before ordinary messages.
    pub priority: bool,
}

/// A reference as its two words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reference(pub [u64; 2]);

impl Reference {
    pub const WORDS: usize = 3;
    pub fn of(term: &Term) -> Option<Reference> {
        if !term.is_kind(Kind::Ref) && !term.is_kind(Kind::MagicRef) {
            return None;
        }
        let words = term.words();
        Some(Reference([words[0], if term.is_kind(Kind::Ref) { words[1] } else { 0 }]))
    }
    /// A new one that messages can be sent to, as an alias of this process.
    pub fn new_alias(process: u64) -> Reference {
        Reference([crate::sys::unique::number(), process << 1 | 1])
    }
    pub fn new() -> Reference {
        Reference([crate::sys::unique::number(), 0])
    }
    pub fn number(self) -> u64 {
        self.0[0]
    }
    /// The process that it is or was an alias of.
    pub fn alias_of(self) -> Option<u64> {
        (self.0[1] & 1 == 1).then_some(self.0[1] >> 1)
    }
    pub fn term(self, heap: &mut (impl Alloc + ?Sized)) -> Term {
        build::object(heap, Kind::Ref, 0, &self.0)
    }
}
impl Default for Reference {
    fn default() -> Reference {
        Reference::new()
    }
}

/// What a monitor watches.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    Process(u64),
    /// A registered name, and the process that had it.
    Name(u32, Option<u64>),
    TimeOffset,
    /// What does not exist: that it is down is under way.
    Nobody,
    /// Nothing: it is an alias and no more.
    Nothing,
}

/// When an alias stops being one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Alias {
    None,
    /// By `unalias` alone.
    Explicit,
    /// With its monitor.
    Demonitor,
    /// With the first message sent to it, or its monitor.
    Reply,
}

/// What may be asked for with a monitor.
#[derive(Clone, Copy)]
pub struct MonitorOptions {
    /// The reference is an alias as well, unless `None`.
    pub alias: Alias,
    /// What the message starts with in place of `'DOWN'`, if with anything else.
    pub tag: Option<Term>,
    pub priority: bool,
}
impl Default for MonitorOptions {
    fn default() -> MonitorOptions {
        MonitorOptions { alias: Alias::None, tag: None, priority: false }
    }
}

/// A monitor that this process has, or an alias.
#[derive(Clone, Copy)]
pub struct Monitor {
    pub reference: Reference,
    pub target: Target,
    pub alias: Alias,
    /// Of [`MonitorOptions`], pinned: a collection has no monitors to go over.
    pub tag: Option<Ticket>,
    /// The message of the monitor comes before ordinary ones; of what is an alias and no more:
    /// messages may, if their senders want that.
    pub priority: bool,
}

/// Another process that monitors this one.
#[derive(Clone, Copy)]
pub struct Watcher {
    pub process: u64,
    pub reference: Reference,
    /// The name by which it does.
    pub name: Option<u32>,
}

impl Monitor {
    /// Its tag, which it has no more.
    pub fn untag(&mut self, heap: &mut Heap) -> Option<Term> {
        heap.pins().unpin(self.tag.take()?)
    }
    /// It is an alias and no more from now on; it has no tag.
    pub fn become_alias(&mut self) {
        self.target = Target::Nothing;
        self.priority = false;
    }
    /// Whether messages to it may come before ordinary ones.
    pub fn is_priority_alias(&self) -> bool {
        self.priority && self.target == Target::Nothing
    }
}

#[derive(Default)]
pub struct Tables {
    pub links: BTreeMap<u64, Link>,
    /// By the number of the reference.
    pub monitors: BTreeMap<u64, Monitor>,
    pub watchers: BTreeMap<u64, Watcher>,
    /// Number of the latest `unlink` signal.
    pub last_unlink: u64,
    pub timers: OwnTimers,
    /// Processes that it has suspended, and how often.
    pub suspended: BTreeMap<u64, u32>,
}

/// Timers that the process set to send to itself, each by its place and number, so that they go
/// when it exits. Nobody takes those out that are over, until there are twice as many as there were
/// when that was last looked at.
#[derive(Default)]
pub struct OwnTimers {
    all: Vec<(u64, u64)>,
    look_at: usize,
}

impl OwnTimers {
    const LOOK_MIN: usize = 16;
    pub fn add(&mut self, place: u64, number: u64, is_set: impl Fn(u64, u64) -> bool) {
        if self.all.len() >= self.look_at.max(OwnTimers::LOOK_MIN) {
            self.all.retain(|&(place, number)| is_set(place, number));
            self.look_at = 2 * self.all.len();
        }
        self.all.push((place, number));
    }
    pub fn take(&mut self) -> Vec<(u64, u64)> {
        core::mem::take(&mut self.all)
    }
}

/// See the module's head.
#[derive(Default)]
pub struct Relations(Option<Box<Tables>>);

impl Relations {
    pub fn tables(&self) -> Option<&Tables> {
        self.0.as_deref()
    }
    pub fn tables_mut(&mut self) -> Option<&mut Tables> {
        self.0.as_deref_mut()
    }
    pub fn make(&mut self) -> &mut Tables {
        self.0.get_or_insert_default()
    }
    pub fn link(&mut self, other: u64) -> Option<&mut Link> {
        self.0.as_mut()?.links.get_mut(&other)
    }
    pub fn monitor(&mut self, reference: u64) -> Option<&mut Monitor> {
        self.0.as_mut()?.monitors.get_mut(&reference)
    }
    /// Whether any message may come before ordinary ones.
    pub fn has_priority(&self) -> bool {
        self.0.as_ref().is_some_and(|tables| {
            tables.links.values().any(|link| link.priority && link.unlinking == 0)
                || tables.monitors.values().any(|monitor| monitor.priority)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timers_that_are_over_are_forgotten() {
        let mut timers = OwnTimers::default();
        for number in 0..10_000 {
            timers.add(1, number, |_, set| number - set < 20);
        }
        let all = timers.take();
        assert!(all.len() < 100);
        assert!((9_981..10_000).all(|number| all.contains(&(1, number))));
        assert!(timers.take().is_empty());
    }
}
