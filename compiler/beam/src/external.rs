//! The external term format, as far as literals use it, both ways.
//!
//! Invariants: decoding keeps its own stack, makes no more than `MAX_TERMS` terms of a
//! table, and gives terms their canonical shape (see `literal`); encoding writes what
//! `term_to_binary` with minor version 2 writes, so equal terms have equal bytes. What only
//! a running node can have (pids, references, closures) is refused by name.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use num_bigint::{BigInt, Sign};

use crate::error::Fault;
use crate::literal::{Atom, Bits, Export, Literal, Record, Terms};
use crate::reader::Reader;

/// The most terms one literal table may hold: far above any real module, and few enough
/// that a small compressed file cannot ask for all memory.
pub(crate) const MAX_TERMS: usize = 1 << 23;
/// The most characters of an atom.
const MAX_ATOM_CHARACTERS: usize = 255;

const VERSION: u8 = 131;
const RECORD_EXT: u8 = 67;
const NEW_FLOAT_EXT: u8 = 70;
const BIT_BINARY_EXT: u8 = 77;
const SMALL_INTEGER_EXT: u8 = 97;
const INTEGER_EXT: u8 = 98;
const FLOAT_EXT: u8 = 99;
const ATOM_EXT: u8 = 100;
const SMALL_TUPLE_EXT: u8 = 104;
const LARGE_TUPLE_EXT: u8 = 105;
const NIL_EXT: u8 = 106;
const STRING_EXT: u8 = 107;
const LIST_EXT: u8 = 108;
const BINARY_EXT: u8 = 109;
const SMALL_BIG_EXT: u8 = 110;
const LARGE_BIG_EXT: u8 = 111;
const EXPORT_EXT: u8 = 113;
const SMALL_ATOM_EXT: u8 = 115;
const MAP_EXT: u8 = 116;
const ATOM_UTF8_EXT: u8 = 118;
const SMALL_ATOM_UTF8_EXT: u8 = 119;

type Result<T> = std::result::Result<T, Fault>;

/// Every atom text once.
#[derive(Default)]
pub(crate) struct AtomPool {
    atoms: HashSet<Atom>,
}

impl AtomPool {
    /// The shared text and whether it is new.
    pub(crate) fn intern(&mut self, text: &str) -> (Atom, bool) {
        if let Some(atom) = self.atoms.get(text) {
            return (atom.clone(), false);
        }
        let atom: Atom = Arc::from(text);
        self.atoms.insert(atom.clone());
        (atom, true)
    }

    /// The text of an atom in UTF-8 or Latin-1, if it is one.
    pub(crate) fn text(bytes: &[u8], utf8: bool) -> std::result::Result<String, &'static str> {
        let text: String = if utf8 {
            std::str::from_utf8(bytes).map_err(|_| "atom that is no UTF-8")?.to_owned()
        } else {
            bytes.iter().map(|&byte| char::from(byte)).collect()
        };
        if text.chars().count() > MAX_ATOM_CHARACTERS {
            return Err("atom of more than 255 characters");
        }
        Ok(text)
    }
}

/// Decodes the terms of one table.
pub(crate) struct Decoder<'p> {
    pool: &'p mut AtomPool,
    terms_left: usize,
    /// Finished terms that no finished term contains yet, with their hashes.
    values: Vec<Literal>,
    hashes: Vec<u64>,
    frames: Vec<Frame>,
}

/// A compound term whose inner terms are being read.
struct Frame {
    shape: Shape,
    /// Where its inner terms begin in `values`.
    start: usize,
    /// How many it has.
    size: usize,
    /// Where it begins in the input.
    offset: usize,
}

enum Shape {
    /// The last inner term is the tail.
    List,
    Tuple,
    Map,
    Record {
        module: Atom,
        name: Atom,
        exported: bool,
        keys: Vec<Atom>,
    },
}

impl<'p> Decoder<'p> {
    pub(crate) fn new(pool: &'p mut AtomPool) -> Decoder<'p> {
        Decoder {
            pool,
            terms_left: MAX_TERMS,
            values: Vec::new(),
            hashes: Vec::new(),
            frames: Vec::new(),
        }
    }

    /// A term with its version byte, which must be all that the reader covers.
    pub(crate) fn term(&mut self, input: &mut Reader<'_>) -> Result<Literal> {
        if input.u8()? != VERSION {
            return Err(input.fault("no term in the external format: it does not begin with 131"));
        }
        loop {
            self.read(input)?;
            while self.frames.last().is_some_and(|f| self.values.len() - f.start == f.size) {
                self.finish(input)?;
            }
            if self.frames.is_empty() {
                break;
            }
        }
        if !input.is_empty() {
            return Err(input.fault(format!("{} bytes after the term", input.remaining())));
        }
        self.hashes.clear();
        self.values.pop().ok_or_else(|| input.fault("no term"))
    }

    /// Reads one leaf into `values`, or the head of a compound term into `frames`.
    fn read(&mut self, input: &mut Reader<'_>) -> Result<()> {
        let offset = input.offset();
        let tag = input.u8()?;
        match tag {
            SMALL_TUPLE_EXT | LARGE_TUPLE_EXT => {
                let size = if tag == SMALL_TUPLE_EXT {
                    let size = usize::from(input.u8()?);
                    input.check_count(offset, size, "elements", 1)?;
                    size
                } else {
                    input.count("elements", 1)?
                };
                self.open(offset, Shape::Tuple, size);
            }
            LIST_EXT => {
                let size = input.count("elements", 1)?;
                self.open_list(offset, size);
            }
            STRING_EXT => {
                let size = usize::from(input.u16()?);
                let bytes = input.take(size)?;
                self.open_list(offset, size);
                for &byte in bytes {
                    self.push(input, Literal::Int(i64::from(byte)))?;
                }
                self.push(input, Literal::Nil)?;
            }
            MAP_EXT => {
                let pairs = input.count("pairs", 2)?;
                self.open(offset, Shape::Map, pairs * 2);
            }
            RECORD_EXT => {
                let fields = input.count("fields", 2)?;
                let exported = input.u8()? != 0;
                let module = self.atom(input)?;
                let name = self.atom(input)?;
                let keys: Vec<Atom> =
                    (0..fields).map(|_| self.atom(input)).collect::<Result<_>>()?;
                if keys.iter().collect::<HashSet<_>>().len() < keys.len() {
                    return Err(input.fault_at(offset, "native record with a field twice"));
                }
                self.open(offset, Shape::Record { module, name, exported, keys }, fields);
            }
            _ => {
                let leaf = self.leaf(input, offset, tag)?;
                self.push(input, leaf)?;
            }
        }
        Ok(())
    }

    fn open(&mut self, offset: usize, shape: Shape, size: usize) {
        self.frames.push(Frame { shape, start: self.values.len(), size, offset });
    }

    /// Opens a list of `size` elements and a tail; a list in the place of a tail goes on
    /// with the list it belongs to.
    fn open_list(&mut self, offset: usize, size: usize) {
        match self.frames.last_mut() {
            Some(frame @ Frame { shape: Shape::List, .. })
                if self.values.len() - frame.start + 1 == frame.size =>
            {
                frame.size += size;
            }
            _ => self.open(offset, Shape::List, size + 1),
        }
    }

    fn push(&mut self, input: &Reader<'_>, term: Literal) -> Result<()> {
        let mut hasher = DefaultHasher::new();
        term.hash_head(&mut hasher);
        self.push_hashed(input, term, hasher.finish())
    }

    fn push_hashed(&mut self, input: &Reader<'_>, term: Literal, hash: u64) -> Result<()> {
        self.terms_left = self.terms_left.checked_sub(1).ok_or_else(|| {
            input.fault(format!("more than {MAX_TERMS} terms in the literals of one module"))
        })?;
        self.values.push(term);
        self.hashes.push(hash);
        Ok(())
    }

    /// Makes the term of the innermost frame, whose inner terms are all there.
    fn finish(&mut self, input: &Reader<'_>) -> Result<()> {
        let Some(frame) = self.frames.pop() else {
            return Ok(());
        };
        if matches!(frame.shape, Shape::List) && frame.size == 1 {
            // No elements: the tail, already the last value, is the term.
            return Ok(());
        }
        let inner_hashes = &self.hashes[frame.start..];
        if matches!(frame.shape, Shape::Map) {
            let mut keys: Vec<u64> = inner_hashes.iter().step_by(2).copied().collect();
            keys.sort_unstable();
            if keys.windows(2).any(|pair| pair[0] == pair[1]) {
                return Err(input.fault_at(frame.offset, "map with a key twice"));
            }
        }
        let mut hasher = DefaultHasher::new();
        inner_hashes.hash(&mut hasher);
        let terms = Terms::from(self.values.split_off(frame.start));
        self.hashes.truncate(frame.start);
        let term = match frame.shape {
            Shape::List => Literal::List(terms),
            Shape::Tuple => Literal::Tuple(terms),
            Shape::Map => Literal::Map(terms),
            Shape::Record { module, name, exported, keys } => {
                Literal::Record(Arc::new(Record { module, name, exported, keys, values: terms }))
            }
        };
        term.hash_head(&mut hasher);
        self.push_hashed(input, term, hasher.finish())
    }

    fn leaf(&mut self, input: &mut Reader<'_>, offset: usize, tag: u8) -> Result<Literal> {
        Ok(match tag {
            SMALL_INTEGER_EXT => Literal::Int(i64::from(input.u8()?)),
            INTEGER_EXT => Literal::Int(i64::from(input.i32()?)),
            SMALL_BIG_EXT => {
                let size = usize::from(input.u8()?);
                big_int(input, size)?
            }
            LARGE_BIG_EXT => {
                let size = input.count("bytes", 1)?;
                big_int(input, size)?
            }
            NEW_FLOAT_EXT => {
                let float = input.f64()?;
                finite(input, offset, Some(float))?
            }
            FLOAT_EXT => {
                let text = input.take(31)?.split(|&byte| byte == 0).next().unwrap_or_default();
                let float = std::str::from_utf8(text).ok().and_then(|text| text.parse().ok());
                finite(input, offset, float)?
            }
            NIL_EXT => Literal::Nil,
            BINARY_EXT => {
                let size = input.count("bytes", 1)?;
                Literal::Binary(Arc::from(input.take(size)?))
            }
            BIT_BINARY_EXT => bitstring(input, offset)?,
            EXPORT_EXT => {
                let module = self.atom(input)?;
                let function = self.atom(input)?;
                if input.u8()? != SMALL_INTEGER_EXT {
                    return Err(input.fault("arity expected"));
                }
                Literal::Export(Arc::new(Export { module, function, arity: input.u8()? }))
            }
            ATOM_EXT | SMALL_ATOM_EXT | ATOM_UTF8_EXT | SMALL_ATOM_UTF8_EXT => {
                Literal::Atom(self.atom_of(input, offset, tag)?)
            }
            _ => return Err(input.fault_at(offset, refusal(tag))),
        })
    }

    fn atom(&mut self, input: &mut Reader<'_>) -> Result<Atom> {
        let offset = input.offset();
        let tag = input.u8()?;
        self.atom_of(input, offset, tag)
    }

    fn atom_of(&mut self, input: &mut Reader<'_>, offset: usize, tag: u8) -> Result<Atom> {
        let size = match tag {
            ATOM_EXT | ATOM_UTF8_EXT => usize::from(input.u16()?),
            SMALL_ATOM_EXT | SMALL_ATOM_UTF8_EXT => usize::from(input.u8()?),
            _ => return Err(input.fault_at(offset, format!("atom expected, found tag {tag}"))),
        };
        let utf8 = matches!(tag, ATOM_UTF8_EXT | SMALL_ATOM_UTF8_EXT);
        let text = AtomPool::text(input.take(size)?, utf8)
            .map_err(|message| input.fault_at(offset, message))?;
        Ok(self.pool.intern(&text).0)
    }
}

fn refusal(tag: u8) -> String {
    let what = match tag {
        88 | 103 => "a pid",
        89 | 102 | 120 => "a port",
        90 | 101 | 114 => "a reference",
        112 | 117 => "a closure",
        80 => "a compressed term",
        82 => "a reference to an atom cache",
        121 => "a term in a node's local format",
        _ => return format!("unknown tag {tag} in a term"),
    };
    format!("{what} (tag {tag}) cannot stand in a file")
}

fn finite(input: &Reader<'_>, offset: usize, float: Option<f64>) -> Result<Literal> {
    match float {
        Some(float) if float.is_finite() => Ok(Literal::Float(float)),
        _ => Err(input.fault_at(offset, "float that is no finite number")),
    }
}

fn big_int(input: &mut Reader<'_>, size: usize) -> Result<Literal> {
    let offset = input.offset();
    let sign = match input.u8()? {
        0 => Sign::Plus,
        1 => Sign::Minus,
        _ => return Err(input.fault_at(offset, "integer whose sign is neither 0 nor 1")),
    };
    let value = BigInt::from_bytes_le(sign, input.take(size)?);
    Ok(Literal::from(value))
}

impl From<BigInt> for Literal {
    fn from(value: BigInt) -> Literal {
        match i64::try_from(&value) {
            Ok(small) => Literal::Int(small),
            Err(_) => Literal::BigInt(Arc::new(value)),
        }
    }
}

fn bitstring(input: &mut Reader<'_>, offset: usize) -> Result<Literal> {
    let size = input.u32()? as usize;
    let last_bits = input.u8()?;
    let mut bytes = input.take(size)?.to_vec();
    match (bytes.last_mut(), last_bits) {
        (_, 8) | (None, 0) => Ok(Literal::Binary(Arc::from(bytes))),
        (Some(last), 1..=7) => {
            *last &= 0xff << (8 - last_bits);
            Ok(Literal::Bitstring(Arc::new(Bits { bytes, last_bits })))
        }
        _ => Err(input.fault_at(offset, "bitstring with an impossible number of bits")),
    }
}

impl Literal {
    /// The term in the external format, as `term_to_binary` with minor version 2 gives it.
    pub fn to_external(&self) -> Vec<u8> {
        let mut output = vec![VERSION];
        let mut pending = vec![self];
        while let Some(term) = pending.pop() {
            if let Some(bytes) = string_bytes(term) {
                output.push(STRING_EXT);
                output.extend_from_slice(&(bytes.len() as u16).to_be_bytes());
                output.extend_from_slice(&bytes);
            } else {
                encode_head(term, &mut output);
                pending.extend(term.children().iter().rev());
            }
        }
        output
    }
}

/// The bytes of a list that the format writes as a string.
fn string_bytes(term: &Literal) -> Option<Vec<u8>> {
    let elements = term.as_proper_list()?;
    if elements.is_empty() || elements.len() > usize::from(u16::MAX) {
        return None;
    }
    elements
        .iter()
        .map(|element| match element {
            Literal::Int(n) => u8::try_from(*n).ok(),
            _ => None,
        })
        .collect()
}

fn encode_head(term: &Literal, output: &mut Vec<u8>) {
    match term {
        Literal::Int(n) => encode_int(*n, output),
        Literal::BigInt(n) => encode_big_int(n, output),
        Literal::Float(float) => {
            output.push(NEW_FLOAT_EXT);
            output.extend_from_slice(&float.to_be_bytes());
        }
        Literal::Atom(atom) => encode_atom(atom, output),
        Literal::Nil => output.push(NIL_EXT),
        Literal::List(terms) => encode_size(LIST_EXT, terms.len() - 1, output),
        Literal::Tuple(terms) => match u8::try_from(terms.len()) {
            Ok(size) => output.extend_from_slice(&[SMALL_TUPLE_EXT, size]),
            Err(_) => encode_size(LARGE_TUPLE_EXT, terms.len(), output),
        },
        Literal::Map(terms) => encode_size(MAP_EXT, terms.len() / 2, output),
        Literal::Binary(bytes) => {
            encode_size(BINARY_EXT, bytes.len(), output);
            output.extend_from_slice(bytes);
        }
        Literal::Bitstring(bits) => {
            encode_size(BIT_BINARY_EXT, bits.bytes.len(), output);
            output.push(bits.last_bits);
            output.extend_from_slice(&bits.bytes);
        }
        Literal::Export(export) => {
            output.push(EXPORT_EXT);
            encode_atom(&export.module, output);
            encode_atom(&export.function, output);
            output.extend_from_slice(&[SMALL_INTEGER_EXT, export.arity]);
        }
        Literal::Record(record) => {
            encode_size(RECORD_EXT, record.keys.len(), output);
            output.push(u8::from(record.exported));
            encode_atom(&record.module, output);
            encode_atom(&record.name, output);
            for key in &record.keys {
                encode_atom(key, output);
            }
        }
    }
}

/// Sizes come from a file with 32-bit sizes, or from memory that a file of such a size filled.
fn encode_size(tag: u8, size: usize, output: &mut Vec<u8>) {
    output.push(tag);
    output.extend_from_slice(&(size as u32).to_be_bytes());
}

fn encode_int(n: i64, output: &mut Vec<u8>) {
    if let Ok(byte) = u8::try_from(n) {
        output.extend_from_slice(&[SMALL_INTEGER_EXT, byte]);
    } else if let Ok(word) = i32::try_from(n) {
        output.push(INTEGER_EXT);
        output.extend_from_slice(&word.to_be_bytes());
    } else {
        encode_big_int(&BigInt::from(n), output);
    }
}

fn encode_big_int(n: &BigInt, output: &mut Vec<u8>) {
    let (sign, bytes) = n.to_bytes_le();
    match u8::try_from(bytes.len()) {
        Ok(size) => output.extend_from_slice(&[SMALL_BIG_EXT, size]),
        Err(_) => encode_size(LARGE_BIG_EXT, bytes.len(), output),
    }
    output.push(u8::from(sign == Sign::Minus));
    output.extend_from_slice(&bytes);
}

fn encode_atom(atom: &str, output: &mut Vec<u8>) {
    match u8::try_from(atom.len()) {
        Ok(size) => output.extend_from_slice(&[SMALL_ATOM_UTF8_EXT, size]),
        Err(_) => {
            output.push(ATOM_UTF8_EXT);
            output.extend_from_slice(&(atom.len() as u16).to_be_bytes());
        }
    }
    output.extend_from_slice(atom.as_bytes());
}
