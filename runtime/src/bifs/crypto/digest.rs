//! Digests, chosen at run time by the names that OTP has for them.
//!
//! A state is never changed: an update makes a new one, as in OTP.

use super::{BYTES_PER_REDUCTION, bad, bytes, failure, named, place};
use crate::bifs::values;
use crate::heap::resource;
use crate::process::Process;
use crate::process::exception::{Result, badarg};
use crate::sys::unique;
use crate::term::{Term, atom, map};
use digest::{Digest, ExtendableOutput, Update};

/// A digest under way.
pub(super) trait Hash: Send + Sync {
    fn add(&mut self, bytes: &[u8]);
    fn copy(&self) -> Box<dyn Hash>;
    fn result(self: Box<Self>) -> Vec<u8>;
    /// So many bytes, of digests that have any number of them.
    fn extended(self: Box<Self>, _size: usize) -> Option<Vec<u8>> {
        None
    }
}

impl<D: Digest + Clone + Send + Sync + 'static> Hash for D {
    fn add(&mut self, bytes: &[u8]) {
        Digest::update(self, bytes);
    }
    fn copy(&self) -> Box<dyn Hash> {
        Box::new(self.clone())
    }
    fn result(self: Box<Self>) -> Vec<u8> {
        self.finalize().to_vec()
    }
}

/// A digest of any size.
#[derive(Clone)]
struct Extendable<D>(D);

impl<D: ExtendableOutput + Update + Clone + Send + Sync + 'static> Hash for Extendable<D> {
    fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }
    fn copy(&self) -> Box<dyn Hash> {
        Box::new(self.clone())
    }
    fn result(self: Box<Self>) -> Vec<u8> {
        Vec::new()
    }
    fn extended(self: Box<Self>, size: usize) -> Option<Vec<u8>> {
        let mut bytes = vec![0; size];
        self.0.finalize_xof_into(&mut bytes);
        Some(bytes)
    }
}

pub(super) struct Algorithm {
    name: &'static str,
    size: usize,
    pub block_size: usize,
    /// The number that OpenSSL has for it.
    number: i64,
    new: fn() -> Box<dyn Hash>,
}

impl Algorithm {
    pub fn start(&self) -> Box<dyn Hash> {
        (self.new)()
    }
    pub fn digest(&self, bytes: &[u8]) -> Vec<u8> {
        let mut hash = self.start();
        hash.add(bytes);
        hash.result()
    }
    /// OTP derives keys with the older ones of the SHA family only.
    pub fn derives_keys(&self) -> bool {
        matches!(self.name, "sha" | "sha224" | "sha256" | "sha384" | "sha512")
    }
    /// Has any number of bytes.
    pub fn is_extendable(&self) -> bool {
        self.size == 0
    }
}

fn of<D: Digest + Clone + Send + Sync + 'static>() -> Box<dyn Hash> {
    Box::new(D::new())
}
fn any_size<D: ExtendableOutput + Update + Default + Clone + Send + Sync + 'static>()
-> Box<dyn Hash> {
    Box::new(Extendable(D::default()))
}

const fn algorithm(
    name: &'static str,
    size: usize,
    block_size: usize,
    number: i64,
    new: fn() -> Box<dyn Hash>,
) -> Algorithm {
    Algorithm { name, size, block_size, number, new }
}

static ALGORITHMS: [Algorithm; 17] = [
    algorithm("blake2s", 32, 64, 1057, of::<blake2::Blake2s256>),
    algorithm("blake2b", 64, 128, 1056, of::<blake2::Blake2b512>),
    algorithm("sm3", 32, 64, 1143, of::<sm3::Sm3>),
    algorithm("shake256", 0, 136, 1101, any_size::<shake::Shake256>),
    algorithm("shake128", 0, 168, 1100, any_size::<shake::Shake128>),
    algorithm("sha3_512", 64, 72, 1099, of::<sha3::Sha3_512>),
    algorithm("sha3_384", 48, 104, 1098, of::<sha3::Sha3_384>),
    algorithm("sha3_256", 32, 136, 1097, of::<sha3::Sha3_256>),
    algorithm("sha3_224", 28, 144, 1096, of::<sha3::Sha3_224>),
    algorithm("sha512", 64, 128, 674, of::<sha2::Sha512>),
    algorithm("sha384", 48, 128, 673, of::<sha2::Sha384>),
    algorithm("sha256", 32, 64, 672, of::<sha2::Sha256>),
    algorithm("sha224", 28, 64, 675, of::<sha2::Sha224>),
    algorithm("sha", 20, 64, 64, of::<sha1::Sha1>),
    algorithm("ripemd160", 20, 64, 117, of::<ripemd::Ripemd160>),
    algorithm("md5", 16, 64, 4, of::<md5::Md5>),
    algorithm("md4", 16, 64, 257, of::<md4::Md4>),
];

pub(super) fn find(name: Term) -> Option<&'static Algorithm> {
    let name = atom::text(name.as_atom()?);
    ALGORITHMS.iter().find(|algorithm| algorithm.name == name)
}

struct State(&'static Algorithm, Box<dyn Hash>);

fn new_state(p: &mut Process, algorithm: &'static Algorithm, hash: Box<dyn Hash>) -> Term {
    resource::new(p, unique::number(), State(algorithm, hash))
}

pub fn hash_info_1(p: &mut Process, name: Term) -> Result {
    let found = find(name).ok_or_else(badarg)?;
    let mut pairs = [
        (named("size"), Term::small(found.size as i64)),
        (named("block_size"), Term::small(found.block_size as i64)),
        (named("type"), Term::small(found.number)),
    ];
    Ok(map::from_pairs(p, &mut pairs))
}

pub fn hash_nif_2(p: &mut Process, name: Term, data: Term) -> Result {
    let Some(found) = find(name) else {
        return Err(bad(p, place("hash.c", 109, 0), "Bad digest type"));
    };
    let Some(data) = bytes(&data) else {
        return Err(bad(p, place("hash.c", 114, 1), "Not iolist"));
    };
    p.charge(data.len() / BYTES_PER_REDUCTION);
    if found.is_extendable() {
        return Err(failure(p, "error", place("hash.c", 126, -1), "Low-level call failed"));
    }
    Ok(values::new_binary(p, &found.digest(&data)))
}

pub fn hash_init_nif_1(p: &mut Process, name: Term) -> Result {
    match find(name) {
        Some(found) => Ok(new_state(p, found, found.start())),
        None => Err(bad(p, place("hash.c", 143, 0), "Bad digest type")),
    }
}

pub fn hash_update_nif_2(p: &mut Process, state: Term, data: Term) -> Result {
    let Some(State(algorithm, hash)) = resource::get::<State>(&state) else {
        return Err(bad(p, place("hash.c", 187, 0), "Bad state"));
    };
    let Some(data) = bytes(&data) else {
        return Err(bad(p, place("hash.c", 190, 1), "Not iolist"));
    };
    p.charge(data.len() / BYTES_PER_REDUCTION);
    let mut hash = hash.copy();
    hash.add(&data);
    Ok(new_state(p, algorithm, hash))
}

pub fn hash_final_nif_1(p: &mut Process, state: Term) -> Result {
    match resource::get::<State>(&state) {
        Some(State(algorithm, _)) if algorithm.is_extendable() => Err(failure(
            p,
            "error",
            place("hash.c", 238, -1),
            "Low-level call EVP_DigestFinal failed",
        )),
        Some(State(_, hash)) => {
            let result = hash.copy().result();
            Ok(values::new_binary(p, &result))
        }
        None => Err(bad(p, place("hash.c", 221, 0), "Bad state")),
    }
}

/// The length is in bits.
pub fn hash_final_xof_nif_2(p: &mut Process, state: Term, length: Term) -> Result {
    let Some(State(_, hash)) = resource::get::<State>(&state) else {
        return Err(bad(p, place("hash.c", 539, 0), "Bad state"));
    };
    let length = length.as_small().and_then(|n| u32::try_from(n).ok());
    let Some(length) = length else {
        return Err(bad(p, place("hash.c", 541, 1), "Bad len"));
    };
    match hash.copy().extended(length as usize / 8) {
        Some(result) => Ok(values::new_binary(p, &result)),
        None => Err(failure(
            p,
            "error",
            place("hash.c", 551, -1),
            "Low-level call EVP_DigestFinalXOF failed",
        )),
    }
}
