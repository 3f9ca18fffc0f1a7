//! Writes the executable: the image's bytes, the program's sections with their relocations applied,
//! then what tools read (debug sections, symbols, section headers).

use object::LittleEndian as LE;
use object::elf::{FileHeader64, SectionHeader64, Sym64};
use object::pod;
use object::read::elf::Rela as _;
use xxhash_rust::xxh3::Xxh3;

use crate::image::Image;
use crate::layout::{Layout, Place};
use crate::program::{Program, ProgramSection};
use crate::rest::Rest;
use crate::sections::{SectionTable, SymbolTablePlace};
use crate::symbols::SymbolTable;
use crate::{Error, symbols, x86_64};

#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Leave out symbols and debug sections.
    pub strip: bool,
}

/// Adds the program to the image. The result is a complete executable.
pub fn link(image: &Image, object: &[u8], options: &Options) -> Result<Vec<u8>, Error> {
    finish(image, Program::parse(object)?, options)
}

/// The same; what the program reaches of the rest of the runtime becomes part of it.
pub fn link_with_rest<'data>(
    image: &Image<'data>,
    rest: &Rest<'data>,
    object: &'data [u8],
    options: &Options,
) -> Result<Vec<u8>, Error> {
    let mut program = Program::parse(object)?;
    rest.add_to(&mut program, image)?;
    finish(image, program, options)
}

fn finish(image: &Image, program: Program, options: &Options) -> Result<Vec<u8>, Error> {
    let layout = Layout::new(image, &program, !options.strip)?;
    let addresses = symbols::resolve(image, &program, &layout)?;
    let program_address = symbols::program_address(&program, &addresses)?;

    let mut file = image.bytes[..image.file_end as usize].to_vec();
    file.resize(layout.file_end as usize, 0);
    copy_sections(&mut file, &program, &layout);
    apply_relocations(&mut file, image, &program, &layout, &addresses)?;
    file[image.program_pointer.clone()].copy_from_slice(&program_address.to_le_bytes());
    write_build_id(&mut file, image, &program);
    write_segments(&mut file, &layout);

    let symbol_table = match options.strip {
        true => None,
        false => Some(SymbolTable::merge(image, &program, &layout, &addresses)?),
    };
    let symbol_table = symbol_table.map(|table| append_symbols(&mut file, &table));
    let mut sections = SectionTable::new(image, &layout, symbol_table.as_ref());
    let offset = file.len() as u64;
    file.extend_from_slice(sections.finish(offset));
    align(&mut file, align_of::<u64>());
    let header = file_header(image, &layout, &sections.headers, file.len() as u64)?;
    file.extend_from_slice(pod::bytes_of_slice(&sections.headers));
    file[..size_of::<FileHeader64<LE>>()].copy_from_slice(pod::bytes_of(&header));
    Ok(file)
}

fn copy_sections(file: &mut [u8], program: &Program, layout: &Layout) {
    for (_, section, place) in placed(program, layout) {
        let start = place.offset as usize;
        // A section without bits has no data and may lie beyond the file's end.
        if !section.data.is_empty() {
            file[start..start + section.data.len()].copy_from_slice(&section.data);
        }
    }
}

fn placed<'a, 'data>(
    program: &'a Program<'data>,
    layout: &'a Layout,
) -> impl Iterator<Item = (usize, &'a ProgramSection<'data>, Place)> {
    program.sections().filter_map(|(index, section)| Some((index, section, layout.places[index]?)))
}

fn apply_relocations(
    file: &mut [u8],
    image: &Image,
    program: &Program,
    layout: &Layout,
    addresses: &[Option<u64>],
) -> Result<(), Error> {
    for (_, section, place) in placed(program, layout) {
        if section.relocations.is_empty() {
            continue;
        }
        let start = place.offset as usize;
        // Empty for a section without bits: a relocation there lies outside.
        let bytes = file.get_mut(start..start + section.data.len()).unwrap_or_default();
        for relocation in section.relocations {
            let offset = relocation.r_offset(LE);
            let symbol = section.first_symbol + relocation.r_sym(LE, false) as usize;
            let kind = relocation.r_type(LE, false);
            let address = addresses.get(symbol).copied().flatten();
            let applied = match address {
                None => Err("the symbol lies in a section that is left out".to_owned()),
                Some(address) => {
                    let value = (address as i64).wrapping_add(relocation.r_addend(LE));
                    let at = place.address.wrapping_add(offset);
                    let thread_end = image.thread_end.filter(|_| section.of_runtime);
                    x86_64::relocate(kind, bytes, offset, at, value, thread_end)
                }
            };
            applied.map_err(|reason| Error::Relocation {
                kind: x86_64::relocation_name(kind),
                symbol: program.symbol_name(symbol),
                section: String::from_utf8_lossy(section.name).into_owned(),
                offset,
                reason,
            })?;
        }
    }
    Ok(())
}

/// Debuggers and perf know executables by their build-id, so each content gets its own. The image's
/// own id stands for the image. Stripping does not change it: the same code runs. Nothing depends
/// on the hash being hard to forge, so it is a fast one.
fn write_build_id(file: &mut [u8], image: &Image, program: &Program) {
    let field = &mut file[image.build_id.clone()];
    let mut hash = Xxh3::new();
    hash.update(field);
    hash.update(program.bytes);
    let digest = hash.digest128().to_le_bytes();
    for (byte, from) in field.iter_mut().zip(digest.iter().cycle()) {
        *byte = *from;
    }
}

fn write_segments(file: &mut [u8], layout: &Layout) {
    let bytes = pod::bytes_of_slice(&layout.segments);
    let start = layout.segments_offset as usize;
    file[start..start + bytes.len()].copy_from_slice(bytes);
}

fn append_symbols(file: &mut Vec<u8>, table: &SymbolTable) -> SymbolTablePlace {
    align(file, align_of::<u64>());
    let offset = file.len() as u64;
    file.extend_from_slice(pod::bytes_of_slice::<Sym64<LE>>(&table.entries));
    let strings_offset = file.len() as u64;
    file.extend_from_slice(&table.strings);
    SymbolTablePlace {
        offset,
        size_bytes: strings_offset - offset,
        strings_offset,
        strings_bytes: table.strings.len() as u64,
        local_count: table.local_count,
    }
}

fn file_header(
    image: &Image,
    layout: &Layout,
    sections: &[SectionHeader64<LE>],
    sections_offset: u64,
) -> Result<FileHeader64<LE>, Error> {
    let count =
        |n: usize| u16::try_from(n).map_err(|_| Error::Object("it has too many sections".into()));
    let mut header = image.header;
    header.e_phoff.set(LE, layout.segments_offset);
    header.e_phnum.set(LE, count(layout.segments.len())?);
    header.e_shoff.set(LE, sections_offset);
    header.e_shnum.set(LE, count(sections.len())?);
    header.e_shstrndx.set(LE, count(sections.len() - 1)?);
    Ok(header)
}

fn align(file: &mut Vec<u8>, alignment: usize) {
    file.resize(file.len().next_multiple_of(alignment), 0);
}
