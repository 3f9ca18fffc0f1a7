//! Merges a shim into the OTP module it belongs to: what the shim exports takes the place of the
//! module's functions of the same name, everything else stays as OTP has it.
//!
//! Invariant: the result is one module whose indices all lie inside its own tables, as if it had
//! been read from one file; calls inside OTP's module to a replaced function reach the new one.

use beamrc_beam::{
    AtomIdx, FileIdx, Function, FunctionIdx, FunctionName, ImportIdx, Instr, Label, LabelPosition,
    LambdaIdx, LineIdx, Literal, LiteralIdx, Module, Op, Operand, OperandKind, TypeIdx,
};

use super::Mfa;
use super::universe::attribute;
use crate::{Error, Result};

/// The module with the shim's functions in it.
pub(super) fn merge(mut base: Module, shim: &Module) -> Result<Module> {
    let offsets = Offsets::append_tables(&mut base, shim);
    let mut replaced = vec![None; shim.functions.len()];
    for (index, function) in shim.functions.iter().enumerate() {
        let name = Mfa::of(shim, FunctionIdx(index as u32));
        if &*name.function == "module_info" {
            continue;
        }
        let there = (0..base.functions.len()).map(|f| FunctionIdx(f as u32));
        let there = there.into_iter().find(|f| Mfa::of(&base, *f) == name);
        let exported = shim.exports.iter().any(|e| e.label == function.entry);
        let generated = name.function.starts_with('-');
        if there.is_some() && !exported && !generated {
            return Err(Error::new(format!(
                "the shim's own function {name} has the name of a function of OTP's module"
            )));
        }
        let function = offsets.function(function);
        replaced[index] = Some(match there {
            Some(place) => {
                base.functions[place.index()] = function;
                place
            }
            None => {
                base.functions.push(function);
                FunctionIdx(base.functions.len() as u32 - 1)
            }
        });
    }
    let old_labels = base.labels.len();
    place_labels(&mut base, shim, &replaced);
    debug_assert_eq!(base.labels.len(), old_labels + shim.labels.len());
    redirect(&mut base, old_labels, &replaced);
    export(&mut base, shim, &offsets);
    export_used(&mut base, shim)?;
    keep_attributes(&mut base, shim);
    Ok(base)
}

/// Adds what the shim says to the compiler.
fn keep_attributes(base: &mut Module, shim: &Module) {
    let own = shim.attributes.as_proper_list().unwrap_or_default();
    let own = own.iter().filter(|attribute| match attribute.children() {
        [Literal::Atom(name), _] => name.starts_with("beamrc_"),
        _ => false,
    });
    let theirs = base.attributes.as_proper_list().unwrap_or_default();
    base.attributes = Literal::proper_list(theirs.iter().chain(own).cloned().collect());
}

/// Exports the functions of the module that the shim says it uses: `-beamrc_uses([{f, 1}])`.
fn export_used(base: &mut Module, shim: &Module) -> Result<()> {
    let uses = attribute(shim, &["beamrc_uses"]).filter_map(Literal::as_proper_list);
    for used in uses.flatten() {
        let (name, arity) = match used {
            Literal::Tuple(pair) => match pair[..] {
                [Literal::Atom(ref name), Literal::Int(arity)] => (name.clone(), arity as u32),
                _ => continue,
            },
            _ => continue,
        };
        let mut functions = base.functions.iter();
        let found = functions.find(|f| f.arity == arity && *base.atom(f.name) == name);
        let Some(function) = found else {
            let module = &base.name;
            return Err(Error::new(format!(
                "OTP's module {module} has no {name}/{arity}, which its shim uses"
            )));
        };
        base.exports.push(FunctionName { function: function.name, arity, label: function.entry });
    }
    Ok(())
}

/// Defines the shim's labels behind the module's own.
fn place_labels(base: &mut Module, shim: &Module, replaced: &[Option<FunctionIdx>]) {
    for position in &shim.labels {
        let position = position.and_then(|position| {
            let function = replaced[position.function.index()]?;
            Some(LabelPosition { function, instr: position.instr })
        });
        base.labels.push(position);
    }
}

/// Makes the module's labels of replaced functions mean the new ones: their entries where callers
/// enter, nothing elsewhere.
fn redirect(base: &mut Module, old_labels: usize, replaced: &[Option<FunctionIdx>]) {
    let mut is_new = vec![false; base.functions.len()];
    replaced.iter().flatten().for_each(|function| is_new[function.index()] = true);
    for label in &mut base.labels[..old_labels] {
        let Some(position) = label else { continue };
        if is_new[position.function.index()] {
            position.instr = base.functions[position.function.index()].entry_instr;
        }
    }
}

/// Adds the exports that the module did not have.
fn export(base: &mut Module, shim: &Module, offsets: &Offsets) {
    for export in &shim.exports {
        let (name, arity) = (shim.atom(export.function), export.arity);
        let label = offsets.label(export.label);
        let there =
            base.exports.iter().position(|e| e.arity == arity && base.atom(e.function) == name);
        match there {
            Some(_) if &**name == "module_info" => {}
            Some(place) => base.exports[place].label = label,
            None => {
                let function = offsets.atom(export.function);
                base.exports.push(FunctionName { function, arity, label });
            }
        }
    }
}

/// How far the shim's indices move when its tables follow the module's.
struct Offsets {
    atoms: u32,
    imports: u32,
    lambdas: u32,
    literals: u32,
    strings: u64,
    files: u32,
    lines: u32,
    types: u32,
    labels: u32,
}

impl Offsets {
    fn append_tables(base: &mut Module, shim: &Module) -> Offsets {
        let offsets = Offsets {
            atoms: base.atoms.len() as u32,
            imports: base.imports.len() as u32,
            lambdas: base.lambdas.len() as u32,
            literals: base.literals.len() as u32,
            strings: base.strings.len() as u64,
            files: base.lines.files.len() as u32,
            lines: base.lines.locations.len() as u32,
            types: base.types.len() as u32,
            labels: base.labels.len() as u32,
        };
        base.atoms.extend(shim.atoms.iter().cloned());
        base.literals.extend(shim.literals.iter().cloned());
        base.strings.extend(&shim.strings);
        base.types.extend(shim.types.iter().cloned());
        base.lines.files.extend(shim.lines.files.iter().cloned());
        base.lines.locations.extend(shim.lines.locations.iter().map(|location| {
            let mut location = *location;
            location.file = FileIdx(location.file.0 + offsets.files);
            location
        }));
        base.imports.extend(shim.imports.iter().map(|import| {
            let mut import = *import;
            import.module = offsets.atom(import.module);
            import.function = offsets.atom(import.function);
            import
        }));
        base.lambdas.extend(shim.lambdas.iter().map(|lambda| {
            let mut lambda = *lambda;
            lambda.function = offsets.atom(lambda.function);
            lambda.label = offsets.label(lambda.label);
            lambda.index += offsets.lambdas;
            lambda
        }));
        offsets
    }

    fn atom(&self, atom: AtomIdx) -> AtomIdx {
        AtomIdx(atom.0 + self.atoms)
    }

    fn label(&self, label: Label) -> Label {
        if label.is_none() { label } else { Label(label.0 + self.labels) }
    }

    /// The location, of which 0 says "unknown" in every module.
    fn line(&self, line: LineIdx) -> LineIdx {
        if line.0 == 0 { line } else { LineIdx(line.0 + self.lines) }
    }

    fn function(&self, function: &Function) -> Function {
        let instrs = function.instrs.iter().map(|instr| self.instr(instr)).collect();
        Function {
            name: self.atom(function.name),
            arity: function.arity,
            func_info: self.label(function.func_info),
            entry: self.label(function.entry),
            instrs,
            entry_instr: function.entry_instr,
        }
    }

    fn instr(&self, instr: &Instr) -> Instr {
        let specs = instr.op.info().operands;
        let moved = instr.operands.iter().zip(specs).map(|(operand, spec)| {
            match (instr.op, operand, spec.kind) {
                // Offsets into the string table are plain numbers.
                (Op::BsMatchString | Op::BsPutString, Operand::Unsigned(at), OperandKind::N)
                    if spec.name == "offset" =>
                {
                    Operand::Unsigned(at + self.strings)
                }
                (Op::BsCreateBin, Operand::List(segments), _) => {
                    Operand::List(self.segments(segments))
                }
                _ => self.operand(operand),
            }
        });
        Instr { op: instr.op, operands: moved.collect(), line: self.line(instr.line) }
    }

    /// Segments of `bs_create_bin`: groups of type, number, unit, flags, value, size; the value
    /// of a `string`, and no other, is a plain number: an offset into the string table.
    fn segments(&self, segments: &[Operand]) -> Vec<Operand> {
        let mut moved: Vec<Operand> = segments.iter().map(|s| self.operand(s)).collect();
        for group in moved.chunks_exact_mut(6) {
            if let Operand::Unsigned(at) = &mut group[4] {
                *at += self.strings;
            }
        }
        moved
    }

    fn operand(&self, operand: &Operand) -> Operand {
        match operand {
            Operand::Atom(atom) => Operand::Atom(self.atom(*atom)),
            Operand::Typed { reg, ty } => {
                Operand::Typed { reg: *reg, ty: TypeIdx(ty.0 + self.types) }
            }
            Operand::Label(label) => Operand::Label(self.label(*label)),
            Operand::Literal(literal) => Operand::Literal(LiteralIdx(literal.0 + self.literals)),
            Operand::Import(import) => Operand::Import(ImportIdx(import.0 + self.imports)),
            Operand::Lambda(lambda) => Operand::Lambda(LambdaIdx(lambda.0 + self.lambdas)),
            Operand::Line(line) => Operand::Line(self.line(*line)),
            Operand::List(elements) => {
                Operand::List(elements.iter().map(|element| self.operand(element)).collect())
            }
            Operand::Unsigned(_)
            | Operand::Int(_)
            | Operand::BigInt(_)
            | Operand::Nil
            | Operand::X(_)
            | Operand::Y(_)
            | Operand::Fr(_)
            | Operand::Char(_)
            | Operand::Alloc(_) => operand.clone(),
        }
    }
}
