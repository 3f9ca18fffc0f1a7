//! Reads the text of a function that `print` writes, so that tests can start there.
//!
//! Invariants: a printed function reads back as one that prints the same and, once its tables are
//! numbered by first use, compiles to the same bytes. What a text says need not make sense:
//! `verify` is still to be run. Comments reach from `%` to the end of the line.

use super::*;
use beamrc_abi::bifs;
use beamrc_abi::entry::{ENTRIES, SIZE_ALL, SIZE_IN_X, Segment, SegmentKind};
use beamrc_beam::TermParser;
use std::fmt::Debug;
use std::str::FromStr;

/// Operations whose name says everything.
const OPS: &[Op] = &[
    Op::Hd,
    Op::Tl,
    Op::TupleSize,
    Op::Cons,
    Op::Tuple,
    Op::FunCode,
    Op::FlatMap,
    Op::FloatOf,
    Op::FloatOrZero,
    Op::FloatBox,
    Op::CallFun,
    Op::CallCode,
    Op::CallX,
    Op::MatchPosition,
    Op::MatchSetPosition,
    Op::MatchLeft,
    Op::MatchAdvance,
    Op::Untag,
    Op::Tag,
    Op::OrderWord,
    Op::RawAdd,
    Op::RawMul,
];

const ARITH_OPS: &[ArithOp] = &[
    ArithOp::Add,
    ArithOp::Sub,
    ArithOp::Mul,
    ArithOp::Div,
    ArithOp::Rem,
    ArithOp::And,
    ArithOp::Or,
    ArithOp::Xor,
    ArithOp::Shl,
    ArithOp::Shr,
    ArithOp::Neg,
    ArithOp::Not,
    ArithOp::AddLow,
    ArithOp::SubLow,
    ArithOp::MulLow,
    ArithOp::ShlLow,
];

const FLOAT_OPS: &[FloatOp] =
    &[FloatOp::Add, FloatOp::Sub, FloatOp::Mul, FloatOp::Div, FloatOp::Neg];

/// Tests whose name says everything.
const TESTS: &[Test] = &[
    Test::IsInteger,
    Test::IsFloat,
    Test::IsNumber,
    Test::IsAtom,
    Test::IsBoolean,
    Test::IsPid,
    Test::IsPort,
    Test::IsReference,
    Test::IsBinary,
    Test::IsBitstring,
    Test::IsList,
    Test::IsCons,
    Test::IsNil,
    Test::IsTuple,
    Test::IsMap,
    Test::IsFun,
    Test::IsFunArity,
    Test::Same,
    Test::Equal,
    Test::Less,
    Test::IsValue,
    Test::NonZero,
    Test::RawLess,
    Test::RawSame,
    Test::IsFinite,
    Test::FloatLess,
    Test::FloatEqual,
];

const SEGMENT_KINDS: &[SegmentKind] = &[
    SegmentKind::Integer,
    SegmentKind::Float,
    SegmentKind::Binary,
    SegmentKind::Utf8,
    SegmentKind::Utf16,
    SegmentKind::Utf32,
    SegmentKind::String,
    SegmentKind::Append,
    SegmentKind::PrivateAppend,
];

/// No function has more values or blocks: what a slip of the pen names is not allocated.
const INDEX_MAX: u32 = 1 << 24;

type Parsed<T> = Result<T, String>;

struct Parser<'a> {
    text: TermParser<'a>,
    f: Function,
}

impl FromStr for Function {
    type Err = String;

    fn from_str(text: &str) -> Parsed<Function> {
        let mut parser = Parser {
            text: TermParser::new(text),
            f: Function {
                name: Name { module: "".into(), function: "".into(), arity: 0 },
                convention: Convention::Plain,
                values: vec![],
                blocks: vec![],
                literals: vec![],
                plans: vec![],
                strings: vec![],
                lambdas: vec![],
                locations: vec![Location { file: None, line: 0 }],
            },
        };
        parser.function()?;
        match parser.text.rest() {
            "" => Ok(parser.f),
            _ => Err(parser.text.error("more text behind the function")),
        }
    }
}

/// The number of an entry of a table, which is added if it is not there yet.
fn number<T: PartialEq>(table: &mut Vec<T>, entry: T) -> u32 {
    let place = table.iter().position(|other| *other == entry).unwrap_or_else(|| {
        table.push(entry);
        table.len() - 1
    });
    place as u32
}

impl Parser<'_> {
    // --- words

    fn error<T>(&self, message: impl std::fmt::Display) -> Parsed<T> {
        Err(self.text.error(message))
    }
    fn word(&mut self) -> &str {
        self.text.take_while(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    }
    /// The one of these whose name in lower case comes next.
    fn one_of<T: Clone + Debug>(&mut self, what: &str, all: &[T]) -> Parsed<T> {
        let word = self.text.take_while(|c| c.is_ascii_alphanumeric()).to_lowercase();
        match all.iter().find(|one| format!("{one:?}").to_lowercase() == word) {
            Some(one) => Ok(one.clone()),
            None => self.error(format!("there is no {what} {word}")),
        }
    }
    fn integer(&mut self) -> Parsed<i64> {
        let digits = self.text.take_while(|c| c == '-' || c.is_ascii_digit());
        digits.parse().or_else(|_| self.error("an integer is expected here"))
    }
    /// A number in parentheses.
    fn immediate(&mut self) -> Parsed<u32> {
        self.text.expect("(")?;
        let number = self.text.natural()?;
        self.text.expect(")")?;
        Ok(number)
    }
    fn field(&mut self, name: &str) -> Parsed<()> {
        self.text.expect(name)?;
        self.text.expect(":")
    }
    fn flag(&mut self) -> Parsed<bool> {
        match self.word() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => self.error("true or false is expected here"),
        }
    }
    /// Items between two brackets.
    fn items<T>(
        &mut self,
        open: &str,
        close: &str,
        mut item: impl FnMut(&mut Self) -> Parsed<T>,
    ) -> Parsed<Vec<T>> {
        self.text.expect(open)?;
        let mut items = Vec::new();
        while !self.text.accept(close) {
            if !items.is_empty() {
                self.text.expect(",")?;
            }
            items.push(item(self)?);
        }
        Ok(items)
    }
    fn name(&mut self) -> Parsed<Name> {
        let module = self.text.atom()?;
        self.text.expect(":")?;
        let function = self.text.atom()?;
        self.text.expect("/")?;
        Ok(Name { module, function, arity: self.text.natural()? })
    }

    // --- blocks and values

    fn function(&mut self) -> Parsed<()> {
        self.text.expect("function")?;
        self.f.name = self.name()?;
        if self.text.accept("closure") {
            self.f.convention = Convention::Closure { free: self.text.natural()? };
        }
        self.text.expect("{")?;
        let mut next = 0;
        while !self.text.accept("}") {
            let block = self.block_id()?;
            if block.0 < next {
                return self.error(format!("{block:?} is out of order"));
            }
            next = block.0 + 1;
            self.f.blocks[block.index()] = self.block()?;
        }
        if next == 0 { self.error("a function without a block") } else { Ok(()) }
    }
    fn index(&mut self, letter: &str) -> Parsed<u32> {
        self.text.expect(letter)?;
        let index = self.text.natural()?;
        if index < INDEX_MAX { Ok(index) } else { self.error("the number is too large") }
    }
    /// A block, which exists from now on, empty at first: what is empty is not printed.
    fn block_id(&mut self) -> Parsed<BlockId> {
        let id = self.index("b")?;
        while self.f.blocks.len() <= id as usize {
            self.f.new_block();
        }
        Ok(BlockId(id))
    }
    fn value(&mut self) -> Parsed<Value> {
        let value = Value(self.index("v")?);
        if self.f.values.len() <= value.index() {
            self.f.values.resize(value.index() + 1, Repr::Term);
        }
        Ok(value)
    }
    fn definition(&mut self) -> Parsed<Value> {
        let value = self.value()?;
        self.f.values[value.index()] = match self.text.accept(":") {
            false => Repr::Term,
            true => match self.word() {
                "raw" => Repr::Raw,
                "f64" => Repr::F64,
                _ => return self.error("raw or f64 is expected here"),
            },
        };
        Ok(value)
    }
    fn block(&mut self) -> Parsed<Block> {
        let params = self.items("(", ")", Self::definition)?;
        let polls = self.text.accept("poll");
        self.text.expect(":")?;
        let mut insts = Vec::new();
        loop {
            let before = self.text.clone();
            if let Some(end) = self.end()? {
                return Ok(Block { params, insts, end, polls });
            }
            self.text = before;
            insts.push(self.inst()?);
        }
    }
    fn target(&mut self) -> Parsed<Target> {
        let block = self.block_id()?;
        let args = match self.text.rest().starts_with('(') {
            true => self.items("(", ")", Self::arg)?,
            false => vec![],
        };
        Ok(Target { block, args })
    }
    fn handler(&mut self) -> Parsed<Target> {
        self.text.expect("catch")?;
        self.target()
    }
    /// The end of a block, if that is what comes next.
    fn end(&mut self) -> Parsed<Option<End>> {
        Ok(Some(match self.word() {
            "return" => End::Return(self.arg()?),
            "jump" => End::Jump(self.target()?),
            "if" => {
                let test = self.test()?;
                let (args, types) = self.typed()?;
                self.text.expect("then")?;
                let yes = self.target()?;
                self.text.expect("else")?;
                End::Branch { test, args, types, yes, no: self.target()? }
            }
            "switch" => self.switch()?,
            "invoke" => {
                let inst = Box::new(self.inst()?);
                self.text.expect("then")?;
                let normal = self.target()?;
                End::Invoke { inst, normal, handler: self.handler()? }
            }
            "tail" => End::TailCall(Box::new(self.inst()?)),
            "raise" => {
                let inst = Box::new(self.inst()?);
                let caught = self.text.rest().starts_with("catch");
                let handler = if caught { Some(self.handler()?) } else { None };
                End::Raise { inst, handler }
            }
            "unreachable" => End::Unreachable,
            _ => return Ok(None),
        }))
    }
    fn switch(&mut self) -> Parsed<End> {
        let (args, types) = self.typed()?;
        let [arg] =
            <[Arg; 1]>::try_from(args).or_else(|_| self.error("switch takes one argument"))?;
        let mut cases = Vec::new();
        while !self.text.accept("else") {
            let constant = self.arg()?;
            self.text.expect("->")?;
            cases.push((constant, self.target()?));
            self.text.expect(",")?;
        }
        Ok(End::Switch { arg, ty: types.first().copied(), cases, default: self.target()? })
    }

    // --- instructions

    fn inst(&mut self) -> Parsed<Inst> {
        let result = match self.text.rest().as_bytes() {
            [b'v', digit, ..] if digit.is_ascii_digit() => {
                let result = self.definition()?;
                self.text.expect("=")?;
                Some(result)
            }
            _ => None,
        };
        let op = self.op()?;
        let fails = match self.text.rest().as_bytes().first() {
            Some(b'!') => Fails::Throws,
            Some(b'?') => Fails::NoValue,
            _ => Fails::Never,
        };
        self.text.advance(usize::from(fails != Fails::Never));
        let (args, types) = self.typed()?;
        Ok(Inst { op, args, types, result, fails, location: self.location()? })
    }
    fn location(&mut self) -> Parsed<u32> {
        if !self.text.accept("@") {
            return Ok(0);
        }
        let mut file = None;
        if self.text.rest().starts_with('"') {
            file = Some(self.text.quoted('"')?.into());
            self.text.expect(":")?;
        }
        let line = self.text.natural()?;
        Ok(number(&mut self.f.locations, Location { file, line }))
    }
    fn op(&mut self) -> Parsed<Op> {
        let before = self.text.clone();
        Ok(match self.word() {
            "bif" => {
                let name = self.name()?;
                let is_it = |b: &&'static Bif| {
                    (b.module, b.name, b.arity as u32)
                        == (&*name.module, &*name.function, name.arity)
                };
                match bifs::all().find(is_it) {
                    Some(bif) => Op::Bif(bif),
                    None => return self.error(format!("there is no BIF {name}")),
                }
            }
            "rt" => {
                let symbol = format!("beamrc_{}", self.word());
                match ENTRIES.iter().find(|e| e.symbol == symbol) {
                    Some(entry) => Op::Entry(*entry),
                    None => return self.error(format!("the runtime has no entry {symbol}")),
                }
            }
            "call" => Op::Call(self.name()?),
            "fun" => Op::MakeFun(self.lambda()?),
            "element" => Op::Element(self.immediate()?),
            "funenv" => Op::FunEnv(self.immediate()?),
            "setelement" => Op::SetElement(self.immediate()?),
            "arith" => {
                self.text.expect("(")?;
                let op = self.one_of("operator", ARITH_OPS)?;
                self.text.expect(")")?;
                Op::Arith(op)
            }
            "floatarith" => {
                self.text.expect("(")?;
                let op = self.one_of("operator", FLOAT_OPS)?;
                self.text.expect(")")?;
                Op::FloatArith(op)
            }
            "updatetuple" => {
                self.text.expect("{")?;
                self.field("arity")?;
                let arity = self.text.natural()?;
                self.text.expect(",")?;
                self.field("positions")?;
                let positions = self.items("[", "]", |p| p.text.natural())?;
                self.text.expect("}")?;
                Op::UpdateTuple { arity, positions }
            }
            "matchinteger" => {
                let (at, bits) = self.run_of_bits("at")?;
                let (little, signed) = self.integer_flags()?;
                Op::MatchInteger { at, bits, little, signed }
            }
            "matchread" => {
                let (at, bits) = self.run_of_bits("at")?;
                self.text.expect("}")?;
                Op::MatchRead { at, bits }
            }
            "field" => {
                let (low, bits) = self.run_of_bits("low")?;
                let (little, signed) = self.integer_flags()?;
                Op::Field { low, bits, little, signed }
            }
            _ => {
                self.text = before;
                self.one_of("operation", OPS)?
            }
        })
    }
    /// The first two fields of an operation that reads bits.
    fn run_of_bits(&mut self, start: &str) -> Parsed<(u32, u32)> {
        self.text.expect("{")?;
        self.field(start)?;
        let from = self.text.natural()?;
        self.text.expect(",")?;
        self.field("bits")?;
        Ok((from, self.text.natural()?))
    }
    /// And its last two.
    fn integer_flags(&mut self) -> Parsed<(bool, bool)> {
        self.text.expect(",")?;
        self.field("little")?;
        let little = self.flag()?;
        self.text.expect(",")?;
        self.field("signed")?;
        let signed = self.flag()?;
        self.text.expect("}")?;
        Ok((little, signed))
    }
    fn lambda(&mut self) -> Parsed<u32> {
        let function = self.name()?;
        self.text.expect("free")?;
        let free = self.text.natural()?;
        self.text.expect("index")?;
        let index = self.text.natural()?;
        self.text.expect("uniq")?;
        let old_uniq = self.text.natural()?;
        self.text.expect(".")?;
        let digits = self.word();
        let Some(uniq) =
            (digits.len() == 32).then(|| u128::from_str_radix(digits, 16).ok()).flatten()
        else {
            return self.error("32 hexadecimal digits are expected here");
        };
        let lambda = LambdaRef { function, free, index, old_uniq, uniq: uniq.to_be_bytes() };
        Ok(number(&mut self.f.lambdas, lambda))
    }
    fn test(&mut self) -> Parsed<Test> {
        let before = self.text.clone();
        match self.word() {
            "hasarity" => Ok(Test::HasArity(self.immediate()?)),
            "rawmultiple" => Ok(Test::RawMultiple(self.immediate()?)),
            _ => {
                self.text = before;
                self.one_of("test", TESTS)
            }
        }
    }

    // --- arguments

    /// Arguments, and their types unless nothing is known of any.
    fn typed(&mut self) -> Parsed<(Vec<Arg>, Vec<TypeEntry>)> {
        let pairs = self.items("(", ")", |p| {
            let arg = p.arg()?;
            let ty = if p.text.accept(":") { p.ty()? } else { TypeEntry::ANY };
            Ok((arg, ty))
        })?;
        let (args, types): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
        let known = types.iter().any(|ty| *ty != TypeEntry::ANY);
        Ok((args, if known { types } else { vec![] }))
    }
    fn ty(&mut self) -> Parsed<TypeEntry> {
        let mut ty = TypeEntry { union: TypeUnion(0), ..TypeEntry::ANY };
        loop {
            let word = self.word().to_owned();
            let kinds = std::iter::successors(Some(1u16), |bit| bit.checked_mul(2)).map(TypeUnion);
            let known = kinds.take_while(|kind| kind.is_subset(TypeUnion::ANY));
            let Some(kind) = known.chain([TypeUnion::ANY]).find(|kind| kind.to_string() == word)
            else {
                return self.error(format!("there is no type {word}"));
            };
            ty.union = ty.union.union(kind);
            if !self.text.accept("|") {
                break;
            }
        }
        if self.text.accept("[") {
            let bound = |p: &mut Self| match p.text.rest().starts_with(['.', ']']) {
                true => Ok(None),
                false => p.integer().map(Some),
            };
            ty.lower_bound = bound(self)?;
            self.text.expect("..")?;
            ty.upper_bound = bound(self)?;
            self.text.expect("]")?;
        }
        if self.text.accept("/") {
            ty.unit = self.text.natural()?;
        }
        Ok(ty)
    }
    fn arg(&mut self) -> Parsed<Arg> {
        match self.text.rest().as_bytes() {
            [b'v', digit, ..] if digit.is_ascii_digit() => return Ok(Arg::Value(self.value()?)),
            [b'\'', ..] => return Ok(Arg::Atom(self.text.atom()?)),
            [b'[', ..] => {
                self.text.expect("[]")?;
                return Ok(Arg::Nil);
            }
            [b'#', ..] => {
                self.text.expect("#")?;
                return Ok(Arg::Raw(self.integer()?));
            }
            [b'-' | b'0'..=b'9', ..] => {
                return match self.text.term()? {
                    Literal::Int(n) => Ok(Arg::Small(n)),
                    Literal::Float(x) => Ok(Arg::Float(x)),
                    other => self.error(format!("{other} is no small integer")),
                };
            }
            _ => {}
        }
        Ok(match self.word() {
            "lit" => {
                let literal = self.text.term()?;
                Arg::Literal(number(&mut self.f.literals, literal))
            }
            "plan" => {
                let segments = self.items("(", ")", Self::segment)?;
                Arg::Plan(number(&mut self.f.plans, Plan { segments }))
            }
            "bytes" => {
                let bytes = self.items("[", "]", |p| p.text.natural())?;
                Arg::Bytes(number(&mut self.f.strings, bytes))
            }
            "mfa" => Arg::Mfa(Box::new(self.name()?)),
            _ => return self.error("an argument is expected here"),
        })
    }
    fn segment(&mut self) -> Parsed<PlanSegment> {
        let kind = self.one_of("kind of segment", SEGMENT_KINDS)?;
        self.text.expect("f")?;
        let flags = self.text.natural()?;
        self.text.expect("u")?;
        let unit = self.text.natural()?;
        self.text.expect("#")?;
        let index = self.text.natural()?;
        let size = if self.text.accept("x") {
            SIZE_IN_X
        } else if self.text.accept("all") {
            SIZE_ALL
        } else {
            self.text.natural()?
        };
        let string = match self.text.rest().starts_with('[') {
            true => self.items("[", "]", |p| p.text.natural())?,
            false => vec![],
        };
        Ok(PlanSegment { segment: Segment { kind, flags, unit, index, size, string: 0 }, string })
    }
}
