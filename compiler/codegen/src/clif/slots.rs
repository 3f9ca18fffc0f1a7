//! Which terms must stand in the frame, where, and when they have to be stored.
//!
//! A safepoint is a place where the collector may run: a call, a yield point at the start of a
//! block, the heap check of a run of allocations. Terms live across one are stored before it and
//! read again after it. Two terms share a slot unless they are live across the same safepoint.

use super::entry_work::{self, EntryWork};
use crate::ssa::{Arg, Function, Repr, Value, order};

/// Where in a block a safepoint stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// The yield point at the start.
    Poll,
    /// The heap check before instruction `i`, for this many words.
    Check { before: usize, words: u64 },
    /// Instruction `i` itself.
    Inst(usize),
    /// The instruction in the block's end.
    End,
}

impl Place {
    /// Paths that are rarely taken: stores stay inside them.
    pub fn is_cold(self) -> bool {
        matches!(self, Place::Poll | Place::Check { .. })
    }
}

#[derive(Debug)]
pub struct Safepoint {
    pub place: Place,
    /// Terms live across it.
    pub live: Vec<Value>,
    /// Of those, the ones not yet in their slots on every path here.
    pub store: Vec<Value>,
}

#[derive(Debug)]
pub struct Frame {
    /// Per block, in order of execution.
    pub safepoints: Vec<Vec<Safepoint>>,
    /// Slot of each value that needs one.
    pub slot_of: Vec<Option<u32>>,
    pub slot_count: u32,
    /// Blocks in the order to emit them.
    pub order: Vec<usize>,
    /// Blocks where the stack is checked and the reduction for entering the function is charged.
    pub entry_work: EntryWork,
}

type Set = Vec<u64>;

fn contains(set: &Set, v: usize) -> bool {
    set[v / 64] >> (v % 64) & 1 != 0
}
fn insert(set: &mut Set, v: usize) {
    set[v / 64] |= 1 << (v % 64);
}
fn remove(set: &mut Set, v: usize) {
    set[v / 64] &= !(1 << (v % 64));
}
fn elements(set: &Set) -> Vec<Value> {
    let mut result = vec![];
    for (i, word) in set.iter().enumerate() {
        let mut word = *word;
        while word != 0 {
            result.push(Value((i * 64) as u32 + word.trailing_zeros()));
            word &= word - 1;
        }
    }
    result
}

/// Plans the frame of a function.
pub fn plan(f: &Function) -> Frame {
    let order = order(f);
    let live_in = live_in(f, &order);
    let entry_work = entry_work::plan(f, &order);
    let polls = entry_work::polls(f, &entry_work);
    let mut safepoints: Vec<Vec<Safepoint>> = f.blocks.iter().map(|_| vec![]).collect();
    for &b in &order {
        safepoints[b] = block_safepoints(f, b, polls[b], &live_in);
    }
    let (slot_of, slot_count) = assign(f, &order, &safepoints);
    let mut frame = Frame { safepoints, slot_of, slot_count, order, entry_work };
    place_stores(f, &mut frame);
    frame
}

fn term(f: &Function, arg: &Arg) -> Option<usize> {
    match arg {
        Arg::Value(v) if f.values[v.index()] == Repr::Term => Some(v.index()),
        _ => None,
    }
}

/// What is live when the block's end is about to run (operands of the end included), or after its
/// instruction (`own` false).
fn live_at_end(f: &Function, b: usize, live_in: &[Set], own: bool) -> Set {
    let mut live = vec![0; f.values.len().div_ceil(64)];
    let end = &f.blocks[b].end;
    for target in end.targets() {
        let block = target.block.index();
        for (word, from) in live.iter_mut().zip(&live_in[block]) {
            *word |= from;
        }
    }
    for target in end.targets() {
        for param in &f.blocks[target.block.index()].params {
            remove(&mut live, param.index());
        }
    }
    for target in end.targets() {
        for arg in &target.args {
            if let Some(v) = term(f, arg) {
                insert(&mut live, v);
            }
        }
    }
    if let Some(result) = end.inst().and_then(|i| i.result) {
        remove(&mut live, result.index());
    }
    if own {
        end.for_each_own_arg(&mut |arg| {
            if let Some(v) = term(f, arg) {
                insert(&mut live, v);
            }
        });
    }
    live
}

/// Terms live at the start of each block, its parameters included.
fn live_in(f: &Function, order: &[usize]) -> Vec<Set> {
    let words = f.values.len().div_ceil(64);
    let mut live_in: Vec<Set> = vec![vec![0; words]; f.blocks.len()];
    let mut changed = true;
    while changed {
        changed = false;
        for &b in order.iter().rev() {
            let mut live = live_at_end(f, b, &live_in, true);
            for inst in f.blocks[b].insts.iter().rev() {
                if let Some(result) = inst.result {
                    remove(&mut live, result.index());
                }
                inst.for_each_arg(&mut |arg| {
                    if let Some(v) = term(f, arg) {
                        insert(&mut live, v);
                    }
                });
            }
            if live != live_in[b] {
                live_in[b] = live;
                changed = true;
            }
        }
    }
    live_in
}

/// Heap checks: the words needed from instruction `i` to the next safepoint, at the first
/// allocation after each safepoint.
fn heap_checks(f: &Function, b: usize) -> Vec<(usize, u64)> {
    let mut checks: Vec<(usize, u64)> = vec![];
    let mut open = false;
    for (i, inst) in f.blocks[b].insts.iter().enumerate() {
        let words = inst.heap_words();
        if words > 0 {
            match checks.last_mut() {
                Some((_, total)) if open => *total += words,
                _ => checks.push((i, words)),
            }
            open = true;
        }
        if inst.is_safepoint() {
            open = false;
        }
    }
    checks
}

fn block_safepoints(f: &Function, b: usize, polls: bool, live_in: &[Set]) -> Vec<Safepoint> {
    let block = &f.blocks[b];
    let mut found = vec![];
    let mut add =
        |place, live: &Set| found.push(Safepoint { place, live: elements(live), store: vec![] });
    // A tail call leaves the frame; a raise needs nothing but what its handler reads.
    if matches!(block.end, crate::ssa::End::Invoke { .. })
        && block.end.inst().is_some_and(|i| i.is_safepoint())
    {
        add(Place::End, &live_at_end(f, b, live_in, false));
    }
    let mut live = live_at_end(f, b, live_in, true);
    let checks = heap_checks(f, b);
    for (i, inst) in block.insts.iter().enumerate().rev() {
        if let Some(result) = inst.result {
            remove(&mut live, result.index());
        }
        if inst.is_safepoint() {
            add(Place::Inst(i), &live);
        }
        inst.for_each_arg(&mut |arg| {
            if let Some(v) = term(f, arg) {
                insert(&mut live, v);
            }
        });
        if let Some((_, words)) = checks.iter().find(|(at, _)| *at == i) {
            add(Place::Check { before: i, words: *words }, &live);
        }
    }
    if polls {
        add(Place::Poll, &live_in[b]);
    }
    found.reverse();
    found
}

/// Colours values by the safepoints they are live across.
fn assign(f: &Function, order: &[usize], safepoints: &[Vec<Safepoint>]) -> (Vec<Option<u32>>, u32) {
    let mut across: Vec<Vec<u32>> = vec![vec![]; f.values.len()];
    let mut number = 0;
    for &b in order {
        for safepoint in &safepoints[b] {
            for v in &safepoint.live {
                across[v.index()].push(number);
            }
            number += 1;
        }
    }
    let mut used: Vec<Vec<u64>> = vec![vec![]; number as usize];
    let mut slot_of = vec![None; f.values.len()];
    let mut count = 0;
    for (v, points) in across.iter().enumerate().filter(|(_, p)| !p.is_empty()) {
        let mut taken: Vec<u64> = vec![];
        for point in points {
            let set = &used[*point as usize];
            if taken.len() < set.len() {
                taken.resize(set.len(), 0);
            }
            for (word, from) in taken.iter_mut().zip(set) {
                *word |= from;
            }
        }
        let slot = taken.iter().enumerate().find(|(_, w)| **w != u64::MAX);
        let slot = slot.map_or(taken.len() as u32 * 64, |(i, w)| i as u32 * 64 + w.trailing_ones());
        slot_of[v] = Some(slot);
        count = count.max(slot + 1);
        for point in points {
            let set = &mut used[*point as usize];
            if set.len() <= slot as usize / 64 {
                set.resize(slot as usize / 64 + 1, 0);
            }
            insert(set, slot as usize);
        }
    }
    (slot_of, count)
}

/// Decides at which safepoints values must be stored: those not known to be in their slots on
/// every path. Stores on cold paths are always made and never count.
fn place_stores(f: &Function, frame: &mut Frame) {
    let words = f.values.len().div_ceil(64);
    let preds = f.predecessors();
    let mut by_slot: Vec<Vec<usize>> = vec![vec![]; frame.slot_count as usize];
    for (v, slot) in frame.slot_of.iter().enumerate() {
        if let Some(slot) = slot {
            by_slot[*slot as usize].push(v);
        }
    }
    // None: not computed yet, which stands for everything.
    let mut out: Vec<Option<Set>> = vec![None; f.blocks.len()];
    let mut changed = true;
    while changed {
        changed = false;
        for &b in &frame.order {
            let stored = entering(b, &preds, &out, words);
            let leaving = walk_stores(f, b, stored, frame, &by_slot, None);
            if out[b].as_ref() != Some(&leaving) {
                out[b] = Some(leaving);
                changed = true;
            }
        }
    }
    for b in frame.order.clone() {
        let stored = entering(b, &preds, &out, words);
        let mut stores = vec![];
        walk_stores(f, b, stored, frame, &by_slot, Some(&mut stores));
        for (safepoint, store) in frame.safepoints[b].iter_mut().zip(stores) {
            safepoint.store = store;
        }
    }
}

fn entering(
    b: usize,
    preds: &[Vec<crate::ssa::BlockId>],
    out: &[Option<Set>],
    words: usize,
) -> Set {
    let mut stored: Option<Set> = None;
    for p in &preds[b] {
        if let Some(from) = &out[p.index()] {
            stored = Some(match stored {
                None => from.clone(),
                Some(s) => s.iter().zip(from).map(|(a, b)| a & b).collect(),
            });
        }
    }
    if b == 0 { vec![0; words] } else { stored.unwrap_or_else(|| vec![0; words]) }
}

fn walk_stores(
    f: &Function,
    b: usize,
    mut stored: Set,
    frame: &Frame,
    by_slot: &[Vec<usize>],
    mut record: Option<&mut Vec<Vec<Value>>>,
) -> Set {
    let block = &f.blocks[b];
    for param in &block.params {
        remove(&mut stored, param.index());
    }
    let mut next = 0;
    let mut at = |place_index: usize, stored: &mut Set| {
        // Handle all safepoints up to (and including) this instruction; usize::MAX for the end.
        while let Some(safepoint) = frame.safepoints[b].get(next) {
            let position = match safepoint.place {
                Place::Poll => 0,
                Place::Check { before, .. } => before,
                Place::Inst(i) => i,
                Place::End => usize::MAX,
            };
            if position > place_index {
                break;
            }
            next += 1;
            let mut store = vec![];
            for v in &safepoint.live {
                if safepoint.place.is_cold() {
                    store.push(*v);
                } else if !contains(stored, v.index()) {
                    store.push(*v);
                    let slot = frame.slot_of[v.index()].expect("live across a safepoint");
                    for other in &by_slot[slot as usize] {
                        remove(stored, *other);
                    }
                    insert(stored, v.index());
                }
            }
            if let Some(record) = &mut record {
                record.push(store);
            }
        }
    };
    for (i, inst) in block.insts.iter().enumerate() {
        at(i, &mut stored);
        if let Some(result) = inst.result {
            remove(&mut stored, result.index());
        }
    }
    at(usize::MAX, &mut stored);
    if let Some(result) = block.end.inst().and_then(|i| i.result) {
        remove(&mut stored, result.index());
    }
    stored
}
