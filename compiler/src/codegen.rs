//! From a program to an object file: the seam behind which machine code is made.

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;

use beamrc_abi::bifs::{self, Bif};
use beamrc_beam::Literal;
use beamrc_codegen::clif::isa::Opt;
use beamrc_codegen::object::{Description, ModuleInfo};
pub use beamrc_codegen::object::{Made, Sizes};
use beamrc_codegen::ssa::{Name, build};
use beamrc_codegen::{Dump, Input, Stage, Store};

use crate::cache::{Cache, Pack};
use crate::program::{Callee, LoadedModule, Mfa, Program, Told};
use crate::say::say;
use crate::{Error, Result};

/// How much work code generation does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, clap::ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OptLevel {
    /// Fast builds.
    None,
    /// Fast programs.
    #[default]
    Speed,
}

/// What the user decides about code generation.
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub opt: OptLevel,
    /// Leave out symbols and line tables.
    pub strip: bool,
    /// Stages to print, by name.
    pub dump: Vec<String>,
    /// The function whose stages are printed; all if there is none.
    pub only: Option<Mfa>,
    /// Where compiled functions of earlier builds are.
    pub cache: Cache,
}

/// The stages inside code generation that can be printed, in order.
pub const STAGES: &[&str] = &["ssa", "passes", "clif"];

fn stage_name(stage: Stage) -> &'static str {
    match stage {
        Stage::Ssa => "ssa",
        Stage::Passes => "passes",
        Stage::Clif => "clif",
    }
}

/// Answers what names mean by the program.
struct Names<'a> {
    program: &'a Program,
    rows: HashMap<(&'static str, &'static str, u32), &'static Bif>,
}

impl build::Resolver for Names<'_> {
    fn resolve(&self, name: &Name) -> build::Callee {
        match self.program.resolve(&name.module, &name.function, name.arity) {
            Callee::Function(_) => build::Callee::Function,
            Callee::Bif(bif) => build::Callee::Bif(bif),
            Callee::Intrinsic(intrinsic) => match self.rows.get(&intrinsic.name()) {
                Some(bif) => build::Callee::Bif(bif),
                None => build::Callee::Missing,
            },
            Callee::Missing => build::Callee::Missing,
        }
    }

    fn record(&self, module: &str, name: &str) -> Option<build::records::Definition> {
        let module = self.program.module_named(module)?;
        build::records::definition(&self.program.module(module).beam, name)
    }

    fn saves_calls(&self) -> bool {
        self.program.saves_calls
    }
}

fn name(module: &str, function: &str, arity: u32) -> Name {
    Name { module: module.into(), function: function.into(), arity }
}

/// Makes the program's object file (ELF).
pub fn compile(program: &Program, options: &Options) -> Result<Made> {
    let names = Names {
        program,
        rows: bifs::all().map(|b| ((b.module, b.name, b.arity as u32), b)).collect(),
    };
    let mut sources = HashMap::new();
    for reference in &program.functions {
        let module = &program.module(reference.module).beam;
        let code = program.function(*reference);
        sources.insert(name(&module.name, module.atom(code.name), code.arity), (&**module, code));
    }
    let wants = |stage: Stage, name: &Name| {
        options.dump.iter().any(|s| s == stage_name(stage))
            && options.only.as_ref().is_none_or(|only| {
                *only.module == *name.module
                    && *only.function == *name.function
                    && only.arity == name.arity
            })
    };
    let print = |stage: Stage, text: String| say(format_args!("% {}\n{text}\n", stage_name(stage)));
    let packs = Packs { cache: &options.cache, of: Mutex::default(), compiler: compiler_hash() };
    let input = Input {
        sources,
        resolver: &names,
        description: describe(program),
        opt: match options.opt {
            OptLevel::None => Opt::None,
            OptLevel::Speed => Opt::Speed,
        },
        debug: !options.strip,
        store: Some(&packs),
        dump: (!options.dump.is_empty()).then_some(Dump { wants: &wants, print: &print }),
    };
    let made = beamrc_codegen::compile(input).map_err(Error::new)?;
    packs.save();
    Ok(made)
}

/// The cache's packs that this build uses: one a module.
struct Packs<'a> {
    cache: &'a Cache,
    of: Mutex<HashMap<String, Pack>>,
    compiler: [u8; 32],
}

impl Packs<'_> {
    fn with<R>(&self, module: &str, act: impl FnOnce(&mut Pack) -> R) -> R {
        let mut packs = self.of.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(pack) = packs.get_mut(module) {
            return act(pack);
        }
        let key = blake3::Hasher::new().update(&self.compiler).update(module.as_bytes()).finalize();
        act(packs.entry(module.to_owned()).or_insert_with(|| self.cache.pack(key.as_bytes())))
    }
    fn save(self) {
        let packs = self.of.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
        packs.into_values().for_each(Pack::save);
    }
}

impl Store for Packs<'_> {
    fn get(&self, module: &str, key: &[u8; 32]) -> Option<Vec<u8>> {
        self.with(module, |pack| pack.get(key).map(<[u8]>::to_vec))
    }
    fn put(&self, module: &str, key: [u8; 32], value: Vec<u8>) {
        self.with(module, |pack| pack.put(key, value));
    }
}

/// Distinguishes builds of beamrc: machine code of another one is not used.
fn compiler_hash() -> [u8; 32] {
    let path = std::env::current_exe();
    let mut hash = blake3::Hasher::new();
    hash.update(env!("CARGO_PKG_VERSION").as_bytes());
    if let Ok(data) = path.and_then(std::fs::metadata) {
        hash.update(&data.len().to_le_bytes());
        let modified =
            data.modified().ok().and_then(|t| t.duration_since(std::time::UNIX_EPOCH).ok());
        hash.update(&modified.map_or(0, |d| d.as_nanos()).to_le_bytes());
    }
    *hash.finalize().as_bytes()
}

fn describe(program: &Program) -> Description<'_> {
    let mut exports: BTreeMap<Name, Option<&'static Bif>> = BTreeMap::new();
    for module in &program.modules {
        for (function, arity, _) in module.exports() {
            exports.insert(name(module.name(), function, arity), None);
        }
    }
    for bif in &program.bifs {
        exports.insert(name(bif.module, bif.name, bif.arity as u32), Some(bif));
    }
    exports
        .entry(name(&program.entry.module, &program.entry.function, program.entry.arity))
        .or_insert(None);
    let told = program.told();
    Description {
        modules: program.modules.iter().map(|m| module_info(m, told)).collect(),
        exports,
        atoms: program.atoms.entries().to_vec(),
        entry: (program.entry.module.clone(), program.entry.function.clone()),
        otp_release: &program.otp_release,
        resources: &program.resources,
    }
}

/// `told` is what the program can ask of the tables.
fn module_info(module: &LoadedModule, told: Told) -> ModuleInfo {
    let beam = &module.beam;
    let mut info = ModuleInfo {
        name: beam.name.clone(),
        whole: module.whole,
        attributes: Literal::Nil,
        compile: Literal::Nil,
        exports: Vec::new(),
        functions: Vec::new(),
        records: Literal::Nil,
        md5: beam.md5,
    };
    if told.records {
        info.records = build::records::table(beam);
    }
    if told.modules {
        let pair = |f: &beamrc_beam::Function| (beam.atom(f.name).clone(), f.arity);
        let functions = beam.functions.iter().enumerate();
        let linked =
            functions.filter(|(i, _)| module.is_reachable(beamrc_beam::FunctionIdx(*i as u32)));
        info.attributes = beam.attributes.clone();
        info.compile = beam.compile_info.clone();
        // OTP lists them in the order in which the source has them, which is not the file's.
        let exports = beam.exports.iter().rev();
        info.exports = exports.map(|e| (beam.atom(e.function).clone(), e.arity)).collect();
        info.functions = linked.map(|(_, f)| pair(f)).collect();
    }
    info
}
