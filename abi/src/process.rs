//! The head of a process: the fields that compiled code and the assembly stubs touch.
//!
//! Register conventions of compiled code (x86-64): calls use Cranelift's `tail` convention; r15
//! holds the address of the running [`ProcessHead`]. The first [`REGISTER_ARGS`] arguments travel
//! in registers, further ones in `x[6..]`, which a function reads before anything else may happen.
//! The result is one register.

use core::mem::offset_of;

/// Arguments passed in registers; the others stand in the scheduler's `x` array at their index.
pub const REGISTER_ARGS: usize = 6;
/// Length of a scheduler's `x` array: a function has at most 255 arguments, plus the fun itself.
pub const X_REGISTERS: usize = 257;
/// Bytes that compiled code may use below `stack_limit` without asking: frames of
/// [`FREE_FRAME_BYTES`] and what stubs put on the stack. Every process pays for them.
pub const RED_ZONE_BYTES: usize = 256;
/// The largest frame that a function may have before or without a look at the limit.
pub const FREE_FRAME_BYTES: usize = RED_ZONE_BYTES - FRAME_ENDS_BYTES - STUB_BYTES;
/// A frame's return address and frame pointer.
const FRAME_ENDS_BYTES: usize = 16;
/// What a stub puts on the stack of a process before it leaves that stack: its return address and
/// registers, with a margin.
const STUB_BYTES: usize = 96;

#[derive(Clone, Copy)]
#[repr(C)]
pub struct ProcessHead {
    /// Next free word of the young heap; objects are bump-allocated upwards.
    pub hp: u64,
    /// End of the young heap.
    pub heap_limit: u64,
    /// Compiled functions that call others enter a new stack chunk below this address.
    pub stack_limit: u64,
    /// Reductions left; below zero the process takes the slow path at its next yield point.
    pub fcalls: i64,
    /// Scheduler stack pointer to switch to for runtime calls.
    pub scheduler_sp: u64,
    /// Stack and frame pointer of the process while it is not running compiled code.
    pub saved_sp: u64,
    pub saved_fp: u64,
    /// Current stack chunk.
    pub chunk: u64,
    /// Argument array of the scheduler that runs the process.
    pub x: u64,
    /// Where a call that found too little stack goes on after entering a new chunk.
    pub restart: u64,
    /// Result of slow paths that keep all registers (`PreserveAll`).
    pub slow_result: u64,
    /// Code address to jump to, with arguments in `x`, when a runtime entry asks for it.
    pub jump: u64,
    /// Set by a safepoint entry that wants the process to give up its thread: the scheduler then
    /// returns from entering it, and the next entering goes on with `slow_result` as the result.
    pub suspended: u64,
}

/// In `suspended`: the process has been left wherever it was, and ends.
pub const EXHAUSTED: u64 = 2;

pub const HP: i32 = offset_of!(ProcessHead, hp) as i32;
pub const HEAP_LIMIT: i32 = offset_of!(ProcessHead, heap_limit) as i32;
pub const STACK_LIMIT: i32 = offset_of!(ProcessHead, stack_limit) as i32;
pub const FCALLS: i32 = offset_of!(ProcessHead, fcalls) as i32;
pub const SCHEDULER_SP: i32 = offset_of!(ProcessHead, scheduler_sp) as i32;
pub const SAVED_SP: i32 = offset_of!(ProcessHead, saved_sp) as i32;
pub const SAVED_FP: i32 = offset_of!(ProcessHead, saved_fp) as i32;
pub const CHUNK: i32 = offset_of!(ProcessHead, chunk) as i32;
pub const X: i32 = offset_of!(ProcessHead, x) as i32;
pub const RESTART: i32 = offset_of!(ProcessHead, restart) as i32;
pub const SLOW_RESULT: i32 = offset_of!(ProcessHead, slow_result) as i32;
pub const JUMP: i32 = offset_of!(ProcessHead, jump) as i32;
pub const SUSPENDED: i32 = offset_of!(ProcessHead, suspended) as i32;

/// The part of a process's mailbox that compiled code sees; it follows the head.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Receive {
    /// The receive's place: the node before the message that it has come to, or, at the start, a
    /// word that is like a node's first. 0 where only the runtime knows.
    pub save: u64,
    /// Not 0: a message has been looked at and neither been passed nor received.
    pub examining: u64,
}
pub const RECEIVE_SAVE: i32 = RECEIVE + offset_of!(Receive, save) as i32;
pub const RECEIVE_EXAMINING: i32 = RECEIVE + offset_of!(Receive, examining) as i32;
/// Where it stands, from the start of the process head.
pub const RECEIVE: i32 = size_of::<ProcessHead>() as i32;

/// Of a node in a mailbox: the next one, what it holds, and 0 if that is a message.
pub const MESSAGE_NEXT: i32 = 0;
pub const MESSAGE_TERM: i32 = 8;
pub const MESSAGE_TAG: i32 = 16;

/// The head of a stack chunk, at its lowest address. Chunks form a doubly linked list.
#[repr(C)]
pub struct StackChunk {
    /// Stack pointer to go back to in the previous chunk.
    pub saved_sp: u64,
    pub previous: u64,
    /// `stack_limit` while this chunk is current.
    pub limit: u64,
    pub next: u64,
    pub size_bytes: u64,
    /// Highest address: where its first frame starts.
    pub top: u64,
    /// Collections that have scanned it while nothing ran in it. Set to 0 by whatever makes it the
    /// current chunk: entering it, returning or throwing into it.
    pub scans: u64,
}
pub const CHUNK_SAVED_SP: i32 = offset_of!(StackChunk, saved_sp) as i32;
pub const CHUNK_PREVIOUS: i32 = offset_of!(StackChunk, previous) as i32;
pub const CHUNK_LIMIT: i32 = offset_of!(StackChunk, limit) as i32;
pub const CHUNK_NEXT: i32 = offset_of!(StackChunk, next) as i32;
pub const CHUNK_TOP: i32 = offset_of!(StackChunk, top) as i32;
pub const CHUNK_SCANS: i32 = offset_of!(StackChunk, scans) as i32;
