//! `erlang:statistics/1` and `erlang:memory/0,1`.

use crate::ets::registry;
use crate::heap::{binary, collect};
use crate::process::Process;
use crate::process::exception::{Result, badarg};
use crate::process::figures::{self, Work};
use crate::process::settings;
use crate::program::program;
use crate::sys::{clock, descriptor, memory};
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
            let (collections, words) = collect::statistics();
            let (collections, words) = (number(p, collections), number(p, words));
            build::tuple(p, &[collections, words, Term::small(0)])
        }
        "context_switches" => {
            let switches = number(p, read(&figures::CONTEXT_SWITCHES));
            build::tuple(p, &[switches, Term::small(0)])
        }
        "io" => {
            let (input, output) = descriptor::bytes();
            let pairs = [("input", input), ("output", output)].map(|(name, bytes)| {
                let bytes = number(p, bytes);
                build::tuple(p, &[named(name), bytes])
            });
            build::tuple(p, &pairs)
        }
        _ => return of_schedulers(p, key).ok_or_else(badarg),
    })
}

/// What is told of each scheduler, or of all together.
fn of_schedulers(p: &mut Process, key: &str) -> Option<Term> {
    let work = (figures::live().work)();
    let counts: Vec<usize> = match key {
        "run_queue"
        | "run_queue_lengths"
        | "run_queue_lengths_all"
        | "total_run_queue_lengths"
        | "total_run_queue_lengths_all" => work.iter().map(|work| work.queued).collect(),
        "active_tasks" | "active_tasks_all" | "total_active_tasks" | "total_active_tasks_all" => {
            work.iter().map(|work| work.queued + usize::from(work.is_running)).collect()
        }
        "scheduler_wall_time" | "scheduler_wall_time_all" => return Some(wall_times(p, &work)),
        _ => return None,
    };
    if key == "run_queue" || key.starts_with("total_") {
        return Some(Term::small(counts.iter().sum::<usize>() as i64));
    }
    let mut counts: Vec<Term> = counts.iter().map(|count| Term::small(*count as i64)).collect();
    // OTP's dirty schedulers, here idle: those for processor time, then those for input and output.
    let dirty = if key.ends_with("_all") { 2 } else { 1 };
    counts.extend([Term::small(0); 2].iter().take(dirty));
    Some(build::list(p, &counts, Term::NIL))
}

/// `{Number, Active, Total}` of each scheduler, while they are to be told.
fn wall_times(p: &mut Process, work: &[Work]) -> Term {
    if !settings::SCHEDULER_WALL_TIME.load(Relaxed) {
        return Term::UNDEFINED;
    }
    let mut times = Vec::with_capacity(work.len());
    for (index, work) in work.iter().enumerate() {
        let active = build::integer(p, work.active_ns);
        let total = build::integer(p, work.total_ns);
        times.push(build::tuple(p, &[Term::small(index as i64 + 1), active, total]));
    }
    build::list(p, &times, Term::NIL)
}

/// The sorts of memory, in the order of `memory/0`.
pub(super) const KINDS: [&str; 9] = [
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

/// Bytes of one sort of memory; `total` is the sum of `processes` and `system`. As in OTP, what
/// counts is what is in use, not what allocators keep for later.
pub(super) fn memory_bytes(kind: &str) -> Option<usize> {
    let blocks = (figures::live().process_bytes)();
    let ets: usize = registry::all().iter().map(|table| table.size_bytes()).sum();
    let processes = blocks.saturating_sub(ets);
    let code = program().code_bytes();
    let binaries = binary::allocated_bytes();
    let atoms = atom::count() * size_of::<AtomEntry>();
    let system = code + memory::malloc_bytes().max(binaries) + atoms + ets;
    Some(match kind {
        "total" => processes + system,
        "processes" | "processes_used" => processes,
        "system" => system,
        "atom" | "atom_used" => atoms,
        "binary" => binaries,
        "code" => code,
        "ets" => ets,
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
