//! Bases that are split and joined all the time, by one thread against a model and by many.

use super::routing::Limits;
use super::*;
use crate::ets::tests::{Random, options};
use crate::ets::{Hold, Sort, Store, Table, Want, WriteConcurrency};
use crate::process::Process;
use crate::sys::epoch;
use crate::term::build;
use core::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::collections::BTreeMap;

/// Few objects to a base; whoever waited once makes two of it, who did not for long one.
const RESTLESS: Limits = Limits { high: 0, low: -6, items: 8, bases: 1 << 16 };

fn table(limits: Limits) -> Table {
    let mut table = Table::new(options(Sort::OrderedSet, WriteConcurrency::On), 1);
    table.store = Store::Ordered(Ordered { keypos: 1, parts: Parts::Bases(Routes::new(limits)) });
    table
}
fn ordered(table: &Table) -> &Ordered {
    let Store::Ordered(ordered) = &table.store else {
        panic!("it is an ordered set");
    };
    ordered
}
fn bases(table: &Table) -> usize {
    let Parts::Bases(routes) = &ordered(table).parts else {
        panic!("it has bases");
    };
    routes.base_count()
}

/// One thread that uses a table.
struct User<'t> {
    p: Box<Process>,
    table: &'t Table,
}
impl<'t> User<'t> {
    fn new(table: &'t Table) -> User<'t> {
        epoch::online();
        User { p: Process::for_tests(), table }
    }
    fn with<R>(&mut self, want: Want, f: impl FnOnce(&Ordered, Access<'_>) -> R) -> R {
        let result = {
            let hold = Hold::of_anybody(self.table, want);
            f(ordered(self.table), hold.access())
        };
        epoch::quiescent();
        result
    }
    fn insert(&mut self, key: i64, value: i64, new_only: bool) -> bool {
        let tuple = build::tuple(&mut *self.p, &[Term::small(key), Term::small(value)]);
        let object = Object::copy_of(tuple, 0);
        let garbage = Chain::new();
        let insert =
            |set: &Ordered, access: Access<'_>| set.insert(access, object, new_only, &garbage);
        self.with(Want::WriteOne, insert) == Insert::Done
    }
    fn remove(&mut self, key: i64) -> Option<i64> {
        let object =
            self.with(Want::WriteOne, |set, access| set.remove(access, Term::small(key), |_| true));
        object.map(|object| pair(&object).1)
    }
    fn add(&mut self, key: i64, more: i64) -> Option<i64> {
        let sum = self.with(Want::WriteOne, |set, access| {
            set.change_in_place(access, Term::small(key), |object| {
                Some((2, Term::small(object[1].as_small()? + more)))
            })
        });
        sum.and_then(|sum| sum.as_small())
    }
    fn see(
        &mut self,
        find: impl for<'s> FnOnce(&'s Ordered, Access<'s>) -> Seen<'s>,
    ) -> Option<(i64, i64)> {
        self.with(Want::Read, |set, access| find(set, access).object().map(pair))
    }
    fn get(&mut self, key: i64) -> Option<i64> {
        self.see(|set, access| set.get(access, Term::small(key))).map(|(_, value)| value)
    }
    fn visit(&mut self, from: Option<i64>, to: Option<i64>, backwards: bool) -> Vec<(i64, i64)> {
        let mut seen = Vec::new();
        let from = from.map(|key| Edge::before_key(Term::small(key)));
        let to = to.map(|key| Edge::behind_key(Term::small(key)));
        self.with(Want::Read, |set, access| {
            set.visit(access, from, to, backwards, |object| {
                seen.push(pair(object));
                Continue(())
            });
        });
        seen
    }
    /// Removes what is in a range and has an even value.
    fn remove_even(&mut self, from: i64, to: i64) -> usize {
        let mut count = 0;
        let garbage = Chain::new();
        let from = Some(Edge::before_key(Term::small(from)));
        let to = Some(Edge::behind_key(Term::small(to)));
        self.with(Want::WriteOne, |set, access| {
            set.edit(access, from, to, |part, from, to| {
                let even = part.between(from, to).filter(|object| pair(object).1 % 2 == 0);
                let keys: Vec<Term> = even.map(|object| object.key(1)).collect();
                for key in keys {
                    garbage.push(part.remove(key, |_| true).expect("just seen"));
                    count += 1;
                }
            });
        });
        count
    }
}
impl Drop for User<'_> {
    fn drop(&mut self) {
        epoch::leave();
    }
}
fn pair(object: &Head) -> (i64, i64) {
    let small = |nth: usize| object.tuple().term_words()[nth].as_small().expect("a small integer");
    (small(0), small(1))
}

#[test]
fn one_thread_finds_what_a_model_has() {
    const STEPS: usize = 20_000;
    let table = table(RESTLESS);
    let user = &mut User::new(&table);
    let mut model: BTreeMap<i64, i64> = BTreeMap::new();
    let mut random = Random(7);
    let mut most = 0;
    for step in 0..STEPS {
        let mut below = |limit: u64| random.below(limit) as i64;
        let (key, value) = (below(300), below(100));
        // It grows in the first half, and shrinks then.
        match below(if step < STEPS / 2 { 14 } else { 24 }) {
            0..5 => {
                assert!(user.insert(key, value, false));
                model.insert(key, value);
            }
            5 => {
                let is_new = !model.contains_key(&key);
                assert_eq!(user.insert(key, value, true), is_new);
                model.entry(key).or_insert(value);
            }
            6 => {
                let sum = model.get_mut(&key).map(|old| {
                    *old += value;
                    *old
                });
                assert_eq!(user.add(key, value), sum);
            }
            7 => assert_eq!(user.get(key), model.get(&key).copied()),
            8 => {
                let next = user.see(|set, access| set.next(access, Term::small(key)));
                assert_eq!(next, model.range(key + 1..).next().map(|(k, v)| (*k, *v)));
                let previous = user.see(|set, access| set.previous(access, Term::small(key)));
                assert_eq!(previous, model.range(..key).next_back().map(|(k, v)| (*k, *v)));
            }
            9 => {
                let first = user.see(|set, access| set.first(access));
                assert_eq!(first, model.first_key_value().map(|(k, v)| (*k, *v)));
                let last = user.see(|set, access| set.last(access));
                assert_eq!(last, model.last_key_value().map(|(k, v)| (*k, *v)));
            }
            10 => {
                let index = value as usize;
                let nth = user.with(Want::Read, |set, access| {
                    set.nth(access, index).map(|seen| seen.object().map(pair))
                });
                let expected = model.iter().nth(index).map(|(k, v)| (*k, *v));
                assert_eq!(nth, expected.map(Some).ok_or(index - model.len().min(index)));
            }
            11 => {
                let to = key + value;
                let mut expected: Vec<_> = model.range(key..=to).map(|(k, v)| (*k, *v)).collect();
                assert_eq!(user.visit(Some(key), Some(to), false), expected);
                expected.reverse();
                assert_eq!(user.visit(Some(key), Some(to), true), expected);
            }
            12 => {
                let (before, to) = (model.len(), key + value / 4);
                model.retain(|k, v| !(key..=to).contains(k) || *v % 2 != 0);
                assert_eq!(user.remove_even(key, to), before - model.len());
            }
            _ => assert_eq!(user.remove(key), model.remove(&key)),
        }
        assert_eq!(ordered(&table).len(), model.len());
        most = most.max(bases(&table));
    }
    let all: Vec<_> = model.iter().map(|(k, v)| (*k, *v)).collect();
    assert_eq!(user.visit(None, None, false), all);
    assert!(most >= 8, "{most} bases");
    for key in 0..300 {
        user.remove(key);
    }
    assert_eq!((ordered(&table).len(), bases(&table)), (0, 1), "the empty ones are joined");
    assert_eq!(ordered(&table).size_bytes(), size_of::<Base>());
}

#[test]
fn a_table_that_grows_is_split_and_can_be_emptied() {
    const COUNT: i64 = 3 * LIMITS.items as i64;
    let table = table(LIMITS);
    let user = &mut User::new(&table);
    for key in 0..COUNT {
        user.insert(key, -key, false);
    }
    assert!(bases(&table) >= 4, "{} bases", bases(&table));
    assert_eq!(ordered(&table).len() as i64, COUNT);
    assert!(user.visit(None, None, false).into_iter().eq((0..COUNT).map(|key| (key, -key))));
    let remains = user.with(Want::Write, Ordered::take_all);
    assert_eq!((ordered(&table).len(), bases(&table)), (0, 1));
    assert_eq!(user.get(1), None);
    assert!(user.insert(1, 1, true));
    drop(remains);
    assert_eq!(user.get(1), Some(1));
}

/// Writers insert and remove their own keys among some that stay, and count in those. Meanwhile
/// walks find all that stay, each key once and in order; there are never more or fewer objects
/// than can be there at any time.
#[test]
fn threads_find_everything_while_bases_come_and_go() {
    const WRITERS: i64 = 3;
    const STEPS: i64 = 6_000;
    const STAYING: i64 = 40;
    // Keys that are multiples of `SPACE` stay.
    const SPACE: i64 = 16;
    let table = &table(RESTLESS);
    {
        let user = &mut User::new(table);
        (0..STAYING).for_each(|nth| assert!(user.insert(nth * SPACE, 0, true)));
    }
    let is_over = &AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writer = |writer: i64| {
            let user = &mut User::new(table);
            let mut random = Random(writer as u64);
            let mut own = BTreeMap::new();
            for step in 0..STEPS {
                let staying = random.below(STAYING as u64) as i64 * SPACE;
                assert!(user.add(staying, 1).is_some());
                let key = staying + 1 + writer + WRITERS * random.below(4) as i64;
                match own.remove(&key) {
                    Some(value) => assert_eq!(user.remove(key), Some(value)),
                    None => {
                        assert!(user.insert(key, step, true));
                        own.insert(key, step);
                    }
                }
                assert_eq!(user.get(key), own.get(&key).copied());
            }
            own.len()
        };
        let walker = |backwards: bool| {
            let user = &mut User::new(table);
            let mut walks = 0;
            while !is_over.load(Relaxed) || walks == 0 {
                let mut seen = user.visit(None, None, backwards);
                if backwards {
                    seen.reverse();
                }
                check(&seen.iter().map(|(key, _)| *key).collect::<Vec<_>>());
                // The same step by step.
                let mut keys = Vec::new();
                let mut next =
                    user.see(
                        |set, access| {
                            if backwards { set.last(access) } else { set.first(access) }
                        },
                    );
                while let Some((key, _)) = next {
                    keys.push(key);
                    let key = Term::small(key);
                    next = user.see(|set, access| {
                        if backwards { set.previous(access, key) } else { set.next(access, key) }
                    });
                }
                if backwards {
                    keys.reverse();
                }
                check(&keys);
                let len = ordered(table).len() as i64;
                assert!((STAYING..=STAYING * (1 + 4 * WRITERS)).contains(&len), "{len}");
                epoch::quiescent();
                walks += 1;
            }
        };
        fn check(keys: &[i64]) {
            assert!(keys.is_sorted_by(|a, b| a < b), "{keys:?}");
            let staying = keys.iter().filter(|key| *key % SPACE == 0).copied();
            assert!(staying.eq((0..STAYING).map(|nth| nth * SPACE)), "{keys:?}");
        }
        let writers: Vec<_> = (0..WRITERS).map(|nth| scope.spawn(move || writer(nth))).collect();
        let walkers = [false, true].map(|backwards| scope.spawn(move || walker(backwards)));
        let left: usize = writers.into_iter().map(|writer| writer.join().expect("no panic")).sum();
        is_over.store(true, Relaxed);
        walkers.into_iter().for_each(|walker| walker.join().expect("no panic"));
        assert_eq!(ordered(table).len(), left + STAYING as usize);
    });
    let user = &mut User::new(table);
    let counts = user.visit(None, None, false).into_iter().filter(|(key, _)| key % SPACE == 0);
    assert_eq!(counts.map(|(_, count)| count).sum::<i64>(), WRITERS * STEPS);
}

/// Objects move from one end to the other under the lock of the whole table: whoever counts sees
/// all or none of a step.
#[test]
fn what_is_done_to_the_whole_is_seen_as_one() {
    const COUNT: i64 = 64;
    let table = &table(RESTLESS);
    let is_over = &AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let user = &mut User::new(table);
            for round in 0..400 {
                let tuples: Vec<Term> = (0..COUNT)
                    .map(|key| build::tuple(&mut *user.p, &[Term::small(key), Term::small(round)]))
                    .collect();
                user.with(Want::Write, |set, access| {
                    let garbage = Chain::new();
                    for tuple in tuples {
                        set.insert(access, Object::copy_of(tuple, 0), false, &garbage);
                    }
                });
                let remains = user.with(Want::Write, |set, access| {
                    (round % 3 == 0).then(|| set.take_all(access))
                });
                drop(remains);
            }
            is_over.store(true, Relaxed);
        });
        for _ in 0..2 {
            scope.spawn(move || {
                let user = &mut User::new(table);
                while !is_over.load(Relaxed) {
                    let values: Vec<i64> =
                        user.visit(None, None, false).into_iter().map(|(_, value)| value).collect();
                    assert!([0, COUNT as usize].contains(&values.len()), "{}", values.len());
                    assert!(values.windows(2).all(|pair| pair[0] == pair[1]), "{values:?}");
                    let len = user.with(Want::Info, |set, _| set.len()) as i64;
                    assert!([0, COUNT].contains(&len), "{len}");
                }
            });
        }
    });
}
