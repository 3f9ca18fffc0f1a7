//! What the simulation knows, and its random numbers.

use crate::process::relations::Reference;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

pub const LONGEST_TIMER_MS: usize = 20;
/// Longer than that.
pub const LONGEST_TIMER_NS: i64 = 25_000_000;

/// Where a process goes on when it runs next.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub enum Doing {
    #[default]
    Anything,
    /// It waits in a receive for messages that this takes.
    Receiving(Wanted),
}

/// The messages that a receive takes, and its time-out: milliseconds, and when it began.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Wanted {
    pub only_even: bool,
    pub time_out: Option<(usize, i64)>,
}
impl Wanted {
    pub const ALL: Wanted = Wanted { only_even: false, time_out: None };
}

/// What is known of a process besides what it knows itself.
#[derive(Default)]
pub struct Known {
    pub doing: Doing,
    /// With whom it has given up links that only it can have made.
    pub has_unlinked: BTreeSet<u64>,
    /// Its monitors that are to be heard of, by the number of their reference.
    pub monitors: BTreeSet<u64>,
    /// Its monitors of the time offset, and what it knows by each.
    pub offsets: BTreeMap<u64, i64>,
    /// The last number received from each sender, of odd and of even ones.
    pub received: BTreeMap<(u64, i64), i64>,
    pub received_count: u64,
}

/// A timer that is set or has gone off without being heard of.
#[derive(Clone, Copy)]
pub struct Timer {
    pub number: u64,
    pub place: u64,
    pub deadline: i64,
    pub to: u64,
    pub is_cancelled: bool,
}

/// An alias that a process has or had.
pub struct Alias {
    pub reference: Reference,
    pub owner: u64,
    /// The first message to it ends it.
    pub is_for_reply: bool,
    /// The number of the last message that could be sent to it, once it has ended.
    pub ended: Option<u64>,
    pub sent: u64,
    pub received: u64,
}
impl Alias {
    pub fn is_active_of(&self, process: u64) -> bool {
        self.owner == process && self.ended.is_none()
    }
}

pub struct World {
    pub seed: u64,
    state: u64,
    pub now: i64,
    pub offset: i64,
    /// Processes do nothing but receive what is there.
    pub is_quiet: bool,
    pub known: BTreeMap<u64, Known>,
    /// The last number sent from one to another.
    pub sent: BTreeMap<(u64, u64), i64>,
    /// Messages sent to processes that were there.
    pub sent_to: BTreeMap<u64, u64>,
    /// Who has called `link` with whom: such a signal may be under way when the other unlinks.
    pub has_linked: BTreeSet<(u64, u64)>,
    /// By the term that the timer's message holds.
    pub timers: BTreeMap<i64, Timer>,
    /// By the number of their reference.
    pub aliases: BTreeMap<u64, Alias>,
    /// Messages sent to aliases, whether there was anybody or not.
    pub sent_to_aliases: u64,
}

impl World {
    pub fn begin(&mut self, seed: u64) {
        let (now, offset) = (self.now, self.offset);
        *self = World::EMPTY;
        (self.now, self.offset) = (now, offset);
        self.seed = seed;
        self.state = seed.wrapping_mul(0x1234_5678_9abc_def1);
    }
    pub fn random(&mut self, below: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.state ^ self.state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        ((z ^ z >> 27) >> 11) as usize % below
    }
    /// Any process that is or was there.
    pub fn any(&mut self) -> u64 {
        let index = self.random(self.known.len());
        *self.known.keys().nth(index).expect("some process")
    }
    pub fn of(&mut self, number: u64) -> &mut Known {
        self.known.get_mut(&number).expect("a known process")
    }

    const EMPTY: World = World {
        seed: 0,
        state: 0,
        now: 0,
        offset: 0,
        is_quiet: false,
        known: BTreeMap::new(),
        sent: BTreeMap::new(),
        sent_to: BTreeMap::new(),
        has_linked: BTreeSet::new(),
        timers: BTreeMap::new(),
        aliases: BTreeMap::new(),
        sent_to_aliases: 0,
    };
}

/// How often something happened, over all seeds: a simulation in which nothing happens proves nothing.
#[derive(Clone, Copy, Default, Debug)]
pub struct Happened {
    pub slices: u64,
    pub interruptions: u64,
    pub messages: u64,
    pub exits: u64,
    pub downs: u64,
    pub timers: u64,
    pub time_outs: u64,
    pub changes: u64,
    pub stolen: u64,
    pub aliased: u64,
    pub hibernations: u64,
}
thread_local! {
    static HAPPENED: Cell<Happened> = const {
        Cell::new(Happened {
            slices: 0,
            interruptions: 0,
            messages: 0,
            exits: 0,
            downs: 0,
            timers: 0,
            time_outs: 0,
            changes: 0,
            stolen: 0,
            aliased: 0,
            hibernations: 0,
        })
    };
}
pub fn happened() -> Happened {
    HAPPENED.get()
}
pub fn count(what: impl FnOnce(&mut Happened) -> &mut u64) {
    let mut happened = HAPPENED.get();
    *what(&mut happened) += 1;
    HAPPENED.set(happened);
}

thread_local! {
    static WORLD: RefCell<World> = const { RefCell::new(World::EMPTY) };
}
pub fn world<R>(look: impl FnOnce(&mut World) -> R) -> R {
    WORLD.with_borrow_mut(look)
}
