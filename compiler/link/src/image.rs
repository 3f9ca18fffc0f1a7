//! The runtime image: a static executable at fixed addresses, read once and then only borrowed.
//!
//! Only what is loaded into memory is taken over into an executable, together with the symbols;
//! debug sections and comments of the image are left out.

use std::collections::HashMap;
use std::ops::Range;

use object::LittleEndian as LE;
use object::elf::{self, FileHeader64, ProgramHeader64, SectionHeader64, Sym64};
use object::read::elf::{
    FileHeader as _, ProgramHeader as _, Rela as _, SectionHeader as _, SectionTable, Sym as _,
};

use crate::{Error, PROGRAM_POINTER_SYMBOL, x86_64};

/// Notes of our own that are in the image only to make room for program headers. Each has an
/// alignment of its own, so that the system's linker gives it a header of its own.
const SPARE_NOTE_PREFIX: &[u8] = b".note.beamrc.spare";

/// Says what all code of an executable can do; of the program's code nothing is known.
const PROPERTY_NOTE: &[u8] = b".note.gnu.property";

pub struct Image<'data> {
    pub(crate) bytes: &'data [u8],
    pub(crate) header: FileHeader64<LE>,
    /// The program headers that an executable takes over.
    pub(crate) segments: Vec<ProgramHeader64<LE>>,
    /// How many program headers there is room for.
    pub(crate) segment_capacity: usize,
    /// The loaded sections in file order, without the null section.
    pub(crate) sections: Vec<ImageSection<'data>>,
    /// All symbols but the null symbol; section indices are those of an executable.
    pub(crate) symbols: Vec<Sym64<LE>>,
    /// The string table that the names of `symbols` point into.
    pub(crate) symbol_strings: &'data [u8],
    pub(crate) globals: HashMap<&'data [u8], Global>,
    /// End of the loaded bytes in the file.
    pub(crate) file_end: u64,
    /// End of the image in memory.
    pub(crate) memory_end: u64,
    /// Address minus file offset of the image's code.
    pub(crate) text_bias: u64,
    /// The contents of the build-id note in the file.
    pub(crate) build_id: Range<usize>,
    /// The variable `PROGRAM_POINTER_SYMBOL` in the file.
    pub(crate) program_pointer: Range<usize>,
    /// By the function that chooses at start, the slot with the address of the one it chose.
    pub(crate) chosen: HashMap<u64, u64>,
    /// End of the block of thread-local variables.
    pub(crate) thread_end: Option<u64>,
}

pub(crate) struct ImageSection<'data> {
    pub(crate) name: &'data [u8],
    /// Links are those of an executable.
    pub(crate) header: SectionHeader64<LE>,
    /// Whether `header.sh_link` is the symbol table, whose index differs between executables.
    pub(crate) links_symbol_table: bool,
}

/// A symbol that a program can refer to.
#[derive(Clone, Copy)]
pub(crate) struct Global {
    pub(crate) address: u64,
    pub(crate) weak: bool,
    pub(crate) kind: u8,
}

impl<'data> Image<'data> {
    pub fn parse(bytes: &'data [u8]) -> Result<Image<'data>, Error> {
        let header = *FileHeader64::<LE>::parse(bytes).map_err(invalid)?;
        check_header(&header)?;
        let table = header.sections(LE, bytes).map_err(invalid)?;
        let segments = header.program_headers(LE, bytes).map_err(invalid)?;
        let symbol_table = table.symbols(LE, bytes, elf::SHT_SYMTAB).map_err(invalid)?;
        if symbol_table.is_empty() {
            return Err(Error::Image("it has no symbol table".into()));
        }

        let kept = KeptSections::new(&table)?;
        let sections = kept.sections(&table, symbol_table.section().0)?;
        let strings = table.section(symbol_table.string_section()).map_err(invalid)?;
        let mut symbols = Vec::with_capacity(symbol_table.len());
        let mut globals = HashMap::with_capacity(symbol_table.len());
        for symbol in symbol_table.iter().skip(1) {
            symbols.push(kept.symbol(symbol)?);
            if !symbol.is_local() && !symbol.is_undefined(LE) {
                let name = symbol_table.symbol_name(LE, symbol).map_err(invalid)?;
                let global = Global {
                    address: symbol.st_value(LE),
                    weak: symbol.st_bind() == elf::STB_WEAK,
                    kind: symbol.st_type(),
                };
                globals.insert(name, global);
            }
        }
        let extent = Extent::of(segments, bytes.len() as u64)?;
        Ok(Image {
            build_id: build_id(&table, bytes)?,
            program_pointer: program_pointer(&globals, segments)?,
            bytes,
            header,
            segments: segments.iter().filter(|s| !kept.is_spare(s)).copied().collect(),
            segment_capacity: segments.len(),
            sections,
            chosen: chosen(&table, bytes)?,
            thread_end: thread_end(segments),
            symbols,
            symbol_strings: strings.data(LE, bytes).map_err(invalid)?,
            globals,
            file_end: extent.file_end,
            memory_end: extent.memory_end,
            text_bias: extent.text_bias,
        })
    }
}

fn invalid(error: object::read::Error) -> Error {
    Error::Image(error.to_string())
}

fn check_header(header: &FileHeader64<LE>) -> Result<(), Error> {
    if header.e_machine(LE) != x86_64::MACHINE {
        return Err(Error::Image("it is not for x86-64".into()));
    }
    if header.e_type(LE) != elf::ET_EXEC {
        return Err(Error::Image("it is not an executable at fixed addresses".into()));
    }
    Ok(())
}

/// Which sections of the image an executable takes over, and under which index.
struct KeptSections {
    /// By index in the image; 0 for those that are left out.
    new_indices: Vec<u16>,
    /// Offset and size in the file of the notes that are left out.
    spare_notes: Vec<(u64, u64)>,
}

impl KeptSections {
    fn new(table: &SectionTable<'_, FileHeader64<LE>>) -> Result<KeptSections, Error> {
        let mut kept = KeptSections { new_indices: Vec::new(), spare_notes: Vec::new() };
        let mut next = 0;
        for section in table.iter() {
            let name = table.section_name(LE, section).map_err(invalid)?;
            let spare = name == PROPERTY_NOTE || name.starts_with(SPARE_NOTE_PREFIX);
            if spare {
                kept.spare_notes.push((section.sh_offset(LE), section.sh_size(LE)));
            }
            let loaded = section.sh_flags(LE) & u64::from(elf::SHF_ALLOC) != 0;
            kept.new_indices.push(if loaded && !spare {
                next += 1;
                next
            } else {
                0
            });
        }
        Ok(kept)
    }

    /// Whether an executable can do without this program header.
    fn is_spare(&self, segment: &ProgramHeader64<LE>) -> bool {
        match segment.p_type(LE) {
            elf::PT_NULL | elf::PT_GNU_PROPERTY => true,
            elf::PT_NOTE => {
                self.spare_notes.contains(&(segment.p_offset(LE), segment.p_filesz(LE)))
            }
            _ => false,
        }
    }

    fn new_index(&self, index: usize) -> u16 {
        self.new_indices.get(index).copied().unwrap_or(0)
    }

    fn sections<'data>(
        &self,
        table: &SectionTable<'data, FileHeader64<LE>>,
        symbol_table: usize,
    ) -> Result<Vec<ImageSection<'data>>, Error> {
        let mut sections = Vec::new();
        for (index, section) in table.enumerate() {
            if self.new_index(index.0) == 0 {
                continue;
            }
            let mut header = *section;
            let link = section.sh_link(LE) as usize;
            header.sh_link.set(LE, self.new_index(link).into());
            if section.sh_flags(LE) & u64::from(elf::SHF_INFO_LINK) != 0 {
                let info = self.new_index(section.sh_info(LE) as usize);
                header.sh_info.set(LE, info.into());
            }
            let name = table.section_name(LE, section).map_err(invalid)?;
            sections.push(ImageSection { name, header, links_symbol_table: link == symbol_table });
        }
        Ok(sections)
    }

    /// The symbol with the section index it has in an executable.
    fn symbol(&self, symbol: &Sym64<LE>) -> Result<Sym64<LE>, Error> {
        let mut symbol = *symbol;
        let section = symbol.st_shndx(LE);
        match section {
            elf::SHN_UNDEF | elf::SHN_ABS => {}
            elf::SHN_LORESERVE.. => {
                return Err(Error::Image(format!(
                    "a symbol lies in reserved section {section:#x}"
                )));
            }
            _ => {
                // What lies in a section that is left out is no address: it stays as a number.
                let index = match self.new_index(section.into()) {
                    0 => elf::SHN_ABS,
                    index => index,
                };
                symbol.st_shndx.set(LE, index);
            }
        }
        Ok(symbol)
    }
}

/// What the loaded segments take up.
struct Extent {
    file_end: u64,
    memory_end: u64,
    text_bias: u64,
}

impl Extent {
    fn of(segments: &[ProgramHeader64<LE>], file_size_bytes: u64) -> Result<Extent, Error> {
        let mut extent = Extent { file_end: 0, memory_end: 0, text_bias: 0 };
        let mut text_found = false;
        for segment in segments.iter().filter(|segment| segment.p_type(LE) == elf::PT_LOAD) {
            let address = segment.p_vaddr(LE);
            let offset = segment.p_offset(LE);
            let file_end = offset.checked_add(segment.p_filesz(LE));
            let memory_end = address.checked_add(segment.p_memsz(LE));
            let bias = address.checked_sub(offset);
            let (Some(file_end), Some(memory_end), Some(bias)) = (file_end, memory_end, bias)
            else {
                return Err(Error::Image(format!("bad segment at {address:#x}")));
            };
            if file_end > file_size_bytes || memory_end > x86_64::ADDRESS_LIMIT {
                return Err(Error::Image(format!("bad segment at {address:#x}")));
            }
            extent.file_end = extent.file_end.max(file_end);
            extent.memory_end = extent.memory_end.max(memory_end);
            if segment.p_flags(LE) & elf::PF_X != 0 && !text_found {
                text_found = true;
                extent.text_bias = bias;
            }
        }
        if !text_found || !extent.text_bias.is_multiple_of(x86_64::PAGE_SIZE) {
            return Err(Error::Image("it has no proper code segment".into()));
        }
        Ok(extent)
    }
}

/// The slots that the C library fills at start.
fn chosen(
    table: &SectionTable<'_, FileHeader64<LE>>,
    bytes: &[u8],
) -> Result<HashMap<u64, u64>, Error> {
    let mut chosen = HashMap::new();
    for section in table.iter() {
        let loaded = section.sh_flags(LE) & u64::from(elf::SHF_ALLOC) != 0;
        let relocations = section.rela(LE, bytes).map_err(invalid)?;
        let relocations = relocations.filter(|_| loaded).map_or(&[][..], |(list, _)| list);
        for relocation in relocations {
            if relocation.r_type(LE, false) == elf::R_X86_64_IRELATIVE {
                chosen.insert(relocation.r_addend(LE) as u64, relocation.r_offset(LE));
            }
        }
    }
    Ok(chosen)
}

fn thread_end(segments: &[ProgramHeader64<LE>]) -> Option<u64> {
    let mut segments = segments.iter();
    let segment = segments.find(|segment| segment.p_type(LE) == elf::PT_TLS)?;
    let end = segment.p_vaddr(LE).checked_add(segment.p_memsz(LE))?;
    end.checked_next_multiple_of(segment.p_align(LE).max(1))
}

fn build_id(
    table: &SectionTable<'_, FileHeader64<LE>>,
    bytes: &[u8],
) -> Result<Range<usize>, Error> {
    // A note starts with the sizes of name and contents and its kind, four bytes each; the name
    // is "GNU\0".
    const CONTENTS: u64 = 16;
    let found = table.section_by_name(LE, b".note.gnu.build-id");
    let (_, section) = found.ok_or_else(|| Error::Image("it has no build-id".into()))?;
    let start = section.sh_offset(LE);
    let end = start.checked_add(section.sh_size(LE));
    match end {
        Some(end) if end <= bytes.len() as u64 && section.sh_size(LE) > CONTENTS => {
            Ok((start + CONTENTS) as usize..end as usize)
        }
        _ => Err(Error::Image("its build-id is damaged".into())),
    }
}

/// Where in the file the variable lies that points to the program.
fn program_pointer(
    globals: &HashMap<&[u8], Global>,
    segments: &[ProgramHeader64<LE>],
) -> Result<Range<usize>, Error> {
    let missing = || {
        let name = PROGRAM_POINTER_SYMBOL;
        Error::Image(format!("it has no initialised variable `{name}`"))
    };
    let address = globals.get(PROGRAM_POINTER_SYMBOL.as_bytes()).ok_or_else(missing)?.address;
    let end = address.checked_add(8).ok_or_else(missing)?;
    let segment = segments.iter().find(|segment| {
        segment.p_type(LE) == elf::PT_LOAD
            && segment.p_vaddr(LE) <= address
            && end <= segment.p_vaddr(LE) + segment.p_filesz(LE)
    });
    let segment = segment.ok_or_else(missing)?;
    let start = (address - segment.p_vaddr(LE) + segment.p_offset(LE)) as usize;
    Ok(start..start + 8)
}
