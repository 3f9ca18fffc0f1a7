//! Code of funs whose function is not linked: one piece for each arity, which puts the arguments and
//! the fun in `x` and raises `undef`.

use crate::process::{Process, exception};
use crate::program::{Export, set_stand_ins};
use crate::term::Kind;
use beamrc_abi::process as head;
use beamrc_abi::term::layout;

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
    "mov r11, [r15 + {X}]",
    "mov [r11], rdi",
    "mov [r11 + 8], rsi",
    "mov [r11 + 16], rdx",
    "mov [r11 + 24], rcx",
    "mov [r11 + 32], r8",
    "mov [r11 + 40], r9",
    "lea r10, [rip + {raise}]",
    "mov edi, eax",
    "jmp beamrc_stub_raise",
    PIECE_BYTES = const PIECE_BYTES,
    X = const head::X,
    raise = sym raise,
);

unsafe extern "C" {
    fn beamrc_stand_ins();
}

/// Lets funs be made of functions that are not linked.
pub fn install() {
    set_stand_ins(|arity| {
        assert!(arity < 256, "no function has more arguments");
        beamrc_stand_ins as *const () as u64 + PIECE_BYTES * u64::from(arity)
    });
}

/// # Safety
/// `p` is the running process (I3); `x` holds `arity` terms, then the fun.
unsafe extern "C" fn raise(p: *mut Process, arity: u64) {
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    let fun = p.x(arity as usize + 1)[arity as usize];
    assert!(fun.is_kind(Kind::ExportFun), "stand-ins are called by `fun M:F/A` only");
    // SAFETY: I4: such a fun refers to the description of its function.
    let export = unsafe { &*(fun.words()[layout::FUN_META] as *const Export) };
    let arguments = p.x_as_list(arity as usize);
    let undefined = exception::undefined(export.module, export.function, arguments);
    p.exception.note(undefined);
}
