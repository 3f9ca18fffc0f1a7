//! Hash maps: tries over 64-bit hashes of the keys, four bits a level.
//!
//! A node has a child for each digit that occurs: a leaf `[Key | Value]`, or a node. A node has a
//! second leaf somewhere below it, but for the root. Below the last level stand tuples of the
//! leaves whose hashes are equal, in the order of keys. Depth is bounded, so functions recur.

use super::MAP_FLAT_MAX;
use super::flat::Sorted;
use super::leaves::children;
use crate::term::compare::{compare_exact, equal_exact};
use crate::term::hash::internal::{digits_reversed, hash};
use crate::term::{Alloc, Kind, Term, build, header_extra};
use core::cmp::Ordering;
use smallvec::SmallVec;

/// Digits of a hash.
pub(super) const LEVELS: u32 = 16;

/// Children of a node under construction.
pub(super) type Children = SmallVec<[Term; 16]>;

pub(super) fn digit(hash: u64, level: u32) -> u32 {
    (hash >> (4 * level)) as u32 & 15
}
pub(super) fn bitmap(node: Term) -> u32 {
    header_extra(node.header().expect("nodes are boxed")) & 0xffff
}
/// Index of a digit's child.
pub(super) fn index(bitmap: u32, digit: u32) -> usize {
    (bitmap & ((1 << digit) - 1)).count_ones() as usize
}
/// The tuple of leaves whose hashes are equal.
pub(super) fn is_collision(node: Term) -> bool {
    node.is_kind(Kind::Tuple)
}

pub(super) fn leaf_parts(leaf: Term) -> (Term, Term) {
    leaf.as_cons().expect("leaves are conses")
}
pub(super) fn inner(heap: &mut (impl Alloc + ?Sized), bitmap: u32, children: &[Term]) -> Term {
    build::object_of_runs(heap, Kind::MapNode, u64::from(bitmap), [children])
}
pub(super) fn root(
    heap: &mut (impl Alloc + ?Sized),
    size: usize,
    bitmap: u32,
    children: &[Term],
) -> Term {
    let runs = [&[Term::small(size as i64)], children];
    build::object_of_runs(heap, Kind::HashMap, u64::from(bitmap), runs)
}
/// A node with `bitmap` whose children are those of `node`, but `new` in place of `replaced` of them
/// at `at`; if a root, of a map of `size` keys.
fn spliced(
    heap: &mut (impl Alloc + ?Sized),
    node: Term,
    size: usize,
    bitmap: u32,
    (at, replaced, new): (usize, usize, &[Term]),
) -> Term {
    let children = children(&node);
    let (before, after) = (&children[..at], &children[at + replaced..]);
    let size = [Term::small(size as i64)];
    let kind = node.kind().expect("nodes are boxed");
    let size: &[Term] = if kind == Kind::HashMap { &size } else { &[] };
    build::object_of_runs(heap, kind, u64::from(bitmap), [size, before, new, after])
}

pub(super) fn get(map: Term, key: Term) -> Option<Term> {
    let hash = hash(key);
    let mut node = map;
    for level in 0.. {
        if is_collision(node) {
            let leaves = node.term_words().iter();
            let found = leaves.map(|l| leaf_parts(*l)).find(|l| equal_exact(l.0, key));
            return found.map(|(_, value)| value);
        }
        let (bitmap, digit) = (bitmap(node), digit(hash, level));
        if bitmap & 1 << digit == 0 {
            return None;
        }
        node = children(&node)[index(bitmap, digit)];
        if let Some((found, value)) = node.as_cons() {
            return equal_exact(found, key).then_some(value);
        }
    }
    unreachable!("paths end")
}

/// What putting a leaf into a subtree does.
pub(super) struct Put {
    pub hash: u64,
    pub key: Term,
    pub value: Term,
    /// The cell, once it is made.
    pub leaf: Option<Term>,
    /// Whether the value of a key that is there is left as it is.
    pub keep: bool,
    /// Whether the key was there.
    pub found: bool,
}

impl Put {
    fn leaf(&mut self, heap: &mut (impl Alloc + ?Sized)) -> Term {
        *self.leaf.get_or_insert_with(|| build::cons(heap, self.key, self.value))
    }
    /// The leaf that stands where one with the same key stood.
    fn over(&mut self, heap: &mut (impl Alloc + ?Sized), old: Term) -> Term {
        self.found = true;
        if self.keep || leaf_parts(old).1 == self.value { old } else { self.leaf(heap) }
    }

    /// `child`, a leaf or node below `level - 1` levels, with the leaf in it.
    pub fn below(&mut self, heap: &mut (impl Alloc + ?Sized), child: Term, level: u32) -> Term {
        if child.is_cons() {
            let (key, _) = leaf_parts(child);
            if equal_exact(key, self.key) {
                return self.over(heap, child);
            }
            let new = self.leaf(heap);
            return two(heap, level, (hash(key), child), (self.hash, new));
        }
        if is_collision(child) {
            return self.within_collision(heap, child);
        }
        self.within(heap, child, 0, level)
    }
    /// A node with the leaf in it; if it is the root, that of a map of `size` keys.
    pub fn within(
        &mut self,
        heap: &mut (impl Alloc + ?Sized),
        node: Term,
        size: usize,
        level: u32,
    ) -> Term {
        let (bitmap, digit) = (bitmap(node), digit(self.hash, level));
        let at = index(bitmap, digit);
        if bitmap & 1 << digit == 0 {
            let leaf = self.leaf(heap);
            return spliced(heap, node, size + 1, bitmap | 1 << digit, (at, 0, &[leaf]));
        }
        let old = children(&node)[at];
        let new = self.below(heap, old, level + 1);
        if new == old {
            return node;
        }
        let size = size + usize::from(!self.found);
        spliced(heap, node, size, bitmap, (at, 1, &[new]))
    }
    fn within_collision(&mut self, heap: &mut (impl Alloc + ?Sized), node: Term) -> Term {
        let mut leaves = node.term_words().to_vec();
        let before = |leaf: &Term| compare_exact(leaf_parts(*leaf).0, self.key) == Ordering::Less;
        let at = leaves.partition_point(before);
        match leaves.get(at) {
            Some(&old) if equal_exact(leaf_parts(old).0, self.key) => {
                leaves[at] = self.over(heap, old);
                if leaves[at] == old {
                    return node;
                }
            }
            _ => leaves.insert(at, self.leaf(heap)),
        }
        build::tuple(heap, &leaves)
    }
}

/// Subtree of two leaves with different keys.
pub(super) fn two(
    heap: &mut (impl Alloc + ?Sized),
    level: u32,
    a: (u64, Term),
    b: (u64, Term),
) -> Term {
    if level == LEVELS {
        let order = compare_exact(leaf_parts(a.1).0, leaf_parts(b.1).0);
        let (a, b) = if order == Ordering::Less { (a.1, b.1) } else { (b.1, a.1) };
        return build::tuple(heap, &[a, b]);
    }
    let (x, y) = (digit(a.0, level), digit(b.0, level));
    match x.cmp(&y) {
        Ordering::Less => inner(heap, 1 << x | 1 << y, &[a.1, b.1]),
        Ordering::Greater => inner(heap, 1 << x | 1 << y, &[b.1, a.1]),
        Ordering::Equal => {
            let below = two(heap, level + 1, a, b);
            inner(heap, 1 << x, &[below])
        }
    }
}

pub(super) fn put(heap: &mut (impl Alloc + ?Sized), map: Term, key: Term, value: Term) -> Term {
    put_leaf(heap, map, key, value, None, false)
}
/// `keep` leaves the value of a key that is there; `leaf` is the cell of key and value, if there is
/// one to share.
pub(super) fn put_leaf(
    heap: &mut (impl Alloc + ?Sized),
    map: Term,
    key: Term,
    value: Term,
    leaf: Option<Term>,
    keep: bool,
) -> Term {
    let mut put = Put { hash: hash(key), key, value, leaf, keep, found: false };
    put.within(heap, map, super::size(map).expect("a map"), 0)
}

pub(super) fn take(heap: &mut (impl Alloc + ?Sized), map: Term, key: Term) -> Option<(Term, Term)> {
    let value = get(map, key)?;
    let size = super::size(map).expect("a map") - 1;
    if size <= MAP_FLAT_MAX {
        let rest = super::pairs(map).filter(|(k, _)| !equal_exact(*k, key));
        return Some((Sorted::of(rest).build(heap), value));
    }
    let rest = remove(heap, (hash(key), key), map, size, 0);
    Some((rest, value))
}

/// A node without a key that is there: the other leaf alone, if there are no more. If it is the
/// root, `size` keys are left.
fn remove(
    heap: &mut (impl Alloc + ?Sized),
    key: (u64, Term),
    node: Term,
    size: usize,
    level: u32,
) -> Term {
    if is_collision(node) {
        let mut leaves = node.term_words().to_vec();
        leaves.retain(|leaf| !equal_exact(leaf_parts(*leaf).0, key.1));
        return match leaves[..] {
            [leaf] => leaf,
            _ => build::tuple(heap, &leaves),
        };
    }
    let (bitmap, digit) = (bitmap(node), digit(key.0, level));
    let at = index(bitmap, digit);
    let nodes = children(&node);
    if !nodes[at].is_cons() {
        let new = remove(heap, key, nodes[at], 0, level + 1);
        if nodes.len() == 1 && new.is_cons() && level > 0 {
            return new;
        }
        return spliced(heap, node, size, bitmap, (at, 1, &[new]));
    }
    match *nodes {
        [a, b] if level > 0 && (a.is_cons() && b.is_cons()) => [b, a][at],
        _ => spliced(heap, node, size, bitmap & !(1 << digit), (at, 1, &[])),
    }
}

/// A pair, with the digits of its key's hash in the order of a walk.
#[derive(Clone, Copy)]
pub(super) struct Leaf {
    place: u64,
    pub key: Term,
    pub value: Term,
}
impl Leaf {
    fn digit(&self, level: u32) -> u32 {
        (self.place >> (60 - 4 * level)) as u32 & 15
    }
}

/// The pairs in the order of a walk; of equal keys the last stays.
pub(super) fn sorted(pairs: &[(Term, Term)]) -> Vec<Leaf> {
    let leaf =
        |&(key, value): &(Term, Term)| Leaf { place: digits_reversed(hash(key)), key, value };
    let mut leaves: Vec<Leaf> = pairs.iter().map(leaf).collect();
    // Stable: of leaves at one place, later ones stay later.
    leaves.sort_by_key(|l| l.place);
    let mut kept: Vec<Leaf> = Vec::with_capacity(leaves.len());
    for leaf in leaves {
        let run = kept.iter().rposition(|l| l.place != leaf.place);
        let run = run.map_or(0, |at| at + 1);
        match kept[run..].iter_mut().find(|l| equal_exact(l.key, leaf.key)) {
            Some(same) => same.value = leaf.value,
            None => {
                let before = |l: &Leaf| compare_exact(l.key, leaf.key) == Ordering::Less;
                let at = run + kept[run..].partition_point(before);
                kept.insert(at, leaf);
            }
        }
    }
    kept
}

/// Hash map of leaves as [`sorted`] gives them, more than a flat map may have.
pub(super) fn from_sorted(heap: &mut (impl Alloc + ?Sized), leaves: &[Leaf]) -> Term {
    let (bitmap, nodes) = by_digit(heap, leaves, 0);
    root(heap, leaves.len(), bitmap, &nodes)
}
fn by_digit(heap: &mut (impl Alloc + ?Sized), leaves: &[Leaf], level: u32) -> (u32, Children) {
    let (mut bitmap, mut nodes) = (0, Children::new());
    for group in leaves.chunk_by(|a, b| a.digit(level) == b.digit(level)) {
        bitmap |= 1 << group[0].digit(level);
        nodes.push(subtree(heap, group, level + 1));
    }
    (bitmap, nodes)
}
fn subtree(heap: &mut (impl Alloc + ?Sized), leaves: &[Leaf], level: u32) -> Term {
    if let [leaf] = leaves {
        return build::cons(heap, leaf.key, leaf.value);
    }
    if level == LEVELS {
        let leaves: Vec<Term> = leaves.iter().map(|l| build::cons(heap, l.key, l.value)).collect();
        return build::tuple(heap, &leaves);
    }
    let (bitmap, nodes) = by_digit(heap, leaves, level);
    inner(heap, bitmap, &nodes)
}
