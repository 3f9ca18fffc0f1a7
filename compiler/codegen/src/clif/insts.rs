//! Instructions: loads, construction, floats.

use super::Symbol;
use super::calls::boxed_word;
use super::fast::{Exit, has_fast_path};
use super::lower::{FLAGS, Lower};
use crate::ssa::{Arg, Fails, FloatOp, Inst, Op, Target, TypeUnion};
use beamrc_abi::{entry, term};
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::types::{F64, I64};
use cranelift_codegen::ir::{self, BlockArg, InstBuilder};

/// Result of `float_of` on what is no number.
const NO_FLOAT: i64 = -1;

impl Lower<'_> {
    /// An instruction in the middle of a block.
    pub fn inst(&mut self, inst: &Inst) {
        match &inst.op {
            Op::Call(_) | Op::CallFun | Op::CallCode | Op::CallX => self.call_inst(inst),
            _ => self.simple(inst, None),
        }
    }

    /// Anything but a call; failures go to the handler.
    pub fn simple(&mut self, inst: &Inst, handler: Option<&Target>) {
        let result = match &inst.op {
            _ if has_fast_path(inst) => return self.may_fail(inst, Exit::Next { handler }),
            Op::Entry(e) if e.symbol == entry::e::recv_peek.symbol => self.peek_message(),
            Op::Entry(e) if e.symbol == entry::e::recv_next.symbol => return self.pass_message(),
            Op::Bif(_) => return self.runtime_inst(inst, handler),
            Op::Entry(_) => match self.bits_in_line(inst, handler) {
                Some(value) => value,
                None => return self.runtime_inst(inst, handler),
            },
            Op::Arith(_) => unreachable!("arithmetic has a fast path"),
            Op::Hd => self.load_cons(&inst.args[0], 0),
            Op::Tl => self.load_cons(&inst.args[0], 8),
            Op::Element(i) => self.load_boxed(&inst.args[0], *i as usize),
            Op::TupleSize => {
                let tuple = self.arg(&inst.args[0]);
                let header = self.b.ins().load(I64, FLAGS(), tuple, -(term::TAG_BOXED as i32));
                self.size_of(header)
            }
            Op::FunEnv(i) => self.load_boxed(&inst.args[0], term::layout::FUN_ENV + *i as usize),
            Op::FunCode => self.load_boxed(&inst.args[0], term::layout::FUN_CODE),
            Op::Cons => self.cons(inst),
            Op::Tuple => self.array(term::Kind::Tuple, inst),
            Op::FlatMap => self.array(term::Kind::FlatMap, inst),
            Op::MakeFun(l) => self.make_fun(*l, inst),
            Op::UpdateTuple { arity, positions } => self.update_tuple(*arity, positions, inst),
            Op::SetElement(i) => {
                let (tuple, value) = (self.arg(&inst.args[0]), self.arg(&inst.args[1]));
                self.b.ins().store(FLAGS(), value, tuple, boxed_word(*i as usize));
                return;
            }
            Op::FloatOf => self.float_of(inst, handler),
            Op::FloatOrZero => self.float_or_zero(inst),
            Op::FloatBox => self.float_box(inst),
            Op::FloatArith(op) => self.float_arith(*op, inst, handler),
            Op::MatchPosition => {
                let context = self.arg(&inst.args[0]);
                let position = self.match_position(context);
                self.b.ins().ishl_imm_s(position, term::TAG_BITS as i64)
            }
            Op::MatchSetPosition => {
                let (context, position) = (self.arg(&inst.args[0]), self.arg(&inst.args[1]));
                let raw = self.b.ins().sshr_imm_s(position, term::TAG_BITS as i64);
                self.set_match_position(context, raw);
                return;
            }
            Op::MatchLeft => {
                let context = self.arg(&inst.args[0]);
                self.match_left(context)
            }
            Op::MatchAdvance => {
                let (context, bits) = (self.arg(&inst.args[0]), self.arg(&inst.args[1]));
                self.match_advance(context, bits);
                return;
            }
            Op::MatchInteger { at, bits, little, signed } => {
                let context = self.arg(&inst.args[0]);
                self.match_integer(context, *at, *bits, *little, *signed)
            }
            Op::MatchRead { at, bits } => {
                let context = self.arg(&inst.args[0]);
                self.match_read(context, *at, *bits, false)
            }
            Op::Field { low, bits, little, signed } => {
                let raw = self.arg(&inst.args[0]);
                self.field_term(raw, *low, *bits, *little, *signed)
            }
            Op::Untag => {
                let value = self.arg(&inst.args[0]);
                self.b.ins().sshr_imm_s(value, term::TAG_BITS as i64)
            }
            Op::Tag => {
                let value = self.arg(&inst.args[0]);
                self.b.ins().ishl_imm_s(value, term::TAG_BITS as i64)
            }
            Op::OrderWord => {
                let value = self.arg(&inst.args[0]);
                self.order_word(value)
            }
            Op::RawAdd => {
                let (a, b) = (self.arg(&inst.args[0]), self.arg(&inst.args[1]));
                self.b.ins().iadd(a, b)
            }
            Op::RawMul => {
                let (a, b) = (self.arg(&inst.args[0]), self.arg(&inst.args[1]));
                self.b.ins().imul(a, b)
            }
            Op::Call(_) | Op::CallFun | Op::CallCode | Op::CallX => {
                unreachable!("calls are lowered elsewhere")
            }
        };
        if let Some(v) = inst.result {
            self.define(v, result);
        }
    }

    // --- loads

    fn load_cons(&mut self, list: &Arg, offset: i32) -> ir::Value {
        let list = self.arg(list);
        self.b.ins().load(I64, FLAGS(), list, offset - term::TAG_CONS as i32)
    }
    fn load_boxed(&mut self, object: &Arg, word: usize) -> ir::Value {
        let object = self.arg(object);
        self.b.ins().load(I64, FLAGS(), object, boxed_word(word))
    }

    // --- construction, on words that the block's heap check has reserved

    /// Address of the next words of the current run of allocations.
    fn take(&mut self, words: u64) -> (ir::Value, i32) {
        let (base, used) = self.run.expect("a heap check comes first");
        self.run = Some((base, used + words));
        (base, 8 * used as i32)
    }
    fn tagged(&mut self, base: ir::Value, offset: i32, tag: u64) -> ir::Value {
        self.b.ins().iadd_imm_s(base, offset as i64 + tag as i64)
    }
    fn fill(&mut self, base: ir::Value, offset: i32, args: &[Arg]) {
        for (i, arg) in args.iter().enumerate() {
            let value = self.arg(arg);
            self.b.ins().store(FLAGS(), value, base, offset + 8 * i as i32);
        }
    }
    fn store_const(&mut self, base: ir::Value, offset: i32, word: u64) {
        let value = self.b.ins().iconst(I64, word as i64);
        self.b.ins().store(FLAGS(), value, base, offset);
    }
    fn cons(&mut self, inst: &Inst) -> ir::Value {
        let (base, offset) = self.take(2);
        self.fill(base, offset, &inst.args);
        self.tagged(base, offset, term::TAG_CONS)
    }
    /// An object whose words are the arguments.
    fn array(&mut self, kind: term::Kind, inst: &Inst) -> ir::Value {
        let size = inst.args.len() as u64;
        let (base, offset) = self.take(1 + size);
        self.store_const(base, offset, term::header(kind, size, 0));
        self.fill(base, offset + 8, &inst.args);
        self.tagged(base, offset, term::TAG_BOXED)
    }
    fn make_fun(&mut self, lambda: u32, inst: &Inst) -> ir::Value {
        let reference = &self.f.lambdas[lambda as usize];
        let free = inst.args.len() as u64;
        let arity = reference.function.arity as u64 - free;
        let code = Symbol::Function(
            reference.function.clone(),
            crate::ssa::Convention::Closure { free: reference.free },
        );
        let (base, offset) = self.take(3 + free);
        self.store_const(base, offset, term::header(term::Kind::Fun, 2 + free, arity));
        let code = self.symbol(code);
        let code = self.address(code);
        self.b.ins().store(FLAGS(), code, base, offset + term::word_offset(term::layout::FUN_CODE));
        let meta = self.symbol(Symbol::Lambda(lambda));
        let meta = self.address(meta);
        self.b.ins().store(FLAGS(), meta, base, offset + term::word_offset(term::layout::FUN_META));
        self.fill(base, offset + term::word_offset(term::layout::FUN_ENV), &inst.args);
        self.tagged(base, offset, term::TAG_BOXED)
    }
    fn update_tuple(&mut self, arity: u32, positions: &[u32], inst: &Inst) -> ir::Value {
        let source = self.arg(&inst.args[0]);
        let (base, offset) = self.take(1 + arity as u64);
        self.store_const(base, offset, term::header(term::Kind::Tuple, arity as u64, 0));
        for i in 0..arity {
            let value = match positions.iter().position(|p| *p == i) {
                Some(at) => self.arg(&inst.args[1 + at]),
                None => self.b.ins().load(I64, FLAGS(), source, boxed_word(i as usize)),
            };
            self.b.ins().store(FLAGS(), value, base, offset + 8 + 8 * i as i32);
        }
        self.tagged(base, offset, term::TAG_BOXED)
    }

    // --- floats

    fn float_box(&mut self, inst: &Inst) -> ir::Value {
        let value = self.arg(&inst.args[0]);
        let (base, offset) = self.take(2);
        self.store_const(base, offset, term::header(term::Kind::Float, 1, 0));
        self.b.ins().store(FLAGS(), value, base, offset + 8);
        self.tagged(base, offset, term::TAG_BOXED)
    }
    fn float_of(&mut self, inst: &Inst, handler: Option<&Target>) -> ir::Value {
        let ty = inst.arg_type(0).union;
        if let Arg::Small(n) = inst.args[0] {
            return self.b.ins().f64const(n as f64);
        }
        let number = self.arg(&inst.args[0]);
        if ty == TypeUnion::FLOAT {
            return self.b.ins().load(F64, FLAGS(), number, boxed_word(0));
        }
        let (small, other, float, slow, join) = (
            self.b.create_block(),
            self.b.create_block(),
            self.b.create_block(),
            self.b.create_block(),
            self.b.create_block(),
        );
        let result = self.b.append_block_param(join, F64);
        self.b.set_cold_block(slow);
        let tag = self.b.ins().band_imm_s(number, term::TAG_MASK as i64);
        self.b.ins().brif(tag, other, &[], small, &[]);
        self.switch_to(small);
        let raw = self.b.ins().sshr_imm_s(number, term::TAG_BITS as i64);
        let value = self.b.ins().fcvt_from_sint(F64, raw);
        self.b.ins().jump(join, &[BlockArg::Value(value)]);
        self.switch_to(other);
        let boxed = self.b.ins().icmp_imm_s(IntCC::Equal, tag, term::TAG_BOXED as i64);
        let check = self.b.create_block();
        self.b.ins().brif(boxed, check, &[], slow, &[]);
        self.switch_to(check);
        let header = self.b.ins().load(I64, FLAGS(), number, -(term::TAG_BOXED as i32));
        let is_float = self.b.ins().icmp_imm_s(
            IntCC::Equal,
            header,
            term::header(term::Kind::Float, 1, 0) as i64,
        );
        self.b.ins().brif(is_float, float, &[], slow, &[]);
        self.switch_to(float);
        let value = self.b.ins().load(F64, FLAGS(), number, boxed_word(0));
        self.b.ins().jump(join, &[BlockArg::Value(value)]);
        self.switch_to(slow);
        let bits = self.call_slow(entry::e::float_of.symbol, &[number]);
        if inst.fails == Fails::Throws {
            let failed = self.b.ins().icmp_imm_s(IntCC::Equal, bits, NO_FLOAT);
            self.raise_if(failed, handler);
        }
        let value = self.b.ins().bitcast(F64, ir::MemFlagsData::new(), bits);
        self.b.ins().jump(join, &[BlockArg::Value(value)]);
        self.switch_to(join);
        result
    }
    fn float_or_zero(&mut self, inst: &Inst) -> ir::Value {
        let value = self.arg(&inst.args[0]);
        let (boxed, float, join) =
            (self.b.create_block(), self.b.create_block(), self.b.create_block());
        let result = self.b.append_block_param(join, F64);
        let zero = self.b.ins().f64const(0.0);
        let tag = self.b.ins().band_imm_s(value, term::TAG_MASK as i64);
        let is_boxed = self.b.ins().icmp_imm_s(IntCC::Equal, tag, term::TAG_BOXED as i64);
        self.b.ins().brif(is_boxed, boxed, &[], join, &[BlockArg::Value(zero)]);
        self.switch_to(boxed);
        let header = self.b.ins().load(I64, FLAGS(), value, -(term::TAG_BOXED as i32));
        let is_float = self.b.ins().icmp_imm_s(
            IntCC::Equal,
            header,
            term::header(term::Kind::Float, 1, 0) as i64,
        );
        self.b.ins().brif(is_float, float, &[], join, &[BlockArg::Value(zero)]);
        self.switch_to(float);
        let number = self.b.ins().load(F64, FLAGS(), value, boxed_word(0));
        self.b.ins().jump(join, &[BlockArg::Value(number)]);
        self.switch_to(join);
        result
    }
    fn float_arith(&mut self, op: FloatOp, inst: &Inst, handler: Option<&Target>) -> ir::Value {
        let a = self.arg(&inst.args[0]);
        if op == FloatOp::Neg {
            return self.b.ins().fneg(a);
        }
        let b = self.arg(&inst.args[1]);
        let result = match op {
            FloatOp::Add => self.b.ins().fadd(a, b),
            FloatOp::Sub => self.b.ins().fsub(a, b),
            FloatOp::Mul => self.b.ins().fmul(a, b),
            _ => self.b.ins().fdiv(a, b),
        };
        if inst.fails == Fails::Never {
            return result;
        }
        let difference = self.minus_itself(result);
        let failed = self.b.ins().fcmp(FloatCC::Unordered, difference, difference);
        let (bad, good) = (self.b.create_block(), self.b.create_block());
        self.b.set_cold_block(bad);
        self.b.ins().brif(failed, bad, &[], good, &[]);
        self.switch_to(bad);
        let badarith = self.b.ins().iconst(I64, term::atom(beamrc_abi::atom::id::BADARITH) as i64);
        self.call_runtime(entry::e::raise_atom.symbol, &[badarith]);
        self.raise_noted(handler);
        self.switch_to(good);
        result
    }

    /// Infinity minus itself is no number; every finite number minus itself is zero.
    pub fn minus_itself(&mut self, float: ir::Value) -> ir::Value {
        self.b.ins().fsub(float, float)
    }
}
