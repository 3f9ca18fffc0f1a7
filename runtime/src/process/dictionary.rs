//! The process dictionary: keys told apart by `=:=`, in no order.
//!
//! Its terms are roots: a collector visits them all through [`Dictionary::roots`]. It may move the
//! keys, since their hash does not depend on where they are.

use crate::term::Term;
use crate::term::compare::equal_exact;
use crate::term::hash::internal::hash;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

/// Most processes have none, and pay one word for that.
#[derive(Default)]
pub struct Dictionary {
    table: Option<Box<HashTable<(Term, Term)>>>,
}

impl Dictionary {
    pub fn get(&self, key: Term) -> Option<Term> {
        let found = self.table.as_ref()?.find(hash(key), |(k, _)| equal_exact(*k, key));
        found.map(|(_, value)| *value)
    }
    /// Returns the value that was there.
    pub fn put(&mut self, key: Term, value: Term) -> Option<Term> {
        let same = |(k, _): &(Term, Term)| equal_exact(*k, key);
        let table = self.table.get_or_insert_default();
        match table.entry(hash(key), same, |(k, _)| hash(*k)) {
            Entry::Occupied(mut pair) => Some(core::mem::replace(&mut pair.get_mut().1, value)),
            Entry::Vacant(place) => {
                place.insert((key, value));
                None
            }
        }
    }
    /// Returns the value that was there.
    pub fn erase(&mut self, key: Term) -> Option<Term> {
        let same = |(k, _): &(Term, Term)| equal_exact(*k, key);
        let table = self.table.as_mut()?;
        let (pair, _) = table.find_entry(hash(key), same).ok()?.remove();
        if table.capacity() > 32 && table.len() < table.capacity() / 8 {
            table.shrink_to(2 * table.len(), |(k, _)| hash(*k));
        }
        Some(pair.1)
    }
    /// Erases everything and gives its memory back.
    pub fn clear(&mut self) {
        self.table = None;
    }
    pub fn len(&self) -> usize {
        self.table.as_ref().map_or(0, |table| table.len())
    }
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    pub fn pairs(&self) -> impl Iterator<Item = (Term, Term)> {
        self.table.iter().flat_map(|table| table.iter().copied())
    }
    /// Bytes outside the heap.
    pub fn size_bytes(&self) -> usize {
        self.table.as_ref().map_or(0, |table| table.allocation_size())
    }
    /// Visits every term, which may be replaced by an equal one.
    pub fn roots(&mut self, mut visit: impl FnMut(&mut Term)) {
        for (key, value) in self.table.iter_mut().flat_map(|table| table.iter_mut()) {
            visit(key);
            visit(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::Process;
    use crate::term::build;

    #[test]
    fn keys_are_told_apart_exactly() {
        let p = &mut *Process::for_tests();
        let mut dictionary = Dictionary::default();
        let float = build::float(p, 1.0);
        let pair = build::tuple(p, &[Term::OK, float]);
        let copy = build::tuple(p, &[Term::OK, float]);
        assert!(dictionary.put(Term::small(1), Term::TRUE).is_none());
        assert!(dictionary.put(float, Term::FALSE).is_none());
        assert!(dictionary.put(pair, Term::OK).is_none());
        assert!(dictionary.get(Term::small(1)) == Some(Term::TRUE));
        assert!(dictionary.get(float) == Some(Term::FALSE));
        assert!(dictionary.put(copy, Term::NIL) == Some(Term::OK));
        assert!(dictionary.erase(pair) == Some(Term::NIL));
        assert!(dictionary.get(copy).is_none());
        assert_eq!(dictionary.len(), 2);
    }

    #[test]
    fn many_come_and_go() {
        let mut dictionary = Dictionary::default();
        for i in 0..10_000 {
            assert!(dictionary.put(Term::small(i), Term::small(-i)).is_none());
        }
        let full = dictionary.size_bytes();
        let mut roots = 0;
        dictionary.roots(|_| roots += 1);
        assert_eq!(roots, 20_000);
        for i in 10..10_000 {
            assert!(dictionary.erase(Term::small(i)) == Some(Term::small(-i)));
        }
        assert!(dictionary.size_bytes() < full / 100);
        assert!(dictionary.get(Term::small(9)) == Some(Term::small(-9)));
        assert!(dictionary.get(Term::small(10)).is_none());
    }
}
