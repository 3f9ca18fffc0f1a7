//! Choosing among constants.
//!
//! Constants that follow one another and lead to one place are a range; a switch that consists of
//! ranges halves them until few are left. For any other, Cranelift chooses between tables and trees.

use super::lower::Lower;
use crate::ssa::{Arg, Target};
use beamrc_abi::term;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{self, InstBuilder};
use cranelift_frontend::Switch;
use std::collections::BTreeMap;

/// Keys from `first` to `last` lead to `edge`.
struct Range {
    first: u64,
    last: u64,
    edge: ir::Block,
}

/// So many ranges are tried one after the other.
const FEW: usize = 3;

impl Lower<'_> {
    pub(super) fn switch(&mut self, arg: &Arg, cases: &[(Arg, Target)], default: &Target) {
        let value = self.arg(arg);
        let default = self.edge(default);
        let all_small = cases.iter().all(|c| matches!(c.0, Arg::Small(_)));
        // Integers become dense; other terms land far away.
        let untag = |word: u64| if all_small { word.rotate_right(term::TAG_BITS) } else { word };
        let mut edges: Vec<(&Target, ir::Block)> = vec![];
        let mut places = BTreeMap::new();
        for (constant, target) in cases {
            let index = untag(self.constant(constant).expect("cases are immediates") as u64);
            if places.contains_key(&index) {
                continue;
            }
            let same = |other: &&(&Target, ir::Block)| {
                other.0.block == target.block && other.0.args == target.args
            };
            let edge = match edges.iter().rev().take(FEW).find(same) {
                Some((_, edge)) => *edge,
                None => {
                    let edge = self.edge(target);
                    edges.push((target, edge));
                    edge
                }
            };
            places.insert(index, edge);
        }
        let key =
            if all_small { self.b.ins().rotr_imm_s(value, term::TAG_BITS as i64) } else { value };
        let ranges = ranges(&places);
        if !ranges.is_empty() && ranges.len() * 2 <= places.len() {
            self.halve(key, &ranges, default);
        } else {
            let mut switch = Switch::new();
            for (index, edge) in &places {
                switch.set_entry(*index as u128, *edge);
            }
            switch.emit(&mut self.b, key, default);
        }
        self.flush_edges();
    }

    fn halve(&mut self, key: ir::Value, ranges: &[Range], default: ir::Block) {
        if ranges.len() > FEW {
            let (lower, upper) = ranges.split_at(ranges.len() / 2);
            let (below, above) = (self.b.create_block(), self.b.create_block());
            let c = self.b.ins().icmp_imm_u(IntCC::UnsignedLessThan, key, upper[0].first as i64);
            self.b.ins().brif(c, below, &[], above, &[]);
            self.switch_to(below);
            self.halve(key, lower, default);
            self.switch_to(above);
            return self.halve(key, upper, default);
        }
        for (i, range) in ranges.iter().enumerate() {
            let offset = if range.first == 0 {
                key
            } else {
                self.b.ins().iadd_imm_s(key, -(range.first as i64))
            };
            let length = (range.last - range.first) as i64;
            let c = self.b.ins().icmp_imm_u(IntCC::UnsignedLessThanOrEqual, offset, length);
            if i + 1 == ranges.len() {
                self.b.ins().brif(c, range.edge, &[], default, &[]);
            } else {
                let next = self.b.create_block();
                self.b.ins().brif(c, range.edge, &[], next, &[]);
                self.switch_to(next);
            }
        }
    }

    /// A block without parameters that jumps to the target with its arguments.
    fn edge(&mut self, target: &Target) -> ir::Block {
        if target.args.is_empty() {
            return self.block_of(target.block);
        }
        let block = self.b.create_block();
        self.pending_edges.push((block, target.clone()));
        block
    }

    fn flush_edges(&mut self) {
        for (block, target) in std::mem::take(&mut self.pending_edges) {
            self.switch_to(block);
            self.jump(&target);
        }
    }
}

fn ranges(places: &BTreeMap<u64, ir::Block>) -> Vec<Range> {
    let mut ranges: Vec<Range> = vec![];
    for (index, edge) in places {
        match ranges.last_mut() {
            Some(range) if range.last + 1 == *index && range.edge == *edge => range.last = *index,
            _ => ranges.push(Range { first: *index, last: *index, edge: *edge }),
        }
    }
    ranges
}
