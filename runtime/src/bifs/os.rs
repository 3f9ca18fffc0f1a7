//! Natives of module `os`.

use crate::bifs::values::string;
use crate::bifs::{native_name, system};
use crate::process::Process;
use crate::process::exception::{Result, badarg, badarg_because};
use crate::sys::signal::{self, Disposition};
use crate::sys::{clock, environment};
use crate::term::{Term, atom, build};
use beamrc_abi::atom::id;

pub fn timestamp_0(p: &mut Process) -> Result {
    Ok(system::timestamp(p, clock::os_system() / 1000))
}
pub fn system_time_0(p: &mut Process) -> Result {
    Ok(system::os_system_time(p))
}
pub fn system_time_1(p: &mut Process, unit: Term) -> Result {
    system::os_system_time_in(p, unit)
}
pub fn perf_counter_0(p: &mut Process) -> Result {
    Ok(build::integer(p, clock::perf_counter()))
}
pub fn getpid_0(p: &mut Process) -> Result {
    Ok(string(p, &std::process::id().to_string()))
}

/// The name of a variable: no atom, and without `=`.
fn key(term: Term) -> Result<Vec<u8>> {
    let key = value(term)?;
    if key.contains(&b'=') {
        return Err(badarg());
    }
    Ok(key)
}
fn value(term: Term) -> Result<Vec<u8>> {
    if term.is_atom() {
        return Err(badarg());
    }
    native_name::encode(term)
}
pub fn getenv_1(p: &mut Process, name: Term) -> Result {
    match environment::get(&key(name)?) {
        Some(value) => Ok(native_name::decode(p, &value)),
        None => Ok(Term::FALSE),
    }
}
pub fn putenv_2(_p: &mut Process, name: Term, new: Term) -> Result {
    environment::put(key(name)?, value(new)?);
    Ok(Term::TRUE)
}
pub fn unsetenv_1(_p: &mut Process, name: Term) -> Result {
    environment::unset(&key(name)?);
    Ok(Term::TRUE)
}
pub fn env_0(p: &mut Process) -> Result {
    let mut variables = Term::NIL;
    for (key, value) in environment::all() {
        let pair = [native_name::decode(p, &key), native_name::decode(p, &value)];
        let pair = build::tuple(p, &pair);
        variables = build::cons(p, pair, variables);
    }
    Ok(variables)
}

pub fn set_signal_2(_p: &mut Process, name: Term, option: Term) -> Result {
    let disposition = match option.as_atom().map(atom::text) {
        Some("ignore") => Disposition::Ignore,
        Some("default") => Disposition::Default,
        Some("handle") => Disposition::Handle,
        _ => return Err(badarg_because(id::BADOPT)),
    };
    let name = name.as_atom().map(atom::text).ok_or_else(badarg)?;
    signal::set(name, disposition).ok_or_else(badarg)?;
    Ok(Term::OK)
}
