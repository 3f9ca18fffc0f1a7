//! What `system_flag` sets: defaults for new processes, and settings of the whole program.

use crate::heap;
pub use crate::heap::heap_size;
use crate::term::{Term, atom};
use core::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::OnceLock;

/// A number that starts as some default.
pub struct Setting {
    /// 0 while it is the default, else one more than the number.
    set: AtomicUsize,
    default: fn() -> usize,
}

impl Setting {
    const fn new(default: fn() -> usize) -> Setting {
        Setting { set: AtomicUsize::new(0), default }
    }
    fn number(&self, set: usize) -> usize {
        set.checked_sub(1).unwrap_or_else(self.default)
    }
    pub fn get(&self) -> usize {
        self.number(self.set.load(Relaxed))
    }
    /// Sets another number, returns the one before.
    pub fn swap(&self, number: usize) -> usize {
        self.number(self.set.swap(number + 1, Relaxed))
    }
}

pub static MIN_HEAP_WORDS: Setting = Setting::new(|| heap::Options::default().min_heap_words);
pub static MIN_BIN_VHEAP_WORDS: Setting =
    Setting::new(|| heap::Options::default().min_bin_vheap_words);
pub static FULLSWEEP_AFTER: Setting =
    Setting::new(|| heap::Options::default().fullsweep_after as usize);
pub static TRACE_CONTROL_WORD: Setting = Setting::new(|| 0);
pub static SYSTEM_REQUESTS: Setting = Setting::new(|| 4 * super::figures::schedulers());
/// Whether schedulers' times are told.
pub static SCHEDULER_WALL_TIME: AtomicBool = AtomicBool::new(false);

/// The default of `max_heap_size`.
static MAX_HEAP_WORDS: AtomicUsize = AtomicUsize::new(0);
static MAX_HEAP_FLAGS: AtomicU8 = AtomicU8::new(KILL | ERROR_LOGGER);
const KILL: u8 = 1;
const ERROR_LOGGER: u8 = 2;
const INCLUDE_SHARED_BINARIES: u8 = 4;

pub fn max_heap() -> heap::MaxHeap {
    let flags = MAX_HEAP_FLAGS.load(Relaxed);
    heap::MaxHeap {
        words: MAX_HEAP_WORDS.load(Relaxed),
        kill: flags & KILL != 0,
        error_logger: flags & ERROR_LOGGER != 0,
        include_shared_binaries: flags & INCLUDE_SHARED_BINARIES != 0,
    }
}
pub fn set_max_heap(max: heap::MaxHeap) {
    let flag = |is_set: bool, flag: u8| if is_set { flag } else { 0 };
    let flags = flag(max.kill, KILL)
        | flag(max.error_logger, ERROR_LOGGER)
        | flag(max.include_shared_binaries, INCLUDE_SHARED_BINARIES);
    MAX_HEAP_FLAGS.store(flags, Relaxed);
    MAX_HEAP_WORDS.store(max.words, Relaxed);
}

/// Options of a new process that was given none.
pub fn heap_options() -> heap::Options {
    heap::Options {
        min_heap_words: MIN_HEAP_WORDS.get(),
        min_bin_vheap_words: MIN_BIN_VHEAP_WORDS.get(),
        fullsweep_after: FULLSWEEP_AFTER.get() as u32,
        max_heap: max_heap(),
    }
}

fn logger_word() -> &'static AtomicU64 {
    static LOGGER: OnceLock<AtomicU64> = OnceLock::new();
    LOGGER.get_or_init(|| {
        let logger = atom::intern("logger").expect("short, and the table is not full of it");
        AtomicU64::new(Term::atom(logger).0)
    })
}
/// Who is sent the runtime's own messages: a local pid, `logger` (who has that name), `undefined`.
pub fn system_logger() -> Term {
    Term(logger_word().load(Relaxed))
}
/// An immediate; returns the one before.
pub fn set_system_logger(logger: Term) -> Term {
    debug_assert!(logger.is_immediate());
    Term(logger_word().swap(logger.0, Relaxed))
}
