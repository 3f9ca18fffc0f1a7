//! Ordered sets: B-trees of objects in the order of their keys, where `1` and `1.0` are one key.
//!
//! * E5: what is one tree is read under the table's lock, and written by whoever holds that alone.
//!
//! With write concurrency there are bases: trees of a range of keys each, which a routing leads to.
//! The table's lock is shared by whoever does not change it as a whole.
//!
//! * E6: who shares the table's lock reads a base under its lock, and writes under it held to write.
//! * E7: a base is in the routing as long as it is valid, and its range stays. Together, valid bases
//!   have all keys, so one that is locked and valid is right for its range, however it was found.
//! * E8: a base or routing that is no longer found is retired: who found it under the table's lock
//!   may use it until that is given back (A1).
//! * E9: who waits for a base has none, or only lesser ones, which it reads; who has a base to write
//!   waits for none.
#![allow(unsafe_code)]

mod base;
mod edge;
mod routing;
#[cfg(test)]
mod tests;
mod tree;

use super::Access;
use super::hash::Insert;
use super::object::{Chain, Head, Object};
use crate::heap::Fragment;
use crate::sys::lock::{Lent, lend_if};
use crate::term::Term;
use base::{Base, Guard};
use core::ops::ControlFlow::{self, Break, Continue};
pub use edge::Edge;
use routing::{LIMITS, Locked, Routes};
pub use tree::Key;
use tree::{Entries, Inserted, Tree};

/// The least key of a base, copied.
struct Bound(Fragment);
impl Bound {
    fn key(&self) -> Term {
        self.0.message
    }
}
// SAFETY: it is never changed, and its terms are its own (as E1).
unsafe impl Send for Bound {}
// SAFETY: as above.
unsafe impl Sync for Bound {}

enum Parts {
    Whole(Tree),
    Bases(Routes),
}

pub struct Ordered {
    keypos: usize,
    parts: Parts,
}

/// Bytes of the tree for each object, about.
const ENTRY_BYTES: usize = 24;

/// An object that was looked for, as long as it may be looked at.
pub struct Seen<'t> {
    object: Option<&'t Head>,
    guard: Guard<'t>,
}
impl Seen<'_> {
    #[inline]
    pub fn object(&self) -> Option<&Head> {
        self.object
    }
}
impl Lent for Seen<'_> {
    fn locks(&self) -> usize {
        self.guard.locks()
    }
}

/// What is locked to read.
struct Reading<'t> {
    tree: &'t Tree,
    guard: Guard<'t>,
}
impl<'t> Reading<'t> {
    #[inline]
    fn see(self, find: impl FnOnce(&'t Entries) -> Option<&'t Head>) -> Seen<'t> {
        // SAFETY: E5, E6: what is found lives as long as the guard.
        let object = find(unsafe { self.tree.entries() });
        Seen { object, guard: self.guard }
    }
}

/// What is locked to write: all objects, or those of a base.
pub struct Writing<'t> {
    keypos: usize,
    tree: &'t Tree,
    base: Option<(&'t Routes, &'t Base)>,
    guard: Guard<'t>,
}
impl Lent for Writing<'_> {
    fn locks(&self) -> usize {
        self.guard.locks()
    }
}
impl Writing<'_> {
    fn entries(&self) -> &Entries {
        // SAFETY: E5, E6: whatever writes borrows this mutably.
        unsafe { self.tree.entries() }
    }
    pub fn get(&self, key: Term) -> Option<&Head> {
        self.entries().get(key)
    }
    /// Those between two edges, the lesser first.
    pub fn between<'s>(
        &'s self,
        from: Option<&Edge>,
        to: Option<&Edge>,
    ) -> impl DoubleEndedIterator<Item = &'s Head> + use<'s> {
        self.entries().between(from, to)
    }
    /// Does something while nothing is being changed here.
    #[inline(always)]
    pub fn lend<R>(&self, make: impl FnOnce() -> R) -> R {
        lend_if(self.guard.is_some(), self, make)
    }

    /// Inserts an object; with `new_only`, only if its key is not there.
    #[inline]
    pub fn insert(&mut self, object: Object, new_only: bool, garbage: &Chain) -> Insert {
        // SAFETY: E5, E6.
        let inserted = unsafe { self.tree.insert(object, self.keypos, new_only) };
        match inserted {
            Inserted::New => {}
            Inserted::Instead(old) => garbage.push(old),
            Inserted::Clash(object) => {
                garbage.push(object);
                return Insert::Clash;
            }
        }
        Insert::Done
    }
    /// Takes out the object of a key, if `goes` holds for it.
    #[inline]
    pub fn remove(&mut self, key: Term, goes: impl FnOnce(&Head) -> bool) -> Option<Object> {
        let goes = self.get(key).is_some_and(|object| self.lend(|| goes(object)));
        if !goes {
            return None;
        }
        // SAFETY: E5, E6.
        unsafe { self.tree.remove(key) }
    }
    /// Replaces an element of an object that is here, given by its tuple; neither takes memory of
    /// its own. A reference to the object would promise that nothing is written through it.
    pub fn set_immediate(&mut self, elements: Term, position: usize, value: Term) {
        assert!(position != self.keypos);
        debug_assert!(value.is_immediate() && elements.term_words()[position - 1].is_immediate());
        // SAFETY: E5, E6, and the position was just looked at.
        unsafe { *elements.address().add(position) = value.0 };
    }

    /// All that was to be done is done. Without this, what is locked is only given back.
    #[inline]
    pub fn finish(self) {
        if let Some((routes, base)) = self.base {
            routes.adapt(base);
        }
    }
}

impl Ordered {
    pub fn new(keypos: usize, has_bases: bool) -> Ordered {
        let parts = if has_bases {
            Parts::Bases(Routes::new(LIMITS))
        } else {
            Parts::Whole(Tree::default())
        };
        Ordered { keypos, parts }
    }
    /// Whether several may write at a time.
    pub fn has_bases(&self) -> bool {
        matches!(self.parts, Parts::Bases(_))
    }
    /// How many there are at some time. For who has no part of it locked.
    pub fn len(&self) -> usize {
        match &self.parts {
            Parts::Whole(tree) => tree.len(),
            Parts::Bases(routes) => routes.sum(|base| base.tree.len() as i64) as usize,
        }
    }
    pub fn size_bytes(&self) -> usize {
        let bytes_of = |tree: &Tree| tree.bytes() + (tree.len() * ENTRY_BYTES) as i64;
        let bytes = match &self.parts {
            Parts::Whole(tree) => bytes_of(tree),
            Parts::Bases(routes) => {
                routes.sum(|base| bytes_of(&base.tree) + size_of::<Base>() as i64)
            }
        };
        bytes.max(0) as usize
    }

    /// Where a key belongs.
    #[inline]
    fn read<'t>(&'t self, access: Access<'t>, key: Term) -> Reading<'t> {
        match &self.parts {
            Parts::Whole(tree) => Reading { tree, guard: Guard::None },
            Parts::Bases(routes) => {
                let Locked { base, guard, .. } =
                    routes.lock(access, |routing| routing.of_key(key), Base::read);
                Reading { tree: &base.tree, guard }
            }
        }
    }
    #[inline]
    pub fn write<'t>(&'t self, access: Access<'t>, key: Term) -> Writing<'t> {
        let keypos = self.keypos;
        match &self.parts {
            Parts::Whole(tree) => {
                assert!(access.is_alone(), "E5: whoever writes holds the table alone");
                Writing { keypos, tree, base: None, guard: Guard::None }
            }
            Parts::Bases(routes) => {
                let Locked { base, guard, .. } =
                    routes.lock(access, |routing| routing.of_key(key), Base::write);
                Writing { keypos, tree: &base.tree, base: Some((routes, base)), guard }
            }
        }
    }

    #[inline]
    pub fn get<'t>(&'t self, access: Access<'t>, key: Term) -> Seen<'t> {
        self.read(access, key).see(|entries| entries.get(key))
    }
    pub fn first<'t>(&'t self, access: Access<'t>) -> Seen<'t> {
        self.outermost(access, None, None, false)
    }
    pub fn last<'t>(&'t self, access: Access<'t>) -> Seen<'t> {
        self.outermost(access, None, None, true)
    }
    /// The object of the least key that is larger; the key need not be there.
    pub fn next<'t>(&'t self, access: Access<'t>, key: Term) -> Seen<'t> {
        let seen = self.read(access, key).see(|entries| entries.next(key));
        if seen.object.is_some() || !self.has_bases() {
            return seen;
        }
        drop(seen);
        self.outermost(access, Some(Edge::behind_key(key)), None, false)
    }
    pub fn previous<'t>(&'t self, access: Access<'t>, key: Term) -> Seen<'t> {
        let seen = self.read(access, key).see(|entries| entries.previous(key));
        if seen.object.is_some() || !self.has_bases() {
            return seen;
        }
        drop(seen);
        self.outermost(access, None, Some(Edge::before_key(key)), true)
    }
    /// The object at one end of what is between two edges.
    fn outermost<'t>(
        &'t self,
        access: Access<'t>,
        from: Option<Edge>,
        to: Option<Edge>,
        backwards: bool,
    ) -> Seen<'t> {
        let mut found = Seen { object: None, guard: Guard::None };
        self.each_part(access, from, to, backwards, Base::read, |tree, guard, _, from, to| {
            let find = |entries: &'t Entries| match (from, to, backwards) {
                (None, _, false) => entries.first(),
                (_, None, true) => entries.last(),
                (from, to, false) => entries.between(from, to).next(),
                (from, to, true) => entries.between(from, to).next_back(),
            };
            let seen = Reading { tree, guard }.see(find);
            if seen.object.is_none() {
                return Continue(());
            }
            found = seen;
            Break(())
        });
        found
    }
    /// The object with so many before it; without one, how many there are too few.
    pub fn nth<'t>(&'t self, access: Access<'t>, index: usize) -> Result<Seen<'t>, usize> {
        let mut rest = index;
        let mut found = None;
        self.each_part(access, None, None, false, Base::read, |tree, guard, _, _, _| {
            let count = tree.len();
            if rest >= count {
                rest -= count;
                return Continue(());
            }
            let nth = |entries: &'t Entries| entries.nth(rest).map(|entry| entry.head());
            found = Some(Reading { tree, guard }.see(nth));
            Break(())
        });
        found.ok_or(rest)
    }

    /// Shows the objects between two edges, in order, until `f` has seen enough.
    #[inline]
    pub fn visit<'t>(
        &'t self,
        access: Access<'t>,
        from: Option<Edge>,
        to: Option<Edge>,
        backwards: bool,
        mut f: impl FnMut(&Head) -> ControlFlow<()>,
    ) {
        self.each_part(access, from, to, backwards, Base::read, |tree, guard, _, from, to| {
            // SAFETY: E5, E6.
            let mut objects = unsafe { tree.entries() }.between(from, to);
            lend_if(guard.is_some(), &guard, || {
                if backwards {
                    objects.rev().try_for_each(&mut f)
                } else {
                    objects.try_for_each(&mut f)
                }
            })
        });
    }
    /// Has all parts with objects between two edges changed, one after the other.
    pub fn edit<'t>(
        &'t self,
        access: Access<'t>,
        from: Option<Edge>,
        to: Option<Edge>,
        mut f: impl FnMut(&mut Writing<'t>, Option<&Edge>, Option<&Edge>),
    ) {
        assert!(self.has_bases() || access.is_alone(), "E5: whoever writes holds the table alone");
        let keypos = self.keypos;
        self.each_part(access, from, to, false, Base::write, |tree, guard, base, from, to| {
            let mut writing = Writing { keypos, tree, base, guard };
            f(&mut writing, from, to);
            writing.finish();
            Continue(())
        });
    }

    /// Goes through the parts that may have objects between two edges. Each is locked, and what is
    /// left of the range is told.
    #[inline]
    fn each_part<'t>(
        &'t self,
        access: Access<'t>,
        from: Option<Edge>,
        to: Option<Edge>,
        backwards: bool,
        lock: impl Fn(&'t Base) -> Guard<'t>,
        mut f: impl FnMut(
            &'t Tree,
            Guard<'t>,
            Option<(&'t Routes, &'t Base)>,
            Option<&Edge>,
            Option<&Edge>,
        ) -> ControlFlow<()>,
    ) {
        let routes = match &self.parts {
            Parts::Whole(tree) => {
                let _ = f(tree, Guard::None, None, from.as_ref(), to.as_ref());
                return;
            }
            Parts::Bases(routes) => routes,
        };
        let mut part = |Range { from, to, .. }: &Range, locked: Locked<'t>| {
            let Locked { base, guard, .. } = locked;
            f(&base.tree, guard, Some((routes, base)), from.as_ref(), to.as_ref())
        };
        let mut range = Some(Range { from, to, lower: None });
        while let Some(now) = range {
            let locked = routes.lock(access, |routing| now.base(routing, backwards), &lock);
            range = now.rest(&locked, backwards);
            if part(&now, locked).is_break() {
                return;
            }
        }
    }

    /// Inserts an object; with `new_only`, only if its key is not there.
    pub fn insert(
        &self,
        access: Access<'_>,
        object: Object,
        new_only: bool,
        garbage: &Chain,
    ) -> Insert {
        let mut writing = self.write(access, object.key(self.keypos));
        let inserted = writing.insert(object, new_only, garbage);
        writing.finish();
        inserted
    }
    /// Takes out the object of a key, if `goes` holds for it.
    pub fn remove(
        &self,
        access: Access<'_>,
        key: Term,
        goes: impl FnOnce(&Head) -> bool,
    ) -> Option<Object> {
        let mut writing = self.write(access, key);
        let object = writing.remove(key, goes);
        writing.finish();
        object
    }
    /// As [`super::hash::Hash::change_in_place`].
    #[inline]
    pub fn change_in_place(
        &self,
        access: Access<'_>,
        key: Term,
        change: impl FnOnce(&[Term]) -> Option<(usize, Term)>,
    ) -> Option<Term> {
        let mut writing = self.write(access, key);
        let elements = writing.get(key)?.tuple();
        let (position, value) = change(elements.term_words())?;
        writing.set_immediate(elements, position, value);
        writing.finish();
        Some(value)
    }

    /// Takes everything out.
    pub fn take_all(&self, access: Access<'_>) -> Remains {
        assert!(access.is_alone(), "E5: whoever takes everything holds the table alone");
        Remains(match &self.parts {
            // SAFETY: E5.
            Parts::Whole(tree) => vec![unsafe { tree.take_all() }.0],
            Parts::Bases(routes) => routes.take_all(access),
        })
    }
}

/// What a walk through the bases has before it.
struct Range {
    from: Option<Edge>,
    to: Option<Edge>,
    /// The base to go on with has this key, whichever that is now.
    lower: Option<Term>,
}
impl Range {
    fn base(&self, routing: &routing::Routing, backwards: bool) -> usize {
        match (self.lower, backwards) {
            (Some(lower), false) => routing.of_key(lower),
            (_, false) => self.from.as_ref().map_or(0, |from| routing.of_edge(from)),
            (_, true) => self.to.as_ref().map_or(routing.last(), |to| routing.of_edge(to)),
        }
    }
    /// What is left behind a base.
    fn rest(&self, locked: &Locked<'_>, backwards: bool) -> Option<Range> {
        if backwards {
            let lower = locked.routing.lower(locked.index).filter(|_| locked.index > 0)?;
            let is_more = self.from.as_ref().is_none_or(|from| !from.is_behind(lower));
            let to = Some(Edge::before_key(lower));
            return is_more.then_some(Range { from: self.from, to, lower: None });
        }
        let lower = locked.routing.lower(locked.index + 1)?;
        let is_more = self.to.as_ref().is_none_or(|to| to.is_behind(lower));
        let from = Some(Edge::before_key(lower));
        is_more.then_some(Range { from, to: self.to, lower: Some(lower) })
    }
}

/// What was in a table that was emptied; dropping it frees all objects.
pub struct Remains(#[expect(dead_code, reason = "held to be dropped")] Vec<Entries>);
