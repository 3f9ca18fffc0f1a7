//! Floats stay unboxed: through operators in guards and comparisons, and through the parameters of
//! blocks, so that loops over floats box nothing.
//!
//! What the bytecode's compiler says of a type where a value is used holds there; it does not hold
//! at the start of a loop that may never come to the use. A parameter whose every use is as a float
//! can be unboxed nevertheless: of what turns out to be none, no use is ever reached.

use super::super::*;
use super::tidy::substitute;

pub fn unbox_floats(f: &mut Function) {
    if !f.values.contains(&Repr::F64) && !has_float_types(f) {
        return;
    }
    use_float_operators(f);
    forward_unboxed(f);
    let params = unboxable_parameters(f);
    if params.contains(&true) {
        unbox_parameters(f, &params);
        forward_unboxed(f);
    }
}

fn has_float_types(f: &Function) -> bool {
    let float = |types: &[TypeEntry]| types.iter().any(|t| t.union == TypeUnion::FLOAT);
    f.blocks.iter().any(|block| {
        let in_end = matches!(&block.end, End::Branch { types, .. } if float(types));
        in_end || block.insts.iter().any(|i| float(&i.types))
    })
}

/// The value that a `FloatBox` boxes, for each value that is one.
fn boxed(f: &Function) -> Vec<Option<Arg>> {
    let mut boxed = vec![None; f.values.len()];
    for inst in f.blocks.iter().flat_map(|b| &b.insts) {
        if let (Op::FloatBox, Some(v)) = (&inst.op, inst.result) {
            boxed[v.index()] = Some(inst.args[0].clone());
        }
    }
    boxed
}

fn is_float(f: &Function, boxed: &[Option<Arg>], arg: &Arg, ty: TypeEntry) -> bool {
    match arg {
        Arg::Value(v) => {
            ty.union == TypeUnion::FLOAT || boxed.get(v.index()).is_some_and(|b| b.is_some())
        }
        Arg::Literal(l) => matches!(f.literals[*l as usize], Literal::Float(_)),
        _ => false,
    }
}

/// Loads of what was boxed are what was boxed.
fn forward_unboxed(f: &mut Function) {
    let boxed = boxed(f);
    let mut replaced = vec![None; f.values.len()];
    for block in &mut f.blocks {
        block.insts.retain(|inst| {
            let source = match (&inst.op, &inst.args[..]) {
                (Op::FloatOf, [Arg::Value(v)]) => boxed[v.index()].clone(),
                _ => None,
            };
            let (Some(source), Some(result)) = (source, inst.result) else { return true };
            replaced[result.index()] = Some(source);
            false
        });
    }
    substitute(f, &replaced);
}

/// Operators and comparisons whose operands are floats work on unboxed ones.
fn use_float_operators(f: &mut Function) {
    let mut boxed = boxed(f);
    for b in 0..f.blocks.len() {
        let insts = std::mem::take(&mut f.blocks[b].insts);
        let count = insts.len();
        for (i, inst) in insts.into_iter().enumerate() {
            let float_op = float_op(&inst.op);
            let floats =
                inst.args.iter().enumerate().all(|(i, a)| is_float(f, &boxed, a, inst.arg_type(i)));
            let is_tested = i + 1 == count && tests_result(&f.blocks[b].end, inst.result);
            let can = match inst.fails {
                Fails::Throws => true,
                Fails::NoValue => is_tested,
                Fails::Never => false,
            };
            match float_op {
                Some(op) if floats && can => {
                    let value = operate(f, b, op, &inst);
                    boxed.resize(f.values.len(), None);
                    boxed[inst.result.expect("operators have results").index()] = Some(value);
                }
                _ => f.blocks[b].insts.push(inst),
            }
        }
        compare_unboxed(f, b, &boxed);
        boxed.resize(f.values.len(), None);
    }
}

fn float_op(op: &Op) -> Option<FloatOp> {
    Some(match op {
        Op::Arith(ArithOp::Add) => FloatOp::Add,
        Op::Arith(ArithOp::Sub) => FloatOp::Sub,
        Op::Arith(ArithOp::Mul) => FloatOp::Mul,
        Op::Arith(ArithOp::Neg) => FloatOp::Neg,
        Op::Bif(bif) if (bif.module, bif.name, bif.arity) == ("erlang", "/", 2) => FloatOp::Div,
        _ => return None,
    })
}

fn tests_result(end: &End, result: Option<Value>) -> bool {
    let value = result.map(Arg::Value);
    matches!(end, End::Branch { test: Test::IsValue, args, .. } if args.first() == value.as_ref())
}

/// Appends an operator on unboxed operands and the boxing of its result; in a guard, the test of
/// the block then asks for a finite result.
fn operate(f: &mut Function, b: usize, op: FloatOp, inst: &Inst) -> Arg {
    let args = inst.args.iter().map(|arg| unboxed(f, b, arg, inst.location)).collect();
    let value = Arg::Value(f.new_value(Repr::F64));
    let Arg::Value(raw) = value else { unreachable!("just made") };
    let fails = match inst.fails {
        Fails::Throws if op != FloatOp::Neg => Fails::Throws,
        _ => Fails::Never,
    };
    let place = |op, args, result| Inst {
        result,
        fails: Fails::Never,
        location: inst.location,
        ..Inst::new(op, args)
    };
    let float = Inst { fails, ..place(Op::FloatArith(op), args, Some(raw)) };
    f.blocks[b].insts.extend([float, place(Op::FloatBox, vec![value.clone()], inst.result)]);
    if let (Fails::NoValue, End::Branch { test, args, types, .. }) =
        (inst.fails, &mut f.blocks[b].end)
    {
        *test = Test::IsFinite;
        *args = vec![value.clone()];
        types.clear();
    }
    value
}

/// The unboxed value of an operand known to be a float.
fn unboxed(f: &mut Function, b: usize, arg: &Arg, location: u32) -> Arg {
    if let Arg::Literal(l) = arg
        && let Literal::Float(x) = f.literals[*l as usize]
    {
        return Arg::Float(x);
    }
    let raw = f.new_value(Repr::F64);
    let types = vec![TypeEntry { union: TypeUnion::FLOAT, ..TypeEntry::ANY }];
    f.blocks[b].insts.push(Inst {
        types,
        result: Some(raw),
        location,
        ..Inst::new(Op::FloatOf, vec![arg.clone()])
    });
    Arg::Value(raw)
}

fn compare_unboxed(f: &mut Function, b: usize, boxed: &[Option<Arg>]) {
    let End::Branch { test, args, types, .. } = &f.blocks[b].end else { return };
    let float_test = match test {
        Test::Less => Test::FloatLess,
        Test::Equal => Test::FloatEqual,
        _ => return,
    };
    let ty = |i: usize| types.get(i).copied().unwrap_or(TypeEntry::ANY);
    if !args.iter().enumerate().all(|(i, a)| is_float(f, boxed, a, ty(i))) {
        return;
    }
    let floats = args.clone().iter().map(|arg| unboxed(f, b, arg, 0)).collect();
    if let End::Branch { test, args, types, .. } = &mut f.blocks[b].end {
        *test = float_test;
        *args = floats;
        types.clear();
    }
}

/// Parameters that are used as floats only and that get a float just boxed on some way: by value.
fn unboxable_parameters(f: &Function) -> Vec<bool> {
    let boxed = boxed(f);
    let mut candidate = vec![false; f.values.len()];
    for block in f.blocks.iter().skip(1) {
        for param in block.params.iter().filter(|p| f.values[p.index()] == Repr::Term) {
            candidate[param.index()] = true;
        }
    }
    loop {
        let before = candidate.clone();
        strike_other_uses(f, &mut candidate);
        let profits = profitable(f, &candidate, &boxed);
        candidate.iter_mut().zip(profits).for_each(|(c, p)| *c &= p);
        if candidate == before {
            return candidate;
        }
    }
}

fn strike_other_uses(f: &Function, candidate: &mut [bool]) {
    let strike = |arg: &Arg, candidate: &mut [bool]| {
        if let Arg::Value(v) = arg {
            candidate[v.index()] = false;
        }
    };
    for block in &f.blocks {
        for inst in &block.insts {
            let as_float =
                matches!(inst.op, Op::FloatOf) && inst.arg_type(0).union == TypeUnion::FLOAT;
            if !as_float {
                inst.for_each_arg(&mut |arg| strike(arg, candidate));
            }
        }
        block.end.for_each_own_arg(&mut |arg| strike(arg, candidate));
        // What the end itself defines is not there to be unboxed before it.
        let own = block.end.inst().and_then(|i| i.result).map(Arg::Value);
        for target in block.end.targets() {
            for (arg, param) in target.args.iter().zip(&f.blocks[target.block.index()].params) {
                if own.as_ref() == Some(arg) {
                    candidate[param.index()] = false;
                }
                if !candidate[param.index()] {
                    strike(arg, candidate);
                }
            }
        }
    }
}

/// Candidates that get a boxed float, or another such candidate, on some way.
fn profitable(f: &Function, candidate: &[bool], boxed: &[Option<Arg>]) -> Vec<bool> {
    let mut profits = vec![false; f.values.len()];
    let mut changed = true;
    while changed {
        changed = false;
        for target in f.blocks.iter().flat_map(|b| b.end.targets()) {
            for (arg, param) in target.args.iter().zip(&f.blocks[target.block.index()].params) {
                if let Arg::Value(v) = arg
                    && candidate[param.index()]
                    && !profits[param.index()]
                    && (boxed[v.index()].is_some() || profits[v.index()])
                {
                    profits[param.index()] = true;
                    changed = true;
                }
            }
        }
    }
    profits
}

fn unbox_parameters(f: &mut Function, params: &[bool]) {
    let boxed = boxed(f);
    let is_float_param =
        |arg: &Arg| matches!(arg, Arg::Value(v) if params.get(v.index()) == Some(&true));
    for b in 0..f.blocks.len() {
        let mut end = std::mem::replace(&mut f.blocks[b].end, End::Unreachable);
        for target in end.targets_mut() {
            let wanted = f.blocks[target.block.index()].params.clone();
            for (arg, param) in target.args.iter_mut().zip(wanted) {
                if params[param.index()] && !is_float_param(arg) {
                    *arg = float_or_zero(f, b, arg, &boxed);
                }
            }
        }
        f.blocks[b].end = end;
    }
    let mut replaced = vec![None; f.values.len()];
    for block in &mut f.blocks {
        block.insts.retain(|inst| {
            let is_load = matches!(inst.op, Op::FloatOf) && is_float_param(&inst.args[0]);
            if let (true, Some(v)) = (is_load, inst.result) {
                replaced[v.index()] = Some(inst.args[0].clone());
            }
            !is_load
        });
    }
    for (v, _) in params.iter().enumerate().filter(|(_, p)| **p) {
        f.values[v] = Repr::F64;
    }
    substitute(f, &replaced);
}

/// What a block passes for an unboxed parameter.
fn float_or_zero(f: &mut Function, b: usize, arg: &Arg, boxed: &[Option<Arg>]) -> Arg {
    match arg {
        Arg::Value(v) => {
            if let Some(Some(source)) = boxed.get(v.index()) {
                return source.clone();
            }
            let raw = f.new_value(Repr::F64);
            f.blocks[b]
                .insts
                .push(Inst { result: Some(raw), ..Inst::new(Op::FloatOrZero, vec![arg.clone()]) });
            Arg::Value(raw)
        }
        Arg::Literal(l) => match f.literals[*l as usize] {
            Literal::Float(x) => Arg::Float(x),
            _ => Arg::Float(0.0),
        },
        _ => Arg::Float(0.0),
    }
}
