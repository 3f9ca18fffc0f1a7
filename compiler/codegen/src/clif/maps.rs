//! Maps in line: looking for a key that is known now, and new values under such keys.

use super::calls::boxed_word;
use super::fast::Exit;
use super::lower::{FLAGS, Lower};
use crate::literal_order::compare_keys;
use crate::ssa::{Arg, Inst, Literal, TypeUnion};
use beamrc_abi::entry::Entry;
use beamrc_abi::{entry, process as head, term};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::I64;
use cranelift_codegen::ir::{self, BlockArg, InstBuilder};

/// A map's header is shifted so that its size becomes a number of bytes; the bits of the kind that
/// stay are a part of every offset.
const HEADER_TO_BYTES: u32 = term::HEADER_SIZE_SHIFT - 3;
const KIND_REST: i32 = (term::kind_bits(term::Kind::FlatMap) >> HEADER_TO_BYTES) as i32;

/// Keys whose values are replaced in line; the code for more would be too long.
const PUT_KEYS_MAX: usize = 8;

fn immediate(arg: &Arg) -> Option<Literal> {
    Some(match arg {
        Arg::Small(n) => Literal::Int(*n),
        Arg::Atom(text) => Literal::Atom(text.clone()),
        Arg::Nil => Literal::Nil,
        _ => return None,
    })
}

/// A flat map that is copied with other values: objects, and what offsets in both count to.
struct Copy {
    map: ir::Value,
    keys: ir::Value,
    new: ir::Value,
    end: ir::Value,
}

/// Whether this looks for an immediate key, or puts new values under a few of them.
pub(super) fn is_map_in_line(entry: &Entry, inst: &Inst) -> bool {
    if entry.symbol == entry::e::map_get.symbol {
        return immediate(&inst.args[1]).is_some();
    }
    let keys = || inst.args[2..].iter().step_by(2);
    [entry::e::map_put_assoc.symbol, entry::e::map_put_exact.symbol].contains(&entry.symbol)
        && keys().len() <= PUT_KEYS_MAX
        && keys().all(|key| immediate(key).is_some())
}

impl Lower<'_> {
    pub fn map_entry(&mut self, entry: &Entry, inst: &Inst, exit: Exit) {
        if entry.symbol == entry::e::map_get.symbol {
            self.map_get(inst, exit);
        } else {
            self.map_put(entry, inst, exit);
        }
    }
    /// The value of an immediate key, or no value: flat maps are searched in line, from the end.
    fn map_get(&mut self, inst: &Inst, exit: Exit) {
        let map = self.arg(&inst.args[0]);
        let key = self.arg(&inst.args[1]);
        let (flat, large, search, next, found, join) = (
            self.b.create_block(),
            self.b.create_block(),
            self.b.create_block(),
            self.b.create_block(),
            self.b.create_block(),
            self.b.create_block(),
        );
        self.b.set_cold_block(large);
        let result = self.b.append_block_param(join, I64);
        let header = self.b.ins().load(I64, FLAGS(), map, -(term::TAG_BOXED as i32));
        let kind = self.b.ins().band_imm_s(header, term::HEADER_KIND_MASK as i64);
        let is_flat = self.b.ins().icmp_imm_s(
            IntCC::Equal,
            kind,
            term::kind_bits(term::Kind::FlatMap) as i64,
        );
        self.b.ins().brif(is_flat, flat, &[], large, &[]);
        self.switch_to(large);
        let value = self.call_slow(entry::e::map_get.symbol, &[map, key]);
        self.after_slow(inst, value, join, &exit);
        self.switch_to(flat);
        let keys = self.b.ins().load(I64, FLAGS(), map, boxed_word(0));
        // A map has one word more than its tuple of keys: this is behind the last key.
        let end = self.b.ins().ushr_imm_s(header, HEADER_TO_BYTES as i64);
        self.b.ins().jump(search, &[BlockArg::Value(end)]);
        let behind = self.b.append_block_param(search, I64);
        self.b.switch_to_block(search);
        let at = self.b.ins().iadd_imm_s(behind, -8);
        let none_left = self.b.ins().icmp_imm_s(IntCC::Equal, at, KIND_REST as i64);
        let (absent, args) = match &exit {
            Exit::Test { no, .. } => (self.block_of(no.block), self.target_args(no)),
            Exit::Next { .. } => {
                let no_value = self.b.ins().iconst(I64, term::NONVALUE as i64);
                (join, vec![BlockArg::Value(no_value)])
            }
        };
        self.b.ins().brif(none_left, absent, &args, next, &[]);
        self.switch_to(next);
        let place = self.b.ins().iadd(keys, at);
        let other = self.b.ins().load(I64, FLAGS(), place, -KIND_REST - term::TAG_BOXED as i32);
        let same = self.b.ins().icmp(IntCC::Equal, other, key);
        self.b.ins().brif(same, found, &[], search, &[BlockArg::Value(at)]);
        self.b.seal_block(search);
        self.switch_to(found);
        let place = self.b.ins().iadd(map, at);
        let value = self.b.ins().load(I64, FLAGS(), place, 8 - KIND_REST - term::TAG_BOXED as i32);
        self.b.ins().jump(join, &[BlockArg::Value(value)]);
        self.switch_to(join);
        self.succeed(inst, result, exit);
    }

    /// Copies a flat map that has all the keys and other values: one walk along its keys, which are in the order that
    /// the new ones are sorted in here. Anything else is left to the entry.
    fn map_put(&mut self, entry: &Entry, inst: &Inst, exit: Exit) {
        let map = self.arg(&inst.args[0]);
        let (slow, join) = (self.b.create_block(), self.b.create_block());
        self.b.set_cold_block(slow);
        let result = self.b.append_block_param(join, I64);
        if inst.arg_type(0).union != TypeUnion::MAP {
            let tag = self.b.ins().band_imm_s(map, term::TAG_MASK as i64);
            let boxed = self.b.ins().icmp_imm_s(IntCC::Equal, tag, term::TAG_BOXED as i64);
            self.only_if(boxed, slow);
        }
        let header = self.b.ins().load(I64, FLAGS(), map, -(term::TAG_BOXED as i32));
        let kind = self.b.ins().band_imm_s(header, term::HEADER_KIND_MASK as i64);
        let is_flat = self.b.ins().icmp_imm_s(
            IntCC::Equal,
            kind,
            term::kind_bits(term::Kind::FlatMap) as i64,
        );
        self.only_if(is_flat, slow);
        let end = self.b.ins().ushr_imm_s(header, HEADER_TO_BYTES as i64);
        let hp = self.process_field(head::HP);
        let new_hp = self.b.ins().iadd(hp, end);
        let new_hp = self.b.ins().iadd_imm_s(new_hp, 8 - KIND_REST as i64);
        let limit = self.process_field(head::HEAP_LIMIT);
        let fits = self.b.ins().icmp(IntCC::UnsignedLessThanOrEqual, new_hp, limit);
        self.only_if(fits, slow);
        let keys = self.b.ins().load(I64, FLAGS(), map, boxed_word(0));
        self.b.ins().store(FLAGS(), header, hp, 0);
        self.b.ins().store(FLAGS(), keys, hp, term::word_offset(0));
        let copy = Copy { map, keys, new: hp, end };
        let mut at = self.b.ins().iconst(I64, 8 + KIND_REST as i64);
        let mut pairs: Vec<&[Arg]> = inst.args[2..].chunks_exact(2).collect();
        let key = |pair: &[Arg]| immediate(&pair[0]).expect("is_map_in_line");
        pairs.sort_by(|a, b| compare_keys(&key(a), &key(b)));
        let mut changes = self.b.ins().iconst(I64, 0);
        for pair in pairs {
            let (key, value) = (self.arg(&pair[0]), self.arg(&pair[1]));
            at = self.copy_to_key(&copy, at, key, slow);
            let old = self.value_at(&copy, at);
            let change = self.b.ins().bxor(old, value);
            changes = self.b.ins().bor(changes, change);
            self.store_value(&copy, at, value);
            at = self.b.ins().iadd_imm_s(at, 8);
        }
        // As in OTP, an update that changes nothing is the map itself.
        let changed = self.b.create_block();
        self.b.ins().brif(changes, changed, &[], join, &[BlockArg::Value(map)]);
        self.switch_to(changed);
        self.copy_rest(&copy, at);
        self.set_process_field(head::HP, new_hp);
        let new = self.b.ins().iadd_imm_s(hp, term::TAG_BOXED as i64);
        self.b.ins().jump(join, &[BlockArg::Value(new)]);
        self.switch_to(slow);
        self.store_x(&inst.args[2..], 0);
        let count = self.arg(&inst.args[1]);
        let value = self.call_slow(entry.symbol, &[map, count]);
        self.after_slow(inst, value, join, &exit);
        self.switch_to(join);
        self.succeed(inst, result, exit);
    }
    /// Copies values until the key is met; returns where that is.
    fn copy_to_key(
        &mut self,
        copy: &Copy,
        from: ir::Value,
        key: ir::Value,
        missing: ir::Block,
    ) -> ir::Value {
        let (search, other, found) =
            (self.b.create_block(), self.b.create_block(), self.b.create_block());
        self.b.ins().jump(search, &[BlockArg::Value(from)]);
        let at = self.b.append_block_param(search, I64);
        self.b.switch_to_block(search);
        let left = self.b.ins().icmp(IntCC::NotEqual, at, copy.end);
        self.only_if(left, missing);
        let place = self.b.ins().iadd(copy.keys, at);
        let here = self.b.ins().load(I64, FLAGS(), place, -KIND_REST - term::TAG_BOXED as i32);
        let same = self.b.ins().icmp(IntCC::Equal, here, key);
        self.b.ins().brif(same, found, &[], other, &[]);
        self.switch_to(other);
        self.copy_value(copy, at, search);
        self.switch_to(found);
        at
    }
    fn copy_rest(&mut self, copy: &Copy, from: ir::Value) {
        let (head, more, done) =
            (self.b.create_block(), self.b.create_block(), self.b.create_block());
        self.b.ins().jump(head, &[BlockArg::Value(from)]);
        let at = self.b.append_block_param(head, I64);
        self.b.switch_to_block(head);
        let left = self.b.ins().icmp(IntCC::NotEqual, at, copy.end);
        self.b.ins().brif(left, more, &[], done, &[]);
        self.switch_to(more);
        self.copy_value(copy, at, head);
        self.switch_to(done);
    }
    /// Copies the value there, and goes on behind it.
    fn copy_value(&mut self, copy: &Copy, at: ir::Value, on: ir::Block) {
        let value = self.value_at(copy, at);
        self.store_value(copy, at, value);
        let next = self.b.ins().iadd_imm_s(at, 8);
        self.b.ins().jump(on, &[BlockArg::Value(next)]);
        self.b.seal_block(on);
    }
    fn value_at(&mut self, copy: &Copy, at: ir::Value) -> ir::Value {
        let place = self.b.ins().iadd(copy.map, at);
        self.b.ins().load(I64, FLAGS(), place, 8 - KIND_REST - term::TAG_BOXED as i32)
    }
    fn store_value(&mut self, copy: &Copy, at: ir::Value, value: ir::Value) {
        let place = self.b.ins().iadd(copy.new, at);
        self.b.ins().store(FLAGS(), value, place, 8 - KIND_REST);
    }
}
