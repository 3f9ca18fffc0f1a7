//! What the user named on the command line: modules, applications, and the function to enter.
//!
//! Invariant: every module has one file. Two inputs with a module of one name are an error that
//! names both; of two packages of one Gleam project the first by name gives the module, and a note
//! says so. This folder must not know what of a module is used.

mod app_file;
mod entry;
mod erlc;
mod otp;
mod project;
mod term;
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use beamrc_beam::{Atom, AtomText};

pub use app_file::Application;
pub use entry::Entry;
pub use erlc::Erlc;
pub use otp::{Otp, Release};
pub use tests::Tests;

use crate::{Error, Result};

/// What to read, as the command line says it.
#[derive(Clone, Debug, Default)]
pub struct Request {
    pub inputs: Vec<PathBuf>,
    pub entry: Option<String>,
    pub otp: Option<PathBuf>,
}

/// What the inputs hold.
#[derive(Debug)]
pub struct Inputs {
    pub otp: Otp,
    /// Module and file.
    pub modules: BTreeMap<Atom, PathBuf>,
    pub applications: Vec<Application>,
    pub entry: Entry,
    /// A name for the executable.
    pub name: String,
    pub notes: Vec<Note>,
}

/// What the user should know of how the inputs were read.
#[derive(Debug)]
pub enum Note {
    Ours(String),
    /// What `gleam build` said: its warnings.
    Gleam(String),
}

impl std::fmt::Display for Note {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            Note::Ours(text) => write!(f, "note: {text}"),
            Note::Gleam(text) => f.write_str(text),
        }
    }
}

/// Modules and applications as they are collected.
#[derive(Debug, Default)]
struct Collected {
    modules: BTreeMap<Atom, PathBuf>,
    /// What the user gave for files that were made of it.
    sources: BTreeMap<PathBuf, PathBuf>,
    applications: Vec<Application>,
    /// Gleam packages that can be entered, in the order of the inputs.
    packages: Vec<String>,
    /// The folder of packages that is being read. Packages that are built together may bring a
    /// module of one name, as Gleam does not look at the names of their Erlang files; under `erl`
    /// the order of the code path decides, which is that of the file system.
    siblings: Option<PathBuf>,
    notes: Vec<Note>,
}

impl Inputs {
    /// Reads the inputs; `cache` is a folder for what has to be compiled first.
    pub fn read(request: &Request, cache: &Path) -> Result<Inputs> {
        let otp = Otp::find(request.otp.as_deref())?;
        let erlc = Erlc::of(&otp, cache);
        let mut collected = Collected::default();
        let here = [PathBuf::from(".")];
        let inputs: &[PathBuf] = if request.inputs.is_empty() { &here } else { &request.inputs };
        for input in inputs {
            collected.input(input, &erlc)?;
        }
        let entry =
            entry::choose(request.entry.as_deref(), &collected.packages, &collected.modules)?;
        let name = match (&entry, inputs) {
            (Entry::Gleam { package, .. }, _) => package.clone(),
            (Entry::Function { module, .. }, _) => module.to_string(),
        };
        let Collected { modules, applications, notes, .. } = collected;
        Ok(Inputs { otp, modules, applications, entry, name, notes })
    }
}

impl Collected {
    fn input(&mut self, input: &Path, erlc: &Erlc) -> Result<()> {
        let metadata = std::fs::metadata(input).map_err(|error| {
            Error::new(format!("cannot read the input {}: {error}", input.display())).help(
                "an input is a Gleam project folder, an erlang-shipment, a folder with .beam \
                 files, a .beam file or an .erl file",
            )
        })?;
        if metadata.is_dir() {
            return project::folder(self, input);
        }
        match input.extension().and_then(|extension| extension.to_str()) {
            Some("beam") => self.module(input.to_owned()),
            Some("erl") => {
                let beam = erlc.compile(input)?;
                self.sources.insert(beam.clone(), input.to_owned());
                self.module_from(module_name(&beam)?, beam)
            }
            _ => Err(Error::new(format!("do not know what to do with {}", input.display())).help(
                "files must end in .beam or .erl; Gleam modules are built as a project: give the \
                 folder that has gleam.toml",
            )),
        }
    }

    fn module(&mut self, path: PathBuf) -> Result<()> {
        self.module_from(module_name(&path)?, path)
    }

    fn module_from(&mut self, name: Atom, path: PathBuf) -> Result<()> {
        if let Some(other) = self.modules.get(&name) {
            let same = std::fs::canonicalize(other).ok() == std::fs::canonicalize(&path).ok();
            if same {
                return Ok(());
            }
            if self.siblings.as_ref().is_some_and(|all| other.starts_with(all)) {
                self.notes.push(Note::Ours(format!(
                    "two packages have a module {}: taking {}, leaving out {}",
                    AtomText(&name),
                    other.display(),
                    path.display()
                )));
                return Ok(());
            }
            let given = |path| self.sources.get(path).unwrap_or(path).display();
            let (other, path) = (given(other), given(&path));
            let name = AtomText(&name);
            return Err(Error::new(format!(
                "the module {name} is given twice: {other} and {path}"
            ))
            .help("give only one of the two files, or remove one of them from its folder"));
        }
        self.modules.insert(name, path);
        Ok(())
    }

    /// All `.beam` files directly in a folder, and its `.app` files; whether there were any.
    fn ebin(&mut self, folder: &Path) -> Result<bool> {
        let mut any = false;
        for path in sorted_entries(folder)? {
            match path.extension().and_then(|extension| extension.to_str()) {
                Some("beam") => {
                    any = true;
                    self.module(path)?;
                }
                Some("app") => self.applications.push(Application::read(&path)?),
                _ => {}
            }
        }
        Ok(any)
    }
}

/// The module that a file holds, by its name.
fn module_name(path: &Path) -> Result<Atom> {
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    stem.map(Atom::from).ok_or_else(|| {
        Error::new(format!("{} has no name that a module could have", path.display()))
    })
}

/// The entries of a folder in the order of their names.
fn sorted_entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).map_err(Error::io("read", folder))?;
    let mut paths = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<Vec<_>>>()
        .map_err(Error::io("read", folder))?;
    paths.sort_unstable();
    Ok(paths)
}
