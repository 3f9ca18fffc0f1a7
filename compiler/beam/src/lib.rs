//! Reads BEAM files of OTP 25 to 29 into modules that later stages index freely.
//!
//! `Module::read` is the way in. Invariants: any input gives a module or an error naming
//! file, chunk and byte, never a panic; memory and time stay within a constant factor of
//! the input, compressed data up to a limit. This crate must not know what becomes of a
//! module.
#![forbid(unsafe_code)]

mod code;
mod error;
mod external;
mod file;
mod index;
mod labels;
mod lists;
mod literal;
mod module;
mod opcodes;
mod operand;
mod print;
mod reader;
mod tables;
mod term_parse;
mod term_text;
mod types;

pub use error::Error;
pub use index::{
    AtomIdx, FileIdx, FunctionIdx, ImportIdx, Label, LambdaIdx, LineIdx, LiteralIdx, TypeIdx,
};
pub use lists::{CommandOperand, command_operands};
pub use literal::{Atom, Bits, Export, Literal, Record, Subterms, Terms};
pub use module::{
    Chunk, Function, FunctionName, Import, Instr, LabelPosition, Lambda, LineTable, Location,
    Module, RecordDefinition, RecordField,
};
pub use num_bigint::{BigInt, Sign};
pub use opcodes::{Op, OpInfo, OperandKind, OperandSpec, Status};
pub use operand::{Alloc, Operand, Reg};
pub use print::Text;
pub use term_parse::TermParser;
pub use term_text::AtomText;
pub use types::{TypeEntry, TypeUnion};
