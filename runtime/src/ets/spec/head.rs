//! Heads: patterns taken apart into steps, and matching by them.
//!
//! A composite pattern is a step that checks the shape of the term, then one for each part that
//! matters, those first that are decided at a glance; parts that are composite themselves are put
//! aside, and taken up again, the latest first, when all parts have been looked at. So deep
//! patterns cost no machine stack.
#![allow(unsafe_code)]

use super::{UNDERSCORE, variable};
use crate::term::compare::equal_exact;
use crate::term::{Kind, Term, map};
use std::collections::BTreeMap;

/// A part is named by its place among the parts of what was taken up last.
#[derive(Clone, Copy)]
pub enum Step {
    /// Takes up the latest term that was put aside (at first the whole): a tuple of this size, whose
    /// elements are the parts.
    Tuple(usize),
    /// The same: a cons, whose parts are head and tail.
    Cons,
    /// The same: a map of at least this size, some of whose keys come next.
    Map(usize),
    /// The only part is the value of this key.
    Key(Term),
    /// The same as for a tuple: anything, which is the only part.
    Whole,
    /// The part is put aside.
    Aside(u32),
    Bind(u32, u32),
    /// It is what this variable is bound to.
    Same(u32, u32),
    Immediate(u32, Term),
    Equal(u32, Term),
}

/// A pattern with a variable or `'_'` for a key of a map.
#[derive(Debug)]
pub enum BadKey {
    Variable,
    Underscore,
}

/// Variables by their numbers, and where they are bound.
pub type Variables = BTreeMap<u64, usize>;

/// The steps of a pattern.
pub fn compile(pattern: Term, variables: &mut Variables) -> Result<Vec<Step>, BadKey> {
    let mut steps = Vec::new();
    let mut aside: Vec<Term> = Vec::new();
    if is_composite(pattern) {
        aside.push(pattern);
    } else {
        steps.push(Step::Whole);
        part(0, pattern, &mut steps, &mut aside, variables);
    }
    finish(steps, aside, variables)
}

/// The same of a tuple that stands for a list of arguments.
pub fn compile_arguments(
    arguments: &[Term],
    variables: &mut Variables,
) -> Result<Vec<Step>, BadKey> {
    let mut steps = Vec::new();
    let mut aside = Vec::new();
    for argument in arguments {
        steps.push(Step::Cons);
        part(0, *argument, &mut steps, &mut aside, variables);
        steps.push(Step::Aside(1));
    }
    steps.push(Step::Whole);
    steps.push(Step::Immediate(0, Term::NIL));
    finish(steps, aside, variables)
}

/// Appends the steps of what was put aside.
fn finish(
    mut steps: Vec<Step>,
    mut aside: Vec<Term>,
    variables: &mut Variables,
) -> Result<Vec<Step>, BadKey> {
    while let Some(pattern) = aside.pop() {
        if let Some((head, tail)) = pattern.as_cons() {
            steps.push(Step::Cons);
            parts(&[head, tail], &mut steps, &mut aside, variables);
        } else if let Some(elements) = pattern.as_tuple() {
            steps.push(Step::Tuple(elements.len()));
            parts(elements, &mut steps, &mut aside, variables);
        } else {
            steps.push(Step::Map(map::size(pattern).unwrap_or(0)));
            for (key, value) in map::pairs(pattern) {
                if variable(key).is_some() {
                    return Err(BadKey::Variable);
                }
                if key == UNDERSCORE {
                    return Err(BadKey::Underscore);
                }
                steps.push(Step::Key(key));
                part(0, value, &mut steps, &mut aside, variables);
            }
        }
    }
    Ok(steps)
}

fn is_composite(pattern: Term) -> bool {
    pattern.is_cons() || pattern.is_kind(Kind::Tuple) || map::is_map(pattern)
}

/// The steps of all parts of a pattern.
fn parts(
    patterns: &[Term],
    steps: &mut Vec<Step>,
    aside: &mut Vec<Term>,
    variables: &mut Variables,
) {
    let from = steps.len();
    for (place, pattern) in (0..).zip(patterns) {
        part(place, *pattern, steps, aside, variables);
    }
    steps[from..].sort_by_key(|step| !matches!(step, Step::Immediate(..)));
}

fn part(
    place: u32,
    pattern: Term,
    steps: &mut Vec<Step>,
    aside: &mut Vec<Term>,
    variables: &mut Variables,
) {
    steps.push(if let Some(number) = variable(pattern) {
        let next = variables.len();
        match variables.get(&number) {
            Some(slot) => Step::Same(place, *slot as u32),
            None => {
                variables.insert(number, next);
                Step::Bind(place, next as u32)
            }
        }
    } else if pattern == UNDERSCORE {
        return;
    } else if is_composite(pattern) {
        aside.push(pattern);
        Step::Aside(place)
    } else if pattern.is_immediate() {
        Step::Immediate(place, pattern)
    } else {
        Step::Equal(place, pattern)
    });
}

/// How many terms are put aside at most.
pub fn put_aside(steps: &[Step]) -> usize {
    1 + steps.iter().filter(|step| matches!(step, Step::Aside(_))).count()
}

/// Matches a term; its bindings are left in `variables`, which has room for all, as `aside` has for
/// what is [`put_aside`].
pub fn matches(steps: &[Step], term: Term, variables: &mut [Term], aside: &mut [Term]) -> bool {
    aside[0] = term;
    let mut left = 1;
    let mut map = Term::NIL;
    let mut held = Term::NIL;
    let mut parts: *const Term = &raw const held;
    // SAFETY: I5: a step that names a part follows one that found as many parts.
    let part = |parts: *const Term, place: u32| unsafe { *parts.add(place as usize) };
    for step in steps {
        let fits = match *step {
            Step::Immediate(place, term) => part(parts, place) == term,
            Step::Bind(place, slot) => {
                variables[slot as usize] = part(parts, place);
                true
            }
            Step::Aside(place) => {
                aside[left] = part(parts, place);
                left += 1;
                true
            }
            Step::Equal(place, term) => equal_exact(term, part(parts, place)),
            Step::Same(place, slot) => equal_exact(variables[slot as usize], part(parts, place)),
            Step::Key(key) => match map::get(map, key) {
                Some(value) => {
                    held = value;
                    parts = &raw const held;
                    true
                }
                None => false,
            },
            Step::Tuple(size) => {
                left -= 1;
                match aside[left].as_tuple() {
                    Some(elements) if elements.len() == size => {
                        parts = elements.as_ptr();
                        true
                    }
                    _ => false,
                }
            }
            Step::Cons => {
                left -= 1;
                parts = aside[left].address().cast();
                aside[left].is_cons()
            }
            Step::Map(size) => {
                left -= 1;
                map = aside[left];
                map::size(map).is_some_and(|n| n >= size)
            }
            Step::Whole => {
                left -= 1;
                held = aside[left];
                parts = &raw const held;
                true
            }
        };
        if !fits {
            return false;
        }
    }
    true
}
