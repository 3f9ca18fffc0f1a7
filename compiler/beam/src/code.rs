//! The code chunk and the chunk of native records: instructions and their operands.
//!
//! Instructions are decoded by their rows in `opcodes`; functions are cut at `func_info`.
//! Invariants: operands have the kinds of their rows, indices are inside their tables; the
//! labels are checked afterwards, in `labels`. This file must not know the container.

use crate::error::Fault;
use crate::index::{
    AtomIdx, FunctionIdx, ImportIdx, Label, LambdaIdx, LineIdx, LiteralIdx, TypeIdx,
};
use crate::lists::{has_shape, is_constant, is_register, is_term, outside_strings};
use crate::literal::Atom;
use crate::module::{Function, Instr, LabelPosition, RecordDefinition, RecordField};
use crate::opcodes::{Op, OperandKind, OperandSpec, Status};
use crate::operand::{Alloc, Operand};
use crate::reader::{Number, Reader, Tag};

const MAX_REGISTERS: u64 = 1024;
const FORMAT: u32 = 0;

type Result<T> = std::result::Result<T, Fault>;

/// What operands may refer to.
pub(crate) struct Tables<'a> {
    pub(crate) atoms: &'a [Atom],
    pub(crate) imports: usize,
    pub(crate) lambdas: usize,
    pub(crate) literals: usize,
    /// The bytes of the strings.
    pub(crate) strings: usize,
    /// `None` where the module has no table: indices are dropped then.
    pub(crate) types: Option<usize>,
    /// `None` where the module has no table: all locations are unknown then.
    pub(crate) locations: Option<usize>,
}

/// The functions of a code chunk and where its labels are.
pub(crate) struct Code {
    pub(crate) functions: Vec<Function>,
    pub(crate) labels: Vec<Option<LabelPosition>>,
}

/// The chunk `Code`.
pub(crate) fn code(input: &mut Reader<'_>, tables: &Tables<'_>) -> Result<Code> {
    let header_bytes = input.u32()? as usize;
    let mut header = input.split(header_bytes)?;
    let format_offset = header.offset();
    let format = header.u32()?;
    if format != FORMAT {
        return Err(header.fault_at(format_offset, format!("instruction format {format}")));
    }
    let highest_offset = header.offset();
    let highest = header.u32()?;
    if highest as usize > Op::ALL.len() {
        let message = format!(
            "instructions up to number {highest}, but OTP 29 has only {}: made by a later release",
            Op::ALL.len()
        );
        return Err(header.fault_at(highest_offset, message));
    }
    let labels_offset = header.offset();
    let labels = header.u32()? as usize;
    // A label takes two bytes, except the label 0 that the count includes.
    input.check_count(labels_offset, labels.saturating_sub(1), "labels", 2)?;
    let functions_offset = header.offset();
    let functions = header.u32()? as usize;
    let mut builder = Builder { functions: Vec::new(), instrs: Vec::new(), line: LineIdx(0) };
    while !builder.instruction(input, tables)? {}
    if !input.is_empty() {
        return Err(input.fault(format!("{} bytes after int_code_end", input.remaining())));
    }
    if builder.functions.len() != functions {
        let message = format!("{functions} functions announced, {} found", builder.functions.len());
        return Err(header.fault_at(functions_offset, message));
    }
    let labels = positions(&builder.functions, labels)
        .map_err(|message| header.fault_at(labels_offset, message))?;
    Ok(Code { functions: builder.functions, labels })
}

/// Collects instructions into functions.
struct Builder {
    functions: Vec<Function>,
    /// The instructions of the function being read.
    instrs: Vec<Instr>,
    line: LineIdx,
}

impl Builder {
    /// Reads one instruction; true after `int_code_end`.
    fn instruction(&mut self, input: &mut Reader<'_>, tables: &Tables<'_>) -> Result<bool> {
        let offset = input.offset();
        let number = input.u8()?;
        let op = Op::from_number(number)
            .ok_or_else(|| input.fault_at(offset, format!("unknown instruction {number}")))?;
        let row = op.info();
        if row.status == Status::Obsolete {
            let message = format!(
                "instruction {}/{} is obsolete: no compiler of OTP 25 or later emits it",
                row.name,
                row.operands.len()
            );
            return Err(input.fault_at(offset, message));
        }
        let mut operands = Vec::with_capacity(row.operands.len());
        for spec in row.operands {
            operands.push(operand_of_kind(input, tables, op, spec)?);
        }
        if let Some((start, size)) = outside_strings(op, &operands, tables) {
            let message = format!("{size} bytes at {start} of {} bytes of strings", tables.strings);
            return Err(input.fault_at(offset, message));
        }
        if let (Op::Line, Some(&Operand::Line(line))) = (op, operands.first()) {
            self.line = line;
        }
        let entry = self.begins_body();
        if entry && op != Op::Label {
            return Err(input.fault_at(offset, "func_info without a label after it"));
        }
        match op {
            Op::FuncInfo => self.begin_function(input, offset, tables, &operands)?,
            Op::IntCodeEnd => {
                self.end_function(input, offset, self.instrs.len())?;
                return Ok(true);
            }
            _ => {}
        }
        let label = operands.first().and_then(Operand::label);
        self.instrs.push(Instr { op, operands, line: self.line });
        if let (true, Some(label), Some(function)) = (entry, label, self.functions.last_mut()) {
            function.entry = label;
            function.entry_instr = (self.instrs.len() - 1) as u32;
        }
        Ok(false)
    }

    /// Whether the next instruction is the entry label of a function.
    fn begins_body(&self) -> bool {
        self.instrs.last().is_some_and(|instr| instr.op == Op::FuncInfo)
    }

    /// At `func_info`: ends the function before and begins one at the label before it.
    fn begin_function(
        &mut self,
        input: &Reader<'_>,
        offset: usize,
        tables: &Tables<'_>,
        operands: &[Operand],
    ) -> Result<()> {
        let lines = self.instrs.iter().rev().take_while(|instr| instr.op == Op::Line).count();
        let start = self.instrs.len() - lines;
        let label = match start.checked_sub(1).map(|at| &self.instrs[at]) {
            Some(Instr { op: Op::Label, operands, .. }) => {
                operands.first().and_then(Operand::label)
            }
            _ => None,
        };
        let (
            Some(func_info),
            [Operand::Atom(module), Operand::Atom(name), Operand::Unsigned(arity)],
        ) = (label, operands)
        else {
            return Err(input.fault_at(offset, "func_info without a label before it"));
        };
        if module.0 != 0 {
            let message = format!("function of module {}", tables.atoms[module.index()]);
            return Err(input.fault_at(offset, message));
        }
        let arity = u32::try_from(*arity)
            .ok()
            .filter(|arity| *arity <= 255)
            .ok_or_else(|| input.fault_at(offset, format!("arity {arity} is above 255")))?;
        self.end_function(input, offset, start - 1)?;
        let line = self.instrs.last().filter(|instr| instr.op == Op::Line).map(|i| i.line);
        self.line = line.unwrap_or(LineIdx(0));
        for instr in &mut self.instrs {
            instr.line = self.line;
        }
        self.functions.push(Function {
            name: *name,
            arity,
            func_info,
            entry: Label::NONE,
            instrs: Vec::new(),
            entry_instr: 0,
        });
        Ok(())
    }

    /// Gives the instructions before `end` to the last function.
    fn end_function(&mut self, input: &Reader<'_>, offset: usize, end: usize) -> Result<()> {
        let next = self.instrs.split_off(end);
        let instrs = std::mem::replace(&mut self.instrs, next);
        match self.functions.last_mut() {
            Some(function) => function.instrs = instrs,
            None if instrs.is_empty() => {}
            None => return Err(input.fault_at(offset, "instructions before the first function")),
        }
        Ok(())
    }
}

/// Where each label is defined.
fn positions(
    functions: &[Function],
    count: usize,
) -> std::result::Result<Vec<Option<LabelPosition>>, String> {
    let mut labels = vec![None; count];
    for (function, decoded) in functions.iter().enumerate() {
        for (instr, decoded) in decoded.instrs.iter().enumerate() {
            let (Op::Label, Some(Operand::Label(label))) = (decoded.op, decoded.operands.first())
            else {
                continue;
            };
            let position =
                LabelPosition { function: FunctionIdx(function as u32), instr: instr as u32 };
            let slot = labels
                .get_mut(label.index())
                .ok_or_else(|| format!("label {} is not below the label count {count}", label.0))?;
            if slot.replace(position).is_some() {
                return Err(format!("label {} is defined twice", label.0));
            }
        }
    }
    Ok(labels)
}

/// The chunk `Recs`: definitions in the guise of `call_last` instructions.
pub(crate) fn records(
    input: &mut Reader<'_>,
    tables: &Tables<'_>,
) -> Result<Vec<RecordDefinition>> {
    let version = input.u32()?;
    if version != 0 {
        return Err(input.fault(format!("native records of version {version}")));
    }
    let count = input.count("native records", 4)?;
    let _fields = input.u32()?;
    let mut records = Vec::with_capacity(count);
    for _ in 0..count {
        let offset = input.offset();
        let op = input.u8()?;
        let head = (operand(input, tables)?, operand(input, tables)?, operand(input, tables)?);
        let (Operand::Atom(name), Operand::Atom(exported), Operand::List(fields)) = head else {
            return Err(input.fault_at(offset, "no definition of a native record"));
        };
        if op != Op::CallLast as u8 {
            return Err(input.fault_at(offset, "no definition of a native record"));
        }
        let exported = match &*tables.atoms[exported.index()] {
            "true" => true,
            "false" => false,
            _ => return Err(input.fault_at(offset, "native record neither exported nor local")),
        };
        let fields = record_fields(&fields)
            .ok_or_else(|| input.fault_at(offset, "native record with an impossible field"))?;
        records.push(RecordDefinition { name, exported, fields });
    }
    Ok(records)
}

fn record_fields(operands: &[Operand]) -> Option<Vec<RecordField>> {
    if !operands.len().is_multiple_of(2) {
        return None;
    }
    operands
        .chunks_exact(2)
        .map(|pair| {
            let name = pair[0].atom()?;
            let default = match &pair[1] {
                Operand::Unsigned(_) => None,
                default if is_constant(default) => Some(default.clone()),
                _ => return None,
            };
            Some(RecordField { name, default })
        })
        .collect()
}

/// Reads an operand and makes it what the row of its opcode says.
fn operand_of_kind(
    input: &mut Reader<'_>,
    tables: &Tables<'_>,
    op: Op,
    spec: &OperandSpec,
) -> Result<Operand> {
    let offset = input.offset();
    let operand = operand(input, tables)?;
    let table = |index: u64, size: usize, what: &str| {
        u32::try_from(index).ok().filter(|&index| (index as usize) < size).ok_or_else(|| {
            input.fault_at(offset, format!("{what} {index} of {size} in {}", op.name()))
        })
    };
    Ok(match (spec.kind, operand) {
        (OperandKind::Label, Operand::Unsigned(label)) if label != 0 => {
            Operand::Label(Label(table(label, u32::MAX as usize, "label")?))
        }
        (OperandKind::Import, Operand::Unsigned(index)) => {
            Operand::Import(ImportIdx(table(index, tables.imports, "import")?))
        }
        (OperandKind::Lambda | OperandKind::FunTag, Operand::Unsigned(index)) => {
            Operand::Lambda(LambdaIdx(table(index, tables.lambdas, "fun")?))
        }
        (OperandKind::Line, Operand::Unsigned(index)) => Operand::Line(match tables.locations {
            Some(size) => LineIdx(table(index, size, "location")?),
            None => LineIdx(0),
        }),
        (kind, operand) if permits(kind, &operand, tables) => operand,
        (kind, operand) => {
            let message = format!(
                "operand {} of {} is of kind {kind:?}, which {operand:?} is not",
                spec.name,
                op.name()
            );
            return Err(input.fault_at(offset, message));
        }
    })
}

/// Whether a kind takes an operand as it is.
fn permits(kind: OperandKind, operand: &Operand, tables: &Tables<'_>) -> bool {
    let register = is_register(operand);
    let float_register = matches!(operand, Operand::Fr(_));
    let term = is_term(operand);
    let number = matches!(operand, Operand::Unsigned(_));
    let label = matches!(operand, Operand::Label(_));
    let one_of = |names: &[&str]| match operand {
        Operand::Atom(atom) => names.contains(&&*tables.atoms[atom.index()]),
        _ => false,
    };
    match kind {
        OperandKind::Fail => label,
        OperandKind::To | OperandKind::Callee => label && *operand != Operand::Label(Label::NONE),
        OperandKind::FailOrAtom => label || one_of(&["no_fail", "resume"]),
        OperandKind::FunTag => one_of(&["safe", "unsafe"]),
        OperandKind::Src => term,
        OperandKind::Dst => register,
        OperandKind::FloatSrc => term || float_register,
        OperandKind::FloatDst => register || float_register,
        OperandKind::FloatReg => float_register,
        OperandKind::N => number,
        OperandKind::Size => number || term,
        OperandKind::Heap => number || matches!(operand, Operand::Alloc(_)),
        OperandKind::Atom => matches!(operand, Operand::Atom(_)),
        OperandKind::Any => true,
        kind if kind.is_list() => {
            matches!(operand, Operand::List(elements) if has_shape(kind, elements, tables))
        }
        _ => false,
    }
}

/// Reads an operand, lists included.
fn operand(input: &mut Reader<'_>, tables: &Tables<'_>) -> Result<Operand> {
    let offset = input.offset();
    let (tag, number) = input.tagged()?;
    if (tag, number) != (Tag::Extended, Number::Short(1)) {
        return element(input, tables, offset, tag, number);
    }
    let count = input.unsigned("length of a list")?;
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    input.check_count(offset, count, "operands", 1)?;
    let mut elements = Vec::with_capacity(count);
    for _ in 0..count {
        let offset = input.offset();
        let (tag, number) = input.tagged()?;
        elements.push(element(input, tables, offset, tag, number)?);
    }
    Ok(Operand::List(elements))
}

/// An operand that is no list, of which tag and number are read already.
fn element(
    input: &mut Reader<'_>,
    tables: &Tables<'_>,
    offset: usize,
    tag: Tag,
    number: Number<'_>,
) -> Result<Operand> {
    let fault = |message: String| input.fault_at(offset, message);
    if tag == Tag::Int {
        return Ok(match number.to_i64() {
            Some(value) => Operand::Int(value),
            None => Operand::BigInt(number.to_big_int().into()),
        });
    }
    let value = match number.to_u64() {
        Some(value) => value,
        // A size in bits, of a field that no bit string has.
        None if tag == Tag::Unsigned => u64::MAX,
        None => return Err(fault(format!("{tag:?} of more than 64 bits"))),
    };
    let index = u32::try_from(value).unwrap_or(u32::MAX);
    match tag {
        Tag::Unsigned | Tag::Int => Ok(Operand::Unsigned(value)),
        Tag::Atom if value == 0 => Ok(Operand::Nil),
        Tag::Atom if index as usize <= tables.atoms.len() => Ok(Operand::Atom(AtomIdx(index - 1))),
        Tag::Atom => Err(fault(format!("atom {value} of {}", tables.atoms.len()))),
        Tag::X | Tag::Y if value >= MAX_REGISTERS => {
            Err(fault(format!("register {tag:?} {value} is above 1023")))
        }
        Tag::X => Ok(Operand::X(index)),
        Tag::Y => Ok(Operand::Y(index)),
        Tag::Label => Ok(Operand::Label(Label(index))),
        Tag::Char => match char::from_u32(index) {
            Some(_) => Ok(Operand::Char(index)),
            None => Err(fault(format!("character {value}"))),
        },
        Tag::Extended => extended(input, tables, offset, value),
    }
}

/// An operand with an extended tag, lists excepted.
fn extended(
    input: &mut Reader<'_>,
    tables: &Tables<'_>,
    offset: usize,
    tag: u64,
) -> Result<Operand> {
    match tag {
        2 => {
            let register = input.unsigned("float register")?;
            match u32::try_from(register) {
                Ok(index) if register < MAX_REGISTERS => Ok(Operand::Fr(index)),
                _ => Err(input.fault_at(offset, format!("float register {register}"))),
            }
        }
        3 => alloc(input, offset),
        4 => {
            let index = input.unsigned("index of a literal")?;
            match u32::try_from(index) {
                Ok(small) if (small as usize) < tables.literals => {
                    Ok(Operand::Literal(LiteralIdx(small)))
                }
                _ => {
                    let message = format!("literal {index} of {}", tables.literals);
                    Err(input.fault_at(offset, message))
                }
            }
        }
        5 => typed_register(input, tables, offset),
        0 => Err(input.fault_at(offset, "float operand, obsolete since OTP R16")),
        1 => Err(input.fault_at(offset, "list of operands inside a list")),
        _ => Err(input.fault_at(offset, format!("unknown extended operand {tag}"))),
    }
}

fn alloc(input: &mut Reader<'_>, offset: usize) -> Result<Operand> {
    let count = input.unsigned("length of a heap need")?;
    let mut alloc = Alloc::default();
    if count > 3 {
        return Err(input.fault_at(offset, format!("heap need of {count} kinds")));
    }
    for _ in 0..count {
        let kind = input.unsigned("kind of a heap need")?;
        let need = input.unsigned("heap need")?;
        let field = match kind {
            0 => &mut alloc.words,
            1 => &mut alloc.floats,
            2 => &mut alloc.funs,
            _ => return Err(input.fault_at(offset, format!("heap need of kind {kind}"))),
        };
        *field = u32::try_from(need)
            .ok()
            .filter(|need| *need <= 1 << 27)
            .and_then(|need| field.checked_add(need))
            .ok_or_else(|| input.fault_at(offset, format!("heap need of {need}")))?;
    }
    Ok(Operand::Alloc(alloc))
}

fn typed_register(input: &mut Reader<'_>, tables: &Tables<'_>, offset: usize) -> Result<Operand> {
    let (tag, number) = input.tagged()?;
    let register = element(input, tables, offset, tag, number)?;
    let Some((reg, None)) = register.reg() else {
        return Err(input.fault_at(offset, "type of something that is no register"));
    };
    let index = input.unsigned("index of a type")?;
    let Some(types) = tables.types else {
        return Ok(register);
    };
    match u32::try_from(index) {
        Ok(small) if (small as usize) < types => Ok(Operand::Typed { reg, ty: TypeIdx(small) }),
        _ => Err(input.fault_at(offset, format!("type {index} of {types}"))),
    }
}
