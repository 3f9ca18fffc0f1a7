//! The atom table: numbers to texts and back.
//!
//! Numbers are `abi::atom::home_id` of the text, or the next free number above it. The program's
//! own atoms stand in a table that the compiler wrote; those made at run time are appended to one
//! of our own, which also holds what the runtime names itself and the program does not. Reading
//! takes no lock. An entry never goes away, so texts are `'static`.

mod growing;

use crate::sys::arena;
use crate::sys::lock::Mutex;
use beamrc_abi::atom::{ID_MASK, KNOWN, home_id, order_prefix, otp_hash};
use beamrc_abi::program::{AtomEntry, Str};
use core::cmp::Ordering;
use core::sync::atomic::{AtomicPtr, AtomicUsize, Ordering::*};
use growing::{Growing, Numbered};
use std::sync::OnceLock;

/// Atoms in the table at most, and characters in an atom at most: as OTP has them.
pub const LIMIT: usize = 1_048_576;
pub const MAX_CHARACTERS: usize = 255;

const FREE: u32 = u32::MAX;

static NO_ATOM: AtomEntry =
    AtomEntry { text: Str { address: 0, length: 0 }, id: 0, characters: FREE, order: 0, hash: 0 };
static STATIC: StaticTable = StaticTable {
    entries: AtomicPtr::new((&raw const NO_ATOM).cast_mut()),
    mask: AtomicUsize::new(0),
};
static DYNAMIC: OnceLock<DynamicTable> = OnceLock::new();

/// Makes the program's atoms known.
///
/// # Safety
/// `entries` is the address of `capacity` entries (a power of two, or 0) laid out as
/// `abi::program` says (I4), never written again; no other thread runs yet.
pub unsafe fn install(entries: *const AtomEntry, capacity: usize) {
    if capacity > 0 {
        STATIC.entries.store(entries.cast_mut(), Relaxed);
        STATIC.mask.store(capacity - 1, Relaxed);
    }
}

/// The text of an atom.
pub fn text(id: u32) -> &'static str {
    entry_text(entry(id))
}
/// OTP's hash of an atom.
pub fn hash(id: u32) -> u32 {
    entry(id).hash
}
/// Term order of two atoms: that of their texts by code points.
pub fn order(a: u32, b: u32) -> Ordering {
    if a == b {
        return Ordering::Equal;
    }
    let (a, b) = (entry(a), entry(b));
    if a.order != b.order {
        return a.order.cmp(&b.order);
    }
    entry_text(a).cmp(entry_text(b))
}
/// How many atoms there are.
pub fn count() -> usize {
    STATIC.count() + dynamic().count.load(Relaxed)
}
/// The atom of this text, if there is one.
pub fn existing(text: &str) -> Option<u32> {
    probe(text).ok()
}
/// The atom of this text; nothing if it is too long or the table is full (`system_limit`).
pub fn intern(text: &str) -> Option<u32> {
    match probe(text) {
        Ok(id) => Some(id),
        Err(_) if text.chars().count() > MAX_CHARACTERS => None,
        Err(_) => dynamic().add(text),
    }
}

/// The number of `text`, or the free number that it would get.
fn probe(text: &str) -> Result<u32, u32> {
    let mut id = home_id(text.as_bytes());
    while let Some(entry) = find(id) {
        if entry_text(entry) == text {
            return Ok(id);
        }
        id = (id + 1) & ID_MASK;
    }
    Err(id)
}
#[inline]
fn entry(id: u32) -> &'static AtomEntry {
    find(id).expect("atom terms name existing atoms (I5)")
}
#[inline]
fn find(id: u32) -> Option<&'static AtomEntry> {
    STATIC.find(id).or_else(|| dynamic().find(id))
}
fn dynamic() -> &'static DynamicTable {
    DYNAMIC.get_or_init(|| arena::kept(DynamicTable::with_known))
}
fn entry_text(entry: &AtomEntry) -> &'static str {
    // SAFETY: I4: texts are static UTF-8, of the compiler's making or leaked below.
    unsafe {
        let bytes = core::slice::from_raw_parts(
            entry.text.address as *const u8,
            entry.text.length as usize,
        );
        core::str::from_utf8_unchecked(bytes)
    }
}

struct StaticTable {
    entries: AtomicPtr<AtomEntry>,
    /// One less than there are entries.
    mask: AtomicUsize,
}
impl StaticTable {
    fn slots(&self) -> &'static [AtomEntry] {
        let (entries, mask) = (self.entries.load(Relaxed), self.mask.load(Relaxed));
        // SAFETY: `install`'s contract, or the one entry that there is before.
        unsafe { core::slice::from_raw_parts(entries, mask + 1) }
    }
    /// Most atoms are where their number says.
    #[inline]
    fn find(&self, id: u32) -> Option<&'static AtomEntry> {
        let (entries, mask) = (self.entries.load(Relaxed), self.mask.load(Relaxed));
        // SAFETY: as for `slots`.
        let home = unsafe { &*entries.wrapping_add(id as usize & mask) };
        if home.id == id && home.characters != FREE {
            return Some(home);
        }
        self.find_from(id)
    }
    fn find_from(&self, id: u32) -> Option<&'static AtomEntry> {
        let slots = self.slots();
        let mask = slots.len() - 1;
        for i in 0..slots.len() {
            let entry = &slots[(id as usize + i) & mask];
            if entry.characters == FREE {
                return None;
            }
            if entry.id == id {
                return Some(entry);
            }
        }
        None
    }
    /// Counted once: the table does not change after boot.
    fn count(&self) -> usize {
        static COUNT: OnceLock<usize> = OnceLock::new();
        let taken = |e: &&AtomEntry| e.characters != FREE;
        *COUNT.get_or_init(|| self.slots().iter().filter(taken).count())
    }
}

struct DynamicTable {
    entries: Growing<AtomEntry>,
    count: AtomicUsize,
    adding: Mutex<()>,
}
impl Numbered for AtomEntry {
    #[inline]
    fn number(&self) -> u32 {
        self.id
    }
}

impl DynamicTable {
    /// Holds the atoms that the runtime names and the program does not.
    fn with_known() -> DynamicTable {
        let table = DynamicTable {
            entries: Growing::new(1024),
            count: AtomicUsize::new(0),
            adding: Mutex::new(()),
        };
        for text in KNOWN {
            let id = home_id(text.as_bytes());
            if STATIC.find(id).is_none() {
                table.append(text, id);
            }
        }
        table
    }
    fn find(&self, id: u32) -> Option<&'static AtomEntry> {
        self.entries.find(id)
    }
    fn add(&self, text: &str) -> Option<u32> {
        let _adding = self.adding.lock().expect("no panic while adding");
        match probe(text) {
            Ok(id) => Some(id),
            Err(id) => {
                if STATIC.count() + self.count.load(Relaxed) >= LIMIT {
                    return None;
                }
                self.append(String::leak(text.to_owned()), id);
                Some(id)
            }
        }
    }
    /// Only one thread at a time: `adding` is held, or the table is not shared yet.
    fn append(&self, text: &'static str, id: u32) {
        let entry = Box::leak(Box::new(AtomEntry {
            text: Str { address: text.as_ptr() as u64, length: text.len() as u64 },
            id,
            characters: text.chars().count() as u32,
            order: order_prefix(text.as_bytes()),
            hash: otp_hash(text.as_bytes()),
        }));
        self.entries.add(entry, self.count.fetch_add(1, Relaxed));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use beamrc_abi::atom::id;

    #[test]
    fn known_atoms_need_no_program() {
        assert_eq!(text(id::BADARG), "badarg");
        assert_eq!(intern("badarg"), Some(id::BADARG));
        assert_eq!(existing("true"), Some(id::TRUE));
    }
    #[test]
    fn interning_twice_gives_one_number() {
        assert_eq!(existing("zebra crossing"), None);
        let zebra = intern("zebra crossing").unwrap();
        assert_eq!(intern("zebra crossing"), Some(zebra));
        assert_eq!(existing("zebra crossing"), Some(zebra));
        assert_eq!(text(zebra), "zebra crossing");
    }
    #[test]
    fn many_atoms_from_many_threads() {
        let ids: Vec<Vec<u32>> = std::thread::scope(|s| {
            let threads: Vec<_> = (0..4)
                .map(|_| {
                    s.spawn(|| (0..5000).map(|i| intern(&format!("many {i}")).unwrap()).collect())
                })
                .collect();
            threads.into_iter().map(|t| t.join().unwrap()).collect()
        });
        for i in 0..5000 {
            assert_eq!(text(ids[0][i]), format!("many {i}"));
            assert!(ids.iter().all(|of_thread| of_thread[i] == ids[0][i]));
        }
    }
    #[test]
    fn length_is_counted_in_characters() {
        assert!(intern(&"ß".repeat(255)).is_some());
        assert!(intern(&"s".repeat(256)).is_none());
    }
    #[test]
    fn order_is_that_of_code_points() {
        let sorted = ["", "a", "ab", "abcd", "abcde", "abcdf", "b", "é", "中", "😀"];
        for pair in sorted.windows(2) {
            let (a, b) = (intern(pair[0]).unwrap(), intern(pair[1]).unwrap());
            assert_eq!(order(a, b), Ordering::Less, "{pair:?}");
            assert_eq!(order(b, a), Ordering::Greater, "{pair:?}");
            assert_eq!(order(a, a), Ordering::Equal, "{pair:?}");
        }
    }
}
