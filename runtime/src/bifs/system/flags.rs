//! `erlang:system_flag/2`: settings of the whole program. It returns what was set before.

use super::info::named;
use crate::process::Process;
use crate::process::exception::{Result, badarg, badarg_because};
use crate::process::{figures, settings, trace};
use crate::term::{Term, atom};
use beamrc_abi::atom::id;

pub fn system_flag_2(_p: &mut Process, flag: Term, value: Term) -> Result {
    let unknown = || badarg_because(id::BADOPT);
    let flag = flag.as_atom().map(atom::text).ok_or_else(unknown)?;
    let old = match flag {
        "backtrace_depth" => trace::set_depth(size(value)?),
        "fullsweep_after" => settings::FULLSWEEP_AFTER.swap(size(value)?.min(u16::MAX.into())),
        "min_heap_size" => settings::MIN_HEAP_WORDS.swap(size(value)?),
        "min_bin_vheap_size" => settings::MIN_BIN_VHEAP_WORDS.swap(size(value)?),
        "trace_control_word" => settings::TRACE_CONTROL_WORD.swap(size(value)?),
        // All schedulers are online, always.
        "schedulers_online" if size(value)? == figures::schedulers() => figures::schedulers(),
        "schedulers_online" => return Err(badarg()),
        "system_logger" => return system_logger(value),
        "time_offset" if value == named("finalize") => return Ok(named("volatile")),
        "time_offset" => return Err(badarg()),
        "debug_flags" => return Ok(Term::TRUE),
        _ => return Err(unknown()),
    };
    Ok(Term::small(old as i64))
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
