//! Natives of module `prim_file`: what OTP's `prim_file_nif` does. Names are given as
//! `internal_name2native/1` makes them: binaries that end in 0.
//!
//! Calls last as long as the system takes for them.

mod embedded;
mod handles;
mod info;
mod names;
mod paths;

pub use handles::*;
pub use info::*;
pub use names::*;
pub use paths::*;

use crate::process::Process;
use crate::process::exception::{Result, system_limit};
use crate::sys::errno;
use crate::sys::file::Outcome;
use crate::term::bits::Bits;
use crate::term::{Term, atom, build};
use beamrc_abi::atom::id;

/// `{error, Posix}`.
fn error(p: &mut Process, number: i32) -> Result {
    let name = atom::intern(&errno::name(number)).ok_or_else(system_limit)?;
    Ok(build::tuple(p, &[Term::atom(id::ERROR), Term::atom(name)]))
}

/// `ok | {error, Posix}`.
fn done(p: &mut Process, outcome: Outcome<()>) -> Result {
    match outcome {
        Ok(()) => Ok(Term::OK),
        Err(number) => error(p, number),
    }
}

/// The path of what is to be changed.
fn changed_path(name: Term) -> Outcome<Vec<u8>> {
    let path = path(name)?;
    match embedded::name(&path) {
        Some(_) => Err(libc::EROFS),
        None => Ok(path),
    }
}

/// The path in a binary: only its end may be 0, and must be.
fn path(name: Term) -> Outcome<Vec<u8>> {
    let bits = Bits::of_binary(name).ok_or(libc::EINVAL)?;
    let mut bytes = bits.to_bytes().into_owned();
    let text = bytes.iter().position(|byte| *byte == 0);
    let text = text.ok_or(libc::EINVAL)?;
    if bytes[text..].iter().any(|byte| *byte != 0) {
        return Err(libc::EINVAL);
    }
    bytes.truncate(text);
    Ok(bytes)
}
