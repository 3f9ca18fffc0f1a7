//! From `main` to the first process.

use beamrc_abi::program::Program;
use core::ffi::{c_char, c_int};

/// Runs the program to its end and returns the exit code.
///
/// # Safety
/// `arguments` are `argument_count` strings that live for ever; `program` is the compiler's table
/// (I4).
pub unsafe fn boot(
    _argument_count: c_int,
    _arguments: *const *const c_char,
    program: *const Program,
) -> c_int {
    // SAFETY: the caller's contract.
    unsafe {
        crate::program::install(program);
        super::large_maps::complete(program);
    }
    eprintln!("this runtime cannot run processes yet");
    1
}
