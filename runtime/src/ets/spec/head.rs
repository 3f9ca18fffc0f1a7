//! Heads: patterns taken apart into steps, and matching by them.
//!
//! A composite pattern is a step that checks the shape of the term, then one for each part; parts
//! that are composite themselves are put aside, and taken up again, the latest first, when all
//! parts have been looked at. So deep patterns cost no machine stack.
#![allow(unsafe_code)]

use super::{UNDERSCORE, variable};
use crate::term::compare::equal_exact;
use crate::term::{Kind, Term, map};
use smallvec::SmallVec;
use std::collections::BTreeMap;

#[derive(Clone, Copy)]
pub enum Step {
    /// Takes up the latest term that was put aside (at first the whole): a tuple of this size, whose
    /// elements come next.
    Tuple(usize),
    /// The same: a cons, whose head and tail come next.
    Cons,
    /// The same: a map of at least this size, some of whose keys come next.
    Map(usize),
    /// The value of this key comes next.
    Key(Term),
    /// The same: anything that the next steps accept.
    Whole,
    /// The next part is put aside.
    Aside,
    Bind(usize),
    /// It is what this variable is bound to.
    Same(usize),
    Immediate(Term),
    Equal(Term),
    Skip,
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
        part(pattern, &mut steps, &mut aside, variables);
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
        part(*argument, &mut steps, &mut aside, variables);
        steps.push(Step::Aside);
    }
    steps.push(Step::Whole);
    steps.push(Step::Immediate(Term::NIL));
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
            part(head, &mut steps, &mut aside, variables);
            part(tail, &mut steps, &mut aside, variables);
        } else if let Some(elements) = pattern.as_tuple() {
            steps.push(Step::Tuple(elements.len()));
            for element in elements {
                part(*element, &mut steps, &mut aside, variables);
            }
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
                part(value, &mut steps, &mut aside, variables);
            }
        }
    }
    Ok(steps)
}

fn is_composite(pattern: Term) -> bool {
    pattern.is_cons() || pattern.is_kind(Kind::Tuple) || map::is_map(pattern)
}

fn part(pattern: Term, steps: &mut Vec<Step>, aside: &mut Vec<Term>, variables: &mut Variables) {
    steps.push(if let Some(number) = variable(pattern) {
        let next = variables.len();
        match variables.get(&number) {
            Some(slot) => Step::Same(*slot),
            None => {
                variables.insert(number, next);
                Step::Bind(next)
            }
        }
    } else if pattern == UNDERSCORE {
        Step::Skip
    } else if is_composite(pattern) {
        aside.push(pattern);
        Step::Aside
    } else if pattern.is_immediate() {
        Step::Immediate(pattern)
    } else {
        Step::Equal(pattern)
    });
}

/// Matches a term; its bindings are left in `variables`, which has room for all.
pub fn matches(steps: &[Step], term: Term, variables: &mut [Term]) -> bool {
    let mut aside: SmallVec<[Term; 8]> = SmallVec::new();
    aside.push(term);
    let mut map = Term::NIL;
    let mut held = Term::NIL;
    let mut parts: *const Term = &raw const held;
    for step in steps {
        match *step {
            Step::Tuple(size) => {
                let tuple = aside.pop().expect("put aside before");
                match tuple.as_tuple() {
                    Some(elements) if elements.len() == size => parts = elements.as_ptr(),
                    _ => return false,
                }
            }
            Step::Cons => {
                let list = aside.pop().expect("put aside before");
                if !list.is_cons() {
                    return false;
                }
                parts = list.address().cast();
            }
            Step::Map(size) => {
                map = aside.pop().expect("put aside before");
                if map::size(map).is_none_or(|n| n < size) {
                    return false;
                }
            }
            Step::Key(key) => match map::get(map, key) {
                Some(value) => {
                    held = value;
                    parts = &raw const held;
                }
                None => return false,
            },
            Step::Whole => {
                held = aside.pop().expect("put aside before");
                parts = &raw const held;
            }
            Step::Skip => parts = parts.wrapping_add(1),
            test => {
                // SAFETY: I5: a step that tests a part follows one that found as many parts.
                let part = unsafe { *parts };
                parts = parts.wrapping_add(1);
                let fits = match test {
                    Step::Immediate(term) => part == term,
                    Step::Equal(term) => equal_exact(term, part),
                    Step::Same(slot) => equal_exact(variables[slot], part),
                    Step::Bind(slot) => {
                        variables[slot] = part;
                        true
                    }
                    _ => {
                        aside.push(part);
                        true
                    }
                };
                if !fits {
                    return false;
                }
            }
        }
    }
    true
}
