//! Texts written straight to standard output or error, past any I/O protocol.

use crate::process::Process;
use crate::process::exception::{Exception, Result, badarg, badarg_because};
use crate::program::program;
use crate::sys::{descriptor, errno};
use crate::term::bits::Bits;
use crate::term::{Term, atom};

const STANDARD_OUTPUT: i32 = 1;
const STANDARD_ERROR: i32 = 2;

/// A `badarg` whose cause is the system's.
fn failed(error: i32) -> Exception {
    match atom::intern(&errno::name(error)) {
        Some(name) => badarg_because(name),
        None => badarg(),
    }
}
fn write(fd: i32, bytes: &[u8]) -> Result {
    descriptor::write(fd, bytes).map_err(failed)?;
    Ok(Term::TRUE)
}

/// A list of characters or a binary.
fn bytes(text: Term) -> Result<Vec<u8>> {
    if !text.is_list() {
        let bits = Bits::of_binary(text).ok_or_else(badarg)?;
        return Ok(bits.to_bytes().into_owned());
    }
    let mut rest = text.list();
    let mut characters = String::new();
    for character in rest.by_ref() {
        let code_point = character.as_small().and_then(|c| u32::try_from(c).ok());
        characters.push(code_point.and_then(char::from_u32).ok_or_else(badarg)?);
    }
    if rest.tail().is_nil() { Ok(characters.into_bytes()) } else { Err(badarg()) }
}

/// To standard output until OTP 25, to standard error since.
pub fn display_string_1(_p: &mut Process, text: Term) -> Result {
    let fd = match program().otp_release() {
        b"25" => STANDARD_OUTPUT,
        _ => STANDARD_ERROR,
    };
    write(fd, &bytes(text)?)
}
pub fn display_string_2(_p: &mut Process, to: Term, text: Term) -> Result {
    let fd = match to.as_atom().map(atom::text) {
        Some("stdout") => STANDARD_OUTPUT,
        Some("stderr") => STANDARD_ERROR,
        _ => return Err(badarg()),
    };
    write(fd, &bytes(text)?)
}
pub fn display_nl_0(_p: &mut Process) -> Result {
    write(STANDARD_OUTPUT, b"\n")
}
