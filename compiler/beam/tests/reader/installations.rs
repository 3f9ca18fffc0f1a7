//! Reads every module of the Erlang/OTP installations on this machine.
//!
//! Where there is none, nothing is tested here: the fixtures stand in for them.

use std::io::Read;
use std::path::{Path, PathBuf};

use beamrc_beam::{Literal, Module};
use flate2::read::ZlibDecoder;

/// Folders of applications, and the release whose beams they hold where it is known.
fn libraries() -> Vec<PathBuf> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut roots = vec![PathBuf::from("/usr/lib/erlang")];
    for release in ["25", "27", "29"] {
        roots.push(project.join(".otp").join(release));
        roots.extend(std::env::var_os(format!("BEAMRC_OTP{release}")).map(PathBuf::from));
    }
    roots.sort();
    roots.dedup();
    roots.into_iter().map(|root| root.join("lib")).filter(|lib| lib.is_dir()).collect()
}

fn beams(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() && !path.is_symlink() {
            beams(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "beam") {
            found.push(path);
        }
    }
}

#[test]
fn every_installed_module_reads() {
    let mut failures = Vec::new();
    for library in libraries() {
        let mut found = Vec::new();
        beams(&library, &mut found);
        assert!(!found.is_empty(), "{} holds no beams", library.display());
        for path in found {
            let bytes = std::fs::read(&path).expect("a readable beam");
            let origin = path.display().to_string();
            match Module::read(&bytes, &origin) {
                Ok(module) => check(&module, &bytes, &path, &mut failures),
                Err(error) => failures.push(error.to_string()),
            }
        }
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

/// What must hold of any module beyond that it reads.
fn check(module: &Module, bytes: &[u8], path: &Path, failures: &mut Vec<String>) {
    let stem = path.file_stem().expect("a file name").to_string_lossy();
    if *module.name != *stem {
        failures.push(format!("{} holds module {}", path.display(), module.name));
    }
    if !matches!(module.text().to_string().lines().next(), Some(line) if line.contains("module")) {
        failures.push(format!("{} prints nothing", path.display()));
    }
    // Compilers write literals as `term_to_binary` with minor version 2 does.
    let again: Vec<Vec<u8>> = module.literals.iter().map(Literal::to_external).collect();
    if again != literal_bytes(module, bytes) {
        failures.push(format!("{}: literals encode differently", path.display()));
    }
}

/// The encoded literals of a file known to be sound.
fn literal_bytes(module: &Module, bytes: &[u8]) -> Vec<Vec<u8>> {
    let Some(chunk) = module.chunks.iter().find(|chunk| chunk.id == *b"LitT") else {
        return Vec::new();
    };
    let (size, packed) = bytes[chunk.range.clone()].split_at(4);
    let mut plain = packed.to_vec();
    if size != [0; 4] {
        plain.clear();
        ZlibDecoder::new(packed).read_to_end(&mut plain).expect("packed literals");
    }
    let mut rest = &plain[4..];
    let mut terms = Vec::new();
    while let Some((size, tail)) = rest.split_first_chunk::<4>() {
        let (term, tail) = tail.split_at(u32::from_be_bytes(*size) as usize);
        terms.push(term.to_vec());
        rest = tail;
    }
    terms
}
