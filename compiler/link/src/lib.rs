//! Makes an executable out of a program's relocatable object and the runtime, in one of two ways.
//!
//! [`link`] adds the object to a runtime image that was linked once, when beamrc was built: a
//! static executable at fixed addresses that lacks only the program, and with [`link_with_rest`]
//! those parts of the runtime that only some programs need. It needs nothing on the user's machine.
//! [`link_with_cc`] gives the same object and the runtime to the system's compiler driver.
//!
//! Both are deterministic: the same input gives the same bytes. What depends on the processor is in
//! `x86_64.rs`. Nothing here knows what the object's code or data mean, only that it defines
//! [`PROGRAM_SYMBOL`].
#![forbid(unsafe_code)]

mod cc;
pub mod dwarf;
mod error;
mod file;
mod image;
mod layout;
mod merge;
mod program;
mod rest;
mod sections;
mod symbols;
mod x86_64;

pub use cc::{CcOptions, link_with_cc};
pub use error::Error;
pub use file::write_executable;
pub use image::Image;
pub use merge::{Options, link, link_with_rest};
pub use rest::Rest;

/// What the program's object defines: the data that describes it to the runtime.
pub const PROGRAM_SYMBOL: &str = "beamrc_program";

/// Variable of the runtime, eight bytes of initialised data, that [`link`] sets to the address of
/// [`PROGRAM_SYMBOL`].
pub const PROGRAM_POINTER_SYMBOL: &str = "beamrc_program_ptr";
