//! Addresses of the program's symbols, and the symbol table of the executable.

use object::LittleEndian as LE;
use object::elf::{self, Sym64};
use object::read::elf::Sym as _;
use object::{U16, U32, U64};

use crate::image::{Global, Image};
use crate::layout::Layout;
use crate::program::{Program, ProgramSymbol, SymbolPlace};
use crate::{Error, PROGRAM_SYMBOL};

/// The address of every symbol of the object, by its index there; `None` if the symbol lies in a
/// section that is left out.
pub(crate) fn resolve(
    image: &Image,
    program: &Program,
    layout: &Layout,
) -> Result<Vec<Option<u64>>, Error> {
    let mut addresses = Vec::with_capacity(program.symbols.len());
    let mut undefined = Vec::new();
    let mut duplicate = Vec::new();
    for symbol in &program.symbols {
        if defined_twice(symbol, image) {
            duplicate.push(String::from_utf8_lossy(symbol.name).into_owned());
        }
        addresses.push(match symbol.place {
            SymbolPlace::Null => Some(0),
            SymbolPlace::Absolute(value) | SymbolPlace::Image(value) => Some(value),
            SymbolPlace::Section { index, offset } => section_symbol(layout, index, offset)?,
            SymbolPlace::Undefined => match image.globals.get(symbol.name) {
                Some(global) => Some(imported(symbol, global)?),
                None if symbol.binding() == elf::STB_WEAK => Some(0),
                None => {
                    undefined.push(String::from_utf8_lossy(symbol.name).into_owned());
                    None
                }
            },
        });
    }
    if !undefined.is_empty() {
        undefined.sort_unstable();
        return Err(Error::Undefined(undefined));
    }
    if !duplicate.is_empty() {
        duplicate.sort_unstable();
        return Err(Error::Duplicate(duplicate));
    }
    Ok(addresses)
}

/// The address of the program's description.
pub(crate) fn program_address(program: &Program, addresses: &[Option<u64>]) -> Result<u64, Error> {
    let index = program.symbols.iter().position(|symbol| {
        symbol.name == PROGRAM_SYMBOL.as_bytes()
            && symbol.binding() != elf::STB_LOCAL
            && matches!(symbol.place, SymbolPlace::Section { .. })
    });
    let address = index.and_then(|index| addresses[index]);
    address.ok_or_else(|| Error::Object(format!("it does not define `{PROGRAM_SYMBOL}`")))
}

fn defined_twice(symbol: &ProgramSymbol, image: &Image) -> bool {
    let strong_here = symbol.binding() == elf::STB_GLOBAL
        && matches!(symbol.place, SymbolPlace::Section { .. } | SymbolPlace::Absolute(_));
    strong_here && image.globals.get(symbol.name).is_some_and(|global| !global.weak)
}

fn section_symbol(layout: &Layout, section: usize, offset: u64) -> Result<Option<u64>, Error> {
    let place = layout.places.get(section);
    let place = place.ok_or_else(|| Error::Object("a symbol lies in an unknown section".into()))?;
    Ok(place.map(|place| place.address.wrapping_add(offset)))
}

fn imported(symbol: &ProgramSymbol, global: &Global) -> Result<u64, Error> {
    let refuse = |what| {
        let name = String::from_utf8_lossy(symbol.name);
        Err(Error::Object(format!("it refers to `{name}`, which {what}")))
    };
    match global.kind {
        elf::STT_GNU_IFUNC => refuse("the C library chooses at start; let the runtime wrap it"),
        elf::STT_TLS => refuse("is a thread-local variable of the runtime"),
        _ => Ok(global.address),
    }
}

pub(crate) struct SymbolTable {
    pub(crate) entries: Vec<Sym64<LE>>,
    pub(crate) strings: Vec<u8>,
    /// Local symbols stand first.
    pub(crate) local_count: u32,
}

impl SymbolTable {
    /// The symbols of image and program.
    pub(crate) fn merge(
        image: &Image,
        program: &Program,
        layout: &Layout,
        addresses: &[Option<u64>],
    ) -> Result<SymbolTable, Error> {
        let mut strings = image.symbol_strings.to_vec();
        let (mut locals, mut globals): (Vec<_>, Vec<_>) =
            image.symbols.iter().copied().partition(|symbol| symbol.is_local());
        locals.insert(0, Sym64::default());
        // An unnamed file ends the image's last one, as the system's linker does.
        locals.push(Sym64 {
            st_info: elf::STB_LOCAL << 4 | elf::STT_FILE,
            st_shndx: U16::new(LE, elf::SHN_ABS),
            ..Sym64::default()
        });
        for (symbol, address) in program.symbols.iter().zip(addresses) {
            let Some(section) = symbol_section(image, layout, symbol) else {
                continue;
            };
            let name = u32::try_from(strings.len());
            let name = name.map_err(|_| Error::Object("names take more than 4 GB".into()))?;
            strings.extend_from_slice(symbol.name);
            strings.push(0);
            let list = if symbol.binding() == elf::STB_LOCAL { &mut locals } else { &mut globals };
            list.push(Sym64 {
                st_name: U32::new(LE, name),
                st_info: symbol.info,
                st_other: symbol.other,
                st_shndx: U16::new(LE, section),
                st_value: U64::new(LE, address.unwrap_or(0)),
                st_size: U64::new(LE, symbol.size_bytes),
            });
        }
        let local_count = locals.len() as u32;
        locals.append(&mut globals);
        Ok(SymbolTable { entries: locals, strings, local_count })
    }
}

/// The executable's section that a symbol of the program lies in; `None` if the symbol is of no use
/// to anyone there.
fn symbol_section(image: &Image, layout: &Layout, symbol: &ProgramSymbol) -> Option<u16> {
    if matches!(symbol.kind(), elf::STT_SECTION | elf::STT_FILE) {
        return None;
    }
    match symbol.place {
        SymbolPlace::Null | SymbolPlace::Undefined | SymbolPlace::Image(_) => None,
        SymbolPlace::Absolute(_) => Some(elf::SHN_ABS),
        SymbolPlace::Section { index, .. } => {
            let place = (*layout.places.get(index)?)?;
            // Sections of the program follow those of the image, which follow the null section.
            u16::try_from(1 + image.sections.len() + place.output).ok()
        }
    }
}
