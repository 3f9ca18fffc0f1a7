//! Equality and order of any two terms, as OTP has them.
//!
//! Iterative: a term's depth costs heap memory, no machine stack. `equal` walks for equality only,
//! `order` for the rest; this file holds what both share: terms without parts.

mod equality;
mod number;
mod order;

use super::bits::Bits;
use super::{Kind, Term, View, atom, fun};
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
    a == b || (may_be_equal_in_value(a, b) && equality::walk::<false>(a, b))
}
/// Two words that differ can only stand for equal terms if both are boxed, or both conses.
#[inline]
fn may_be_equal(a: Term, b: Term) -> bool {
    a.tag() == b.tag() && (a.is_boxed() || a.is_cons())
}
/// The same for `==`, where one may be a small integer and the other a float.
#[inline]
fn may_be_equal_in_value(a: Term, b: Term) -> bool {
    let is_number_perhaps = |a: Term, b: Term| a.is_boxed() && b.is_small();
    may_be_equal(a, b) || is_number_perhaps(a, b) || is_number_perhaps(b, a)
}

/// Term order: `<`, `>` and `==`.
#[inline]
pub fn compare(a: Term, b: Term) -> Ordering {
    if a == b {
        return Ordering::Equal;
    }
    first_difference(a, b).unwrap_or_else(|| order::walk(a, b, false))
}
/// States whether `0.0 =:= -0.0`, as until OTP 26.
pub fn set_zeros_are_one(are_one: bool) {
    equality::ZEROS_ARE_ONE.store(are_one, core::sync::atomic::Ordering::Relaxed);
}
/// The order of map keys: term order, but integers stand before floats, and `-0.0` before `0.0`.
#[inline]
pub fn compare_exact(a: Term, b: Term) -> Ordering {
    if a == b {
        return Ordering::Equal;
    }
    first_difference(a, b).unwrap_or_else(|| order::walk(a, b, true))
}
/// Most terms differ early: the order of two different words, if the first parts that differ decide
/// it and nothing need be remembered on the way to them.
fn first_difference(mut a: Term, mut b: Term) -> Option<Ordering> {
    loop {
        if let (Some(a), Some(b)) = (a.as_small(), b.as_small()) {
            return Some(a.cmp(&b));
        }
        if let (Some(a), Some(b)) = (a.as_atom(), b.as_atom()) {
            return Some(atom::order(a, b));
        }
        let mut parts = match (a.as_tuple(), b.as_tuple()) {
            (Some(a), Some(b)) if a.len() != b.len() => return Some(a.len().cmp(&b.len())),
            (Some(a), Some(b)) => Runs::of(a, b),
            _ if a.is_cons() && b.is_cons() => Runs::of_cells(a, b),
            _ if is_bits(a) && is_bits(b) => {
                return Some(order_bits(a, b)).filter(|order| order.is_ne());
            }
            _ => return None,
        };
        (a, b) = parts.next_difference()?;
    }
}
fn is_bits(term: Term) -> bool {
    matches!(term.kind(), Some(Kind::HeapBits | Kind::SubBits))
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
        (View::Bits, View::Bits) => order_bits(a, b),
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
/// Order of two bit strings, those that begin at a byte of memory without a look at single bits.
#[inline]
fn order_bits(a: Term, b: Term) -> Ordering {
    let (a, b) = (bits(a), bits(b));
    match (a.as_bytes(), b.as_bytes()) {
        (Some(x), Some(y)) if a.is_binary() && b.is_binary() => x.cmp(y),
        _ => a.compare(&b),
    }
}
#[inline]
fn equal_bits(a: Term, b: Term) -> bool {
    let (a, b) = (bits(a), bits(b));
    if a.size_bits != b.size_bits {
        return false;
    }
    match (a.as_bytes(), b.as_bytes()) {
        (Some(x), Some(y)) if a.is_binary() => x == y,
        _ => a.equal(&b),
    }
}

/// Two runs of words, of one length, that are compared one by one.
#[derive(Clone, Copy)]
struct Runs {
    a: *const Term,
    b: *const Term,
    count: usize,
}
impl Runs {
    fn of(a: &[Term], b: &[Term]) -> Runs {
        debug_assert!(a.len() == b.len());
        Runs { a: a.as_ptr(), b: b.as_ptr(), count: a.len() }
    }
    /// Head and tail of two conses.
    #[inline]
    fn of_cells(a: Term, b: Term) -> Runs {
        Runs { a: a.address().cast(), b: b.address().cast(), count: 2 }
    }
    /// The next words that differ.
    #[inline(always)]
    fn next_difference(&mut self) -> Option<(Term, Term)> {
        while self.count > 0 {
            // SAFETY: I5: `count` words of complete objects (or two arguments), which I1 keeps in
            // place.
            let (x, y) = unsafe { (*self.a, *self.b) };
            self.a = self.a.wrapping_add(1);
            self.b = self.b.wrapping_add(1);
            self.count -= 1;
            if x != y {
                return Some((x, y));
            }
        }
        None
    }
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
        Identifier { node, number: words[..used].into() }
    }
    fn numbers(&self, other: &Identifier) -> Ordering {
        let (a, b) = (&self.number, &other.number);
        a.len().cmp(&b.len()).then_with(|| a.iter().rev().cmp(b.iter().rev()))
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
