//! What can be known of processes.

use super::{is_earlier, is_remote, local};
use crate::process::Process;
use crate::process::exception::{Result, badarg};
use crate::process::relations::Reference;
use crate::process::table::table;
use crate::sched::{self, info, send, signals};
use crate::term::{Term, build};
use beamrc_abi::atom::id;

pub fn process_info_1(p: &mut Process, process: Term) -> Result {
    let all = build::tuple(p, &[]);
    info_of(p, process, all)
}
pub fn process_info_2(p: &mut Process, process: Term, items: Term) -> Result {
    if items.is_list() {
        let mut rest = items.list();
        if !rest.by_ref().all(info::is_item) || !rest.tail().is_nil() {
            return Err(badarg());
        }
    } else if !info::is_item(items) {
        return Err(badarg());
    }
    info_of(p, process, items)
}

fn info_of(p: &mut Process, process: Term, items: Term) -> Result {
    let Some(other) = local(process) else { return Err(badarg()) };
    if other == p.number() {
        signals::handle(p);
        if p.life.is_exiting() {
            return Err(sched::give_way(p, Term::UNDEFINED));
        }
        return Ok(info::of(p, items, false));
    }
    ask(p, other, items, Term::UNDEFINED)
}

/// Waits for the other process's answer; `gone` if there is no such process.
pub(super) fn ask(p: &mut Process, other: u64, question: Term, gone: Term) -> Result {
    let reference = Reference::new();
    if send::request(other, p.number(), reference, question) {
        Err(sched::await_reply(p, reference))
    } else {
        Ok(gone)
    }
}

pub fn is_process_alive_1(p: &mut Process, process: Term) -> Result {
    let Some(other) = local(process) else {
        // Nobody here knows of processes elsewhere; those of an earlier run are gone.
        let is_gone = is_remote(process) && is_earlier(process);
        return if is_gone { Ok(Term::FALSE) } else { Err(badarg()) };
    };
    if other == p.number() {
        return Ok(Term::TRUE);
    }
    match table().get(other) {
        None => Ok(Term::FALSE),
        // It waits, and has handled every signal so far.
        Some(other) if other.signals.is_parked() => Ok(Term::TRUE),
        Some(_) => ask(p, other, Term::atom(id::ALIVE), Term::FALSE),
    }
}

pub fn processes_0(p: &mut Process) -> Result {
    let mut numbers: Vec<u64> = table().all().map(|process| process.number()).collect();
    numbers.sort_unstable();
    p.charge(numbers.len() / 10);
    let all: Vec<Term> = numbers.into_iter().map(Term::pid).collect();
    Ok(build::list(p, &all, Term::NIL))
}
