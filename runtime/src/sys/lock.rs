//! The standard library's locks, counted. Who holds one cannot simply be made to leave what it is
//! doing (see [`super::exhaustion`]), since nobody would give the lock back.
//!
//! * L1: a thread is made to leave only while it has lent all locks that are counted (see
//!   [`lend`]): what they guard is as it was, or complete, and so fit for others to see.

use core::cell::Cell;
use core::ops::{Deref, DerefMut};
use core::ptr::null;
use std::sync::{LockResult, PoisonError, TryLockError, TryLockResult};

/// What is to be dropped if its thread is made to leave.
pub trait Lent {
    /// Counted locks that go with it.
    fn locks(&self) -> usize;
}

/// What can be done with an address.
struct Sort {
    locks: unsafe fn(*const ()) -> usize,
    drop: unsafe fn(*const ()),
}
/// On the stack of who lends.
struct Loan {
    lent: *const (),
    sort: &'static Sort,
    before: *const Loan,
}

thread_local! {
    static HELD: Cell<usize> = const { Cell::new(0) };
    static LATEST: Cell<*const Loan> = const { Cell::new(null()) };
}

/// Locks that this thread holds.
pub fn held() -> usize {
    HELD.get()
}
/// Whether this thread can be made to leave what it is doing (L1).
#[inline]
pub fn can_give_back() -> bool {
    held() == 0 || all_is_lent()
}
fn all_is_lent() -> bool {
    let (mut lent, mut next) = (0, LATEST.get());
    // SAFETY: loans are on the stack of this thread, below, for as long as they are in the list.
    while let Some(loan) = unsafe { next.as_ref() } {
        // SAFETY: what is lent is borrowed meanwhile.
        lent += unsafe { (loan.sort.locks)(loan.lent) };
        next = loan.before;
    }
    lent == held()
}
/// Gives back what has been lent, the latest first, for a thread that leaves.
pub fn give_back() {
    let mut next = LATEST.replace(null());
    // SAFETY: as above.
    while let Some(loan) = unsafe { next.as_ref() } {
        next = loan.before;
        // SAFETY: who lent it never comes back to it.
        unsafe { (loan.sort.drop)(loan.lent) };
    }
}

/// Does something while what is lent can be given back: if it is a lock, what it guards is as it was,
/// or complete, whenever memory is asked for.
#[inline(always)]
pub fn lend<G: Lent, R>(lent: &G, make: impl FnOnce() -> R) -> R {
    lend_address(lent, true, make)
}
/// The same, if there is something to be lent.
#[inline(always)]
pub fn lend_if<G: Lent, R>(is_lent: bool, lent: &G, make: impl FnOnce() -> R) -> R {
    lend_address(lent, is_lent, make)
}
/// The same with what is lent at hand.
pub fn lend_mut<G: Lent, R>(lent: &mut G, make: impl FnOnce(&mut G) -> R) -> R {
    let address: *mut G = lent;
    // SAFETY: borrowed here, and used otherwise only when nobody comes back to this reference.
    lend_address(address, true, || make(unsafe { &mut *address }))
}
#[inline(always)]
fn lend_address<G: Lent, R>(lent: *const G, is_lent: bool, make: impl FnOnce() -> R) -> R {
    let before = LATEST.get();
    let loan = Loan { lent: lent.cast(), sort: const { &sort::<G>() }, before };
    if is_lent {
        LATEST.set(&raw const loan);
    }
    let made = make();
    if is_lent {
        LATEST.set(before);
    }
    made
}
const fn sort<G: Lent>() -> Sort {
    /// # Safety
    /// The address of a `G`.
    unsafe fn locks<G: Lent>(lent: *const ()) -> usize {
        // SAFETY: the caller's contract.
        unsafe { (*lent.cast::<G>()).locks() }
    }
    /// # Safety
    /// The address of a `G` that is not used again.
    unsafe fn drop_it<G>(lent: *const ()) {
        // SAFETY: the caller's contract.
        drop(unsafe { lent.cast::<G>().read() });
    }
    Sort { locks: locks::<G>, drop: drop_it::<G> }
}

/// A lock that is held.
pub struct Held;
impl Held {
    #[expect(clippy::new_without_default, reason = "it counts")]
    #[inline]
    pub fn new() -> Held {
        HELD.set(HELD.get() + 1);
        Held
    }
}
impl Drop for Held {
    #[inline]
    fn drop(&mut self) {
        HELD.set(HELD.get() - 1);
    }
}

/// What the lock of the standard library gave, counted.
pub struct Guard<G> {
    guard: G,
    _held: Held,
}
impl<G> Guard<G> {
    fn new(locked: LockResult<G>) -> LockResult<Guard<G>> {
        let counted = |guard| Guard { guard, _held: Held::new() };
        match locked {
            Ok(guard) => Ok(counted(guard)),
            Err(poisoned) => Err(PoisonError::new(counted(poisoned.into_inner()))),
        }
    }
    fn tried(locked: TryLockResult<G>) -> TryLockResult<Guard<G>> {
        match locked {
            Err(TryLockError::WouldBlock) => Err(TryLockError::WouldBlock),
            Ok(guard) => Guard::new(Ok(guard)).map_err(TryLockError::Poisoned),
            Err(TryLockError::Poisoned(poisoned)) => {
                Guard::new(Err(poisoned)).map_err(TryLockError::Poisoned)
            }
        }
    }
}
impl<G> Lent for Guard<G> {
    fn locks(&self) -> usize {
        1
    }
}
impl<G: Deref> Deref for Guard<G> {
    type Target = G::Target;
    fn deref(&self) -> &G::Target {
        &self.guard
    }
}
impl<G: DerefMut> DerefMut for Guard<G> {
    fn deref_mut(&mut self) -> &mut G::Target {
        &mut self.guard
    }
}

pub type MutexGuard<'a, T> = Guard<std::sync::MutexGuard<'a, T>>;
pub type RwLockReadGuard<'a, T> = Guard<std::sync::RwLockReadGuard<'a, T>>;
pub type RwLockWriteGuard<'a, T> = Guard<std::sync::RwLockWriteGuard<'a, T>>;

#[derive(Default)]
pub struct Mutex<T>(std::sync::Mutex<T>);
impl<T> Mutex<T> {
    pub const fn new(value: T) -> Mutex<T> {
        Mutex(std::sync::Mutex::new(value))
    }
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        Guard::new(self.0.lock())
    }
    pub fn get_mut(&mut self) -> LockResult<&mut T> {
        self.0.get_mut()
    }
    pub fn into_inner(self) -> LockResult<T> {
        self.0.into_inner()
    }
}

#[derive(Default)]
pub struct RwLock<T>(std::sync::RwLock<T>);
impl<T> RwLock<T> {
    pub const fn new(value: T) -> RwLock<T> {
        RwLock(std::sync::RwLock::new(value))
    }
    pub fn read(&self) -> LockResult<RwLockReadGuard<'_, T>> {
        Guard::new(self.0.read())
    }
    pub fn write(&self) -> LockResult<RwLockWriteGuard<'_, T>> {
        Guard::new(self.0.write())
    }
    pub fn try_read(&self) -> TryLockResult<RwLockReadGuard<'_, T>> {
        Guard::tried(self.0.try_read())
    }
    pub fn try_write(&self) -> TryLockResult<RwLockWriteGuard<'_, T>> {
        Guard::tried(self.0.try_write())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_is_counted() {
        let (mutex, lock) = (Mutex::new(1), RwLock::new(2));
        assert_eq!(held(), 0);
        let one = mutex.lock().unwrap();
        let two = lock.read().unwrap();
        assert_eq!((*one, *two, held(), can_give_back()), (1, 2, 2, false));
        drop(one);
        drop(two);
        *lock.write().unwrap() += 1;
        let three = *lock.read().unwrap();
        assert_eq!((three, held(), can_give_back()), (3, 0, true));
    }

    #[test]
    fn who_has_lent_all_locks_can_leave() {
        let (mutex, lock) = (Mutex::new(1), RwLock::new(2));
        let mut one = mutex.lock().unwrap();
        assert!(!can_give_back() && lend(&one, can_give_back) && !can_give_back());
        let two = lock.write().unwrap();
        assert!(!lend(&one, can_give_back) && !lend(&two, can_give_back));
        assert!(lend(&two, || lend_mut(&mut one, |one| {
            **one += 1;
            can_give_back()
        })));
        assert!(!lend(&one, || lend(&two, || Mutex::new(3).lock().is_ok_and(|_| can_give_back()))));
        assert_eq!((*one, can_give_back()), (2, false));
    }

    struct Goes<'a>(&'a Cell<u32>, u32);
    impl Drop for Goes<'_> {
        fn drop(&mut self) {
            self.0.set(10 * self.0.get() + self.1);
        }
    }
    impl Lent for Goes<'_> {
        fn locks(&self) -> usize {
            0
        }
    }

    #[test]
    fn what_is_given_back_is_free() {
        let gone = Cell::new(0);
        let (mutex, lock) = (Mutex::new(1), RwLock::new(2));
        let (first, last) = (Goes(&gone, 1), Goes(&gone, 2));
        let guards = (mutex.lock().unwrap(), lock.read().unwrap());
        lend(&first, || {
            lend(&guards.0, || lend(&guards.1, || lend(&last, give_back)));
        });
        core::mem::forget((first, last, guards));
        assert_eq!(gone.get(), 21);
        *mutex.lock().unwrap() += 1;
        *lock.write().unwrap() += *mutex.lock().unwrap();
        let sum = *lock.read().unwrap();
        LATEST.set(null());
        assert_eq!((sum, held(), can_give_back()), (4, 0, true));
    }
}
