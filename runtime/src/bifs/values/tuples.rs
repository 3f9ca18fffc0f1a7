//! Tuples: access, construction, conversion from and to lists.

use crate::process::Process;
use crate::process::exception::{Result, badarg};
use crate::term::{Term, build, list};

/// Elements of the largest tuple (OTP's `ERTS_MAX_TUPLE_SIZE`).
const MAX_TUPLE_SIZE: usize = (1 << 24) - 1;
/// Words copied for one reduction.
const WORDS_PER_REDUCTION: usize = 64;

/// Position, counted from 0, that a term gives, counted from 1, if it is at most `limit`.
fn position(index: Term, limit: usize) -> Result<usize> {
    match index.as_small() {
        Some(index) if index >= 1 && index as u64 <= limit as u64 => Ok(index as usize - 1),
        _ => Err(badarg()),
    }
}
fn elements(tuple: &Term) -> Result<&[Term]> {
    tuple.as_tuple().ok_or_else(badarg)
}
fn new_tuple(p: &mut Process, count: usize, elements: impl Iterator<Item = Term>) -> Result {
    if count > MAX_TUPLE_SIZE {
        return Err(badarg());
    }
    p.charge(count / WORDS_PER_REDUCTION);
    Ok(list::to_tuple(p, count, elements))
}

pub fn element_2(_p: &mut Process, index: Term, tuple: Term) -> Result {
    let elements = elements(&tuple)?;
    Ok(elements[position(index, elements.len())?])
}
pub fn tuple_size_1(_p: &mut Process, tuple: Term) -> Result {
    Ok(Term::small(elements(&tuple)?.len() as i64))
}
pub fn setelement_3(p: &mut Process, index: Term, tuple: Term, value: Term) -> Result {
    let elements = elements(&tuple)?;
    let index = position(index, elements.len())?;
    p.charge(elements.len() / WORDS_PER_REDUCTION);
    Ok(build::tuple_but(p, elements, index, value))
}

fn tuple_size_of(size: Term) -> Result<usize> {
    let size = size.as_small().and_then(|size| usize::try_from(size).ok());
    size.filter(|size| *size <= MAX_TUPLE_SIZE).ok_or_else(badarg)
}
pub fn make_tuple_2(p: &mut Process, size: Term, default: Term) -> Result {
    let size = tuple_size_of(size)?;
    new_tuple(p, size, core::iter::repeat_n(default, size))
}
pub fn make_tuple_3(p: &mut Process, size: Term, default: Term, given: Term) -> Result {
    let mut elements = vec![default; tuple_size_of(size)?];
    let mut given = given.list();
    for pair in given.by_ref() {
        let Some(&[index, value]) = pair.as_tuple() else {
            return Err(badarg());
        };
        let at = position(index, elements.len())?;
        elements[at] = value;
    }
    if !given.tail().is_nil() {
        return Err(badarg());
    }
    new_tuple(p, elements.len(), elements.into_iter())
}

pub fn append_element_2(p: &mut Process, tuple: Term, value: Term) -> Result {
    let elements = elements(&tuple)?;
    new_tuple(p, elements.len() + 1, elements.iter().copied().chain([value]))
}
pub fn insert_element_3(p: &mut Process, index: Term, tuple: Term, value: Term) -> Result {
    let elements = elements(&tuple)?;
    let (before, after) = elements.split_at(position(index, elements.len() + 1)?);
    let longer = before.iter().chain([&value]).chain(after).copied();
    new_tuple(p, elements.len() + 1, longer)
}
pub fn delete_element_2(p: &mut Process, index: Term, tuple: Term) -> Result {
    let elements = elements(&tuple)?;
    let (before, rest) = elements.split_at(position(index, elements.len())?);
    let shorter = before.iter().chain(&rest[1..]).copied();
    new_tuple(p, elements.len() - 1, shorter)
}

pub fn tuple_to_list_1(p: &mut Process, tuple: Term) -> Result {
    let elements = elements(&tuple)?;
    p.charge(elements.len() / WORDS_PER_REDUCTION);
    Ok(list::forward(p, elements.len(), elements.iter().copied(), Term::NIL))
}
pub fn list_to_tuple_1(p: &mut Process, from: Term) -> Result {
    let count = list::length(from).ok_or_else(badarg)?;
    new_tuple(p, count, from.list())
}
