//! Term order: a walk with a stack of what is to be compared once the parts before are equal.

use super::{Runs, Sort, order_bits, order_closures, order_leaves, sort};
use crate::sys::arena;
use crate::term::hash::internal;
use crate::term::map::leaves::Leaves;
use crate::term::record::Record;
use crate::term::{Kind, Term, View, atom, fun};
use core::cmp::Ordering;
use smallvec::SmallVec;

enum Work {
    Runs(Runs),
    /// The keys of a flat map are done: compare as before.
    Exact(bool),
    /// Two hash maps, and what the comparison just made was about.
    Maps(Box<Maps>, Asked),
}

/// The order of `a` and `b`; `exact` as in [`super::compare_exact`].
pub(super) fn walk(a: Term, b: Term, exact: bool) -> Ordering {
    let _scratch = arena::scope();
    let mut walk = Walk { todo: SmallVec::new(), exact };
    let both = Runs::of(core::slice::from_ref(&a), core::slice::from_ref(&b));
    let mut order = walk.runs(both);
    loop {
        // Either everything so far is equal, or an order was found that only a comparison of hash
        // maps may want to know more about.
        match walk.todo.pop() {
            None => return order,
            Some(Work::Maps(maps, asked)) => order = walk.maps(maps, asked, order),
            Some(_) if order != Ordering::Equal => {}
            Some(Work::Exact(exact)) => walk.exact = exact,
            Some(Work::Runs(runs)) => order = walk.runs(runs),
        }
    }
}

struct Walk {
    todo: SmallVec<[Work; 16]>,
    exact: bool,
}

impl Walk {
    /// Compares two runs, down into lists and tuples; what else has parts is left for later, with
    /// the rest of the runs.
    fn runs(&mut self, mut now: Runs) -> Ordering {
        while let Some((a, b)) = now.next_difference() {
            if let (Some(a), Some(b)) = (a.as_small(), b.as_small()) {
                return a.cmp(&b);
            }
            if a.is_cons() && b.is_cons() {
                self.later(now);
                now = Runs::of_cells(a, b);
                continue;
            }
            match (a.kind(), b.kind()) {
                (Some(Kind::Tuple), Some(Kind::Tuple)) => {
                    let (a, b) = (a.term_words(), b.term_words());
                    if a.len() != b.len() {
                        return a.len().cmp(&b.len());
                    }
                    self.later(now);
                    now = Runs::of(a, b);
                }
                (Some(Kind::HeapBits | Kind::SubBits), Some(Kind::HeapBits | Kind::SubBits)) => {
                    let order = order_bits(a, b);
                    if order != Ordering::Equal {
                        return order;
                    }
                }
                _ => {
                    self.later(now);
                    return self.step(a, b);
                }
            }
        }
        Ordering::Equal
    }
    #[inline]
    fn later(&mut self, runs: Runs) {
        if runs.count > 0 {
            self.todo.push(Work::Runs(runs));
        }
    }
    fn arrays(&mut self, a: &[Term], b: &[Term]) -> Ordering {
        self.later(Runs::of(a, b));
        Ordering::Equal
    }

    /// Compares two terms, or leaves their parts to be compared.
    fn step(&mut self, a: Term, b: Term) -> Ordering {
        if a == b {
            return Ordering::Equal;
        }
        if a.is_cons() && b.is_cons() {
            self.later(Runs::of_cells(a, b));
            return Ordering::Equal;
        }
        if let (Some(a), Some(b)) = (a.as_atom(), b.as_atom()) {
            return atom::order(a, b);
        }
        let (view_a, view_b) = (a.view(), b.view());
        let sorts = (sort(&view_a), sort(&view_b));
        if sorts.0 != sorts.1 {
            return sorts.0.cmp(&sorts.1);
        }
        if let Some(order) = order_leaves(a, b, (&view_a, &view_b), self.exact) {
            return order;
        }
        let sizes = match (&view_a, &view_b) {
            (View::Record(_), View::Record(_)) => self.definitions(a, b),
            (View::Fun { .. }, View::Fun { .. }) => order_closures(a, b),
            _ => size(&view_a).cmp(&size(&view_b)),
        };
        if sizes != Ordering::Equal {
            return sizes;
        }
        match (&view_a, &view_b) {
            (View::Tuple(a), View::Tuple(b)) => self.arrays(a, b),
            // Equal definitions may be two objects.
            (View::Record(a), View::Record(b)) => self.arrays(&a[1..], &b[1..]),
            (View::Fun { .. }, View::Fun { .. }) => {
                self.arrays(fun::environment(&a), fun::environment(&b))
            }
            (View::FlatMap(keys_a, values_a), View::FlatMap(keys_b, values_b)) => {
                self.arrays(values_a, values_b);
                if !self.exact {
                    self.todo.push(Work::Exact(false));
                    self.exact = true;
                }
                self.arrays(keys_a, keys_b)
            }
            _ => self.start_maps(a, b),
        }
    }

    /// Compares what native records are of: module, name, whether it is exported, how many fields
    /// there are, then their names.
    fn definitions(&mut self, a: Term, b: Term) -> Ordering {
        let [a, b] = [&a, &b].map(|term| Record::of(term).expect("kind checked"));
        if a.definition == b.definition {
            return Ordering::Equal;
        }
        let mut atoms = |a: &[Term], b: &[Term]| {
            let orders = a
                .iter()
                .zip(b)
                .map(|(a, b)| if a == b { Ordering::Equal } else { self.step(*a, *b) });
            orders.fold(Ordering::Equal, Ordering::then)
        };
        atoms(a.head(), b.head())
            .then(a.keys().len().cmp(&b.keys().len()))
            .then_with(|| atoms(a.keys(), b.keys()))
    }
}

fn size(view: &View) -> usize {
    match view {
        View::Tuple(terms) | View::Record(terms) => terms.len(),
        View::FlatMap(keys, _) => keys.len(),
        View::HashMap { size, .. } => *size,
        _ => {
            debug_assert!(sort(view) == Sort::List);
            0
        }
    }
}

/// Comparison of two hash maps of one size, both walked in the order of hashes.
///
/// As long as keys agree, the values under the least key whose values differ decide. Once they do
/// not, the least key that only one of the maps has decides: the map that has it is the lesser.
struct Maps {
    a: Leaves,
    b: Leaves,
    /// Where the walks are.
    at_a: Option<(Term, Term)>,
    at_b: Option<(Term, Term)>,
    /// The least key that decides so far, and how.
    least: Term,
    order: Ordering,
    /// Whether keys agreed so far.
    agree: bool,
    /// Exactness outside of keys.
    exact: bool,
}

/// What a comparison on behalf of two hash maps was about.
#[derive(Clone, Copy)]
enum Asked {
    /// Nothing yet.
    Start,
    /// The keys where the walks are.
    Keys,
    /// The key in both, against the least deciding one.
    IsLeast,
    /// The values under a key that may decide.
    Values,
    /// A key that only `a` (or `b`) has, against the least deciding one.
    OnlyInA,
    OnlyInB,
}

impl Walk {
    fn start_maps(&mut self, a: Term, b: Term) -> Ordering {
        let mut maps = Box::new(Maps {
            a: Leaves::of(a),
            b: Leaves::of(b),
            at_a: None,
            at_b: None,
            least: Term::NONVALUE,
            order: Ordering::Equal,
            agree: true,
            exact: self.exact,
        });
        maps.both();
        // Left for later, so that maps in keys of maps in keys cost no machine stack.
        self.todo.push(Work::Maps(maps, Asked::Start));
        Ordering::Equal
    }
    fn ask(&mut self, maps: Box<Maps>, asked: Asked, terms: (Term, Term), exact: bool) -> Ordering {
        self.exact = exact;
        self.todo.push(Work::Maps(maps, asked));
        self.step(terms.0, terms.1)
    }
    fn ask_keys(&mut self, maps: Box<Maps>) -> Ordering {
        match (maps.at_a, maps.at_b) {
            (Some((a, _)), Some((b, _))) => self.ask(maps, Asked::Keys, (a, b), true),
            (None, None) => {
                self.exact = maps.exact;
                maps.order
            }
            (Some((a, _)), None) => self.ask_least(maps, Asked::OnlyInA, a),
            (None, Some((b, _))) => self.ask_least(maps, Asked::OnlyInB, b),
        }
    }
    fn ask_least(&mut self, maps: Box<Maps>, asked: Asked, key: Term) -> Ordering {
        if maps.least.is_value() {
            let least = maps.least;
            self.ask(maps, asked, (key, least), true)
        } else {
            self.maps(maps, asked, Ordering::Less)
        }
    }

    /// Goes on with what was asked, which came out as `order`.
    fn maps(&mut self, mut maps: Box<Maps>, asked: Asked, order: Ordering) -> Ordering {
        match (asked, order) {
            (Asked::Start, _) => {}
            (Asked::Keys, Ordering::Equal) if maps.agree => {
                let (key, _) = maps.at_a.expect("asked about");
                return self.ask_least(maps, Asked::IsLeast, key);
            }
            (Asked::Keys, Ordering::Equal) => maps.both(),
            (Asked::Keys, _) => {
                if maps.agree {
                    // Values no longer matter.
                    maps.agree = false;
                    maps.least = Term::NONVALUE;
                }
                let ((a, _), (b, _)) = (maps.at_a.expect("asked"), maps.at_b.expect("asked"));
                let walked = internal::walk_order(internal::hash(a), internal::hash(b));
                // Where hashes collide, leaves stand in the order of keys.
                return if walked.then(order) == Ordering::Less {
                    self.ask_least(maps, Asked::OnlyInA, a)
                } else {
                    self.ask_least(maps, Asked::OnlyInB, b)
                };
            }
            (Asked::IsLeast, Ordering::Less) => {
                let ((_, a), (_, b)) = (maps.at_a.expect("asked"), maps.at_b.expect("asked"));
                let exact = maps.exact;
                return self.ask(maps, Asked::Values, (a, b), exact);
            }
            (Asked::IsLeast, _) => maps.both(),
            (Asked::Values, _) => {
                if order != Ordering::Equal {
                    maps.decide(maps.at_a, order);
                }
                maps.both();
            }
            (Asked::OnlyInA, _) => {
                if order == Ordering::Less {
                    maps.decide(maps.at_a, Ordering::Less);
                }
                maps.at_a = maps.a.next();
            }
            (Asked::OnlyInB, _) => {
                if order == Ordering::Less {
                    maps.decide(maps.at_b, Ordering::Greater);
                }
                maps.at_b = maps.b.next();
            }
        }
        self.ask_keys(maps)
    }
}

impl Maps {
    fn both(&mut self) {
        self.at_a = self.a.next();
        self.at_b = self.b.next();
    }
    fn decide(&mut self, at: Option<(Term, Term)>, order: Ordering) {
        self.least = at.expect("asked about").0;
        self.order = order;
    }
}
