//! Where compiled code enters the runtime: shims for every BIF row, entry points, boot.
#![allow(unsafe_code)]

mod arith;
mod bif_shims;
pub mod bits;
pub mod boot;
mod compare;
mod failure;
mod maps;
#[cfg(beamrc_image)]
pub mod stubs;
