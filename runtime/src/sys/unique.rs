//! Numbers that occur once: the stuff of `unique_integer`, references and `now/0`.

use super::clock;
use core::cell::Cell;
use core::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};

/// Numbers that a thread takes at once.
const BLOCK: u64 = 1 << 10;

static NEXT_BLOCK: AtomicU64 = AtomicU64::new(0);
static STRICTLY_MONOTONIC: AtomicU64 = AtomicU64::new(0);
static LAST_NOW: AtomicI64 = AtomicI64::new(0);

thread_local! {
    /// Next number of this thread's block, and the block's end.
    static BLOCK_OF_THREAD: Cell<(u64, u64)> = const { Cell::new((0, 0)) };
}

/// A number that no other call in this program returns; rising within a thread only.
pub fn number() -> u64 {
    BLOCK_OF_THREAD.with(|block| {
        let (mut next, mut end) = block.get();
        if next == end {
            next = NEXT_BLOCK.fetch_add(BLOCK, Relaxed);
            end = next + BLOCK;
        }
        block.set((next + 1, end));
        next
    })
}
/// A number larger than all that were returned before it, to any thread.
pub fn monotonic_number() -> u64 {
    STRICTLY_MONOTONIC.fetch_add(1, Relaxed)
}
/// System time in microseconds, made later than every one returned before.
pub fn now_microseconds() -> i64 {
    let now = clock::system() / 1000;
    let later = |last| Some(now.max(last + 1));
    let last = LAST_NOW.fetch_update(Relaxed, Relaxed, later).expect("always updates");
    now.max(last + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn numbers_occur_once_over_threads() {
        let numbers: Vec<Vec<u64>> = std::thread::scope(|s| {
            let threads: Vec<_> = (0..4)
                .map(|_| s.spawn(|| (0..3 * BLOCK).map(|_| number()).collect::<Vec<_>>()))
                .collect();
            threads.into_iter().map(|t| t.join().expect("no panic")).collect()
        });
        let distinct: HashSet<u64> = numbers.iter().flatten().copied().collect();
        assert_eq!(distinct.len() as u64, 12 * BLOCK);
    }

    #[test]
    fn now_always_rises() {
        let times: Vec<i64> = (0..1000).map(|_| now_microseconds()).collect();
        assert!(times.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
