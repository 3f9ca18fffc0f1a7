//! Reductions left, kept in a register between calls.
//!
//! What is in the process head counts only while others may look at it: the register is written
//! back before every call and read again after it. A block is *dirty* where the register may be
//! ahead of the head.

use super::lower::Lower;
use crate::ssa::{End, Function, Inst, Op};
use beamrc_abi::process as head;
use cranelift_codegen::ir::InstBuilder;
use cranelift_codegen::ir::types::I64;
use cranelift_frontend::Variable;

pub(super) struct Reductions {
    /// None in functions that charge none.
    variable: Option<Variable>,
    /// At the start of each block.
    dirty_in: Vec<bool>,
    /// Here and now.
    dirty: bool,
}

/// Always leaves compiled code.
fn calls(inst: &Inst) -> bool {
    inst.op.is_call() || matches!(inst.op, Op::Bif(_) | Op::Entry(_))
}

impl Reductions {
    pub fn new(f: &Function, order: &[usize], polls: &[bool]) -> Reductions {
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
                for target in block.end.targets().into_iter().filter(|_| dirty) {
                    changed |= !std::mem::replace(&mut dirty_in[target.block.index()], true);
                }
            }
        }
        Reductions { variable: None, dirty_in, dirty: false }
    }
}

impl Lower<'_> {
    /// At the start of the function: `b` says whether it charges any.
    pub fn declare_reductions(&mut self) {
        self.reductions.variable = Some(self.b.declare_var(I64));
    }
    pub fn enter_block(&mut self) {
        self.reductions.dirty = self.reductions.dirty_in[self.at];
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
        let left = self.b.ins().iadd_imm_s(left, -1);
        self.b.def_var(variable, left);
        self.reductions.dirty = true;
        left
    }
    /// After an instruction on the way that is mostly taken.
    pub fn note_call(&mut self, inst: &Inst) {
        if calls(inst) {
            self.reductions.dirty = false;
        }
    }
}
