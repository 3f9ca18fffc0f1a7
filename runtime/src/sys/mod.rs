//! The operating system and the processor: clocks, time zones, descriptors, memory.
//!
//! The lowest room: knows neither terms nor processes. Everything here may be used from any thread.
#![allow(unsafe_code)]

pub mod arena;
pub mod clock;
pub mod cycles;
pub mod descriptor;
pub mod environment;
pub mod errno;
pub mod locale;
pub mod map;
pub mod memory;
pub mod signal;
pub mod slab;
pub mod time_zone;
pub mod unique;

/// The system has no memory left, or a limit of the operating system forbids more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OutOfMemory;
