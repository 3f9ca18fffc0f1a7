//! Authentication codes by digests (HMAC), and keys derived with them (PBKDF2).
//!
//! The digest is chosen at run time, for which these few lines have no crate.

use super::digest::{Algorithm, Hash, find};
use super::{BYTES_PER_REDUCTION, bad, bytes, count, failure, gathered, place};
use crate::bifs::values;
use crate::heap::resource;
use crate::process::Process;
use crate::process::exception::{Exception, Result};
use crate::sys::lock::Mutex;
use crate::sys::unique;
use crate::term::{Term, atom};
use std::sync::PoisonError;

/// A code under way: the inner digest has begun, the outer one waits for its result.
struct Hmac {
    inner: Box<dyn Hash>,
    outer: Box<dyn Hash>,
}

impl Hmac {
    fn new(algorithm: &Algorithm, key: &[u8]) -> Hmac {
        let mut block = match key.len() > algorithm.block_size {
            true => algorithm.digest(key),
            false => key.to_vec(),
        };
        block.resize(algorithm.block_size, 0);
        let start = |pad: u8| {
            let mut hash = algorithm.start();
            let padded: Vec<u8> = block.iter().map(|byte| byte ^ pad).collect();
            hash.add(&padded);
            hash
        };
        Hmac { inner: start(0x36), outer: start(0x5c) }
    }
    fn copy(&self) -> Hmac {
        Hmac { inner: self.inner.copy(), outer: self.outer.copy() }
    }
    fn code_of(mut self, bytes: &[u8]) -> Vec<u8> {
        self.inner.add(bytes);
        self.result()
    }
    fn result(mut self) -> Vec<u8> {
        self.outer.add(&self.inner.result());
        self.outer.result()
    }
}

/// A code that is added to in place; `None` once it is complete.
struct State(Mutex<Option<Hmac>>);

/// The lines of OTP's natives that refuse.
struct Lines {
    kind: i64,
    digest: i64,
    missing: i64,
}

fn start(
    p: &mut Process,
    kind: Term,
    digest: Term,
    key: Term,
    lines: &Lines,
) -> core::result::Result<Hmac, Exception> {
    match kind.as_atom().map(atom::text) {
        Some("hmac") => {}
        Some(kind @ ("cmac" | "poly1305" | "siphash")) => {
            let text = format!("beamrc has no {kind}");
            return Err(failure(p, "notsup", place("mac.c", lines.missing, 0), &text));
        }
        _ => return Err(bad(p, place("mac.c", lines.kind, 0), "Unknown mac algorithm")),
    }
    let Some(algorithm) = find(digest).filter(|found| !found.is_extendable()) else {
        return Err(bad(p, place("mac.c", lines.digest, 1), "Bad digest algorithm for HMAC"));
    };
    let Some(key) = bytes(&key) else {
        return Err(bad(p, place("mac.c", lines.kind, 2), "Bad key"));
    };
    Ok(Hmac::new(algorithm, &key))
}

pub fn mac_nif_4(p: &mut Process, kind: Term, digest: Term, key: Term, data: Term) -> Result {
    let Some(data) = gathered(data) else {
        return Err(bad(p, place("mac.c", 176, 3), "Bad text"));
    };
    p.charge(data.len() / BYTES_PER_REDUCTION);
    let hmac = start(p, kind, digest, key, &Lines { kind: 234, digest: 264, missing: 234 })?;
    Ok(values::new_binary(p, &hmac.code_of(&data)))
}

pub fn mac_init_nif_3(p: &mut Process, kind: Term, digest: Term, key: Term) -> Result {
    let hmac = start(p, kind, digest, key, &Lines { kind: 587, digest: 617, missing: 587 })?;
    Ok(resource::new(p, unique::number(), State(Mutex::new(Some(hmac)))))
}
pub fn mac_update_nif_2(p: &mut Process, reference: Term, data: Term) -> Result {
    let Some(data) = gathered(data) else {
        return Err(bad(p, place("mac.c", 794, 1), "Bad text"));
    };
    let Some(State(state)) = resource::get::<State>(&reference) else {
        return Err(bad(p, place("mac.c", 817, 0), "Bad ref"));
    };
    p.charge(data.len() / BYTES_PER_REDUCTION);
    match &mut *state.lock().unwrap_or_else(PoisonError::into_inner) {
        Some(hmac) => {
            hmac.inner.add(&data);
            Ok(reference)
        }
        None => Err(failure(p, "error", place("mac.c", 827, -1), "mac update")),
    }
}
pub fn mac_final_nif_1(p: &mut Process, reference: Term) -> Result {
    let Some(State(state)) = resource::get::<State>(&reference) else {
        return Err(bad(p, place("mac.c", 847, 0), "Bad ref"));
    };
    let hmac = state.lock().unwrap_or_else(PoisonError::into_inner).take();
    match hmac {
        Some(hmac) => Ok(values::new_binary(p, &hmac.result())),
        None => Err(failure(p, "error", place("mac.c", 866, -1), "Signing")),
    }
}

pub fn pbkdf2_hmac_nif_5(
    p: &mut Process,
    digest: Term,
    password: Term,
    salt: Term,
    iterations: Term,
    size: Term,
) -> Result {
    let file = "pbkdf2_hmac.c";
    let iterations = count(p, iterations, place(file, 75, 3), place(file, 77, 3))?;
    let size = count(p, size, place(file, 80, 4), place(file, 82, 4))?;
    let Some(algorithm) = find(digest) else {
        return Err(bad(p, place(file, 34, 0), "Bad digest type"));
    };
    if !algorithm.derives_keys() {
        return Err(bad(p, place(file, 38, 0), "Not eligible digest type"));
    }
    let Some(password) = bytes(&password) else {
        return Err(bad(p, place(file, 41, 1), "Not binary"));
    };
    let Some(salt) = bytes(&salt) else {
        return Err(bad(p, place(file, 44, 2), "Not binary"));
    };
    p.charge(iterations);
    let hmac = Hmac::new(algorithm, &password);
    let mut key = Vec::new();
    for block in 1u32.. {
        if key.len() >= size {
            break;
        }
        let mut code = hmac.copy().code_of(&[&*salt, &block.to_be_bytes()].concat());
        let mut sum = code.clone();
        for _ in 1..iterations {
            code = hmac.copy().code_of(&code);
            sum.iter_mut().zip(&code).for_each(|(sum, byte)| *sum ^= byte);
        }
        key.extend(sum);
    }
    key.truncate(size);
    Ok(values::new_binary(p, &key))
}
