//! A decoded module: the tables of the file and its functions.
//!
//! Invariants: every index in a table or an operand is inside its table; every label that
//! is referred to is defined; what an instruction jumps to lies in its own function, what it
//! calls is the entry of a function; functions have the order of the file. This file must
//! not know the encoding.

use std::ops::Range;
use std::sync::Arc;

use crate::error::Error;
use crate::index::{AtomIdx, FileIdx, FunctionIdx, Label, LineIdx};
use crate::literal::{Atom, Literal};
use crate::opcodes::Op;
use crate::operand::Operand;
use crate::types::TypeEntry;

/// A BEAM file, decoded and checked.
#[derive(Clone, Debug)]
pub struct Module {
    /// The module's name.
    pub name: Atom,
    /// The atoms that code and tables use; literals bring their own.
    pub atoms: Vec<Atom>,
    /// The functions of other modules (or its own, called as such) that it calls.
    pub imports: Vec<Import>,
    /// The functions that others may call.
    pub exports: Vec<FunctionName>,
    /// The other functions; empty where the file was stripped.
    pub locals: Vec<FunctionName>,
    /// Its funs.
    pub lambdas: Vec<Lambda>,
    /// Its literal terms.
    pub literals: Vec<Literal>,
    /// The bytes that `bs_match_string`, `bs_create_bin` and `bs_put_string` refer to.
    pub strings: Vec<u8>,
    /// Where code came from.
    pub lines: LineTable,
    /// What the compiler knows of registers; empty where the file has no type chunk.
    pub types: Vec<TypeEntry>,
    /// The version of the type chunk in the file, 0 where it has none.
    pub type_version: u32,
    /// `Module:module_info(attributes)`.
    pub attributes: Literal,
    /// `Module:module_info(compile)`.
    pub compile_info: Literal,
    /// The native records it defines.
    pub records: Vec<RecordDefinition>,
    /// The functions, in the order of the file.
    pub functions: Vec<Function>,
    /// For each label below the label count, where it is defined, if anywhere.
    pub labels: Vec<Option<LabelPosition>>,
    /// `Module:module_info(md5)`, also the uniq of its funs.
    pub md5: [u8; 16],
    /// The chunks of the file and where their data lies, known or not.
    pub chunks: Vec<Chunk>,
}

/// An imported function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Import {
    /// The module.
    pub module: AtomIdx,
    /// The function.
    pub function: AtomIdx,
    /// How many arguments it takes.
    pub arity: u32,
}

/// A row of the export table or of the table of local functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FunctionName {
    /// The function.
    pub function: AtomIdx,
    /// How many arguments it takes.
    pub arity: u32,
    /// Its entry.
    pub label: Label,
}

/// A fun's code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lambda {
    /// The name of the function that holds the code.
    pub function: AtomIdx,
    /// The arity of that function: the fun's own plus `free`.
    pub arity: u32,
    /// Its entry.
    pub label: Label,
    /// The number of the fun in its module.
    pub index: u32,
    /// How many values the environment has.
    pub free: u32,
    /// The uniq of old, part of the module's MD5.
    pub old_uniq: u32,
}

/// The definition of a native record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordDefinition {
    /// Its name.
    pub name: AtomIdx,
    /// Whether other modules may look into it.
    pub exported: bool,
    /// Its fields, in the order of their definition.
    pub fields: Vec<RecordField>,
}

/// A field of a native record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordField {
    /// Its name.
    pub name: AtomIdx,
    /// Its default: an atom, nil, an integer or a literal; or it has to be given.
    pub default: Option<Operand>,
}

/// Source files and the lines in them.
#[derive(Clone, Debug, Default)]
pub struct LineTable {
    /// File names; the first is the module's name with `.erl`.
    pub files: Vec<Arc<str>>,
    /// What `LineIdx` means; the first is the unknown location.
    pub locations: Vec<Location>,
    /// The flags of the chunk: 1 for executable lines, 2 for line counters wanted.
    pub flags: u32,
}

/// A line of a source file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Location {
    /// The file.
    pub file: FileIdx,
    /// The line; 0 if unknown.
    pub line: u32,
}

/// A function.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its name.
    pub name: AtomIdx,
    /// How many arguments it takes.
    pub arity: u32,
    /// The label before `func_info`: jumping there raises `function_clause`.
    pub func_info: Label,
    /// The label where callers enter.
    pub entry: Label,
    /// All instructions, from the label before `func_info`.
    pub instrs: Vec<Instr>,
    /// The index of the entry label in `instrs`.
    pub entry_instr: u32,
}

/// An instruction.
#[derive(Clone, Debug)]
pub struct Instr {
    /// What it does.
    pub op: Op,
    /// What it does it with.
    pub operands: Vec<Operand>,
    /// The last `line` before it in its function: what a stack trace says of it.
    pub line: LineIdx,
}

/// Where a label is defined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LabelPosition {
    /// In which function.
    pub function: FunctionIdx,
    /// At which of its instructions.
    pub instr: u32,
}

/// A chunk of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Its four letters.
    pub id: [u8; 4],
    /// Where its data lies in the file (in the unpacked file, if it was packed).
    pub range: Range<usize>,
}

impl Function {
    /// The instructions from the entry label on.
    pub fn body(&self) -> &[Instr] {
        &self.instrs[self.entry_instr as usize..]
    }
}

impl LineTable {
    /// The file and line of a location, unless it is the unknown one.
    pub fn get(&self, line: LineIdx) -> Option<(&Arc<str>, u32)> {
        let location = self.locations[line.index()];
        (location.line != 0).then(|| (&self.files[location.file.index()], location.line))
    }
}

impl Module {
    /// Reads a file; `origin` names it in errors.
    pub fn read(bytes: &[u8], origin: &str) -> Result<Module, Error> {
        crate::file::read(bytes, origin)
    }

    /// The text of an atom.
    pub fn atom(&self, atom: AtomIdx) -> &Atom {
        &self.atoms[atom.index()]
    }

    /// The function whose entry or `func_info` is at this label, or that contains it.
    pub fn function_of(&self, label: Label) -> Option<FunctionIdx> {
        Some(self.labels.get(label.index()).copied()??.function)
    }
}
