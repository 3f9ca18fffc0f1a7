//! The section headers of the executable: those of the image, of the program and of the tables.

use object::LittleEndian as LE;
use object::elf::{self, SectionHeader64};
use object::{U32, U64};

use crate::image::Image;
use crate::layout::{Layout, Output};
use crate::program::Class;

pub(crate) struct SectionTable {
    pub(crate) headers: Vec<SectionHeader64<LE>>,
    names: Vec<u8>,
}

/// Where the symbol table and its strings lie in the file.
pub(crate) struct SymbolTablePlace {
    pub(crate) offset: u64,
    pub(crate) size_bytes: u64,
    pub(crate) strings_offset: u64,
    pub(crate) strings_bytes: u64,
    pub(crate) local_count: u32,
}

impl SectionTable {
    pub(crate) fn new(
        image: &Image,
        layout: &Layout,
        symbol_table: Option<&SymbolTablePlace>,
    ) -> SectionTable {
        let mut table = SectionTable { headers: vec![empty_header()], names: vec![0] };
        let loaded_count = 1 + image.sections.len() + layout.outputs.len();
        let symbol_table_index = symbol_table.map_or(0, |_| loaded_count as u32);
        for section in &image.sections {
            let mut header = section.header;
            if section.links_symbol_table {
                header.sh_link.set(LE, symbol_table_index);
            }
            table.push(section.name, header);
        }
        for output in &layout.outputs {
            table.push(output.name, output_header(output));
        }
        if let Some(place) = symbol_table {
            table.push_symbol_table(place, symbol_table_index);
        }
        table
    }

    fn push(&mut self, name: &[u8], mut header: SectionHeader64<LE>) {
        header.sh_name.set(LE, self.names.len() as u32);
        self.names.extend_from_slice(name);
        self.names.push(0);
        self.headers.push(header);
    }

    fn push_symbol_table(&mut self, place: &SymbolTablePlace, index: u32) {
        let mut symbols = empty_header();
        symbols.sh_type.set(LE, elf::SHT_SYMTAB);
        symbols.sh_offset.set(LE, place.offset);
        symbols.sh_size.set(LE, place.size_bytes);
        symbols.sh_link.set(LE, index + 1);
        symbols.sh_info.set(LE, place.local_count);
        symbols.sh_addralign.set(LE, 8);
        symbols.sh_entsize.set(LE, size_of::<elf::Sym64<LE>>() as u64);
        self.push(b".symtab", symbols);
        self.push(b".strtab", strings_header(place.strings_offset, place.strings_bytes));
    }

    /// Adds the names as the last section, to lie at `offset`, and returns them.
    pub(crate) fn finish(&mut self, offset: u64) -> &[u8] {
        let name = b".shstrtab";
        let size_bytes = self.names.len() + name.len() + 1;
        self.push(name, strings_header(offset, size_bytes as u64));
        &self.names
    }
}

pub(crate) fn empty_header() -> SectionHeader64<LE> {
    SectionHeader64 {
        sh_name: U32::default(),
        sh_type: U32::new(LE, elf::SHT_NULL),
        sh_flags: U64::default(),
        sh_addr: U64::default(),
        sh_offset: U64::default(),
        sh_size: U64::default(),
        sh_link: U32::default(),
        sh_info: U32::default(),
        sh_addralign: U64::default(),
        sh_entsize: U64::default(),
    }
}

fn strings_header(offset: u64, size_bytes: u64) -> SectionHeader64<LE> {
    let mut header = empty_header();
    header.sh_type.set(LE, elf::SHT_STRTAB);
    header.sh_offset.set(LE, offset);
    header.sh_size.set(LE, size_bytes);
    header.sh_addralign.set(LE, 1);
    header
}

fn output_header(output: &Output) -> SectionHeader64<LE> {
    let kind = if output.class == Class::Zero { elf::SHT_NOBITS } else { elf::SHT_PROGBITS };
    let mut header = empty_header();
    header.sh_type.set(LE, kind);
    header.sh_flags.set(LE, output.flags);
    header.sh_addr.set(LE, output.address);
    header.sh_offset.set(LE, output.offset);
    header.sh_size.set(LE, output.size_bytes);
    header.sh_addralign.set(LE, output.alignment);
    header.sh_entsize.set(LE, output.entry_bytes);
    header
}
