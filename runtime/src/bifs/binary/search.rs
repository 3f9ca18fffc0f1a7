//! Finding patterns in binaries, and splitting binaries at them.

use super::pattern::Pattern;
use super::{BYTES_PER_REDUCTION, binary};
use crate::heap::{bits, resource};
use crate::process::Process;
use crate::process::exception::{Result, badarg};
use crate::sys::unique;
use crate::term::{Term, build};
use beamrc_abi::atom::id;
use core::ops::Range;

pub fn compile_pattern_1(p: &mut Process, pattern: Term) -> Result {
    let pattern = Pattern::of(pattern)?;
    // Names of the algorithms that OTP uses for one and for several.
    let tag = if pattern.is_single() { id::BM } else { id::AC };
    let pattern = resource::new(p, unique::number(), pattern);
    Ok(build::tuple(p, &[Term::atom(tag), pattern]))
}

/// Calls `search` with a pattern given as such or compiled.
fn with_pattern<T>(term: Term, search: impl FnOnce(&Pattern) -> T) -> Result<T> {
    match term.as_tuple() {
        Some([tag, reference]) => {
            let pattern: &Pattern = resource::get(reference).ok_or_else(badarg)?;
            let right = if pattern.is_single() { id::BM } else { id::AC };
            if tag.as_atom() != Some(right) {
                return Err(badarg());
            }
            Ok(search(pattern))
        }
        _ => Ok(search(&Pattern::of(term)?)),
    }
}

/// The bytes that a `{scope, {Position, Length}}` names.
fn scope(option: Term, size: usize) -> Result<Range<usize>> {
    let Some(&[key, range]) = option.as_tuple() else {
        return Err(badarg());
    };
    let Some(&[position, length]) = range.as_tuple() else {
        return Err(badarg());
    };
    if key.as_atom() != Some(id::SCOPE) {
        return Err(badarg());
    }
    let (start, size) = super::bits::part_range(size, position, length).ok_or_else(badarg)?;
    Ok(start..start + size)
}

fn match_scope(options: Term, size: usize) -> Result<Range<usize>> {
    if !options.is_list() {
        return Err(badarg());
    }
    let last = options.list().try_fold(0..size, |_, option| scope(option, size))?;
    Ok(last)
}

fn found(p: &mut Process, range: Range<usize>) -> Term {
    let (start, size) = (range.start as i64, range.len() as i64);
    build::tuple(p, &[Term::small(start), Term::small(size)])
}

pub fn match_2(p: &mut Process, subject: Term, pattern: Term) -> Result {
    match_3(p, subject, pattern, Term::NIL)
}
pub fn match_3(p: &mut Process, subject: Term, pattern: Term, options: Term) -> Result {
    let bits = binary(subject)?;
    let bytes = bits.to_bytes();
    let scope = match_scope(options, bytes.len())?;
    let first = with_pattern(pattern, |pattern| pattern.find(&bytes[scope.clone()]))?;
    match first {
        Some(range) => {
            p.charge(range.end / BYTES_PER_REDUCTION);
            Ok(found(p, scope.start + range.start..scope.start + range.end))
        }
        None => {
            p.charge(scope.len() / BYTES_PER_REDUCTION);
            Ok(Term::atom(id::NOMATCH))
        }
    }
}

/// All places of the pattern in the scope.
fn all(
    p: &mut Process,
    bytes: &[u8],
    scope: Range<usize>,
    pattern: Term,
) -> Result<Vec<Range<usize>>> {
    let mut places = vec![];
    with_pattern(pattern, |pattern| {
        pattern.find_all(&bytes[scope.clone()], |range| {
            places.push(scope.start + range.start..scope.start + range.end)
        });
    })?;
    p.charge(scope.len() / BYTES_PER_REDUCTION + places.len() / 16);
    Ok(places)
}

pub fn matches_2(p: &mut Process, subject: Term, pattern: Term) -> Result {
    matches_3(p, subject, pattern, Term::NIL)
}
pub fn matches_3(p: &mut Process, subject: Term, pattern: Term, options: Term) -> Result {
    let bits = binary(subject)?;
    let bytes = bits.to_bytes();
    let scope = match_scope(options, bytes.len())?;
    let places = all(p, &bytes, scope, pattern)?;
    Ok(places.into_iter().rev().fold(Term::NIL, |list, place| {
        let place = found(p, place);
        build::cons(p, place, list)
    }))
}

/// Options of `split/3`.
#[derive(Default)]
struct Options {
    global: bool,
    trim: bool,
    trim_all: bool,
}

pub fn split_2(p: &mut Process, subject: Term, pattern: Term) -> Result {
    split_3(p, subject, pattern, Term::NIL)
}
pub fn split_3(p: &mut Process, subject: Term, pattern: Term, list: Term) -> Result {
    let bits = binary(subject)?;
    let bytes = bits.to_bytes();
    if !list.is_list() {
        return Err(badarg());
    }
    let mut options = Options::default();
    let mut range = 0..bytes.len();
    for option in list.list() {
        match option.as_atom() {
            Some(id::GLOBAL) => options.global = true,
            Some(id::TRIM) => options.trim = true,
            Some(id::TRIM_ALL) => options.trim_all = true,
            Some(_) => return Err(badarg()),
            None => range = scope(option, bytes.len())?,
        }
    }
    let places = if options.global {
        all(p, &bytes, range, pattern)?
    } else {
        let first = with_pattern(pattern, |pattern| pattern.find(&bytes[range.clone()]))?;
        let end = first.as_ref().map_or(range.end, |first| first.end);
        p.charge(end / BYTES_PER_REDUCTION);
        let first = first.map(|first| range.start + first.start..range.start + first.end);
        first.into_iter().collect()
    };
    Ok(parts(p, subject, bytes.len(), &places, &options))
}

/// The parts between the places, built from the last to the first.
fn parts(
    p: &mut Process,
    subject: Term,
    size: usize,
    places: &[Range<usize>],
    options: &Options,
) -> Term {
    // Whether an empty part is dropped: all of them, or those at the end.
    let mut trims = options.trim || options.trim_all;
    let mut list = Term::NIL;
    let mut end = size;
    let starts = places.iter().rev().map(|place| (place.end, place.start));
    for (start, next_end) in starts.chain([(0, 0)]) {
        if !(trims && start == end) {
            let part = bits::part(p, subject, 8 * start, 8 * (end - start));
            list = build::cons(p, part, list);
            trims = options.trim_all;
        }
        end = next_end;
    }
    list
}
