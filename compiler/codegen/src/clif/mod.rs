//! SSA to machine code, one function at a time, by Cranelift.
//!
//! Compiled code keeps every term that is needed after a safepoint in a slot of its frame; the
//! result lists, for each return address, the slots that hold live terms, the source location and
//! the handler. All references out of the function are [`Symbol`]s. Processor specifics stand in
//! [`isa`].

mod arith;
mod branches;
mod building;
mod calls;
mod entry_work;
mod fast;
mod inline_bifs;
mod insts;
pub mod isa;
mod lower;
pub mod machine;
mod maps;
mod matching;
mod receive;
mod reductions;
mod slots;
mod switches;

pub use lower::{clif_text, compile, compile_bif_wrapper};
pub use matching::READ_MAX_BITS;

use crate::ssa::{Convention, Name};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What compiled code refers to.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Symbol {
    /// Code of a function of the program (or of a BIF's wrapper).
    Function(Name, Convention),
    /// An exported symbol of the runtime.
    Runtime(Arc<str>),
    /// A function of the runtime, called through a stub.
    Through(Stub, Arc<str>),
    /// Data of the function, by index: literal, bit string plan, bytes, lambda, name.
    Literal(u32),
    Plan(u32),
    Bytes(u32),
    Lambda(u32),
    Mfa(Box<Name>),
}

/// How a function of the runtime is called.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Stub {
    Call,
    Safepoint,
    Raise,
    Slow,
    SlowWords,
}

impl Stub {
    pub fn symbol(self) -> &'static str {
        use beamrc_abi::entry::stub;
        match self {
            Stub::Call => stub::CALL,
            Stub::Safepoint => stub::SAFEPOINT,
            Stub::Raise => stub::RAISE,
            Stub::Slow => stub::SLOW,
            Stub::SlowWords => stub::SLOW_WORDS,
        }
    }
}

/// How a reference is written into the code.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum RelocKind {
    /// 32 bits relative to the place.
    Relative32,
    /// 32 bits absolute, sign-extended.
    Absolute32,
    /// 64 bits absolute.
    Absolute64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Reloc {
    pub offset: u32,
    pub kind: RelocKind,
    pub symbol: Symbol,
    pub addend: i64,
}

/// A return address.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CallSite {
    pub return_offset: u32,
    /// Offsets from the stack pointer (as after the return) of live terms.
    pub slots: Vec<u32>,
    /// Index into the function's locations.
    pub location: u32,
    /// Offset of the code that handles exceptions.
    pub handler: Option<u32>,
}

/// Machine code of a function.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Compiled {
    pub code: Vec<u8>,
    pub alignment: u32,
    pub relocs: Vec<Reloc>,
    pub call_sites: Vec<CallSite>,
    /// Start offset and location index, rising.
    pub lines: Vec<(u32, u32)>,
    /// Size of the frame below the saved frame pointer.
    pub frame_bytes: u32,
}

impl Compiled {
    /// For a cache.
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_stdvec(self).expect("plain data")
    }
    pub fn from_bytes(bytes: &[u8]) -> Option<Compiled> {
        postcard::from_bytes(bytes).ok()
    }
}

/// What lowering must know of the program: the numbers of atoms.
pub trait Atoms {
    fn id(&self, text: &str) -> u32;
}
