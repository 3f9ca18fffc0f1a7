//! Which tables a process owns, and which it keeps fixed: what happens to them when it exits.

use super::{Heir, Hold, NOBODY, Table, Want, hooks};
use crate::heap::{Fragment, copy, out_of_memory};
use crate::sys::lock::Mutex;
use crate::term::{Term, build};
use beamrc_abi::atom::id;
use core::sync::atomic::{AtomicUsize, Ordering::*};
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

/// Tables by their numbers.
type Tables = BTreeMap<u64, Arc<Table>>;

#[derive(Default)]
struct Holdings {
    owned: Tables,
    fixed: Tables,
}
struct Shard {
    processes: Mutex<BTreeMap<u64, Holdings>>,
    /// How many there are: most processes that exit have none, and look no further.
    count: AtomicUsize,
}

const SHARDS: usize = 256;
static HOLDINGS: [Shard; SHARDS] =
    [const { Shard { processes: Mutex::new(BTreeMap::new()), count: AtomicUsize::new(0) } };
        SHARDS];

impl Shard {
    fn of(process: u64) -> &'static Shard {
        &HOLDINGS[process as usize % SHARDS]
    }
    fn change<R>(&self, process: u64, f: impl FnOnce(&mut Holdings) -> R) -> R {
        let mut processes = self.processes.lock().unwrap_or_else(PoisonError::into_inner);
        let holdings = processes.entry(process).or_default();
        let result = f(holdings);
        if holdings.owned.is_empty() && holdings.fixed.is_empty() {
            processes.remove(&process);
        }
        self.count.store(processes.len(), SeqCst);
        result
    }
    fn take(&self, process: u64) -> Option<Holdings> {
        if self.count.load(SeqCst) == 0 {
            return None;
        }
        let mut processes = self.processes.lock().unwrap_or_else(PoisonError::into_inner);
        let holdings = processes.remove(&process);
        self.count.store(processes.len(), SeqCst);
        holdings
    }
}

pub(super) fn note_owned(process: u64, table: &Arc<Table>) {
    let table = Arc::clone(table);
    Shard::of(process).change(process, |h| h.owned.insert(table.number, table));
}
pub(super) fn note_lost(process: u64, table: u64) {
    drop(Shard::of(process).change(process, |h| h.owned.remove(&table)));
}
pub(super) fn note_fixed(process: u64, table: &Arc<Table>) {
    let table = Arc::clone(table);
    Shard::of(process).change(process, |h| h.fixed.insert(table.number, table));
}
pub(super) fn note_unfixed(process: u64, table: u64) {
    drop(Shard::of(process).change(process, |h| h.fixed.remove(&table)));
}

/// To be called once for every process that exits, after it can no longer be found: its tables go
/// to their heirs or are deleted, and it fixes none any more.
pub fn owner_exited(process: u64) {
    let Some(holdings) = Shard::of(process).take(process) else {
        return;
    };
    for table in holdings.fixed.values() {
        table.unfix(process, true);
    }
    for table in holdings.owned.values() {
        if table.owner() == process && !inherit(table, process) {
            table.delete();
        }
    }
}

/// Gives a table whose owner exits to its heir, if it has one that is alive.
fn inherit(table: &Arc<Table>, from: u64) -> bool {
    let (process, data) = match &*table.heir() {
        Some(Heir { process, data }) if *process != from && hooks::is_alive(*process) => {
            let copy = Fragment::copy_of(data.message);
            (*process, copy.unwrap_or_else(|_| out_of_memory("message", 0)))
        }
        _ => return false,
    };
    // It stays the heir, which means nothing while it is the owner.
    change_owner(table, process);
    send_transfer(table, from, process, data.message);
    true
}

/// Makes a process that was alive just now the owner.
fn change_owner(table: &Arc<Table>, to: u64) {
    {
        // Nobody is in the middle of what only the owner may do.
        let _hold = Hold::of_anybody(table, Want::Write);
        let from = table.owner.swap(to, AcqRel);
        if from != NOBODY {
            note_lost(from, table.number);
        }
        note_owned(to, table);
    }
    if !hooks::is_alive(to) {
        // It may have looked for its tables before this one was among them.
        owner_exited(to);
    }
}

/// `ets:give_away/3`, once all was checked.
pub fn give_away(table: &Arc<Table>, from: u64, to: u64, data: Term) {
    change_owner(table, to);
    send_transfer(table, from, to, data);
}

/// `{'ETS-TRANSFER', Table, From, Data}`.
fn send_transfer(table: &Arc<Table>, from: u64, to: u64, data: Term) {
    const REFERENCE_WORDS: usize = 4;
    let data_words = copy::words_to_copy(data);
    let words = data_words + 5 + REFERENCE_WORDS;
    let mut fragment = Fragment::new(words).unwrap_or_else(|_| out_of_memory("message", 8 * words));
    let data = copy::copy_sized(&mut fragment, data, data_words);
    let table = table.identifier(&mut fragment);
    let what = Term::atom(id::ETS_TRANSFER);
    let message = build::tuple(&mut fragment, &[what, table, Term::pid(from), data]);
    hooks::send(to, message);
}
