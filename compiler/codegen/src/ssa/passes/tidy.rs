//! Removes what construction leaves behind: trivial block parameters, unused values, empty blocks.

use super::super::*;

/// Removes parameters that get the same argument from every predecessor, and substitutes it.
pub fn remove_trivial_params(f: &mut Function) {
    let reachable = verify::reachable(f);
    let mut replaced: Vec<Option<Arg>> = vec![None; f.values.len()];
    loop {
        // For each block, the arguments it gets, joined per parameter.
        let mut joined: Vec<Vec<Option<Option<Arg>>>> =
            f.blocks.iter().map(|b| vec![None; b.params.len()]).collect();
        for block in f.blocks.iter().zip(&reachable).filter(|(_, r)| **r).map(|(b, _)| b) {
            for target in block.end.targets() {
                let params = &f.blocks[target.block.index()].params;
                for (i, arg) in target.args.iter().enumerate() {
                    let arg = resolve(&replaced, arg);
                    if arg == Arg::Value(params[i]) {
                        continue;
                    }
                    let slot = &mut joined[target.block.index()][i];
                    match slot {
                        None => *slot = Some(Some(arg)),
                        Some(Some(known)) if *known == arg => {}
                        Some(_) => *slot = Some(None),
                    }
                }
            }
        }
        let mut changed = false;
        for (b, params) in joined.iter().enumerate().skip(1).filter(|(b, _)| reachable[*b]) {
            for (i, unique) in params.iter().enumerate() {
                let param = f.blocks[b].params[i];
                if replaced[param.index()].is_some() {
                    continue;
                }
                if let Some(Some(arg)) = unique {
                    let arg = resolve(&replaced, arg);
                    if arg != Arg::Value(param) {
                        replaced[param.index()] = Some(arg);
                        changed = true;
                    }
                }
            }
        }
        if !changed {
            break;
        }
    }
    substitute(f, &replaced);
}

fn resolve(replaced: &[Option<Arg>], arg: &Arg) -> Arg {
    let mut arg = arg.clone();
    while let Arg::Value(v) = arg {
        match &replaced[v.index()] {
            Some(next) => arg = next.clone(),
            None => break,
        }
    }
    arg
}

/// Substitutes replaced values everywhere and drops replaced parameters.
pub fn substitute(f: &mut Function, replaced: &[Option<Arg>]) {
    let keep: Vec<Vec<bool>> = f
        .blocks
        .iter()
        .map(|b| b.params.iter().map(|p| replaced[p.index()].is_none()).collect())
        .collect();
    for block in &mut f.blocks {
        block.for_each_arg_mut(&mut |arg| *arg = resolve(replaced, arg));
        for target in block.end.targets_mut() {
            let keep = &keep[target.block.index()];
            let mut i = 0;
            target.args.retain(|_| {
                i += 1;
                keep[i - 1]
            });
        }
    }
    for (block, keep) in f.blocks.iter_mut().zip(&keep) {
        let mut i = 0;
        block.params.retain(|_| {
            i += 1;
            keep[i - 1]
        });
    }
}

/// Removes instructions without effect whose results nobody uses, and parameters nobody reads.
pub fn remove_unused(f: &mut Function) {
    loop {
        let mut uses = vec![0u32; f.values.len()];
        let mut count = |arg: &Arg| {
            if let Arg::Value(v) = arg {
                uses[v.index()] += 1;
            }
        };
        for block in &f.blocks {
            block.insts.iter().for_each(|i| i.for_each_arg(&mut count));
            block.end.for_each_arg(&mut count);
        }
        let mut changed = false;
        for block in &mut f.blocks {
            let before = block.insts.len();
            block
                .insts
                .retain(|i| !is_removable(i) || i.result.is_none_or(|v| uses[v.index()] > 0));
            changed |= block.insts.len() != before;
        }
        let dead: Vec<Vec<bool>> = f
            .blocks
            .iter()
            .enumerate()
            .map(|(b, block)| block.params.iter().map(|p| b > 0 && uses[p.index()] == 0).collect())
            .collect();
        if dead.iter().flatten().any(|d| *d) {
            changed = true;
            for block in &mut f.blocks {
                for target in block.end.targets_mut() {
                    let dead = &dead[target.block.index()];
                    let mut i = 0;
                    target.args.retain(|_| {
                        i += 1;
                        !dead[i - 1]
                    });
                }
            }
            for (block, dead) in f.blocks.iter_mut().zip(&dead) {
                let mut i = 0;
                block.params.retain(|_| {
                    i += 1;
                    !dead[i - 1]
                });
            }
        }
        if !changed {
            return;
        }
    }
}

/// No effect but its result.
fn is_removable(inst: &Inst) -> bool {
    inst.fails == Fails::Never
        && matches!(
            inst.op,
            Op::Hd
                | Op::Tl
                | Op::Element(_)
                | Op::TupleSize
                | Op::FunEnv(_)
                | Op::FunCode
                | Op::Cons
                | Op::Tuple
                | Op::FlatMap
                | Op::MakeFun(_)
                | Op::UpdateTuple { .. }
                | Op::FloatOf
                | Op::FloatOrZero
                | Op::FloatBox
                | Op::MatchPosition
                | Op::MatchLeft
                | Op::MatchInteger { .. }
                | Op::MatchRead { .. }
                | Op::Field { .. }
                | Op::Untag
                | Op::Tag
                | Op::OrderWord
                | Op::RawAdd
                | Op::RawMul
        )
}

/// Empties blocks that nothing reaches.
pub fn remove_unreachable(f: &mut Function) {
    let reachable = verify::reachable(f);
    for (block, _) in f.blocks.iter_mut().zip(&reachable).filter(|(_, r)| !**r) {
        *block = Block { params: vec![], insts: vec![], end: End::Unreachable, polls: false };
    }
}
