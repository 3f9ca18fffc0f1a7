//! Passes over the form: one pass, one file.

mod floats;
mod order_words;
mod tables;
pub mod tidy;
mod traces;
mod wrap;

use super::{Function, verify};

/// Runs every pass in order; checks the form after each in debug builds.
pub fn run(f: &mut Function) -> Result<(), String> {
    type Pass = (&'static str, fn(&mut Function));
    const PASSES: &[Pass] = &[
        ("remove_unreachable", tidy::remove_unreachable),
        ("unbox_floats", floats::unbox_floats),
        ("sink_traces", traces::sink_traces),
        ("remove_unused", tidy::remove_unused),
        ("compare_words", order_words::compare_words),
        ("wrap", wrap::wrap),
        ("number_tables", tables::number_tables),
    ];
    for (name, pass) in PASSES {
        pass(f);
        if cfg!(debug_assertions) {
            verify(f).map_err(|e| format!("{} is broken after {name}: {e}\n{f}", f.name))?;
        }
    }
    Ok(())
}
