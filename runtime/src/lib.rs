//! The runtime that compiled programs are linked with: terms, heaps, processes, scheduler, BIFs.
//!
//! Lower rooms never name higher ones: `sys`, `term`, `heap`, `program`, `process`, `ets`, `sched`,
//! `bifs`, `entry`, `start`.
//!
//! Invariants that unsafe code and its SAFETY comments cite:
//!
//! * I1: no collection happens while Rust code runs on behalf of a process, except in the
//!   safepoint entries: terms held in Rust variables stay valid for the length of a BIF.
//! * I2: words are reserved first, then an object is built completely, and only then published.
//! * I3: only the thread that runs a process touches its heap.
//! * I4: layouts shared with compiled code are stated in `beamrc-abi`.
//! * I5: every `Term` is valid: an immediate, or a tagged address of a complete object that is
//!   reachable from the running process, a message, or the literals.
//! * I6: addresses below `LITERAL_END` are literals; process memory is always mapped above.
#![deny(unsafe_code)]

pub mod bifs;
pub mod entry;
pub mod ets;
pub mod heap;
pub mod process;
pub mod program;
pub mod sched;
#[cfg(beamrc_image)]
pub mod start;
pub mod sys;
pub mod term;
