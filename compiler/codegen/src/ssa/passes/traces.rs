//! A handler takes the trace of its exception where it needs it, mostly to raise the exception again
//! because no clause matches: making the trace a term costs more than most handlers.
//!
//! What the runtime has noted of an exception stays as it is until anything happens that could
//! collect, call or fail. Up to there the trace may be taken as well as at the start.

use super::super::*;
use beamrc_abi::entry::e;
use std::collections::HashSet;

pub fn sink_traces(f: &mut Function) {
    for b in 0..f.blocks.len() {
        let is_trace =
            |i: &Inst| matches!(i.op, Op::Entry(entry) if entry.symbol == e::landing_trace.symbol);
        let Some(at) = f.blocks[b].insts.iter().position(is_trace) else { continue };
        let Some(trace) = f.blocks[b].insts[at].result else { continue };
        if let Some(users) = users_within_reach(f, b, at, trace) {
            sink(f, b, at, trace, &users);
        }
    }
}

/// Blocks that use the trace; none if one of them may come too late.
fn users_within_reach(f: &Function, home: usize, at: usize, trace: Value) -> Option<Vec<usize>> {
    let users: Vec<usize> =
        (0..f.blocks.len()).filter(|b| uses(&f.blocks[*b], usize::MAX, trace)).collect();
    if users.is_empty() {
        return Some(users);
    }
    let quiet = quiet_insts(&f.blocks[home], at + 1);
    if users.contains(&home)
        || quiet < f.blocks[home].insts.len()
        || !is_quiet_end(&f.blocks[home].end)
    {
        return None;
    }
    let targets = |b: usize| {
        f.blocks[b].end.targets().into_iter().map(|t| t.block.index()).collect::<Vec<_>>()
    };
    let mut in_time: HashSet<usize> = HashSet::from([home]);
    let mut late: HashSet<usize> = HashSet::from([home]);
    let (mut work, mut after) = (targets(home), vec![]);
    while let Some(b) = work.pop() {
        if in_time.insert(b) {
            let list = if is_quiet(&f.blocks[b]) { &mut work } else { &mut after };
            list.extend(targets(b));
        }
    }
    while let Some(b) = after.pop() {
        if late.insert(b) {
            after.extend(targets(b));
        }
    }
    let reached = |b: &usize| {
        let block = &f.blocks[*b];
        let all = uses(block, usize::MAX, trace);
        let limit = quiet_insts(block, 0) + 1;
        in_time.contains(b)
            && !late.contains(b)
            && !block.polls
            && all
            && !uses_from(block, limit, trace)
    };
    users.iter().all(reached).then_some(users)
}

fn is_landing(op: &Op) -> bool {
    let Op::Entry(entry) = op else { return false };
    [e::landing_class, e::landing_reason, e::landing_trace].iter().any(|e| e.symbol == entry.symbol)
}

/// How many of the instructions from `from` on, counted from the first of all, change nothing noted.
fn quiet_insts(block: &Block, from: usize) -> usize {
    let quiet = |i: &&Inst| {
        matches!(
            i.op,
            Op::Hd
                | Op::Tl
                | Op::Element(_)
                | Op::TupleSize
                | Op::FunEnv(_)
                | Op::Untag
                | Op::Tag
                | Op::RawAdd
        ) || is_landing(&i.op)
    };
    from + block.insts[from..].iter().take_while(quiet).count()
}

fn is_quiet_end(end: &End) -> bool {
    matches!(end, End::Jump(_) | End::Branch { .. } | End::Switch { .. })
}

fn is_quiet(block: &Block) -> bool {
    !block.polls && quiet_insts(block, 0) == block.insts.len() && is_quiet_end(&block.end)
}

/// Whether one of the first `limit` instructions uses the value, or (without limit) the end.
fn uses(block: &Block, limit: usize, value: Value) -> bool {
    let mut found = false;
    let mut look = |arg: &Arg| found |= *arg == Arg::Value(value);
    block.insts.iter().take(limit).for_each(|i| i.for_each_arg(&mut look));
    if limit == usize::MAX {
        block.end.for_each_arg(&mut look);
    }
    found
}

/// Whether the value is used from instruction `from` on, the end being the last one.
fn uses_from(block: &Block, from: usize, value: Value) -> bool {
    let mut found = false;
    let mut look = |arg: &Arg| found |= *arg == Arg::Value(value);
    block.insts.iter().skip(from).for_each(|i| i.for_each_arg(&mut look));
    let count = block.insts.len();
    if from > count {
        // All instructions are quiet: what the end reads is in time, what it passes on is if it is
        // quiet too.
        if !is_quiet_end(&block.end) {
            block.end.targets().iter().for_each(|t| t.args.iter().for_each(&mut look));
        }
    } else {
        block.end.for_each_arg(&mut look);
    }
    found
}

fn sink(f: &mut Function, home: usize, at: usize, trace: Value, users: &[usize]) {
    let inst = f.blocks[home].insts.remove(at);
    for &b in users {
        let here = f.new_value(Repr::Term);
        let block = &mut f.blocks[b];
        block.for_each_arg_mut(&mut |arg| {
            if *arg == Arg::Value(trace) {
                *arg = Arg::Value(here);
            }
        });
        block.insts.insert(0, Inst { result: Some(here), ..inst.clone() });
    }
}
