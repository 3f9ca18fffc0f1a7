//! Which function a program enters.

use std::collections::BTreeMap;
use std::path::PathBuf;

use beamrc_beam::{Atom, AtomText, Module};

use crate::{Error, Result};

/// How a program is entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// As `gleam run` does: through the package's `@@main` module, which runs `module:main/0`.
    Gleam { package: String, module: Atom },
    /// A function without arguments.
    Function { module: Atom, function: Atom },
}

const HELP: &str = "say which function to enter: --entry MODULE or --entry MODULE:FUNCTION";

/// Chooses by what the user says, the Gleam packages, or what the modules export.
pub(super) fn choose(
    asked: Option<&str>,
    packages: &[String],
    modules: &BTreeMap<Atom, PathBuf>,
) -> Result<Entry> {
    if let Some(asked) = asked {
        return by_name(asked, packages, modules);
    }
    match packages {
        [] => by_export(modules),
        [package] => gleam(package, package.as_str().into(), modules),
        _ => Err(Error::new(format!("several Gleam projects are given: {}", packages.join(", ")))
            .help(HELP)),
    }
}

fn by_name(asked: &str, packages: &[String], modules: &BTreeMap<Atom, PathBuf>) -> Result<Entry> {
    let (module, function) = match asked.split_once(':') {
        Some((module, function)) => (module, function),
        None => (asked, "main"),
    };
    // Gleam writes a/b for the module that Erlang calls a@b.
    let module = Atom::from(module.replace('/', "@"));
    let Some(path) = modules.get(&module) else {
        return Err(Error::new(format!("--entry {asked}: the inputs have no module {module}"))
            .help(candidates_help(modules)));
    };
    if !exports(&[(&module, path)], function)?.contains(&&module) {
        return Err(Error::new(format!(
            "--entry {asked}: the module {} does not export {}/0",
            AtomText(&module),
            AtomText(function)
        ))
        .help("the entry is a public function without arguments"));
    }
    match packages {
        [package] if function == "main" => gleam(package, module, modules),
        _ => Ok(Entry::Function { module, function: function.into() }),
    }
}

fn gleam(package: &str, module: Atom, modules: &BTreeMap<Atom, PathBuf>) -> Result<Entry> {
    let Some(path) = modules.get(&module) else {
        return Err(
            Error::new(format!("the Gleam project {package} has no module {module}")).help(HELP)
        );
    };
    if exports(&[(&module, path)], "main")?.is_empty() {
        let message = format!("the module {module} has no public function main without arguments");
        return Err(Error::new(message).help(HELP));
    }
    // What `gleam run` enters; old versions of Gleam did not write it.
    if !modules.contains_key(format!("{package}@@main").as_str()) {
        return Ok(Entry::Function { module, function: "main".into() });
    }
    Ok(Entry::Gleam { package: package.to_owned(), module })
}

fn by_export(modules: &BTreeMap<Atom, PathBuf>) -> Result<Entry> {
    let all: Vec<_> = modules.iter().collect();
    for function in ["main", "start"] {
        let found = exports(&all, function)?;
        match found[..] {
            [] => continue,
            [module] => {
                return Ok(Entry::Function { module: module.clone(), function: function.into() });
            }
            _ => {
                let names: Vec<&str> = found.iter().map(|name| &***name).collect();
                return Err(Error::new(format!(
                    "several modules export {function}/0: {}",
                    names.join(", ")
                ))
                .help(HELP));
            }
        }
    }
    Err(Error::new("no module among the inputs exports main/0 or start/0").help(HELP))
}

/// The modules that export this function without arguments.
fn exports<'a>(modules: &[(&'a Atom, &PathBuf)], function: &str) -> Result<Vec<&'a Atom>> {
    let mut found = Vec::new();
    for (name, path) in modules {
        let bytes = std::fs::read(path).map_err(Error::io("read", path))?;
        let module = Module::read(&bytes, &path.display().to_string())?;
        let mut rows = module.exports.iter();
        if rows.any(|row| row.arity == 0 && &**module.atom(row.function) == function) {
            found.push(*name);
        }
    }
    Ok(found)
}

fn candidates_help(modules: &BTreeMap<Atom, PathBuf>) -> String {
    let names: Vec<&str> = modules.keys().take(20).map(|name| &**name).collect();
    let more = if modules.len() > names.len() { ", ..." } else { "" };
    format!("the inputs have: {}{more}", names.join(", "))
}
