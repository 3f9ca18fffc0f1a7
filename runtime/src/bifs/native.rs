//! Natives of module `beamrc_native`: descriptors, for what stands in for OTP's ports, and what the
//! boot code asks.

use crate::bifs::{native_name, values};
use crate::process::Process;
use crate::process::exception::{Result, badarg, system_limit};
use crate::process::figures;
use crate::program::program;
use crate::sched::poller;
use crate::sys::{descriptor, errno};
use crate::term::bits::Bits;
use crate::term::{Term, atom, build};
use beamrc_abi::atom::id;
use std::os::unix::ffi::OsStrExt;

/// Bytes written for one reduction.
const BYTES_PER_REDUCTION: usize = 4096;
/// The largest read at once.
const MAX_READ_BYTES: i64 = 1 << 30;

fn fd(term: Term) -> Result<i32> {
    let number = term.as_small().and_then(|fd| i32::try_from(fd).ok());
    number.filter(|fd| *fd >= 0).ok_or_else(badarg)
}
/// `{error, Posix}`.
fn error(p: &mut Process, error: i32) -> Result {
    let name = atom::intern(&errno::name(error)).ok_or_else(system_limit)?;
    Ok(build::tuple(p, &[Term::atom(id::ERROR), Term::atom(name)]))
}

/// The program's arguments, each a list of characters.
pub fn arguments_0(p: &mut Process) -> Result {
    let mut arguments = Vec::new();
    for argument in std::env::args_os().skip(1) {
        arguments.push(native_name::decode(p, argument.as_bytes()));
    }
    Ok(build::list(p, &arguments, Term::NIL))
}
/// Data that was built into the program, by its name (a binary): `Binary | undefined`.
pub fn resource_1(p: &mut Process, name: Term) -> Result {
    let mut bytes = Vec::new();
    append_binary(name, &mut bytes)?;
    match program().resource(&bytes) {
        Some(data) => Ok(values::new_binary(p, data)),
        None => Ok(Term::UNDEFINED),
    }
}
/// Names of all data that was built into the program.
pub fn resources_0(p: &mut Process) -> Result {
    let mut names = Vec::new();
    for (name, _) in program().resources() {
        names.push(values::new_binary(p, name));
    }
    Ok(build::list(p, &names, Term::NIL))
}

/// Whether no other process has anything to do.
pub fn is_idle_0(_p: &mut Process) -> Result {
    Ok(Term::bool((figures::live().is_idle)()))
}

/// Writes all of some iodata: `ok | {error, Posix}`.
pub fn write_2(p: &mut Process, descriptor: Term, iodata: Term) -> Result {
    let fd = fd(descriptor)?;
    let bytes = bytes(iodata)?;
    p.charge(bytes.len() / BYTES_PER_REDUCTION + 1);
    match descriptor::write(fd, &bytes) {
        Ok(()) => Ok(Term::OK),
        Err(number) => error(p, number),
    }
}
/// Reads at most so many bytes: `{ok, Binary} | eof | {error, Posix}`.
pub fn read_2(p: &mut Process, descriptor: Term, max: Term) -> Result {
    let fd = fd(descriptor)?;
    let max = max.as_small().filter(|max| (1..=MAX_READ_BYTES).contains(max));
    let max = max.ok_or_else(badarg)? as usize;
    match descriptor::read(fd, max) {
        Ok(bytes) if bytes.is_empty() => Ok(Term::atom(id::EOF)),
        Ok(bytes) => {
            let bytes = values::new_binary(p, &bytes);
            Ok(build::tuple(p, &[Term::OK, bytes]))
        }
        Err(number) => error(p, number),
    }
}
/// Whether a descriptor can be read at once: `ready`; or `wait`, and the message
/// `{select, Descriptor, ready_input}` comes when it can.
pub fn select_1(p: &mut Process, descriptor: Term) -> Result {
    let fd = fd(descriptor)?;
    let waits = !descriptor::is_readable(fd) && poller::await_readable(fd, p.number());
    let state = atom::intern(if waits { "wait" } else { "ready" }).ok_or_else(system_limit)?;
    Ok(Term::atom(state))
}
/// Whether a descriptor is a terminal.
pub fn is_tty_1(_p: &mut Process, descriptor: Term) -> Result {
    Ok(Term::bool(descriptor::is_terminal(fd(descriptor)?)))
}
/// `{Columns, Rows}` of a terminal, `false` for anything else.
pub fn tty_size_1(p: &mut Process, descriptor: Term) -> Result {
    let Some((columns, rows)) = descriptor::terminal_size(fd(descriptor)?) else {
        return Ok(Term::FALSE);
    };
    let size = [columns, rows].map(|n| Term::small(i64::from(n)));
    Ok(build::tuple(p, &size))
}

/// The bytes of iodata.
fn bytes(iodata: Term) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if !iodata.is_list() {
        append_binary(iodata, &mut bytes)?;
        return Ok(bytes);
    }
    let mut rest = vec![iodata];
    while let Some(mut part) = rest.pop() {
        while let Some((head, tail)) = part.as_cons() {
            part = tail;
            if let Some(byte) = head.as_small() {
                bytes.push(u8::try_from(byte).map_err(|_| badarg())?);
            } else if head.is_list() {
                rest.push(tail);
                part = head;
            } else {
                append_binary(head, &mut bytes)?;
            }
        }
        if !part.is_nil() {
            append_binary(part, &mut bytes)?;
        }
    }
    Ok(bytes)
}
fn append_binary(term: Term, bytes: &mut Vec<u8>) -> Result<()> {
    let bits = Bits::of_binary(term).ok_or_else(badarg)?;
    bytes.extend_from_slice(&bits.to_bytes());
    Ok(())
}
