//! `random --seed N --count K`: random small programs, natively and under the real `erl`.
//!
//! A program is a test function with what it calls, made from its own seed. What differs is made
//! smaller while it still does, and kept as a program of `tests/programs`.

mod batch;
mod forms;
mod grammar;
mod node;
mod test;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use batch::{Difference, Runner};
use beamrc_harness::erlang::Installation;
use test::Test;

const HELP: &str = "\
Compares random programs, as native executables, with the real erl.

Usage: random [OPTION]...

      --seed N        the first program's seed (default: 1); each one behind it has the next
      --count K       how many programs (default: 200)
      --otp RELEASE   compile with this OTP and compare with it (default: 27)
      --beamrc FILE   the compiler (default: $BEAMRC, else target/release/beamrc)
      --stress        run the executables with BEAMRC_GC_STRESS=1
      --keep DIR      where programs that differ are kept (default: tests/programs)
      --show SEED     print one program and stop
";

struct Options {
    seed: u64,
    count: usize,
    release: u32,
    beamrc: PathBuf,
    stress: bool,
    keep: PathBuf,
    show: Option<u64>,
}

/// Programs in one executable.
const BATCH: usize = 400;
/// Versions of a program that are tried at once when it is made smaller.
const VERSIONS: usize = 120;
/// Differences that are made smaller; more have mostly the same cause.
const SHRUNK: usize = 3;
/// For making one program smaller.
const SHRINK_TIME: Duration = Duration::from_secs(120);

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("random: {message}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<bool, String> {
    let Some(options) = parse_arguments()? else {
        print!("{HELP}");
        return Ok(true);
    };
    if let Some(seed) = options.show {
        let test = program(seed, options.release);
        print!("{}", batch::program_text("random_shown", "Shown.", &test));
        return Ok(true);
    }
    let runner = Runner {
        otp: Installation::find(options.release)?,
        beamrc: options.beamrc.clone(),
        folder: PathBuf::from(format!("target/random/{}", options.seed)),
        stress: options.stress,
    };
    let started = Instant::now();
    let mut found = 0;
    let mut not_compiled = 0;
    for first in (0..options.count).step_by(BATCH) {
        let seeds = first..options.count.min(first + BATCH);
        let tests: Vec<Test> =
            seeds.map(|offset| program(options.seed + offset as u64, options.release)).collect();
        let (mut differences, missing) = runner.differences(&tests, None)?;
        if !missing.is_empty() {
            // The others of a module that does not compile are tried one by one.
            let alone: Vec<Test> = missing.iter().map(|&at| tests[at].clone()).collect();
            let (more, refused) = runner.differences(&alone, Some(1))?;
            differences.extend(
                more.into_iter()
                    .map(|difference| Difference { test: missing[difference.test], ..difference }),
            );
            runner.expect_compiler_faults(&refused)?;
            not_compiled += refused.len();
        }
        let mut last = None;
        for difference in differences {
            if last.replace(difference.test) == Some(difference.test) {
                continue;
            }
            found += 1;
            report(&options, &runner, &tests[difference.test], &difference, found <= SHRUNK)?;
        }
    }
    if not_compiled > 0 {
        println!("{not_compiled} programs are refused by OTP's compiler for faults of its own");
    }
    println!(
        "{} random programs from seed {} under OTP {}, {:.1} s, {found} differ",
        options.count,
        options.seed,
        runner.otp.version,
        started.elapsed().as_secs_f64()
    );
    Ok(found == 0)
}

fn program(seed: u64, release: u32) -> Test {
    Test::random(seed, &format!("f{seed}"), release)
}

fn report(
    options: &Options,
    runner: &Runner,
    test: &Test,
    difference: &Difference,
    shrinks: bool,
) -> Result<(), String> {
    println!("DIFFERENT {} call {}", test.name, difference.call);
    println!("  erl:    {}\n  beamrc: {}", difference.expected, difference.actual);
    if !shrinks {
        return Ok(());
    }
    let mut smallest = test.clone();
    smallest.calls = vec![test.calls[difference.call].clone()];
    let runner = Runner {
        otp: Installation::find(options.release)?,
        beamrc: runner.beamrc.clone(),
        folder: runner.folder.join("smaller"),
        stress: runner.stress,
    };
    let smallest = shrink(&runner, smallest)?;
    let module = format!("random_{}", test.name);
    let path = options.keep.join(format!("{module}.erl"));
    let reason = format!("Found among random programs by --seed {}.", &test.name[1..]);
    std::fs::write(&path, batch::program_text(&module, &reason, &smallest))
        .map_err(|error| format!("{}: {error}", path.display()))?;
    println!("  kept as {}\n{}", path.display(), smallest.text().0);
    Ok(())
}

/// The smallest version found in time that still differs.
fn shrink(runner: &Runner, mut smallest: Test) -> Result<Test, String> {
    let end = Instant::now() + SHRINK_TIME;
    while Instant::now() < end {
        let mut versions = smallest.smaller();
        versions.retain(|version| version.size() < smallest.size());
        versions.sort_by_key(Test::size);
        // From all sizes, for the smallest hardly ever differ still.
        let step = versions.len().div_ceil(VERSIONS).max(1);
        let versions: Vec<Test> = versions.into_iter().step_by(step).collect();
        if versions.is_empty() {
            break;
        }
        let (differences, _) = runner.differences(&versions, Some(1))?;
        match differences.first() {
            Some(found) => smallest = versions[found.test].clone(),
            None => break,
        }
    }
    Ok(smallest)
}

/// Nothing when help was asked for.
fn parse_arguments() -> Result<Option<Options>, String> {
    use lexopt::prelude::*;
    let mut options = Options {
        seed: 1,
        count: 200,
        release: 27,
        beamrc: std::env::var_os("BEAMRC")
            .map_or_else(|| PathBuf::from("target/release/beamrc"), PathBuf::from),
        stress: false,
        keep: Path::new("tests/programs").to_path_buf(),
        show: None,
    };
    let wrong = |error: lexopt::Error| format!("{error}; see --help");
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next().map_err(wrong)? {
        match argument {
            Long("stress") => options.stress = true,
            Long("help") | Short('h') => return Ok(None),
            Long("seed") => options.seed = parser.value().and_then(|v| v.parse()).map_err(wrong)?,
            Long("count") => {
                options.count = parser.value().and_then(|v| v.parse()).map_err(wrong)?
            }
            Long("otp") => {
                options.release = parser.value().and_then(|v| v.parse()).map_err(wrong)?
            }
            Long("show") => {
                options.show = Some(parser.value().and_then(|v| v.parse()).map_err(wrong)?)
            }
            Long("beamrc") => options.beamrc = parser.value().map_err(wrong)?.into(),
            Long("keep") => options.keep = parser.value().map_err(wrong)?.into(),
            other => return Err(wrong(other.unexpected())),
        }
    }
    Ok(Some(options))
}
