//! A process: its head (shared with compiled code), heap, exception state, mailbox and relations.
//!
//! This room holds what a process is; what moves processes is the room `sched`.

mod arguments;
pub mod dictionary;
pub mod exception;
pub mod figures;
pub mod life;
pub mod mailbox;
pub mod names;
pub mod queue;
pub mod relations;
mod roots;
pub mod saved_calls;
pub mod settings;
pub mod shared;
pub mod signal;
pub mod stack;
pub mod table;
pub mod trace;

use crate::heap::Heap;
use crate::term::{Alloc, OffHeap, Term};
use beamrc_abi::process::ProcessHead;
use core::ptr::NonNull;
pub use shared::{Handle, Priority, Shared};

/// Everything a process owns. Compiled code sees the head only.
#[repr(C)]
pub struct Process {
    pub head: ProcessHead,
    pub mailbox: mailbox::Mailbox,
    pub heap: Heap,
    pub exception: exception::Place,
    pub id: Term,
    pub dictionary: dictionary::Dictionary,
    /// Signals that were taken out of the queue and not handled yet.
    pub arrived: queue::Chain,
    pub relations: relations::Relations,
    pub life: life::Life,
    shared: NonNull<Shared>,
}
/// Compiled code sees the mailbox's first part (I4).
const _: () = {
    let at = core::mem::offset_of!(Process, mailbox) + mailbox::RECEIVE_OFFSET;
    assert!(at == beamrc_abi::process::RECEIVE as usize);
};

impl Alloc for Process {
    #[inline]
    fn alloc(&mut self, words: usize) -> *mut u64 {
        self.heap.alloc(&mut self.head, words)
    }
    fn off_heap(&mut self) -> &mut OffHeap {
        &mut self.heap.off_heap
    }
    fn charge_off_heap(&mut self, words: usize) {
        self.heap.charge_off_heap(&mut self.head, words);
    }
}

const NO_HEAD: ProcessHead = ProcessHead {
    hp: 0,
    heap_limit: 0,
    stack_limit: 0,
    fcalls: 0,
    scheduler_sp: 0,
    saved_sp: 0,
    saved_fp: 0,
    chunk: 0,
    x: 0,
    restart: 0,
    slow_result: 0,
    jump: 0,
    suspended: 0,
};

impl Process {
    /// A process without memory, whose number is not known yet; `shared` is its own.
    pub fn new(shared: NonNull<Shared>, heap: crate::heap::Options, life: life::Life) -> Process {
        Process {
            head: NO_HEAD,
            heap: Heap::new(heap),
            exception: exception::Place::NONE,
            id: Term::NIL,
            dictionary: dictionary::Dictionary::default(),
            mailbox: mailbox::Mailbox::default(),
            arrived: queue::Chain::default(),
            relations: relations::Relations::default(),
            life,
            shared,
        }
    }
    #[expect(unsafe_code, reason = "a process and its shared part are one block")]
    pub fn shared(&self) -> Handle {
        // SAFETY: P1: it lives as long as the process, and whoever sees the process holds it.
        unsafe { Handle::new(self.shared) }
    }
    pub fn number(&self) -> u64 {
        self.shared().number()
    }
    /// Charge reductions for work done in native code: about one per 100 ns.
    pub fn charge(&mut self, reductions: usize) {
        self.head.fcalls -= reductions as i64;
    }
    /// The rest of the time slice is for others, and not charged.
    pub fn give_up_slice(&mut self) {
        self.set_reductions_left(self.head.fcalls.min(-1));
    }
    /// Makes the time slice longer or shorter.
    pub fn set_reductions_left(&mut self, left: i64) {
        self.life.slice_start += left - self.head.fcalls;
        self.head.fcalls = left;
    }
    /// The process ends with this reason as soon as it leaves its thread, which it does at its next
    /// safepoint.
    pub fn exit(&mut self, reason: Term) {
        if !self.life.is_exiting() {
            self.life.exiting = reason;
        }
        self.head.fcalls = self.head.fcalls.min(-1);
    }
}

#[cfg(test)]
impl Process {
    /// A process with an own heap and `x` registers that no scheduler knows: everything it builds
    /// goes to fragments.
    #[expect(unsafe_code, reason = "stands in for a scheduler")]
    pub fn for_tests() -> Box<Process> {
        let x = Box::leak(Box::new([0u64; beamrc_abi::process::X_REGISTERS]));
        let shared = Box::leak(Box::new(Shared::new(NonNull::dangling())));
        let life = life::Life::new(Term::NIL, Term::NIL, 4000);
        let heap = crate::heap::Options::default();
        let mut process = Box::new(Process::new(shared.into(), heap, life));
        process.head.fcalls = 4000;
        process.head.x = x.as_mut_ptr() as u64;
        process.id = Term::pid(1);
        let state = Box::leak(Box::new(exception::State::new()));
        // SAFETY: it is this process's alone.
        process.exception = unsafe { exception::Place::new(state) };
        process
    }
}
