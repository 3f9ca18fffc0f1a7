//! What a specification says of keys before it is run.

use super::{DOLLAR_DOLLAR, DOLLAR_UNDERSCORE, UNDERSCORE, variable};
use crate::term::compare::equal_exact;
use crate::term::{Term, map};
use beamrc_abi::atom::id;

/// The key of a pattern, if it is a tuple that has one.
pub fn key_of(pattern: Term, keypos: usize) -> Option<Term> {
    pattern.as_tuple()?.get(keypos - 1).copied()
}

/// Whether a pattern fits one term only: it has no variables, `'_'` or maps.
pub fn is_fully_bound(pattern: Term) -> bool {
    let mut todo = vec![pattern];
    while let Some(mut term) = todo.pop() {
        while let Some((head, tail)) = term.as_cons() {
            todo.push(head);
            term = tail;
        }
        if map::is_map(term) || term == UNDERSCORE || variable(term).is_some() {
            return false;
        }
        if let Some(elements) = term.as_tuple() {
            todo.extend_from_slice(elements);
        }
    }
    true
}

/// Whether the result of a clause is certain to have the key of the object that it matched.
pub fn keeps_key(keypos: usize, head: Term, body: Term) -> bool {
    let Some((result, Term::NIL)) = body.as_cons() else {
        return false;
    };
    if result == DOLLAR_UNDERSCORE {
        return true;
    }
    let (Some(key), Some(elements)) = (key_of(head, keypos), result.as_tuple()) else {
        return false;
    };
    let (made, is_const) = match *elements {
        [name, constant] if name == Term::atom(id::CONST) => (constant, true),
        [made] => (made, false),
        _ => return false,
    };
    let Some(made_key) = key_of(made, keypos) else {
        return false;
    };
    if makes_same(key, made_key, is_const) {
        return true;
    }
    // `{element, KeyPos, '$_'}`
    let element = crate::term::atom::existing("element").map(Term::atom);
    !is_const
        && matches!(made_key.as_tuple(), Some(&[name, position, object])
            if Some(name) == element
                && position.as_small() == Some(keypos as i64)
                && object == DOLLAR_UNDERSCORE)
}

/// Whether an expression makes exactly what a pattern has matched.
fn makes_same(pattern: Term, expression: Term, is_const: bool) -> bool {
    let mut todo = vec![(pattern, expression, is_const)];
    while let Some((pattern, expression, is_const)) = todo.pop() {
        if let Some((head, tail)) = expression.as_cons() {
            let Some((pattern_head, pattern_tail)) = pattern.as_cons() else {
                return false;
            };
            todo.push((pattern_tail, tail, is_const));
            todo.push((pattern_head, head, is_const));
        } else if let Some(elements) = expression.as_tuple() {
            let mut elements = elements;
            let inner;
            if !is_const {
                match *elements {
                    [tuple] if tuple.as_tuple().is_some() => {
                        inner = tuple;
                        elements = inner.term_words();
                    }
                    [name, constant] if name == Term::atom(id::CONST) => {
                        todo.push((pattern, constant, true));
                        continue;
                    }
                    _ => return false,
                }
            }
            match pattern.as_tuple() {
                Some(parts) if parts.len() == elements.len() => {
                    let pairs = parts.iter().zip(elements);
                    todo.extend(pairs.map(|(part, element)| (*part, *element, is_const)));
                }
                _ => return false,
            }
        } else if expression.is_immediate() {
            let is_special = [UNDERSCORE, DOLLAR_DOLLAR, DOLLAR_UNDERSCORE].contains(&pattern);
            let is_variable = is_const && variable(pattern).is_some();
            if pattern != expression || is_special || is_variable {
                return false;
            }
        } else if map::is_map(expression) || !equal_exact(pattern, expression) {
            return false;
        }
    }
    true
}
