//! Arithmetic of which only the low bits are looked at does not overflow.
//!
//! Hashes and generators of random numbers shift, multiply and add, and mask the result. What a mask
//! of small integers keeps of a sum depends on no more than those bits of what was added: where all
//! uses of a result end in masks, it need be right only as far as a small integer reaches, and no
//! big integer is made for it. Operands that are no small integers are left to the BIFs as ever,
//! whose results are exact; those agree in the low bits.

use super::super::*;

pub fn wrap(f: &mut Function) {
    let low = only_low_bits_used(f);
    for block in &mut f.blocks {
        let last = match &mut block.end {
            End::Invoke { inst, .. } => Some(&mut **inst),
            _ => None,
        };
        for inst in block.insts.iter_mut().chain(last) {
            // What was known of an operand holds for the number that it stands for.
            for i in 0..inst.types.len() {
                if matches!(inst.args[i], Arg::Value(v) if low[v.index()])
                    && matches!(inst.op, Op::Arith(_))
                {
                    inst.types[i] = TypeEntry::ANY;
                }
            }
            if let (Op::Arith(op), Some(result)) = (&mut inst.op, inst.result)
                && low[result.index()]
            {
                *op = wrapping(*op);
            }
        }
    }
}

fn wrapping(op: ArithOp) -> ArithOp {
    match op {
        ArithOp::Add => ArithOp::AddLow,
        ArithOp::Sub => ArithOp::SubLow,
        ArithOp::Mul => ArithOp::MulLow,
        ArithOp::Shl => ArithOp::ShlLow,
        other => other,
    }
}

/// The low bits of the result depend on the same low bits of operand `i` alone.
fn keeps_order(inst: &Inst, i: usize) -> bool {
    match inst.op {
        Op::Arith(
            ArithOp::Add
            | ArithOp::Sub
            | ArithOp::Mul
            | ArithOp::And
            | ArithOp::Or
            | ArithOp::Xor
            | ArithOp::Not,
        ) => true,
        Op::Arith(ArithOp::Shl) => i == 0 && is_near(&inst.args[1]),
        _ => false,
    }
}
fn is_near(amount: &Arg) -> bool {
    matches!(amount, Arg::Small(0..=60))
}

fn is_masked(inst: &Inst) -> bool {
    matches!(inst.op, Op::Arith(ArithOp::And))
        && inst.args.iter().any(|a| matches!(a, Arg::Small(0..)))
}

/// For each value, whether it is arithmetic all uses of which see its low bits only.
fn only_low_bits_used(f: &Function) -> Vec<bool> {
    let mut low = vec![false; f.values.len()];
    // Uses that keep the order of bits, as pairs of operand and result.
    let mut kept: Vec<(Value, Value)> = vec![];
    for_each_inst(f, |inst| {
        if let (Some(result), true) = (inst.result, keeps_order(inst, 0)) {
            low[result.index()] = true;
        }
    });
    let mut other_use = |arg: &Arg| {
        if let Arg::Value(v) = arg {
            low[v.index()] = false;
        }
    };
    for block in &f.blocks {
        for target in block.end.targets() {
            target.args.iter().for_each(&mut other_use);
        }
        match &block.end {
            // Both are numbers, or neither.
            End::Branch { test: Test::IsValue, .. } | End::Invoke { .. } => {}
            end => end.for_each_own_arg(&mut other_use),
        }
    }
    for_each_inst(f, |inst| {
        for (i, arg) in inst.args.iter().enumerate() {
            match (arg, inst.result) {
                (Arg::Value(_), _) if is_masked(inst) => {}
                (Arg::Value(v), Some(result)) if keeps_order(inst, i) => kept.push((*v, result)),
                _ => other_use(arg),
            }
        }
    });
    let mut changed = true;
    while std::mem::take(&mut changed) {
        for (operand, result) in &kept {
            if low[operand.index()] && !low[result.index()] {
                low[operand.index()] = false;
                changed = true;
            }
        }
    }
    low
}

fn for_each_inst(f: &Function, mut each: impl FnMut(&Inst)) {
    for block in &f.blocks {
        let last = match &block.end {
            End::Invoke { inst, .. } => Some(&**inst),
            _ => None,
        };
        block.insts.iter().chain(last).for_each(&mut each);
    }
}
