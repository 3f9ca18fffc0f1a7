//! Monotonic and system time in any unit.

use crate::bifs::arith;
use crate::process::Process;
use crate::process::exception::{Result, badarg};
use crate::sys::clock::{self, UNITS_PER_SECOND};
use crate::sys::unique;
use crate::term::{Kind, Term, build};
use beamrc_abi::atom::id;

/// A unit of time: how many make a second.
enum Unit {
    Known(i64),
    /// A large number of parts.
    Parts(Term),
}

fn unit(term: Term) -> Result<Unit> {
    if let Some(parts) = term.as_small() {
        return if parts > 0 { Ok(Unit::Known(parts)) } else { Err(badarg()) };
    }
    match term.as_atom() {
        Some(id::NATIVE | id::PERF_COUNTER) => Ok(Unit::Known(UNITS_PER_SECOND)),
        Some(id::SECOND | id::SECONDS) => Ok(Unit::Known(1)),
        Some(id::MILLISECOND | id::MILLI_SECONDS) => Ok(Unit::Known(1_000)),
        Some(id::MICROSECOND | id::MICRO_SECONDS) => Ok(Unit::Known(1_000_000)),
        Some(id::NANOSECOND | id::NANO_SECONDS) => Ok(Unit::Known(1_000_000_000)),
        None if term.is_kind(Kind::BigPos) => Ok(Unit::Parts(term)),
        _ => Err(badarg()),
    }
}

/// Native time in another unit, rounded downwards.
fn in_unit(p: &mut Process, time: i64, to: Term) -> Result {
    match unit(to)? {
        Unit::Known(UNITS_PER_SECOND) => Ok(build::integer(p, time)),
        Unit::Known(parts) if parts < UNITS_PER_SECOND => {
            let converted = i128::from(time) * i128::from(parts);
            let floor = converted.div_euclid(i128::from(UNITS_PER_SECOND));
            // Smaller than the time itself.
            Ok(build::integer(p, floor as i64))
        }
        Unit::Known(parts) => in_parts(p, time, Term::small(parts)),
        Unit::Parts(parts) => in_parts(p, time, parts),
    }
}
/// The same for units whose results may be of any size: as `erlang:convert_time_unit/3` does it.
fn in_parts(p: &mut Process, time: i64, parts: Term) -> Result {
    let time_term = build::integer(p, time);
    let mut product = arith::times_2(p, time_term, parts)?;
    if time < 0 {
        product = arith::minus_2(p, product, Term::small(UNITS_PER_SECOND - 1))?;
    }
    arith::div_2(p, product, Term::small(UNITS_PER_SECOND))
}

pub fn monotonic_time_0(p: &mut Process) -> Result {
    Ok(build::integer(p, clock::monotonic()))
}
pub fn monotonic_time_1(p: &mut Process, unit: Term) -> Result {
    in_unit(p, clock::monotonic(), unit)
}
pub fn system_time_0(p: &mut Process) -> Result {
    Ok(build::integer(p, clock::system()))
}
pub fn system_time_1(p: &mut Process, unit: Term) -> Result {
    in_unit(p, clock::system(), unit)
}
pub fn time_offset_0(p: &mut Process) -> Result {
    Ok(build::integer(p, clock::offset()))
}
pub fn time_offset_1(p: &mut Process, unit: Term) -> Result {
    in_unit(p, clock::offset(), unit)
}
/// `os:system_time/0`.
pub fn os_system_time(p: &mut Process) -> Term {
    build::integer(p, clock::os_system())
}
/// `os:system_time/1`.
pub fn os_system_time_in(p: &mut Process, unit: Term) -> Result {
    in_unit(p, clock::os_system(), unit)
}

/// `{MegaSeconds, Seconds, MicroSeconds}`.
pub fn timestamp(p: &mut Process, microseconds: i64) -> Term {
    const MILLION: i64 = 1_000_000;
    let seconds = microseconds / MILLION;
    build::tuple(
        p,
        &[
            Term::small(seconds / MILLION),
            Term::small(seconds % MILLION),
            Term::small(microseconds % MILLION),
        ],
    )
}
pub fn timestamp_0(p: &mut Process) -> Result {
    Ok(timestamp(p, clock::system() / 1000))
}
pub fn now_0(p: &mut Process) -> Result {
    Ok(timestamp(p, unique::now_microseconds()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small(result: Result) -> i64 {
        result.ok().and_then(Term::as_small).expect("a small")
    }

    #[test]
    fn units_round_downwards() {
        let p = &mut *Process::for_tests();
        let second = Term::atom(id::SECOND);
        assert_eq!(small(in_unit(p, 1_999_999_999, second)), 1);
        assert_eq!(small(in_unit(p, -1, second)), -1);
        assert_eq!(small(in_unit(p, 1_500_000_000, Term::small(3))), 4);
        assert_eq!(small(in_unit(p, 7, Term::atom(id::NATIVE))), 7);
    }
    #[test]
    fn only_units_are_units() {
        let p = &mut *Process::for_tests();
        for bad in [Term::small(0), Term::small(-5), Term::OK, Term::NIL] {
            assert!(in_unit(p, 1, bad).is_err());
        }
    }
}
