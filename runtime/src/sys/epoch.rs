//! When nobody can still be using what was taken out of a shared structure.
//!
//! Threads that look at shared structures are online, and pass quiescent points now and then: at
//! such a point a thread holds no reference it found earlier. What is retired is freed when every
//! thread that was online at the time has passed one.
//!
//! * A1: the epoch goes from `e` to `e + 1` only when every online thread has announced `e`. A
//!   thread that found something in epoch `e` announces `e + 2` only after a quiescent point, so
//!   what was retired in epoch `e` can be freed in epoch `e + 2`.

mod epochs;

use super::lock::{Held, Mutex, MutexGuard};
use super::read_mostly::{Place, Places};
use core::cell::{Cell, RefCell};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, AtomicU64, AtomicUsize, Ordering::*};
use epochs::{Epochs, OFFLINE};
use std::collections::VecDeque;
use std::sync::PoisonError;

/// Threads that may ever be online at a time.
const THREADS_MAX: usize = 1024;
/// Retired objects that make a thread try to free at its next quiescent point.
const MANY: usize = 64;
/// Quiescent points after which a thread tries in any case.
const OFTEN: u32 = 64;

/// What a thread says of itself, on a cache line of its own.
#[repr(align(64))]
struct Thread {
    /// The epoch that it has announced.
    announced: AtomicU64,
    /// What it reads under, and what it reads under behind that.
    reading: [Place; 2],
}
impl Thread {
    const fn new() -> Thread {
        Thread {
            announced: AtomicU64::new(OFFLINE),
            reading: [const { Place(AtomicPtr::new(null_mut())) }; 2],
        }
    }
}

static EPOCHS: Epochs = Epochs { now: AtomicU64::new(1) };
static THREADS: [Thread; THREADS_MAX] = [const { Thread::new() }; THREADS_MAX];
/// How many of them have ever been online at a time.
static THREAD_COUNT: AtomicUsize = AtomicUsize::new(0);

fn threads() -> &'static [Thread] {
    &THREADS[..THREAD_COUNT.load(SeqCst).min(THREADS_MAX)]
}

/// Threads that have been online, as readers of a [`super::read_mostly::ReadMostly`].
pub struct OnlineAt<const LEVEL: usize>;
pub type Online = OnlineAt<0>;
/// The same, for locks that are taken behind those.
pub type OnlineInside = OnlineAt<1>;

impl<const LEVEL: usize> Places for OnlineAt<LEVEL> {
    #[inline]
    fn own() -> Option<&'static Place> {
        THREADS.get(PLACE.get()).map(|thread| &thread.reading[LEVEL])
    }
    fn all() -> impl Iterator<Item = &'static Place> {
        threads().iter().map(|thread| &thread.reading[LEVEL])
    }
}

/// This thread reads under nothing, whatever it announced (see [`super::read_mostly`]).
pub fn end_reading() {
    for place in [OnlineInside::own(), Online::own()].into_iter().flatten() {
        place.0.store(null_mut(), Release);
    }
}

/// Frees an object that was retired.
pub type Free = unsafe fn(*mut u8);

struct Retired {
    epoch: u64,
    object: *mut u8,
    free: Free,
}

thread_local! {
    static PLACE: Cell<usize> = const { Cell::new(usize::MAX) };
    static RETIRED: RefCell<VecDeque<Retired>> = const { RefCell::new(VecDeque::new()) };
    static POINTS: Cell<u32> = const { Cell::new(0) };
}

/// Places of threads that have left, for others.
static LEFT: Mutex<Vec<usize>> = Mutex::new(Vec::new());

fn left() -> MutexGuard<'static, Vec<usize>> {
    LEFT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A thread that ends was online for the last time. Stays until what it retired can be freed.
pub fn leave() {
    online();
    while retired() > 0 {
        quiescent();
        free_what_can_be();
        std::thread::sleep(core::time::Duration::from_millis(1));
    }
    offline();
    left().push(PLACE.replace(usize::MAX));
}

fn announced() -> &'static AtomicU64 {
    let mut place = PLACE.get();
    if place == usize::MAX {
        place = left().pop().unwrap_or_else(|| THREAD_COUNT.fetch_add(1, SeqCst));
        assert!(place < THREADS_MAX, "too many threads");
        PLACE.set(place);
    }
    &THREADS[place].announced
}

/// From now on this thread may look at shared structures.
pub fn online() {
    EPOCHS.enter(announced());
}
/// This thread looks at nothing until it is online again.
pub fn offline() {
    Epochs::leave(announced());
}

/// Does what may take long, such as a call of the system that waits, and looks at no shared
/// structure: nobody waits for this thread meanwhile. It does not ask for memory (X1).
pub fn aside<R>(work: impl FnOnce() -> R) -> R {
    if announced().load(Relaxed) == OFFLINE {
        return work();
    }
    let held = Held::new();
    offline();
    let result = work();
    online();
    drop(held);
    result
}

/// This online thread holds no references found before.
#[inline]
pub fn quiescent() {
    EPOCHS.pass(announced());
    let points = POINTS.get() + 1;
    POINTS.set(points);
    if points >= OFTEN {
        POINTS.set(0);
        free_what_can_be();
    }
}

/// Has an object, which is out of every shared structure, freed when nobody can be using it.
///
/// # Safety
/// `free` may be called with the object, on this thread, from then on.
pub unsafe fn retire(object: *mut u8, free: Free) {
    let retired = Retired { epoch: EPOCHS.stamp(), object, free };
    // Whoever left here for lack of memory would leave the list borrowed (X1).
    let held = Held::new();
    RETIRED.with_borrow_mut(|all| all.push_back(retired));
    drop(held);
    let count = RETIRED.with_borrow(VecDeque::len);
    if count >= MANY {
        POINTS.set(OFTEN);
    }
}
/// Objects that this thread retired and has not freed.
pub fn retired() -> usize {
    RETIRED.with_borrow(VecDeque::len)
}

#[cold]
fn free_what_can_be() {
    if RETIRED.with_borrow(VecDeque::is_empty) {
        return;
    }
    EPOCHS.advance(|| threads().iter().map(|thread| &thread.announced));
    // This thread is at a quiescent point.
    EPOCHS.pass(announced());
    loop {
        let next = RETIRED.with_borrow_mut(|all| {
            let is_free = all.front().is_some_and(|r| EPOCHS.is_over(r.epoch));
            if is_free { all.pop_front() } else { None }
        });
        let Some(Retired { object, free, .. }) = next else {
            return;
        };
        // SAFETY: A1: every thread that could have found the object has passed a quiescent point.
        unsafe { free(object) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::sync::atomic::AtomicBool;

    /// Readers check that what they find is alive while a writer replaces and retires it.
    #[test]
    fn nothing_is_freed_under_a_reader() {
        const ALIVE: u64 = 0x600d;
        static CURRENT: AtomicPtr<u64> = AtomicPtr::new(core::ptr::null_mut());
        static FREED: AtomicUsize = AtomicUsize::new(0);
        unsafe fn free(object: *mut u8) {
            FREED.fetch_add(1, Relaxed);
            // SAFETY: made by Box below; overwritten first so that a reader would notice.
            unsafe {
                object.cast::<u64>().write_volatile(0xdead);
                drop(Box::from_raw(object.cast::<u64>()));
            }
        }
        CURRENT.store(Box::into_raw(Box::new(ALIVE)), Release);
        let stop = AtomicBool::new(false);
        std::thread::scope(|s| {
            for _ in 0..3 {
                s.spawn(|| {
                    online();
                    while !stop.load(Relaxed) {
                        for _ in 0..10 {
                            let found = CURRENT.load(Acquire);
                            // SAFETY: found while online, no quiescent point since.
                            assert_eq!(unsafe { found.read_volatile() }, ALIVE);
                        }
                        quiescent();
                    }
                    offline();
                });
            }
            online();
            for _ in 0..20_000 {
                let old = CURRENT.swap(Box::into_raw(Box::new(ALIVE)), AcqRel);
                // SAFETY: no longer to be found.
                unsafe { retire(old.cast(), free) };
                quiescent();
            }
            stop.store(true, Relaxed);
            offline();
        });
        online();
        // Threads of other tests may be online, and take their time.
        let end = std::time::Instant::now() + core::time::Duration::from_secs(60);
        while retired() > 0 && std::time::Instant::now() < end {
            quiescent();
        }
        offline();
        assert_eq!(retired(), 0);
        assert_eq!(FREED.load(Relaxed), 20_000);
    }
}
