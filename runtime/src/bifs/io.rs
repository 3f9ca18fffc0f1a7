//! Natives of module `io`.

use crate::process::Process;
use crate::process::exception::Result;
use crate::term::Term;
use beamrc_abi::atom::id;

/// What counts as printable: Latin-1, as without OTP's `+pc unicode`.
pub fn printable_range_0(_p: &mut Process) -> Result {
    Ok(Term::atom(id::LATIN1))
}
