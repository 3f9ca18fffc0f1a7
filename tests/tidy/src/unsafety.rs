//! Unsafe code: only in marked rooms, never without its reason.

use crate::assert_none;
use crate::source::{self, Source};
use std::collections::BTreeMap;

/// Files that may say `#![allow(unsafe_code)]`: a room's `mod.rs` says it for the room.
const ROOMS: &[&str] = &[
    "runtime/src/entry/mod.rs",
    "runtime/src/ets/hash.rs",
    "runtime/src/ets/object.rs",
    "runtime/src/ets/ordered.rs",
    "runtime/src/ets/spec/head.rs",
    "runtime/src/ets/spec/mod.rs",
    "runtime/src/heap/mod.rs",
    "runtime/src/process/arguments.rs",
    "runtime/src/process/mailbox.rs",
    "runtime/src/process/queue.rs",
    "runtime/src/process/roots.rs",
    "runtime/src/process/shared.rs",
    "runtime/src/process/stack.rs",
    "runtime/src/process/table.rs",
    "runtime/src/program.rs",
    "runtime/src/sched/mod.rs",
    "runtime/src/sched/sleep.rs",
    "runtime/src/start.rs",
    "runtime/src/sys/mod.rs",
    "runtime/src/term/mod.rs",
];

/// Crates without any.
const SAFE: &[&str] = &[
    "abi/src/lib.rs",
    "compiler/beam/src/lib.rs",
    "compiler/codegen/src/lib.rs",
    "compiler/image/src/lib.rs",
    "compiler/link/src/lib.rs",
    "compiler/src/lib.rs",
    "compiler/src/main.rs",
];

#[test]
fn unsafe_code_is_allowed_in_these_rooms_only() {
    let marked =
        |source: &&Source| source.code().iter().any(|line| line.contains("allow(unsafe_code"));
    let found: Vec<&str> =
        source::rust().filter(marked).map(|source| source.path.as_str()).collect();
    assert_eq!(found, ROOMS, "files that allow unsafe code");
    for path in SAFE {
        let source = source::rust()
            .find(|source| source.path == *path)
            .unwrap_or_else(|| panic!("{path} is gone"));
        assert!(source.text.contains("#![forbid(unsafe_code)]"), "{path} forbids unsafe code");
    }
}

#[test]
fn every_unsafe_block_says_why_it_is_sound() {
    let mut breaches = Vec::new();
    let mut blocks = 0;
    for source in source::rust() {
        let lines: Vec<&str> = source.text.lines().collect();
        let tests = if source.is_test() { 0 } else { source.tests_begin() };
        for (index, code) in source.code().iter().enumerate() {
            let line = format!("{}:{}", source.path, index + 1);
            if ["unsafe {", "unsafe impl"].iter().any(|word| has_word(code, word)) {
                blocks += 1;
                if !comment_above(&lines, index).contains("SAFETY:") {
                    breaches.push(format!("{line}: no SAFETY comment"));
                }
            }
            let declared = ["unsafe fn ", "unsafe extern \"C\" fn ", "unsafe extern  fn "];
            let declares =
                declared.iter().any(|word| has_word(code, word)) && !code.contains("fn(");
            if declares && index < tests && !comment_above(&lines, index).contains("# Safety") {
                breaches.push(format!("{line}: what must the caller see to? (# Safety)"));
            }
        }
    }
    assert!(blocks > 100, "only {blocks} unsafe blocks were found");
    assert_none("unsafe code without its reason", breaches);
}

fn has_word(code: &str, word: &str) -> bool {
    code.match_indices(word)
        .any(|(at, _)| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

/// The comment above the statement or item that holds this line.
fn comment_above(lines: &[&str], index: usize) -> String {
    let comment = |line: &str| line.starts_with("//");
    let mut first = index;
    while first > 0 {
        let above = lines[first - 1].trim();
        let ends = above.is_empty() || above.ends_with([';', '{', '}']);
        if comment(above) || (ends && !above.starts_with("#[")) {
            break;
        }
        first -= 1;
    }
    let above =
        lines[..first].iter().rev().map(|line| line.trim()).take_while(|line| comment(line));
    above.collect::<Vec<_>>().join("\n")
}

/// An invariant has a letter and a number; the head of some file states it (`X1: …`), and only one.
#[test]
fn cited_invariants_are_stated_once() {
    let mut stated: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let mut cited = BTreeMap::new();
    for source in source::rust().filter(|source| source.path.starts_with("runtime/")) {
        for line in source.text.lines().map(str::trim) {
            if let Some(head) = line.strip_prefix("//!") {
                for name in
                    invariants(head).into_iter().filter(|name| head.contains(&format!("{name}: ")))
                {
                    stated.entry(name).or_default().push(&source.path);
                }
            } else if line.starts_with("//") && line.contains("SAFETY") {
                cited.extend(invariants(line).into_iter().map(|name| (name, source.path.as_str())));
            }
        }
    }
    let unknown = cited.iter().filter(|(name, _)| !stated.contains_key(*name));
    let twice = stated.iter().filter(|(_, paths)| paths.len() > 1);
    let mut breaches: Vec<_> =
        unknown.map(|(name, path)| format!("{path} cites {name}, which no head states")).collect();
    breaches
        .extend(twice.map(|(name, paths)| format!("{name} is stated in {}", paths.join(" and "))));
    assert_none("invariants", breaches);
}

/// Names such as I5 in a line.
fn invariants(line: &str) -> Vec<String> {
    let words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
    let is_name = |word: &&str| matches!(word.as_bytes(), [letter, number] if letter.is_ascii_uppercase() && number.is_ascii_digit());
    words.filter(is_name).map(str::to_owned).collect()
}

/// Who runs out of memory leaves what it is doing; a lock that is not counted would stay locked (X1).
#[test]
fn the_runtimes_locks_are_counted() {
    let mut breaches = Vec::new();
    for source in source::rust().filter(|source| source.path.starts_with("runtime/src/")) {
        if source.path == "runtime/src/sys/lock.rs" {
            continue;
        }
        for (index, code) in source.code().iter().enumerate() {
            if code.contains("std::sync::")
                && ["Mutex", "RwLock"].iter().any(|lock| code.contains(lock))
            {
                breaches.push(format!("{}:{}", source.path, index + 1));
            }
        }
    }
    assert_none("locks that are not those of sys::lock", breaches);
}
