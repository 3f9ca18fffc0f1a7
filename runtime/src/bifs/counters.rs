//! Natives of module `erts_internal` behind `atomics` and `counters`.
//!
//! A counter with write concurrency is the sum of several cells, one of which a thread adds to;
//! `put` writes a first cell so that the sum is right.

use crate::bifs::atomics::{self, cell_count, increment, memory, position, zeros};
use crate::bifs::values::machine_word;
use crate::heap::resource;
use crate::process::Process;
use crate::process::exception::{Result, badarg, system_limit};
use crate::sys::unique;
use crate::term::{Term, build, map};
use beamrc_abi::atom::id;
use core::cell::Cell;
use core::sync::atomic::{AtomicI64, AtomicUsize, Ordering::Relaxed};
use std::sync::OnceLock;

/// Cells in a cache line.
const LINE: usize = 8;
/// More threads than these share cells.
const MAX_STRIPES: usize = 32;

/// Stripe 0 holds what was put, the others what threads added. Each starts on a line of its own.
struct Counters {
    count: usize,
    stripe_cells: usize,
    cells: Box<[AtomicI64]>,
}

fn stripes() -> usize {
    static STRIPES: OnceLock<usize> = OnceLock::new();
    *STRIPES.get_or_init(|| {
        let threads = std::thread::available_parallelism().map_or(1, |n| n.get());
        1 + threads.min(MAX_STRIPES)
    })
}
/// The stripe that this thread adds to.
fn own_stripe() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static THREAD: Cell<usize> = Cell::new(NEXT.fetch_add(1, Relaxed));
    }
    1 + THREAD.get() % (stripes() - 1)
}

impl Counters {
    fn cell(&self, position: usize, stripe: usize) -> &AtomicI64 {
        &self.cells[stripe * self.stripe_cells + position]
    }
    fn sum(&self, position: usize, stripes: core::ops::Range<usize>) -> i64 {
        let values = stripes.map(|stripe| self.cell(position, stripe).load(Relaxed));
        values.fold(0, i64::wrapping_add)
    }
}

pub fn atomics_new_2(p: &mut Process, count: Term, options: Term) -> Result {
    atomics::new(p, count, options)
}

pub fn counters_new_1(p: &mut Process, count: Term) -> Result {
    let count = cell_count(count)?;
    let stripe_cells = count.next_multiple_of(LINE);
    let all = stripe_cells.checked_mul(stripes()).ok_or_else(system_limit)?;
    let cells = zeros(all)?;
    p.charge(all / 512);
    let counters = Counters { count, stripe_cells, cells };
    Ok(resource::new(p, unique::number(), counters))
}

fn counters(reference: &Term, index: Term) -> Result<(&Counters, usize)> {
    let counters: &Counters = resource::get(reference).ok_or_else(badarg)?;
    Ok((counters, position(index, counters.count)?))
}
pub fn counters_get_2(p: &mut Process, reference: Term, index: Term) -> Result {
    let (counters, position) = counters(&reference, index)?;
    Ok(build::integer(p, counters.sum(position, 0..stripes())))
}
pub fn counters_add_3(_p: &mut Process, reference: Term, index: Term, value: Term) -> Result {
    let (counters, position) = counters(&reference, index)?;
    counters.cell(position, own_stripe()).fetch_add(increment(value)?, Relaxed);
    Ok(Term::OK)
}
pub fn counters_put_3(_p: &mut Process, reference: Term, index: Term, value: Term) -> Result {
    let (counters, position) = counters(&reference, index)?;
    let value = machine_word(value).and_then(|value| i64::try_from(value).ok());
    let added = counters.sum(position, 1..stripes());
    let base = value.ok_or_else(badarg)?.wrapping_sub(added);
    counters.cell(position, 0).store(base, Relaxed);
    Ok(Term::OK)
}

/// `#{size, memory}`.
pub fn counters_info_1(p: &mut Process, reference: Term) -> Result {
    let counters: &Counters = resource::get(&reference).ok_or_else(badarg)?;
    let mut pairs = vec![
        (Term::atom(id::SIZE), Term::small(counters.count as i64)),
        (Term::atom(id::MEMORY), memory::<Counters>(counters.cells.len())),
    ];
    Ok(map::from_pairs(p, &mut pairs))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small(result: Result) -> Option<i64> {
        result.ok().and_then(Term::as_small)
    }

    #[test]
    fn a_counter_is_the_sum_of_what_was_put_and_added() {
        let p = &mut *Process::for_tests();
        let one = Term::small(1);
        let counters = counters_new_1(p, Term::small(3)).ok().expect("memory for 3");
        assert!(counters_add_3(p, counters, one, Term::small(5)).is_ok());
        assert!(counters_put_3(p, counters, one, Term::small(-2)).is_ok());
        assert!(counters_add_3(p, counters, one, Term::small(7)).is_ok());
        assert_eq!(small(counters_get_2(p, counters, one)), Some(5));
        assert_eq!(small(counters_get_2(p, counters, Term::small(2))), Some(0));
        assert!(counters_get_2(p, counters, Term::small(4)).is_err());
        assert!(atomics::get_2(p, counters, one).is_err());
    }

    #[test]
    fn atomics_wrap_and_read_as_they_are_signed() {
        let p = &mut *Process::for_tests();
        let one = Term::small(1);
        let unsigned = atomics_new_2(p, one, Term::small(0)).ok().expect("memory for 1");
        assert!(atomics::add_3(p, unsigned, one, Term::small(-1)).is_ok());
        let largest = atomics::get_2(p, unsigned, one).ok().expect("in range");
        assert_eq!(machine_word(largest), Some(i128::from(u64::MAX)));
        assert!(atomics::put_3(p, unsigned, one, Term::small(-1)).is_err());
        let signed = atomics_new_2(p, one, one).ok().expect("memory for 1");
        assert!(atomics::put_3(p, signed, one, largest).is_err());
        assert_eq!(small(atomics::add_get_3(p, signed, one, largest)), Some(-1));
        let swapped = atomics::compare_exchange_4(p, signed, one, Term::small(-1), one);
        assert!(swapped.ok() == Some(Term::OK));
        let refused = atomics::compare_exchange_4(p, signed, one, Term::small(9), one);
        assert_eq!(small(refused), Some(1));
    }
}
