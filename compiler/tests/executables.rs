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

/// A Gleam project as it is when it is built, with a dependency; no `gleam` is needed.
fn gleam_project(place: &Place, main: &str) {
    place.write("gleam.toml", "name = \"app\"\n");
    let ebin = "build/dev/erlang/app/ebin";
    place.beam(ebin, &format!("-module('app'). -export([main/0]). {main}"));
    place.beam(ebin, "-module('app@@main'). -export([run/1]). run(Module) -> Module:main().");
    place.write(
        &format!("{ebin}/app.app"),
        "{application, app, [{vsn, \"1.0\"}, {modules, [app, 'app@@main']}]}.",
    );
}

/// Runs beamrc where there is no `gleam`.
fn without_gleam(place: &Place, arguments: &[&str]) -> place::Said {
    let tools = place.path("tools");
    place.tools(&tools);
    place.beamrc_with(arguments, &[("PATH", &tools)])
}

#[test]
fn files_in_priv_are_in_the_executable() {
    if !has_runtime() {
        return;
    }
    let place = Place::new();
    gleam_project(
        &place,
        "main() ->
            Priv = code:priv_dir(app),
            In = fun(Name) -> filename:join(Priv, Name) end,
            show(Priv =:= filename:join(code:lib_dir(app), \"priv\")),
            show(Priv =:= code:lib_dir(app, priv)),
            show(filename:dirname(filename:dirname(code:which(app))) =:= code:lib_dir(app)),
            show({code:priv_dir(other), code:which(other)}),
            show(file:read_file(In(\"a.txt\"))),
            show(file:read_file(In(\"deep/../deep//c.term\"))),
            show(file:consult(In(\"deep/c.term\"))),
            {ok, Names} = file:list_dir(Priv),
            show(lists:sort(Names)),
            show(filelib:wildcard(\"**/*.t*\", Priv)),
            {ok, Info} = file:read_file_info(In(\"a.txt\")),
            show({element(2, Info), element(3, Info), element(4, Info)}),
            show({filelib:is_dir(Priv), filelib:is_regular(In(\"a.txt\")), filelib:file_size(In(\"deep/b\"))}),
            [begin
                {ok, File} = file:open(In(\"a.txt\"), Modes),
                show([file:read(File, 2), file:pread(File, 1, 100), file:read(File, 100), file:read(File, 1)]),
                show([file:position(File, {eof, -2}), file:read(File, 9), file:write(File, <<1>>)]),
                show([file:close(File), file:read(File, 1)])
            end || Modes <- [[read, raw, binary], [read, binary]]],
            show([file:read_file(In(N)) || N <- [\"none\", \"a.txt/x\", \"deep\", \"../../../..\"]]),
            show([file:list_dir(In(\"a.txt\")), file:read_link(In(\"a.txt\"))]),
            show([file:write_file(In(\"new\"), \"x\"), file:delete(In(\"a.txt\")), file:make_dir(In(\"d\")),
                file:rename(In(\"a.txt\"), \"a\"), file:open(In(\"a.txt\"), [append])]).
        show(X) -> io:format(\"~0p~n\", [X]).",
    );
    place.write("build/dev/erlang/app/priv/a.txt", "0123");
    place.write("build/dev/erlang/app/priv/deep/b", "");
    place.write("build/dev/erlang/app/priv/deep/c.term", "{a, 1}.\n[b].\n");
    without_gleam(&place, &["build"]).ok();
    std::fs::remove_dir_all(place.path("build")).unwrap();
    let output = run(&place.path("app"), &[]);
    let expected = "true\ntrue\ntrue\n{{error,bad_name},non_existing}\n\
        {ok,<<\"0123\">>}\n{ok,<<\"{a, 1}.\\n[b].\\n\">>}\n{ok,[{a,1},[b]]}\n\
        [\"a.txt\",\"deep\"]\n[\"a.txt\",\"deep/c.term\"]\n{4,regular,read}\n{true,true,0}\n";
    let position = "[{ok,2},{ok,<<\"23\">>},{error,ebadf}]\n";
    let raw = format!("[{{ok,<<\"01\">>}},{{ok,<<\"123\">>}},{{ok,<<\"23\">>}},eof]\n{position}");
    // As under OTP, reading at a position moves a file that has a process.
    let served = format!("[{{ok,<<\"01\">>}},{{ok,<<\"123\">>}},eof,eof]\n{position}");
    let expected = format!(
        "{expected}{raw}[ok,{{error,einval}}]\n{served}[ok,{{error,terminated}}]\n\
        [{{error,enoent}},{{error,enotdir}},{{error,eisdir}},{{error,enotdir}}]\n\
        [{{error,enotdir}},{{error,einval}}]\n\
        [{{error,erofs}},{{error,erofs}},{{error,erofs}},{{error,erofs}},{{error,erofs}}]\n"
    );
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected, "{output:?}");
}

#[test]
fn files_that_nothing_asks_for_are_left_out() {
    if !has_runtime() {
        return;
    }
    let place = Place::new();
    gleam_project(&place, "main() -> ok.");
    place.write("build/dev/erlang/app/priv/large", &"kept out? ".repeat(1_000_000));
    without_gleam(&place, &["build"]).ok();
    assert!(place.path("app").metadata().unwrap().len() < 8_000_000);
}

#[test]
fn a_project_says_how_it_is_built() {
    if !has_runtime() {
        return;
    }
    let place = Place::new();
    gleam_project(
        &place,
        "main() -> A = fun(M, F) -> try (list_to_atom(M)):(list_to_atom(F))() catch error:undef -> undef end end,
            io:format(\"~p ~p ~p~n\", [A(\"plugin\", \"go\"), A(\"lib_one\", \"f\"), A(\"lib_two\", \"f\")]).",
    );
    place.beam("build/dev/erlang/app/ebin", "-module('plugin'). -export([go/0]). go() -> went.");
    for module in ["lib_one", "lib_two"] {
        let source = format!("-module('{module}'). -export([f/0]). f() -> {module}.");
        place.beam("build/dev/erlang/lib/ebin", &source);
    }
    place.write("build/dev/erlang/lib/ebin/lib.app", "{application, lib, []}.");
    let prints = |arguments: &[&str], expected: &str| {
        without_gleam(&place, arguments).ok();
        let output = run(&place.path("app"), &[]);
        assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
        place.path("app").metadata().unwrap().len()
    };
    prints(&["build"], "undef undef undef\n");
    let size = prints(&["build", "--keep-app", "lib"], "undef lib_one lib_two\n");
    without_gleam(&place, &["build", "--keep-app", "lab"])
        .fails(&["--keep-app lab", "no such application"]);
    let table =
        "name = \"app\"\n[beamrc]\nkeep = [\"plugin\"]\nkeep-app = [\"lib\"]\nstrip = true\n";
    place.write("gleam.toml", table);
    let stripped = prints(&["build"], "went lib_one lib_two\n");
    assert!(stripped < size);
    place.write("gleam.toml", "name = \"app\"\n\n[beamrc]\nkeap = [\"plugin\"]\n");
    without_gleam(&place, &["build"]).fails(&["gleam.toml:4: ", "keap", "help: "]);
}

#[test]
fn only_what_is_more_than_code_needs_a_controller_of_applications() {
    if !has_runtime() {
        return;
    }
    let place = Place::new();
    gleam_project(
        &place,
        "main() ->
            Start = fun(Name) -> io:format(\"~p~n\", [application:ensure_all_started(Name)]) end,
            Get = fun() -> io:format(\"~p~n\", [[application:get_env(A, k) || A <- [lib, part, lack, none]]]) end,
            Get(), Start(none), Start(lack), Get(),
            _ = spawn(fun() -> Start(top) end), timer:sleep(100),
            Start(top), Start(stdlib), Start(part), Get().",
    );
    let ebin = "build/dev/erlang/app/ebin";
    let describe = |name: &str, keys: &str| {
        let text =
            format!("{{application, {name}, [{{vsn, \"1\"}}, {{env, [{{k, 1}}]}}, {keys}]}}.");
        place.write(&format!("{ebin}/{name}.app"), &text);
    };
    describe("app", "{applications, [kernel, stdlib]}");
    describe("lib", "{applications, [stdlib]}, {mod, []}");
    describe("part", "{applications, [lib, other]}, {optional_applications, [other]}");
    describe("lack", "{applications, [kernel, app, missing]}");
    describe("top", "{applications, [part, lib]}");
    place.beam(
        ebin,
        "-module('app@@main'). -export([run/1]).
        run(Module) -> {ok, [app]} = application:ensure_all_started(app), Module:main(), init:stop(0).",
    );
    let without_time = |output: Output| {
        assert!(output.status.success(), "{output:?}");
        let reports = String::from_utf8_lossy(&output.stderr).into_owned();
        let untimed = reports.lines().filter(|line| !line.starts_with("=NOTICE REPORT"));
        (String::from_utf8(output.stdout).unwrap(), untimed.collect::<Vec<_>>().join("\n"))
    };
    let eval = ["-noinput", "-pa", ebin, "-eval", "'app@@main':run(app)"];
    let erl = Command::new("erl").args(eval).current_dir(place.path("")).output().unwrap();
    let expected = without_time(erl);
    let functions = |arguments: &[&str]| {
        without_gleam(&place, &[&["build"], arguments].concat()).ok();
        assert_eq!(without_time(run(&place.path("app"), &[])), expected);
        without_gleam(&place, &[&["build", "--dump=program"], arguments].concat()).ok().out()
    };
    let light = functions(&[]);
    assert!(light.contains("application:get_env/2\n"), "{light}");
    assert!(!light.contains("application_controller:"), "{light}");
    let whole = functions(&["--keep=application_controller"]);
    assert!(whole.contains("application_controller:handle_call/3\n"), "{whole}");
    // An application with a start module is started by OTP's controller.
    describe("lib", "{applications, [stdlib]}, {mod, {starts, []}}");
    place.beam(
        ebin,
        "-module('starts'). -export([start/2, stop/1]).
        start(_, _) -> io:format(\"starts~n\"), {ok, spawn_link(timer, sleep, [infinity])}.
        stop(_) -> ok.",
    );
    without_gleam(&place, &["build"]).ok();
    let (out, _) = without_time(run(&place.path("app"), &[]));
    assert!(out.contains("\nstarts\n"), "{out}");
}

#[test]
fn a_report_says_what_an_executable_is_made_of() {
    if !has_runtime() {
        return;
    }
    let place = Place::new();
    gleam_project(
        &place,
        "main() -> {ok, T} = file:read_file(filename:join(code:priv_dir(app), \"text\")), io:put_chars(T).",
    );
    place.write("build/dev/erlang/app/priv/text", "hello\n");
    place.beam("build/dev/erlang/app/ebin", "-module('plugin'). -export([go/0]). go() -> went.");
    let said = without_gleam(&place, &["build", "--keep=plugin", "--report"]).ok();
    let has = |part: &str| assert!(said.out().contains(part), "{part} in:\n{}", said.out());
    for part in
        ["executable  ", "\nstdlib ", "\n  io_lib ", "\napp ", "lib/app/priv/text", "erlang:spawn"]
    {
        has(part);
    }
    has("\n  plugin:go/0: --keep\n");
    has("perhaps called by name in ");
    let said = without_gleam(&place, &["build", "--keep=plugin", "--report=json"]).ok();
    let report: serde_json::Value = serde_json::from_str(&said.out()).unwrap();
    let executable = place.path("app").metadata().unwrap().len();
    assert_eq!(report["executable_bytes"], executable);
    let bytes = |part: &serde_json::Value, key: &str| part[key].as_u64().unwrap();
    let made = bytes(&report, "code_bytes") + bytes(&report, "data_bytes");
    assert!(made < executable, "{made}");
    let applications = report["applications"].as_array().unwrap();
    let modules = || applications.iter().flat_map(|app| app["modules"].as_array().unwrap());
    let code: u64 = modules().map(|module| bytes(module, "code_bytes")).sum();
    assert!(code > 0 && code <= bytes(&report, "code_bytes"), "{code}");
    let plugin = modules().find(|module| module["name"] == "plugin").unwrap();
    assert!(bytes(plugin, "linked") >= 1 && bytes(plugin, "code_bytes") > 0, "{plugin}");
    assert_eq!(bytes(&report, "embedded_bytes"), 6);
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
