//! Copies of registers and of slots of the frame are read where they came from.

use super::*;
use crate::clif::CallSite;
use iced_x86::{Code as Opcode, InstructionInfoFactory, Mnemonic, OpAccess, OpKind};

/// What is known at one place.
#[derive(Clone, PartialEq)]
struct Facts {
    /// The register that each register is a copy of.
    copy_of: [Option<usize>; 16],
    /// Offsets from the stack pointer whose words a register has.
    slots: Vec<(i64, usize)>,
}

impl Facts {
    fn none() -> Facts {
        Facts { copy_of: [None; 16], slots: vec![] }
    }
    fn source(&self, r: usize) -> usize {
        self.copy_of[r].unwrap_or(r)
    }
    /// What both say.
    fn common(&self, other: &Facts) -> Facts {
        let same = |r: usize| self.copy_of[r].filter(|s| other.copy_of[r] == Some(*s));
        let slots = self.slots.iter().filter(|slot| other.slots.contains(slot)).copied().collect();
        Facts { copy_of: std::array::from_fn(same), slots }
    }
    /// These registers have other contents now.
    fn forget(&mut self, changed: Regs) {
        let has_changed = |r: usize| changed >> r & 1 != 0;
        for r in 0..16 {
            if has_changed(r) || self.copy_of[r].is_some_and(has_changed) {
                self.copy_of[r] = None;
            }
        }
        self.slots.retain(|(_, r)| !has_changed(*r));
        if has_changed(RSP) {
            self.slots.clear();
        }
    }
}

pub(super) fn propagate(code: &mut Code) {
    // Whoever takes the address of a slot may write to it.
    let slots = !code.blocks.iter().flat_map(|b| &b.insts).any(takes_slot_address);
    let mut factory = InstructionInfoFactory::new();
    let entering = entering(code, slots);
    for (block, facts) in code.blocks.iter_mut().zip(entering) {
        let mut facts = facts.unwrap_or_else(Facts::none);
        for inst in &mut block.insts {
            simplify(inst, &facts, slots, &mut factory);
            step(inst, &mut facts, slots);
        }
    }
}

/// What is known at the start of each block: what is so on all ways there.
fn entering(code: &Code, slots: bool) -> Vec<Option<Facts>> {
    let mut entering: Vec<Option<Facts>> =
        code.blocks.iter().map(|b| b.is_entry.then(Facts::none)).collect();
    let mut waiting: Vec<usize> =
        (0..code.blocks.len()).filter(|b| code.blocks[*b].is_entry).collect();
    while let Some(b) = waiting.pop() {
        let Some(mut facts) = entering[b].clone() else { continue };
        for inst in &code.blocks[b].insts {
            step(inst, &mut facts, slots);
        }
        for s in code.blocks[b].successors(b) {
            let joined = match &entering[s] {
                Some(known) => known.common(&facts),
                None => facts.clone(),
            };
            if entering[s].as_ref() != Some(&joined) {
                entering[s] = Some(joined);
                waiting.push(s);
            }
        }
    }
    entering
}

fn takes_slot_address(inst: &Inst) -> bool {
    inst.what.mnemonic() == Mnemonic::Lea && inst.what.memory_base() == Register::RSP
}

/// The frame's slot that an operand in memory is.
fn slot(what: &Instruction) -> Option<i64> {
    let plain = what.memory_base() == Register::RSP && what.memory_index() == Register::None;
    plain.then(|| what.memory_displacement64() as i64)
}

/// The word of a slot that is loaded into a register, as far as a register has it: where to, where from.
fn reloaded(inst: &Inst, facts: &Facts, slots: bool) -> Option<(usize, usize)> {
    let what = &inst.what;
    if !slots
        || what.code() != Opcode::Mov_r64_rm64
        || what.op1_kind() != OpKind::Memory
        || !inst.is_editable()
    {
        return None;
    }
    let place = slot(what)?;
    let (_, r) = facts.slots.iter().find(|(p, _)| *p == place)?;
    Some((number(what.op0_register())?, *r))
}

/// Uses what is known before an instruction.
fn simplify(inst: &mut Inst, facts: &Facts, slots: bool, factory: &mut InstructionInfoFactory) {
    if let Some((to, from)) = reloaded(inst, facts, slots)
        && let Ok(copy) = Instruction::with2(Opcode::Mov_r64_rm64, register(to), register(from))
    {
        inst.what = copy;
        inst.changed = true;
        inst.effects(factory);
    }
    if inst.is_editable() && replace_sources(inst, facts, factory) {
        inst.changed = true;
        inst.effects(factory);
    }
    if let Some((to, from)) = copied(&inst.what)
        && inst.is_editable()
        && (to == from || facts.source(to) == facts.source(from))
    {
        // It has that already.
        make_nothing(inst);
    }
}

/// What is known behind an instruction.
fn step(inst: &Inst, facts: &mut Facts, slots: bool) {
    let moved = copied(&inst.what).or_else(|| reloaded(inst, facts, slots));
    if moved.is_some_and(|(to, from)| facts.source(to) == facts.source(from)) {
        return;
    }
    let source = moved.map(|(_, from)| facts.source(from));
    facts.forget(inst.clobbers() & ALL);
    if inst.kind == Kind::Call {
        // A collection changes terms, and those only.
        facts.slots.retain(|(_, r)| FIXED >> r & 1 != 0);
    }
    if inst.writes_memory && !inst.is_call() {
        note_store(inst, facts, slots);
    }
    if let (Some((to, _)), Some(source)) = (moved, source)
        && to != source
        && !matches!(to, RSP | RBP)
    {
        facts.copy_of[to] = Some(source);
    }
    let loads = inst.what.code() == Opcode::Mov_r64_rm64 && inst.what.op1_kind() == OpKind::Memory;
    if slots
        && loads
        && let (Some(place), Some(r)) = (slot(&inst.what), number(inst.what.op0_register()))
        && !facts.slots.iter().any(|(p, _)| *p == place)
    {
        facts.slots.push((place, facts.source(r)));
    }
}

/// A store: nothing but the stack pointer leads to slots.
fn note_store(inst: &Inst, facts: &mut Facts, slots: bool) {
    if inst.what.memory_base() == Register::RBP {
        facts.slots.clear();
        return;
    }
    if inst.what.memory_base() != Register::RSP {
        return;
    }
    let Some(place) = slot(&inst.what) else { return facts.slots.clear() };
    let size = inst.what.memory_size().size() as i64;
    facts.slots.retain(|(p, _)| p + 8 <= place || place + size <= *p);
    if slots
        && inst.what.code() == Opcode::Mov_rm64_r64
        && let Some(r) = number(inst.what.op1_register())
    {
        facts.slots.push((place, facts.source(r)));
    }
}

/// Turns an instruction into one that does nothing.
pub(super) fn make_nothing(inst: &mut Inst) {
    inst.what = Instruction::with(Opcode::Nopd);
    (inst.uses, inst.defs, inst.partial, inst.writes_memory) = (0, 0, false, false);
    (inst.pure, inst.changed) = (true, true);
}

/// Removes stores to slots of the frame that nothing reads, neither the code nor a collection.
pub(super) fn drop_unread_slots(code: &mut Code, rows: &[CallSite]) {
    let all = || code.blocks.iter().flat_map(|b| &b.insts);
    let is_slot = |i: &Inst| i.what.memory_base() == Register::RSP;
    let stores =
        |i: &Inst| is_slot(i) && i.what.code() == Opcode::Mov_rm64_r64 && slot(&i.what).is_some();
    let read: Option<Vec<i64>> =
        all().filter(|i| is_slot(i) && !stores(i)).map(|i| slot(&i.what)).collect();
    let Some(mut read) = read.filter(|_| !all().any(takes_slot_address)) else { return };
    read.extend(rows.iter().flat_map(|row| &row.slots).map(|s| i64::from(*s)));
    let is_read = |place: i64| read.iter().any(|r| (r - place).abs() < 16);
    for block in &mut code.blocks {
        block.insts.retain(|i| !stores(i) || slot(&i.what).is_some_and(is_read));
    }
}

/// Both registers of a move between 64-bit registers: where to, where from.
pub(super) fn copied(what: &Instruction) -> Option<(usize, usize)> {
    let is_move = matches!(what.code(), Opcode::Mov_r64_rm64 | Opcode::Mov_rm64_r64);
    if !is_move || what.op0_kind() != OpKind::Register || what.op1_kind() != OpKind::Register {
        return None;
    }
    Some((number(what.op0_register())?, number(what.op1_register())?))
}

/// Reads registers that are copies where they came from; tells whether anything changed.
fn replace_sources(inst: &mut Inst, facts: &Facts, factory: &mut InstructionInfoFactory) -> bool {
    let mut changed = false;
    let accesses: Vec<OpAccess> = {
        let info = factory.info(&inst.what);
        (0..inst.what.op_count()).map(|i| info.op_access(i)).collect()
    };
    for i in 0..inst.what.op_count() {
        match inst.what.op_kind(i) {
            OpKind::Register if accesses[i as usize] == OpAccess::Read => {
                let Some(r) = number(inst.what.op_register(i)) else { continue };
                let source = facts.source(r);
                if source != r {
                    inst.what.set_op_register(i, register(source));
                    changed = true;
                }
            }
            OpKind::Memory => {
                if let Some(r) = number(inst.what.memory_base())
                    && facts.source(r) != r
                {
                    inst.what.set_memory_base(register(facts.source(r)));
                    changed = true;
                }
                if let Some(r) = number(inst.what.memory_index())
                    && facts.source(r) != r
                    && facts.source(r) != RSP
                {
                    inst.what.set_memory_index(register(facts.source(r)));
                    changed = true;
                }
            }
            _ => {}
        }
    }
    changed
}
