//! Prints the SSA of every function of the given BEAM files: `cargo run --example ssa FILE…`.

use beamrc_abi::bifs;
use beamrc_codegen::ssa::{Convention, Name, build, passes, verify};

struct Names;
impl build::Resolver for Names {
    fn resolve(&self, name: &Name) -> build::Callee {
        let row = bifs::all().find(|b| *b.module == *name.module && *b.name == *name.function && b.arity == name.arity as usize);
        row.map_or(build::Callee::Function, build::Callee::Bif)
    }
}

fn main() {
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
                }
                Err(error) => println!("{path}: {}", error.0),
            }
        }
    }
}
