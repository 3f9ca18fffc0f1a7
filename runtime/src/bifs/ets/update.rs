//! Elements and counters changed in place.
//!
//! What is asked for is checked as a whole against the object before anything is changed.

use super::{find, hold};
use crate::bifs::arith::plus_2;
use crate::ets::hash::Found;
use crate::ets::object::{Chain, Object};
use crate::ets::{Hold, Store, Table, Want};
use crate::process::Process;
use crate::process::exception::{Exception, Result, badarg, badarg_because};
use crate::program::program;
use crate::sys::lock::lend;
use crate::term::compare::compare;
use crate::term::{Kind, Term, build};
use beamrc_abi::atom::id;
use core::cmp::Ordering;
use smallvec::SmallVec;

/// New elements by their positions, in the order in which they are put there.
type Changes = SmallVec<[(usize, Term); 4]>;
/// What an update amounts to, and the result of the BIF.
type Plan = (Changes, Term);

pub fn update_element_3(p: &mut Process, table: Term, key: Term, elements: Term) -> Result {
    update_element(p, table, key, elements, None)
}
pub fn update_element_4(
    p: &mut Process,
    table: Term,
    key: Term,
    elements: Term,
    default: Term,
) -> Result {
    update_element(p, table, key, elements, Some(default))
}

fn update_element(
    p: &mut Process,
    table: Term,
    key: Term,
    elements: Term,
    default: Option<Term>,
) -> Result {
    let found = find(&table)?;
    let hold = hold(p, &found, Want::WriteOne)?;
    p.charge(1);
    check_default(&found, default)?;
    if found.is_bag() {
        return Err(badarg());
    }
    let keypos = found.options.keypos;
    if let Some(&[position, value]) = elements.as_tuple()
        && value.is_immediate()
        && let Some(position) = position.as_small()
    {
        let change = |object: &[Term]| {
            let position = changeable(position, keypos, object).ok()?;
            object[position - 1].is_immediate().then_some((position, value))
        };
        if change_in_place(&hold, key, change).is_some() {
            return Ok(Term::TRUE);
        }
    }
    let mut plan = |_: &mut Process, object: &[Term]| -> Result<Plan> {
        let mut changes = Changes::new();
        each(elements, |element| {
            let Some(&[position, value]) = element.as_tuple() else {
                return Err(badarg());
            };
            let position = position.as_small().ok_or_else(badarg)?;
            changes.push((changeable(position, keypos, object)?, value));
            Ok(())
        })?;
        Ok((changes, Term::TRUE))
    };
    let updated = update(p, hold, key, default, &mut plan)?;
    Ok(updated.unwrap_or(Term::FALSE))
}

/// A default is a tuple with room for the key. Which part of that OTP checks when, and what it says,
/// has changed with its releases; before 28 what is too short for the key could crash it.
fn check_default(table: &Table, default: Option<Term>) -> Result<()> {
    match default {
        Some(default) if !table.accepts(default) => Err(match program().release() {
            28.. => badarg_because(id::DEFAULT),
            _ if default.is_kind(Kind::Tuple) => badarg_because(id::POSITION),
            _ => badarg(),
        }),
        _ => Ok(()),
    }
}

/// Calls `f` with each element of a list, or with what is a tuple itself.
fn each(list: Term, mut f: impl FnMut(&Term) -> Result<()>) -> Result<()> {
    if list.is_kind(Kind::Tuple) {
        return f(&list);
    }
    let mut elements = list.list();
    for element in elements.by_ref() {
        f(&element)?;
    }
    if elements.tail().is_nil() { Ok(()) } else { Err(badarg()) }
}

/// The position of an element that is there and is not the key.
fn changeable(position: i64, keypos: usize, object: &[Term]) -> Result<usize> {
    if position == keypos as i64 {
        return Err(badarg_because(id::KEYPOS));
    }
    if !(1..=object.len() as i64).contains(&position) {
        return Err(badarg_because(id::POSITION));
    }
    Ok(position as usize)
}

pub fn update_counter_3(p: &mut Process, table: Term, key: Term, operations: Term) -> Result {
    update_counter(p, table, key, operations, None)
}
pub fn update_counter_4(
    p: &mut Process,
    table: Term,
    key: Term,
    operations: Term,
    default: Term,
) -> Result {
    update_counter(p, table, key, operations, Some(default))
}

/// `{Position, Increment}`, perhaps with what replaces a sum behind a threshold.
struct Operation {
    position: usize,
    increment: Term,
    threshold: Option<(Term, Term)>,
}

fn update_counter(
    p: &mut Process,
    table: Term,
    key: Term,
    operations: Term,
    default: Option<Term>,
) -> Result {
    let found = find(&table)?;
    let hold = hold(p, &found, Want::WriteOne)?;
    p.charge(1);
    check_default(&found, default)?;
    if found.is_bag() {
        return Err(badarg_because(id::TABLE_TYPE));
    }
    let keypos = found.options.keypos;
    if let Some((position, increment)) = small_operation(operations, keypos)
        && let Some(sum) = change_in_place(&hold, key, |object| {
            let position = changeable(position, keypos, object).ok()?;
            // The sum of two 61-bit numbers has at most 62.
            let sum = object[position - 1].as_small()? + increment;
            Term::fits_small(sum).then_some((position, Term::small(sum)))
        })
    {
        return Ok(sum);
    }
    let mut plan = |p: &mut Process, object: &[Term]| -> Result<Plan> {
        let is_list = operations.is_list();
        let mut checked: SmallVec<[Operation; 2]> = SmallVec::new();
        if is_integer(operations) {
            let position = changeable(keypos as i64 + 1, keypos, object)?;
            checked.push(counter(position, operations, None, object)?);
        } else {
            each(operations, |operation| {
                checked.push(operation_of(operation, keypos, object)?);
                Ok(())
            })?;
        }
        let mut changes = Changes::new();
        for operation in &checked {
            let old = changes.iter().rfind(|(position, _)| *position == operation.position);
            let old = old.map_or(object[operation.position - 1], |(_, value)| *value);
            let new = sum(p, old, operation)?;
            changes.push((operation.position, new));
        }
        let values: SmallVec<[Term; 4]> = changes.iter().map(|(_, value)| *value).collect();
        let result = if is_list { build::list(p, &values, Term::NIL) } else { values[0] };
        Ok((changes, result))
    };
    let updated = update(p, hold, key, default, &mut plan)?;
    updated.ok_or_else(|| badarg_because(id::BADKEY))
}

/// What most counters are asked for: a small integer that is added, and where.
fn small_operation(operations: Term, keypos: usize) -> Option<(i64, i64)> {
    match operations.as_tuple() {
        Some(&[position, increment]) => Some((position.as_small()?, increment.as_small()?)),
        Some(_) => None,
        None => Some((keypos as i64 + 1, operations.as_small()?)),
    }
}

/// One element replaced in the object of a key, where neither takes memory of its own. Nothing is
/// changed, and the whole is to be gone through, if there is no object or `change` says so.
#[inline]
fn change_in_place(
    hold: &Hold<'_>,
    key: Term,
    change: impl FnOnce(&[Term]) -> Option<(usize, Term)>,
) -> Option<Term> {
    match &hold.table.store {
        Store::Hash(hash) => hash.change_in_place(hold.access(), key, change),
        Store::Ordered(tree) => tree.change_in_place(hold.access(), key, change),
    }
}

fn is_integer(term: Term) -> bool {
    term.is_small() || term.is_kind(Kind::BigPos) || term.is_kind(Kind::BigNeg)
}

fn operation_of(operation: &Term, keypos: usize, object: &[Term]) -> Result<Operation> {
    let (position, increment, threshold) = match operation.as_tuple() {
        Some(&[position, increment]) => (position, increment, None),
        Some(&[position, increment, threshold, value])
            if is_integer(threshold) && is_integer(value) =>
        {
            (position, increment, Some((threshold, value)))
        }
        _ => return Err(badarg()),
    };
    let position = position.as_small().ok_or_else(badarg)?;
    if !is_integer(increment) {
        return Err(badarg());
    }
    let position = changeable(position, keypos, object)?;
    counter(position, increment, threshold, object)
}

fn counter(
    position: usize,
    increment: Term,
    threshold: Option<(Term, Term)>,
    object: &[Term],
) -> Result<Operation> {
    if !is_integer(object[position - 1]) {
        return Err(badarg());
    }
    Ok(Operation { position, increment, threshold })
}

fn sum(p: &mut Process, old: Term, operation: &Operation) -> Result {
    let sum = plus_2(p, old, operation.increment)?;
    let Some((threshold, value)) = operation.threshold else {
        return Ok(sum);
    };
    let beyond = match compare(operation.increment, Term::small(0)) {
        Ordering::Less => Ordering::Less,
        _ => Ordering::Greater,
    };
    Ok(if compare(sum, threshold) == beyond { value } else { sum })
}

/// Changes the object of a key by a plan; nothing if there is none, and no default. The default is
/// checked.
fn update(
    p: &mut Process,
    hold: Hold<'_>,
    key: Term,
    default: Option<Term>,
    plan: &mut impl FnMut(&mut Process, &[Term]) -> Result<Plan>,
) -> Result<Option<Term>> {
    let keypos = hold.table.options.keypos;
    // A default with the key in its place.
    let start = lend(&hold, || default.map(|default| changed(p, default, &[(keypos, key)])));
    let garbage = Chain::new();
    let result = lend(&hold, || -> Result<Option<Term>> {
        Ok(match &hold.table.store {
            Store::Hash(hash) => {
                let make = |hash| Some(Object::copy_of(start?, hash));
                let change = |found: &mut Found<'_>| -> core::result::Result<_, Exception> {
                    let (changes, result) = plan(p, found.object().tuple().term_words())?;
                    if can_stay(found.object().tuple(), &changes) {
                        for (position, value) in changes {
                            found.set_immediate(position, value);
                        }
                    } else {
                        let tuple = changed(p, found.object().tuple(), &changes);
                        let object = Object::copy_of(tuple, found.object().hash);
                        drop(found.replace(object));
                    }
                    Ok(result)
                };
                hash.update(hold.access(), key, make, change, &garbage).transpose()?
            }
            Store::Ordered(tree) => {
                let mut part = tree.write(hold.access(), key);
                let planned = part.lend(|| -> Result<Option<_>> {
                    let (old, must_be_new) = match (part.get(key), start) {
                        (Some(old), _) => (old.tuple(), false),
                        (None, Some(start)) => (start, true),
                        (None, None) => return Ok(None),
                    };
                    let (changes, result) = plan(p, old.term_words())?;
                    let object = (must_be_new || !can_stay(old, &changes))
                        .then(|| Object::copy_of(changed(p, old, &changes), 0));
                    Ok(Some((old, changes, object, result)))
                });
                let Some((old, changes, object, result)) = planned? else {
                    return Ok(None);
                };
                match object {
                    Some(object) => {
                        part.insert(object, false, &garbage);
                    }
                    None => {
                        for (position, value) in changes {
                            part.set_immediate(old, position, value);
                        }
                    }
                }
                part.finish();
                Some(result)
            }
        })
    })?;
    drop(hold);
    // The result may be what was just made on the process's heap, never part of the object.
    Ok(result)
}

/// Whether the changes need no other object.
fn can_stay(object: Term, changes: &Changes) -> bool {
    let elements = object.term_words();
    let is_immediate = |(position, value): &(usize, Term)| {
        value.is_immediate() && elements[position - 1].is_immediate()
    };
    changes.iter().all(is_immediate)
}

/// A tuple with changes, on the process's heap.
fn changed(p: &mut Process, tuple: Term, changes: &[(usize, Term)]) -> Term {
    let mut elements = tuple.term_words().to_vec();
    for (position, value) in changes {
        elements[position - 1] = *value;
    }
    build::tuple(p, &elements)
}
