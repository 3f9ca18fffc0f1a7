//! Hash tables: sets and both kinds of bags.
//!
//! Linear hashing as OTP does it, bucket by bucket and with OTP's hash, so that growing never
//! pauses and that tables are walked in the same order as there. Buckets are chains of objects.
//!
//! * E3: a chain and its objects are read under the table's lock and, where the table has stripes
//!   and its lock is shared, under the stripe of the bucket; they are written under that stripe
//!   held exclusively, or where the table's lock is. [`Access`] is the proof of the table's lock.
//! * E4: `active` passes a bucket only under the stripe of that bucket.
#![allow(unsafe_code)]

mod resize;
mod write;

use super::object::{Chain, Head};
use super::{Access, Hold, Sort};
use crate::heap::out_of_memory;
use crate::sys::cycles::will_read;
use crate::sys::exhaustion::fallible;
use crate::sys::lock::{
    Lent, Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard, lend, lend_if,
};
use crate::term::Term;
use crate::term::compare::equal_exact;
use core::alloc::Layout;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicBool, AtomicI64, AtomicPtr, AtomicUsize, Ordering::*};
use std::sync::PoisonError;
pub use write::{Edit, Found, Insert};

/// Buckets of an empty table.
const FIRST_BUCKETS: usize = 256;
const FIRST_BUCKETS_LOG: u32 = FIRST_BUCKETS.ilog2();
/// Each segment of buckets is as large as all before it together.
const SEGMENTS: usize = 40;
/// Stripes of a table with write concurrency; OTP's number, which the order of a walk depends on.
const STRIPES: usize = 64;

/// Buckets that a walk looks ahead.
const AHEAD: usize = 6;

type Bucket = *mut Head;

#[repr(align(64))]
struct Stripe {
    lock: RwLock<()>,
    /// Objects under this stripe, where counters are decentralized.
    items: AtomicI64,
}

pub struct Hash {
    sort: Sort,
    keypos: usize,
    segments: [AtomicPtr<Bucket>; SEGMENTS],
    active: AtomicUsize,
    mask: AtomicUsize,
    /// Buckets that OTP would have allocated: decides when to shrink.
    otp_slots: AtomicUsize,
    is_resizing: AtomicBool,
    /// None without write concurrency.
    stripes: Box<[Stripe]>,
    decentralized: bool,
    items: AtomicI64,
    /// Of all objects.
    bytes: AtomicI64,
    /// How often the table is fixed.
    fixed: AtomicUsize,
    /// Buckets with objects that were deleted while the table was fixed.
    deleted: Mutex<Vec<usize>>,
}

// SAFETY: E3: chains are touched under locks only.
unsafe impl Send for Hash {}
// SAFETY: as above.
unsafe impl Sync for Hash {}

/// See [`Hash::fixed`].
pub struct Fixed<'t>(&'t Hash);
impl Drop for Fixed<'_> {
    fn drop(&mut self) {
        self.0.fixed.fetch_sub(1, SeqCst);
    }
}
impl Lent for Fixed<'_> {
    fn locks(&self) -> usize {
        0
    }
}

/// The hash of a key: OTP's, of 32 bits.
pub fn hash_of(key: Term) -> u64 {
    crate::term::hash::internal::hash(key) & 0xffff_ffff
}

enum StripeGuard<'t> {
    /// The table's lock suffices.
    None,
    #[expect(dead_code, reason = "held, not looked at")]
    Read(RwLockReadGuard<'t, ()>),
    #[expect(dead_code, reason = "held, not looked at")]
    Write(RwLockWriteGuard<'t, ()>),
}

impl Lent for StripeGuard<'_> {
    fn locks(&self) -> usize {
        match self {
            StripeGuard::None => 0,
            StripeGuard::Read(_) | StripeGuard::Write(_) => 1,
        }
    }
}
impl StripeGuard<'_> {
    /// Does something while what is under the stripe is as it was, or complete.
    #[inline(always)]
    fn lend<R>(&self, make: impl FnOnce() -> R) -> R {
        lend_if(!matches!(self, StripeGuard::None), self, make)
    }
}

impl Hash {
    pub fn new(sort: Sort, keypos: usize, is_striped: bool, decentralized: bool) -> Hash {
        let stripe = || Stripe { lock: RwLock::new(()), items: AtomicI64::new(0) };
        let count = if is_striped { STRIPES } else { 0 };
        let segments = [const { AtomicPtr::new(null_mut()) }; SEGMENTS];
        segments[0].store(Hash::first_segment(), Relaxed);
        Hash {
            sort,
            keypos,
            segments,
            active: AtomicUsize::new(FIRST_BUCKETS),
            mask: AtomicUsize::new(FIRST_BUCKETS - 1),
            otp_slots: AtomicUsize::new(FIRST_BUCKETS),
            is_resizing: AtomicBool::new(false),
            stripes: core::iter::repeat_with(stripe).take(count).collect(),
            decentralized: is_striped && decentralized,
            items: AtomicI64::new(0),
            bytes: AtomicI64::new(0),
            fixed: AtomicUsize::new(0),
            deleted: Mutex::default(),
        }
    }

    pub fn is_striped(&self) -> bool {
        !self.stripes.is_empty()
    }
    /// Without stripes it is the table's own.
    pub fn lock_count(&self) -> usize {
        self.stripes.len().max(1)
    }
    pub fn len(&self) -> usize {
        let items = if self.decentralized {
            self.stripes.iter().map(|s| s.items.load(Relaxed)).sum()
        } else {
            self.items.load(Relaxed)
        };
        items.max(0) as usize
    }
    /// Bytes of the objects and buckets.
    pub fn size_bytes(&self) -> usize {
        let stripes = size_of_val::<[Stripe]>(&self.stripes);
        let buckets = self.active.load(Relaxed) * size_of::<Bucket>();
        self.bytes.load(Relaxed).max(0) as usize + buckets + stripes
    }
    pub fn bucket_count(&self) -> usize {
        self.active.load(Acquire)
    }
    pub fn is_fixed(&self) -> bool {
        self.fixed.load(SeqCst) != 0
    }
    pub fn fix(&self) {
        self.fixed.fetch_add(1, SeqCst);
    }
    /// Keeps it fixed for as long as what this gives is there.
    pub fn fixed(&self) -> Fixed<'_> {
        self.fix();
        Fixed(self)
    }

    fn segment_of(index: usize) -> (usize, usize) {
        if index < FIRST_BUCKETS {
            return (0, index);
        }
        let log = index.ilog2();
        ((log - FIRST_BUCKETS_LOG + 1) as usize, index - (1 << log))
    }
    fn segment_len(segment: usize) -> usize {
        FIRST_BUCKETS << segment.saturating_sub(1)
    }
    /// Empty buckets; null if there is no memory for them.
    fn new_segment(segment: usize) -> *mut Bucket {
        let layout = Layout::array::<Bucket>(Hash::segment_len(segment)).expect("few buckets");
        // SAFETY: the size is not zero. Zeros are empty buckets.
        fallible(|| unsafe { std::alloc::alloc_zeroed(layout) }).cast()
    }
    /// Those that a table cannot do without.
    fn first_segment() -> *mut Bucket {
        let buckets = Hash::new_segment(0);
        if buckets.is_null() {
            out_of_memory("ets", FIRST_BUCKETS * size_of::<Bucket>());
        }
        buckets
    }
    fn free_segment(&self, segment: usize) {
        let buckets = self.segments[segment].swap(null_mut(), AcqRel);
        if !buckets.is_null() {
            let layout = Layout::array::<Bucket>(Hash::segment_len(segment)).expect("few buckets");
            // SAFETY: allocated above with this layout; no bucket in it is active any more (E4).
            unsafe { std::alloc::dealloc(buckets.cast(), layout) };
        }
    }
    /// Where a bucket is; it must be active, or about to become so.
    fn bucket(&self, index: usize) -> *mut Bucket {
        let (segment, offset) = Hash::segment_of(index);
        self.segments[segment].load(Acquire).wrapping_add(offset)
    }
    /// Under the stripe of the hash.
    fn index(&self, hash: u64) -> usize {
        let mask = self.mask.load(Acquire);
        let index = hash as usize & mask;
        if index < self.active.load(Relaxed) { index } else { index & (mask >> 1) }
    }

    fn read_stripe(&self, access: Access<'_>, hash: usize) -> StripeGuard<'_> {
        if access.is_alone() || self.stripes.is_empty() {
            return StripeGuard::None;
        }
        let lock = &self.stripes[hash & (STRIPES - 1)].lock;
        StripeGuard::Read(lock.read().unwrap_or_else(PoisonError::into_inner))
    }
    fn write_stripe(&self, access: Access<'_>, hash: usize) -> StripeGuard<'_> {
        if access.is_alone() {
            return StripeGuard::None;
        }
        assert!(self.is_striped(), "E3: whoever writes holds the table alone");
        let lock = &self.stripes[hash & (STRIPES - 1)].lock;
        StripeGuard::Write(lock.write().unwrap_or_else(PoisonError::into_inner))
    }
    /// What a walk adds to a bucket's index, to stay under one stripe for as long as possible.
    fn stride(&self) -> usize {
        self.stripes.len().max(1)
    }
    /// The bucket that a walk goes on with, and its stripe; nothing at the end.
    fn next_bucket<'t>(
        &'t self,
        index: usize,
        guard: &mut StripeGuard<'t>,
        lock: impl FnOnce(usize) -> StripeGuard<'t>,
    ) -> Option<usize> {
        let next = index + self.stride();
        if next < self.active.load(Acquire) {
            return Some(next);
        }
        *guard = StripeGuard::None;
        let next = (index + 1) & (self.stride() - 1);
        if next == 0 {
            return None;
        }
        *guard = lock(next);
        Some(next)
    }

    /// Objects stand anywhere in memory: a walk through the buckets of a stripe has the first ones of
    /// a bucket brought near some time before it gets there. The stripe is held.
    #[inline]
    fn look_ahead(&self, index: usize) {
        let ahead = index + AHEAD * self.stride();
        if ahead < self.active.load(Relaxed) {
            // SAFETY: E3, E4: a bucket under the same stripe.
            let first = unsafe { *self.bucket(ahead) };
            will_read(first);
            will_read(first.cast::<u8>().wrapping_add(64));
        }
    }

    fn count(&self, hash: u64, difference: i64) {
        if self.decentralized {
            let stripe = &self.stripes[hash as usize & (STRIPES - 1)];
            stripe.items.fetch_add(difference, Relaxed);
        } else {
            self.items.fetch_add(difference, Relaxed);
        }
    }
    /// About how many objects there are, cheaply.
    fn estimate(&self, hash: u64) -> i64 {
        if self.decentralized {
            let stripe = &self.stripes[hash as usize & (STRIPES - 1)];
            stripe.items.load(Relaxed) * STRIPES as i64
        } else {
            self.items.load(Relaxed)
        }
    }
    fn count_bytes(&self, added: Option<&Head>, removed: Option<&Head>) {
        let size = |object: Option<&Head>| object.map_or(0, |object| object.size_bytes() as i64);
        self.bytes.fetch_add(size(added) - size(removed), Relaxed);
    }

    fn has_key(&self, object: &Head, key: Term, hash: u64) -> bool {
        object.hash & !super::object::DELETED == hash && equal_exact(object.key(self.keypos), key)
    }

    /// The objects that have a key, in the order of the chain.
    ///
    /// # Safety
    /// E3, for as long as they are used.
    unsafe fn with(&self, key: Term, hash: u64) -> Objects<'_> {
        // SAFETY: the caller's contract.
        unsafe {
            let mut at = *self.bucket(self.index(hash));
            while !at.is_null() && !((*at).hash == hash && self.has_key(&*at, key, hash)) {
                at = (*at).next;
            }
            Objects { table: self, at, key: Some((key, hash)) }
        }
    }
    /// Whether there is an object with a key.
    pub fn has(&self, access: Access<'_>, key: Term) -> bool {
        let hash = hash_of(key);
        let _guard = self.read_stripe(access, hash as usize);
        // SAFETY: E3.
        unsafe { self.with(key, hash) }.next().is_some()
    }
    /// Calls `f` with the objects that have a key. The table is lent for what takes much memory.
    pub fn with_key<R>(&self, hold: &Hold<'_>, key: Term, f: impl FnOnce(Objects<'_>) -> R) -> R {
        let hash = hash_of(key);
        let guard = self.read_stripe(hold.access(), hash as usize);
        // SAFETY: E3.
        let objects = unsafe { self.with(key, hash) };
        if objects.are_little() { f(objects) } else { with_much(hold, &guard, objects, f) }
    }

    /// Calls `f` with the objects of a bucket; nothing if there is no such bucket.
    pub fn with_bucket<R>(
        &self,
        access: Access<'_>,
        index: usize,
        f: impl FnOnce(Objects<'_>) -> R,
    ) -> Option<R> {
        let guard = self.read_stripe(access, index);
        if index >= self.active.load(Acquire) {
            return None;
        }
        // SAFETY: E3.
        let at = unsafe { *self.bucket(index) };
        Some(guard.lend(|| f(Objects { table: self, at, key: None })))
    }

    /// Calls `f` with the first object of a walk through the table and those that follow it with
    /// the same key; `deleted_too` for one that shows objects that were deleted.
    pub fn with_first<R>(
        &self,
        access: Access<'_>,
        deleted_too: bool,
        f: impl FnOnce(Option<Objects<'_>>) -> R,
    ) -> R {
        let mut guard = self.read_stripe(access, 0);
        // SAFETY: E3.
        let at = unsafe { *self.bucket(0) };
        let first = self.live_from(access, 0, at, &mut guard, deleted_too);
        guard.lend(|| f(first))
    }
    /// The same with what follows a key; an error if the key is not there.
    pub fn with_next<R>(
        &self,
        access: Access<'_>,
        key: Term,
        deleted_too: bool,
        f: impl FnOnce(Option<Objects<'_>>) -> R,
    ) -> Option<R> {
        let hash = hash_of(key);
        let mut guard = self.read_stripe(access, hash as usize);
        let index = self.index(hash);
        // SAFETY: E3.
        unsafe {
            let mut at = *self.bucket(index);
            loop {
                let object = at.as_ref()?;
                if self.has_key(object, key, hash) {
                    break;
                }
                at = object.next;
            }
            // Deleted objects may stand between those with the key.
            while let Some(object) = at.as_ref()
                && (self.has_key(object, key, hash) || object.is_deleted() && !deleted_too)
            {
                at = object.next;
            }
            let next = self.live_from(access, index, at, &mut guard, deleted_too);
            Some(guard.lend(|| f(next)))
        }
    }
    /// The first object that is not deleted, from one of a bucket on.
    fn live_from<'t>(
        &'t self,
        access: Access<'_>,
        mut index: usize,
        mut at: *mut Head,
        guard: &mut StripeGuard<'t>,
        deleted_too: bool,
    ) -> Option<Objects<'t>> {
        loop {
            // SAFETY: E3.
            while let Some(object) = unsafe { at.as_ref() } {
                if deleted_too || !object.is_deleted() {
                    let key =
                        Some((object.key(self.keypos), object.hash & !super::object::DELETED));
                    return Some(Objects { table: self, at, key });
                }
                at = object.next;
            }
            index = self.next_bucket(index, guard, |next| self.read_stripe(access, next))?;
            // SAFETY: E3.
            at = unsafe { *self.bucket(index) };
        }
    }

    /// Walks through the table from a bucket on. Between two buckets `pause` may end the walk; the
    /// result is then the bucket to go on with. An error if there is no such bucket.
    pub fn walk(
        &self,
        access: Access<'_>,
        from: usize,
        mut visit: impl FnMut(&Head),
        mut pause: impl FnMut() -> bool,
    ) -> Option<Option<usize>> {
        let mut guard = self.read_stripe(access, from);
        let mut index = from;
        if index >= self.active.load(Acquire) {
            return None;
        }
        loop {
            self.look_ahead(index);
            // SAFETY: E3.
            let mut at = unsafe { *self.bucket(index) };
            guard.lend(|| {
                // SAFETY: E3.
                while let Some(object) = unsafe { at.as_ref() } {
                    if !object.is_deleted() {
                        visit(object);
                    }
                    at = object.next;
                }
            });
            match self.next_bucket(index, &mut guard, |next| self.read_stripe(access, next)) {
                None => return Some(None),
                Some(next) => index = next,
            }
            if pause() {
                return Some(Some(index));
            }
        }
    }

    /// The bucket where a key belongs, now.
    pub fn bucket_of(&self, access: Access<'_>, key: Term) -> usize {
        let hash = hash_of(key);
        let _guard = self.read_stripe(access, hash as usize);
        self.index(hash)
    }

    /// Lengths of chains: average, standard deviation, minimum, maximum, and deleted objects. As
    /// exact as OTP's, which are of single precision.
    pub fn statistics(&self, access: Access<'_>) -> (f32, f32, usize, usize, usize) {
        let (mut min, mut max, mut kept) = (usize::MAX, 0, 0);
        let (mut sum, mut squares) = (0, 0);
        let buckets = self.bucket_count();
        for index in 0..buckets {
            let len = self.with_bucket(access, index, |objects| objects.chain_len(&mut kept));
            let len = len.unwrap_or(0);
            (min, max) = (min.min(len), max.max(len));
            sum += len;
            squares += len * len;
        }
        let average = sum as f32 / buckets as f32;
        let variance = (squares as f32 - average * sum as f32) / buckets as f32;
        let deviation = f64::from(variance).sqrt() as f32;
        (average, deviation, min, max, kept)
    }

    /// Takes everything out; for whoever holds the table alone and unfixed.
    pub fn take_all(&self, access: Access<'_>) -> Remains {
        assert!(access.is_alone());
        // Where there is no memory for these, nothing has been changed yet.
        let mut segments = Vec::with_capacity(SEGMENTS);
        let fresh = Hash::first_segment();
        let active = self.active.swap(FIRST_BUCKETS, Relaxed);
        for segment in 0..SEGMENTS {
            let buckets = self.segments[segment].swap(null_mut(), AcqRel);
            if !buckets.is_null() {
                segments.push((buckets, segment));
            }
        }
        self.mask.store(FIRST_BUCKETS - 1, Relaxed);
        self.otp_slots.store(FIRST_BUCKETS, Relaxed);
        self.items.store(0, Relaxed);
        self.stripes.iter().for_each(|s| s.items.store(0, Relaxed));
        self.bytes.store(0, Relaxed);
        self.deleted().clear();
        self.segments[0].store(fresh, Release);
        Remains { segments, active }
    }
    fn deleted(&self) -> MutexGuard<'_, Vec<usize>> {
        self.deleted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Hash {
    fn drop(&mut self) {
        drop(self.take_all(Access::owned()));
        self.free_segment(0);
    }
}

/// The buckets of a table that was emptied; dropping them frees all objects.
pub struct Remains {
    segments: Vec<(*mut Bucket, usize)>,
    active: usize,
}
// SAFETY: owned by whoever has it.
unsafe impl Send for Remains {}

impl Drop for Remains {
    fn drop(&mut self) {
        for &(buckets, segment) in &self.segments {
            let (start, len) = match segment {
                0 => (0, FIRST_BUCKETS),
                _ => (Hash::segment_len(segment), Hash::segment_len(segment)),
            };
            for offset in 0..len.min(self.active.saturating_sub(start)) {
                // SAFETY: nobody else knows the buckets or objects any more.
                drop(unsafe { Chain::from_raw(*buckets.add(offset)) });
            }
            let layout = Layout::array::<Bucket>(len).expect("few buckets");
            // SAFETY: allocated with this layout.
            unsafe { std::alloc::dealloc(buckets.cast(), layout) };
        }
    }
}

/// As [`Hash::with_key`], with everything lent.
#[inline(never)]
fn with_much<R>(
    hold: &Hold<'_>,
    guard: &StripeGuard<'_>,
    objects: Objects<'_>,
    f: impl FnOnce(Objects<'_>) -> R,
) -> R {
    lend(hold, || guard.lend(|| f(objects)))
}

/// Objects of a chain that are not deleted: all, or as far as they have one key.
#[derive(Clone)]
pub struct Objects<'t> {
    table: &'t Hash,
    at: *mut Head,
    key: Option<(Term, u64)>,
}
impl Objects<'_> {
    /// Objects of the chain, deleted ones too, which are counted.
    fn chain_len(&self, deleted: &mut usize) -> usize {
        let (mut len, mut at) = (0, self.at);
        // SAFETY: E3: the lock is held while there are `Objects`.
        while let Some(object) = unsafe { at.as_ref() } {
            len += 1;
            *deleted += usize::from(object.is_deleted());
            at = object.next;
        }
        len
    }
    /// Whether there is a reserve for copies of those of a key.
    #[inline]
    fn are_little(&self) -> bool {
        // SAFETY: as above.
        let first = unsafe { self.at.as_ref() };
        self.table.sort == Sort::Set && first.is_none_or(Head::is_little)
    }
    /// The key of the first object, deleted or not.
    pub fn first_key(&self) -> Option<Term> {
        // SAFETY: as above.
        unsafe { self.at.as_ref() }.map(|object| object.key(self.table.keypos))
    }
}
impl<'t> Iterator for Objects<'t> {
    type Item = &'t Head;
    fn next(&mut self) -> Option<&'t Head> {
        loop {
            // SAFETY: as above.
            let object = unsafe { self.at.as_ref() }?;
            self.at = object.next;
            if let Some((key, hash)) = self.key {
                if !self.table.has_key(object, key, hash) {
                    self.at = null_mut();
                    return None;
                }
                if self.table.sort == Sort::Set {
                    self.at = null_mut();
                }
            }
            if !object.is_deleted() {
                return Some(object);
            }
        }
    }
}
