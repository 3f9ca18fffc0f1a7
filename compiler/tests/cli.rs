//! The command line, up to the program that a build finds: inputs, entry, OTP, messages.

use std::path::{Path, PathBuf};

mod place;

use std::process::Stdio;

use place::Place;

/// Builds no further than the program; the runtime may lack anything.
const DUMP: [&str; 3] = ["build", "--dump=program", "--allow-missing"];

fn dump<'a>(more: &[&'a str]) -> Vec<&'a str> {
    DUMP.iter().chain(more).copied().collect()
}

const MAIN: &str = "-module('m'). -export([main/0]). main() -> ok.";

#[test]
fn help_teaches() {
    let place = Place::new();
    for arguments in [&["--help"][..], &["build", "--help"]] {
        let said = place.beamrc(arguments).ok();
        assert!(said.out().contains("beamrc build hello.erl"), "{}", said.out());
    }
}

#[test]
fn sources_and_beams_and_folders_are_inputs() {
    let place = Place::new();
    place.write("m.erl", "-module(m). -export([main/0]). main() -> n:f(), o:g().");
    place.beam("n", "-module('n'). -export([f/0]). f() -> ok.");
    place.beam("o", "-module('o'). -export([g/0]). g() -> ok.");
    let inputs = dump(&["m.erl", "n/n.beam", "o"]);
    place.beamrc(&inputs).keeps(&["m:main/0", "n:f/0", "o:g/0"]);
}

#[test]
fn erlang_errors_are_shown() {
    let place = Place::new();
    place.write("m.erl", "-module(m). -export([main/0]). main() -> X.");
    place.beamrc(&dump(&["m.erl"])).fails(&["m.erl", "unbound"]);
}

#[test]
fn a_module_given_twice_is_an_error_that_names_both_files() {
    let place = Place::new();
    place.beam("a", MAIN);
    place.beam("b", MAIN);
    place.beamrc(&dump(&["a", "b"])).fails(&[
        "the module m is given twice",
        "a/m.beam",
        "b/m.beam",
    ]);
    std::fs::create_dir(place.path("c")).unwrap();
    place.write("c/m.erl", MAIN);
    place.beamrc(&dump(&["a", "c/m.erl"])).fails(&["a/m.beam and c/m.erl"]);
    // The same file again is no other module.
    place.beamrc(&dump(&["a", "a/m.beam"])).ok();
}

#[test]
fn of_two_packages_of_a_project_the_first_gives_a_module_that_both_have() {
    let place = Place::new();
    place.beam("all/p/ebin", MAIN);
    place.beam("all/q/ebin", MAIN);
    let said = place.beamrc(&dump(&["all"])).keeps(&["m:main/0"]).err();
    assert!(said.contains("two packages have a module m"), "{said}");
    assert!(said.contains("leaving out all/q/ebin/m.beam"), "{said}");
    // Another input is not a package of it.
    place.beam("other", MAIN);
    place.beamrc(&dump(&["all", "other"])).fails(&["the module m is given twice"]);
}

#[test]
fn inputs_that_are_none_say_what_would_be() {
    let place = Place::new();
    place.beamrc(&dump(&["nowhere"])).fails(&["nowhere", "help: "]);
    place.write("m.txt", "");
    place.beamrc(&dump(&["m.txt"])).fails(&["m.txt", ".beam or .erl"]);
    std::fs::create_dir(place.path("empty")).unwrap();
    place.beamrc(&dump(&["empty"])).fails(&["empty has nothing to compile", "gleam.toml"]);
    place.write("broken.beam", "no beam");
    place.beamrc(&dump(&["broken.beam"])).fails(&["broken.beam", "byte 0"]);
}

#[test]
fn the_entry_is_main_then_start_and_never_a_guess() {
    let place = Place::new();
    place.beam("a", MAIN);
    place.beam("b", "-module('b'). -export([start/0, go/0]). start() -> 1. go() -> 2.");
    place.beam("c", "-module('c'). -export([main/0, start/0]). main() -> 1. start() -> 2.");
    place.beam("d", "-module('d'). -export([main/1]). main(_) -> 1.");
    place.beamrc(&dump(&["a", "b"])).keeps(&["m:main/0"]);
    place.beamrc(&dump(&["b"])).keeps(&["b:start/0"]);
    place.beamrc(&dump(&["a", "c"])).fails(&["several modules export main/0: c, m", "--entry"]);
    place.beamrc(&dump(&["b", "c"])).keeps(&["c:main/0"]);
    place.beamrc(&dump(&["a", "c", "--entry", "c"])).keeps(&["c:main/0"]);
    place.beamrc(&dump(&["a", "b", "--entry", "b:go"])).keeps(&["b:go/0"]);
    place.beamrc(&dump(&["d"])).fails(&["exports main/0 or start/0", "--entry"]);
    place.beamrc(&dump(&["b", "--entry", "b"])).fails(&["does not export main/0"]);
    place.beamrc(&dump(&["b", "--entry", "x"])).fails(&["no module x", "the inputs have: b"]);
}

/// Modules as `gleam build` leaves them.
fn gleam_project(place: &Place, profile: &str) {
    place.write("gleam.toml", "name = \"app\"\n");
    let ebin = format!("build/{profile}/erlang/app/ebin");
    place.beam(&ebin, "-module('app'). -export([main/0]). main() -> nil.");
    place.beam(&ebin, "-module('app@other'). -export([main/0, go/0]). main() -> nil. go() -> nil.");
    place.beam(&ebin, "-module('app@@main'). -export([run/1]). run(Module) -> Module:main().");
    place.write(&format!("{ebin}/app.app"), "{application, app, [{vsn, \"1.0\"}]}.");
}

#[test]
fn a_gleam_project_without_gleam_uses_what_is_built_and_says_so() {
    for profile in ["dev", "prod"] {
        let place = Place::new();
        gleam_project(&place, profile);
        let tools = erlang_only(&place);
        let path: &[(&str, &Path)] = &[("PATH", &tools)];
        let said = place.beamrc_with(&dump(&[]), path).keeps(&["app:main/0", "app@@main:run/1"]);
        assert!(said.err().contains(&format!("build/{profile}/erlang")), "{}", said.err());
        let other = dump(&["--entry", "app/other"]);
        place.beamrc_with(&other, path).keeps(&["app@@main:run/1", "app@other:main/0"]);
        let direct = dump(&["--entry", "app@other:go"]);
        let said = place.beamrc_with(&direct, path).keeps(&["app@other:go/0"]);
        assert!(!said.out().contains("run/1"));
    }
    let place = Place::new();
    place.write("gleam.toml", "name = \"app\"\n");
    let tools = erlang_only(&place);
    place.beamrc_with(&dump(&[]), &[("PATH", &tools)]).fails(&["is not built", "install Gleam"]);
}

#[test]
fn warnings_of_gleam_are_shown_as_they_are() {
    let place = Place::new();
    gleam_project(&place, "dev");
    let tools = erlang_only(&place);
    let gleam = tools.join("gleam");
    std::fs::write(&gleam, "#!/bin/sh\necho 'warning: Todo found' >&2\n").unwrap();
    std::fs::set_permissions(&gleam, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let path: &[(&str, &Path)] = &[("PATH", &tools)];
    let said = place.beamrc_with(&dump(&[]), path).ok().err();
    assert!(said.lines().any(|line| line == "warning: Todo found"), "{said}");
    let said = place.beamrc_with(&dump(&["-q"]), path).ok().err();
    assert_eq!(said, "");
}

/// A folder of tools without `gleam`.
fn erlang_only(place: &Place) -> PathBuf {
    let tools = place.path("tools");
    place.tools(&tools);
    tools
}

#[test]
fn a_shipment_is_entered_through_its_package() {
    let place = Place::new();
    place.beam("out/app/ebin", "-module('app'). -export([main/0]). main() -> nil.");
    place.beam("out/app/ebin", "-module('app@@main'). -export([run/1]). run(M) -> M:main().");
    place.beam("out/lib/ebin", "-module('lib'). -export([main/0]). main() -> nil.");
    place.write("out/entrypoint.sh", "#!/bin/sh\nset -eu\n\nPACKAGE=app\n");
    place.beamrc(&dump(&["out"])).keeps(&["app:main/0", "app@@main:run/1"]);
}

#[test]
fn otp_is_named_or_found() {
    let place = Place::new();
    place.beam("a", MAIN);
    place.beamrc(&dump(&["a", "--otp", "a"])).fails(&["a holds no Erlang/OTP", "lib/stdlib-*"]);
    let none = place.path("none");
    place.beamrc_with(&dump(&["a"]), &[("PATH", &none)]).fails(&["no erl on PATH", "--otp DIR"]);
    // Modules of several versions: the newest counts, and 24 is too old.
    for (release, app) in [("24", "stdlib-3.17"), ("31", "stdlib-9.0")] {
        let root = format!("otp{release}");
        std::fs::create_dir_all(place.path(&format!("{root}/lib/{app}/ebin"))).unwrap();
        place.write(&format!("{root}/releases/start_erl.data"), &format!("12.3 {release}\n"));
        let said = place.beamrc(&dump(&["a", "--otp", &root]));
        said.fails(&[&format!("Erlang/OTP {release}"), "25 to 29"]);
    }
}

#[test]
fn stages_print_one_function() {
    let place = Place::new();
    place.beam("a", MAIN);
    let said =
        place.beamrc(&["build", "a", "--allow-missing", "--dump=beam", "--only=m:main/0"]).ok();
    assert!(said.out().contains("func_info") && said.out().contains("return"), "{}", said.out());
    assert!(!place.path("m").exists(), "only stages were wanted");
    let unknown = ["build", "a", "--allow-missing", "--dump=nothing"];
    place.beamrc(&unknown).fails(&["no such stage", "program, beam"]);
    let nobody = ["build", "a", "--allow-missing", "--dump=beam", "--only=m:no/0"];
    place.beamrc(&nobody).fails(&["no such function"]);
    let malformed = ["build", "a", "--dump=beam", "--only=m"];
    place.beamrc(&malformed).fails(&["--only=m", "lists:map/2"]);
}

#[test]
fn what_cannot_be_printed_ends_quietly_or_is_an_error() {
    let place = Place::new();
    place.beam("a", MAIN);
    let printing = |to: Stdio| place.command(&dump(&["a"])).stdout(to).output().unwrap();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let unread = printing(writer.into());
    assert_eq!((unread.status.code(), &unread.stderr[..]), (Some(141), &b""[..]));
    let full = printing(std::fs::File::create("/dev/full").unwrap().into());
    assert_eq!(full.status.code(), Some(1));
    let said = String::from_utf8_lossy(&full.stderr).into_owned();
    assert!(said.starts_with("error: cannot write to standard output: No space left"), "{said}");
}

#[test]
fn missing_functions_stop_the_build_or_warn() {
    let place = Place::new();
    place.beam("a", "-module('m'). -export([main/0]). main() -> nowhere:f(1).");
    let build = ["build", "a", "--dump=program"];
    place.beamrc(&build).fails(&["m:main/0 -> nowhere:f/1", "--allow-missing"]);
    let said = place.beamrc(&dump(&["a"])).ok();
    assert!(said.err().contains("warning: undef at run time: "), "{}", said.err());
    let said = place.beamrc(&dump(&["a", "-q"])).ok();
    assert_eq!(said.err(), "");
    let said = place.beamrc(&dump(&["a", "-v"])).ok();
    let report = said.err();
    assert!(report.contains("kept") && report.contains("m: 1 of 3 functions"), "{report}");
}
