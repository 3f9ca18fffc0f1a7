//! From the list of clauses to a [`Spec`].

use super::head::{self, BadKey, Variables};
use super::{Clause, Dialect, Functions, Op, Room, Spec, variable};
use crate::heap::{Fragment, out_of_memory};
use crate::term::{Kind, Term, list, print};

/// Why a specification does not compile.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Failure {
    Bad,
    /// Expressions are nested too deeply.
    SystemLimit,
}

/// Operations that only the dialect for traces has, and that do not look at anything outside the
/// call. Those that change what is traced do not exist here, since nothing is ever traced.
pub(super) const TRACE_ONLY: &[&str] = &[
    "return_trace",
    "exception_trace",
    "is_seq_trace",
    "get_seq_token",
    "caller",
    "caller_line",
    "get_tcw",
];

/// Longest text of an error, in bytes.
const ERROR_MAX_BYTES: usize = 99;

/// A clause while it is compiled.
pub(super) struct Context<'a> {
    pub dialect: Dialect,
    pub functions: Functions,
    pub is_guard: bool,
    pub variables: Variables,
    pub code: Vec<Op>,
    errors: &'a mut Vec<String>,
}
impl Context<'_> {
    pub fn error(&mut self, mut text: String) {
        if let Some((end, _)) = text.char_indices().nth(ERROR_MAX_BYTES) {
            text.truncate(end);
        }
        self.errors.push(text);
    }
}

/// A specification without clauses, which nothing matches.
pub fn empty() -> Spec {
    let memory = Fragment::copy_of(Term::NIL).unwrap_or_else(|_| out_of_memory("db_ms", 0));
    Spec { memory, clauses: Vec::new(), room: Room::default() }
}

/// Compiles a specification; what is wrong with it is told in `errors`.
pub fn compile(
    source: Term,
    dialect: Dialect,
    functions: Functions,
    errors: &mut Vec<String>,
) -> Result<Spec, Failure> {
    let memory = Fragment::copy_of(source).unwrap_or_else(|_| out_of_memory("db_ms", 0));
    let mut clauses = Vec::new();
    let mut elements = memory.message.list();
    if !memory.message.is_cons() {
        errors.push("Match programs are not in a list.".into());
        return Err(Failure::Bad);
    }
    let sources: Vec<Term> = elements.by_ref().collect();
    if !elements.tail().is_nil() {
        errors.push("Match programs are not in a proper list.".into());
        return Err(Failure::Bad);
    }
    for source in &sources {
        let parts = source.as_tuple().filter(|parts| parts.len() == 3);
        let Some(&[head, ..]) = parts else {
            errors.push("Match program part is not a tuple of arity 3.".into());
            return Err(Failure::Bad);
        };
        if dialect == Dialect::Trace && head.is_list() && list::length(head).is_none() {
            let shown = print::to_text(head);
            errors.push(format!("Match expression part {shown} is not a proper list."));
            return Err(Failure::Bad);
        }
    }
    for source in sources {
        let (head, guards, body) = {
            let parts = source.as_tuple().expect("checked");
            (parts[0], parts[1], parts[2])
        };
        clauses.push(clause([head, guards, body], dialect, functions, errors)?);
        if !errors.is_empty() {
            return Err(Failure::Bad);
        }
    }
    let most = |of: fn(&Clause) -> usize| clauses.iter().map(of).max().unwrap_or(0);
    let room = Room {
        variables: most(|clause| clause.variables),
        aside: most(|clause| head::put_aside(&clause.head)),
        // No operation leaves more than one value.
        stack: most(|clause| clause.code.len()),
    };
    Ok(Spec { memory, clauses, room })
}

fn clause(
    [pattern, guards, body]: [Term; 3],
    dialect: Dialect,
    functions: Functions,
    errors: &mut Vec<String>,
) -> Result<Clause, Failure> {
    let mut variables = Variables::new();
    let is_list_or_tuple = pattern.is_list() || pattern.is_kind(Kind::Tuple);
    if dialect == Dialect::Trace && !is_list_or_tuple && !is_any(pattern) {
        errors.push("Match head is invalid in this context.".into());
        return Err(Failure::Bad);
    }
    let arguments = pattern.as_tuple().filter(|_| dialect == Dialect::Trace);
    let head = match arguments {
        Some(arguments) => head::compile_arguments(arguments, &mut variables),
        None => head::compile(pattern, &mut variables),
    };
    let head = match head {
        Ok(head) => head,
        Err(bad) => {
            let what = match bad {
                BadKey::Variable => "Variable",
                BadKey::Underscore => "Underscore",
            };
            errors.push(format!("{what} found in map key."));
            return Err(Failure::Bad);
        }
    };
    let mut context =
        Context { dialect, functions, is_guard: false, variables, code: Vec::new(), errors };
    context.guards(guards)?;
    context.body(body)?;
    Ok(Clause { head, variables: context.variables.len(), code: context.code })
}

/// Whether a head stands for every list of arguments.
fn is_any(head: Term) -> bool {
    head == super::UNDERSCORE || variable(head).is_some()
}
