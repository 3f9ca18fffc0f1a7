//! The runtime as beamrc carries it: images that programs are added to, and the object that they
//! were linked from, of which programs get what no image has. How they are made stands in
//! `build.rs`.
//!
//! Whoever works on the runtime can name a folder with other files of the same names in the
//! environment variable [`FOLDER_VARIABLE`] and need not build beamrc again.
#![forbid(unsafe_code)]

use std::borrow::Cow;
use std::path::PathBuf;
use std::{env, fmt, io};

/// Names a folder to be used in place of what is inside.
pub const FOLDER_VARIABLE: &str = "BEAMRC_IMAGE";

macro_rules! carried {
    ($name:literal) => {
        ($name, include_bytes!(concat!(env!("OUT_DIR"), "/", $name)))
    };
}

/// A file's name and what it holds.
type Carried = (&'static str, &'static [u8]);

static RUNTIME_OBJECT: Carried = carried!("runtime.o");
/// Images and where in them the object's sections are. A program takes the first that has what it
/// needs of the C library.
static IMAGES: [[Carried; 2]; 2] = [
    [carried!("image"), carried!("image.sections")],
    [carried!("image-math"), carried!("image-math.sections")],
];

/// For `beamrc_link::Image`.
pub struct Image {
    pub bytes: Cow<'static, [u8]>,
    /// The address of each section of the runtime's object, or 0; empty if all are in the image
    /// and programs need nothing of the object.
    pub sections: Cow<'static, [u8]>,
}

/// The images, the smaller ones first.
pub fn images() -> Result<Vec<Image>, Error> {
    let read = |[image, sections]: &[Carried; 2]| {
        Ok(Image { bytes: contents(image)?, sections: possibly_empty(sections)? })
    };
    IMAGES.iter().map(read).collect()
}

/// The runtime as one relocatable object.
pub fn runtime_object() -> Result<Cow<'static, [u8]>, Error> {
    contents(&RUNTIME_OBJECT)
}

fn contents(carried: &Carried) -> Result<Cow<'static, [u8]>, Error> {
    let bytes = possibly_empty(carried)?;
    match bytes.is_empty() {
        true => Err(Error::Absent),
        false => Ok(bytes),
    }
}

fn possibly_empty((name, bytes): &Carried) -> Result<Cow<'static, [u8]>, Error> {
    if let Some(folder) = env::var_os(FOLDER_VARIABLE) {
        let path = PathBuf::from(folder).join(name);
        return std::fs::read(&path).map(Cow::Owned).map_err(|source| Error::Unreadable {
            path: path.to_string_lossy().into_owned(),
            source,
        });
    }
    Ok(Cow::Borrowed(bytes))
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
            Error::Absent => {
                write!(f, "this beamrc was built without a runtime (BEAMRC_SKIP_IMAGE)")
            }
            Error::Unreadable { path, source } => {
                write!(f, "cannot read {path} of the runtime ({FOLDER_VARIABLE}): {source}")
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
