//! Compares whole programs, built by `beamrc build`, with the same programs under the real `erl`.
//!
//! One case is one file of `tests/programs`. What `erl` makes of it is kept in `target/programs` under
//! a key of everything it depends on, so that only the first run pays for it. Programs named in
//! `tests/programs/PENDING` are run too, but must fail.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex};
use std::time::{Duration, Instant};

use beamrc_harness::case::{self, Case};
use beamrc_harness::erlang::{self, Installation};
use beamrc_harness::execute::{End, Outcome};
use beamrc_harness::native;
use beamrc_harness::pending::Pending;
use beamrc_harness::verdict::{self, Verdict};

const HELP: &str = "\
Compares the programs in tests/programs, as native executables, with the real erl.

Usage: tests/run [OPTION]... [NAME]...

NAME selects programs by file stem; without names every program runs.

      --filter TEXT      only programs whose name or first line contains TEXT (repeatable)
      --otp RELEASE      compile with this OTP and compare with it: 25, 27 (default) or 29;
                         taken from BEAMRC_OTP<RELEASE>, .otp/<RELEASE>, or the erl on PATH
      --beamrc FILE      the compiler (default: $BEAMRC, else target/release/beamrc)
      --beamrc-arg ARG   one more argument for `beamrc build` (repeatable)
      --stress           run the executables with BEAMRC_GC_STRESS=1
      --stress-too       run them without it and then with it
      --self-check       run erl on both sides: finds programs that are not deterministic
      --jobs N           so many programs at once (default: the number of processors), and as
                         many more that wait for erl
      --timeout SECONDS  for each run of an executable (default: 60, for a pending program 10;
                         ten times that under stress)
      --list             print the names of the selected programs and stop
      --times            print which programs took longest
      --programs DIR     where the programs are (default: tests/programs)
";

/// For each run of an executable, unless a program or the command line says otherwise.
const USUAL_LIMIT: Duration = Duration::from_secs(60);
/// For erl and the compiler, which do come to an end: a machine with much else to do is no fault of theirs.
const TRUSTED_LIMIT: Duration = Duration::from_secs(300);
/// A pending program often hangs, and is not worth a minute.
const PENDING_LIMIT: Duration = Duration::from_secs(10);

/// What the command line asks for.
struct Options {
    names: Vec<String>,
    filters: Vec<String>,
    release: u32,
    beamrc: PathBuf,
    beamrc_args: Vec<String>,
    stress: Stress,
    self_check: bool,
    jobs: usize,
    timeout: Option<Duration>,
    list: bool,
    times: bool,
    programs: PathBuf,
}

/// Which runs of an executable collect at every safepoint.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stress {
    None,
    All,
    /// The second of two.
    Second,
}

impl Stress {
    /// For each run of this program, whether it is one.
    fn runs(self, case: &Case) -> &'static [bool] {
        match self {
            Stress::All => &[true],
            Stress::Second if !case.skip_stress => &[false, true],
            _ => &[false],
        }
    }
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("tests/run: {message}");
            ExitCode::from(2)
        }
    }
}

/// True when every selected program passed.
fn run() -> Result<bool, String> {
    let Some(options) = parse_arguments()? else {
        print!("{HELP}");
        return Ok(true);
    };
    let mut cases = case::read_all(&options.programs)?;
    let known = cases.len();
    cases.retain(|case| selected(case, &options));
    if cases.is_empty() {
        return Err(format!(
            "none of the {known} programs in {} is selected",
            options.programs.display()
        ));
    }
    if options.list {
        cases.iter().for_each(|case| println!("{:<28} {}", case.name, case.reason));
        return Ok(true);
    }
    let pending = Pending::read(&options.programs)?;
    let otp = Installation::find(options.release)?;
    if !options.self_check && !options.beamrc.is_file() {
        return Err(format!(
            "no compiler at {}: build it (cargo build --release -p beamrc) or name it with --beamrc",
            options.beamrc.display()
        ));
    }
    let applicable = cases.iter().filter(|case| case.runs_on(options.release)).count();
    if applicable < cases.len() {
        println!("{} programs need another OTP than {}", cases.len() - applicable, options.release);
    }
    cases.retain(|case| case.runs_on(options.release));
    Ok(compare_all(&cases, &pending, &otp, &options))
}

fn selected(case: &Case, options: &Options) -> bool {
    let named = options.names.is_empty() || options.names.contains(&case.name);
    let skipped = options.stress == Stress::All && case.skip_stress;
    named
        && !skipped
        && options.filters.iter().all(|text| case.name.contains(text) || case.reason.contains(text))
}

/// What the runs came to.
#[derive(Default)]
struct Tally<'a> {
    passed: usize,
    failed: Vec<&'a str>,
    pending: usize,
    /// How long each program took, with everything that belongs to it.
    seconds: Vec<(f64, &'a str)>,
}

/// A second thread for each job: erl before OTP 28 takes a second to stop, and most of it is waiting.
const THREADS_PER_JOB: usize = 2;

/// How many more programs may be compiled and run natively at the same time.
struct Permits {
    free: Mutex<usize>,
    given_back: Condvar,
}

impl Permits {
    fn new(count: usize) -> Permits {
        Permits { free: Mutex::new(count), given_back: Condvar::new() }
    }

    /// What `work` gives, once there is a permit for it.
    fn hold<T>(&self, work: impl FnOnce() -> T) -> T {
        const WHOLE: &str = "no thread panics while it counts permits";
        let free = self.free.lock().expect(WHOLE);
        *self.given_back.wait_while(free, |free| *free == 0).expect(WHOLE) -= 1;
        let result = work();
        *self.free.lock().expect(WHOLE) += 1;
        self.given_back.notify_one();
        result
    }
}

/// Works through the cases with several threads; prints each failure whole and a closing line.
fn compare_all(cases: &[Case], pending: &Pending, otp: &Installation, options: &Options) -> bool {
    let started = Instant::now();
    let programs: Vec<_> = cases.iter().map(|case| (case, folder(case, otp))).collect();
    let scratch = results(otp).join(format!("erlc-{}", std::process::id()));
    erlang::compile_together(&programs, otp, &scratch, options.jobs);
    let next = AtomicUsize::new(0);
    let tally = Mutex::new(Tally::default());
    let permits = Permits::new(options.jobs);
    std::thread::scope(|scope| {
        for _ in 0..(options.jobs * THREADS_PER_JOB).min(cases.len()) {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let began = Instant::now();
                    let verdicts = compare(case, pending, otp, options, &permits);
                    let mut tally =
                        tally.lock().expect("no thread panics while it holds the tally");
                    match verdicts {
                        Ok(verdicts) => {
                            for (stress, verdict) in verdicts {
                                let reason = reason(case, stress, pending, options);
                                count(case, stress, reason, &verdict, &mut tally);
                            }
                        }
                        Err(text) => count(case, false, None, &Verdict::Trouble(text), &mut tally),
                    }
                    tally.seconds.push((began.elapsed().as_secs_f64(), &case.name));
                }
            });
        }
    });
    let mut tally = tally.into_inner().expect("every thread has ended");
    tally.failed.sort_unstable();
    if !tally.failed.is_empty() {
        println!("failed: {}", tally.failed.join(" "));
    }
    if options.times {
        print_slowest(&mut tally.seconds);
    }
    println!(
        "OTP {}, {:.1} s, {} pending",
        otp.version,
        started.elapsed().as_secs_f64(),
        tally.pending
    );
    println!("{} passed, {} failed", tally.passed, tally.failed.len());
    tally.failed.is_empty()
}

/// So many are worth a look when a run takes too long.
const SLOWEST: usize = 20;

fn print_slowest(seconds: &mut [(f64, &str)]) {
    seconds.sort_by(|one, other| other.0.total_cmp(&one.0));
    for (seconds, name) in seconds.iter().take(SLOWEST) {
        println!("{seconds:7.1} s  {name}");
    }
}

/// Why the program is pending in such a run, if it is.
fn reason<'a>(
    case: &Case,
    stress: bool,
    pending: &'a Pending,
    options: &Options,
) -> Option<&'a str> {
    match options.self_check {
        true => None,
        false => pending.reason(&case.name, options.release, stress),
    }
}

/// Prints what is to be said of one run of a program, and counts it.
fn count<'a>(
    case: &'a Case,
    stress: bool,
    reason: Option<&str>,
    verdict: &Verdict,
    tally: &mut Tally<'a>,
) {
    let fault = match (reason, verdict, verdict.describe()) {
        (None, _, None) => {
            tally.passed += 1;
            return;
        }
        (Some(reason), Verdict::NotBuilt(_) | Verdict::Different(_), _) => {
            println!("pending {}: {reason}", case.name);
            tally.pending += 1;
            return;
        }
        (_, _, Some(text)) => text,
        (Some(_), _, None) => "    passes: remove it from PENDING".to_string(),
    };
    let how = if stress { " under stress" } else { "" };
    println!("FAIL {}{how} ({})\n{fault}", case.name, case.path.display());
    tally.failed.push(&case.name);
}

/// Where what a release makes of the programs is kept.
fn results(otp: &Installation) -> PathBuf {
    Path::new("target/programs").join(otp.key())
}

fn folder(case: &Case, otp: &Installation) -> PathBuf {
    results(otp).join(case.key(&otp.version))
}

/// Runs one case on both sides: the verdict on each run, and whether that was under stress. An error
/// is trouble with the case itself, not a difference.
fn compare(
    case: &Case,
    pending: &Pending,
    otp: &Installation,
    options: &Options,
    permits: &Permits,
) -> Result<Vec<(bool, Verdict)>, String> {
    let limit = case.timeout.max(USUAL_LIMIT);
    let folder = folder(case, otp);
    let expected = erlang::expected(case, otp, &folder, limit.max(TRUSTED_LIMIT))?;
    if expected.end != End::Exit(case.exit) {
        let printed = String::from_utf8_lossy(&expected.stdout).into_owned();
        return Err(format!(
            "erl ended with {:?}, the program says exit: {}\n{printed}",
            expected.end, case.exit
        ));
    }
    if options.self_check {
        let actual = erlang::run(case, otp, &folder, limit)?;
        return Ok(vec![(false, verdict::judge(case, expected, actual))]);
    }
    let limit_of = |stress: bool| {
        let limit = match (options.timeout, reason(case, stress, pending, options)) {
            (Some(limit), _) => limit,
            (None, Some(_)) => PENDING_LIMIT,
            (None, None) => limit,
        };
        limit * if stress { 10 } else { 1 }
    };
    match permits.hold(|| natively(case, &folder, otp, options, limit_of))? {
        Ok(outcomes) => {
            let judge =
                |(stress, outcome)| (stress, verdict::judge(case, expected.clone(), outcome));
            Ok(outcomes.into_iter().map(judge).collect())
        }
        Err(text) => {
            let runs = options.stress.runs(case).iter();
            Ok(runs.map(|stress| (*stress, Verdict::NotBuilt(text.clone()))).collect())
        }
    }
}

/// Builds the program and runs it: what it did in each run, or what the compiler said.
fn natively(
    case: &Case,
    folder: &Path,
    otp: &Installation,
    options: &Options,
    limit_of: impl Fn(bool) -> Duration,
) -> Result<Result<Vec<(bool, Outcome)>, String>, String> {
    let builder = native::Builder { beamrc: &options.beamrc, arguments: &options.beamrc_args, otp };
    let executable = match builder.build(case, folder, TRUSTED_LIMIT)? {
        Ok(executable) => executable,
        Err(text) => return Ok(Err(text)),
    };
    let run = |stress: &bool| {
        let outcome = native::run(case, &executable, *stress, limit_of(*stress))?;
        Ok((*stress, outcome))
    };
    let outcomes = options.stress.runs(case).iter().map(run).collect();
    // The executables of hundreds of programs are not worth their space.
    let _ = std::fs::remove_file(&executable);
    Result::map(outcomes, Ok)
}

/// Nothing when help was asked for.
fn parse_arguments() -> Result<Option<Options>, String> {
    use lexopt::prelude::*;
    let mut options = Options {
        names: Vec::new(),
        filters: Vec::new(),
        release: 27,
        beamrc: std::env::var_os("BEAMRC")
            .map_or_else(|| PathBuf::from("target/release/beamrc"), PathBuf::from),
        beamrc_args: Vec::new(),
        stress: Stress::None,
        self_check: false,
        jobs: std::thread::available_parallelism().map_or(2, usize::from),
        timeout: None,
        list: false,
        times: false,
        programs: Path::new("tests/programs").to_path_buf(),
    };
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next().map_err(wrong)? {
        match argument {
            Long("filter") => options.filters.push(text(&mut parser)?),
            Long("otp") => options.release = number(&mut parser)?,
            Long("beamrc") => options.beamrc = PathBuf::from(text(&mut parser)?),
            Long("beamrc-arg") => options.beamrc_args.push(text(&mut parser)?),
            Long("stress") => options.stress = Stress::All,
            Long("stress-too") => options.stress = Stress::Second,
            Long("self-check") => options.self_check = true,
            Long("jobs") => options.jobs = number(&mut parser)?.max(1) as usize,
            Long("timeout") => {
                options.timeout = Some(Duration::from_secs(number(&mut parser)?.into()))
            }
            Long("list") => options.list = true,
            Long("times") => options.times = true,
            Long("programs") => options.programs = PathBuf::from(text(&mut parser)?),
            Long("help") | Short('h') => return Ok(None),
            Value(name) => options.names.push(name.string().map_err(wrong)?),
            other => return Err(wrong(other.unexpected())),
        }
    }
    Ok(Some(options))
}

fn text(parser: &mut lexopt::Parser) -> Result<String, String> {
    parser.value().and_then(|value| value.into_string().map_err(lexopt::Error::from)).map_err(wrong)
}

fn number(parser: &mut lexopt::Parser) -> Result<u32, String> {
    let text = text(parser)?;
    text.parse().map_err(|_| format!("{text} is not a number"))
}

fn wrong(error: lexopt::Error) -> String {
    format!("{error}; see --help")
}
