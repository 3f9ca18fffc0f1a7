//! Measurements of operations on numbers and maps, to be set beside those of `erl`.

use crate::bifs::arith;
use crate::process::Process;
use crate::process::exception::Result;
use crate::term::{Term, integer, map};

/// Nanoseconds each.
#[test]
#[ignore = "a measurement"]
fn numbers_and_maps() {
    fn measure(name: &str, count: usize, mut operation: impl FnMut(&mut Process, usize)) {
        let mut p = Process::for_tests();
        // A young heap that starts anew now and then, as after a collection that kept nothing.
        let mut young = vec![0u64; 1 << 20];
        p.head.heap_limit = young.as_ptr_range().end as u64;
        let start = std::time::Instant::now();
        for i in 0..count {
            if i % 100 == 0 {
                p.head.hp = young.as_mut_ptr() as u64;
            }
            operation(&mut p, i);
        }
        println!("{name}: {} ns", start.elapsed().as_nanos() / count as u128);
    }
    let mut setup = Process::for_tests();
    let pairs = |count: i64| -> Vec<(Term, Term)> {
        (0..count).map(|i| (Term::small(i), Term::small(i))).collect()
    };
    for size in [4, 16, 100, 10_000] {
        let map = map::from_pairs(&mut *setup, &pairs(size));
        let key = |i: usize| Term::small(i as i64 % size);
        measure(&format!("get of {size}"), 1_000_000, |_, i| {
            std::hint::black_box(map::get(map, key(i)));
        });
        measure(&format!("put of {size}"), 300_000, |p, i| {
            std::hint::black_box(map::put(p, map, key(i), Term::NIL));
        });
    }
    measure("from_list of 1000", 300, |p, _| {
        std::hint::black_box(map::from_pairs(p, &pairs(1000)));
    });
    for bits in [100, 1000, 10_000, 100_000] {
        let mut digits = |seed: u64| {
            let mut state = seed;
            let words: Vec<u64> = (0..bits / 64 + 1)
                .map(|_| {
                    state = state.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (state >> 31);
                    state
                })
                .collect();
            integer::from_words(&mut *setup, false, &words).unwrap_or(Term::NIL)
        };
        let (a, b) = (digits(3), digits(5));
        let count = (30_000_000 / (bits * bits.min(10_000))).clamp(20, 300_000);
        for (name, operator) in
            [("+", arith::plus_2 as fn(&mut Process, Term, Term) -> Result), ("*", arith::times_2)]
        {
            measure(&format!("{name} of {bits} bits"), count, |p, _| {
                let _ = std::hint::black_box(operator(p, a, b));
            });
        }
        let square = arith::times_2(&mut setup, a, b).unwrap_or(Term::NIL);
        measure(&format!("div of {bits} bits"), count, |p, _| {
            let _ = std::hint::black_box(arith::div_2(p, square, a));
        });
        measure(&format!("to text, {bits} bits"), count, |p, _| {
            let _ = std::hint::black_box(arith::integer_to_binary_1(p, a));
        });
    }
}
