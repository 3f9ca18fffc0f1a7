//! How large young heaps are and when generations are collected.
//!
//! A young heap grows while it fills up faster than a certain time, to a size that still fits the
//! processor's cache, and shrinks when it fills slowly: so a busy process collects about every
//! half millisecond, and a hundred thousand processes that share the processors stay small. It
//! also grows, and to a larger size, when much of it survives, or when there are so many roots that
//! looking at them is what takes the time. Where most of it survives, survivors are promoted at
//! once instead of being copied twice. The old generation is collected when it has doubled or
//! tripled.

use super::Options;

/// Default of `min_heap_size`, OTP's.
pub(super) const MIN_HEAP_WORDS: usize = 233;
/// What a young heap that nobody asked to be larger starts with.
const START_WORDS: usize = 64;
/// Default of `min_bin_vheap_size`, OTP's.
pub(super) const MIN_VHEAP_WORDS: usize = 46422;
/// Young heaps grow to this by themselves: two of them fit the cache next to a core.
const NURSERY_MAX_WORDS: usize = 64 << 10;
/// And to this if much survives: moving it costs more than missing that cache.
const NURSERY_CROWDED_WORDS: usize = 256 << 10;
/// And to this if looking at the roots takes long.
const NURSERY_MANY_ROOTS_WORDS: usize = 1 << 20;
/// Collections for which a heap counts as crowded after one that much survived.
const CROWDED_COLLECTIONS: u8 = 16;
/// Cycles that moving a word may take.
const MOVE_CYCLES: u64 = 32;
/// A young heap that fills within this many cycles of the processor's counter doubles.
const FAST_CYCLES: u64 = 1 << 20;
/// One that lasts longer than this may be halved.
const SLOW_CYCLES: u64 = 1 << 30;
pub(super) const FRAGMENT_MIN_WORDS: usize = 120;
pub(super) const FRAGMENT_MAX_WORDS: usize = 32 << 10;
/// Fragments may be as large as the young heap, and this at least.
const FRAGMENT_LIMIT_WORDS: usize = 1 << 10;
/// Below this it does not matter whether survivors are copied twice.
const PROMOTE_MIN_WORDS: usize = 4 << 10;
/// The part of `max_heap_size` that the young heap may have: when it is collected, garbage counts,
/// and so does where it is moved to.
const MAX_HEAP_SHARE: usize = 4;
const OLD_MIN_WORDS: usize = 1 << 10;

/// The next size that OTP's heaps have: Fibonacci-like steps up to a million words, then a fifth
/// more each.
pub fn heap_size(words: usize) -> usize {
    let (mut a, mut b) = (12, 38);
    while b < words && b < 833_026 {
        (a, b) = (b, a + b + 1);
    }
    while b < words {
        b += b / 5;
    }
    b
}
/// Words of the smallest young heap that a process with these options has.
pub(super) fn least_words(options: &Options) -> usize {
    if options.min_heap_words > MIN_HEAP_WORDS { options.min_heap_words } else { START_WORDS }
}

pub(super) struct Sizing {
    /// Words of off-heap binaries in young objects that make the process collect.
    pub(super) vheap_limit_words: usize,
    /// The same in old objects: makes the next collection a major one.
    pub(super) old_vheap_limit_words: usize,
    /// Words in the old generation that make the next collection a major one.
    pub(super) old_limit_words: usize,
    last_cycles: u64,
    /// How long the last collection took, if that was for the number of roots rather than for what
    /// it moved; else 0.
    root_cycles: u64,
    /// Words that survived their first collection at the last one.
    new_survived_words: usize,
    /// Whether that was most of what was new.
    most_survived: bool,
    /// For so many collections to come, much is expected to survive.
    crowded: u8,
}

impl Sizing {
    pub(super) fn new(options: &Options) -> Sizing {
        Sizing {
            vheap_limit_words: options.min_bin_vheap_words,
            old_vheap_limit_words: options.min_bin_vheap_words,
            old_limit_words: OLD_MIN_WORDS,
            last_cycles: 0,
            root_cycles: 0,
            new_survived_words: 0,
            most_survived: false,
            crowded: 0,
        }
    }

    pub(super) fn fragment_limit(young_words: usize, max_heap_words: usize) -> usize {
        let limit = young_words.max(FRAGMENT_LIMIT_WORDS);
        if max_heap_words == 0 { limit } else { limit.min(max_heap_words / MAX_HEAP_SHARE) }
    }

    /// Size of the next young heap, that of what survives aside.
    pub(super) fn young_words(&self, options: &Options, now_words: usize, cycles: u64) -> usize {
        let mut least = least_words(options);
        let elapsed = cycles.wrapping_sub(self.last_cycles);
        // A collection that was interrupted also takes long: only a heap that has grown already is
        // believed to be slow for its roots.
        let many_roots = now_words >= NURSERY_MAX_WORDS / 2 && self.root_cycles > elapsed / 4;
        let mut most = if many_roots {
            NURSERY_MANY_ROOTS_WORDS
        } else if self.crowded > 0 {
            NURSERY_CROWDED_WORDS
        } else {
            NURSERY_MAX_WORDS
        };
        if options.max_heap.words != 0 {
            most = most.min(options.max_heap.words / MAX_HEAP_SHARE);
            least = least.min(options.max_heap.words);
        }
        if now_words < least {
            return least;
        }
        let crowded = self.new_survived_words > now_words / 4;
        let wanted = if elapsed < FAST_CYCLES / 16 {
            now_words * 4
        } else if elapsed < FAST_CYCLES || crowded || many_roots {
            now_words * 2
        } else if elapsed > SLOW_CYCLES && self.new_survived_words < now_words / 8 {
            now_words / 2
        } else {
            now_words
        };
        wanted.min(most).max(least)
    }

    /// Whether what is new is to be promoted with what is not.
    pub(super) fn promotes_new(&self, new_words: usize) -> bool {
        new_words >= PROMOTE_MIN_WORDS && self.most_survived
    }

    pub(super) fn collected(&mut self, new_words: usize, survived_words: usize) {
        self.new_survived_words = survived_words;
        self.most_survived = survived_words > new_words / 2;
        self.crowded = if survived_words > new_words / 8 {
            CROWDED_COLLECTIONS
        } else {
            self.crowded.saturating_sub(1)
        };
    }

    /// When the collection started and ended, and how many words it moved.
    pub(super) fn took(&mut self, start_cycles: u64, end_cycles: u64, moved_words: usize) {
        let cycles = end_cycles.wrapping_sub(start_cycles);
        let is_for_roots = cycles > MOVE_CYCLES * moved_words as u64 && cycles > FAST_CYCLES / 64;
        self.root_cycles = if is_for_roots { cycles } else { 0 };
        self.last_cycles = start_cycles;
    }

    /// After a major collection of which this part survived: the less there was to reclaim, the
    /// longer it takes to the next.
    pub(super) fn set_old_limit(&mut self, old_words: usize, young_words: usize, survival: f64) {
        let grown_words = (old_words as f64 * (2.0 + survival)) as usize;
        self.old_limit_words = (grown_words + 4 * young_words).max(OLD_MIN_WORDS);
    }
}
