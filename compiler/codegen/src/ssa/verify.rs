//! Checks the invariants of the form; run after every pass in debug builds.

use super::{Arg, Block, BlockId, End, Fails, Function, Value};

/// What is wrong with the function, if anything.
pub fn verify(f: &Function) -> Result<(), String> {
    let reachable = reachable(f);
    let preds = f.predecessors();
    let mut defined_in = vec![None; f.values.len()];
    // What each block finds defined at its start.
    let mut at_start: Vec<Vec<Value>> = f.blocks.iter().map(|block| block.params.clone()).collect();
    for (b, block) in f.blocks.iter().enumerate().filter(|(b, _)| reachable[*b]) {
        let mut define = |value: Value, home: usize| {
            let slot =
                defined_in.get_mut(value.index()).ok_or(format!("{value:?} is out of range"))?;
            match slot.replace(home) {
                None => Ok(()),
                Some(_) => Err(format!("{value:?} is defined twice, in b{b} too")),
            }
        };
        for param in &block.params {
            define(*param, b)?;
        }
        for result in block.insts.iter().filter_map(|i| i.result) {
            define(result, b)?;
        }
        if let Some(result) = block.end.inst().and_then(|i| i.result) {
            let home = after_end(&block.end, &reachable, &preds);
            define(result, home)?;
            if let Some(block) = at_start.get_mut(home) {
                block.push(result);
            }
        }
    }
    let dominators = Dominators::of(f);
    for (b, block) in f.blocks.iter().enumerate().filter(|(b, _)| reachable[*b]) {
        check_block(block, b, &at_start[b], &defined_in, &dominators)
            .map_err(|e| format!("{e} in b{b}"))?;
        for target in block.end.targets() {
            let want =
                f.blocks.get(target.block.index()).ok_or("target out of range")?.params.len();
            if want != target.args.len() {
                return Err(format!(
                    "b{b} passes {} arguments to {:?} of {want}",
                    target.args.len(),
                    target.block
                ));
            }
        }
    }
    Ok(())
}

/// No block: what is defined there reaches no use.
const NOWHERE: usize = usize::MAX;

/// The block from whose start on the result of the instruction in an end is there: where the end
/// may lead to a handler instead, that is the normal target, if there is no other way to it.
fn after_end(end: &End, reachable: &[bool], preds: &[Vec<BlockId>]) -> usize {
    let End::Invoke { normal, .. } = end else { return NOWHERE };
    let target = normal.block.index();
    let ways = preds[target].iter().filter(|pred| reachable[pred.index()]).count();
    if ways == 1 { target } else { NOWHERE }
}

fn check_block(
    block: &Block,
    b: usize,
    at_start: &[Value],
    defined_in: &[Option<usize>],
    dominators: &Dominators,
) -> Result<(), String> {
    let mut local = at_start.to_vec();
    let use_ok = |arg: &Arg, local: &[Value]| -> Result<(), String> {
        let Arg::Value(v) = arg else { return Ok(()) };
        let Some(Some(home)) = defined_in.get(v.index()).copied() else {
            return Err(format!("{v:?} is not defined"));
        };
        let fine = local.contains(v) || (home != b && dominators.dominates(home, b));
        if fine { Ok(()) } else { Err(format!("{v:?} does not reach its use")) }
    };
    for inst in &block.insts {
        for arg in &inst.args {
            use_ok(arg, &local)?;
        }
        local.extend(inst.result);
    }
    if let End::Invoke { inst, .. } = &block.end
        && inst.fails != Fails::Throws
    {
        return Err("invoke of what cannot throw".into());
    }
    let mut result = Ok(());
    block.end.for_each_own_arg(&mut |arg| {
        if result.is_ok() {
            result = use_ok(arg, &local);
        }
    });
    result?;
    for (i, target) in block.end.targets().into_iter().enumerate() {
        let mut here = local.clone();
        if let End::Invoke { inst, .. } = &block.end
            && i == 0
        {
            here.extend(inst.result);
        }
        for arg in &target.args {
            use_ok(arg, &here)?;
        }
    }
    Ok(())
}

pub fn reachable(f: &Function) -> Vec<bool> {
    let mut seen = vec![false; f.blocks.len()];
    let mut work = vec![BlockId(0)];
    while let Some(block) = work.pop() {
        if !std::mem::replace(&mut seen[block.index()], true) {
            work.extend(f.blocks[block.index()].end.targets().iter().map(|t| t.block));
        }
    }
    seen
}

/// Reachable blocks in reverse postorder.
pub fn order(f: &Function) -> Vec<usize> {
    let mut seen = vec![false; f.blocks.len()];
    let mut post = Vec::new();
    let mut stack = vec![(0usize, 0usize)];
    seen[0] = true;
    while let Some((b, i)) = stack.pop() {
        let targets = f.blocks[b].end.targets();
        if let Some(target) = targets.get(i) {
            stack.push((b, i + 1));
            let t = target.block.index();
            if !std::mem::replace(&mut seen[t], true) {
                stack.push((t, 0));
            }
        } else {
            post.push(b);
        }
    }
    post.reverse();
    post
}

/// Which blocks stand before others on every path.
pub struct Dominators {
    /// Places in reverse postorder; none of what is not reached.
    place: Vec<usize>,
    /// First and last number of the block's part of the dominator tree, in the order of a walk.
    span: Vec<(usize, usize)>,
}

impl Dominators {
    pub fn of(f: &Function) -> Dominators {
        let order = order(f);
        let mut place = vec![NOWHERE; f.blocks.len()];
        for (i, b) in order.iter().enumerate() {
            place[*b] = i;
        }
        let idom = immediate_dominators(f, &order, &place);
        // A block comes after its dominator in the order: counted from the back, parts are whole
        // before the part that holds them; walked from the front, they lie side by side in it.
        let mut size = vec![1; f.blocks.len()];
        for b in order.iter().skip(1).rev() {
            size[idom[*b]] += size[*b];
        }
        let mut span = vec![(0, 0); f.blocks.len()];
        let mut next = vec![0; f.blocks.len()];
        for (i, b) in order.iter().enumerate() {
            let first = if i == 0 { 0 } else { next[idom[*b]] };
            if i != 0 {
                next[idom[*b]] += size[*b];
            }
            next[*b] = first + 1;
            span[*b] = (first, first + size[*b] - 1);
        }
        Dominators { place, span }
    }
    /// Place of a reachable block in reverse postorder.
    pub fn place(&self, block: usize) -> usize {
        self.place[block]
    }
    pub fn dominates(&self, a: usize, b: usize) -> bool {
        let reached = self.place[a] != NOWHERE && self.place[b] != NOWHERE;
        a == b || (reached && self.span[a].0 <= self.span[b].0 && self.span[b].1 <= self.span[a].1)
    }
}

/// Cooper, Harvey and Kennedy's algorithm. The entry is its own.
fn immediate_dominators(f: &Function, order: &[usize], place: &[usize]) -> Vec<usize> {
    let preds = f.predecessors();
    let mut idom = vec![NOWHERE; f.blocks.len()];
    idom[0] = 0;
    let mut changed = true;
    while changed {
        changed = false;
        for &b in order.iter().skip(1) {
            let known = preds[b].iter().map(|p| p.index()).filter(|p| idom[*p] != NOWHERE);
            let new = known.reduce(|mut p, mut q| {
                while p != q {
                    while place[p] > place[q] {
                        p = idom[p];
                    }
                    while place[q] > place[p] {
                        q = idom[q];
                    }
                }
                p
            });
            let new = new.expect("a predecessor comes earlier in the order");
            changed |= idom[b] != new;
            idom[b] = new;
        }
    }
    idom
}
