//! Runs machine code step by step, and notes what others can see of it.
//!
//! Memory that was never written, registers after calls and results have contents that follow from
//! a seed. The frame is checked at each call and where the function is left: collections and traces walk it.

use beamrc_abi::entry::e;
use beamrc_abi::process::SLOW_RESULT;
use beamrc_codegen::clif::{CallSite, Compiled, Stub, Symbol};
use iced_x86::{
    Code, ConditionCode, Decoder, DecoderOptions, FlowControl, Instruction, Mnemonic, OpKind,
    Register,
};
use std::collections::HashMap;

#[derive(Clone, PartialEq, Debug)]
pub enum Event {
    Call {
        callee: Callee,
        arguments: Vec<u64>,
        slots: Vec<u64>,
        location: u32,
        line: u32,
    },
    Handler,
    Store {
        address: u64,
        bytes: Vec<u8>,
    },
    Return(u64),
    Jump {
        callee: Callee,
        arguments: Vec<u64>,
    },
    Trap,
    /// The frame was not as it has to be.
    Broken(String),
    OutOfSteps,
}

#[derive(Clone, PartialEq, Debug)]
pub enum Callee {
    Known(Symbol),
    Address(u64),
}

impl Event {
    pub fn name(&self) -> &'static str {
        match self {
            Event::Call { .. } => "call",
            Event::Handler => "handler",
            Event::Store { .. } => "store",
            Event::Return(_) => "return",
            Event::Jump { .. } => "jump",
            Event::Trap => "trap",
            Event::Broken(_) => "broken",
            Event::OutOfSteps => "out of steps",
        }
    }
}

/// A run stops after so many events.
const EVENTS_MAX: usize = 60;
const STEPS_MAX: usize = 3000;
const CODE_BASE: u64 = 0x5ead_beef_0000_0000;
const STACK_TOP: u64 = 0x7fff_0000_1000;
const STACK: std::ops::Range<u64> = STACK_TOP - 0x10_0000..STACK_TOP + 0x1000;
const SAVED_RBP: u64 = STACK_TOP + 0x100;
const RAX: usize = 0;
const RSP: usize = 4;
const RBP: usize = 5;
const R15: usize = 15;
/// rdi, rsi, rdx, rcx, r8, r9.
const ARGUMENTS: [usize; 6] = [7, 6, 2, 1, 8, 9];

/// How many arguments are passed to a symbol.
pub fn arguments_of(symbol: &Symbol) -> usize {
    match symbol {
        Symbol::Function(name, _) => name.arity as usize,
        Symbol::Through(_, name) if **name == *e::collect.symbol => 1,
        Symbol::Through(_, name) if **name == *e::poll.symbol => 0,
        Symbol::Through(_, name) => name[name.len() - 1..].parse().expect("a number at the end"),
        _ => 0,
    }
}

/// Two numbers to one that looks like chance.
pub fn mix(a: u64, b: u64) -> u64 {
    let mut x = a.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ b.wrapping_add(0xd1b5_4a32_d192_ed03);
    for _ in 0..2 {
        x = (x ^ x >> 32).wrapping_mul(0xe703_7ed1_a0b4_28db);
    }
    x ^ x >> 29
}

/// A word that is often a remarkable one.
fn word(a: u64, b: u64) -> u64 {
    let x = mix(a, b);
    match x >> 60 {
        0..4 => x >> 8 & 3,
        4 => u64::MAX,
        5 => 1 << 63,
        6 => i64::MAX as u64,
        7 | 8 => x >> 8 & 0xff,
        9 => x >> 8 & 0xffff_ffff,
        _ => x,
    }
}

#[derive(Clone, Copy, Default)]
struct Flags {
    carry: bool,
    zero: bool,
    sign: bool,
    overflow: bool,
    parity: bool,
}

struct Machine<'a> {
    code: &'a Compiled,
    sites: HashMap<u32, &'a CallSite>,
    seed: u64,
    calls: u64,
    regs: [u64; 16],
    floats: [u64; 16],
    flags: Flags,
    memory: HashMap<u64, u8>,
    at: u64,
    events: Vec<Event>,
}

/// What happens from a state on; the last event says how it ended.
pub fn run(code: &Compiled, seed: u64) -> Vec<Event> {
    let sites = code.call_sites.iter().map(|s| (s.return_offset, s)).collect();
    let mut regs = std::array::from_fn(|i| word(seed, i as u64));
    regs[RSP] = STACK_TOP;
    regs[RBP] = SAVED_RBP;
    regs[R15] = 0x1000_0000;
    let floats = std::array::from_fn(|i| word(seed, 100 + i as u64));
    let mut machine = Machine {
        code,
        sites,
        seed,
        calls: 0,
        regs,
        floats,
        flags: Flags::default(),
        memory: HashMap::new(),
        at: 0,
        events: vec![],
    };
    for _ in 0..STEPS_MAX {
        if machine.events.len() >= EVENTS_MAX {
            break;
        }
        if machine.step().is_none() {
            return machine.events;
        }
    }
    machine.events.push(Event::OutOfSteps);
    machine.events
}

/// Where two runs differ. What stops because it takes too long differs in nothing up to there: the
/// versions have different numbers of steps.
pub fn difference(before: &[Event], after: &[Event]) -> Option<String> {
    let events = |all: &[Event]| all.iter().position(|e| *e == Event::OutOfSteps);
    let length = [events(before), events(after)].into_iter().flatten().min();
    let (before, after) = match length {
        Some(n) => (&before[..n.min(before.len())], &after[..n.min(after.len())]),
        None => (before, after),
    };
    let at = (0..before.len().max(after.len())).find(|i| before.get(*i) != after.get(*i))?;
    Some(format!("event {at}: {:x?}\n instead of {:x?}", after.get(at), before.get(at)))
}

fn mask(size: usize) -> u64 {
    if size >= 8 { u64::MAX } else { (1 << (8 * size)) - 1 }
}
fn signed(value: u64, size: usize) -> i64 {
    let shift = 64 - 8 * size as u32;
    (value << shift) as i64 >> shift
}

impl Machine<'_> {
    /// Executes one instruction; none if the function is left.
    fn step(&mut self) -> Option<()> {
        let bytes = &self.code.code[self.at as usize..];
        let mut decoder = Decoder::with_ip(64, bytes, self.at, DecoderOptions::NONE);
        let what = decoder.decode();
        assert!(!what.is_invalid(), "runs into {:x?}", &bytes[..bytes.len().min(16)]);
        let next = self.at + what.len() as u64;
        let within =
            |r: &&beamrc_codegen::clif::Reloc| (self.at..next).contains(&u64::from(r.offset));
        let symbol = self.code.relocs.iter().find(within).map(|r| r.symbol.clone());
        self.at = next;
        match what.flow_control() {
            FlowControl::Next => self.compute(&what, symbol.as_ref()),
            FlowControl::Call | FlowControl::IndirectCall => return self.call(&what, symbol),
            FlowControl::ConditionalBranch => {
                if self.holds(what.condition_code()) {
                    self.at = what.near_branch_target();
                }
            }
            FlowControl::UnconditionalBranch if symbol.is_none() => {
                self.at = what.near_branch_target();
            }
            FlowControl::UnconditionalBranch => {
                let symbol = symbol.expect("a symbol");
                let count = arguments_of(&symbol);
                return self.leave(Event::Jump {
                    callee: Callee::Known(symbol),
                    arguments: self.arguments(count),
                });
            }
            FlowControl::IndirectBranch => {
                let to = self.read(&what, 0);
                let within = to.checked_sub(CODE_BASE).filter(|o| *o < self.code.code.len() as u64);
                let Some(offset) = within else {
                    let arguments = self.arguments(6);
                    return self.leave(Event::Jump { callee: Callee::Address(to), arguments });
                };
                self.at = offset;
            }
            FlowControl::Return => return self.leave(Event::Return(self.regs[RAX])),
            FlowControl::Exception => {
                self.events.push(Event::Trap);
                return None;
            }
            other => panic!("{other:?}"),
        }
        Some(())
    }

    fn leave(&mut self, how: Event) -> Option<()> {
        let (rsp, rbp, r15) = (self.regs[RSP], self.regs[RBP], self.regs[R15]);
        self.events.push(match (rsp, rbp, r15) {
            (STACK_TOP, SAVED_RBP, 0x1000_0000) => how,
            _ => Event::Broken(format!("left with rsp {rsp:x}, rbp {rbp:x}")),
        });
        None
    }

    fn arguments(&self, count: usize) -> Vec<u64> {
        ARGUMENTS[..count].iter().map(|r| self.regs[*r]).collect()
    }

    fn call(&mut self, what: &Instruction, symbol: Option<Symbol>) -> Option<()> {
        let frame_at = self.regs[RBP].wrapping_sub(u64::from(self.code.frame_bytes));
        if self.regs[RBP] != STACK_TOP - 8
            || self.load(self.regs[RBP], 8) != SAVED_RBP
            || self.regs[RSP] != frame_at
        {
            self.events.push(Event::Broken(format!("no frame at a call: {:x?}", self.regs)));
            return None;
        }
        let site = self.sites.get(&(self.at as u32)).copied();
        let slots = site.map_or(vec![], |s| s.slots.clone());
        let count = symbol.as_ref().map_or(6, arguments_of);
        let lines = &self.code.lines;
        let line = lines.iter().rfind(|l| u64::from(l.0) < self.at).map_or(0, |l| l.1);
        let callee = match &symbol {
            Some(symbol) => Callee::Known(symbol.clone()),
            None => Callee::Address(self.read(what, 0)),
        };
        let places: Vec<u64> = slots.iter().map(|s| self.regs[RSP] + u64::from(*s)).collect();
        self.events.push(Event::Call {
            callee,
            arguments: self.arguments(count),
            slots: places.iter().map(|p| self.load(*p, 8)).collect(),
            location: site.map_or(0, |s| s.location),
            line,
        });
        self.calls += 1;
        let call = mix(self.seed, self.calls);
        // What is below the stack pointer was the callee's.
        self.memory.retain(|address, _| !(STACK.start..self.regs[RSP]).contains(address));
        let bits = word(call, 51);
        self.flags = Flags {
            carry: bits & 1 != 0,
            zero: bits & 2 != 0,
            sign: bits & 4 != 0,
            overflow: bits & 8 != 0,
            parity: bits & 16 != 0,
        };
        let kept: &[usize] = match &symbol {
            Some(Symbol::Through(Stub::Slow | Stub::SlowWords, _)) => {
                let result = word(call, 50).to_le_bytes();
                let place = self.regs[R15].wrapping_add_signed(i64::from(SLOW_RESULT));
                (0..8).for_each(|i| _ = self.memory.insert(place + i, result[i as usize]));
                return Some(());
            }
            Some(Symbol::Through(Stub::Raise, _)) => return None,
            Some(Symbol::Through(..)) => &[3, 12, 13, 14, RSP, RBP, R15],
            _ => &[RSP, RBP, R15],
        };
        for (i, place) in places.iter().enumerate() {
            let moved = word(call, 60 + i as u64).to_le_bytes();
            (0..8).for_each(|i| _ = self.memory.insert(place + i, moved[i as usize]));
        }
        for r in 0..16 {
            if !kept.contains(&r) {
                self.regs[r] = word(call, r as u64);
            }
            self.floats[r] = word(call, 20 + r as u64);
        }
        if let Some(handler) = site.and_then(|s| s.handler)
            && mix(call, 52) % 3 == 0
        {
            self.events.push(Event::Handler);
            for r in (0..16).filter(|r| ![RSP, RBP, R15].contains(r)) {
                self.regs[r] = word(call, 70 + r as u64);
            }
            self.at = u64::from(handler);
        }
        Some(())
    }

    // --- operands

    fn get(&self, register: Register) -> u64 {
        if register.is_xmm() {
            return self.floats[register.number()];
        }
        self.regs[register.full_register().number()] & mask(register.size())
    }
    fn set(&mut self, register: Register, value: u64) {
        if register.is_xmm() {
            self.floats[register.number()] = value;
            return;
        }
        let r = &mut self.regs[register.full_register().number()];
        *r = match register.size() {
            8 => value,
            4 => value & mask(4),
            size => *r & !mask(size) | value & mask(size),
        };
    }
    fn address(&self, what: &Instruction) -> u64 {
        if what.is_ip_rel_memory_operand() {
            return CODE_BASE + what.ip_rel_memory_address();
        }
        let part = |r: Register| if r == Register::None { 0 } else { self.get(r) };
        part(what.memory_base())
            .wrapping_add(
                part(what.memory_index()).wrapping_mul(u64::from(what.memory_index_scale())),
            )
            .wrapping_add(what.memory_displacement64())
    }
    fn byte(&self, address: u64) -> u8 {
        if let Some(known) = self.memory.get(&address) {
            return *known;
        }
        let code = &self.code.code;
        match address.checked_sub(CODE_BASE) {
            Some(offset) if offset < code.len() as u64 => code[offset as usize],
            _ if STACK.contains(&address) => 0,
            _ => (word(self.seed, address >> 3) >> (8 * (address & 7))) as u8,
        }
    }
    fn load(&self, address: u64, size: usize) -> u64 {
        (0..size.min(8))
            .rev()
            .fold(0, |word, i| word << 8 | u64::from(self.byte(address.wrapping_add(i as u64))))
    }
    fn store(&mut self, address: u64, value: u64, size: usize) {
        let bytes = value.to_le_bytes()[..size.min(8)].to_vec();
        for (i, byte) in bytes.iter().enumerate() {
            self.memory.insert(address.wrapping_add(i as u64), *byte);
        }
        if !STACK.contains(&address) {
            self.events.push(Event::Store { address, bytes });
        }
    }
    fn size(what: &Instruction, i: u32) -> usize {
        match what.op_kind(i) {
            OpKind::Register => what.op_register(i).size().min(8),
            OpKind::Memory => what.memory_size().size(),
            _ => 8,
        }
    }
    fn read(&self, what: &Instruction, i: u32) -> u64 {
        match what.op_kind(i) {
            OpKind::Register => self.get(what.op_register(i)),
            OpKind::Memory => self.load(self.address(what), Self::size(what, i)),
            _ => what.immediate(i),
        }
    }
    fn write(&mut self, what: &Instruction, i: u32, value: u64) {
        match what.op_kind(i) {
            OpKind::Register => self.set(what.op_register(i), value),
            _ => self.store(self.address(what), value, Self::size(what, i)),
        }
    }

    // --- operators

    fn holds(&self, cc: ConditionCode) -> bool {
        use ConditionCode as C;
        let f = self.flags;
        match cc {
            C::o => f.overflow,
            C::no => !f.overflow,
            C::b => f.carry,
            C::ae => !f.carry,
            C::e => f.zero,
            C::ne => !f.zero,
            C::be => f.carry || f.zero,
            C::a => !(f.carry || f.zero),
            C::s => f.sign,
            C::ns => !f.sign,
            C::p => f.parity,
            C::np => !f.parity,
            C::l => f.sign != f.overflow,
            C::ge => f.sign == f.overflow,
            C::le => f.zero || f.sign != f.overflow,
            C::g => !f.zero && f.sign == f.overflow,
            C::None => panic!("no condition"),
        }
    }
    fn note(&mut self, result: u64, size: usize, carry: bool, overflow: bool) {
        self.flags = Flags {
            carry,
            overflow,
            zero: result & mask(size) == 0,
            sign: signed(result, size) < 0,
            parity: (result as u8).count_ones().is_multiple_of(2),
        };
    }
    /// A sum; a difference is the sum with the complement.
    fn add(&mut self, a: u64, b: u64, carry: bool, size: usize, minus: bool) -> u64 {
        let b = if minus { !b } else { b } & mask(size);
        let a = a & mask(size);
        let wide = u128::from(a) + u128::from(b) + u128::from(carry);
        let result = wide as u64 & mask(size);
        let out = wide >> (8 * size) != 0;
        let exact = i128::from(signed(a, size)) + i128::from(signed(b, size)) + i128::from(carry);
        self.note(result, size, out != minus, exact != i128::from(signed(result, size)));
        result
    }

    fn compute(&mut self, what: &Instruction, symbol: Option<&Symbol>) {
        use Mnemonic as M;
        if let Some(symbol) = symbol {
            let address = mix(u64::from(format!("{symbol:?}").len() as u32), 7);
            return self.write(what, 0, address);
        }
        let size = Self::size(what, 0);
        match what.mnemonic() {
            M::Push => {
                let value = self.read(what, 0);
                self.regs[RSP] -= 8;
                self.store(self.regs[RSP], value, 8);
            }
            M::Pop => {
                let value = self.load(self.regs[RSP], 8);
                self.regs[RSP] += 8;
                self.write(what, 0, value);
            }
            M::Mov | M::Movzx | M::Movsd | M::Movq => {
                let value = self.read(what, 1);
                self.write(what, 0, value);
            }
            M::Movsx | M::Movsxd => {
                let value = signed(self.read(what, 1), Self::size(what, 1)) as u64;
                self.write(what, 0, value);
            }
            M::Lea => {
                let address = self.address(what);
                self.write(what, 0, address);
            }
            M::Xchg => {
                let (a, b) = (self.read(what, 0), self.read(what, 1));
                self.write(what, 0, b);
                self.write(what, 1, a);
            }
            M::Add | M::Adc | M::Sub | M::Sbb | M::Cmp => {
                let minus = !matches!(what.mnemonic(), M::Add | M::Adc);
                let with_carry = matches!(what.mnemonic(), M::Adc | M::Sbb) && self.flags.carry;
                let (a, b) = (self.read(what, 0), self.read(what, 1));
                let result = self.add(a, b, with_carry != minus, size, minus);
                if what.mnemonic() != M::Cmp {
                    self.write(what, 0, result);
                }
            }
            M::Neg => {
                let a = self.read(what, 0);
                let result = self.add(0, a, true, size, true);
                self.write(what, 0, result);
            }
            M::Inc | M::Dec => {
                let (a, carry, minus) =
                    (self.read(what, 0), self.flags.carry, what.mnemonic() == M::Dec);
                let result = self.add(a, 1, minus, size, minus);
                self.flags.carry = carry;
                self.write(what, 0, result);
            }
            M::Not => {
                let a = self.read(what, 0);
                self.write(what, 0, !a);
            }
            M::And | M::Or | M::Xor | M::Test => {
                let (a, b) = (self.read(what, 0), self.read(what, 1));
                let result = match what.mnemonic() {
                    M::Or => a | b,
                    M::Xor => a ^ b,
                    _ => a & b,
                };
                self.note(result, size, false, false);
                if what.mnemonic() != M::Test {
                    self.write(what, 0, result);
                }
            }
            M::Shl | M::Shr | M::Sar | M::Ror => self.shift(what, size),
            M::Imul | M::Mul => self.multiply(what, size),
            M::Cqo => self.regs[2] = ((self.regs[RAX] as i64) >> 63) as u64,
            M::Ucomisd => {
                let (a, b) = (self.read(what, 0), self.read(what, 1));
                self.flags = Flags { carry: a < b, zero: a == b, ..Flags::default() };
            }
            M::Addsd => {
                let sum = mix(self.read(what, 0), self.read(what, 1));
                self.write(what, 0, sum);
            }
            _ if what.code() as usize == Code::Nopd as usize => {}
            _ if what.condition_code() != ConditionCode::None => {
                let holds = self.holds(what.condition_code());
                if what.op_count() == 1 {
                    return self.write(what, 0, u64::from(holds));
                }
                // A move of 32 bits clears the others even if the condition does not hold.
                let value = self.read(what, u32::from(holds));
                self.write(what, 0, value);
            }
            other => panic!("{other:?}"),
        }
    }
    fn shift(&mut self, what: &Instruction, size: usize) {
        let (value, bits) = (self.read(what, 0), 8 * size as u32);
        let by = self.read(what, 1) as u32 & (if size == 8 { 63 } else { 31 });
        if by == 0 {
            return self.write(what, 0, value);
        }
        let (result, carry) = match what.mnemonic() {
            Mnemonic::Shl => (value << by, value >> (bits - by) & 1 != 0),
            Mnemonic::Shr => (value >> by, value >> (by - 1) & 1 != 0),
            Mnemonic::Sar => {
                let signed = signed(value, size);
                ((signed >> by) as u64, signed >> (by - 1) & 1 != 0)
            }
            _ => {
                assert_eq!(size, 8);
                let result = value.rotate_right(by);
                self.flags.carry = signed(result, 8) < 0;
                self.flags.overflow = result >> 62 & 1 != 0;
                return self.write(what, 0, result);
            }
        };
        self.note(result & mask(size), size, carry, result.count_ones() & 4 != 0);
        self.write(what, 0, result);
    }
    fn multiply(&mut self, what: &Instruction, size: usize) {
        assert_eq!(size, 8);
        let (a, b) = match what.op_count() {
            1 => (self.regs[RAX], self.read(what, 0)),
            2 => (self.read(what, 0), self.read(what, 1)),
            _ => (self.read(what, 1), self.read(what, 2)),
        };
        let wide = match what.mnemonic() {
            Mnemonic::Mul => (u128::from(a) * u128::from(b)) as i128,
            _ => i128::from(a as i64) * i128::from(b as i64),
        };
        let low = wide as u64;
        let exact = i128::from(low as i64) == wide;
        self.note(low, 8, !exact, !exact);
        if what.op_count() == 1 {
            self.regs[RAX] = low;
            self.regs[2] = (wide >> 64) as u64;
        } else {
            self.write(what, 0, low);
        }
    }
}
