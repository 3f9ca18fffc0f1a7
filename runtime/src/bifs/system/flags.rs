//! `erlang:system_flag/2`: settings of the whole program. It returns what was set before.

use super::info::{blocking_term, named};
use crate::bifs::processes::options;
use crate::process::Process;
use crate::process::exception::{Result, badarg, badarg_because};
use crate::process::settings::heap_size;
use crate::process::{figures, settings, trace};
use crate::sched::info::max_heap_map;
use crate::sched::{self, online};
use crate::term::{Term, atom};
use beamrc_abi::atom::id;
use core::sync::atomic::Ordering::Relaxed;

pub fn system_flag_2(p: &mut Process, flag: Term, value: Term) -> Result {
    let unknown = || badarg_because(id::BADOPT);
    let flag = flag.as_atom().map(atom::text).ok_or_else(unknown)?;
    let old = match flag {
        "backtrace_depth" => trace::set_depth(size(value)?),
        "fullsweep_after" => settings::FULLSWEEP_AFTER.swap(size(value)?.min(u16::MAX.into())),
        "min_heap_size" => settings::MIN_HEAP_WORDS.swap(heap_size(size(value)?)),
        "min_bin_vheap_size" => settings::MIN_BIN_VHEAP_WORDS.swap(heap_size(size(value)?)),
        "max_heap_size" => return max_heap_size(p, value),
        "outstanding_system_requests_limit" if size(value)? > 0 => {
            settings::SYSTEM_REQUESTS.swap(size(value)?)
        }
        "outstanding_system_requests_limit" => return Err(badarg()),
        "scheduler_wall_time" => {
            let is_on = [Term::FALSE, Term::TRUE].contains(&value);
            let is_on = is_on.then_some(value == Term::TRUE).ok_or_else(badarg)?;
            return Ok(Term::bool(settings::SCHEDULER_WALL_TIME.swap(is_on, Relaxed)));
        }
        "multi_scheduling" => return multi_scheduling(p, value),
        // Threads are bound to no processor.
        "scheduler_bind_type" if value == named("unbound") => return Ok(value),
        "cpu_topology" if value == Term::UNDEFINED => return Ok(value),
        "scheduler_bind_type" | "cpu_topology" => return Err(badarg()),
        "trace_control_word" if size(value)? <= u32::MAX as usize => {
            settings::TRACE_CONTROL_WORD.swap(size(value)?)
        }
        "trace_control_word" => return Err(badarg()),
        "schedulers_online" if (1..=figures::schedulers()).contains(&size(value)?) => {
            let before = online::set_online(size(value)?);
            return Err(sched::give_way(p, Term::small(before as i64)));
        }
        // Long natives run on the schedulers that are online, of whatever kind they are.
        "dirty_cpu_schedulers_online" if size(value)? == online::online() => online::online(),
        "schedulers_online" | "dirty_cpu_schedulers_online" => return Err(badarg()),
        "system_logger" => return system_logger(value),
        "time_offset" if value == named("finalize") => return Ok(named("volatile")),
        "debug_flags" => return Ok(Term::TRUE),
        _ => return Err(unknown()),
    };
    Ok(Term::small(old as i64))
}

/// The caller goes on where processes still run.
fn multi_scheduling(p: &mut Process, value: Term) -> Result {
    let me = p.number();
    let blocking = match value.as_atom().map(atom::text) {
        Some("block") => online::block(me, false),
        Some("block_normal") => online::block(me, true),
        Some("unblock") => online::unblock(me, false),
        Some("unblock_normal") => online::unblock(me, true),
        _ => return Err(badarg()),
    };
    Err(sched::give_way(p, blocking_term(blocking)))
}

/// The default of new processes.
fn max_heap_size(p: &mut Process, value: Term) -> Result {
    let new = options::max_heap(value).ok_or_else(badarg)?;
    if new.words != 0 && new.words < settings::MIN_HEAP_WORDS.get() {
        return Err(badarg());
    }
    let old = max_heap_map(p, settings::max_heap());
    settings::set_max_heap(new);
    Ok(old)
}

fn size(value: Term) -> Result<usize> {
    match value.as_small() {
        Some(size @ 0..) => Ok(size as usize),
        _ => Err(badarg()),
    }
}

/// Who is sent the runtime's own messages: a process, the one registered as `logger`, or nobody.
fn system_logger(value: Term) -> Result {
    let is_name = value == Term::UNDEFINED || value == named("logger");
    if !is_name && !value.is_pid() {
        return Err(badarg());
    }
    Ok(settings::set_system_logger(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_return_what_was_set_before() {
        let p = &mut *Process::for_tests();
        let flag = named("trace_control_word");
        assert!(system_flag_2(p, flag, Term::small(7)).ok() == Some(Term::small(0)));
        assert!(system_flag_2(p, flag, Term::small(0)).ok() == Some(Term::small(7)));
        assert!(system_flag_2(p, flag, Term::small(-1)).is_err());
        let logger = named("system_logger");
        let nobody = system_flag_2(p, logger, p.id);
        assert!(nobody.ok() == Some(named("logger")));
        assert!(system_flag_2(p, logger, named("logger")).ok() == Some(p.id));
        assert!(system_flag_2(p, logger, Term::OK).is_err());
        let unknown = system_flag_2(p, Term::OK, Term::OK).err();
        assert!(unknown.is_some_and(|e| e.cause == Term::atom(id::BADOPT)));
    }
}
