//! Where schedulers sleep: the one place. What else may end the sleep (descriptors that become
//! ready, completions) is to be waited for here.
#![allow(unsafe_code)]

use core::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

/// How long a scheduler has slept. It alone changes this.
#[derive(Default)]
pub struct Rest {
    slept_ns: AtomicI64,
    /// 0 while it is awake.
    since: AtomicI64,
}
impl Rest {
    pub fn begin(&self, now: i64) {
        self.since.store(now.max(1), Relaxed);
    }
    pub fn end(&self, now: i64) {
        let since = self.since.swap(0, Relaxed);
        self.slept_ns.fetch_add(now - since, Relaxed);
    }
    /// Nanoseconds until now.
    pub fn slept(&self, now: i64) -> i64 {
        let since = self.since.load(Relaxed);
        let sleeps = if since == 0 { 0 } else { (now - since).max(0) };
        (self.slept_ns.load(Relaxed) + sleeps).min(now)
    }
}

/// The bed of one scheduler.
pub struct Bed {
    event: OwnedFd,
}

impl Bed {
    pub fn new() -> Bed {
        // SAFETY: makes a descriptor that nobody else owns.
        let event = unsafe { libc::eventfd(0, libc::EFD_CLOEXEC | libc::EFD_NONBLOCK) };
        assert!(event >= 0, "the system gives no eventfd");
        // SAFETY: just made.
        let event = unsafe { OwnedFd::from_raw_fd(event) };
        Bed { event }
    }

    /// Sleeps until woken, or for so many nanoseconds.
    pub fn sleep(&self, nanoseconds: Option<i64>) {
        let mut poll =
            libc::pollfd { fd: self.event.as_raw_fd(), events: libc::POLLIN, revents: 0 };
        let time = nanoseconds
            .map(|ns| libc::timespec { tv_sec: ns / 1_000_000_000, tv_nsec: ns % 1_000_000_000 });
        let time = time.as_ref().map_or(core::ptr::null(), core::ptr::from_ref);
        // SAFETY: pointers to locals. Interruption by a signal is a reason to wake up.
        let ready = unsafe { libc::ppoll(&raw mut poll, 1, time, core::ptr::null()) };
        if ready > 0 {
            let mut count = 0u64;
            // SAFETY: reads into a local of that size.
            unsafe { libc::read(poll.fd, (&raw mut count).cast(), 8) };
        }
    }
    /// What ends the sleep when a number is written to it.
    pub fn descriptor(&self) -> i32 {
        self.event.as_raw_fd()
    }
    /// Ends the sleep, or the next one if there is none.
    pub fn wake(&self) {
        let one = 1u64;
        // SAFETY: writes a local of that size; a full counter wakes as well.
        unsafe { libc::write(self.event.as_raw_fd(), (&raw const one).cast(), 8) };
    }
}
impl Default for Bed {
    fn default() -> Bed {
        Bed::new()
    }
}
