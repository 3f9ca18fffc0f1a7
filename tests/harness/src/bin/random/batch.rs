//! Many tests as a few modules: written, compiled, run under `erl` and natively, compared.
//!
//! A test that brings the executable down or makes it run on and on must not hide what the others
//! do: then each test is run by itself.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use beamrc_harness::erlang::Installation;
use beamrc_harness::execute::{self, End, Input, Outcome};

use crate::test::Test;

pub struct Runner {
    pub otp: Installation,
    pub beamrc: PathBuf,
    pub folder: PathBuf,
    pub stress: bool,
}

/// What one call of one test gave on both sides.
pub struct Difference {
    /// Position of the test in the batch.
    pub test: usize,
    pub call: usize,
    pub expected: String,
    pub actual: String,
}

/// Tests in a module.
const TESTS: usize = 20;
const LIMIT: Duration = Duration::from_secs(300);
/// For all tests natively; longer, and each is run by itself.
const NATIVE_LIMIT: Duration = Duration::from_secs(60);
/// For a test by itself.
const TEST_LIMIT: Duration = Duration::from_secs(10);

/// How the compiler says so.
const FAULT: &str = "Internal consistency check failed";

/// What every module has besides its tests.
const PRELUDE: &str = include_str!("prelude.erl");
/// What runs the tests and prints what they give.
const REPORT: &str = include_str!("report.erl");

/// What each call printed, by module, test and number of the call.
type Results = BTreeMap<String, String>;

impl Runner {
    /// Every call that gives something else natively; and the tests that do not compile.
    pub fn differences(
        &self,
        tests: &[Test],
        per_module: Option<usize>,
    ) -> Result<(Vec<Difference>, Vec<usize>), String> {
        let _ = fs::remove_dir_all(&self.folder);
        fs::create_dir_all(&self.folder)
            .map_err(|error| format!("{}: {error}", self.folder.display()))?;
        let mut modules = Vec::new();
        let mut positions = BTreeMap::new();
        for (index, chunk) in tests.chunks(per_module.unwrap_or(TESTS)).enumerate() {
            let module = format!("random_{index}");
            for (at, test) in chunk.iter().enumerate() {
                let position = index * per_module.unwrap_or(TESTS) + at;
                positions.insert(format!("{module}:{}", test.name), position);
            }
            self.write(&module, &module_text(&module, chunk))?;
            modules.push(module);
        }
        self.compile(&modules)?;
        let built: Vec<&String> = modules
            .iter()
            .filter(|module| self.folder.join(format!("{module}.beam")).is_file())
            .collect();
        if built.is_empty() {
            return Ok((Vec::new(), (0..tests.len()).collect()));
        }
        self.write("random_main", &main_text(&built))?;
        self.compile(&["random_main".to_string()])?;
        let expected = self.run_erl()?;
        let actual = self.run_native(&expected)?;
        let missing = positions
            .iter()
            .filter(|(test, _)| !has(&expected, test))
            .map(|(_, &position)| position)
            .collect();
        let mut differences = Vec::new();
        for (key, expected) in &expected {
            let actual = actual.get(key).map_or("nothing", String::as_str);
            if actual != expected {
                let (test, call) = key.rsplit_once(' ').ok_or_else(|| format!("no call: {key}"))?;
                differences.push(Difference {
                    test: *positions.get(test).ok_or_else(|| format!("no test: {key}"))?,
                    call: call.parse().map_err(|_| format!("no call: {key}"))?,
                    expected: expected.clone(),
                    actual: actual.to_string(),
                });
            }
        }
        Ok((differences, missing))
    }

    fn write(&self, module: &str, text: &str) -> Result<(), String> {
        let path = self.folder.join(format!("{module}.erl"));
        fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))
    }

    /// Compiles with two Erlangs; what does not compile is left out.
    fn compile(&self, modules: &[String]) -> Result<(), String> {
        let halves = modules.chunks(modules.len().div_ceil(2).max(1));
        std::thread::scope(|scope| {
            let threads: Vec<_> = halves
                .enumerate()
                .map(|(index, half)| scope.spawn(move || self.compile_some(index, half)))
                .collect();
            threads.into_iter().try_for_each(|thread| thread.join().expect("nothing panics"))
        })
    }

    fn compile_some(&self, index: usize, modules: &[String]) -> Result<(), String> {
        let quoted: Vec<String> = modules.iter().map(|module| format!("\"{module}\"")).collect();
        let program = format!(
            "[compile:file(F, [debug_info, report_errors]) || F <- [{}]], halt().",
            quoted.join(",")
        );
        let mut command = execute::limited(&self.otp.tool("erl"));
        command.current_dir(&self.folder).args(["-noshell", "-eval", &program]);
        self.run(command, &format!("compile-{index}"), LIMIT).map(|_| ())
    }

    /// Fails unless OTP's compiler found only its own output wrong in modules that were refused.
    pub fn expect_compiler_faults(&self, refused: &[usize]) -> Result<(), String> {
        for index in 0..2 {
            let path = self.folder.join(format!("compile-{index}.log"));
            let log = fs::read_to_string(&path).unwrap_or_default();
            let errors = log.lines().filter(|line| line.starts_with("random_"));
            if let Some(line) =
                errors.clone().find(|line| !line.contains(": function ") || !log.contains(FAULT))
            {
                let count = refused.len();
                return Err(format!(
                    "{count} programs do not compile: {line}, see {}",
                    path.display()
                ));
            }
        }
        Ok(())
    }

    fn run(&self, command: Command, name: &str, limit: Duration) -> Result<Outcome, String> {
        let folder = fs::canonicalize(&self.folder).map_err(|error| error.to_string())?;
        let outcome = execute::run(command, &Input::default(), &folder.join(name), limit)?;
        if name.starts_with("compile") {
            let said = [&outcome.stdout[..], &outcome.stderr[..]].concat();
            let path = folder.join(format!("{name}.log"));
            fs::write(&path, said).map_err(|error| format!("{}: {error}", path.display()))?;
        }
        Ok(outcome)
    }

    fn run_erl(&self) -> Result<Results, String> {
        let mut command = execute::limited(&self.otp.tool("erl"));
        command.current_dir(&self.folder).args([
            "-noshell",
            "-s",
            "random_main",
            "main",
            "-s",
            "init",
            "stop",
        ]);
        let outcome = self.run(command, "erl", LIMIT)?;
        match outcome.end {
            End::Exit(0) => Ok(results(&outcome.stdout)),
            end => Err(format!(
                "erl itself ended with {end:?} in {}\n{}",
                self.folder.display(),
                String::from_utf8_lossy(&outcome.stdout[..outcome.stdout.len().min(2000)])
            )),
        }
    }

    fn run_native(&self, expected: &Results) -> Result<Results, String> {
        let absolute = |path: &Path| {
            fs::canonicalize(path).map_err(|error| format!("{}: {error}", path.display()))
        };
        let mut command = execute::limited(&absolute(&self.beamrc)?);
        command
            .arg("build")
            .arg(&self.folder)
            .args(["--entry", "random_main:main", "-q", "-o"])
            .arg(self.folder.join("executable"))
            .arg("--otp")
            .arg(self.otp.root());
        if std::env::var_os("BEAMRC_CACHE").is_none() {
            command.env("BEAMRC_CACHE", "target/programs/cache");
        }
        let outcome = self.run(command, "build", LIMIT)?;
        if outcome.end != End::Exit(0) {
            let said = String::from_utf8_lossy(&outcome.stderr).into_owned();
            return Err(format!(
                "beamrc build: {:?} in {}\n{said}",
                outcome.end,
                self.folder.display()
            ));
        }
        let executable = absolute(&self.folder.join("executable"))?;
        let outcome = self.run_executable(&executable, None, NATIVE_LIMIT)?;
        let all = results(&outcome.stdout);
        if outcome.end == End::Exit(0) && all.len() == expected.len() {
            return Ok(all);
        }
        let mut each = Results::new();
        let mut done = String::new();
        for key in expected.keys() {
            let test = key.rsplit_once(' ').map_or(key.as_str(), |(test, _)| test);
            if test == done {
                continue;
            }
            done = test.to_string();
            let outcome = self.run_executable(&executable, Some(test), TEST_LIMIT)?;
            each.extend(results(&outcome.stdout));
            if outcome.end != End::Exit(0) {
                let how = format!("{:?} {}", outcome.end, String::from_utf8_lossy(&outcome.stderr));
                let calls = expected.keys().filter(|key| key.starts_with(test));
                for key in calls {
                    each.entry(key.clone()).or_insert_with(|| how.clone());
                }
            }
        }
        Ok(each)
    }

    fn run_executable(
        &self,
        executable: &Path,
        test: Option<&str>,
        limit: Duration,
    ) -> Result<Outcome, String> {
        let mut command = execute::limited(executable);
        command.args(test);
        if self.stress {
            command.env("BEAMRC_GC_STRESS", "1");
        }
        self.run(command, "native", limit)
    }
}

fn has(results: &Results, test: &str) -> bool {
    results.keys().any(|key| key.rsplit_once(' ').is_some_and(|(name, _)| name == test))
}

fn results(output: &[u8]) -> Results {
    String::from_utf8_lossy(output)
        .lines()
        .filter_map(|line| {
            let mut words = line.splitn(3, ' ');
            let key = format!("{} {}", words.next()?, words.next()?);
            Some((key, words.next()?.to_string()))
        })
        .collect()
}

fn module_text(module: &str, tests: &[Test]) -> String {
    let mut text =
        format!("-module({module}).\n-compile([export_all, nowarn_export_all]).\n{PRELUDE}\n");
    let mut entries = Vec::new();
    for test in tests {
        let (functions, entry) = test.text();
        text += &functions;
        entries.push(entry);
    }
    text + &format!("tests() ->\n  [{}].\n", entries.join(",\n   "))
}

fn main_text(modules: &[&String]) -> String {
    let lists: Vec<String> =
        modules.iter().map(|module| format!("{{{module}, fun {module}:tests/0}}")).collect();
    format!(
        "-module(random_main).\n-export([main/0]).\n\nmain() ->\n    run([{}]).\n\n{REPORT}",
        lists.join(", ")
    )
}

/// One test as a program of `tests/programs`.
pub fn program_text(module: &str, reason: &str, test: &Test) -> String {
    let (functions, entry) = test.text();
    format!(
        "%% {reason}\n%% otp: 27+\n-module({module}).\n-compile([export_all, nowarn_export_all]).\n{PRELUDE}\n\
         main() ->\n    run([{{{module}, fun tests/0}}]).\n\n\
         tests() ->\n  [{entry}].\n\n{functions}{REPORT}"
    )
}
