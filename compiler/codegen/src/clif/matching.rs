//! Matching of bit strings: contexts, fields read from memory, parts of bit strings.
//!
//! All of it is in line for the frequent cases and allocates without a safepoint: where the young
//! heap is full, the runtime's function of the same meaning builds in a fragment. Bits are loaded as
//! the eight bytes that end with the field's last: the objects behind a context begin with at least
//! sixteen bytes that are no bits, so such a load never leaves them.

use super::calls::boxed_word;
use super::lower::{FLAGS, Lower};
use crate::ssa::{Arg, Inst, Op, Target};
use beamrc_abi::entry::{Entry, e};
use beamrc_abi::process as head;
use beamrc_abi::term::{
    HEAP_BITS_MAX_BYTES, Kind, NONVALUE, SHARED_BITS_MIN, TAG_BITS, TAG_BOXED, TAG_MASK, header,
    kind_bits, layout, word_offset,
};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{I8, I16, I32, I64};
use cranelift_codegen::ir::{self, BlockArg, InstBuilder};

/// Fields of at most this many bits lie within eight bytes wherever they start.
pub const READ_MAX_BITS: u32 = 57;

/// Bytes of bit strings have no alignment.
pub(super) const BYTES: fn() -> ir::MemFlagsData = || ir::MemFlagsData::new().with_notrap();

impl Lower<'_> {
    /// What a call into the runtime would give, if it is about bit strings and done here.
    pub fn bits_in_line(&mut self, inst: &Inst, handler: Option<&Target>) -> Option<ir::Value> {
        let Op::Entry(Entry { symbol, .. }) = inst.op else { return None };
        let raw = |i: usize| match inst.args[i] {
            Arg::Raw(n) => Some(n),
            _ => None,
        };
        if symbol == e::bs_start.symbol {
            Some(self.match_start(inst))
        } else if symbol == e::bs_get_bits.symbol {
            Some(self.match_bits(inst))
        } else if symbol == e::bs_get_tail.symbol {
            Some(self.match_tail(inst))
        } else if symbol == e::bs_get_utf8.symbol {
            Some(self.match_utf8(inst))
        } else if symbol == e::bs_field_size.symbol {
            raw(1).map(|unit| self.field_size(inst, unit))
        } else if symbol == e::bs_create.symbol || symbol == e::bs_append_plan.symbol {
            self.construct(inst, handler)
        } else {
            None
        }
    }
    /// Words of the young heap, or on in `slow` if it has none.
    pub fn alloc_or(&mut self, words: u64, slow: ir::Block) -> ir::Value {
        let none = self.b.ins().iconst(I64, 0);
        self.alloc_bytes_or(8 * words as i64, none, 0, slow)
    }
    /// The same of that many bytes and more, with some behind them that may be written to now.
    pub fn alloc_bytes_or(
        &mut self,
        bytes: i64,
        more: ir::Value,
        behind: i64,
        slow: ir::Block,
    ) -> ir::Value {
        let hp = self.process_field(head::HP);
        let new = self.b.ins().iadd_imm_s(hp, bytes);
        let new = self.b.ins().iadd(new, more);
        let written = self.b.ins().iadd_imm_s(new, behind);
        let limit = self.process_field(head::HEAP_LIMIT);
        let full = self.b.ins().icmp(IntCC::UnsignedGreaterThan, written, limit);
        self.unless_zero(full, slow);
        self.set_process_field(head::HP, new);
        hp
    }
    fn word(&mut self, object: ir::Value, index: usize) -> ir::Value {
        self.b.ins().load(I64, FLAGS(), object, boxed_word(index))
    }
    /// Whether a boxed object is of this kind.
    pub fn is_kind(&mut self, object: ir::Value, kind: Kind) -> ir::Value {
        let bits = self.b.ins().load(I8, FLAGS(), object, -(TAG_BOXED as i32));
        self.b.ins().icmp_imm_s(IntCC::Equal, bits, kind_bits(kind) as i8 as i64)
    }
    pub fn is_boxed(&mut self, value: ir::Value) -> ir::Value {
        let tag = self.b.ins().band_imm_s(value, TAG_MASK as i64);
        self.b.ins().icmp_imm_s(IntCC::Equal, tag, TAG_BOXED as i64)
    }

    // --- contexts

    /// A context goes on as it is; a bit string gets one.
    pub fn match_start(&mut self, inst: &Inst) -> ir::Value {
        let value = self.arg(&inst.args[0]);
        let [boxed, other, sub, not_sub, whole, make, slow, join] =
            [(); 8].map(|()| self.b.create_block());
        let result = self.b.append_block_param(join, I64);
        let [end, position, base] = [(); 3].map(|()| self.b.append_block_param(make, I64));
        self.b.set_cold_block(slow);
        let none = self.b.ins().iconst(I64, NONVALUE as i64);
        let is_boxed = self.is_boxed(value);
        self.b.ins().brif(is_boxed, boxed, &[], join, &[BlockArg::Value(none)]);
        self.switch_to(boxed);
        let context = self.is_kind(value, Kind::Match);
        self.b.ins().brif(context, join, &[BlockArg::Value(value)], other, &[]);
        self.switch_to(other);
        let is_sub = self.is_kind(value, Kind::SubBits);
        self.b.ins().brif(is_sub, sub, &[], not_sub, &[]);
        self.switch_to(sub);
        let size = self.word(value, layout::SUB_BITS_SIZE);
        let offset = self.word(value, layout::SUB_BITS_OFFSET);
        let behind = self.word(value, layout::SUB_BITS_BASE);
        let last = self.b.ins().iadd(offset, size);
        self.b.ins().jump(make, &[last, offset, behind].map(BlockArg::Value));
        self.switch_to(not_sub);
        let is_heap = self.is_kind(value, Kind::HeapBits);
        self.b.ins().brif(is_heap, whole, &[], join, &[BlockArg::Value(none)]);
        self.switch_to(whole);
        let size = self.word(value, layout::HEAP_BITS_SIZE);
        let zero = self.b.ins().iconst(I64, 0);
        self.b.ins().jump(make, &[size, zero, value].map(BlockArg::Value));
        self.switch_to(make);
        let object = self.alloc_or(4, slow);
        let head = self.b.ins().iconst(I64, header(Kind::Match, 3, 0) as i64);
        self.b.ins().store(FLAGS(), head, object, 0);
        self.b.ins().store(FLAGS(), end, object, word_offset(layout::MATCH_END));
        self.b.ins().store(
            self.position_flags,
            position,
            object,
            word_offset(layout::MATCH_POSITION),
        );
        self.b.ins().store(FLAGS(), base, object, word_offset(layout::MATCH_BASE));
        let made = self.b.ins().iadd_imm_s(object, TAG_BOXED as i64);
        self.b.ins().jump(join, &[BlockArg::Value(made)]);
        self.switch_to(slow);
        let made = self.call_slow(e::bs_start.symbol, &[value]);
        self.b.ins().jump(join, &[BlockArg::Value(made)]);
        self.switch_to(join);
        result
    }
    pub fn match_position(&mut self, context: ir::Value) -> ir::Value {
        self.b.ins().load(I64, self.position_flags, context, boxed_word(layout::MATCH_POSITION))
    }
    pub fn match_left(&mut self, context: ir::Value) -> ir::Value {
        let end = self.word(context, layout::MATCH_END);
        let position = self.match_position(context);
        self.b.ins().isub(end, position)
    }
    pub fn set_match_position(&mut self, context: ir::Value, position: ir::Value) {
        self.b.ins().store(
            self.position_flags,
            position,
            context,
            boxed_word(layout::MATCH_POSITION),
        );
    }
    pub fn match_advance(&mut self, context: ir::Value, bits: ir::Value) {
        let position = self.match_position(context);
        let position = self.b.ins().iadd(position, bits);
        self.set_match_position(context, position);
    }
    /// Address of the first byte behind a match context.
    fn match_data(&mut self, context: ir::Value) -> ir::Value {
        let base = self.word(context, layout::MATCH_BASE);
        self.bytes_behind(base)
    }
    /// Address of the bytes of a `HeapBits` or `BinRef`.
    pub fn bytes_behind(&mut self, base: ir::Value) -> ir::Value {
        let on_heap = self.is_kind(base, Kind::HeapBits);
        // The first word is the binary's address, or (unused) the size of bits on the heap.
        let binary = self.word(base, layout::BIN_REF_BINARY);
        let off_heap = self.b.ins().iadd_imm_s(binary, layout::BINARY_DATA_OFFSET as i64);
        let inline = self.b.ins().iadd_imm_s(base, boxed_word(layout::HEAP_BITS_DATA) as i64);
        self.b.ins().select(on_heap, inline, off_heap)
    }

    // --- fields that are known to be there

    /// The `bits` bits `at` bits behind the position, as a big-endian number (or, if `little`, which
    /// takes whole bytes, a little-endian one). Above them may stand anything but where the size is
    /// that of a machine integer.
    pub fn match_read(
        &mut self,
        context: ir::Value,
        at: u32,
        bits: u32,
        little: bool,
    ) -> ir::Value {
        assert!((1..=READ_MAX_BITS).contains(&bits));
        let position = self.match_position(context);
        let data = self.match_data(context);
        if (at | bits) % 8 != 0 {
            return self.read_anywhere(data, position, at, bits);
        }
        let [aligned, unaligned, join] = [(); 3].map(|()| self.b.create_block());
        let result = self.b.append_block_param(join, I64);
        self.b.set_cold_block(unaligned);
        let odd = self.b.ins().band_imm_s(position, 7);
        self.b.ins().brif(odd, unaligned, &[], aligned, &[]);
        self.switch_to(unaligned);
        let value = self.read_anywhere(data, position, at, bits);
        let value = if little { self.reverse_bytes(value, bits) } else { value };
        let value = if machine_integer(bits).is_some() {
            self.low_bits(value, 0, bits, false)
        } else {
            value
        };
        self.b.ins().jump(join, &[BlockArg::Value(value)]);
        self.switch_to(aligned);
        let byte = self.b.ins().ushr_imm_s(position, 3);
        let address = self.b.ins().iadd(data, byte);
        let value = self.read_bytes(address, at / 8, bits, little);
        self.b.ins().jump(join, &[BlockArg::Value(value)]);
        self.switch_to(join);
        result
    }
    fn read_bytes(
        &mut self,
        address: ir::Value,
        at_byte: u32,
        bits: u32,
        little: bool,
    ) -> ir::Value {
        if let Some(ty) = machine_integer(bits) {
            let raw = self.b.ins().load(ty, BYTES(), address, at_byte as i32);
            let raw = if bits > 8 && !little { self.b.ins().bswap(raw) } else { raw };
            return self.b.ins().uextend(I64, raw);
        }
        let end = (at_byte + bits / 8) as i32;
        let raw = self.b.ins().load(I64, BYTES(), address, end - 8);
        match little {
            true => self.b.ins().ushr_imm_s(raw, 64 - bits as i64),
            false => self.b.ins().bswap(raw),
        }
    }
    /// Big-endian bits that may start within a byte; above them stands anything.
    fn read_anywhere(
        &mut self,
        data: ir::Value,
        position: ir::Value,
        at: u32,
        bits: u32,
    ) -> ir::Value {
        let end = self.b.ins().iadd_imm_s(position, (at + bits) as i64);
        let last = self.b.ins().iadd_imm_s(end, 7);
        let byte = self.b.ins().ushr_imm_s(last, 3);
        let address = self.b.ins().iadd(data, byte);
        let raw = self.b.ins().load(I64, BYTES(), address, -8);
        let raw = self.b.ins().bswap(raw);
        let unused = self.b.ins().ineg(end);
        let unused = self.b.ins().band_imm_s(unused, 7);
        self.b.ins().ushr(raw, unused)
    }
    /// The bytes of the low `bits` bits, in the other order; above them stands anything.
    fn reverse_bytes(&mut self, value: ir::Value, bits: u32) -> ir::Value {
        let top = self.b.ins().ishl_imm_s(value, 64 - bits as i64);
        self.b.ins().bswap(top)
    }
    /// `bits` bits from bit `low` on, extended.
    fn low_bits(&mut self, value: ir::Value, low: u32, bits: u32, signed: bool) -> ir::Value {
        let top = self.b.ins().ishl_imm_s(value, 64 - (low + bits) as i64);
        let down = 64 - bits as i64;
        if signed { self.b.ins().sshr_imm_s(top, down) } else { self.b.ins().ushr_imm_s(top, down) }
    }
    /// Bits of a number that was read, as a small: `bits` from bit `low` on.
    pub fn field_term(
        &mut self,
        value: ir::Value,
        low: u32,
        bits: u32,
        little: bool,
        signed: bool,
    ) -> ir::Value {
        const IMMEDIATE_BITS: u32 = 31;
        if little && bits > 8 {
            let moved = self.b.ins().ushr_imm_s(value, low as i64);
            let reversed = self.reverse_bytes(moved, bits);
            return self.field_term(reversed, 0, bits, false, signed);
        }
        if signed || bits + TAG_BITS > IMMEDIATE_BITS {
            let raw = self.low_bits(value, low, bits, signed);
            return self.b.ins().ishl_imm_s(raw, TAG_BITS as i64);
        }
        let tagged = match low.cmp(&TAG_BITS) {
            std::cmp::Ordering::Less => self.b.ins().ishl_imm_s(value, (TAG_BITS - low) as i64),
            std::cmp::Ordering::Equal => value,
            std::cmp::Ordering::Greater => self.b.ins().ushr_imm_s(value, (low - TAG_BITS) as i64),
        };
        self.b.ins().band_imm_s(tagged, ((1i64 << bits) - 1) << TAG_BITS)
    }
    /// One field as a small.
    pub fn match_integer(
        &mut self,
        context: ir::Value,
        at: u32,
        bits: u32,
        little: bool,
        signed: bool,
    ) -> ir::Value {
        let at_byte = at % 8 == 0;
        let raw = self.match_read(context, at, bits, little && at_byte && bits > 8);
        match machine_integer(bits).filter(|_| at_byte) {
            None => self.field_term(raw, 0, bits, little && !at_byte, signed),
            Some(ty) => {
                let raw = if signed {
                    let narrow = self.b.ins().ireduce(ty, raw);
                    self.b.ins().sextend(I64, narrow)
                } else {
                    raw
                };
                self.b.ins().ishl_imm_s(raw, TAG_BITS as i64)
            }
        }
    }

    // --- parts

    /// What `bs_get_bits` says of a size that is known to be there.
    fn match_bits(&mut self, inst: &Inst) -> ir::Value {
        let (context, size) = (self.arg(&inst.args[0]), self.arg(&inst.args[1]));
        self.part(context, size, true, e::bs_get_bits.symbol, &[context, size])
    }
    /// What `bs_get_tail` says.
    fn match_tail(&mut self, inst: &Inst) -> ir::Value {
        let context = self.arg(&inst.args[0]);
        let left = self.match_left(context);
        self.part(context, left, false, e::bs_get_tail.symbol, &[context])
    }
    /// The next `size` bits of a context: up to sixteen bytes are copied, large parts share what is
    /// behind the context, others are left to the runtime.
    fn part(
        &mut self,
        context: ir::Value,
        size: ir::Value,
        advance: bool,
        symbol: &str,
        args: &[ir::Value],
    ) -> ir::Value {
        let [small, not_small, share, call, join] = [(); 5].map(|()| self.b.create_block());
        let result = self.b.append_block_param(join, I64);
        let position = self.match_position(context);
        let base = self.word(context, layout::MATCH_BASE);
        let odd = self.b.ins().bor(position, size);
        let odd = self.b.ins().band_imm_s(odd, 7);
        let below = self.b.ins().iadd_imm_s(size, -1);
        // An odd one is as large as can be.
        let odd = self.b.ins().ishl_imm_s(odd, 32);
        let below = self.b.ins().bor(below, odd);
        let is_small = self.b.ins().icmp_imm_s(IntCC::UnsignedLessThan, below, 128);
        self.b.ins().brif(is_small, small, &[], not_small, &[]);
        self.switch_to(small);
        self.copy_words(context, position, size, advance, call, join);
        self.switch_to(not_small);
        let on_heap = self.is_kind(base, Kind::HeapBits);
        let [heap_min, binary_min] = [SHARED_BITS_MIN, 8 * HEAP_BITS_MAX_BYTES + 1]
            .map(|min| self.b.ins().iconst(I64, min as i64));
        let min = self.b.ins().select(on_heap, heap_min, binary_min);
        let large = self.b.ins().icmp(IntCC::UnsignedGreaterThanOrEqual, size, min);
        self.b.ins().brif(large, share, &[], call, &[]);
        self.switch_to(share);
        let made = self.object_or(header(Kind::SubBits, 3, 0), &[size, position, base], call);
        let end = self.b.ins().iadd(position, size);
        self.advance_to(context, end, advance);
        self.b.ins().jump(join, &[BlockArg::Value(made)]);
        self.switch_to(call);
        let made = self.call_runtime(symbol, args);
        self.b.ins().jump(join, &[BlockArg::Value(made)]);
        self.switch_to(join);
        result
    }
    /// Copies one to sixteen bytes.
    fn copy_words(
        &mut self,
        context: ir::Value,
        position: ir::Value,
        size: ir::Value,
        advance: bool,
        slow: ir::Block,
        join: ir::Block,
    ) {
        let [one, two] = [(); 2].map(|()| self.b.create_block());
        let data = self.match_data(context);
        let end = self.b.ins().iadd(position, size);
        let end_byte = self.b.ins().ushr_imm_s(end, 3);
        let behind = self.b.ins().iadd(data, end_byte);
        let last = self.b.ins().load(I64, BYTES(), behind, -8);
        // The bytes before the last word leave it: their bits are 64 less the size, modulo 64.
        let unused = self.b.ins().ineg(size);
        let last = self.b.ins().ushr(last, unused);
        let more = self.b.ins().icmp_imm_s(IntCC::UnsignedGreaterThan, size, 64);
        self.b.ins().brif(more, two, &[], one, &[]);
        self.switch_to(one);
        let made = self.object_or(header(Kind::HeapBits, 2, 0), &[size, last], slow);
        self.advance_to(context, end, advance);
        self.b.ins().jump(join, &[BlockArg::Value(made)]);
        self.switch_to(two);
        let byte = self.b.ins().ushr_imm_s(position, 3);
        let address = self.b.ins().iadd(data, byte);
        let first = self.b.ins().load(I64, BYTES(), address, 0);
        let made = self.object_or(header(Kind::HeapBits, 3, 0), &[size, first, last], slow);
        self.advance_to(context, end, advance);
        self.b.ins().jump(join, &[BlockArg::Value(made)]);
    }
    fn advance_to(&mut self, context: ir::Value, position: ir::Value, advance: bool) {
        if advance {
            self.set_match_position(context, position);
        }
    }
    /// An object of a header and these words.
    fn object_or(&mut self, header: u64, words: &[ir::Value], slow: ir::Block) -> ir::Value {
        let object = self.alloc_or(1 + words.len() as u64, slow);
        let header = self.b.ins().iconst(I64, header as i64);
        self.b.ins().store(FLAGS(), header, object, 0);
        for (i, word) in words.iter().enumerate() {
            self.b.ins().store(FLAGS(), *word, object, 8 * (1 + i as i32));
        }
        self.b.ins().iadd_imm_s(object, TAG_BOXED as i64)
    }

    // --- sizes and characters

    /// What `bs_field_size` says.
    pub fn field_size(&mut self, inst: &Inst, unit: i64) -> ir::Value {
        /// Sizes below this are no matter for any unit.
        const FREQUENT: i64 = 1 << 40;
        let size = self.arg(&inst.args[0]);
        let [slow, join] = [(); 2].map(|()| self.b.create_block());
        let result = self.b.append_block_param(join, I64);
        self.b.set_cold_block(slow);
        let known = super::arith::known(&inst.args[0], inst.arg_type(0));
        self.check_small(&[size], &[known], slow);
        let large =
            self.b.ins().icmp_imm_s(IntCC::UnsignedGreaterThanOrEqual, size, FREQUENT << TAG_BITS);
        self.unless_zero(large, slow);
        let bits = match unit {
            8 => size,
            _ => {
                let raw = self.b.ins().ushr_imm_s(size, TAG_BITS as i64);
                self.b.ins().imul_imm_s(raw, unit)
            }
        };
        self.b.ins().jump(join, &[BlockArg::Value(bits)]);
        self.switch_to(slow);
        let unit = self.b.ins().iconst(I64, unit);
        let bits = self.call_slow(e::bs_field_size.symbol, &[size, unit]);
        self.b.ins().jump(join, &[BlockArg::Value(bits)]);
        self.switch_to(join);
        result
    }
    /// What `bs_get_utf8` says; in line for ASCII that starts at a byte.
    pub fn match_utf8(&mut self, inst: &Inst) -> ir::Value {
        let context = self.arg(&inst.args[0]);
        let [some, aligned, ascii, other, join] = [(); 5].map(|()| self.b.create_block());
        let result = self.b.append_block_param(join, I64);
        let left = self.match_left(context);
        let none = self.b.ins().iconst(I64, NONVALUE as i64);
        let short = self.b.ins().icmp_imm_s(IntCC::SignedLessThan, left, 8);
        self.b.ins().brif(short, join, &[BlockArg::Value(none)], some, &[]);
        self.switch_to(some);
        let position = self.match_position(context);
        let odd = self.b.ins().band_imm_s(position, 7);
        self.b.ins().brif(odd, other, &[], aligned, &[]);
        self.switch_to(aligned);
        let data = self.match_data(context);
        let byte = self.b.ins().ushr_imm_s(position, 3);
        let address = self.b.ins().iadd(data, byte);
        let point = self.b.ins().load(I8, BYTES(), address, 0);
        let point = self.b.ins().uextend(I64, point);
        let large = self.b.ins().icmp_imm_s(IntCC::UnsignedGreaterThanOrEqual, point, 0x80);
        self.b.ins().brif(large, other, &[], ascii, &[]);
        self.switch_to(ascii);
        let behind = self.b.ins().iadd_imm_s(position, 8);
        self.set_match_position(context, behind);
        let point = self.b.ins().ishl_imm_s(point, TAG_BITS as i64);
        self.b.ins().jump(join, &[BlockArg::Value(point)]);
        self.switch_to(other);
        let point = self.call_runtime(e::bs_get_utf8.symbol, &[context]);
        self.b.ins().jump(join, &[BlockArg::Value(point)]);
        self.switch_to(join);
        result
    }
}

fn machine_integer(bits: u32) -> Option<ir::Type> {
    match bits {
        8 => Some(I8),
        16 => Some(I16),
        32 => Some(I32),
        _ => None,
    }
}
