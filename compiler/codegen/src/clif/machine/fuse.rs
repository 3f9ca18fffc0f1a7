//! Neighbours that one instruction does for.

use super::forward::{copied, make_nothing};
use super::read::has_no_memory;
use super::*;
use iced_x86::{Code as Opcode, InstructionInfoFactory, Mnemonic, OpAccess, OpKind};

/// Branches to blocks that only jump go on at once.
pub(super) fn thread_jumps(code: &mut Code) {
    let lead: Vec<Option<usize>> = code
        .blocks
        .iter()
        .map(|b| match b.end {
            End::Jump(to) if b.insts.is_empty() => Some(to),
            _ => None,
        })
        .collect();
    let follow = |mut at: usize| {
        // Loops that do nothing exist.
        for _ in 0..lead.len() {
            match lead[at] {
                Some(next) => at = next,
                None => break,
            }
        }
        at
    };
    for block in &mut code.blocks {
        match &mut block.end {
            End::Jump(to) | End::Branch(_, to) => *to = follow(*to),
            _ => {}
        }
    }
}

pub(super) fn fuse(code: &mut Code) {
    let live_out = live::live_out(code);
    let mut factory = InstructionInfoFactory::new();
    for (block, out) in code.blocks.iter_mut().zip(live_out) {
        test_overflow(block, out);
        test_result(block, out);
        let mut fuser = Fuser { insts: &mut block.insts, live: vec![], factory: &mut factory };
        let end = if matches!(block.end, End::Branch(..)) { out | FLAGS } else { out };
        fuser.note_live(end);
        for at in 0..fuser.insts.len() {
            if fuser.merge_copy(at) || fuser.fold_load(at) || fuser.add_to_copy(at) {
                fuser.note_live(end);
            }
        }
    }
}

/// Gives instructions with small constants their short forms.
pub(super) fn shorten(code: &mut Code) {
    let mut factory = InstructionInfoFactory::new();
    for block in &mut code.blocks {
        let mut fuser = Fuser { insts: &mut block.insts, live: vec![], factory: &mut factory };
        for at in 0..fuser.insts.len() {
            fuser.shorten(at);
        }
    }
}

/// `setcc` and a test of what it set, for the branch at the end of a block.
fn test_overflow(block: &mut Block, out: Regs) {
    let End::Branch(cc, to) = block.end else { return };
    let touches = |i: &Inst, regs: Regs| i.is_call() || (i.uses | i.defs) & regs != 0;
    let Some(test) = block.insts.iter().rposition(|i| touches(i, FLAGS)) else { return };
    let tested = block.insts[test].uses;
    let Some(set) = block.insts[..test].iter().rposition(|i| touches(i, FLAGS | tested)) else {
        return;
    };
    let (set_what, test_what) = (&block.insts[set].what, &block.insts[test].what);
    let condition = set_what.condition_code();
    let is_set = block.insts[set].pure
        && condition != ConditionCode::None
        && set_what.op_count() == 1
        && set_what.op0_kind() == OpKind::Register;
    let tests = test_what.mnemonic() == Mnemonic::Test
        && has_no_memory(test_what)
        && test_what.op0_register() == set_what.op0_register()
        && test_what.op1_kind() == OpKind::Register
        && test_what.op1_register() == test_what.op0_register();
    let used_later =
        block.insts[test + 1..].iter().any(|i| touches(i, tested)) || out & (tested | FLAGS) != 0;
    if !is_set || !tests || used_later {
        return;
    }
    let condition = match cc {
        ConditionCode::ne => condition,
        ConditionCode::e => negated(condition),
        _ => return,
    };
    block.insts.remove(test);
    block.insts.remove(set);
    block.end = End::Branch(condition, to);
}
pub(super) fn negated(cc: ConditionCode) -> ConditionCode {
    use ConditionCode as C;
    match cc {
        C::o => C::no,
        C::no => C::o,
        C::b => C::ae,
        C::ae => C::b,
        C::e => C::ne,
        C::ne => C::e,
        C::be => C::a,
        C::a => C::be,
        C::s => C::ns,
        C::ns => C::s,
        C::p => C::np,
        C::np => C::p,
        C::l => C::ge,
        C::ge => C::l,
        C::le => C::g,
        C::g => C::le,
        C::None => C::None,
    }
}

/// A test of a result against zero, at the end of a block, whose flags the operator has set already.
fn test_result(block: &mut Block, out: Regs) {
    let End::Branch(cc, to) = block.end else { return };
    let touches_flags = |i: &Inst| i.is_call() || (i.uses | i.defs) & FLAGS != 0;
    let Some(at) = block.insts.iter().rposition(touches_flags) else { return };
    let before = &block.insts[..at];
    let Some((tested, r)) = tested_register(&block.insts[at].what) else { return };
    if out & FLAGS != 0 {
        return;
    }
    let changes = |i: &Inst| i.is_call() || i.defs & (FLAGS | r) != 0;
    let Some(operator) = before.iter().rev().find(|i| changes(i)) else { return };
    let sets = operator.kind != Kind::Call
        && operator.what.op0_kind() == OpKind::Register
        && operator.what.op0_register() == tested
        && operator.defs & r != 0;
    let without_carry =
        matches!(operator.what.mnemonic(), Mnemonic::And | Mnemonic::Or | Mnemonic::Xor);
    let with_carry =
        matches!(operator.what.mnemonic(), Mnemonic::Add | Mnemonic::Sub | Mnemonic::Neg);
    if !sets || !(without_carry || with_carry) {
        return;
    }
    let condition = match cc {
        ConditionCode::e | ConditionCode::ne | ConditionCode::s | ConditionCode::ns => cc,
        // A test leaves no overflow, so that less than zero is the sign.
        ConditionCode::l if with_carry => ConditionCode::s,
        ConditionCode::ge if with_carry => ConditionCode::ns,
        _ if without_carry => cc,
        _ => return,
    };
    block.insts.remove(at);
    block.end = End::Branch(condition, to);
}
/// The 64-bit register that `test` compares to zero.
fn tested_register(what: &Instruction) -> Option<(Register, Regs)> {
    let same = what.code() == Opcode::Test_rm64_r64
        && what.op0_kind() == OpKind::Register
        && what.op0_register() == what.op1_register();
    let r = number(what.op0_register()).filter(|_| same)?;
    Some((what.op0_register(), 1 << r))
}

struct Fuser<'a> {
    insts: &'a mut Vec<Inst>,
    /// What matters behind each instruction.
    live: Vec<Regs>,
    factory: &'a mut InstructionInfoFactory,
}

impl Fuser<'_> {
    fn note_live(&mut self, end: Regs) {
        let mut live = end;
        self.live = vec![0; self.insts.len()];
        for (i, inst) in self.insts.iter().enumerate().rev() {
            self.live[i] = live;
            live = live::before(inst, live);
        }
    }
    fn replace(&mut self, at: usize, what: Instruction) {
        let inst = &mut self.insts[at];
        inst.what = what;
        inst.changed = true;
        inst.effects(self.factory);
    }
    /// `b` is made where `a` would be, if `a` only serves to be copied to it here.
    fn merge_copy(&mut self, at: usize) -> bool {
        let Some((b, a)) = copied(&self.insts[at].what) else { return false };
        let (bit_a, bit_b) = (1 << a, 1 << b);
        if (bit_a | bit_b) & FIXED != 0
            || self.live[at] & bit_a != 0
            || a == b
            || !self.insts[at].is_editable()
        {
            return false;
        }
        let mut from = at;
        loop {
            if from == 0 {
                return false;
            }
            from -= 1;
            let inst = &self.insts[from];
            if (inst.uses | inst.clobbers()) & bit_b != 0 {
                return false;
            }
            if (inst.uses | inst.clobbers()) & bit_a == 0 {
                continue;
            }
            if inst.is_call() || !can_rename(inst, a, self.factory) {
                return false;
            }
            if inst.defs & bit_a != 0 && inst.uses & bit_a == 0 && !inst.partial {
                break;
            }
        }
        for i in from..at {
            if (self.insts[i].uses | self.insts[i].defs) & bit_a != 0 {
                rename(&mut self.insts[i].what, a, b);
                self.insts[i].changed = true;
                self.insts[i].effects(self.factory);
            }
        }
        make_nothing(&mut self.insts[at]);
        true
    }

    /// A word that is loaded for one operand is read from memory by the operator.
    fn fold_load(&mut self, at: usize) -> bool {
        let operator = &self.insts[at].what;
        let folded = match operator.code() {
            Opcode::Cmp_r64_rm64
            | Opcode::Add_r64_rm64
            | Opcode::Sub_r64_rm64
            | Opcode::And_r64_rm64
            | Opcode::Or_r64_rm64
            | Opcode::Xor_r64_rm64
            | Opcode::Imul_r64_rm64 => operator.code(),
            Opcode::Cmp_rm64_r64 => Opcode::Cmp_r64_rm64,
            Opcode::Add_rm64_r64 => Opcode::Add_r64_rm64,
            Opcode::Sub_rm64_r64 => Opcode::Sub_r64_rm64,
            Opcode::And_rm64_r64 => Opcode::And_r64_rm64,
            Opcode::Or_rm64_r64 => Opcode::Or_r64_rm64,
            Opcode::Xor_rm64_r64 => Opcode::Xor_r64_rm64,
            _ => return false,
        };
        if !self.insts[at].is_editable() || !has_no_memory(operator) {
            return false;
        }
        let (to, from) = (operator.op0_register(), operator.op1_register());
        let Some(r) = number(from) else { return false };
        if to == from || self.live[at] & 1 << r != 0 {
            return false;
        }
        let changes = |i: &Inst| i.clobbers() & 1 << r != 0;
        let Some(load) = self.insts[..at].iter().rposition(changes) else { return false };
        let what = self.insts[load].what;
        let is_load = self.insts[load].is_editable()
            && what.code() == Opcode::Mov_r64_rm64
            && what.op1_kind() == OpKind::Memory;
        let address = self.insts[load].uses & ALL;
        let quiet = |i: &Inst| {
            !i.writes_memory && !i.is_call() && i.clobbers() & address == 0 && i.uses & 1 << r == 0
        };
        let stays = self.insts[load + 1..at].iter().all(quiet);
        if !is_load || !stays || address & 1 << r != 0 {
            return false;
        }
        let mut new = what;
        new.set_code(folded);
        new.set_op0_register(to);
        self.replace(at, new);
        make_nothing(&mut self.insts[load]);
        true
    }

    /// A copy to which a constant is added.
    fn add_to_copy(&mut self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return false };
        let Some((b, a)) = copied(&self.insts[before].what) else { return false };
        let what = &self.insts[at].what;
        let sign = match what.mnemonic() {
            Mnemonic::Add => 1,
            Mnemonic::Sub => -1,
            _ => return false,
        };
        let constant = matches!(what.op1_kind(), OpKind::Immediate8to64 | OpKind::Immediate32to64);
        let same = what.op0_kind() == OpKind::Register && number(what.op0_register()) == Some(b);
        let quiet = self.live[at] & FLAGS == 0
            && self.insts[at].is_editable()
            && self.insts[before].is_editable();
        if !constant || !same || !quiet || a == RSP || b == RSP {
            return false;
        }
        let offset = sign * what.immediate(1) as i64;
        let Ok(displacement) = i32::try_from(offset) else { return false };
        let place = iced_x86::MemoryOperand::with_base_displ(register(a), i64::from(displacement));
        let Ok(lea) = Instruction::with2(Opcode::Lea_r64_m, register(b), place) else {
            return false;
        };
        self.replace(at, lea);
        make_nothing(&mut self.insts[before]);
        true
    }

    /// Smaller constants take fewer bytes.
    fn shorten(&mut self, at: usize) {
        let what = &self.insts[at].what;
        if !self.insts[at].is_editable()
            || !has_no_memory(what)
            || what.op1_kind() != OpKind::Immediate32to64
        {
            return;
        }
        let value = what.immediate(1) as i64;
        let r = what.op0_register();
        let Some(n) = number(r) else { return };
        let short = match what.code() {
            Opcode::Add_rm64_imm32 => Opcode::Add_rm64_imm8,
            Opcode::Sub_rm64_imm32 => Opcode::Sub_rm64_imm8,
            Opcode::And_rm64_imm32 => Opcode::And_rm64_imm8,
            Opcode::Or_rm64_imm32 => Opcode::Or_rm64_imm8,
            Opcode::Xor_rm64_imm32 => Opcode::Xor_rm64_imm8,
            Opcode::Cmp_rm64_imm32 => Opcode::Cmp_rm64_imm8,
            Opcode::Test_rm64_imm32 => {
                // The tested bits are in the lowest byte, without its sign.
                if (0..=127).contains(&value)
                    && let Ok(test) =
                        Instruction::with2(Opcode::Test_rm8_imm8, low_byte(n), value as u32)
                {
                    self.replace(at, test);
                }
                return;
            }
            _ => return,
        };
        if let Ok(small) = i8::try_from(value)
            && let Ok(new) = Instruction::with2(short, r, i32::from(small))
        {
            self.replace(at, new);
        }
    }
}

fn low_byte(n: usize) -> Register {
    const LOW: [Register; 16] = [
        Register::AL,
        Register::CL,
        Register::DL,
        Register::BL,
        Register::SPL,
        Register::BPL,
        Register::SIL,
        Register::DIL,
        Register::R8L,
        Register::R9L,
        Register::R10L,
        Register::R11L,
        Register::R12L,
        Register::R13L,
        Register::R14L,
        Register::R15L,
    ];
    LOW[n]
}

/// Whether every mention of a register is an operand of 64 bits.
fn can_rename(inst: &Inst, r: usize, factory: &mut InstructionInfoFactory) -> bool {
    if !inst.is_editable() {
        return false;
    }
    let named = register(r);
    let what = &inst.what;
    let mut mentions = 0;
    for i in 0..what.op_count() {
        match what.op_kind(i) {
            OpKind::Register if what.op_register(i) == named => mentions += 1,
            OpKind::Register if what.op_register(i).full_register() == named => return false,
            OpKind::Memory => {
                mentions += u32::from(what.memory_base() == named)
                    + u32::from(what.memory_index() == named);
            }
            _ => {}
        }
    }
    // What is implied (a multiplication's halves, a shift's amount) cannot be named otherwise.
    let info = factory.info(what);
    let used = info.used_registers().iter().filter(|u| u.register().full_register() == named);
    let implied =
        used.filter(|u| !matches!(u.access(), OpAccess::None)).count() > mentions as usize;
    let is_wide = matches!(
        what.mnemonic(),
        Mnemonic::Xchg | Mnemonic::Mul | Mnemonic::Div | Mnemonic::Idiv | Mnemonic::Cqo
    ) || what.mnemonic() == Mnemonic::Imul && what.op_count() == 1;
    mentions > 0 && !implied && !is_wide
}
fn rename(what: &mut Instruction, from: usize, to: usize) {
    let (from, to) = (register(from), register(to));
    for i in 0..what.op_count() {
        if what.op_kind(i) == OpKind::Register && what.op_register(i) == from {
            what.set_op_register(i, to);
        }
    }
    if what.memory_base() == from {
        what.set_memory_base(to);
    }
    if what.memory_index() == from {
        what.set_memory_index(to);
    }
}
