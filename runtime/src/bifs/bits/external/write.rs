//! Terms to bytes, without recursion.

use super::funs;
use super::tag;
use crate::heap::bits::Buffer;
use crate::process::exception::{Result, badarg};
use crate::term::bits::Bits;
use crate::term::record::Record;
use crate::term::{Kind, Term, View, atom, compare, float_text, fun, map};
use beamrc_abi::atom::id;
use beamrc_abi::term::layout;

/// How terms are written, where there is a choice.
#[derive(Clone, Copy)]
pub struct Form {
    pub latin1_atoms: bool,
    pub text_floats: bool,
    /// Maps in the order of their keys.
    pub deterministic: bool,
    /// For this node only, with a check that it was written here.
    pub local: bool,
}

/// Where bytes go.
pub trait Sink {
    fn put(&mut self, bytes: &[u8]);
    fn put_bits(&mut self, bits: &Bits);
    fn size(&self) -> usize;
    /// Writes over four bytes that were put.
    fn patch(&mut self, at: usize, value: u32);
    /// The bytes from here on, if there are any.
    fn bytes(&self, from: usize) -> &[u8];
}

impl Sink for Buffer {
    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        self.extend(bytes);
    }
    fn put_bits(&mut self, bits: &Bits) {
        self.extend_bits(bits);
    }
    fn size(&self) -> usize {
        self.len()
    }
    fn patch(&mut self, at: usize, value: u32) {
        Buffer::patch(self, at, &value.to_be_bytes());
    }
    fn bytes(&self, from: usize) -> &[u8] {
        &Buffer::bytes(self)[from..]
    }
}

/// Only counts.
#[derive(Default)]
pub struct Counter {
    pub size: usize,
}
impl Sink for Counter {
    fn put(&mut self, bytes: &[u8]) {
        self.size += bytes.len();
    }
    fn put_bits(&mut self, bits: &Bits) {
        self.size += bits.size_bits.div_ceil(8);
    }
    fn size(&self) -> usize {
        self.size
    }
    fn patch(&mut self, _at: usize, _value: u32) {}
    fn bytes(&self, _from: usize) -> &[u8] {
        &[]
    }
}

/// What is still to be written, the next on top.
enum Work {
    Term(Term),
    /// What is left of a list, with its end.
    List(Term),
    /// Elements of a tuple from this one on.
    Tuple(Term, usize),
    /// Pairs of a flat map, whose keys are in order, from this one on.
    Flat(Term, usize),
    Pairs(std::vec::IntoIter<(Term, Term)>),
    /// Free variables of a closure from this one on.
    Environment(Term, usize),
    /// The closure that began here is complete.
    FunSize(usize),
}

pub struct Writer<S> {
    pub out: S,
    form: Form,
    todo: Vec<Work>,
}

impl<S: Sink> Writer<S> {
    pub fn new(out: S, form: Form) -> Writer<S> {
        Writer { out, form, todo: vec![] }
    }

    /// The term as a whole, with the format's version in front.
    pub fn external(&mut self, term: Term) -> Result<()> {
        self.out.put(&[tag::VERSION]);
        if !self.form.local {
            return self.terms(term);
        }
        self.out.put(&[tag::LOCAL]);
        let check = self.out.size();
        self.put_u32(0);
        self.terms(term)?;
        let sum = local_sum(self.out.bytes(check + 4));
        self.out.patch(check, sum);
        Ok(())
    }

    fn put_u32(&mut self, value: u32) {
        self.out.put(&value.to_be_bytes());
    }
    fn put_u64(&mut self, value: u64) {
        self.out.put(&value.to_be_bytes());
    }
    fn put_tag_u32(&mut self, tag: u8, value: usize) -> Result<()> {
        let [a, b, c, d] = u32::try_from(value).map_err(|_| badarg())?.to_be_bytes();
        self.out.put(&[tag, a, b, c, d]);
        Ok(())
    }

    fn terms(&mut self, term: Term) -> Result<()> {
        self.term(term)?;
        while let Some(work) = self.todo.pop() {
            match work {
                Work::Term(term) => self.term(term)?,
                Work::List(rest) => self.list(rest)?,
                Work::Tuple(tuple, next) => {
                    let elements = tuple.as_tuple().expect("a tuple");
                    if let Some(&element) = elements.get(next) {
                        if next + 1 < elements.len() {
                            self.todo.push(Work::Tuple(tuple, next + 1));
                        }
                        self.term(element)?;
                    }
                }
                Work::Pairs(mut pairs) => {
                    if let Some(pair) = pairs.next() {
                        self.todo.push(Work::Pairs(pairs));
                        self.pair(pair)?;
                    }
                }
                Work::Flat(map, next) => {
                    let View::FlatMap(keys, values) = map.view() else {
                        unreachable!("only flat maps are put there");
                    };
                    if let Some(&key) = keys.get(next) {
                        self.todo.push(Work::Flat(map, next + 1));
                        self.pair((key, values[next]))?;
                    }
                }
                Work::Environment(closure, next) => {
                    if let Some(&value) = fun::environment(&closure).get(next) {
                        self.todo.push(Work::Environment(closure, next + 1));
                        self.term(value)?;
                    }
                }
                Work::FunSize(start) => {
                    let size = self.out.size() - start;
                    self.out.patch(start, size as u32);
                }
            }
        }
        Ok(())
    }

    fn pair(&mut self, (key, value): (Term, Term)) -> Result<()> {
        self.todo.push(Work::Term(value));
        self.term(key)
    }

    /// Writes a term, leaving the parts of a compound one to be done next.
    fn term(&mut self, term: Term) -> Result<()> {
        match term.view() {
            View::Small(value) => self.small(value),
            View::Big { negative, words } => self.big(negative, words)?,
            View::Float(value) => self.float(value),
            View::Atom(id) => self.atom(id),
            View::Nil => self.out.put(&[tag::NIL]),
            View::Cons(..) => self.list_head(term)?,
            View::Tuple(elements) => {
                match u8::try_from(elements.len()) {
                    Ok(size) => self.out.put(&[tag::SMALL_TUPLE, size]),
                    Err(_) => self.put_tag_u32(tag::LARGE_TUPLE, elements.len())?,
                }
                self.todo.push(Work::Tuple(term, 0));
            }
            View::FlatMap(..) | View::HashMap { .. } => self.map(term)?,
            View::Bits => self.bits(&Bits::of(term).expect("kind checked"))?,
            View::Fun { words, .. } => {
                let address = words[layout::FUN_CODE];
                self.closure(term, address)?;
            }
            View::ExportFun { .. } => {
                let export = fun::export(term).expect("kind checked");
                self.out.put(&[tag::EXPORT]);
                self.atom(export.module);
                self.atom(export.function);
                self.small(export.arity.into());
            }
            View::Pid(number) => {
                self.out.put(&[tag::NEW_PID]);
                self.this_node();
                self.pid_number(number, 0);
            }
            View::Port(number) => {
                self.out.put(&[tag::V4_PORT]);
                self.this_node();
                self.put_u64(number);
                self.put_u32(0);
            }
            View::Ref(words) => {
                let data = if term.is_kind(Kind::Ref) { words[1] } else { 0 };
                self.local_reference(words[0], data);
            }
            View::External { sort, words } => self.external_name(sort, words),
            View::Record(_) => self.record(term)?,
            View::Internal(_) => return Err(badarg()),
        }
        Ok(())
    }

    fn record(&mut self, term: Term) -> Result<()> {
        let record = Record::of(&term).expect("kind checked");
        self.put_tag_u32(tag::RECORD, record.values.len())?;
        self.out.put(&[record.is_exported().into()]);
        for name in [record.module(), record.name()].iter().chain(record.keys()) {
            self.term(*name)?;
        }
        self.todo.extend(record.values.iter().rev().map(|value| Work::Term(*value)));
        Ok(())
    }

    fn small(&mut self, value: i64) {
        if let Ok(byte) = u8::try_from(value) {
            self.out.put(&[tag::SMALL_INTEGER, byte]);
        } else if let Ok(value) = i32::try_from(value) {
            let [a, b, c, d] = value.to_be_bytes();
            self.out.put(&[tag::INTEGER, a, b, c, d]);
        } else {
            let magnitude = value.unsigned_abs().to_le_bytes();
            let used = magnitude.iter().rposition(|b| *b != 0).map_or(0, |i| i + 1);
            self.out.put(&[tag::SMALL_BIG, used as u8, (value < 0) as u8]);
            self.out.put(&magnitude[..used]);
        }
    }

    fn big(&mut self, negative: bool, words: &[u64]) -> Result<()> {
        let last = words[words.len() - 1];
        let last_bytes = 8 - last.leading_zeros() as usize / 8;
        let size = 8 * (words.len() - 1) + last_bytes;
        match u8::try_from(size) {
            Ok(size) => self.out.put(&[tag::SMALL_BIG, size]),
            Err(_) => self.put_tag_u32(tag::LARGE_BIG, size)?,
        }
        self.out.put(&[negative as u8]);
        for word in &words[..words.len() - 1] {
            self.out.put(&word.to_le_bytes());
        }
        self.out.put(&last.to_le_bytes()[..last_bytes]);
        Ok(())
    }

    fn float(&mut self, value: f64) {
        if !self.form.text_floats {
            self.out.put(&[tag::NEW_FLOAT]);
            self.put_u64(value.to_bits());
            return;
        }
        let text = float_text::scientific(value, 20).expect("few decimals");
        let mut bytes = [0; 1 + tag::FLOAT_BYTES];
        bytes[0] = tag::FLOAT;
        bytes[1..=text.len()].copy_from_slice(text.as_bytes());
        self.out.put(&bytes);
    }

    fn atom(&mut self, id: u32) {
        let text = atom::text(id);
        if self.form.latin1_atoms && text.chars().all(|c| u32::from(c) < 256) {
            let latin1: Vec<u8> = text.chars().map(|c| u32::from(c) as u8).collect();
            let [high, low] = (latin1.len() as u16).to_be_bytes();
            self.out.put(&[tag::ATOM, high, low]);
            self.out.put(&latin1);
            return;
        }
        match u8::try_from(text.len()) {
            Ok(size) => self.out.put(&[tag::SMALL_ATOM_UTF8, size]),
            Err(_) => {
                let [high, low] = (text.len() as u16).to_be_bytes();
                self.out.put(&[tag::ATOM_UTF8, high, low]);
            }
        }
        self.out.put(text.as_bytes());
    }

    /// Begins a list: bytes as a string, anything else element by element.
    fn list_head(&mut self, list: Term) -> Result<()> {
        let mut elements = list.list();
        let (mut count, mut bytes) = (0usize, true);
        for element in elements.by_ref() {
            bytes = bytes && element.as_small().is_some_and(|v| (0..256).contains(&v));
            count += 1;
        }
        if bytes
            && elements.tail().is_nil()
            && let Ok(size) = u16::try_from(count)
        {
            let [high, low] = size.to_be_bytes();
            self.out.put(&[tag::STRING, high, low]);
            for element in list.list() {
                self.out.put(&[element.as_small().expect("a byte") as u8]);
            }
            return Ok(());
        }
        self.put_tag_u32(tag::LIST, count)?;
        self.todo.push(Work::List(list));
        Ok(())
    }

    /// Writes elements up to the next that is compound itself, or to the end.
    fn list(&mut self, mut rest: Term) -> Result<()> {
        while let Some((head, tail)) = rest.as_cons() {
            let before = self.todo.len();
            self.todo.push(Work::List(tail));
            self.term(head)?;
            if self.todo.len() > before + 1 {
                return Ok(());
            }
            self.todo.pop();
            rest = tail;
        }
        self.term(rest)
    }

    fn map(&mut self, map: Term) -> Result<()> {
        self.put_tag_u32(tag::MAP, map::size(map).expect("a map"))?;
        if map.is_kind(Kind::FlatMap) {
            self.todo.push(Work::Flat(map, 0));
            return Ok(());
        }
        let mut pairs: Vec<_> = map::pairs(map).collect();
        if self.form.deterministic {
            pairs.sort_by(|(a, _), (b, _)| compare::compare_exact(*a, *b));
        } else {
            // OTP takes the last child of every node first.
            pairs.reverse();
        }
        self.todo.push(Work::Pairs(pairs.into_iter()));
        Ok(())
    }

    fn bits(&mut self, bits: &Bits) -> Result<()> {
        if bits.is_binary() {
            self.put_tag_u32(tag::BINARY, bits.size_bytes())?;
        } else {
            self.put_tag_u32(tag::BIT_BINARY, bits.size_bits.div_ceil(8))?;
            self.out.put(&[bits.tail_bits() as u8]);
        }
        self.out.put_bits(bits);
        Ok(())
    }

    fn closure(&mut self, closure: Term, address: u64) -> Result<()> {
        let lambda = fun::lambda(closure).expect("kind checked");
        funs::remember(funs::Code { address, lambda });
        self.out.put(&[tag::NEW_FUN]);
        let start = self.out.size();
        self.put_u32(0);
        self.out.put(&[lambda.arity as u8]);
        self.out.put(&lambda.uniq);
        self.put_u32(lambda.index);
        self.put_u32(fun::environment(&closure).len() as u32);
        self.atom(lambda.module);
        self.small(lambda.old_index.into());
        self.small(lambda.old_uniq.into());
        // Who made it is not known: the first process stands for all, as in OTP.
        self.term(Term::pid(0))?;
        self.todo.push(Work::FunSize(start));
        self.todo.push(Work::Environment(closure, 0));
        Ok(())
    }

    /// Name of this node where a term belongs to it.
    fn this_node(&mut self) {
        if self.form.local {
            self.out.put(&[tag::NIL]);
        } else {
            self.atom(id::NONODE);
        }
    }

    fn pid_number(&mut self, number: u64, creation: u32) {
        self.put_u32(number as u32 & super::read::PID_ID_MASK);
        self.put_u32((number >> super::read::PID_ID_BITS) as u32);
        self.put_u32(creation);
    }

    fn local_reference(&mut self, number: u64, data: u64) {
        let numbers = [number as u32, (number >> 32) as u32, 0, data as u32, (data >> 32) as u32];
        let count = if data == 0 { 3 } else { 5 };
        self.out.put(&[tag::NEWER_REFERENCE, 0, count as u8]);
        self.this_node();
        self.put_u32(0);
        numbers[..count].iter().for_each(|n| self.put_u32(*n));
    }

    /// A pid, port or reference of another node (see `Kind::External`).
    fn external_name(&mut self, sort: u32, words: &[u64]) {
        let node = Term(words[0]).as_atom().unwrap_or(id::NONODE);
        let (creation, numbers) = (words[1] as u32, &words[2..]);
        match sort {
            0 => {
                self.out.put(&[tag::NEW_PID]);
                self.atom(node);
                self.pid_number(numbers[0], creation);
            }
            1 => {
                self.out.put(&[tag::V4_PORT]);
                self.atom(node);
                self.put_u64(numbers[0]);
                self.put_u32(creation);
            }
            _ => {
                let odd = numbers.last().is_some_and(|word| word >> 32 == 0);
                let count = 2 * numbers.len() - odd as usize;
                self.out.put(&[tag::NEWER_REFERENCE, 0, count as u8]);
                self.atom(node);
                self.put_u32(creation);
                for i in 0..count {
                    self.put_u32((numbers[i / 2] >> (32 * (i % 2))) as u32);
                }
            }
        }
    }
}

/// Check of bytes that only this run of the program may read back.
pub fn local_sum(bytes: &[u8]) -> u32 {
    use std::hash::{BuildHasher, RandomState};
    use std::sync::LazyLock;
    static KEYS: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    KEYS.hash_one(bytes) as u32
}
