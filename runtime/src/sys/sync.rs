//! What lock-free code is made of. It is named here and not where it is used, so that
//! `tests/model` can compile the same code with the types of a model checker.

pub use core::hint::spin_loop;
pub use core::sync::atomic::{
    AtomicBool, AtomicPtr, AtomicU8, AtomicU64, AtomicUsize, Ordering, fence,
};
/// How often a thread looks at what it waits for before it lets others run.
pub const SPINS: usize = 100;
pub use std::thread::{Thread, current, park, yield_now};
