//! Comparison, hashing and printing of any term.

use crate::process::Process;
use crate::process::exception::Result;
use crate::term::Term;

pub fn display_1(_p: &mut Process, term: Term) -> Result {
    if let Some(value) = term.as_small() {
        println!("{value}");
    } else {
        println!("#{:#x}", term.0);
    }
    Ok(Term::TRUE)
}
