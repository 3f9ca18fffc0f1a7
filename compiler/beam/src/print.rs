//! A module as text, close to what `erlc -S` writes.
//!
//! The rows of `opcodes` say how an instruction reads; only BIF calls and tests have a form
//! of their own, as in OTP. This file must not know encodings.

use std::fmt;

use crate::index::{FunctionIdx, LineIdx};
use crate::literal::Literal;
use crate::module::{Function, Instr, Module, RecordDefinition};
use crate::opcodes::{Op, OperandKind};
use crate::operand::{Operand, Reg};
use crate::term_text::AtomText;

/// Text of a module or of one of its functions.
pub struct Text<'a> {
    module: &'a Module,
    function: Option<FunctionIdx>,
}

impl Module {
    /// The whole module as text.
    pub fn text(&self) -> Text<'_> {
        Text { module: self, function: None }
    }

    /// One function as text.
    pub fn function_text(&self, function: FunctionIdx) -> Text<'_> {
        Text { module: self, function: Some(function) }
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let writer = Writer { module: self.module };
        match self.function {
            Some(function) => writer.function(f, &self.module.functions[function.index()]),
            None => writer.module(f),
        }
    }
}

struct Writer<'a> {
    module: &'a Module,
}

impl Writer<'_> {
    fn module(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let module = self.module;
        writeln!(f, "{{module, {}}}.\n", AtomText(&module.name))?;
        write!(f, "{{exports, [")?;
        for (position, export) in module.exports.iter().enumerate() {
            let comma = if position > 0 { "," } else { "" };
            let name = AtomText(module.atom(export.function));
            write!(f, "{comma}{{{name},{}}}", export.arity)?;
        }
        writeln!(f, "]}}.\n\n{{attributes, {}}}.\n", module.attributes)?;
        for record in &module.records {
            self.record(f, record)?;
        }
        writeln!(f, "{{labels, {}}}.", module.labels.len())?;
        module.functions.iter().try_for_each(|function| self.function(f, function))
    }

    fn record(&self, f: &mut fmt::Formatter<'_>, record: &RecordDefinition) -> fmt::Result {
        let name = AtomText(self.module.atom(record.name));
        write!(f, "{{record, {name}, {}, [", record.exported)?;
        for (position, field) in record.fields.iter().enumerate() {
            let comma = if position > 0 { "," } else { "" };
            let name = AtomText(self.module.atom(field.name));
            match &field.default {
                Some(default) => {
                    write!(f, "{comma}{{{name},")?;
                    self.operand(f, default)?;
                    write!(f, "}}")?;
                }
                None => write!(f, "{comma}{name}")?,
            }
        }
        writeln!(f, "]}}.\n")
    }

    fn function(&self, f: &mut fmt::Formatter<'_>, function: &Function) -> fmt::Result {
        let name = AtomText(self.module.atom(function.name));
        writeln!(f, "\n\n{{function, {name}, {}, {}}}.", function.arity, function.entry.0)?;
        function.instrs.iter().try_for_each(|instr| self.instr(f, instr))
    }

    fn instr(&self, f: &mut fmt::Formatter<'_>, instr: &Instr) -> fmt::Result {
        let indent = if instr.op == Op::Label { "  " } else { "    " };
        write!(f, "{indent}")?;
        let kinds = instr.op.info().operands;
        let is_test =
            kinds.first().is_some_and(|spec| spec.kind == OperandKind::To && spec.name == "fail")
                && !kinds.iter().any(|spec| spec.kind.is_list());
        match (instr.op, instr.operands.as_slice()) {
            (op, []) => write!(f, "{op}")?,
            (Op::Label, [Operand::Label(label)]) => write!(f, "{{label,{}}}", label.0)?,
            (op @ (Op::Bif0 | Op::Bif1 | Op::Bif2 | Op::Bif3), operands) => {
                self.bif(f, "bif", usize::from(op != Op::Bif0), operands)?;
            }
            (Op::GcBif1 | Op::GcBif2 | Op::GcBif3, operands) => {
                self.bif(f, "gc_bif", 2, operands)?
            }
            (op, [fail, arguments @ ..]) if is_test => {
                write!(f, "{{test,{op},")?;
                self.operand(f, fail)?;
                write!(f, ",[")?;
                self.operands(f, arguments)?;
                write!(f, "]}}")?;
            }
            (op, operands) => {
                write!(f, "{{{},", AtomText(op.name()))?;
                self.operands(f, operands)?;
                write!(f, "}}")?;
            }
        }
        writeln!(f, ".")
    }

    /// A BIF call, whose name stands after `before` operands.
    fn bif(
        &self,
        f: &mut fmt::Formatter<'_>,
        form: &str,
        before: usize,
        operands: &[Operand],
    ) -> fmt::Result {
        let (head, tail) = operands.split_at(before);
        let ([Operand::Import(bif), arguments @ ..], Some(dst)) = (tail, operands.last()) else {
            return self.operands(f, operands);
        };
        let name = AtomText(self.module.atom(self.module.imports[bif.index()].function));
        write!(f, "{{{form},{name},")?;
        if head.is_empty() {
            write!(f, "{{f,0}}")?;
        }
        self.operands(f, head)?;
        write!(f, ",[")?;
        self.operands(f, &arguments[..arguments.len().saturating_sub(1)])?;
        write!(f, "],")?;
        self.operand(f, dst)?;
        write!(f, "}}")
    }

    fn operands(&self, f: &mut fmt::Formatter<'_>, operands: &[Operand]) -> fmt::Result {
        for (position, operand) in operands.iter().enumerate() {
            if position > 0 {
                write!(f, ",")?;
            }
            self.operand(f, operand)?;
        }
        Ok(())
    }

    fn operand(&self, f: &mut fmt::Formatter<'_>, operand: &Operand) -> fmt::Result {
        let module = self.module;
        match operand {
            Operand::Unsigned(number) => write!(f, "{number}"),
            Operand::Int(number) => write!(f, "{{integer,{number}}}"),
            Operand::BigInt(number) => write!(f, "{{integer,{number}}}"),
            Operand::Atom(atom) => write!(f, "{{atom,{}}}", AtomText(module.atom(*atom))),
            Operand::Nil => write!(f, "nil"),
            Operand::X(index) => write!(f, "{{x,{index}}}"),
            Operand::Y(index) => write!(f, "{{y,{index}}}"),
            Operand::Fr(index) => write!(f, "{{fr,{index}}}"),
            Operand::Typed { reg, ty } => {
                write!(f, "{{tr,{reg},{}}}", module.types[ty.index()])
            }
            Operand::Label(label) => write!(f, "{{f,{}}}", label.0),
            Operand::Char(code) => write!(f, "{{char,{code}}}"),
            Operand::Literal(literal) => match &module.literals[literal.index()] {
                float @ Literal::Float(_) => write!(f, "{{float,{float}}}"),
                literal => write!(f, "{{literal,{literal}}}"),
            },
            Operand::Import(import) => {
                let import = module.imports[import.index()];
                let (of, name) = (module.atom(import.module), module.atom(import.function));
                write!(f, "{{extfunc,{},{},{}}}", AtomText(of), AtomText(name), import.arity)
            }
            Operand::Lambda(lambda) => {
                write!(
                    f,
                    "{{lambda,{},{{f,{}}}}}",
                    lambda.0,
                    module.lambdas[lambda.index()].label.0
                )
            }
            Operand::Line(line) => self.line(f, *line),
            Operand::Alloc(alloc) => write!(
                f,
                "{{alloc,[{{words,{}}},{{floats,{}}},{{funs,{}}}]}}",
                alloc.words, alloc.floats, alloc.funs
            ),
            Operand::List(elements) => {
                write!(f, "{{list,[")?;
                self.operands(f, elements)?;
                write!(f, "]}}")
            }
        }
    }

    fn line(&self, f: &mut fmt::Formatter<'_>, line: LineIdx) -> fmt::Result {
        match self.module.lines.get(line) {
            Some((file, line)) => write!(f, "[{{location,{file:?},{line}}}]"),
            None => write!(f, "[]"),
        }
    }
}

impl fmt::Display for Reg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reg::X(index) => write!(f, "{{x,{index}}}"),
            Reg::Y(index) => write!(f, "{{y,{index}}}"),
        }
    }
}
