//! Running a compiled specification against an object.

use super::{Clause, Function, Op, Spec, head};
use crate::heap::copy;
use crate::process::Process;
use crate::process::exception;
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
    stack: Vec<Term>,
    /// What the last match asked a trace for.
    pub return_trace: bool,
    pub exception_trace: bool,
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
        self.clauses.iter().find_map(|clause| machine.run(p, clause, object, copying))
    }
}

impl Machine {
    fn run(
        &mut self,
        p: &mut Process,
        clause: &Clause,
        object: Term,
        copying: Copying,
    ) -> Option<Term> {
        if self.variables.len() < clause.variables {
            self.variables.resize(clause.variables, Term::NIL);
        }
        if !head::matches(&clause.head, object, &mut self.variables) {
            return None;
        }
        self.stack.clear();
        self.copied.clear();
        self.copied.resize(clause.variables, false);
        (self.return_trace, self.exception_trace) = (false, false);
        let mut result = Term::TRUE;
        let mut is_body = false;
        let mut next = 0;
        while let Some(op) = clause.code.get(next) {
            next += 1;
            let copies = is_body && copying == Copying::Result;
            match *op {
                Op::Constant(term) if copies => {
                    let term = copy::copy(p, term);
                    self.stack.push(term);
                }
                Op::Constant(term) => self.stack.push(term),
                Op::Variable(slot) => {
                    if copies && !core::mem::replace(&mut self.copied[slot], true) {
                        self.variables[slot] = copy::copy(p, self.variables[slot]);
                    }
                    self.stack.push(self.variables[slot]);
                }
                Op::Object if copies => {
                    let object = copy::copy(p, object);
                    self.stack.push(object);
                }
                Op::Object => self.stack.push(object),
                Op::OwnPid => self.stack.push(p.id),
                Op::Test => {
                    if self.pop() != Term::TRUE {
                        return None;
                    }
                }
                Op::Body => is_body = true,
                Op::Drop => {
                    self.pop();
                }
                Op::Return => result = self.pop(),
                Op::AndAlso(end) | Op::OrElse(end) => {
                    let decides = matches!(op, Op::OrElse(_));
                    let value = self.pop();
                    if value == Term::bool(decides) {
                        self.stack.push(value);
                        next = end;
                    } else if value != Term::bool(!decides) {
                        if !is_body {
                            return None;
                        }
                        self.stack.push(EXIT);
                        next = end;
                    }
                }
                Op::ReturnTrace => {
                    self.return_trace = true;
                    self.stack.push(Term::TRUE);
                }
                Op::ExceptionTrace => {
                    self.exception_trace = true;
                    self.stack.push(Term::TRUE);
                }
                ref op => {
                    let value = match self.value(p, op) {
                        Some(value) => value,
                        None if is_body => EXIT,
                        None => return None,
                    };
                    self.stack.push(value);
                }
            }
        }
        Some(result)
    }

    fn pop(&mut self) -> Term {
        self.stack.pop().expect("code pops what it has pushed")
    }

    /// The value of an operation on the topmost values; none if it fails.
    fn value(&mut self, p: &mut Process, op: &Op) -> Option<Term> {
        Some(match *op {
            Op::Cons => {
                let (head, tail) = (self.pop(), self.pop());
                build::cons(p, head, tail)
            }
            Op::Tuple(size) => {
                let from = self.stack.len() - size;
                self.stack[from..].reverse();
                let tuple = build::tuple(p, &self.stack[from..]);
                self.stack.truncate(from);
                tuple
            }
            Op::Map(count) => {
                let from = self.stack.len() - 2 * count;
                let pairs: Vec<_> =
                    self.stack[from..].chunks(2).map(|pair| (pair[1], pair[0])).collect();
                self.stack.truncate(from);
                map::from_pairs(p, &pairs)
            }
            Op::And(count) => self.truth_values(count, true)?,
            Op::Or(count) => self.truth_values(count, false)?,
            Op::Call(function) => self.call(p, function).ok()?,
            Op::Display => {
                let text = print::to_text(self.pop());
                // As in OTP, nobody is told when standard output is closed.
                let _ = writeln!(std::io::stdout().lock(), "{text}");
                Term::TRUE
            }
            _ => unreachable!("handled where the code runs"),
        })
    }

    /// `and` (or `or`, if `all` is false) of the topmost values.
    fn truth_values(&mut self, count: usize, all: bool) -> Option<Term> {
        let from = self.stack.len() - count;
        let values = self.stack.split_off(from);
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
            Function::Of2(f) => {
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
