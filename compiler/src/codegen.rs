//! From a program to an object file: the seam behind which machine code is made.

use crate::cache::Cache;
use crate::program::{Mfa, Program};
use crate::{Error, Result};

/// How much work code generation does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, clap::ValueEnum)]
pub enum OptLevel {
    /// Fast builds.
    None,
    /// Fast programs.
    #[default]
    Speed,
}

/// What the user decides about code generation.
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub opt: OptLevel,
    /// Leave out symbols and line tables.
    pub strip: bool,
    /// Stages to print, by name.
    pub dump: Vec<String>,
    /// The function whose stages are printed; all if there is none.
    pub only: Option<Mfa>,
    /// Where compiled functions of earlier builds are.
    pub cache: Cache,
}

/// The stages inside code generation that can be printed, in order.
pub const STAGES: &[&str] = &[];

/// Makes the program's object file (ELF).
pub fn compile(program: &Program, options: &Options) -> Result<Vec<u8>> {
    let _ = (program, options);
    Err(Error::new("this build of beamrc cannot generate code yet"))
}
