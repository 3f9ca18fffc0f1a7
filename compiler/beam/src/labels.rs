//! Checks what the labels of a module lead to, once all code is decoded.
//!
//! Invariants established: an operand of kind `To` or a label in a list lies in its own
//! function; a `Callee` and the labels of exports, locals and funs are entries, of the
//! function that the table names. This file must not know encodings.

use crate::code::Code;
use crate::index::{AtomIdx, FunctionIdx, Label};
use crate::literal::Atom;
use crate::module::{Function, FunctionName, Lambda};
use crate::opcodes::OperandKind;
use crate::operand::Operand;

/// Checks every label in the code.
pub(crate) fn check_code(code: &Code, atoms: &[Atom]) -> Result<(), String> {
    for (index, function) in code.functions.iter().enumerate() {
        let here = FunctionIdx(index as u32);
        for instr in &function.instrs {
            let specs = instr.op.info().operands;
            for (spec, operand) in specs.iter().zip(&instr.operands) {
                check_operand(code, here, spec.kind, operand).map_err(|message| {
                    let name = &atoms[function.name.index()];
                    format!("{message} (in {name}/{}, {})", function.arity, instr.op)
                })?;
            }
        }
    }
    Ok(())
}

fn check_operand(
    code: &Code,
    here: FunctionIdx,
    kind: OperandKind,
    operand: &Operand,
) -> Result<(), String> {
    match (kind, operand) {
        (OperandKind::Label, _) => Ok(()),
        (OperandKind::Callee, Operand::Label(label)) => entry(code, *label).map(|_| ()),
        (_, Operand::Label(label)) => check_local(code, here, *label),
        (_, Operand::List(elements)) => elements.iter().try_for_each(|element| match element {
            Operand::Label(label) => check_local(code, here, *label),
            _ => Ok(()),
        }),
        _ => Ok(()),
    }
}

fn check_local(code: &Code, here: FunctionIdx, label: Label) -> Result<(), String> {
    if label.is_none() {
        return Ok(());
    }
    match code.labels.get(label.index()).copied().flatten() {
        Some(position) if position.function == here => Ok(()),
        Some(_) => Err(format!("label {} lies in another function", label.0)),
        None => Err(format!("label {} is defined nowhere", label.0)),
    }
}

/// The function whose entry a label is.
fn entry(code: &Code, label: Label) -> Result<&Function, String> {
    let position = code
        .labels
        .get(label.index())
        .copied()
        .flatten()
        .ok_or_else(|| format!("label {} is defined nowhere", label.0))?;
    let function = &code.functions[position.function.index()];
    if function.entry != label {
        return Err(format!("label {} is no entry of a function", label.0));
    }
    Ok(function)
}

fn check_entry(
    code: &Code,
    atoms: &[Atom],
    name: AtomIdx,
    arity: u32,
    label: Label,
) -> Result<(), String> {
    let function = entry(code, label)?;
    if (function.name, function.arity) != (name, arity) {
        return Err(format!(
            "{}/{arity} is said to be at label {}, where {}/{} is",
            atoms[name.index()],
            label.0,
            atoms[function.name.index()],
            function.arity
        ));
    }
    Ok(())
}

/// Checks a table of exports or locals.
pub(crate) fn check_names(
    code: &Code,
    atoms: &[Atom],
    names: &[FunctionName],
) -> Result<(), String> {
    names.iter().try_for_each(|n| check_entry(code, atoms, n.function, n.arity, n.label))
}

/// Checks the table of funs.
pub(crate) fn check_lambdas(code: &Code, atoms: &[Atom], lambdas: &[Lambda]) -> Result<(), String> {
    lambdas.iter().try_for_each(|l| check_entry(code, atoms, l.function, l.arity, l.label))
}
