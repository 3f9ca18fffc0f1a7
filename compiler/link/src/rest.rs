//! What of the runtime is not in the image: those sections of its object that only some programs
//! reach. They are added to such a program as if they were its own.
//!
//! Whoever made the image says where in it the object's other sections lie. What is in neither,
//! the C library's functions, the image defines. The object's thread-local variables are all in
//! the image. This file must not know what the sections hold.

use std::borrow::Cow;
use std::collections::HashMap;

use object::LittleEndian as LE;
use object::elf;

use crate::image::Image;
use crate::program::{Class, Program, ProgramSection, ProgramSymbol, SymbolPlace};
use crate::sections::empty_header;
use crate::{Error, x86_64};

/// The object that an image was linked from.
pub struct Rest<'data> {
    object: Program<'data>,
    /// By section of the object, its address in the image; 0 if it is not there.
    addresses: Vec<u64>,
    /// The object's symbols that others can refer to, by index.
    globals: HashMap<&'data [u8], usize>,
}

impl<'data> Rest<'data> {
    /// `addresses` are eight bytes for each section: where it is in the image, or 0.
    pub fn parse(object: &'data [u8], addresses: &[u8]) -> Result<Rest<'data>, Error> {
        let (addresses, rest) = addresses.as_chunks::<8>();
        let addresses: Vec<u64> = addresses.iter().map(|a| u64::from_le_bytes(*a)).collect();
        let in_image = |index: usize| addresses.get(index).is_some_and(|address| *address != 0);
        let object = Program::parse_but(object, in_image)?;
        if !rest.is_empty() || addresses.len() != object.sections.len() {
            return Err(Error::Image("it is not that of the runtime's object".into()));
        }
        let symbols = object.symbols.iter().enumerate();
        let globals = symbols.filter(|(_, symbol)| {
            symbol.binding() != elf::STB_LOCAL
                && matches!(symbol.place, SymbolPlace::Section { .. })
        });
        let globals = globals.map(|(index, symbol)| (symbol.name, index)).collect();
        Ok(Rest { object, addresses, globals })
    }

    /// Adds to the program what it lacks, with all that this needs in turn.
    pub(crate) fn add_to(&self, program: &mut Program<'data>, image: &Image) -> Result<(), Error> {
        let first_section = program.sections.len();
        let mut kept = vec![false; self.addresses.len()];
        let mut queue = Vec::new();
        for symbol in &mut program.symbols {
            let missing =
                symbol.place == SymbolPlace::Undefined && !image.globals.contains_key(symbol.name);
            if let Some(found) = self.globals.get(symbol.name).filter(|_| missing) {
                let place = self.object.symbols[*found].place;
                symbol.place = self.place(place, first_section);
                self.reach(place, &mut kept, &mut queue);
            }
        }
        let mut used = vec![false; self.object.symbols.len()];
        while let Some(section) = queue.pop() {
            let section = self.object.sections[section].as_ref();
            for relocation in section.into_iter().flat_map(|section| section.relocations) {
                let symbol = relocation.r_sym(LE, false) as usize;
                let target = self.object.symbols.get(symbol);
                let target =
                    target.ok_or_else(|| Error::Object("a relocation has no symbol".into()))?;
                used[symbol] = true;
                self.reach(target.place, &mut kept, &mut queue);
            }
        }
        self.add_symbols(program, image, &used, &kept)?;
        Ok(())
    }

    fn reach(&self, place: SymbolPlace, kept: &mut [bool], queue: &mut Vec<usize>) {
        if let SymbolPlace::Section { index, .. } = place
            && self.addresses.get(index) == Some(&0)
            && !std::mem::replace(&mut kept[index], true)
        {
            queue.push(index);
        }
    }

    /// A place of the object as one of the program.
    fn place(&self, place: SymbolPlace, first_section: usize) -> SymbolPlace {
        match place {
            SymbolPlace::Section { index, offset } => match self.addresses.get(index) {
                None | Some(0) => SymbolPlace::Section { index: first_section + index, offset },
                Some(address) => SymbolPlace::Image(address.wrapping_add(offset)),
            },
            place => place,
        }
    }

    fn add_symbols(
        &self,
        program: &mut Program<'data>,
        image: &Image,
        used: &[bool],
        kept: &[bool],
    ) -> Result<(), Error> {
        let first_section = program.sections.len();
        let first_symbol = program.symbols.len();
        let sections = self.object.sections.iter().zip(kept);
        program.sections.extend(sections.map(|(section, kept)| {
            let section = section.as_ref().filter(|_| *kept)?;
            Some(ProgramSection {
                first_symbol,
                of_runtime: true,
                data: section.data.clone(),
                ..*section
            })
        }));
        let jumps_section = program.sections.len();
        let mut jumps = Vec::new();
        for (symbol, used) in self.object.symbols.iter().zip(used) {
            let mut place = self.place(symbol.place, first_section);
            let mut info = symbol.info;
            if symbol.place == SymbolPlace::Undefined {
                let chosen_at_start = image
                    .globals
                    .get(symbol.name)
                    .filter(|global| global.kind == elf::STT_GNU_IFUNC);
                place = match chosen_at_start {
                    _ if !*used => SymbolPlace::Null,
                    None => SymbolPlace::Undefined,
                    Some(global) => {
                        let slot = image.chosen.get(&global.address).ok_or_else(|| {
                            let name = String::from_utf8_lossy(symbol.name);
                            Error::Image(format!("it does not choose a `{name}`"))
                        })?;
                        let offset = jumps.len() as u64;
                        info = elf::STB_LOCAL << 4 | elf::STT_FUNC;
                        jumps.extend(x86_64::jump_through(*slot)?);
                        SymbolPlace::Section { index: jumps_section, offset }
                    }
                };
            }
            program.symbols.push(ProgramSymbol { place, info, ..*symbol });
        }
        program.sections.push((!jumps.is_empty()).then(|| jumps_code(jumps)));
        Ok(())
    }
}

/// The section of jumps to functions that the C library chooses at start.
fn jumps_code<'data>(jumps: Vec<u8>) -> ProgramSection<'data> {
    ProgramSection {
        name: b".text.jumps",
        class: Class::Code,
        header: empty_header(),
        size_bytes: jumps.len() as u64,
        alignment: 8,
        data: Cow::Owned(jumps),
        relocations: &[],
        first_symbol: 0,
        of_runtime: true,
    }
}
