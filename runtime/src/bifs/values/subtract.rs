//! `--`: by plain search where a list is short, else through the sorted right list.

use super::lists::CELLS_PER_REDUCTION;
use crate::process::Process;
use crate::process::exception::{Result, badarg};
use crate::term::{Term, compare, list};

/// Lists of at most this many elements are subtracted by plain search.
const SEARCHED_ELEMENTS: usize = 16;

pub fn subtract_2(p: &mut Process, left: Term, right: Term) -> Result {
    minus_minus_2(p, left, right)
}
/// The left list without the first occurrence of each element of the right one.
pub fn minus_minus_2(p: &mut Process, left: Term, right: Term) -> Result {
    let left_count = list::length(left).ok_or_else(badarg)?;
    if left_count <= SEARCHED_ELEMENTS {
        return subtract_from_few(p, left, right);
    }
    let right_count = list::length(right).ok_or_else(badarg)?;
    p.charge((left_count + right_count) / CELLS_PER_REDUCTION);
    if right_count <= SEARCHED_ELEMENTS {
        return Ok(subtract_few(p, left, right));
    }
    Ok(subtract_many(p, left, right))
}

fn subtract_from_few(p: &mut Process, left: Term, right: Term) -> Result {
    let mut kept: Vec<Term> = left.list().collect();
    let mut removed = right.list();
    let mut checks = 0;
    // To the end even if nothing is left: the right list must be a proper one.
    for element in removed.by_ref() {
        checks += kept.len().max(1);
        if let Some(at) = kept.iter().position(|k| compare::equal_exact(*k, element)) {
            kept.remove(at);
        }
    }
    p.charge(checks / CELLS_PER_REDUCTION);
    if !removed.tail().is_nil() {
        return Err(badarg());
    }
    Ok(list::forward(p, kept.len(), kept.into_iter(), Term::NIL))
}

fn subtract_few(p: &mut Process, left: Term, right: Term) -> Term {
    let mut removed: Vec<Term> = right.list().collect();
    subtract(p, left, removed.len(), |element| {
        match removed.iter().position(|r| compare::equal_exact(*r, element)) {
            Some(at) => {
                removed.swap_remove(at);
                true
            }
            None => false,
        }
    })
}

fn subtract_many(p: &mut Process, left: Term, right: Term) -> Term {
    let mut sorted: Vec<Term> = right.list().collect();
    let count = sorted.len();
    sorted.sort_unstable_by(|a, b| compare::compare_exact(*a, *b));
    p.charge(count * count.ilog2() as usize / CELLS_PER_REDUCTION);
    // Each distinct element with the number of its occurrences that are still to be removed.
    let mut distinct: Vec<(Term, usize)> = Vec::new();
    for element in sorted {
        match distinct.last_mut() {
            Some((last, count)) if compare::equal_exact(*last, element) => *count += 1,
            _ => distinct.push((element, 1)),
        }
    }
    let steps = distinct.len().ilog2() as usize + 1;
    let result = subtract(p, left, count, |element| {
        let found = distinct.binary_search_by(|(d, _)| compare::compare_exact(*d, element));
        match found {
            Ok(at) if distinct[at].1 > 0 => {
                distinct[at].1 -= 1;
                true
            }
            _ => false,
        }
    });
    p.charge(count * steps / CELLS_PER_REDUCTION);
    result
}

/// Keeps what `removes` refuses; as soon as it has removed `count` elements the rest is shared.
fn subtract(
    p: &mut Process,
    left: Term,
    mut count: usize,
    mut removes: impl FnMut(Term) -> bool,
) -> Term {
    let mut kept = Vec::new();
    let mut elements = left.list();
    while count > 0 {
        let Some(element) = elements.next() else {
            break;
        };
        if removes(element) {
            count -= 1;
        } else {
            kept.push(element);
        }
    }
    list::forward(p, kept.len(), kept.into_iter(), elements.tail())
}
