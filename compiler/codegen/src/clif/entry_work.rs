//! Where a function does what entering it costs: the check of the stack and the charge of a reduction.
//!
//! That is the first block, unless the function can return before it has done anything that needs
//! either. Then the work waits until the first blocks from where calls or loops are reached: paths
//! that only look at arguments, compute and return are free. Up to there nothing has happened that
//! could not happen again, as a function that found too little stack is entered anew.
//!
//! A function that calls itself last is a loop around all it does. Each turn is like entering it, with
//! the parameters of the loop for arguments, so that the work may wait in the same way.

use super::fast::has_fast_path;
use crate::ssa::{Arg, Block, End, Function, Inst, Op};
use beamrc_abi::process::REGISTER_ARGS;

#[derive(Debug)]
pub struct EntryWork {
    /// Blocks where the work is done.
    pub places: Vec<usize>,
    /// The block that starts each turn, if the work is done in each.
    pub turn: Option<usize>,
}

/// More places than this are not worth their code.
const MAX_PLACES: usize = 4;

/// Each path through the function, or through a turn, meets at most one of the places, and that before
/// anything which needs the work done.
pub fn plan(f: &Function, order: &[usize]) -> EntryWork {
    let turn = turn(f);
    if turn.is_some()
        && let Some(places) = early_places(f, order, turn)
    {
        return EntryWork { places, turn };
    }
    EntryWork { places: early_places(f, order, None).unwrap_or(vec![0]), turn: None }
}

/// The loop that a function consists of: entering it does nothing but start the first turn, with the
/// arguments in any order, and each further turn is a jump.
fn turn(f: &Function) -> Option<usize> {
    let entry = &f.blocks[0];
    let End::Jump(target) = &entry.end else { return None };
    let start = target.block.index();
    let is_argument = |arg: &Arg| matches!(arg, Arg::Value(v) if entry.params.contains(v));
    let distinct = (0..target.args.len()).all(|i| !target.args[..i].contains(&target.args[i]));
    let jumps = f.blocks.iter().all(|b| {
        matches!(b.end, End::Jump(_)) || b.end.targets().iter().all(|t| t.block.index() != start)
    });
    let simple = entry.insts.is_empty() && !entry.polls && f.blocks[start].polls && jumps;
    let registers = f.parameters() as usize <= REGISTER_ARGS;
    (simple && registers && distinct && target.args.iter().all(is_argument)).then_some(start)
}

/// Blocks that some path reaches without having done anything of weight, if paths return before them.
fn early_places(f: &Function, order: &[usize], turn: Option<usize>) -> Option<Vec<usize>> {
    let mut preds = f.predecessors();
    if let Some(start) = turn {
        preds[start].retain(|p| p.index() == 0);
    }
    let mut early = vec![false; f.blocks.len()];
    for &b in order {
        let block = &f.blocks[b];
        let only_early = preds[b].iter().all(|p| early[p.index()]);
        early[b] = only_early && is_light(block) && (b == 0 || turn == Some(b) || !block.polls);
    }
    // Where an early block leads to one that is reached otherwise too, or to the next turn, the work is
    // done before.
    loop {
        let leads_astray = |b: usize, early: &[bool]| {
            let targets: Vec<usize> =
                f.blocks[b].end.targets().iter().map(|t| t.block.index()).collect();
            let stray = targets
                .iter()
                .filter(|t| !early[**t])
                .any(|t| preds[*t].iter().any(|p| !early[p.index()]));
            let turns = b > 0 && turn.is_some_and(|start| targets.contains(&start));
            stray || turns || preds[b].iter().any(|p| !early[p.index()])
        };
        let Some(b) = order.iter().find(|b| early[**b] && leads_astray(**b, &early)) else { break };
        early[*b] = false;
    }
    let returns = order.iter().any(|b| early[*b] && matches!(f.blocks[*b].end, End::Return(_)));
    let is_place = |b: usize| !early[b] && preds[b].iter().any(|p| early[p.index()]);
    let places: Vec<usize> = order.iter().copied().filter(|b| is_place(*b)).collect();
    let waits = turn.is_none_or(|start| early[start]);
    (returns && waits && places.len() <= MAX_PLACES).then_some(places)
}

/// Which blocks charge a reduction.
pub fn polls(f: &Function, work: &EntryWork) -> Vec<bool> {
    let mut polls: Vec<bool> = f.blocks.iter().map(|b| b.polls).collect();
    let charged = std::mem::take(&mut polls[work.turn.unwrap_or(0)]);
    if charged {
        work.places.iter().for_each(|b| polls[*b] = true);
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
