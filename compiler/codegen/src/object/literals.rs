//! Literal terms as the runtime's heap objects in the data section, each distinct one once.

use super::data::{Data, Place, Target};
use crate::clif::Atoms;
use crate::literal_order;
use beamrc_abi::term::{self, Kind};
use beamrc_beam::Literal;
use std::collections::HashMap;

/// A term in the making: a finished word, or the tagged address of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    Immediate(u64),
    Object(Place, u64),
}

/// Where `fun M:F/A` finds its export.
pub trait Exports {
    /// Number of the function's code, and the place of its export entry.
    fn export(&mut self, module: &str, function: &str, arity: u32) -> (usize, usize);
}

#[derive(Default)]
pub struct Literals {
    known: HashMap<Vec<u8>, Word>,
    /// Words that hold the address of an export entry, by the entry's number.
    pub export_words: Vec<(u64, usize)>,
    /// Large maps, which the runtime completes when the program starts: place of the object that
    /// is reserved, place of its keys and values, number of pairs.
    pub large_maps: Vec<(Place, Place, u64)>,
}

/// Words reserved for the root of a large map: header, size, sixteen children.
const LARGE_MAP_WORDS: usize = 18;

impl Literals {
    /// The word of a literal, building its objects if they are new.
    pub fn word(
        &mut self,
        literal: &Literal,
        data: &mut Data,
        atoms: &dyn Atoms,
        exports: &mut dyn Exports,
    ) -> Word {
        if let Some(word) = immediate(literal, atoms) {
            return word;
        }
        let key = literal.to_external();
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let word = self.build(literal, data, atoms, exports);
        self.known.insert(key, word);
        word
    }

    /// Builds bottom-up with a stack of its own: literals nest to any depth.
    fn build(
        &mut self,
        literal: &Literal,
        data: &mut Data,
        atoms: &dyn Atoms,
        exports: &mut dyn Exports,
    ) -> Word {
        enum Step<'l> {
            Visit(&'l Literal),
            Make(&'l Literal, usize),
        }
        let mut steps = vec![Step::Visit(literal)];
        let mut done: Vec<Word> = vec![];
        while let Some(step) = steps.pop() {
            match step {
                Step::Visit(l) => {
                    if let Some(word) = immediate(l, atoms) {
                        done.push(word);
                        continue;
                    }
                    let children = ordered_children(l);
                    steps.push(Step::Make(l, children.len()));
                    steps.extend(children.into_iter().rev().map(Step::Visit));
                }
                Step::Make(l, count) => {
                    let children = done.split_off(done.len() - count);
                    let word = self.make(l, &children, data, atoms, exports);
                    done.push(word);
                }
            }
        }
        done.pop().expect("one term")
    }

    fn make(
        &mut self,
        literal: &Literal,
        children: &[Word],
        data: &mut Data,
        atoms: &dyn Atoms,
        exports: &mut dyn Exports,
    ) -> Word {
        match literal {
            Literal::Int(n) => {
                let kind = if *n < 0 { Kind::BigNeg } else { Kind::BigPos };
                object(data, kind, 0, &[n.unsigned_abs()])
            }
            Literal::BigInt(n) => {
                let kind =
                    if n.sign() == beamrc_beam::Sign::Minus { Kind::BigNeg } else { Kind::BigPos };
                object(data, kind, 0, &n.magnitude().to_u64_digits())
            }
            Literal::Float(x) => object(data, Kind::Float, 0, &[x.to_bits()]),
            Literal::List(_) => {
                let (tail, elements) = children.split_last().expect("a list has a tail");
                elements.iter().rfold(*tail, |tail, head| {
                    let place = data.align(16);
                    push(data, *head);
                    push(data, tail);
                    Word::Object(place, term::TAG_CONS)
                })
            }
            Literal::Tuple(_) => tuple(data, children),
            Literal::Map(_) => self.map(children, data),
            Literal::Binary(bytes) => bits(data, bytes, bytes.len() as u64 * 8),
            Literal::Bitstring(b) => {
                let size = (b.bytes.len() as u64 - 1) * 8 + b.last_bits as u64;
                bits(data, &b.bytes, size)
            }
            Literal::Export(e) => {
                let (code, entry) = exports.export(&e.module, &e.function, e.arity as u32);
                let place = data.align(16);
                data.word(term::header(Kind::ExportFun, 2, e.arity as u64));
                data.address(Target::Code(code));
                self.export_words.push((data.bytes.len() as u64, entry));
                data.word(0);
                Word::Object(place, term::TAG_BOXED)
            }
            Literal::Record(record) => {
                let exported = if record.exported { "true" } else { "false" };
                let head = [&*record.module, &*record.name, exported];
                let names = head.into_iter().chain(record.keys.iter().map(|key| &**key));
                let names: Vec<Word> = names
                    .map(|name| {
                        immediate(&Literal::Atom(name.into()), atoms).expect("an immediate")
                    })
                    .collect();
                let definition = tuple(data, &names);
                let place = data.align(16);
                data.word(term::header(Kind::Record, 1 + children.len() as u64, 0));
                push(data, definition);
                children.iter().for_each(|w| push(data, *w));
                Word::Object(place, term::TAG_BOXED)
            }
            Literal::Atom(_) | Literal::Nil => immediate(literal, atoms).expect("an immediate"),
        }
    }
    /// Keys and values alternate, keys in term order.
    fn map(&mut self, pairs: &[Word], data: &mut Data) -> Word {
        let keys: Vec<Word> = pairs.iter().step_by(2).copied().collect();
        let values: Vec<Word> = pairs.iter().skip(1).step_by(2).copied().collect();
        if keys.len() > term::MAP_FLAT_MAX {
            let list = data.align(16);
            pairs.iter().for_each(|w| push(data, *w));
            let place = data.align(16);
            (0..LARGE_MAP_WORDS).for_each(|_| data.word(0));
            self.large_maps.push((place, list, keys.len() as u64));
            return Word::Object(place, term::TAG_BOXED);
        }
        let keys = tuple(data, &keys);
        let place = data.align(16);
        data.word(term::header(Kind::FlatMap, 1 + values.len() as u64, 0));
        push(data, keys);
        values.iter().for_each(|w| push(data, *w));
        Word::Object(place, term::TAG_BOXED)
    }
}

/// The terms directly inside; of a map, in the order of its keys.
fn ordered_children(literal: &Literal) -> Vec<&Literal> {
    let Literal::Map(terms) = literal else { return literal.children().iter().collect() };
    let mut pairs: Vec<(&Literal, &Literal)> =
        terms.chunks_exact(2).map(|p| (&p[0], &p[1])).collect();
    pairs.sort_by(|a, b| literal_order::compare_keys(a.0, b.0));
    pairs.into_iter().flat_map(|(k, v)| [k, v]).collect()
}

fn immediate(literal: &Literal, atoms: &dyn Atoms) -> Option<Word> {
    Some(Word::Immediate(match literal {
        Literal::Int(n) if (term::SMALL_MIN..=term::SMALL_MAX).contains(n) => term::small(*n),
        Literal::Atom(text) => term::atom(atoms.id(text)),
        Literal::Nil => term::NIL,
        _ => return None,
    }))
}

fn push(data: &mut Data, word: Word) {
    match word {
        Word::Immediate(word) => data.word(word),
        Word::Object(place, tag) => data.address(Target::Data(place, tag)),
    }
}
fn object(data: &mut Data, kind: Kind, extra: u64, words: &[u64]) -> Word {
    let place = data.align(16);
    data.word(term::header(kind, words.len() as u64, extra));
    words.iter().for_each(|w| data.word(*w));
    Word::Object(place, term::TAG_BOXED)
}
fn tuple(data: &mut Data, elements: &[Word]) -> Word {
    let place = data.align(16);
    data.word(term::header(Kind::Tuple, elements.len() as u64, 0));
    elements.iter().for_each(|w| push(data, *w));
    Word::Object(place, term::TAG_BOXED)
}
fn bits(data: &mut Data, bytes: &[u8], size_bits: u64) -> Word {
    let place = data.align(16);
    data.word(term::header(Kind::HeapBits, 1 + bytes.len().div_ceil(8) as u64, 0));
    data.word(size_bits);
    data.padded(bytes);
    Word::Object(place, term::TAG_BOXED)
}
