//! What lock-free code is made of. It is named here and not where it is used, so that
//! `tests/model` can compile the same code with the types of a model checker.

pub use core::hint::spin_loop;
pub use core::sync::atomic::{
    AtomicBool, AtomicPtr, AtomicU8, AtomicU64, AtomicUsize, Ordering, fence,
};
/// How often a thread looks at what it waits for before it lets others run.
pub const SPINS: usize = 100;
/// Readers that take a lock before the next ones announce themselves (see `read_mostly`).
pub const READS: u8 = 64;
pub use std::thread::{Thread, current, park, yield_now};

/// Lets others run, for as long as it takes to wait for what may take long.
pub fn wait_a_little() {
    std::thread::sleep(core::time::Duration::from_micros(20));
}

/// Stores what others see unless this thread's next sequentially consistent load sees what they did
/// before a sequentially consistent fence. One instruction, where a fence would be another.
#[inline]
pub fn store_first<T>(place: &AtomicPtr<T>, value: *mut T) {
    place.store(value, Ordering::SeqCst);
}
