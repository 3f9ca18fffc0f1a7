//! The closed world: which functions of which modules a program consists of, and what every call
//! in them means.
//!
//! `Program::load` is the way in. Invariants: modules are in the order of their names, reachable
//! functions in the order of modules and then of their file, so the same input gives the same
//! program; a callee that is a function is reachable. This folder must not know how code is
//! generated.

mod atoms;
mod boot;
mod intrinsic;
mod mentions;
mod names;
mod otp;
mod patch;
mod reach;
mod report;
mod universe;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use beamrc_abi::bifs::Bif;
use beamrc_beam::{Atom, FunctionIdx, ImportIdx, Label, Module};

pub use atoms::AtomTable;
pub use boot::{BOOT_FUNCTION, BOOT_MODULE, Boot, OtpApplication};
pub use intrinsic::Intrinsic;
pub use names::Mfa;
pub use reach::Options;
pub use report::{Kept, Report};
pub use universe::{ModuleFile, Origin, Universe};

/// Into `Program::modules`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModuleIdx(pub u32);

impl ModuleIdx {
    /// For indexing a slice.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A function of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FunctionRef {
    pub module: ModuleIdx,
    pub function: FunctionIdx,
}

/// What a call or a `fun M:F/A` refers to.
#[derive(Clone, Copy, Debug)]
pub enum Callee {
    /// A function compiled from a module.
    Function(FunctionRef),
    /// A function of the runtime.
    Bif(&'static Bif),
    /// Something the compiler emits code of its own for.
    Intrinsic(Intrinsic),
    /// Nothing: the call raises `undef`.
    Missing,
}

/// A module of which at least one function is reachable.
#[derive(Debug)]
pub struct LoadedModule {
    /// What its files hold, overriding functions merged in.
    pub beam: Arc<Module>,
    /// Where it came from.
    pub origin: Origin,
    /// The file; none for what the compiler makes itself.
    pub path: Option<PathBuf>,
    /// Hash of the content of its files: equal hashes mean equal modules.
    pub content: [u8; 32],
    /// Whether every function was kept.
    pub whole: bool,
    /// For each function of `beam`, whether it is reachable.
    reachable: Vec<bool>,
    by_name: HashMap<(Atom, u32), FunctionIdx>,
    /// What each import of `beam` refers to.
    imports: Vec<Callee>,
    /// What a call to each function of `beam` means: not the function itself where the file
    /// holds only a stub for a BIF.
    locals: Vec<Callee>,
}

/// Everything later stages need to know of a program.
#[derive(Debug)]
pub struct Program {
    /// In the order of their names.
    pub modules: Vec<LoadedModule>,
    /// All reachable functions, in the order of modules, then of their file.
    pub functions: Vec<FunctionRef>,
    /// BIFs that reachable code calls, refers to by `fun M:F/A`, or may name at run time; in the
    /// order of their names.
    pub bifs: Vec<&'static Bif>,
    /// All atoms of reachable code and its literals, of export tables, and of the runtime.
    pub atoms: AtomTable,
    /// The function without arguments that the first process runs.
    pub entry: Mfa,
    /// Such as "27".
    pub otp_release: String,
    /// Whether its processes may want to know what they called last.
    pub saves_calls: bool,
    /// Data that the executable carries by name.
    pub resources: Vec<(String, Vec<u8>)>,
    /// What was kept and why.
    pub report: Report,
    by_name: HashMap<Atom, ModuleIdx>,
}

impl LoadedModule {
    pub fn name(&self) -> &Atom {
        &self.beam.name
    }

    pub fn is_reachable(&self, function: FunctionIdx) -> bool {
        self.reachable[function.index()]
    }

    /// The exports that are linked: name, arity and what a call by name reaches.
    pub fn exports(&self) -> impl Iterator<Item = (&Atom, u32, FunctionIdx)> {
        self.beam.exports.iter().filter_map(|export| {
            let function = self.beam.function_of(export.label)?;
            self.is_reachable(function)
                .then(|| (self.beam.atom(export.function), export.arity, function))
        })
    }
}

/// What a program can ask of its modules' tables.
#[derive(Clone, Copy)]
pub struct Told {
    /// What `module_info` returns.
    pub modules: bool,
    /// How native records are defined.
    pub records: bool,
}

impl Told {
    fn by(bifs: &[&Bif]) -> Told {
        let any = |module, name| bifs.iter().any(|bif| (bif.module, bif.name) == (module, name));
        Told {
            modules: any("erlang", "get_module_info"),
            records: any("records", "get_definition"),
        }
    }
}

impl Program {
    /// What the program can ask of its modules' tables.
    pub fn told(&self) -> Told {
        Told::by(&self.bifs)
    }

    pub fn module(&self, module: ModuleIdx) -> &LoadedModule {
        &self.modules[module.index()]
    }

    /// The module of this name, if any function of it is reachable.
    pub fn module_named(&self, name: &str) -> Option<ModuleIdx> {
        self.by_name.get(name).copied()
    }

    pub fn function(&self, function: FunctionRef) -> &beamrc_beam::Function {
        &self.module(function.module).beam.functions[function.function.index()]
    }

    /// The name of a function of the program.
    pub fn mfa(&self, function: FunctionRef) -> Mfa {
        Mfa::of(&self.module(function.module).beam, function.function)
    }

    /// What a remote call means.
    pub fn import(&self, module: ModuleIdx, import: ImportIdx) -> Callee {
        self.module(module).imports[import.index()]
    }

    /// What a call to a label of the same module means; the label is the entry of a function.
    pub fn local(&self, module: ModuleIdx, label: Label) -> Callee {
        let module = self.module(module);
        module.beam.function_of(label).map_or(Callee::Missing, |f| module.locals[f.index()])
    }

    /// What `Module:Function/Arity` means inside that module, exported or not.
    pub fn resolve(&self, module: &str, function: &str, arity: u32) -> Callee {
        if let Some(known) = names::built_in(module, function, arity) {
            return known;
        }
        let Some(module) = self.module_named(module) else {
            return Callee::Missing;
        };
        let loaded = self.module(module);
        let found = loaded.by_name.get(&(Atom::from(function), arity));
        found.map_or(Callee::Missing, |function| loaded.locals[function.index()])
    }
}
