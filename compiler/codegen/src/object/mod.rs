//! Compiled functions, literals and tables as one relocatable object file.
//!
//! Functions stand in the order of their names, each reference between them is resolved here, and
//! all tables of `beamrc_abi::program` are written as data, so that the linker has only addresses
//! to fill in. The same input gives the same bytes.

mod data;
mod literals;
mod tables;

use crate::clif::{Atoms, Compiled, RelocKind, Stub, Symbol, isa};
use crate::ssa::{Convention, Function, LambdaRef, Location, Name, Plan};
use beamrc_abi::bifs::Bif;
use beamrc_beam::{Atom, Literal};
use data::{Data, Place, Target};
use literals::{Exports, Literals, Word};
use object::write::{
    Object, Relocation, SectionId, StandardSection, Symbol as ObjectSymbol, SymbolId, SymbolSection,
};
use object::{
    Architecture, BinaryFormat, Endianness, RelocationFlags, SymbolFlags, SymbolKind, SymbolScope,
    elf,
};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// A compiled function with what its references need.
pub struct Unit {
    pub name: Name,
    pub convention: Convention,
    pub code: Compiled,
    pub literals: Vec<Literal>,
    pub plans: Vec<Plan>,
    pub strings: Vec<Vec<u8>>,
    pub lambdas: Vec<LambdaRef>,
    pub locations: Vec<Location>,
}

impl Unit {
    pub fn new(f: Function, code: Compiled) -> Unit {
        Unit {
            name: f.name,
            convention: f.convention,
            code,
            literals: f.literals,
            plans: f.plans,
            strings: f.strings,
            lambdas: f.lambdas,
            locations: f.locations,
        }
    }
}

/// A module as `module_info` shows it.
pub struct ModuleInfo {
    pub name: Atom,
    pub whole: bool,
    pub attributes: Literal,
    pub compile: Literal,
    pub exports: Vec<(Atom, u32)>,
    pub functions: Vec<(Atom, u32)>,
    /// Its native records, as `abi::program::Module` has them.
    pub records: Literal,
    pub md5: [u8; 16],
}

/// The rest of the program's description.
pub struct Description<'a> {
    pub modules: Vec<ModuleInfo>,
    /// Functions that can be called by name; the BIF behind one, if it is a wrapper.
    pub exports: BTreeMap<Name, Option<&'static Bif>>,
    /// All atoms with their numbers.
    pub atoms: Vec<(u32, Atom)>,
    pub entry: (Atom, Atom),
    pub otp_release: &'a str,
    pub resources: &'a [(String, Vec<u8>)],
}

/// Numbers of atoms by text.
pub struct AtomIds(HashMap<Atom, u32>);

impl AtomIds {
    pub fn new(atoms: &[(u32, Atom)]) -> AtomIds {
        AtomIds(atoms.iter().map(|(id, text)| (text.clone(), *id)).collect())
    }
}
impl Atoms for AtomIds {
    fn id(&self, text: &str) -> u32 {
        match self.0.get(text) {
            Some(id) => *id,
            None => panic!("the atom '{text}' has no number"),
        }
    }
}

/// A program's object file, and what it is made of.
pub struct Made {
    pub object: Vec<u8>,
    pub sizes: Sizes,
}

/// Bytes of the object file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sizes {
    pub of_module: BTreeMap<Atom, ModuleSize>,
    /// All machine code.
    pub code_bytes: u64,
    /// All data: literals, and tables of call sites, lines, exports, atoms and embedded files.
    pub data_bytes: u64,
}

/// What a module has of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ModuleSize {
    pub code_bytes: u64,
    /// Literals and the like; what several modules share counts for the first.
    pub literal_bytes: u64,
}

/// A function's place in the text section.
struct Placed {
    offset: u64,
}

/// Exports in their table: where each stands and what code it has.
struct ExportTable {
    /// Position in the table, and number of the code, by name.
    position: HashMap<Name, (usize, usize)>,
    capacity: usize,
}
impl Exports for ExportTable {
    fn export(&mut self, module: &str, function: &str, arity: u32) -> (usize, usize) {
        let name = Name { module: module.into(), function: function.into(), arity };
        match self.position.get(&name) {
            Some((position, code)) => (*code, *position),
            None => panic!("fun {name} of a literal is not among the exports"),
        }
    }
}

pub struct Writer<'a> {
    units: &'a [Unit],
    description: &'a Description<'a>,
    atoms: &'a AtomIds,
    placed: Vec<Placed>,
    number_of: HashMap<(&'a Name, Convention), usize>,
    text: Vec<u8>,
    data: Data,
    literals: Literals,
    lambdas: HashMap<LambdaRef, Place>,
    exports: ExportTable,
    /// Trampolines into the runtime, by offset in the text; made behind the functions.
    trampolines: BTreeMap<(Stub, Arc<str>), u64>,
    /// References from the text: offset, kind, what to, addend.
    text_references: Vec<(u64, RelocKind, Reference, i64)>,
    sizes: Sizes,
}

/// What code refers to outside the text.
enum Reference {
    Data(Place),
    Runtime(Arc<str>),
}

/// The object file of a program. Units are in rising order of name and convention.
pub fn write(units: &[Unit], description: &Description, debug: bool) -> Result<Made, String> {
    let atoms = AtomIds::new(&description.atoms);
    let mut writer = Writer {
        units,
        description,
        atoms: &atoms,
        placed: vec![],
        number_of: HashMap::new(),
        text: vec![],
        data: Data::default(),
        literals: Literals::default(),
        lambdas: HashMap::new(),
        exports: ExportTable { position: HashMap::new(), capacity: 1 },
        trampolines: BTreeMap::new(),
        text_references: vec![],
        sizes: Sizes::default(),
    };
    writer.place_text();
    writer.place_trampolines();
    writer.place_exports();
    writer.resolve();
    let program = writer.tables();
    let sizes = Sizes {
        code_bytes: writer.text.len() as u64,
        data_bytes: writer.data.bytes.len() as u64,
        ..std::mem::take(&mut writer.sizes)
    };
    Ok(Made { object: writer.finish(program, debug)?, sizes })
}

impl<'a> Writer<'a> {
    fn place_text(&mut self) {
        let units: &'a [Unit] = self.units;
        for (i, unit) in units.iter().enumerate() {
            while self.text.len() % unit.code.alignment.max(16) as usize != 0 {
                self.text.push(0xcc);
            }
            self.placed.push(Placed { offset: self.text.len() as u64 });
            self.text.extend_from_slice(&unit.code.code);
            self.number_of.insert((&unit.name, unit.convention), i);
        }
    }
    /// One trampoline for each stub and function of the runtime that are used together.
    fn place_trampolines(&mut self) {
        let relocs = self.units.iter().flat_map(|u| &u.code.relocs);
        for reloc in relocs {
            if let Symbol::Through(stub, function) = &reloc.symbol {
                self.trampolines.insert((*stub, function.clone()), 0);
            }
        }
        for ((stub, function), offset) in &mut self.trampolines {
            let made = isa::trampoline(*stub);
            *offset = self.text.len() as u64;
            self.text.extend_from_slice(made.code);
            let (at, kind, addend) = made.function;
            self.text_references.push((
                *offset + at as u64,
                kind,
                Reference::Runtime(function.clone()),
                addend,
            ));
            let stub = Reference::Runtime(stub.symbol().into());
            self.text_references.push((
                *offset + made.stub as u64,
                RelocKind::Relative32,
                stub,
                -4,
            ));
        }
    }
    /// Writes the relative address of a place in the text.
    fn patch(&mut self, at: u64, to: u64, addend: i64, kind: RelocKind) {
        assert!(kind == RelocKind::Relative32, "functions are called relatively");
        let value = to as i64 + addend - at as i64;
        let bytes = i32::try_from(value).expect("text below 2 GiB").to_le_bytes();
        self.text[at as usize..at as usize + 4].copy_from_slice(&bytes);
    }
    fn place_exports(&mut self) {
        let count = self.description.exports.len();
        let capacity = table_capacity(count);
        let mut taken = vec![false; capacity];
        for name in self.description.exports.keys() {
            let id = |text: &str| self.atoms.id(text);
            let hash =
                beamrc_abi::program::export_hash(id(&name.module), id(&name.function), name.arity);
            let mut at = hash as usize & (capacity - 1);
            while taken[at] {
                at = (at + 1) & (capacity - 1);
            }
            taken[at] = true;
            let code = self.number_of[&(name, Convention::Plain)];
            self.exports.position.insert(name.clone(), (at, code));
        }
        self.exports.capacity = capacity;
    }
    /// Patches references between functions; notes the others.
    fn resolve(&mut self) {
        let units: &'a [Unit] = self.units;
        for (i, unit) in units.iter().enumerate() {
            let start = self.placed[i].offset;
            let data_before = self.data.bytes.len();
            for reloc in &unit.code.relocs {
                let at = start + reloc.offset as u64;
                let reference = match &reloc.symbol {
                    Symbol::Function(name, convention) => {
                        let callee = self.number_of.get(&(name, *convention));
                        let callee = *callee.unwrap_or_else(|| {
                            panic!("{} refers to {name} {convention:?}", unit.name)
                        });
                        self.patch(at, self.placed[callee].offset, reloc.addend, reloc.kind);
                        continue;
                    }
                    Symbol::Through(stub, function) => {
                        self.patch(
                            at,
                            self.trampolines[&(*stub, function.clone())],
                            reloc.addend,
                            reloc.kind,
                        );
                        continue;
                    }
                    Symbol::Runtime(symbol) => Reference::Runtime(symbol.clone()),
                    Symbol::Literal(l) => {
                        let literal = &unit.literals[*l as usize];
                        let word = self.literals.word(
                            literal,
                            &mut self.data,
                            self.atoms,
                            &mut self.exports,
                        );
                        let Word::Object(place, tag) = word else {
                            panic!("immediates are no literals")
                        };
                        Reference::Data(Place(place.0 + tag))
                    }
                    Symbol::Plan(p) => Reference::Data(self.plan(&unit.plans[*p as usize])),
                    Symbol::Bytes(b) => {
                        let place = self.data.align(8);
                        self.data.padded(&unit.strings[*b as usize]);
                        Reference::Data(place)
                    }
                    Symbol::Lambda(l) => Reference::Data(self.lambda(&unit.lambdas[*l as usize])),
                    Symbol::Mfa(name) => {
                        let ids = [
                            self.atoms.id(&name.module),
                            self.atoms.id(&name.function),
                            name.arity,
                            0,
                        ];
                        let place = self.data.align(8);
                        ids.into_iter().for_each(|half| self.data.half(half));
                        Reference::Data(place)
                    }
                };
                self.text_references.push((at, reloc.kind, reference, reloc.addend));
            }
            let size = self.sizes.of_module.entry(unit.name.module.clone()).or_default();
            size.code_bytes += unit.code.code.len() as u64;
            size.literal_bytes += (self.data.bytes.len() - data_before) as u64;
        }
    }
    fn plan(&mut self, plan: &Plan) -> Place {
        let strings: Vec<Option<Place>> = plan
            .segments
            .iter()
            .map(|s| {
                (s.segment.kind == beamrc_abi::entry::SegmentKind::String).then(|| {
                    let place = self.data.align(8);
                    self.data.padded(&s.string);
                    place
                })
            })
            .collect();
        let place = self.data.align(8);
        self.data.word(plan.segments.len() as u64);
        for (s, string) in plan.segments.iter().zip(strings) {
            let g = &s.segment;
            self.data.bytes.extend_from_slice(&[g.kind as u8, g.flags]);
            self.data.bytes.extend_from_slice(&g.unit.to_le_bytes());
            self.data.half(g.index);
            self.data.word(g.size);
            match string {
                Some(place) => self.data.address(Target::Data(place, 0)),
                None => self.data.word(0),
            }
        }
        place
    }
    fn lambda(&mut self, lambda: &LambdaRef) -> Place {
        if let Some(known) = self.lambdas.get(lambda) {
            return *known;
        }
        let place = self.data.align(8);
        let name = &lambda.function;
        let halves = [
            self.atoms.id(&name.module),
            self.atoms.id(&name.function),
            name.arity - lambda.free,
            lambda.free,
            lambda.index,
            lambda.index,
            lambda.old_uniq,
            0,
        ];
        halves.into_iter().for_each(|half| self.data.half(half));
        self.data.bytes.extend_from_slice(&lambda.uniq);
        self.lambdas.insert(lambda.clone(), place);
        place
    }

    /// Sections, symbols and relocations.
    fn finish(self, program: Place, debug: bool) -> Result<Vec<u8>, String> {
        let mut object = Object::new(BinaryFormat::Elf, Architecture::X86_64, Endianness::Little);
        let text = object.section_id(StandardSection::Text);
        object.append_section_data(text, &self.text, 64);
        // Addresses are filled in by the linker; nothing is written at run time but the roots of
        // large maps.
        let data = object.section_id(StandardSection::Data);
        object.append_section_data(data, &self.data.bytes, 64);
        let (text_symbol, data_symbol) = (object.section_symbol(text), object.section_symbol(data));
        add_symbol(
            &mut object,
            beamrc_abi::program::SYMBOL,
            SymbolSection::Section(data),
            program.0,
            0,
            SymbolKind::Data,
        );
        let mut function_symbols = vec![];
        if debug {
            for (i, unit) in self.units.iter().enumerate() {
                let name = match unit.convention {
                    Convention::Plain => unit.name.to_string(),
                    Convention::Closure { .. } => format!("{}$closure", unit.name),
                };
                let section = SymbolSection::Section(text);
                let size = unit.code.code.len() as u64;
                function_symbols.push(add_local(
                    &mut object,
                    &name,
                    section,
                    self.placed[i].offset,
                    size,
                ));
            }
        }
        self.relocate(&mut object, (text, text_symbol), (data, data_symbol))?;
        if debug {
            self.debug(&mut object, &function_symbols)?;
        }
        object.write().map_err(|e| e.to_string())
    }
    fn relocate(
        &self,
        object: &mut Object,
        text: (SectionId, SymbolId),
        data: (SectionId, SymbolId),
    ) -> Result<(), String> {
        let add = |object: &mut Object, section, offset, symbol, addend, r_type| {
            let relocation =
                Relocation { offset, symbol, addend, flags: RelocationFlags::Elf { r_type } };
            object.add_relocation(section, relocation).map_err(|e| e.to_string())
        };
        let mut runtime: HashMap<Arc<str>, SymbolId> = HashMap::new();
        for (offset, kind, reference, addend) in &self.text_references {
            let (symbol, extra) = match reference {
                Reference::Data(place) => (data.1, place.0 as i64),
                Reference::Runtime(name) => {
                    let symbol =
                        *runtime.entry(name.clone()).or_insert_with(|| undefined(object, name));
                    (symbol, 0)
                }
            };
            let r_type = match kind {
                RelocKind::Relative32 => elf::R_X86_64_PC32,
                RelocKind::Absolute32 => elf::R_X86_64_32S,
                RelocKind::Absolute64 => elf::R_X86_64_64,
            };
            add(object, text.0, *offset, symbol, addend + extra, r_type)?;
        }
        for (offset, target) in &self.data.addresses {
            let (symbol, addend) = match target {
                Target::Data(place, tag) => (data.1, (place.0 + tag) as i64),
                Target::Code(i) => (text.1, self.placed[*i].offset as i64),
                Target::TextStart => (text.1, 0),
                Target::TextEnd => (text.1, self.text.len() as i64),
            };
            add(object, data.0, *offset, symbol, addend, elf::R_X86_64_64)?;
        }
        Ok(())
    }
    /// Line tables for debuggers.
    fn debug(&self, object: &mut Object, symbols: &[SymbolId]) -> Result<(), String> {
        use beamrc_link::dwarf;
        let mut files: Vec<String> = vec![];
        let mut file_of: HashMap<Arc<str>, u32> = HashMap::new();
        let mut lines: Vec<Vec<dwarf::Line>> = vec![];
        for unit in self.units {
            let mut rows = vec![];
            for (offset, location) in &unit.code.lines {
                let location = &unit.locations[*location as usize];
                let Some(file) = &location.file else { continue };
                let file = *file_of.entry(file.clone()).or_insert_with(|| {
                    files.push(file.to_string());
                    files.len() as u32 - 1
                });
                rows.push(dwarf::Line { code_offset: *offset, file, line: location.line });
            }
            lines.push(rows);
        }
        let names: Vec<String> = self.units.iter().map(|u| u.name.to_string()).collect();
        let functions: Vec<dwarf::Function> = self
            .units
            .iter()
            .enumerate()
            .map(|(i, unit)| dwarf::Function {
                symbol: symbols[i],
                name: &names[i],
                size_bytes: unit.code.code.len() as u64,
                defined_at: lines[i].first().map(|l| (l.file as usize, l.line)),
                lines: &lines[i],
            })
            .collect();
        let info = dwarf::DebugInfo {
            producer: concat!("beamrc ", env!("CARGO_PKG_VERSION")),
            name: &self.description.entry.0,
            directory: ".",
            files: &files,
            functions: &functions,
        };
        dwarf::write_debug(object, &info).map_err(|e| e.to_string())
    }
}

fn add_symbol(
    object: &mut Object,
    name: &str,
    section: SymbolSection,
    value: u64,
    size: u64,
    kind: SymbolKind,
) -> SymbolId {
    object.add_symbol(ObjectSymbol {
        name: name.as_bytes().to_vec(),
        value,
        size,
        kind,
        scope: SymbolScope::Linkage,
        weak: false,
        section,
        flags: SymbolFlags::None,
    })
}
fn add_local(
    object: &mut Object,
    name: &str,
    section: SymbolSection,
    value: u64,
    size: u64,
) -> SymbolId {
    object.add_symbol(ObjectSymbol {
        name: name.as_bytes().to_vec(),
        value,
        size,
        kind: SymbolKind::Text,
        scope: SymbolScope::Compilation,
        weak: false,
        section,
        flags: SymbolFlags::None,
    })
}
fn undefined(object: &mut Object, name: &str) -> SymbolId {
    add_symbol(object, name, SymbolSection::Undefined, 0, 0, SymbolKind::Text)
}

/// How many places a table of open addressing has for this many entries: at most three of four are
/// taken, so that searches end soon.
fn table_capacity(count: usize) -> usize {
    (count + count / 3 + 1).next_power_of_two()
}
