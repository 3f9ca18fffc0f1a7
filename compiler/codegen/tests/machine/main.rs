//! Random machine code does the same before and after it is improved.
//!
//! The code is such as Cranelift makes: blocks behind a frame, calls with rows and handlers, slots,
//! jump tables, constants. Both versions are interpreted from the same registers and memory, and
//! everything that others can see of them is compared: what they store outside of the frame, whom
//! they call with what, which terms a collection finds in the slots, how they leave.

mod interpreter;
mod programs;

use beamrc_codegen::clif::machine::improve;
use interpreter::{difference, run};
use std::collections::BTreeMap;

/// Programs, and from how many states each is run.
const PROGRAMS: u64 = 2000;
const STATES: u64 = 12;

#[test]
fn improved_code_does_the_same() {
    let (mut improved, mut seen) = (0, BTreeMap::<&str, u64>::new());
    for seed in 1..=PROGRAMS {
        let (old, shape) = programs::program(seed);
        let new = improve(old.clone(), &shape);
        improved += u64::from(new.code != old.code);
        for state in seed * STATES..(seed + 1) * STATES {
            let (before, after) = (run(&old, state), run(&new, state));
            before.iter().for_each(|event| *seen.entry(event.name()).or_default() += 1);
            if let Some(difference) = difference(&before, &after) {
                let (old, new) = (programs::listing(&old), programs::listing(&new));
                panic!(
                    "program {seed}, state {state}\nbefore:\n{old}\nafter:\n{new}\n{difference}"
                );
            }
        }
    }
    assert_eq!(seen.get("broken"), None, "programs that are wrong to begin with: {seen:?}");
    assert!(improved > PROGRAMS * 3 / 4, "only {improved} were improved");
    for name in ["call", "store", "return", "jump", "trap", "handler"] {
        assert!(seen.get(name).is_some_and(|n| *n > 100), "few of {name}: {seen:?}");
    }
}
