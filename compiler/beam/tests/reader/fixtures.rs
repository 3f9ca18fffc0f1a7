//! The compiled fixtures and ways to change them.

use std::ops::Range;
use std::path::{Path, PathBuf};

use beamrc_beam::Module;

pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// Every compiled fixture, in a fixed order.
pub fn all() -> Vec<PathBuf> {
    let mut paths = Vec::new();
    for release in ["25", "27", "29"] {
        let entries = std::fs::read_dir(folder().join(release)).expect("fixtures of the release");
        let beams = entries.map(|entry| entry.expect("a fixture").path());
        paths.extend(beams.filter(|path| path.extension().is_some_and(|e| e == "beam")));
    }
    assert!(paths.len() > 15, "fixtures are missing: tests/fixtures/build.sh makes them");
    paths.sort();
    paths
}

pub fn fixture(name: &str) -> (PathBuf, Vec<u8>) {
    let path = folder().join(name);
    let bytes = std::fs::read(&path).expect("a fixture");
    (path, bytes)
}

pub fn read(bytes: &[u8], path: &Path) -> Module {
    Module::read(bytes, &path.display().to_string()).unwrap_or_else(|error| panic!("{error}"))
}

/// Where the data of a chunk lies in a sound file.
pub fn chunk(bytes: &[u8], id: &[u8; 4]) -> Range<usize> {
    let module = Module::read(bytes, "fixture").expect("a sound file");
    let chunk = module.chunks.into_iter().find(|chunk| chunk.id == *id);
    chunk.expect("the chunk").range
}

/// The file with the data of one chunk replaced.
pub fn with_chunk(bytes: &[u8], id: &[u8; 4], data: &[u8]) -> Vec<u8> {
    with_range(bytes, &chunk(bytes, id), data)
}

/// The file with the data of the chunk at this range replaced.
pub fn with_range(bytes: &[u8], range: &Range<usize>, data: &[u8]) -> Vec<u8> {
    let mut file = bytes[..range.start - 4].to_vec();
    file.extend_from_slice(&(data.len() as u32).to_be_bytes());
    file.extend_from_slice(data);
    file.resize(file.len().next_multiple_of(4), 0);
    file.extend_from_slice(&bytes[range.end.next_multiple_of(4)..]);
    let size = (file.len() - 8) as u32;
    file[4..8].copy_from_slice(&size.to_be_bytes());
    file
}
