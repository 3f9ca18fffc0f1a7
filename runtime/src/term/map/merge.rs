//! The union of two maps; where both have a key, the value of the second stands.
//!
//! Subtrees that only one of two hash maps has are shared, not copied.

use super::hash::{
    Children, Put, bitmap, index, inner, is_collision, leaf_parts, put_leaf, root, two,
};
use super::leaves::{Leaves, children};
use super::{flat, size};
use crate::term::compare::equal_exact;
use crate::term::hash::internal::hash;
use crate::term::{Alloc, Kind, Term};

pub fn merge(heap: &mut (impl Alloc + ?Sized), a: Term, b: Term) -> Term {
    if a == b || size(a) == Some(0) {
        return b;
    }
    if size(b) == Some(0) {
        return a;
    }
    match (a.is_kind(Kind::FlatMap), b.is_kind(Kind::FlatMap)) {
        (true, true) => flat::merge(heap, a, b),
        (true, false) => {
            super::pairs(a).fold(b, |map, (key, value)| put_leaf(heap, map, key, value, None, true))
        }
        (false, true) => super::pairs(b)
            .fold(a, |map, (key, value)| put_leaf(heap, map, key, value, None, false)),
        (false, false) => hash_maps(heap, a, b),
    }
}

fn hash_maps(heap: &mut (impl Alloc + ?Sized), a: Term, b: Term) -> Term {
    let mut merge = Merge { common: 0 };
    let (bitmap, nodes) = merge.children(heap, a, b, 0);
    let together = size(a).unwrap_or(0) + size(b).unwrap_or(0) - merge.common;
    if nodes[..] == *children(&b) {
        return b;
    }
    root(heap, together, bitmap, &nodes)
}

struct Merge {
    /// Keys that both have.
    common: usize,
}

impl Merge {
    fn children(
        &mut self,
        heap: &mut (impl Alloc + ?Sized),
        a: Term,
        b: Term,
        level: u32,
    ) -> (u32, Children) {
        let (bitmap_a, bitmap_b) = (bitmap(a), bitmap(b));
        let mut nodes = Children::new();
        for digit in 0..16 {
            let child = |node: &Term, bitmap: u32| {
                (bitmap & 1 << digit != 0).then(|| children(node)[index(bitmap, digit)])
            };
            match (child(&a, bitmap_a), child(&b, bitmap_b)) {
                (Some(a), Some(b)) => nodes.push(self.nodes(heap, a, b, level + 1)),
                (one, other) => nodes.extend(one.or(other)),
            }
        }
        (bitmap_a | bitmap_b, nodes)
    }

    /// Two leaves or nodes below `level` levels, equal hashes of which agree that far.
    fn nodes(&mut self, heap: &mut (impl Alloc + ?Sized), a: Term, b: Term, level: u32) -> Term {
        match (a.is_cons(), b.is_cons()) {
            _ if a == b => {
                self.common += Leaves::of_child(a).count();
                b
            }
            (true, true) => {
                let ((key_a, _), (key_b, _)) = (leaf_parts(a), leaf_parts(b));
                if equal_exact(key_a, key_b) {
                    self.common += 1;
                    return b;
                }
                two(heap, level, (hash(key_a), a), (hash(key_b), b))
            }
            (true, false) => self.put(heap, a, b, level, true),
            (false, true) => self.put(heap, b, a, level, false),
            (false, false) if is_collision(a) => {
                children(&a).iter().fold(b, |node, leaf| self.put(heap, *leaf, node, level, true))
            }
            (false, false) => {
                let (bitmap, nodes) = self.children(heap, a, b, level);
                if nodes[..] == *children(&b) {
                    return b;
                }
                inner(heap, bitmap, &nodes)
            }
        }
    }

    fn put(
        &mut self,
        heap: &mut (impl Alloc + ?Sized),
        leaf: Term,
        node: Term,
        level: u32,
        keep: bool,
    ) -> Term {
        let (key, value) = leaf_parts(leaf);
        let mut put = Put { hash: hash(key), key, value, leaf: Some(leaf), keep, found: false };
        let node = put.below(heap, node, level);
        self.common += usize::from(put.found);
        node
    }
}
