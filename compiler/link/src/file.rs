//! Puts an executable in its place all at once: nobody ever sees half of one, and a program that
//! still runs keeps its own file.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use crate::Error;

/// Readable and executable by all that the user's file mask allows.
const MODE: u32 = 0o777;

pub fn write_executable(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let failed = |source| Error::Write { path: path.to_owned(), source };
    // A link keeps its place and its target is replaced.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    match fs::metadata(&target) {
        Ok(metadata) if metadata.is_dir() => {
            Err(failed(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory")))
        }
        // A device such as /dev/null is written to and never replaced.
        Ok(metadata) if !metadata.is_file() => {
            let opened = OpenOptions::new().write(true).open(&target);
            opened.and_then(|mut file| file.write_all(bytes)).map_err(failed)
        }
        _ => replace(&target, bytes).map_err(failed),
    }
}

fn replace(target: &Path, bytes: &[u8]) -> io::Result<()> {
    let (temporary, mut file) = create_beside(target)?;
    let written = file.write_all(bytes);
    // A file that is open for writing cannot be executed.
    drop(file);
    let replaced = written.and_then(|()| fs::rename(&temporary, target));
    if replaced.is_err() {
        // The first error is the one to report.
        let _ = fs::remove_file(&temporary);
    }
    replaced
}

/// Creates a file of a new name in the folder of `target`, where renaming is atomic.
fn create_beside(target: &Path) -> io::Result<(PathBuf, File)> {
    let name = target.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let mut attempt = 0;
    loop {
        let mut temporary_name = std::ffi::OsString::from(".");
        temporary_name.push(name);
        temporary_name.push(format!(".{}.{attempt}", std::process::id()));
        let temporary = target.with_file_name(temporary_name);
        match OpenOptions::new().write(true).create_new(true).mode(MODE).open(&temporary) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => attempt += 1,
            created => return created.map(|file| (temporary, file)),
        }
    }
}
