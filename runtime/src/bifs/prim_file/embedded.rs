//! Files that the executable carries in itself: they stand below a folder that the system cannot
//! have, as its name is that of a file, and can be read there but not changed.
//!
//! The table of resources is in the order of names; folders are what names have in common.

use crate::program::program;
use crate::sys::file::{self, FileKind, Info, Outcome};
use beamrc_abi::program::EMBEDDED_ROOT;

/// What stands at a place.
pub enum Place {
    File(&'static [u8]),
    /// Names in it, each once.
    Folder(Vec<&'static [u8]>),
}

/// The name in the table of what a path means, if that is no path of the system's.
pub fn name(path: &[u8]) -> Option<Vec<u8>> {
    let rest = path.strip_prefix(EMBEDDED_ROOT.as_bytes())?.strip_prefix(b"/")?;
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in rest.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." => _ = parts.pop()?,
            _ => parts.push(part),
        }
    }
    Some(parts.join(&b'/'))
}

/// What stands there.
pub fn find(name: &[u8]) -> Outcome<Place> {
    if let Some(data) = program().resource(name) {
        return Ok(Place::File(data));
    }
    let mut inside: Vec<&[u8]> =
        program().resources().filter_map(|(other, _)| below(other, name)).collect();
    inside.dedup();
    if !inside.is_empty() {
        return Ok(Place::Folder(inside));
    }
    let is_file = |at: usize| name[at] == b'/' && program().resource(&name[..at]).is_some();
    Err(match (0..name.len()).any(is_file) {
        true => libc::ENOTDIR,
        false => libc::ENOENT,
    })
}

/// The next part of a name that begins with a folder's.
fn below(name: &'static [u8], folder: &[u8]) -> Option<&'static [u8]> {
    let rest = match folder {
        b"" => name,
        _ => name.strip_prefix(folder)?.strip_prefix(b"/")?,
    };
    rest.split(|byte| *byte == b'/').next()
}

/// The data of a file.
pub fn read(name: &[u8]) -> Outcome<&'static [u8]> {
    match find(name)? {
        Place::File(data) => Ok(data),
        Place::Folder(_) => Err(libc::EISDIR),
    }
}

/// The names in a folder.
pub fn list(name: &[u8]) -> Outcome<Vec<Vec<u8>>> {
    match find(name)? {
        Place::File(_) => Err(libc::ENOTDIR),
        Place::Folder(names) => Ok(names.into_iter().map(<[u8]>::to_vec).collect()),
    }
}

/// What is known of it; it is as old as the executable.
pub fn info(name: &[u8]) -> Outcome<Info> {
    Ok(match find(name)? {
        Place::File(data) => info_of_file(data),
        Place::Folder(_) => {
            Info { kind: FileKind::Directory, mode: 0o040_555, ..info_of_file(&[]) }
        }
    })
}
pub fn info_of_file(data: &[u8]) -> Info {
    let executable = file::info(EMBEDDED_ROOT.as_bytes(), true).unwrap_or_default();
    Info {
        size: data.len() as u64,
        kind: FileKind::Regular,
        mode: 0o100_444,
        readable: true,
        writable: false,
        links: 1,
        device: 0,
        special_device: 0,
        inode: 0,
        ..executable
    }
}
