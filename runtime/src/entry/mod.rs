//! Where compiled code enters the runtime: shims for every BIF row, entry points, boot.
#![allow(unsafe_code)]

mod arith;
mod bif_shims;
pub mod bits;
pub mod boot;
pub mod calls;
mod compare;
pub mod exceptions;
mod failure;
mod large_maps;
mod maps;
#[cfg(beamrc_image)]
pub mod stand_ins;
#[cfg(beamrc_image)]
pub mod stubs;
pub mod unwind;
