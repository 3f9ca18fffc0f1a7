//! A folder to run beamrc in, and what it said.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder to build in, with a cache that all tests share.
pub struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    pub fn new() -> Place {
        Place { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Compiles a module into a folder.
    pub fn beam(&self, folder: &str, source: &str) -> PathBuf {
        let name = source.split_once("-module('").unwrap().1.split_once("')").unwrap().0;
        let source = self.write(&format!("{folder}/{name}.erl"), source);
        let made = Command::new("erlc").arg("-o").arg(self.path(folder)).arg(&source).status();
        assert!(made.expect("erlc is needed for these tests").success());
        std::fs::remove_file(&source).unwrap();
        source.with_extension("beam")
    }

    /// Makes a folder with links to the tools of Erlang and of the shell, but no `gleam`.
    pub fn tools(&self, tools: &Path) {
        if tools.is_dir() {
            return;
        }
        std::fs::create_dir(tools).unwrap();
        for tool in ["erl", "erlc", "sh", "dirname", "basename", "sed"] {
            let path = std::env::var_os("PATH").unwrap();
            let found =
                std::env::split_paths(&path).map(|folder| folder.join(tool)).find(|f| f.is_file());
            std::os::unix::fs::symlink(found.expect("on PATH"), tools.join(tool)).unwrap();
        }
    }

    pub fn beamrc(&self, arguments: &[&str]) -> Said {
        self.beamrc_with(arguments, &[])
    }

    pub fn beamrc_with(&self, arguments: &[&str], environment: &[(&str, &Path)]) -> Said {
        let environment = environment.iter().map(|(name, value)| (name, value));
        Said(self.command(arguments).envs(environment).output().unwrap())
    }

    /// beamrc with these arguments, to be run.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache");
        let mut command = Command::new(env!("CARGO_BIN_EXE_beamrc"));
        command.args(arguments).current_dir(self.folder.path()).env("BEAMRC_CACHE", cache);
        command
    }
}

pub struct Said(pub Output);

impl Said {
    pub fn out(&self) -> String {
        String::from_utf8_lossy(&self.0.stdout).into_owned()
    }

    #[track_caller]
    pub fn ok(self) -> Said {
        assert!(self.0.status.success(), "{}", self.err());
        self
    }

    pub fn err(&self) -> String {
        String::from_utf8_lossy(&self.0.stderr).into_owned()
    }

    #[track_caller]
    pub fn fails(self, parts: &[&str]) {
        let err = self.err();
        assert_eq!(self.0.status.code(), Some(1), "{err}");
        assert!(err.starts_with("error: "), "{err}");
        assert!(parts.iter().all(|part| err.contains(part)), "{parts:?} in:\n{err}");
    }

    #[track_caller]
    pub fn keeps(self, functions: &[&str]) -> Said {
        let said = self.ok();
        let out = said.out();
        for function in functions {
            let found = out.lines().any(|line| line == *function);
            assert!(found, "{function} is not kept");
        }
        said
    }
}
