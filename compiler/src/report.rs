//! What an executable is made of: `beamrc build --report`.
//!
//! Bytes are those of the object file: a module's machine code and literals; tables that all
//! modules share, and the runtime, count for none. This file must not know how they came about.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use serde::Serialize;

use crate::codegen::Sizes;
use crate::program::{Kept, LoadedModule, Origin, Program};

/// How it is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    Text,
    Json,
}

#[derive(Clone, Debug, Serialize)]
pub struct Report {
    pub executable_bytes: u64,
    /// Of everything but the runtime and what debuggers read.
    pub code_bytes: u64,
    pub data_bytes: u64,
    pub embedded_bytes: u64,
    /// The largest first.
    pub applications: Vec<Application>,
    /// Functions of the runtime, as `module:function/arity`.
    pub bifs: Vec<String>,
    /// What is kept although no call is known to reach it.
    pub kept: Vec<Why>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Application {
    pub name: String,
    /// The largest first.
    pub modules: Vec<Module>,
    /// Files of its folder `priv`.
    pub files: Vec<File>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Module {
    pub name: String,
    /// How many of its functions are linked.
    pub linked: usize,
    pub functions: usize,
    pub code_bytes: u64,
    pub literal_bytes: u64,
    /// The function that was reached first, and why.
    pub why: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct File {
    pub name: String,
    pub bytes: u64,
}

#[derive(Clone, Debug, Serialize)]
pub struct Why {
    pub function: String,
    pub why: String,
}

impl Report {
    pub fn new(program: &Program, sizes: &Sizes, executable_bytes: u64) -> Report {
        let mut applications: BTreeMap<String, Application> = BTreeMap::new();
        for (module, kept) in program.modules.iter().zip(&program.report.modules) {
            let size = sizes.of_module.get(module.name()).copied().unwrap_or_default();
            entry(&mut applications, application_of(module)).modules.push(Module {
                name: kept.name.to_string(),
                linked: kept.kept,
                functions: kept.functions,
                code_bytes: size.code_bytes,
                literal_bytes: size.literal_bytes,
                why: format!("{} {}", kept.first, kept.why),
            });
        }
        for (name, data) in &program.resources {
            let file = File { name: name.clone(), bytes: data.len() as u64 };
            let application = name.split('/').nth(1).unwrap_or_default();
            entry(&mut applications, application.to_owned()).files.push(file);
        }
        let mut applications: Vec<Application> = applications.into_values().collect();
        for application in &mut applications {
            application.modules.sort_by_key(|module| std::cmp::Reverse(module.bytes()));
        }
        applications.sort_by_key(|application| std::cmp::Reverse(application.bytes()));
        let bifs = program.bifs.iter();
        Report {
            executable_bytes,
            code_bytes: sizes.code_bytes,
            data_bytes: sizes.data_bytes,
            embedded_bytes: program.resources.iter().map(|(_, data)| data.len() as u64).sum(),
            applications,
            bifs: bifs.map(|bif| format!("{}:{}/{}", bif.module, bif.name, bif.arity)).collect(),
            kept: program.report.by_name.iter().map(why).collect(),
        }
    }

    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).expect("names and numbers")
    }
}

fn entry(applications: &mut BTreeMap<String, Application>, name: String) -> &mut Application {
    applications.entry(name.clone()).or_insert_with(|| Application {
        name,
        modules: Vec::new(),
        files: Vec::new(),
    })
}

fn why(kept: &Kept) -> Why {
    Why { function: kept.function.to_string(), why: kept.why.clone() }
}

/// The folder around a module's `ebin`, without the version.
fn application_of(module: &LoadedModule) -> String {
    if module.origin == Origin::Runtime {
        return "beamrc".to_owned();
    }
    let ebin = module.path.as_deref().and_then(Path::parent);
    let ebin = ebin.filter(|folder| folder.ends_with("ebin"));
    let folder = ebin.and_then(Path::parent).and_then(Path::file_name);
    match folder.and_then(|name| name.to_str()) {
        Some(name) if module.origin == Origin::Otp => {
            name.split('-').next().unwrap_or(name).to_owned()
        }
        Some(name) => name.to_owned(),
        None => "(modules without an application)".to_owned(),
    }
}

impl Module {
    fn bytes(&self) -> u64 {
        self.code_bytes + self.literal_bytes
    }
}

impl Application {
    fn sum(&self, figure: impl Fn(&Module) -> u64) -> u64 {
        self.modules.iter().map(figure).sum()
    }

    fn bytes(&self) -> u64 {
        self.sum(Module::bytes) + self.files.iter().map(|file| file.bytes).sum::<u64>()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of_modules: u64 = self.applications.iter().map(|app| app.sum(Module::bytes)).sum();
        let made = self.code_bytes + self.data_bytes;
        writeln!(f, "executable                        {:>12} bytes", self.executable_bytes)?;
        writeln!(
            f,
            "  runtime, symbols, line tables   {:>12}",
            self.executable_bytes.saturating_sub(made)
        )?;
        writeln!(f, "  code and literals of modules    {of_modules:>12}")?;
        writeln!(f, "  embedded files                  {:>12}", self.embedded_bytes)?;
        let tables = made.saturating_sub(of_modules + self.embedded_bytes);
        writeln!(f, "  tables of all modules           {tables:>12}")?;
        writeln!(
            f,
            "\n{:<40} {:>13} {:>10} {:>10}",
            "application, module", "functions", "code", "literals"
        )?;
        for application in &self.applications {
            let linked = application.sum(|module| module.linked as u64);
            let functions = application.sum(|module| module.functions as u64);
            let (code, literals) = (
                application.sum(|module| module.code_bytes),
                application.sum(|module| module.literal_bytes),
            );
            row(f, &application.name, (linked, functions), code, literals)?;
            for module in &application.modules {
                let functions = (module.linked as u64, module.functions as u64);
                let name = format!("  {}", module.name);
                row(f, &name, functions, module.code_bytes, module.literal_bytes)?;
            }
            for file in &application.files {
                writeln!(f, "  {:<52} {:>10} {:>10}", file.name, "", file.bytes)?;
            }
        }
        writeln!(f, "\nBIFs used: {}", self.bifs.len())?;
        self.bifs.iter().try_for_each(|bif| writeln!(f, "  {bif}"))?;
        writeln!(f, "\nkept although no call is known to reach it: {}", self.kept.len())?;
        self.kept.iter().try_for_each(|kept| writeln!(f, "  {}: {}", kept.function, kept.why))
    }
}

fn row(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    functions: (u64, u64),
    code: u64,
    literals: u64,
) -> fmt::Result {
    let functions = format!("{}/{}", functions.0, functions.1);
    writeln!(f, "{name:<40} {functions:>13} {code:>10} {literals:>10}")
}
