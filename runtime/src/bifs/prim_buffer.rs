//! Natives of module `prim_buffer`: bytes that were read and not asked for yet, behind a reference.
//!
//! What is read is always copied out, so that the buffer is one piece of memory.

use crate::bifs::values;
use crate::heap::resource;
use crate::process::Process;
use crate::process::exception::{Result, badarg, error};
use crate::sys::lock::{Mutex, MutexGuard, lend, lend_mut};
use crate::sys::unique;
use crate::term::bits::Bits;
use crate::term::{Term, atom, build};
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

#[derive(Default)]
struct Buffer {
    bytes: Mutex<Bytes>,
    /// What users of one buffer agree on; nothing here depends on it.
    locked: AtomicBool,
}
#[derive(Default)]
struct Bytes {
    all: Vec<u8>,
    /// How many of them were taken.
    taken: usize,
}

impl Bytes {
    fn left(&self) -> &[u8] {
        &self.all[self.taken..]
    }
    fn take(&mut self, count: usize) {
        self.taken += count;
        if self.taken == self.all.len() {
            self.all.clear();
            self.taken = 0;
        }
    }
    fn append(&mut self, bytes: &[u8]) {
        if self.taken > self.all.len() / 2 {
            self.all.drain(..self.taken);
            self.taken = 0;
        }
        self.all.extend_from_slice(bytes);
    }
}

fn buffer(reference: &Term) -> Result<&Buffer> {
    resource::get(reference).ok_or_else(badarg)
}
fn bytes(reference: &Term) -> Result<MutexGuard<'_, Bytes>> {
    let bytes = buffer(reference)?.bytes.lock();
    Ok(bytes.unwrap_or_else(PoisonError::into_inner))
}
/// A number of bytes that the buffer has.
fn count(bytes: &Bytes, count: Term) -> Result<usize> {
    let count = count.as_small().and_then(|n| usize::try_from(n).ok());
    count.filter(|count| *count <= bytes.left().len()).ok_or_else(badarg)
}
fn atom(text: &str) -> Term {
    Term::atom(atom::intern(text).expect("short, and the table is not full of it"))
}

pub fn new_0(p: &mut Process) -> Result {
    Ok(resource::new(p, unique::number(), Buffer::default()))
}
pub fn size_1(_p: &mut Process, reference: Term) -> Result {
    Ok(Term::small(bytes(&reference)?.left().len() as i64))
}
pub fn read_2(p: &mut Process, reference: Term, size: Term) -> Result {
    let mut bytes = bytes(&reference)?;
    let count = count(&bytes, size)?;
    let read = lend(&bytes, || values::new_binary(p, &bytes.left()[..count]));
    bytes.take(count);
    Ok(read)
}
pub fn read_iovec_2(p: &mut Process, reference: Term, size: Term) -> Result {
    let read = read_2(p, reference, size)?;
    Ok(build::cons(p, read, Term::NIL))
}
pub fn write_2(_p: &mut Process, reference: Term, vector: Term) -> Result {
    let mut bytes = bytes(&reference)?;
    let mut binaries = vector.list();
    for binary in binaries.by_ref() {
        let bits = Bits::of_binary(binary).ok_or_else(badarg)?;
        // Where there is no memory for it, the bytes before it are there.
        lend_mut(&mut bytes, |bytes| bytes.append(&bits.to_bytes()));
    }
    if !binaries.tail().is_nil() {
        return Err(badarg());
    }
    Ok(Term::OK)
}
pub fn skip_2(_p: &mut Process, reference: Term, size: Term) -> Result {
    let mut bytes = bytes(&reference)?;
    let count = count(&bytes, size)?;
    bytes.take(count);
    Ok(Term::OK)
}
/// `{ok, Index} | not_found`
pub fn find_byte_index_2(p: &mut Process, reference: Term, needle: Term) -> Result {
    let bytes = bytes(&reference)?;
    let needle = needle.as_small().and_then(|byte| u8::try_from(byte).ok());
    match memchr::memchr(needle.ok_or_else(badarg)?, bytes.left()) {
        Some(index) => Ok(build::tuple(p, &[Term::OK, Term::small(index as i64)])),
        None => Ok(atom("not_found")),
    }
}
pub fn try_lock_1(_p: &mut Process, reference: Term) -> Result {
    let was = buffer(&reference)?.locked.swap(true, SeqCst);
    Ok(atom(if was { "busy" } else { "acquired" }))
}
pub fn unlock_1(_p: &mut Process, reference: Term) -> Result {
    if buffer(&reference)?.locked.swap(false, SeqCst) {
        return Ok(Term::OK);
    }
    Err(error(atom("lock_order_violation")))
}
