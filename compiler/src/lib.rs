//! beamrc: compiles BEAM bytecode ahead of time into one static native executable.
//!
//! The stages, in the order in which `pipeline` runs them: `input` (what the user named) →
//! `program` (modules loaded, imports resolved, what is reachable) → `codegen` → linking. Only
//! `pipeline` knows that order; a stage knows the results of earlier ones, never later ones.
#![forbid(unsafe_code)]

pub mod cache;
pub mod cli;
pub mod codegen;
pub mod error;
pub mod input;
pub mod pipeline;
pub mod program;
pub mod report;
pub mod say;
pub mod settings;
pub mod shims;

pub use error::{Error, Result};
