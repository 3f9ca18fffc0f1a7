//! Maps against a model, through all their operations.

use super::*;
use crate::process::Process;
use crate::term::hash::internal::KEPT_BITS;
use crate::term::{build, compare};
use std::collections::BTreeMap;

/// Numbers without pattern, the same in every run.
struct Random(u64);
impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) % limit
    }
}

fn check(map: Term, model: &BTreeMap<i64, i64>) {
    assert_eq!(size(map), Some(model.len()));
    assert_eq!(map.is_kind(Kind::FlatMap), model.len() <= MAP_FLAT_MAX);
    for (key, value) in model {
        assert_eq!(get(map, Term::small(*key)), Some(Term::small(*value)));
    }
    let walked: BTreeMap<i64, i64> =
        pairs(map).map(|(k, v)| (k.as_small().unwrap(), v.as_small().unwrap())).collect();
    assert_eq!(walked, *model);
}

/// The same tests again with hashes of few bits, which collide at all depths and on the last level.
fn with_colliding_hashes(test: fn()) {
    for kept_bits in [0x8000_0000_0000_0003, 0x10, 0x0f00_0000_0000_0000, 0] {
        KEPT_BITS.set(kept_bits);
        test();
    }
    KEPT_BITS.set(u64::MAX);
}
#[test]
fn colliding_hashes() {
    with_colliding_hashes(operations_agree_with_a_model_and_shapes_are_canonical);
    with_colliding_hashes(merge_prefers_the_second);
    with_colliding_hashes(walks_stop_and_go_on);
    with_colliding_hashes(order_is_decided_by_least_keys);
}

/// Order of maps as it is defined: size, then keys, then values, both in the order of keys.
#[test]
fn order_is_decided_by_least_keys() {
    let mut p = Process::for_tests();
    let mut random = Random(3);
    for _ in 0..60 {
        let mut make = || -> BTreeMap<i64, i64> {
            let mut model: BTreeMap<i64, i64> = (0..40).map(|key| (key, 0)).collect();
            for _ in 0..random.below(3) {
                model.insert(random.below(40) as i64, random.below(2) as i64);
            }
            if random.below(3) == 0 {
                let key = random.below(40) as i64;
                model.remove(&key);
                model.insert(100 + random.below(2) as i64, 0);
            }
            model
        };
        let (a, b) = (make(), make());
        let expected = a
            .len()
            .cmp(&b.len())
            .then_with(|| a.keys().cmp(b.keys()))
            .then_with(|| a.values().cmp(b.values()));
        let mut build = |model: &BTreeMap<i64, i64>| {
            let pairs: Vec<_> =
                model.iter().map(|(k, v)| (Term::small(*k), Term::small(*v))).collect();
            from_pairs(&mut *p, &pairs)
        };
        assert_eq!(compare::compare(build(&a), build(&b)), expected);
    }
}

#[test]
fn operations_agree_with_a_model_and_shapes_are_canonical() {
    let mut p = Process::for_tests();
    let mut random = Random(7);
    for keys in [5, 40, 64, 300] {
        let (mut map, mut model) = (empty(&mut *p), BTreeMap::new());
        for step in 0..1000 {
            let key = random.below(keys) as i64;
            if random.below(3) < 2 {
                map = put(&mut *p, map, Term::small(key), Term::small(step));
                model.insert(key, step);
            } else {
                let taken = take(&mut *p, map, Term::small(key));
                assert_eq!(taken.map(|(_, value)| value.as_small().unwrap()), model.remove(&key));
                map = taken.map_or(map, |(rest, _)| rest);
            }
            if step % 100 == 0 {
                check(map, &model);
                let pairs: Vec<_> =
                    model.iter().map(|(k, v)| (Term::small(*k), Term::small(*v))).collect();
                let built = from_pairs(&mut *p, &pairs);
                assert!(compare::equal_exact(map, built));
            }
        }
    }
}

#[test]
fn merge_prefers_the_second() {
    let mut p = Process::for_tests();
    let mut random = Random(11);
    for sizes in [(3, 3), (20, 20), (10, 100), (100, 10), (500, 700), (1000, 1000)] {
        let mut make = |count: u64, value: i64| -> (Term, BTreeMap<i64, i64>) {
            let model: BTreeMap<i64, i64> =
                (0..count).map(|_| (random.below(1500) as i64, value)).collect();
            let pairs: Vec<_> =
                model.iter().map(|(k, v)| (Term::small(*k), Term::small(*v))).collect();
            (from_pairs(&mut *p, &pairs), model)
        };
        let ((a, mut model), (b, model_b)) = (make(sizes.0, 1), make(sizes.1, 2));
        let merged = merge(&mut *p, a, b);
        model.extend(model_b);
        check(merged, &model);
        let pairs: Vec<_> = pairs(merged).collect();
        let built = from_pairs(&mut *p, &pairs);
        assert!(compare::equal_exact(merged, built));
        assert_eq!(merge(&mut *p, merged, merged), merged);
        assert!(compare::equal_exact(merge(&mut *p, a, merged), merged));
    }
}

#[test]
fn later_pairs_win() {
    let mut p = Process::for_tests();
    for count in [3, 50] {
        let pairs: Vec<_> =
            (0..2 * count).map(|i| (Term::small(i % count), Term::small(i))).collect();
        let map = from_pairs(&mut *p, &pairs);
        assert_eq!(size(map), Some(count as usize));
        assert_eq!(get(map, Term::small(2)), Some(Term::small(count + 2)));
    }
}

#[test]
fn walks_stop_and_go_on() {
    let mut p = Process::for_tests();
    let pairs: Vec<_> = (0..1000).map(|i| (Term::small(i), Term::small(i))).collect();
    let map = from_pairs(&mut *p, &pairs);
    let all: Vec<_> = Leaves::of(map).collect();
    let mut walked = Vec::new();
    let mut place = Some(0);
    while let Some(at) = place {
        let mut leaves = Leaves::starting_at(map, at).expect("a place");
        walked.extend(leaves.by_ref().take(7));
        while !leaves.may_stop() {
            walked.extend(leaves.next());
        }
        place = leaves.place();
    }
    assert!(walked == all);
}

#[test]
fn equal_numbers_of_two_kinds_are_two_keys() {
    let mut p = Process::for_tests();
    let one = build::float(&mut *p, 1.0);
    let map = empty(&mut *p);
    let map = put(&mut *p, map, one, Term::OK);
    let map = put(&mut *p, map, Term::small(1), Term::NIL);
    assert_eq!(size(map), Some(2));
    assert_eq!(get(map, one), Some(Term::OK));
    // Integers stand before floats.
    assert_eq!(pairs(map).next(), Some((Term::small(1), Term::NIL)));
}
