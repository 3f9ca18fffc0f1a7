//! The text of a function: the `ssa` and `passes` stages of `--dump`, and the function cache's key.
//!
//! `parse` reads it back. Invariant: machine code follows from the text alone, once `number_tables`
//! has run: what the code says by index stands in the text as what is meant.

use super::*;
use beamrc_beam::AtomText;
use std::fmt::{Display, Formatter, Result};

impl Display for Name {
    fn fmt(&self, f: &mut Formatter) -> Result {
        write!(f, "{}:{}/{}", self.module, self.function, self.arity)
    }
}

/// A name whose atoms are quoted where they have to be.
struct NameText<'a>(&'a str, &'a str, usize);

impl Display for NameText<'_> {
    fn fmt(&self, f: &mut Formatter) -> Result {
        write!(f, "{}:{}/{}", AtomText(self.0), AtomText(self.1), self.2)
    }
}

fn name(name: &Name) -> NameText<'_> {
    NameText(&name.module, &name.function, name.arity as usize)
}

impl Display for Function {
    fn fmt(&self, f: &mut Formatter) -> Result {
        write!(f, "function {}", name(&self.name))?;
        if let Convention::Closure { free } = self.convention {
            write!(f, " closure {free}")?;
        }
        writeln!(f, " {{")?;
        for (i, block) in self.blocks.iter().enumerate() {
            let empty = block.params.is_empty() && block.insts.is_empty();
            if i > 0 && empty && matches!(block.end, End::Unreachable) {
                continue;
            }
            write!(f, "b{i}")?;
            self.list(f, &block.params, |f, v| self.definition(f, *v))?;
            writeln!(f, "{}:", if block.polls { " poll" } else { "" })?;
            for inst in &block.insts {
                write!(f, "  ")?;
                self.inst(f, inst)?;
                writeln!(f)?;
            }
            write!(f, "  ")?;
            self.end(f, &block.end)?;
            writeln!(f)?;
        }
        writeln!(f, "}}")
    }
}

impl Function {
    fn list<T>(
        &self,
        f: &mut Formatter,
        items: &[T],
        mut each: impl FnMut(&mut Formatter, &T) -> Result,
    ) -> Result {
        write!(f, "(")?;
        for (i, item) in items.iter().enumerate() {
            write!(f, "{}", if i > 0 { ", " } else { "" })?;
            each(f, item)?;
        }
        write!(f, ")")
    }

    fn definition(&self, f: &mut Formatter, value: Value) -> Result {
        write!(f, "{value:?}")?;
        match self.values[value.index()] {
            Repr::Term => Ok(()),
            Repr::Raw => write!(f, ":raw"),
            Repr::F64 => write!(f, ":f64"),
        }
    }

    fn arg(&self, f: &mut Formatter, arg: &Arg) -> Result {
        match arg {
            Arg::Value(v) => write!(f, "{v:?}"),
            Arg::Small(n) => write!(f, "{n}"),
            // Quoted even where Erlang needs no quotes: it is no word of the text around it.
            Arg::Atom(a) => match AtomText(a).to_string() {
                quoted if quoted.starts_with('\'') => write!(f, "{quoted}"),
                plain => write!(f, "'{plain}'"),
            },
            Arg::Nil => write!(f, "[]"),
            Arg::Literal(l) => write!(f, "lit {:?}", self.literals[*l as usize]),
            Arg::Raw(n) => write!(f, "#{n}"),
            Arg::Float(x) => write!(f, "{}", Literal::Float(*x)),
            Arg::Plan(p) => {
                write!(f, "plan ")?;
                self.list(f, &self.plans[*p as usize].segments, |f, s| {
                    let g = &s.segment;
                    write!(f, "{:?} f{} u{} #{} ", g.kind, g.flags, g.unit, g.index)?;
                    match g.size {
                        beamrc_abi::entry::SIZE_IN_X => write!(f, "x"),
                        beamrc_abi::entry::SIZE_ALL => write!(f, "all"),
                        n => write!(f, "{n}"),
                    }?;
                    if s.string.is_empty() { Ok(()) } else { write!(f, " {:?}", s.string) }
                })
            }
            Arg::Bytes(b) => write!(f, "bytes {:?}", self.strings[*b as usize]),
            Arg::Mfa(name) => write!(f, "mfa {}", self::name(name)),
        }
    }

    fn typed(&self, f: &mut Formatter, args: &[Arg], types: &[TypeEntry]) -> Result {
        write!(f, "(")?;
        for (i, arg) in args.iter().enumerate() {
            write!(f, "{}", if i > 0 { ", " } else { "" })?;
            self.arg(f, arg)?;
            if let Some(ty) = types.get(i).filter(|t| **t != TypeEntry::ANY) {
                write!(f, ":{}", ty.union)?;
                if ty.lower_bound.is_some() || ty.upper_bound.is_some() {
                    let bound = |b: Option<i64>| b.map_or(String::new(), |b| b.to_string());
                    write!(f, "[{}..{}]", bound(ty.lower_bound), bound(ty.upper_bound))?;
                }
                if ty.unit != 1 {
                    write!(f, "/{}", ty.unit)?;
                }
            }
        }
        write!(f, ")")
    }

    fn inst(&self, f: &mut Formatter, inst: &Inst) -> Result {
        if let Some(v) = inst.result {
            self.definition(f, v)?;
            write!(f, " = ")?;
        }
        match &inst.op {
            Op::Bif(bif) => write!(f, "bif {}", NameText(bif.module, bif.name, bif.arity))?,
            Op::Entry(e) => write!(f, "rt {}", e.symbol.trim_start_matches("beamrc_"))?,
            Op::Call(callee) => write!(f, "call {}", name(callee))?,
            Op::MakeFun(l) => {
                let lambda = &self.lambdas[*l as usize];
                write!(
                    f,
                    "fun {} free {} index {} uniq {}.",
                    name(&lambda.function),
                    lambda.free,
                    lambda.index,
                    lambda.old_uniq
                )?;
                lambda.uniq.iter().try_for_each(|b| write!(f, "{b:02x}"))?;
            }
            op => write!(f, "{}", format!("{op:?}").to_lowercase())?,
        }
        match inst.fails {
            Fails::Never => {}
            Fails::Throws => write!(f, "!")?,
            Fails::NoValue => write!(f, "?")?,
        }
        self.typed(f, &inst.args, &inst.types)?;
        let location = &self.locations[inst.location as usize];
        match (&location.file, location.line) {
            (_, 0) => Ok(()),
            (Some(file), line) => write!(f, " @{file:?}:{line}"),
            (None, line) => write!(f, " @{line}"),
        }
    }

    fn target(&self, f: &mut Formatter, target: &Target) -> Result {
        write!(f, "{:?}", target.block)?;
        if target.args.is_empty() {
            Ok(())
        } else {
            self.list(f, &target.args, |f, a| self.arg(f, a))
        }
    }

    fn end(&self, f: &mut Formatter, end: &End) -> Result {
        match end {
            End::Return(arg) => {
                write!(f, "return ")?;
                self.arg(f, arg)
            }
            End::Jump(t) => {
                write!(f, "jump ")?;
                self.target(f, t)
            }
            End::Branch { test, args, types, yes, no } => {
                write!(f, "if {}", format!("{test:?}").to_lowercase())?;
                self.typed(f, args, types)?;
                write!(f, " then ")?;
                self.target(f, yes)?;
                write!(f, " else ")?;
                self.target(f, no)
            }
            End::Switch { arg, ty, cases, default } => {
                write!(f, "switch ")?;
                self.typed(f, std::slice::from_ref(arg), ty.as_slice())?;
                for (constant, t) in cases {
                    write!(f, " ")?;
                    self.arg(f, constant)?;
                    write!(f, " -> ")?;
                    self.target(f, t)?;
                    write!(f, ",")?;
                }
                write!(f, " else ")?;
                self.target(f, default)
            }
            End::Invoke { inst, normal, handler } => {
                write!(f, "invoke ")?;
                self.inst(f, inst)?;
                write!(f, " then ")?;
                self.target(f, normal)?;
                write!(f, " catch ")?;
                self.target(f, handler)
            }
            End::TailCall(inst) => {
                write!(f, "tail ")?;
                self.inst(f, inst)
            }
            End::Raise { inst, handler } => {
                write!(f, "raise ")?;
                self.inst(f, inst)?;
                if let Some(t) = handler {
                    write!(f, " catch ")?;
                    self.target(f, t)?;
                }
                Ok(())
            }
            End::Unreachable => write!(f, "unreachable"),
        }
    }
}
