//! Ordered sets: a B-tree of objects in the order of their keys, where `1` and `1.0` are one key.
//!
//! * E5: the tree is read under the table's lock, and written by whoever holds it alone; [`Access`]
//!   is the proof. Who makes the locking finer changes this file alone.
#![allow(unsafe_code)]

mod edge;

use super::Access;
use super::hash::Insert;
use super::object::{Chain, Head, Object};
use crate::term::Term;
use crate::term::compare::compare;
use core::borrow::Borrow;
use core::cell::UnsafeCell;
use core::cmp::Ordering;
use core::ops::Bound;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicI64, AtomicUsize, Ordering::Relaxed};
pub use edge::Edge;
use edge::Place;
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

struct Entry {
    /// Of the object; E1.
    key: Key,
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
    fn head(&self) -> &Head {
        // SAFETY: owned by the entry.
        unsafe { self.object.as_ref() }
    }
}

pub struct Ordered {
    keypos: usize,
    tree: UnsafeCell<BTreeSet<Entry>>,
    items: AtomicUsize,
    bytes: AtomicI64,
}
// SAFETY: E5.
unsafe impl Send for Ordered {}
// SAFETY: E5.
unsafe impl Sync for Ordered {}

/// Bytes of the tree for each object, about.
const ENTRY_BYTES: usize = 24;

impl Ordered {
    pub fn new(keypos: usize) -> Ordered {
        Ordered {
            keypos,
            tree: UnsafeCell::default(),
            items: AtomicUsize::new(0),
            bytes: AtomicI64::new(0),
        }
    }
    pub fn len(&self) -> usize {
        self.items.load(Relaxed)
    }
    pub fn size_bytes(&self) -> usize {
        self.bytes.load(Relaxed).max(0) as usize + self.len() * ENTRY_BYTES
    }
    fn tree<'t>(&'t self, _access: Access<'t>) -> &'t BTreeSet<Entry> {
        // SAFETY: E5.
        unsafe { &*self.tree.get() }
    }
    #[expect(clippy::mut_from_ref, reason = "whoever is alone writes (E5)")]
    fn tree_mut<'t>(&'t self, access: Access<'t>) -> &'t mut BTreeSet<Entry> {
        assert!(access.is_alone(), "E5: whoever writes holds the table alone");
        // SAFETY: E5; no reference outlives the operation it is for.
        unsafe { &mut *self.tree.get() }
    }
    fn count(&self, added: Option<&Head>, removed: Option<&Head>) {
        let size = |object: Option<&Head>| object.map_or(0, |object| object.size_bytes() as i64);
        self.bytes.fetch_add(size(added) - size(removed), Relaxed);
        let items = self.items.load(Relaxed) + usize::from(added.is_some());
        self.items.store(items - usize::from(removed.is_some()), Relaxed);
    }

    pub fn get<'t>(&'t self, access: Access<'t>, key: Term) -> Option<&'t Head> {
        self.tree(access).get(&Key(key)).map(Entry::head)
    }
    pub fn first<'t>(&'t self, access: Access<'t>) -> Option<&'t Head> {
        self.tree(access).first().map(Entry::head)
    }
    pub fn last<'t>(&'t self, access: Access<'t>) -> Option<&'t Head> {
        self.tree(access).last().map(Entry::head)
    }
    /// The object of the least key that is larger; the key need not be there.
    pub fn next<'t>(&'t self, access: Access<'t>, key: Term) -> Option<&'t Head> {
        let keys = (Bound::Excluded(Key(key)), Bound::Unbounded);
        self.tree(access).range(keys).next().map(Entry::head)
    }
    pub fn previous<'t>(&'t self, access: Access<'t>, key: Term) -> Option<&'t Head> {
        let keys = (Bound::Unbounded, Bound::Excluded(Key(key)));
        self.tree(access).range(keys).next_back().map(Entry::head)
    }
    pub fn nth<'t>(&'t self, access: Access<'t>, index: usize) -> Option<&'t Head> {
        self.tree(access).iter().nth(index).map(Entry::head)
    }
    /// The objects between two edges, the lesser first; or from one end of the table.
    pub fn between<'t>(
        &'t self,
        access: Access<'t>,
        from: Option<&'t Edge>,
        to: Option<&'t Edge>,
    ) -> impl DoubleEndedIterator<Item = &'t Head> {
        let is_turned = matches!((from, to), (Some(from), Some(to)) if from > to);
        let edge = |edge: Option<&'t Edge>| -> Bound<&'t (dyn Place + 't)> {
            edge.map_or(Bound::Unbounded, |edge| Bound::Included(edge))
        };
        let range = (!is_turned).then(|| {
            let range = (edge(from), edge(to));
            self.tree(access).range::<dyn Place + 't, _>(range)
        });
        range.into_iter().flatten().map(Entry::head)
    }

    /// Inserts an object; with `new_only`, only if its key is not there.
    pub fn insert(
        &self,
        access: Access<'_>,
        object: Object,
        new_only: bool,
        garbage: &mut Chain,
    ) -> Insert {
        let tree = self.tree_mut(access);
        if new_only && tree.contains(&Key(object.key(self.keypos))) {
            garbage.push(object);
            return Insert::Clash;
        }
        let entry = Entry::new(object, self.keypos);
        let added = entry.object;
        let old = tree.replace(entry).map(Entry::into_object);
        // SAFETY: just put into the tree, which nobody else touches now.
        self.count(Some(unsafe { added.as_ref() }), old.as_deref());
        if let Some(old) = old {
            garbage.push(old);
        }
        Insert::Done
    }

    /// Takes out the object of a key, if `goes` holds for it.
    pub fn remove(
        &self,
        access: Access<'_>,
        key: Term,
        goes: impl FnOnce(&Head) -> bool,
    ) -> Option<Object> {
        let tree = self.tree_mut(access);
        if !goes(tree.get(&Key(key))?.head()) {
            return None;
        }
        let object = tree.take(&Key(key)).map(Entry::into_object)?;
        self.count(None, Some(&object));
        Some(object)
    }

    /// Replaces an element of an object that is here, given by its tuple; neither takes memory of
    /// its own. A reference to the object would promise that nothing is written through it.
    pub fn set_immediate(&self, access: Access<'_>, elements: Term, position: usize, value: Term) {
        assert!(access.is_alone() && position != self.keypos);
        debug_assert!(value.is_immediate() && elements.term_words()[position - 1].is_immediate());
        // SAFETY: E5, and the position was just looked at.
        unsafe { *elements.address().add(position) = value.0 };
    }

    /// As [`super::hash::Hash::change_in_place`].
    #[inline]
    pub fn change_in_place(
        &self,
        access: Access<'_>,
        key: Term,
        change: impl FnOnce(&[Term]) -> Option<(usize, Term)>,
    ) -> Option<Term> {
        let elements = self.get(access, key)?.tuple();
        let (position, value) = change(elements.term_words())?;
        self.set_immediate(access, elements, position, value);
        Some(value)
    }

    /// Takes everything out.
    pub fn take_all(&self, access: Access<'_>) -> Remains {
        self.items.store(0, Relaxed);
        self.bytes.store(0, Relaxed);
        Remains(core::mem::take(self.tree_mut(access)))
    }
}
impl Drop for Ordered {
    fn drop(&mut self) {
        drop(self.take_all(Access::owned()));
    }
}

/// The tree of a table that was emptied; dropping it frees all objects.
pub struct Remains(BTreeSet<Entry>);
impl Drop for Remains {
    fn drop(&mut self) {
        // Entries are not looked at once their objects are gone.
        for entry in core::mem::take(&mut self.0) {
            drop(entry.into_object());
        }
    }
}
