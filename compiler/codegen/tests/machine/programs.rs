//! Random functions, shaped as Cranelift shapes them.

use crate::interpreter::{arguments_of, mix};
use beamrc_abi::entry::e;
use beamrc_codegen::clif::machine::Shape;
use beamrc_codegen::clif::{CallSite, Compiled, Reloc, RelocKind, Stub, Symbol};
use beamrc_codegen::ssa::{Convention, Name};
use iced_x86::{Code, Decoder, DecoderOptions, Encoder, Instruction, MemoryOperand, Register};

struct Maker {
    seed: u64,
    drawn: u64,
    code: Vec<u8>,
    relocs: Vec<Reloc>,
    sites: Vec<CallSite>,
    lines: Vec<(u32, u32)>,
    starts: Vec<u32>,
    /// Places of displacements to the starts of blocks.
    branches: Vec<(usize, usize)>,
    /// Jump tables: where, and the blocks in it.
    tables: Vec<(usize, Vec<usize>)>,
    /// Places of displacements to the constants.
    constants: Vec<usize>,
    /// Call sites and the blocks that handle their exceptions.
    handlers: Vec<(usize, usize)>,
    registers: Vec<Register>,
    blocks: usize,
    slots: u32,
    saved: Vec<Register>,
    /// Where jump tables lead: two registers with addresses of code, and the flags, are overwritten there.
    tabled: Vec<usize>,
}

/// The function of a seed.
pub fn program(seed: u64) -> (Compiled, Shape) {
    let mut m = Maker {
        seed,
        drawn: 0,
        code: vec![],
        relocs: vec![],
        sites: vec![],
        lines: vec![],
        starts: vec![],
        branches: vec![],
        tables: vec![],
        constants: vec![],
        handlers: vec![],
        registers: vec![],
        blocks: 0,
        slots: 0,
        saved: vec![],
        tabled: vec![],
    };
    m.function()
}

/// For a failed comparison.
pub fn listing(code: &Compiled) -> String {
    let decoder = Decoder::with_ip(64, &code.code, 0, DecoderOptions::NONE);
    let text = |i: Instruction| format!("{:5}  {:?} {}\n", i.ip(), i.code(), operands(&i));
    let sites = code.call_sites.iter().map(|s| format!("{s:?}\n")).collect::<String>();
    decoder.into_iter().map(text).collect::<String>() + &sites
}
fn operands(i: &Instruction) -> String {
    use iced_x86::OpKind;
    let one = |n: u32| match i.op_kind(n) {
        OpKind::Register => format!("{:?}", i.op_register(n)),
        OpKind::Memory => format!(
            "[{:?}+{:?}*{}+{:x}]",
            i.memory_base(),
            i.memory_index(),
            i.memory_index_scale(),
            i.memory_displacement64()
        ),
        OpKind::NearBranch64 => format!("to {}", i.near_branch_target()),
        _ => format!("{:x}", i.immediate(n)),
    };
    (0..i.op_count()).map(one).collect::<Vec<_>>().join(", ")
}

impl Maker {
    /// A number below the limit.
    fn below(&mut self, limit: usize) -> usize {
        self.drawn += 1;
        (mix(self.seed, self.drawn) % limit as u64) as usize
    }
    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
    fn pick<T: Copy>(&mut self, among: &[T]) -> T {
        among[self.below(among.len())]
    }
    fn r(&mut self) -> Register {
        let i = self.below(self.registers.len());
        self.registers[i]
    }
    /// The part of a register that has this many bytes.
    fn part(&mut self, size: usize) -> Register {
        let whole = self.r();
        of_size(whole, size)
    }
    fn constant(&mut self) -> i32 {
        const LIKELY: [i32; 10] = [0, 1, -1, 2, 8, 15, 127, 128, -129, i32::MIN];
        match self.below(3) {
            0 => self.pick(&LIKELY),
            1 => self.below(256) as i32 - 128,
            _ => self.below(1 << 31) as i32 - (1 << 30),
        }
    }
    fn put(&mut self, what: Result<Instruction, iced_x86::IcedError>) -> usize {
        let mut encoder = Encoder::new(64);
        let what = what.expect("an instruction that exists");
        encoder.encode(&what, 0).unwrap_or_else(|error| panic!("{what:?}: {error}"));
        let start = self.code.len();
        self.code.extend(encoder.take_buffer());
        start
    }
    fn two(&mut self, code: Code, a: Register, b: Register) {
        self.put(Instruction::with2(code, a, b));
    }

    fn function(&mut self) -> (Compiled, Shape) {
        const ALL: [Register; 13] = [
            Register::RAX,
            Register::RCX,
            Register::RDX,
            Register::RBX,
            Register::RSI,
            Register::RDI,
            Register::R8,
            Register::R9,
            Register::R10,
            Register::R11,
            Register::R12,
            Register::R13,
            Register::R14,
        ];
        let first = self.below(13);
        let step = 1 + self.below(6);
        let count = 3 + self.below(5);
        self.registers = (0..count).map(|i| ALL[(first + i * step) % 13]).collect();
        self.blocks = if self.one_in(12) { 40 } else { 2 + self.below(8) };
        self.slots = self.below(5) as u32;
        let kept = [Register::RBX, Register::R12, Register::R13, Register::R14];
        self.saved = kept.into_iter().filter(|_| self.one_in(3)).collect();
        self.tabled = (0..3).map(|_| self.other()).collect();
        for b in 0..self.blocks {
            self.starts.push(self.code.len() as u32);
            if b == 0 {
                self.enter();
            }
            self.block(b);
        }
        self.finish()
    }
    fn save_place(&self, i: usize) -> u32 {
        (8 * self.slots).next_multiple_of(16) + 8 * i as u32
    }
    fn frame_bytes(&self) -> u32 {
        self.save_place(self.saved.len()).next_multiple_of(16)
    }
    fn enter(&mut self) {
        self.put(Instruction::with1(Code::Push_r64, Register::RBP));
        self.two(Code::Mov_rm64_r64, Register::RBP, Register::RSP);
        let bytes = self.frame_bytes();
        if bytes > 0 {
            self.put(Instruction::with2(Code::Sub_rm64_imm8, Register::RSP, bytes as i32));
        }
        for (i, r) in self.saved.clone().into_iter().enumerate() {
            self.put(Instruction::with2(Code::Mov_rm64_r64, at_stack(self.save_place(i)), r));
        }
        // Neither registers that are saved nor the flags have anything yet that could be of use.
        self.two(Code::Mov_r64_rm64, Register::R14, Register::RDI);
        self.two(Code::Cmp_r64_rm64, Register::RDI, Register::RSI);
    }
    fn exit(&mut self) {
        for (i, r) in self.saved.clone().into_iter().enumerate() {
            self.put(Instruction::with2(Code::Mov_r64_rm64, r, at_stack(self.save_place(i))));
        }
        let bytes = self.frame_bytes();
        if bytes > 0 {
            self.put(Instruction::with2(Code::Add_rm64_imm8, Register::RSP, bytes as i32));
        }
        self.put(Instruction::with1(Code::Pop_r64, Register::RBP));
    }

    fn block(&mut self, b: usize) {
        if self.tabled.contains(&b) {
            for r in [self.registers[0], self.registers[1]] {
                self.put(Instruction::with2(Code::Mov_rm64_imm32, r, 5));
                self.two(Code::Test_rm64_r64, r, r);
            }
        }
        let most = if self.blocks > 20 { 25 } else { 9 };
        for _ in 0..self.below(most) {
            if self.one_in(6) {
                let location = self.below(5) as u32;
                if self.lines.last().is_none_or(|l| l.1 != location) {
                    self.lines.push((self.code.len() as u32, location));
                }
            }
            match self.below(12) {
                0 if self.one_in(2) => self.call(),
                0..3 => self.idiom(),
                _ => self.instruction(),
            }
        }
        self.end(b);
    }
    fn other(&mut self) -> usize {
        1 + self.below(self.blocks - 1)
    }
    fn branch(&mut self, opcode: &[u8], to: usize) {
        self.code.extend(opcode);
        self.branches.push((self.code.len(), to));
        self.code.extend([0; 4]);
    }
    fn end(&mut self, b: usize) {
        let last = b + 1 == self.blocks;
        match self.below(if last { 6 } else { 16 }) {
            0 => self.branch_to_any(&[0xe9]),
            1 => {
                if self.one_in(2) {
                    self.code.push(0xe8);
                    self.refer(Symbol::Through(Stub::Raise, "entry_2".into()), -4);
                    self.row(false);
                }
                self.code.extend([0x0f, 0x0b]);
            }
            2 => {
                self.exit();
                self.code.push(0xc3);
            }
            3 => {
                self.exit();
                let arity = self.below(7) as u32;
                self.code.push(0xe9);
                self.refer(function(arity), 0);
            }
            4 => {
                self.exit();
                self.put(Instruction::with1(Code::Jmp_rm64, Register::RAX));
            }
            5 => self.table(),
            6 => {}
            _ => {
                let cc = self.below(16) as u8;
                if self.one_in(2) {
                    self.tested();
                } else if self.one_in(2) {
                    self.instruction();
                }
                // Conditions other than of equality and order come from overflow and floats.
                let cc = if self.one_in(2) { [4, 5, 12, 13, 2, 3, 8][cc as usize % 7] } else { cc };
                self.branch_to_any(&[0x0f, 0x80 | cc]);
            }
        }
    }
    fn branch_to_any(&mut self, opcode: &[u8]) {
        let to = self.other();
        self.branch(opcode, to);
    }
    /// A relocation of four bytes here.
    fn refer(&mut self, symbol: Symbol, addend: i64) {
        let offset = self.code.len() as u32;
        self.relocs.push(Reloc { offset, kind: RelocKind::Relative32, symbol, addend });
        self.code.extend([0; 4]);
    }

    /// What a branch at the end of a block asks about.
    fn tested(&mut self) {
        let (a, b) = (self.r(), self.r());
        match self.below(4) {
            0 => {
                self.two(Code::Add_rm64_r64, a, b);
                let set = of_size(b, 1);
                self.put(Instruction::with1(Code::Seto_rm8, set));
                let tested = if self.one_in(4) { of_size(a, 1) } else { set };
                self.two(Code::Test_rm8_r8, tested, tested);
            }
            1 => {
                self.arithmetic();
                if self.one_in(3) {
                    self.instruction();
                }
                self.two(Code::Test_rm64_r64, a, a);
            }
            2 => {
                let code = self.pick(&[Code::And_r64_rm64, Code::Sub_rm64_r64, Code::Or_rm64_r64]);
                self.two(code, a, b);
                self.two(Code::Test_rm64_r64, a, a);
            }
            _ => self.two(Code::Cmp_rm64_r64, a, b),
        }
    }
    /// Instructions that are likely to be merged.
    fn idiom(&mut self) {
        let (a, b) = (self.r(), self.r());
        match self.below(6) {
            0 => {
                self.two(Code::Mov_rm64_r64, b, a);
                let (c, by) = (if self.one_in(4) { a } else { b }, self.below(200) as i32 - 100);
                let code = self.pick(&[Code::Add_rm64_imm8, Code::Sub_rm64_imm8]);
                self.put(Instruction::with2(code, c, by));
            }
            1 => {
                let from = self.memory();
                self.put(Instruction::with2(Code::Mov_r64_rm64, a, from));
                match self.below(3) {
                    0 => self.instruction(),
                    1 => {
                        let other = self.r();
                        self.put(Instruction::with2(Code::Mov_rm64_r64, from, other));
                    }
                    _ => {}
                }
                let operators = [
                    Code::Cmp_rm64_r64,
                    Code::Add_rm64_r64,
                    Code::Imul_r64_rm64,
                    Code::Sub_r64_rm64,
                ];
                let operator = self.pick(&operators);
                self.two(operator, b, a);
            }
            2 => {
                self.two(Code::Mov_rm64_r64, b, a);
                self.instruction();
                self.two(Code::Mov_rm64_r64, a, b);
            }
            3 if self.slots > 0 => {
                // What was stored before a call is read again behind it.
                let place = self.slot();
                self.put(Instruction::with2(Code::Mov_rm64_r64, place, a));
                self.call();
                self.put(Instruction::with2(Code::Mov_r64_rm64, b, place));
            }
            3 => {
                self.arithmetic();
                self.two(Code::Mov_rm64_r64, b, a);
            }
            4 if self.slots > 0 => {
                let (place, other) = (self.slot(), self.slot());
                self.put(Instruction::with2(Code::Mov_rm64_r64, place, a));
                self.instruction();
                let from = if self.one_in(4) { other } else { place };
                self.put(Instruction::with2(Code::Mov_r64_rm64, b, from));
            }
            5 => {
                // The look at the limit of the stack: nothing else may be seen of where the stack is.
                self.two(Code::Mov_r64_rm64, a, Register::RSP);
                let limit = MemoryOperand::with_base_displ(Register::R15, 24);
                self.put(Instruction::with2(Code::Cmp_r64_rm64, a, limit));
                self.put(Instruction::with2(Code::Mov_rm64_imm32, a, 7));
                self.put(Instruction::with1(Code::Setb_rm8, of_size(a, 1)));
                self.two(Code::Test_rm64_r64, a, a);
            }
            _ => self.two(Code::Xor_r64_rm64, a, a),
        }
        if self.one_in(2) {
            let seen = MemoryOperand::with_base_displ(Register::R15, 64);
            self.put(Instruction::with2(Code::Mov_rm64_r64, seen, b));
        }
    }
    fn slot(&mut self) -> MemoryOperand {
        let i = self.below(self.slots.max(1) as usize) as u32;
        at_stack(8 * i)
    }
    /// A place in memory: a slot, or somewhere else.
    fn memory(&mut self) -> MemoryOperand {
        if self.slots > 0 && self.one_in(3) {
            return self.slot();
        }
        // Few places, so that they are often the same.
        let (base, by) = (self.registers[self.drawn as usize % 3], self.below(4) as i64 * 8 - 8);
        if self.one_in(4) {
            let index = self.r();
            return MemoryOperand::with_base_index_scale_displ_size(base, index, 8, by, 1);
        }
        let base = if self.one_in(4) { Register::R15 } else { base };
        MemoryOperand::with_base_displ(base, by)
    }
    fn arithmetic(&mut self) {
        const TWO: [Code; 14] = [
            Code::Add_r64_rm64,
            Code::Add_rm64_r64,
            Code::Sub_r64_rm64,
            Code::Sub_rm64_r64,
            Code::And_r64_rm64,
            Code::And_rm64_r64,
            Code::Or_rm64_r64,
            Code::Xor_rm64_r64,
            Code::Xor_r64_rm64,
            Code::Imul_r64_rm64,
            Code::Adc_rm64_r64,
            Code::Sbb_r64_rm64,
            Code::Cmp_r64_rm64,
            Code::Test_rm64_r64,
        ];
        const ONE: [Code; 9] = [
            Code::Neg_rm64,
            Code::Not_rm64,
            Code::Inc_rm64,
            Code::Dec_rm64,
            Code::Mul_rm64,
            Code::Imul_rm64,
            Code::Setl_rm8,
            Code::Seto_rm8,
            Code::Sete_rm8,
        ];
        const WIDE: [Code; 8] = [
            Code::Add_rm64_imm32,
            Code::Sub_rm64_imm32,
            Code::And_rm64_imm32,
            Code::Or_rm64_imm32,
            Code::Xor_rm64_imm32,
            Code::Cmp_rm64_imm32,
            Code::Test_rm64_imm32,
            Code::Mov_rm64_imm32,
        ];
        const RAX: [Code; 4] =
            [Code::Add_RAX_imm32, Code::Cmp_RAX_imm32, Code::Test_RAX_imm32, Code::And_RAX_imm32];
        const SHIFTS: [Code; 4] =
            [Code::Shl_rm64_imm8, Code::Shr_rm64_imm8, Code::Sar_rm64_imm8, Code::Ror_rm64_imm8];
        const BY_CL: [Code; 3] = [Code::Shl_rm64_CL, Code::Sar_rm64_CL, Code::Shr_rm64_CL];
        let (a, b, constant) = (self.r(), self.r(), self.constant());
        match self.below(10) {
            0..3 => {
                let code = self.pick(&TWO);
                self.two(code, a, b);
            }
            3 => {
                let code = self.pick(&ONE);
                let size = if format!("{code:?}").ends_with("rm8") { 1 } else { 8 };
                self.put(Instruction::with1(code, of_size(a, size)));
            }
            4 | 5 => {
                let code = self.pick(&WIDE);
                self.put(Instruction::with2(code, a, constant));
            }
            6 => {
                let code = self.pick(&RAX);
                self.put(Instruction::with2(code, Register::RAX, constant));
            }
            7 => {
                let (code, by) = (self.pick(&SHIFTS), self.below(64) as u32);
                self.put(Instruction::with2(code, a, by));
            }
            8 => {
                let code = self.pick(&BY_CL);
                self.put(Instruction::with2(code, a, Register::CL));
            }
            _ => {
                self.put(Instruction::with3(Code::Imul_r64_rm64_imm32, a, b, constant));
            }
        }
    }
    fn instruction(&mut self) {
        let (a, b, constant) = (self.r(), self.r(), self.constant());
        match self.below(22) {
            0..4 => self.two(Code::Mov_r64_rm64, a, b),
            4 => {
                let (a, b) = (self.part(4), self.part(4));
                let code = self.pick(&[Code::Mov_r32_rm32, Code::Add_rm32_r32]);
                self.two(code, a, b);
            }
            5 => {
                self.put(Instruction::with2(Code::Mov_r64_imm64, a, i64::from(constant) << 20));
            }
            6..8 => {
                let place = self.memory();
                self.put(Instruction::with2(Code::Mov_r64_rm64, a, place));
            }
            8..10 => {
                let place = self.memory();
                self.put(Instruction::with2(Code::Mov_rm64_r64, place, a));
            }
            10 => {
                let (place, size) = (self.memory(), self.pick(&[1, 2, 4]));
                let code = [Code::Mov_rm8_r8, Code::Mov_rm16_r16, Code::Mov_rm32_r32][size / 2];
                self.put(Instruction::with2(code, place, of_size(a, size)));
            }
            11 => {
                let place = self.memory();
                let code = self.pick(&[Code::Add_r64_rm64, Code::Cmp_r64_rm64, Code::And_r64_rm64]);
                self.put(Instruction::with2(code, a, place));
            }
            12 => {
                let place = self.memory();
                let code =
                    self.pick(&[Code::Add_rm64_r64, Code::Cmp_rm64_r64, Code::Xchg_rm64_r64]);
                self.put(Instruction::with2(code, place, a));
            }
            13 => {
                let place = self.plain_memory();
                self.put(Instruction::with2(Code::Lea_r64_m, a, place));
            }
            14 => {
                let small = self.part(1);
                let (code, size) = self.pick(&[(Code::Movzx_r32_rm8, 4), (Code::Movsx_r64_rm8, 8)]);
                self.two(code, of_size(a, size), small);
            }
            15 => {
                let codes = [Code::Cmove_r64_rm64, Code::Cmovl_r64_rm64, Code::Cmovb_r64_rm64];
                let code = self.pick(&codes);
                self.two(code, a, b);
            }
            16 => self.two(Code::Xchg_rm64_r64, a, b),
            17 => {
                let (f, place) = (self.float(), self.memory());
                match self.below(4) {
                    0 => self.put(Instruction::with2(Code::Movsd_xmm_xmmm64, f, place)),
                    1 => self.put(Instruction::with2(Code::Movsd_xmmm64_xmm, place, f)),
                    2 => self.put(Instruction::with2(Code::Movq_xmm_rm64, f, a)),
                    _ => self.put(Instruction::with2(Code::Movq_rm64_xmm, a, f)),
                };
            }
            18 => {
                let (f, g) = (self.float(), self.float());
                let code = self.pick(&[Code::Addsd_xmm_xmmm64, Code::Ucomisd_xmm_xmmm64]);
                self.two(code, f, g);
            }
            19 => {
                // A constant behind the code, or an address of something else.
                let place = MemoryOperand::with_base_displ(Register::RIP, 0);
                if self.one_in(2) {
                    let f = self.float();
                    self.put(Instruction::with2(Code::Movsd_xmm_xmmm64, f, place));
                    self.constants.push(self.code.len() - 4);
                } else {
                    self.put(Instruction::with2(Code::Lea_r64_m, a, place));
                    self.code.truncate(self.code.len() - 4);
                    self.refer(Symbol::Literal(1), -4);
                }
            }
            _ => self.arithmetic(),
        }
    }
    /// Not in the frame.
    fn plain_memory(&mut self) -> MemoryOperand {
        let (base, by) = (self.r(), self.below(300) as i64 - 150);
        MemoryOperand::with_base_displ(base, by)
    }
    fn float(&mut self) -> Register {
        self.pick(&[Register::XMM0, Register::XMM1, Register::XMM2])
    }

    fn call(&mut self) {
        let stub = self.pick(&[Stub::Call, Stub::Slow, Stub::Slow, Stub::Safepoint]);
        let symbol = match self.below(8) {
            0 | 1 => function(self.below(7) as u32),
            2 => Symbol::Through(Stub::Safepoint, e::collect.symbol.into()),
            3 => Symbol::Through(Stub::Safepoint, e::poll.symbol.into()),
            4 => {
                let r = self.r();
                self.put(Instruction::with1(Code::Call_rm64, r));
                return self.row(true);
            }
            _ => Symbol::Through(stub, format!("entry_{}", self.below(4)).into()),
        };
        let may_collect =
            matches!(symbol, Symbol::Function(..) | Symbol::Through(Stub::Safepoint, _));
        self.code.push(0xe8);
        self.refer(symbol, -4);
        self.row(may_collect);
    }
    fn row(&mut self, may_collect: bool) {
        let slots = (0..self.slots).filter(|_| may_collect && self.one_in(2)).collect::<Vec<_>>();
        let location = self.below(9) as u32;
        self.sites.push(CallSite {
            return_offset: self.code.len() as u32,
            slots: slots.into_iter().map(|i| 8 * i).collect(),
            location,
            handler: None,
        });
        if may_collect && self.one_in(3) {
            let handler = self.other();
            self.handlers.push((self.sites.len() - 1, handler));
        }
    }
    fn table(&mut self) {
        let (table, index) = (self.registers[0], self.registers[1]);
        self.put(Instruction::with2(Code::And_rm64_imm8, index, 3));
        let place = MemoryOperand::with_base_displ(Register::RIP, 0);
        self.put(Instruction::with2(Code::Lea_r64_m, table, place));
        let displacement = self.code.len() - 4;
        let entry = MemoryOperand::with_base_index_scale(table, index, 4);
        self.put(Instruction::with2(Code::Movsxd_r64_rm32, index, entry));
        self.two(Code::Add_rm64_r64, table, index);
        self.put(Instruction::with1(Code::Jmp_rm64, table));
        let here = self.code.len();
        let distance = (here - displacement - 4) as i32;
        self.code[displacement..displacement + 4].copy_from_slice(&distance.to_le_bytes());
        let targets: Vec<usize> = (0..4).map(|i| self.tabled[i % 3]).collect();
        self.tables.push((here, targets));
        self.code.extend([0; 16]);
    }

    /// Fills in displacements and puts constants behind the code.
    fn finish(&mut self) -> (Compiled, Shape) {
        let end = self.code.len().next_multiple_of(16);
        self.code.resize(end, 0);
        self.code.extend((0..16).map(|i| 0x11 * i as u8));
        let mut patch = |place: usize, value: i32| {
            self.code[place..place + 4].copy_from_slice(&value.to_le_bytes());
        };
        for (place, to) in &self.branches {
            patch(*place, self.starts[*to] as i32 - (*place as i32 + 4));
        }
        for (place, targets) in &self.tables {
            for (i, to) in targets.iter().enumerate() {
                patch(place + 4 * i, self.starts[*to] as i32 - *place as i32);
            }
        }
        for (i, place) in self.constants.iter().enumerate() {
            patch(*place, (end + i % 2 * 8) as i32 - (*place as i32 + 4));
        }
        for (site, block) in &self.handlers {
            self.sites[*site].handler = Some(self.starts[*block]);
        }
        let arguments = self.relocs.iter().map(|r| arguments_of(&r.symbol)).collect();
        let takes_turns = self.one_in(2);
        let compiled = Compiled {
            code: std::mem::take(&mut self.code),
            alignment: 16,
            relocs: std::mem::take(&mut self.relocs),
            call_sites: std::mem::take(&mut self.sites),
            lines: std::mem::take(&mut self.lines),
            frame_bytes: self.frame_bytes(),
        };
        (compiled, Shape { starts: std::mem::take(&mut self.starts), arguments, takes_turns })
    }
}

fn function(arity: u32) -> Symbol {
    let name = Name { module: "m".into(), function: "f".into(), arity };
    Symbol::Function(name, Convention::Plain)
}
fn at_stack(offset: u32) -> MemoryOperand {
    MemoryOperand::with_base_displ(Register::RSP, i64::from(offset))
}
/// The lowest bytes of a register.
fn of_size(whole: Register, size: usize) -> Register {
    let n = whole.number() as u32;
    match size {
        1 if n >= 4 => Register::SPL + (n - 4),
        1 => Register::AL + n,
        2 => Register::AX + n,
        4 => Register::EAX + n,
        _ => whole,
    }
}
