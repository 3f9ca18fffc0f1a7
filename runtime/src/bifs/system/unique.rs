//! Unique integers and references.

use crate::process::Process;
use crate::process::exception::{Result, badarg};
use crate::sys::clock::MONOTONIC_BEGIN;
use crate::sys::unique;
use crate::term::{Kind, Term, build};
use beamrc_abi::atom::id;

/// Unique integers start where OTP's do: as far below zero as its small integers reach.
const FIRST: i64 = MONOTONIC_BEGIN;

fn unique_integer(p: &mut Process, number: u64, positive: bool) -> Term {
    let number = number as i64;
    build::integer(p, if positive { number + 1 } else { FIRST + number })
}
pub fn unique_integer_0(p: &mut Process) -> Result {
    Ok(unique_integer(p, unique::number(), false))
}
pub fn unique_integer_1(p: &mut Process, modifiers: Term) -> Result {
    let (mut monotonic, mut positive) = (false, false);
    let mut modifiers = modifiers.list();
    for modifier in modifiers.by_ref() {
        match modifier.as_atom() {
            Some(id::MONOTONIC) => monotonic = true,
            Some(id::POSITIVE) => positive = true,
            _ => return Err(badarg()),
        }
    }
    if !modifiers.tail().is_nil() {
        return Err(badarg());
    }
    let number = if monotonic { unique::monotonic_number() } else { unique::number() };
    Ok(unique_integer(p, number, positive))
}

pub fn make_ref_0(p: &mut Process) -> Result {
    Ok(build::object(p, Kind::Ref, 0, &[unique::number(), 0]))
}
