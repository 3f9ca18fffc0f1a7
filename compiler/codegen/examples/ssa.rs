//! Prints the SSA of every function of the given BEAM files: `cargo run --example ssa FILE…`.

use beamrc_abi::bifs;
use beamrc_codegen::clif;
use beamrc_codegen::ssa::{Convention, Name, build, passes, verify};

struct Names;
impl build::Resolver for Names {
    fn resolve(&self, name: &Name) -> build::Callee {
        let row = bifs::all().find(|b| {
            *b.module == *name.module && *b.name == *name.function && b.arity == name.arity as usize
        });
        row.map_or(build::Callee::Function, build::Callee::Bif)
    }
    fn record(&self, _module: &str, _name: &str) -> Option<build::records::Definition> {
        None
    }
}

struct Hashes;
impl clif::Atoms for Hashes {
    fn id(&self, text: &str) -> u32 {
        beamrc_abi::atom::home_id(text.as_bytes())
    }
}

fn main() {
    let isa = clif::isa::isa(clif::isa::Opt::Speed);
    let mut bytes_out = 0;
    let quiet = std::env::var_os("QUIET").is_some();
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path).expect("readable");
        let module = match beamrc_beam::Module::read(&bytes, &path) {
            Ok(module) => module,
            Err(error) => {
                println!("{path}: {error}");
                continue;
            }
        };
        for function in &module.functions {
            match build::build(&module, function, Convention::Plain, &Names) {
                Ok(mut f) => {
                    passes::tidy::remove_unused(&mut f);
                    if !quiet {
                        println!("{f}");
                    }
                    if let Err(error) = verify(&f) {
                        println!("VERIFY {} {error}", f.name);
                    }
                    match clif::compile(&f, &Hashes, &*isa) {
                        Ok(code) => {
                            bytes_out += code.code.len();
                            if code.frame_bytes > 600 {
                                println!("FRAME {} {}", f.name, code.frame_bytes);
                            }
                        }
                        Err(error) => println!("CLIF {error}"),
                    }
                }
                Err(error) => println!("{path}: {}", error.0),
            }
        }
    }
    eprintln!("{bytes_out} bytes of code");
}
