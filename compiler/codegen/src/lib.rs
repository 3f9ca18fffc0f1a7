//! From bytecode to an object file: SSA, passes, Cranelift, tables.
//!
//! Knows the reader's modules and the abi; not files, command lines or linking.
#![forbid(unsafe_code)]

pub mod clif;
mod driver;
mod literal_order;
pub mod object;
pub mod ssa;

pub use driver::{Dump, Input, Stage, Store, compile};
