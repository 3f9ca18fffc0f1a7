//! Programs built and run: every way to link, `beamrc run`, functions that are missing, and a beamrc
//! that has nothing around it.

mod place;

use std::path::Path;
use std::process::{Command, Output};

use place::Place;

/// Prints its arguments and exits with a code of its own; needs the C library's mathematics.
const ARGUMENTS: &str = "-module('m'). -export([main/0]).
    main() -> io:format(\"~p ~.3f~n\", [init:get_plain_arguments(), math:sin(1.0)]), halt(3).";

/// Whether this beamrc has a runtime; if not, the test is skipped.
fn has_runtime() -> bool {
    match beamrc_image::runtime_object() {
        Ok(_) => true,
        Err(beamrc_image::Error::Absent) => {
            eprintln!("skipped: built with BEAMRC_SKIP_IMAGE");
            false
        }
        Err(error) => panic!("{error}"),
    }
}

fn run(executable: &Path, arguments: &[&str]) -> Output {
    Command::new(executable).args(arguments).output().unwrap()
}

#[track_caller]
fn assert_arguments_told(output: &Output) {
    assert_eq!(String::from_utf8_lossy(&output.stdout), "[\"x\",\"y z\"] 0.841\n");
    assert_eq!(output.status.code(), Some(3));
}

#[test]
fn every_way_to_build_gives_the_same_program() {
    if !has_runtime() {
        return;
    }
    let place = Place::new();
    place.beam("a", ARGUMENTS);
    let mut sizes = Vec::new();
    let ways: [&[&str]; 5] =
        [&[], &["--strip"], &["--opt=none"], &["--linker=cc"], &["--linker=cc", "--strip"]];
    for way in ways {
        let build = [&["build", "a", "-o", "made"], way].concat();
        place.beamrc(&build).ok();
        let made = place.path("made");
        assert_arguments_told(&run(&made, &["x", "y z"]));
        sizes.push(made.metadata().unwrap().len());
    }
    assert!(sizes[1] < sizes[0] && sizes[4] < sizes[3], "stripping makes smaller: {sizes:?}");
}

#[test]
fn run_passes_arguments_and_exit_code() {
    if !has_runtime() {
        return;
    }
    let place = Place::new();
    place.beam("a", ARGUMENTS);
    let said = place.beamrc(&["run", "a", "--", "x", "y z"]);
    assert_arguments_told(&said.0);
    assert!(!place.path("m").exists(), "the executable is in the cache");
}

#[test]
fn a_missing_function_is_undef_if_that_is_allowed() {
    if !has_runtime() {
        return;
    }
    let place = Place::new();
    let source = "-module('m'). -export([main/0]).
        main() -> try nowhere:f(1) catch error:undef:S -> io:format(\"~p~n\", [hd(S)]) end.";
    place.beam("a", source);
    place.beamrc(&["build", "a"]).fails(&["m:main/0 -> nowhere:f/1"]);
    assert!(!place.path("m").exists());
    let said = place.beamrc(&["build", "a", "--allow-missing"]).ok();
    assert!(said.err().contains("undef at run time: m:main/0 -> nowhere:f/1"), "{}", said.err());
    let output = run(&place.path("m"), &[]);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "{nowhere,f,[1],[]}\n");
}

#[test]
fn exports_that_a_program_asks_for_can_be_called() {
    if !has_runtime() {
        return;
    }
    let place = Place::new();
    let source = "-module('m'). -export([main/0, first/0, second/0]).
        main() -> [io:format(\"~p~n\", [m:F()]) || {F, 0} <- lists:sort(m:module_info(exports)),
            F =/= main, F =/= module_info].
        first() -> 1.
        second() -> 2.";
    place.beam("a", source);
    place.beamrc(&["build", "a"]).ok();
    let output = run(&place.path("m"), &[]);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "1\n2\n");
}

#[test]
fn beamrc_alone_in_a_clean_folder_builds_a_program() {
    if !has_runtime() {
        return;
    }
    let place = Place::new();
    place.beam("a", ARGUMENTS);
    std::fs::copy(env!("CARGO_BIN_EXE_beamrc"), place.path("beamrc")).unwrap();
    let mut command = Command::new("./beamrc");
    command.args(["build", "a"]).current_dir(place.path("")).env_clear();
    // OTP is found on PATH.
    command.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_arguments_told(&run(&place.path("m"), &["x", "y z"]));
}
