//! Runs one command with its output in files, a time limit and a memory limit.
//!
//! Output goes to files because a pipe that nobody empties would stop the program.

use std::fs::{self, File};
use std::io::{PipeReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use wait_timeout::ChildExt;

/// What a program left behind.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
    pub end: End,
}

#[derive(Clone, Debug, PartialEq)]
pub enum End {
    Exit(i32),
    /// Ended by a signal, or killed at its time limit.
    Killed(String),
}

/// What a program can read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Input {
    pub text: String,
    /// It comes through a pipe, and so late.
    pub after: Option<Duration>,
}

/// Address space in KiB. A program under test that runs away must not take the machine with it.
const MEMORY_LIMIT_KIB: u64 = 16 << 20;

/// A command that runs a program under the limits; arguments are added to it by the caller.
pub fn limited(program: &Path) -> Command {
    limited_to(program, MEMORY_LIMIT_KIB)
}
/// The same with so much address space.
pub fn limited_to(program: &Path, memory_kib: u64) -> Command {
    let mut command = Command::new("sh");
    command
        .arg("-c")
        .arg(format!("ulimit -c 0; ulimit -v {memory_kib} && exec \"$@\""))
        .arg("sh")
        .arg(program);
    // Printing depends on the locale, and so would the comparison.
    command.env("LC_ALL", "C.UTF-8").env("ERL_CRASH_DUMP_SECONDS", "0");
    ["ERL_FLAGS", "ERL_AFLAGS", "ERL_ZFLAGS", "ERL_LIBS", "ERL_COMPILER_OPTIONS"].iter().for_each(
        |name| {
            command.env_remove(name);
        },
    );
    command
}

/// Waits for the command; its output passes through files named after `scratch`.
pub fn run(
    mut command: Command,
    stdin: &Input,
    scratch: &Path,
    limit: Duration,
) -> Result<Outcome, String> {
    let wrong = |error: std::io::Error| format!("{}: {error}", scratch.display());
    let [input, stdout, stderr] =
        ["in", "out", "err"].map(|extension| scratch.with_extension(extension));
    fs::write(&input, &stdin.text).map_err(wrong)?;
    let source = match stdin.after {
        None => Stdio::from(File::open(&input).map_err(wrong)?),
        Some(time) => Stdio::from(written_after(time, stdin.text.clone()).map_err(wrong)?),
    };
    let mut child = command
        .stdin(source)
        .stdout(Stdio::from(File::create(&stdout).map_err(wrong)?))
        .stderr(Stdio::from(File::create(&stderr).map_err(wrong)?))
        .spawn()
        .map_err(|error| format!("{command:?}: {error}"))?;
    let end = match child.wait_timeout(limit).map_err(wrong)? {
        Some(status) => match status.code() {
            Some(code) => End::Exit(code),
            None => End::Killed(status.to_string()),
        },
        None => {
            child.kill().map_err(wrong)?;
            child.wait().map_err(wrong)?;
            End::Killed(format!("killed after {} s", limit.as_secs()))
        }
    };
    let outcome = Outcome {
        stdout: fs::read(&stdout).map_err(wrong)?,
        stderr: fs::read(&stderr).map_err(wrong)?,
        end,
    };
    for path in [input, stdout, stderr] {
        let _ = fs::remove_file(path);
    }
    Ok(outcome)
}

/// A pipe that the text is written to some time from now.
fn written_after(time: Duration, text: String) -> std::io::Result<PipeReader> {
    let (reader, mut writer) = std::io::pipe()?;
    std::thread::spawn(move || {
        std::thread::sleep(time);
        // Whoever was to read it may have ended.
        let _ = writer.write_all(text.as_bytes());
    });
    Ok(reader)
}
