//! Folders: Gleam projects, erlang-shipments, and folders with `.beam` files.

use std::path::Path;
use std::process::Command;

use super::{Collected, Note, sorted_entries};
use crate::{Error, Result};

pub(super) const GLEAM_TOML: &str = "gleam.toml";
const ENTRYPOINT: &str = "entrypoint.sh";

/// Reads a folder as what it is.
pub(super) fn folder(collected: &mut Collected, folder: &Path) -> Result<()> {
    if folder.join(GLEAM_TOML).is_file() {
        return gleam_project(collected, folder);
    }
    if collected.ebin(folder)? {
        return Ok(());
    }
    if packages(collected, folder)? {
        // An erlang-shipment says in its script what to run.
        let script = std::fs::read_to_string(folder.join(ENTRYPOINT)).unwrap_or_default();
        let package = script.lines().find_map(|line| line.trim().strip_prefix("PACKAGE="));
        collected.packages.extend(package.map(|name| name.trim_matches('"').to_owned()));
        return Ok(());
    }
    Err(Error::new(format!("{} has nothing to compile", folder.display())).help(
        "a folder must have gleam.toml (a Gleam project), */ebin (an erlang-shipment) or .beam \
         files; Erlang sources are given as files: beamrc build src/*.erl",
    ))
}

/// The `ebin` folders of all packages in a folder; whether there were any.
fn packages(collected: &mut Collected, folder: &Path) -> Result<bool> {
    let mut any = false;
    collected.siblings = Some(folder.to_owned());
    for package in sorted_entries(folder)? {
        let ebin = package.join("ebin");
        if ebin.is_dir() {
            any |= collected.ebin(&ebin)?;
        }
    }
    collected.siblings = None;
    Ok(any)
}

fn gleam_project(collected: &mut Collected, folder: &Path) -> Result<()> {
    let package = package_name(&folder.join(GLEAM_TOML))?;
    let profiles = ["dev", "prod"];
    let erlang = |profile: &str| folder.join("build").join(profile).join("erlang");
    let built = |profile: &&&str| erlang(profile).join(&package).join("ebin").is_dir();
    let profile =
        match gleam_build(folder)? {
            Some(said) => {
                let said = said.trim_end();
                if !said.is_empty() {
                    collected.notes.push(Note::Gleam(said.to_owned()));
                }
                "dev"
            }
            None => {
                let Some(profile) = profiles.iter().find(built) else {
                    return Err(Error::new(format!(
                    "{} is not built, and there is no gleam on PATH to build it",
                    folder.display()
                ))
                .help("install Gleam (https://gleam.run), or run `gleam build` elsewhere and copy \
                       the project with its build folder"));
                };
                collected.notes.push(Note::Ours(format!(
                    "gleam is not on PATH: using what is already built in {}",
                    erlang(profile).display()
                )));
                profile
            }
        };
    packages(collected, &erlang(profile))?;
    collected.packages.push(package);
    Ok(())
}

/// Runs `gleam build`; what it said, or none if there is no `gleam`.
fn gleam_build(folder: &Path) -> Result<Option<String>> {
    let mut command = Command::new("gleam");
    command.args(["build", "--target", "erlang", "--no-print-progress"]).current_dir(folder);
    match command.output() {
        Ok(output) if output.status.success() => {
            Ok(Some(String::from_utf8_lossy(&output.stderr).into_owned()))
        }
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            Err(Error::new(format!("`gleam build` failed in {}:\n{said}", folder.display()))
                .help("make `gleam build` succeed in that folder first"))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::new(format!("cannot run gleam: {error}"))),
    }
}

pub(super) fn package_name(toml: &Path) -> Result<String> {
    let text = std::fs::read_to_string(toml).map_err(Error::io("read", toml))?;
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        Error::new(format!("{}: {}", toml.display(), error.message()))
    })?;
    match table.get("name") {
        Some(toml::Value::String(name)) => Ok(name.clone()),
        _ => Err(Error::new(format!("{} has no name", toml.display()))
            .help("a Gleam project has a line such as: name = \"my_project\"")),
    }
}
