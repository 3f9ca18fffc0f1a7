//! Where compiled code meets the scheduler: the ends of time slices, collections, sending, waiting
//! inside a BIF, and the end of a process.

use crate::bifs::{processes, rows};
use crate::heap::Collection;
use crate::process::Process;
use crate::process::life::Run;
use crate::process::stack;
use crate::sched::{self, signals};
use crate::term::Term;
use beamrc_abi::atom::id;

/// Makes room for words on the young heap.
///
/// # Safety
/// `p` is the running process (I3), its stack is saved (K1) and holds every live term.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_collect(p: *mut Process, words: u64) {
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    let words = words as usize;
    if p.mailbox.is_examining() {
        // The message under examination is not the heap's yet, and its terms may be in registers.
        if p.heap.extend(&mut p.head, words).is_err() {
            sched::exhausted(p);
        }
    } else {
        sched::collect(p, words, Collection::Minor);
    }
    if p.life.is_exiting() {
        p.head.suspended = 1;
    }
}

/// Reductions are used up, or a collection is asked for.
///
/// # Safety
/// As [`beamrc_collect`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_poll(p: *mut Process) {
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    let is_requested = p.heap.take_request(&mut p.head);
    if is_requested && !p.mailbox.is_examining() {
        sched::collect(p, 0, Collection::Minor);
    }
    if p.heap.is_stressed() {
        let stack_words = stack::size_bytes(&p.head) / 8;
        p.heap.stress_after(&mut p.head, stack_words);
    }
    if p.head.fcalls < 0 || p.life.is_exiting() {
        p.life.run = Run::Ready;
        p.head.suspended = 1;
    }
}

/// The initial function returned.
///
/// # Safety
/// `p` is the running process (I3).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_process_done(p: *mut Process, _value: Term) {
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    p.exit(Term::atom(id::NORMAL));
    p.head.suspended = 1;
}

/// `!`: the message, or `NONVALUE` with the exception noted.
///
/// # Safety
/// `p` is the running process (I3), the others are terms (I5).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_send(p: *mut Process, to: Term, message: Term) -> Term {
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    match processes::send_2(p, to, message) {
        Ok(message) => message,
        Err(exception) => {
            p.exception.note_of_bif(exception, &rows::processes::send_2, &[to, message]);
            Term::NONVALUE
        }
    }
}

/// The wait inside a BIF: 1 or 2 as the process is to leave its thread with its stack or without.
///
/// # Safety
/// `p` is the running process (I3), its stack is saved (K1) and holds every live term.
#[cfg_attr(not(beamrc_image), expect(dead_code, reason = "assembly calls it"))]
#[unsafe(no_mangle)]
unsafe extern "C" fn beamrc_await(p: *mut Process) -> u64 {
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    p.head.suspended = 1;
    if p.life.run == Run::Hibernate {
        // SAFETY: nothing of the stack is needed any more.
        unsafe { stack::close(&mut p.head) };
        sched::collect(p, 0, Collection::Hibernate);
        return 2;
    }
    signals::handle(p);
    1
}

#[cfg(beamrc_image)]
pub mod code {
    //! The Erlang function that waits, in assembly: the stub of safepoints, but that the process
    //! always leaves its thread, perhaps for good.
    use beamrc_abi::process as head;

    core::arch::global_asm!(
        ".globl beamrc_await_code",
        "beamrc_await_code:",
        "mov [r15 + {SAVED_SP}], rsp",
        "mov [r15 + {SAVED_FP}], rbp",
        "sub rsp, 40",
        "mov [rsp], rbx",
        "mov [rsp + 8], r12",
        "mov [rsp + 16], r13",
        "mov [rsp + 24], r14",
        "mov rsp, [r15 + {SCHEDULER_SP}]",
        "mov rdi, r15",
        "call beamrc_await",
        "cmp rax, 2",
        "je 2f",
        "mov rdx, [r15 + {SAVED_SP}]",
        "lea rcx, [rip + beamrc_resume]",
        "mov [rdx - 48], rcx",
        "sub rdx, 48",
        "mov [r15 + {SAVED_SP}], rdx",
        "2:",
        "jmp beamrc_leave",
        SAVED_SP = const head::SAVED_SP,
        SAVED_FP = const head::SAVED_FP,
        SCHEDULER_SP = const head::SCHEDULER_SP,
    );
    unsafe extern "C" {
        pub fn beamrc_await_code();
    }
}
