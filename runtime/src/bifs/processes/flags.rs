//! `process_flag`, group leaders, priorities.

use super::{ask, is_earlier, is_remote, local, options};
use crate::process::Process;
use crate::process::exception::{Result, badarg, badarg_because};
use crate::process::saved_calls::CALLS_MAX;
use crate::sched::info::{max_heap, priority, priority_of};
use crate::sched::send;
use crate::term::{Term, build};
use beamrc_abi::atom::id;

fn bool_of(term: Term) -> Result<bool> {
    match term {
        Term::TRUE => Ok(true),
        Term::FALSE => Ok(false),
        _ => Err(badarg()),
    }
}

pub fn process_flag_2(p: &mut Process, flag: Term, value: Term) -> Result {
    match flag.as_atom() {
        Some(id::TRAP_EXIT) => {
            let new = bool_of(value)?;
            Ok(Term::bool(core::mem::replace(&mut p.life.trap_exit, new)))
        }
        Some(id::PRIORITY) => {
            let new = priority_of(value).ok_or_else(badarg)?;
            let old = p.shared().priority();
            p.shared().set_priority(new);
            Ok(priority(old))
        }
        Some(id::ERROR_HANDLER) => {
            let new = value.as_atom().ok_or_else(badarg)?;
            Ok(Term::atom(core::mem::replace(&mut p.life.error_handler, new)))
        }
        Some(id::MESSAGE_QUEUE_DATA) => {
            let new = match value.as_atom() {
                Some(id::OFF_HEAP) => true,
                Some(id::ON_HEAP) => false,
                _ => return Err(badarg()),
            };
            let old = core::mem::replace(&mut p.life.messages_off_heap, new);
            Ok(Term::atom(if old { id::OFF_HEAP } else { id::ON_HEAP }))
        }
        Some(id::ASYNC_DIST) => {
            let new = bool_of(value)?;
            Ok(Term::bool(core::mem::replace(&mut p.life.async_dist, new)))
        }
        Some(id::SENSITIVE) => {
            let new = bool_of(value)?;
            Ok(Term::bool(core::mem::replace(&mut p.life.sensitive, new)))
        }
        // Every scheduler runs every process.
        Some(id::SCHEDULER) if options::is_scheduler(value) => Ok(Term::small(0)),
        Some(id::SAVE_CALLS) => {
            let most = number_of_calls(value).ok_or_else(badarg)?;
            Ok(Term::small(p.save_calls(most) as i64))
        }
        Some(_) => heap_flag(p, flag, value),
        None => Err(badarg_because(id::BADOPT)),
    }
}

/// As many calls as can be saved.
fn number_of_calls(value: Term) -> Option<usize> {
    let number = value.as_small().filter(|calls| (0..=CALLS_MAX).contains(calls))?;
    Some(number as usize)
}

fn heap_flag(p: &mut Process, flag: Term, value: Term) -> Result {
    let heap = &mut p.heap.options;
    let small = |words: usize| Term::small(words as i64);
    match flag.as_atom() {
        Some(id::MIN_HEAP_SIZE) => {
            let new = options::min_heap_words(value).ok_or_else(badarg)?;
            Ok(small(core::mem::replace(&mut heap.min_heap_words, new)))
        }
        Some(id::MIN_BIN_VHEAP_SIZE) => {
            let new = options::min_bin_vheap_words(value).ok_or_else(badarg)?;
            Ok(small(core::mem::replace(&mut heap.min_bin_vheap_words, new)))
        }
        Some(id::FULLSWEEP_AFTER) => {
            let new = options::fullsweep_after(value).ok_or_else(badarg)?;
            Ok(Term::small(core::mem::replace(&mut heap.fullsweep_after, new).into()))
        }
        Some(id::MAX_HEAP_SIZE) => {
            let new = options::max_heap(value).ok_or_else(badarg)?;
            if new.words != 0 && new.words < heap.min_heap_words {
                return Err(badarg());
            }
            let old = max_heap(p);
            p.heap.options.max_heap = new;
            Ok(old)
        }
        _ => Err(badarg_because(id::BADOPT)),
    }
}

/// `erts_internal:process_flag/3`: only `save_calls` can be set for others.
pub fn internal_process_flag_3(p: &mut Process, process: Term, flag: Term, value: Term) -> Result {
    let Some(other) = local(process) else { return Ok(Term::atom(id::BADARG)) };
    let (Some(id::SAVE_CALLS), Some(most)) = (flag.as_atom(), number_of_calls(value)) else {
        return Ok(Term::atom(id::BADTYPE));
    };
    if other == p.number() {
        return Ok(Term::small(p.save_calls(most) as i64));
    }
    // The answer comes after all that was sent to the process before.
    let question = build::tuple(p, &[flag, value]);
    ask(p, other, question, Term::atom(id::BADARG))
}

pub fn group_leader_0(p: &mut Process) -> Result {
    Ok(p.life.group_leader)
}
/// `erts_internal:group_leader/2`: `true`, or what its caller raises.
pub fn internal_group_leader_2(p: &mut Process, leader: Term, process: Term) -> Result {
    if local(leader).is_none() && !is_remote(leader) {
        return Ok(Term::atom(id::BADARG));
    }
    let Some(other) = local(process) else {
        // Nobody is connected, and nobody is told.
        let is_elsewhere = is_remote(process) && !is_earlier(process);
        return Ok(if is_elsewhere { Term::TRUE } else { Term::atom(id::BADARG) });
    };
    if other == p.number() {
        p.life.group_leader = leader;
        return Ok(Term::TRUE);
    }
    let is_there = send::group_leader(other, leader);
    Ok(if is_there { Term::TRUE } else { Term::atom(id::BADARG) })
}
/// The same after a wait that is never needed here.
pub fn internal_group_leader_3(
    p: &mut Process,
    leader: Term,
    process: Term,
    _reference: Term,
) -> Result {
    internal_group_leader_2(p, leader, process)
}
