//! The Erlang/OTP installation whose beams are compiled into programs.
//!
//! It is found without starting `erl` where its folders tell all, which takes no time. Known
//! layouts: Debian's and `make install` (`ROOT/lib/APP-VSN/ebin`, `ROOT/releases`), the folder
//! above those (`lib/erlang`), and a built source tree (`lib/APP/ebin`).

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use beamrc_beam::Atom;

use super::sorted_entries;
use crate::{Error, Result};

/// The major release, 25 to 29.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Release(pub u32);

/// An installation.
#[derive(Debug)]
pub struct Otp {
    /// The folder that has `lib` and `releases`.
    pub root: PathBuf,
    pub release: Release,
    /// Every module of its newest applications.
    pub modules: BTreeMap<Atom, PathBuf>,
    /// Application and its folder.
    pub applications: BTreeMap<String, PathBuf>,
}

const SUPPORTED: std::ops::RangeInclusive<u32> = 25..=29;
const HELP: &str = "install Erlang/OTP 25 to 29 (Debian: apt install erlang), or name the folder \
                    of an installation: --otp DIR";

impl Otp {
    /// The installation in a folder, or that of the `erl` on PATH.
    pub fn find(folder: Option<&Path>) -> Result<Otp> {
        let root = match folder {
            Some(folder) => root_in(folder).ok_or_else(|| {
                Error::new(format!("{} holds no Erlang/OTP installation", folder.display()))
                    .help("--otp takes the folder that has lib/stdlib-* and releases in it")
            })?,
            None => root_of_path()?,
        };
        let release = Release::of(&root)?;
        let mut otp =
            Otp { root, release, modules: BTreeMap::new(), applications: BTreeMap::new() };
        otp.index()?;
        Ok(otp)
    }

    /// Finds the newest version of each application and the modules in it.
    fn index(&mut self) -> Result<()> {
        let mut newest: BTreeMap<String, (Vec<u64>, PathBuf)> = BTreeMap::new();
        for folder in sorted_entries(&self.root.join("lib"))? {
            let Some(name) = folder.file_name().and_then(OsStr::to_str) else {
                continue;
            };
            let (app, version) = name.split_once('-').unwrap_or((name, ""));
            let version = version.split('.').map(|n| n.parse().unwrap_or(0)).collect();
            if !folder.join("ebin").is_dir() {
                continue;
            }
            match newest.get(app) {
                Some((known, _)) if *known > version => {}
                _ => {
                    newest.insert(app.to_owned(), (version, folder));
                }
            }
        }
        // In a source tree the modules that the emulator carries lie elsewhere.
        let preloaded = self.root.join("erts/preloaded");
        if preloaded.join("ebin").is_dir() {
            newest.entry("erts".to_owned()).or_insert((Vec::new(), preloaded));
        }
        for (app, (_, folder)) in newest {
            for path in sorted_entries(&folder.join("ebin"))? {
                if path.extension() == Some(OsStr::new("beam"))
                    && let Some(stem) = path.file_stem().and_then(OsStr::to_str)
                {
                    self.modules.insert(stem.into(), path);
                }
            }
            self.applications.insert(app, folder);
        }
        for module in ["lists", "erlang", "gen_server"] {
            if !self.modules.contains_key(module) {
                return Err(Error::new(format!(
                    "the Erlang/OTP installation in {} has no {module}.beam",
                    self.root.display()
                ))
                .help("install all of it (Debian: apt install erlang-base), or name another: --otp DIR"));
            }
        }
        Ok(())
    }

    /// A program of the installation, or of that name on PATH.
    pub fn tool(&self, name: &str) -> PathBuf {
        let own = self.root.join("bin").join(name);
        if own.is_file() { own } else { PathBuf::from(name) }
    }
}

impl Release {
    fn of(root: &Path) -> Result<Release> {
        let text = release_text(root).ok_or_else(|| {
            Error::new(format!("cannot tell the release of the Erlang/OTP in {}", root.display()))
                .help("it has neither releases/*/OTP_VERSION nor releases/start_erl.data")
        })?;
        let major = text.trim().split('.').next().unwrap_or_default();
        let supported = major.parse().ok().filter(|release| SUPPORTED.contains(release));
        supported.map(Release).ok_or_else(|| {
            Error::new(format!(
                "Erlang/OTP {} in {} is not supported",
                text.trim(),
                root.display()
            ))
            .help("beamrc reads the beams of Erlang/OTP 25 to 29; name an installation: --otp DIR")
        })
    }
}

impl std::fmt::Display for Release {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// The release as its files tell it.
fn release_text(root: &Path) -> Option<String> {
    let releases = root.join("releases");
    if let Ok(data) = std::fs::read_to_string(releases.join("start_erl.data"))
        && let Some(release) = data.split_whitespace().nth(1)
    {
        return Some(release.to_owned());
    }
    let versions = sorted_entries(&releases).unwrap_or_default();
    let mut versions = versions.iter().rev().map(|folder| folder.join("OTP_VERSION"));
    let version = versions.find_map(|path| std::fs::read_to_string(path).ok());
    version.or_else(|| std::fs::read_to_string(root.join("OTP_VERSION")).ok())
}

fn is_root(folder: &Path) -> bool {
    let lib = sorted_entries(&folder.join("lib")).unwrap_or_default();
    let mut names = lib.iter().filter_map(|path| path.file_name()?.to_str());
    names.any(|name| name == "stdlib" || name.starts_with("stdlib-"))
}

/// The root folder in or at a folder.
fn root_in(folder: &Path) -> Option<PathBuf> {
    let places = ["", "lib/erlang", "usr/lib/erlang", ".."];
    let mut places = places.iter().map(|place| folder.join(place));
    let root = places.find(|place| is_root(place))?;
    std::fs::canonicalize(root).ok()
}

fn root_of_path() -> Result<PathBuf> {
    let erl = on_path("erl").ok_or_else(|| Error::new("there is no erl on PATH").help(HELP))?;
    let real = std::fs::canonicalize(&erl).map_err(Error::io("follow", &erl))?;
    let beside = real.parent().and_then(Path::parent).filter(|root| is_root(root));
    if let Some(root) = beside {
        return Ok(root.to_owned());
    }
    if let Some(root) = root_in_script(&real) {
        return Ok(root);
    }
    // A wrapper of a version manager, perhaps: ask.
    let asked = Command::new(&erl)
        .args(["-noinput", "-boot", "start_clean", "-eval"])
        .arg("io:put_chars(code:root_dir()), halt().")
        .output()
        .map_err(|error| Error::new(format!("cannot run {}: {error}", erl.display())))?;
    let root = PathBuf::from(String::from_utf8_lossy(&asked.stdout).trim());
    match is_root(&root) {
        true => Ok(root),
        false => Err(Error::new(format!(
            "cannot find the installation that {} belongs to",
            erl.display()
        ))
        .help("name its folder: --otp DIR")),
    }
}

/// The folder in the line `ROOTDIR=…` of the script that starts Erlang.
fn root_in_script(script: &Path) -> Option<PathBuf> {
    let text = std::fs::read_to_string(script).ok()?;
    let lines = text.lines().filter_map(|line| line.trim().strip_prefix("ROOTDIR="));
    let mut dirs = lines.map(|dir| PathBuf::from(dir.trim_matches('"')));
    dirs.find(|dir| is_root(dir))
}

fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(name)).find(|file| file.is_file())
}
