//! Selected functions print as recorded at each stage.
//!
//! Each stands for one thing that code generation does. `BEAMRC_BLESS=1` records all anew; the
//! difference then belongs into the commit that causes it.

use crate::fixtures::{Atoms, built, entered, module};
use beamrc_codegen::clif;
use beamrc_codegen::ssa::{Convention, Function, passes};
use std::path::Path;

/// A stage, by the name that `--dump` has for it.
#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Ssa,
    Passes,
    Clif,
}
use Stage::*;

/// Fixture, function, stages, and what it shows.
const GOLDENS: &[(&str, &str, &[Stage], &str)] = &[
    (
        "27/calls",
        "fact/1",
        &[Ssa, Passes, Clif],
        "arithmetic on types, a call that is no tail call",
    ),
    ("27/calls", "total/2", &[Passes, Clif], "a loop: tail call of itself, a yield point"),
    ("27/calls", "kind/1", &[Passes], "type tests, switches over atoms and integers"),
    ("27/calls", "guarded/2", &[Passes], "comparisons, guards that may fail"),
    (
        "27/calls",
        "safe/1",
        &[Ssa, Passes, Clif],
        "try: calls that lead to a handler, classes, traces",
    ),
    ("27/calls", "caught/1", &[Passes], "catch"),
    ("27/calls", "again/1", &[Passes], "raise"),
    ("27/calls", "adder/1", &[Passes], "a closure is made"),
    ("27/calls", "-adder/1-fun-0-/2", &[Passes, Clif], "a closure is entered"),
    ("27/calls", "local/0", &[Passes], "funs without environment"),
    ("27/calls", "dynamic/3", &[Passes], "apply"),
    ("27/calls", "in_frame/2", &[Passes], "values across calls"),
    ("27/calls", "update/1", &[Passes], "a record is updated"),
    ("27/calls", "fetch/1", &[Passes], "maps are matched"),
    ("27/calls", "exact/2", &[Passes], "a map is updated"),
    ("27/calls", "convert/1", &[Passes], "floats"),
    ("27/bits", "header/1", &[Passes], "bs_match with sizes from the bit string"),
    ("27/bits", "parse/1", &[Ssa, Passes], "a loop over bytes"),
    ("27/bits", "build/3", &[Passes], "bs_create_bin"),
    ("27/bits", "append/3", &[Passes], "appending"),
    ("25/old_bits", "build/3", &[Passes], "construction before bs_create_bin"),
    ("27/receives", "wait/1", &[Passes], "receive with a time-out"),
    ("27/receives", "call/2", &[Passes], "receive markers"),
];

#[test]
fn stages_print_as_recorded() {
    let bless = std::env::var_os("BEAMRC_BLESS").is_some();
    let isa = clif::isa::isa(clif::isa::Opt::Speed);
    let mut differences = Vec::new();
    for (fixture, wanted, stages, shows) in GOLDENS {
        let mut f = function(fixture, wanted);
        let mut text = format!("% {fixture} {wanted}: {shows}\n");
        let mut add = |stage, name: &str, print: &dyn Fn() -> String| {
            if stages.contains(&stage) {
                text += &format!("\n% {name}\n{}", print());
            }
        };
        add(Ssa, "ssa", &|| f.to_string());
        passes::run(&mut f).unwrap_or_else(|error| panic!("{error}"));
        add(Passes, "passes", &|| f.to_string());
        add(Clif, "clif", &|| clif::clif_text(&f, &Atoms, &*isa));
        let file = format!("{}-{}.txt", fixture.replace('/', "-"), wanted.replace('/', "."));
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stages/goldens").join(&file);
        if bless {
            std::fs::write(&path, &text).expect("a writable golden text");
        }
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        if text != expected {
            let first = text.lines().zip(expected.lines()).find(|(now, then)| now != then);
            differences.push(format!("{file}, first at {first:#?}"));
        }
    }
    assert!(
        differences.is_empty(),
        "{} functions print differently; BEAMRC_BLESS=1 records them anew: {}",
        differences.len(),
        differences.join("\n")
    );
}

/// A function of a fixture, entered as a closure where it is the code of one.
fn function(fixture: &str, wanted: &str) -> Function {
    let module = module(fixture);
    let is_it = |index: usize| {
        let function = &module.functions[index];
        format!("{}/{}", module.atom(function.name), function.arity) == wanted
    };
    let mut ways: Vec<_> =
        entered(&module).into_iter().filter(|(index, _)| is_it(*index)).collect();
    ways.sort_by_key(|(_, convention)| *convention == Convention::Plain);
    let (index, convention) = *ways.first().unwrap_or_else(|| panic!("{fixture} has no {wanted}"));
    built(&module, index, convention)
}

#[test]
fn every_recorded_file_belongs_to_a_function() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stages/goldens");
    let files = std::fs::read_dir(folder).expect("goldens").count();
    assert_eq!(files, GOLDENS.len(), "goldens without a row");
}
