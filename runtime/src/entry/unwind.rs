//! From a noted exception to its handler; and into new chunks of stack.
//!
//! The assembly stubs call these with the process's stack saved in its head (K1), and go on where
//! the head then says.

use crate::process::exception::{self, Class, Origin, State};
use crate::process::{Process, stack, trace};
use crate::program::{Program, program};
use crate::sched;
use crate::sys::OutOfMemory;
use beamrc_abi::process::ProcessHead;

/// How many return addresses to note of the exception: none if it brought its trace along.
fn wanted_addresses(state: &State) -> usize {
    let is_given = state.trace.is_value() || matches!(state.origin, Origin::Trace(_));
    if is_given || !state.return_addresses.is_empty() { 0 } else { trace::depth() + 1 }
}
/// Makes of the return addresses just noted those that the trace shows.
fn complete_trace(state: &mut State) {
    let addresses = &mut state.return_addresses;
    match state.origin {
        Origin::CallerTwice if !addresses.is_empty() => addresses.insert(0, addresses[0]),
        Origin::Function { is_last_call: true, .. } if !addresses.is_empty() => {
            addresses.remove(0);
        }
        _ => {}
    }
    addresses.truncate(trace::depth());
}

/// Goes to the nearest handler of the noted exception; without one, the process exits.
///
/// # Safety
/// `p` is the running process (I3); its stack is saved (K1).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_unwind(p: *mut Process) {
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    assert!(
        p.exception.class != Class::Trap,
        "only a BIF whose row has the flag `trap` may ask for another function"
    );
    let wanted = wanted_addresses(&p.exception);
    let addresses = &mut p.exception.return_addresses;
    if !cut_back_to_handler(&mut p.head, program(), addresses, wanted) {
        exception::exit_uncaught(p);
    }
    if wanted > 0 {
        complete_trace(&mut p.exception);
    }
}

/// Gives up the frames that have no handler; whether there is one that has. Notes the return
/// addresses wanted on the way, as [`stack::gather`] does, also of the frames beyond.
fn cut_back_to_handler(
    head: &mut ProcessHead,
    program: &Program,
    addresses: &mut Vec<u64>,
    wanted: usize,
) -> bool {
    addresses.reserve(wanted);
    let (mut previous, mut left, mut target) = (0, wanted, None);
    // SAFETY: K1.
    for (frame, chunk) in unsafe { stack::Frames::of(head) } {
        if frame.pc == previous {
            continue;
        }
        previous = frame.pc;
        if left > 0 {
            left -= 1;
            addresses.push(frame.pc);
        }
        if target.is_none() {
            let site = program.call_site(frame.pc);
            let handler = site.and_then(|site| program.handler(site));
            target = handler.map(|handler| (handler, frame, chunk));
        }
        if left == 0 && target.is_some() {
            break;
        }
    }
    let Some((handler, frame, chunk)) = target else {
        return false;
    };
    head.jump = handler;
    // SAFETY: K1; the frame was found on this stack.
    unsafe { stack::cut_back(head, frame, chunk) };
    true
}

/// The noted exception is handled by the function that made the call: nothing is to be unwound.
///
/// # Safety
/// As [`beamrc_unwind`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_catch_here(p: *mut Process) {
    // SAFETY: the caller's contract.
    let Process { head, exception: state, .. } = unsafe { &mut *p };
    let wanted = wanted_addresses(state);
    if wanted > 0 {
        // SAFETY: K1.
        unsafe { stack::gather(head, wanted, &mut state.return_addresses) };
        complete_trace(state);
    }
}

/// Whether a BIF that failed wants another function called in its place: 1, and `x` and `jump` are
/// set; or 0, and an exception is to be raised.
///
/// # Safety
/// `p` is the running process (I3).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_bif_failed(p: *mut Process) -> u64 {
    // SAFETY: the caller's contract.
    u64::from(unsafe { &*p }.exception.class == Class::Trap)
}

/// Enters a new chunk of stack for a function whose frame takes so many bytes; returns its top.
/// Without memory for one the process is to exit: 0, and its stack is not used again.
///
/// # Safety
/// As [`beamrc_unwind`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_more_stack(p: *mut Process, frame_bytes: u64) -> u64 {
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    // SAFETY: K1.
    let top = unsafe { stack::enter_next_chunk(&mut p.head, frame_bytes as usize) };
    p.heap.stack_grew(&mut p.head);
    top.unwrap_or_else(|OutOfMemory| {
        // Memory that others may be waiting for. SAFETY: the process leaves its thread for good.
        unsafe { stack::close(&mut p.head) };
        sched::exhausted(p);
        0
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::stack::tests::{TEXT, TestStack};
    use crate::program::CallSite;
    use crate::term::Term;
    use beamrc_abi::program::HANDLED;

    #[test]
    fn the_caller_is_noted_once_twice_or_not_at_all() {
        let mut stack = TestStack::new();
        stack.call(20, &[]);
        stack.leave(10);
        let noted = |origin| {
            let mut state = State { origin, ..State::new() };
            // SAFETY: K1.
            unsafe { stack::gather(&stack.head, 9, &mut state.return_addresses) };
            complete_trace(&mut state);
            state.return_addresses
        };
        assert_eq!(noted(Origin::Caller), [10, 20]);
        assert_eq!(noted(Origin::CallerTwice), [10, 10, 20]);
        let undefined = |is_last_call| Origin::Function {
            module: 0,
            function: 0,
            arguments: Term::NIL,
            is_last_call,
        };
        assert_eq!(noted(undefined(false)), [10, 20]);
        assert_eq!(noted(undefined(true)), [20]);
    }

    #[test]
    fn handlers_are_found_across_chunks() {
        let site = |return_offset, slots| CallSite { return_offset, slots, location: 0 };
        let sites = vec![site(10, 0), site(20, HANDLED | 2), site(30, 0)];
        let program = Program::for_tests(TEXT, sites, vec![0, 500, 0], vec![], &[], vec![]);
        let mut stack = TestStack::new();
        stack.call(TEXT + 10, &[]);
        let (sp, fp) = (stack.sp, stack.fp);
        let (chunk, limit) = (stack.head.chunk, stack.head.stack_limit);
        stack.call(TEXT + 20, &[1]);
        stack.call_in_next_chunk(TEXT + 30, &[2]);
        stack.call(TEXT + 30, &[3]);
        stack.leave(TEXT + 10);
        let mut noted = Vec::new();
        assert!(cut_back_to_handler(&mut stack.head, &program, &mut noted, 9));
        assert_eq!(noted, [TEXT + 10, TEXT + 30, TEXT + 20, TEXT + 10]);
        assert_eq!(stack.head.jump, TEXT + 500);
        assert_eq!((stack.head.saved_sp, stack.head.saved_fp), (sp, fp));
        assert_eq!((stack.head.chunk, stack.head.stack_limit), (chunk, limit));
        (stack.sp, stack.fp) = (sp, fp);
        stack.leave(TEXT + 30);
        assert!(!cut_back_to_handler(&mut stack.head, &program, &mut noted, 0));
        assert_eq!(noted.len(), 4);
    }
}
