//! From the bytes of a file to a module: the container and the order of the chunks.
//!
//! A file is one IFF form of chunks, possibly packed by gzip as a whole. This file must not
//! know what is inside a chunk.

use std::io::Read;

use flate2::read::GzDecoder;
use md5::{Digest, Md5};

use crate::code::{self, Code, Tables};
use crate::error::{Error, Fault};
use crate::external::AtomPool;
use crate::labels;
use crate::literal::Literal;
use crate::module::{Chunk, Module};
use crate::reader::Reader;
use crate::tables::{self, MAX_COMPRESSION, MAX_UNPACKED_BYTES};
use crate::types;

const GZIP_MAGIC: &[u8] = &[0x1f, 0x8b];

pub(crate) fn read(bytes: &[u8], origin: &str) -> Result<Module, Error> {
    if !bytes.starts_with(GZIP_MAGIC) {
        return read_plain(bytes, origin, false);
    }
    let plain = unpack(bytes).map_err(|fault| fault.within(origin, None))?;
    read_plain(&plain, origin, true)
}

fn unpack(bytes: &[u8]) -> Result<Vec<u8>, Fault> {
    let limit = MAX_UNPACKED_BYTES.min(bytes.len().saturating_mul(MAX_COMPRESSION));
    let mut plain = Vec::new();
    GzDecoder::new(bytes)
        .take(limit as u64 + 1)
        .read_to_end(&mut plain)
        .map_err(|error| Fault::new(0, format!("the file does not unpack: {error}")))?;
    if plain.len() > limit {
        return Err(Fault::new(0, format!("the file unpacks to more than {limit} bytes")));
    }
    Ok(plain)
}

fn read_plain(bytes: &[u8], origin: &str, packed: bool) -> Result<Module, Error> {
    let chunks = chunks(bytes, packed).map_err(|fault| fault.within(origin, None))?;
    File { bytes, origin, packed, chunks }.module()
}

/// The chunks of the container.
fn chunks(bytes: &[u8], packed: bool) -> Result<Vec<Chunk>, Fault> {
    let mut file = Reader::new(bytes, 0, packed);
    if file.take(4).ok() != Some(b"FOR1") {
        return Err(file.fault_at(0, "no BEAM file: it does not begin with FOR1"));
    }
    let size = file.u32()? as usize;
    let mut form = file.split(size)?;
    if form.take(4).ok() != Some(b"BEAM") {
        return Err(form.fault_at(8, "no BEAM file: the form is not BEAM"));
    }
    let mut chunks: Vec<Chunk> = Vec::new();
    while !form.is_empty() {
        let offset = form.offset();
        let mut id = [0; 4];
        id.copy_from_slice(form.take(4)?);
        let size = form.u32()? as usize;
        let start = form.offset();
        form.take(size)?;
        form.take(size.wrapping_neg() % 4)?;
        if chunks.iter().any(|chunk| chunk.id == id) {
            let name = String::from_utf8_lossy(&id);
            return Err(form.fault_at(offset, format!("a second chunk {name}")));
        }
        if chunks.len() == MAX_CHUNKS {
            return Err(form.fault_at(offset, format!("more than {MAX_CHUNKS} chunks")));
        }
        chunks.push(Chunk { id, range: start..start + size });
    }
    Ok(chunks)
}

/// Compilers write about 15 chunks; tools may add theirs.
const MAX_CHUNKS: usize = 256;

struct File<'a> {
    bytes: &'a [u8],
    origin: &'a str,
    packed: bool,
    chunks: Vec<Chunk>,
}

impl<'a> File<'a> {
    fn data(&self, id: &str) -> Option<(usize, &'a [u8])> {
        let chunk = self.chunks.iter().find(|chunk| chunk.id == id.as_bytes())?;
        Some((chunk.range.start, &self.bytes[chunk.range.clone()]))
    }

    /// Decodes a chunk, all of it, if the file has it.
    fn optional<T>(
        &self,
        id: &str,
        decode: impl FnOnce(&mut Reader<'_>) -> Result<T, Fault>,
    ) -> Result<Option<T>, Error> {
        let Some((start, data)) = self.data(id) else {
            return Ok(None);
        };
        let mut reader = Reader::new(data, start, self.packed);
        let decoded = decode(&mut reader)
            .and_then(|decoded| {
                if reader.is_empty() {
                    return Ok(decoded);
                }
                Err(reader.fault(format!("{} bytes more than the table has", reader.remaining())))
            })
            .map_err(|fault| fault.within(self.origin, Some(id)))?;
        Ok(Some(decoded))
    }

    fn required<T>(
        &self,
        id: &str,
        decode: impl FnOnce(&mut Reader<'_>) -> Result<T, Fault>,
    ) -> Result<T, Error> {
        self.optional(id, decode)?.ok_or_else(|| {
            let message = format!("the file has no chunk {id}");
            self.fault(0, message).within(self.origin, None)
        })
    }

    fn fault(&self, offset: usize, message: String) -> Fault {
        Fault { offset, packed: self.packed, message }
    }

    /// Reports what is wrong with the contents of a chunk as a whole.
    fn check(&self, id: &str, result: Result<(), String>) -> Result<(), Error> {
        result.map_err(|message| {
            let start = self.data(id).map_or(0, |(start, _)| start);
            self.fault(start, message).within(self.origin, Some(id))
        })
    }

    fn module(self) -> Result<Module, Error> {
        let mut pool = AtomPool::default();
        let atoms = match self.optional("AtU8", |input| tables::atoms(input, true, &mut pool))? {
            Some(atoms) => atoms,
            None => self.required("Atom", |input| tables::atoms(input, false, &mut pool))?,
        };
        let imports = self.required("ImpT", |input| tables::imports(input, atoms.len()))?;
        let exports = self.required("ExpT", |input| tables::function_names(input, atoms.len()))?;
        let locals = self.optional("LocT", |input| tables::function_names(input, atoms.len()))?;
        let lambdas = self.optional("FunT", |input| tables::lambdas(input, atoms.len()))?;
        let literals = self.optional("LitT", |input| tables::literals(input, &mut pool))?;
        let strings = self.optional("StrT", |input| Ok(input.rest().to_vec()))?;
        let lines = self.optional("Line", |input| tables::lines(input, &atoms[0]))?;
        let types = self.optional("Type", types::read)?;
        let attributes = self.optional("Attr", |input| tables::term(input, &mut pool))?;
        let compile_info = self.optional("CInf", |input| tables::term(input, &mut pool))?;
        let (lambdas, literals) = (lambdas.unwrap_or_default(), literals.unwrap_or_default());
        let (type_version, types) = types.unwrap_or_default();
        let operand_tables = Tables {
            atoms: &atoms,
            imports: imports.len(),
            lambdas: lambdas.len(),
            literals: literals.len(),
            strings: strings.as_ref().map_or(0, Vec::len),
            types: (!types.is_empty()).then_some(types.len()),
            locations: lines.as_ref().map(|table| table.locations.len()),
        };
        let records = self.optional("Recs", |input| code::records(input, &operand_tables))?;
        let code = self.required("Code", |input| code::code(input, &operand_tables))?;
        let locals = locals.unwrap_or_default();
        self.check("Code", labels::check_code(&code, &atoms))?;
        self.check("ExpT", labels::check_names(&code, &atoms, &exports))?;
        self.check("LocT", labels::check_names(&code, &atoms, &locals))?;
        self.check("FunT", labels::check_lambdas(&code, &atoms, &lambdas))?;
        let Code { functions, labels } = code;
        let md5 = self.md5();
        Ok(Module {
            name: atoms[0].clone(),
            lines: lines.unwrap_or_else(|| tables::unknown_lines(&atoms[0])),
            atoms,
            imports,
            exports,
            locals,
            lambdas,
            literals,
            strings: strings.unwrap_or_default(),
            types,
            type_version,
            attributes: attributes.unwrap_or(Literal::Nil),
            compile_info: compile_info.unwrap_or(Literal::Nil),
            records: records.unwrap_or_default(),
            functions,
            labels,
            md5,
            chunks: self.chunks,
        })
    }

    /// The checksum that OTP's loader computes, over chunks in its order. The uniq of a fun
    /// derives from it and so counts as 0.
    fn md5(&self) -> [u8; 16] {
        let mut md5 = Md5::new();
        for id in ["AtU8", "Atom", "Code", "StrT", "ImpT", "ExpT"] {
            md5.update(self.data(id).unwrap_or_default().1);
        }
        if let Some((count, lambdas)) = self.data("FunT").and_then(|(_, d)| d.split_at_checked(4)) {
            md5.update(count);
            for lambda in lambdas.chunks_exact(24) {
                md5.update(&lambda[..20]);
                md5.update([0; 4]);
            }
        }
        for id in ["LitT", "Meta", "Recs", "DbgB"] {
            md5.update(self.data(id).unwrap_or_default().1);
        }
        md5.finalize().into()
    }
}
