//! Where an executable starts: `main`, called by the C library's start code.
//!
//! Only in the runtime that executables are made of (`--cfg beamrc_image`): tests have a `main`
//! of their own. Knows no more of the program than where it is.
#![allow(unsafe_code)]

use beamrc_abi::program::Program;
use core::ffi::{c_char, c_int};

// The program's description is part of the link when the system's linker makes the executable;
// otherwise it is absent, so weak, and beamrc writes its address into the variable. A compiler
// must not know the variable's value, hence assembly.
//
// The notes are there for their program headers, which beamrc uses for the program's segments:
// the linker gives each a header of its own because each has an alignment of its own.
core::arch::global_asm!(
    ".weak beamrc_program",
    ".pushsection .data.beamrc_program_ptr, \"aw\", @progbits",
    ".balign 8",
    ".globl beamrc_program_ptr",
    ".type beamrc_program_ptr, @object",
    ".size beamrc_program_ptr, 8",
    "beamrc_program_ptr: .quad beamrc_program",
    ".popsection",
    ".macro beamrc_spare_note number, alignment",
    ".pushsection .note.beamrc.spare\\number, \"aR\", @note",
    ".balign \\alignment",
    ".long 7, 0, 0",
    ".asciz \"beamrc\"",
    ".balign 4",
    ".popsection",
    ".endm",
    "beamrc_spare_note 1, 16",
    "beamrc_spare_note 2, 32",
    "beamrc_spare_note 3, 64",
);

unsafe extern "C" {
    static beamrc_program_ptr: *const Program;
}

/// # Safety
/// The C library calls it, with the strings of the command line.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn main(argument_count: c_int, arguments: *const *const c_char) -> c_int {
    // SAFETY: I4: the linker has set the variable before the program started.
    let program = unsafe { beamrc_program_ptr };
    if program.is_null() {
        eprintln!("this is beamrc's runtime without a program");
        return 1;
    }
    // SAFETY: the caller's contract; I4 for the program.
    unsafe { crate::entry::boot::boot(argument_count, arguments, program) }
}
