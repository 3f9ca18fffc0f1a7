//! The side under test: `beamrc build`, and the executable it makes.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::case::Case;
use crate::erlang::Installation;
use crate::execute::{self, End, Input, Outcome};

/// How executables are made in this run.
pub struct Builder<'a> {
    pub beamrc: &'a Path,
    pub arguments: &'a [String],
    pub otp: &'a Installation,
}

impl Builder<'_> {
    /// The executable, or what the compiler said instead.
    pub fn build(
        &self,
        case: &Case,
        folder: &Path,
        limit: Duration,
    ) -> Result<Result<PathBuf, String>, String> {
        let executable = folder.join(&case.name);
        let beamrc = fs::canonicalize(self.beamrc)
            .map_err(|error| format!("{}: {error}", self.beamrc.display()))?;
        let mut command = execute::limited(&beamrc);
        command
            .arg("build")
            .arg(folder.join(format!("{}.beam", case.name)))
            .arg("-o")
            .arg(&executable);
        command.arg("--entry").arg(format!("{}:{}", case.name, case.entry));
        command.arg("--otp").arg(self.otp.root()).arg("-q").args(&case.beamrc).args(self.arguments);
        if std::env::var_os("BEAMRC_CACHE").is_none() {
            command.env("BEAMRC_CACHE", "target/programs/cache");
        }
        let outcome = execute::run(command, &Input::default(), &folder.join("build"), limit)?;
        if outcome.end == End::Exit(0) && executable.is_file() {
            return Ok(Ok(executable));
        }
        let said = [outcome.stdout, outcome.stderr].concat();
        Ok(Err(format!("{:?}\n{}", outcome.end, String::from_utf8_lossy(&said))))
    }
}

pub fn run(
    case: &Case,
    executable: &Path,
    stress: bool,
    limit: Duration,
) -> Result<Outcome, String> {
    let executable = fs::canonicalize(executable)
        .map_err(|error| format!("{}: {error}", executable.display()))?;
    let mut command = match case.memory_mib {
        Some(mib) => execute::limited_to(&executable, mib << 10),
        None => execute::limited(&executable),
    };
    command.args(&case.args);
    command.envs(case.env.iter().map(|(name, value)| (name, value)));
    if stress {
        command.env("BEAMRC_GC_STRESS", "1");
    }
    execute::run(command, &case.stdin, &executable.with_extension("run"), limit)
}
