//! Code of what is not linked: of funs, one piece for each arity, and of functions that are called by
//! name where something handles that.
//!
//! It puts the arguments (and the fun) in `x`, and has the process's error handler called in its place,
//! or raises `undef`.

use crate::bifs::calls;
use crate::process::exception::{Exception, Origin, error, error_of_caller, undefined};
use crate::process::{Process, stack, trace};
use crate::program::set_stand_ins;
use crate::term::{Term, build, fun};
use beamrc_abi::atom::id;
use beamrc_abi::process as head;

const PIECE_BYTES: u64 = 16;

core::arch::global_asm!(
    ".balign {PIECE_BYTES}",
    "beamrc_stand_ins:",
    ".set beamrc_stand_in_arity, 0",
    ".rept 256",
    "mov eax, offset beamrc_stand_in_arity",
    "jmp beamrc_stand_in",
    ".balign {PIECE_BYTES}",
    ".set beamrc_stand_in_arity, beamrc_stand_in_arity + 1",
    ".endr",
    "beamrc_stand_in:",
    "lea r10, [rip + {of_fun}]",
    "jmp 2f",
    "beamrc_undefined:",
    "lea r10, [rip + {of_name}]",
    "2:",
    "mov r11, [r15 + {X}]",
    "mov [r11], rdi",
    "mov [r11 + 8], rsi",
    "mov [r11 + 16], rdx",
    "mov [r11 + 24], rcx",
    "mov [r11 + 32], r8",
    "mov [r11 + 40], r9",
    "mov [r15 + {SAVED_SP}], rsp",
    "mov [r15 + {SAVED_FP}], rbp",
    "mov rsp, [r15 + {SCHEDULER_SP}]",
    "mov rdi, r15",
    "mov esi, eax",
    "call r10",
    "test rax, rax",
    "jz beamrc_unwind_from_here",
    "mov [r15 + {JUMP}], rax",
    "mov rbp, [r15 + {SAVED_FP}]",
    "mov rsp, [r15 + {SAVED_SP}]",
    "jmp beamrc_jump_to_code",
    PIECE_BYTES = const PIECE_BYTES,
    X = const head::X,
    SAVED_SP = const head::SAVED_SP,
    SAVED_FP = const head::SAVED_FP,
    SCHEDULER_SP = const head::SCHEDULER_SP,
    JUMP = const head::JUMP,
    of_fun = sym of_fun,
    of_name = sym of_name,
);

unsafe extern "C" {
    fn beamrc_stand_ins();
    fn beamrc_undefined();
}

/// Lets funs be made of functions that are not linked.
pub fn install() {
    let of_funs = |arity| {
        assert!(arity < 256, "no function has more arguments");
        beamrc_stand_ins as *const () as u64 + PIECE_BYTES * u64::from(arity)
    };
    set_stand_ins(of_funs, beamrc_undefined as *const () as u64);
}

/// The code to go on with, or 0 with an exception noted.
///
/// # Safety
/// `p` is the running process (I3), its stack is saved (K1); `x` holds the arguments of the function
/// that `beamrc_apply_code` noted.
unsafe extern "C" fn of_name(p: *mut Process) -> u64 {
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    let [module, function, arity] = [0, 1, 2].map(|part| p.exception.args[part]);
    let (module, function) = (module.as_atom().unwrap_or(0), function.as_atom().unwrap_or(0));
    let arguments = p.x_as_list(arity.as_small().unwrap_or(0) as usize);
    call(p, module, function, arguments)
}

/// The same for the call of a fun.
///
/// # Safety
/// As [`of_name`]; `x` holds `arity` terms, then the fun.
unsafe extern "C" fn of_fun(p: *mut Process, arity: u64) -> u64 {
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    let fun = p.x(arity as usize + 1)[arity as usize];
    let arguments = p.x_as_list(arity as usize);
    if let Some(export) = fun::export(fun) {
        return call(p, export.module, export.function, arguments);
    }
    let lambda = fun::lambda(fun).expect("stand-ins are called by funs only");
    calls::handled_lambda(p, lambda.module, fun, arguments).unwrap_or_else(|| {
        let undefined = match p.life.error_handler {
            // SAFETY: the caller's contract.
            id::ERROR_HANDLER => unsafe { undefined_lambda(p, fun, arguments) },
            _ => error_of_caller(Term::atom(id::UNDEF)),
        };
        p.exception.note(undefined);
        0
    })
}

fn call(p: &mut Process, module: u32, function: u32, arguments: Term) -> u64 {
    calls::handled_undefined(p, module, function, arguments).unwrap_or_else(|| {
        p.exception.note(undefined(module, function, arguments));
        0
    })
}

/// `undef` as OTP's error handler raises it: in the trace the fun stands for its function.
///
/// # Safety
/// `p` is the running process (I3), its stack is saved (K1).
unsafe fn undefined_lambda(p: &mut Process, fun: Term, arguments: Term) -> Exception {
    let mut addresses = Vec::new();
    // SAFETY: K1.
    unsafe { stack::gather(&p.head, trace::depth(), &mut addresses) };
    let callers = trace::list_of_addresses(p, &addresses);
    let call = build::tuple(p, &[fun, arguments, Term::NIL]);
    let trace = build::cons(p, call, callers);
    Exception { origin: Origin::Trace(trace), ..error(Term::atom(id::UNDEF)) }
}
