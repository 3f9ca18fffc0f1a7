//! The contract between compiled code and the runtime, stated once.
//!
//! Both sides read it: the compiler to emit code, the runtime to serve it. Nothing here allocates,
//! calls or is unsafe: tables, layouts and constants only. A change here changes [`VERSION`].
#![no_std]
#![forbid(unsafe_code)]

pub mod atom;
pub mod bifs;
pub mod entry;
pub mod process;
pub mod program;
pub mod term;

/// Bumped whenever generated code and runtime of different builds would misunderstand each other.
pub const VERSION: u64 = 3;
