//! Hashes of any term: OTP's portable ones (`phash2`, `phash`), bit for bit.
//!
//! Iterative: a term's depth costs heap memory, no machine stack.

pub mod internal;

use crate::sys::arena;
use crate::term::bits::Bits;
use crate::term::{Term, View, atom, fun, map::leaves};
use smallvec::SmallVec;

const HCONST: u32 = 0x9e37_79b9;
/// `HCONST` times a kind's number.
const fn kind_constant(kind: u32) -> u32 {
    HCONST.wrapping_mul(kind)
}

/// Bob Jenkins' mix. Each line waits for the one before: what it takes from others is out of the way
/// by then.
#[inline(always)]
fn mix(mut a: u32, mut b: u32, mut c: u32) -> (u32, u32, u32) {
    a = minus(a, b).wrapping_sub(c) ^ (c >> 13);
    b = minus(b, c).wrapping_sub(a) ^ (a << 8);
    c = minus(c, a).wrapping_sub(b) ^ (b >> 13);
    a = minus(a, b).wrapping_sub(c) ^ (c >> 12);
    b = minus(b, c).wrapping_sub(a) ^ (a << 16);
    c = minus(c, a).wrapping_sub(b) ^ (b >> 5);
    a = minus(a, b).wrapping_sub(c) ^ (c >> 3);
    b = minus(b, c).wrapping_sub(a) ^ (a << 10);
    c = minus(c, a).wrapping_sub(b) ^ (b >> 15);
    (a, b, c)
}
/// A difference that is computed as such: `x - y - z` is not made `x - (y + z)`, where what comes
/// last would come first.
#[inline(always)]
fn minus(x: u32, y: u32) -> u32 {
    let mut difference = x.wrapping_sub(y);
    // SAFETY: there is no instruction in it.
    unsafe {
        core::arch::asm!(
            "/* {0:e} */",
            inout(reg) difference,
            options(pure, nomem, nostack, preserves_flags)
        );
    }
    difference
}

/// `UINT32_HASH_2` of OTP: mixes two words into a running hash.
fn mix_words(hash: u32, x: u32, y: u32, constant: u32) -> u32 {
    mix(constant.wrapping_add(x), constant.wrapping_add(y), hash).2
}
fn mix_word(hash: u32, x: u32, constant: u32) -> u32 {
    mix_words(hash, x, 0, constant)
}

/// Hash of a run of bytes, as OTP's `block_hash`.
fn block_hash(bytes: &[u8], initial: u32) -> u32 {
    let (mut a, mut b, mut c) = (HCONST, HCONST, initial);
    let mut blocks = bytes.chunks_exact(12);
    let word = |bytes: &[u8]| u32::from_le_bytes(bytes.try_into().expect("four bytes"));
    for block in blocks.by_ref() {
        (a, b, c) = mix(
            a.wrapping_add(word(&block[0..4])),
            b.wrapping_add(word(&block[4..8])),
            c.wrapping_add(word(&block[8..12])),
        );
    }
    let rest = blocks.remainder();
    c = c.wrapping_add(bytes.len() as u32);
    for (i, &byte) in rest.iter().enumerate() {
        let byte = u32::from(byte);
        match i {
            0..4 => a = a.wrapping_add(byte << (8 * i)),
            4..8 => b = b.wrapping_add(byte << (8 * (i - 4))),
            // The first byte of `c` is that of the length.
            _ => c = c.wrapping_add(byte << (8 * (i - 7))),
        }
    }
    mix(a, b, c).2
}

fn hash2_bits(bits: Bits, hash: u32) -> u32 {
    let initial = kind_constant(13).wrapping_add(hash);
    if bits.size_bits == 0 {
        return initial;
    }
    let hash = block_hash(&bits.to_bytes(), initial);
    match bits.tail_bits() {
        0 => hash,
        tail_bits => mix_words(hash, tail_bits as u32, u32::from(bits.tail()), kind_constant(15)),
    }
}

#[inline(always)]
fn hash2_small(hash: u32, value: i64) -> u32 {
    if (-(1 << 27)..1 << 27).contains(&value) {
        // OTP mixes negative numbers twice.
        let hash = if value < 0 { mix_word(hash, -value as u32, HCONST) } else { hash };
        return mix_word(hash, value as u32, HCONST);
    }
    hash2_big(hash, value < 0, &[value.unsigned_abs()])
}
fn hash2_big(hash: u32, negative: bool, words: &[u64]) -> u32 {
    let constant = kind_constant(if negative { 10 } else { 11 });
    words
        .iter()
        .fold(hash, |hash, &word| mix_words(hash, word as u32, (word >> 32) as u32, constant))
}

/// A running hash with a term without parts that is no heap object; nothing if it is one.
#[inline(always)]
fn hash2_immediate(hash: u32, term: Term) -> Option<u32> {
    if let Some(value) = term.as_small() {
        return Some(hash2_small(hash, value));
    }
    // OTP's short cut for a first atom or nil is part of the hash.
    let (first, word, kind) = if let Some(id) = term.as_atom() {
        let own = atom::hash(id);
        (own, own, 3)
    } else if term.is_nil() {
        (3_468_870_702, 2, 2)
    } else {
        return None;
    };
    Some(if hash == 0 { first } else { mix_word(hash, word, kind_constant(kind)) })
}
/// The same with elements up to the first that is a heap object, and how many those are.
#[inline(always)]
fn hash2_immediates(mut hash: u32, terms: &[Term]) -> (u32, usize) {
    for (i, &term) in terms.iter().enumerate() {
        match hash2_immediate(hash, term) {
            Some(next) => hash = next,
            None => return (hash, i),
        }
    }
    (hash, terms.len())
}
/// The same with a tuple.
#[inline(never)]
fn hash2_tuple(hash: u32, terms: &[Term]) -> (u32, usize) {
    hash2_immediates(mix_word(hash, terms.len() as u32, kind_constant(9)), terms)
}

/// What is still to be hashed.
enum Work {
    Term(Term),
    Elements(&'static [Term]),
    /// A node of a hash map: pairs in any order, since their hashes are combined by xor.
    Node(Term),
    Pairs(&'static [Term], &'static [Term]),
    /// A pair of a map was hashed: its hash goes into the map's.
    PairDone,
    /// All pairs were hashed: back to the hashes as they were before the map.
    MapDone {
        hash: u32,
        pairs: u32,
    },
}

/// A slice of heap words, untied from the variable that named its term.
fn elements<'a>(terms: &[Term]) -> &'a [Term] {
    // SAFETY: I1 and I5: objects stay in place while terms are looked at.
    unsafe { core::slice::from_raw_parts(terms.as_ptr(), terms.len()) }
}

/// OTP's `make_hash2`, all 32 bits: what `erlang:phash2/2` takes its range of.
pub fn phash2(term: Term) -> u32 {
    phash2_and_steps(term).0
}
/// The same, and how many terms (or pieces of binaries) went into it.
pub fn phash2_and_steps(term: Term) -> (u32, usize) {
    if let Some(value) = term.as_small() {
        return (hash2_small(0, value), 1);
    }
    if let Some(id) = term.as_atom() {
        return (atom::hash(id), 1);
    }
    Hash2::default().run(term)
}

#[derive(Default)]
struct Hash2 {
    hash: u32,
    /// Xor of the hashes of the current map's pairs.
    pairs: u32,
    todo: SmallVec<[Work; 16]>,
    steps: usize,
}

impl Hash2 {
    fn run(mut self, term: Term) -> (u32, usize) {
        self.term(term);
        while let Some(work) = self.todo.pop() {
            self.steps += 1;
            match work {
                Work::Term(term) => self.term(term),
                Work::Elements(terms) => self.elements(terms),
                Work::Pairs([key, keys @ ..], [value, values @ ..]) => {
                    self.todo.push(Work::Pairs(keys, values));
                    self.todo.push(Work::PairDone);
                    self.todo.push(Work::Term(*value));
                    self.term(*key);
                }
                Work::Pairs(..) => {}
                Work::Node(node) => self.node(node),
                Work::PairDone => {
                    self.pairs ^= self.hash;
                    self.hash = 0;
                }
                Work::MapDone { hash, pairs } => {
                    self.hash = mix_word(hash, self.pairs, kind_constant(19));
                    self.pairs = pairs;
                }
            }
        }
        (self.hash, self.steps)
    }

    /// Hashes a term without parts that is no heap object; false if it is one.
    #[inline(always)]
    fn immediate(&mut self, term: Term) -> bool {
        let hash = hash2_immediate(self.hash, term);
        self.hash = hash.unwrap_or(self.hash);
        hash.is_some()
    }
    /// Elements up to the first that is a heap object, and that; the others later.
    fn elements(&mut self, terms: &'static [Term]) {
        let done;
        (self.hash, done) = hash2_immediates(self.hash, terms);
        self.steps += done;
        if let [term, rest @ ..] = &terms[done..] {
            self.steps += 1;
            if !rest.is_empty() {
                self.todo.push(Work::Elements(rest));
            }
            self.term(*term);
        }
    }

    fn word(&mut self, x: u32, kind: u32) {
        self.hash = mix_word(self.hash, x, kind_constant(kind));
    }
    fn words(&mut self, x: u32, y: u32, kind: u32) {
        self.hash = mix_words(self.hash, x, y, kind_constant(kind));
    }
    fn long(&mut self, value: u64, kind: u32) {
        self.words(value as u32, (value >> 32) as u32, kind);
    }

    fn term(&mut self, term: Term) {
        if self.immediate(term) {
            return;
        }
        if term.is_cons() {
            return self.list(term);
        }
        if let Some(terms) = term.as_tuple() {
            let done;
            (self.hash, done) = hash2_tuple(self.hash, terms);
            self.steps += done;
            if done < terms.len() {
                self.todo.push(Work::Elements(elements(&terms[done..])));
            }
            return;
        }
        match term.view() {
            View::Small(_) | View::Atom(_) | View::Nil | View::Cons(..) | View::Tuple(_) => {
                unreachable!("hashed above")
            }
            View::Big { negative, words } => self.hash = hash2_big(self.hash, negative, words),
            View::Float(value) => {
                // Both zeros are one.
                let bits = (value + 0.0).to_bits();
                self.words((bits >> 32) as u32, bits as u32, 12);
            }
            View::Pid(number) => self.word(number as u32 & 0x0fff_ffff, 5),
            View::Port(number) => self.long(number, 6),
            View::FlatMap(keys, values) => {
                if self.map(keys.len()) {
                    let pairs = Work::Pairs(elements(keys), elements(values));
                    self.todo.push(pairs);
                }
            }
            View::HashMap { size, .. } => {
                if self.map(size) {
                    self.todo.push(Work::Node(term));
                }
            }
            View::Bits => {
                let bits = Bits::of(term).expect("kind checked");
                self.steps += bits.size_bytes() / 12;
                self.hash = hash2_bits(bits, self.hash);
            }
            View::Fun { .. } => {
                let lambda = fun::lambda(term).expect("kind checked");
                let environment = elements(fun::environment(&term));
                self.words(environment.len() as u32, atom::hash(lambda.module), 1);
                self.words(lambda.index, lambda.old_uniq, 1);
                self.todo.push(Work::Elements(environment));
            }
            View::ExportFun { .. } => {
                let export = fun::export(term).expect("kind checked");
                self.words(export.arity, atom::hash(export.module), 1);
                self.word(atom::hash(export.function), 14);
            }
            View::Ref(words) => self.word(words[0] as u32, 7),
            View::External { sort: 0, words } => self.word(words[2] as u32, 5),
            View::External { sort: 1, words } => self.long(words[2], 6),
            View::External { words, .. } => self.word(words[2] as u32, 7),
            // OTP takes the values in the order of its numbers for their fields' atoms, which is not
            // the same in every run; here they come as they are defined.
            View::Record(terms) => {
                let (definition, values) = terms.split_first().expect("a record has a definition");
                self.words(values.len() as u32, phash2(*definition), 23);
                self.todo.push(Work::Elements(elements(values)));
            }
            View::Internal(kind) => unreachable!("{kind:?} is no value"),
        }
    }

    /// A list: bytes by fours, other immediates at once, the rest of it after anything else.
    fn list(&mut self, list: Term) {
        // The running hash stays in a register.
        let (mut hash, mut steps) = (self.hash, 0);
        let (mut rest, mut word, mut count) = (list, 0u32, 0);
        let bytes = |hash, word| mix_word(hash, word, kind_constant(4));
        let mut left = None;
        while let Some((head, tail)) = rest.as_cons() {
            rest = tail;
            if let Some(byte @ 0..256) = head.as_small() {
                word = word << 8 | byte as u32;
                count += 1;
                if count == 4 {
                    steps += 1;
                    hash = bytes(hash, word);
                    (word, count) = (0, 0);
                }
                continue;
            }
            if count > 0 {
                hash = bytes(hash, word);
                (word, count) = (0, 0);
            }
            steps += 1;
            if let Some(next) = hash2_immediate(hash, head) {
                hash = next;
            } else if let Some(terms) = head.as_tuple() {
                let done;
                (hash, done) = hash2_tuple(hash, terms);
                steps += done;
                if done < terms.len() {
                    left = Some(Work::Elements(elements(&terms[done..])));
                    break;
                }
            } else {
                left = Some(Work::Term(head));
                break;
            }
        }
        if count > 0 {
            hash = bytes(hash, word);
        }
        self.hash = hash;
        self.steps += steps;
        if left.is_some() || !self.immediate(rest) {
            self.todo.push(Work::Term(rest));
        }
        self.todo.extend(left);
    }

    /// Starts on a map; false if it is empty.
    fn map(&mut self, size: usize) -> bool {
        self.word(size as u32, 16);
        if size > 0 {
            self.todo.push(Work::MapDone { hash: self.hash, pairs: self.pairs });
            self.hash = 0;
            self.pairs = 0;
        }
        size > 0
    }
    fn node(&mut self, node: Term) {
        for &child in leaves::children(&node) {
            match child.as_cons() {
                Some((key, value)) => {
                    self.todo.push(Work::PairDone);
                    self.todo.push(Work::Term(value));
                    self.todo.push(Work::Term(key));
                }
                None => self.todo.push(Work::Node(child)),
            }
        }
    }
}

/// Primes of the older hash.
const PRIME: [u32; 15] = [
    0,
    268_440_163,
    268_439_161,
    268_435_459,
    268_436_141,
    268_438_633,
    268_437_017,
    268_438_039,
    268_437_511,
    268_439_627,
    268_440_479,
    268_440_577,
    268_440_581,
    268_440_593,
    268_440_611,
];

enum Step<'a> {
    Term(Term),
    Elements(&'a [Term]),
    TupleDone(u32),
    ListDone,
    Tail(Term),
}

/// OTP's `make_hash`, behind `erlang:phash/2`.
pub fn phash(term: Term) -> u32 {
    let _scratch = arena::scope();
    let mut hash = Hash1 { hash: 0, todo: SmallVec::new() };
    hash.todo.push(Step::Term(term));
    while let Some(step) = hash.todo.pop() {
        match step {
            Step::Term(term) => hash.term(term),
            Step::Elements([]) => {}
            Step::Elements([first, rest @ ..]) => {
                hash.todo.push(Step::Elements(rest));
                hash.term(*first);
            }
            Step::TupleDone(arity) => hash.step(PRIME[9], arity),
            Step::ListDone => hash.hash = hash.hash.wrapping_mul(PRIME[8]),
            Step::Tail(tail) => hash.tail(tail),
        }
    }
    hash.hash
}

struct Hash1 {
    hash: u32,
    todo: SmallVec<[Step<'static>; 16]>,
}

impl Hash1 {
    fn step(&mut self, prime: u32, x: u32) {
        self.hash = self.hash.wrapping_mul(prime).wrapping_add(x);
    }
    fn bytes(&mut self, x: u32, prime: u32) {
        for byte in x.to_le_bytes() {
            self.step(prime, u32::from(byte));
        }
    }
    fn number(&mut self, x: u32, prime: u32, last: u32) {
        self.bytes(x, prime);
        self.hash = self.hash.wrapping_mul(last);
    }
    fn integer(&mut self, negative: bool, words: &[u64]) {
        for (i, &word) in words.iter().enumerate() {
            self.bytes(word as u32, PRIME[2]);
            if i + 1 < words.len() || word >> 32 != 0 {
                self.bytes((word >> 32) as u32, PRIME[2]);
            }
        }
        let last = PRIME[if negative { 4 } else { 3 }];
        self.hash = self.hash.wrapping_mul(last);
    }
    fn port(&mut self, number: u64) {
        if number >> 32 != 0 {
            self.bytes((number >> 32) as u32, PRIME[11]);
        }
        self.number(number as u32, PRIME[9], PRIME[10]);
    }

    fn term(&mut self, term: Term) {
        match term.view() {
            View::Nil => self.step(PRIME[3], 1),
            View::Atom(id) => self.step(PRIME[1], atom::hash(id)),
            View::Small(value) => self.integer(value < 0, &[value.unsigned_abs()]),
            View::Big { negative, words } => self.integer(negative, words),
            View::Float(value) => {
                let bits = (value + 0.0).to_bits();
                self.step(PRIME[6], bits as u32 ^ (bits >> 32) as u32);
            }
            View::Bits => self.bits(Bits::of(term).expect("kind checked")),
            View::Pid(number) => self.number(number as u32 & 0x0fff_ffff, PRIME[5], PRIME[6]),
            View::Port(number) => self.port(number),
            View::Ref(words) => self.number(words[0] as u32, PRIME[9], PRIME[10]),
            View::External { sort: 0, words } => self.number(words[2] as u32, PRIME[5], PRIME[6]),
            View::External { sort: 1, words } => self.port(words[2]),
            View::External { words, .. } => self.number(words[2] as u32, PRIME[9], PRIME[10]),
            View::Cons(..) => self.list(term),
            View::Tuple(terms) | View::Record(terms) => {
                self.todo.push(Step::TupleDone(terms.len() as u32));
                self.todo.push(Step::Elements(elements(terms)));
            }
            View::FlatMap(..) | View::HashMap { .. } => {
                let pairs = PRIME[14].wrapping_add(phash2(term));
                self.step(PRIME[13], pairs);
            }
            View::Fun { .. } => {
                let lambda = fun::lambda(term).expect("kind checked");
                let environment = elements(fun::environment(&term));
                self.step(PRIME[10], environment.len() as u32);
                self.step(PRIME[1], atom::hash(lambda.module));
                self.step(PRIME[2], lambda.index);
                self.step(PRIME[2], lambda.old_uniq);
                self.todo.push(Step::Elements(environment));
            }
            View::ExportFun { .. } => {
                let export = fun::export(term).expect("kind checked");
                self.step(PRIME[11], export.arity);
                self.step(PRIME[1], atom::hash(export.module));
                self.step(PRIME[1], atom::hash(export.function));
            }
            View::Internal(kind) => unreachable!("{kind:?} is no value"),
        }
    }

    fn bits(&mut self, bits: Bits) {
        for &byte in bits.to_bytes().iter() {
            self.step(PRIME[1], u32::from(byte));
        }
        if bits.tail_bits() > 0 {
            self.step(PRIME[1], u32::from(bits.tail()));
            self.step(PRIME[12], bits.tail_bits() as u32);
        }
        self.step(PRIME[4], bits.size_bytes() as u32);
    }

    fn list(&mut self, list: Term) {
        let mut rest = list;
        loop {
            let (head, tail) = rest.as_cons().expect("only conses get here");
            let Some(byte @ 0..256) = head.as_small() else {
                self.todo.push(Step::Tail(tail));
                self.todo.push(Step::Term(head));
                return;
            };
            self.step(PRIME[2], byte as u32);
            if !tail.is_cons() {
                self.todo.push(Step::ListDone);
                self.todo.push(Step::Term(tail));
                return;
            }
            rest = tail;
        }
    }
    fn tail(&mut self, tail: Term) {
        if tail.is_cons() {
            self.list(tail);
        } else {
            self.todo.push(Step::ListDone);
            self.todo.push(Step::Term(tail));
        }
    }
}
