//! Errors as the user sees them: what is wrong, and what to do about it.
//!
//! Invariant: `message` is a sentence without a final full stop that names the file or function;
//! `help` says what to do next and is there whenever something can be done.

use std::fmt;
use std::path::Path;

/// Why a command failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub fn new(message: impl Into<String>) -> Error {
        Error { message: message.into(), help: None }
    }

    pub fn help(mut self, help: impl Into<String>) -> Error {
        self.help = Some(help.into());
        self
    }

    /// For `map_err` on file operations: `doing` is such as "read".
    pub fn io<'a>(doing: &'a str, path: &'a Path) -> impl FnOnce(std::io::Error) -> Error + 'a {
        move |error| Error::new(format!("cannot {doing} {}: {error}", path.display()))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(f, "\n  help: {}", help.replace('\n', "\n        ")),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}

impl From<beamrc_beam::Error> for Error {
    fn from(error: beamrc_beam::Error) -> Error {
        Error::new(error.to_string())
    }
}
