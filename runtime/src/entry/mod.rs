//! Where compiled code enters the runtime: shims for every BIF row, entry points, boot.
#![allow(unsafe_code)]

mod arith;
mod bif_shims;
pub mod bits;
#[cfg(beamrc_image)]
pub mod boot;
pub mod calls;
mod compare;
pub mod exceptions;
mod failure;
#[cfg_attr(
    not(beamrc_image),
    expect(dead_code, reason = "only a program has literals to complete")
)]
mod large_maps;
mod maps;
pub mod receive;
mod records;
pub mod scheduling;
#[cfg(beamrc_image)]
pub mod stand_ins;
#[cfg(beamrc_image)]
pub mod stubs;
pub mod unwind;
