//! Natives of module `crypto`: digests, authentication codes by them, random bytes.
//!
//! Failures are those of OTP's natives, whose place in OTP's C code is part of them. What OTP gets
//! from its cryptographic library and is not here (ciphers by name, keys) has no native, so a program
//! that reaches it is told so when it is built.

mod digest;
mod mac;

pub use digest::*;
pub use mac::*;

use crate::bifs::values::{self, machine_word};
use crate::process::Process;
use crate::process::exception::{Exception, Result, badarg, error};
use crate::sys::random;
use crate::term::bits::Bits;
use crate::term::bits::iodata::{self, Piece};
use crate::term::{Term, atom, build, map};
use aes::cipher::{Array, BlockCipherEncrypt, KeyInit};
use beamrc_abi::atom::id;
use std::borrow::Cow;

fn named(text: &str) -> Term {
    Term::atom(atom::intern(text).expect("short, and the table is not full of it"))
}

/// Where OTP's natives fail.
#[derive(Clone, Copy)]
struct Place {
    file: &'static str,
    line: i64,
    /// Number of the argument, from 0; -1 for none.
    argument: i64,
}

const fn place(file: &'static str, line: i64, argument: i64) -> Place {
    Place { file, line, argument }
}

/// `{Kind, #{c_file_name, c_file_line_num, c_function_arg_num}, Text}`.
fn failure(p: &mut Process, kind: &str, place: Place, text: &str) -> Exception {
    let file = values::string(p, place.file);
    let mut pairs = [
        (named("c_file_name"), file),
        (named("c_file_line_num"), Term::small(place.line)),
        (named("c_function_arg_num"), Term::small(place.argument)),
    ];
    let place = map::from_pairs(p, &mut pairs);
    let text = values::string(p, text);
    error(build::tuple(p, &[named(kind), place, text]))
}
fn bad(p: &mut Process, place: Place, text: &str) -> Exception {
    failure(p, "badarg", place, text)
}

/// The bytes of a binary.
fn bytes(binary: &Term) -> Option<Cow<'_, [u8]>> {
    Some(Bits::of_binary(*binary)?.to_bytes().into_owned().into())
}

/// The bytes of iodata.
fn gathered(iodata: Term) -> Option<Vec<u8>> {
    let mut gathered = Vec::new();
    let whole = iodata::walk(iodata, |piece| {
        match piece {
            Piece::Byte(byte) => gathered.push(byte),
            Piece::Bits(bits, _) if bits.size_bits.is_multiple_of(8) => {
                gathered.extend_from_slice(&bits.to_bytes())
            }
            Piece::Bits(..) => return Err(iodata::NoIodata),
        }
        Ok(())
    });
    whole.ok().map(|()| gathered)
}

/// Bytes that are digested for one reduction.
const BYTES_PER_REDUCTION: usize = 64;

/// `false` if the system has no randomness.
pub fn strong_rand_bytes_nif_1(p: &mut Process, count: Term) -> Result {
    let count = count.as_small().and_then(|n| usize::try_from(n).ok());
    let count = count.filter(|n| *n < 1 << 32).ok_or_else(badarg)?;
    p.charge(count / BYTES_PER_REDUCTION);
    Ok(match random::bytes(count) {
        Some(bytes) => values::new_binary(p, &bytes),
        None => Term::atom(id::FALSE),
    })
}

/// A generator without its device goes on as before.
pub fn rand_seed_nif_1(_p: &mut Process, seed: Term) -> Result {
    let seed = bytes(&seed).ok_or_else(badarg)?;
    random::mix_in(&seed);
    Ok(Term::atom(id::OK))
}

/// AES of blocks one by one, which `crypto`'s generator `crypto_aes` scrambles a counter with. In OTP
/// it is no native, and asks for the cipher by name.
pub fn block_encrypt_2(p: &mut Process, key: Term, data: Term) -> Result {
    let (key, data) = (bytes(&key).ok_or_else(badarg)?, bytes(&data).ok_or_else(badarg)?);
    p.charge(data.len() / BYTES_PER_REDUCTION);
    let encrypted = match key.len() {
        16 => encrypted::<aes::Aes128>(&key, &data),
        24 => encrypted::<aes::Aes192>(&key, &data),
        32 => encrypted::<aes::Aes256>(&key, &data),
        _ => None,
    };
    Ok(values::new_binary(p, &encrypted.ok_or_else(badarg)?))
}

/// The whole blocks of `data`; none if the key has another size.
fn encrypted<C: KeyInit + BlockCipherEncrypt>(key: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let cipher = C::new_from_slice(key).ok()?;
    let mut encrypted = data.to_vec();
    let (blocks, rest) = Array::slice_as_chunks_mut(&mut encrypted);
    if !rest.is_empty() {
        return None;
    }
    cipher.encrypt_blocks(blocks);
    Some(encrypted)
}

pub fn do_exor_2(p: &mut Process, a: Term, b: Term) -> Result {
    let (a, b) = (gathered(a).ok_or_else(badarg)?, gathered(b).ok_or_else(badarg)?);
    if a.len() != b.len() {
        return Err(badarg());
    }
    p.charge(a.len() / BYTES_PER_REDUCTION);
    let combined: Vec<u8> = a.iter().zip(&b).map(|(x, y)| x ^ y).collect();
    Ok(values::new_binary(p, &combined))
}

/// Takes as long whatever the bytes are.
pub fn hash_equals_nif_2(_p: &mut Process, a: Term, b: Term) -> Result {
    let (a, b) = (bytes(&a).ok_or_else(badarg)?, bytes(&b).ok_or_else(badarg)?);
    if a.len() != b.len() {
        return Err(badarg());
    }
    let same = bool::from(subtle::ConstantTimeEq::ct_eq(&*a, &*b));
    Ok(Term::atom(if same { id::TRUE } else { id::FALSE }))
}

/// A positive number, for key derivation; `kind` is the place in OTP's source where what is no
/// machine word fails, `size` that where 0 does.
fn count(p: &mut Process, term: Term, kind: Place, size: Place) -> Result<usize> {
    match machine_word(term).and_then(|number| usize::try_from(number).ok()) {
        None => Err(bad(p, kind, "Not integer")),
        Some(0) => Err(bad(p, size, "Must be > 0")),
        Some(number) => Ok(number),
    }
}
