//! Term order of literals as map keys: integers before floats, otherwise as values compare.

use beamrc_beam::{BigInt, Literal};
use std::cmp::Ordering;

pub fn compare_keys(a: &Literal, b: &Literal) -> Ordering {
    rank(a).cmp(&rank(b)).then_with(|| match (a, b) {
        (Literal::Atom(a), Literal::Atom(b)) => a.as_bytes().cmp(b.as_bytes()),
        (Literal::Float(a), Literal::Float(b)) => a.total_cmp(b),
        (Literal::Tuple(a), Literal::Tuple(b)) => {
            a.len().cmp(&b.len()).then_with(|| sequence(a.iter(), b.iter()))
        }
        (Literal::List(_), Literal::List(_)) => lists(a, b),
        (Literal::Map(a), Literal::Map(b)) => a.len().cmp(&b.len()).then_with(|| maps(a, b)),
        (Literal::Export(a), Literal::Export(b)) => {
            (&a.module, &a.function, a.arity).cmp(&(&b.module, &b.function, b.arity))
        }
        _ => match (big(a), big(b)) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => bits(a).cmp(&bits(b)),
        },
    })
}

fn rank(l: &Literal) -> u32 {
    match l {
        Literal::Int(_) | Literal::BigInt(_) => 0,
        Literal::Float(_) => 1,
        Literal::Atom(_) => 2,
        Literal::Export(_) => 3,
        Literal::Tuple(_) => 4,
        Literal::Record(_) => 5,
        Literal::Map(_) => 6,
        Literal::Nil => 7,
        Literal::List(_) => 8,
        Literal::Binary(_) | Literal::Bitstring(_) => 9,
    }
}
fn big(l: &Literal) -> Option<BigInt> {
    match l {
        Literal::Int(n) => Some(BigInt::from(*n)),
        Literal::BigInt(n) => Some((**n).clone()),
        _ => None,
    }
}
fn bits(l: &Literal) -> (Vec<u8>, u8) {
    match l {
        Literal::Binary(b) => (b.to_vec(), 0),
        // The last byte's unused bits are 0, so a shorter string of equal bytes comes first.
        Literal::Bitstring(b) => (b.bytes.clone(), b.last_bits),
        _ => (vec![], 0),
    }
}
fn sequence<'a>(
    a: impl Iterator<Item = &'a Literal>,
    b: impl Iterator<Item = &'a Literal>,
) -> Ordering {
    a.zip(b).map(|(a, b)| compare_keys(a, b)).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
}
fn lists(a: &Literal, b: &Literal) -> Ordering {
    let (Some((x, x_tail)), Some((y, y_tail))) = (a.as_list(), b.as_list()) else {
        return Ordering::Equal;
    };
    let common = sequence(x.iter(), y.iter());
    if common.is_ne() {
        return common;
    }
    match x.len().cmp(&y.len()) {
        Ordering::Equal => compare_keys(x_tail, y_tail),
        // The shorter one's tail meets a cons.
        Ordering::Less => rank(x_tail).cmp(&8),
        Ordering::Greater => 8.cmp(&rank(y_tail)),
    }
}
fn maps(a: &[Literal], b: &[Literal]) -> Ordering {
    let sorted = |m: &[Literal]| {
        let mut pairs: Vec<(Literal, Literal)> =
            m.chunks_exact(2).map(|p| (p[0].clone(), p[1].clone())).collect();
        pairs.sort_by(|x, y| compare_keys(&x.0, &y.0));
        pairs
    };
    let (a, b) = (sorted(a), sorted(b));
    let keys = sequence(a.iter().map(|p| &p.0), b.iter().map(|p| &p.0));
    keys.then_with(|| sequence(a.iter().map(|p| &p.1), b.iter().map(|p| &p.1)))
}
