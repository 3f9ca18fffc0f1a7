//! `bench`: the programs of `bench/programs` as native executables and under two releases of Erlang/OTP.
//!
//! The three take turns within every round, so that what else the machine does hits them alike. A program
//! prints the microseconds it took and a checksum of its result; all three must agree on the checksum.

use beamrc_harness::erlang::Installation;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

const HELP: &str = "\
Compares the programs in bench/programs with Erlang/OTP, side by side.

Usage: bench/run [OPTION]... [NAME]...

      --rounds N       runs of each program on each side (default: 5; the median counts)
      --beamrc FILE    the compiler (default: $BEAMRC, else target/release/beamrc)
      --otp RELEASE    compare with this release, .otp/RELEASE (repeatable; default: 27 and 29);
                       the executables are made from the beams of the first one
      --no-beamrc      only the releases of OTP, compared with the first one
      --scale PERCENT  so much of each program's own number of rounds (default: 100)
      --write          write the table to bench/RESULTS.md as well
";

const PROGRAMS: &str = "bench/programs";
const WORK: &str = "target/bench";

struct Options {
    names: Vec<String>,
    rounds: usize,
    beamrc: Option<PathBuf>,
    releases: Vec<u32>,
    scale_percent: u64,
    write: bool,
}

/// One way to run a program.
struct Side {
    title: String,
    /// The command before the program's arguments, for a program of that name.
    command: Box<dyn Fn(&str) -> Command>,
}

/// One program's medians in microseconds, in the order of the sides; none where a side failed.
struct Row {
    name: String,
    medians_us: Vec<Option<u64>>,
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
    let names = program_names(&options)?;
    let releases = options
        .releases
        .iter()
        .map(|release| Installation::find(*release))
        .collect::<Result<Vec<_>, _>>()?;
    for otp in &releases {
        compile(otp)?;
    }
    let sides = sides(&options, &releases);
    let mut rows = Vec::new();
    let mut complete = true;
    println!("{}", heading(&sides));
    for name in &names {
        if let Some(beamrc) = &options.beamrc
            && let Err(message) = build(beamrc, &releases[0], name)
        {
            println!("{name}: not built\n{message}");
            complete = false;
        }
        match measure(name, &sides, &options) {
            Ok(row) => {
                complete &= row.medians_us.iter().all(Option::is_some);
                println!("{}", row.line());
                rows.push(row);
            }
            Err(message) => {
                println!("{name}: {message}");
                complete = false;
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

/// The programs that are asked for, all of them by default.
fn program_names(options: &Options) -> Result<Vec<String>, String> {
    let entries = fs::read_dir(PROGRAMS)
        .map_err(|error| format!("{PROGRAMS}: {error} (run from the project's root)"))?;
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.path().file_stem()?.to_str().map(str::to_string))
        .filter(|name| {
            name != "bench" && (options.names.is_empty() || options.names.contains(name))
        })
        .collect();
    names.sort();
    if names.is_empty() {
        return Err(format!("no program in {PROGRAMS} has such a name"));
    }
    Ok(names)
}

fn sides(options: &Options, releases: &[Installation]) -> Vec<Side> {
    let mut sides = Vec::new();
    if options.beamrc.is_some() {
        sides.push(Side {
            title: "beamrc".into(),
            command: Box::new(|name| Command::new(Path::new(WORK).join("bin").join(name))),
        });
    }
    for otp in releases {
        let erl = otp.tool("erl");
        let beams = beams(otp);
        sides.push(Side {
            title: format!("OTP {}", otp.version),
            command: Box::new(move |name| {
                let mut command = Command::new(&erl);
                command.args(["-noshell", "-pa"]).arg(&beams);
                command.args(["-s", name, "main", "-s", "init", "stop", "-extra"]);
                command
            }),
        });
    }
    sides
}

fn beams(otp: &Installation) -> PathBuf {
    Path::new(WORK).join(otp.key())
}

/// All programs with that release's own compiler.
fn compile(otp: &Installation) -> Result<(), String> {
    let folder = beams(otp);
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let sources = fs::read_dir(PROGRAMS).map_err(|error| format!("{PROGRAMS}: {error}"))?;
    let mut command = Command::new(otp.tool("erlc"));
    command.args(["+debug_info", "-o"]).arg(&folder);
    command.args(
        sources
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|it| it == "erl")),
    );
    succeed(&mut command).map(|_| ())
}

fn build(beamrc: &Path, otp: &Installation, name: &str) -> Result<(), String> {
    let folder = beams(otp);
    let executable = Path::new(WORK).join("bin").join(name);
    fs::create_dir_all(Path::new(WORK).join("bin")).map_err(|error| error.to_string())?;
    let _ = fs::remove_file(&executable);
    let mut command = Command::new(beamrc);
    command
        .args(["build", "-q", "--otp"])
        .arg(otp.root())
        .arg("-o")
        .arg(&executable);
    command.args(["--entry", name, "--keep", name]);
    command.args([
        folder.join(format!("{name}.beam")),
        folder.join("bench.beam"),
    ]);
    succeed(&mut command).map(|_| ())
}

/// The output of a command that must succeed.
fn succeed(command: &mut Command) -> Result<String, String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{command:?}: {error}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        return Ok(text(&output.stdout));
    }
    Err(format!(
        "{command:?}: {}\n{}{}",
        output.status,
        text(&output.stdout),
        text(&output.stderr)
    ))
}

/// Lets the sides take turns.
fn measure(name: &str, sides: &[Side], options: &Options) -> Result<Row, String> {
    let mut times_us = vec![Vec::new(); sides.len()];
    let mut checksum = None;
    let argument = scaled_rounds(name, options.scale_percent)?;
    for _ in 0..options.rounds {
        for (side, times_us) in sides.iter().zip(&mut times_us) {
            let mut command = (side.command)(name);
            let Ok(output) = succeed(command.arg(&argument)) else {
                continue;
            };
            let (time_us, sum) = parse_output(&output)
                .ok_or_else(|| format!("{}: printed {output:?}", side.title))?;
            if *checksum.get_or_insert(sum) != sum {
                return Err(format!(
                    "{}: another result than the other sides'",
                    side.title
                ));
            }
            times_us.push(time_us);
        }
    }
    let median = |times: &mut Vec<u64>| {
        times.sort_unstable();
        (times.len() == options.rounds).then(|| times[times.len() / 2])
    };
    Ok(Row {
        name: name.to_string(),
        medians_us: times_us.iter_mut().map(median).collect(),
    })
}

/// The program's default number of rounds stands in its source, as the last argument of `bench:run`.
fn scaled_rounds(name: &str, percent: u64) -> Result<String, String> {
    let path = Path::new(PROGRAMS).join(format!("{name}.erl"));
    let source =
        fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let rounds = source
        .split_once("fun ?MODULE:run/1, ")
        .and_then(|(_, rest)| rest.split_once(')'))
        .and_then(|(number, _)| number.parse::<u64>().ok())
        .ok_or_else(|| {
            format!(
                "{}: no bench:run(fun ?MODULE:run/1, NUMBER)",
                path.display()
            )
        })?;
    Ok((rounds * percent / 100).max(1).to_string())
}

fn parse_output(output: &str) -> Option<(u64, u64)> {
    let (time_us, checksum) = output.trim().split_once(' ')?;
    Some((time_us.parse().ok()?, checksum.parse().ok()?))
}

impl Row {
    /// How many times as fast the first side is as the given one.
    fn ratio(&self, side: usize) -> Option<f64> {
        Some(self.medians_us[side]? as f64 / self.medians_us[0]?.max(1) as f64)
    }

    fn line(&self) -> String {
        let mut line = format!("| {:<17}", self.name);
        for median_us in &self.medians_us {
            match median_us {
                Some(us) => write!(line, "| {:>15.1} ", *us as f64 / 1e3),
                None => write!(line, "| {:>15} ", "failed"),
            }
            .expect("a string takes all");
        }
        for side in 1..self.medians_us.len() {
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

/// The geometric mean and the worst ratio against every other side.
fn summary(sides: &[Side], rows: &[Row]) -> String {
    let mut text = String::new();
    for (index, side) in sides.iter().enumerate().skip(1) {
        let ratios: Vec<(f64, &str)> = rows
            .iter()
            .filter_map(|row| Some((row.ratio(index)?, row.name.as_str())))
            .collect();
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
    let mut text = String::from("# Benchmarks: single-process programs\n\n");
    let command: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with('/'))
        .collect();
    text += &format!(
        "Machine: {}. Command: `bench/run {}`.\n",
        machine(),
        command.join(" ")
    );
    text += &format!(
        "Median of {} interleaved runs; a ratio above 1 means that the first side is faster.\n\n",
        options.rounds
    );
    text += &heading(sides);
    text.push('\n');
    rows.iter().for_each(|row| text += &(row.line() + "\n"));
    text += &format!(
        "\n{}",
        summary
            .lines()
            .map(|line| format!("- {line}\n"))
            .collect::<String>()
    );
    fs::write("bench/RESULTS.md", text).map_err(|error| format!("bench/RESULTS.md: {error}"))
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
        names: Vec::new(),
        rounds: 5,
        beamrc: Some(beamrc),
        releases: Vec::new(),
        scale_percent: 100,
        write: false,
    };
    let mut parser = lexopt::Parser::from_env();
    let wrong = |error: lexopt::Error| format!("{error}; see --help");
    while let Some(argument) = parser.next().map_err(wrong)? {
        match argument {
            Long("rounds") => {
                options.rounds = parser.value().and_then(|it| it.parse()).map_err(wrong)?
            }
            Long("beamrc") => options.beamrc = Some(parser.value().map_err(wrong)?.into()),
            Long("otp") => options
                .releases
                .push(parser.value().and_then(|it| it.parse()).map_err(wrong)?),
            Long("scale") => {
                options.scale_percent = parser.value().and_then(|it| it.parse()).map_err(wrong)?
            }
            Long("no-beamrc") => options.beamrc = None,
            Long("write") => options.write = true,
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
