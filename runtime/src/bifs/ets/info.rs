//! `ets:info`.

use super::{find, hold, own_number};
use crate::ets::{Hold, Protection, Sort, Store, Table, Want, WriteConcurrency};
use crate::process::Process;
use crate::process::exception::{Exception, Result, badarg};
use crate::term::{Term, atom, build, list};
use beamrc_abi::atom::id;
use std::sync::Arc;

/// What `info/1` tells, the last first.
const ITEMS: [&str; 15] = [
    "protection",
    "keypos",
    "type",
    "named_table",
    "node",
    "size",
    "name",
    "heir",
    "owner",
    "memory",
    "compressed",
    "write_concurrency",
    "read_concurrency",
    "decentralized_counters",
    "id",
];

/// A table that is no more is `undefined`; what cannot be a table is an error.
fn gone_or(failure: Exception) -> Result {
    if failure.cause == Term::atom(id::ID) { Ok(Term::UNDEFINED) } else { Err(failure) }
}

pub fn info_1(p: &mut Process, table: Term) -> Result {
    let found = match find(&table) {
        Ok(found) => found,
        Err(failure) => return gone_or(failure),
    };
    let _hold = match hold(p, &found, Want::Info) {
        Ok(hold) => hold,
        Err(failure) => return gone_or(failure),
    };
    let mut items = Term::NIL;
    for name in ITEMS {
        let value = item(p, &found, name).ok_or_else(badarg)?;
        let name = Term::atom(atom::intern(name).ok_or_else(badarg)?);
        let pair = build::tuple(p, &[name, value]);
        items = build::cons(p, pair, items);
    }
    Ok(items)
}

pub fn info_2(p: &mut Process, table: Term, name: Term) -> Result {
    if name == Term::atom(id::BINARY) {
        return super::walk::binaries_of_table(p, table);
    }
    let found = match find(&table) {
        Ok(found) => found,
        Err(failure) => return gone_or(failure),
    };
    let hold = match hold(p, &found, Want::Info) {
        Ok(hold) => hold,
        Err(failure) => return gone_or(failure),
    };
    let name = atom::text(name.as_atom().ok_or_else(badarg)?);
    let value = match name {
        "stats" => Some(statistics(p, &hold)),
        _ => item(p, &found, name),
    };
    drop(hold);
    value.ok_or_else(badarg)
}

fn item(p: &mut Process, table: &Arc<Table>, name: &str) -> Option<Term> {
    let options = &table.options;
    Some(match name {
        "protection" => Term::atom(match table.protection() {
            Protection::Private => id::PRIVATE,
            Protection::Protected => id::PROTECTED,
            Protection::Public => id::PUBLIC,
        }),
        "keypos" => Term::small(options.keypos as i64),
        "type" => Term::atom(match options.sort {
            Sort::Set => id::SET,
            Sort::OrderedSet => id::ORDERED_SET,
            Sort::Bag => id::BAG,
            Sort::DuplicateBag => id::DUPLICATE_BAG,
        }),
        "named_table" => Term::bool(options.is_named),
        "node" => Term::atom(id::NONODE),
        "size" => Term::small(table.len() as i64),
        "name" => Term::atom(table.name()),
        "heir" => {
            table.heir().as_ref().map_or(Term::atom(id::NONE), |heir| Term::pid(heir.process))
        }
        "owner" => Term::pid(table.owner()),
        "memory" => Term::small(table.size_bytes().div_ceil(8) as i64),
        "compressed" => Term::bool(options.is_compressed),
        "write_concurrency" => match options.write_concurrency {
            WriteConcurrency::Off => Term::FALSE,
            WriteConcurrency::On => Term::TRUE,
            WriteConcurrency::Auto => Term::atom(id::AUTO),
            WriteConcurrency::Locks(count) => {
                let count = Term::small(count as i64);
                build::tuple(p, &[Term::atom(id::DEBUG_LOCKS), count])
            }
        },
        "read_concurrency" => Term::bool(options.read_concurrency),
        "decentralized_counters" => Term::bool(options.decentralized_counters),
        "id" => table.reference(p),
        "fixed" => Term::bool(table.is_fixed()),
        "safe_fixed" => fixed(p, table, false),
        "safe_fixed_monotonic_time" => fixed(p, table, true),
        _ => return None,
    })
}

/// `{Time, [{Pid, Count}]}`, or `false`.
fn fixed(p: &mut Process, table: &Table, monotonic: bool) -> Term {
    let Some((since, system_since, by)) = table.fixed_by() else {
        return Term::FALSE;
    };
    let time = if monotonic {
        build::integer(p, since)
    } else {
        let micros = system_since / 1000;
        let (seconds, micros) = (micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000));
        let (megas, seconds) = (seconds.div_euclid(1_000_000), seconds.rem_euclid(1_000_000));
        build::tuple(p, &[Term::small(megas), Term::small(seconds), Term::small(micros)])
    };
    let pairs: Vec<Term> = by
        .iter()
        .map(|(process, count)| build::tuple(p, &[Term::pid(*process), Term::small(*count as i64)]))
        .collect();
    let by = list::forward(p, pairs.len(), pairs.into_iter(), Term::NIL);
    build::tuple(p, &[time, by])
}

/// How the chains of a hash table are filled: `{Buckets, Average, Deviation, Expected, Min, Max,
/// Kept, Locks}`; `false` for ordered sets and for what is private to another process.
fn statistics(p: &mut Process, hold: &Hold<'_>) -> Term {
    let table = hold.table;
    let is_strange = table.protection() == Protection::Private && table.owner() != own_number(p);
    let (Store::Hash(hash), false) = (&table.store, is_strange) else {
        return Term::FALSE;
    };
    let (average, deviation, min, max, kept) = hash.statistics(hold.access());
    let buckets = hash.bucket_count();
    let expected = (f64::from(average) * (1.0 - 1.0 / buckets as f64)).sqrt() as f32;
    let floats = [average, deviation, expected].map(|value| build::float(p, value.into()));
    let counts =
        [buckets, min, max, kept, hash.lock_count()].map(|count| Term::small(count as i64));
    let [average, deviation, expected] = floats;
    let [buckets, min, max, kept, locks] = counts;
    build::tuple(p, &[buckets, average, deviation, expected, min, max, kept, locks])
}
