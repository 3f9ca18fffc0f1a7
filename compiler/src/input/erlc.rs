//! Compiles Erlang source with the installation's `erlc`, into the cache.
//!
//! Invariant: a beam in the cache is used again only if the source, its name as given and the
//! compiler are the same and the source reads no other file.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::Otp;
use crate::{Error, Result};

/// The Erlang compiler of an installation.
#[derive(Clone, Debug)]
pub struct Erlc {
    command: PathBuf,
    /// What tells one compiler from another.
    identity: String,
    cache: PathBuf,
}

impl Erlc {
    pub fn of(otp: &Otp, cache: &Path) -> Erlc {
        let compiler = otp.applications.get("compiler");
        let version = compiler.map_or_else(String::new, |folder| folder.display().to_string());
        Erlc {
            command: otp.tool("erlc"),
            identity: format!("{} {version}", otp.release),
            cache: cache.join("erlc"),
        }
    }

    /// Compiles a source file; the path of the beam.
    pub fn compile(&self, source: &Path) -> Result<PathBuf> {
        let text = std::fs::read(source).map_err(Error::io("read", source))?;
        let folder = self.folder(&[(source, &text)]);
        let beam = folder.join(source.with_extension("beam").file_name().unwrap_or_default());
        if beam.is_file() && !reads_others(&text) {
            return Ok(beam);
        }
        self.run(&[source], &folder, true)?;
        if !beam.is_file() {
            return Err(Error::new(format!("erlc made no beam of {}", source.display())));
        }
        Ok(beam)
    }

    /// Compiles sources that read no other file, all at once; the folder with the beams.
    pub fn compile_texts(&self, sources: &[(&str, &str)]) -> Result<PathBuf> {
        let named: Vec<(&Path, &[u8])> =
            sources.iter().map(|(name, text)| (Path::new(*name), text.as_bytes())).collect();
        let folder = self.folder(&named);
        if folder.is_dir() {
            return Ok(folder);
        }
        let written = tempfile::tempdir().map_err(Error::io("make a folder in", &self.cache))?;
        for (name, text) in sources {
            let path = written.path().join(name);
            std::fs::write(&path, text).map_err(Error::io("write", &path))?;
        }
        let paths: Vec<PathBuf> =
            sources.iter().map(|(name, _)| written.path().join(name)).collect();
        let paths: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
        self.run(&paths, &folder, false)?;
        Ok(folder)
    }

    /// Where the beams of these sources belong.
    fn folder(&self, sources: &[(&Path, &[u8])]) -> PathBuf {
        let mut hash = blake3::Hasher::new();
        hash.update(self.identity.as_bytes());
        for (path, text) in sources {
            hash.update(path.as_os_str().as_encoded_bytes());
            hash.update(blake3::hash(text).as_bytes());
        }
        self.cache.join(&hash.finalize().to_hex()[..32])
    }

    /// Compiles into a folder that appears complete or not at all. One that is there is replaced if
    /// it may differ; otherwise it stays, as another build may be reading it.
    fn run(&self, sources: &[&Path], folder: &Path, replace: bool) -> Result<()> {
        std::fs::create_dir_all(&self.cache).map_err(Error::io("make", &self.cache))?;
        let made = tempfile::tempdir_in(&self.cache).map_err(Error::io("write in", &self.cache))?;
        let output =
            Command::new(&self.command).arg("-o").arg(made.path()).args(sources).output().map_err(
                |error| {
                    Error::new(format!("cannot run {}: {error}", self.command.display()))
                        .help("erlc comes with Erlang/OTP (Debian: apt install erlang-base)")
                },
            )?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stdout).into_owned()
                + &String::from_utf8_lossy(&output.stderr);
            let names: Vec<_> = sources.iter().map(|path| path.display().to_string()).collect();
            return Err(Error::new(format!("erlc failed on {}:\n{said}", names.join(" "))));
        }
        let made = made.keep();
        if replace {
            let _ = std::fs::remove_dir_all(folder);
        }
        match std::fs::rename(&made, folder) {
            Ok(()) => Ok(()),
            // Another build was faster and made the same.
            Err(_) if folder.is_dir() => {
                let _ = std::fs::remove_dir_all(&made);
                Ok(())
            }
            Err(error) => Err(Error::io("make", folder)(error)),
        }
    }
}

/// Whether a source may read other files.
fn reads_others(source: &[u8]) -> bool {
    let text = String::from_utf8_lossy(source);
    text.contains("-include") || text.contains("parse_transform")
}
