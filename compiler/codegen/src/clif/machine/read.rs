//! Bytes to blocks.

use super::*;
use crate::clif::{Reloc, Stub, Symbol};
use beamrc_abi::entry::e;
use iced_x86::{
    Code as Opcode, Decoder, DecoderOptions, FlowControl, InstructionInfoFactory, Mnemonic,
    OpAccess, OpKind,
};
use std::collections::{BTreeMap, BTreeSet};

/// An instruction as it stands, and where control goes behind it.
struct Found {
    what: Instruction,
    reloc: Option<usize>,
}

struct Reader<'a> {
    code: &'a [u8],
    relocs: &'a [Reloc],
    /// Relocations by offset.
    reloc_at: BTreeMap<u32, usize>,
    shape: &'a Shape,
    found: BTreeMap<u32, Found>,
    leaders: BTreeSet<u32>,
    tables: BTreeMap<u32, Vec<u32>>,
    waiting: Vec<u32>,
}

/// None if something is not as expected.
pub(super) fn read(compiled: &Compiled, shape: &Shape) -> Option<Code> {
    let handlers = compiled.call_sites.iter().filter_map(|s| s.handler);
    let entries: BTreeSet<u32> = handlers.chain([0]).collect();
    let mut leaders: BTreeSet<u32> = shape.starts.iter().copied().collect();
    leaders.extend(&entries);
    let mut reader = Reader {
        code: &compiled.code,
        relocs: &compiled.relocs,
        reloc_at: compiled.relocs.iter().enumerate().map(|(i, r)| (r.offset, i)).collect(),
        shape,
        found: BTreeMap::new(),
        waiting: leaders.iter().copied().collect(),
        leaders,
        tables: BTreeMap::new(),
    };
    while let Some(at) = reader.waiting.pop() {
        reader.follow(at)?;
    }
    let code = reader.blocks(&entries)?;
    // Cranelift has rows for jumps that leave the function as well.
    let leave =
        code.blocks.iter().flat_map(|b| &b.insts).filter(|i| i.is_call() || i.kind == Kind::Leave);
    let returns: BTreeSet<u32> = leave.map(|i| i.offset + i.len).collect();
    compiled.call_sites.iter().all(|site| returns.contains(&site.return_offset)).then_some(code)
}

impl Reader<'_> {
    /// Decodes from here until control leaves or what is known is reached.
    fn follow(&mut self, start: u32) -> Option<()> {
        let mut at = start;
        while !self.found.contains_key(&at) {
            let bytes = self.code.get(at as usize..)?;
            let mut decoder = Decoder::with_ip(64, bytes, u64::from(at), DecoderOptions::NONE);
            let what = decoder.decode();
            if what.is_invalid() {
                return None;
            }
            let next = at + what.len() as u32;
            let reloc = self.reloc_at.range(at..next).next().map(|(_, i)| *i);
            let flow = what.flow_control();
            self.found.insert(at, Found { what, reloc });
            match flow {
                FlowControl::Next | FlowControl::Call | FlowControl::IndirectCall => {}
                FlowControl::ConditionalBranch | FlowControl::UnconditionalBranch
                    if reloc.is_none() =>
                {
                    let target = u32::try_from(what.near_branch_target()).ok()?;
                    if self.leaders.insert(target) {
                        self.waiting.push(target);
                    }
                    if flow == FlowControl::UnconditionalBranch {
                        return Some(());
                    }
                    self.leaders.insert(next);
                }
                FlowControl::UnconditionalBranch | FlowControl::Return | FlowControl::Exception => {
                    return Some(());
                }
                FlowControl::IndirectBranch => return self.table(at, next),
                _ => return None,
            }
            at = next;
        }
        Some(())
    }
    /// An indirect jump leaves the function, or goes through the table behind it, whose address was
    /// loaded shortly before.
    fn table(&mut self, at: u32, next: u32) -> Option<()> {
        let start = *self.shape.starts.iter().filter(|s| **s <= at).max()?;
        let loads = |f: &Found| {
            f.what.mnemonic() == Mnemonic::Lea
                && f.what.is_ip_rel_memory_operand()
                && f.reloc.is_none()
                && f.what.ip_rel_memory_address() == u64::from(next)
        };
        if !self.found.range(start..at).any(|(_, f)| loads(f)) {
            return Some(());
        }
        // The table ends where the next block starts.
        let behind = *self.shape.starts.iter().filter(|s| **s > at).min()?;
        let mut targets = vec![];
        for entry in self.code.get(next as usize..behind as usize)?.chunks(4) {
            let target = next.wrapping_add_signed(i32::from_le_bytes(entry.try_into().ok()?));
            if !self.shape.starts.contains(&target) {
                return None;
            }
            targets.push(target);
        }
        self.tables.insert(at, targets);
        Some(())
    }

    fn blocks(&mut self, entries: &BTreeSet<u32>) -> Option<Code> {
        let leaders: Vec<u32> = self.leaders.iter().copied().collect();
        let index = |offset: u32| leaders.binary_search(&offset).ok();
        let mut factory = InstructionInfoFactory::new();
        let mut blocks: Vec<Block> = vec![];
        let mut behind_code = 0;
        for (i, start) in leaders.iter().enumerate() {
            let limit = leaders.get(i + 1).copied().unwrap_or(u32::MAX);
            let mut block = Block {
                start: *start,
                insts: vec![],
                end: End::Next,
                is_entry: entries.contains(start),
            };
            let mut at = *start;
            while at < limit {
                let found = self.found.get(&at)?;
                let next = at + found.what.len() as u32;
                let flow = found.what.flow_control();
                let internal = found.reloc.is_none();
                if matches!(flow, FlowControl::ConditionalBranch | FlowControl::UnconditionalBranch)
                    && internal
                {
                    let target = index(found.what.near_branch_target() as u32)?;
                    block.end = match flow {
                        FlowControl::UnconditionalBranch => End::Jump(target),
                        _ => End::Branch(found.what.condition_code(), target),
                    };
                    behind_code = next;
                    break;
                }
                block.insts.push(inst(found, at, self.relocs, self.shape, &mut factory)?);
                behind_code = next;
                if !matches!(
                    flow,
                    FlowControl::Next | FlowControl::Call | FlowControl::IndirectCall
                ) {
                    block.end = End::Stop;
                    if let Some(targets) = self.tables.get(&at) {
                        behind_code += 4 * targets.len() as u32;
                        block.end =
                            End::Table(targets.iter().map(|t| index(*t)).collect::<Option<_>>()?);
                    }
                    break;
                }
                at = next;
            }
            // What follows must be the next block.
            let falls = matches!(block.end, End::Next | End::Branch(..));
            if falls && leaders.get(i + 1) != Some(&behind_code) {
                return None;
            }
            blocks.push(block);
        }
        let constants = self.code.get(behind_code as usize..)?.to_vec();
        let code = Code { blocks, constants, constants_start: behind_code };
        self.internals_are_known(&code).then_some(code)
    }
    /// Everything that refers to the code itself refers to the constants or to its own table.
    fn internals_are_known(&self, code: &Code) -> bool {
        code.blocks.iter().all(|block| {
            block.insts.iter().all(|i| match i.kind {
                Kind::Internal { target } if target < code.constants_start => {
                    match (&block.end, block.insts.last()) {
                        (End::Table(_), Some(jump)) => target == jump.offset + jump.len,
                        _ => false,
                    }
                }
                _ => true,
            })
        })
    }
}

fn inst(
    found: &Found,
    offset: u32,
    relocs: &[Reloc],
    shape: &Shape,
    factory: &mut InstructionInfoFactory,
) -> Option<Inst> {
    let mut what = found.what;
    what.set_code(of_any_register(what.code()));
    let kind = match (what.flow_control(), found.reloc) {
        (FlowControl::Call, Some(r)) => match relocs[r].symbol {
            Symbol::Through(Stub::Slow | Stub::SlowWords, _) => Kind::KeepingCall,
            _ => Kind::Call,
        },
        (FlowControl::IndirectCall, None) => Kind::Call,
        (FlowControl::Call | FlowControl::IndirectCall, _) => return None,
        (FlowControl::Next, Some(_)) => Kind::Relocated,
        (FlowControl::Next, None) if what.is_ip_rel_memory_operand() => {
            Kind::Internal { target: u32::try_from(what.ip_rel_memory_address()).ok()? }
        }
        (FlowControl::Next, None) => Kind::Plain,
        _ => Kind::Leave,
    };
    let arguments = found.reloc.map_or(ARGUMENTS, |r| arguments(shape.arguments[r]));
    let is_rare = found.reloc.is_some_and(|r| is_rare(&relocs[r].symbol));
    let is_rust = found.reloc.is_some_and(|r| matches!(relocs[r].symbol, Symbol::Through(..)));
    let len = what.len() as u32;
    let mut inst = Inst {
        len,
        kind,
        reloc: found.reloc,
        arguments,
        is_rare,
        is_rust,
        changed: false,
        ..Inst::made(what, offset, factory)
    };
    inst.effects(factory);
    Some(inst)
}

/// The form that takes any register of an instruction that has one for rax alone.
fn of_any_register(code: Opcode) -> Opcode {
    match code {
        Opcode::Add_RAX_imm32 => Opcode::Add_rm64_imm32,
        Opcode::Sub_RAX_imm32 => Opcode::Sub_rm64_imm32,
        Opcode::And_RAX_imm32 => Opcode::And_rm64_imm32,
        Opcode::Or_RAX_imm32 => Opcode::Or_rm64_imm32,
        Opcode::Xor_RAX_imm32 => Opcode::Xor_rm64_imm32,
        Opcode::Cmp_RAX_imm32 => Opcode::Cmp_rm64_imm32,
        Opcode::Test_RAX_imm32 => Opcode::Test_rm64_imm32,
        other => other,
    }
}

impl Inst {
    /// An instruction that was not read.
    pub(super) fn made(
        what: Instruction,
        offset: u32,
        factory: &mut InstructionInfoFactory,
    ) -> Inst {
        let mut inst = Inst {
            offset,
            len: 0,
            what,
            kind: Kind::Plain,
            reloc: None,
            arguments: 0,
            is_rare: false,
            is_rust: false,
            changed: true,
            uses: 0,
            defs: 0,
            partial: false,
            pure: false,
            writes_memory: false,
        };
        inst.effects(factory);
        inst
    }
    /// Finds out what the instruction reads and writes.
    pub(super) fn effects(&mut self, factory: &mut InstructionInfoFactory) {
        let info = factory.info(&self.what);
        let (mut uses, mut defs, mut partial, mut others) = (0, 0, false, false);
        for used in info.used_registers() {
            let register = used.register();
            if !register.is_gpr() {
                others |= !matches!(used.access(), OpAccess::Read | OpAccess::CondRead);
                continue;
            }
            let bit = 1 << register.full_register().number();
            let narrow = register.size() < 4;
            match used.access() {
                OpAccess::Read | OpAccess::CondRead => uses |= bit,
                OpAccess::Write if !narrow => defs |= bit,
                OpAccess::ReadWrite if !narrow => {
                    uses |= bit;
                    defs |= bit;
                }
                OpAccess::None | OpAccess::NoMemAccess => {}
                _ => {
                    uses |= bit;
                    defs |= bit;
                    partial = true;
                }
            }
        }
        let only_reads = |access: OpAccess| {
            matches!(
                access,
                OpAccess::Read | OpAccess::CondRead | OpAccess::None | OpAccess::NoMemAccess
            )
        };
        self.writes_memory = info.used_memory().iter().any(|m| !only_reads(m.access()));
        if self.what.rflags_read() != 0 {
            uses |= FLAGS;
        }
        if self.what.rflags_modified() != 0 {
            defs |= FLAGS;
            // A shift by no bits leaves the flags alone; some leave the carry alone.
            partial |= !writes_all_flags(&self.what);
        }
        match self.kind {
            Kind::Call | Kind::KeepingCall => uses |= self.arguments | FIXED,
            Kind::Leave => uses |= leaving(&self.what, self.arguments),
            _ => {}
        }
        (self.uses, self.defs, self.partial) = (uses, defs, partial);
        self.pure = matches!(self.kind, Kind::Plain | Kind::Relocated | Kind::Internal { .. })
            && !self.writes_memory
            && !others
            && self.defs & FIXED == 0
            && is_plain(self.what.mnemonic());
    }
}

/// The registers of this many arguments.
fn arguments(count: usize) -> Regs {
    const IN_ORDER: [usize; 6] = [7, 6, 2, 1, 8, 9];
    IN_ORDER.iter().take(count).fold(0, |all, r| all | 1 << r)
}

/// Calls of these are made where memory or time has run out, where a fast path does not do, or to raise.
fn is_rare(callee: &Symbol) -> bool {
    match callee {
        Symbol::Through(Stub::Slow | Stub::SlowWords | Stub::Raise, _) => true,
        Symbol::Through(Stub::Safepoint, name) => {
            [e::poll.symbol, e::collect.symbol].contains(&&**name)
        }
        _ => false,
    }
}

/// Registers that whoever is gone to may read.
fn leaving(what: &Instruction, arguments: Regs) -> Regs {
    match what.flow_control() {
        FlowControl::Return => 1 << RAX | FIXED,
        FlowControl::Exception => 0,
        _ => arguments | FIXED,
    }
}

fn writes_all_flags(what: &Instruction) -> bool {
    use Mnemonic as M;
    matches!(
        what.mnemonic(),
        M::Add
            | M::Sub
            | M::And
            | M::Or
            | M::Xor
            | M::Cmp
            | M::Test
            | M::Neg
            | M::Imul
            | M::Ucomisd
    )
}

/// Can go if nobody needs the result.
fn is_plain(mnemonic: Mnemonic) -> bool {
    use Mnemonic as M;
    let moves = matches!(mnemonic, M::Mov | M::Lea | M::Movzx | M::Movsx | M::Movsxd);
    let computes = matches!(
        mnemonic,
        M::Add
            | M::Sub
            | M::And
            | M::Or
            | M::Xor
            | M::Not
            | M::Neg
            | M::Shl
            | M::Shr
            | M::Sar
            | M::Ror
            | M::Imul
    );
    let compares = matches!(mnemonic, M::Cmp | M::Test);
    let sets = matches!(
        mnemonic,
        M::Seta
            | M::Setae
            | M::Setb
            | M::Setbe
            | M::Sete
            | M::Setne
            | M::Setg
            | M::Setge
            | M::Setl
            | M::Setle
            | M::Seto
            | M::Setno
            | M::Sets
            | M::Setns
    );
    moves || computes || compares || sets
}

/// Whether the instruction names no memory.
pub(super) fn has_no_memory(what: &Instruction) -> bool {
    (0..what.op_count()).all(|i| what.op_kind(i) != OpKind::Memory)
}
