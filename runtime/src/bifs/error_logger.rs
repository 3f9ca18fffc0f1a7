//! Natives of module `error_logger`.

use crate::process::Process;
use crate::process::exception::Result;
use crate::term::{Term, atom};

/// How warnings are shown: as such, as without OTP's `+W`.
pub fn warning_map_0(_p: &mut Process) -> Result {
    let warning = atom::intern("warning").expect("short, and the table is not full of it");
    Ok(Term::atom(warning))
}
