//! One test program and the directives at its head.
//!
//! The first line is a comment that gives the program's reason to exist. Directives are the comment
//! lines `%% name: value` that follow before the first line of code; an unknown one is an error, so
//! that a slip of the pen cannot switch a comparison off.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::execute::Input;

/// Bumped when what is kept of a run under `erl` changes its form.
const CACHE_FORMAT: u32 = 1;

#[derive(Debug, Default, PartialEq)]
pub struct Case {
    /// The file's stem, which is the module's name.
    pub name: String,
    pub path: PathBuf,
    /// Why the program exists.
    pub reason: String,
    /// The function that is run, of arity 0 (`entry: start`); `main` otherwise.
    pub entry: String,
    /// The program's own arguments (`args: one two`).
    pub args: Vec<String>,
    /// What the program reads from standard input (`stdin: text`, with `\n` for a new line).
    /// By `stdin-after: 500` it comes that many milliseconds late.
    pub stdin: Input,
    /// Options for erlc (`erlc: +inline`).
    pub erlc: Vec<String>,
    /// Options for `beamrc build` (`beamrc: --allow-missing`).
    pub beamrc: Vec<String>,
    /// Options for `erl` (`erl: +P 1024`).
    pub erl: Vec<String>,
    /// Variables for the executable (`env: BEAMRC_PROCESSES=1024`).
    pub env: Vec<(String, String)>,
    /// Address space of the executable in MiB (`memory: 500`).
    pub memory_mib: Option<u64>,
    /// The exit code under `erl` (`exit: 1`): a program that fails early by mistake must not pass.
    pub exit: i32,
    /// Compare standard error as well (`stderr: compare`).
    pub compare_stderr: bool,
    /// The releases it compiles and behaves alike on (`otp: 27+`, `otp: 25-27`).
    pub releases: (u32, u32),
    /// Times and process identifiers in the logger's reports differ from run to run (`mask: reports`).
    pub mask_reports: bool,
    /// Too slow when every safepoint collects (`stress: skip`).
    pub skip_stress: bool,
    /// At least so long for each step (`timeout: 120`).
    pub timeout: Duration,
    source: String,
}

impl Case {
    pub fn parse(path: &Path, source: String) -> Result<Self, String> {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let mut case = Case {
            name,
            path: path.to_path_buf(),
            entry: "main".into(),
            releases: (0, u32::MAX),
            ..Case::default()
        };
        let mut head = source.lines();
        let first = head.next().unwrap_or_default();
        case.reason = first.trim_start_matches('%').trim().to_string();
        if !first.starts_with("%%") || case.reason.len() < 10 {
            return Err(format!(
                "{}: the first line must be a comment that says why it exists",
                path.display()
            ));
        }
        for line in head.take_while(|line| line.starts_with('%')) {
            let Some((name, value)) = line.trim_start_matches('%').trim().split_once(": ") else {
                continue;
            };
            case.directive(name, value.trim())
                .map_err(|error| format!("{}: {error}", path.display()))?;
        }
        case.source = source;
        Ok(case)
    }

    fn directive(&mut self, name: &str, value: &str) -> Result<(), String> {
        let words = || value.split_whitespace().map(str::to_string).collect();
        match (name, value) {
            ("entry", _) => self.entry = value.to_string(),
            ("args", _) => self.args = words(),
            ("stdin", _) => self.stdin.text = value.replace("\\n", "\n"),
            ("stdin-after", _) => {
                let milliseconds = value.parse().map_err(|_| "stdin-after: a number is wanted")?;
                self.stdin.after = Some(Duration::from_millis(milliseconds));
            }
            ("erlc", _) => self.erlc = words(),
            ("beamrc", _) => self.beamrc = words(),
            ("erl", _) => self.erl = words(),
            ("env", _) => {
                let (name, value) = value.split_once('=').ok_or("env: NAME=VALUE is wanted")?;
                self.env.push((name.to_string(), value.to_string()));
            }
            ("memory", _) => {
                let number = value.parse().map_err(|_| "memory: a number of MiB is wanted")?;
                self.memory_mib = Some(number);
            }
            ("stderr", "compare") => self.compare_stderr = true,
            ("exit", _) => {
                self.exit = value.parse().map_err(|_| format!("exit: {value} is no exit code"))?
            }
            ("mask", "reports") => self.mask_reports = true,
            ("stress", "skip") => self.skip_stress = true,
            ("otp", _) => self.releases = parse_releases(value)?,
            ("timeout", _) => {
                let seconds = value
                    .parse()
                    .map_err(|_| format!("timeout: {value} is not a number of seconds"))?;
                self.timeout = Duration::from_secs(seconds);
            }
            _ => return Err(format!("unknown directive `{name}: {value}`")),
        }
        Ok(())
    }

    pub fn runs_on(&self, release: u32) -> bool {
        (self.releases.0..=self.releases.1).contains(&release)
    }

    /// The folder name for what this program does under an OTP of that version.
    pub fn key(&self, otp_version: &str) -> String {
        let mut hasher = DefaultHasher::new();
        (CACHE_FORMAT, otp_version, &self.source).hash(&mut hasher);
        format!("{}-{:016x}", self.name, hasher.finish())
    }
}

/// `27+`, `25-26` or `27`.
fn parse_releases(text: &str) -> Result<(u32, u32), String> {
    let number =
        |text: &str| text.parse::<u32>().map_err(|_| format!("otp: {text} is not a release"));
    if let Some(first) = text.strip_suffix('+') {
        return Ok((number(first)?, u32::MAX));
    }
    match text.split_once('-') {
        Some((first, last)) => Ok((number(first)?, number(last)?)),
        None => number(text).map(|release| (release, release)),
    }
}

/// Every program of a folder, by name.
pub fn read_all(folder: &Path) -> Result<Vec<Case>, String> {
    let wrong = |error: std::io::Error| {
        format!("{}: {error} (run from the project's root)", folder.display())
    };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(wrong)? {
        let path = entry.map_err(wrong)?.path();
        if path.extension().is_some_and(|extension| extension == "erl") {
            paths.push(path);
        }
    }
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let source = fs::read_to_string(&path)
                .map_err(|error| format!("{}: {error}", path.display()))?;
            Case::parse(&path, source)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(source: &str) -> Result<Case, String> {
        Case::parse(Path::new("tests/programs/sample.erl"), source.to_string())
    }

    #[test]
    fn directives_are_read_up_to_the_first_line_of_code() {
        let case = parse(
            "%% Why it is there.\n%% otp: 26-28\n%% args: a b\n%% stderr: compare\n-module(sample).\n%% otp: 1\n",
        )
        .unwrap();
        assert_eq!(case.reason, "Why it is there.");
        assert_eq!(case.args, ["a", "b"]);
        assert!(case.compare_stderr);
        assert_eq!(
            [25, 26, 28, 29].map(|release| case.runs_on(release)),
            [false, true, true, false]
        );
        assert_eq!(case.entry, "main");
    }

    #[test]
    fn a_reason_is_required_and_unknown_directives_are_refused() {
        assert!(parse("-module(sample).\n").unwrap_err().contains("why it exists"));
        assert!(
            parse("%% Why it is there.\n%% stderr: comapre\n")
                .unwrap_err()
                .contains("unknown directive")
        );
        assert!(
            parse("%% Why it is there.\n%% opt: 27\n").unwrap_err().contains("unknown directive")
        );
    }

    #[test]
    fn the_key_changes_with_source_and_release() {
        let case = parse("%% Why it is there.\n").unwrap();
        let other = parse("%% Why it is here.\n").unwrap();
        assert_ne!(case.key("27.1"), case.key("27.2"));
        assert_ne!(case.key("27.1"), other.key("27.1"));
    }
}
