//! Operations that change a hash table.
//!
//! While a table is fixed, the first of the objects of a key that go is only marked as deleted, so
//! that an iteration that stands there finds on; what is marked goes when the table is no longer
//! fixed.
//!
//! What is called from here may take memory that is not there. Chains and counts are in order then:
//! the stripe is lent, and an owner who needs no lock may leave them behind too.

use super::{Access, Bucket, Hash, Objects, StripeGuard, hash_of};
use crate::ets::Sort;
use crate::ets::object::{Chain, DELETED, Head, Object};
use crate::sys::lock::lend;
use crate::term::Term;
use crate::term::compare::equal_exact;
use core::ptr::NonNull;
use core::sync::atomic::Ordering::SeqCst;

/// What became of an object that was to be inserted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Insert {
    Done,
    /// The key is there already, and must not be.
    Clash,
}

/// What is to become of an object that a walk visits.
pub enum Edit {
    Keep,
    Delete,
    Replace(Object),
}

/// The object of a key, held for an update; see [`Hash::update`].
pub struct Found<'t> {
    table: &'t Hash,
    place: *mut Bucket,
    object: *mut Head,
    /// Or is yet to be put there.
    is_in_table: bool,
}
impl Found<'_> {
    pub fn object(&self) -> &Head {
        // SAFETY: E3: `update` holds the stripe exclusively.
        unsafe { &*self.object }
    }
    /// Replaces an element, neither of which takes memory of its own.
    pub fn set_immediate(&mut self, position: usize, value: Term) {
        let elements = self.object().tuple();
        debug_assert!(value.is_immediate() && elements.term_words()[position - 1].is_immediate());
        // SAFETY: E3, and the position was just looked at.
        unsafe { *elements.address().add(position) = value.0 };
    }
    /// Puts another object with the same key in its place.
    pub fn replace(&mut self, object: Object) -> Object {
        // SAFETY: E3, or nobody else knows the place.
        unsafe {
            let old = if self.is_in_table {
                self.table.replace(self.place, object)
            } else {
                Object::from_raw(NonNull::new_unchecked(self.place.replace(object.into_raw())))
            };
            self.object = *self.place;
            old
        }
    }
}

/// A link of a chain: where the address of an object stands.
type Place = *mut Bucket;

impl Hash {
    /// The place of the first object with a key, deleted or not; else the end of the chain. Nothing
    /// has been changed yet.
    ///
    /// # Safety
    /// E3.
    #[inline]
    unsafe fn place_of(&self, key: Term, hash: u64) -> Place {
        let mut place = self.bucket(self.index(hash));
        // SAFETY: the caller's contract.
        while let Some(object) = unsafe { (*place).as_mut() } {
            if self.has_key(object, key, hash) {
                break;
            }
            place = &raw mut object.next;
        }
        place
    }

    /// # Safety
    /// E3 for writing; an object stands at the place.
    unsafe fn take_out(&self, place: Place) -> Object {
        // SAFETY: the caller's contract.
        unsafe {
            let object = NonNull::new_unchecked(*place);
            *place = object.as_ref().next;
            self.count_bytes(None, Some(object.as_ref()));
            Object::from_raw(object)
        }
    }
    /// # Safety
    /// E3 for writing.
    unsafe fn put_in(&self, place: Place, object: Object) {
        self.count_bytes(Some(&object), None);
        let head = object.into_raw();
        // SAFETY: the caller's contract.
        unsafe {
            (*head).next = *place;
            *place = head;
        }
    }
    /// # Safety
    /// As for [`Hash::take_out`].
    unsafe fn replace(&self, place: Place, object: Object) -> Object {
        // SAFETY: the caller's contract.
        unsafe {
            let old = self.take_out(place);
            self.put_in(place, object);
            old
        }
    }
    /// Notes that a bucket has deleted objects; false if the table is not fixed, or no more than
    /// `own` times.
    fn note_deleted(&self, index: usize, own: usize) -> bool {
        if self.fixed.load(SeqCst) <= own {
            return false;
        }
        // Whoever unfixes looks for deletions behind the same lock.
        let mut deleted = self.deleted();
        let is_fixed = self.fixed.load(SeqCst) > own;
        if is_fixed && deleted.last() != Some(&index) {
            deleted.push(index);
        }
        is_fixed
    }

    /// Inserts an object whose hash is right; with `new_only`, only if its key is not there. What
    /// has to go is left in `garbage`.
    pub fn insert(
        &self,
        access: Access<'_>,
        object: Object,
        new_only: bool,
        garbage: &Chain,
        compared: &mut usize,
    ) -> Insert {
        let (key, hash) = (object.key(self.keypos), object.hash);
        let guard = self.write_stripe(access, hash as usize);
        // SAFETY: E3.
        let (done, is_new) = unsafe {
            let place = self.place_of(key, hash);
            match (*place).as_mut() {
                None => {
                    self.put_in(place, object);
                    (Insert::Done, true)
                }
                Some(old) if self.sort == Sort::Set => {
                    let was_deleted = old.is_deleted();
                    if new_only && !was_deleted {
                        garbage.push(object);
                        (Insert::Clash, false)
                    } else {
                        garbage.push(self.replace(place, object));
                        (Insert::Done, was_deleted)
                    }
                }
                Some(_) => self.insert_in_bag(place, object, new_only, garbage, compared),
            }
        };
        if is_new {
            self.count(hash, 1);
        }
        let items = self.estimate(hash);
        drop(guard);
        if is_new {
            self.grow(access, items);
        }
        done
    }

    /// Whether it is done, and whether there is one more object.
    ///
    /// # Safety
    /// E3 for writing; `first` is the place of the first object with the key.
    unsafe fn insert_in_bag(
        &self,
        first: Place,
        object: Object,
        new_only: bool,
        garbage: &Chain,
        compared: &mut usize,
    ) -> (Insert, bool) {
        let (key, hash) = (object.key(self.keypos), object.hash);
        let mut place = first;
        // SAFETY: the caller's contract.
        unsafe {
            while let Some(other) = (*place).as_mut()
                && (new_only || self.sort == Sort::Bag)
                && self.has_key(other, key, hash)
            {
                if new_only {
                    if !other.is_deleted() {
                        garbage.push(object);
                        return (Insert::Clash, false);
                    }
                } else if equal_exact(other.tuple(), object.tuple()) {
                    garbage.push(object);
                    if !other.is_deleted() {
                        return (Insert::Done, false);
                    }
                    // It is the latest now.
                    other.hash &= !DELETED;
                    let again = self.take_out(place);
                    self.put_in(first, again);
                    return (Insert::Done, true);
                }
                *compared += 1;
                place = &raw mut other.next;
            }
            self.put_in(first, object);
        }
        (Insert::Done, true)
    }

    /// Removes the objects with a key for which `goes` holds. All with the key are shown to `before`,
    /// in the order of the chain, when nothing has been changed yet. The result is how many went.
    pub fn remove(
        &self,
        access: Access<'_>,
        key: Term,
        before: impl FnOnce(Objects<'_>),
        mut goes: impl FnMut(&Head) -> bool,
        garbage: &Chain,
    ) -> usize {
        let hash = hash_of(key);
        let guard = self.write_stripe(access, hash as usize);
        let index = self.index(hash);
        let mut count = 0;
        let mut is_first = true;
        // SAFETY: E3.
        unsafe {
            let mut place = self.place_of(key, hash);
            guard.lend(|| before(Objects { table: self, at: *place, key: Some((key, hash)) }));
            while let Some(object) = (*place).as_mut()
                && self.has_key(object, key, hash)
            {
                if object.is_deleted() || !goes(object) {
                    is_first &= object.is_deleted();
                    place = &raw mut object.next;
                    continue;
                }
                count += 1;
                self.count(hash, -1);
                if core::mem::take(&mut is_first) && self.note_deleted(index, 0) {
                    object.hash |= DELETED;
                    place = &raw mut object.next;
                } else {
                    garbage.push(self.take_out(place));
                }
            }
        }
        let items = self.estimate(hash);
        drop(guard);
        if count != 0 {
            self.shrink(access, items);
        }
        count
    }

    /// Replaces one element of the object of a key in a set, if that is there and `change` gives a
    /// position and a value for it. Neither the value nor what it replaces may take memory.
    #[inline]
    pub fn change_in_place(
        &self,
        access: Access<'_>,
        key: Term,
        change: impl FnOnce(&[Term]) -> Option<(usize, Term)>,
    ) -> Option<Term> {
        debug_assert!(self.sort == Sort::Set);
        let hash = hash_of(key);
        let _guard = self.write_stripe(access, hash as usize);
        // SAFETY: E3.
        unsafe {
            let place = self.place_of(key, hash);
            let object = NonNull::new(*place).filter(|object| !object.as_ref().is_deleted())?;
            let tuple = object.as_ref().tuple();
            let (position, value) = change(tuple.term_words())?;
            let object = object.as_ptr();
            let mut found = Found { table: self, place, object, is_in_table: true };
            found.set_immediate(position, value);
            Some(value)
        }
    }

    /// Calls `f` with the object of a key in a set, held exclusively. Without one, `make` may give
    /// an object to start from; it stays if `f` says so by `Ok`. Nothing if there is no object. Until
    /// `f` changes its object, nothing has been changed.
    pub fn update<R, E>(
        &self,
        access: Access<'_>,
        key: Term,
        make: impl FnOnce(u64) -> Option<Object>,
        f: impl FnOnce(&mut Found<'_>) -> Result<R, E>,
        garbage: &Chain,
    ) -> Option<Result<R, E>> {
        debug_assert!(self.sort == Sort::Set);
        let hash = hash_of(key);
        let guard = self.write_stripe(access, hash as usize);
        // SAFETY: E3.
        unsafe {
            let place = self.place_of(key, hash);
            let old = (*place).as_ref();
            if old.is_some_and(|object| !object.is_deleted()) {
                let mut found = Found { table: self, place, object: *place, is_in_table: true };
                return Some(guard.lend(|| f(&mut found)));
            }
            let mut start = Chain::new();
            start.push(guard.lend(|| make(hash))?);
            let first = start.first();
            let mut found = Found { table: self, place: first, object: *first, is_in_table: false };
            let result = lend(&start, || guard.lend(|| f(&mut found)));
            let object = start.pop().expect("an object, this or another");
            if result.is_err() {
                garbage.push(object);
                return Some(result);
            }
            if old.is_some() {
                // Only marked as deleted.
                garbage.push(self.replace(place, object));
            } else {
                self.put_in(place, object);
            }
            self.count(hash, 1);
            let items = self.estimate(hash);
            drop(guard);
            self.grow(access, items);
            Some(result)
        }
    }

    /// As [`Hash::walk`], but what is visited may go or be replaced. `own` is how often the table
    /// is fixed by whoever walks.
    pub fn walk_and_edit(
        &self,
        access: Access<'_>,
        from: usize,
        own: usize,
        mut visit: impl FnMut(&Head) -> Edit,
        mut pause: impl FnMut() -> bool,
        garbage: &Chain,
    ) -> Option<Option<usize>> {
        let mut guard = self.write_stripe(access, from);
        let mut index = from;
        if index >= self.active.load(SeqCst) {
            return None;
        }
        loop {
            self.look_ahead(index);
            // SAFETY: E3.
            guard.lend(|| unsafe { self.edit_bucket(index, own, &mut visit, garbage) });
            match self.next_bucket(index, &mut guard, |next| self.write_stripe(access, next)) {
                None => return Some(None),
                Some(next) => index = next,
            }
            if pause() {
                return Some(Some(index));
            }
        }
    }
    /// The same for one bucket.
    pub fn edit_one_bucket(
        &self,
        access: Access<'_>,
        index: usize,
        own: usize,
        mut visit: impl FnMut(&Head) -> Edit,
        garbage: &Chain,
    ) {
        let guard = self.write_stripe(access, index);
        if index < self.active.load(SeqCst) {
            // SAFETY: E3.
            guard.lend(|| unsafe { self.edit_bucket(index, own, &mut visit, garbage) });
        }
    }
    /// # Safety
    /// E3 for writing.
    unsafe fn edit_bucket(
        &self,
        index: usize,
        own: usize,
        visit: &mut impl FnMut(&Head) -> Edit,
        garbage: &Chain,
    ) {
        let mut place = self.bucket(index);
        // SAFETY: the caller's contract.
        unsafe {
            while let Some(object) = (*place).as_mut() {
                let edit = if object.is_deleted() { Edit::Keep } else { visit(object) };
                match edit {
                    Edit::Keep => {}
                    Edit::Replace(new) => garbage.push(self.replace(place, new)),
                    Edit::Delete => {
                        self.count(object.hash, -1);
                        if self.note_deleted(index, own) {
                            object.hash |= DELETED;
                        } else {
                            garbage.push(self.take_out(place));
                            continue;
                        }
                    }
                }
                place = &raw mut (**place).next;
            }
        }
    }
    /// After a walk that deleted: gives up buckets that are too many.
    pub fn shrink_after_walk(&self, access: Access<'_>) {
        self.shrink(access, self.len() as i64);
    }

    /// Marks all objects as deleted, in a table that is fixed; for whoever holds it alone.
    pub fn delete_all_fixed(&self, access: Access<'_>) {
        assert!(access.is_alone());
        for index in 0..self.bucket_count() {
            // SAFETY: E3.
            unsafe {
                let mut at = *self.bucket(index);
                if !at.is_null() {
                    self.note_deleted(index, 0);
                }
                while let Some(object) = at.as_mut() {
                    object.hash |= DELETED;
                    at = object.next;
                }
            }
        }
        self.items.store(0, SeqCst);
        self.stripes.iter().for_each(|s| s.items.store(0, SeqCst));
    }

    /// Takes back `count` fixations; those who did so last then call [`Hash::purge`], with the
    /// table's lock held as for writing.
    pub fn unfix(&self, count: usize) -> bool {
        let left = self.fixed.fetch_sub(count, SeqCst) - count;
        left == 0 && !self.deleted().is_empty()
    }
    /// Whether there is something for [`Hash::purge`].
    pub fn is_to_be_purged(&self) -> bool {
        !self.is_fixed() && !self.deleted().is_empty()
    }
    /// Frees what was marked as deleted, unless the table has been fixed again.
    pub fn purge(&self, access: Access<'_>, garbage: &Chain) {
        let indexes = core::mem::take(&mut *self.deleted());
        for (done, &index) in indexes.iter().enumerate() {
            let _guard: StripeGuard<'_> = self.write_stripe(access, index);
            if self.is_fixed() {
                self.deleted().extend_from_slice(&indexes[done..]);
                return;
            }
            if index >= self.active.load(SeqCst) {
                continue; // joined with another, and purged then
            }
            let mut place = self.bucket(index);
            // SAFETY: E3.
            unsafe {
                while let Some(object) = (*place).as_mut() {
                    if object.is_deleted() {
                        garbage.push(self.take_out(place));
                    } else {
                        place = &raw mut object.next;
                    }
                }
            }
        }
    }
}
