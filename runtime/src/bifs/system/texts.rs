//! The texts of `erlang:system_info/1`: `info`, `procs`, `loaded` and `dist`, in the form of OTP's crash
//! dumps.
//!
//! Of processes they say what can be seen from outside: what only the process itself may look at is
//! left out.

use super::statistics::{KINDS, memory_bytes};
use crate::process::Priority;
use crate::process::names;
use crate::process::table::table;
use crate::program::program;
use crate::term::{atom, print};
use core::fmt::Write;
use std::collections::BTreeMap;

pub fn text(key: &str) -> Option<String> {
    let mut text = String::new();
    let written = match key {
        "info" => info(&mut text),
        "procs" => processes(&mut text),
        "loaded" => loaded(&mut text),
        "dist" => writeln!(text, "=node:'nonode@nohost'\n=no_distribution"),
        _ => return None,
    };
    written.ok().map(|()| text)
}

fn info(text: &mut String) -> core::fmt::Result {
    writeln!(text, "=memory")?;
    for kind in KINDS {
        writeln!(text, "{kind}: {}", memory_bytes(kind).unwrap_or(0))?;
    }
    writeln!(text, "=index_table:atom_tab\nlimit: {}\nentries: {}", atom::LIMIT, atom::count())
}

fn processes(text: &mut String) -> core::fmt::Result {
    for process in table().all() {
        let state = if process.signals.is_parked() { "Waiting" } else { "Scheduled" };
        writeln!(text, "=proc:{}\nState: {state}", print::to_text(process.id()))?;
        if let Some(name) = names::name_of(process.number()) {
            writeln!(text, "Name: {}", atom::text(name))?;
        }
        let priority = match process.priority() {
            Priority::Max => "MAX",
            Priority::High => "HIGH",
            Priority::Normal => "NORMAL",
            Priority::Low => "LOW",
        };
        writeln!(text, "Internal State: PRQ_PRIO_{priority}")?;
    }
    Ok(())
}

/// Bytes of code, of all modules and of each.
fn loaded(text: &mut String) -> core::fmt::Result {
    let mut sizes: BTreeMap<&str, u64> =
        program().modules().iter().map(|module| (atom::text(module.name), 0)).collect();
    for function in program().functions() {
        *sizes.entry(atom::text(function.module)).or_default() +=
            u64::from(function.end - function.start);
    }
    writeln!(text, "Current code: {}\nOld code: 0", sizes.values().sum::<u64>())?;
    sizes.iter().try_for_each(|(module, size)| writeln!(text, "{module} {size}"))
}
