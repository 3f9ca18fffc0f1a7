//! Why a file could not be read: which file, which chunk, at which byte.

use std::fmt;

/// A file that is not a BEAM file this reader supports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The name of the file, as the caller gave it.
    pub origin: String,
    /// The chunk that holds the fault, if the fault lies in one.
    pub chunk: Option<String>,
    /// Byte offset in the file; within the unpacked data where `packed` is set.
    pub offset: usize,
    /// Whether the offset counts in data that the file holds compressed.
    pub packed: bool,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.origin)?;
        if let Some(chunk) = &self.chunk {
            write!(f, "chunk {chunk}, ")?;
        }
        let packed = if self.packed { "unpacked " } else { "" };
        write!(f, "{packed}byte {}: {}", self.offset, self.message)
    }
}

impl std::error::Error for Error {}

/// A fault at an offset, before it is known in which chunk of which file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) offset: usize,
    pub(crate) packed: bool,
    pub(crate) message: String,
}

impl Fault {
    pub(crate) fn new(offset: usize, message: impl Into<String>) -> Fault {
        Fault { offset, packed: false, message: message.into() }
    }

    pub(crate) fn within(self, origin: &str, chunk: Option<&str>) -> Error {
        Error {
            origin: origin.to_owned(),
            chunk: chunk.map(str::to_owned),
            offset: self.offset,
            packed: self.packed,
            message: self.message,
        }
    }
}
