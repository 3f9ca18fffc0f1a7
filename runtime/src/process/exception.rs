//! Exceptions: what a failing BIF returns, and the state between raising and handling.
//!
//! Between the two there is no safepoint, so a [`State`] needs no visits of the collector, and each
//! scheduler has one for all processes: a handler takes what it wants out of it first. Knows nothing of stacks: return addresses are
//! noted here by whoever unwinds.

use super::Process;
use crate::term::{Term, build};
use beamrc_abi::atom::id;
use beamrc_abi::bifs::{Bif, MAX_ARITY};
use core::ptr::NonNull;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Class {
    Error = 0,
    Exit = 1,
    Throw = 2,
    /// No exception: the BIF wants another function called in its place (see [`trap`]).
    Trap = 3,
}

impl Class {
    /// As programs name it.
    pub fn name(self) -> Term {
        Term::atom(match self {
            Class::Error => id::ERROR,
            Class::Exit => id::EXIT,
            Class::Throw => id::THROW,
            Class::Trap => unreachable!("a trap is never handled"),
        })
    }
    pub fn of_name(name: Term) -> Option<Class> {
        match name.as_atom()? {
            id::ERROR => Some(Class::Error),
            id::EXIT => Some(Class::Exit),
            id::THROW => Some(Class::Throw),
            _ => None,
        }
    }
}

/// Where an exception's stack trace starts.
#[derive(Clone, Copy)]
pub enum Origin {
    /// At the BIF that failed, with its arguments; where none is noted, as `Caller`.
    Bif,
    /// At the function that called the BIF or raised: `error/1`, `exit/1`, `throw/1`.
    Caller,
    /// There, but with two entries: where a call of a fun fails that is not a last call, OTP notes
    /// the place of the instruction and that of the return address.
    CallerTwice,
    /// As `Caller`, for `error/2,3`.
    CallerWith {
        /// Argument list shown in place of the caller's arity; `NONVALUE` for none.
        arguments: Term,
        /// Map for `error_info`; `NONVALUE` for none.
        info: Term,
    },
    /// At a function that has no frame: mostly one that does not exist.
    Function {
        module: u32,
        function: u32,
        /// A list, or the arity.
        arguments: Term,
        /// The call was its function's last one: the function is not in the trace.
        is_last_call: bool,
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
    Exception { class: Class::Error, reason, cause: Term::NONVALUE, origin: Origin::Bif }
}
/// An error whose trace does not show the BIF, but starts at its caller.
pub fn error_of_caller(reason: Term) -> Exception {
    Exception { origin: Origin::Caller, ..error(reason) }
}
pub fn badarg() -> Exception {
    error(Term::atom(id::BADARG))
}
impl Exception {
    /// The same where `erlang:apply/2` is called as a function: OTP's is one, which has a frame.
    pub fn in_apply(self) -> Exception {
        let origin = Origin::Function {
            module: id::ERLANG,
            function: id::APPLY,
            arguments: Term::small(2),
            is_last_call: false,
        };
        Exception { origin, ..self }
    }
}
/// `badarg` whose `error_info` names a cause (an atom that OTP's `format_error` knows).
pub fn badarg_because(cause: u32) -> Exception {
    Exception { cause: Term::atom(cause), ..badarg() }
}
pub fn badarith() -> Exception {
    error(Term::atom(id::BADARITH))
}
pub fn system_limit() -> Exception {
    error(Term::atom(id::SYSTEM_LIMIT))
}
/// `undef` for a function that does not exist.
pub fn undefined(module: u32, function: u32, arguments: Term) -> Exception {
    Exception {
        origin: Origin::Function { module, function, arguments, is_last_call: false },
        ..error(Term::atom(id::UNDEF))
    }
}
/// The same for a call that was the last one of the function that runs.
pub fn undefined_last(module: u32, function: u32, arguments: Term) -> Exception {
    Exception {
        origin: Origin::Function { module, function, arguments, is_last_call: true },
        ..error(Term::atom(id::UNDEF))
    }
}
/// `{badarity, {Fun, Arguments}}`.
pub fn badarity(p: &mut Process, fun: Term, arguments: Term) -> Exception {
    let call = build::tuple(p, &[fun, arguments]);
    error_of_caller(build::tuple(p, &[Term::atom(id::BADARITY), call]))
}
/// `{badfun, Value}`.
pub fn badfun(p: &mut Process, value: Term) -> Exception {
    error_of_caller(build::tuple(p, &[Term::atom(id::BADFUN), value]))
}

/// What a BIF of a row with the flag `trap` fails with to have the code at this address called in
/// its place, with these arguments.
pub fn trap(p: &mut Process, code_address: u64, arguments: &[Term]) -> Exception {
    p.set_x(arguments);
    trap_with_x(p, code_address)
}
/// The same with the arguments in `x` already.
pub fn trap_with_x(p: &mut Process, code_address: u64) -> Exception {
    p.head.jump = code_address;
    Exception { class: Class::Trap, ..error_of_caller(Term::NIL) }
}

/// The state of the scheduler that runs a process.
pub struct Place(NonNull<State>);

impl Place {
    /// Of a process that does not run.
    pub const NONE: Place = Place(NonNull::dangling());
    /// # Safety
    /// The state is the running scheduler's, and the process that holds the place runs on it for as
    /// long as it uses the place.
    #[expect(unsafe_code, reason = "the state outlives the time slice that the place is for")]
    pub unsafe fn new(state: *mut State) -> Place {
        // SAFETY: the caller's contract.
        Place(unsafe { NonNull::new_unchecked(state) })
    }
}
impl core::ops::Deref for Place {
    type Target = State;
    #[expect(unsafe_code, reason = "the state is the running process's")]
    fn deref(&self) -> &State {
        // SAFETY: I3, by the contract of `new`: exceptions are noted and read by the thread that
        // runs the process.
        unsafe { self.0.as_ref() }
    }
}
impl core::ops::DerefMut for Place {
    #[expect(unsafe_code, reason = "the state is the running process's")]
    fn deref_mut(&mut self) -> &mut State {
        // SAFETY: as above.
        unsafe { self.0.as_mut() }
    }
}

/// The exception of the running process between a failing call and its handler.
pub struct State {
    pub class: Class,
    pub reason: Term,
    /// Trace value (see the trace room): given by who raised, or made for the handler; `NONVALUE`
    /// until then.
    pub trace: Term,
    pub cause: Term,
    pub origin: Origin,
    /// BIF that failed, for the top of the trace; its arguments are in `args`.
    pub bif: Option<&'static Bif>,
    pub args: [Term; MAX_ARITY],
    /// Return addresses of the frames at raising, the innermost first, once they are gathered.
    pub return_addresses: Vec<u64>,
    /// No handler was found: the process is to exit with [`exit_reason`].
    pub uncaught: bool,
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
            args: [Term::NIL; MAX_ARITY],
            return_addresses: Vec::new(),
            uncaught: false,
        }
    }

    /// Notes an exception that is to be raised or handled next.
    pub fn note(&mut self, exception: Exception) {
        self.class = exception.class;
        self.reason = exception.reason;
        self.cause = exception.cause;
        self.origin = exception.origin;
        self.trace = Term::NONVALUE;
        self.bif = None;
        self.return_addresses.clear();
    }
    /// The same for a BIF that failed.
    pub fn note_of_bif(&mut self, exception: Exception, bif: &'static Bif, arguments: &[Term]) {
        self.note(exception);
        self.bif = Some(bif);
        self.args[..arguments.len()].copy_from_slice(arguments);
    }
    /// Notes an exception that is raised again with the trace value it had.
    pub fn note_again(&mut self, class: Class, reason: Term, trace: Term) {
        self.note(Exception { class, ..error_of_caller(reason) });
        self.trace = trace;
    }
}
impl Default for State {
    fn default() -> State {
        State::new()
    }
}

/// No handler was found for the noted exception: the process gives up its thread, and its scheduler
/// makes it exit with [`exit_reason`].
pub fn exit_uncaught(p: &mut Process) {
    p.exception.uncaught = true;
    p.head.suspended = 1;
}

/// The reason that a process exits with whose exception nobody handles, and whether OTP logs it.
pub fn exit_reason(p: &mut Process) -> (Term, bool) {
    let reason = p.exception.reason;
    let reason = match p.exception.class {
        Class::Exit => return (reason, false),
        Class::Throw => build::tuple(p, &[Term::atom(id::NOCATCH), reason]),
        Class::Error | Class::Trap => reason,
    };
    let trace = super::trace::list_of_state(p);
    (build::tuple(p, &[reason, trace]), true)
}
