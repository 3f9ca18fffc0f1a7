//! Natives of module `maps`.

use crate::process::Process;
use crate::process::exception::{Exception, Result, badarg, error};
use crate::term::{Term, build, list, map};
use beamrc_abi::atom::id;

/// `{badmap, Map}`.
pub fn badmap(p: &mut Process, map: Term) -> Exception {
    error(build::tuple(p, &[Term::atom(id::BADMAP), map]))
}
/// `{badkey, Key}`.
pub fn badkey(p: &mut Process, key: Term) -> Exception {
    error(build::tuple(p, &[Term::atom(id::BADKEY), key]))
}
fn size(p: &mut Process, map: Term) -> Result<usize> {
    map::size(map).ok_or_else(|| badmap(p, map))
}
/// About what walking over so many associations takes.
fn charge(p: &mut Process, associations: usize) {
    p.charge(associations / 8);
}

pub fn get_2(p: &mut Process, key: Term, map: Term) -> Result {
    size(p, map)?;
    map::get(map, key).ok_or_else(|| badkey(p, key))
}
pub fn find_2(p: &mut Process, key: Term, map: Term) -> Result {
    size(p, map)?;
    Ok(match map::get(map, key) {
        Some(value) => build::tuple(p, &[Term::OK, value]),
        None => Term::atom(id::ERROR),
    })
}
pub fn is_key_2(p: &mut Process, key: Term, map: Term) -> Result {
    size(p, map)?;
    Ok(Term::bool(map::get(map, key).is_some()))
}

pub fn keys_1(p: &mut Process, map: Term) -> Result {
    one_of_each(p, map, |(key, _)| key)
}
pub fn values_1(p: &mut Process, map: Term) -> Result {
    one_of_each(p, map, |(_, value)| value)
}
/// As in OTP, lists of a hash map's parts are in the reverse order of the walk.
fn one_of_each(p: &mut Process, map: Term, part: fn((Term, Term)) -> Term) -> Result {
    let count = size(p, map)?;
    charge(p, count);
    let parts = map::pairs(map).map(part);
    Ok(if count <= map::MAP_FLAT_MAX {
        list::forward(p, count, parts, Term::NIL)
    } else {
        list::reversed(p, count, parts, Term::NIL)
    })
}

pub fn put_3(p: &mut Process, key: Term, value: Term, map: Term) -> Result {
    size(p, map)?;
    Ok(map::put(p, map, key, value))
}
pub fn update_3(p: &mut Process, key: Term, value: Term, map: Term) -> Result {
    size(p, map)?;
    if map::get(map, key).is_none() {
        return Err(badkey(p, key));
    }
    Ok(map::put(p, map, key, value))
}
pub fn remove_2(p: &mut Process, key: Term, map: Term) -> Result {
    size(p, map)?;
    Ok(map::take(p, map, key).map_or(map, |(rest, _)| rest))
}
pub fn take_2(p: &mut Process, key: Term, map: Term) -> Result {
    size(p, map)?;
    Ok(match map::take(p, map, key) {
        Some((rest, value)) => build::tuple(p, &[value, rest]),
        None => Term::atom(id::ERROR),
    })
}
pub fn merge_2(p: &mut Process, a: Term, b: Term) -> Result {
    let together = size(p, a)? + size(p, b)?;
    charge(p, together);
    Ok(map::merge(p, a, b))
}

pub fn from_list_1(p: &mut Process, list: Term) -> Result {
    from_elements(p, list, |element| match element.as_tuple() {
        Some(&[key, value]) => Some((key, value)),
        _ => None,
    })
}
pub fn from_keys_2(p: &mut Process, list: Term, value: Term) -> Result {
    from_elements(p, list, |key| Some((key, value)))
}
fn from_elements(
    p: &mut Process,
    list: Term,
    pair: impl Fn(Term) -> Option<(Term, Term)>,
) -> Result {
    let mut elements = list.list();
    let mut pairs = Vec::new();
    for element in elements.by_ref() {
        pairs.push(pair(element).ok_or_else(badarg)?);
    }
    if !elements.tail().is_nil() {
        return Err(badarg());
    }
    charge(p, pairs.len());
    Ok(map::from_pairs(p, &pairs))
}
