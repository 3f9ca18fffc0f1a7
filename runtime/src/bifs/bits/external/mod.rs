//! The external term format: terms as bytes and back, the bytes being those of OTP.
//!
//! Local pids, ports and references carry this node's name and creation 0, as on a node that is
//! not alive. A reference's number stands in its first two words; what else it holds (who may send
//! to it) in two more at the end, if it holds anything. Closures are read back only in the program
//! that wrote them: see [`funs`].

mod funs;
mod read;
mod tag;
mod write;

use crate::heap::bits::{Buffer, from_bytes};
use crate::process::Process;
use crate::process::exception::{Result, badarg, badarg_because};
use crate::program::program;
use crate::sys::zlib;
use crate::term::bits::Bits;
use crate::term::{Term, build};
use beamrc_abi::atom::id;
use read::Reader;
use write::{Counter, Form, Writer};

/// Bytes written or read for one reduction.
const BYTES_PER_REDUCTION: usize = 64;
const DEFAULT_LEVEL: i32 = 6;

/// Options of `term_to_binary/2`.
struct Options {
    form: Form,
    /// Level of compression, 0 for none.
    level: i32,
}

impl Options {
    fn default() -> Options {
        // Until OTP 25 atoms were written in Latin-1 where they could be.
        let old = matches!(program().otp_release(), b"25");
        Options {
            form: Form {
                latin1_atoms: old,
                text_floats: false,
                deterministic: false,
                local: false,
            },
            level: 0,
        }
    }

    fn of(list: Term) -> Result<Options> {
        let mut options = Options::default();
        let mut rest = list.list();
        for option in rest.by_ref() {
            match (option.as_atom(), option.as_tuple()) {
                (Some(id::COMPRESSED), _) => options.level = DEFAULT_LEVEL,
                (Some(id::DETERMINISTIC), _) => options.form.deterministic = true,
                (Some(id::LOCAL), _) => options.form.local = true,
                (_, Some(&[key, value])) => match (key.as_atom(), value.as_small()) {
                    (Some(id::MINOR_VERSION), Some(version @ 0..=2)) => {
                        options.form.text_floats = version == 0;
                        options.form.latin1_atoms = version < 2;
                    }
                    (Some(id::COMPRESSED), Some(level @ 0..=9)) => options.level = level as i32,
                    _ => return Err(badarg()),
                },
                _ => return Err(badarg()),
            }
        }
        if !rest.tail().is_nil() || options.form.deterministic && options.form.local {
            return Err(badarg());
        }
        Ok(options)
    }
}

fn encode(p: &mut Process, term: Term, options: Options) -> Result {
    let mut writer = Writer::new(Buffer::with_capacity(0), options.form);
    writer.external(term)?;
    let bytes = writer.out;
    p.charge(bytes.len() / BYTES_PER_REDUCTION);
    if options.level > 0
        && let Some(compressed) = compress(bytes.bytes(), options.level)
    {
        return Ok(from_bytes(p, &compressed));
    }
    Ok(bytes.finish(p))
}

/// The same, compressed; `None` if that is no shorter.
fn compress(external: &[u8], level: i32) -> Option<Vec<u8>> {
    let body = &external[1..];
    let size = u32::try_from(body.len()).ok()?;
    let bytes = zlib::compress(body, level)?;
    if bytes.len() + 5 > body.len() {
        return None;
    }
    let head = [&[tag::VERSION, tag::COMPRESSED], &size.to_be_bytes()[..]].concat();
    Some([head, bytes].concat())
}

pub fn term_to_binary_1(p: &mut Process, term: Term) -> Result {
    encode(p, term, Options::default())
}
pub fn term_to_binary_2(p: &mut Process, term: Term, options: Term) -> Result {
    let options = Options::of(options)?;
    encode(p, term, options)
}

pub fn term_to_iovec_1(p: &mut Process, term: Term) -> Result {
    let binary = term_to_binary_1(p, term)?;
    Ok(build::cons(p, binary, Term::NIL))
}
pub fn term_to_iovec_2(p: &mut Process, term: Term, options: Term) -> Result {
    let binary = term_to_binary_2(p, term, options)?;
    Ok(build::cons(p, binary, Term::NIL))
}

fn measure(p: &mut Process, term: Term, options: Options) -> Result {
    let mut writer = Writer::new(Counter::default(), options.form);
    writer.external(term)?;
    let size = writer.out.size;
    p.charge(size / (4 * BYTES_PER_REDUCTION));
    Ok(Term::small(size as i64))
}
pub fn external_size_1(p: &mut Process, term: Term) -> Result {
    measure(p, term, Options::default())
}
/// Compression is not taken into account.
pub fn external_size_2(p: &mut Process, term: Term, options: Term) -> Result {
    let options = Options::of(options)?;
    measure(p, term, options)
}

pub fn binary_to_term_1(p: &mut Process, binary: Term) -> Result {
    let (term, _) = decode(p, binary, false)?;
    Ok(term)
}
pub fn binary_to_term_2(p: &mut Process, binary: Term, options: Term) -> Result {
    let (mut safe, mut used) = (false, false);
    let mut rest = options.list();
    for option in rest.by_ref() {
        match option.as_atom() {
            Some(id::SAFE) => safe = true,
            Some(id::USED) => used = true,
            _ => return Err(badarg_because(id::BADOPT)),
        }
    }
    if !rest.tail().is_nil() {
        return Err(badarg_because(id::BADOPT));
    }
    let (term, size) = decode(p, binary, safe)?;
    if used {
        return Ok(build::tuple(p, &[term, Term::small(size as i64)]));
    }
    Ok(term)
}

/// The term, and how many bytes of the binary were used.
fn decode(p: &mut Process, binary: Term, safe: bool) -> Result<(Term, usize)> {
    let bits = Bits::of_binary(binary).ok_or_else(badarg)?;
    let bytes = bits.to_bytes();
    p.charge(bytes.len() / BYTES_PER_REDUCTION);
    let Some((&tag::VERSION, body)) = bytes.split_first() else {
        return Err(badarg());
    };
    if body.first() != Some(&tag::COMPRESSED) || body.len() < 5 {
        let mut reader = Reader::new(body, safe);
        let term = reader.external(p).ok_or_else(badarg)?;
        return Ok((term, 1 + reader.position()));
    }
    let (head, deflated) = body.split_at(5);
    let size = u32::from_be_bytes([head[1], head[2], head[3], head[4]]) as usize;
    let (body, used) = zlib::decompress(deflated, size).ok_or_else(badarg)?;
    p.charge(body.len() / BYTES_PER_REDUCTION);
    let term = Reader::new(&body, safe).external(p).ok_or_else(badarg)?;
    Ok((term, 6 + used))
}
