//! Random operations against a model, on hash tables of every sort and on ordered sets.

use super::hash::Insert;
use super::object::Chain;
use super::*;
use crate::process::Process;
use crate::term::{build, compare};

/// A small generator, so that a failure can be repeated.
pub(super) struct Random(pub u64);
impl Random {
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

pub(super) fn options(sort: Sort, write_concurrency: WriteConcurrency) -> Options {
    Options {
        name: 1,
        sort,
        protection: Protection::Public,
        keypos: 1,
        is_named: false,
        is_compressed: false,
        read_concurrency: false,
        write_concurrency,
        decentralized_counters: write_concurrency == WriteConcurrency::Auto,
    }
}

/// `{Key, Value}`, the key a small integer, a float, or a tuple of one.
fn object(p: &mut Process, key: u64, value: u64) -> Term {
    let number = (key / 3) as i64;
    let key = match key % 3 {
        0 => Term::small(number),
        1 => build::float(p, number as f64),
        _ => build::tuple(p, &[Term::small(number)]),
    };
    build::tuple(p, &[key, Term::small(value as i64)])
}

/// The model: objects in the order in which they came.
struct Model {
    sort: Sort,
    objects: Vec<Term>,
}
impl Model {
    fn same_key(&self, a: Term, b: Term) -> bool {
        let (a, b) = (a.term_words()[0], b.term_words()[0]);
        if self.sort == Sort::OrderedSet {
            compare::equal(a, b)
        } else {
            compare::equal_exact(a, b)
        }
    }
    fn insert(&mut self, object: Term, new_only: bool) -> bool {
        if new_only && !self.lookup(object).is_empty() {
            return false;
        }
        match self.sort {
            Sort::Set | Sort::OrderedSet => self.remove(object, false),
            Sort::Bag if self.objects.iter().any(|o| compare::equal_exact(*o, object)) => {
                return true;
            }
            _ => 0,
        };
        self.objects.push(object);
        true
    }
    fn lookup(&self, object: Term) -> Vec<Term> {
        let has_key = |other: &&Term| self.same_key(**other, object);
        self.objects.iter().filter(has_key).copied().collect()
    }
    fn remove(&mut self, object: Term, exactly: bool) -> usize {
        let before = self.objects.len();
        let mut objects = core::mem::take(&mut self.objects);
        objects.retain(|other| {
            let goes = if exactly {
                compare::equal_exact(*other, object)
            } else {
                self.same_key(*other, object)
            };
            !goes
        });
        self.objects = objects;
        before - self.objects.len()
    }
}

/// The objects of a key, the earliest first.
fn lookup(p: &mut Process, hold: &Hold<'_>, key: Term) -> Vec<Term> {
    let mut found: Vec<Term> = match &hold.table.store {
        Store::Hash(hash) => {
            hash.with_key(hold, key, |objects| objects.map(|o| o.copy_to(p)).collect())
        }
        Store::Ordered(tree) => {
            let seen = tree.get(hold.access(), key);
            seen.object().map(|o| o.copy_to(p)).into_iter().collect()
        }
    };
    found.reverse();
    found
}
fn remove(hold: &Hold<'_>, object: Term, exactly: bool, garbage: &Chain) -> usize {
    let key = object.term_words()[0];
    let goes = |other: &object::Head| !exactly || compare::equal_exact(other.tuple(), object);
    match &hold.table.store {
        Store::Hash(hash) => hash.remove(hold.access(), key, |_| {}, goes, garbage),
        Store::Ordered(tree) => tree.remove(hold.access(), key, goes).into_iter().count(),
    }
}
fn all(p: &mut Process, hold: &Hold<'_>) -> Vec<Term> {
    let mut all = Vec::new();
    match &hold.table.store {
        Store::Hash(hash) => {
            hash.walk(hold.access(), 0, |object| all.push(object.copy_to(p)), || false);
        }
        Store::Ordered(tree) => {
            tree.visit(hold.access(), None, None, false, |object| {
                all.push(object.copy_to(p));
                core::ops::ControlFlow::Continue(())
            });
        }
    }
    all
}

fn check(sort: Sort, concurrency: WriteConcurrency, fixes: bool, steps: usize, keys: u64) {
    let p = &mut *Process::for_tests();
    let table = Arc::new(Table::new(options(sort, concurrency), 1));
    let mut model = Model { sort, objects: Vec::new() };
    let mut random = Random(keys + steps as u64);
    for step in 0..steps {
        let object = {
            let key = random.below(keys);
            let value = random.below(3);
            object(p, key, value)
        };
        let garbage = Chain::new();
        match random.below(if step < steps / 2 { 12 } else { 20 }) {
            0..8 => {
                let new_only = random.below(4) == 0;
                let hold = Hold::of_anybody(&table, Want::WriteOne);
                let hash = hash::hash_of(object.term_words()[0]);
                let new = object::Object::copy_of(object, hash);
                let inserted = match &table.store {
                    Store::Hash(hash) => {
                        hash.insert(hold.access(), new, new_only, &garbage, &mut 0)
                    }
                    Store::Ordered(tree) => tree.insert(hold.access(), new, new_only, &garbage),
                };
                assert_eq!(inserted == Insert::Done, model.insert(object, new_only));
            }
            8 | 12.. => {
                let exactly = random.below(2) == 0;
                let hold = Hold::of_anybody(&table, Want::WriteOne);
                // Several equal objects of a duplicate bag go together.
                let removed = remove(&hold, object, exactly, &garbage);
                assert_eq!(removed, model.remove(object, exactly));
            }
            9 if fixes => {
                if random.below(2) == 0 {
                    table.fix(7);
                } else {
                    table.unfix(7, random.below(2) == 0);
                }
            }
            _ => {
                let hold = Hold::of_anybody(&table, Want::Read);
                let found = lookup(p, &hold, object.term_words()[0]);
                let expected = model.lookup(object);
                assert_eq!(found.len(), expected.len());
                assert!(found.iter().zip(&expected).all(|(a, b)| compare::equal_exact(*a, *b)));
            }
        }
        assert_eq!(table.len(), model.objects.len());
    }
    table.unfix(7, true);
    let hold = Hold::of_anybody(&table, Want::Read);
    let mut found = all(p, &hold);
    if sort == Sort::OrderedSet {
        assert!(found.is_sorted_by(|a, b| compare::compare(*a, *b).is_lt()));
    }
    let mut expected = model.objects.clone();
    found.sort_by(|a, b| compare::compare_exact(*a, *b));
    expected.sort_by(|a, b| compare::compare_exact(*a, *b));
    assert_eq!(found.len(), expected.len());
    assert!(found.iter().zip(&expected).all(|(a, b)| compare::equal_exact(*a, *b)));
}

#[test]
fn random_operations_agree_with_the_model() {
    for sort in [Sort::Set, Sort::OrderedSet, Sort::Bag, Sort::DuplicateBag] {
        for concurrency in [WriteConcurrency::Off, WriteConcurrency::On, WriteConcurrency::Auto] {
            check(sort, concurrency, false, 2000, 30);
            check(sort, concurrency, true, 2000, 30);
            check(sort, concurrency, true, 3000, 3000);
        }
    }
}

/// A table grows and shrinks by many buckets, and everything is found on the way.
#[test]
fn a_large_table_grows_and_shrinks() {
    const COUNT: i64 = 20_000;
    for concurrency in [WriteConcurrency::Off, WriteConcurrency::On, WriteConcurrency::Auto] {
        let p = &mut *Process::for_tests();
        let table = Arc::new(Table::new(options(Sort::Set, concurrency), 1));
        let Store::Hash(hash) = &table.store else {
            panic!("a set is a hash table");
        };
        let garbage = Chain::new();
        for i in 0..COUNT {
            let tuple = build::tuple(p, &[Term::small(i), Term::small(-i)]);
            let object = object::Object::copy_of(tuple, hash::hash_of(Term::small(i)));
            let hold = Hold::of_anybody(&table, Want::WriteOne);
            hash.insert(hold.access(), object, false, &garbage, &mut 0);
        }
        let grown = hash.bucket_count();
        assert!(grown as i64 > COUNT / 2, "{grown}");
        for i in 0..COUNT {
            let hold = Hold::of_anybody(&table, Want::WriteOne);
            let value = lookup(p, &hold, Term::small(i))[0].term_words()[1];
            assert_eq!(value.as_small(), Some(-i));
            assert_eq!(hash.remove(hold.access(), Term::small(i), |_| {}, |_| true, &garbage), 1);
        }
        assert!(table.is_empty());
        assert!(hash.bucket_count() < grown, "it shrinks");
    }
}

/// Threads insert, look up and delete at the same time; what each did is there in the end.
#[test]
fn threads_share_a_table() {
    const THREADS: i64 = 4;
    const EACH: i64 = 5_000;
    for (sort, concurrency) in [
        (Sort::Set, WriteConcurrency::Off),
        (Sort::Set, WriteConcurrency::On),
        (Sort::Bag, WriteConcurrency::Auto),
        (Sort::OrderedSet, WriteConcurrency::Off),
        (Sort::OrderedSet, WriteConcurrency::On),
    ] {
        let table = Arc::new(Table::new(options(sort, concurrency), 1));
        std::thread::scope(|scope| {
            for thread in 0..THREADS {
                let table = &table;
                scope.spawn(move || {
                    let p = &mut *Process::for_tests();
                    for i in 0..EACH {
                        let key = Term::small(thread * EACH + i);
                        let tuple = build::tuple(p, &[key, Term::OK]);
                        let garbage = Chain::new();
                        let object = object::Object::copy_of(tuple, hash::hash_of(key));
                        let hold = Hold::of_anybody(table, Want::WriteOne);
                        match &table.store {
                            Store::Hash(hash) => {
                                hash.insert(hold.access(), object, true, &garbage, &mut 0)
                            }
                            Store::Ordered(tree) => {
                                tree.insert(hold.access(), object, true, &garbage)
                            }
                        };
                        drop(hold);
                        let hold = Hold::of_anybody(table, Want::Read);
                        assert_eq!(lookup(p, &hold, key).len(), 1);
                        drop(hold);
                        if i % 2 == 0 {
                            let hold = Hold::of_anybody(table, Want::WriteOne);
                            assert_eq!(remove(&hold, tuple, true, &garbage), 1);
                        }
                        if i % 100 == 0 {
                            table.fix(thread as u64);
                        } else if i % 100 == 50 {
                            table.unfix(thread as u64, false);
                        }
                    }
                });
            }
        });
        assert_eq!(table.len() as i64, THREADS * EACH / 2);
        let p = &mut *Process::for_tests();
        let hold = Hold::of_anybody(&table, Want::Read);
        assert_eq!(all(p, &hold).len() as i64, THREADS * EACH / 2);
    }
}
