//! The stages of a build, in order. Only this file knows the order, and it alone prints and times
//! stages; each stage borrows what earlier ones made.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use beamrc_beam::{Atom, Literal};
use beamrc_link::{CcOptions, Image, Rest};

use crate::codegen;
use crate::input::{Application, Entry, Erlc, Inputs, Note, Request};
use crate::program::{self, Boot, Mfa, ModuleFile, Origin, OtpApplication, Program, Universe};
use crate::report::Report;
use crate::say::say;
use crate::{Error, Result, shims};

/// The stages that can be printed, in order, besides those of code generation.
pub const STAGES: &[&str] = &["program", "beam"];

/// A build as the user asks for it.
#[derive(Clone, Debug, Default)]
pub struct Job {
    pub request: Request,
    /// Where the executable goes; none for a name in the current folder.
    pub out: Option<PathBuf>,
    pub reach: program::Options,
    /// Applications of which every module is kept whole.
    pub keep_app: Vec<String>,
    pub code: codegen::Options,
    pub linker: Linker,
}

/// Who makes the executable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Linker {
    /// beamrc itself.
    #[default]
    Beamrc,
    /// The system's compiler driver, cc.
    Cc,
}

/// What a build made.
#[derive(Debug)]
pub struct Built {
    /// None if the user only wanted stages printed.
    pub executable: Option<PathBuf>,
    pub notes: Vec<Note>,
    pub report: program::Report,
    /// What the executable is made of, if there is one.
    pub made_of: Option<Report>,
    /// How long each stage took.
    pub times: Vec<(&'static str, Duration)>,
}

/// Runs the stages; `watch` is told of each as it begins.
pub fn build(job: &Job, watch: &dyn Fn(&'static str)) -> Result<Built> {
    let mut stages = Stages { watch, times: Vec::new() };
    let cache = &job.code.cache;
    let inputs = stages.run("read", || Inputs::read(&job.request, cache.root()))?;
    let program = stages.run("program", || load(job, &inputs))?;
    print(job, &program)?;
    let mut made_of = None;
    let executable = if wants_executable(job) {
        let made = stages.run("code", || codegen::compile(&program, &job.code))?;
        let executable = stages.run("link", || link(job, &inputs.name, &made.object))?;
        let size_bytes = std::fs::metadata(&executable).map_or(0, |metadata| metadata.len());
        made_of = Some(Report::new(&program, &made.sizes, size_bytes));
        Some(executable)
    } else {
        None
    };
    cache.evict_now_and_then();
    let report = program.report;
    Ok(Built { executable, notes: inputs.notes, report, made_of, times: stages.times })
}

struct Stages<'a> {
    watch: &'a dyn Fn(&'static str),
    times: Vec<(&'static str, Duration)>,
}

impl Stages<'_> {
    fn run<T>(&mut self, name: &'static str, stage: impl FnOnce() -> Result<T>) -> Result<T> {
        (self.watch)(name);
        let start = Instant::now();
        let result = stage();
        self.times.push((name, start.elapsed()));
        result
    }
}

/// Whether anything after the printed stages is wanted.
fn wants_executable(job: &Job) -> bool {
    let early = |stage: &String| STAGES.contains(&stage.as_str());
    job.out.is_some() || job.code.dump.is_empty() || !job.code.dump.iter().all(early)
}

/// From the inputs to the program.
fn load(job: &Job, inputs: &Inputs) -> Result<Program> {
    let otp = inputs.otp.modules.iter().map(|(name, path)| (name, path, Origin::Otp));
    let own = inputs.modules.iter().map(|(name, path)| (name, path, Origin::Program));
    // Later ones go before earlier ones: a program's module hides OTP's of the same name.
    let files = otp.chain(own);
    let mut universe = Universe::new(
        files.map(|(name, path, origin)| (name.clone(), ModuleFile { path: path.clone(), origin })),
    );
    let erlc = Erlc::of(&inputs.otp, job.code.cache.root());
    for (name, beam) in shims::compile(&erlc)? {
        if !inputs.modules.contains_key(&name) {
            universe.add_shim(name, beam);
        }
    }
    let boot = boot(inputs)?;
    let release = inputs.otp.release.to_string();
    let mut reach = job.reach.clone();
    reach.keep.extend(modules_of(&job.keep_app, inputs)?);
    let mut program = Program::load(&mut universe, &boot, &release, &reach)?;
    if program.reads_embedded_files() {
        let with_files = inputs.applications.iter();
        let files = with_files.map(Application::files).collect::<Result<Vec<_>>>()?;
        program.resources = files.into_iter().flatten().collect();
    }
    Ok(program)
}

/// The modules of applications, of the inputs or of OTP.
fn modules_of(applications: &[String], inputs: &Inputs) -> Result<Vec<String>> {
    let mut modules = Vec::new();
    for name in applications {
        let own = inputs.applications.iter().find(|application| *application.name == **name);
        let ebin = match (own, inputs.otp.applications.get(name)) {
            (Some(own), _) => own.ebin.clone(),
            (None, Some(folder)) => folder.join("ebin"),
            (None, None) => {
                return Err(Error::new(format!("--keep-app {name}: there is no such application"))
                    .help("--keep-app takes the name of an application of the program or of OTP"));
            }
        };
        let files = inputs.modules.iter().chain(&inputs.otp.modules);
        let inside = files.filter(|(_, path)| path.parent() == Some(&ebin));
        modules.extend(inside.map(|(module, _)| module.to_string()));
    }
    Ok(modules)
}

/// What the boot code has to know of the program.
fn boot(inputs: &Inputs) -> Result<Boot> {
    let (module, function, arguments, main) = match &inputs.entry {
        Entry::Gleam { package, module } => {
            let main = Mfa::new(module, "main", 0);
            let runner = format!("{package}@@main").into();
            (runner, "run".into(), vec![module.clone()], Some(main))
        }
        Entry::Function { module, function } => {
            (module.clone(), function.clone(), Vec::new(), None)
        }
    };
    let applications = applications(inputs)?;
    // The kernel's own processes are what the boot code starts instead.
    let started = || applications.iter().filter(|application| &*application.name != "kernel");
    let application_values = started().flat_map(values).collect();
    let code_only = started().all(Application::is_code_only);
    let known: BTreeSet<&Atom> = applications.iter().map(|application| &application.name).collect();
    let mut otp_applications = BTreeMap::new();
    for (name, folder) in &inputs.otp.applications {
        let file = folder.join(format!("ebin/{name}.app"));
        if !known.contains(&Atom::from(name.as_str())) && file.exists() {
            let application = Application::read(&file)?;
            let found = OtpApplication {
                values: values(&application),
                code_only: application.is_code_only(),
                needs: application.needs(),
                specification: application.specification,
            };
            otp_applications.insert(application.name, found);
        }
    }
    Ok(Boot {
        application_values,
        code_only,
        otp_applications,
        module,
        function,
        arguments,
        main,
        applications: applications.into_iter().map(|app| app.specification).collect(),
    })
}

/// The terms of an application that may name modules to call.
fn values(application: &Application) -> Vec<Literal> {
    let keys = ["mod", "env", "start_phases"];
    keys.iter().filter_map(|key| application.key(key).cloned()).collect()
}

/// The program's applications and those of OTP that they need, in the order of their names.
fn applications(inputs: &Inputs) -> Result<Vec<Application>> {
    let mut known: BTreeMap<Atom, Application> = BTreeMap::new();
    let mut wanted: BTreeSet<Atom> = BTreeSet::from(["kernel".into(), "stdlib".into()]);
    for application in &inputs.applications {
        wanted.extend(application.needs());
        known.insert(application.name.clone(), application.clone());
    }
    while let Some(name) = wanted.pop_first() {
        if known.contains_key(&name) {
            continue;
        }
        let Some(folder) = inputs.otp.applications.get(&*name) else {
            continue;
        };
        let application = Application::read(&folder.join(format!("ebin/{name}.app")))?;
        wanted.extend(application.needs());
        known.insert(name, application);
    }
    Ok(known.into_values().collect())
}

/// Prints the stages that the user asked for.
fn print(job: &Job, program: &Program) -> Result<()> {
    for stage in &job.code.dump {
        let known = STAGES.contains(&stage.as_str()) || codegen::STAGES.contains(&stage.as_str());
        if !known {
            let stages: Vec<&str> = STAGES.iter().chain(codegen::STAGES).copied().collect();
            return Err(Error::new(format!("--dump={stage}: there is no such stage"))
                .help(format!("the stages are: {}", stages.join(", "))));
        }
    }
    let only = &job.code.only;
    let chosen = |name: &Mfa| only.as_ref().is_none_or(|only| only == name);
    let functions = program.functions.iter().map(|function| (*function, program.mfa(*function)));
    let functions: Vec<_> = functions.filter(|(_, name)| chosen(name)).collect();
    if let (Some(only), []) = (only, &functions[..]) {
        return Err(Error::new(format!("--only={only}: no such function is reachable"))
            .help("--keep MODULE keeps functions that nothing calls"));
    }
    if job.code.dump.iter().any(|stage| stage == "program") {
        functions.iter().for_each(|(_, name)| say(format_args!("{name}\n")));
    }
    if job.code.dump.iter().any(|stage| stage == "beam") {
        for (function, _) in functions {
            let text = program.module(function.module).beam.function_text(function.function);
            say(format_args!("{text}\n"));
        }
    }
    Ok(())
}

/// From the object file to the executable.
fn link(job: &Job, name: &str, object: &[u8]) -> Result<PathBuf> {
    let out = job.out.clone().unwrap_or_else(|| PathBuf::from(name));
    if out.is_dir() {
        return Err(Error::new(format!("{} is a folder", out.display()))
            .help("name the executable: -o FILE"));
    }
    match job.linker {
        Linker::Beamrc => link_here(job, object, &out)?,
        Linker::Cc => {
            let runtime = beamrc_image::runtime_object().map_err(failed)?;
            let options = CcOptions { strip: job.code.strip, ..CcOptions::default() };
            beamrc_link::link_with_cc(&runtime, object, &out, &options).map_err(failed)?;
        }
    }
    Ok(out)
}

fn link_here(job: &Job, object: &[u8], out: &Path) -> Result<()> {
    let runtime = beamrc_image::runtime_object().map_err(failed)?;
    let options = beamrc_link::Options { strip: job.code.strip };
    let mut lacking = None;
    for carried in beamrc_image::images().map_err(failed)? {
        let image = Image::parse(&carried.bytes).map_err(failed)?;
        let linked = match carried.sections.is_empty() {
            true => beamrc_link::link(&image, object, &options),
            false => {
                let rest = Rest::parse(&runtime, &carried.sections).map_err(failed)?;
                beamrc_link::link_with_rest(&image, &rest, object, &options)
            }
        };
        match linked {
            // Another image may have them.
            Err(error @ beamrc_link::Error::Undefined(_)) => lacking = Some(error),
            linked => {
                let executable = linked.map_err(failed)?;
                return beamrc_link::write_executable(out, &executable).map_err(failed);
            }
        }
    }
    Err(failed(lacking.expect("there are images")))
}

fn failed(error: impl std::error::Error) -> Error {
    Error::new(error.to_string())
}
