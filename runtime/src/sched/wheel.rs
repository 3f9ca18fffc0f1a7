//! A hierarchical timing wheel: timers by the tick at which they are due.
//!
//! Setting and cancelling take constant time, whatever the number of timers; a timer moves to a
//! finer level at most once per level. Slots of entries are recycled; when no timer is left, their
//! memory is given back.
//!
//! * W1: an entry whose tick differs from `now` first in the 6-bit group `l` (counted from the
//!   lowest) is in level `l`, in the slot that its group names. So lower levels are due earlier.

const LEVELS: usize = 7;
const SLOT_BITS: u32 = 6;
const SLOTS: usize = 1 << SLOT_BITS;
const NONE: u32 = u32::MAX;
/// Entries further away than this are looked at again in between.
const HORIZON: u64 = 1 << (SLOT_BITS * LEVELS as u32 - 1);

struct Entry<T> {
    /// When it is due; what the entry is for; nothing in a free one.
    tick: u64,
    content: Option<T>,
    next: u32,
    /// Entry before it; of the first of a list, its last.
    previous: u32,
    list: u16,
}

pub struct Wheel<T> {
    now: u64,
    lists: [[u32; SLOTS]; LEVELS],
    occupied: [u64; LEVELS],
    entries: Vec<Entry<T>>,
    free: u32,
    count: usize,
}

impl<T> Wheel<T> {
    pub fn new(now: u64) -> Wheel<T> {
        Wheel {
            now,
            lists: [[NONE; SLOTS]; LEVELS],
            occupied: [0; LEVELS],
            entries: Vec::new(),
            free: NONE,
            count: 0,
        }
    }
    pub fn len(&self) -> usize {
        self.count
    }
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// What [`Wheel::set`] is going to return.
    pub fn next_index(&self) -> u32 {
        if self.free == NONE { self.entries.len() as u32 } else { self.free }
    }
    /// Sets a timer; the number it is given is that of no other timer until it is over.
    pub fn set(&mut self, tick: u64, content: T) -> u32 {
        let index = match self.free {
            NONE => {
                self.entries.push(Entry {
                    tick: 0,
                    content: None,
                    next: NONE,
                    previous: NONE,
                    list: 0,
                });
                u32::try_from(self.entries.len() - 1).expect("fewer than 2^32 timers")
            }
            index => {
                self.free = self.entries[index as usize].next;
                index
            }
        };
        let entry = &mut self.entries[index as usize];
        entry.tick = tick;
        entry.content = Some(content);
        self.count += 1;
        self.enlist(index);
        index
    }

    pub fn get(&self, index: u32) -> Option<(u64, &T)> {
        let entry = self.entries.get(index as usize)?;
        Some((entry.tick, entry.content.as_ref()?))
    }

    /// Its tick and content, if it is not over.
    pub fn cancel(&mut self, index: u32) -> Option<(u64, T)> {
        self.entries.get(index as usize)?.content.as_ref()?;
        self.delist(index);
        Some(self.recycle(index))
    }

    /// Cancels all that this does not hold for.
    pub fn retain(&mut self, is_wanted: impl Fn(&T) -> bool) -> Vec<T> {
        let mut cancelled = Vec::new();
        for index in 0..self.entries.len() as u32 {
            if self.get(index).is_some_and(|(_, content)| !is_wanted(content)) {
                cancelled.extend(self.cancel(index).map(|(_, content)| content));
            }
        }
        cancelled
    }

    fn recycle(&mut self, index: u32) -> (u64, T) {
        let entry = &mut self.entries[index as usize];
        let content = entry.content.take().expect("a set timer");
        let tick = entry.tick;
        entry.next = self.free;
        self.free = index;
        self.count -= 1;
        if self.count == 0 {
            self.entries = Vec::new();
            self.free = NONE;
        }
        (tick, content)
    }

    fn enlist(&mut self, index: u32) {
        let entry = &mut self.entries[index as usize];
        // What is due already is due at the next tick; what is too far is moved on the way.
        let tick = entry.tick.clamp(self.now + 1, self.now + HORIZON);
        let level = ((tick ^ self.now).ilog2() / SLOT_BITS) as usize;
        let level = level.min(LEVELS - 1);
        let slot = (tick >> (SLOT_BITS * level as u32)) as usize % SLOTS;
        let list = &mut self.lists[level][slot];
        entry.list = (level * SLOTS + slot) as u16;
        entry.previous = index;
        entry.next = NONE;
        let first = *list;
        if first == NONE {
            *list = index;
        } else {
            let last = core::mem::replace(&mut self.entries[first as usize].previous, index);
            self.entries[last as usize].next = index;
            self.entries[index as usize].previous = last;
        }
        self.occupied[level] |= 1 << slot;
    }
    fn delist(&mut self, index: u32) {
        let entry = &self.entries[index as usize];
        let (next, previous, list) = (entry.next, entry.previous, entry.list as usize);
        let first = &mut self.lists[list / SLOTS][list % SLOTS];
        if *first == index {
            *first = next;
            if next == NONE {
                self.occupied[list / SLOTS] &= !(1 << (list % SLOTS));
                return;
            }
        } else {
            self.entries[previous as usize].next = next;
        }
        let behind = if next == NONE { *first } else { next };
        self.entries[behind as usize].previous = previous;
    }

    /// The next occupied slot: its level, its number, and the tick at which it begins.
    fn next(&self) -> Option<(usize, usize, u64)> {
        let level = self.occupied.iter().position(|slots| *slots != 0)?;
        let shift = SLOT_BITS * level as u32;
        let now_slot = (self.now >> shift) as u32 % SLOTS as u32;
        let distance = self.occupied[level].rotate_right(now_slot).trailing_zeros();
        let slot = (now_slot + distance) as usize % SLOTS;
        let begin = (self.now >> shift) + u64::from(distance);
        Some((level, slot, (begin << shift).max(self.now + 1)))
    }
    /// The tick at which [`Wheel::advance`] has something to do.
    pub fn next_tick(&self) -> Option<u64> {
        self.next().map(|(_, _, tick)| tick)
    }

    /// Goes on to a later tick; gives each timer that is due by then, in the order of ticks, and of
    /// one tick in that in which they were set.
    pub fn advance(&mut self, to: u64, mut due: impl FnMut(T)) {
        while let Some((level, slot, tick)) = self.next() {
            if tick > to {
                break;
            }
            self.now = tick;
            let mut index = core::mem::replace(&mut self.lists[level][slot], NONE);
            self.occupied[level] &= !(1 << slot);
            while index != NONE {
                let entry = &self.entries[index as usize];
                let next = entry.next;
                if entry.tick <= tick {
                    due(self.recycle(index).1);
                } else {
                    self.enlist(index);
                }
                index = next;
            }
        }
        self.now = self.now.max(to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// A generator of numbers that look random, the same for one seed.
    fn random(state: &mut u64) -> u64 {
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (*state ^ *state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z ^ z >> 27
    }

    #[test]
    fn timers_of_one_tick_are_due_as_they_were_set() {
        for distance in [1, 20, 64, 5000, 300_000] {
            let mut wheel = Wheel::new(7);
            let indices: Vec<u32> = (0..30).map(|number| wheel.set(7 + distance, number)).collect();
            for number in [0, 29, 11, 12, 1] {
                assert!(wheel.cancel(indices[number]).is_some());
            }
            wheel.advance(7 + distance - 1, |_| panic!("early"));
            for number in 30..35 {
                wheel.set(7 + distance, number);
            }
            let mut order = Vec::new();
            wheel.advance(7 + distance, |number| order.push(number));
            let expected = (2..35).filter(|number| ![11, 12, 29].contains(number));
            assert!(order.into_iter().eq(expected), "{distance}");
        }
    }

    /// Timers set, cancelled and run out at random, against a sorted map.
    #[test]
    fn as_a_sorted_map_does() {
        for seed in 0..200 {
            let state = &mut seed.clone();
            let start = random(state) >> 20;
            let mut wheel = Wheel::new(start);
            let mut now = start;
            let mut model: BTreeMap<u64, (u64, u32)> = BTreeMap::new();
            for number in 0..500 {
                match random(state) % 8 {
                    0..4 => {
                        let far = 1 << (random(state) % 44);
                        let tick = now + 1 + random(state) % far;
                        let index = wheel.set(tick, number);
                        model.insert(number, (tick, index));
                    }
                    4 if random(state).is_multiple_of(16) => {
                        let gone = wheel.retain(|number| number % 3 != 0);
                        let before = model.len();
                        model.retain(|number, _| number % 3 != 0);
                        assert_eq!(gone.len(), before - model.len());
                    }
                    4 => {
                        if let Some((&number, &(tick, index))) =
                            model.iter().nth(random(state) as usize % (model.len() + 1))
                        {
                            assert_eq!(wheel.cancel(index), Some((tick, number)));
                            model.remove(&number);
                        }
                    }
                    _ => {
                        now += random(state) % (1 << (random(state) % 40));
                        let mut due = Vec::new();
                        wheel.advance(now, |number| due.push(number));
                        for number in &due {
                            let (tick, _) = model.remove(number).expect("set and not cancelled");
                            assert!(tick <= now, "early");
                        }
                        assert!(model.values().all(|(tick, _)| *tick > now), "late");
                    }
                }
                assert_eq!(wheel.len(), model.len());
                if let Some(next) = wheel.next_tick() {
                    let first = model.values().map(|(tick, _)| *tick).min().expect("some");
                    assert!(next > now && next <= first);
                }
            }
        }
    }

    #[test]
    fn timers_go_off_in_order() {
        let mut wheel = Wheel::new(0);
        for tick in [5000, 70, 3, 64, 4095, 4096, 1] {
            wheel.set(tick, tick);
        }
        let mut order = Vec::new();
        wheel.advance(10_000, |tick| order.push(tick));
        assert_eq!(order, [1, 3, 64, 70, 4095, 4096, 5000]);
        assert_eq!(wheel.entries.capacity(), 0, "memory is given back");
    }
}
