//! What a program consists of, for small modules compiled with the machine's `erlc`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use beamrc::program::{Boot, Callee, Mfa, ModuleFile, Options, Origin, Program, Universe};
use beamrc_beam::Atom;

/// Modules in a folder of their own, compiled.
struct Modules {
    folder: tempfile::TempDir,
    files: Vec<(Atom, ModuleFile)>,
}

/// The boot code of these tests: the real one needs OTP.
const BOOT: &str = "-module(beamrc_boot). -export([start/0]).
    start() -> beamrc_program:main().";

impl Modules {
    fn compile(sources: &[(&str, Origin)]) -> Modules {
        let folder = tempfile::tempdir().unwrap();
        let mut files = Vec::new();
        for (source, origin) in sources.iter().chain([&(BOOT, Origin::Runtime)]) {
            let name = source.split_once("-module(").unwrap().1.split_once(')').unwrap().0;
            let path = folder.path().join(format!("{name}.erl"));
            std::fs::write(&path, source).unwrap();
            files.push((
                Atom::from(name),
                ModuleFile { path: path.with_extension("beam"), origin: *origin },
            ));
        }
        let sources = files.iter().map(|(name, _)| folder.path().join(format!("{name}.erl")));
        let erlc = std::env::var_os("ERLC").unwrap_or_else(|| "erlc".into());
        let made = Command::new(erlc).arg("-o").arg(folder.path()).args(sources).output();
        let made = made.expect("erlc is needed for these tests");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stdout));
        Modules { folder, files }
    }

    fn universe(&self) -> Universe {
        Universe::new(self.files.iter().cloned())
    }

    fn load(&self, options: &Options) -> beamrc::Result<Program> {
        Program::load(&mut self.universe(), &boot(), "25", options)
    }

    /// The functions of modules of the program and of OTP that are kept.
    fn kept(&self, options: &Options) -> Vec<String> {
        names(&self.load(options).unwrap())
    }

    fn shim(&self, source: &str) -> PathBuf {
        let folder = self.folder.path().join("shims");
        std::fs::create_dir_all(&folder).unwrap();
        let name = source.split_once("-module(").unwrap().1.split_once(')').unwrap().0;
        let path = folder.join(format!("{name}.erl"));
        std::fs::write(&path, source).unwrap();
        let erlc = std::env::var_os("ERLC").unwrap_or_else(|| "erlc".into());
        let made = Command::new(erlc).arg("-o").arg(&folder).arg(&path).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stdout));
        path.with_extension("beam")
    }
}

fn boot() -> Boot {
    Boot {
        module: "m".into(),
        function: "main".into(),
        arguments: Vec::new(),
        main: None,
        applications: Vec::new(),
        application_values: Vec::new(),
        code_only: true,
        otp_applications: BTreeMap::new(),
    }
}

fn names(program: &Program) -> Vec<String> {
    let functions = program.functions.iter();
    let names = functions.map(|function| program.mfa(*function).to_string());
    names.filter(|name| !name.starts_with("beamrc_")).collect()
}

const PROGRAM: Origin = Origin::Program;
const OTP: Origin = Origin::Otp;

#[track_caller]
fn check(sources: &[(&str, Origin)], kept: &[&str]) {
    assert_eq!(Modules::compile(sources).kept(&Options::default()), kept);
}

#[test]
fn calls_funs_and_literals_are_followed() {
    check(
        &[
            (
                "-module(m). -export([main/0, unused/0]).
                 main() -> local(), n:remote(), {fun n:in_literal/1, fun() -> in_fun() end}.
                 local() -> ok. in_fun() -> ok. unused() -> ok.",
                PROGRAM,
            ),
            (
                "-module(n). -export([remote/0, in_literal/1, unused/0]).
                 remote() -> ok. in_literal(_) -> ok. unused() -> ok.",
                PROGRAM,
            ),
        ],
        &[
            "m:main/0",
            "m:local/0",
            "m:in_fun/0",
            "m:'-main/0-fun-0-'/0",
            "n:remote/0",
            "n:in_literal/1",
        ],
    );
}

#[test]
fn a_name_known_in_full_is_a_call() {
    let modules = Modules::compile(&[
        ("-module(m). -export([main/0]). main() -> proc_lib:spawn(n, f, [1, 2]).", PROGRAM),
        ("-module(proc_lib). -export([spawn/3]). spawn(_, _, _) -> ok.", OTP),
        ("-module(n). -export([f/1, f/2]). f(_) -> ok. f(_, _) -> ok.", PROGRAM),
    ]);
    let program = modules.load(&Options::default()).unwrap();
    assert_eq!(names(&program), ["m:main/0", "n:f/2", "proc_lib:spawn/3"]);
    let certain = program.report.modules.iter().map(|module| module.certain);
    assert_eq!(certain.sum::<usize>(), program.functions.len());
}

#[test]
fn callback_modules_are_found_by_their_names() {
    check(
        &[
            ("-module(m). -export([main/0]). main() -> server:start(callback).", PROGRAM),
            ("-module(server). -export([start/1]). start(Mod) -> Mod:init(0).", OTP),
            (
                "-module(callback). -export([init/1, init/2]). init(_) -> ok. init(_, _) -> ok.",
                PROGRAM,
            ),
            ("-module(other). -export([init/1]). init(_) -> ok.", PROGRAM),
        ],
        &["callback:init/1", "m:main/0", "server:start/1"],
    );
}

#[test]
fn a_module_of_otp_is_called_back_by_the_behaviour_it_is_handed_to() {
    let main = "-module(m). -export([main/0]). main() -> sup:start().";
    let server = "-module(server). -export([start/1]). -callback init(_) -> _.
        start(Mod) -> Mod:init(0).";
    // A name that a module of OTP's only mentions is taken for that of a process.
    for (start, kept) in
        [("server:start(?MODULE)", true), ("keep(?MODULE), server:start(x)", false)]
    {
        let sup = format!(
            "-module(sup). -behaviour(server). -export([start/0, init/1, keep/1]).
             start() -> {start}. keep(_) -> ok. init(_) -> ok."
        );
        let modules = Modules::compile(&[(main, PROGRAM), (server, OTP), (&sup, OTP)]);
        let names = modules.kept(&Options::default());
        assert_eq!(names.contains(&"sup:init/1".to_owned()), kept, "{start}: {names:?}");
    }
}

#[test]
fn a_behaviour_calls_states_of_a_module_that_is_handed_to_it() {
    check(
        &[
            ("-module(m). -export([main/0]). main() -> c:start().", PROGRAM),
            ("-module(c). -export([start/0]). start() -> b:start(o).", OTP),
            (
                "-module(b). -export([start/1, behaviour_info/1]). behaviour_info(_) -> [].
                 start(M) -> State = M:init(one), M:State(two).",
                OTP,
            ),
            (
                "-module(o). -behaviour(b). -export([init/1, opening/1, other/1]).
                 init(_) -> opening. opening(X) -> [X]. other(X) -> [X].",
                OTP,
            ),
        ],
        &["b:start/1", "c:start/0", "m:main/0", "o:init/1", "o:opening/1"],
    );
}

#[test]
fn functions_passed_on_by_name_are_found_side_by_side() {
    check(
        &[
            ("-module(m). -export([main/0]). main() -> o:run(o:spec()).", PROGRAM),
            (
                "-module(o). -export([run/1, spec/0, started/1, a/1, b/1]).
                 run({M, F, A}) -> apply(M, F, A).
                 spec() -> {o, started, [1]}.
                 started(_) -> {b}. a(_) -> a. b(_) -> b.",
                OTP,
            ),
        ],
        &["m:main/0", "o:run/1", "o:spec/0", "o:started/1"],
    );
}

#[test]
fn atoms_of_the_program_that_happen_to_name_modules_of_otp_keep_nothing_of_them() {
    let run = "run(M, F) -> apply(M, F, [1]).";
    let main = format!(
        "-module(m). -export([main/0]). main() -> run(ms(), fs()), get(q). ms() -> [a, c]. fs() -> [b, f]. {run}"
    );
    let otp = "-module(c). -export([f/1]). f(_) -> otp.";
    let own = "-module(a). -export([f/1]). f(_) -> own.";
    check(
        &[(&main, PROGRAM), (otp, OTP), (own, PROGRAM)],
        &["a:f/1", "m:main/0", "m:ms/0", "m:fs/0", "m:run/2"],
    );
}

#[test]
fn atoms_that_are_only_compared_with_name_nothing() {
    check(
        &[
            (
                "-module(m). -export([main/0]).
                 main() -> go(get(x)).
                 go(n) -> 1; go(M) -> M:f().",
                PROGRAM,
            ),
            ("-module(n). -export([f/0]). f() -> ok.", PROGRAM),
        ],
        &["m:main/0", "m:go/1"],
    );
}

#[test]
fn whoever_prints_errors_calls_what_explains_them() {
    let main = "-module(m). -export([main/0, format_error/2, format_error/1]).
        main() -> erl_error:show(), erlang:error(bad, [1], [{error_info, #{}}]).
        format_error(_, _) -> #{}. format_error(_) -> [].";
    let other = "-module(o). -export([raise/0]).
        raise() -> erlang:error(bad, [], [{error_info, #{module => x, function => why}}]).";
    let explaining = "-module(x). -export([why/2, format_error/2, unused/2]).
        why(_, _) -> #{}. format_error(_, _) -> #{}. unused(_, _) -> ok.";
    let of_bifs =
        "-module(erl_stdlib_errors). -export([format_error/2]). format_error(_, _) -> #{}.";
    let printer = "-module(erl_error). -export([show/0]).
        show() -> (get(module)):(get(function))(lists:member(1, get()), o:raise()).";
    let nobody =
        "-module(erl_error). -export([show/0]). show() -> lists:member(1, get()), o:raise().";
    for (error_module, explained) in [(printer, true), (nobody, false)] {
        let modules =
            [(main, PROGRAM), (other, OTP), (explaining, OTP), (of_bifs, OTP), (error_module, OTP)];
        let mut kept = vec!["erl_error:show/0", "m:main/0", "o:raise/0"];
        if explained {
            kept.insert(1, "erl_stdlib_errors:format_error/2");
            kept.insert(3, "m:format_error/2");
            kept.extend(["x:why/2", "x:format_error/2"]);
        }
        check(&modules, &kept);
    }
}

#[test]
fn a_call_for_an_option_is_followed_where_another_module_names_the_option() {
    let sys = "-module(sys). -export([handle/1, log_to_file/1]).
        handle({M, F}) -> M:F(), debug(get(o)).
        debug({log_to_file, File}) -> file:open(File).
        log_to_file(File) -> {log_to_file, File}.";
    let file = "-module(file). -export([open/1]). open(_) -> ok.";
    for (does, opens) in [
        ("nothing", false),
        ("[{log_to_file, x}]", true),
        ("sys:log_to_file(x)", true),
        // What certainly reaches it needs no option.
        ("sys:handle(x)", true),
    ] {
        let main = format!(
            "-module(m). -export([main/0]).
             main() -> {{names(), apply(get(m), get(f), [x]), {does}}}. names() -> {{sys, handle}}."
        );
        let names = Modules::compile(&[(&main, PROGRAM), (sys, OTP), (file, OTP)]);
        let names = names.kept(&Options::default());
        assert!(names.contains(&"sys:handle/1".to_owned()), "{does}: {names:?}");
        assert_eq!(names.contains(&"file:open/1".to_owned()), opens, "{does}: {names:?}");
    }
}

#[test]
fn keep_keeps_a_module_whole() {
    let modules = Modules::compile(&[
        ("-module(m). -export([main/0]). main() -> ok.", PROGRAM),
        ("-module(n). -export([f/0]). f() -> g(). g() -> ok.", PROGRAM),
    ]);
    assert_eq!(modules.kept(&Options::default()), ["m:main/0"]);
    let options = Options { keep: vec!["n".into()], ..Options::default() };
    let program = modules.load(&options).unwrap();
    let kept = ["n:f/0", "n:g/0"].map(str::to_owned);
    assert!(kept.iter().all(|name| names(&program).contains(name)));
    assert!(program.module(program.module_named("n").unwrap()).whole);
    let options = Options { keep: vec!["nobody".into()], ..Options::default() };
    assert!(modules.load(&options).unwrap_err().message.contains("nobody"));
}

#[test]
fn keep_keeps_what_the_runtime_provides_of_a_module() {
    let modules = Modules::compile(&[
        ("-module(m). -export([main/0]). main() -> ok.", PROGRAM),
        ("-module(math). -export([pi/0]). pi() -> 3.14.", OTP),
    ]);
    let has_sine = |keep: &[&str]| {
        let keep = keep.iter().map(|name| (*name).to_owned()).collect();
        let options = Options { keep, ..Options::default() };
        let program = modules.load(&options).unwrap();
        program.bifs.iter().any(|bif| (bif.module, bif.name) == ("math", "sin"))
    };
    assert!(!has_sine(&[]));
    assert!(has_sine(&["math"]));
}

#[test]
fn what_is_missing_is_named_with_its_path() {
    let modules = Modules::compile(&[
        ("-module(m). -export([main/0]). main() -> n:f(1), 1.", PROGRAM),
        ("-module(n). -export([f/1]). f(X) -> {nowhere:g(X)}.", PROGRAM),
    ]);
    let error = modules.load(&Options::default()).unwrap_err();
    assert!(error.message.contains("m:main/0 -> n:f/1 -> nowhere:g/1"), "{}", error.message);
    let options = Options { allow_missing: true, ..Options::default() };
    let program = modules.load(&options).unwrap();
    assert!(program.report.missing[&Mfa::new("nowhere", "g", 1)].certain);
    assert!(matches!(program.resolve("nowhere", "g", 1), Callee::Missing));
}

#[test]
fn code_that_only_a_name_reaches_may_lack_functions() {
    let modules = Modules::compile(&[
        ("-module(m). -export([main/0]). main() -> o:start(n).", PROGRAM),
        ("-module(o). -export([start/1]). start(M) -> M:run().", OTP),
        ("-module(n). -export([run/0]). run() -> nowhere:g(), 1.", PROGRAM),
    ]);
    let program = modules.load(&Options::default()).unwrap();
    assert!(!program.report.missing[&Mfa::new("nowhere", "g", 0)].certain);
}

#[test]
fn stubs_of_otp_are_no_code() {
    let modules = Modules::compile(&[
        ("-module(m). -export([main/0]). main() -> o:nif(1), o:local().", PROGRAM),
        (
            "-module(o). -export([nif/1, local/0]).
             nif(_) -> erlang:nif_error(undef).
             local() -> {nif(2)}.",
            OTP,
        ),
    ]);
    let error = modules.load(&Options::default()).unwrap_err();
    assert!(error.message.contains("o:nif/1 (a function of OTP's emulator"), "{}", error.message);
    let options = Options { allow_missing: true, ..Options::default() };
    assert_eq!(modules.kept(&options), ["m:main/0", "o:local/0"]);
}

#[test]
fn a_shim_replaces_functions_also_for_callers_inside_the_module() {
    let modules = Modules::compile(&[
        ("-module(m). -export([main/0]). main() -> o:f(<<\"base\">>), o:extra().", PROGRAM),
        (
            "-module(o). -export([f/1]).
             f(X) -> {g(X), old(<<\"kept\">>)}. g(X) -> [h(X)]. h(X) -> {base, X}. old(X) -> [X].",
            OTP,
        ),
    ]);
    let shim = modules.shim(
        "-module(o). -beamrc_uses([{old, 1}]). -export([h/1, extra/0]).
         h(X) -> own({<<\"shim\">>, X}). own(X) -> [X]. extra() -> o:old(1).",
    );
    let mut universe = modules.universe();
    universe.add_shim("o".into(), shim);
    let program = Program::load(&mut universe, &boot(), "25", &Options::default()).unwrap();
    let expected = ["m:main/0", "o:f/1", "o:g/1", "o:h/1", "o:old/1", "o:own/1", "o:extra/0"];
    assert_eq!(names(&program), expected);
    let module = program.module_named("o").unwrap();
    let beam = &program.module(module).beam;
    let h = program.functions.iter().find(|f| program.mfa(**f).to_string() == "o:h/1").unwrap();
    let text = beam.function_text(h.function).to_string();
    assert!(text.contains("shim"), "{text}");
    // The call in g/1 reaches the shim's h/1.
    let g = program.functions.iter().find(|f| program.mfa(**f).to_string() == "o:g/1").unwrap();
    let calls = program.function(*g).instrs.iter().flat_map(|instr| &instr.operands);
    let callees: Vec<_> = calls.filter_map(beamrc_beam::Operand::label).collect();
    let reaches = |label| match program.local(module, label) {
        Callee::Function(function) => function == *h,
        _ => false,
    };
    assert!(callees.into_iter().any(reaches));
}

#[test]
fn functions_that_run_on_load_are_kept_and_told_to_the_boot_code() {
    let modules = Modules::compile(&[
        ("-module(m). -export([main/0]). main() -> n:f().", PROGRAM),
        ("-module(n). -export([f/0]). -on_load(init/0). f() -> ok. init() -> ok.", PROGRAM),
    ]);
    let program = modules.load(&Options::default()).unwrap();
    assert_eq!(names(&program), ["m:main/0", "n:f/0", "n:init/0"]);
    assert!(matches!(program.resolve("n", "init", 0), Callee::Function(_)));
    let n = program.module(program.module_named("n").unwrap());
    assert!(n.exports().any(|(name, arity, _)| (&**name, arity) == ("init", 0)));
}

#[test]
fn the_same_input_gives_the_same_program() {
    let sources = [
        ("-module(m). -export([main/0]). main() -> (get(m)):a(n), n:a().", PROGRAM),
        ("-module(n). -export([a/0, x/1]). a() -> {o, b, []}. x(_) -> 1.", PROGRAM),
        ("-module(o). -export([b/0]). b() -> 1.", PROGRAM),
    ];
    let modules = Modules::compile(&sources);
    let first = modules.load(&Options::default()).unwrap();
    for _ in 0..5 {
        let again = modules.load(&Options::default()).unwrap();
        assert_eq!(names(&again), names(&first));
        assert_eq!(again.atoms.entries(), first.atoms.entries());
        assert_eq!(again.report.to_string(), first.report.to_string());
    }
}
