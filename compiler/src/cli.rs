//! The command line: arguments in, messages and exit code out.

use std::io::IsTerminal as _;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};

use crate::cache::Cache;
use crate::codegen::{self, OptLevel};
use crate::input::{Request, Tests};
use crate::pipeline::{self, Built, Job, Linker};
use crate::program::{self, Mfa};
use crate::report::Format;
use crate::say::say;
use crate::settings::Settings;
use crate::{Error, Result};

const ABOUT: &str = "Compiles Gleam and Erlang programs ahead of time into one static native \
                     executable: no Erlang is needed where it runs.";

const EXAMPLES: &str = "\
Examples:
  beamrc build                        the Gleam project in this folder
  beamrc build ../my_project -o app   another one, and how to name the executable
  beamrc build hello.erl              an Erlang module that exports main/0
  beamrc build ebin --entry server:start
                                      a folder with .beam files, and which function to enter
  beamrc run . -- --port 8080         build and run, with arguments for the program
  beamrc test                         build and run the tests of the Gleam project in this folder

gleam.toml:
  A project's table [beamrc] has the same options as its keys; the command line goes before:
    [beamrc]
    keep = [\"my_plugins\"]
    keep-app = [\"my_library\"]
    strip = true

Files:
  $BEAMRC_CACHE, by default ~/.cache/beamrc, keeps compiled functions; it may be removed.";

#[derive(Parser)]
#[command(name = "beamrc", version, about = ABOUT, after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    command: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Build an executable
    #[command(after_help = EXAMPLES)]
    Build {
        #[command(flatten)]
        options: Options,
        /// The executable [default: the name of the package or module]
        #[arg(short = 'o', value_name = "FILE")]
        out: Option<PathBuf>,
        /// Print what the executable is made of: applications and modules with their bytes, BIFs,
        /// and what is kept for calls by name [formats: text, json; default: text]
        #[arg(long, value_enum, value_name = "FORMAT", num_args = 0..=1, require_equals = true,
              default_missing_value = "text", hide_possible_values = true)]
        report: Option<Format>,
    },
    /// Build into the cache and run
    #[command(after_help = EXAMPLES)]
    Run {
        #[command(flatten)]
        options: Options,
        /// Arguments for the program
        #[arg(last = true, value_name = "ARGUMENT")]
        arguments: Vec<std::ffi::OsString>,
    },
    /// Build the tests of a Gleam project and run them, as `gleam test` does
    Test {
        #[command(flatten)]
        options: Options,
        /// Arguments for the tests
        #[arg(last = true, value_name = "ARGUMENT")]
        arguments: Vec<std::ffi::OsString>,
    },
}

#[derive(Args, Clone)]
struct Options {
    /// A Gleam project folder, an erlang-shipment, a folder with .beam files, .beam files, or .erl
    /// files; later ones add modules [default: the current folder]
    #[arg(value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// Where the program begins; FUNCTION defaults to main and takes no arguments [default: as
    /// `gleam run` for a Gleam project, otherwise the only module with main/0, then start/0]
    #[arg(long, value_name = "MODULE[:FUNCTION]")]
    entry: Option<String>,
    /// The Erlang/OTP installation (25 to 29) whose beams are used [default: that of the erl on
    /// PATH]
    #[arg(long, value_name = "DIR")]
    otp: Option<PathBuf>,
    /// Keep a whole module, for calls that only run time knows; may be repeated
    #[arg(long, value_name = "MODULE")]
    keep: Vec<String>,
    /// Keep every module of an application whole; may be repeated
    #[arg(long, value_name = "APPLICATION")]
    keep_app: Vec<String>,
    /// Build even if functions are missing that the program reaches: calling one raises undef
    #[arg(long)]
    allow_missing: bool,
    /// Print stages of the compilation
    #[arg(long, value_name = "STAGE,...", value_delimiter = ',')]
    dump: Vec<String>,
    /// Print one function only
    #[arg(long, value_name = "M:F/A")]
    only: Option<String>,
    /// Leave out symbols and line tables
    #[arg(long)]
    strip: bool,
    /// How much to optimise [default: speed]
    #[arg(long, value_enum)]
    opt: Option<OptLevel>,
    /// Who links [default: beamrc]
    #[arg(long, value_enum)]
    linker: Option<Linker>,
    /// Say what is kept and why, and how long each stage takes
    #[arg(short, long)]
    verbose: bool,
    /// Say nothing but errors
    #[arg(short, long, conflicts_with = "verbose")]
    quiet: bool,
}

/// Runs the command line that the process was started with.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match arguments.command {
        Action::Build { options, out, report } => build(options, out, report),
        Action::Run { options, arguments } => run(options, &arguments),
        Action::Test { options, arguments } => test(options, &arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", error.message);
            if let Some(help) = &error.help {
                eprintln!("help: {help}");
            }
            ExitCode::FAILURE
        }
    }
}

impl Options {
    /// With what the projects among the inputs say; the command line goes before.
    fn with_settings(mut self) -> Result<Options> {
        let here = [PathBuf::from(".")];
        let inputs = match &self.inputs[..] {
            [] => here.to_vec(),
            inputs => inputs.to_vec(),
        };
        for input in inputs {
            let settings = Settings::of_project(&input)?;
            self.keep.extend(settings.keep);
            self.keep_app.extend(settings.keep_app);
            self.entry = self.entry.or(settings.entry);
            self.otp = self.otp.or(settings.otp);
            self.strip |= settings.strip;
            self.allow_missing |= settings.allow_missing;
            self.opt = self.opt.or(settings.opt);
            self.linker = self.linker.or(settings.linker);
        }
        Ok(self)
    }

    fn job(&self, out: Option<PathBuf>) -> Result<Job> {
        let only = self.only.as_ref().map(|text| {
            Mfa::parse(text).ok_or_else(|| {
                Error::new(format!("--only={text} names no function"))
                    .help("write module:function/arity, for instance --only=lists:map/2")
            })
        });
        Ok(Job {
            request: Request {
                inputs: self.inputs.clone(),
                entry: self.entry.clone(),
                otp: self.otp.clone(),
            },
            out,
            reach: program::Options { keep: self.keep.clone(), allow_missing: self.allow_missing },
            keep_app: self.keep_app.clone(),
            code: codegen::Options {
                opt: self.opt.unwrap_or_default(),
                strip: self.strip,
                dump: self.dump.clone(),
                only: only.transpose()?,
                cache: Cache::open(),
            },
            linker: self.linker.unwrap_or_default(),
        })
    }

    /// Builds, with a progress line on a terminal, and says what is worth saying.
    fn build(&self, job: &Job) -> Result<Built> {
        let progress = Progress::new(self.quiet);
        let built = pipeline::build(job, &|stage| progress.stage(stage));
        progress.finish();
        let built = built?;
        if self.quiet {
            return Ok(built);
        }
        built.notes.iter().for_each(|note| eprintln!("{note}"));
        if self.allow_missing {
            for (name, missing) in built.report.missing.iter().filter(|(_, m)| m.certain) {
                eprintln!("warning: undef at run time: {}", missing.line(name));
            }
        }
        if self.verbose {
            eprint!("{}", built.report);
            for (stage, time) in &built.times {
                eprintln!("  {stage}: {:.3} s", time.as_secs_f64());
            }
        }
        Ok(built)
    }
}

fn build(options: Options, out: Option<PathBuf>, report: Option<Format>) -> Result<()> {
    let options = options.with_settings()?;
    let built = options.build(&options.job(out)?)?;
    if let (false, Some(executable)) = (options.quiet, built.executable) {
        let size_bytes = std::fs::metadata(&executable).map_or(0, |metadata| metadata.len());
        let time: Duration = built.times.iter().map(|(_, time)| *time).sum();
        eprintln!(
            "{}: {:.1} MB in {:.2} s",
            executable.display(),
            size_bytes as f64 / 1e6,
            time.as_secs_f64()
        );
    }
    match (report, &built.made_of) {
        (Some(Format::Text), Some(report)) => say(report),
        (Some(Format::Json), Some(report)) => say(format_args!("{}\n", report.json())),
        _ => {}
    }
    Ok(())
}

fn run(options: Options, arguments: &[std::ffi::OsString]) -> Result<()> {
    let executable = build_to_run(&options.with_settings()?)?;
    let error = Command::new(&executable).args(arguments).exec();
    Err(Error::io("run", &executable)(error))
}

/// Runs in the project's folder: there gleeunit looks for the names of test modules.
fn test(options: Options, arguments: &[std::ffi::OsString]) -> Result<()> {
    let entry = options.entry.clone();
    let mut options = options.with_settings()?;
    let project = match &options.inputs[..] {
        [] => PathBuf::from("."),
        [project] => project.clone(),
        _ => {
            return Err(Error::new("several inputs are given")
                .help("beamrc test takes the folder of one Gleam project"));
        }
    };
    let tests = Tests::of_project(&project)?;
    // The project's own entry is not that of its tests.
    options.entry = entry.or(Some(tests.entry));
    options.keep.extend(tests.modules);
    let executable = build_to_run(&options)?;
    let error = Command::new(&executable).args(arguments).current_dir(&project).exec();
    Err(Error::io("run", &executable)(error))
}

/// Builds an executable that stays in the cache.
fn build_to_run(options: &Options) -> Result<PathBuf> {
    let mut job = options.job(None)?;
    // Each folder and set of inputs has its own executable, so that runs do not disturb others.
    let mut hash = blake3::Hasher::new();
    hash.update(format!("{:?} {:?}", std::env::current_dir().ok(), job.request).as_bytes());
    let folder = job.code.cache.root().join("run").join(&hash.finalize().to_hex()[..16]);
    std::fs::create_dir_all(&folder).map_err(Error::io("make", &folder))?;
    let executable = folder.join("program");
    job.out = Some(executable.clone());
    options.build(&job)?;
    std::path::absolute(&executable).map_err(Error::io("find", &executable))
}

/// A line on the terminal that says what a long build is doing.
struct Progress(Option<ProgressBar>);

impl Progress {
    fn new(quiet: bool) -> Progress {
        let shown = !quiet && std::io::stderr().is_terminal();
        Progress(shown.then(|| {
            let bar = ProgressBar::hidden();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
                bar.set_style(style);
            }
            let late = bar.clone();
            // Short builds show nothing.
            std::thread::spawn(move || {
                std::thread::sleep(Duration::from_secs(1));
                if !late.is_finished() {
                    late.set_draw_target(indicatif::ProgressDrawTarget::stderr());
                    late.enable_steady_tick(Duration::from_millis(100));
                }
            });
            bar
        }))
    }

    fn stage(&self, stage: &'static str) {
        if let Some(bar) = &self.0 {
            bar.set_message(match stage {
                "read" => "reading the inputs",
                "program" => "finding what the program needs",
                "code" => "compiling",
                "link" => "linking",
                other => other,
            });
        }
    }

    fn finish(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        super::Arguments::command().debug_assert();
    }
}
