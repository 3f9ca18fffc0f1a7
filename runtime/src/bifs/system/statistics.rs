//! `erlang:statistics/1` and `erlang:memory/0,1`.

use crate::process::Process;
use crate::process::exception::{Result, badarg};
use crate::process::figures;
use crate::program::program;
use crate::sys::{clock, memory, slab};
use crate::term::{Term, atom, build};
use beamrc_abi::program::AtomEntry;
use core::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};

const NANOSECONDS_PER_MILLISECOND: i64 = 1_000_000;

fn named(name: &str) -> Term {
    Term::atom(atom::intern(name).expect("short, and the table is not full of these"))
}
fn number(p: &mut Process, value: u64) -> Term {
    build::unsigned(p, value)
}

/// `{Total, SinceLastCall}`.
fn with_difference(p: &mut Process, total: i64, last: &AtomicI64) -> Term {
    let since = total - last.swap(total, Relaxed);
    let pair = [build::integer(p, total), build::integer(p, since)];
    build::tuple(p, &pair)
}
fn read(counter: &AtomicU64) -> u64 {
    counter.load(Relaxed)
}

pub fn statistics_1(p: &mut Process, key: Term) -> Result {
    static LAST_WALL: AtomicI64 = AtomicI64::new(0);
    static LAST_RUNTIME: AtomicI64 = AtomicI64::new(0);
    static LAST_REDUCTIONS: AtomicI64 = AtomicI64::new(0);
    let key = key.as_atom().map(atom::text).ok_or_else(badarg)?;
    Ok(match key {
        "wall_clock" => {
            let total = clock::elapsed() / NANOSECONDS_PER_MILLISECOND;
            with_difference(p, total, &LAST_WALL)
        }
        "runtime" => {
            let total = clock::processor() / NANOSECONDS_PER_MILLISECOND;
            with_difference(p, total, &LAST_RUNTIME)
        }
        "reductions" | "exact_reductions" => {
            let total = read(&figures::REDUCTIONS) as i64;
            with_difference(p, total, &LAST_REDUCTIONS)
        }
        "garbage_collection" => {
            let collections = number(p, read(&figures::COLLECTIONS));
            let words = number(p, read(&figures::RECLAIMED_WORDS));
            build::tuple(p, &[collections, words, Term::small(0)])
        }
        "context_switches" => {
            let switches = number(p, read(&figures::CONTEXT_SWITCHES));
            build::tuple(p, &[switches, Term::small(0)])
        }
        "io" => {
            let bytes = [&figures::INPUT_BYTES, &figures::OUTPUT_BYTES].map(read);
            let pairs = [("input", bytes[0]), ("output", bytes[1])].map(|(name, bytes)| {
                let bytes = number(p, bytes);
                build::tuple(p, &[named(name), bytes])
            });
            build::tuple(p, &pairs)
        }
        "run_queue" | "total_run_queue_lengths" | "total_run_queue_lengths_all" => {
            Term::small((figures::live().run_queue)() as i64)
        }
        // As long as `system_flag(scheduler_wall_time, true)` was not called.
        "scheduler_wall_time" | "scheduler_wall_time_all" => Term::UNDEFINED,
        _ => return Err(badarg()),
    })
}

/// The sorts of memory, in the order of `memory/0`.
const KINDS: [&str; 9] = [
    "total",
    "processes",
    "processes_used",
    "system",
    "atom",
    "atom_used",
    "binary",
    "code",
    "ets",
];

/// Bytes of one sort of memory; `total` is the sum of `processes` and `system`.
fn memory_bytes(kind: &str) -> Option<usize> {
    let processes = (figures::live().process_bytes)();
    let code = program().code_bytes();
    let malloc = memory::malloc_bytes();
    // What the slabs hold beyond what is in use counts as the system's.
    let unused = slab::mapped_bytes().saturating_sub(processes);
    let system = code + malloc + unused;
    Some(match kind {
        "total" => processes + system,
        "processes" | "processes_used" => processes,
        "system" => system,
        "atom" | "atom_used" => atom::count() * size_of::<AtomEntry>(),
        // Off-heap binaries are most of what the C library's allocator hands out.
        "binary" => malloc,
        "code" => code,
        // Tables do not exist yet.
        "ets" => 0,
        _ => return None,
    })
}
fn memory_of(kind: Term) -> Result {
    let kind = kind.as_atom().map(atom::text);
    let bytes = kind.and_then(memory_bytes).ok_or_else(badarg)?;
    Ok(Term::small(bytes as i64))
}

pub fn memory_0(p: &mut Process) -> Result {
    let kinds = KINDS.map(named);
    let kinds = build::list(p, &kinds, Term::NIL);
    memory_1(p, kinds)
}
/// One sort, or a list of sorts.
pub fn memory_1(p: &mut Process, kinds: Term) -> Result {
    if kinds.is_atom() {
        return memory_of(kinds);
    }
    let mut rest = kinds.list();
    let mut pairs = Vec::new();
    for kind in rest.by_ref() {
        let pair = [kind, memory_of(kind)?];
        pairs.push(build::tuple(p, &pair));
    }
    if !rest.tail().is_nil() {
        return Err(badarg());
    }
    Ok(build::list(p, &pairs, Term::NIL))
}
