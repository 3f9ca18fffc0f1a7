//! Which registers matter where, and the removal of instructions whose results do not.

use super::*;

/// Registers that matter at the end of each block.
pub(super) fn live_out(code: &Code) -> Vec<Regs> {
    live(code).1
}
/// Registers that matter at the start of each block.
pub(super) fn live_in(code: &Code) -> Vec<Regs> {
    live(code).0
}
fn live(code: &Code) -> (Vec<Regs>, Vec<Regs>) {
    let mut live_in = vec![0; code.blocks.len()];
    let mut live_out = vec![0; code.blocks.len()];
    let mut changed = true;
    while changed {
        changed = false;
        for (b, block) in code.blocks.iter().enumerate().rev() {
            let out = block.successors(b).iter().fold(0, |all, s| all | live_in[*s]);
            live_out[b] = out;
            let mut live = before_end(block, out);
            for inst in block.insts.iter().rev() {
                live = before(inst, live);
            }
            if live != live_in[b] {
                live_in[b] = live;
                changed = true;
            }
        }
    }
    (live_in, live_out)
}
/// What matters before the branch at a block's end.
pub(super) fn before_end(block: &Block, out: Regs) -> Regs {
    if matches!(block.end, End::Branch(..)) { out | FLAGS } else { out }
}
pub(super) fn before(inst: &Inst, after: Regs) -> Regs {
    if is_idle(inst, after) {
        return after;
    }
    after & !inst.kills() | inst.uses
}

/// Nothing that the instruction makes matters, and so neither does what it reads.
fn is_idle(inst: &Inst, after: Regs) -> bool {
    inst.pure && inst.defs & after == 0
}

/// Removes what has no effect but on registers that do not matter.
pub(super) fn sweep(code: &mut Code) {
    let live_out = live_out(code);
    for (block, out) in code.blocks.iter_mut().zip(live_out) {
        let mut live = before_end(block, out);
        let mut kept = Vec::with_capacity(block.insts.len());
        for inst in block.insts.drain(..).rev() {
            if is_idle(&inst, live) {
                continue;
            }
            live = before(&inst, live);
            kept.push(inst);
        }
        kept.reverse();
        block.insts = kept;
    }
}
