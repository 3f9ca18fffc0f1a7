//! The tables of a module: atoms, imports, exports, lambdas, literals, lines, attributes.
//!
//! Each function decodes one chunk and checks its indices against the tables before it;
//! labels wait for the code. This file must not know the container or the code.

use std::io::Read;
use std::sync::Arc;

use flate2::read::ZlibDecoder;

use crate::error::Fault;
use crate::external::{AtomPool, Decoder};
use crate::index::{AtomIdx, FileIdx, Label};
use crate::literal::{Atom, Literal};
use crate::module::{FunctionName, Import, Lambda, LineTable, Location};
use crate::reader::{Reader, Tag};

/// The most bytes that compressed literals may unpack to.
pub(crate) const MAX_UNPACKED_BYTES: usize = 1 << 26;
/// Deflate cannot do better than this.
pub(crate) const MAX_COMPRESSION: usize = 1032;
const MAX_ARITY: u32 = 255;

type Result<T> = std::result::Result<T, Fault>;

/// The chunk `AtU8`, or `Atom` where `utf8` is not set.
pub(crate) fn atoms(input: &mut Reader<'_>, utf8: bool, pool: &mut AtomPool) -> Result<Vec<Atom>> {
    let offset = input.offset();
    let count = input.i32()?;
    // A negative count says that the lengths are compact terms, as OTP 28 and later write.
    let long_lengths = count < 0;
    let count = count.unsigned_abs() as usize;
    input.check_count(offset, count, "atoms", 1)?;
    if count == 0 {
        return Err(input.fault_at(offset, "no atoms, so no module name"));
    }
    let mut atoms = Vec::with_capacity(count);
    for _ in 0..count {
        let offset = input.offset();
        let size = if long_lengths {
            input.unsigned("length of an atom")?
        } else {
            u64::from(input.u8()?)
        };
        let bytes = input.take(usize::try_from(size).unwrap_or(usize::MAX))?;
        let text =
            AtomPool::text(bytes, utf8).map_err(|message| input.fault_at(offset, message))?;
        let (atom, new) = pool.intern(&text);
        if !new {
            return Err(input.fault_at(offset, "atom that is in the table already"));
        }
        atoms.push(atom);
    }
    Ok(atoms)
}

/// An index into the atoms, which the file counts from 1.
fn atom_index(input: &mut Reader<'_>, atoms: usize) -> Result<AtomIdx> {
    let offset = input.offset();
    let index = input.u32()?;
    if index == 0 || index as usize > atoms {
        return Err(input.fault_at(offset, format!("atom {index} of {atoms}")));
    }
    Ok(AtomIdx(index - 1))
}

fn arity(input: &mut Reader<'_>) -> Result<u32> {
    let offset = input.offset();
    let arity = input.u32()?;
    if arity > MAX_ARITY {
        return Err(input.fault_at(offset, format!("arity {arity} is above {MAX_ARITY}")));
    }
    Ok(arity)
}

/// The chunk `ImpT`.
pub(crate) fn imports(input: &mut Reader<'_>, atoms: usize) -> Result<Vec<Import>> {
    let count = input.count("imports", 12)?;
    (0..count)
        .map(|_| {
            Ok(Import {
                module: atom_index(input, atoms)?,
                function: atom_index(input, atoms)?,
                arity: arity(input)?,
            })
        })
        .collect()
}

/// The chunks `ExpT` and `LocT`.
pub(crate) fn function_names(input: &mut Reader<'_>, atoms: usize) -> Result<Vec<FunctionName>> {
    let count = input.count("functions", 12)?;
    (0..count)
        .map(|_| {
            Ok(FunctionName {
                function: atom_index(input, atoms)?,
                arity: arity(input)?,
                label: Label(input.u32()?),
            })
        })
        .collect()
}

/// The chunk `FunT`.
pub(crate) fn lambdas(input: &mut Reader<'_>, atoms: usize) -> Result<Vec<Lambda>> {
    let count = input.count("funs", 24)?;
    (0..count)
        .map(|_| {
            let offset = input.offset();
            let lambda = Lambda {
                function: atom_index(input, atoms)?,
                arity: arity(input)?,
                label: Label(input.u32()?),
                index: input.u32()?,
                free: input.u32()?,
                old_uniq: input.u32()?,
            };
            if lambda.free > lambda.arity {
                return Err(input.fault_at(offset, "fun with more free variables than arguments"));
            }
            Ok(lambda)
        })
        .collect()
}

/// The chunk `LitT`: packed with its size before it, or plain after a size of 0.
pub(crate) fn literals(input: &mut Reader<'_>, pool: &mut AtomPool) -> Result<Vec<Literal>> {
    let offset = input.offset();
    let size = input.u32()? as usize;
    if size == 0 {
        return literal_terms(input, pool);
    }
    let packed = input.rest();
    if size > MAX_UNPACKED_BYTES || size / MAX_COMPRESSION > packed.len() {
        let message = format!("{} bytes cannot unpack to {size}", packed.len());
        return Err(input.fault_at(offset, message));
    }
    let mut plain = Vec::with_capacity(size);
    ZlibDecoder::new(packed)
        .take(size as u64 + 1)
        .read_to_end(&mut plain)
        .map_err(|error| input.fault_at(offset, format!("literals do not unpack: {error}")))?;
    if plain.len() != size {
        let message = format!("literals do not unpack to the {size} bytes announced");
        return Err(input.fault_at(offset, message));
    }
    literal_terms(&mut Reader::new(&plain, 0, true), pool)
}

fn literal_terms(input: &mut Reader<'_>, pool: &mut AtomPool) -> Result<Vec<Literal>> {
    let count = input.count("literals", 6)?;
    let mut decoder = Decoder::new(pool);
    (0..count)
        .map(|_| {
            let size = input.u32()? as usize;
            decoder.term(&mut input.split(size)?)
        })
        .collect()
}

/// The chunks `Attr` and `CInf`: one term.
pub(crate) fn term(input: &mut Reader<'_>, pool: &mut AtomPool) -> Result<Literal> {
    let all = input.remaining();
    Decoder::new(pool).term(&mut input.split(all)?)
}

/// The chunk `Line`. A version that is not known here gives no lines, as in OTP's loader.
pub(crate) fn lines(input: &mut Reader<'_>, module: &str) -> Result<LineTable> {
    let mut table = unknown_lines(module);
    if input.u32()? != 0 {
        input.rest();
        return Ok(table);
    }
    table.flags = input.u32()?;
    let _instructions = input.u32()?;
    let locations = input.count("locations", 1)?;
    let files = input.count("file names", 2)?;
    let mut file = FileIdx(0);
    while table.locations.len() <= locations {
        let offset = input.offset();
        let (tag, number) = input.tagged()?;
        let number = number.to_u64().and_then(|number| u32::try_from(number).ok());
        match (tag, number) {
            (Tag::Atom, Some(index)) if index as usize <= files => file = FileIdx(index),
            (Tag::Int, Some(line)) => table.locations.push(Location { file, line }),
            _ => return Err(input.fault_at(offset, "neither a line nor a file of the table")),
        }
    }
    for _ in 0..files {
        let offset = input.offset();
        let size = usize::from(input.u16()?);
        let name = std::str::from_utf8(input.take(size)?)
            .map_err(|_| input.fault_at(offset, "file name that is no UTF-8"))?;
        let name = if name.is_empty() { table.files[0].clone() } else { Arc::from(name) };
        table.files.push(name);
    }
    Ok(table)
}

/// The table of a module that says nothing of lines.
pub(crate) fn unknown_lines(module: &str) -> LineTable {
    LineTable {
        files: vec![Arc::from(format!("{module}.erl"))],
        locations: vec![Location { file: FileIdx(0), line: 0 }],
        flags: 0,
    }
}
