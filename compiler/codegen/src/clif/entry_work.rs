//! Where a function does what entering it costs: the check of the stack and the charge of a reduction.
//!
//! That is the first block, unless the function can return before it has done anything that needs
//! either. Then the work waits until the first blocks from where calls or loops are reached: paths
//! that only look at arguments, compute and return are free. Up to there nothing has happened that
//! could not happen again, as a function that found too little stack is entered anew.

use super::fast::has_fast_path;
use crate::ssa::{Block, End, Function, Inst, Op};

/// More places than this are not worth their code.
const MAX_PLACES: usize = 4;

/// Blocks, each path through the function meeting at most one of them, and that before anything
/// which needs the work done.
pub fn places(f: &Function, order: &[usize]) -> Vec<usize> {
    let preds = f.predecessors();
    let mut early = vec![false; f.blocks.len()];
    for &b in order {
        let block = &f.blocks[b];
        let only_early = preds[b].iter().all(|p| early[p.index()]);
        early[b] = only_early && is_light(block) && (b == 0 || !block.polls);
    }
    // Where an early block leads to one that is reached otherwise too, the work is done before.
    loop {
        let leads_astray = |b: usize, early: &[bool]| {
            let targets = f.blocks[b].end.targets();
            let stray = targets.iter().map(|t| t.block.index()).filter(|t| !early[*t]).any(|t| {
                preds[t].iter().any(|p| !early[p.index()])
            });
            stray || preds[b].iter().any(|p| !early[p.index()])
        };
        let Some(b) = order.iter().find(|b| early[**b] && leads_astray(**b, &early)) else { break };
        early[*b] = false;
    }
    let returns = order.iter().any(|b| early[*b] && matches!(f.blocks[*b].end, End::Return(_)));
    let is_place = |b: usize| !early[b] && preds[b].iter().any(|p| early[p.index()]);
    let places: Vec<usize> = order.iter().copied().filter(|b| is_place(*b)).collect();
    if returns && places.len() <= MAX_PLACES { places } else { vec![0] }
}

/// Which blocks charge a reduction.
pub fn polls(f: &Function, places: &[usize]) -> Vec<bool> {
    let mut polls: Vec<bool> = f.blocks.iter().map(|b| b.polls).collect();
    if std::mem::take(&mut polls[0]) {
        places.iter().for_each(|b| polls[*b] = true);
    }
    polls
}

/// Has a fast path, allocates nothing and leaves the x registers alone: the arguments that came in are
/// still good behind it.
fn is_operator(inst: &Inst) -> bool {
    matches!(inst.op, Op::Arith(_) | Op::Bif(_)) && has_fast_path(inst)
}

/// No calls, no runtime but for what is rare, no effect.
fn is_light(block: &Block) -> bool {
    let light = |op: &Op| {
        matches!(
            op,
            Op::Hd
                | Op::Tl
                | Op::Element(_)
                | Op::TupleSize
                | Op::FunEnv(_)
                | Op::FloatOf
                | Op::FloatOrZero
                | Op::FloatArith(_)
                | Op::Untag
                | Op::Tag
                | Op::OrderWord
                | Op::RawAdd
                | Op::RawMul
        )
    };
    block.insts.iter().all(|i| light(&i.op) || is_operator(i))
        && match &block.end {
            End::Return(_) | End::Jump(_) | End::Branch { .. } | End::Switch { .. } => true,
            End::Raise { handler, .. } => handler.is_none(),
            _ => false,
        }
}
