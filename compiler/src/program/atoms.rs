//! Numbers for the atoms of a program, as `beamrc_abi::atom` lays down.
//!
//! Invariants: every atom the runtime names has its home number; numbers depend on the set of
//! texts only, not on the order in which they came.

use std::collections::{BTreeSet, HashMap};

use beamrc_abi::atom::{ID_MASK, KNOWN, home_id};
use beamrc_beam::Atom;

/// The atoms of a program and their numbers.
#[derive(Clone, Debug, Default)]
pub struct AtomTable {
    /// Number and text, in the order of the numbers.
    entries: Vec<(u32, Atom)>,
    ids: HashMap<Atom, u32>,
}

impl AtomTable {
    /// Numbers these atoms and those the runtime names.
    pub fn new(atoms: impl IntoIterator<Item = Atom>) -> AtomTable {
        AtomTable::with_home(atoms, home_id)
    }

    fn with_home(atoms: impl IntoIterator<Item = Atom>, home: fn(&[u8]) -> u32) -> AtomTable {
        let mut taken: HashMap<u32, Atom> = HashMap::new();
        let mut ids = HashMap::new();
        let known: BTreeSet<Atom> = KNOWN.iter().map(|text| Atom::from(*text)).collect();
        let others: BTreeSet<Atom> = atoms.into_iter().filter(|a| !known.contains(a)).collect();
        for atom in known.into_iter().chain(others) {
            let mut id = home(atom.as_bytes());
            while taken.contains_key(&id) {
                id = (id + 1) & ID_MASK;
            }
            taken.insert(id, atom.clone());
            ids.insert(atom, id);
        }
        let mut entries: Vec<_> = taken.into_iter().collect();
        entries.sort_unstable();
        AtomTable { entries, ids }
    }

    /// The number of an atom of the program.
    pub fn id(&self, text: &str) -> Option<u32> {
        self.ids.get(text).copied()
    }

    /// Number and text of every atom, in the order of the numbers.
    pub fn entries(&self) -> &[(u32, Atom)] {
        &self.entries
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_atoms_are_at_home() {
        let table = AtomTable::new([Atom::from("ok"), Atom::from("hello")]);
        assert_eq!(table.id("ok"), Some(beamrc_abi::atom::id::OK));
        assert_eq!(table.id("hello"), Some(home_id(b"hello")));
        assert_eq!(table.id("nobody_named_this"), None);
        assert_eq!(table.entries().len(), KNOWN.len() + 1);
        assert!(table.entries().is_sorted());
    }

    #[test]
    fn collisions_probe_in_name_order_whatever_the_input_order() {
        fn crowded(text: &[u8]) -> u32 {
            if text.starts_with(b"same") { ID_MASK } else { home_id(text) }
        }
        let names = ["same_b", "same_a", "same_c"].map(Atom::from);
        let forth = AtomTable::with_home(names.clone(), crowded);
        let back = AtomTable::with_home(names.into_iter().rev(), crowded);
        assert_eq!(forth.entries(), back.entries());
        assert_eq!(forth.id("same_a"), Some(ID_MASK));
        assert_eq!(forth.id("same_b"), Some(0));
        assert_eq!(forth.id("same_c"), Some(1));
    }
}
