//! The program's relocatable object: the sections that an executable takes over, and the symbols.

use std::borrow::Cow;

use object::LittleEndian as LE;
use object::elf::{self, FileHeader64, Rela64, SectionHeader64};
use object::read::SectionIndex;
use object::read::elf::{FileHeader as _, SectionHeader as _, SectionTable, Sym as _, SymbolTable};

use crate::{Error, x86_64};

pub(crate) struct Program<'data> {
    pub(crate) bytes: &'data [u8],
    /// By index in the object; `None` for those that are left out.
    pub(crate) sections: Vec<Option<ProgramSection<'data>>>,
    /// By index in the object, the null symbol included.
    pub(crate) symbols: Vec<ProgramSymbol<'data>>,
}

pub(crate) struct ProgramSection<'data> {
    pub(crate) name: &'data [u8],
    pub(crate) class: Class,
    pub(crate) header: SectionHeader64<LE>,
    pub(crate) size_bytes: u64,
    pub(crate) alignment: u64,
    /// Empty for [`Class::Zero`].
    pub(crate) data: Cow<'data, [u8]>,
    pub(crate) relocations: &'data [Rela64<LE>],
    /// Where the symbols that the relocations refer to begin among the program's.
    pub(crate) first_symbol: usize,
    /// Only the runtime's code may refer to thread-local variables.
    pub(crate) of_runtime: bool,
}

/// What a section needs at run time. The order is that of the executable.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Class {
    Code,
    ReadOnly,
    Data,
    Zero,
    /// Not loaded.
    Debug,
}

pub(crate) struct ProgramSymbol<'data> {
    pub(crate) name: &'data [u8],
    pub(crate) place: SymbolPlace,
    pub(crate) info: u8,
    pub(crate) other: u8,
    pub(crate) size_bytes: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum SymbolPlace {
    Null,
    Undefined,
    Absolute(u64),
    /// An address in the image.
    Image(u64),
    Section {
        index: usize,
        offset: u64,
    },
}

impl ProgramSymbol<'_> {
    pub(crate) fn binding(&self) -> u8 {
        self.info >> 4
    }

    pub(crate) fn kind(&self) -> u8 {
        self.info & 0xf
    }
}

impl<'data> Program<'data> {
    pub(crate) fn parse(bytes: &'data [u8]) -> Result<Program<'data>, Error> {
        Program::parse_but(bytes, |_| false)
    }

    /// Leaves out the sections of these indices.
    pub(crate) fn parse_but(
        bytes: &'data [u8],
        left_out: impl Fn(usize) -> bool,
    ) -> Result<Program<'data>, Error> {
        let header = FileHeader64::<LE>::parse(bytes).map_err(invalid)?;
        if header.e_machine(LE) != x86_64::MACHINE || header.e_type(LE) != elf::ET_REL {
            return Err(Error::Object("it is not a relocatable object for x86-64".into()));
        }
        let table = header.sections(LE, bytes).map_err(invalid)?;
        let mut sections = Vec::with_capacity(table.len());
        for (index, section) in table.iter().enumerate() {
            sections.push(match left_out(index) {
                true => None,
                false => read_section(&table, section, bytes)?,
            });
        }
        let symbol_table = table.symbols(LE, bytes, elf::SHT_SYMTAB).map_err(invalid)?;
        read_relocations(&table, symbol_table.section(), bytes, &mut sections)?;
        let symbols = read_symbols(&symbol_table)?;
        Ok(Program { bytes, sections, symbols })
    }

    pub(crate) fn sections(&self) -> impl Iterator<Item = (usize, &ProgramSection<'data>)> {
        let numbered = self.sections.iter().enumerate();
        numbered.filter_map(|(index, section)| Some((index, section.as_ref()?)))
    }

    /// How errors call a symbol; section symbols have no name of their own.
    pub(crate) fn symbol_name(&self, index: usize) -> String {
        let Some(symbol) = self.symbols.get(index) else {
            return format!("number {index}");
        };
        let name = match symbol.place {
            SymbolPlace::Section { index, .. } if symbol.name.is_empty() => {
                self.sections.get(index).and_then(Option::as_ref).map_or(&b""[..], |s| s.name)
            }
            _ => symbol.name,
        };
        String::from_utf8_lossy(name).into_owned()
    }
}

fn invalid(error: object::read::Error) -> Error {
    Error::Object(error.to_string())
}

fn read_section<'data>(
    table: &SectionTable<'data, FileHeader64<LE>>,
    header: &SectionHeader64<LE>,
    bytes: &'data [u8],
) -> Result<Option<ProgramSection<'data>>, Error> {
    let name = table.section_name(LE, header).map_err(invalid)?;
    let Some(class) = classify(name, header)? else {
        return Ok(None);
    };
    let shown = String::from_utf8_lossy(name);
    let alignment = header.sh_addralign(LE).max(1);
    if !alignment.is_power_of_two() || alignment > x86_64::MAX_ALIGNMENT {
        return Err(Error::Object(format!("section {shown} wants an alignment of {alignment}")));
    }
    let size_bytes = header.sh_size(LE);
    if size_bytes > x86_64::ADDRESS_LIMIT {
        return Err(Error::Object(format!("section {shown} has {size_bytes} bytes")));
    }
    // Contents of a section without bits are empty, whatever its size.
    let data = header.data(LE, bytes).map_err(invalid)?;
    Ok(Some(ProgramSection {
        name,
        class,
        header: *header,
        size_bytes,
        alignment,
        data: Cow::Borrowed(data),
        relocations: &[],
        first_symbol: 0,
        of_runtime: false,
    }))
}

fn classify(name: &[u8], header: &SectionHeader64<LE>) -> Result<Option<Class>, Error> {
    let flags = header.sh_flags(LE);
    let has = |flag: u32| flags & u64::from(flag) != 0;
    let kind = header.sh_type(LE);
    if !has(elf::SHF_ALLOC) {
        let debug = kind == elf::SHT_PROGBITS && name.starts_with(b".debug_");
        return Ok(debug.then_some(Class::Debug));
    }
    // Nothing walks the program's stack by unwind tables, and a table that the C library's
    // start code did not register is dead weight.
    if kind == elf::SHT_X86_64_UNWIND || name == b".eh_frame" {
        return Ok(None);
    }
    let unsupported = |what: &str| {
        Err(Error::Object(format!("section {} {what}", String::from_utf8_lossy(name))))
    };
    if has(elf::SHF_TLS) {
        return unsupported("holds thread-local variables, which only the runtime can have");
    }
    match kind {
        elf::SHT_NOBITS if has(elf::SHF_EXECINSTR) => unsupported("holds code without bits"),
        elf::SHT_NOBITS => Ok(Some(Class::Zero)),
        elf::SHT_NOTE => Ok(None),
        elf::SHT_PROGBITS => match (has(elf::SHF_EXECINSTR), has(elf::SHF_WRITE)) {
            (true, true) => unsupported("is both writable and executable"),
            (true, false) => Ok(Some(Class::Code)),
            (false, true) => Ok(Some(Class::Data)),
            (false, false) => Ok(Some(Class::ReadOnly)),
        },
        _ => unsupported(&format!("is of type {kind:#x}, which a program cannot have")),
    }
}

fn read_relocations<'data>(
    table: &SectionTable<'data, FileHeader64<LE>>,
    symbol_table: SectionIndex,
    bytes: &'data [u8],
    sections: &mut [Option<ProgramSection<'data>>],
) -> Result<(), Error> {
    for section in table.iter() {
        let target = section.sh_info(LE) as usize;
        match section.sh_type(LE) {
            elf::SHT_REL => {
                return Err(Error::Object("it has relocations without addends".into()));
            }
            elf::SHT_RELA => {}
            _ => continue,
        }
        let Some((relocations, link)) = section.rela(LE, bytes).map_err(invalid)? else {
            continue;
        };
        if link != symbol_table {
            return Err(Error::Object("relocations refer to an unknown symbol table".into()));
        }
        let Some(Some(target)) = sections.get_mut(target) else {
            continue;
        };
        if !target.relocations.is_empty() {
            let name = String::from_utf8_lossy(target.name);
            return Err(Error::Object(format!("section {name} has two tables of relocations")));
        }
        target.relocations = relocations;
    }
    Ok(())
}

fn read_symbols<'data>(
    table: &SymbolTable<'data, FileHeader64<LE>>,
) -> Result<Vec<ProgramSymbol<'data>>, Error> {
    let mut symbols = Vec::with_capacity(table.len());
    for (index, symbol) in table.enumerate() {
        let name = table.symbol_name(LE, symbol).map_err(invalid)?;
        let value = symbol.st_value(LE);
        let section = table.symbol_section(LE, symbol, index).map_err(invalid)?;
        let place = match (section, symbol.st_shndx(LE)) {
            (Some(section), _) => SymbolPlace::Section { index: section.0, offset: value },
            (None, _) if index.0 == 0 => SymbolPlace::Null,
            (None, elf::SHN_UNDEF) => SymbolPlace::Undefined,
            (None, elf::SHN_ABS) => SymbolPlace::Absolute(value),
            (None, reserved) => {
                let name = String::from_utf8_lossy(name);
                return Err(Error::Object(format!(
                    "symbol `{name}` lies in reserved section {reserved:#x}"
                )));
            }
        };
        symbols.push(ProgramSymbol {
            name,
            place,
            info: symbol.st_info(),
            other: symbol.st_other(),
            size_bytes: symbol.st_size(LE),
        });
    }
    Ok(symbols)
}
