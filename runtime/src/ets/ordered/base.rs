//! A base: the objects of an ordered set with keys in one range, under a lock of their own.

use super::Bound;
use super::tree::{Entries, Tree};
use crate::sys::epoch::OnlineInside;
use crate::sys::lock::{Lent, RwLockWriteGuard};
use crate::sys::read_mostly::{ReadGuard, ReadMostly};
use core::sync::atomic::{AtomicBool, AtomicI32, Ordering::Relaxed};
use std::sync::Arc;

/// Waiting for a lock tells so much of contention,
const WAITED: i32 = 250;
/// and getting it at once so much. Both are OTP's.
const AT_ONCE: i32 = -1;
/// It tells nothing more beyond this.
const ENOUGH: i32 = 20_000;

/// What every operation touches is on one cache line: it moves between cores with the lock.
#[repr(C, align(64))]
pub(super) struct Base {
    lock: ReadMostly,
    /// It is in the routing. Changed by whoever holds the lock to write.
    is_valid: AtomicBool,
    contention: AtomicI32,
    pub tree: Tree,
    /// The least key that belongs here; any, without it.
    pub lower: Option<Arc<Bound>>,
}

const _: () = assert!(core::mem::offset_of!(Base, lower) == 64);

/// How a base is locked.
pub(super) enum Guard<'t> {
    /// The table's lock suffices.
    None,
    Read(ReadGuard<'t>),
    #[expect(dead_code, reason = "held, not looked at")]
    Write(RwLockWriteGuard<'t, ()>),
}
impl Guard<'_> {
    pub fn is_some(&self) -> bool {
        !matches!(self, Guard::None)
    }
}
impl Lent for Guard<'_> {
    fn locks(&self) -> usize {
        match self {
            Guard::None | Guard::Read(ReadGuard::Announced(_)) => 0,
            Guard::Read(ReadGuard::Locked(_)) | Guard::Write(_) => 1,
        }
    }
}

impl Base {
    pub fn new(lower: Option<Arc<Bound>>, entries: Entries, bytes: i64) -> Base {
        Base {
            lock: ReadMostly::new(true),
            is_valid: AtomicBool::new(true),
            contention: AtomicI32::new(0),
            tree: Tree::new(entries, bytes),
            lower,
        }
    }
    /// Under the lock.
    pub fn is_valid(&self) -> bool {
        self.is_valid.load(Relaxed)
    }
    /// For whoever holds the lock to write.
    pub fn end(&self) {
        self.is_valid.store(false, Relaxed);
    }

    #[inline]
    pub fn read(&self) -> Guard<'_> {
        let (guard, has_waited) = self.lock.read_telling::<OnlineInside>();
        if has_waited {
            self.note(WAITED);
        }
        Guard::Read(guard)
    }
    #[inline]
    pub fn write(&self) -> Guard<'_> {
        let (guard, has_waited) = self.lock.write_telling::<OnlineInside>();
        self.note(if has_waited { WAITED } else { AT_ONCE });
        Guard::Write(guard)
    }
    /// Unless somebody would have to be waited for.
    pub fn try_write(&self) -> Option<Guard<'_>> {
        self.lock.try_write::<OnlineInside>().map(Guard::Write)
    }

    /// A count that is lost now and then does no harm.
    fn note(&self, what: i32) {
        let contention = self.contention.load(Relaxed);
        if contention.abs() < ENOUGH || (contention < 0) != (what < 0) {
            self.contention.store(contention + what, Relaxed);
        }
    }
    pub fn contention(&self) -> i32 {
        self.contention.load(Relaxed)
    }
    pub fn forget_contention(&self) {
        self.contention.store(0, Relaxed);
    }
}
