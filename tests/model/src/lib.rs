//! The runtime's lock-free parts under a model checker, which goes through the interleavings of
//! their threads and what each may see of the others' memory.
//!
//! The files are the runtime's own; `sys::sync` gives them the checker's atomics. What they use
//! besides is replaced by the least that will do. Cells that the checker watches stand for what a
//! process or signal holds: it fails when two threads touch one without one having to see what the
//! other did.
#![cfg(test)]
#![allow(dead_code, reason = "files are included as a whole, and not all of each is modelled")]

mod heap;
mod models;

/// Runs a model through all interleavings with at most so many interruptions.
fn check(interruptions: usize, model: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(interruptions);
    builder.check(model);
}

#[path = "../../../runtime/src/sys"]
mod sys {
    pub mod read_mostly;
    pub mod spin;

    pub mod epoch {
        pub mod epochs;
    }
    pub mod slab {
        pub mod remote;
    }

    pub mod sync {
        pub use loom::hint::spin_loop;
        pub use loom::sync::atomic::{
            AtomicBool, AtomicPtr, AtomicU8, AtomicU64, AtomicUsize, Ordering, fence,
        };
        pub use loom::thread::{Thread, current, park, yield_now};
        pub const SPINS: usize = 1;
        pub const READS: u8 = 0;
        // The checker takes sequentially consistent loads and stores for weaker ones.
        pub fn store_first<T>(place: &AtomicPtr<T>, value: *mut T) {
            place.store(value, Ordering::Release);
            fence(Ordering::SeqCst);
        }
        pub fn wait_a_little() {
            yield_now();
        }
    }

    pub mod lock {
        pub use loom::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};
        pub struct Held;
        impl Held {
            pub fn new() -> Held {
                Held
            }
        }
    }

    pub mod map {
        use super::sync::AtomicPtr;
        pub fn null_pointers<T>(count: usize) -> Result<&'static [AtomicPtr<T>], ()> {
            let pointers = (0..count).map(|_| AtomicPtr::new(core::ptr::null_mut()));
            Ok(Box::leak(pointers.collect()))
        }
    }
}

#[path = "../../../runtime/src/term"]
mod term {
    pub mod atom {
        pub mod growing;
    }

    pub struct Term;
    impl Term {
        pub fn pid(_number: u64) -> Term {
            Term
        }
    }
}

#[path = "../../../runtime/src/process"]
mod process {
    pub mod queue;
    pub mod shared;
    pub mod table;

    pub use shared::{Handle, Priority, Shared};

    pub mod figures {
        pub fn process_limit() -> usize {
            unreachable!("models make their own tables")
        }
    }

    /// Its holder alone touches it (P1).
    #[derive(Default)]
    pub struct Process {
        pub content: loom::cell::UnsafeCell<Vec<u64>>,
    }
}

#[path = "../../../runtime/src/sched"]
mod sched {
    pub mod idle;
    pub mod place;
    pub mod run_queue;

    pub mod sleep {
        /// As the runtime's: a wake ends this sleep or the next.
        pub struct Bed(loom::sync::Notify);
        impl Bed {
            pub fn new() -> Bed {
                Bed(loom::sync::Notify::new())
            }
            pub fn sleep(&self) {
                self.0.wait();
            }
            pub fn wake(&self) {
                self.0.notify();
            }
        }
    }
}
