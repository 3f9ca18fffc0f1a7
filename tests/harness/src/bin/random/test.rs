//! One test: a function, the functions it calls, and the arguments it is called with.

use std::fmt::Write;

use crate::grammar::{Grammar, list};
use crate::node::{Node, Type};

#[derive(Clone)]
pub struct Test {
    pub name: String,
    /// The test's own function last.
    functions: Vec<Node>,
    arity: usize,
    /// One entry for each call.
    pub calls: Vec<Vec<Node>>,
}

const BUDGET: i32 = 60;
const CALLS: usize = 4;
const DEPTH: usize = 4;

impl Test {
    pub fn random(seed: u64, name: &str, release: u32) -> Test {
        let mut grammar = Grammar::new(seed, release);
        let mut functions = Vec::new();
        for index in 0..grammar.below(4) {
            functions.push(helper(&mut grammar, &format!("{name}_{index}")));
        }
        let types: Vec<Type> = (0..1 + grammar.below(4)).map(|_| grammar.any_type(2)).collect();
        let result = grammar.any_type(2);
        functions.push(plain_function(&mut grammar, name, &types, &result));
        let calls = (0..CALLS)
            .map(|_| types.iter().map(|ty| argument(&mut grammar, ty)).collect())
            .collect();
        Test { name: name.into(), functions, arity: types.len(), calls }
    }

    /// The functions as text, and the test's entry in the list of tests.
    pub fn text(&self) -> (String, String) {
        let mut text = String::new();
        for function in &self.functions {
            let _ = writeln!(text, "{}\n", function.text());
        }
        let calls: Vec<String> = self
            .calls
            .iter()
            .map(|arguments| {
                let arguments: Vec<String> = arguments.iter().map(Node::text).collect();
                format!("[{}]", arguments.join(", "))
            })
            .collect();
        let entry = format!(
            "{{{0}, fun ?MODULE:{0}/{1}, [{2}]}}",
            self.name,
            self.arity,
            calls.join(",\n    ")
        );
        (text, entry)
    }

    pub fn size(&self) -> usize {
        let (text, entry) = self.text();
        text.len() + entry.len()
    }

    /// Versions with something left out; not all of them compile.
    pub fn smaller(&self) -> Vec<Test> {
        let mut versions = Vec::new();
        for at in 0..self.functions.len() - 1 {
            let mut version = self.clone();
            version.functions.remove(at);
            versions.push(version);
        }
        for (at, function) in self.functions.iter().enumerate() {
            for smaller in function.smaller() {
                let mut version = self.clone();
                version.functions[at] = smaller;
                versions.push(version);
            }
        }
        for (call, arguments) in self.calls.iter().enumerate() {
            for (at, argument) in arguments.iter().enumerate() {
                for smaller in argument.smaller() {
                    let mut version = self.clone();
                    version.calls[call][at] = smaller;
                    versions.push(version);
                }
            }
        }
        versions
    }
}

/// An argument of a test: mostly of the type.
fn argument(grammar: &mut Grammar, ty: &Type) -> Node {
    let other = grammar.any_type(1);
    let ty = if grammar.chance(4) { &other } else { ty };
    grammar.literal(ty, 3)
}

fn plain_function(grammar: &mut Grammar, name: &str, types: &[Type], result: &Type) -> Node {
    grammar.budget = BUDGET;
    let mut template = String::new();
    let mut bodies = Vec::new();
    let clauses = 1 + grammar.below(3);
    for clause in 0..clauses {
        let scope = grammar.scope();
        // Mostly the last clause takes what is left.
        let is_last = clause + 1 == clauses && grammar.chance(90);
        let names: Vec<String> = types
            .iter()
            .map(|ty| match !is_last && grammar.chance(50) {
                true => grammar.pattern(ty, 2),
                false => grammar.bind(ty.clone()),
            })
            .collect();
        let guard = match !is_last && grammar.chance(40) {
            true => format!(" when {}", grammar.guard()),
            false => String::new(),
        };
        bodies.push(grammar.expression(result, DEPTH));
        grammar.leave(scope);
        let end = if clause + 1 == clauses { "." } else { ";\n" };
        template += &format!("{name}({}){guard} ->\n    @{end}", names.join(", "));
    }
    grammar.functions.push((name.into(), types.to_vec(), result.clone()));
    Node::new(None, &template, bodies)
}

/// A function that the ones behind it may call.
fn helper(grammar: &mut Grammar, name: &str) -> Node {
    let result = grammar.any_type(1);
    match grammar.below(6) {
        0 => counting(grammar, name, &result),
        1 => list_walk(grammar, name),
        2 => bits_walk(grammar, name, &result),
        3 => deep(grammar, name),
        _ => {
            let types: Vec<Type> = (0..1 + grammar.below(3)).map(|_| grammar.any_type(1)).collect();
            plain_function(grammar, name, &types, &result)
        }
    }
}

/// `name_loop(N, Acc)` counts down; `name(Acc)` starts it.
fn counting(grammar: &mut Grammar, name: &str, ty: &Type) -> Node {
    grammar.budget = BUDGET / 2;
    let scope = grammar.scope();
    let (count, gathered) = (grammar.bind(Type::Int), grammar.bind(ty.clone()));
    let body = grammar.expression(ty, DEPTH - 1);
    grammar.leave(scope);
    let times = 3 + grammar.below(10);
    grammar.functions.push((name.into(), vec![ty.clone()], ty.clone()));
    let template = format!(
        "{name}(A) -> {name}_loop({times}, A).\n\
         {name}_loop(0, Acc) -> Acc;\n\
         {name}_loop({count}, {gathered}) -> {name}_loop({count} - 1, cap(@))."
    );
    Node::new(None, &template, vec![body])
}

fn list_walk(grammar: &mut Grammar, name: &str) -> Node {
    grammar.budget = BUDGET / 2;
    let [of, to] = [0, 0].map(|depth| grammar.any_type(depth));
    let scope = grammar.scope();
    let pattern = grammar.pattern(&of, 1);
    let guard = grammar.guard();
    let body = grammar.expression(&to, DEPTH - 1);
    grammar.leave(scope);
    grammar.functions.push((name.into(), vec![list(of)], list(to)));
    let template = format!(
        "{name}([{pattern} | T]) when {guard} -> [@ | {name}(T)];\n\
         {name}([_ | T]) -> {name}(T);\n\
         {name}([]) -> []."
    );
    Node::new(None, &template, vec![body])
}

fn bits_walk(grammar: &mut Grammar, name: &str, ty: &Type) -> Node {
    grammar.budget = BUDGET / 2;
    let start = grammar.literal(ty, 1);
    let scope = grammar.scope();
    let (value, gathered) = (grammar.bind(Type::Int), grammar.bind(ty.clone()));
    let size = 1 + grammar.below(24);
    let flags = grammar.integer_flags();
    let body = grammar.expression(ty, DEPTH - 1);
    grammar.leave(scope);
    let whole = Type::Tuple(vec![Type::Bits, ty.clone()]);
    grammar.functions.push((name.into(), vec![Type::Bits], whole));
    let template = format!(
        "{name}(Bits) -> {name}_walk(Bits, @).\n\
         {name}_walk(<<{value}:{size}/{flags}, Rest/bits>>, {gathered}) -> {name}_walk(Rest, cap(@));\n\
         {name}_walk(Rest, Acc) -> {{Rest, Acc}}."
    );
    Node::new(None, &template, vec![start, body])
}

/// Recursion that is not a loop, some of it through many frames.
fn deep(grammar: &mut Grammar, name: &str) -> Node {
    let depth = [20, 500, 20_000][grammar.below(3)];
    grammar.functions.push((name.into(), vec![Type::Int], Type::Int));
    let step = grammar.one_of(&[
        "N + @",
        "(N bxor @) rem 1000003",
        "max(N, @)",
        "@ + (N bsl (N band 31))",
    ]);
    let call = Node::leaf(Type::Int, format!("{name}_down(N - 1)"));
    let template = format!(
        "{name}(A) -> {name}_down(abs(A) rem {depth}).\n\
         {name}_down(0) -> {};\n\
         {name}_down(N) -> {step}.",
        grammar.integer()
    );
    Node::new(None, &template, vec![call])
}
