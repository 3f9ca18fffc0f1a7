//! Equality of terms: a walk over pairs of arrays of words.

use super::{Identifier, Runs, Sort, equal_bits, number, order_exports, sort};
use crate::sys::arena;
use crate::term::map::leaves::Leaves;
use crate::term::{Kind, Term, View, fun, header_kind};
use core::cmp::Ordering;
use core::sync::atomic::{AtomicBool, Ordering::Relaxed};
use smallvec::SmallVec;

/// Whether `0.0 =:= -0.0`, as until OTP 26.
pub(super) static ZEROS_ARE_ONE: AtomicBool = AtomicBool::new(false);

enum Step {
    Equal,
    Differ,
    /// Equal if these are.
    Parts(Runs),
}

impl From<bool> for Step {
    fn from(equal: bool) -> Step {
        if equal { Step::Equal } else { Step::Differ }
    }
}

/// `=:=` if `EXACT`, else `==`, of two words that differ.
pub(super) fn walk<const EXACT: bool>(a: Term, b: Term) -> bool {
    let _scratch = arena::scope();
    let mut todo: SmallVec<[Runs; 16]> = SmallVec::new();
    let mut now = Runs::of(core::slice::from_ref(&a), core::slice::from_ref(&b));
    loop {
        let Some((x, y)) = now.next_difference() else {
            match todo.pop() {
                Some(next) => now = next,
                None => return true,
            }
            continue;
        };
        match step::<EXACT>(x, y, &mut todo) {
            Step::Equal => {}
            Step::Differ => return false,
            Step::Parts(parts) => {
                if now.count > 0 {
                    todo.push(now);
                }
                now = parts;
            }
        }
    }
}

#[inline]
fn arrays(a: &[Term], b: &[Term]) -> Step {
    if a.len() != b.len() {
        return Step::Differ;
    }
    Step::Parts(Runs::of(a, b))
}

/// Two words that differ.
#[inline(always)]
fn step<const EXACT: bool>(a: Term, b: Term, todo: &mut SmallVec<[Runs; 16]>) -> Step {
    if a.is_cons() && b.is_cons() {
        return Step::Parts(Runs::of_cells(a, b));
    }
    if let (Some(header_a), Some(header_b)) = (a.header(), b.header()) {
        if header_a == header_b && header_kind(header_a) == Kind::Tuple {
            return arrays(a.term_words(), b.term_words());
        }
        return objects::<EXACT>(a, b, todo);
    }
    // Only numbers can be equal without being objects of one sort, or the same word.
    let is_number = |term: Term| term.is_small() || term.is_kind(Kind::Float);
    if EXACT || (a.is_small() && b.is_small()) || !is_number(a) || !is_number(b) {
        return Step::Differ;
    }
    number::order(&a.view(), &b.view(), false).is_eq().into()
}

/// Two boxed terms at different places.
fn objects<const EXACT: bool>(a: Term, b: Term, todo: &mut SmallVec<[Runs; 16]>) -> Step {
    let (Some(header_a), Some(header_b)) = (a.header(), b.header()) else {
        unreachable!("callers checked the tags");
    };
    match (header_kind(header_a), header_kind(header_b)) {
        // Sizes of tuples are in the headers.
        (Kind::Tuple, _) => Step::Differ,
        (Kind::Record, Kind::Record) => arrays(a.term_words(), b.term_words()),
        (Kind::HeapBits | Kind::SubBits, Kind::HeapBits | Kind::SubBits) => equal_bits(a, b).into(),
        (Kind::BigPos, Kind::BigPos) | (Kind::BigNeg, Kind::BigNeg) => {
            (a.words() == b.words()).into()
        }
        (Kind::Float, Kind::Float) if EXACT => {
            let are_zeros = || a.as_float() == Some(0.0) && b.as_float() == Some(0.0);
            (a.words() == b.words() || ZEROS_ARE_ONE.load(Relaxed) && are_zeros()).into()
        }
        (Kind::FlatMap, Kind::FlatMap) => flat_maps::<EXACT>(a, b),
        (Kind::HashMap | Kind::MapNode, _) if EXACT => {
            // Equal keys make equal tries; sizes and bitmaps are in the arrays and headers.
            if header_a != header_b {
                return Step::Differ;
            }
            arrays(a.term_words(), b.term_words())
        }
        (Kind::HashMap, Kind::HashMap) => hash_maps(a, b, todo),
        (Kind::Fun, Kind::Fun) => closures(a, b),
        _ => mixed::<EXACT>(a, b),
    }
}

fn flat_maps<const EXACT: bool>(a: Term, b: Term) -> Step {
    let (a, b) = (a.term_words(), b.term_words());
    // Keys are compared exactly in any case.
    let (keys_a, keys_b) = (a[0], b[0]);
    if EXACT {
        arrays(extend(a), extend(b))
    } else if a.len() == b.len() && super::equal_exact(keys_a, keys_b) {
        arrays(extend(&a[1..]), extend(&b[1..]))
    } else {
        Step::Differ
    }
}

/// Not exact: equal keys stand at equal places, so it is enough to walk both side by side.
fn hash_maps(a: Term, b: Term, todo: &mut SmallVec<[Runs; 16]>) -> Step {
    if a.term_words()[0] != b.term_words()[0] {
        return Step::Differ;
    }
    let (mut leaves_a, mut leaves_b) = (Leaves::of(a), Leaves::of(b));
    while let (Some(x), Some(y)) = (leaves_a.next_cell(), leaves_b.next_cell()) {
        if x == y {
            continue;
        }
        let (Some((key_x, value_x)), Some((key_y, value_y))) = (x.as_cons(), y.as_cons()) else {
            unreachable!("leaves are conses");
        };
        if !super::equal_exact(key_x, key_y) {
            return Step::Differ;
        }
        if value_x != value_y {
            let mut values = Runs::of_cells(x, y);
            values.a = values.a.wrapping_add(1);
            values.b = values.b.wrapping_add(1);
            values.count = 1;
            todo.push(values);
        }
    }
    Step::Equal
}

fn closures(a: Term, b: Term) -> Step {
    match (fun::lambda(a), fun::lambda(b)) {
        (Some(x), Some(y)) if fun::same_lambda(x, y) => {
            arrays(fun::environment(&a), fun::environment(&b))
        }
        _ => Step::Differ,
    }
}

/// Boxed terms of different kinds, or of a kind without parts.
fn mixed<const EXACT: bool>(a: Term, b: Term) -> Step {
    let (view_a, view_b) = (a.view(), b.view());
    let sort = sort(&view_a);
    if sort != super::sort(&view_b) {
        return Step::Differ;
    }
    let order = match sort {
        Sort::Number => number::order(&view_a, &view_b, EXACT),
        Sort::Pid | Sort::Port | Sort::Reference => {
            Identifier::of(&view_a).order_by_number(&Identifier::of(&view_b))
        }
        Sort::Fun => match (&view_a, &view_b) {
            (View::ExportFun { .. }, View::ExportFun { .. }) => order_exports(a, b),
            _ => return Step::Differ,
        },
        // Maps of different sizes.
        _ => return Step::Differ,
    };
    (order == Ordering::Equal).into()
}

fn extend<'a>(terms: &[Term]) -> &'a [Term] {
    // SAFETY: I1 and I5: objects stay in place while terms are looked at.
    unsafe { core::slice::from_raw_parts(terms.as_ptr(), terms.len()) }
}
