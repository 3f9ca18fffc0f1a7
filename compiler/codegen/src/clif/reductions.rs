//! Reductions left, kept in a register between calls.
//!
//! What is in the process head counts only while others may look at it: the register is written
//! back before every call and read again after it, if that is of any use. A block is *dirty* where
//! the register may be ahead of the head, and *wanting* where the register must be right.

use super::entry_work::EntryWork;
use super::fast::has_fast_path;
use super::lower::Lower;
use crate::ssa::{End, Function, Inst, Op, Target};
use beamrc_abi::entry::Reach;
use beamrc_abi::process as head;
use cranelift_codegen::ir::InstBuilder;
use cranelift_codegen::ir::types::I64;
use cranelift_frontend::Variable;

pub(super) struct Reductions {
    /// None in functions that charge none.
    variable: Option<Variable>,
    /// At the start of each block.
    dirty_in: Vec<bool>,
    wanting_in: Vec<bool>,
    /// Here and now, and behind the current instruction.
    dirty: bool,
    wanted: bool,
}

/// Always leaves compiled code, so that what is dirty is written. Many entries have cases in line.
fn calls(inst: &Inst) -> bool {
    match &inst.op {
        Op::Bif(_) => !has_fast_path(inst),
        Op::Entry(e) => e.reach != Reach::Call,
        op => op.is_call(),
    }
}

impl Reductions {
    /// The places of the work of entering read what is left from the head before they charge.
    pub fn new(f: &Function, order: &[usize], polls: &[bool], work: &EntryWork) -> Reductions {
        let mut dirty_in = vec![false; f.blocks.len()];
        let mut changed = true;
        while changed {
            changed = false;
            for &b in order {
                let block = &f.blocks[b];
                let mut dirty = dirty_in[b] || polls[b];
                let last = match &block.end {
                    End::Invoke { inst, .. } | End::Raise { inst, .. } => Some(&**inst),
                    _ => None,
                };
                dirty &= !block.insts.iter().chain(last).any(calls);
                // What was charged is written before the next turn.
                let next = |t: &&Target| work.turn != Some(t.block.index());
                for target in block.end.targets().into_iter().filter(|_| dirty).filter(next) {
                    changed |= !std::mem::replace(&mut dirty_in[target.block.index()], true);
                }
            }
        }
        let wanting_in = wanting(f, order, polls, &work.places, &dirty_in);
        Reductions { variable: None, dirty_in, wanting_in, dirty: false, wanted: false }
    }
}

fn wanting(
    f: &Function,
    order: &[usize],
    polls: &[bool],
    fresh: &[usize],
    dirty_in: &[bool],
) -> Vec<bool> {
    let mut wanting: Vec<bool> = dirty_in.to_vec();
    for b in order {
        wanting[*b] = (wanting[*b] || polls[*b]) && !(polls[*b] && fresh.contains(b));
    }
    let mut changed = true;
    while changed {
        changed = false;
        for &b in order.iter().rev() {
            let block = &f.blocks[b];
            let passes = !polls[b] && !block.insts.iter().chain(block.end.inst()).any(calls);
            if passes && block.end.targets().iter().any(|t| wanting[t.block.index()]) {
                changed |= !std::mem::replace(&mut wanting[b], true);
            }
        }
    }
    wanting
}

impl Lower<'_> {
    /// At the start of the function: `b` says whether it charges any.
    pub fn declare_reductions(&mut self) {
        self.reductions.variable = Some(self.b.declare_var(I64));
    }
    pub fn enter_block(&mut self) {
        self.reductions.dirty = self.reductions.dirty_in[self.at];
    }
    /// Looks ahead from behind instruction `i` of the current block.
    pub fn look_ahead(&mut self, i: usize) {
        let block = &self.f.blocks[self.at];
        let later = block.insts.iter().skip(i + 1).any(calls);
        let wanting = &self.reductions.wanting_in;
        self.reductions.wanted =
            !later && block.end.targets().iter().any(|t| wanting[t.block.index()]);
    }
    /// Before an instruction that may be a call on the way that is mostly taken.
    pub fn leave_for_call(&mut self, inst: &Inst) {
        if calls(inst) {
            self.write_reductions();
            self.reductions.dirty = false;
        }
    }
    /// After a call: the register is right again, if that matters.
    pub fn return_from_call(&mut self) {
        if self.reductions.dirty || self.reductions.wanted {
            self.read_reductions();
        }
    }
    /// Brings the register up to date with the head.
    pub fn read_reductions(&mut self) {
        if let Some(variable) = self.reductions.variable {
            let left = self.process_field(head::FCALLS);
            self.b.def_var(variable, left);
        }
    }
    /// Brings the head up to date with the register.
    pub fn write_reductions(&mut self) {
        if let Some(variable) = self.reductions.variable
            && self.reductions.dirty
        {
            let left = self.b.use_var(variable);
            self.set_process_field(head::FCALLS, left);
        }
    }
    /// Takes one; returns what is left.
    pub fn charge_reduction(&mut self) -> cranelift_codegen::ir::Value {
        let variable = self.reductions.variable.expect("the function charges reductions");
        let left = self.b.use_var(variable);
        // An addition would be done again by whoever needs it on a path of its own.
        let one = self.b.ins().iconst(I64, 1);
        let (left, _) = self.b.ins().ssub_overflow(left, one);
        self.b.def_var(variable, left);
        self.reductions.dirty = true;
        left
    }
}
