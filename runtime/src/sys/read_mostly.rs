//! A read-write lock whose readers write to memory of their own only, as long as nobody writes.
//!
//! Every thread has a place where it announces the lock that it reads under. A writer puts an end to
//! announcements, waits until nobody is announced any more, and holds a lock as any other; until
//! there have been readers enough since, they take that lock too. Made for what is written rarely
//! and read on all cores: a writer that ends announcements looks at the places of all threads.
//!
//! A reader announces itself and then looks whether announcements hold; a writer ends them and then
//! looks for readers: one of the two sees the other.
//!
//! Who has announced itself only reads: made to leave (see `exhaustion`), it has that taken back.

use super::lock::{RwLock, RwLockReadGuard, RwLockWriteGuard};
use super::sync::Ordering::{Acquire, Relaxed, Release, SeqCst};
use super::sync::{
    AtomicBool, AtomicPtr, AtomicU8, READS, SPINS, fence, spin_loop, store_first, wait_a_little,
};
use core::ptr::null_mut;
use std::sync::{PoisonError, TryLockError, TryLockResult};

/// What a thread reads under, if anything. Threads are to have theirs on different cache lines.
pub struct Place(pub AtomicPtr<ReadMostly>);

/// Places of threads.
pub trait Places {
    /// That of this thread, if it has one.
    fn own() -> Option<&'static Place>;
    /// All that a thread may announce itself at.
    fn all() -> impl Iterator<Item = &'static Place>;
}

pub struct ReadMostly {
    lock: RwLock<()>,
    may_be_announced: bool,
    is_announced: AtomicBool,
    /// That took the lock since announcements ended.
    reads: AtomicU8,
}

pub enum ReadGuard<'l> {
    Announced(&'l Place),
    Locked(RwLockReadGuard<'l, ()>),
}
impl Drop for ReadGuard<'_> {
    #[inline]
    fn drop(&mut self) {
        if let ReadGuard::Announced(place) = self {
            place.0.store(null_mut(), Release);
        }
    }
}

impl ReadMostly {
    /// A plain lock, unless `may_be_announced`.
    pub fn new(may_be_announced: bool) -> ReadMostly {
        ReadMostly {
            lock: RwLock::new(()),
            may_be_announced,
            is_announced: AtomicBool::new(false),
            reads: AtomicU8::new(0),
        }
    }

    #[inline]
    pub fn read<P: Places>(&self) -> ReadGuard<'_> {
        if self.is_announced.load(Relaxed)
            && let Some(place) = P::own()
            && self.announce(place)
        {
            return ReadGuard::Announced(place);
        }
        self.read_locked()
    }
    #[inline]
    fn announce(&self, place: &Place) -> bool {
        // Who reads under another lock already takes this one.
        if !place.0.load(Relaxed).is_null() {
            return false;
        }
        store_first(&place.0, core::ptr::from_ref(self).cast_mut());
        if self.is_announced.load(SeqCst) {
            return true;
        }
        place.0.store(null_mut(), Release);
        false
    }
    /// As [`ReadMostly::read`], and whether a writer had to be waited for.
    #[inline]
    pub fn read_telling<P: Places>(&self) -> (ReadGuard<'_>, bool) {
        if self.is_announced.load(Relaxed)
            && let Some(place) = P::own()
            && self.announce(place)
        {
            return (ReadGuard::Announced(place), false);
        }
        match now(self.lock.try_read()) {
            Some(guard) => (self.count(guard), false),
            None => (self.read_locked(), true),
        }
    }
    #[cold]
    fn read_locked(&self) -> ReadGuard<'_> {
        self.count(self.lock.read().unwrap_or_else(PoisonError::into_inner))
    }
    fn count<'l>(&'l self, guard: RwLockReadGuard<'l, ()>) -> ReadGuard<'l> {
        if self.may_be_announced
            && !self.is_announced.load(Relaxed)
            && self.reads.fetch_add(1, Relaxed) + 1 > READS
        {
            self.is_announced.store(true, Release);
        }
        ReadGuard::Locked(guard)
    }

    #[inline]
    pub fn write<P: Places>(&self) -> RwLockWriteGuard<'_, ()> {
        let guard = self.lock.write().unwrap_or_else(PoisonError::into_inner);
        self.end_announcements::<P>();
        guard
    }
    /// As [`ReadMostly::write`], and whether anybody had to be waited for.
    #[inline]
    pub fn write_telling<P: Places>(&self) -> (RwLockWriteGuard<'_, ()>, bool) {
        match now(self.lock.try_write()) {
            Some(guard) => (guard, self.end_announcements::<P>()),
            None => (self.write::<P>(), true),
        }
    }
    /// As [`ReadMostly::write`], unless somebody has to be waited for.
    pub fn try_write<P: Places>(&self) -> Option<RwLockWriteGuard<'_, ()>> {
        let guard = now(self.lock.try_write())?;
        if self.is_announced.load(Relaxed) {
            self.forbid_announcements();
            if P::all().any(|place| self.is_read_at(place)) {
                // The next writer has to wait for those who are announced.
                self.is_announced.store(true, Release);
                return None;
            }
        }
        Some(guard)
    }
    /// For who holds the lock to write; whether there was anybody to be waited for.
    #[inline]
    fn end_announcements<P: Places>(&self) -> bool {
        // Only who holds the lock makes this true.
        self.is_announced.load(Relaxed) && self.wait_for_announced::<P>()
    }
    #[cold]
    fn wait_for_announced<P: Places>(&self) -> bool {
        self.forbid_announcements();
        let mut has_waited = false;
        for place in P::all() {
            let mut spins = 0;
            while self.is_read_at(place) {
                has_waited = true;
                spins += 1;
                if spins < SPINS { spin_loop() } else { wait_a_little() }
            }
        }
        has_waited
    }
    fn forbid_announcements(&self) {
        self.is_announced.store(false, Relaxed);
        self.reads.store(0, Relaxed);
        fence(SeqCst);
    }
    fn is_read_at(&self, place: &Place) -> bool {
        core::ptr::eq(place.0.load(Acquire), self)
    }
}

/// What was there to be had at once.
fn now<G>(tried: TryLockResult<G>) -> Option<G> {
    match tried {
        Ok(guard) => Some(guard),
        Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}
