//! Timers that send messages.

use crate::process::exception::{Result, badarg, badarg_because};
use crate::process::relations::Reference;
use crate::process::signal::Kind;
use crate::process::{Process, table::table};
use crate::sched::timers::Destination;
use crate::sched::{self, send};
use crate::sys::{clock, unique};
use crate::term::{Term, View, build};
use beamrc_abi::atom::id;

const MILLISECOND: i64 = 1_000_000;
#[derive(Clone, Copy)]
struct Options {
    asynchronous: bool,
    info: bool,
    absolute: bool,
}
const NO_OPTIONS: Options = Options { asynchronous: false, info: true, absolute: false };

/// Options whose keys are among those allowed.
fn options(list: Term, allowed: &[u32]) -> Option<Options> {
    let mut options = NO_OPTIONS;
    let mut rest = list.list();
    for option in rest.by_ref() {
        let &[key, value] = option.as_tuple()? else {
            return None;
        };
        let key = key.as_atom().filter(|key| allowed.contains(key))?;
        let value = match value {
            Term::TRUE => true,
            Term::FALSE => false,
            _ => return None,
        };
        match key {
            id::ASYNC => options.asynchronous = value,
            id::INFO => options.info = value,
            _ => options.absolute = value,
        }
    }
    rest.tail().is_nil().then_some(options)
}

/// The deadline, counted from the program's start, as far as the clock goes (some 292 years).
fn deadline(time: Term, absolute: bool) -> Result<i64> {
    let bad = || badarg_because(id::TIME);
    let milliseconds = time.as_small().ok_or_else(bad)?;
    let (from, milliseconds) = if absolute {
        (0, milliseconds.checked_sub(clock::MONOTONIC_BEGIN / MILLISECOND).ok_or_else(bad)?)
    } else {
        (clock::elapsed(), milliseconds)
    };
    let nanoseconds = milliseconds.checked_mul(MILLISECOND).filter(|time| *time >= 0);
    nanoseconds.and_then(|time| from.checked_add(time)).ok_or_else(bad)
}

fn start(p: &mut Process, deadline: i64, to: Term, message: Term, is_wrapped: bool) -> Result {
    let destination = match to.view() {
        View::Pid(number) => Destination::Process(number),
        View::Atom(name) => Destination::Name(name),
        _ => return Err(badarg()),
    };
    let number = unique::number();
    if let Destination::Process(number_of) = destination
        && table().get(number_of).is_none()
    {
        return Ok(Reference([number, 0]).term(p));
    }
    let mut scratch = crate::sched::scratch::Scratch::default();
    let place = sched::set_timer(deadline, number, destination, |place| {
        if !is_wrapped {
            return send::copied(Kind::Message, message);
        }
        let reference = Reference([number, place << 1]).term(&mut scratch);
        let parts = [Term::atom(id::TIMEOUT), reference, message];
        let wrapped = build::tuple(&mut scratch, &parts);
        send::copied(Kind::Message, wrapped)
    });
    if destination == Destination::Process(p.number()) {
        let is_set = |place, number| sched::timers_of(place).read(place, number).is_some();
        p.relations.make().timers.add(place, number, is_set);
    }
    Ok(Reference([number, place << 1]).term(p))
}

pub fn send_after_3(p: &mut Process, time: Term, to: Term, message: Term) -> Result {
    let deadline = deadline(time, false)?;
    start(p, deadline, to, message, false)
}
pub fn send_after_4(p: &mut Process, time: Term, to: Term, message: Term, list: Term) -> Result {
    let options = options(list, &[id::ABS]).ok_or_else(|| badarg_because(id::BADOPT))?;
    let deadline = deadline(time, options.absolute)?;
    start(p, deadline, to, message, false)
}
pub fn start_timer_3(p: &mut Process, time: Term, to: Term, message: Term) -> Result {
    let deadline = deadline(time, false)?;
    start(p, deadline, to, message, true)
}
pub fn start_timer_4(p: &mut Process, time: Term, to: Term, message: Term, list: Term) -> Result {
    let options = options(list, &[id::ABS]).ok_or_else(|| badarg_because(id::BADOPT))?;
    let deadline = deadline(time, options.absolute)?;
    start(p, deadline, to, message, true)
}

/// Milliseconds left, or `false`.
fn left(p: &mut Process, deadline: Option<i64>) -> Term {
    match deadline {
        None => Term::FALSE,
        Some(deadline) => {
            let left = (deadline - clock::elapsed()).max(0) as u64;
            build::unsigned(p, left.div_ceil(MILLISECOND as u64))
        }
    }
}

/// Cancels or reads a timer and tells the result as the options say.
fn access(p: &mut Process, timer: Term, options: Options, is_cancel: bool) -> Result {
    let deadline = match timer.view() {
        View::External { sort: 2, .. } => None,
        View::Ref(_) => {
            let Reference([number, place]) = Reference::of(&timer).ok_or_else(badarg)?;
            let timers = sched::timers_of(place >> 1);
            if is_cancel {
                timers.cancel(place >> 1, number)
            } else {
                timers.read(place >> 1, number)
            }
        }
        _ => return Err(badarg()),
    };
    if !options.info {
        return Ok(Term::OK);
    }
    let result = left(p, deadline);
    if !options.asynchronous {
        return Ok(result);
    }
    let tag = if is_cancel { id::CANCEL_TIMER } else { id::READ_TIMER };
    let reply = build::tuple(p, &[Term::atom(tag), timer, result]);
    send::message(p.number(), reply);
    Ok(Term::OK)
}
pub fn cancel_timer_1(p: &mut Process, timer: Term) -> Result {
    access(p, timer, NO_OPTIONS, true)
}
pub fn cancel_timer_2(p: &mut Process, timer: Term, list: Term) -> Result {
    access(p, timer, options(list, &[id::ASYNC, id::INFO]).ok_or_else(badarg)?, true)
}
pub fn read_timer_1(p: &mut Process, timer: Term) -> Result {
    access(p, timer, NO_OPTIONS, false)
}
pub fn read_timer_2(p: &mut Process, timer: Term, list: Term) -> Result {
    access(p, timer, options(list, &[id::ASYNC]).ok_or_else(badarg)?, false)
}
