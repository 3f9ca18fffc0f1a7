//! A B-tree of objects in the order of their keys, and what is counted of it.
//!
//! It knows no locks: who calls what is unsafe here has looked at E5 or E6 (see [`super`]).

use super::edge::{Edge, Place};
use crate::ets::object::{Head, Object};
use crate::sys::lock::Held;
use crate::term::Term;
use crate::term::compare::compare;
use core::borrow::Borrow;
use core::cell::UnsafeCell;
use core::cmp::Ordering;
use core::ops::Bound;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicI64, AtomicUsize, Ordering::Relaxed};
use std::collections::BTreeSet;

/// A key in the order of terms.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Key(pub Term);
impl Ord for Key {
    fn cmp(&self, other: &Key) -> Ordering {
        compare(self.0, other.0)
    }
}
impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Key) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl PartialEq for Key {
    fn eq(&self, other: &Key) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Key {}

pub(super) struct Entry {
    /// Of the object; E1.
    pub key: Key,
    object: NonNull<Head>,
}
impl Borrow<Key> for Entry {
    fn borrow(&self) -> &Key {
        &self.key
    }
}
impl Ord for Entry {
    fn cmp(&self, other: &Entry) -> Ordering {
        self.key.cmp(&other.key)
    }
}
impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Entry) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl PartialEq for Entry {
    fn eq(&self, other: &Entry) -> bool {
        self.key == other.key
    }
}
impl Eq for Entry {}
// SAFETY: an entry owns its object.
unsafe impl Send for Entry {}

impl Entry {
    fn new(object: Object, keypos: usize) -> Entry {
        let key = Key(object.key(keypos));
        let object = NonNull::new(object.into_raw()).expect("an object");
        Entry { key, object }
    }
    fn into_object(self) -> Object {
        // SAFETY: the entry owned it.
        unsafe { Object::from_raw(self.object) }
    }
    pub fn head(&self) -> &Head {
        // SAFETY: owned by the entry.
        unsafe { self.object.as_ref() }
    }
}

/// Objects in order. They are freed with it; entries are not looked at once their objects are gone.
#[derive(Default)]
pub(super) struct Entries(BTreeSet<Entry>);
impl Drop for Entries {
    fn drop(&mut self) {
        for entry in core::mem::take(&mut self.0) {
            drop(entry.into_object());
        }
    }
}
impl Entries {
    pub fn len(&self) -> usize {
        self.0.len()
    }
    pub fn get(&self, key: Term) -> Option<&Head> {
        self.0.get(&Key(key)).map(Entry::head)
    }
    pub fn first(&self) -> Option<&Head> {
        self.0.first().map(Entry::head)
    }
    pub fn last(&self) -> Option<&Head> {
        self.0.last().map(Entry::head)
    }
    pub fn next(&self, key: Term) -> Option<&Head> {
        let keys = (Bound::Excluded(Key(key)), Bound::Unbounded);
        self.0.range(keys).next().map(Entry::head)
    }
    pub fn previous(&self, key: Term) -> Option<&Head> {
        let keys = (Bound::Unbounded, Bound::Excluded(Key(key)));
        self.0.range(keys).next_back().map(Entry::head)
    }
    pub fn nth(&self, index: usize) -> Option<&Entry> {
        self.0.iter().nth(index)
    }
    /// The objects between two edges, the lesser first; or from one end.
    pub fn between<'t>(
        &'t self,
        from: Option<&Edge>,
        to: Option<&Edge>,
    ) -> impl DoubleEndedIterator<Item = &'t Head> + use<'t> {
        fn bound<'e>(edge: Option<&'e Edge>) -> Bound<&'e (dyn Place + 'e)> {
            edge.map_or(Bound::Unbounded, |edge| Bound::Included(edge))
        }
        let is_turned = matches!((from, to), (Some(from), Some(to)) if from > to);
        let range =
            (!is_turned).then(|| self.0.range::<dyn Place + '_, _>((bound(from), bound(to))));
        range.into_iter().flatten().map(Entry::head)
    }
    /// Takes out what is not less than a key.
    pub fn split_off(&mut self, key: Term) -> Entries {
        Entries(self.0.split_off(&Key(key)))
    }
    /// Takes in all of another, whose keys are larger.
    pub fn append(&mut self, mut other: Entries) {
        if self.0.is_empty() {
            core::mem::swap(&mut self.0, &mut other.0);
        } else if !other.0.is_empty() {
            self.0.append(&mut other.0);
        }
    }
}

/// What an insertion did.
pub(super) enum Inserted {
    New,
    /// In place of this one.
    Instead(Object),
    /// Nothing: the key is there already, and must not be.
    Clash(Object),
}

#[derive(Default)]
pub(super) struct Tree {
    entries: UnsafeCell<Entries>,
    items: AtomicUsize,
    /// Of the objects. Parts of a set may count for each other: their sum is right.
    bytes: AtomicI64,
}
// SAFETY: E5, E6.
unsafe impl Send for Tree {}
// SAFETY: E5, E6.
unsafe impl Sync for Tree {}

impl Tree {
    pub fn new(entries: Entries, bytes: i64) -> Tree {
        let items = AtomicUsize::new(entries.len());
        Tree { entries: UnsafeCell::new(entries), items, bytes: AtomicI64::new(bytes) }
    }
    pub fn len(&self) -> usize {
        self.items.load(Relaxed)
    }
    pub fn bytes(&self) -> i64 {
        self.bytes.load(Relaxed)
    }
    /// # Safety
    /// It may be read for as long as the result lives.
    pub unsafe fn entries(&self) -> &Entries {
        // SAFETY: the caller's contract.
        unsafe { &*self.entries.get() }
    }
    /// # Safety
    /// It may be written, and nobody has a reference into it.
    #[expect(clippy::mut_from_ref, reason = "whoever is alone writes (E5, E6)")]
    unsafe fn entries_mut(&self) -> &mut Entries {
        // SAFETY: the caller's contract.
        unsafe { &mut *self.entries.get() }
    }
    /// Only one thread writes at a time.
    fn count(&self, added: Option<&Head>, removed: Option<&Head>) {
        let size = |object: Option<&Head>| object.map_or(0, |object| object.size_bytes() as i64);
        self.bytes.store(self.bytes() + size(added) - size(removed), Relaxed);
        let items = self.len() + usize::from(added.is_some());
        self.items.store(items - usize::from(removed.is_some()), Relaxed);
    }

    /// # Safety
    /// As for [`Tree::entries_mut`].
    pub unsafe fn insert(&self, object: Object, keypos: usize, new_only: bool) -> Inserted {
        // SAFETY: the caller's contract.
        let set = unsafe { &mut self.entries_mut().0 };
        if new_only && set.contains(&Key(object.key(keypos))) {
            return Inserted::Clash(object);
        }
        let entry = Entry::new(object, keypos);
        let added = entry.object;
        // Whoever left here for lack of memory would leave the tree torn, its owner too (X1).
        let held = Held::new();
        let old = set.replace(entry).map(Entry::into_object);
        drop(held);
        // SAFETY: just put into the tree, which nobody else touches now.
        self.count(Some(unsafe { added.as_ref() }), old.as_deref());
        old.map_or(Inserted::New, Inserted::Instead)
    }
    /// # Safety
    /// As for [`Tree::entries_mut`].
    pub unsafe fn remove(&self, key: Term) -> Option<Object> {
        // SAFETY: the caller's contract. Nothing is changed until the key has been found.
        let object = unsafe { self.entries_mut().0.take(&Key(key)) }.map(Entry::into_object)?;
        self.count(None, Some(&object));
        Some(object)
    }
    /// Everything, and the bytes that were counted.
    ///
    /// # Safety
    /// As for [`Tree::entries_mut`].
    pub unsafe fn take_all(&self) -> (Entries, i64) {
        self.items.store(0, Relaxed);
        let bytes = self.bytes.swap(0, Relaxed);
        // SAFETY: the caller's contract.
        (core::mem::take(unsafe { self.entries_mut() }), bytes)
    }
}
