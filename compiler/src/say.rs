//! What beamrc prints for others to read on: reports and stages.

use std::fmt::Display;
use std::io::{ErrorKind, Write};
use std::process::exit;

use crate::Error;

/// The code with which a shell says that a command ended by SIGPIPE.
const NOBODY_READS: i32 = 141;

/// Prints to standard output. Ends beamrc if nobody reads that any more, as with `| head`, or if it
/// cannot be written.
pub fn say(text: impl Display) {
    let mut out = std::io::stdout().lock();
    match write!(out, "{text}").and_then(|()| out.flush()) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::BrokenPipe => exit(NOBODY_READS),
        Err(error) => {
            eprintln!("error: {}", Error::new(format!("cannot write to standard output: {error}")));
            exit(1);
        }
    }
}
