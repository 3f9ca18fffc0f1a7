//! The operating system and the processor: clocks, time zones, descriptors, memory.
//!
//! The lowest room: knows neither terms nor processes. Everything here may be used from any thread.
#![allow(unsafe_code)]

pub mod arena;
pub mod clock;
pub mod cycles;
pub mod descriptor;
pub mod environment;
pub mod epoch;
pub mod errno;
pub mod exhaustion;
pub mod file;
pub mod locale;
pub mod lock;
mod malloc;
pub mod map;
pub mod memory;
pub mod pcre;
pub mod random;
pub mod read_mostly;
pub mod signal;
pub mod slab;
pub mod spin;
pub mod sync;
pub mod time_zone;
pub mod unique;
pub mod zlib;

/// The system has no memory left, or a limit of the operating system forbids more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OutOfMemory;

/// Version of the operating system's kernel.
pub fn os_version() -> [u32; 3] {
    // SAFETY: all-zero is a valid utsname; uname writes it and keeps no pointer.
    let release = unsafe {
        let mut names: libc::utsname = core::mem::zeroed();
        libc::uname(&raw mut names);
        names.release
    };
    let text: String = release.iter().map(|c| char::from(*c as u8)).collect();
    let mut numbers = text.split(|c: char| !c.is_ascii_digit());
    core::array::from_fn(|_| numbers.next().and_then(|n| n.parse().ok()).unwrap_or(0))
}
