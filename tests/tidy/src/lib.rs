//! The project's rules about its own text, as tests.
//!
//! Each rule is a table and a scan; what breaks a rule today stands in the table with its reason,
//! and an entry that is no longer needed fails too, so that the tables only become shorter.
#![cfg(test)]

mod files;
mod layers;
mod source;
mod unsafety;
mod words;

/// Fails with one line for each breach.
fn assert_none(rule: &str, breaches: Vec<String>) {
    assert!(breaches.is_empty(), "{rule}:\n  {}", breaches.join("\n  "));
}
