//! Running a compiled specification against an object.

use super::{Clause, Function, Op, Room, Spec, head};
use crate::heap::copy;
use crate::process::Process;
use crate::process::exception;
use crate::sys::arena;
use crate::term::{Term, build, map, print};
use beamrc_abi::atom::id;
use std::io::Write;

const EXIT: Term = Term::atom(id::EXIT_UPPER);

/// Where the terms of a result may live.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Copying {
    /// All on the process's heap.
    Result,
    /// The result is looked at only as long as the object is: parts of it may be the object's own.
    Nothing,
}

/// What runs leave behind for the next: memory, and what they asked for.
#[derive(Default)]
pub struct Machine {
    variables: Vec<Term>,
    /// Which variables have been copied to the process's heap.
    copied: Vec<bool>,
    aside: Vec<Term>,
    stack: Vec<Term>,
    /// What the last match asked a trace for.
    pub return_trace: bool,
    pub exception_trace: bool,
}

/// Values, in the room that a specification takes.
struct Stack<'m> {
    values: &'m mut [Term],
    top: usize,
}

impl Spec {
    /// The result of the first clause that matches an object, if any does.
    pub fn run(
        &self,
        p: &mut Process,
        object: Term,
        copying: Copying,
        machine: &mut Machine,
    ) -> Option<Term> {
        machine.make_room(self.room);
        self.clauses.iter().find_map(|clause| machine.run(p, clause, object, copying))
    }
}

impl Machine {
    #[inline]
    fn make_room(&mut self, room: Room) {
        if self.stack.len() < room.stack
            || self.variables.len() < room.variables
            || self.aside.len() < room.aside
        {
            self.make_more_room(room);
        }
    }
    #[cold]
    fn make_more_room(&mut self, room: Room) {
        self.stack.resize(room.stack, Term::NIL);
        self.variables.resize(room.variables, Term::NIL);
        self.copied.resize(room.variables, false);
        self.aside.resize(room.aside, Term::NIL);
    }

    #[inline]
    fn run(
        &mut self,
        p: &mut Process,
        clause: &Clause,
        object: Term,
        copying: Copying,
    ) -> Option<Term> {
        if !head::matches(&clause.head, object, &mut self.variables, &mut self.aside) {
            return None;
        }
        self.evaluate(p, clause, object, copying)
    }

    /// Tests and body of a clause whose head matches. Out of line: most objects do not get here.
    #[inline(never)]
    fn evaluate(
        &mut self,
        p: &mut Process,
        clause: &Clause,
        object: Term,
        copying: Copying,
    ) -> Option<Term> {
        let Machine { variables, copied, stack, return_trace, exception_trace, .. } = self;
        let mut stack = Stack { values: stack, top: 0 };
        (*return_trace, *exception_trace) = (false, false);
        let mut result = Term::TRUE;
        let mut is_body = false;
        let mut next = 0;
        while let Some(op) = clause.code.get(next) {
            next += 1;
            let copies = is_body && copying == Copying::Result;
            match *op {
                Op::Constant(term) => stack.push(if copies { copy_of(p, term) } else { term }),
                Op::Variable(slot) => {
                    if copies && !core::mem::replace(&mut copied[slot], true) {
                        variables[slot] = copy_of(p, variables[slot]);
                    }
                    stack.push(variables[slot]);
                }
                Op::Object => stack.push(if copies { copy_of(p, object) } else { object }),
                Op::OwnPid => stack.push(p.id),
                Op::Test => {
                    if stack.pop() != Term::TRUE {
                        return None;
                    }
                }
                Op::Body => {
                    is_body = true;
                    copied[..clause.variables].fill(false);
                }
                Op::Drop => {
                    stack.pop();
                }
                Op::Return => result = stack.pop(),
                Op::AndAlso(end) | Op::OrElse(end) => {
                    let decides = matches!(op, Op::OrElse(_));
                    let value = stack.pop();
                    if value == Term::bool(decides) {
                        stack.push(value);
                        next = end;
                    } else if value != Term::bool(!decides) {
                        if !is_body {
                            return None;
                        }
                        stack.push(EXIT);
                        next = end;
                    }
                }
                Op::ReturnTrace => {
                    *return_trace = true;
                    stack.push(Term::TRUE);
                }
                Op::ExceptionTrace => {
                    *exception_trace = true;
                    stack.push(Term::TRUE);
                }
                ref op => {
                    let value = match stack.value(p, op) {
                        Some(value) => value,
                        None if is_body => EXIT,
                        None => return None,
                    };
                    stack.push(value);
                }
            }
        }
        Some(result)
    }
}

#[inline]
fn copy_of(p: &mut Process, term: Term) -> Term {
    if term.is_immediate() { term } else { copy::copy(p, term) }
}

impl Stack<'_> {
    #[inline]
    fn push(&mut self, value: Term) {
        self.values[self.top] = value;
        self.top += 1;
    }
    /// Code pops what it has pushed.
    #[inline]
    fn pop(&mut self) -> Term {
        self.top -= 1;
        self.values[self.top]
    }
    /// The topmost values, the first pushed first.
    fn pop_many(&mut self, count: usize) -> &mut [Term] {
        self.top -= count;
        &mut self.values[self.top..][..count]
    }

    /// The value of an operation on the topmost values; none if it fails.
    #[inline]
    fn value(&mut self, p: &mut Process, op: &Op) -> Option<Term> {
        Some(match *op {
            Op::Call(Function::Quick(quick, function)) => {
                let (a, b) = (self.pop(), self.pop());
                match quick(a, b) {
                    Some(value) => value,
                    None => function(p, a, b).ok()?,
                }
            }
            Op::Call(function) => self.call(p, function).ok()?,
            Op::Cons => {
                let (head, tail) = (self.pop(), self.pop());
                build::cons(p, head, tail)
            }
            Op::Tuple(size) => {
                let elements = self.pop_many(size);
                elements.reverse();
                build::tuple(p, elements)
            }
            Op::Map(count) => {
                let pairs = self.pop_many(2 * count);
                let pairs: Vec<_> = pairs.chunks(2).map(|pair| (pair[1], pair[0])).collect();
                map::from_pairs(p, &pairs)
            }
            Op::And(count) => self.truth_values(count, true)?,
            Op::Or(count) => self.truth_values(count, false)?,
            Op::Display => {
                let text = print::to_text(self.pop());
                // As in OTP, nobody is told when standard output is closed.
                let _ = arena::kept(|| writeln!(std::io::stdout().lock(), "{text}"));
                Term::TRUE
            }
            _ => unreachable!("handled where the code runs"),
        })
    }

    /// `and` (or `or`, if `all` is false) of the topmost values.
    fn truth_values(&mut self, count: usize, all: bool) -> Option<Term> {
        let values = self.pop_many(count);
        let is_boolean = |value: &Term| *value == Term::TRUE || *value == Term::FALSE;
        let decided = values.contains(&Term::bool(!all));
        values.iter().all(is_boolean).then_some(Term::bool(decided != all))
    }

    fn call(&mut self, p: &mut Process, function: Function) -> exception::Result {
        match function {
            Function::Of0(f) => f(p),
            Function::Of1(f) => {
                let a = self.pop();
                f(p, a)
            }
            Function::Of2(f) | Function::Quick(_, f) => {
                let (a, b) = (self.pop(), self.pop());
                f(p, a, b)
            }
            Function::Of3(f) => {
                let (a, b, c) = (self.pop(), self.pop(), self.pop());
                f(p, a, b, c)
            }
        }
    }
}
