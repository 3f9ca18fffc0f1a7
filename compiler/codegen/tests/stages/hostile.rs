//! Bytecode that was damaged behind the reader's back gives machine code or an error: what the
//! reader takes need not make sense.

use crate::fixtures::{Atoms, all, bytes, entered, try_built};
use crate::mutation::{Random, mutate};
use beamrc_beam::Module;
use beamrc_codegen::clif;
use beamrc_codegen::ssa::passes;
use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Mutants of each fixture.
const ROUNDS: usize = 600;
/// What decides what the code means.
const CHUNKS: &[&[u8; 4]] =
    &[b"Code", b"Code", b"Type", b"LitT", b"FunT", b"ImpT", b"Line", b"StrT"];

/// What became of the functions of mutants.
#[derive(Default)]
struct Tally {
    modules: usize,
    compiled: usize,
    refused: usize,
}

#[test]
fn damaged_bytecode_compiles_or_is_refused() {
    let isa = clif::isa::isa(clif::isa::Opt::None);
    let (mut tally, mut panics) = (Tally::default(), Vec::new());
    for (number, (name, module)) in all().into_iter().enumerate() {
        let mut random = Random(number as u64 + 1);
        let original = bytes(&name);
        // A compressed file's chunks are not where it says.
        if !original.starts_with(b"FOR1") {
            continue;
        }
        let mut seen: HashSet<String> = HashSet::new();
        for (index, convention) in entered(&module) {
            seen.extend(try_built(&module, index, convention).map(|f| f.to_string()));
        }
        for round in 0..ROUNDS {
            let wanted = CHUNKS[random.below(CHUNKS.len())];
            let Some(chunk) = module.chunks.iter().find(|chunk| chunk.id == *wanted) else {
                continue;
            };
            let mut mutant = original.clone();
            let mut data = mutant[chunk.range.clone()].to_vec();
            let size = data.len();
            mutate(&mut data, &mut random);
            // The chunk keeps its size, so that damage does not end at the container.
            data.resize(size, 0);
            mutant[chunk.range.clone()].copy_from_slice(&data);
            let Ok(mutant) = Module::read(&mutant, "mutant") else { continue };
            tally.modules += 1;
            for (index, convention) in entered(&mutant) {
                let lowered = catch_unwind(AssertUnwindSafe(|| {
                    let mut f = try_built(&mutant, index, convention)?;
                    if !seen.insert(f.to_string()) {
                        return Ok(false);
                    }
                    passes::run(&mut f)?;
                    clif::compile(&f, &Atoms, &*isa).map(|_| true)
                }));
                match lowered {
                    Ok(Ok(is_new)) => tally.compiled += usize::from(is_new),
                    Ok(Err(_)) => tally.refused += 1,
                    Err(_) => {
                        panics.push(format!("{name} round {round} function {index} {convention:?}"))
                    }
                }
            }
        }
    }
    assert!(panics.is_empty(), "{} panics: {panics:#?}", panics.len());
    let Tally { modules, compiled, refused } = tally;
    assert!(modules > 2000 && compiled > 1000 && refused > 100, "{modules} {compiled} {refused}");
}
