//! The form of files: their heads, lengths and names, and what stands in none of them.

use crate::assert_none;
use crate::source;

/// Longer files, each with its reason.
const LONG: &[(&str, &str)] = &[];
const LINES_MAX: usize = 1000;

/// Lines of a head.
const HEAD_MAX: usize = 15;

/// Names that say nothing of what is inside.
const EMPTY_NAMES: &[&str] = &["util", "utils", "common", "misc", "helper", "helpers", "stuff"];

/// What unfinished code says of itself.
const UNFINISHED: &[&str] = &["todo!", "unimplemented!", "dbg!"];

#[test]
fn rust_files_begin_by_saying_what_they_are() {
    let mut breaches = Vec::new();
    for source in source::rust() {
        let head = source.text.lines().take_while(|line| line.starts_with("//!")).count();
        if head == 0 || head > HEAD_MAX {
            breaches.push(format!("{}: {head} lines", source.path));
        }
    }
    assert_none("heads (//!) of 1 to 15 lines", breaches);
}

#[test]
fn other_sources_begin_by_saying_what_they_are() {
    let ours =
        |path: &str| path.starts_with("stdlib-shims/") || path.starts_with("bench/programs/");
    let mut breaches = Vec::new();
    for source in source::all() {
        let first = source.text.lines().next().unwrap_or_default();
        if ours(&source.path) && source.path.ends_with(".erl") && !first.starts_with("%%") {
            breaches.push(source.path.clone());
        }
        let second = source.text.lines().nth(1).unwrap_or_default();
        if first.starts_with("#!") && source.path != ".ci/run" && !second.starts_with(['#', '%']) {
            breaches.push(source.path.clone());
        }
    }
    assert_none("sources without a head", breaches);
}

#[test]
fn files_are_about_one_thing() {
    let mut breaches = Vec::new();
    let sources =
        || source::all().iter().filter(|source| source.is_rust() || source.path.ends_with(".erl"));
    for source in sources() {
        let lines = source.text.lines().count();
        let known = LONG.iter().any(|(path, _)| *path == source.path);
        if lines > LINES_MAX && !known {
            breaches.push(format!("{}: {lines} lines", source.path));
        }
    }
    for (path, _) in LONG {
        let long =
            sources().any(|source| source.path == *path && source.text.lines().count() > LINES_MAX);
        if !long {
            breaches.push(format!("{path} is not long any more: take it off the list"));
        }
    }
    assert_none("files of more than 1,000 lines", breaches);
}

#[test]
fn names_say_what_is_inside() {
    let empty = |name: &str| EMPTY_NAMES.contains(&name.split('.').next().unwrap_or_default());
    let breaches = source::all().iter().filter(|source| source.path.split('/').any(empty));
    assert_none(
        "files and folders with empty names",
        breaches.map(|source| source.path.clone()).collect(),
    );
}

#[test]
fn nothing_is_left_unfinished() {
    let mut breaches = Vec::new();
    for source in source::rust() {
        for (line, code) in source.code().iter().enumerate() {
            let found = UNFINISHED.iter().find(|word| code.contains(**word));
            breaches.extend(found.map(|word| format!("{}:{}: {word}", source.path, line + 1)));
        }
    }
    assert_none("unfinished code", breaches);
}

/// `expect` notices when its reason is gone; `allow` may stand where that cannot be.
#[test]
fn lints_are_silenced_with_a_reason() {
    let mut breaches = Vec::new();
    for source in source::rust() {
        let code = source.code().join("\n");
        for (at, _) in code.match_indices("#[").chain(code.match_indices("#![")) {
            let attribute = &code[at..];
            let attribute = &attribute[..attribute.find(")]").unwrap_or(attribute.len())];
            let inner = attribute.trim_start_matches(['#', '!', '[']);
            let silences = inner.starts_with("allow(") || inner.starts_with("expect(");
            let room = inner == "allow(unsafe_code";
            if silences && !room && !inner.contains("reason") {
                let line = code[..at].matches('\n').count() + 1;
                breaches.push(format!("{}:{line}: {inner})", source.path));
            }
        }
    }
    assert_none("silenced lints without a reason", breaches);
}
