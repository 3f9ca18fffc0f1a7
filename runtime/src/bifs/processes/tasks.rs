//! Giving way, hibernating, suspending, collecting.

use super::local;
use crate::bifs::calls::MAX_ARITY;
use crate::process::Process;
use crate::process::exception::{Result, badarg, system_limit};
use crate::process::life::Run;
use crate::process::relations::Reference;
use crate::process::table::table;
use crate::sched::{self, send};
use crate::term::{Term, build, list};
use beamrc_abi::atom::id;

pub fn yield_0(p: &mut Process) -> Result {
    p.give_up_slice();
    Err(sched::give_way(p, Term::TRUE))
}
pub fn bump_reductions_1(p: &mut Process, count: Term) -> Result {
    let count = count.as_small().filter(|count| *count >= 0).ok_or_else(badarg)?;
    p.charge(count.min(sched::REDUCTIONS) as usize);
    Ok(Term::TRUE)
}

/// Gives up the stack; goes on with the call when a message is there.
pub fn hibernate_3(p: &mut Process, module: Term, function: Term, arguments: Term) -> Result {
    let (Some(module), Some(function), Some(count)) =
        (module.as_atom(), function.as_atom(), list::length(arguments))
    else {
        return Err(badarg());
    };
    if count > MAX_ARITY {
        return Err(system_limit());
    }
    p.life.start_module = module;
    p.life.start_function = function;
    p.life.start_arguments = arguments;
    p.life.run = Run::Hibernate;
    Err(sched::wait(p))
}

/// `erts_internal:suspend_process/2`: `true`, `false`, or what its caller raises.
pub fn suspend_process_2(p: &mut Process, process: Term, options: Term) -> Result {
    let bad = Ok(Term::atom(id::BADARG));
    let mut unless_suspending = false;
    // Nobody waits, and with a tag a message tells.
    let mut asynchronous = None;
    let mut rest = options.list();
    for option in rest.by_ref() {
        match (option.as_atom(), option.as_tuple()) {
            (Some(id::UNLESS_SUSPENDING), _) => unless_suspending = true,
            (Some(id::ASYNCHRONOUS), _) => asynchronous = Some(Term::NIL),
            (_, Some(&[key, tag])) if key == Term::atom(id::ASYNCHRONOUS) => {
                asynchronous = Some(build::tuple(p, &[tag]));
            }
            _ => return Ok(Term::atom(id::BADOPT)),
        }
    }
    let Some(other) = local(process).filter(|other| *other != p.number()) else { return bad };
    if !rest.tail().is_nil() || asynchronous.is_none() && table().get(other).is_none() {
        return bad;
    }
    let me = p.number();
    let count = p.relations.make().suspended.entry(other).or_default();
    if unless_suspending && *count > 0 {
        if let Some(how) = asynchronous {
            send::suspended(me, how, id::SUSPENDED);
        }
        return Ok(Term::FALSE);
    }
    *count += 1;
    if let Some(tag) = asynchronous {
        if !send::suspend(other, me, tag) {
            forget_suspended(p, other);
            send::suspended(me, tag, id::BADARG);
        }
        return Ok(Term::TRUE);
    }
    let reference = Reference::new();
    let request = reference.term(p);
    if send::suspend(other, me, request) {
        return Err(sched::await_reply(p, reference));
    }
    forget_suspended(p, other);
    bad
}
pub fn resume_process_1(p: &mut Process, process: Term) -> Result {
    let other = local(process).ok_or_else(badarg)?;
    if !forget_suspended(p, other) || table().get(other).is_none() {
        return Err(badarg());
    }
    send::resume(other, p.number());
    Ok(Term::TRUE)
}
fn forget_suspended(p: &mut Process, other: u64) -> bool {
    let Some(tables) = p.relations.tables_mut() else { return false };
    let Some(count) = tables.suspended.get_mut(&other) else { return false };
    *count -= 1;
    if *count == 0 {
        tables.suspended.remove(&other);
    }
    true
}

/// `erts_internal:garbage_collect/1`.
pub fn internal_garbage_collect_1(p: &mut Process, sort: Term) -> Result {
    let is_major = match sort.as_atom() {
        Some(id::MAJOR) => true,
        Some(id::MINOR) => false,
        _ => return Err(badarg()),
    };
    p.life.ask_to_collect(is_major);
    Err(sched::give_way(p, Term::TRUE))
}
/// `erts_internal:request_system_task/3`: `{garbage_collect, Id, Type}`, `{check_process_code, Id,
/// Module}` or `{system_task_test, Id}`; the process that asks is sent `{Task, Id, Result}`. All
/// tasks have the priority of the process that does them.
pub fn request_system_task_3(
    p: &mut Process,
    process: Term,
    _priority: Term,
    task: Term,
) -> Result {
    let tuple = task.as_tuple().ok_or_else(badarg)?;
    let name = tuple.first().and_then(|name| name.as_atom());
    let (request, task) = match (name, tuple) {
        (Some(id::GARBAGE_COLLECT), &[_, request, sort]) => match sort.as_atom() {
            Some(sort @ (id::MAJOR | id::MINOR)) => (request, sort),
            _ => return Err(badarg()),
        },
        (Some(task @ id::CHECK_PROCESS_CODE), &[_, request, module]) if module.is_atom() => {
            (request, task)
        }
        (Some(task @ id::SYSTEM_TASK_TEST), &[_, request]) => (request, task),
        _ => return Err(badarg()),
    };
    let other = local(process).ok_or_else(badarg)?;
    let me = p.number();
    if !send::system_task(other, me, request, task) {
        send::task_done(me, request, task, false);
    }
    Ok(Term::OK)
}
/// `erts_internal:check_process_code/1`: whether the process itself runs old code. There is none.
pub fn internal_check_process_code_1(_p: &mut Process, module: Term) -> Result {
    if module.is_atom() { Ok(Term::FALSE) } else { Err(badarg()) }
}
