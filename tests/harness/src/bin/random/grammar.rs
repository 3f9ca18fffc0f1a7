//! Random expressions, patterns and guards of a wanted type.
//!
//! Everything ends soon: loops count down from small numbers, and what they gather is cut
//! (`cap/1`). What Erlang leaves open does not occur: the order of a map's atoms, names of funs,
//! process identifiers.

use crate::node::{Node, Type};

pub struct Grammar {
    pub random: fastrand::Rng,
    pub release: u32,
    /// Functions that may be called: name, arguments, result.
    pub functions: Vec<(String, Vec<Type>, Type)>,
    variables: Vec<(String, Type)>,
    fresh: u32,
    /// Expressions that may still be made.
    pub budget: i32,
}

/// Integers where representations change.
const EDGES: &[u32] =
    &[7, 8, 15, 16, 27, 28, 31, 32, 53, 58, 59, 60, 61, 62, 63, 64, 65, 127, 128, 200];
const ATOMS: &[&str] = &["a", "b", "ok", "error", "undefined", "'Ä x'", "true", "false"];
const FLOATS: &[&str] = &[
    "0.0",
    "-0.0",
    "1.0",
    "-1.5",
    "0.1",
    "3.14159",
    "1.0e10",
    "-2.5e-7",
    "1.0e308",
    "-1.0e308",
    "5.0e-324",
    "9007199254740993.0",
    "576460752303423488.0",
    "18446744073709551616.0",
    "1.0e22",
    "123456.789",
];

pub fn list(of: Type) -> Type {
    Type::List(Box::new(of))
}

impl Grammar {
    pub fn new(seed: u64, release: u32) -> Grammar {
        Grammar {
            random: fastrand::Rng::with_seed(seed),
            release,
            functions: Vec::new(),
            variables: Vec::new(),
            fresh: 0,
            budget: 0,
        }
    }

    pub fn below(&mut self, limit: usize) -> usize {
        self.random.usize(0..limit)
    }
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
    pub fn one_of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }

    /// A new variable, in scope until `leave`.
    pub fn bind(&mut self, ty: Type) -> String {
        let name = self.name();
        self.variables.push((name.clone(), ty));
        name
    }
    pub fn name(&mut self) -> String {
        self.fresh += 1;
        format!("V{}", self.fresh)
    }
    pub fn scope(&self) -> usize {
        self.variables.len()
    }
    pub fn leave(&mut self, scope: usize) {
        self.variables.truncate(scope);
    }

    /// A type without funs.
    pub fn any_type(&mut self, depth: usize) -> Type {
        match self.below(if depth == 0 { 9 } else { 14 }) {
            0..=2 => Type::Int,
            3 => Type::Float,
            4 => Type::Bool,
            5 => Type::Atom,
            6 => Type::Binary,
            7 => Type::Bits,
            8 => Type::Text,
            9 | 10 => list(self.any_type(depth - 1)),
            11 => {
                let count = 1 + self.below(3);
                Type::Tuple((0..count).map(|_| self.any_type(depth - 1)).collect())
            }
            12 => Type::Record,
            _ => Type::Map(Box::new(self.key_type()), Box::new(self.any_type(depth - 1))),
        }
    }

    /// Keys whose order in a map is their order as terms.
    fn key_type(&mut self) -> Type {
        match self.below(4) {
            0 | 1 => Type::Int,
            2 => Type::Binary,
            _ => Type::Tuple(vec![Type::Int, Type::Float]),
        }
    }

    fn variable(&mut self, ty: &Type) -> Option<String> {
        let fitting: Vec<usize> =
            (0..self.variables.len()).filter(|&at| self.variables[at].1 == *ty).collect();
        if fitting.is_empty() {
            return None;
        }
        let at = fitting[self.below(fitting.len())];
        Some(self.variables[at].0.clone())
    }

    pub fn expression(&mut self, ty: &Type, depth: usize) -> Node {
        self.budget -= 1;
        if depth == 0 || self.budget <= 0 {
            return self.simple(ty, depth);
        }
        if self.chance(25)
            && let Some(name) = self.variable(ty)
        {
            return Node::leaf(ty.clone(), name);
        }
        match self.below(100) {
            0 => {
                // Not what is wanted: an error, or the way into a clause for everything else.
                let wrong = self.any_type(1);
                let node = self.simple(&wrong, 1);
                Node::new(Some(ty.clone()), "@", vec![node])
            }
            1..=34 => self.general(ty, depth - 1),
            _ => self.special(ty, depth - 1),
        }
    }

    /// A variable or a literal.
    fn simple(&mut self, ty: &Type, depth: usize) -> Node {
        if self.chance(70)
            && let Some(name) = self.variable(ty)
        {
            return Node::leaf(ty.clone(), name);
        }
        self.literal(ty, depth.min(1))
    }

    pub fn integer(&mut self) -> String {
        match self.below(6) {
            0..=2 => format!("{}", self.random.i64(-20..20)),
            3 => format!("{}", self.random.i64(-100_000..100_000)),
            4 => {
                let bits = EDGES[self.below(EDGES.len())];
                let sign = self.one_of(&["", "-"]);
                let change = self.one_of(&[" - 1", "", " + 1", " + 12345"]);
                format!("({sign}(1 bsl {bits}){change})")
            }
            _ => format!("{}", self.random.i64(..)),
        }
    }

    /// A constant.
    pub fn literal(&mut self, ty: &Type, depth: usize) -> Node {
        let text = match ty {
            Type::Int => self.integer(),
            Type::Float => self.one_of(FLOATS).to_string(),
            Type::Bool => self.one_of(&["true", "false"]).to_string(),
            Type::Atom => self.one_of(ATOMS).to_string(),
            Type::Binary => match self.below(5) {
                0 => "<<>>".into(),
                1 => "<<\"hello\">>".into(),
                2 => format!("<<\"{}\"/utf8>>", self.one_of(&["ä€", "日本", "x\\n"])),
                3 => format!("<<{}:{}>>", self.integer(), 8 * (1 + self.below(12))),
                _ => format!("<<{}, {}, 0, 255>>", self.below(256), self.below(256)),
            },
            Type::Bits => format!("<<{}:{}>>", self.integer(), self.below(90)),
            Type::Text => self
                .one_of(&["\"\"", "\"abc\"", "\"x y\\n\"", "[228, 8364]", "\"0123456789\""])
                .to_string(),
            Type::List(_) | Type::Tuple(_) | Type::Map(..) | Type::Record | Type::Fun(..) => {
                return self.composite(ty, depth);
            }
        };
        Node::leaf(ty.clone(), text)
    }

    fn composite(&mut self, ty: &Type, depth: usize) -> Node {
        let below = depth.saturating_sub(1);
        match ty {
            Type::List(of) => {
                let count = self.below(5);
                let parts: Vec<Node> = (0..count).map(|_| self.simple(of, below)).collect();
                Node::new(Some(ty.clone()), &format!("[{}]", places(count)), parts)
            }
            Type::Tuple(types) => {
                let parts: Vec<Node> = types.iter().map(|ty| self.simple(ty, below)).collect();
                Node::new(Some(ty.clone()), &format!("{{{}}}", places(parts.len())), parts)
            }
            Type::Map(key, value) => {
                let count = self.below(5);
                let parts = (0..count)
                    .flat_map(|_| [self.simple(key, 0), self.simple(value, below)])
                    .collect();
                let pairs = vec!["@ => @"; count].join(", ");
                Node::new(Some(ty.clone()), &format!("#{{{pairs}}}"), parts)
            }
            Type::Record => {
                let parts = vec![self.simple(&Type::Int, 0), self.simple(&Type::Binary, 0)];
                Node::new(Some(ty.clone()), "#r{a = @, b = @}", parts)
            }
            Type::Fun(types, result) => self.closure(types, result, below),
            _ => self.literal(ty, below),
        }
    }

    pub fn closure(&mut self, types: &[Type], result: &Type, depth: usize) -> Node {
        let scope = self.scope();
        let names: Vec<String> = types.iter().map(|ty| self.bind(ty.clone())).collect();
        let body = self.expression(result, depth);
        self.leave(scope);
        let ty = Type::Fun(types.to_vec(), Box::new(result.clone()));
        Node::new(Some(ty), &format!("fun({}) -> @ end", names.join(", ")), vec![body])
    }

    /// Forms that give any type.
    fn general(&mut self, ty: &Type, depth: usize) -> Node {
        let typed = |template: &str, children| Node::new(Some(ty.clone()), template, children);
        match self.below(14) {
            0..=2 => self.case_of(ty, depth),
            3 => {
                let (guard, other) = (self.guard(), self.guard());
                let mut parts: Vec<Node> = (0..2).map(|_| self.expression(ty, depth)).collect();
                if self.chance(90) {
                    parts.push(self.expression(ty, depth));
                    return typed(&format!("if {guard} -> @; {other} -> @; true -> @ end"), parts);
                }
                typed(&format!("if {guard} -> @; {other} -> @ end"), parts)
            }
            4 => {
                let given = self.any_type(1);
                let value = self.expression(&given, depth);
                let scope = self.scope();
                let name = self.bind(given);
                let body = self.expression(ty, depth);
                self.leave(scope);
                typed(&format!("begin {name} = @, @ end"), vec![value, body])
            }
            5 | 6 => self.try_of(ty, depth),
            7 | 8 => self.call(ty, depth),
            9 => {
                let types: Vec<Type> = (0..1 + self.below(2)).map(|_| self.any_type(0)).collect();
                let mut parts = vec![self.closure(&types, ty, depth)];
                parts.extend(types.iter().map(|ty| self.expression(ty, depth.min(1))));
                typed(&format!("(@)({})", places(types.len())), parts)
            }
            10 => {
                let other = self.any_type(0);
                let pair = Type::Tuple(vec![other, ty.clone()]);
                let value = self.expression(&pair, depth);
                typed("element(2, @)", vec![value])
            }
            11 => {
                let map = Type::Map(Box::new(Type::Int), Box::new(ty.clone()));
                let parts = vec![
                    self.expression(&Type::Int, 0),
                    self.expression(&map, depth),
                    self.expression(ty, depth.min(1)),
                ];
                typed("maps:get(@, @, @)", parts)
            }
            12 => {
                let value = self.expression(&list(ty.clone()), depth);
                typed(self.one_of(&["hd(@)", "lists:last(@)", "lists:nth(2, @)"]), vec![value])
            }
            _ => self.raise_or_receive(ty, depth),
        }
    }

    fn raise_or_receive(&mut self, ty: &Type, depth: usize) -> Node {
        let typed = |template: &str, children| Node::new(Some(ty.clone()), template, children);
        match self.below(8) {
            0 => {
                let thrown = self.any_type(1);
                let value = self.expression(&thrown, depth.min(1));
                let form = self.one_of(&[
                    "throw(@)",
                    "error(@)",
                    "exit(@)",
                    "error({bad, @})",
                    "error(x, [@])",
                ]);
                typed(form, vec![value])
            }
            1 | 2 => {
                let name = self.name();
                let sent = self.expression(ty, depth);
                let other = self.expression(ty, depth.min(1));
                typed(
                    &format!(
                        "begin self() ! {{m, @}}, receive {{m, {name}}} -> {name} after 0 -> @ end end"
                    ),
                    vec![sent, other],
                )
            }
            3 | 4 if self.release >= 27 => {
                let scope = self.scope();
                let value = self.expression(&Type::Int, depth);
                let name = self.bind(Type::Int);
                let body = self.expression(ty, depth);
                self.leave(scope);
                let other = self.expression(ty, depth.min(1));
                let limit = self.integer();
                typed(
                    &format!("maybe {name} ?= @, true ?= {name} < {limit}, @ else _ -> @ end"),
                    vec![value, body, other],
                )
            }
            _ => {
                let name = self.name();
                let value = self.expression(ty, depth);
                let other = self.expression(ty, depth.min(1));
                typed(
                    &format!("case catch @ of {{'EXIT', _}} -> @; {name} -> {name} end"),
                    vec![value, other],
                )
            }
        }
    }

    fn call(&mut self, ty: &Type, depth: usize) -> Node {
        let fitting: Vec<usize> =
            (0..self.functions.len()).filter(|&at| self.functions[at].2 == *ty).collect();
        if fitting.is_empty() {
            return self.special(ty, depth);
        }
        let at = fitting[self.below(fitting.len())];
        let (name, types, _) = self.functions[at].clone();
        let parts: Vec<Node> = types.iter().map(|ty| self.expression(ty, depth.min(2))).collect();
        let prefix = self.one_of(&["", "", "?MODULE:"]);
        Node::new(Some(ty.clone()), &format!("{prefix}{name}({})", places(parts.len())), parts)
    }

    fn case_of(&mut self, ty: &Type, depth: usize) -> Node {
        let given = match self.below(4) {
            0 => Type::Bits,
            _ => self.any_type(2),
        };
        let mut parts = vec![self.expression(&given, depth)];
        let mut template = "case @ of ".to_string();
        for _ in 0..1 + self.below(3) {
            let scope = self.scope();
            let pattern = self.pattern(&given, 2);
            let guard = match self.chance(40) {
                true => format!(" when {}", self.guard()),
                false => String::new(),
            };
            parts.push(self.expression(ty, depth));
            self.leave(scope);
            template += &format!("{pattern}{guard} -> @; ");
        }
        if self.chance(92) {
            let name = self.name();
            parts.push(self.expression(ty, depth));
            template += &format!("{name} when {name} =:= {name} -> @ end");
        } else {
            template.truncate(template.len() - 2);
            template += " end";
        }
        Node::new(Some(ty.clone()), &template, parts)
    }

    fn try_of(&mut self, ty: &Type, depth: usize) -> Node {
        let mut parts = vec![self.expression(ty, depth)];
        let mut template = "try @".to_string();
        if self.chance(30) {
            let name = self.name();
            parts.push(self.expression(ty, depth));
            template += &format!(" of {name} when {name} == 0 -> @; {name} -> {name}");
        }
        let reason = self.one_of(&[
            "error:badarith",
            "error:{badmatch, _}",
            "throw:_",
            "error:function_clause",
            "_:_",
        ]);
        parts.push(self.expression(ty, depth));
        template += &format!(" catch {reason} -> @");
        if self.chance(50) {
            let scope = self.scope();
            let class = self.bind(Type::Atom);
            let caught = self.name();
            parts.push(self.expression(ty, depth));
            self.leave(scope);
            template += &match self.chance(30) {
                true => format!(
                    "; {class}:{caught}:S{caught} -> erlang:raise({class}, {caught}, S{caught}), @"
                ),
                false => format!("; {class}:{caught} when {caught} =/= {class} -> @"),
            };
        }
        if self.chance(20) {
            let effect = self.any_type(0);
            parts.push(self.expression(&effect, depth.min(1)));
            template += " after _ = @";
        }
        Node::new(Some(ty.clone()), &(template + " end"), parts)
    }

    /// A guard over the variables in scope.
    pub fn guard(&mut self) -> String {
        let one = self.guard_test();
        match self.below(6) {
            0 => format!("{one}, {}", self.guard_test()),
            1 => format!("{one}; {}", self.guard_test()),
            2 => format!("{one} andalso {}", self.guard_test()),
            3 => format!("not ({one}) orelse {}", self.guard_test()),
            _ => one,
        }
    }

    pub fn guard_test(&mut self) -> String {
        if self.variables.is_empty() {
            return format!("{} < {}", self.integer(), self.integer());
        }
        let at = self.below(self.variables.len());
        let (name, ty) = self.variables[at].clone();
        let compare = self.one_of(&["<", ">", "=<", ">=", "==", "/=", "=:=", "=/="]);
        match self.below(5) {
            0 => {
                let test = self.one_of(&[
                    "is_integer",
                    "is_float",
                    "is_atom",
                    "is_list",
                    "is_tuple",
                    "is_map",
                    "is_binary",
                    "is_bitstring",
                    "is_number",
                    "is_boolean",
                    "is_function",
                ]);
                format!("{test}({name})")
            }
            1 => {
                let other = self.below(self.variables.len());
                format!("({name} {compare} {})", self.variables[other].0)
            }
            _ => {
                let measured = match ty {
                    Type::Int => match self.below(4) {
                        0 => format!("{name} band 7"),
                        1 => format!("abs({name}) rem 3"),
                        2 => format!("{name} * 2 + 1"),
                        _ => name,
                    },
                    Type::Float => {
                        self.one_of(&["trunc(@)", "@", "@ * 2", "-@"]).replace('@', &name)
                    }
                    Type::List(_) | Type::Text => {
                        self.one_of(&["length(@)", "hd(@)", "@"]).replace('@', &name)
                    }
                    Type::Binary | Type::Bits => {
                        self.one_of(&["byte_size(@)", "bit_size(@)"]).replace('@', &name)
                    }
                    Type::Tuple(_) | Type::Record => {
                        self.one_of(&["tuple_size(@)", "element(1, @)"]).replace('@', &name)
                    }
                    Type::Map(..) => format!("map_size({name})"),
                    _ => name,
                };
                format!("({measured} {compare} {})", self.integer())
            }
        }
    }

    /// A pattern for a type; its variables are in scope afterwards.
    pub fn pattern(&mut self, ty: &Type, depth: usize) -> String {
        if self.chance(30) || depth == 0 {
            return match self.chance(15) {
                true => "_".into(),
                false => self.bind(ty.clone()),
            };
        }
        match ty {
            Type::Int | Type::Float | Type::Bool | Type::Atom => {
                self.literal(ty, 0).text().replace("-0.0", "0.5").replace("0.0", "1.0")
            }
            Type::Binary | Type::Bits => self.bits_pattern(),
            Type::Text => self.text_pattern(),
            Type::List(of) => match self.below(4) {
                0 => "[]".into(),
                1 => {
                    let head = self.pattern(of, depth - 1);
                    let tail = self.bind(ty.clone());
                    format!("[{head} | {tail}]")
                }
                2 => format!("[{}, {}]", self.pattern(of, depth - 1), self.pattern(of, depth - 1)),
                _ => {
                    let whole = self.bind(ty.clone());
                    format!("[{}, _ | _] = {whole}", self.pattern(of, depth - 1))
                }
            },
            Type::Tuple(types) => {
                let parts: Vec<String> =
                    types.iter().map(|ty| self.pattern(ty, depth - 1)).collect();
                format!("{{{}}}", parts.join(", "))
            }
            Type::Map(key, value) => {
                // What the same pattern binds must not occur in a key.
                let variables = std::mem::take(&mut self.variables);
                let key = self.literal(key, 0).text();
                self.variables = variables;
                format!("#{{{key} := {}}}", self.pattern(value, depth - 1))
            }
            Type::Record => format!(
                "#r{{a = {}, b = {}}}",
                self.pattern(&Type::Int, depth - 1),
                self.pattern(&Type::Binary, 1)
            ),
            Type::Fun(..) => self.bind(ty.clone()),
        }
    }

    fn text_pattern(&mut self) -> String {
        let rest = self.bind(Type::Text);
        match self.below(3) {
            0 => format!("\"ab\" ++ {rest}"),
            1 => format!("[{} | {rest}]", self.bind(Type::Int)),
            _ => format!("[$x | {rest}]"),
        }
    }

    fn bits_pattern(&mut self) -> String {
        let mut segments = Vec::new();
        let mut sizes: Vec<String> = Vec::new();
        for _ in 0..self.below(4) {
            let size = match sizes.last() {
                Some(bound) if self.chance(40) => {
                    self.one_of(&["@", "(@ band 15)", "(@ rem 9)"]).replace('@', bound)
                }
                _ => self.below(70).to_string(),
            };
            let flags = self.integer_flags();
            segments.push(match self.below(10) {
                0..=3 => {
                    let name = self.bind(Type::Int);
                    let segment = format!("{name}:{size}/{flags}");
                    sizes.push(name);
                    segment
                }
                4 => format!("{}:{}/{flags}", self.below(256), 8),
                5 => format!(
                    "{}:{}/{}float",
                    self.bind(Type::Float),
                    self.one_of(&["16", "32", "64"]),
                    self.one_of(&["", "little-"])
                ),
                6 => format!("{}:{size}/bits", self.bind(Type::Bits)),
                7 => format!("{}:{}/binary", self.bind(Type::Binary), self.below(4)),
                8 => format!(
                    "{}/{}",
                    self.bind(Type::Int),
                    self.one_of(&["utf8", "utf16", "utf32-little"])
                ),
                _ => format!("_:{size}"),
            });
        }
        match self.below(4) {
            0 => {}
            1 => segments.push(format!("{}/binary", self.bind(Type::Binary))),
            2 => segments.push("_/bits".into()),
            _ => segments.push(format!("{}/bits", self.bind(Type::Bits))),
        }
        format!("<<{}>>", segments.join(", "))
    }

    pub fn integer_flags(&mut self) -> String {
        let sign = self.one_of(&["", "-signed", "-unsigned"]);
        let order = self.one_of(&["", "-little", "-big", "-native"]);
        format!("integer{sign}{order}")
    }
}

/// So many children with commas between them.
pub fn places(count: usize) -> String {
    vec!["@"; count].join(", ")
}
