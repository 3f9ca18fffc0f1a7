//! Natives of module `prim_file` that convert names of files.

use crate::bifs::{native_name, values};
use crate::process::Process;
use crate::process::exception::{Result, badarg};
use crate::sys::locale;
use crate::term::bits::{self, Bits};
use crate::term::{Term, atom, build};
use beamrc_abi::atom::id;

fn bytes(binary: Term) -> Result<Vec<u8>> {
    let bits = Bits::of_binary(binary).ok_or_else(badarg)?;
    Ok(bits.to_bytes().into_owned())
}

/// The name as the system takes it: a binary that ends in 0. Binaries are taken as they are.
pub fn internal_name2native_1(p: &mut Process, name: Term) -> Result {
    if name.is_atom() {
        return Err(badarg());
    }
    let mut native =
        if bits::size_of(name).is_some() { bytes(name)? } else { native_name::encode(name)? };
    if native.contains(&0) {
        return Err(badarg());
    }
    native.push(0);
    Ok(values::new_binary(p, &native))
}

/// The name as programs know it. One that is not in the encoding is told as `{error, warning}`:
/// as without a warning type in OTP's `+fn`.
pub fn internal_native2name_1(p: &mut Process, native: Term) -> Result {
    let native = bytes(native)?;
    if locale::is_utf8() && core::str::from_utf8(&native).is_err() {
        let warning = atom::intern("warning").expect("short, and the table is not full of it");
        return Ok(build::tuple(p, &[Term::atom(id::ERROR), Term::atom(warning)]));
    }
    Ok(native_name::decode(p, &native))
}

pub fn is_translatable_1(_p: &mut Process, native: Term) -> Result {
    let native = bytes(native)?;
    Ok(Term::bool(!locale::is_utf8() || core::str::from_utf8(&native).is_ok()))
}
