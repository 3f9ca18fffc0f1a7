//! A heap driven at random, every live term compared with a model of it after each collection.

use super::super::binary::{self, Binary};
use super::super::*;
use super::new_head;
use crate::term::bits::Bits;
use crate::term::{Kind, Term, build};
use beamrc_abi::term::header;
use core::ptr::NonNull;
use std::rc::Rc;

/// What a term must be. `size` bounds the work of walking it as a tree.
struct Model {
    shape: Shape,
    size: usize,
}
enum Shape {
    Immediate(Term),
    /// The same word for ever.
    Literal(Term),
    Cons(Rc<Model>, Rc<Model>),
    /// Kind, header extra, leading raw words, terms.
    Boxed(Kind, u64, Vec<u64>, Vec<Rc<Model>>),
    /// Bytes, first bit, number of bits.
    Bits(Rc<Vec<u8>>, usize, usize),
}
const SIZE_MAX: usize = 3000;

fn model(shape: Shape) -> Rc<Model> {
    let size = match &shape {
        Shape::Cons(head, tail) => 1 + head.size + tail.size,
        Shape::Boxed(_, _, _, terms) => 1 + terms.iter().map(|t| t.size).sum::<usize>(),
        _ => 1,
    };
    Rc::new(Model { shape, size })
}

fn check(term: Term, model: &Rc<Model>) {
    let mut rest = vec![(term, model.clone())];
    while let Some((term, model)) = rest.pop() {
        match &model.shape {
            Shape::Immediate(expected) | Shape::Literal(expected) => assert!(term == *expected),
            Shape::Cons(head, tail) => {
                let (h, t) = term.as_cons().expect("a cons");
                rest.push((h, head.clone()));
                rest.push((t, tail.clone()));
            }
            Shape::Boxed(kind, extra, raw, terms) => {
                let size = (raw.len() + terms.len()) as u64;
                assert_eq!(term.header(), Some(header(*kind, size, *extra)));
                assert_eq!(&term.words()[..raw.len()], &raw[..]);
                for (word, model) in term.words()[raw.len()..].iter().zip(terms) {
                    rest.push((Term(*word), model.clone()));
                }
            }
            Shape::Bits(bytes, offset_bits, size_bits) => {
                let expected =
                    Bits { data: bytes.as_ptr(), offset_bits: *offset_bits, size_bits: *size_bits };
                assert!(Bits::of(term).expect("a bit string").equal(&expected));
            }
        }
    }
}

pub struct World {
    heap: Heap,
    head: ProcessHead,
    seed: u64,
    roots: Vec<Term>,
    models: Vec<Rc<Model>>,
    /// Every off-heap binary made, with a reference of our own, and how many literals hold.
    binaries: Vec<(NonNull<Binary>, usize)>,
}

impl World {
    pub fn new(seed: u64, stress: bool) -> World {
        let mut heap = Heap::default();
        let mut head = new_head();
        heap.stress = stress;
        if seed.is_multiple_of(3) {
            heap.open_young(&mut head, 100).unwrap();
        }
        if seed.is_multiple_of(5) {
            heap.options.fullsweep_after = 2;
        }
        let roots = vec![Term::NIL];
        let models = vec![model(Shape::Immediate(Term::NIL))];
        let seed = seed * 2 + 1;
        World { heap, head, seed, roots, models, binaries: Vec::new() }
    }

    fn random(&mut self, below: usize) -> usize {
        self.seed = self.seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        let mixed = (self.seed ^ self.seed >> 32).wrapping_mul(0x9e3779b97f4a7c15);
        (mixed >> 33) as usize % below
    }

    fn root(&mut self) -> (Term, Rc<Model>) {
        let i = self.random(self.roots.len());
        (self.roots[i], self.models[i].clone())
    }

    fn push(&mut self, term: Term, shape: Shape) {
        let model = model(shape);
        if model.size <= SIZE_MAX {
            self.roots.push(term);
            self.models.push(model);
        }
    }

    pub fn run(mut self, steps: usize) {
        for step in 0..steps {
            match self.random(20) {
                0..8 => self.build_boxed(),
                8..11 => self.build_list(),
                11..13 => self.build_bits(),
                13 => self.build_part(),
                14 => self.receive(),
                15 => self.make_literal(),
                16 => self.forget(),
                17 => self.extend(),
                _ => self.collect(step),
            }
        }
        self.finish();
    }

    fn build_boxed(&mut self) {
        let (kind, raw_count, term_count) = match self.random(9) {
            0 => (Kind::Float, 1, 0),
            1 => (Kind::BigPos, 1 + self.random(20), 0),
            2 => (Kind::Fun, 2, self.random(5)),
            3 => (Kind::MapNode, 0, 1 + self.random(16)),
            4 => (Kind::FlatMap, 0, 1 + self.random(10)),
            5 => (Kind::Ref, 2, 0),
            _ => (Kind::Tuple, 0, self.random(12)),
        };
        let extra = self.random(1 << 16) as u64;
        let mut raw = Vec::new();
        for _ in 0..raw_count {
            // Raw words that look like pointers and headers must be left alone.
            raw.push(match self.random(3) {
                0 => self.root().0.0,
                1 => header(Kind::Tuple, 1000, 0),
                _ => self.seed,
            });
        }
        let mut words = raw.clone();
        let mut terms = Vec::new();
        for _ in 0..term_count {
            let (term, model) = self.root();
            words.push(term.0);
            terms.push(model);
        }
        let mut on = HeapWithHead { heap: &mut self.heap, head: &mut self.head };
        let term = build::object(&mut on, kind, extra, &words);
        self.push(term, Shape::Boxed(kind, extra, raw, terms));
    }

    fn build_list(&mut self) {
        let (mut term, mut tail) = self.root();
        for _ in 0..1 + self.random(60) {
            let (head, head_model) = match self.random(3) {
                0 => self.root(),
                _ => {
                    let small = Term::small(self.random(1000) as i64);
                    (small, model(Shape::Immediate(small)))
                }
            };
            let mut on = HeapWithHead { heap: &mut self.heap, head: &mut self.head };
            term = build::cons(&mut on, head, term);
            tail = model(Shape::Cons(head_model, tail));
            if tail.size > SIZE_MAX {
                return;
            }
        }
        self.roots.push(term);
        self.models.push(tail);
    }

    fn build_bits(&mut self) {
        let size = self.random(300);
        let bytes: Vec<u8> = (0..size).map(|_| self.random(256) as u8).collect();
        let mut on = HeapWithHead { heap: &mut self.heap, head: &mut self.head };
        let term = bits::from_bytes(&mut on, &bytes);
        let (base, _) = crate::term::bits::base_of(term).unwrap();
        if base.is_kind(Kind::BinRef) {
            let binary = binary::binary_of(base);
            // SAFETY: the term keeps it alive.
            unsafe { Binary::incref(binary) };
            self.binaries.push((binary, 0));
        }
        self.push(term, Shape::Bits(Rc::new(bytes), 0, 8 * size));
    }

    /// Part of a bit string, as an object that shares its base whatever its size.
    fn build_part(&mut self) {
        let (whole, whole_model) = self.root();
        let Shape::Bits(bytes, offset_bits, size_bits) = &whole_model.shape else {
            return;
        };
        let from = self.random(size_bits + 1);
        let size = self.random(size_bits - from + 1);
        let (base, base_offset) = crate::term::bits::base_of(whole).unwrap();
        let words = [size as u64, (base_offset + from) as u64, base.0];
        let mut on = HeapWithHead { heap: &mut self.heap, head: &mut self.head };
        let part = build::object(&mut on, Kind::SubBits, 0, &words);
        self.push(part, Shape::Bits(bytes.clone(), offset_bits + from, size));
    }

    fn receive(&mut self) {
        let (term, model) = self.root();
        let message = Fragment::copy_of(term).unwrap();
        check(message.message, &model);
        let received = message.message;
        self.heap.adopt(&mut self.head, message);
        self.roots.push(received);
        self.models.push(model);
    }

    fn make_literal(&mut self) {
        let (term, model) = self.root();
        // SAFETY: our own reference keeps it alive.
        let references = |binary: NonNull<Binary>| unsafe { Binary::references(binary) };
        let before: Vec<usize> = self.binaries.iter().map(|(b, _)| references(*b)).collect();
        let literal = copy::copy_to_literal(term).unwrap();
        for ((binary, held), before) in self.binaries.iter_mut().zip(before) {
            *held += references(*binary) - before;
        }
        assert!(literal.is_literal() || !literal.is_boxed() && !literal.is_cons());
        check(literal, &model);
        let mut on = HeapWithHead { heap: &mut self.heap, head: &mut self.head };
        assert!(copy::copy(&mut on, literal) == literal);
        self.push(literal, Shape::Literal(literal));
    }

    fn forget(&mut self) {
        for _ in 0..self.random(self.roots.len()) {
            let i = 1 + self.random(self.roots.len());
            if i < self.roots.len() {
                self.roots.swap_remove(i);
                self.models.swap_remove(i);
            }
        }
    }

    fn extend(&mut self) {
        let need = self.random(300);
        self.heap.extend(&mut self.head, need).unwrap();
        self.check_room(need);
    }

    fn collect(&mut self, step: usize) {
        let need = self.random(200);
        let sort = match self.random(10) {
            0 => Collection::Hibernate,
            1 | 2 => Collection::Major,
            _ => Collection::Minor,
        };
        let before: Vec<Term> = self.roots.clone();
        self.heap.collect(&mut self.head, need, sort, &mut self.roots).unwrap();
        self.heap.verify(&self.head);
        self.check_room(need);
        for (before, after) in before.iter().zip(&self.roots) {
            assert!(!before.is_literal() || before == after, "literals stay (step {step})");
        }
        self.check_all();
    }

    fn check_room(&self, need: usize) {
        assert!(self.head.heap_limit - self.head.hp >= 8 * need as u64);
    }

    fn check_all(&self) {
        for (term, model) in self.roots.iter().zip(&self.models) {
            check(*term, model);
        }
    }

    /// Everything is forgotten: nothing may be left.
    fn finish(mut self) {
        self.check_all();
        self.roots.clear();
        self.heap.collect(&mut self.head, 0, Collection::Major, &mut self.roots).unwrap();
        let info = self.heap.info(&self.head);
        assert_eq!(
            (info.heap_used_words, info.old_heap_used_words, info.fragment_words),
            (0, 0, 0)
        );
        assert!(self.heap.binaries().is_empty());
        drop(self.heap);
        for (binary, held_by_literals) in self.binaries {
            // SAFETY: our own reference keeps it alive; given up here.
            unsafe {
                assert_eq!(Binary::references(binary), 1 + held_by_literals);
                Binary::decref(binary);
            }
        }
    }
}
