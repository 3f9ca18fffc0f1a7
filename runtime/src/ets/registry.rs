//! All tables: by number, and by name where they have one.
//!
//! Threads keep what they have found by name; a count of changes tells them when to look again, so
//! that the use of a named table writes to no memory that threads share.

use super::{Options, Table, ownership};
use crate::sys::lock::{Mutex, MutexGuard, RwLock};
use core::cell::RefCell;
use core::mem::ManuallyDrop;
use core::sync::atomic::{AtomicU64, Ordering::*};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock, PoisonError};

static BY_NUMBER: Mutex<BTreeMap<u64, Arc<Table>>> = Mutex::new(BTreeMap::new());
static BY_NAME: LazyLock<RwLock<HashMap<u32, Arc<Table>>>> = LazyLock::new(RwLock::default);
/// Raised, behind the lock, by every change of names.
static NAMES_CHANGED: AtomicU64 = AtomicU64::new(1);

/// The name is taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NameTaken;

fn by_number() -> MutexGuard<'static, BTreeMap<u64, Arc<Table>>> {
    BY_NUMBER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes a table and makes it known.
pub fn create(options: Options, owner: u64) -> Result<Arc<Table>, NameTaken> {
    let table = Arc::new(Table::new(options, owner));
    if options.is_named {
        let mut names = BY_NAME.write().unwrap_or_else(PoisonError::into_inner);
        if names.contains_key(&options.name) {
            return Err(NameTaken);
        }
        names.insert(options.name, Arc::clone(&table));
        NAMES_CHANGED.fetch_add(1, Release);
    }
    by_number().insert(table.number, Arc::clone(&table));
    ownership::note_owned(owner, &table);
    Ok(table)
}

/// Nobody finds the table any more.
pub(super) fn forget(table: &Table) {
    if table.options.is_named {
        let mut names = BY_NAME.write().unwrap_or_else(PoisonError::into_inner);
        names.remove(&table.name());
        NAMES_CHANGED.fetch_add(1, Release);
    }
    by_number().remove(&table.number);
}

/// Gives a table another name; the caller holds it alone.
pub fn rename(table: &Arc<Table>, name: u32) -> Result<(), NameTaken> {
    if table.options.is_named {
        let mut names = BY_NAME.write().unwrap_or_else(PoisonError::into_inner);
        if names.contains_key(&name) {
            return Err(NameTaken);
        }
        names.remove(&table.name());
        names.insert(name, Arc::clone(table));
        table.name.store(name, Release);
        NAMES_CHANGED.fetch_add(1, Release);
    } else {
        table.name.store(name, Release);
    }
    Ok(())
}

/// All tables, the latest last.
pub fn all() -> Vec<Arc<Table>> {
    by_number().values().map(Arc::clone).collect()
}
pub fn count() -> usize {
    by_number().len()
}
pub fn with_number(number: u64) -> Option<Arc<Table>> {
    by_number().get(&number).map(Arc::clone)
}

/// Places for tables that a thread has found by name.
const KEPT: usize = 64;
struct Kept {
    name: u32,
    changes: u64,
    table: Arc<Table>,
}
thread_local! {
    static FOUND: RefCell<[Option<Kept>; KEPT]> = const { RefCell::new([const { None }; KEPT]) };
}

/// A table that was found by its name. Goes back to what the thread keeps when dropped.
pub struct Named(ManuallyDrop<Kept>);

impl core::ops::Deref for Named {
    type Target = Arc<Table>;
    fn deref(&self) -> &Arc<Table> {
        &self.0.table
    }
}
impl Drop for Named {
    #[expect(unsafe_code, reason = "moved out of what is being dropped")]
    fn drop(&mut self) {
        // SAFETY: taken once, by the drop of what holds it.
        let kept = unsafe { ManuallyDrop::take(&mut self.0) };
        let place = kept.name as usize % KEPT;
        // The one before may be the last reference to its table.
        drop(FOUND.with_borrow_mut(|found| found[place].replace(kept)));
    }
}

/// The table that has a name.
pub fn named(name: u32) -> Option<Named> {
    let changes = NAMES_CHANGED.load(Acquire);
    let kept = FOUND.with_borrow_mut(|found| found[name as usize % KEPT].take());
    if let Some(kept) = kept
        && kept.name == name
        && kept.changes == changes
    {
        return Some(Named(ManuallyDrop::new(kept)));
    }
    let names = BY_NAME.read().unwrap_or_else(PoisonError::into_inner);
    let kept =
        Kept { name, changes: NAMES_CHANGED.load(Acquire), table: Arc::clone(names.get(&name)?) };
    Some(Named(ManuallyDrop::new(kept)))
}
