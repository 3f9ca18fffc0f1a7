//! What a Gleam project itself says to beamrc: the table `[beamrc]` of its gleam.toml. Its keys are
//! the command line's options, with the same meaning.
//!
//! This file must not know how a build uses them.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::codegen::OptLevel;
use crate::pipeline::Linker;
use crate::{Error, Result};

/// The table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    pub keep: Vec<String>,
    pub keep_app: Vec<String>,
    pub entry: Option<String>,
    pub otp: Option<PathBuf>,
    pub strip: bool,
    pub allow_missing: bool,
    pub opt: Option<OptLevel>,
    pub linker: Option<Linker>,
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    beamrc: Settings,
}

impl Settings {
    /// Those of the project in a folder; what is no project has none. A path in them starts at the
    /// project's folder.
    pub fn of_project(folder: &Path) -> Result<Settings> {
        let path = folder.join("gleam.toml");
        if !path.is_file() {
            return Ok(Settings::default());
        }
        let text = std::fs::read_to_string(&path).map_err(Error::io("read", &path))?;
        let file: File = toml::from_str(&text).map_err(|error| wrong(&path, &text, &error))?;
        let mut settings = file.beamrc;
        settings.otp = settings.otp.map(|otp| folder.join(otp));
        Ok(settings)
    }
}

fn wrong(path: &Path, text: &str, error: &toml::de::Error) -> Error {
    let start = error.span().map_or(0, |span| span.start);
    let line = 1 + text.bytes().take(start).filter(|byte| *byte == b'\n').count();
    Error::new(format!("{}:{line}: {}", path.display(), error.message())).help(
        "the table [beamrc] has the command line's options as its keys, such as \
         keep = [\"my_module\"] or strip = true; beamrc build --help lists them",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Settings> {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("gleam.toml"), text).expect("written");
        Settings::of_project(folder.path())
    }

    #[test]
    fn every_option_is_a_key() {
        let settings = read(
            "name = \"p\"\n[beamrc]\nkeep = [\"m\"]\nkeep-app = [\"a\"]\nentry = \"p:go\"\n\
             otp = \"/otp\"\nstrip = true\nallow-missing = true\nopt = \"none\"\nlinker = \"cc\"\n",
        );
        let expected = Settings {
            keep: vec!["m".into()],
            keep_app: vec!["a".into()],
            entry: Some("p:go".into()),
            otp: Some("/otp".into()),
            strip: true,
            allow_missing: true,
            opt: Some(OptLevel::None),
            linker: Some(Linker::Cc),
        };
        assert_eq!(settings, Ok(expected));
        assert_eq!(read("name = \"p\"\n[dependencies]\nx = \"1\"\n"), Ok(Settings::default()));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let cases = [
            ("name = \"p\"\n\n[beamrc]\nkeep = []\nkeap = []\n", "gleam.toml:5: ", "keap"),
            ("name = \"p\"\n[beamrc]\nopt = \"fast\"\n", "gleam.toml:3: ", "fast"),
            ("name = \"p\"\n[beamrc]\nstrip = 1\n", "gleam.toml:3: ", "boolean"),
            ("name = \n", "gleam.toml:1: ", ""),
        ];
        for (text, place, word) in cases {
            let message = read(text).expect_err("refused").message;
            assert!(message.contains(place) && message.contains(word), "{message}");
        }
    }
}
