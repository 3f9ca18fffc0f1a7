//! Tables of terms that processes share: what module `ets` is the interface of.
//!
//! A [`Table`] has an administration (owner, protection, name, heir) and a store: a hash table or
//! an ordered set. Objects are copied into it and out of it. Processes find it by its reference or
//! by its name (see `registry`), and use it through a [`Hold`], which has the table's lock.
//! This room knows processes by their numbers only; what it wants of them goes through [`hooks`].

pub mod hash;
pub mod hooks;
pub mod lock;
pub mod object;
pub mod ordered;
pub mod ownership;
pub mod registry;
pub mod spec;
#[cfg(test)]
mod tests;

use crate::heap::Fragment;
use crate::sys::lock::{Mutex, MutexGuard};
use crate::sys::read_mostly::ReadMostly;
use crate::sys::{clock, unique};
use crate::term::Term;
use core::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering::*};
use hash::Hash;
pub use lock::{Access, Hold, Want};
use ordered::Ordered;
pub use ownership::owner_exited;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

/// The four kinds of tables.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sort {
    Set,
    OrderedSet,
    Bag,
    DuplicateBag,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Protection {
    Private = 0,
    Protected = 1,
    Public = 2,
}

/// The option `write_concurrency`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WriteConcurrency {
    Off,
    On,
    Auto,
    /// `{debug_hash_fixed_number_of_locks, N}`.
    Locks(usize),
}

/// What `ets:new/2` is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    pub name: u32,
    pub sort: Sort,
    pub protection: Protection,
    pub keypos: usize,
    pub is_named: bool,
    pub is_compressed: bool,
    pub read_concurrency: bool,
    pub write_concurrency: WriteConcurrency,
    pub decentralized_counters: bool,
}

pub enum Store {
    Hash(Box<Hash>),
    Ordered(Ordered),
}

/// Who inherits a table, and what the message about it says.
pub struct Heir {
    pub process: u64,
    /// A copy of the data in a fragment, as its message.
    pub data: Fragment,
}

/// Who keeps a table fixed, and since when.
#[derive(Default)]
struct Fixations {
    by_process: BTreeMap<u64, usize>,
    /// Monotonic time of the first.
    since: i64,
    system_since: i64,
}

pub struct Table {
    /// Of its reference.
    pub number: u64,
    pub options: Options,
    pub store: Store,
    lock: ReadMostly,
    name: AtomicU32,
    owner: AtomicU64,
    protection: AtomicU8,
    is_alive: AtomicBool,
    heir: Mutex<Option<Heir>>,
    fixations: Mutex<Fixations>,
}

/// For the owner of a table that has none any more.
const NOBODY: u64 = u64::MAX;

impl Table {
    /// A new table, known to nobody yet.
    fn new(options: Options, owner: u64) -> Table {
        let is_striped = options.write_concurrency != WriteConcurrency::Off
            && options.protection != Protection::Private;
        let store = match options.sort {
            Sort::OrderedSet => Store::Ordered(Ordered::new(options.keypos, is_striped)),
            sort => Store::Hash(Box::new(Hash::new(
                sort,
                options.keypos,
                is_striped,
                options.decentralized_counters,
            ))),
        };
        Table {
            number: unique::number(),
            options,
            store,
            lock: ReadMostly::new(is_striped || options.read_concurrency),
            name: AtomicU32::new(options.name),
            owner: AtomicU64::new(owner),
            protection: AtomicU8::new(options.protection as u8),
            is_alive: AtomicBool::new(true),
            heir: Mutex::default(),
            fixations: Mutex::default(),
        }
    }

    pub fn name(&self) -> u32 {
        self.name.load(Acquire)
    }
    pub fn owner(&self) -> u64 {
        self.owner.load(Acquire)
    }
    pub fn protection(&self) -> Protection {
        match self.protection.load(Acquire) {
            0 => Protection::Private,
            1 => Protection::Protected,
            _ => Protection::Public,
        }
    }
    /// Only its owner may.
    pub fn set_protection(&self, protection: Protection) {
        self.protection.store(protection as u8, Release);
    }
    pub fn is_alive(&self) -> bool {
        self.is_alive.load(Acquire)
    }
    pub fn len(&self) -> usize {
        match &self.store {
            Store::Hash(hash) => hash.len(),
            Store::Ordered(ordered) => ordered.len(),
        }
    }
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Bytes of everything.
    pub fn size_bytes(&self) -> usize {
        let store = match &self.store {
            Store::Hash(hash) => size_of::<Hash>() + hash.size_bytes(),
            Store::Ordered(ordered) => ordered.size_bytes(),
        };
        size_of::<Table>() + store
    }
    pub fn heir(&self) -> MutexGuard<'_, Option<Heir>> {
        self.heir.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fixations(&self) -> MutexGuard<'_, Fixations> {
        self.fixations.lock().unwrap_or_else(PoisonError::into_inner)
    }
    pub fn is_fixed(&self) -> bool {
        !self.fixations().by_process.is_empty()
    }
    /// Keeps iterations sound until the process unfixes the table as often, or exits.
    pub fn fix(self: &Arc<Table>, process: u64) {
        let mut fixations = self.fixations();
        if let Store::Hash(hash) = &self.store {
            hash.fix();
        }
        if fixations.by_process.is_empty() {
            fixations.since = clock::monotonic();
            fixations.system_since = clock::system();
        }
        let count = fixations.by_process.entry(process).or_insert(0);
        *count += 1;
        if *count == 1 {
            ownership::note_fixed(process, self);
        }
    }
    /// Takes one fixation of the process back, if there is one, or all.
    pub fn unfix(&self, process: u64, all: bool) {
        let mut fixations = self.fixations();
        let Some(count) = fixations.by_process.get_mut(&process) else {
            return;
        };
        let back = if all { *count } else { 1 };
        *count -= back;
        if *count == 0 {
            fixations.by_process.remove(&process);
            ownership::note_unfixed(process, self.number);
        }
        drop(fixations);
        if let Store::Hash(hash) = &self.store
            && hash.unfix(back)
        {
            self.purge(hash);
        }
    }
    /// Frees what was marked as deleted while the table was fixed.
    fn purge(&self, hash: &Hash) {
        let garbage = object::Chain::new();
        let want = if hash.is_striped() { Want::WriteOne } else { Want::Write };
        let hold = Hold::of_anybody(self, want);
        if self.is_alive() {
            hash.purge(hold.access(), &garbage);
        }
    }
    /// When it was fixed first, by monotonic and by system time, and by whom how often.
    pub fn fixed_by(&self) -> Option<(i64, i64, Vec<(u64, usize)>)> {
        let fixations = self.fixations();
        let by: Vec<_> = fixations.by_process.iter().map(|(p, n)| (*p, *n)).collect();
        (!by.is_empty()).then_some((fixations.since, fixations.system_since, by))
    }

    /// A reference to the table, on a heap.
    pub fn reference(self: &Arc<Table>, heap: &mut (impl crate::term::Alloc + ?Sized)) -> Term {
        crate::heap::resource::new(heap, self.number, Arc::clone(self))
    }
    /// How programs name it: by its name if it is a named table.
    pub fn identifier(self: &Arc<Table>, heap: &mut (impl crate::term::Alloc + ?Sized)) -> Term {
        if self.options.is_named { Term::atom(self.name()) } else { self.reference(heap) }
    }

    /// Ends the table: nobody finds it from now on, and its objects are freed.
    pub fn delete(self: &Arc<Table>) {
        let remains = {
            let hold = Hold::of_anybody(self, Want::Write);
            if !self.is_alive.swap(false, AcqRel) {
                return;
            }
            registry::forget(self);
            let owner = self.owner.swap(NOBODY, AcqRel);
            ownership::note_lost(owner, self.number);
            let fixations = core::mem::take(&mut *self.fixations());
            for process in fixations.by_process.keys() {
                ownership::note_unfixed(*process, self.number);
            }
            *self.heir() = None;
            self.take_all(hold.access())
        };
        remains.free();
    }
    /// Everything out of the store, for whoever holds the table alone.
    pub fn take_all(&self, access: Access<'_>) -> Remains {
        let count = self.len();
        let inner = match &self.store {
            Store::Hash(hash) => Inner::Hash(hash.take_all(access)),
            Store::Ordered(ordered) => Inner::Ordered(ordered.take_all(access)),
        };
        Remains { count, inner }
    }
}

enum Inner {
    #[expect(dead_code, reason = "held to be dropped")]
    Hash(hash::Remains),
    #[expect(dead_code, reason = "held to be dropped")]
    Ordered(ordered::Remains),
}
/// What was in a table.
pub struct Remains {
    pub count: usize,
    inner: Inner,
}

/// Objects that a process may free itself at once.
const FREED_AT_ONCE: usize = 10_000;

impl Remains {
    /// Frees the objects: many of them on a thread of its own, so that nobody waits.
    pub fn free(self) {
        if self.count > FREED_AT_ONCE {
            let freeing = std::thread::Builder::new().name("ets".into());
            // Without a thread, the closure is dropped, and that frees them too.
            let _ = freeing.spawn(move || drop(self.inner));
        }
    }
}
