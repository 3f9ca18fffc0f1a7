//! The lock of a table as a whole, and the proof that it is held.
//!
//! A thread takes the lock of one table at a time and never twice: a second shared hold waits for
//! a writer that waits for the first. Behind it may be taken, in this order: the names of all tables
//! or a table's fixations, then the holdings of a process.

use super::{Protection, Store, Table, WriteConcurrency};
use crate::sys::epoch::Online;
use crate::sys::lock::{Lent, RwLockWriteGuard};
use crate::sys::read_mostly::ReadGuard;
use core::marker::PhantomData;

/// What a process is going to do with a table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Want {
    /// Ask about it; its contents are not looked at.
    Info,
    Read,
    /// Change objects one by one: tables with write concurrency lock those only.
    WriteOne,
    /// Change it as a whole.
    Write,
}

/// That the lock of a table is held, for as long as `'t`.
#[derive(Clone, Copy)]
pub struct Access<'t> {
    is_alone: bool,
    hold: PhantomData<&'t ()>,
}
impl Access<'_> {
    /// Whether nobody else uses the table meanwhile.
    pub fn is_alone(self) -> bool {
        self.is_alone
    }
    /// For a store that nobody else knows.
    pub(super) fn owned() -> Access<'static> {
        Access { is_alone: true, hold: PhantomData }
    }
}

enum Guard<'t> {
    /// A private table, in use by its owner.
    None,
    Shared(ReadGuard<'t>),
    #[expect(dead_code, reason = "held, not looked at")]
    Exclusive(RwLockWriteGuard<'t, ()>),
}

/// A table that is locked.
pub struct Hold<'t> {
    pub table: &'t Table,
    guard: Guard<'t>,
}

/// Why a process may not use a table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Denied {
    /// It has been deleted.
    Gone,
    /// It is protected from this process.
    Protected,
}

impl<'t> Hold<'t> {
    /// Locks a table for a process; waits for others. In line: what is wanted is known there.
    #[inline(always)]
    pub fn new(table: &'t Table, process: u64, want: Want) -> Result<Hold<'t>, Denied> {
        // A private table is used by its owner only: it needs no lock.
        if table.protection() == Protection::Private && table.owner() == process {
            let guard = Guard::None;
            return if table.is_alive() { Ok(Hold { table, guard }) } else { Err(Denied::Gone) };
        }
        let hold = Hold::of_anybody(table, want);
        if !table.is_alive() {
            return Err(Denied::Gone);
        }
        let is_allowed = match want {
            Want::Info => true,
            Want::Read => table.protection() != Protection::Private,
            Want::WriteOne | Want::Write => table.protection() == Protection::Public,
        };
        if is_allowed || table.owner() == process { Ok(hold) } else { Err(Denied::Protected) }
    }

    /// Locks a table, whoever wants it.
    #[inline(always)]
    pub(super) fn of_anybody(table: &'t Table, want: Want) -> Hold<'t> {
        let is_striped = match &table.store {
            Store::Hash(hash) => hash.is_striped(),
            Store::Ordered(ordered) => ordered.has_bases(),
        };
        let is_shared = match want {
            Want::Info | Want::Read => true,
            Want::WriteOne => is_striped,
            Want::Write => false,
        };
        let guard = if is_shared {
            Guard::Shared(table.lock.read::<Online>())
        } else {
            Guard::Exclusive(table.lock.write::<Online>())
        };
        Hold { table, guard }
    }

    pub fn access(&self) -> Access<'_> {
        Access { is_alone: !matches!(self.guard, Guard::Shared(_)), hold: PhantomData }
    }
}

impl Lent for Hold<'_> {
    fn locks(&self) -> usize {
        match &self.guard {
            Guard::None | Guard::Shared(ReadGuard::Announced(_)) => 0,
            Guard::Shared(ReadGuard::Locked(_)) | Guard::Exclusive(_) => 1,
        }
    }
}

impl WriteConcurrency {
    pub fn is_on(self) -> bool {
        self != WriteConcurrency::Off
    }
}
