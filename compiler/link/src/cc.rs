//! Links with the system's compiler driver, for those who want its linker or foreign archives.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Error;

pub struct CcOptions {
    /// The driver, usually `cc`.
    pub command: OsString,
    /// Leave out symbols and debug sections.
    pub strip: bool,
    /// Further inputs and options, after the program and the runtime.
    pub arguments: Vec<OsString>,
}

impl Default for CcOptions {
    fn default() -> CcOptions {
        CcOptions { command: "cc".into(), strip: false, arguments: Vec::new() }
    }
}

/// Links the runtime, one relocatable object with its `main`, with the program's object.
pub fn link_with_cc(
    runtime: &[u8],
    object: &[u8],
    out: &Path,
    options: &CcOptions,
) -> Result<(), Error> {
    let inputs = Inputs::write(out, runtime, object)?;
    let mut command = Command::new(&options.command);
    command.args([
        "-static",
        "-no-pie",
        "-Wl,--build-id=sha1",
        "-Wl,--gc-sections",
        "-Wl,-z,noexecstack",
    ]);
    if options.strip {
        command.arg("-s");
    }
    command.arg("-o").arg(out).arg(&inputs.program).arg(&inputs.runtime);
    // Before version 2.34 the C library came in several archives.
    command.args(["-lm", "-lpthread", "-ldl"]);
    command.args(&options.arguments);
    let shown = || options.command.to_string_lossy().into_owned();
    let result = command.output();
    let output = result.map_err(|source| Error::CcStart { command: shown(), source })?;
    if output.status.success() {
        return Ok(());
    }
    let printed = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(Error::Cc { command: shown(), output: printed })
}

/// What the driver reads, beside its output and removed with this value.
struct Inputs {
    runtime: PathBuf,
    program: PathBuf,
}

impl Inputs {
    fn write(out: &Path, runtime: &[u8], object: &[u8]) -> Result<Inputs, Error> {
        let beside = |what: &str| {
            let mut name = OsString::from(".");
            name.push(out.file_name().unwrap_or_default());
            name.push(format!(".{}.{what}.o", std::process::id()));
            out.with_file_name(name)
        };
        // Made before the files, so that a failure leaves none behind.
        let inputs = Inputs { runtime: beside("runtime"), program: beside("program") };
        for (path, bytes) in [(&inputs.runtime, runtime), (&inputs.program, object)] {
            let written = std::fs::write(path, bytes);
            written.map_err(|source| Error::Write { path: path.clone(), source })?;
        }
        Ok(inputs)
    }
}

impl Drop for Inputs {
    fn drop(&mut self) {
        for path in [&self.runtime, &self.program] {
            // Nothing can be done about a file that stays.
            let _ = std::fs::remove_file(path);
        }
    }
}
