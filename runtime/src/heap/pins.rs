//! Pinned roots: terms that Rust code keeps across safepoints, by ticket.
//!
//! The collector traces and updates the pool. A slot is recycled through a free list, each time
//! with the next generation; a ticket of an earlier one reads as nothing. A slot whose generations
//! are used up is retired.

use super::collect::Visitor;
use crate::term::Term;

/// Copyable name of a pinned root.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Ticket {
    slot: u32,
    generation: u32,
}

struct Slot {
    /// Of the ticket that may use the slot now, or of the next one if it is free.
    generation: u32,
    content: Content,
}
enum Content {
    Pinned(Term),
    /// Next free slot.
    Free(Option<u32>),
    Retired,
}

#[derive(Default)]
pub struct Pins {
    slots: Vec<Slot>,
    free: Option<u32>,
}

impl Pins {
    /// Makes a term a root until it is unpinned.
    pub fn pin(&mut self, term: Term) -> Ticket {
        if let Some(slot) = self.free {
            let entry = &mut self.slots[slot as usize];
            let Content::Free(next) = entry.content else {
                unreachable!("the free list holds free slots")
            };
            self.free = next;
            entry.content = Content::Pinned(term);
            return Ticket { slot, generation: entry.generation };
        }
        let slot = u32::try_from(self.slots.len()).expect("fewer than 2^32 pinned roots");
        self.slots.push(Slot { generation: 0, content: Content::Pinned(term) });
        Ticket { slot, generation: 0 }
    }

    fn content(&mut self, ticket: Ticket) -> Option<&mut Content> {
        let slot = self.slots.get_mut(ticket.slot as usize)?;
        let is_current =
            slot.generation == ticket.generation && matches!(slot.content, Content::Pinned(_));
        is_current.then_some(&mut slot.content)
    }

    pub fn read(&mut self, ticket: Ticket) -> Option<Term> {
        match self.content(ticket)? {
            Content::Pinned(term) => Some(*term),
            _ => None,
        }
    }

    /// Whether the ticket was valid.
    pub fn write(&mut self, ticket: Ticket, term: Term) -> bool {
        match self.content(ticket) {
            Some(content) => {
                *content = Content::Pinned(term);
                true
            }
            None => false,
        }
    }

    /// The root's last value.
    pub fn unpin(&mut self, ticket: Ticket) -> Option<Term> {
        let term = self.read(ticket)?;
        self.release(ticket.slot);
        Some(term)
    }

    pub fn unpin_all(&mut self) {
        for slot in 0..self.slots.len() as u32 {
            if matches!(self.slots[slot as usize].content, Content::Pinned(_)) {
                self.release(slot);
            }
        }
    }

    fn release(&mut self, slot: u32) {
        let entry = &mut self.slots[slot as usize];
        match entry.generation.checked_add(1) {
            Some(next) => {
                entry.generation = next;
                entry.content = Content::Free(self.free);
                self.free = Some(slot);
            }
            None => entry.content = Content::Retired,
        }
    }

    pub(super) fn visit<V: Visitor>(&mut self, visitor: &mut V) {
        for slot in &mut self.slots {
            if let Content::Pinned(term) = &mut slot.content {
                visitor.term(term);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tickets_name_their_own_root_only() {
        let mut pins = Pins::default();
        let a = pins.pin(Term::small(1));
        let b = pins.pin(Term::small(2));
        assert!(pins.read(a) == Some(Term::small(1)) && pins.read(b) == Some(Term::small(2)));
        assert!(pins.unpin(a) == Some(Term::small(1)));
        assert!(pins.read(a).is_none() && pins.unpin(a).is_none());
        let c = pins.pin(Term::small(3));
        assert!(c.slot == a.slot && c != a);
        assert!(!pins.write(a, Term::small(9)) && pins.read(c) == Some(Term::small(3)));
        assert!(pins.write(c, Term::small(4)) && pins.read(c) == Some(Term::small(4)));
        pins.unpin_all();
        assert!(pins.read(b).is_none() && pins.read(c).is_none());
        assert_eq!(pins.slots.len(), 2);
    }

    /// Random deeds against a map; tickets that are over are tried again and again.
    #[test]
    fn as_a_map_does() {
        let mut state = 1u64;
        let mut random = |below: u64| {
            state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
            (state >> 33) % below
        };
        let mut pins = Pins::default();
        let mut model = std::collections::BTreeMap::new();
        let mut tickets = Vec::new();
        for number in 0..20_000 {
            let term = Term::small(number);
            if tickets.is_empty() || random(3) == 0 {
                let ticket = pins.pin(term);
                assert!(!tickets.contains(&ticket), "a ticket is given once");
                model.insert(tickets.len(), term);
                tickets.push(ticket);
            }
            let which = random(tickets.len() as u64) as usize;
            let ticket = tickets[which];
            match random(5) {
                0 => assert!(pins.unpin(ticket) == model.remove(&which)),
                1 => {
                    let is_there = model.get_mut(&which).map(|held| *held = term).is_some();
                    assert_eq!(pins.write(ticket, term), is_there);
                }
                2 if random(500) == 0 => {
                    pins.unpin_all();
                    model.clear();
                }
                _ => assert!(pins.read(ticket) == model.get(&which).copied()),
            }
        }
        assert!(pins.slots.len() < tickets.len(), "slots are recycled");
    }

    #[test]
    fn a_slot_without_generations_is_retired() {
        let mut pins = Pins::default();
        let first = pins.pin(Term::small(1));
        pins.slots[0].generation = u32::MAX;
        let last = Ticket { generation: u32::MAX, ..first };
        assert!(pins.unpin(last) == Some(Term::small(1)));
        let next = pins.pin(Term::small(2));
        assert!(next.slot == 1 && pins.read(last).is_none() && pins.read(first).is_none());
    }
}
