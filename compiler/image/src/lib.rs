//! The runtime as beamrc carries it: an image that programs are added to, and the object that it
//! was linked from, for the system's linker. How they are made stands in `build.rs`.
//!
//! Whoever works on the runtime can name another image in the environment variable
//! [`IMAGE_VARIABLE`] and need not build beamrc again.
#![forbid(unsafe_code)]

use std::borrow::Cow;
use std::{env, fmt, io};

/// Names a file to be used in place of the image inside.
pub const IMAGE_VARIABLE: &str = "BEAMRC_IMAGE";

static IMAGE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/image"));
static RUNTIME_OBJECT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/runtime.o"));

/// The runtime image, for `beamrc_link::Image`.
pub fn image() -> Result<Cow<'static, [u8]>, Error> {
    match env::var_os(IMAGE_VARIABLE) {
        Some(path) => std::fs::read(&path)
            .map(Cow::Owned)
            .map_err(|source| Error::Unreadable {
                path: path.to_string_lossy().into_owned(),
                source,
            }),
        None => present(IMAGE).map(Cow::Borrowed),
    }
}

/// The runtime as one relocatable object, for `beamrc_link::link_with_cc`.
pub fn runtime_object() -> Result<&'static [u8], Error> {
    present(RUNTIME_OBJECT)
}

fn present(bytes: &'static [u8]) -> Result<&'static [u8], Error> {
    if bytes.is_empty() {
        Err(Error::Absent)
    } else {
        Ok(bytes)
    }
}

#[derive(Debug)]
pub enum Error {
    /// Built with `BEAMRC_SKIP_IMAGE`.
    Absent,
    Unreadable {
        path: String,
        source: io::Error,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Absent => write!(
                f,
                "this beamrc was built without a runtime (BEAMRC_SKIP_IMAGE)"
            ),
            Error::Unreadable { path, source } => {
                write!(
                    f,
                    "cannot read the runtime image {path} ({IMAGE_VARIABLE}): {source}"
                )
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Absent => None,
            Error::Unreadable { source, .. } => Some(source),
        }
    }
}
