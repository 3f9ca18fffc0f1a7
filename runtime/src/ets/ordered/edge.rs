//! Edges of ranges of keys: right before or behind all keys that fit a pattern.

use super::tree::{Entry, Key};
use crate::ets::spec::{UNDERSCORE, variable};
use crate::term::Term;
use crate::term::compare::compare;
use core::borrow::Borrow;
use core::cmp::Ordering;
use smallvec::{SmallVec, smallvec};

/// A place between keys.
#[derive(Clone, Copy)]
pub struct Edge {
    key: Term,
    /// Whether atoms such as `'_'` and `'$1'` in it stand for anything.
    is_pattern: bool,
    /// [`Ordering::Less`] right before what fits, else right behind it.
    side: Ordering,
}
impl Edge {
    pub fn before(pattern: Term) -> Edge {
        Edge { key: pattern, is_pattern: true, side: Ordering::Less }
    }
    pub fn behind(pattern: Term) -> Edge {
        Edge { side: Ordering::Greater, ..Edge::before(pattern) }
    }
    pub fn before_key(key: Term) -> Edge {
        Edge { is_pattern: false, ..Edge::before(key) }
    }
    pub fn behind_key(key: Term) -> Edge {
        Edge { is_pattern: false, ..Edge::behind(key) }
    }
    pub fn is_behind(&self, key: Term) -> bool {
        self.order(key, None) == Ordering::Greater
    }
    fn is_open(&self, part: Term) -> bool {
        self.is_pattern && (part == UNDERSCORE || variable(part).is_some())
    }
    /// Order of this edge and a key, or another edge.
    fn order(&self, key: Term, other: Option<&Edge>) -> Ordering {
        let mut todo: SmallVec<[(Term, Term); 4]> = smallvec![(self.key, key)];
        while let Some((part, other_part)) = todo.pop() {
            if self.is_open(part) {
                return self.side;
            }
            if let Some(other) = other
                && other.is_open(other_part)
            {
                return other.side.reverse();
            }
            if part == other_part {
                continue;
            }
            let order = if let (Some((head, tail)), Some((other_head, other_tail))) =
                (part.as_cons(), other_part.as_cons())
            {
                todo.push((tail, other_tail));
                todo.push((head, other_head));
                continue;
            } else if let (Some(parts), Some(other_parts)) =
                (part.as_tuple(), other_part.as_tuple())
                && parts.len() == other_parts.len()
            {
                let pairs = parts.iter().zip(other_parts).rev();
                todo.extend(pairs.map(|(a, b)| (*a, *b)));
                continue;
            } else {
                compare(part, other_part)
            };
            if order != Ordering::Equal {
                return order;
            }
        }
        match other {
            None => self.side,
            Some(other) => self.side.cmp(&other.side),
        }
    }
}
impl Ord for Edge {
    fn cmp(&self, other: &Edge) -> Ordering {
        self.order(other.key, Some(other))
    }
}
impl PartialOrd for Edge {
    fn partial_cmp(&self, other: &Edge) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl PartialEq for Edge {
    fn eq(&self, other: &Edge) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Edge {}

/// A key or an edge, for the tree to search by.
pub(super) trait Place {
    fn key(&self) -> Term;
    fn edge(&self) -> Option<&Edge>;
}
impl Place for Entry {
    fn key(&self) -> Term {
        self.key.0
    }
    fn edge(&self) -> Option<&Edge> {
        None
    }
}
impl Place for Edge {
    fn key(&self) -> Term {
        self.key
    }
    fn edge(&self) -> Option<&Edge> {
        Some(self)
    }
}
impl Ord for dyn Place + '_ {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.edge(), other.edge()) {
            (Some(edge), other_edge) => edge.order(other.key(), other_edge),
            (None, Some(edge)) => edge.order(self.key(), None).reverse(),
            (None, None) => Key(self.key()).cmp(&Key(other.key())),
        }
    }
}
impl PartialOrd for dyn Place + '_ {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl PartialEq for dyn Place + '_ {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for dyn Place + '_ {}
impl<'a> Borrow<dyn Place + 'a> for Entry {
    fn borrow(&self) -> &(dyn Place + 'a) {
        self
    }
}
