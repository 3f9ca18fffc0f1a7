//! Walk over the associations of a hash map, in the order of its hashes (that of OTP).

use crate::term::{Kind, Term};
use smallvec::SmallVec;

/// Children of a node of a hash map: those of the root without its size.
pub fn children(node: &Term) -> &[Term] {
    let words = node.term_words();
    if node.is_kind(Kind::HashMap) { &words[1..] } else { words }
}

/// Iterator over `[Key | Value]` cells.
pub struct Leaves {
    /// Nodes on the way, each with the index of the next child.
    path: SmallVec<[(Term, u32); 8]>,
}

impl Leaves {
    /// Of a hash map or one of its inner nodes.
    pub fn of(node: Term) -> Leaves {
        let mut path = SmallVec::new();
        path.push((node, 0));
        Leaves { path }
    }
    /// Of a child of a node: a leaf by itself, or an inner node.
    pub fn of_child(child: Term) -> impl Iterator<Item = (Term, Term)> {
        let (leaf, node) = match child.as_cons() {
            Some(leaf) => (Some(leaf), None),
            None => (None, Some(Leaves::of(child))),
        };
        leaf.into_iter().chain(node.into_iter().flatten())
    }

    /// Starts at a place that [`Leaves::place`] gave: four bits a level, the indexes of children.
    /// Nothing if the map has no such place.
    pub fn starting_at(map: Term, mut place: u64) -> Option<Leaves> {
        let mut leaves = Leaves { path: SmallVec::new() };
        let mut node = map;
        loop {
            let next = place as u32 & 15;
            let child = *children(&node).get(next as usize)?;
            if child.is_cons() {
                leaves.path.push((node, next));
                return Some(leaves);
            }
            leaves.path.push((node, next + 1));
            place >>= 4;
            node = child;
        }
    }
    /// Where the walk is: nothing at its end. There are no places inside of collision nodes, which
    /// may have more leaves than four bits can count.
    pub fn place(&mut self) -> Option<u64> {
        while let Some((node, next)) = self.path.last()
            && children(node).len() == *next as usize
        {
            self.path.pop();
        }
        let (&(_, next), above) = self.path.split_last()?;
        let place = above
            .iter()
            .rev()
            .fold(u64::from(next), |place, (_, next)| place << 4 | u64::from(next - 1));
        Some(place)
    }
    /// Whether the walk may stop here: not inside of a collision node.
    pub fn may_stop(&self) -> bool {
        match self.path.last() {
            Some((node, next)) => {
                !node.is_kind(Kind::Tuple) || children(node).len() == *next as usize
            }
            None => true,
        }
    }

    /// The next association as the cons cell that it is.
    pub fn next_cell(&mut self) -> Option<Term> {
        loop {
            let (node, next) = self.path.last_mut()?;
            match children(node).get(*next as usize) {
                None => {
                    self.path.pop();
                }
                Some(&child) => {
                    *next += 1;
                    if child.is_cons() {
                        return Some(child);
                    }
                    self.path.push((child, 0));
                }
            }
        }
    }
}

impl Iterator for Leaves {
    type Item = (Term, Term);
    fn next(&mut self) -> Option<(Term, Term)> {
        self.next_cell()?.as_cons()
    }
}
