//! The frame of a function: taken out of the code that was read, and put back where it is needed.
//!
//! Cranelift makes a frame at the start of a function. Much that functions do needs none: a clause that
//! looks at its arguments and returns, or that goes on in another function. What needs one are calls,
//! slots and the look at the limit of the stack. Calls that are rarely made (for a collection, for
//! what does not fit a fast path) get one of their own; from the first other place on it stays until
//! the function is left.
//!
//! Without the registers that callers save, the frame is smaller than Cranelift made it; what is in it
//! keeps its distance from the stack pointer.

use super::*;
use iced_x86::{Code as Opcode, InstructionInfoFactory, OpKind};

pub(super) struct Frame {
    /// Below the saved frame pointer.
    bytes: u32,
}

impl Frame {
    pub(super) fn bytes(&self) -> u32 {
        self.bytes
    }
}

/// Takes what makes the frame and what takes it away out of the code; none if it is not as expected.
pub(super) fn take(code: &mut Code) -> Option<Frame> {
    let entry = &mut code.blocks.first_mut()?.insts;
    if entry.len() < 2
        || entry[0].what.code() != Opcode::Push_r64
        || forward::copied(&entry[1].what) != Some((RBP, RSP))
    {
        return None;
    }
    entry.drain(..2);
    let mut frame = Frame { bytes: 0 };
    if entry.first().is_some_and(|i| i.defs & 1 << RSP != 0) {
        let sub = entry.remove(0).what;
        let subtracts = matches!(sub.code(), Opcode::Sub_rm64_imm8 | Opcode::Sub_rm64_imm32);
        frame.bytes = u32::try_from(sub.immediate(1)).ok().filter(|_| subtracts)?;
    }
    // Registers are saved above everything else.
    while let Some(place) = entry.first().and_then(saved_at) {
        frame.bytes = frame.bytes.min(place);
        entry.remove(0);
    }
    for block in &mut code.blocks {
        let leaves =
            block.insts.last().is_some_and(|i| i.kind == Kind::Leave && i.uses & 1 << RSP != 0);
        if !leaves || matches!(block.end, End::Table(_)) {
            continue;
        }
        let last = block.insts.len() - 1;
        if last == 0 || block.insts[last - 1].what.code() != Opcode::Pop_r64 {
            return None;
        }
        let part = |i: &Inst| !i.is_call() && (i.defs & FIXED != 0 || restores(i, &frame));
        let kept = block.insts[..last].iter().rposition(|i| !part(i)).map_or(0, |i| i + 1);
        block.insts.drain(kept..last);
    }
    // Nothing else moves the stack pointer.
    let moves = |i: &Inst| i.defs & FIXED != 0 && !i.is_call() && i.kind != Kind::Leave;
    (!code.blocks.iter().flat_map(|b| &b.insts).any(moves)).then_some(frame)
}

/// Where the instruction saves a register that functions in Rust keep.
fn saved_at(inst: &Inst) -> Option<u32> {
    let what = &inst.what;
    let saves = what.code() == Opcode::Mov_rm64_r64
        && what.op0_kind() == OpKind::Memory
        && what.memory_base() == Register::RSP
        && number(what.op1_register()).is_some_and(|r| KEPT_BY_RUST & 1 << r != 0);
    u32::try_from(what.memory_displacement64()).ok().filter(|_| saves)
}
fn restores(inst: &Inst, frame: &Frame) -> bool {
    let what = &inst.what;
    what.code() == Opcode::Mov_r64_rm64
        && what.op1_kind() == OpKind::Memory
        && what.memory_base() == Register::RSP
        && what.memory_displacement64() >= u64::from(frame.bytes)
        && number(what.op0_register()).is_some_and(|r| KEPT_BY_RUST & 1 << r != 0)
}

/// Puts the frame where it is needed.
pub(super) fn place(code: &mut Code, frame: &Frame, shape: &Shape) {
    let plan = Plan::of(code, shape);
    let mut tools = Tools { frame, factory: InstructionInfoFactory::new() };
    let (mut placed, mut index, mut aside) = (vec![], vec![], vec![]);
    let count = code.blocks.len();
    for (b, mut block) in std::mem::take(&mut code.blocks).into_iter().enumerate() {
        index.push(placed.len());
        if plan.made_inside[b] {
            let made = tools.change(Change::Make, block.start);
            block.insts.splice(0..0, made);
        }
        let leaves =
            block.insts.last().is_some_and(|i| i.kind == Kind::Leave && i.uses & 1 << RSP != 0);
        if plan.framed[b] && leaves && matches!(block.end, End::Stop) {
            let at = block.insts.len() - 1;
            let taken = tools.change(Change::Take, block.insts[at].offset);
            block.insts.splice(at..at, taken);
        }
        let mut between = None;
        match &mut block.end {
            End::Jump(to) => block
                .insts
                .extend(plan.change(b, *to).into_iter().flat_map(|c| tools.change(c, block.start))),
            End::Next => block.insts.extend(
                plan.change(b, b + 1).into_iter().flat_map(|c| tools.change(c, block.start)),
            ),
            End::Branch(_, to) => {
                if let Some(change) = plan.change(b, *to) {
                    let insts = tools.change(change, block.start);
                    aside.push(Block {
                        start: NOWHERE,
                        insts,
                        end: End::Jump(*to),
                        is_entry: false,
                    });
                    *to = count + aside.len() - 1;
                }
                between = plan.change(b, b + 1).map(|c| tools.change(c, block.start));
            }
            End::Stop | End::Table(_) => {}
        }
        placed.push(block);
        if let Some(insts) = between {
            placed.push(Block { start: NOWHERE, insts, end: End::Next, is_entry: false });
        }
    }
    // What stands aside comes last.
    index.extend((0..aside.len()).map(|i| placed.len() + i));
    placed.extend(aside);
    for block in &mut placed {
        match &mut block.end {
            End::Jump(to) | End::Branch(_, to) => *to = index[*to],
            End::Table(targets) => targets.iter_mut().for_each(|t| *t = index[*t]),
            End::Next | End::Stop => {}
        }
    }
    code.blocks = placed;
}

struct Plan {
    /// Which blocks run with the frame.
    framed: Vec<bool>,
    /// A frame that all ways into a block lack is made there; the others are made on the way.
    made_inside: Vec<bool>,
}

impl Plan {
    fn of(code: &Code, shape: &Shape) -> Plan {
        let mut framed = framed(code, shape.takes_turns);
        let live_in = live::live_in(code);
        let mut preds: Vec<Vec<usize>> = vec![vec![]; code.blocks.len()];
        let mut impossible = false;
        for (b, block) in code.blocks.iter().enumerate() {
            for s in block.successors(b) {
                preds[s].push(b);
                // Making and taking a frame changes the flags.
                let no_place = live_in[s] & FLAGS != 0 || matches!(block.end, End::Table(_));
                impossible |= framed[b] != framed[s] && no_place;
            }
        }
        if impossible {
            framed.iter_mut().for_each(|f| *f = true);
        }
        let inside = |b: usize| {
            framed[b]
                && (b == 0 || !code.blocks[b].is_entry && preds[b].iter().all(|p| !framed[*p]))
        };
        let made_inside = (0..code.blocks.len()).map(inside).collect();
        Plan { framed, made_inside }
    }
    /// What has to be done between two blocks.
    fn change(&self, from: usize, to: usize) -> Option<Change> {
        match (self.framed[from], self.framed[to]) {
            (false, true) => (!self.made_inside[to]).then_some(Change::Make),
            (true, false) => Some(Change::Take),
            _ => None,
        }
    }
}

/// Which blocks run with the frame. Each turn of a function that takes turns starts without.
fn framed(code: &Code, takes_turns: bool) -> Vec<bool> {
    let stack = 1 << RSP | 1 << RBP;
    let needs = |block: &Block| {
        block.insts.iter().any(|i| i.kind != Kind::Leave && (i.uses | i.defs) & stack != 0)
    };
    let is_rare = |block: &Block| {
        let mut calls = block.insts.iter().filter(|i| i.is_call()).peekable();
        calls.peek().is_some() && calls.all(|i| i.is_rare)
    };
    let mut framed: Vec<bool> = code.blocks.iter().map(needs).collect();
    let mut stays = vec![false; code.blocks.len()];
    let starts = (0..code.blocks.len()).filter(|b| {
        let block = &code.blocks[*b];
        framed[*b] && !is_rare(block) || block.is_entry && *b > 0
    });
    let mut waiting: Vec<usize> = starts.collect();
    while let Some(b) = waiting.pop() {
        if !std::mem::replace(&mut stays[b], true) {
            let goes_on = |s: &usize| !takes_turns || *s > b;
            waiting.extend(code.blocks[b].successors(b).into_iter().filter(goes_on));
        }
    }
    framed.iter_mut().zip(stays).for_each(|(f, s)| *f |= s);
    framed
}

#[derive(Clone, Copy)]
enum Change {
    Make,
    Take,
}

struct Tools<'a> {
    frame: &'a Frame,
    factory: InstructionInfoFactory,
}

impl Tools<'_> {
    /// Instructions that make the frame or take it away, as if from this offset.
    fn change(&mut self, change: Change, offset: u32) -> Vec<Inst> {
        let bytes = self.frame.bytes;
        let move_stack = |wide: Opcode, narrow: Opcode| match i8::try_from(bytes) {
            Ok(small) => Instruction::with2(narrow, Register::RSP, i32::from(small)),
            Err(_) => Instruction::with2(wide, Register::RSP, bytes as i32),
        };
        let (push, pop) = (
            Instruction::with1(Opcode::Push_r64, Register::RBP),
            Instruction::with1(Opcode::Pop_r64, Register::RBP),
        );
        let copy = Instruction::with2(Opcode::Mov_r64_rm64, Register::RBP, Register::RSP);
        let list = match change {
            Change::Make => {
                vec![push, copy, move_stack(Opcode::Sub_rm64_imm32, Opcode::Sub_rm64_imm8)]
            }
            Change::Take => vec![move_stack(Opcode::Add_rm64_imm32, Opcode::Add_rm64_imm8), pop],
        };
        let is_move = |what: &Instruction| {
            matches!(what.mnemonic(), iced_x86::Mnemonic::Sub | iced_x86::Mnemonic::Add)
        };
        let list = list.into_iter().map(|what| what.expect("instructions that exist"));
        list.filter(|what| bytes > 0 || !is_move(what))
            .map(|what| Inst::made(what, offset, &mut self.factory))
            .collect()
    }
}
