//! The typed intermediate form between bytecode and machine code.
//!
//! A function is a graph of basic blocks over values, each defined once; joins are block
//! parameters. Registers of the BEAM, its frames and its heap tests are gone: values, allocation
//! and failure are explicit. What may raise inside a `try` ends its block ([`End::Invoke`]), so
//! that a handler sees exactly the values of the moment.
//!
//! Invariants (see `verify`): a value is defined before it is used on every path; a target passes
//! one argument per parameter; only [`End::Invoke`] and [`End::Raise`] lead to handlers; an
//! instruction whose failure is [`Fails::Throws`] stands in a block outside any `try`, or in an
//! `Invoke`.

pub mod build;
mod parse;
pub mod passes;
mod print;
mod uses;
mod verify;

use beamrc_abi::bifs::Bif;
use beamrc_abi::entry::Entry;
use beamrc_abi::term::{SMALL_MAX, SMALL_MIN};
pub use beamrc_beam::{Atom, Literal, TypeEntry, TypeUnion};
use std::sync::Arc;
pub use verify::{order, verify};

macro_rules! index {
    ($($(#[$doc:meta])* $name:ident $letter:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);
        impl $name {
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                write!(f, "{}{}", $letter, self.0)
            }
        }
    )*};
}
index! {
    /// A value of the function.
    Value "v";
    /// A basic block; 0 is the entry.
    BlockId "b";
}

/// Module, function and arity.
#[derive(
    Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, serde::Serialize, serde::Deserialize,
)]
pub struct Name {
    pub module: Atom,
    pub function: Atom,
    pub arity: u32,
}

/// How a function is entered.
#[derive(
    Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub enum Convention {
    /// With its arguments.
    Plain,
    /// As the code of a closure: the closure's arguments, then the closure, which holds this many
    /// further arguments.
    Closure { free: u32 },
}

#[derive(Clone, Debug)]
pub struct Function {
    pub name: Name,
    pub convention: Convention,
    /// What each value is.
    pub values: Vec<Repr>,
    pub blocks: Vec<Block>,
    /// Literals, bit string plans and byte strings that [`Arg`]s refer to.
    pub literals: Vec<Literal>,
    pub plans: Vec<Plan>,
    pub strings: Vec<Vec<u8>>,
    pub lambdas: Vec<LambdaRef>,
    /// Source positions that instructions refer to; 0 is unknown.
    pub locations: Vec<Location>,
}

/// A fun of a module, as `make_fun` names it.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct LambdaRef {
    /// The function behind it; its arity includes the free variables.
    pub function: Name,
    pub free: u32,
    pub index: u32,
    pub old_uniq: u32,
    pub uniq: [u8; 16],
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Location {
    /// The file as stack traces name it.
    pub file: Option<Arc<str>>,
    pub line: u32,
}

/// How a bit string is built: the segments of `bs_create_bin`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Plan {
    pub segments: Vec<PlanSegment>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlanSegment {
    pub segment: beamrc_abi::entry::Segment,
    pub string: Vec<u8>,
}

/// Machine representation of a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Repr {
    /// A tagged word, traced by the collector.
    Term,
    /// An untagged word.
    Raw,
    /// An unboxed float.
    F64,
}

#[derive(Clone, Debug)]
pub struct Block {
    pub params: Vec<Value>,
    pub insts: Vec<Inst>,
    pub end: End,
    /// A yield point stands at the start: reductions are charged here.
    pub polls: bool,
}

/// An operand.
#[derive(Clone, PartialEq, Debug)]
pub enum Arg {
    Value(Value),
    Small(i64),
    Atom(Atom),
    Nil,
    /// Index into [`Function::literals`].
    Literal(u32),
    /// An untagged constant.
    Raw(i64),
    Float(f64),
    /// Address of a plan.
    Plan(u32),
    /// Address of bytes.
    Bytes(u32),
    /// Address of an undefined function's (module, function, arity).
    Mfa(Box<Name>),
}

/// Whether and how an instruction can fail.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fails {
    Never,
    /// It raises.
    Throws,
    /// Its result is then no value; a test follows.
    NoValue,
}

#[derive(Clone, Debug)]
pub struct Inst {
    pub op: Op,
    pub args: Vec<Arg>,
    /// What the bytecode's compiler knew of the arguments; empty or one per argument.
    pub types: Vec<TypeEntry>,
    pub result: Option<Value>,
    pub fails: Fails,
    /// Index into [`Function::locations`].
    pub location: u32,
}

/// Integer operators.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ArithOp {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    And,
    Or,
    Xor,
    Shl,
    Shr,
    Neg,
    Not,
    /// The same of small integers, but for bits above those of a small integer: nobody looks at them.
    AddLow,
    SubLow,
    MulLow,
    /// By a constant.
    ShlLow,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum FloatOp {
    Add,
    Sub,
    Mul,
    Div,
    Neg,
}

#[derive(Clone, Debug)]
pub enum Op {
    /// Head and tail of a cons, element (from 0) of a tuple.
    Hd,
    Tl,
    Element(u32),
    /// Arity of a tuple, as a small.
    TupleSize,
    /// Number of elements of a flat or hash map is a BIF; the environment of a closure is not.
    FunEnv(u32),
    Cons,
    Tuple,
    /// Flat map: the tuple of its keys, in term order, then the values.
    FlatMap,
    /// Closure over the arguments. Index into [`Function::lambdas`].
    MakeFun(u32),
    /// Copy of a tuple (first argument) of this arity with elements at these positions (from 0)
    /// replaced.
    UpdateTuple {
        arity: u32,
        positions: Vec<u32>,
    },
    /// Store into a tuple that nobody else has seen yet.
    SetElement(u32),
    Arith(ArithOp),
    /// Number to unboxed float.
    FloatOf,
    /// Value of a float; of any other term, zero.
    FloatOrZero,
    /// Unboxed float to term.
    FloatBox,
    FloatArith(FloatOp),
    /// A BIF in line: arguments, result.
    Bif(&'static Bif),
    /// A runtime entry: the row's arguments, then those passed in x.
    Entry(Entry),
    /// An Erlang function (or the wrapper of a BIF).
    Call(Name),
    /// A fun: the fun, then the arguments.
    CallFun,
    /// Code address of what is known to be a fun of the right arity.
    FunCode,
    /// A code address, then the arguments.
    CallCode,
    /// A code address; the arguments, however many, are in x.
    CallX,
    /// Match context: position and end as smalls / set position / bits left (raw).
    MatchPosition,
    MatchSetPosition,
    MatchLeft,
    /// Advance by a raw number of bits known to be there.
    MatchAdvance,
    /// The integer of this many bits (at most [`crate::clif::READ_MAX_BITS`]) this far behind the position, as
    /// a small. It is known to be there; the position stays.
    MatchInteger {
        at: u32,
        bits: u32,
        little: bool,
        signed: bool,
    },
    /// That many bits as a raw big-endian number. What stands above them is not specified.
    MatchRead {
        at: u32,
        bits: u32,
    },
    /// Bits of such a number, counted from the lowest, as a small.
    Field {
        low: u32,
        bits: u32,
        little: bool,
        signed: bool,
    },
    /// Untagged value of a small.
    Untag,
    /// Tag a raw integer that fits.
    Tag,
    /// A raw word that stands to the word of any small integer but the least as the term stands to
    /// it in term order.
    OrderWord,
    /// Raw arithmetic that cannot overflow.
    RawAdd,
    RawMul,
}

/// Nothing but small integers is of this type.
pub fn is_small(ty: &TypeEntry) -> bool {
    ty.union == TypeUnion::INTEGER
        && ty.lower_bound.is_some_and(|low| low >= SMALL_MIN)
        && ty.upper_bound.is_some_and(|high| high <= SMALL_MAX)
}

/// What a branch asks.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Test {
    IsInteger,
    IsFloat,
    IsNumber,
    IsAtom,
    IsBoolean,
    IsPid,
    IsPort,
    IsReference,
    IsBinary,
    IsBitstring,
    IsList,
    IsCons,
    IsNil,
    IsTuple,
    /// A tuple (known to be one) of this arity.
    HasArity(u32),
    IsMap,
    IsFun,
    /// A fun of the arity that is the second argument (a small).
    IsFunArity,
    /// =:=
    Same,
    /// ==
    Equal,
    /// <
    Less,
    /// Anything but "no value".
    IsValue,
    /// A raw word that is not 0.
    NonZero,
    /// A raw word that is a multiple of this.
    RawMultiple(u32),
    /// Raw, signed.
    RawLess,
    RawSame,
    /// Unboxed floats: neither infinite nor no number; < and ==.
    IsFinite,
    FloatLess,
    FloatEqual,
}

#[derive(Clone, Debug)]
pub struct Target {
    pub block: BlockId,
    pub args: Vec<Arg>,
}

#[derive(Clone, Debug)]
pub enum End {
    Return(Arg),
    Jump(Target),
    Branch {
        test: Test,
        args: Vec<Arg>,
        types: Vec<TypeEntry>,
        yes: Target,
        no: Target,
    },
    /// The first case whose constant is the (exactly equal) value; smalls and atoms only.
    Switch {
        arg: Arg,
        ty: Option<TypeEntry>,
        cases: Vec<(Arg, Target)>,
        default: Target,
    },
    /// What may raise inside a `try`.
    Invoke {
        inst: Box<Inst>,
        normal: Target,
        handler: Target,
    },
    /// A call in tail position.
    TailCall(Box<Inst>),
    /// An entry that does not return; a handler if one is in scope.
    Raise {
        inst: Box<Inst>,
        handler: Option<Target>,
    },
    /// Not built yet, or known not to be reached.
    Unreachable,
}

impl Target {
    pub fn to(block: BlockId) -> Target {
        Target { block, args: Vec::new() }
    }
}

impl Op {
    /// Calls compiled code.
    pub fn is_call(&self) -> bool {
        matches!(self, Op::Call(_) | Op::CallFun | Op::CallCode | Op::CallX)
    }
}

impl Inst {
    pub fn new(op: Op, args: Vec<Arg>) -> Inst {
        Inst { op, args, types: Vec::new(), result: None, fails: Fails::Never, location: 0 }
    }
    /// Type of argument `i`, as far as the bytecode says.
    pub fn arg_type(&self, i: usize) -> TypeEntry {
        self.types.get(i).copied().unwrap_or(TypeEntry::ANY)
    }
    /// May collect or suspend: terms that are needed later must stand in the frame.
    pub fn is_safepoint(&self) -> bool {
        match &self.op {
            _ if self.op.is_call() => true,
            Op::Entry(e) => e.reach != beamrc_abi::entry::Reach::Call,
            _ => false,
        }
    }
    /// Words this instruction takes from the young heap itself.
    pub fn heap_words(&self) -> u64 {
        match &self.op {
            Op::Cons => 2,
            Op::Tuple | Op::FlatMap => 1 + self.args.len() as u64,
            Op::MakeFun(_) => 3 + self.args.len() as u64,
            Op::UpdateTuple { arity, .. } => 1 + *arity as u64,
            Op::FloatBox => 2,
            _ => 0,
        }
    }
}

impl End {
    pub fn targets(&self) -> Vec<&Target> {
        match self {
            End::Return(_) | End::TailCall(_) | End::Unreachable => vec![],
            End::Jump(t) => vec![t],
            End::Branch { yes, no, .. } => vec![yes, no],
            End::Switch { cases, default, .. } => {
                cases.iter().map(|c| &c.1).chain([default]).collect()
            }
            End::Invoke { normal, handler, .. } => vec![normal, handler],
            End::Raise { handler, .. } => handler.iter().collect(),
        }
    }
    pub fn targets_mut(&mut self) -> Vec<&mut Target> {
        match self {
            End::Return(_) | End::TailCall(_) | End::Unreachable => vec![],
            End::Jump(t) => vec![t],
            End::Branch { yes, no, .. } => vec![yes, no],
            End::Switch { cases, default, .. } => {
                cases.iter_mut().map(|c| &mut c.1).chain([default]).collect()
            }
            End::Invoke { normal, handler, .. } => vec![normal, handler],
            End::Raise { handler, .. } => handler.iter_mut().collect(),
        }
    }
}

impl Function {
    /// Index of the location with the first line; 0 if there is none.
    pub fn first_location(&self) -> u32 {
        let known = self.locations.iter().enumerate().skip(1);
        known.min_by_key(|(_, location)| location.line).map_or(0, |(index, _)| index as u32)
    }
    pub fn new_value(&mut self, repr: Repr) -> Value {
        self.values.push(repr);
        Value(self.values.len() as u32 - 1)
    }
    pub fn new_block(&mut self) -> BlockId {
        self.blocks.push(Block {
            params: vec![],
            insts: vec![],
            end: End::Unreachable,
            polls: false,
        });
        BlockId(self.blocks.len() as u32 - 1)
    }
    /// Number of machine arguments.
    pub fn parameters(&self) -> u32 {
        match self.convention {
            Convention::Plain => self.name.arity,
            Convention::Closure { free } => self.name.arity - free + 1,
        }
    }
    /// Predecessors of every block, one entry per edge.
    pub fn predecessors(&self) -> Vec<Vec<BlockId>> {
        let mut preds = vec![Vec::new(); self.blocks.len()];
        for (i, block) in self.blocks.iter().enumerate() {
            for target in block.end.targets() {
                preds[target.block.index()].push(BlockId(i as u32));
            }
        }
        preds
    }
}
