//! Every module that a program could reach, loaded when it is first asked for.
//!
//! Invariants: a module that the program brings goes before OTP's module of the same name; the
//! functions of a shim replace those of the module they belong to. This file must not know what
//! is reachable.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use beamrc_beam::{
    Atom, AtomText, Function, FunctionIdx, FunctionName, Literal, Module, Op, Operand,
};
use rayon::prelude::*;

use super::{Callee, Mfa, names, otp, patch};
use crate::{Error, Result};

/// Who a module belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Origin {
    /// The user's project and its packages.
    Program,
    /// Erlang/OTP.
    Otp,
    /// beamrc: shims that are modules of their own, and what the compiler makes.
    Runtime,
}

/// Where a module can be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleFile {
    pub path: PathBuf,
    pub origin: Origin,
}

/// A loaded module and what is asked of it most.
#[derive(Debug)]
pub(super) struct Unit {
    pub beam: Arc<Module>,
    pub origin: Origin,
    pub path: Option<PathBuf>,
    pub content: [u8; 32],
    /// The function that runs when the module is loaded.
    pub on_load: Option<FunctionIdx>,
    /// Functions whose own calls are not certain.
    pub unlikely: HashSet<FunctionIdx>,
    /// The behaviours whose callback module it says to be.
    pub behaviours: Vec<Atom>,
    exports: HashMap<(Atom, u32), FunctionIdx>,
    /// What a call to each function means, as far as names alone tell: the BIF, the function
    /// itself (`Ok`), or nothing where the file has only a stub.
    pub locals: Vec<Local>,
}

/// What a call to a function of a module means.
#[derive(Clone, Copy, Debug)]
pub(super) enum Local {
    /// The code in the file.
    Code,
    /// What the runtime or the compiler provides.
    BuiltIn(Callee),
    /// Nothing: OTP's emulator provides it, this runtime does not.
    Stub,
}

/// The modules that a program could reach.
#[derive(Default)]
pub struct Universe {
    files: HashMap<Atom, ModuleFile>,
    /// Beams whose functions replace those of the module of the same name.
    overrides: HashMap<Atom, PathBuf>,
    loaded: HashMap<Atom, Option<Arc<Unit>>>,
}

impl Universe {
    /// The modules in these files; a name that comes again replaces the file before.
    pub fn new(files: impl IntoIterator<Item = (Atom, ModuleFile)>) -> Universe {
        Universe { files: files.into_iter().collect(), ..Universe::default() }
    }

    /// Adds a compiled shim: a module of its own, or functions for an existing one.
    pub fn add_shim(&mut self, name: Atom, path: PathBuf) {
        match self.files.entry(name) {
            Entry::Occupied(entry) => {
                self.overrides.insert(entry.key().clone(), path);
            }
            Entry::Vacant(entry) => {
                let origin = Origin::Runtime;
                entry.insert(ModuleFile { path, origin });
            }
        }
    }

    /// Adds a module that the compiler made.
    pub fn add_made(&mut self, module: Module) {
        let unit = Unit::made(module);
        self.loaded.insert(unit.beam.name.clone(), Some(Arc::new(unit)));
    }

    /// Whether there is a module of this name.
    pub fn contains(&self, name: &str) -> bool {
        self.files.contains_key(name) || matches!(self.loaded.get(name), Some(Some(_)))
    }

    /// Who the module of this name belongs to.
    pub(super) fn origin(&self, name: &str) -> Option<Origin> {
        self.files.get(name).map(|file| file.origin)
    }

    /// Loads these modules, several at once; unknown names are no error.
    pub(super) fn load(&mut self, names: impl IntoIterator<Item = Atom>) -> Result<()> {
        let mut wanted: Vec<Atom> =
            names.into_iter().filter(|name| !self.loaded.contains_key(name)).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let units: Vec<Result<Option<Unit>>> =
            wanted.par_iter().map(|name| self.read(name)).collect();
        for (name, unit) in wanted.into_iter().zip(units) {
            self.loaded.insert(name, unit?.map(Arc::new));
        }
        Ok(())
    }

    /// The module of this name, if there is one.
    pub(super) fn get(&mut self, name: &Atom) -> Result<Option<Arc<Unit>>> {
        self.load([name.clone()])?;
        Ok(self.loaded[name].clone())
    }

    fn read(&self, name: &Atom) -> Result<Option<Unit>> {
        let Some(file) = self.files.get(name) else {
            return Ok(None);
        };
        let bytes = read_file(&file.path)?;
        let mut content = blake3::Hasher::new();
        content.update(&bytes);
        let mut module = read_module(name, &file.path, &bytes)?;
        if is_preloaded(&file.path) {
            forget_lines(&mut module);
        }
        if let Some(path) = self.overrides.get(name) {
            let bytes = read_file(path)?;
            content.update(&bytes);
            let shim = read_module(name, path, &bytes)?;
            module = patch::merge(module, &shim)?;
        }
        let content = *content.finalize().as_bytes();
        Ok(Some(Unit::new(module, file.origin, Some(file.path.clone()), content)))
    }
}

/// Whether a module is one that OTP's emulator has inside: those of the application `erts`.
fn is_preloaded(path: &Path) -> bool {
    let application = path.parent().and_then(Path::parent);
    let name = application.and_then(Path::file_name);
    name.and_then(|name| name.to_str())
        .is_some_and(|name| name == "erts" || name.starts_with("erts-"))
}

/// The emulator has no line numbers of its own modules, and stack traces none.
fn forget_lines(module: &mut Module) {
    for location in &mut module.lines.locations {
        location.line = 0;
    }
}

fn read_file(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(Error::io("read", path))
}

fn read_module(name: &Atom, path: &Path, bytes: &[u8]) -> Result<Module> {
    let module = Module::read(bytes, &path.display().to_string())?;
    if module.name != *name {
        let found = AtomText(&module.name);
        return Err(Error::new(format!("{} holds the module {found}", path.display()))
            .help(format!("name the file {}.beam, as the BEAM wants it", module.name)));
    }
    Ok(module)
}

impl Unit {
    /// A module that has no file.
    pub fn made(module: Module) -> Unit {
        let content = *blake3::hash(format!("{module:?}").as_bytes()).as_bytes();
        Unit::new(module, Origin::Runtime, None, content)
    }

    fn new(mut module: Module, origin: Origin, path: Option<PathBuf>, content: [u8; 32]) -> Unit {
        let on_load = on_load(&module);
        if let Some(function) = on_load {
            // The boot code calls it by name.
            let code = &module.functions[function.index()];
            let (name, arity, entry) = (code.name, code.arity, code.entry);
            if !module.exports.iter().any(|export| export.label == entry) {
                module.exports.push(FunctionName { function: name, arity, label: entry });
            }
        }
        let exports = module.exports.iter().filter_map(|export| {
            let name = (module.atom(export.function).clone(), export.arity);
            Some((name, module.function_of(export.label)?))
        });
        let exports = exports.collect();
        let functions = (0..module.functions.len()).map(|f| FunctionIdx(f as u32));
        let locals = functions.map(|function| local(&module, function, origin)).collect();
        Unit {
            on_load,
            unlikely: unlikely(&module),
            behaviours: behaviours(&module).cloned().collect(),
            beam: Arc::new(module),
            origin,
            path,
            content,
            exports,
            locals,
        }
    }

    /// The exported function of this name.
    pub fn export(&self, function: &Atom, arity: u32) -> Option<FunctionIdx> {
        self.exports.get(&(function.clone(), arity)).copied()
    }

    /// Whether it calls callback modules that declare it.
    pub fn is_behaviour(&self) -> bool {
        self.export(&"behaviour_info".into(), 1).is_some()
    }

    /// The exported functions of this name, whatever their arity, in the order of the file.
    pub fn exports_named(&self, function: &Atom) -> Vec<FunctionIdx> {
        let exports = self.beam.exports.iter();
        let named = exports.filter(|export| self.beam.atom(export.function) == function);
        let mut found: Vec<_> =
            named.filter_map(|export| self.beam.function_of(export.label)).collect();
        found.sort_unstable();
        found
    }
}

fn on_load(module: &Module) -> Option<FunctionIdx> {
    let runs =
        |function: &Function| function.body().iter().take(3).any(|instr| instr.op == Op::OnLoad);
    let found = module.functions.iter().position(runs)?;
    Some(FunctionIdx(found as u32))
}

/// The values of an attribute that may be given several times.
pub(super) fn attribute<'a>(
    module: &'a Module,
    key: &'a [&'a str],
) -> impl Iterator<Item = &'a Literal> {
    let attributes = module.attributes.as_proper_list().unwrap_or_default();
    attributes.iter().filter_map(move |attribute| match attribute {
        Literal::Tuple(pair) => match &pair[..] {
            [Literal::Atom(name), value] => key.contains(&&**name).then_some(value),
            _ => None,
        },
        _ => None,
    })
}

fn behaviours(module: &Module) -> impl Iterator<Item = &Atom> {
    attribute(module, &["behaviour", "behavior"]).flat_map(Literal::atoms)
}

/// The functions in the table, and those that a shim declares: `-beamrc_unlikely([f])`.
fn unlikely(module: &Module) -> HashSet<FunctionIdx> {
    let declared = attribute(module, &["beamrc_unlikely"]).flat_map(Literal::atoms);
    let listed = otp::UNLIKELY.iter().filter(|(name, _)| **name == *module.name);
    // Gleam's entry prints errors by gleam_stdlib where it is there, else by io_lib.
    let entry = module.name.ends_with("@@main").then_some("print_term");
    let names: HashSet<&str> = declared
        .map(|name| &**name)
        .chain(listed.map(|(_, function)| *function))
        .chain(entry)
        .collect();
    let functions = module.functions.iter().zip(0..);
    let found = functions.filter(|(function, _)| names.contains(&**module.atom(function.name)));
    found.map(|(_, index)| FunctionIdx(index)).collect()
}

fn local(module: &Module, function: FunctionIdx, origin: Origin) -> Local {
    let name = Mfa::of(module, function);
    match names::built_in(&name.module, &name.function, name.arity) {
        Some(callee) => Local::BuiltIn(callee),
        None if origin == Origin::Otp && is_stub(module, function) => Local::Stub,
        None => Local::Code,
    }
}

/// Whether a function does nothing but call `erlang:nif_error`, as OTP's stubs for BIFs and NIFs.
fn is_stub(module: &Module, function: FunctionIdx) -> bool {
    let mut calls = false;
    for instr in module.functions[function.index()].body() {
        match instr.op {
            Op::Label | Op::Line | Op::Move | Op::NifStart | Op::TestHeap | Op::PutTuple2 => {}
            Op::Allocate | Op::Deallocate | Op::PutList | Op::IntCodeEnd => {}
            Op::CallExt | Op::CallExtLast | Op::CallExtOnly => {
                let Some(Operand::Import(import)) = instr.operands.get(1) else {
                    return false;
                };
                let import = module.imports[import.index()];
                let module_name = &**module.atom(import.module);
                if (module_name, &**module.atom(import.function)) != ("erlang", "nif_error") {
                    return false;
                }
                calls = true;
            }
            _ => return false,
        }
    }
    calls
}
