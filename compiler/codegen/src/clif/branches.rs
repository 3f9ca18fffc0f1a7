//! Ends of blocks: tests, switches, returns.

use super::arith::{Known, known};
use super::calls::{boxed_word, unreachable_trap};
use super::fast::Side;
use super::lower::{FLAGS, Lower};
use crate::ssa::{Arg, End, Repr, Target, Test, TypeEntry, TypeUnion};
use beamrc_abi::term::{self, Kind};
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::types::I64;
use cranelift_codegen::ir::{self, InstBuilder};

const TRUE: i64 = term::atom(beamrc_abi::atom::id::TRUE) as i64;
const FALSE: i64 = term::atom(beamrc_abi::atom::id::FALSE) as i64;

/// Where a test goes.
struct Sides {
    yes: Side,
    no: Side,
}

impl Lower<'_> {
    pub fn end(&mut self, end: &End) {
        match end {
            End::Return(arg) => {
                let value = self.arg(arg);
                self.write_reductions();
                self.b.ins().return_(&[value]);
            }
            End::Jump(target) => {
                if self.frame.entry_work.turn == Some(target.block.index()) {
                    self.write_reductions();
                }
                self.jump(target);
            }
            End::Branch { test, args, types, yes, no } => self.branch(*test, args, types, yes, no),
            End::Switch { arg, cases, default, .. } => self.switch(arg, cases, default),
            End::Invoke { inst, normal, handler } => {
                if inst.op.is_call() {
                    self.call_invoke(inst, normal, handler);
                    return;
                }
                self.check_end_allocation(inst);
                self.simple(inst, Some(handler));
                self.jump(normal);
            }
            End::TailCall(inst) => self.tail_call(inst),
            End::Raise { inst, handler } => self.raise(inst, handler.as_ref()),
            End::Unreachable => {
                self.b.ins().trap(unreachable_trap());
            }
        }
    }
    fn check_end_allocation(&self, inst: &crate::ssa::Inst) {
        debug_assert_eq!(inst.heap_words(), 0, "what allocates in line cannot fail");
    }

    fn branch(&mut self, test: Test, args: &[Arg], types: &[TypeEntry], yes: &Target, no: &Target) {
        let sides = Sides {
            yes: (self.block_of(yes.block), self.target_args(yes)),
            no: (self.block_of(no.block), self.target_args(no)),
        };
        let ty = |i: usize| types.get(i).copied().unwrap_or(TypeEntry::ANY);
        match test {
            Test::Same => return self.same(args, [ty(0), ty(1)], &sides),
            Test::Equal | Test::Less => return self.ordered(test, args, [ty(0), ty(1)], &sides),
            Test::IsFunArity => return self.fun_arity(args, &sides),
            _ => {}
        }
        let value = self.arg(&args[0]);
        match test {
            Test::IsValue => {
                let c = self.b.ins().icmp_imm_s(IntCC::NotEqual, value, term::NONVALUE as i64);
                self.decide(c, &sides);
            }
            Test::NonZero => self.decide(value, &sides),
            Test::RawLess | Test::RawSame => {
                let other = self.arg(&args[1]);
                let cc = if test == Test::RawLess { IntCC::SignedLessThan } else { IntCC::Equal };
                let c = self.b.ins().icmp(cc, value, other);
                self.decide(c, &sides);
            }
            Test::RawMultiple(n) => {
                let rest = if n.is_power_of_two() {
                    self.b.ins().band_imm_s(value, n as i64 - 1)
                } else {
                    let n = self.b.ins().iconst(I64, n as i64);
                    self.b.ins().urem(value, n)
                };
                let c = self.b.ins().icmp_imm_s(IntCC::Equal, rest, 0);
                self.decide(c, &sides);
            }
            Test::IsFinite => {
                let difference = self.minus_itself(value);
                let c = self.b.ins().fcmp(FloatCC::Ordered, difference, difference);
                self.decide(c, &sides);
            }
            Test::FloatLess | Test::FloatEqual => {
                let other = self.arg(&args[1]);
                let cc = if test == Test::FloatLess { FloatCC::LessThan } else { FloatCC::Equal };
                let c = self.b.ins().fcmp(cc, value, other);
                self.decide(c, &sides);
            }
            Test::IsNil => {
                let c = self.b.ins().icmp_imm_s(IntCC::Equal, value, term::NIL as i64);
                self.decide(c, &sides);
            }
            Test::IsCons => {
                let c = self.has_tag(value, term::TAG_CONS);
                self.decide(c, &sides);
            }
            Test::IsList => {
                let cons = self.has_tag(value, term::TAG_CONS);
                self.either(cons, &sides);
                let nil = self.b.ins().icmp_imm_s(IntCC::Equal, value, term::NIL as i64);
                self.decide(nil, &sides);
            }
            Test::IsAtom => {
                let c = self.has_immediate_tag(value, term::IMM_ATOM);
                self.decide(c, &sides);
            }
            Test::IsBoolean => {
                let c = self.b.ins().icmp_imm_s(IntCC::Equal, value, TRUE);
                self.either(c, &sides);
                let c = self.b.ins().icmp_imm_s(IntCC::Equal, value, FALSE);
                self.decide(c, &sides);
            }
            Test::IsInteger => {
                self.small_or_next(value, &sides);
                self.boxed_kind(value, Kind::BigPos, 0xf7, &sides);
            }
            Test::IsFloat => self.boxed_kind(value, Kind::Float, 0xff, &sides),
            Test::IsNumber => {
                self.small_or_next(value, &sides);
                let header = self.boxed_header(value, &sides);
                let kind = self.b.ins().band_imm_s(header, 0xff);
                let float = self.b.ins().icmp_imm_s(
                    IntCC::Equal,
                    kind,
                    term::kind_bits(Kind::Float) as i64,
                );
                self.either(float, &sides);
                let kind = self.b.ins().band_imm_s(header, 0xf7);
                let big = self.b.ins().icmp_imm_s(
                    IntCC::Equal,
                    kind,
                    term::kind_bits(Kind::BigPos) as i64,
                );
                self.decide(big, &sides);
            }
            Test::IsTuple => self.boxed_kind(value, Kind::Tuple, 0xff, &sides),
            Test::HasArity(n) => {
                let header = self.b.ins().load(I64, FLAGS(), value, -(term::TAG_BOXED as i32));
                let want = term::header(Kind::Tuple, n as u64, 0);
                let c = self.b.ins().icmp_imm_s(IntCC::Equal, header, want as i64);
                self.decide(c, &sides);
            }
            Test::IsMap => self.boxed_kind(value, Kind::FlatMap, 0xf7, &sides),
            Test::IsFun => self.boxed_kind(value, Kind::Fun, 0xf7, &sides),
            Test::IsBitstring => {
                let header = self.boxed_header(value, &sides);
                let bits = self.is_of_kind(header, Kind::HeapBits, 0xf7);
                self.either(bits, &sides);
                let context = self.is_of_kind(header, Kind::Match, 0xff);
                self.decide(context, &sides);
            }
            Test::IsBinary => self.is_binary(value, &sides),
            Test::IsPid => {
                let c = self.has_immediate_tag(value, term::IMM_PID);
                self.either(c, &sides);
                self.external(value, 0, &sides);
            }
            Test::IsPort => {
                let c = self.has_immediate_tag(value, term::IMM_PORT);
                self.either(c, &sides);
                self.external(value, 1, &sides);
            }
            Test::IsReference => {
                let header = self.boxed_header(value, &sides);
                let kind = self.b.ins().band_imm_s(header, 0xf7);
                let local =
                    self.b.ins().icmp_imm_s(IntCC::Equal, kind, term::kind_bits(Kind::Ref) as i64);
                self.either(local, &sides);
                self.external(value, 2, &sides);
            }
            Test::Same | Test::Equal | Test::Less | Test::IsFunArity => {
                unreachable!("handled above")
            }
        }
    }

    // --- building blocks of tests

    fn decide(&mut self, condition: ir::Value, sides: &Sides) {
        self.b.ins().brif(condition, sides.yes.0, &sides.yes.1, sides.no.0, &sides.no.1);
    }
    /// Leaves for yes if the condition holds; goes on otherwise.
    fn either(&mut self, condition: ir::Value, sides: &Sides) {
        let next = self.b.create_block();
        self.b.ins().brif(condition, sides.yes.0, &sides.yes.1, next, &[]);
        self.switch_to(next);
    }
    /// Leaves for no if the condition holds; goes on otherwise.
    fn either_no(&mut self, condition: ir::Value, sides: &Sides) {
        let next = self.b.create_block();
        self.b.ins().brif(condition, sides.no.0, &sides.no.1, next, &[]);
        self.switch_to(next);
    }
    /// Leaves for no unless the condition holds.
    fn neither(&mut self, condition: ir::Value, sides: &Sides) {
        let next = self.b.create_block();
        self.b.ins().brif(condition, next, &[], sides.no.0, &sides.no.1);
        self.switch_to(next);
    }
    fn has_tag(&mut self, value: ir::Value, tag: u64) -> ir::Value {
        let bits = self.b.ins().band_imm_s(value, term::TAG_MASK as i64);
        self.b.ins().icmp_imm_s(IntCC::Equal, bits, tag as i64)
    }
    fn has_immediate_tag(&mut self, value: ir::Value, tag: u64) -> ir::Value {
        let bits = self.b.ins().band_imm_s(value, term::IMMEDIATE_MASK as i64);
        self.b.ins().icmp_imm_s(IntCC::Equal, bits, tag as i64)
    }
    fn small_or_next(&mut self, value: ir::Value, sides: &Sides) {
        let small = self.has_tag(value, term::TAG_SMALL);
        self.either(small, sides);
    }
    /// Header of a boxed value; leaves for no if it is not boxed.
    fn boxed_header(&mut self, value: ir::Value, sides: &Sides) -> ir::Value {
        let boxed = self.has_tag(value, term::TAG_BOXED);
        self.neither(boxed, sides);
        self.b.ins().load(I64, FLAGS(), value, -(term::TAG_BOXED as i32))
    }
    fn boxed_kind(&mut self, value: ir::Value, kind: Kind, mask: i64, sides: &Sides) {
        let header = self.boxed_header(value, sides);
        let bits = self.b.ins().band_imm_s(header, mask);
        let c = self.b.ins().icmp_imm_s(IntCC::Equal, bits, term::kind_bits(kind) as i64 & mask);
        self.decide(c, sides);
    }
    fn is_of_kind(&mut self, header: ir::Value, kind: Kind, mask: i64) -> ir::Value {
        let bits = self.b.ins().band_imm_s(header, mask);
        self.b.ins().icmp_imm_s(IntCC::Equal, bits, term::kind_bits(kind) as i64 & mask)
    }
    /// A match context stands for what of the bit string is left: where the compiler sees that a match
    /// never looks at the bits, it tests the context in place of a bit string.
    fn is_binary(&mut self, value: ir::Value, sides: &Sides) {
        let header = self.boxed_header(value, sides);
        let bits = self.is_of_kind(header, Kind::HeapBits, 0xf7);
        let (bit_string, other) = (self.b.create_block(), self.b.create_block());
        self.b.ins().brif(bits, bit_string, &[], other, &[]);
        self.switch_to(other);
        let context = self.is_of_kind(header, Kind::Match, 0xff);
        self.neither(context, sides);
        let end = self.b.ins().load(I64, FLAGS(), value, boxed_word(term::layout::MATCH_END));
        let position =
            self.b.ins().load(I64, FLAGS(), value, boxed_word(term::layout::MATCH_POSITION));
        let left = self.b.ins().isub(end, position);
        self.whole_bytes(left, sides);
        self.switch_to(bit_string);
        let size = self.b.ins().load(I64, FLAGS(), value, boxed_word(term::layout::SUB_BITS_SIZE));
        self.whole_bytes(size, sides);
    }
    fn whole_bytes(&mut self, bits: ir::Value, sides: &Sides) {
        let rest = self.b.ins().band_imm_s(bits, 7);
        let c = self.b.ins().icmp_imm_s(IntCC::Equal, rest, 0);
        self.decide(c, sides);
    }
    /// A pid (0), port (1) or reference (2) of another node.
    fn external(&mut self, value: ir::Value, sort: i64, sides: &Sides) {
        let header = self.boxed_header(value, sides);
        let mask = self.b.ins().iconst(I64, (0xff << term::HEADER_EXTRA_SHIFT) | 0xff);
        let bits = self.b.ins().band(header, mask);
        let want = self
            .b
            .ins()
            .iconst(I64, sort << term::HEADER_EXTRA_SHIFT | term::kind_bits(Kind::External) as i64);
        let c = self.b.ins().icmp(IntCC::Equal, bits, want);
        self.decide(c, sides);
    }

    /// `=:=`
    fn same(&mut self, args: &[Arg], types: [TypeEntry; 2], sides: &Sides) {
        let immediate = |arg: &Arg, ty: TypeEntry| {
            !matches!(arg, Arg::Value(_) | Arg::Literal(_))
                || ty.union.is_subset(TypeUnion::ATOM.union(TypeUnion::NIL))
                || known(arg, ty).small
        };
        let raw = args
            .iter()
            .any(|a| matches!(a, Arg::Value(v) if self.f.values[v.index()] != Repr::Term));
        let (a, b) = (self.arg(&args[0]), self.arg(&args[1]));
        let same = self.b.ins().icmp(IntCC::Equal, a, b);
        if raw || immediate(&args[0], types[0]) || immediate(&args[1], types[1]) {
            return self.decide(same, sides);
        }
        self.either(same, sides);
        // Words that differ can only be equal as objects: tags 1 and 2 alone have bit 1 set after
        // one is added.
        let next = self.b.ins().iadd_imm_s(a, 1);
        let object = self.b.ins().band_imm_s(next, 2);
        self.neither(object, sides);
        let tags = self.b.ins().bxor(a, b);
        let tags = self.b.ins().band_imm_s(tags, term::TAG_MASK as i64);
        let alike = self.b.ins().icmp_imm_s(IntCC::Equal, tags, 0);
        self.neither(alike, sides);
        let truth = self.call_runtime(beamrc_abi::entry::e::equal_exact.symbol, &[a, b]);
        self.decide(truth, sides);
    }
    /// `==` and `<`
    fn ordered(&mut self, test: Test, args: &[Arg], types: [TypeEntry; 2], sides: &Sides) {
        let ranges: Vec<Known> = args.iter().zip(types).map(|(a, t)| known(a, t)).collect();
        let values = [self.arg(&args[0]), self.arg(&args[1])];
        let slow = self.b.create_block();
        self.b.set_cold_block(slow);
        self.check_small(&values, &ranges, slow);
        let cc = if test == Test::Equal { IntCC::Equal } else { IntCC::SignedLessThan };
        let c = self.b.ins().icmp(cc, values[0], values[1]);
        self.decide(c, sides);
        self.switch_to(slow);
        if test == Test::Equal {
            let same = self.b.ins().icmp(IntCC::Equal, values[0], values[1]);
            self.either(same, sides);
            // An immediate that is no number is equal to nothing else.
            for value in values {
                let immediate = self.has_tag(value, term::TAG_IMMEDIATE);
                self.either_no(immediate, sides);
            }
            let truth = self.call_slow(beamrc_abi::entry::e::equal.symbol, &values);
            self.cold_branch(truth, sides.yes.clone(), sides.no.clone());
        } else {
            let order = self.call_slow(beamrc_abi::entry::e::compare.symbol, &values);
            let less = self.b.ins().icmp_imm_s(IntCC::SignedLessThan, order, 0);
            self.cold_branch(less, sides.yes.clone(), sides.no.clone());
        }
    }
    /// A small integer's own word; what stands for another term is the runtime's to say.
    pub(super) fn order_word(&mut self, value: ir::Value) -> ir::Value {
        let slow = self.b.create_block();
        self.b.set_cold_block(slow);
        let join = self.b.create_block();
        let word = self.b.append_block_param(join, I64);
        let tag = self.b.ins().band_imm_s(value, term::TAG_MASK as i64);
        self.b.ins().brif(tag, slow, &[], join, &[ir::BlockArg::Value(value)]);
        self.switch_to(slow);
        let other = self.call_slow(beamrc_abi::entry::e::order_word.symbol, &[value]);
        self.b.ins().jump(join, &[ir::BlockArg::Value(other)]);
        self.switch_to(join);
        word
    }
    fn fun_arity(&mut self, args: &[Arg], sides: &Sides) {
        let value = self.arg(&args[0]);
        let arity = self.arg(&args[1]);
        let header = self.boxed_header(value, sides);
        let kind = self.b.ins().band_imm_s(header, 0xf7);
        let fun =
            self.b.ins().icmp_imm_s(IntCC::Equal, kind, term::kind_bits(Kind::Fun) as i64 & 0xf7);
        self.neither(fun, sides);
        let extra = self.b.ins().ushr_imm_s(header, term::HEADER_EXTRA_SHIFT as i64);
        let extra = self.b.ins().ishl_imm_s(extra, term::TAG_BITS as i64);
        let c = self.b.ins().icmp(IntCC::Equal, extra, arity);
        self.decide(c, sides);
    }
}
