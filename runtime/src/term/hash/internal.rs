//! The hash that places keys in hash maps: OTP 27's `erts_internal_hash`, so that maps are walked
//! in the same order as there, but for keys with atoms, pids or the like inside, whose words OTP
//! hashes. MurmurHash3, fed term by term.

use crate::sys::arena;
use crate::term::bits::Bits;
use crate::term::{Term, View, fun, map::leaves};
use smallvec::SmallVec;

/// Hash of a map key.
#[inline]
pub fn hash(term: Term) -> u64 {
    let hash = match term.as_small().and_then(otp_small) {
        Some(word) => mix64(word),
        None => hash_of_any(term),
    };
    #[cfg(test)]
    let hash = hash & KEPT_BITS.get();
    hash
}

#[cfg(test)]
thread_local! {
    /// Bits of hashes that a test keeps, to see hashes collide.
    pub static KEPT_BITS: core::cell::Cell<u64> = const { core::cell::Cell::new(u64::MAX) };
}

#[inline(never)]
fn hash_of_any(term: Term) -> u64 {
    let _scratch = arena::scope();
    match otp_immediate(term) {
        Some(word) => mix64(word),
        None => Murmur::default().run(term),
    }
}

/// The word that OTP has for a small integer. Its have a bit less than ours.
#[inline]
fn otp_small(value: i64) -> Option<u64> {
    const SMALL: core::ops::Range<i64> = -(1 << 59)..1 << 59;
    SMALL.contains(&value).then_some((value << 4 | 0xf) as u64)
}
/// The same for any immediate.
fn otp_immediate(term: Term) -> Option<u64> {
    match term.view() {
        View::Small(value) => otp_small(value),
        View::Atom(id) => Some(u64::from(id) << 6 | 0xb),
        View::Nil => Some(0x3b),
        View::Pid(number) => Some(number << 4 | 0x3),
        View::Port(number) => Some(number << 4 | 0x7),
        _ => None,
    }
}

const fn mix64(mut hash: u64) -> u64 {
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ hash >> 33
}

/// Kinds, as OTP numbers them.
mod kind {
    pub const IMMEDIATE: u64 = 1;
    pub const ARRAY_ELEMENT: u64 = 2;
    pub const CAR: u64 = 3;
    pub const CDR: u64 = 4;
    pub const STRING: u64 = 5;
    pub const TUPLE: u64 = 6;
    pub const FLATMAP: u64 = 7;
    pub const HASHMAP_HEAD_ARRAY: u64 = 8;
    pub const HASHMAP_HEAD_BITMAP: u64 = 9;
    pub const HASHMAP_NODE: u64 = 10;
    pub const BINARY: u64 = 11;
    pub const LOCAL_FUN: u64 = 12;
    pub const EXTERNAL_FUN: u64 = 13;
    pub const NEG_BIGNUM: u64 = 14;
    pub const POS_BIGNUM: u64 = 15;
    pub const LOCAL_REF: u64 = 16;
    pub const EXTERNAL_REF: u64 = 17;
    pub const EXTERNAL_PID: u64 = 18;
    pub const EXTERNAL_PORT: u64 = 19;
    pub const FLOAT: u64 = 20;
    /// Native records, which OTP 27 does not have.
    pub const RECORD: u64 = 21;
}

const C1: u64 = 0x87c3_7b91_1142_53d5;
const C2: u64 = 0x4cf5_ad43_2745_937f;

const fn scramble_alpha(value: u64) -> u64 {
    value.wrapping_mul(C1).rotate_left(31).wrapping_mul(C2)
}
const fn scramble_beta(value: u64) -> u64 {
    value.wrapping_mul(C2).rotate_left(33).wrapping_mul(C1)
}

enum Work {
    Term(Term),
    /// The tail of a list, no list itself.
    Tail(Term),
    /// Inner node of a hash map.
    Node(Term),
}

#[derive(Default)]
struct Murmur {
    alpha: u64,
    beta: u64,
    ticks: u64,
    todo: SmallVec<[Work; 16]>,
}

impl Murmur {
    fn run(mut self, term: Term) -> u64 {
        self.todo.push(Work::Term(term));
        while let Some(work) = self.todo.pop() {
            match work {
                Work::Term(term) => self.term(term),
                Work::Tail(tail) => {
                    self.beta(kind::CDR);
                    self.term(tail);
                }
                Work::Node(node) => self.node(node),
            }
        }
        let (mut a, mut b) = (self.alpha ^ self.ticks, self.beta ^ self.ticks);
        a = a.wrapping_add(b);
        b = b.wrapping_add(a);
        (a, b) = (mix64(a), mix64(b));
        a = a.wrapping_add(b);
        b = b.wrapping_add(a);
        a ^ b
    }

    fn alpha(&mut self, value: u64) {
        self.alpha = (self.alpha ^ scramble_alpha(value))
            .rotate_left(27)
            .wrapping_add(self.beta)
            .wrapping_mul(5)
            .wrapping_add(0x52dc_e729);
        self.ticks += 1;
    }
    fn beta(&mut self, value: u64) {
        self.beta = (self.beta ^ scramble_beta(value))
            .rotate_left(31)
            .wrapping_add(self.alpha)
            .wrapping_mul(5)
            .wrapping_add(0x3849_5ab5);
        self.ticks += 1;
    }
    fn alpha_pair(&mut self, low: u64, high: u64) {
        self.alpha((low & 0xffff_ffff) | high << 32);
    }
    fn beta_pair(&mut self, low: u64, high: u64) {
        self.beta((low & 0xffff_ffff) | high << 32);
    }
    fn immediate(&mut self, word: u64) {
        self.alpha(kind::IMMEDIATE);
        self.beta(word);
    }
    /// Immediates at once, anything else later: that it was there is hashed now.
    fn element(&mut self, term: Term) {
        match otp_immediate(term) {
            Some(word) => self.immediate(word),
            None => {
                self.alpha(kind::ARRAY_ELEMENT);
                self.todo.push(Work::Term(term));
            }
        }
    }
    fn elements(&mut self, terms: &[Term]) {
        if let [first @ .., last] = terms {
            for &term in first {
                self.element(term);
            }
            self.todo.push(Work::Term(*last));
        }
    }

    fn term(&mut self, term: Term) {
        if let Some(word) = otp_immediate(term) {
            return self.immediate(word);
        }
        match term.view() {
            View::Small(value) => self.big(value < 0, &[value.unsigned_abs()]),
            View::Big { negative, words } => self.big(negative, words),
            View::Float(value) => {
                self.alpha(kind::FLOAT);
                self.beta(value.to_bits());
            }
            View::Cons(..) => self.list(term),
            View::Tuple(terms) => self.array(kind::TUPLE, terms),
            View::Record(terms) => self.array(kind::RECORD, terms),
            View::FlatMap(keys, values) => self.flat_map(keys, values),
            View::HashMap { .. } => self.hash_map(term),
            View::Bits => self.bits(Bits::of(term).expect("kind checked")),
            View::Fun { .. } => {
                let lambda = fun::lambda(term).expect("kind checked");
                let environment = fun::environment(&term);
                self.alpha_pair(kind::LOCAL_FUN, environment.len() as u64);
                self.beta_pair(u64::from(lambda.index), u64::from(lambda.old_uniq));
                self.immediate(u64::from(lambda.module) << 6 | 0xb);
                self.elements(environment);
            }
            View::ExportFun { .. } => {
                let export = fun::export(term).expect("kind checked");
                self.alpha(kind::EXTERNAL_FUN);
                self.beta_pair(u64::from(export.module), u64::from(export.function));
                self.beta(u64::from(export.arity));
            }
            View::Ref(words) => {
                self.alpha(kind::LOCAL_REF);
                self.beta(words[0]);
            }
            View::External { sort, words } => {
                self.alpha(match sort {
                    0 => kind::EXTERNAL_PID,
                    1 => kind::EXTERNAL_PORT,
                    _ => kind::EXTERNAL_REF,
                });
                for &word in words {
                    self.beta(word);
                }
            }
            View::Atom(_) | View::Nil | View::Pid(_) | View::Port(_) => {
                unreachable!("immediates were hashed above")
            }
            View::Internal(kind) => unreachable!("{kind:?} is no value"),
        }
    }

    fn big(&mut self, negative: bool, words: &[u64]) {
        let sign = if negative { kind::NEG_BIGNUM } else { kind::POS_BIGNUM };
        self.alpha_pair(sign, words.len() as u64);
        let mut pairs = words.chunks_exact(2);
        for pair in pairs.by_ref() {
            self.alpha(pair[0]);
            self.beta(pair[1]);
        }
        for &last in pairs.remainder() {
            self.beta(last);
        }
    }
    fn array(&mut self, kind: u64, terms: &[Term]) {
        self.alpha(kind);
        self.beta(terms.len() as u64);
        self.elements(terms);
    }
    fn flat_map(&mut self, keys: &[Term], values: &[Term]) {
        self.alpha(kind::FLATMAP);
        self.beta(keys.len() as u64);
        let Some(last) = keys.len().checked_sub(1) else {
            return;
        };
        for i in 0..last {
            self.element(values[i]);
            self.element(keys[i]);
        }
        self.element(values[last]);
        self.todo.push(Work::Term(keys[last]));
    }
    fn hash_map(&mut self, map: Term) {
        let words = map.term_words();
        self.alpha(if words.len() == 17 {
            kind::HASHMAP_HEAD_ARRAY
        } else {
            kind::HASHMAP_HEAD_BITMAP
        });
        self.beta(words[0].as_small().unwrap_or(0) as u64);
        self.children(map);
    }
    fn node(&mut self, node: Term) {
        if let Some(collided) = node.as_tuple() {
            return self.array(kind::TUPLE, collided);
        }
        self.alpha(kind::HASHMAP_NODE);
        self.children(node);
    }
    fn children(&mut self, node: Term) {
        for &child in leaves::children(&node) {
            match child.as_cons() {
                Some((key, value)) => {
                    self.element(value);
                    self.element(key);
                }
                None => self.todo.push(Work::Node(child)),
            }
        }
    }

    /// A list: bytes by fours, other immediates at once, the rest of it after anything else.
    fn list(&mut self, list: Term) {
        let (mut rest, mut word, mut count) = (list, 0, 0);
        loop {
            let Some((head, tail)) = rest.as_cons() else {
                self.string(word, count);
                self.todo.push(Work::Term(rest));
                return;
            };
            if let Some(byte @ 0..256) = head.as_small() {
                word = word << 8 | byte as u64;
                count += 1;
                if count == 4 {
                    self.string(word, count);
                    (word, count) = (0, 0);
                }
                rest = tail;
                continue;
            }
            self.string(word, count);
            (word, count) = (0, 0);
            if let Some(immediate) = otp_immediate(head) {
                self.alpha_pair(kind::IMMEDIATE, kind::CAR);
                self.beta(immediate);
                if !tail.is_cons() {
                    self.alpha(kind::CDR);
                }
                rest = tail;
                continue;
            }
            self.todo.push(if tail.is_cons() { Work::Term(tail) } else { Work::Tail(tail) });
            self.alpha(kind::CAR);
            self.todo.push(Work::Term(head));
            return;
        }
    }
    fn string(&mut self, word: u64, count: u64) {
        if count > 0 {
            self.alpha_pair(kind::STRING | count << 8, word);
        }
    }

    fn bits(&mut self, bits: Bits) {
        self.alpha(kind::BINARY);
        self.beta(bits.size_bits as u64);
        let bytes = bits.to_bytes();
        let word = |bytes: &[u8]| {
            let mut word = [0; 8];
            word[..bytes.len()].copy_from_slice(bytes);
            u64::from_le_bytes(word)
        };
        let mut blocks = bytes.chunks_exact(16);
        for block in blocks.by_ref() {
            self.alpha(word(&block[..8]));
            self.beta(word(&block[8..]));
        }
        let rest = blocks.remainder();
        if rest.len() > 8 {
            self.beta ^= scramble_beta(word(&rest[8..]));
        }
        if !rest.is_empty() {
            self.alpha ^= scramble_alpha(word(&rest[..rest.len().min(8)]));
        }
        if bits.tail_bits() > 0 {
            self.alpha(u64::from(bits.tail()));
        }
    }
}

/// Order of two hashes in a walk over a hash map: by their digits, least significant first.
pub fn walk_order(a: u64, b: u64) -> core::cmp::Ordering {
    digits_reversed(a).cmp(&digits_reversed(b))
}
/// The digits of a hash with the least significant first: sorting by this is sorting in the order
/// of a walk.
pub const fn digits_reversed(hash: u64) -> u64 {
    let swapped = hash.swap_bytes();
    (swapped >> 4 & 0x0f0f_0f0f_0f0f_0f0f) | (swapped & 0x0f0f_0f0f_0f0f_0f0f) << 4
}
