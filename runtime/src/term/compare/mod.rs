//! Equality and order of any two terms, as OTP has them.
//!
//! Iterative: a term's depth costs heap memory, no machine stack. `equal` walks for equality only,
//! `order` for the rest; this file holds what both share: terms without parts.

mod equality;
mod number;
mod order;

use super::bits::Bits;
use super::{Term, View, atom, fun};
use beamrc_abi::atom::id::NONODE;
use core::cmp::Ordering;
pub use number::magnitudes;
use smallvec::SmallVec;

/// `=:=`.
#[inline]
pub fn equal_exact(a: Term, b: Term) -> bool {
    a == b || (may_be_equal(a, b) && equality::walk::<true>(a, b))
}
/// `==`.
#[inline]
pub fn equal(a: Term, b: Term) -> bool {
    a == b || equality::walk::<false>(a, b)
}
/// Two words that differ can only stand for equal terms if both are boxed, or both conses.
#[inline]
fn may_be_equal(a: Term, b: Term) -> bool {
    a.tag() == b.tag() && (a.is_boxed() || a.is_cons())
}

/// Term order: `<`, `>` and `==`.
#[inline]
pub fn compare(a: Term, b: Term) -> Ordering {
    immediates(a, b).unwrap_or_else(|| order::walk(a, b, false))
}
/// The order of map keys: term order, but integers stand before floats, and `-0.0` before `0.0`.
#[inline]
pub fn compare_exact(a: Term, b: Term) -> Ordering {
    immediates(a, b).unwrap_or_else(|| order::walk(a, b, true))
}
/// The common cases that need no walk.
#[inline]
fn immediates(a: Term, b: Term) -> Option<Ordering> {
    if a == b {
        return Some(Ordering::Equal);
    }
    match (a.as_small(), b.as_small()) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        _ => Some(atom::order(a.as_atom()?, b.as_atom()?)),
    }
}

/// The sort of a term, in the order of sorts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sort {
    Number,
    Atom,
    Reference,
    Fun,
    Port,
    Pid,
    Tuple,
    /// Native records (OTP 29) stand between tuples and maps.
    Record,
    Map,
    Nil,
    List,
    Bits,
}

fn sort(view: &View) -> Sort {
    match view {
        View::Small(_) | View::Big { .. } | View::Float(_) => Sort::Number,
        View::Atom(_) => Sort::Atom,
        View::Ref(_) | View::External { sort: 2.., .. } => Sort::Reference,
        View::Fun { .. } | View::ExportFun { .. } => Sort::Fun,
        View::Port(_) | View::External { sort: 1, .. } => Sort::Port,
        View::Pid(_) | View::External { .. } => Sort::Pid,
        View::Tuple(_) => Sort::Tuple,
        View::Record(_) => Sort::Record,
        View::FlatMap(..) | View::HashMap { .. } => Sort::Map,
        View::Nil => Sort::Nil,
        View::Cons(..) => Sort::List,
        View::Bits => Sort::Bits,
        View::Internal(kind) => unreachable!("{kind:?} is no value"),
    }
}

/// Order of two terms of one sort that have no parts: nothing if they have.
fn order_leaves(a: Term, b: Term, views: (&View, &View), exact: bool) -> Option<Ordering> {
    Some(match views {
        (View::Atom(a), View::Atom(b)) => atom::order(*a, *b),
        (View::Pid(a), View::Pid(b)) | (View::Port(a), View::Port(b)) => a.cmp(b),
        (View::Ref(a), View::Ref(b)) => a[0].cmp(&b[0]),
        (View::Bits, View::Bits) => bits(a).compare(&bits(b)),
        (View::ExportFun { .. }, View::ExportFun { .. }) => order_exports(a, b),
        (View::Fun { .. }, View::ExportFun { .. }) => Ordering::Less,
        (View::ExportFun { .. }, View::Fun { .. }) => Ordering::Greater,
        (a, b) => match sort(a) {
            Sort::Number => number::order(a, b, exact),
            Sort::Pid => Identifier::of(a).order_by_number(&Identifier::of(b)),
            Sort::Port | Sort::Reference => Identifier::of(a).order_by_node(&Identifier::of(b)),
            _ => return None,
        },
    })
}

fn bits(term: Term) -> Bits {
    Bits::of(term).expect("kind checked")
}
fn order_exports(a: Term, b: Term) -> Ordering {
    let (Some(a), Some(b)) = (fun::export(a), fun::export(b)) else {
        unreachable!("callers checked the kind");
    };
    atom::order(a.module, b.module)
        .then_with(|| atom::order(a.function, b.function))
        .then_with(|| a.arity.cmp(&b.arity))
}
/// Order of two closures by where they were made and the number of values they took along.
fn order_closures(a: Term, b: Term) -> Ordering {
    let sizes = a.words().len().cmp(&b.words().len());
    let (Some(a), Some(b)) = (fun::lambda(a), fun::lambda(b)) else {
        unreachable!("callers checked the kind");
    };
    if core::ptr::eq(a, b) {
        return sizes;
    }
    atom::order(a.module, b.module)
        .then_with(|| a.index.cmp(&b.index))
        .then_with(|| a.old_uniq.cmp(&b.old_uniq))
        .then(sizes)
}

/// Node and number of a pid, port or reference.
struct Identifier {
    /// Name and creation; of this node, the name it has when not distributed.
    node: (u32, u64),
    /// Least significant word first, without zeros at the end.
    number: SmallVec<[u64; 4]>,
}
impl Identifier {
    fn of(view: &View) -> Identifier {
        let (node, words) = match view {
            View::Pid(number) | View::Port(number) => ((NONODE, 0), core::slice::from_ref(number)),
            View::Ref(words) => ((NONODE, 0), &words[..1]),
            View::External { words, .. } => {
                let name = Term(words[0]).as_atom().unwrap_or(NONODE);
                ((name, words[1]), &words[2..])
            }
            _ => unreachable!("callers know the sort"),
        };
        let used = words.iter().rposition(|w| *w != 0).map_or(0, |at| at + 1);
        Identifier {
            node,
            number: words[..used].into(),
        }
    }
    fn numbers(&self, other: &Identifier) -> Ordering {
        let (a, b) = (&self.number, &other.number);
        a.len()
            .cmp(&b.len())
            .then_with(|| a.iter().rev().cmp(b.iter().rev()))
    }
    fn nodes(&self, other: &Identifier) -> Ordering {
        atom::order(self.node.0, other.node.0).then(self.node.1.cmp(&other.node.1))
    }
    fn order_by_number(&self, other: &Identifier) -> Ordering {
        self.numbers(other).then_with(|| self.nodes(other))
    }
    fn order_by_node(&self, other: &Identifier) -> Ordering {
        self.nodes(other).then_with(|| self.numbers(other))
    }
}
