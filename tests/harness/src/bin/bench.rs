//! `bench`: the programs of `bench/programs` as native executables and under two releases of Erlang/OTP.
//!
//! The three take turns within every round, so that what else the machine does hits them alike. A program
//! prints the microseconds it took and a checksum of its result; all three must agree on the checksum. Of
//! some, memory is measured instead. Each suite is a folder of programs.

use beamrc_harness::erlang::Installation;
use std::fmt::Write as _;
use std::fs;
use std::io::BufRead as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

const HELP: &str = "\
Compares the programs in bench/programs with Erlang/OTP, side by side.

Usage: bench/run [OPTION]... [NAME]...        programs of one process
       bench/processes [OPTION]... [NAME]...  programs of many
       bench/library [OPTION]... [NAME]...    programs that use OTP's library

      --rounds N       runs of each program on each side (default: 5; the median counts)
      --beamrc FILE    the compiler (default: $BEAMRC, else target/release/beamrc)
      --otp RELEASE    compare with this release, .otp/RELEASE (repeatable; default: 27 and 29);
                       the executables are made from the beams of the first one
      --no-beamrc      only the releases of OTP, compared with the first one
      --scale PERCENT  so much of each program's own number of rounds (default: 100)
      --write          write the table to bench/RESULTS.md (bench/RESULTS_processes.md) as well
      --suite NAME     the programs in bench/programs/NAME, as bench/processes has it
      --alone          run everything at a real-time priority (by chrt, as root), so that what else the
                       machine does takes nothing from it
";

const PROGRAMS: &str = "bench/programs";
const WORK: &str = "target/bench";
/// Between the output of a program whose memory counts and the look at it.
const WHILE: Duration = Duration::from_millis(300);
const PAGE_BYTES: u64 = 4096;

struct Options {
    /// None for the programs that stand in the folder itself.
    suite: Option<String>,
    names: Vec<String>,
    rounds: usize,
    beamrc: Option<PathBuf>,
    releases: Vec<u32>,
    scale_percent: u64,
    write: bool,
    alone: bool,
}

/// What the source of a program says about it.
struct Program {
    name: String,
    /// The number of rounds that it has by default.
    rounds: u64,
    unit: Unit,
    /// `%% bench: most N`: the first side is to stay below that.
    most: Option<u64>,
    /// `%% bench: schedulers N...`: it is run with so many, one row for each number.
    schedulers: Vec<Option<u32>>,
}

/// What is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    /// How long it takes.
    Time,
    /// `%% bench: unit bytes`: memory for each round while it sleeps at the end.
    Bytes,
    /// `%% bench: unit us`: a delay, which the program measures itself.
    Delay,
}

/// One way to run a program.
struct Side {
    title: String,
    /// The command before the program's arguments, for a program of that name and so many schedulers.
    command: Box<dyn Fn(&str, Option<u32>) -> Command>,
}

/// One program's medians, in microseconds or bytes, in the order of the sides; none where a side
/// failed.
struct Row {
    name: String,
    unit: Unit,
    /// The program, and how many schedulers it had.
    program: String,
    schedulers: Option<u32>,
    most: Option<u64>,
    medians: Vec<Option<u64>>,
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("bench/run: {message}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<bool, String> {
    let Some(options) = parse_arguments()? else {
        print!("{HELP}");
        return Ok(true);
    };
    let programs = programs(&options)?;
    let releases = options
        .releases
        .iter()
        .map(|release| Installation::find(*release))
        .collect::<Result<Vec<_>, _>>()?;
    for otp in &releases {
        compile(&options, otp)?;
    }
    let sides = sides(&options, &releases);
    if options.alone {
        succeed(Command::new(ALONE[0]).args(&ALONE[1..]).arg("true"))
            .map_err(|error| format!("--alone: {error}"))?;
    }
    let mut rows = Vec::new();
    let mut complete = true;
    println!("{}", heading(&sides));
    for program in &programs {
        if let Some(beamrc) = &options.beamrc
            && let Err(message) = build(beamrc, &options, &releases[0], &program.name)
        {
            println!("{}: not built\n{message}", program.name);
            complete = false;
        }
        for schedulers in &program.schedulers {
            match measure(program, *schedulers, &sides, &options) {
                Ok(row) => {
                    complete &= row.medians.iter().all(Option::is_some);
                    println!("{}", row.line());
                    if options.beamrc.is_some() && row.is_too_much() {
                        println!("{}: more than it is to be", row.name);
                        complete = false;
                    }
                    rows.push(row);
                }
                Err(message) => {
                    println!("{}: {message}", program.name);
                    complete = false;
                }
            }
        }
    }
    let summary = summary(&sides, &rows);
    println!("\n{summary}");
    if options.write {
        write_results(&sides, &rows, &summary, &options)?;
    }
    Ok(complete)
}

impl Options {
    /// Where the suite's programs are.
    fn sources(&self) -> PathBuf {
        self.suite
            .as_ref()
            .map_or_else(|| PathBuf::from(PROGRAMS), |it| Path::new(PROGRAMS).join(it))
    }
    /// Where they are compiled to.
    fn beams(&self, otp: &Installation) -> PathBuf {
        let name = self.suite.as_deref().unwrap_or("single");
        Path::new(WORK).join(otp.key()).join(name)
    }
    fn results(&self) -> String {
        self.suite
            .as_ref()
            .map_or_else(|| "bench/RESULTS.md".into(), |it| format!("bench/RESULTS_{it}.md"))
    }
}

/// Erlang sources in a folder, in the order of their names.
fn sources(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder)
        .map_err(|error| format!("{}: {error} (run from the project's root)", folder.display()))?;
    let mut sources: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|it| it == "erl"))
        .collect();
    sources.sort();
    Ok(sources)
}

/// The programs that are asked for, all of them by default.
fn programs(options: &Options) -> Result<Vec<Program>, String> {
    let folder = options.sources();
    let programs = sources(&folder)?
        .iter()
        .filter_map(|path| Some((path.file_stem()?.to_str()?, path)))
        .filter(|(name, _)| {
            *name != "bench"
                && (options.names.is_empty() || options.names.iter().any(|it| it == name))
        })
        .map(|(name, path)| Program::read(name, path))
        .collect::<Result<Vec<_>, _>>()?;
    if programs.is_empty() {
        return Err(format!("no program in {} has such a name", folder.display()));
    }
    Ok(programs)
}

impl Program {
    fn read(name: &str, path: &Path) -> Result<Program, String> {
        let wrong = |what: &str| format!("{}: {what}", path.display());
        let source = fs::read_to_string(path).map_err(|error| wrong(&error.to_string()))?;
        // The default stands in the source as the last argument of `bench:run` or `bench:measure`.
        let rounds = source
            .split_once("(fun ?MODULE:run/1, ")
            .and_then(|(_, rest)| rest.split_once(')'))
            .and_then(|(number, _)| number.parse().ok())
            .ok_or_else(|| wrong("no bench:run(fun ?MODULE:run/1, NUMBER)"))?;
        let mut program = Program {
            name: name.into(),
            rounds,
            unit: Unit::Time,
            most: None,
            schedulers: vec![None],
        };
        for line in source.lines().filter_map(|it| it.strip_prefix("%% bench: ")) {
            match line.split_once(' ') {
                Some(("unit", "bytes")) => program.unit = Unit::Bytes,
                Some(("unit", "us")) => program.unit = Unit::Delay,
                Some(("most", most)) => {
                    program.most = Some(most.parse().map_err(|_| wrong(line))?);
                }
                Some(("schedulers", numbers)) => {
                    program.schedulers = numbers
                        .split(' ')
                        .map(|it| it.parse().map(Some).map_err(|_| wrong(line)))
                        .collect::<Result<_, _>>()?;
                }
                _ => return Err(wrong(line)),
            }
        }
        Ok(program)
    }
}

/// What a command is given to for `--alone`.
const ALONE: [&str; 3] = ["chrt", "--fifo", "10"];

fn sides(options: &Options, releases: &[Installation]) -> Vec<Side> {
    let mut sides = Vec::new();
    let is_alone = options.alone;
    let alone = move |program: PathBuf| {
        if !is_alone {
            return Command::new(program);
        }
        let mut command = Command::new(ALONE[0]);
        command.args(&ALONE[1..]).arg(program);
        command
    };
    if options.beamrc.is_some() {
        sides.push(Side {
            title: "beamrc".into(),
            command: Box::new(move |name, schedulers| {
                let mut command = alone(Path::new(WORK).join("bin").join(name));
                if let Some(schedulers) = schedulers {
                    command.env("BEAMRC_SCHEDULERS", schedulers.to_string());
                }
                command
            }),
        });
    }
    for otp in releases {
        let erl = otp.tool("erl");
        let beams = options.beams(otp);
        sides.push(Side {
            title: format!("OTP {}", otp.version),
            command: Box::new(move |name, schedulers| {
                let mut command = alone(erl.clone());
                if let Some(schedulers) = schedulers {
                    command.args(["+S", &schedulers.to_string()]);
                }
                command.args(["-noshell", "-pa"]).arg(&beams);
                command.args(["-s", name, "main", "-s", "init", "stop", "-extra"]);
                command
            }),
        });
    }
    sides
}

/// All programs of the suite with that release's own compiler.
fn compile(options: &Options, otp: &Installation) -> Result<(), String> {
    let folder = options.beams(otp);
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut command = Command::new(otp.tool("erlc"));
    command.args(["+debug_info", "-o"]).arg(&folder);
    command.args(sources(&options.sources())?);
    if options.suite.is_some() {
        command.arg(Path::new(PROGRAMS).join("bench.erl"));
    }
    succeed(&mut command).map(|_| ())
}

fn build(beamrc: &Path, options: &Options, otp: &Installation, name: &str) -> Result<(), String> {
    let folder = options.beams(otp);
    let executable = Path::new(WORK).join("bin").join(name);
    fs::create_dir_all(Path::new(WORK).join("bin")).map_err(|error| error.to_string())?;
    let _ = fs::remove_file(&executable);
    let mut command = Command::new(beamrc);
    command.args(["build", "-q", "--otp"]).arg(otp.root()).arg("-o").arg(&executable);
    command.args(["--entry", name, "--keep", name]);
    if options.suite.is_some() {
        // Programs of a suite may use each other.
        command.arg(folder);
    } else {
        command.args([folder.join(format!("{name}.beam")), folder.join("bench.beam")]);
    }
    succeed(&mut command).map(|_| ())
}

/// The output of a command that must succeed.
fn succeed(command: &mut Command) -> Result<String, String> {
    let output =
        command.stdin(Stdio::null()).output().map_err(|error| format!("{command:?}: {error}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        return Ok(text(&output.stdout));
    }
    Err(format!("{command:?}: {}\n{}{}", output.status, text(&output.stdout), text(&output.stderr)))
}

/// Lets the sides take turns.
fn measure(
    program: &Program,
    schedulers: Option<u32>,
    sides: &[Side],
    options: &Options,
) -> Result<Row, String> {
    let mut values = vec![Vec::new(); sides.len()];
    let mut checksum = None;
    let rounds = (program.rounds * options.scale_percent / 100).max(1);
    for _ in 0..options.rounds {
        for (side, values) in sides.iter().zip(&mut values) {
            let mut command = (side.command)(&program.name, schedulers);
            let run = if program.unit == Unit::Bytes {
                bytes_each(&mut || (side.command)(&program.name, schedulers), rounds)
            } else {
                succeed(command.arg(rounds.to_string()))
                    .and_then(|output| parse_output(&output).ok_or(output))
            };
            let Ok((value, sum)) =
                run.inspect_err(|message| eprintln!("{}: {message}", side.title))
            else {
                continue;
            };
            if *checksum.get_or_insert(sum) != sum {
                return Err(format!("{}: another result than the other sides'", side.title));
            }
            values.push(value);
        }
    }
    let median = |values: &mut Vec<u64>| {
        values.sort_unstable();
        (values.len() == options.rounds).then(|| values[values.len() / 2])
    };
    Ok(Row {
        name: schedulers
            .map_or_else(|| program.name.clone(), |count| format!("{} on {count}", program.name)),
        unit: program.unit,
        program: program.name.clone(),
        schedulers,
        most: program.most,
        medians: values.iter_mut().map(median).collect(),
    })
}

/// Resident memory for each round, and the checksum of the run.
fn bytes_each(command: &mut dyn FnMut() -> Command, rounds: u64) -> Result<(u64, u64), String> {
    let (without, _) = resident_bytes(command().arg("0"))?;
    let (bytes, checksum) = resident_bytes(command().arg(rounds.to_string()))?;
    Ok((bytes.saturating_sub(without) / rounds, checksum))
}

/// Resident memory of a program a while after it has printed its result, and the checksum.
fn resident_bytes(command: &mut Command) -> Result<(u64, u64), String> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{command:?}: {error}"))?;
    let mut output = String::new();
    let stdout = child.stdout.take().expect("it is piped");
    let read = std::io::BufReader::new(stdout).read_line(&mut output);
    std::thread::sleep(WHILE);
    let figures = fs::read_to_string(format!("/proc/{}/statm", child.id()));
    let status = child.wait().map_err(|error| error.to_string())?;
    let pages = figures.ok().and_then(|text| text.split(' ').nth(1)?.parse::<u64>().ok());
    match (read, parse_output(&output), pages) {
        (Ok(_), Some((_, checksum)), Some(pages @ 1..)) if status.success() => {
            Ok((pages * PAGE_BYTES, checksum))
        }
        _ => Err(format!("{command:?}: {status}\n{output}")),
    }
}

fn parse_output(output: &str) -> Option<(u64, u64)> {
    let (value, checksum) = output.trim().split_once(' ')?;
    Some((value.parse().ok()?, checksum.parse().ok()?))
}

impl Row {
    /// How many times as fast, or small, the first side is as the given one.
    fn ratio(&self, side: usize) -> Option<f64> {
        Some(self.medians[side]? as f64 / self.medians[0]?.max(1) as f64)
    }

    fn is_too_much(&self) -> bool {
        self.most.is_some_and(|most| self.medians[0].is_some_and(|median| median > most))
    }

    fn line(&self) -> String {
        let mut line = format!("| {:<17}", self.name);
        for median in &self.medians {
            match (median, self.unit) {
                (Some(us), Unit::Time) => write!(line, "| {:>15.1} ", *us as f64 / 1e3),
                (Some(us), Unit::Delay) => {
                    write!(line, "| {:>15} ", format!("{:.1} late", *us as f64 / 1e3))
                }
                (Some(bytes), Unit::Bytes) => write!(line, "| {:>15} ", format!("{bytes} bytes")),
                (None, _) => write!(line, "| {:>15} ", "failed"),
            }
            .expect("a string takes all");
        }
        for side in 1..self.medians.len() {
            match self.ratio(side) {
                Some(ratio) => write!(line, "| {ratio:>15.2} "),
                None => write!(line, "| {:>15} ", "-"),
            }
            .expect("a string takes all");
        }
        line + "|"
    }
}

fn heading(sides: &[Side]) -> String {
    let mut line = format!("| {:<17}", "program");
    let mut rule = format!("|{:-<18}", "");
    for side in sides {
        line += &format!("| {:>15} ", format!("{} ms", side.title));
        rule += "|----------------:";
    }
    for side in &sides[1..] {
        line += &format!("| {:>15} ", format!("/ {}", side.title));
        rule += "|----------------:";
    }
    format!("{line}|\n{rule}|")
}

/// How many times as fast a program is on more schedulers, on each side.
fn speed_ups(sides: &[Side], rows: &[Row]) -> String {
    let mut text = String::new();
    for pair in rows.windows(2) {
        let [few, many] = pair else { continue };
        let (Some(from), Some(to)) = (few.schedulers, many.schedulers) else { continue };
        if few.program != many.program || few.unit != Unit::Time {
            continue;
        }
        let times: Vec<String> = sides
            .iter()
            .zip(few.medians.iter().zip(&many.medians))
            .filter_map(|(side, (few, many))| {
                Some(format!("{} {:.2}", side.title, (*few)? as f64 / (*many)? as f64))
            })
            .collect();
        writeln!(
            text,
            "{} on {to} schedulers, times as fast as on {from}: {}",
            few.program,
            times.join(", ")
        )
        .expect("a string takes all");
    }
    text
}

/// The geometric mean and the worst ratio against every other side.
fn summary(sides: &[Side], rows: &[Row]) -> String {
    let mut text = speed_ups(sides, rows);
    for (index, side) in sides.iter().enumerate().skip(1) {
        let ratios: Vec<(f64, &str)> =
            rows.iter().filter_map(|row| Some((row.ratio(index)?, row.name.as_str()))).collect();
        let Some((worst, name)) = ratios.iter().copied().min_by(|a, b| a.0.total_cmp(&b.0)) else {
            continue;
        };
        let mean =
            (ratios.iter().map(|(ratio, _)| ratio.ln()).sum::<f64>() / ratios.len() as f64).exp();
        let below = ratios.iter().filter(|(ratio, _)| *ratio < 1.0).count();
        writeln!(
            text,
            "{} against {}: geometric mean {mean:.2} over {} programs, worst {worst:.2} ({name}), {below} below 1.0",
            sides[0].title,
            side.title,
            ratios.len()
        )
        .expect("a string takes all");
    }
    text
}

fn write_results(
    sides: &[Side],
    rows: &[Row],
    summary: &str,
    options: &Options,
) -> Result<(), String> {
    let title = options.suite.as_deref().unwrap_or("programs of one process");
    let mut text = format!("# Benchmarks: {title}\n\n");
    let command: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with('/')).collect();
    text += &format!("Machine: {}. Command: `bench/run {}`.\n", machine(), command.join(" "));
    text += &format!(
        "Median of {} interleaved runs{}; a ratio above 1 means that the first side is faster.\n\n",
        options.rounds,
        if options.alone { " at a real-time priority" } else { "" }
    );
    text += &heading(sides);
    text.push('\n');
    rows.iter().for_each(|row| text += &(row.line() + "\n"));
    text += &format!("\n{}", summary.lines().map(|line| format!("- {line}\n")).collect::<String>());
    let results = options.results();
    fs::write(&results, text).map_err(|error| format!("{results}: {error}"))
}

fn machine() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let models: Vec<&str> = info
        .lines()
        .filter(|line| line.starts_with("model name"))
        .filter_map(|line| line.split(": ").nth(1))
        .collect();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!(
        "{} × {}, Linux {}",
        models.len(),
        models.first().unwrap_or(&"unknown processor"),
        kernel.trim()
    )
}

/// Nothing when help was asked for.
fn parse_arguments() -> Result<Option<Options>, String> {
    use lexopt::prelude::*;
    let beamrc = std::env::var_os("BEAMRC")
        .map_or_else(|| PathBuf::from("target/release/beamrc"), PathBuf::from);
    let mut options = Options {
        suite: None,
        names: Vec::new(),
        rounds: 5,
        beamrc: Some(beamrc),
        releases: Vec::new(),
        scale_percent: 100,
        write: false,
        alone: false,
    };
    let mut parser = lexopt::Parser::from_env();
    let wrong = |error: lexopt::Error| format!("{error}; see --help");
    while let Some(argument) = parser.next().map_err(wrong)? {
        match argument {
            Long("rounds") => {
                options.rounds = parser.value().and_then(|it| it.parse()).map_err(wrong)?
            }
            Long("beamrc") => options.beamrc = Some(parser.value().map_err(wrong)?.into()),
            Long("otp") => {
                options.releases.push(parser.value().and_then(|it| it.parse()).map_err(wrong)?)
            }
            Long("scale") => {
                options.scale_percent = parser.value().and_then(|it| it.parse()).map_err(wrong)?
            }
            Long("no-beamrc") => options.beamrc = None,
            Long("write") => options.write = true,
            Long("alone") => options.alone = true,
            Long("suite") => {
                options.suite = Some(parser.value().and_then(|it| it.parse()).map_err(wrong)?);
            }
            Long("help") | Short('h') => return Ok(None),
            Value(name) => options.names.push(name.parse().map_err(wrong)?),
            other => return Err(wrong(other.unexpected())),
        }
    }
    if options.releases.is_empty() {
        options.releases = vec![27, 29];
    }
    match &options.beamrc {
        Some(beamrc) if !beamrc.is_file() => {
            Err(format!("no compiler at {}: run make", beamrc.display()))
        }
        _ if options.rounds == 0 => Err("--rounds must be at least 1".into()),
        _ => Ok(Some(options)),
    }
}
