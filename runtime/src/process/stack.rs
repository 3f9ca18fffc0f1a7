//! The stack of a process: chunks, the frames of compiled code on them, and the terms in those.
//!
//! A frame is known by its return address, the stack pointer after that return, and the frame
//! pointer of the function returned to; frame pointers form a chain that crosses chunks and ends in
//! 0. The slots of a frame that hold terms stand in the program's row for its return address.
//!
//! * K1: a stack that is looked at does not run: its process is in the runtime or suspended, so
//!   `saved_sp`, `saved_fp` and `chunk` of its head are current.
//! * K2: frames in chunks before the current one are not written until control returns to their
//!   chunk, and that sets its `scans` to 0.
//!
//! Memory for chunks is the heap room's.
#![allow(unsafe_code)]

use crate::heap::{Visitor, stack as chunks};
use crate::program::Program;
use crate::sys::OutOfMemory;
use beamrc_abi::process::{ProcessHead, StackChunk};
use core::ptr::NonNull;

/// Return addresses that are no calls of compiled code.
#[cfg(beamrc_image)]
mod marks {
    unsafe extern "C" {
        fn beamrc_chunk_return();
        fn beamrc_resume();
    }
    /// At the bottom of a chunk: the frame goes on in the chunk before.
    pub fn chunk_return() -> u64 {
        beamrc_chunk_return as *const () as u64
    }
    /// On top of the stack of a suspended process.
    pub fn resume() -> u64 {
        beamrc_resume as *const () as u64
    }
}
#[cfg(not(beamrc_image))]
mod marks {
    pub fn chunk_return() -> u64 {
        1
    }
    pub fn resume() -> u64 {
        2
    }
}

/// What a suspended process keeps above the frame that a walk of its stack begins with.
pub const RESUME_BYTES: u64 = 48;

/// A call that has not returned yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Frame {
    /// Return address.
    pub pc: u64,
    /// Stack pointer after the return.
    pub sp: u64,
    /// Frame pointer of the function that is returned to; 0 where no compiled code is.
    pub fp: u64,
}

/// # Safety
/// `address` is that of a word on a stack, or of a field of a chunk (K1).
unsafe fn word(address: u64) -> u64 {
    // SAFETY: the caller's contract.
    unsafe { *(address as *const u64) }
}

impl Frame {
    /// # Safety
    /// K1 holds for the head.
    unsafe fn top(head: &ProcessHead) -> Frame {
        let mut sp = head.saved_sp;
        // SAFETY: K1: the stub that left compiled code stored where its return address is.
        let pc = unsafe {
            if word(sp) == marks::resume() {
                sp += RESUME_BYTES;
            }
            word(sp)
        };
        Frame { pc, sp: sp + 8, fp: head.saved_fp }
    }
    /// # Safety
    /// This is a frame of compiled code (K1).
    #[inline(always)]
    unsafe fn caller(self) -> Frame {
        // SAFETY: compiled functions push the frame pointer right below their return address.
        unsafe { Frame { pc: word(self.fp + 8), sp: self.fp + 16, fp: word(self.fp) } }
    }
    fn is_chunk_bottom(self) -> bool {
        self.pc == marks::chunk_return()
    }
    /// The same frame in the chunk before, if it stands at the bottom of `chunk`; and its chunk.
    /// # Safety
    /// K1; `chunk` is the one that the frame was reached in.
    #[inline(always)]
    unsafe fn crossed(self, chunk: *mut StackChunk) -> (Frame, *mut StackChunk) {
        if !self.is_chunk_bottom() {
            return (self, chunk);
        }
        // SAFETY: K1: the chunk's head says where it was entered from.
        unsafe {
            let sp = (*chunk).saved_sp;
            let frame = Frame { pc: word(sp), sp: sp + 8, ..self };
            (frame, (*chunk).previous as *mut StackChunk)
        }
    }
}

/// The frames of compiled code on a stack, the innermost first, each with its chunk.
pub struct Frames {
    next: Frame,
    chunk: *mut StackChunk,
}

impl Frames {
    /// # Safety
    /// K1 holds for the head for as long as the iterator is used.
    pub unsafe fn of(head: &ProcessHead) -> Frames {
        // SAFETY: the caller's contract.
        let next = unsafe { Frame::top(head) };
        Frames { next, chunk: head.chunk as *mut StackChunk }
    }
}

impl Iterator for Frames {
    type Item = (Frame, *mut StackChunk);
    #[inline]
    fn next(&mut self) -> Option<(Frame, *mut StackChunk)> {
        if self.next.fp == 0 {
            return None;
        }
        // SAFETY: K1, by the contract of `of`.
        unsafe {
            let (frame, chunk) = self.next.crossed(self.chunk);
            self.chunk = chunk;
            self.next = frame.caller();
            Some((frame, chunk))
        }
    }
}

/// Notes the return addresses of a stack, the innermost first, at most `depth`, of each recursion
/// but one.
///
/// # Safety
/// K1 holds for the head.
pub unsafe fn gather(head: &ProcessHead, depth: usize, return_addresses: &mut Vec<u64>) {
    // SAFETY: the caller's contract.
    for (frame, _) in unsafe { Frames::of(head) } {
        if return_addresses.last() == Some(&frame.pc) {
            continue;
        }
        if return_addresses.len() >= depth {
            return;
        }
        return_addresses.push(frame.pc);
    }
}

/// Shows every term in the frames of a stack to the collector.
///
/// # Safety
/// K1 holds for the head.
pub unsafe fn visit<V: Visitor>(head: &ProcessHead, program: &Program, visitor: &mut V) {
    let current = head.chunk as *mut StackChunk;
    // SAFETY: the caller's contract.
    let mut frame = unsafe { Frame::top(head) };
    let mut chunk = current;
    let mut slots = Slots { program, pc: 0, offsets: &[] };
    while frame.fp != 0 {
        // SAFETY: the caller's contract.
        unsafe {
            (frame, chunk) = frame.crossed(chunk);
            if chunk != current && is_settled::<V>(chunk) {
                // The frame pointer that the chunk's first function pushed leads to its caller.
                let bottom = Frame { fp: (*chunk).top - 16, ..frame };
                frame = bottom.caller();
                continue;
            }
            while frame.fp != 0 && !frame.is_chunk_bottom() {
                for &offset in slots.of(frame.pc) {
                    visitor.slot((frame.sp + u64::from(offset)) as *mut u64);
                }
                frame = frame.caller();
            }
        }
    }
}

/// # Safety
/// K1 holds for the chunk's process, and no frame is written in it now.
unsafe fn is_settled<V: Visitor>(chunk: *mut StackChunk) -> bool {
    // SAFETY: the caller's contract; frames are in chunks.
    unsafe { chunks::is_settled::<V>(NonNull::new_unchecked(chunk)) }
}

/// The live slots of one return address after another: of a recursion, only the first is looked up.
struct Slots<'a> {
    program: &'a Program,
    pc: u64,
    offsets: &'static [u32],
}
impl Slots<'_> {
    #[inline(always)]
    fn of(&mut self, pc: u64) -> &'static [u32] {
        if pc != self.pc {
            self.pc = pc;
            self.offsets = self.look_up(pc);
        }
        self.offsets
    }
    fn look_up(&self, pc: u64) -> &'static [u32] {
        match self.program.call_site(pc) {
            Some(site) => self.program.live_slots(site),
            None => panic!("return address {pc:#x} is that of no known call"),
        }
    }
}

/// Goes on after the call of a frame, whose callees are given up.
///
/// # Safety
/// K1; the frame is one of the head's stack, in that chunk.
pub unsafe fn cut_back(head: &mut ProcessHead, frame: Frame, chunk: *mut StackChunk) {
    let mut left = head.chunk as *mut StackChunk;
    // SAFETY: the chunks from the current one on, over `previous`, lead to the frame's.
    unsafe {
        while left != chunk {
            (*left).scans = 0;
            left = (*left).previous as *mut StackChunk;
        }
        (*chunk).scans = 0;
        head.stack_limit = (*chunk).limit;
    }
    head.chunk = chunk as u64;
    head.saved_sp = frame.sp;
    head.saved_fp = frame.fp;
}

/// Enters the chunk behind the current one, which a frame of so many bytes fits into; returns its
/// top. The stack is as it was if there is no memory for one.
///
/// # Safety
/// K1 holds for the head.
pub unsafe fn enter_next_chunk(
    head: &mut ProcessHead,
    frame_bytes: usize,
) -> Result<u64, OutOfMemory> {
    let current = NonNull::new(head.chunk as *mut StackChunk).expect("a process has a stack");
    // SAFETY: K1.
    let next = unsafe { chunks::next(current, frame_bytes)? };
    // SAFETY: K1: the process owns its chunks.
    let chunk = unsafe { &mut *next.as_ptr() };
    chunk.saved_sp = head.saved_sp;
    head.chunk = next.as_ptr() as u64;
    head.stack_limit = chunk.limit;
    Ok(chunk.top)
}

/// Bytes that a process's block has for the first chunk at least.
pub use chunks::FIRST_BYTES;

/// Makes the first chunk of a process's stack: the stack is empty, and `saved_sp` is the top.
///
/// # Safety
/// The memory is of [`FIRST_BYTES`] at least, ends at a multiple of 64 bytes, and outlives the stack.
pub unsafe fn open(head: &mut ProcessHead, memory: NonNull<u8>, size_bytes: usize) {
    // SAFETY: the caller's contract.
    let chunk = unsafe { chunks::first(memory, size_bytes) };
    head.chunk = chunk.as_ptr() as u64;
    // SAFETY: just made.
    let chunk = unsafe { chunk.as_ref() };
    head.stack_limit = chunk.limit;
    head.saved_sp = chunk.top;
    head.saved_fp = 0;
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::process::Process;
    use crate::program::CallSite;
    use crate::term::Term;

    /// Where the code of test programs starts.
    pub const TEXT: u64 = 0x40_0000;

    #[repr(align(64))]
    struct FirstChunk([u8; 4096]);

    /// A stack written as compiled code writes it.
    pub struct TestStack {
        pub head: ProcessHead,
        pub sp: u64,
        pub fp: u64,
    }
    impl TestStack {
        pub fn new() -> TestStack {
            let mut head = Process::for_tests().head;
            let memory = Box::leak(Box::new(FirstChunk([0; _])));
            // SAFETY: leaked.
            unsafe {
                open(&mut head, NonNull::from(&mut memory.0).cast(), size_of::<FirstChunk>())
            };
            let mut stack = TestStack { sp: head.saved_sp, fp: 0, head };
            stack.enter(3, &[]);
            stack
        }
        fn push(&mut self, word: u64) {
            self.sp -= 8;
            assert!(self.sp >= self.head.stack_limit, "the test's frames fit their chunk");
            // SAFETY: within the chunk.
            unsafe { *(self.sp as *mut u64) = word };
        }
        /// What a function does first: it keeps these words, the last at the lowest address.
        fn enter(&mut self, return_address: u64, words: &[u64]) {
            self.push(return_address);
            self.push(self.fp);
            self.fp = self.sp;
            words.iter().for_each(|&word| self.push(word));
        }
        /// Calls a function that keeps these words; the call returns to this address.
        pub fn call(&mut self, return_address: u64, words: &[u64]) {
            self.enter(return_address, words);
        }
        /// The same with a function that finds too little stack.
        pub fn call_in_next_chunk(&mut self, return_address: u64, words: &[u64]) {
            self.push(return_address);
            (self.head.saved_sp, self.head.saved_fp) = (self.sp, self.fp);
            // SAFETY: K1.
            self.sp = unsafe { enter_next_chunk(&mut self.head, 0) }.expect("memory");
            self.enter(marks::chunk_return(), words);
        }
        /// Calls the runtime.
        pub fn leave(&mut self, return_address: u64) {
            self.push(return_address);
            (self.head.saved_sp, self.head.saved_fp) = (self.sp, self.fp);
        }
        fn return_addresses(&self) -> Vec<u64> {
            // SAFETY: K1.
            unsafe { Frames::of(&self.head) }.map(|(frame, _)| frame.pc).collect()
        }
    }
    impl Drop for TestStack {
        fn drop(&mut self) {
            let any = NonNull::new(self.head.chunk as *mut StackChunk).expect("opened");
            // SAFETY: the stack is the test's.
            unsafe { chunks::free(any) };
        }
    }

    #[test]
    fn frames_lead_across_chunks() {
        let mut stack = TestStack::new();
        stack.leave(10);
        assert_eq!(stack.return_addresses(), [10]);
        stack.sp += 8;
        stack.call(20, &[7]);
        stack.call_in_next_chunk(30, &[]);
        stack.call(30, &[7, 8]);
        stack.call_in_next_chunk(40, &[9]);
        stack.leave(50);
        assert_eq!(stack.return_addresses(), [50, 40, 30, 30, 20]);
        let mut gathered = Vec::new();
        // SAFETY: K1.
        unsafe { gather(&stack.head, 3, &mut gathered) };
        assert_eq!(gathered, [50, 40, 30]);
        for _ in 1..RESUME_BYTES / 8 {
            stack.push(0);
        }
        stack.leave(marks::resume());
        assert_eq!(stack.return_addresses(), [50, 40, 30, 30, 20]);
    }

    #[test]
    fn a_process_that_has_not_started_has_no_frames() {
        let mut stack = TestStack::new();
        (stack.sp, stack.fp) = (stack.sp + 16, 0);
        stack.leave(10);
        assert_eq!(stack.return_addresses(), []);
    }

    struct Seen<const MINOR: bool>(Vec<u64>);
    impl<const MINOR: bool> Visitor for Seen<MINOR> {
        const MINOR: bool = MINOR;
        fn term(&mut self, slot: &mut Term) {
            self.0.push(slot.0);
        }
    }
    fn seen<const MINOR: bool>(stack: &TestStack, program: &Program) -> Vec<u64> {
        let mut seen = Seen::<MINOR>(Vec::new());
        // SAFETY: K1.
        unsafe { visit(&stack.head, program, &mut seen) };
        seen.0
    }

    #[test]
    fn live_slots_are_visited_until_their_chunk_settles() {
        let site = |return_offset, slots| CallSite { return_offset, slots, location: 0 };
        // At 10 nothing is live; at 20 the lowest word of the frame; at 30 the two lowest.
        let sites = vec![site(10, 0), site(20, 1), site(30, 3)];
        let slots = vec![0, 1, 0, 2, 0, 8];
        let program = Program::for_tests(TEXT, sites, slots, vec![], &[], vec![]);
        let mut stack = TestStack::new();
        stack.call(TEXT + 10, &[1, 2]);
        stack.call(TEXT + 30, &[3, 4, 5]);
        let (sp, fp) = (stack.sp, stack.fp);
        stack.call_in_next_chunk(TEXT + 20, &[6, 7]);
        stack.call(TEXT + 20, &[8]);
        stack.call_in_next_chunk(TEXT + 20, &[9, 10]);
        stack.leave(TEXT + 30);
        let all = [10, 9, 8, 7, 5, 2, 1];
        assert_eq!(seen::<true>(&stack, &program), all);
        assert_eq!(seen::<true>(&stack, &program), all);
        assert_eq!(seen::<true>(&stack, &program), [10, 9]);
        assert_eq!(seen::<false>(&stack, &program), all);

        let target = {
            // SAFETY: K1.
            unsafe { Frames::of(&stack.head) }.find(|(frame, _)| frame.sp == sp)
        };
        let (frame, chunk) = target.expect("the frame that called into the second chunk");
        assert_eq!(frame.fp, fp);
        // SAFETY: K1.
        unsafe { cut_back(&mut stack.head, frame, chunk) };
        (stack.sp, stack.fp) = (sp, fp);
        stack.leave(TEXT + 20);
        assert_eq!(seen::<true>(&stack, &program), [5, 2, 1]);
    }
}

/// Gives back chunks that the stack has not reached for some collections, or all that it does not
/// reach now. To be called at every collection.
///
/// # Safety
/// K1 holds for the head.
pub unsafe fn trim(head: &ProcessHead, all: bool) {
    if let Some(current) = NonNull::new(head.chunk as *mut StackChunk) {
        // SAFETY: the caller's contract: frames are in the current chunk and those before it.
        unsafe { if all { chunks::trim_all(current) } else { chunks::trim(current) } }
    }
}

/// Gives back the stack of a process; `open` may follow.
///
/// # Safety
/// Nobody uses the stack any more.
pub unsafe fn close(head: &mut ProcessHead) {
    if let Some(chunk) = NonNull::new(core::mem::take(&mut head.chunk) as *mut StackChunk) {
        // SAFETY: the caller's contract.
        unsafe { chunks::free(chunk) };
    }
}

/// Bytes of the frames in all chunks.
pub fn used_bytes(head: &ProcessHead) -> usize {
    let (mut chunk, mut sp) = (head.chunk as *const StackChunk, head.saved_sp);
    let mut used = 0;
    // SAFETY: K1; a process's chunks are its own, and linked until it is freed.
    while let Some(current) = unsafe { chunk.as_ref() } {
        used += current.top.saturating_sub(sp) as usize;
        (chunk, sp) = (current.previous as *const StackChunk, current.saved_sp);
    }
    used
}

/// Bytes of all chunks.
pub fn size_bytes(head: &ProcessHead) -> usize {
    // SAFETY: a process's chunks are its own, and sizes do not change.
    NonNull::new(head.chunk as *mut StackChunk)
        .map_or(0, |chunk| unsafe { chunks::size_bytes(chunk) })
}
