//! How long time slices are.
//!
//! A slice is so many reductions. Where these take long (much is done in BIFs, or collected), the
//! process gets fewer of them the next time: so a hundred busy processes come round within
//! milliseconds whatever they do.

use crate::sys::cycles;
use core::cell::Cell;

/// Reductions of a time slice, at most.
pub const REDUCTIONS: u16 = 4000;
/// Those of a process whose slices have not been measured yet.
pub const REDUCTIONS_AT_FIRST: u16 = 1000;
const REDUCTIONS_MIN: u16 = 100;
/// Cycles of the processor's counter that a slice should not last much longer than: some 50 us.
const LONG_CYCLES: u64 = 100_000;

/// Reductions of a process's next slice, after one that it used up in so many cycles.
pub fn next(reductions: u16, cycles: u64) -> u16 {
    if cycles > LONG_CYCLES {
        let fewer = u64::from(reductions) * LONG_CYCLES / cycles;
        (fewer as u16).max(REDUCTIONS_MIN)
    } else if cycles < LONG_CYCLES / 2 {
        (reductions * 2).min(REDUCTIONS)
    } else {
        reductions
    }
}

/// The processor's counter as of a few slices ago: reading it takes as long as a short slice does.
#[derive(Default)]
pub struct Watch {
    cycles: Cell<u64>,
    slices: Cell<u32>,
}
/// Slices between two looks at the counter.
const SLICES: u32 = 8;

impl Watch {
    /// To be called for each slice.
    #[inline]
    pub fn time(&self) -> u64 {
        let slices = self.slices.get() + 1;
        self.slices.set(slices);
        if slices >= SLICES { self.read() } else { self.cycles.get() }
    }
    /// A slice of so many reductions is over; a long one counts for several.
    pub fn used(&self, reductions: u64) {
        let slices = (reductions >> 7).min(SLICES.into()) as u32;
        self.slices.set(self.slices.get() + slices);
    }
    pub fn read(&self) -> u64 {
        self.slices.set(0);
        self.cycles.set(cycles::now());
        self.cycles.get()
    }
    /// Cycles since the counter was read last, which it is again.
    pub fn lap(&self) -> u64 {
        let before = self.cycles.get();
        self.read().wrapping_sub(before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_come_to_last_as_long_whatever_is_done() {
        for cycles_per_reduction in [3, 30, 300, 3000] {
            let mut reductions = REDUCTIONS;
            for _ in 0..20 {
                reductions = next(reductions, u64::from(reductions) * cycles_per_reduction);
            }
            let cycles = u64::from(reductions) * cycles_per_reduction;
            assert!(cycles <= LONG_CYCLES || reductions == REDUCTIONS_MIN);
            assert!(cycles >= LONG_CYCLES / 4 || reductions == REDUCTIONS);
        }
    }
}
