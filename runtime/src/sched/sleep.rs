//! Where schedulers sleep: the one place. What else may end the sleep (descriptors that become
//! ready, completions) is to be waited for here.
#![allow(unsafe_code)]

use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

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
        let mut poll = libc::pollfd {
            fd: self.event.as_raw_fd(),
            events: libc::POLLIN,
            revents: 0,
        };
        let time = nanoseconds.map(|ns| libc::timespec {
            tv_sec: ns / 1_000_000_000,
            tv_nsec: ns % 1_000_000_000,
        });
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
