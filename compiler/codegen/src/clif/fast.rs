//! Instructions with a fast path in line and the BIF of the same meaning for everything else.
//!
//! The BIF is called from a cold block that keeps all registers; both paths meet behind it. What
//! the BIF does when it fails is the instruction's matter, or that of the test which follows it.

use super::inline_bifs::is_inline;
use super::lower::Lower;
use super::maps::is_map_in_line;
use crate::ssa::{ArithOp, Fails, Inst, Op, Target};
use beamrc_abi::term;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::I64;
use cranelift_codegen::ir::{self, BlockArg, InstBuilder};

/// What comes behind the instruction.
pub(super) enum Exit<'a> {
    /// The next one. If it raises, that leads to the handler, if there is one here.
    Next { handler: Option<&'a Target> },
    /// The test of whether it succeeded.
    Test { yes: &'a Target, no: &'a Target },
}

/// A block and what it is given.
pub(super) type Side = (ir::Block, Vec<BlockArg>);

pub(super) fn has_fast_path(inst: &Inst) -> bool {
    match &inst.op {
        Op::Arith(_) => true,
        Op::Bif(bif) => is_inline(bif),
        Op::Entry(entry) => is_map_in_line(entry, inst),
        _ => false,
    }
}

impl Lower<'_> {
    /// Lowers an instruction that has a fast path.
    pub fn may_fail(&mut self, inst: &Inst, exit: Exit) {
        if let Op::Entry(entry) = &inst.op {
            return self.map_entry(entry, inst, exit);
        }
        let args: Vec<ir::Value> = inst.args.iter().map(|a| self.arg(a)).collect();
        let slow = self.b.create_block();
        self.b.set_cold_block(slow);
        self.slow_is_reached = false;
        let (fast, symbol) = match &inst.op {
            Op::Arith(op) => (self.fast_arith(*op, inst, &args, slow), symbol(*op)),
            Op::Bif(bif) => (self.fast_bif(bif, inst, &args, slow), bif.symbol),
            other => unreachable!("{other:?} has no fast path"),
        };
        if let (Some(value), false) = (fast, self.slow_is_reached) {
            return self.succeed(inst, value, exit);
        }
        let join = self.b.create_block();
        let result = self.b.append_block_param(join, I64);
        match fast {
            Some(value) => self.b.ins().jump(join, &[BlockArg::Value(value)]),
            None => self.b.ins().jump(slow, &[]),
        };
        self.switch_to(slow);
        let value = self.call_slow(symbol, &args);
        self.after_slow(inst, value, join, &exit);
        self.switch_to(join);
        self.succeed(inst, result, exit);
    }
    /// The slow way gave this value, in a cold block: fails, or goes on in `join` with it.
    pub fn after_slow(&mut self, inst: &Inst, value: ir::Value, join: ir::Block, exit: &Exit) {
        match exit {
            Exit::Next { handler } => {
                if inst.fails == Fails::Throws {
                    self.raise_if_no_value(value, *handler);
                    self.mark_cold();
                }
                self.b.ins().jump(join, &[BlockArg::Value(value)]);
            }
            Exit::Test { no, .. } => {
                let failed = self.b.ins().icmp_imm_s(IntCC::Equal, value, term::NONVALUE as i64);
                let no = (self.block_of(no.block), self.target_args(no));
                self.cold_branch(failed, no, (join, vec![BlockArg::Value(value)]));
            }
        }
    }
    pub fn succeed(&mut self, inst: &Inst, result: ir::Value, exit: Exit) {
        if let Some(v) = inst.result {
            self.define(v, result);
        }
        if let Exit::Test { yes, .. } = exit {
            self.jump(yes);
        }
    }
    /// The current block is rarely executed.
    pub fn mark_cold(&mut self) {
        if let Some(block) = self.b.current_block() {
            self.b.set_cold_block(block);
        }
    }
    /// A branch in a cold block. What it takes to pass arguments stays cold too: it would stand in
    /// the way of what is mostly executed, if it belonged to no block.
    pub fn cold_branch(&mut self, condition: ir::Value, yes: Side, no: Side) {
        let mut edge = |(block, args): Side| {
            let edge = self.b.create_block();
            self.b.set_cold_block(edge);
            (edge, block, args)
        };
        let (yes, no) = (edge(yes), edge(no));
        self.b.ins().brif(condition, yes.0, &[], no.0, &[]);
        for (edge, block, args) in [yes, no] {
            self.switch_to(edge);
            self.b.ins().jump(block, &args);
        }
    }
    /// Leaves for `slow` unless the condition is zero.
    pub fn unless_zero(&mut self, condition: ir::Value, slow: ir::Block) {
        self.slow_is_reached = true;
        let next = self.b.create_block();
        self.b.ins().brif(condition, slow, &[], next, &[]);
        self.switch_to(next);
    }
    /// Leaves for `slow` unless the condition holds.
    pub fn only_if(&mut self, condition: ir::Value, slow: ir::Block) {
        self.slow_is_reached = true;
        let next = self.b.create_block();
        self.b.ins().brif(condition, next, &[], slow, &[]);
        self.switch_to(next);
    }
}

/// The BIF that does what does not fit the fast path (rows of the table `arith`).
fn symbol(op: ArithOp) -> &'static str {
    match op {
        ArithOp::Add | ArithOp::AddLow => "bif:erlang:+/2",
        ArithOp::Sub | ArithOp::SubLow => "bif:erlang:-/2",
        ArithOp::Mul | ArithOp::MulLow => "bif:erlang:*/2",
        ArithOp::Div => "bif:erlang:div/2",
        ArithOp::Rem => "bif:erlang:rem/2",
        ArithOp::And => "bif:erlang:band/2",
        ArithOp::Or => "bif:erlang:bor/2",
        ArithOp::Xor => "bif:erlang:bxor/2",
        ArithOp::Shl | ArithOp::ShlLow => "bif:erlang:bsl/2",
        ArithOp::Shr => "bif:erlang:bsr/2",
        ArithOp::Neg => "bif:erlang:-/1",
        ArithOp::Not => "bif:erlang:bnot/1",
    }
}
