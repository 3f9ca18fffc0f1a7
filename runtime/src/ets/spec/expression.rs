//! Guards and bodies: expressions in tuples, compiled for the stack machine.
//!
//! Arguments are compiled the last first, as OTP does it.

use super::compile::{Context, Failure};
use super::{DOLLAR_DOLLAR, DOLLAR_UNDERSCORE, Dialect, Op, variable};
use crate::term::{Kind, Term, atom, map, print};
use beamrc_abi::atom::id;

/// Deeper expressions are the system's limit.
const MAX_DEPTH: usize = 1000;

impl Context<'_> {
    /// The guards of a clause.
    pub(super) fn guards(&mut self, guards: Term) -> Result<(), Failure> {
        self.is_guard = true;
        self.list_of(guards, Op::Test)?;
        self.is_guard = false;
        Ok(())
    }
    /// Its body.
    pub(super) fn body(&mut self, body: Term) -> Result<(), Failure> {
        if self.dialect == Dialect::Table && !body.is_cons() {
            self.error("Body clause does not return anything.".into());
            return Err(Failure::Bad);
        }
        if !body.is_nil() {
            self.code.push(Op::Body);
        }
        self.list_of(body, Op::Drop)?;
        if self.dialect == Dialect::Table && matches!(self.code.last(), Some(Op::Drop)) {
            self.code.pop();
            self.code.push(Op::Return);
        }
        Ok(())
    }
    fn list_of(&mut self, list: Term, after_each: Op) -> Result<(), Failure> {
        if !list.is_list() {
            self.error("Match expression is not a list.".into());
            return Ok(());
        }
        let mut expressions = list.list();
        for expression in expressions.by_ref() {
            self.expression(expression, 0)?;
            self.code.push(after_each);
        }
        if !expressions.tail().is_nil() {
            self.error("Match expression is not a proper list.".into());
        }
        Ok(())
    }

    fn expression(&mut self, term: Term, depth: usize) -> Result<(), Failure> {
        if depth > MAX_DEPTH {
            return Err(Failure::SystemLimit);
        }
        if term.is_cons() {
            return self.list(term, depth);
        }
        if map::is_map(term) {
            let pairs: Vec<_> = map::pairs(term).collect();
            for (key, value) in &pairs {
                self.expression(*value, depth + 1)?;
                self.expression(*key, depth + 1)?;
            }
            self.code.push(Op::Map(pairs.len()));
            return Ok(());
        }
        if let Some(elements) = term.as_tuple() {
            return self.tuple(term, elements, depth);
        }
        if let Some(number) = variable(term) {
            match self.variables.get(&number) {
                Some(slot) => self.code.push(Op::Variable(*slot)),
                None => self.error(format!("Variable ${number} is unbound.")),
            }
        } else if term == DOLLAR_UNDERSCORE {
            self.code.push(Op::Object);
        } else if term == DOLLAR_DOLLAR {
            self.code.push(Op::Constant(Term::NIL));
            let slots: Vec<usize> = self.variables.values().rev().copied().collect();
            for slot in slots {
                self.code.push(Op::Variable(slot));
                self.code.push(Op::Cons);
            }
        } else {
            self.code.push(Op::Constant(term));
        }
        Ok(())
    }

    /// A list is walked along its tail; what needs no evaluation is one constant.
    fn list(&mut self, list: Term, depth: usize) -> Result<(), Failure> {
        if is_constant(list) {
            self.code.push(Op::Constant(list));
            return Ok(());
        }
        let mut elements = list.list();
        let heads: Vec<Term> = elements.by_ref().collect();
        self.expression(elements.tail(), depth + 1)?;
        for head in heads.into_iter().rev() {
            self.expression(head, depth + 1)?;
            self.code.push(Op::Cons);
        }
        Ok(())
    }

    fn tuple(&mut self, term: Term, elements: &[Term], depth: usize) -> Result<(), Failure> {
        if let [inner] = elements
            && let Some(elements) = inner.as_tuple()
        {
            for element in elements.iter().rev() {
                self.expression(*element, depth + 1)?;
            }
            self.code.push(Op::Tuple(elements.len()));
            return Ok(());
        }
        match elements.first() {
            Some(name) if name.is_atom() && variable(*name).is_none() => {
                self.call(term, atom::text(name.as_atom().unwrap_or(0)), &elements[1..], depth)
            }
            _ => {
                self.error(format!(
                    "{} is neither a function call, nor a tuple (tuples are written {{{{ ... }}}}).",
                    print::to_text(term)
                ));
                Ok(())
            }
        }
    }

    fn arguments(&mut self, arguments: &[Term], depth: usize) -> Result<(), Failure> {
        for argument in arguments.iter().rev() {
            self.expression(*argument, depth + 1)?;
        }
        Ok(())
    }

    fn call(
        &mut self,
        term: Term,
        name: &str,
        arguments: &[Term],
        depth: usize,
    ) -> Result<(), Failure> {
        match name {
            "const" => match arguments {
                [constant] => self.code.push(Op::Constant(*constant)),
                _ => self.misuse("const", "called with more than one argument", term),
            },
            "and" | "or" | "andalso" | "andthen" | "orelse" if arguments.is_empty() => {
                // OTP says `andalso` for both of its names.
                let name = if name == "andthen" { "andalso" } else { name };
                self.misuse(name, "called without arguments", term);
            }
            "and" | "or" => {
                self.arguments(arguments, depth)?;
                let count = arguments.len();
                self.code.push(if name == "and" { Op::And(count) } else { Op::Or(count) });
            }
            "andalso" | "andthen" | "orelse" => self.in_turn(name, arguments, depth)?,
            "self" => {
                if arguments.is_empty() {
                    self.code.push(Op::OwnPid);
                } else {
                    self.misuse("self", "called with arguments", term);
                }
            }
            "message" | "display" => self.output(name, term, arguments, depth)?,
            _ if super::compile::TRACE_ONLY.contains(&name) => {
                self.trace_operation(name, term, arguments);
            }
            _ => self.function(name, arguments, depth)?,
        }
        Ok(())
    }

    fn in_turn(&mut self, name: &str, arguments: &[Term], depth: usize) -> Result<(), Failure> {
        let (last, others) = arguments.split_last().expect("checked");
        let mut jumps = Vec::new();
        for argument in others {
            self.expression(*argument, depth + 1)?;
            jumps.push(self.code.len());
            self.code.push(Op::AndAlso(0));
        }
        self.expression(*last, depth + 1)?;
        let end = self.code.len();
        for jump in jumps {
            self.code[jump] = if name == "orelse" { Op::OrElse(end) } else { Op::AndAlso(end) };
        }
        Ok(())
    }

    /// `message` and `display`, of traces' bodies.
    fn output(
        &mut self,
        name: &str,
        term: Term,
        arguments: &[Term],
        depth: usize,
    ) -> Result<(), Failure> {
        if self.dialect != Dialect::Trace {
            self.error(format!("Special form '{name}' used in wrong dialect."));
        } else if self.is_guard {
            self.error(format!("Special form '{name}' called in guard context."));
        } else if let [argument] = arguments {
            self.expression(*argument, depth + 1)?;
            if name == "message" {
                self.code.push(Op::Return);
                self.code.push(Op::Constant(Term::TRUE));
            } else {
                self.code.push(Op::Display);
            }
        } else {
            self.misuse(name, "called with wrong number of arguments", term);
        }
        Ok(())
    }

    /// What traces alone know of; outside of a trace there is little to tell.
    fn trace_operation(&mut self, name: &str, term: Term, arguments: &[Term]) {
        let in_guards = matches!(name, "is_seq_trace" | "caller" | "caller_line" | "get_tcw");
        if self.dialect != Dialect::Trace {
            self.error(format!("Special form '{name}' used in wrong dialect."));
            return;
        }
        if self.is_guard && !in_guards {
            self.error(format!("Special form '{name}' called in guard context."));
            return;
        }
        if !arguments.is_empty() {
            self.misuse(name, "called with arguments", term);
            return;
        }
        self.code.push(match name {
            "return_trace" => Op::ReturnTrace,
            "exception_trace" => Op::ExceptionTrace,
            "is_seq_trace" => Op::Constant(Term::FALSE),
            "get_seq_token" => Op::Constant(Term::NIL),
            "get_tcw" => Op::Constant(Term::small(0)),
            _ => Op::Constant(Term::UNDEFINED),
        });
    }

    fn function(&mut self, name: &str, arguments: &[Term], depth: usize) -> Result<(), Failure> {
        let arity = arguments.len();
        let Some(function) = (self.functions)(name, arity) else {
            let shown = print::to_text(Term::atom(atom::intern(name).unwrap_or(id::UNDEFINED)));
            self.error(format!("Function {shown}/{arity} does_not_exist."));
            return Ok(());
        };
        self.arguments(arguments, depth)?;
        self.code.push(Op::Call(function));
        Ok(())
    }

    fn misuse(&mut self, name: &str, how: &str, term: Term) {
        self.error(format!("Special form '{name}' {how} in {}.", print::to_text(term)));
    }
}

/// Whether a list has nothing in it that is evaluated.
fn is_constant(list: Term) -> bool {
    let mut elements = list.list();
    let is_plain = |term: Term| {
        !matches!(term.kind(), Some(Kind::Tuple | Kind::FlatMap | Kind::HashMap))
            && !term.is_cons()
            && term != DOLLAR_UNDERSCORE
            && term != DOLLAR_DOLLAR
            && variable(term).is_none()
    };
    elements.by_ref().all(is_plain) && is_plain(elements.tail())
}
