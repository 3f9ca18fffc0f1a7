//! What can go wrong, said so that the reader knows what to do.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// How many undefined symbols an error names.
const UNDEFINED_NAMED: usize = 20;

#[derive(Debug)]
pub enum Error {
    /// The runtime image is not what [`crate::Image`] expects.
    Image(String),
    /// The program's object is not what [`crate::link`] expects.
    Object(String),
    /// Symbols that neither the object nor the image defines, in the order of their names.
    Undefined(Vec<String>),
    /// Symbols that both the object and the image define, in the order of their names.
    Duplicate(Vec<String>),
    /// A relocation that cannot be applied.
    Relocation { kind: String, symbol: String, section: String, offset: u64, reason: String },
    /// Debug information that cannot be written.
    Debug(String),
    /// A file that cannot be written.
    Write { path: PathBuf, source: io::Error },
    /// The compiler driver could not be started.
    CcStart { command: String, source: io::Error },
    /// The compiler driver failed; what it printed.
    Cc { command: String, output: String },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Image(what) => write!(f, "unusable runtime image: {what}"),
            Error::Object(what) => write!(f, "unusable program object: {what}"),
            Error::Undefined(symbols) => write_symbols(f, "undefined", symbols),
            Error::Duplicate(symbols) => {
                write_symbols(f, "defined by both program and runtime:", symbols)
            }
            Error::Relocation { kind, symbol, section, offset, reason } => write!(
                f,
                "cannot apply relocation {kind} against symbol `{symbol}` at {section}+{offset:#x}: {reason}"
            ),
            Error::Debug(what) => write!(f, "cannot write debug information: {what}"),
            Error::Write { path, source } => {
                write!(f, "cannot write {}: {source}", path.display())
            }
            Error::CcStart { command, source } => write!(
                f,
                "cannot run `{command}`: {source} (the built-in linker needs no compiler driver)"
            ),
            Error::Cc { command, output } => write!(f, "`{command}` failed:\n{output}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Write { source, .. } | Error::CcStart { source, .. } => Some(source),
            _ => None,
        }
    }
}

fn write_symbols(f: &mut fmt::Formatter<'_>, what: &str, symbols: &[String]) -> fmt::Result {
    let plural = if symbols.len() == 1 { "" } else { "s" };
    write!(f, "{} symbol{plural} {what}", symbols.len())?;
    for symbol in symbols.iter().take(UNDEFINED_NAMED) {
        write!(f, "\n  {symbol}")?;
    }
    if symbols.len() > UNDEFINED_NAMED {
        write!(f, "\n  and {} more", symbols.len() - UNDEFINED_NAMED)?;
    }
    Ok(())
}
