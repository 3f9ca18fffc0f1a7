//! Who may name whom: crates in their manifests, rooms (folders and files) in their code.

use crate::assert_none;
use crate::source::{self, Source};

/// A crate's folder, and the crates of the project that it may use.
const CRATES: &[(&str, &[&str])] = &[
    ("abi", &[]),
    ("compiler/beam", &[]),
    ("compiler/link", &[]),
    ("compiler/codegen", &["beamrc-abi", "beamrc-beam", "beamrc-link"]),
    ("compiler/image", &["beamrc-abi", "beamrc-link"]),
    ("compiler", &["beamrc-abi", "beamrc-beam", "beamrc-codegen", "beamrc-image", "beamrc-link"]),
    ("runtime", &["beamrc-abi"]),
    ("compiler/beam/fuzz", &["beamrc-beam"]),
    ("tests/harness", &["beamrc-beam", "beamrc-abi"]),
    ("tests/model", &[]),
    ("tests/tidy", &[]),
];

/// The rooms of a crate, lowest first: a room names only rooms that stand before it.
const ROOMS: &[(&str, &[&str])] = &[
    (
        "runtime/src",
        &["sys", "term", "heap", "program", "process", "ets", "sched", "bifs", "entry", "start"],
    ),
    ("compiler/codegen/src", &["literal_order", "ssa", "clif", "object", "driver"]),
    (
        "compiler/src",
        &[
            "error", "say", "cache", "input", "program", "shims", "codegen", "report", "pipeline",
            "settings", "cli",
        ],
    ),
    (
        "compiler/link/src",
        &[
            "error", "x86_64", "program", "image", "layout", "sections", "rest", "symbols",
            "dwarf", "merge", "file", "cc",
        ],
    ),
];

/// Folders whose code gets everything as arguments: no files, no environment, no output.
const CLOSED: &[&str] = &["abi/src", "compiler/beam/src", "compiler/codegen/src"];
const OUTSIDE: &[&str] =
    &["std::fs", "std::env", "std::process", "std::net", "println!", "print!", "eprintln!"];

#[test]
fn crates_use_lower_crates_only() {
    let mut breaches = Vec::new();
    let manifests = source::all()
        .iter()
        .filter_map(|source| Some((source.path.strip_suffix("/Cargo.toml")?, source)));
    for (folder, manifest) in manifests {
        let Some((_, allowed)) = CRATES.iter().find(|(name, _)| *name == folder) else {
            breaches.push(format!("{folder} is not in the table"));
            continue;
        };
        let tables = manifest
            .text
            .split("\n[")
            .filter(|table| table.split(']').next().unwrap_or("").ends_with("dependencies"));
        let names =
            tables.flat_map(str::lines).filter_map(|line| line.split(['.', ' ', '=']).next());
        let own = names.filter(|name| name.starts_with("beamrc-"));
        breaches.extend(
            own.filter(|name| !allowed.contains(name)).map(|name| format!("{folder} uses {name}")),
        );
    }
    assert_none("crates that use what they must not", breaches);
}

#[test]
fn rooms_name_lower_rooms_only() {
    let mut breaches = Vec::new();
    for (folder, rooms) in ROOMS {
        let place = |room: &str| rooms.iter().position(|name| *name == room);
        for (source, inside) in sources(folder) {
            let room = inside[0].as_str();
            if room == "lib" || room == "main" {
                continue;
            }
            let Some(own) = place(room) else {
                breaches
                    .push(format!("{}: {room} has no place in the order of rooms", source.path));
                continue;
            };
            for (line, named) in named_rooms(source, &inside) {
                match place(&named) {
                    Some(other) if other > own => {
                        breaches.push(format!("{}:{line}: {room} names {named}", source.path))
                    }
                    _ => {}
                }
            }
        }
    }
    assert_none("rooms that name higher ones", breaches);
}

/// The files below a folder that are no tests, with their module paths.
fn sources(folder: &str) -> Vec<(&'static Source, Vec<String>)> {
    let found: Vec<_> = source::rust()
        .filter(|source| !source.is_test())
        .filter_map(|source| {
            let inside =
                source.path.strip_prefix(folder)?.strip_prefix('/')?.strip_suffix(".rs")?;
            let mut path: Vec<String> = inside.split('/').map(str::to_owned).collect();
            if path.len() > 1 && path.last().is_some_and(|name| name == "mod") {
                path.pop();
            }
            Some((source, path))
        })
        .collect();
    assert!(!found.is_empty(), "{folder} is gone");
    found
}

/// What a file names from the root of its crate, with lines. Tests at its end may name all.
fn named_rooms(source: &Source, path: &[String]) -> Vec<(usize, String)> {
    let mut lines = source.code();
    lines.truncate(source.tests_begin());
    let code = lines.join("\n");
    let mut named = Vec::new();
    for (at, _) in code.match_indices("::") {
        let (before, after) = (&code[..at], &code[at + 2..]);
        let ups = match last_word(before) {
            "crate" => path.len(),
            "super" => supers(before),
            _ => continue,
        };
        if ups >= path.len() {
            let line = before.matches('\n').count() + 1;
            named.extend(first_words(after).map(|name| (line, name.to_owned())));
        }
    }
    named
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn last_word(text: &str) -> &str {
    text.rsplit(|c| !is_word(c)).next().unwrap_or_default()
}

/// How many times `super` stands in a row at the end.
fn supers(mut text: &str) -> usize {
    let mut count = 0;
    while let Some(shorter) = text.strip_suffix("super") {
        count += 1;
        text = shorter.strip_suffix("::").unwrap_or_default();
    }
    count
}

/// The first segment of a path, or of each path of a group.
fn first_words(text: &str) -> impl Iterator<Item = &str> {
    let items = match text.strip_prefix('{') {
        Some(group) => group.split(';').next().unwrap_or_default(),
        None => text.split(|c| !is_word(c)).next().unwrap_or_default(),
    };
    items.split(',').map(|item| item.trim().split(|c| !is_word(c)).next().unwrap_or_default())
}

#[test]
fn what_gets_everything_as_arguments_reaches_outside_nowhere() {
    let mut breaches = Vec::new();
    for folder in CLOSED {
        for (source, _) in sources(folder) {
            for (line, code) in source.code().iter().enumerate() {
                let found = OUTSIDE.iter().find(|word| code.contains(**word));
                breaches.extend(found.map(|word| format!("{}:{}: {word}", source.path, line + 1)));
            }
        }
    }
    assert_none("files, environment and output", breaches);
}

#[test]
fn paths_are_found_however_they_are_written() {
    let source = Source {
        path: "runtime/src/heap/bits.rs".into(),
        text: "use crate::term::{self, Term};\nuse super::super::sched;\nuse super::copy;\nuse crate::{\nsys, entry::boot};\n\
               // crate::comment\nlet x = crate::bifs::f();\n#[cfg(test)]\nmod tests {\n use crate::start;\n"
            .into(),
    };
    let named = named_rooms(&source, &["heap".into(), "bits".into()]);
    let named: Vec<_> = named.iter().map(|(line, name)| (*line, name.as_str())).collect();
    assert_eq!(named, [(1, "term"), (2, "sched"), (4, "sys"), (4, "entry"), (7, "bifs")]);
}
