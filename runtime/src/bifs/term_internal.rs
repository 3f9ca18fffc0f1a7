//! Natives of module `erts_internal` on terms.

use super::maps::badmap;
use crate::process::Process;
use crate::process::exception::{Result, badarg};
use crate::term::bits::Bits;
use crate::term::integer::{self, Integer};
use crate::term::map::leaves::{Leaves, children};
use crate::term::{Kind, Term, View, atom, build, compare, list, map};
use beamrc_abi::atom::id;

/// An atom that the runtime names only here.
fn named(text: &str) -> Term {
    Term::atom(atom::intern(text).expect("room for the runtime's own atoms"))
}

/// Associations that a step of an iterator returns: few at first, since a program may want only
/// some of them.
const FIRST_STEP: usize = map::MAP_FLAT_MAX;
const STEP: usize = 1000;

/// `map_next(Place, Map, iterator)`: `{K1, V1, {K2, V2, none | [Place | Map]}}`; the place may also
/// be a list of keys. `map_next(Place, Map, List)`: all pairs from there on, reversed for a hash
/// map, before the list.
pub fn map_next_3(p: &mut Process, place: Term, map: Term, what: Term) -> Result {
    if !map::is_map(map) {
        return Err(badarg());
    }
    if what.is_list() {
        return to_list(p, place, map, what);
    }
    if what != named("iterator") {
        return Err(badarg());
    }
    if place.is_list() {
        return ordered_step(p, place, map);
    }
    if map.is_kind(Kind::FlatMap) {
        check_flat_place(place, map)?;
        let pairs: Vec<_> = map::pairs(map).collect();
        return Ok(chain(p, &pairs, Term::atom(id::NONE)));
    }
    let start = place_of(place)?;
    let mut leaves = Leaves::starting_at(map, start).ok_or_else(badarg)?;
    let step = if start == 0 { FIRST_STEP } else { STEP };
    let mut pairs = Vec::with_capacity(step);
    while pairs.len() < step || !leaves.may_stop() {
        match leaves.next() {
            Some(pair) => pairs.push(pair),
            None => break,
        }
    }
    p.charge(pairs.len() / 8);
    let rest = match leaves.place() {
        Some(place) => {
            let place = build::unsigned(p, place);
            build::cons(p, place, map)
        }
        None => Term::atom(id::NONE),
    };
    Ok(chain(p, &pairs, rest))
}

/// There is one step only, but OTP's rules for its place hold.
fn check_flat_place(place: Term, map: Term) -> Result<()> {
    let size = map::size(map).unwrap_or(0) as i64;
    match place.as_small() {
        Some(place) if (0..=size).contains(&place) => Ok(()),
        _ => Err(badarg()),
    }
}

fn place_of(place: Term) -> Result<u64> {
    let mut word = 0;
    match Integer::of(place, &mut word) {
        Some(Integer { negative: false, words: [] }) => Ok(0),
        Some(Integer { negative: false, words: [place] }) => Ok(*place),
        _ => Err(badarg()),
    }
}

/// `{K1, V1, {K2, V2, … Rest}}`.
fn chain(p: &mut Process, pairs: &[(Term, Term)], rest: Term) -> Term {
    pairs.iter().rfold(rest, |rest, (key, value)| build::tuple(p, &[*key, *value, rest]))
}

fn ordered_step(p: &mut Process, keys: Term, map: Term) -> Result {
    let mut rest = keys.list();
    let mut pairs = Vec::new();
    for key in rest.by_ref().take(STEP) {
        pairs.push((key, map::get(map, key).ok_or_else(badarg)?));
    }
    p.charge(pairs.len() / 4);
    let rest = match rest.tail() {
        Term::NIL => Term::atom(id::NONE),
        tail if tail.is_cons() => build::cons(p, tail, map),
        _ => return Err(badarg()),
    };
    Ok(chain(p, &pairs, rest))
}

fn to_list(p: &mut Process, place: Term, map: Term, tail: Term) -> Result {
    let size = map::size(map).unwrap_or(0);
    p.charge(size / 4);
    if map.is_kind(Kind::FlatMap) {
        check_flat_place(place, map)?;
        let pairs: Vec<Term> =
            map::pairs(map).map(|(key, value)| build::tuple(p, &[key, value])).collect();
        return Ok(list::forward(p, pairs.len(), pairs.into_iter(), tail));
    }
    let leaves = Leaves::starting_at(map, place_of(place)?).ok_or_else(badarg)?;
    let mut result = tail;
    for (key, value) in leaves {
        let pair = build::tuple(p, &[key, value]);
        result = build::cons(p, pair, result);
    }
    Ok(result)
}

pub fn map_to_tuple_keys_1(p: &mut Process, map: Term) -> Result {
    match map.kind() {
        Some(Kind::FlatMap) => Ok(map.term_words()[0]),
        Some(Kind::HashMap) => Err(badarg()),
        _ => Err(badmap(p, map)),
    }
}
pub fn map_hashmap_children_1(p: &mut Process, node: Term) -> Result {
    match node.kind() {
        Some(Kind::HashMap | Kind::MapNode) => {
            let children = children(&node);
            Ok(list::forward(p, children.len(), children.iter().copied(), Term::NIL))
        }
        Some(Kind::FlatMap) => Err(badarg()),
        _ => Err(badmap(p, node)),
    }
}

pub fn term_type_1(_p: &mut Process, term: Term) -> Result {
    Ok(named(match term.view() {
        View::Small(_) => "fixnum",
        View::Big { .. } => "bignum",
        View::Float(_) => "hfloat",
        View::Atom(_) => "atom",
        View::Pid(_) => "pid",
        View::Port(_) => "port",
        View::Nil => "nil",
        View::Cons(..) => "list",
        View::Tuple(_) => "tuple",
        View::FlatMap(..) => "flatmap",
        View::HashMap { .. } => "hashmap",
        View::Bits if term.is_kind(Kind::HeapBits) => "heap_binary",
        View::Bits => "sub_binary",
        View::Fun { .. } => "fun",
        View::ExportFun { .. } => "export",
        View::Ref(_) => "reference",
        View::Record(_) => "record",
        View::External { sort: 0, .. } => "external_pid",
        View::External { sort: 1, .. } => "external_port",
        View::External { .. } => "external_reference",
        View::Internal(_) => "hashmap_node",
    }))
}

/// -1, 0 or 1: the order of map keys.
pub fn cmp_term_2(_p: &mut Process, a: Term, b: Term) -> Result {
    Ok(Term::small(compare::compare_exact(a, b) as i64))
}

/// Digits of a base that always fit OTP's small integers: conversions that need more are told so
/// (`big`), and done by Erlang code.
fn digits_per_small(base: u32) -> usize {
    // The largest count whose base to its power fits 59 bits.
    let mut power = 1u64;
    let mut digits = 0;
    while let Some(next) = power.checked_mul(u64::from(base))
        && next <= 1 << 59
    {
        power = next;
        digits += 1;
    }
    digits
}

/// The integer, `big` or `badarg`.
pub fn binary_to_integer_2(p: &mut Process, binary: Term, base: Term) -> Result {
    let bad = Ok(Term::atom(id::BADARG));
    let (Some(base @ 2..=36), Some(bits)) = (base.as_small(), Bits::of_binary(binary)) else {
        return bad;
    };
    let (base, text) = (base as u32, bits.to_bytes());
    let digits = match &*text {
        [b'-' | b'+', digits @ ..] => digits,
        digits => digits,
    };
    let zeros = digits.iter().take_while(|d| **d == b'0').count();
    if digits.len() - zeros > digits_per_small(base) {
        return Ok(Term::atom(id::BIG));
    }
    match integer::from_text(p, &text, base) {
        Some(Ok(integer)) => Ok(integer),
        _ => bad,
    }
}

/// `{Integer, Rest}`, `big`, `badarg`, `no_integer` or `not_a_list`.
pub fn list_to_integer_2(p: &mut Process, list: Term, base: Term) -> Result {
    if list.is_nil() {
        return Ok(named("no_integer"));
    }
    if !list.is_cons() {
        return Ok(named("not_a_list"));
    }
    let Some(base @ 2..=36) = base.as_small() else {
        return Ok(Term::atom(id::BADARG));
    };
    let base = base as u32;
    let (mut rest, mut negative) = (list, false);
    if let Some((sign, tail)) = list.as_cons() {
        negative = sign == Term::small(i64::from(b'-'));
        if negative || sign == Term::small(i64::from(b'+')) {
            rest = tail;
        }
    }
    let (mut value, mut digits, mut any) = (0i64, 0, false);
    while let Some((head, tail)) = rest.as_cons() {
        let digit = head.as_small().and_then(|c| {
            let c = u8::try_from(c).ok()?;
            integer::digit_value(c, base)
        });
        let Some(digit) = digit else { break };
        any = true;
        digits += usize::from(value != 0 || digit != 0);
        if digits > digits_per_small(base) {
            return Ok(Term::atom(id::BIG));
        }
        value = value * i64::from(base) + i64::from(digit);
        rest = tail;
    }
    if !any {
        return Ok(named("no_integer"));
    }
    let value = build::integer(p, if negative { -value } else { value });
    Ok(build::tuple(p, &[value, rest]))
}
