//! Match specifications, compiled.
//!
//! A clause is a head, which is matched against an object and binds variables, then one piece of
//! code for a stack machine: tests that must be true, and a body that makes the result. All terms
//! of the code live in the specification itself. Functions are looked up by whoever compiles, since
//! their bodies are BIFs.
#![allow(unsafe_code)]

mod compile;
mod expression;
mod head;
mod keys;
mod run;

use crate::heap::Fragment;
use crate::process::Process;
use crate::process::exception::Result;
use crate::term::{Term, atom};
use beamrc_abi::atom::id;
pub use compile::{Failure, compile, empty};
pub use keys::{is_fully_bound, keeps_key, key_of};
pub use run::{Copying, Machine};

/// What a specification is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dialect {
    /// Objects; the body's last value is the result.
    Table,
    /// Argument lists of calls that are traced.
    Trace,
}

/// A function that guards and bodies may call.
#[derive(Clone, Copy)]
pub enum Function {
    Of0(fn(&mut Process) -> Result),
    Of1(fn(&mut Process, Term) -> Result),
    Of2(fn(&mut Process, Term, Term) -> Result),
    Of3(fn(&mut Process, Term, Term, Term) -> Result),
    /// Of two arguments: the result where it is plain from the words, and the whole function.
    Quick(fn(Term, Term) -> Option<Term>, fn(&mut Process, Term, Term) -> Result),
}
/// Finds the function of a name and a number of arguments.
pub type Functions = fn(&str, usize) -> Option<Function>;

/// A compiled specification.
pub struct Spec {
    /// Everything that the code refers to: a copy of the source, as its message.
    #[expect(dead_code, reason = "keeps the terms alive")]
    memory: Fragment,
    clauses: Vec<Clause>,
    room: Room,
}

/// What the clauses of a specification take at most of a [`Machine`].
#[derive(Clone, Copy, Default)]
struct Room {
    variables: usize,
    aside: usize,
    stack: usize,
}

// SAFETY: a `Spec` is never changed, and its terms are its own (as E1).
unsafe impl Sync for Spec {}

struct Clause {
    head: Vec<head::Step>,
    variables: usize,
    code: Vec<Op>,
}

/// What the stack machine does. Values are pushed and popped; arguments stand with the first on
/// top.
#[derive(Clone, Copy)]
enum Op {
    Constant(Term),
    Variable(usize),
    /// `'$_'`.
    Object,
    /// `[]`, under the bindings of `'$$'`.
    Cons,
    /// So many elements, the first on top.
    Tuple(usize),
    /// So many associations: value under key.
    Map(usize),
    Call(Function),
    And(usize),
    Or(usize),
    /// `false` is the result: on at this place of the code. `true`: the next argument.
    AndAlso(usize),
    OrElse(usize),
    OwnPid,
    /// A guard: anything but `true` fails the clause.
    Test,
    /// The clause has matched: from now on a call that fails has the value `'EXIT'`.
    Body,
    Drop,
    /// The result of the clause.
    Return,
    /// What only traces know, outside of any.
    Display,
    ReturnTrace,
    ExceptionTrace,
}

/// The number of a variable such as `'$1'`.
pub fn variable(term: Term) -> Option<u64> {
    let text = atom::text(term.as_atom()?);
    let digits = text.strip_prefix('$')?.as_bytes();
    match digits {
        b"0" => Some(0),
        [b'1'..=b'9', rest @ ..] if rest.iter().all(u8::is_ascii_digit) => {
            let add =
                |n: u64, digit: &u8| n.saturating_mul(10).saturating_add(u64::from(digit - b'0'));
            Some(digits.iter().fold(0, add))
        }
        _ => None,
    }
}

pub const UNDERSCORE: Term = Term::atom(id::UNDERSCORE);
const DOLLAR_UNDERSCORE: Term = Term::atom(id::DOLLAR_UNDERSCORE);
const DOLLAR_DOLLAR: Term = Term::atom(id::DOLLAR_DOLLAR);
