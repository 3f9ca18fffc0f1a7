//! Dates and times of day, local and universal.

use crate::bifs::values::machine_word;
use crate::process::Process;
use crate::process::exception::{Result, badarg};
use crate::sys::clock::{self, UNITS_PER_SECOND};
use crate::sys::time_zone::{self, Civil};
use crate::term::{Term, build};

fn triple(p: &mut Process, a: i64, b: i64, c: i64) -> Term {
    build::tuple(p, &[Term::small(a), Term::small(b), Term::small(c)])
}
fn date(p: &mut Process, civil: &Civil) -> Term {
    triple(p, civil.year, civil.month, civil.day)
}
fn time(p: &mut Process, civil: &Civil) -> Term {
    triple(p, civil.hour, civil.minute, civil.second)
}
fn date_time(p: &mut Process, civil: &Civil) -> Term {
    let parts = [date(p, civil), time(p, civil)];
    build::tuple(p, &parts)
}

fn smalls(tuple: Term) -> Option<[i64; 3]> {
    let &[a, b, c] = tuple.as_tuple()? else {
        return None;
    };
    Some([a.as_small()?, b.as_small()?, c.as_small()?])
}
fn civil_of(term: Term) -> Result<Civil> {
    let parts = || {
        let &[date, time] = term.as_tuple()? else {
            return None;
        };
        let [year, month, day] = smalls(date)?;
        let [hour, minute, second] = smalls(time)?;
        Some(Civil { year, month, day, hour, minute, second })
    };
    parts().ok_or_else(badarg)
}

fn now() -> i64 {
    clock::system().div_euclid(UNITS_PER_SECOND)
}
fn local_now() -> Result<Civil> {
    time_zone::local_of(now()).ok_or_else(badarg)
}

pub fn date_0(p: &mut Process) -> Result {
    Ok(date(p, &local_now()?))
}
pub fn time_0(p: &mut Process) -> Result {
    Ok(time(p, &local_now()?))
}
pub fn localtime_0(p: &mut Process) -> Result {
    Ok(date_time(p, &local_now()?))
}
pub fn universaltime_0(p: &mut Process) -> Result {
    Ok(date_time(p, &time_zone::universal_of(now())))
}

pub fn localtime_to_universaltime_2(p: &mut Process, local: Term, is_dst: Term) -> Result {
    let daylight_saving = match is_dst {
        Term::TRUE => Some(true),
        Term::FALSE => Some(false),
        Term::UNDEFINED => None,
        _ => return Err(badarg()),
    };
    let civil = civil_of(local)?;
    let universal = time_zone::universal_of_local(&civil, daylight_saving);
    Ok(date_time(p, &universal.ok_or_else(badarg)?))
}
pub fn universaltime_to_localtime_1(p: &mut Process, universal: Term) -> Result {
    let civil = civil_of(universal)?;
    let local = time_zone::local_of_universal(&civil).ok_or_else(badarg)?;
    Ok(date_time(p, &local))
}
pub fn universaltime_to_posixtime_1(p: &mut Process, universal: Term) -> Result {
    let civil = civil_of(universal)?;
    let seconds = time_zone::seconds_of(&civil).ok_or_else(badarg)?;
    Ok(build::integer(p, seconds))
}
pub fn posixtime_to_universaltime_1(p: &mut Process, seconds: Term) -> Result {
    let seconds = machine_word(seconds).and_then(|seconds| i64::try_from(seconds).ok());
    let seconds = seconds.ok_or_else(badarg)?;
    Ok(date_time(p, &time_zone::universal_of(seconds)))
}
