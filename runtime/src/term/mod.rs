//! Terms: the tagged word, views of it, and construction on any allocator.
//!
//! Keeps I2, I4 and I5. Knows nothing of processes: memory comes through [`Alloc`].
#![allow(unsafe_code)]

pub mod atom;
pub mod bits;
pub mod build;
pub mod compare;
pub mod float_text;
pub mod fun;
pub mod hash;
pub mod integer;
pub mod libm;
pub mod list;
pub mod map;
#[cfg(test)]
pub mod parse;
pub mod print;
pub mod record;
mod view;

pub use abi::Kind;
use beamrc_abi::term as abi;
pub use view::View;

/// One word. Validity is invariant I5.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Term(pub u64);

/// Where new objects are built: a process heap, a message fragment, a table, a literal area.
pub trait Alloc {
    /// Address of `words` fresh words. Never fails (running out of memory ends the process at its
    /// next safepoint, the program only if the system has none left) and never collects (I1).
    fn alloc(&mut self, words: usize) -> *mut u64;
    /// Head of the list of off-heap objects (`BinRef`, `MagicRef`) that this memory keeps alive; a
    /// builder of such an object links it here.
    fn off_heap(&mut self) -> &mut OffHeap;
    /// Counts words of an off-heap binary that a new object keeps alive; a process whose count
    /// passes its limit asks for a collection.
    fn charge_off_heap(&mut self, words: usize) {
        self.off_heap().virtual_words += words;
    }
}

/// Off-heap objects of one memory area, for the collector's sweep and the virtual heap.
#[derive(Default)]
pub struct OffHeap {
    /// Address of the first linked object's header, 0 at the end; each object holds the next.
    pub first: u64,
    /// Words of off-heap binaries linked here since the last collection.
    pub virtual_words: usize,
}

impl Term {
    pub const NIL: Term = Term(abi::NIL);
    pub const NONVALUE: Term = Term(abi::NONVALUE);
    pub const TRUE: Term = Term::atom(beamrc_abi::atom::id::TRUE);
    pub const FALSE: Term = Term::atom(beamrc_abi::atom::id::FALSE);
    pub const OK: Term = Term::atom(beamrc_abi::atom::id::OK);
    pub const UNDEFINED: Term = Term::atom(beamrc_abi::atom::id::UNDEFINED);

    /// The atom with this number (see `beamrc_abi::atom::id` for those known here).
    pub const fn atom(id: u32) -> Term {
        Term(abi::atom(id))
    }
    pub const fn bool(value: bool) -> Term {
        if value { Term::TRUE } else { Term::FALSE }
    }
    /// A small integer; the value must fit (see [`build::integer`] for any).
    pub const fn small(value: i64) -> Term {
        debug_assert!(value >= abi::SMALL_MIN && value <= abi::SMALL_MAX);
        Term(abi::small(value))
    }
    pub const fn fits_small(value: i64) -> bool {
        value >= abi::SMALL_MIN && value <= abi::SMALL_MAX
    }
    pub const fn pid(number: u64) -> Term {
        Term(number << abi::IMMEDIATE_BITS | abi::IMM_PID)
    }
    pub const fn port(number: u64) -> Term {
        Term(number << abi::IMMEDIATE_BITS | abi::IMM_PORT)
    }

    pub const fn tag(self) -> u64 {
        self.0 & abi::TAG_MASK
    }
    pub const fn is_value(self) -> bool {
        self.0 != abi::NONVALUE
    }
    pub const fn is_small(self) -> bool {
        self.tag() == abi::TAG_SMALL
    }
    pub const fn is_cons(self) -> bool {
        self.tag() == abi::TAG_CONS
    }
    pub const fn is_nil(self) -> bool {
        self.0 == abi::NIL
    }
    pub const fn is_list(self) -> bool {
        self.is_cons() || self.is_nil()
    }
    pub const fn is_boxed(self) -> bool {
        self.tag() == abi::TAG_BOXED
    }
    pub const fn is_atom(self) -> bool {
        self.0 & abi::IMMEDIATE_MASK == abi::IMM_ATOM
    }
    pub const fn is_pid(self) -> bool {
        self.0 & abi::IMMEDIATE_MASK == abi::IMM_PID
    }
    pub const fn is_immediate(self) -> bool {
        self.is_small() || self.tag() == abi::TAG_IMMEDIATE
    }
    /// Literals need no copy and no collection (I6).
    pub const fn is_literal(self) -> bool {
        self.0 < abi::LITERAL_END
    }
    pub const fn as_small(self) -> Option<i64> {
        if self.is_small() { Some(self.0 as i64 >> abi::TAG_BITS) } else { None }
    }
    /// Number of an atom.
    pub const fn as_atom(self) -> Option<u32> {
        if self.is_atom() { Some((self.0 >> abi::IMMEDIATE_BITS) as u32) } else { None }
    }
    /// Number of a local pid.
    pub const fn as_pid(self) -> Option<u64> {
        if self.is_pid() { Some(self.0 >> abi::IMMEDIATE_BITS) } else { None }
    }

    /// Address of a boxed object's header, or of a cons cell.
    pub const fn address(self) -> *mut u64 {
        (self.0 & !abi::TAG_MASK) as *mut u64
    }
    pub fn from_boxed(object: *const u64) -> Term {
        Term(object as u64 | abi::TAG_BOXED)
    }
    pub fn from_cons(cell: *const u64) -> Term {
        Term(cell as u64 | abi::TAG_CONS)
    }
    /// Header word of a boxed object.
    pub fn header(self) -> Option<u64> {
        if self.is_boxed() {
            // SAFETY: I5: a boxed term is the address of a complete object.
            Some(unsafe { *self.address() })
        } else {
            None
        }
    }
    pub fn kind(self) -> Option<Kind> {
        self.header().map(header_kind)
    }
    pub fn is_kind(self, kind: Kind) -> bool {
        self.header().is_some_and(|h| h & abi::HEADER_KIND_MASK == abi::kind_bits(kind))
    }
    /// Words after the header of a boxed object (I5: `self` is boxed).
    pub fn words(&self) -> &[u64] {
        debug_assert!(self.is_boxed());
        let object = self.address();
        // SAFETY: I5: the header states the size of a complete object; I1 keeps it in place.
        unsafe { core::slice::from_raw_parts(object.add(1), header_size(*object)) }
    }
    /// Elements of a tuple.
    pub fn as_tuple(&self) -> Option<&[Term]> {
        self.is_kind(Kind::Tuple).then(|| self.term_words())
    }
    /// The words after the header as terms, for kinds without raw words (tuples, maps).
    pub fn term_words(&self) -> &[Term] {
        let words = self.words();
        // SAFETY: Term is transparent over u64; the kind has only term words.
        unsafe { core::slice::from_raw_parts(words.as_ptr().cast(), words.len()) }
    }
    pub fn as_cons(self) -> Option<(Term, Term)> {
        if !self.is_cons() {
            return None;
        }
        let cell = self.address();
        // SAFETY: I5: a cons term is the address of two words.
        Some(unsafe { (Term(*cell), Term(*cell.add(1))) })
    }
    pub fn as_float(self) -> Option<f64> {
        self.is_kind(Kind::Float).then(|| f64::from_bits(self.words()[0]))
    }
    /// Iterates over a list's elements; [`ListIter::tail`] tells afterwards whether it was proper.
    pub fn list(self) -> ListIter {
        ListIter { rest: self }
    }
    /// What kind of value this is.
    pub fn view(&self) -> View<'_> {
        view::view(self)
    }
}

pub const fn header_size(header: u64) -> usize {
    (header >> abi::HEADER_SIZE_SHIFT & abi::HEADER_SIZE_MASK) as usize
}
pub const fn header_extra(header: u64) -> u32 {
    (header >> abi::HEADER_EXTRA_SHIFT) as u32
}
pub const fn header_kind(header: u64) -> Kind {
    use Kind::*;
    const KINDS: [Kind; 18] = [
        Tuple, Float, BigPos, BigNeg, Ref, MagicRef, Fun, ExportFun, HeapBits, SubBits, BinRef,
        Match, FlatMap, HashMap, MapNode, Record, External, Trace,
    ];
    KINDS[(header >> abi::HEADER_KIND_SHIFT & 31) as usize]
}

/// See [`Term::list`].
#[derive(Clone)]
pub struct ListIter {
    rest: Term,
}
impl ListIter {
    /// What follows the last element returned: nil for a proper list that was walked to its end.
    pub fn tail(&self) -> Term {
        self.rest
    }
}
impl Iterator for ListIter {
    type Item = Term;
    fn next(&mut self) -> Option<Term> {
        let (head, tail) = self.rest.as_cons()?;
        self.rest = tail;
        Some(head)
    }
}
