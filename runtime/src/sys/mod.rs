//! The operating system: clocks, time zones, descriptors, memory. Knows neither terms nor processes.
#![allow(unsafe_code)]

pub mod clock;
pub mod time_zone;
pub mod unique;
