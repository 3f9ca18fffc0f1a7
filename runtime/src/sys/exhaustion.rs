//! What becomes of a thread for which the system has no memory.
//!
//! * X1: while a thread runs a process and can be made to leave it (L1), that process is what ends:
//!   the thread goes back to where the process was entered, and what Rust was doing for it stays
//!   undone. No destructor runs but of what is lent, so nothing else that outlives a BIF may depend
//!   on one; what a thread has borrowed of its own while it asks for memory is counted as a lock; and
//!   what belongs to the process is in order whenever memory is asked for.
//!
//! A reserve is there for those who want little, lest a process ends because another one took all
//! there was, and for a thread that runs no process or changes what a lock guards: only when it is
//! used up does the program end.

use super::map::{self, Space};
use super::{arena, epoch, lock, malloc};
use beamrc_abi::process::{EXHAUSTED, ProcessHead};
use core::cell::Cell;
use core::ptr::{NonNull, null_mut};
use core::sync::atomic::{AtomicPtr, Ordering};
use std::sync::OnceLock;

/// Leaves a process to whoever entered it.
pub type GiveUp = unsafe extern "C" fn(*mut ProcessHead) -> !;

static GIVE_UP: OnceLock<GiveUp> = OnceLock::new();

thread_local! {
    static RUNNING: Cell<*mut ProcessHead> = const { Cell::new(null_mut()) };
    static IS_FALLIBLE: Cell<bool> = const { Cell::new(false) };
}

/// States how a process is left; at boot.
pub fn set_give_up(give_up: GiveUp) {
    let _ = GIVE_UP.set(give_up);
}
/// This thread enters a process or, with null, has left it.
pub fn set_running(process: *mut ProcessHead) {
    debug_assert!(!arena::is_in_scope(), "C2");
    RUNNING.set(process);
}
/// Whether this thread has entered a process and not left it.
pub fn is_running() -> bool {
    !RUNNING.get().is_null()
}

/// The process that can be given up now.
fn to_give_up() -> Option<(NonNull<ProcessHead>, GiveUp)> {
    let process = NonNull::new(RUNNING.get())?;
    lock::can_give_back().then_some((process, *GIVE_UP.get()?))
}

/// As [`out_of_memory`], for code that has changed something the process keeps: without the
/// reference the compiler may put off what it has not yet written there, and then for good.
#[cold]
pub fn out_of_memory_of<T: ?Sized>(changed: &mut T, what: &str, size_bytes: usize) -> ! {
    core::hint::black_box(changed);
    out_of_memory(what, size_bytes)
}
/// There is no memory for something that cannot do without: the process ends, or the program.
#[cold]
pub fn out_of_memory(what: &str, size_bytes: usize) -> ! {
    if let Some((mut process, give_up)) = to_give_up() {
        // SAFETY: X1: the process is entered, and is never run again.
        unsafe {
            process.as_mut().suspended = EXHAUSTED;
            malloc::keep_little();
            lock::give_back();
            epoch::end_reading();
            arena::abandon();
            give_up(process.as_ptr())
        }
    }
    eprintln!("Cannot allocate {size_bytes} bytes of memory (of type \"{what}\").");
    std::process::abort()
}

/// Runs what copes with a lack of memory by itself.
pub fn fallible<R>(attempt: impl FnOnce() -> R) -> R {
    let before = IS_FALLIBLE.replace(true);
    let result = attempt();
    IS_FALLIBLE.set(before);
    result
}
/// Whether the C library's allocator is to say so when it has no memory.
pub fn is_fallible() -> bool {
    IS_FALLIBLE.get()
}

/// Enough for a segment of blocks (see `slab`), wherever it has to begin.
const RESERVE_BYTES: usize = 8 << 20;
const LITTLE_BYTES: usize = 64 << 10;
static RESERVE: AtomicPtr<u8> = AtomicPtr::new(null_mut());

/// Takes the reserve, if it is missing and there is memory. To be called now and then.
pub fn refill_reserve() {
    if !RESERVE.load(Ordering::Relaxed).is_null() {
        return;
    }
    let Ok(reserve) = map::map(Space::Young, RESERVE_BYTES, map::PAGE_BYTES) else {
        return;
    };
    let kept =
        RESERVE.compare_exchange(null_mut(), reserve.as_ptr(), Ordering::AcqRel, Ordering::Relaxed);
    if kept.is_err() {
        // SAFETY: just mapped, not used.
        unsafe { map::unmap(reserve, RESERVE_BYTES) };
    }
}
/// Whether a thread that did not get so much may try again with the help of the reserve.
pub fn give_reserve(size_bytes: usize) -> bool {
    let is_little = size_bytes <= LITTLE_BYTES;
    if is_fallible() || !is_little && to_give_up().is_some() {
        return false;
    }
    let Some(reserve) = NonNull::new(RESERVE.swap(null_mut(), Ordering::AcqRel)) else {
        return false;
    };
    // SAFETY: mapped in `refill_reserve`, and nobody else's since the exchange.
    unsafe { map::unmap(reserve, RESERVE_BYTES) };
    true
}
