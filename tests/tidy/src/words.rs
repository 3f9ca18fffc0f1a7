//! Words that stand in no file: places on one machine, other hosts, how the work was organised.

use crate::assert_none;
use crate::source;

/// Parts of paths of one machine.
const PLACES: &[&str] = &["/work/", "/root/", "/home/", "/opt/", "/Users/"];

/// Files in which a path is made up on purpose.
const MADE_UP: &[(&str, &str)] = &[("compiler/link/tests/debug.rs", "/home/")];

/// History and plans stand in commits.
const PLANS: &[&str] = &["TODO", "FIXME", "XXX", "HACK"];

/// Hosts that a reader may be sent to.
const HOSTS: &[&str] = &[
    "github.com",
    "www.rust-lang.org",
    "www.apache.org",
    "www.erlang.org",
    "gleam.run",
    "example.org",
];

/// This file names them all.
const SELF: &str = "tests/tidy/src/words.rs";

fn scan(rule: &str, breach: impl Fn(&str, &str) -> Option<String>) {
    let mut breaches = Vec::new();
    for source in source::all().iter().filter(|source| source.path != SELF) {
        for (number, line) in source.text.lines().enumerate() {
            let found = breach(&source.path, line);
            breaches.extend(found.map(|what| format!("{}:{}: {what}", source.path, number + 1)));
        }
    }
    assert_none(rule, breaches);
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_alphanumeric() && c != '_')
}

#[test]
fn no_file_names_places_on_one_machine() {
    scan("places on one machine", |path, line| {
        let made_up = |place: &str| MADE_UP.contains(&(path, place));
        let named = |place: &&&str| line.contains(**place) && !made_up(place);
        PLACES.iter().find(named).map(|place| format!("{place} in {line}"))
    });
}

#[test]
fn no_file_names_plans_or_how_the_work_was_organised() {
    scan("plans and history", |_, line| {
        let lower = line.to_lowercase();
        let mut all = words(&lower).peekable();
        while let Some(word) = all.next() {
            let next = all.peek().copied().unwrap_or_default();
            let numbered = next.starts_with(|c: char| c.is_ascii_digit())
                || next.is_empty() && lower.contains('#');
            if word == "session" || word == "sessions" || (word == "issue" && numbered) {
                return Some(line.to_owned());
            }
        }
        words(line).find(|word| PLANS.contains(word)).map(str::to_owned)
    });
}

#[test]
fn only_known_hosts_are_named() {
    scan("unknown hosts", |_, line| {
        let links = line
            .split("http")
            .skip(1)
            .filter_map(|rest| rest.trim_start_matches('s').strip_prefix("://"));
        let ends = |c: char| !c.is_alphanumeric() && c != '.' && c != '-' && c != '@';
        let hosts = links.filter_map(|link| link.split(ends).next()?.rsplit('@').next());
        let unknown = hosts.into_iter().find(|host| !HOSTS.contains(host) && host.contains('.'));
        unknown.map(str::to_owned)
    });
}
