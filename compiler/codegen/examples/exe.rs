//! A bare executable of BEAM files, without OTP's modules or reachability: for work on code
//! generation and the runtime. `cargo run --example exe -- OUT MODULE:FUNCTION FILE…`; the runtime
//! image is in the folder that `BEAMRC_IMAGE` names. What is missing raises `undef`.

use beamrc_abi::bifs;
use beamrc_beam::{Atom, Literal, Module};
use beamrc_codegen::clif::isa::Opt;
use beamrc_codegen::object::{Description, ModuleInfo};
use beamrc_codegen::ssa::{Name, build};
use beamrc_codegen::{Dump, Input, Stage};
use std::collections::{BTreeMap, BTreeSet, HashMap};

struct Names(HashMap<Name, build::Callee>);
impl build::Resolver for Names {
    fn resolve(&self, name: &Name) -> build::Callee {
        self.0.get(name).copied().unwrap_or(build::Callee::Missing)
    }
    fn record(&self, _module: &str, _name: &str) -> Option<build::records::Definition> {
        None
    }
}

fn main() {
    let mut args = std::env::args().skip(1);
    let (out, entry) = (args.next().expect("OUT"), args.next().expect("MODULE:FUNCTION"));
    let (entry_module, entry_function) = entry.split_once(':').expect("MODULE:FUNCTION");
    let modules: Vec<Module> = args
        .map(|path| {
            Module::read(&std::fs::read(&path).expect("readable"), &path).expect("a module")
        })
        .collect();
    let mut names = HashMap::new();
    let mut sources = HashMap::new();
    let mut exports = BTreeMap::new();
    let mut atoms: BTreeSet<Atom> =
        beamrc_abi::atom::KNOWN.iter().map(|t| Atom::from(*t)).collect();
    for bif in bifs::all() {
        let name =
            Name { module: bif.module.into(), function: bif.name.into(), arity: bif.arity as u32 };
        atoms.extend([name.module.clone(), name.function.clone()]);
        names.insert(name.clone(), build::Callee::Bif(bif));
        exports.insert(name, Some(bif));
    }
    for module in &modules {
        atoms.extend(module.atoms.iter().cloned());
        for literal in module.literals.iter().chain([&module.attributes, &module.compile_info]) {
            atoms.extend(literal.atoms().cloned());
        }
        for f in &module.functions {
            let name = Name {
                module: module.name.clone(),
                function: module.atom(f.name).clone(),
                arity: f.arity,
            };
            names.entry(name.clone()).or_insert(build::Callee::Function);
            sources.insert(name, (module, f));
        }
        for e in &module.exports {
            let name = Name {
                module: module.name.clone(),
                function: module.atom(e.function).clone(),
                arity: e.arity,
            };
            exports.entry(name).or_insert(None);
        }
    }
    let atoms = atoms.into_iter().map(|a| (beamrc_abi::atom::home_id(a.as_bytes()), a)).collect();
    let infos = modules.iter().map(|m| ModuleInfo {
        name: m.name.clone(),
        whole: true,
        attributes: m.attributes.clone(),
        compile: m.compile_info.clone(),
        exports: vec![],
        functions: vec![],
        md5: m.md5,
        records: Literal::Nil,
    });
    let only = std::env::var("DUMP").ok();
    let wants = |_: Stage, name: &Name| only.as_ref().is_some_and(|o| name.to_string() == *o);
    let print = |stage: Stage, text: String| println!("{stage:?}\n{text}");
    let resolver = Names(names);
    let input = Input {
        sources,
        resolver: &resolver,
        description: Description {
            modules: infos.collect(),
            exports,
            atoms,
            entry: (entry_module.into(), entry_function.into()),
            otp_release: "27",
            resources: &[],
        },
        opt: Opt::Speed,
        debug: true,
        store: None,
        dump: only.is_some().then_some(Dump { wants: &wants, print: &print }),
    };
    let object = beamrc_codegen::compile(input).expect("compiles").object;
    let folder = std::path::PathBuf::from(std::env::var("BEAMRC_IMAGE").expect("BEAMRC_IMAGE"));
    let read = |name: &str| std::fs::read(folder.join(name)).expect("a file of the runtime");
    let (image, sections, runtime) =
        (read("image-math"), read("image-math.sections"), read("runtime.o"));
    let image = beamrc_link::Image::parse(&image).expect("an image");
    let rest = beamrc_link::Rest::parse(&runtime, &sections).expect("that image's object");
    let linked =
        beamrc_link::link_with_rest(&image, &rest, &object, &beamrc_link::Options { strip: false })
            .expect("links");
    beamrc_link::write_executable(std::path::Path::new(&out), &linked).expect("writes");
}
