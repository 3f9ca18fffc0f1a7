//! Literal terms, owned and independent of any heap.
//!
//! Invariants: terms may nest to any depth, so nothing here recurses, not even `drop`;
//! the tail of a list is never a list again, and never follows zero elements. This file
//! must not know how the runtime lays terms out.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use num_bigint::BigInt;

/// An atom's text.
pub type Atom = Arc<str>;

/// A term that a file holds complete. Cloning is cheap: what is large is shared.
#[derive(Clone)]
pub enum Literal {
    /// An integer of at most 64 bits.
    Int(i64),
    /// An integer of more than 64 bits.
    BigInt(Arc<BigInt>),
    /// A finite float.
    Float(f64),
    /// An atom.
    Atom(Atom),
    /// The empty list.
    Nil,
    /// At least one element, then the tail, which is no list except `Nil`.
    List(Terms),
    /// A tuple.
    Tuple(Terms),
    /// A map: key, value, key, value, in the order of the file, no key twice.
    Map(Terms),
    /// A binary.
    Binary(Arc<[u8]>),
    /// A bitstring of no whole number of bytes.
    Bitstring(Arc<Bits>),
    /// `fun Module:Function/Arity`.
    Export(Arc<Export>),
    /// A native record.
    Record(Arc<Record>),
}

/// A bitstring of no whole number of bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Bits {
    /// At least one byte; the unused low bits of the last are 0.
    pub bytes: Vec<u8>,
    /// How many bits of the last byte count, from the high end: 1 to 7.
    pub last_bits: u8,
}

/// `fun Module:Function/Arity`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Export {
    /// The module.
    pub module: Atom,
    /// The function.
    pub function: Atom,
    /// How many arguments it takes.
    pub arity: u8,
}

/// A native record.
#[derive(Clone)]
pub struct Record {
    /// The module that defines it.
    pub module: Atom,
    /// Its name.
    pub name: Atom,
    /// Whether other modules may look into it.
    pub exported: bool,
    /// The names of its fields.
    pub keys: Vec<Atom>,
    /// Their values, in the order of `keys`.
    pub values: Terms,
}

/// Terms inside a term.
#[derive(Clone)]
pub struct Terms(Arc<Vec<Literal>>);

impl std::ops::Deref for Terms {
    type Target = [Literal];

    fn deref(&self) -> &[Literal] {
        &self.0
    }
}

impl From<Vec<Literal>> for Terms {
    fn from(terms: Vec<Literal>) -> Terms {
        Terms(Arc::new(terms))
    }
}

impl Drop for Terms {
    /// Takes nested terms apart with a list of its own, as their depth has no bound.
    fn drop(&mut self) {
        let mut pending = Vec::new();
        self.release(&mut pending);
        while let Some(mut term) = pending.pop() {
            match &mut term {
                Literal::List(terms) | Literal::Tuple(terms) | Literal::Map(terms) => {
                    terms.release(&mut pending);
                }
                Literal::Record(record) => {
                    if let Some(record) = Arc::get_mut(record) {
                        record.values.release(&mut pending);
                    }
                }
                _ => {}
            }
        }
    }
}

impl Terms {
    /// Moves the terms that would otherwise be dropped in place to `pending`.
    fn release(&mut self, pending: &mut Vec<Literal>) {
        if let Some(terms) = Arc::get_mut(&mut self.0) {
            pending.append(terms);
        }
    }
}

impl Literal {
    /// The list of these elements.
    pub fn proper_list(mut elements: Vec<Literal>) -> Literal {
        if elements.is_empty() {
            return Literal::Nil;
        }
        elements.push(Literal::Nil);
        Literal::List(elements.into())
    }

    /// The elements and the tail of a list of at least one element.
    pub fn as_list(&self) -> Option<(&[Literal], &Literal)> {
        match self {
            Literal::List(terms) => terms.split_last().map(|(tail, elements)| (elements, tail)),
            _ => None,
        }
    }

    /// The elements of a proper list, the empty one included.
    pub fn as_proper_list(&self) -> Option<&[Literal]> {
        match self {
            Literal::Nil => Some(&[]),
            _ => self
                .as_list()
                .and_then(|(elements, tail)| matches!(tail, Literal::Nil).then_some(elements)),
        }
    }

    /// The terms directly inside this one, in order.
    pub fn children(&self) -> &[Literal] {
        match self {
            Literal::List(terms) | Literal::Tuple(terms) | Literal::Map(terms) => terms,
            Literal::Record(record) => &record.values,
            _ => &[],
        }
    }

    /// This term and all terms inside it, each before what is inside it.
    pub fn subterms(&self) -> Subterms<'_> {
        Subterms { pending: vec![self] }
    }

    /// Every `fun M:F/A` inside this term.
    pub fn exports(&self) -> impl Iterator<Item = &Arc<Export>> {
        self.subterms().filter_map(|term| match term {
            Literal::Export(export) => Some(export),
            _ => None,
        })
    }

    /// Every atom inside this term, those that only name parts of funs or records included.
    pub fn atoms(&self) -> impl Iterator<Item = &Atom> {
        self.subterms().flat_map(|term| {
            let mut atoms: Vec<&Atom> = Vec::new();
            match term {
                Literal::Atom(atom) => atoms.push(atom),
                Literal::Export(export) => atoms.extend([&export.module, &export.function]),
                Literal::Record(record) => {
                    atoms.extend([&record.module, &record.name]);
                    atoms.extend(&record.keys);
                }
                _ => {}
            }
            atoms
        })
    }

    /// Whether two terms are equal when what is inside them is left out, but its number.
    fn same_head(&self, other: &Literal) -> bool {
        match (self, other) {
            (Literal::Int(a), Literal::Int(b)) => a == b,
            (Literal::BigInt(a), Literal::BigInt(b)) => a == b,
            (Literal::Float(a), Literal::Float(b)) => a.to_bits() == b.to_bits(),
            (Literal::Atom(a), Literal::Atom(b)) => a == b,
            (Literal::Nil, Literal::Nil) => true,
            (Literal::List(a), Literal::List(b))
            | (Literal::Tuple(a), Literal::Tuple(b))
            | (Literal::Map(a), Literal::Map(b)) => a.len() == b.len(),
            (Literal::Binary(a), Literal::Binary(b)) => a == b,
            (Literal::Bitstring(a), Literal::Bitstring(b)) => a == b,
            (Literal::Export(a), Literal::Export(b)) => a == b,
            (Literal::Record(a), Literal::Record(b)) => {
                (&a.module, &a.name, a.exported, &a.keys)
                    == (&b.module, &b.name, b.exported, &b.keys)
            }
            _ => false,
        }
    }

    pub(crate) fn hash_head<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
        match self {
            Literal::Int(n) => n.hash(state),
            Literal::BigInt(n) => n.hash(state),
            Literal::Float(float) => float.to_bits().hash(state),
            Literal::Atom(atom) => atom.hash(state),
            Literal::Nil => {}
            Literal::List(terms) | Literal::Tuple(terms) | Literal::Map(terms) => {
                terms.len().hash(state);
            }
            Literal::Binary(bytes) => bytes.hash(state),
            Literal::Bitstring(bits) => bits.hash(state),
            Literal::Export(export) => export.hash(state),
            Literal::Record(record) => {
                (&record.module, &record.name, record.exported, &record.keys).hash(state);
            }
        }
    }
}

/// The heads of two terms in this order determine them, so equality needs no recursion.
/// Floats are equal if their bits are, maps if their order is.
impl PartialEq for Literal {
    fn eq(&self, other: &Literal) -> bool {
        let (mut left, mut right) = (self.subterms(), other.subterms());
        loop {
            match (left.next(), right.next()) {
                (Some(a), Some(b)) if a.same_head(b) => {}
                (None, None) => return true,
                _ => return false,
            }
        }
    }
}

impl Eq for Literal {}

impl Hash for Literal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for term in self.subterms() {
            term.hash_head(state);
        }
    }
}

impl std::fmt::Debug for Literal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

/// A term and the terms inside it, each before what is inside it.
pub struct Subterms<'a> {
    pending: Vec<&'a Literal>,
}

impl<'a> Iterator for Subterms<'a> {
    type Item = &'a Literal;

    fn next(&mut self) -> Option<&'a Literal> {
        let term = self.pending.pop()?;
        self.pending.extend(term.children().iter().rev());
        Some(term)
    }
}
