//! Exceptions: what a failing BIF returns, and the state between raising and handling.

use crate::term::Term;
use beamrc_abi::atom::id;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    Error,
    Exit,
    Throw,
}

/// Where an exception's stack trace starts.
#[derive(Clone, Copy)]
pub enum Origin {
    /// At the BIF that failed, with its arguments.
    Bif,
    /// At the function that called the BIF: `error/1`, `exit/1`, `throw/1`.
    Caller,
    /// The same for `error/2,3`.
    CallerWith {
        /// Argument list shown in place of the caller's arity; `NONVALUE` for none.
        arguments: Term,
        /// Map for `error_info`; `NONVALUE` for none.
        info: Term,
    },
    /// `raise/3`: this is the trace, a list as programs see it; none is to be made.
    Trace(Term),
}

/// What a BIF fails with.
#[derive(Clone, Copy)]
pub struct Exception {
    pub class: Class,
    pub reason: Term,
    /// Term that goes into `error_info` as the cause; [`Term::NONVALUE`] for none.
    pub cause: Term,
    pub origin: Origin,
}

/// Result of a BIF.
pub type Result<T = Term> = core::result::Result<T, Exception>;

/// An error with this reason.
pub fn error(reason: Term) -> Exception {
    Exception {
        class: Class::Error,
        reason,
        cause: Term::NONVALUE,
        origin: Origin::Bif,
    }
}
pub fn badarg() -> Exception {
    error(Term::atom(id::BADARG))
}
/// `badarg` whose `error_info` names a cause (an atom that OTP's `format_error` knows).
pub fn badarg_because(cause: u32) -> Exception {
    Exception {
        cause: Term::atom(cause),
        ..badarg()
    }
}
pub fn badarith() -> Exception {
    error(Term::atom(id::BADARITH))
}
pub fn system_limit() -> Exception {
    error(Term::atom(id::SYSTEM_LIMIT))
}

/// The exception of a process between a failing call and its handler, and while it is handled.
pub struct State {
    pub class: Class,
    pub reason: Term,
    /// Trace value: see the trace room; `NONVALUE` until built.
    pub trace: Term,
    pub cause: Term,
    pub origin: Origin,
    /// BIF that failed, for the top of the trace; its arguments are in `args`.
    pub bif: Option<&'static beamrc_abi::bifs::Bif>,
    pub args: [Term; beamrc_abi::bifs::MAX_ARITY],
}

impl State {
    pub fn new() -> State {
        State {
            class: Class::Error,
            reason: Term::NIL,
            trace: Term::NONVALUE,
            cause: Term::NONVALUE,
            origin: Origin::Bif,
            bif: None,
            args: [Term::NIL; beamrc_abi::bifs::MAX_ARITY],
        }
    }
}
impl Default for State {
    fn default() -> State {
        State::new()
    }
}
