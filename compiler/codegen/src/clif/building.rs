//! Construction of bit strings in line: integers of known sizes, constants, characters, small binaries.
//!
//! Such a bit string is built where it will stand: a small one in fresh words of the heap, an
//! appended one behind the last bit of an off-heap binary with one owner and room left, or of a
//! private object on the heap. Nothing is changed before everything has been checked; what fails a
//! check is left to the runtime from the start, which also finds out what is wrong. Bits are
//! gathered at the top of a word, and eight bytes are stored at a time; behind the last bit of a
//! value stands nothing that counts, so there a store may reach further than the value.

use super::calls::boxed_word;
use super::lower::{FLAGS, Lower};
use super::matching::BYTES;
use crate::ssa::{Arg, Fails, Inst, Op, Plan, Target};
use beamrc_abi::entry::{SIZE_ALL, SegmentKind};
use beamrc_abi::term::{
    self, HEAP_BITS_MAX_BYTES, Kind, LITERAL_END, PRIVATE_BITS, TAG_BITS, TAG_BOXED, TAG_MASK,
    layout,
};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{I8, I64};
use cranelift_codegen::ir::{self, BlockArg, InstBuilder};

/// Bits of a word that is stored behind others that end within its first byte.
const UNALIGNED_WORD: u32 = 56;
/// Above this, characters are left to the runtime.
const UTF8_MAX: i64 = 0xd800;
const UTF8_MAX_BITS: u32 = 24;
/// More in one plan would be more code than it saves time.
const PLAN_MAX_BITS: u64 = 8 * HEAP_BITS_MAX_BYTES as u64;

const PLAN_MAX_BINARIES: usize = 3;
/// More bytes are copied by the runtime.
const COPY_MAX_BYTES: i64 = 256;

/// What a plan puts together.
enum Piece {
    Constant {
        value: u64,
        bits: u32,
    },
    Integer {
        arg: Arg,
        bits: u32,
        little: bool,
    },
    Utf8 {
        arg: Arg,
    },
    /// All of a binary.
    Binary {
        arg: Arg,
    },
}

impl Piece {
    /// Bits that it takes at most, if that is known.
    fn max_bits(&self) -> u32 {
        match self {
            Piece::Binary { .. } => 0,
            Piece::Constant { bits, .. } | Piece::Integer { bits, .. } => *bits,
            Piece::Utf8 { .. } => UTF8_MAX_BITS,
        }
    }
}

/// A plan of pieces alone, behind the value that is appended to if there is one.
struct Pieces {
    target: Option<Appended>,
    pieces: Vec<Piece>,
    /// Of all but binaries.
    max_bits: u32,
    has_characters: bool,
    has_binaries: bool,
    /// Always a whole number of bytes.
    whole_bytes: bool,
    /// So is what every store ends with.
    whole_stores: bool,
}

/// How the first segment's value is appended to.
#[derive(Clone, Copy)]
struct Appended {
    /// It is not used again.
    private: bool,
    unit: u32,
}

/// The pieces of a plan, if it consists of such; `args` are its values.
fn pieces(plan: &Plan, args: &[Arg]) -> Option<Pieces> {
    let mut args = args.iter();
    let mut segments = &plan.segments[..];
    let mut target = None;
    if let [first, rest @ ..] = segments
        && matches!(first.segment.kind, SegmentKind::Append | SegmentKind::PrivateAppend)
    {
        let private = first.segment.kind == SegmentKind::PrivateAppend;
        let unit = if private { 1 } else { first.segment.unit as u32 };
        if !unit.is_power_of_two() {
            return None;
        }
        target = Some(Appended { private, unit });
        args.next();
        segments = rest;
    }
    let mut pieces: Vec<Piece> = vec![];
    let whole_bytes =
        |pieces: &[Piece]| pieces.iter().map(Piece::max_bits).sum::<u32>().is_multiple_of(8);
    for s in segments {
        let known = s.segment.size.checked_mul(s.segment.unit as u64).filter(|bits| *bits <= 64);
        match s.segment.kind {
            SegmentKind::Integer => {
                let bits = known.filter(|bits| *bits > 0)? as u32;
                let little = s.segment.flags & 1 != 0;
                if little && bits % 8 != 0 {
                    return None;
                }
                pieces.push(match args.next()? {
                    Arg::Small(n) => Piece::Constant { value: field_of(*n, bits, little), bits },
                    arg => Piece::Integer { arg: arg.clone(), bits, little },
                });
            }
            SegmentKind::String => pieces.extend(s.string.chunks(7).map(|bytes| Piece::Constant {
                value: bytes.iter().fold(0, |value, byte| value << 8 | *byte as u64),
                bits: 8 * bytes.len() as u32,
            })),
            SegmentKind::Utf8 => pieces.push(Piece::Utf8 { arg: args.next()?.clone() }),
            // Its bytes are copied as they are: it begins with a byte.
            SegmentKind::Binary
                if s.segment.size == SIZE_ALL
                    && 8 % s.segment.unit == 0
                    && whole_bytes(&pieces) =>
            {
                pieces.push(Piece::Binary { arg: args.next()?.clone() });
            }
            _ => return None,
        }
    }
    let max_bits: u64 = pieces.iter().map(|p| p.max_bits() as u64).sum();
    let has_characters = pieces.iter().any(|p| matches!(p, Piece::Utf8 { .. }));
    let binaries = pieces.iter().filter(|p| matches!(p, Piece::Binary { .. })).count();
    let has_binaries = binaries > 0;
    let whole_bytes = whole_bytes(&pieces);
    // One store takes what fits a word; of more, several end where pieces end.
    let whole_stores = whole_bytes
        && (max_bits <= 64 || pieces.iter().all(|piece| piece.max_bits().is_multiple_of(8)));
    let limit =
        if has_characters && !has_binaries && target.is_none() { 64 } else { PLAN_MAX_BITS };
    let is_some = max_bits > 0 || has_binaries;
    if !is_some || max_bits > limit || binaries > PLAN_MAX_BINARIES || has_binaries && !whole_bytes
    {
        return None;
    }
    Some(Pieces {
        target,
        pieces,
        max_bits: max_bits as u32,
        has_characters,
        has_binaries,
        whole_bytes,
        whole_stores,
    })
}

/// The low bits of a number as they stand in memory, first to last.
fn field_of(value: i64, bits: u32, little: bool) -> u64 {
    let top = (value as u64) << (64 - bits);
    match little {
        true => (top >> (64 - bits)).swap_bytes() >> (64 - bits),
        false => top >> (64 - bits),
    }
}

/// Bits at the top of a word under construction.
#[derive(Clone, Copy)]
struct Word {
    known: u64,
    value: Option<ir::Value>,
    /// Bits in it as far as they are known now, and those that are not.
    filled: u32,
    more: Option<ir::Value>,
    max: u32,
}

const EMPTY: Word = Word { known: 0, value: None, filled: 0, more: None, max: 0 };

/// A piece that is ready: its bits at the top of a word of zeros.
enum Top {
    Known(u64, u32),
    Value(ir::Value, u32),
    /// Number of bits at the end.
    Character(ir::Value, ir::Value),
    /// No bits but bytes elsewhere: their address and number.
    Bytes(ir::Value, ir::Value),
}

/// Where the bits of an appended value go.
struct Place {
    /// First byte of the memory and the bit to go on at.
    data: ir::Value,
    at: ir::Value,
}

impl Lower<'_> {
    /// What `bs_create` and `bs_append_plan` say, if the plan can be built in line.
    pub fn construct(&mut self, inst: &Inst, handler: Option<&Target>) -> Option<ir::Value> {
        let (Op::Entry(entry), Arg::Plan(plan)) = (&inst.op, &inst.args[0]) else { return None };
        let plan = pieces(&self.f.plans[*plan as usize], &inst.args[entry.arity..])?;
        let [slow, join] = [(); 2].map(|()| self.b.create_block());
        let result = self.b.append_block_param(join, I64);
        let tops = self.tops(&plan, inst, entry.arity, slow);
        let made = match plan.target {
            None if plan.has_binaries => self.create_of_binaries(&plan, &tops, slow),
            None => self.create(&plan, &tops, slow),
            Some(target) => {
                let value = self.arg(&inst.args[entry.arity]);
                self.append(&plan, target, value, &tops, slow)
            }
        };
        self.b.ins().jump(join, &[BlockArg::Value(made)]);
        self.switch_to(slow);
        let made = self.call_entry(entry, inst);
        if inst.fails == Fails::Throws {
            self.raise_if_no_value(made, handler);
        }
        self.b.ins().jump(join, &[BlockArg::Value(made)]);
        self.switch_to(join);
        Some(result)
    }

    // --- pieces

    /// Checks all values and gets them ready.
    fn tops(
        &mut self,
        plan: &Pieces,
        inst: &Inst,
        first_value: usize,
        slow: ir::Block,
    ) -> Vec<Top> {
        let mut unknown: Option<ir::Value> = None;
        for piece in &plan.pieces {
            let (Piece::Integer { arg, .. } | Piece::Utf8 { arg }) = piece else { continue };
            let index = (first_value..inst.args.len())
                .find(|i| inst.args[*i] == *arg)
                .expect("a value of the plan");
            if !super::arith::known(arg, inst.arg_type(index)).small {
                let value = self.arg(arg);
                unknown = Some(match unknown {
                    None => value,
                    Some(others) => self.b.ins().bor(others, value),
                });
            }
        }
        if let Some(all) = unknown {
            let tags = self.b.ins().band_imm_s(all, TAG_MASK as i64);
            self.unless_zero(tags, slow);
        }
        plan.pieces.iter().map(|piece| self.top(piece, slow)).collect()
    }
    fn top(&mut self, piece: &Piece, slow: ir::Block) -> Top {
        match piece {
            Piece::Constant { value, bits } => Top::Known(*value << (64 - bits), *bits),
            Piece::Integer { arg, bits, little } => {
                let value = self.arg(arg);
                let bits = *bits;
                let top = if *little && bits > 8 {
                    let raw = self.b.ins().sshr_imm_s(value, TAG_BITS as i64);
                    let bytes = self.b.ins().bswap(raw);
                    self.keep_top(bytes, bits)
                } else if bits + TAG_BITS <= 64 {
                    self.b.ins().ishl_imm_s(value, (64 - TAG_BITS - bits) as i64)
                } else {
                    let raw = self.b.ins().sshr_imm_s(value, TAG_BITS as i64);
                    self.b.ins().ishl_imm_s(raw, 64 - bits as i64)
                };
                Top::Value(top, bits)
            }
            Piece::Utf8 { arg } => {
                let value = self.arg(arg);
                let (top, bits) = self.character(value, slow);
                Top::Character(top, bits)
            }
            Piece::Binary { arg } => {
                let value = self.arg(arg);
                let (address, count) = self.bytes_of(value, slow);
                Top::Bytes(address, count)
            }
        }
    }
    /// Where the bytes of a binary are, and how many.
    fn bytes_of(&mut self, value: ir::Value, slow: ir::Block) -> (ir::Value, ir::Value) {
        let [whole, other, join] = [(); 3].map(|()| self.b.create_block());
        let address = self.b.append_block_param(join, I64);
        let is_boxed = self.is_boxed(value);
        self.only_if(is_boxed, slow);
        let is_whole = self.is_kind(value, Kind::HeapBits);
        self.b.ins().brif(is_whole, whole, &[], other, &[]);
        self.switch_to(whole);
        let data = self.b.ins().iadd_imm_s(value, boxed_word(layout::HEAP_BITS_DATA) as i64);
        self.b.ins().jump(join, &[BlockArg::Value(data)]);
        self.switch_to(other);
        let is_part = self.is_kind(value, Kind::SubBits);
        self.only_if(is_part, slow);
        let offset = self.b.ins().load(I64, FLAGS(), value, boxed_word(layout::SUB_BITS_OFFSET));
        let odd = self.b.ins().band_imm_s(offset, 7);
        self.unless_zero(odd, slow);
        let base = self.b.ins().load(I64, FLAGS(), value, boxed_word(layout::SUB_BITS_BASE));
        let data = self.bytes_behind(base);
        let byte = self.b.ins().ushr_imm_s(offset, 3);
        let data = self.b.ins().iadd(data, byte);
        self.b.ins().jump(join, &[BlockArg::Value(data)]);
        self.switch_to(join);
        let size = self.b.ins().load(I64, FLAGS(), value, boxed_word(layout::SUB_BITS_SIZE));
        let odd = self.b.ins().band_imm_s(size, 7);
        self.unless_zero(odd, slow);
        (address, self.b.ins().ushr_imm_s(size, 3))
    }
    fn keep_top(&mut self, value: ir::Value, bits: u32) -> ir::Value {
        if bits == 64 {
            return value;
        }
        let mask = self.b.ins().iconst(I64, (u64::MAX << (64 - bits)) as i64);
        self.b.ins().band(value, mask)
    }
    /// UTF-8 of a small at the top of a word, and its number of bits.
    fn character(&mut self, value: ir::Value, slow: ir::Block) -> (ir::Value, ir::Value) {
        let [one, more, two, three, join] = [(); 5].map(|()| self.b.create_block());
        let (top, bits) =
            (self.b.append_block_param(join, I64), self.b.append_block_param(join, I64));
        let point = self.b.ins().ushr_imm_s(value, TAG_BITS as i64);
        let ascii = self.b.ins().icmp_imm_s(IntCC::UnsignedLessThan, point, 0x80);
        self.b.ins().brif(ascii, one, &[], more, &[]);
        self.switch_to(one);
        let byte = self.b.ins().ishl_imm_s(point, 56);
        self.join_character(byte, 8, join);
        self.switch_to(more);
        let large = self.b.ins().icmp_imm_s(IntCC::UnsignedGreaterThanOrEqual, point, UTF8_MAX);
        self.unless_zero(large, slow);
        // The low six bits of the last byte, under the bits that are above them in the next.
        let last = self.b.ins().band_imm_s(point, 0x3f);
        let above = self.b.ins().ushr_imm_s(point, 6);
        let short = self.b.ins().icmp_imm_s(IntCC::UnsignedLessThan, point, 0x800);
        self.b.ins().brif(short, two, &[], three, &[]);
        self.switch_to(two);
        let first = self.b.ins().ishl_imm_s(above, 8);
        let bytes = self.b.ins().bor(first, last);
        let bytes = self.b.ins().bor_imm_s(bytes, 0xc080);
        let bytes = self.b.ins().ishl_imm_s(bytes, 48);
        self.join_character(bytes, 16, join);
        self.switch_to(three);
        let middle = self.b.ins().band_imm_s(above, 0x3f);
        let middle = self.b.ins().ishl_imm_s(middle, 8);
        let first = self.b.ins().ushr_imm_s(above, 6);
        let first = self.b.ins().ishl_imm_s(first, 16);
        let bytes = self.b.ins().bor(first, middle);
        let bytes = self.b.ins().bor(bytes, last);
        let bytes = self.b.ins().bor_imm_s(bytes, 0xe0_8080);
        let bytes = self.b.ins().ishl_imm_s(bytes, 40);
        self.join_character(bytes, 24, join);
        self.switch_to(join);
        (top, bits)
    }
    fn join_character(&mut self, top: ir::Value, bits: i64, join: ir::Block) {
        let bits = self.b.ins().iconst(I64, bits);
        self.b.ins().jump(join, &[BlockArg::Value(top), BlockArg::Value(bits)]);
    }
    // --- words

    /// Adds a piece that has room; bits that do not fit are lost.
    fn gather(&mut self, word: &mut Word, top: &Top) {
        let (value, bits) = match top {
            Top::Known(known, bits) if word.more.is_none() => {
                word.known |= known >> word.filled;
                word.filled += bits;
                word.max += bits;
                return;
            }
            Top::Known(known, bits) => (self.b.ins().iconst(I64, *known as i64), *bits),
            Top::Value(value, bits) => (*value, *bits),
            Top::Character(value, _) => (*value, UTF8_MAX_BITS),
            Top::Bytes(..) => unreachable!("bytes are not gathered"),
        };
        let mut value = value;
        if word.filled > 0 {
            value = self.b.ins().ushr_imm_s(value, word.filled as i64);
        }
        if let Some(more) = word.more {
            value = self.b.ins().ushr(value, more);
        }
        word.value = Some(match word.value {
            None => value,
            Some(others) => self.b.ins().bor(others, value),
        });
        word.max += bits;
        match top {
            Top::Character(_, bits) => {
                word.more = Some(match word.more {
                    None => *bits,
                    Some(more) => self.b.ins().iadd(more, *bits),
                });
            }
            _ => word.filled += bits,
        }
    }
    fn word_value(&mut self, word: &Word) -> ir::Value {
        match (word.value, word.known) {
            (Some(value), 0) => value,
            (None, known) => self.b.ins().iconst(I64, known as i64),
            (Some(value), known) => {
                let known = self.b.ins().iconst(I64, known as i64);
                self.b.ins().bor(value, known)
            }
        }
    }
    /// Bits in a word.
    fn word_bits(&mut self, word: &Word) -> ir::Value {
        match word.more {
            Some(more) => self.b.ins().iadd_imm_s(more, word.filled as i64),
            None => self.b.ins().iconst(I64, word.filled as i64),
        }
    }
    fn store_big_endian(&mut self, value: ir::Value, address: ir::Value, offset: i32) {
        let bytes = self.b.ins().bswap(value);
        self.b.ins().store(BYTES(), bytes, address, offset);
    }

    // --- a new bit string

    fn create(&mut self, plan: &Pieces, tops: &[Top], slow: ir::Block) -> ir::Value {
        let words = plan.max_bits.div_ceil(64);
        let object = self.alloc_or(2 + words as u64, slow);
        self.store_word(object, 0, term::header(Kind::HeapBits, 1 + words as u64, 0) as i64);
        let data = term::word_offset(layout::HEAP_BITS_DATA);
        let mut word = EMPTY;
        let mut stored = 0;
        for top in tops {
            let (filled, bits) = (word.filled, top_bits(top));
            self.gather(&mut word, top);
            if plan.has_characters || filled + bits < 64 {
                continue;
            }
            let value = self.word_value(&word);
            self.store_big_endian(value, object, data + 8 * stored);
            stored += 1;
            // What did not fit begins the next word.
            word = EMPTY;
            if filled + bits > 64 {
                let lost = 64 - filled;
                let rest = match top {
                    Top::Known(known, _) => Top::Known(known << lost, bits - lost),
                    Top::Value(value, _) => {
                        Top::Value(self.b.ins().ishl_imm_s(*value, lost as i64), bits - lost)
                    }
                    Top::Character(..) | Top::Bytes(..) => {
                        unreachable!("all characters fit one word")
                    }
                };
                self.gather(&mut word, &rest);
            }
        }
        let size = if plan.has_characters {
            self.word_bits(&word)
        } else {
            self.b.ins().iconst(I64, plan.max_bits as i64)
        };
        if word.max > 0 {
            let value = self.word_value(&word);
            self.store_big_endian(value, object, data + 8 * stored);
        }
        self.b.ins().store(FLAGS(), size, object, term::word_offset(layout::HEAP_BITS_SIZE));
        self.b.ins().iadd_imm_s(object, TAG_BOXED as i64)
    }
    /// A binary on the heap whose size is not known yet.
    fn create_of_binaries(&mut self, plan: &Pieces, tops: &[Top], slow: ir::Block) -> ir::Value {
        let fixed: u32 = tops
            .iter()
            .map(|t| if let Top::Known(_, n) | Top::Value(_, n) = t { *n } else { 0 })
            .sum();
        let mut bytes = self.b.ins().iconst(I64, fixed as i64 / 8);
        for top in tops {
            let more = match top {
                Top::Bytes(_, count) => *count,
                Top::Character(_, bits) => self.b.ins().ushr_imm_s(*bits, 3),
                _ => continue,
            };
            bytes = self.b.ins().iadd(bytes, more);
        }
        let large =
            self.b.ins().icmp_imm_s(IntCC::UnsignedGreaterThan, bytes, HEAP_BITS_MAX_BYTES as i64);
        self.unless_zero(large, slow);
        let up = self.b.ins().iadd_imm_s(bytes, 7);
        let padded = self.b.ins().band_imm_s(up, !7);
        // The last store may reach one word further.
        let object = self.alloc_bytes_or(16, padded, 8, slow);
        let last = self.b.ins().iadd(object, padded);
        let zero = self.b.ins().iconst(I64, 0);
        self.b.ins().store(FLAGS(), zero, last, 8);
        let words = self.b.ins().ishl_imm_s(padded, (term::HEADER_SIZE_SHIFT - 3) as i64);
        let header = self.b.ins().iadd_imm_s(words, term::header(Kind::HeapBits, 1, 0) as i64);
        self.b.ins().store(FLAGS(), header, object, 0);
        let size = self.b.ins().ishl_imm_s(bytes, 3);
        self.b.ins().store(FLAGS(), size, object, term::word_offset(layout::HEAP_BITS_SIZE));
        let data =
            self.b.ins().iadd_imm_s(object, term::word_offset(layout::HEAP_BITS_DATA) as i64);
        self.write(plan, tops, Place { data, at: zero });
        self.b.ins().iadd_imm_s(object, TAG_BOXED as i64)
    }
    fn store_word(&mut self, object: ir::Value, offset: i32, word: i64) {
        let word = self.b.ins().iconst(I64, word);
        self.b.ins().store(FLAGS(), word, object, offset);
    }

    // --- an appended one

    fn append(
        &mut self,
        plan: &Pieces,
        Appended { private, unit }: Appended,
        value: ir::Value,
        tops: &[Top],
        slow: ir::Block,
    ) -> ir::Value {
        let [boxed, write] = [(); 2].map(|()| self.b.create_block());
        // Address of the bytes, the bit to go on at, and where the memory's own end stands.
        let [data, at, end_cell] = [(); 3].map(|()| self.b.append_block_param(write, I64));
        let is_boxed = self.is_boxed(value);
        self.b.ins().brif(is_boxed, boxed, &[], slow, &[]);
        self.switch_to(boxed);
        let header = self.b.ins().load(I64, FLAGS(), value, -(TAG_BOXED as i32));
        let size = self.b.ins().load(I64, FLAGS(), value, boxed_word(layout::SUB_BITS_SIZE));
        let is_sub =
            self.b.ins().icmp_imm_s(IntCC::Equal, header, term::header(Kind::SubBits, 3, 0) as i64);
        if private {
            let [sub, other] = [(); 2].map(|()| self.b.create_block());
            self.b.ins().brif(is_sub, sub, &[], other, &[]);
            self.switch_to(other);
            self.behind_private(plan, tops, value, (header, size), slow, write);
            self.switch_to(sub);
        } else {
            self.only_if(is_sub, slow);
        }
        self.behind_binary((plan, unit), tops, value, size, slow, write);
        self.switch_to(write);
        // Room for the new term, before anything is written.
        let object = if private { None } else { Some(self.alloc_or(4, slow)) };
        let end = self.write(plan, tops, Place { data, at });
        self.b.ins().store(FLAGS(), end, end_cell, 0);
        let added = self.b.ins().isub(end, at);
        let size = self.b.ins().iadd(size, added);
        let Some(object) = object else {
            self.b.ins().store(FLAGS(), size, value, boxed_word(layout::SUB_BITS_SIZE));
            return value;
        };
        self.store_word(object, 0, term::header(Kind::SubBits, 3, 0) as i64);
        self.b.ins().store(FLAGS(), size, object, term::word_offset(layout::SUB_BITS_SIZE));
        for index in [layout::SUB_BITS_OFFSET, layout::SUB_BITS_BASE] {
            let word = self.b.ins().load(I64, FLAGS(), value, boxed_word(index));
            self.b.ins().store(FLAGS(), word, object, term::word_offset(index));
        }
        self.b.ins().iadd_imm_s(object, TAG_BOXED as i64)
    }
    /// Behind a part of an off-heap binary: if it is the last, and its owner the only one.
    fn behind_binary(
        &mut self,
        (plan, unit): (&Pieces, u32),
        tops: &[Top],
        value: ir::Value,
        size: ir::Value,
        slow: ir::Block,
        write: ir::Block,
    ) {
        let base = self.b.ins().load(I64, FLAGS(), value, boxed_word(layout::SUB_BITS_BASE));
        // Other processes read literals without a reference of their own.
        let not_literal = self.b.ins().ushr_imm_s(base, LITERAL_END.trailing_zeros() as i64);
        self.only_if(not_literal, slow);
        let off_heap = self.is_kind(base, Kind::BinRef);
        self.only_if(off_heap, slow);
        let offset = self.b.ins().load(I64, FLAGS(), value, boxed_word(layout::SUB_BITS_OFFSET));
        let end = self.b.ins().iadd(offset, size);
        if plan.whole_bytes {
            let odd = if unit > 1 { self.b.ins().bor(end, size) } else { end };
            let odd = self.b.ins().band_imm_s(odd, 7);
            self.unless_zero(odd, slow);
        }
        if unit > 1 && !(plan.whole_bytes && unit <= 8) {
            let rest = self.b.ins().band_imm_s(size, unit as i64 - 1);
            self.unless_zero(rest, slow);
        }
        let binary = self.b.ins().load(I64, FLAGS(), base, boxed_word(layout::BIN_REF_BINARY));
        let owners = self.b.ins().load(I64, FLAGS(), binary, layout::BINARY_REFERENCES_OFFSET);
        let shared = self.b.ins().icmp_imm_s(IntCC::NotEqual, owners, 1);
        self.unless_zero(shared, slow);
        let used = self.b.ins().load(I64, FLAGS(), binary, layout::BINARY_SIZE_OFFSET);
        let inner = self.b.ins().icmp(IntCC::NotEqual, used, end);
        self.unless_zero(inner, slow);
        let capacity = self.b.ins().load(I64, FLAGS(), binary, layout::BINARY_CAPACITY_OFFSET);
        let needed = self.room_needed(plan, tops, end, slow);
        let full = self.b.ins().icmp(IntCC::UnsignedGreaterThan, needed, capacity);
        self.unless_zero(full, slow);
        let data = self.b.ins().iadd_imm_s(binary, layout::BINARY_DATA_OFFSET as i64);
        let cell = self.b.ins().iadd_imm_s(binary, layout::BINARY_SIZE_OFFSET as i64);
        self.b.ins().jump(write, &[data, end, cell].map(BlockArg::Value));
    }
    /// Behind an object on the heap that only the caller has, and that has room for the largest.
    fn behind_private(
        &mut self,
        plan: &Pieces,
        tops: &[Top],
        value: ir::Value,
        (header, size): (ir::Value, ir::Value),
        slow: ir::Block,
        write: ir::Block,
    ) {
        let own = term::header(Kind::HeapBits, 1 + HEAP_BITS_MAX_BYTES as u64 / 8, PRIVATE_BITS);
        let own = self.b.ins().iconst(I64, own as i64);
        let alien = self.b.ins().icmp(IntCC::NotEqual, header, own);
        self.unless_zero(alien, slow);
        if plan.whole_bytes {
            let odd = self.b.ins().band_imm_s(size, 7);
            self.unless_zero(odd, slow);
        }
        let needed = self.room_needed(plan, tops, size, slow);
        let full =
            self.b.ins().icmp_imm_s(IntCC::UnsignedGreaterThan, needed, HEAP_BITS_MAX_BYTES as i64);
        self.unless_zero(full, slow);
        let data = self.b.ins().iadd_imm_s(value, boxed_word(layout::HEAP_BITS_DATA) as i64);
        let cell = self.b.ins().iadd_imm_s(value, boxed_word(layout::HEAP_BITS_SIZE) as i64);
        self.b.ins().jump(write, &[data, size, cell].map(BlockArg::Value));
    }
    /// Bytes, from the start of the memory, that storing all words behind bit `end` may write.
    fn room_needed(
        &mut self,
        plan: &Pieces,
        tops: &[Top],
        end: ir::Value,
        slow: ir::Block,
    ) -> ir::Value {
        let byte = self.b.ins().ushr_imm_s(end, 3);
        // The last word begins behind less than all bits, and is eight bytes long.
        let one_word = words_at_most(plan) <= 1 && !plan.has_binaries;
        let mut needed = self
            .b
            .ins()
            .iadd_imm_s(byte, if one_word { 8 } else { plan.max_bits.div_ceil(8) as i64 + 8 });
        for top in tops {
            if let Top::Bytes(_, count) = top {
                let many =
                    self.b.ins().icmp_imm_s(IntCC::UnsignedGreaterThan, *count, COPY_MAX_BYTES);
                self.unless_zero(many, slow);
                needed = self.b.ins().iadd(needed, *count);
            }
        }
        needed
    }
    /// Stores the pieces; the bit behind the last one.
    fn write(&mut self, plan: &Pieces, tops: &[Top], place: Place) -> ir::Value {
        let limit = word_limit(plan);
        let mut at = place.at;
        let mut address = self.byte_address(&place.data, at);
        let mut word = EMPTY;
        for top in tops {
            if let Top::Bytes(from, count) = top {
                if word.max > 0 {
                    at = self.store_behind(plan, &word, address, at);
                    address = self.byte_address(&place.data, at);
                    word = EMPTY;
                }
                self.copy_bytes(*from, address, *count);
                let bits = self.b.ins().ishl_imm_s(*count, 3);
                at = self.b.ins().iadd(at, bits);
                address = self.b.ins().iadd(address, *count);
                continue;
            }
            let bits = top_bits(top);
            for part in self.halves(top, bits, limit) {
                if word.max + top_bits(&part) > limit {
                    at = self.store_behind(plan, &word, address, at);
                    address = self.byte_address(&place.data, at);
                    word = EMPTY;
                }
                self.gather(&mut word, &part);
            }
        }
        if word.max == 0 {
            return at;
        }
        self.store_behind(plan, &word, address, at)
    }
    /// Copies bytes eight at a time; behind the last ones zeros are stored up to the eighth.
    fn copy_bytes(&mut self, from: ir::Value, to: ir::Value, count: ir::Value) {
        let [check, body, rest, last, done] = [(); 5].map(|()| self.b.create_block());
        let i = self.b.append_block_param(check, I64);
        let zero = self.b.ins().iconst(I64, 0);
        let whole = self.b.ins().band_imm_s(count, !7);
        self.b.ins().jump(check, &[BlockArg::Value(zero)]);
        self.b.switch_to_block(check);
        let more = self.b.ins().icmp(IntCC::UnsignedLessThan, i, whole);
        self.b.ins().brif(more, body, &[], rest, &[]);
        self.switch_to(body);
        let source = self.b.ins().iadd(from, i);
        let word = self.b.ins().load(I64, BYTES(), source, 0);
        let target = self.b.ins().iadd(to, i);
        self.b.ins().store(BYTES(), word, target, 0);
        let next = self.b.ins().iadd_imm_s(i, 8);
        self.b.ins().jump(check, &[BlockArg::Value(next)]);
        self.b.seal_block(check);
        self.switch_to(rest);
        let left = self.b.ins().band_imm_s(count, 7);
        self.b.ins().brif(left, last, &[], done, &[]);
        self.switch_to(last);
        let end = self.b.ins().iadd(from, count);
        let word = self.b.ins().load(I64, BYTES(), end, -8);
        // The bytes before these leave the word: eight less those that are left, as bits, modulo 64.
        let bits = self.b.ins().ishl_imm_s(count, 3);
        let unused = self.b.ins().ineg(bits);
        let word = self.b.ins().ushr(word, unused);
        let target = self.b.ins().iadd(to, whole);
        self.b.ins().store(BYTES(), word, target, 0);
        self.b.ins().jump(done, &[]);
        self.switch_to(done);
    }
    /// An integer that is larger than a word may be becomes two.
    fn halves(&mut self, top: &Top, bits: u32, limit: u32) -> Vec<Top> {
        match top {
            Top::Value(value, _) if bits > limit => {
                let high = self.keep_top(*value, 32);
                let low = self.b.ins().ishl_imm_s(*value, 32);
                vec![Top::Value(high, 32), Top::Value(low, bits - 32)]
            }
            Top::Known(known, _) if bits > limit => {
                vec![Top::Known(known >> 32 << 32, 32), Top::Known(known << 32, bits - 32)]
            }
            Top::Known(known, bits) => vec![Top::Known(*known, *bits)],
            Top::Value(value, bits) => vec![Top::Value(*value, *bits)],
            Top::Character(value, bits) => vec![Top::Character(*value, *bits)],
            Top::Bytes(address, count) => vec![Top::Bytes(*address, *count)],
        }
    }
    fn byte_address(&mut self, data: &ir::Value, at: ir::Value) -> ir::Value {
        let byte = self.b.ins().ushr_imm_s(at, 3);
        self.b.ins().iadd(*data, byte)
    }
    /// Stores a word behind bit `at`, whose byte is at `address`; the bit behind it.
    fn store_behind(
        &mut self,
        plan: &Pieces,
        word: &Word,
        address: ir::Value,
        at: ir::Value,
    ) -> ir::Value {
        let mut value = self.word_value(word);
        if !plan.whole_stores {
            let within = self.b.ins().band_imm_s(at, 7);
            let old = self.b.ins().load(I8, BYTES(), address, 0);
            let old = self.b.ins().uextend(I64, old);
            let ones = self.b.ins().iconst(I64, 0xff00);
            let kept = self.b.ins().ushr(ones, within);
            let old = self.b.ins().band(old, kept);
            let old = self.b.ins().ishl_imm_s(old, 56);
            value = self.b.ins().ushr(value, within);
            value = self.b.ins().bor(value, old);
        }
        self.store_big_endian(value, address, 0);
        let bits = self.word_bits(word);
        self.b.ins().iadd(at, bits)
    }
}

fn top_bits(top: &Top) -> u32 {
    match top {
        Top::Known(_, bits) | Top::Value(_, bits) => *bits,
        Top::Character(..) => UTF8_MAX_BITS,
        Top::Bytes(..) => 0,
    }
}
/// Bits that are gathered in one word.
fn word_limit(plan: &Pieces) -> u32 {
    if plan.whole_stores { 64 } else { UNALIGNED_WORD }
}
/// Words that appending stores, or more than one.
fn words_at_most(plan: &Pieces) -> u32 {
    plan.max_bits.div_ceil(word_limit(plan))
}
