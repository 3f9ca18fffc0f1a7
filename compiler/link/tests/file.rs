//! Writing executables: whole or not at all.

mod fixture;

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use beamrc_link::write_executable;
use fixture::scratch;

/// A new empty folder.
fn folder(name: &str) -> std::path::PathBuf {
    let folder = scratch(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir(&folder).unwrap();
    folder
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn a_file_is_replaced_and_executable() {
    let folder = folder("replaced");
    let path = folder.join("program");
    fs::write(&path, "old").unwrap();
    let old = fs::File::open(&path).unwrap();
    write_executable(&path, b"new").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o700, 0o700);
    assert_eq!(names(&folder), ["program"]);
    // Whoever runs the old file keeps it.
    assert_eq!(std::io::read_to_string(old).unwrap(), "old");
}

#[test]
fn a_link_keeps_pointing_to_the_executable() {
    let folder = folder("linked");
    fs::write(folder.join("target"), "old").unwrap();
    let link = folder.join("link");
    symlink("target", &link).unwrap();
    write_executable(&link, b"new").unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read(folder.join("target")).unwrap(), b"new");
}

#[test]
fn errors_name_path_and_reason() {
    let folder = folder("errors");
    let cases = [
        (folder.clone(), "it is a directory"),
        (folder.join("absent/program"), "No such file"),
        ("/dev/full".into(), "No space left"),
        ("/proc/program".into(), "/proc/program"),
    ];
    for (path, reason) in cases {
        let message = write_executable(&path, b"new").unwrap_err().to_string();
        assert!(message.contains(&path.display().to_string()), "{message}");
        assert!(message.contains(reason), "{message}");
    }
    assert!(names(&folder).is_empty());
}

#[test]
fn a_device_is_written_to_and_stays() {
    write_executable(Path::new("/dev/null"), b"new").unwrap();
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
}
