//! The reader's compiled fixtures as input of code generation.

use beamrc_abi::bifs;
use beamrc_beam::Module;
use beamrc_codegen::clif;
use beamrc_codegen::ssa::{Convention, Function, Name, build};
use std::path::{Path, PathBuf};

/// Takes every name that no BIF has for a function of the program.
pub struct Names;

impl build::Resolver for Names {
    fn resolve(&self, name: &Name) -> build::Callee {
        let is_it = |b: &&'static bifs::Bif| {
            (b.module, b.name, b.arity as u32) == (&*name.module, &*name.function, name.arity)
        };
        bifs::all().find(is_it).map_or(build::Callee::Function, build::Callee::Bif)
    }
    fn record(&self, _module: &str, _name: &str) -> Option<build::records::Definition> {
        None
    }
}

/// Every atom has the number that its text prefers.
pub struct Atoms;

impl clif::Atoms for Atoms {
    fn id(&self, text: &str) -> u32 {
        beamrc_abi::atom::home_id(text.as_bytes())
    }
}

/// `27/calls`, say, as a file.
pub fn bytes(name: &str) -> Vec<u8> {
    let path = folder().join(name).with_extension("beam");
    std::fs::read(&path).expect("a fixture")
}

pub fn module(name: &str) -> Module {
    let bytes = bytes(name);
    Module::read(&bytes, name).unwrap_or_else(|error| panic!("{error}"))
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../beam/tests/fixtures")
}

/// Every fixture, in a fixed order.
pub fn all() -> Vec<(String, Module)> {
    let mut names = Vec::new();
    for release in ["25", "27", "29"] {
        let entries = std::fs::read_dir(folder().join(release)).expect("fixtures of the release");
        for path in entries.map(|entry| entry.expect("a fixture").path()) {
            if path.extension().is_some_and(|extension| extension == "beam") {
                let stem = path.file_stem().expect("a file name").to_string_lossy();
                names.push(format!("{release}/{stem}"));
            }
        }
    }
    assert!(names.len() > 15, "fixtures of the reader are missing");
    names.sort();
    names.into_iter().map(|name| (name.clone(), module(&name))).collect()
}

/// Every function in each way it can be entered.
pub fn entered(module: &Module) -> Vec<(usize, Convention)> {
    let mut entered: Vec<_> = (0..module.functions.len()).map(|i| (i, Convention::Plain)).collect();
    for lambda in &module.lambdas {
        // Only a damaged file has a lambda without a function.
        if let Some(function) = module.function_of(lambda.label) {
            entered.push((function.index(), Convention::Closure { free: lambda.free }));
        }
    }
    entered
}

/// The function as first built, or why it cannot be.
pub fn try_built(
    module: &Module,
    index: usize,
    convention: Convention,
) -> Result<Function, String> {
    build::build(module, &module.functions[index], convention, &Names).map_err(|error| error.0)
}

pub fn built(module: &Module, index: usize, convention: Convention) -> Function {
    try_built(module, index, convention).unwrap_or_else(|error| panic!("{error}"))
}
