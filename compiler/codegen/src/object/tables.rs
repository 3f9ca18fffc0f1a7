//! The tables of `beamrc_abi::program`, written in the layout of its structures.

use super::data::{Place, Target};
use super::literals::Word;
use super::{ModuleInfo, Writer};
use beamrc_abi::program as abi;
use beamrc_beam::{Atom, Literal};
use std::collections::HashMap;
use std::mem::size_of;

/// Address and count of a table.
type Table = (Place, usize);

/// What the tables of call sites share.
struct Locations {
    rows: Vec<[u32; 4]>,
    of: HashMap<[u32; 4], u32>,
    files: Vec<std::sync::Arc<str>>,
    file_of: HashMap<std::sync::Arc<str>, u32>,
}

impl Writer<'_> {
    /// Writes every table, then the program's description; returns its place.
    pub(super) fn tables(&mut self) -> Place {
        let (sites, slots, locations) = self.call_sites();
        let files = self
            .strings(&locations.files.iter().map(|f| f.as_bytes().to_vec()).collect::<Vec<_>>());
        let functions = self.functions();
        let modules = self.modules();
        let exports = self.export_rows();
        let atoms = self.atom_rows();
        let resources = self.resources();
        let maps = self.large_maps();
        let location_rows = self.halves(&locations.rows.concat(), 4);
        let release = self.string(self.description.otp_release.as_bytes());
        let place = self.data.align(16);
        self.data.word(abi::MAGIC);
        self.data.word(beamrc_abi::VERSION);
        self.data.address(Target::TextStart);
        self.data.address(Target::TextEnd);
        for table in [sites, slots, location_rows, files, functions, modules, exports, atoms] {
            self.table(table);
        }
        self.data.half(self.atoms.0[&self.description.entry.0]);
        self.data.half(self.atoms.0[&self.description.entry.1]);
        self.str(release);
        self.table(resources);
        self.table(maps);
        debug_assert_eq!(self.data.bytes.len() as u64 - place.0, size_of::<abi::Program>() as u64);
        place
    }

    fn table(&mut self, (place, count): Table) {
        self.data.address(Target::Data(place, 0));
        self.data.word(count as u64);
    }
    fn str(&mut self, (place, length): Table) {
        self.table((place, length));
    }
    fn string(&mut self, bytes: &[u8]) -> Table {
        let place = self.data.align(8);
        self.data.padded(bytes);
        (place, bytes.len())
    }
    fn strings(&mut self, strings: &[Vec<u8>]) -> Table {
        let places: Vec<Table> = strings.iter().map(|s| self.string(s)).collect();
        let place = self.data.align(8);
        places.iter().for_each(|p| self.str(*p));
        (place, strings.len())
    }
    /// Rows of this many 32-bit numbers.
    fn halves(&mut self, halves: &[u32], row: usize) -> Table {
        let place = self.data.align(8);
        halves.iter().for_each(|h| self.data.half(*h));
        self.data.align(8);
        (place, halves.len() / row)
    }
    fn literal(&mut self, literal: &Literal) -> Word {
        self.literals.word(literal, &mut self.data, self.atoms, &mut self.exports)
    }

    fn call_sites(&mut self) -> (Table, Table, Locations) {
        let mut locations = Locations {
            rows: vec![[0, u32::MAX, 0, 0]],
            of: HashMap::new(),
            files: vec![],
            file_of: HashMap::new(),
        };
        let mut slots: Vec<u32> = vec![0];
        let mut slots_of = HashMap::from([((None, vec![]), 0)]);
        let mut sites = vec![];
        for (i, unit) in self.units.iter().enumerate() {
            let start = self.placed[i].offset as u32;
            for site in &unit.code.call_sites {
                let handler = site.handler.map(|h| start + h);
                let index = *slots_of.entry((handler, site.slots.clone())).or_insert_with(|| {
                    slots.extend(handler);
                    let index = slots.len() as u32;
                    slots.push(site.slots.len() as u32);
                    slots.extend(&site.slots);
                    handler.map_or(index, |_| abi::HANDLED | index)
                });
                let location = &unit.locations[site.location as usize];
                let file = location.file.as_ref().map_or(u32::MAX, |f| locations.file(f));
                let location = locations.row([i as u32, file, location.line, 0]);
                sites.extend([start + site.return_offset, index, location]);
            }
        }
        let sites = self.halves(&sites, 3);
        let slots = self.halves(&slots, 1);
        (sites, slots, locations)
    }
    fn functions(&mut self) -> Table {
        let mut rows = vec![];
        for (i, unit) in self.units.iter().enumerate() {
            let start = self.placed[i].offset as u32;
            let name = &unit.name;
            let (module, function) = (self.atoms.0[&name.module], self.atoms.0[&name.function]);
            rows.extend([start, start + unit.code.code.len() as u32, module, function, name.arity]);
        }
        self.halves(&rows, 5)
    }
    fn modules(&mut self) -> Table {
        let description = self.description;
        let mut rows = vec![];
        for module in &description.modules {
            let words = [
                self.literal(&module.attributes),
                self.literal(&module.compile),
                self.literal(&pairs(&module.exports)),
                self.literal(&pairs(&module.functions)),
                self.literal(&module.records),
            ];
            rows.push((module, words));
        }
        let place = self.data.align(8);
        for (module, words) in rows {
            self.module_row(module, words);
        }
        (place, description.modules.len())
    }
    fn module_row(&mut self, module: &ModuleInfo, words: [Word; 5]) {
        self.data.half(self.atoms.0[&module.name]);
        self.data.half(module.whole as u32);
        for word in words {
            match word {
                Word::Immediate(word) => self.data.word(word),
                Word::Object(place, tag) => self.data.address(Target::Data(place, tag)),
            }
        }
        self.data.bytes.extend_from_slice(&module.md5);
    }
    fn export_rows(&mut self) -> Table {
        let capacity = self.exports.capacity;
        let mut rows = vec![None; capacity];
        for (name, (position, code)) in &self.exports.position {
            rows[*position] = Some((name.clone(), *code));
        }
        let place = self.data.align(8);
        for row in rows {
            match row {
                Some((name, code)) => {
                    // The fun comes last among a closure's arguments, where a plain function does
                    // not look.
                    self.data.address(Target::Code(code));
                    self.data.address(Target::Code(code));
                    self.data.half(self.atoms.0[&name.module]);
                    self.data.half(self.atoms.0[&name.function]);
                    self.data.half(name.arity);
                    self.data.half(self.description.exports[&name].is_some() as u32);
                }
                None => (0..4).for_each(|_| self.data.word(0)),
            }
        }
        for (word, position) in std::mem::take(&mut self.literals.export_words) {
            let entry = Place(place.0 + (position * size_of::<abi::Export>()) as u64);
            self.data.addresses.push((word, Target::Data(entry, 0)));
        }
        (place, capacity)
    }
    fn atom_rows(&mut self) -> Table {
        let description = self.description;
        let capacity = super::table_capacity(description.atoms.len());
        let mut rows: Vec<Option<(u32, &Atom)>> = vec![None; capacity];
        for (id, text) in &description.atoms {
            let mut at = *id as usize & (capacity - 1);
            while rows[at].is_some() {
                at = (at + 1) & (capacity - 1);
            }
            rows[at] = Some((*id, text));
        }
        // Texts need no alignment.
        let mut texts = vec![];
        for row in &rows {
            texts.push(row.map(|(_, text)| {
                let at = Place(self.data.bytes.len() as u64);
                self.data.bytes.extend_from_slice(text.as_bytes());
                (at, text.len())
            }));
        }
        let place = self.data.align(8);
        for (row, text) in rows.iter().zip(texts) {
            match (row, text) {
                (Some((id, atom)), Some(text)) => {
                    self.str(text);
                    let mut first = [0; 4];
                    let bytes = atom.as_bytes();
                    let n = bytes.len().min(4);
                    first[..n].copy_from_slice(&bytes[..n]);
                    self.data.half(*id);
                    self.data.half(atom.chars().count() as u32);
                    self.data.half(u32::from_be_bytes(first));
                    self.data.half(beamrc_abi::atom::otp_hash(bytes));
                }
                _ => {
                    (0..2).for_each(|_| self.data.word(0));
                    [0, u32::MAX, 0, 0].into_iter().for_each(|h| self.data.half(h));
                }
            }
        }
        (place, capacity)
    }
    fn resources(&mut self) -> Table {
        let description = self.description;
        let mut sorted: Vec<&(String, Vec<u8>)> = description.resources.iter().collect();
        sorted.sort();
        let rows: Vec<(Table, Table)> = sorted
            .iter()
            .map(|(name, data)| (self.string(name.as_bytes()), self.string(data)))
            .collect();
        let place = self.data.align(8);
        for (name, data) in &rows {
            self.str(*name);
            self.str(*data);
        }
        (place, rows.len())
    }
    fn large_maps(&mut self) -> Table {
        let maps = std::mem::take(&mut self.literals.large_maps);
        let place = self.data.align(8);
        for (object, pairs, count) in &maps {
            self.data.address(Target::Data(*object, 0));
            self.data.address(Target::Data(*pairs, 0));
            self.data.word(*count);
        }
        (place, maps.len())
    }
}

impl Locations {
    fn row(&mut self, row: [u32; 4]) -> u32 {
        *self.of.entry(row).or_insert_with(|| {
            self.rows.push(row);
            self.rows.len() as u32 - 1
        })
    }
    fn file(&mut self, file: &std::sync::Arc<str>) -> u32 {
        *self.file_of.entry(file.clone()).or_insert_with(|| {
            self.files.push(file.clone());
            self.files.len() as u32 - 1
        })
    }
}

/// `[{Name, Arity}]`
fn pairs(names: &[(Atom, u32)]) -> Literal {
    let pair = |(name, arity): &(Atom, u32)| {
        Literal::Tuple(vec![Literal::Atom(name.clone()), Literal::Int(*arity as i64)].into())
    };
    Literal::proper_list(names.iter().map(pair).collect())
}
