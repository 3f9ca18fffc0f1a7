//! Visiting the operands of instructions and block ends.

use super::{Arg, Block, End, Inst};

impl Inst {
    pub fn for_each_arg(&self, f: &mut impl FnMut(&Arg)) {
        self.args.iter().for_each(f);
    }
}

impl End {
    /// Every operand, those passed to targets included.
    pub fn for_each_arg(&self, f: &mut impl FnMut(&Arg)) {
        self.for_each_own_arg(f);
        for target in self.targets() {
            target.args.iter().for_each(&mut *f);
        }
    }
    /// The operands that the end itself reads, without those passed on to targets.
    pub fn for_each_own_arg(&self, f: &mut impl FnMut(&Arg)) {
        match self {
            End::Return(arg) | End::Switch { arg, .. } => f(arg),
            End::Branch { args, .. } => args.iter().for_each(f),
            End::Invoke { inst, .. } | End::TailCall(inst) | End::Raise { inst, .. } => {
                inst.for_each_arg(f)
            }
            End::Jump(_) | End::Unreachable => {}
        }
    }
    pub fn for_each_arg_mut(&mut self, f: &mut impl FnMut(&mut Arg)) {
        match self {
            End::Return(arg) | End::Switch { arg, .. } => f(arg),
            End::Branch { args, .. } => args.iter_mut().for_each(&mut *f),
            End::Invoke { inst, .. } | End::TailCall(inst) | End::Raise { inst, .. } => {
                inst.args.iter_mut().for_each(&mut *f);
            }
            End::Jump(_) | End::Unreachable => {}
        }
        for target in self.targets_mut() {
            target.args.iter_mut().for_each(&mut *f);
        }
    }
    /// The instruction inside, if there is one.
    pub fn inst(&self) -> Option<&Inst> {
        match self {
            End::Invoke { inst, .. } | End::TailCall(inst) | End::Raise { inst, .. } => Some(inst),
            _ => None,
        }
    }
}

impl Block {
    pub fn for_each_arg_mut(&mut self, f: &mut impl FnMut(&mut Arg)) {
        for inst in &mut self.insts {
            inst.args.iter_mut().for_each(&mut *f);
        }
        self.end.for_each_arg_mut(f);
    }
}
