//! The oracle: compiles a program with `erlc` and runs it under `erl`, once for each source and release.
//!
//! A program is run as `erl -noshell -s MODULE FUNCTION -s init stop`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use crate::case::Case;
use crate::execute::{self, End, Input, Outcome};

/// An Erlang/OTP on this machine.
pub struct Installation {
    root: PathBuf,
    /// The full version, such as 27.3.4.
    pub version: String,
}

impl Installation {
    /// The installation of a release: from the environment, from the project, or from PATH.
    pub fn find(release: u32) -> Result<Self, String> {
        let variable = format!("BEAMRC_OTP{release}");
        let local = PathBuf::from(format!(".otp/{release}"));
        let root = match std::env::var_os(&variable) {
            Some(root) => PathBuf::from(root),
            None if local.exists() => local,
            None => root_on_path().ok_or_else(|| missing(release))?,
        };
        let root =
            fs::canonicalize(&root).map_err(|error| format!("{}: {error}", root.display()))?;
        let version_file = root.join(format!("releases/{release}/OTP_VERSION"));
        let version = fs::read_to_string(&version_file).map_err(|error| {
            format!("{}: {error}\n{}", version_file.display(), missing(release))
        })?;
        Ok(Installation { root, version: version.trim().to_string() })
    }

    /// A folder name.
    pub fn key(&self) -> String {
        format!("otp-{}", self.version)
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn tool(&self, name: &str) -> PathBuf {
        self.root.join("bin").join(name)
    }
}

fn missing(release: u32) -> String {
    format!(
        "no OTP {release}: run tests/setup/otp.sh {release} .otp/{release}, or name one in BEAMRC_OTP{release}"
    )
}

fn root_on_path() -> Option<PathBuf> {
    let output = Command::new("erl")
        .args(["-noshell", "-eval", "io:put_chars(code:root_dir()), halt()."])
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok().map(PathBuf::from)
}

/// What `erl` makes of the program. The beam is in the folder afterwards.
pub fn expected(
    case: &Case,
    otp: &Installation,
    folder: &Path,
    limit: Duration,
) -> Result<Outcome, String> {
    if let Some(outcome) = read_kept(folder) {
        return Ok(outcome);
    }
    compile(case, otp, folder, limit)?;
    let outcome = run(case, otp, folder, limit)?;
    keep(&outcome, folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(outcome)
}

/// Leaves the beam in the folder, if it is not there yet.
pub fn compile(
    case: &Case,
    otp: &Installation,
    folder: &Path,
    limit: Duration,
) -> Result<(), String> {
    if beam(case, folder).exists() {
        return Ok(());
    }
    let outcome = erlc(&[(case, folder)], otp, &folder.join("erlc"), limit)?;
    if outcome.end == End::Exit(0) {
        return Ok(());
    }
    Err(format!(
        "erlc: {}{}",
        String::from_utf8_lossy(&outcome.stdout),
        String::from_utf8_lossy(&outcome.stderr)
    ))
}

/// At most so many programs in one run of erlc.
const TOGETHER: usize = 48;
const TOGETHER_LIMIT: Duration = Duration::from_secs(300);

/// Does what [`compile`] does for many programs, with few runs of erlc, each of which takes many times as
/// long to start as it spends on a program. A program that fails, and those behind it, are left to
/// `compile`, which says why. `scratch` names a folder that nothing else uses.
pub fn compile_together(
    programs: &[(&Case, PathBuf)],
    otp: &Installation,
    scratch: &Path,
    jobs: usize,
) {
    let mut alike: BTreeMap<&[String], Vec<(&Case, &Path)>> = BTreeMap::new();
    for (case, folder) in programs.iter().filter(|(case, folder)| !beam(case, folder).exists()) {
        alike.entry(&case.erlc).or_default().push((case, folder));
    }
    let size = programs.len().div_ceil(2 * jobs).clamp(1, TOGETHER);
    let runs: Vec<_> = alike.values().flat_map(|programs| programs.chunks(size)).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some(programs) = runs.get(next.fetch_add(1, Relaxed)) {
            let _ = erlc(programs, otp, &scratch.join(&programs[0].0.name), TOGETHER_LIMIT);
        }
    };
    std::thread::scope(|scope| (0..jobs.min(runs.len())).for_each(|_| drop(scope.spawn(work))));
    let _ = fs::remove_dir(scratch);
}

fn beam(case: &Case, folder: &Path) -> PathBuf {
    folder.join(&case.name).with_extension("beam")
}

/// Compiles programs that have the same options. Beams come into the programs' folders whole: they are
/// made in `scratch`.
fn erlc(
    programs: &[(&Case, &Path)],
    otp: &Installation,
    scratch: &Path,
    limit: Duration,
) -> Result<Outcome, String> {
    let wrong = |error: std::io::Error| format!("{}: {error}", scratch.display());
    fs::create_dir_all(scratch).map_err(wrong)?;
    let mut command = execute::limited(&otp.tool("erlc"));
    command.args(["+debug_info", "-o"]).arg(scratch);
    command.args(programs.iter().take(1).flat_map(|(case, _)| &case.erlc));
    command.args(programs.iter().map(|(case, _)| &case.path));
    let outcome = execute::run(command, &Input::default(), &scratch.join("compile"), limit)?;
    if matches!(outcome.end, End::Exit(_)) {
        for (case, folder) in programs.iter().filter(|(case, _)| beam(case, scratch).exists()) {
            fs::create_dir_all(folder).map_err(wrong)?;
            fs::rename(beam(case, scratch), beam(case, folder)).map_err(wrong)?;
        }
    }
    fs::remove_dir_all(scratch).map_err(wrong)?;
    Ok(outcome)
}

pub fn run(
    case: &Case,
    otp: &Installation,
    folder: &Path,
    limit: Duration,
) -> Result<Outcome, String> {
    let mut command = execute::limited(&otp.tool("erl"));
    command.args(&case.erl);
    command.args(["-noshell", "-pa"]).arg(folder).args([
        "-s",
        &case.name,
        &case.entry,
        "-s",
        "init",
        "stop",
    ]);
    command.arg("-extra").args(&case.args);
    let outcome = execute::run(command, &case.stdin, &folder.join("erl"), limit)?;
    match outcome.end {
        End::Exit(_) => Ok(outcome),
        End::Killed(how) => Err(format!("erl itself: {how}")),
    }
}

fn keep(outcome: &Outcome, folder: &Path) -> std::io::Result<()> {
    let End::Exit(code) = outcome.end else {
        return Ok(());
    };
    fs::write(folder.join("expected.stdout"), &outcome.stdout)?;
    fs::write(folder.join("expected.stderr"), &outcome.stderr)?;
    // Written last and renamed: where it exists, all of it exists.
    fs::write(folder.join("expected.code.new"), code.to_string())?;
    fs::rename(folder.join("expected.code.new"), folder.join("expected.code"))
}

fn read_kept(folder: &Path) -> Option<Outcome> {
    let code = fs::read_to_string(folder.join("expected.code")).ok()?.parse().ok()?;
    Some(Outcome {
        stdout: fs::read(folder.join("expected.stdout")).ok()?,
        stderr: fs::read(folder.join("expected.stderr")).ok()?,
        end: End::Exit(code),
    })
}
