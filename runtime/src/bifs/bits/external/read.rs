//! Bytes to terms. The bytes may be anybody's: every count is checked against the bytes that are
//! left before memory is asked for, nothing recurses, and what is wrong is `None`.
//!
//! Parts of compound terms gather on a stack; a compound term is built when its last part is there.

use super::funs;
use super::tag;
use super::write::local_sum;
use crate::heap::bits::from_bits;
use crate::process::Process;
use crate::program::{export_fun, program};
use crate::term::bits::Bits;
use crate::term::{Kind, Term, atom, build, float_text, integer, list, map, record};
use beamrc_abi::atom::id;
use beamrc_abi::program::Lambda;

/// A pid's number is split in two as in OTP: so many low bits come first.
pub const PID_ID_BITS: u32 = 28;
pub const PID_ID_MASK: u32 = (1 << PID_ID_BITS) - 1;
/// Most 32-bit numbers of a reference.
const REFERENCE_NUMBERS_MAX: usize = 5;
const ARITY_MAX: i64 = 255;

/// A compound term that waits for its parts.
struct Open {
    shape: Shape,
    /// Parts still to be read.
    missing: usize,
    /// Where on the stack its parts begin.
    start: usize,
}
enum Shape {
    Tuple,
    /// Elements, then the tail.
    List,
    /// Keys and values in turn.
    Map,
    /// The values of the fields of this definition.
    Record(Term),
    Closure(funs::Code),
}

/// What a tag begins.
enum Begun {
    Complete(Term),
    Compound(Shape, usize),
}

pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Whether new atoms, and funs of functions that are not there, are refused.
    safe: bool,
    /// Within a term that only this run of the program may read.
    local: bool,
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8], safe: bool) -> Reader<'a> {
        Reader { bytes, at: 0, safe, local: false }
    }
    pub fn position(&self) -> usize {
        self.at
    }

    /// One term, its version already read.
    pub fn external(&mut self, p: &mut Process) -> Option<Term> {
        if self.bytes.first() != Some(&tag::LOCAL) {
            return self.term(p);
        }
        self.at = 1;
        let sum = self.u32()?;
        let start = self.at;
        self.local = true;
        let term = self.term(p)?;
        (local_sum(&self.bytes[start..self.at]) == sum).then_some(term)
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let taken = self.bytes.get(self.at..)?.get(..count)?;
        self.at += count;
        Some(taken)
    }
    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }
    fn u8(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }
    fn u16(&mut self) -> Option<usize> {
        self.array().map(|bytes| u16::from_be_bytes(bytes) as usize)
    }
    fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }
    fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_be_bytes)
    }
    /// A number of parts, each of which takes at least one byte.
    fn count(&mut self) -> Option<usize> {
        let count = self.u32()? as usize;
        (count <= self.bytes.len() - self.at).then_some(count)
    }

    fn term(&mut self, p: &mut Process) -> Option<Term> {
        let mut parts: Vec<Term> = vec![];
        let mut open: Vec<Open> = vec![];
        loop {
            match self.begin(p)? {
                Begun::Compound(shape, missing) if missing > 0 => {
                    open.push(Open { shape, missing, start: parts.len() });
                    continue;
                }
                Begun::Compound(shape, _) => parts.push(close(p, shape, &[])?),
                Begun::Complete(term) => parts.push(term),
            }
            while let Some(innermost) = open.last_mut() {
                innermost.missing -= 1;
                if innermost.missing > 0 {
                    break;
                }
                let Open { shape, start, .. } = open.pop()?;
                let term = close(p, shape, &parts[start..])?;
                parts.truncate(start);
                parts.push(term);
            }
            if open.is_empty() {
                return parts.pop();
            }
        }
    }

    fn begin(&mut self, p: &mut Process) -> Option<Begun> {
        let tag = self.u8()?;
        let term = match tag {
            tag::SMALL_TUPLE => return Some(Begun::Compound(Shape::Tuple, self.u8()?.into())),
            tag::LARGE_TUPLE => return Some(Begun::Compound(Shape::Tuple, self.count()?)),
            tag::LIST => return Some(Begun::Compound(Shape::List, self.count()? + 1)),
            tag::MAP => return Some(Begun::Compound(Shape::Map, 2 * self.count()?)),
            tag::RECORD => return self.record(p),
            tag::NEW_FUN => {
                let (code, free) = self.closure()?;
                return Some(Begun::Compound(Shape::Closure(code), free));
            }
            tag::NIL => Term::NIL,
            tag::SMALL_INTEGER => Term::small(self.u8()?.into()),
            tag::INTEGER => Term::small((self.u32()? as i32).into()),
            tag::SMALL_BIG => {
                let size = self.u8()?.into();
                self.big(p, size)?
            }
            tag::LARGE_BIG => {
                let size = self.u32()? as usize;
                self.big(p, size)?
            }
            tag::NEW_FLOAT => float(p, f64::from_bits(self.u64()?))?,
            tag::FLOAT => {
                let text = self.take(tag::FLOAT_BYTES)?;
                let size = text.iter().position(|byte| *byte == 0).unwrap_or(text.len());
                float(p, float_text::parse(&text[..size])?)?
            }
            tag::STRING => {
                let size = self.u16()?;
                let bytes = self.take(size)?;
                crate::bifs::bits::byte_list(p, bytes, Term::NIL)
            }
            tag::BINARY => {
                let size = self.u32()? as usize;
                from_bits(p, Bits::from_slice(self.take(size)?))
            }
            tag::BIT_BINARY => self.bit_binary(p)?,
            tag::ATOM | tag::SMALL_ATOM | tag::ATOM_UTF8 | tag::SMALL_ATOM_UTF8 => {
                Term::atom(self.atom_text(tag)?)
            }
            tag::PID | tag::NEW_PID => self.pid(p, tag)?,
            tag::PORT | tag::NEW_PORT | tag::V4_PORT => self.port(p, tag)?,
            tag::REFERENCE | tag::NEW_REFERENCE | tag::NEWER_REFERENCE => self.reference(p, tag)?,
            tag::EXPORT => self.export(p)?,
            _ => return None,
        };
        Some(Begun::Complete(term))
    }

    /// What comes before the values of a native record.
    fn record(&mut self, p: &mut Process) -> Option<Begun> {
        let count = self.count()?;
        let is_exported = match self.u8()? {
            0 => false,
            1 => true,
            _ => return None,
        };
        let [module, name] = [self.atom()?, self.atom()?].map(Term::atom);
        let keys: Vec<Term> =
            (0..count).map(|_| self.atom().map(Term::atom)).collect::<Option<_>>()?;
        let is_repeated = |(at, key): (usize, &Term)| keys[..at].contains(key);
        if keys.iter().enumerate().any(is_repeated) {
            return None;
        }
        let definition = record::define(p, [module, name, Term::bool(is_exported)], &keys);
        Some(Begun::Compound(Shape::Record(definition), count))
    }

    fn big(&mut self, p: &mut Process, size: usize) -> Option<Term> {
        let negative = self.u8()? != 0;
        let bytes = self.take(size)?;
        let words: Vec<u64> = bytes
            .chunks(8)
            .map(|chunk| {
                let mut word = [0; 8];
                word[..chunk.len()].copy_from_slice(chunk);
                u64::from_le_bytes(word)
            })
            .collect();
        integer::from_words(p, negative, &words).ok()
    }

    fn bit_binary(&mut self, p: &mut Process) -> Option<Term> {
        let size = self.u32()? as usize;
        let last_bits = self.u8()? as usize;
        if size == 0 || !(1..=8).contains(&last_bits) {
            return None;
        }
        let size_bits = 8 * (size - 1) + last_bits;
        let bits = Bits::from_slice(self.take(size)?);
        Some(from_bits(p, bits.part(0, size_bits)))
    }

    /// Number of an atom whose tag was read.
    fn atom_text(&mut self, tag: u8) -> Option<u32> {
        let size = match tag {
            tag::ATOM | tag::ATOM_UTF8 => self.u16()?,
            tag::SMALL_ATOM | tag::SMALL_ATOM_UTF8 => self.u8()?.into(),
            _ => return None,
        };
        let bytes = self.take(size)?;
        let latin1;
        let text = if matches!(tag, tag::ATOM | tag::SMALL_ATOM) {
            latin1 = bytes.iter().map(|byte| char::from(*byte)).collect::<String>();
            &latin1
        } else {
            core::str::from_utf8(bytes).ok()?
        };
        if self.safe { atom::existing(text) } else { atom::intern(text) }
    }
    fn atom(&mut self) -> Option<u32> {
        let tag = self.u8()?;
        self.atom_text(tag)
    }
    /// Name of a node; this one is written as nil within local terms.
    fn node(&mut self) -> Option<u32> {
        if self.local && self.bytes.get(self.at) == Some(&tag::NIL) {
            self.at += 1;
            return Some(id::NONODE);
        }
        self.atom()
    }
    /// An integer that stands alone.
    fn small(&mut self) -> Option<i64> {
        match self.u8()? {
            tag::SMALL_INTEGER => self.u8().map(i64::from),
            tag::INTEGER => self.u32().map(|value| (value as i32).into()),
            _ => None,
        }
    }
    /// A node's creation: a small number in the old tags.
    fn creation(&mut self, old: bool) -> Option<u32> {
        if old { self.u8().filter(|creation| *creation < 4).map(u32::from) } else { self.u32() }
    }

    fn pid(&mut self, p: &mut Process, tag: u8) -> Option<Term> {
        let node = self.node()?;
        let (number, serial) = (self.u32()?, self.u32()?);
        let creation = self.creation(tag == tag::PID)?;
        if number > PID_ID_MASK || serial >> 31 != 0 {
            return None;
        }
        let number = u64::from(serial) << PID_ID_BITS | u64::from(number);
        if is_this_node(node, creation) {
            return Some(Term::pid(number));
        }
        Some(external(p, 0, node, creation, &[number]))
    }

    fn port(&mut self, p: &mut Process, tag: u8) -> Option<Term> {
        let node = self.node()?;
        let number = if tag == tag::V4_PORT { self.u64()? } else { self.u32()?.into() };
        let creation = self.creation(tag == tag::PORT)?;
        if !is_this_node(node, creation) {
            return Some(external(p, 1, node, creation, &[number]));
        }
        (number < 1 << 59).then(|| Term::port(number))
    }

    fn reference(&mut self, p: &mut Process, tag: u8) -> Option<Term> {
        let count = if tag == tag::REFERENCE { 1 } else { self.u16()? };
        let node = self.node()?;
        let mut numbers = [0u64; REFERENCE_NUMBERS_MAX + 1];
        if !(1..=REFERENCE_NUMBERS_MAX).contains(&count) {
            return None;
        }
        let creation = if tag == tag::REFERENCE {
            numbers[0] = self.u32()?.into();
            self.creation(true)?
        } else {
            let creation = self.creation(tag == tag::NEW_REFERENCE)?;
            for number in &mut numbers[..count] {
                *number = self.u32()?.into();
            }
            creation
        };
        let word = |low: usize| numbers[low + 1] << 32 | numbers[low];
        if is_this_node(node, creation) {
            // The third number of those made here is always 0.
            let words = [word(0), word(3)];
            return (numbers[2] == 0).then(|| build::object(p, Kind::Ref, 0, &words));
        }
        let words = [word(0), word(2), word(4)];
        let used = count.div_ceil(2);
        Some(external(p, 2, node, creation, &words[..used]))
    }

    fn export(&mut self, p: &mut Process) -> Option<Term> {
        let (module, function) = (self.atom()?, self.atom()?);
        let arity = self.small().filter(|n| (0..=ARITY_MAX).contains(n))? as u32;
        if self.safe {
            program().export(module, function, arity)?;
        }
        Some(export_fun(p, module, function, arity))
    }

    /// The code of a closure, and the number of its free variables, which follow.
    fn closure(&mut self) -> Option<(funs::Code, usize)> {
        let _size = self.u32()?;
        let arity = u32::from(self.u8()?);
        let uniq = self.array()?;
        let index = self.u32()?;
        let free = self.count()?;
        let module = self.atom()?;
        let (old_index, old_uniq) = (self.small()?, self.small()?);
        let tag = self.u8()?;
        if !matches!(tag, tag::PID | tag::NEW_PID) {
            return None;
        }
        self.node()?;
        self.take(8)?;
        self.creation(tag == tag::PID)?;
        let described = Lambda {
            module,
            // The format does not tell it.
            name: id::EMPTY,
            arity,
            free: free as u32,
            index,
            old_index: old_index as u32,
            old_uniq: old_uniq as u32,
            reserved: 0,
            uniq,
        };
        Some((funs::find(described)?, free))
    }
}

fn float(p: &mut Process, value: f64) -> Option<Term> {
    value.is_finite().then(|| build::float(p, value))
}

fn is_this_node(node: u32, creation: u32) -> bool {
    node == id::NONODE && creation == 0
}

/// A pid, port or reference of another node (see `Kind::External`).
fn external(p: &mut Process, sort: u64, node: u32, creation: u32, numbers: &[u64]) -> Term {
    let mut words = vec![Term::atom(node).0, creation.into()];
    words.extend(numbers);
    build::object(p, Kind::External, sort, &words)
}

/// Builds a compound term of its parts.
fn close(p: &mut Process, shape: Shape, parts: &[Term]) -> Option<Term> {
    Some(match shape {
        Shape::Tuple => build::tuple(p, parts),
        Shape::List => {
            let (tail, elements) = parts.split_last()?;
            list::forward(p, elements.len(), elements.iter().copied(), *tail)
        }
        Shape::Map => {
            let (pairs, _) = parts.as_chunks::<2>();
            let pairs: Vec<(Term, Term)> = pairs.iter().map(|[k, v]| (*k, *v)).collect();
            let count = pairs.len();
            let map = map::from_pairs(p, &pairs);
            // A key that stands there twice makes no map.
            return (map::size(map) == Some(count)).then_some(map);
        }
        Shape::Record(definition) => record::build(p, definition, parts),
        Shape::Closure(code) => {
            let mut words = vec![code.address, core::ptr::from_ref(code.lambda) as u64];
            words.extend(parts.iter().map(|part| part.0));
            build::object(p, Kind::Fun, code.lambda.arity.into(), &words)
        }
    })
}
