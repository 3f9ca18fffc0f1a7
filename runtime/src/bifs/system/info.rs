//! `erlang:system_info/1`.
//!
//! Keys about parts of OTP's machine that do not exist here (allocators, drivers, tracing) are
//! unknown, as any other term is.

use super::texts;
use crate::bifs::values::string;
use crate::ets::registry;
use crate::heap::bits::from_bytes;
use crate::process::Process;
use crate::process::exception::{Result, badarg, error};
use crate::process::{figures, settings};
use crate::program::program;
use crate::sched;
use crate::sched::info::max_heap_map;
use crate::sched::online::{self, Blocking};
use crate::sys::clock::{self, MONOTONIC_BEGIN, UNITS_PER_SECOND};
use crate::sys::os_version;
use crate::term::{Term, atom, build, integer, list};
use beamrc_abi::atom::id;

pub(super) fn named(name: &str) -> Term {
    Term::atom(atom::intern(name).expect("short, and the table is not full of these"))
}
fn number(value: usize) -> Term {
    Term::small(value as i64)
}
fn pair(p: &mut Process, key: &str, value: Term) -> Term {
    build::tuple(p, &[named(key), value])
}

pub fn system_info_1(p: &mut Process, key: Term) -> Result {
    if let Some(&[key, which]) = key.as_tuple() {
        return pair_info(p, key, which);
    }
    let key = key.as_atom().map(atom::text).ok_or_else(badarg)?;
    let found = plain(key)
        .or_else(|| count(key))
        .or_else(|| text(p, key))
        .or_else(|| operating_system(p, key))
        .or_else(|| heap_default(p, key))
        .or_else(|| time(p, key))
        .or_else(|| blockers(p, key))
        .or_else(|| schedulers(p, key))
        .or_else(|| texts::text(key).map(|text| from_bytes(p, text.as_bytes())))
        .or_else(|| (key == "max_integer").then(|| max_integer(p)));
    found.ok_or_else(badarg)
}

/// Names that OTP's allocators have.
const ALLOCATORS: [&str; 14] = [
    "binary_alloc",
    "driver_alloc",
    "eheap_alloc",
    "ets_alloc",
    "exec_alloc",
    "fix_alloc",
    "literal_alloc",
    "ll_alloc",
    "mseg_alloc",
    "sl_alloc",
    "std_alloc",
    "sys_alloc",
    "temp_alloc",
    "test_alloc",
];

fn pair_info(p: &mut Process, key: Term, which: Term) -> Result {
    match (key.as_atom().map(atom::text), which.as_atom().map(atom::text)) {
        (Some("allocator" | "allocator_sizes"), which_name) => {
            if which_name.is_none() && !which.is_list() {
                // OTP asks with a function of its own.
                return Err(error(Term::atom(id::FUNCTION_CLAUSE)));
            }
            allocators(p, which).ok_or_else(badarg)
        }
        (Some("wordsize"), Some("internal" | "external")) => Ok(Term::small(8)),
        (Some("cpu_topology"), Some("defined" | "detected" | "used")) => Ok(Term::UNDEFINED),
        _ => Err(badarg()),
    }
}

/// What OTP tells of its allocators that are switched off: none of them is in use. As there are none
/// (`alloc_util_allocators`), none may be asked for, unlike in OTP; `erts_debug` does.
fn allocators(p: &mut Process, which: Term) -> Option<Term> {
    let is_known =
        |name: Term| name.as_atom().is_some_and(|name| ALLOCATORS.contains(&atom::text(name)));
    if is_known(which) {
        return Some(Term::FALSE);
    }
    list::length(which)?;
    if !which.list().all(is_known) {
        return None;
    }
    let pairs: Vec<Term> = which.list().map(|name| build::tuple(p, &[name, Term::FALSE])).collect();
    Some(build::list(p, &pairs, Term::NIL))
}

pub(super) fn blocking_term(blocking: Blocking) -> Term {
    named(match blocking {
        Blocking::Enabled => "enabled",
        Blocking::Blocked => "blocked",
        Blocking::Normal => "blocked_normal",
    })
}
fn blockers(p: &mut Process, key: &str) -> Option<Term> {
    let is_normal = match key {
        "multi_scheduling_blockers" => false,
        "normal_multi_scheduling_blockers" => true,
        _ => return None,
    };
    let all: Vec<Term> = online::blockers(is_normal).into_iter().map(Term::pid).collect();
    Some(build::list(p, &all, Term::NIL))
}

/// How many schedulers there are, are online and may run.
fn schedulers(p: &mut Process, key: &str) -> Option<Term> {
    let (online, active, has_long_natives) = online::active();
    let normal = [figures::schedulers(), online, active].map(number);
    match key {
        "schedulers_state" => Some(build::tuple(p, &normal)),
        "all_schedulers_state" => {
            let among = |all: usize, online: usize| {
                let active = if has_long_natives { online } else { 0 };
                [all, online, active].map(number)
            };
            let sorts = [
                ("normal", normal),
                ("dirty_cpu", among(figures::schedulers(), online)),
                ("dirty_io", among(IO_THREADS, IO_THREADS)),
            ];
            let all = sorts.map(|(sort, [all, online, active])| {
                build::tuple(p, &[named(sort), all, online, active])
            });
            Some(build::list(p, &all, Term::NIL))
        }
        _ => None,
    }
}
/// Where natives block, a thread of their own is made for them: one can be counted on.
const IO_THREADS: usize = 1;

fn max_integer(p: &mut Process) -> Term {
    let words = vec![u64::MAX; integer::MAX_WORDS];
    integer::from_words(p, false, &words)
        .unwrap_or_else(|_| unreachable!("no more than the largest"))
}

/// What is no number.
fn plain(key: &str) -> Option<Term> {
    Some(match key {
        "wordsize" => Term::small(8),
        "smp_support" | "threads" | "kernel_poll" | "constant_pool_support" | "eager_check_io" => {
            Term::TRUE
        }
        "debug_compiled"
        | "dynamic_trace_probes"
        | "break_ignored"
        | "async_dist"
        | "ets_always_compress"
        | "lock_checking"
        | "lock_counting"
        | "port_parallelism" => Term::FALSE,
        "endian" => named("little"),
        "build_type" | "emu_type" => named("opt"),
        // Native code, made before the program runs instead of while it does.
        "emu_flavor" => named("jit"),
        "heap_type" => named("private"),
        "message_queue_data" => named("on_heap"),
        "multi_scheduling" => blocking_term(online::blocking()),
        // There is no library of locks and atomics whose kind could be told.
        "ethread_info" | "taints" | "alloc_util_allocators" | "dist_ctrl" => Term::NIL,
        "dynamic_trace" => named("none"),
        "scheduler_bind_type" => named("unbound"),
        "creation" => Term::small(0),
        "system_logger" => settings::system_logger(),
        "cpu_topology" | "modified_timing_level" => Term::UNDEFINED,
        "cpu_quota" => named("unknown"),
        "halt_flush_timeout" => named("infinity"),
        // The processors that the program may use are looked at anew whenever they are asked for.
        "update_cpu_info" => named("unchanged"),
        _ => return None,
    })
}

fn count(key: &str) -> Option<Term> {
    let value = match key {
        "schedulers" => figures::schedulers(),
        "schedulers_online" | "dirty_cpu_schedulers_online" => online::online(),
        "logical_processors" | "logical_processors_online" | "logical_processors_available" => {
            figures::processors()
        }
        // Blocking natives run on threads of their own; nothing else does.
        "dirty_cpu_schedulers" => figures::schedulers(),
        "dirty_io_schedulers" => IO_THREADS,
        "thread_pool_size" | "scheduler_id" => 1,
        "schedulers_active" => online::active().1,
        // Each scheduler has its own.
        "run_queues" => figures::schedulers(),
        "process_count" => (figures::live().processes)(),
        "process_limit" => figures::process_limit(),
        "port_count" => 0,
        "port_limit" => 1 << 16,
        "ets_limit" => 8192,
        "dist_buf_busy_limit" => 1 << 20,
        "delayed_node_table_gc" => 60,
        "ets_count" => registry::count(),
        "outstanding_system_requests_limit" => settings::SYSTEM_REQUESTS.get(),
        "atom_count" => atom::count(),
        "atom_limit" => atom::LIMIT,
        "compat_rel" => release(),
        "context_reductions" => sched::REDUCTIONS as usize,
        "trace_control_word" => settings::TRACE_CONTROL_WORD.get(),
        _ => return None,
    };
    Some(number(value))
}

fn release() -> usize {
    program().release()
}
/// The version of OTP's runtime system that goes with the release: 12 behind it ever since.
fn erts_version() -> String {
    format!("{}.0", release().saturating_sub(12))
}

fn text(p: &mut Process, key: &str) -> Option<Term> {
    let text = match key {
        "machine" => "BEAM".into(),
        "otp_release" => release().to_string(),
        "version" => erts_version(),
        "system_version" => format!(
            "Erlang/OTP {} [erts-{}] [beamrc-{}] [64-bit] [smp:{n}:{n}]\n",
            release(),
            erts_version(),
            env!("CARGO_PKG_VERSION"),
            n = figures::schedulers(),
        ),
        "system_architecture" => format!("{}-pc-linux-gnu", std::env::consts::ARCH),
        _ => return None,
    };
    Some(string(p, &text))
}

fn operating_system(p: &mut Process, key: &str) -> Option<Term> {
    Some(match key {
        "os_type" => build::tuple(p, &[named("unix"), named("linux")]),
        "os_version" => {
            let version = os_version().map(|n| Term::small(i64::from(n)));
            build::tuple(p, &version)
        }
        "scheduler_bindings" => {
            let unbound = vec![named("unbound"); figures::schedulers()];
            build::tuple(p, &unbound)
        }
        _ => return None,
    })
}

/// Defaults of new processes.
fn heap_default(p: &mut Process, key: &str) -> Option<Term> {
    let setting = |key: &str| {
        let setting = match key {
            "min_heap_size" => settings::MIN_HEAP_WORDS.get(),
            "min_bin_vheap_size" => settings::MIN_BIN_VHEAP_WORDS.get(),
            "fullsweep_after" => settings::FULLSWEEP_AFTER.get(),
            _ => return None,
        };
        Some(number(setting))
    };
    if key == "max_heap_size" {
        return Some(max_heap_map(p, settings::max_heap()));
    }
    if key == "garbage_collection" {
        let mut items = vec![pair(p, "max_heap_size", number(settings::max_heap().words))];
        for key in ["min_bin_vheap_size", "min_heap_size", "fullsweep_after"] {
            items.push(pair(p, key, setting(key)?));
        }
        return Some(build::list(p, &items, Term::NIL));
    }
    setting(key).map(|setting| pair(p, key, setting))
}

fn time(p: &mut Process, key: &str) -> Option<Term> {
    Some(match key {
        "time_correction" => Term::TRUE,
        "time_warp_mode" => named("multi_time_warp"),
        "time_offset" => named("volatile"),
        "tolerant_timeofday" => named("disabled"),
        "start_time" => build::integer(p, MONOTONIC_BEGIN),
        "end_time" => build::integer(p, i64::MAX),
        "os_monotonic_time_source" => monotonic_source(p),
        "os_system_time_source" => time_source(p, "CLOCK_REALTIME", clock::os_system()),
        _ => return None,
    })
}
fn time_source(p: &mut Process, clock: &str, time: i64) -> Term {
    let time = build::integer(p, time);
    let items = [
        pair(p, "function", named("clock_gettime")),
        pair(p, "clock_id", named(clock)),
        pair(p, "resolution", Term::small(UNITS_PER_SECOND)),
        pair(p, "parallel", named("yes")),
        pair(p, "time", time),
    ];
    build::list(p, &items, Term::NIL)
}
fn monotonic_source(p: &mut Process) -> Term {
    let source = time_source(p, "CLOCK_MONOTONIC", clock::perf_counter());
    let items = [
        pair(p, "extended", named("no")),
        pair(p, "used_resolution", Term::small(UNITS_PER_SECOND)),
    ];
    build::list(p, &items, source)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_known_or_bad_arguments() {
        let p = &mut *Process::for_tests();
        let machine = system_info_1(p, named("machine")).ok().expect("known");
        let text = b"BEAM".iter().map(|b| Term::small(i64::from(*b)));
        assert!(machine.list().eq(text));
        let internal = build::tuple(p, &[named("wordsize"), named("internal")]);
        assert!(system_info_1(p, internal).ok() == Some(Term::small(8)));
        for unknown in [named("no such key"), Term::NIL, Term::small(1)] {
            assert!(system_info_1(p, unknown).is_err());
        }
    }
}
