//! The end of the program.

use crate::process::Process;
use crate::process::exception::{Result, badarg, badarg_because};
use crate::term::{Kind, Term, atom};
use beamrc_abi::atom::id;
use std::io::Write;

/// Characters of a slogan that are printed.
const SLOGAN_CHARACTERS: usize = 1023;
/// Exit code after a slogan, which OTP writes a crash dump with.
const SLOGAN_EXIT: i32 = 1;

pub fn halt_0(p: &mut Process) -> Result {
    halt_2(p, Term::small(0), Term::NIL)
}
pub fn halt_1(p: &mut Process, status: Term) -> Result {
    halt_2(p, status, Term::NIL)
}
/// Nothing is buffered here that flushing could lose, so the options are only checked.
pub fn halt_2(_p: &mut Process, status: Term, options: Term) -> Result {
    check_options(options)?;
    if let Some(code) = exit_code(status) {
        exit(code);
    }
    if status.as_atom() == Some(id::ABORT) {
        std::process::abort();
    }
    let slogan = slogan(status)?;
    // The program ends, whether or not somebody can be told why.
    let lines = format!("{slogan}\n").replace('\n', "\r\n");
    let _ = std::io::stderr().write_all(lines.as_bytes());
    exit(SLOGAN_EXIT)
}

fn check_options(options: Term) -> Result<()> {
    let bad = || badarg_because(id::BADOPT);
    let mut rest = options.list();
    for option in rest.by_ref() {
        let Some(&[key, value]) = option.as_tuple() else {
            return Err(bad());
        };
        let good = match key.as_atom().map(atom::text) {
            Some("flush") => value == Term::TRUE || value == Term::FALSE,
            Some("flush_timeout") => value.as_small().is_some_and(|ms| u32::try_from(ms).is_ok()),
            _ => false,
        };
        if !good {
            return Err(bad());
        }
    }
    if rest.tail().is_nil() { Ok(()) } else { Err(bad()) }
}

/// The low 31 bits of an integer that is not negative.
fn exit_code(status: Term) -> Option<i32> {
    let low = match status.as_small() {
        Some(status @ 0..) => status as u64,
        None if status.is_kind(Kind::BigPos) => status.words()[0],
        _ => return None,
    };
    Some((low & i32::MAX as u64) as i32)
}

fn slogan(characters: Term) -> Result<String> {
    if !characters.is_list() {
        return Err(badarg());
    }
    let mut rest = characters.list();
    let mut text = String::new();
    for (count, character) in rest.by_ref().enumerate() {
        if count == SLOGAN_CHARACTERS {
            return Ok(text);
        }
        let code_point = character.as_small().and_then(|c| u32::try_from(c).ok());
        text.push(code_point.and_then(char::from_u32).ok_or_else(badarg)?);
    }
    if rest.tail().is_nil() { Ok(text) } else { Err(badarg()) }
}

/// Ends the program at once: other threads run on until it is over, and nothing of theirs is
/// torn down under them.
#[expect(unsafe_code, reason = "the library's exit runs destructors while other threads run")]
fn exit(code: i32) -> ! {
    let _ = std::io::stdout().flush();
    // SAFETY: never returns; the system takes everything back.
    unsafe { libc::_exit(code) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::build;

    #[test]
    fn only_known_options_and_statuses() {
        let p = &mut *Process::for_tests();
        let flush = Term::atom(atom::intern("flush").expect("room"));
        let good = build::tuple(p, &[flush, Term::TRUE]);
        let good = build::list(p, &[good], Term::NIL);
        assert!(check_options(good).is_ok());
        let bad = build::tuple(p, &[flush, Term::OK]);
        let bad = build::list(p, &[bad], Term::NIL);
        assert!(halt_2(p, Term::small(0), bad).is_err());
        assert!(halt_2(p, Term::OK, Term::NIL).is_err());
        assert!(halt_2(p, Term::small(-1), Term::NIL).is_err());
        assert_eq!(exit_code(Term::small(256)), Some(256));
        assert_eq!(exit_code(Term::small(1 << 31)), Some(0));
    }
}
