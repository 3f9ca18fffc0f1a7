//! Machine code is improved after registers have been given out (x86-64).
//!
//! Cranelift's output is read back into basic blocks, instructions are simplified with what is known
//! of registers there, and the result is written again with the shortest branches. Every register is
//! the caller's to save where one compiled function calls another (see `calls.rs`), so what saves
//! them goes away, and the frame is made only where it is needed. Whatever is not understood leaves the code as it was.
//!
//! Invariants: what is in the frame keeps its place, calls keep their order and their places in blocks;
//! instructions with a relocation keep their bytes. Knows nothing of terms.

mod forward;
mod frame;
mod fuse;
mod live;
mod read;
mod write;

use crate::clif::Compiled;
use iced_x86::{ConditionCode, Instruction, Register};

/// What Cranelift and the lowering know of the code.
pub struct Shape {
    /// Where blocks start.
    pub starts: Vec<u32>,
    /// For each relocation, how many arguments a call of it passes in registers.
    pub arguments: Vec<usize>,
    /// The function calls itself, first and last: mostly it is entered to return at once.
    pub takes_turns: bool,
}

/// Improves a function's code.
pub fn improve(compiled: Compiled, shape: &Shape) -> Compiled {
    let Some(mut code) = read::read(&compiled, shape) else { return compiled };
    let Some(frame) = frame::take(&mut code) else { return compiled };
    fuse::thread_jumps(&mut code);
    simplify(&mut code);
    simplify(&mut code);
    simplify(&mut code);
    fuse::shorten(&mut code);
    forward::drop_unread_slots(&mut code, &compiled.call_sites);
    live::sweep(&mut code);
    frame::place(&mut code, &frame, shape);
    match write::write(&code, &compiled) {
        Some(written) => Compiled { frame_bytes: frame.bytes(), ..written },
        None => compiled,
    }
}

fn simplify(code: &mut Code) {
    forward::propagate(code);
    live::sweep(code);
    fuse::fuse(code);
    live::sweep(code);
}

/// General registers by number, and the flags.
type Regs = u32;
const FLAGS: Regs = 1 << 16;
const RAX: usize = 0;
const RSP: usize = 4;
const RBP: usize = 5;
/// The process.
const R15: usize = 15;
/// Never given out.
const FIXED: Regs = 1 << RSP | 1 << RBP | 1 << R15;
/// rdi, rsi, rdx, rcx, r8, r9.
const ARGUMENTS: Regs = 1 << 7 | 1 << 6 | 1 << 2 | 1 << 1 | 1 << 8 | 1 << 9;
/// rbx, r12, r13, r14: kept by functions in Rust.
const KEPT_BY_RUST: Regs = 1 << 3 | 1 << 12 | 1 << 13 | 1 << 14;
const ALL: Regs = 0xffff;

struct Code {
    blocks: Vec<Block>,
    /// Constants behind the code, and where they started.
    constants: Vec<u8>,
    constants_start: u32,
}

/// In place of an offset: was not read.
const NOWHERE: u32 = u32::MAX;

struct Block {
    /// Offset in the code that was read.
    start: u32,
    insts: Vec<Inst>,
    end: End,
    /// Reached otherwise than by branches and falling through.
    is_entry: bool,
}

/// How a block ends; its last instruction is left out of `insts` if this says it all.
#[derive(Clone, Debug)]
enum End {
    /// In the next block.
    Next,
    Jump(usize),
    /// There if the condition holds, else in the next block.
    Branch(ConditionCode, usize),
    /// The last instruction does not go on.
    Stop,
    /// The last instruction jumps through this table, which follows it.
    Table(Vec<usize>),
}

#[derive(Clone)]
struct Inst {
    /// Where it stood.
    offset: u32,
    /// 0 if it was not read.
    len: u32,
    what: Instruction,
    kind: Kind,
    /// Its relocation, by index.
    reloc: Option<usize>,
    /// If it calls or leaves: the registers that matter there.
    arguments: Regs,
    /// A call that is only made where something out of the ordinary has happened.
    is_rare: bool,
    /// A call of a function in Rust.
    is_rust: bool,
    /// Not as it was read.
    changed: bool,
    uses: Regs,
    defs: Regs,
    /// Parts of registers only, or conditionally: what is in `defs` may keep what it was.
    partial: bool,
    /// Writes nothing but `defs`.
    pure: bool,
    writes_memory: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Plain,
    /// Has a relocation.
    Relocated,
    /// Refers to the constants or a table of the code.
    Internal {
        target: u32,
    },
    Call,
    /// A call that keeps every register.
    KeepingCall,
    Leave,
}

impl Inst {
    fn is_editable(&self) -> bool {
        self.kind == Kind::Plain
    }
    fn is_call(&self) -> bool {
        matches!(self.kind, Kind::Call | Kind::KeepingCall)
    }
    /// Registers that do not keep what they had.
    fn clobbers(&self) -> Regs {
        match self.kind {
            Kind::Call if self.is_rust => self.kills(),
            Kind::Call => ALL & !FIXED | FLAGS,
            Kind::KeepingCall => FLAGS,
            _ => self.defs,
        }
    }
    /// Registers whose earlier contents no longer matter.
    fn kills(&self) -> Regs {
        match self.kind {
            Kind::Call => ALL & !FIXED & !KEPT_BY_RUST | FLAGS,
            _ if self.partial => 0,
            _ => self.defs,
        }
    }
}

/// The number of a 64-bit general register.
fn number(register: Register) -> Option<usize> {
    register.is_gpr64().then(|| register.number())
}
fn register(number: usize) -> Register {
    Register::RAX + number as u32
}

impl Block {
    /// Blocks that it leads to; `own` is its index.
    fn successors(&self, own: usize) -> Vec<usize> {
        match &self.end {
            End::Next => vec![own + 1],
            End::Jump(to) => vec![*to],
            End::Branch(_, to) => vec![*to, own + 1],
            End::Stop => vec![],
            End::Table(targets) => targets.clone(),
        }
    }
}
