//! BIFs whose common cases take a few instructions: those are compiled in line.
//!
//! A fast path may only do what the BIF does; what it does not know it leaves to the BIF, failure
//! included. None allocates.

use super::arith::known;
use super::calls::boxed_word;
use super::lower::{FLAGS, Lower};
use crate::ssa::{Arg, Inst};
use beamrc_abi::bifs::Bif;
use beamrc_abi::term::{self, Kind, TAG_BITS, layout};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::I64;
use cranelift_codegen::ir::{self, InstBuilder};

const TRUE: i64 = term::atom(beamrc_abi::atom::id::TRUE) as i64;
const FALSE: i64 = term::atom(beamrc_abi::atom::id::FALSE) as i64;

pub(super) fn is_inline(bif: &Bif) -> bool {
    bif.module == "erlang"
        && matches!(
            (bif.name, bif.arity),
            ("element" | "min" | "max" | "and" | "or" | "xor", 2)
                | (
                    "hd" | "tl"
                        | "tuple_size"
                        | "map_size"
                        | "byte_size"
                        | "bit_size"
                        | "abs"
                        | "not",
                    1
                )
        )
}

impl Lower<'_> {
    /// The value on the fast path; none if it is known not to be taken.
    pub fn fast_bif(
        &mut self,
        bif: &Bif,
        inst: &Inst,
        args: &[ir::Value],
        slow: ir::Block,
    ) -> Option<ir::Value> {
        Some(match bif.name {
            "element" => return self.fast_element(inst, args, slow),
            "min" | "max" => {
                let ranges = [
                    known(&inst.args[0], inst.arg_type(0)),
                    known(&inst.args[1], inst.arg_type(1)),
                ];
                self.check_small(args, &ranges, slow);
                // The first of two equal ones, as the BIF has it; small integers do not tell.
                let cc = if bif.name == "min" {
                    IntCC::SignedLessThanOrEqual
                } else {
                    IntCC::SignedGreaterThanOrEqual
                };
                let first = self.b.ins().icmp(cc, args[0], args[1]);
                self.b.ins().select(first, args[0], args[1])
            }
            "abs" => {
                self.check_small(args, &[known(&inst.args[0], inst.arg_type(0))], slow);
                let zero = self.b.ins().iconst(I64, 0);
                let negative = self.b.ins().icmp(IntCC::SignedLessThan, args[0], zero);
                let other = self.b.ins().isub(zero, args[0]);
                // The smallest small integer has no small opposite: its word stays negative.
                let value = self.b.ins().select(negative, other, args[0]);
                let bad = self.b.ins().icmp(IntCC::SignedLessThan, value, zero);
                self.unless_zero(bad, slow);
                value
            }
            "hd" | "tl" => {
                let tag = self.b.ins().band_imm_s(args[0], term::TAG_MASK as i64);
                let cons = self.b.ins().icmp_imm_s(IntCC::Equal, tag, term::TAG_CONS as i64);
                self.only_if(cons, slow);
                let offset = if bif.name == "hd" { 0 } else { 8 };
                self.b.ins().load(I64, FLAGS(), args[0], offset - term::TAG_CONS as i32)
            }
            "tuple_size" => {
                let header = self.header_of_kind(args[0], Kind::Tuple, 0xff, slow);
                self.size_of(header)
            }
            "map_size" => {
                self.header_of_kind(args[0], Kind::FlatMap, 0xff, slow);
                // The first word of a flat map is the tuple of its keys.
                let keys = self.b.ins().load(I64, FLAGS(), args[0], boxed_word(0));
                let header = self.b.ins().load(I64, FLAGS(), keys, -(term::TAG_BOXED as i32));
                self.size_of(header)
            }
            "byte_size" | "bit_size" => {
                self.header_of_kind(args[0], Kind::HeapBits, 0xf7, slow);
                let bits =
                    self.b.ins().load(I64, FLAGS(), args[0], boxed_word(layout::SUB_BITS_SIZE));
                if bif.name == "bit_size" {
                    self.b.ins().ishl_imm_s(bits, TAG_BITS as i64)
                } else {
                    // Eight bits a byte, eight to one small integer.
                    let up = self.b.ins().iadd_imm_s(bits, 7);
                    self.b.ins().band_imm_s(up, !7)
                }
            }
            "not" => {
                let truth = self.truth(args[0], slow);
                let (yes, no) = (self.b.ins().iconst(I64, TRUE), self.b.ins().iconst(I64, FALSE));
                self.b.ins().select(truth, no, yes)
            }
            _ => {
                let (a, b) = (self.truth(args[0], slow), self.truth(args[1], slow));
                let truth = match bif.name {
                    "and" => self.b.ins().band(a, b),
                    "or" => self.b.ins().bor(a, b),
                    _ => self.b.ins().bxor(a, b),
                };
                let (yes, no) = (self.b.ins().iconst(I64, TRUE), self.b.ins().iconst(I64, FALSE));
                self.b.ins().select(truth, yes, no)
            }
        })
    }
    fn fast_element(
        &mut self,
        inst: &Inst,
        args: &[ir::Value],
        slow: ir::Block,
    ) -> Option<ir::Value> {
        let index = known(&inst.args[0], inst.arg_type(0));
        if !matches!(&inst.args[0], Arg::Value(_) | Arg::Small(_)) {
            return None;
        }
        self.check_small(&args[..1], &[index], slow);
        let header = self.header_of_kind(args[1], Kind::Tuple, 0xff, slow);
        let size = self.size_of(header);
        // One less, without sign: 0 and negative ones are too large.
        let from_zero = self.b.ins().iadd_imm_s(args[0], -(1 << TAG_BITS));
        let there = self.b.ins().icmp(IntCC::UnsignedLessThan, from_zero, size);
        self.only_if(there, slow);
        // A tagged index is an offset in bytes.
        let place = self.b.ins().iadd(args[1], from_zero);
        Some(self.b.ins().load(I64, FLAGS(), place, boxed_word(0)))
    }
    /// Header of an object of this kind; leaves for `slow` if the value is none.
    fn header_of_kind(
        &mut self,
        value: ir::Value,
        kind: Kind,
        mask: i64,
        slow: ir::Block,
    ) -> ir::Value {
        let tag = self.b.ins().band_imm_s(value, term::TAG_MASK as i64);
        let boxed = self.b.ins().icmp_imm_s(IntCC::Equal, tag, term::TAG_BOXED as i64);
        self.only_if(boxed, slow);
        let header = self.b.ins().load(I64, FLAGS(), value, -(term::TAG_BOXED as i32));
        let bits = self.b.ins().band_imm_s(header, mask);
        let same = self.b.ins().icmp_imm_s(IntCC::Equal, bits, term::kind_bits(kind) as i64 & mask);
        self.only_if(same, slow);
        header
    }
    /// Size of an object by its header, as a small integer.
    pub fn size_of(&mut self, header: ir::Value) -> ir::Value {
        let size = self.b.ins().ushr_imm_s(header, (term::HEADER_SIZE_SHIFT - TAG_BITS) as i64);
        self.b.ins().band_imm_s(size, (term::HEADER_SIZE_MASK << TAG_BITS) as i64)
    }
    /// Whether a value is `true`; leaves for `slow` if it is no boolean.
    fn truth(&mut self, value: ir::Value, slow: ir::Block) -> ir::Value {
        let yes = self.b.ins().icmp_imm_s(IntCC::Equal, value, TRUE);
        let no = self.b.ins().icmp_imm_s(IntCC::Equal, value, FALSE);
        let boolean = self.b.ins().bor(yes, no);
        self.only_if(boolean, slow);
        yes
    }
}
