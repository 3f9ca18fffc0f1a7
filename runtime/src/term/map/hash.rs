//! Hash maps: tries over 64-bit hashes of the keys, four bits a level.
//!
//! A node has a child for each digit that occurs: a leaf `[Key | Value]`, or a node. A node has a
//! second leaf somewhere below it, but for the root. Below the last level stand tuples of the
//! leaves whose hashes are equal, in the order of keys. Depth is bounded, so functions recur.

use super::leaves::children;
use super::{MAP_FLAT_MAX, flat};
use crate::term::compare::{compare_exact, equal_exact};
use crate::term::hash::internal::{hash, walk_order};
use crate::term::{Alloc, Kind, Term, build, header_extra};
use core::cmp::Ordering;
use smallvec::SmallVec;

/// Digits of a hash.
pub(super) const LEVELS: u32 = 16;

/// Children of a node, of which there are at most 17 while one is changed.
pub(super) type Children = SmallVec<[Term; 17]>;

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
    let words: SmallVec<[u64; 17]> = children.iter().map(|c| c.0).collect();
    build::object(heap, Kind::MapNode, u64::from(bitmap), &words)
}
pub(super) fn root(
    heap: &mut (impl Alloc + ?Sized),
    size: usize,
    bitmap: u32,
    children: &[Term],
) -> Term {
    let mut words: SmallVec<[u64; 18]> = SmallVec::new();
    words.push(Term::small(size as i64).0);
    words.extend(children.iter().map(|c| c.0));
    build::object(heap, Kind::HashMap, u64::from(bitmap), &words)
}

pub(super) fn get(map: Term, key: Term) -> Option<Term> {
    let hash = hash(key);
    let mut node = map;
    for level in 0.. {
        if is_collision(node) {
            let leaves = node.term_words().iter();
            let found = leaves
                .map(|l| leaf_parts(*l))
                .find(|l| equal_exact(l.0, key));
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
        *self
            .leaf
            .get_or_insert_with(|| build::cons(heap, self.key, self.value))
    }
    /// The leaf that stands where one with the same key stood.
    fn over(&mut self, heap: &mut (impl Alloc + ?Sized), old: Term) -> Term {
        self.found = true;
        if self.keep || leaf_parts(old).1 == self.value {
            old
        } else {
            self.leaf(heap)
        }
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
            return self.into_collision(heap, child);
        }
        let mut nodes: Children = children(&child).into();
        match self.among(heap, bitmap(child), &mut nodes, level) {
            Some(bitmap) => inner(heap, bitmap, &nodes),
            None => child,
        }
    }
    /// Puts the leaf among the children of a node; the new bitmap, or nothing if all is as before.
    fn among(
        &mut self,
        heap: &mut (impl Alloc + ?Sized),
        bitmap: u32,
        nodes: &mut Children,
        level: u32,
    ) -> Option<u32> {
        let digit = digit(self.hash, level);
        let at = index(bitmap, digit);
        if bitmap & 1 << digit == 0 {
            nodes.insert(at, self.leaf(heap));
            return Some(bitmap | 1 << digit);
        }
        let new = self.below(heap, nodes[at], level + 1);
        if new == nodes[at] {
            return None;
        }
        nodes[at] = new;
        Some(bitmap)
    }
    fn into_collision(&mut self, heap: &mut (impl Alloc + ?Sized), node: Term) -> Term {
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
        let (a, b) = if order == Ordering::Less {
            (a.1, b.1)
        } else {
            (b.1, a.1)
        };
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
    let mut put = Put {
        hash: hash(key),
        key,
        value,
        leaf,
        keep,
        found: false,
    };
    let mut nodes: Children = children(&map).into();
    match put.among(heap, bitmap(map), &mut nodes, 0) {
        None => map,
        Some(bitmap) => {
            let size = super::size(map).expect("a map") + usize::from(!put.found);
            root(heap, size, bitmap, &nodes)
        }
    }
}

pub(super) fn take(heap: &mut (impl Alloc + ?Sized), map: Term, key: Term) -> Option<(Term, Term)> {
    let value = get(map, key)?;
    let size = super::size(map).expect("a map") - 1;
    if size <= MAP_FLAT_MAX {
        let mut pairs: Vec<_> = super::pairs(map)
            .filter(|(k, _)| !equal_exact(*k, key))
            .collect();
        let sorted = flat::sort(&mut pairs);
        return Some((flat::from_sorted(heap, &sorted), value));
    }
    let mut nodes: Children = children(&map).into();
    let bitmap = remove_among(heap, (hash(key), key), bitmap(map), &mut nodes, 0);
    Some((root(heap, size, bitmap, &nodes), value))
}

/// Takes a key that is there out of the children of a node; the new bitmap.
fn remove_among(
    heap: &mut (impl Alloc + ?Sized),
    key: (u64, Term),
    bitmap: u32,
    nodes: &mut Children,
    level: u32,
) -> u32 {
    let digit = digit(key.0, level);
    let at = index(bitmap, digit);
    if nodes[at].is_cons() {
        nodes.remove(at);
        return bitmap & !(1 << digit);
    }
    nodes[at] = remove(heap, key, nodes[at], level + 1);
    bitmap
}
/// A node without a key that is there: the other leaf alone, if there are no more.
fn remove(heap: &mut (impl Alloc + ?Sized), key: (u64, Term), node: Term, level: u32) -> Term {
    if is_collision(node) {
        let mut leaves = node.term_words().to_vec();
        leaves.retain(|leaf| !equal_exact(leaf_parts(*leaf).0, key.1));
        return match leaves[..] {
            [leaf] => leaf,
            _ => build::tuple(heap, &leaves),
        };
    }
    let mut nodes: Children = children(&node).into();
    let bitmap = remove_among(heap, key, bitmap(node), &mut nodes, level);
    match nodes[..] {
        [leaf] if leaf.is_cons() => leaf,
        _ => inner(heap, bitmap, &nodes),
    }
}

/// A pair with the hash of its key.
#[derive(Clone, Copy)]
pub(super) struct Leaf {
    hash: u64,
    pub key: Term,
    pub value: Term,
}

pub(super) fn hashed(pairs: &[(Term, Term)]) -> Vec<Leaf> {
    hashed_pairs(pairs.iter().copied())
}
pub(super) fn hashed_pairs(pairs: impl Iterator<Item = (Term, Term)>) -> Vec<Leaf> {
    pairs
        .map(|(key, value)| Leaf {
            hash: hash(key),
            key,
            value,
        })
        .collect()
}

/// Sorts in the order of a walk; of equal keys the last stays.
pub(super) fn sort(leaves: &mut Vec<Leaf>) {
    // Stable: later ones of equal hash stay later.
    leaves.sort_by(|a, b| walk_order(a.hash, b.hash));
    let mut kept: Vec<Leaf> = Vec::with_capacity(leaves.len());
    for &leaf in leaves.iter() {
        let run = kept.iter().rposition(|l| l.hash != leaf.hash);
        let run = run.map_or(0, |at| at + 1);
        match kept[run..]
            .iter_mut()
            .find(|l| equal_exact(l.key, leaf.key))
        {
            Some(same) => same.value = leaf.value,
            None => {
                let before = |l: &Leaf| compare_exact(l.key, leaf.key) == Ordering::Less;
                let at = run + kept[run..].partition_point(before);
                kept.insert(at, leaf);
            }
        }
    }
    *leaves = kept;
}

/// Hash map of leaves as [`sort`] leaves them, more than a flat map may have.
pub(super) fn from_sorted(heap: &mut (impl Alloc + ?Sized), leaves: &[Leaf]) -> Term {
    let (bitmap, nodes) = by_digit(heap, leaves, 0);
    root(heap, leaves.len(), bitmap, &nodes)
}
fn by_digit(heap: &mut (impl Alloc + ?Sized), leaves: &[Leaf], level: u32) -> (u32, Children) {
    let (mut bitmap, mut nodes) = (0, Children::new());
    for group in leaves.chunk_by(|a, b| digit(a.hash, level) == digit(b.hash, level)) {
        bitmap |= 1 << digit(group[0].hash, level);
        nodes.push(subtree(heap, group, level + 1));
    }
    (bitmap, nodes)
}
fn subtree(heap: &mut (impl Alloc + ?Sized), leaves: &[Leaf], level: u32) -> Term {
    if let [leaf] = leaves {
        return build::cons(heap, leaf.key, leaf.value);
    }
    if level == LEVELS {
        let leaves: Vec<Term> = leaves
            .iter()
            .map(|l| build::cons(heap, l.key, l.value))
            .collect();
        return build::tuple(heap, &leaves);
    }
    let (bitmap, nodes) = by_digit(heap, leaves, level);
    inner(heap, bitmap, &nodes)
}
