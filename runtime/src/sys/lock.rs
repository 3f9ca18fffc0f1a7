//! The standard library's locks, counted: who holds one cannot be made to leave what it is doing
//! (see [`super::exhaustion`]), since nobody would give the lock back.

use core::cell::Cell;
use core::ops::{Deref, DerefMut};
use std::sync::{LockResult, PoisonError, TryLockError, TryLockResult};

thread_local! {
    static HELD: Cell<usize> = const { Cell::new(0) };
}

/// Locks that this thread holds.
pub fn held() -> usize {
    HELD.get()
}

/// A lock that is held.
pub struct Held;
impl Held {
    #[expect(clippy::new_without_default, reason = "it counts")]
    pub fn new() -> Held {
        HELD.set(HELD.get() + 1);
        Held
    }
}
impl Drop for Held {
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
        assert_eq!((*one, *two, held()), (1, 2, 2));
        drop(one);
        drop(two);
        *lock.write().unwrap() += 1;
        let three = *lock.read().unwrap();
        assert_eq!((three, held()), (3, 0));
    }
}
