//! Numbers literals, plans, byte strings, lambdas and locations in the order of their first use.
//!
//! Machine code refers to them by number, and the function cache finds it by the function's text,
//! which has no numbers: so the text must determine them. Runs last.

use super::super::*;

/// A table under renumbering.
struct Table<T> {
    old: Vec<T>,
    new: Vec<T>,
    /// New numbers of the old entries that have been met.
    number: Vec<Option<u32>>,
}

impl<T: PartialEq + Clone> Table<T> {
    fn new(old: &mut Vec<T>) -> Self {
        let old = std::mem::take(old);
        Table { number: vec![None; old.len()], old, new: Vec::new() }
    }
    fn renumber(&mut self, number: &mut u32) {
        let known = &mut self.number[*number as usize];
        let entry = &self.old[*number as usize];
        *number = *known.get_or_insert_with(|| {
            let place = self.new.iter().position(|other| other == entry).unwrap_or_else(|| {
                self.new.push(entry.clone());
                self.new.len() - 1
            });
            place as u32
        });
    }
}

/// Leaves each table with what is used, once.
pub fn number_tables(f: &mut Function) {
    let mut literals = Table::new(&mut f.literals);
    let mut plans = Table::new(&mut f.plans);
    let mut strings = Table::new(&mut f.strings);
    let mut lambdas = Table::new(&mut f.lambdas);
    let mut locations = Table::new(&mut f.locations);
    // Number 0 is the unknown location, used or not.
    locations.renumber(&mut 0);
    for block in &mut f.blocks {
        let last = match &mut block.end {
            End::Invoke { inst, .. } | End::TailCall(inst) | End::Raise { inst, .. } => {
                Some(&mut **inst)
            }
            _ => None,
        };
        for inst in block.insts.iter_mut().chain(last) {
            if let Op::MakeFun(lambda) = &mut inst.op {
                lambdas.renumber(lambda);
            }
            if locations.old[inst.location as usize].line == 0 {
                inst.location = 0;
            }
            locations.renumber(&mut inst.location);
        }
        block.for_each_arg_mut(&mut |arg| match arg {
            Arg::Literal(literal) => literals.renumber(literal),
            Arg::Plan(plan) => plans.renumber(plan),
            Arg::Bytes(string) => strings.renumber(string),
            _ => {}
        });
    }
    f.literals = literals.new;
    f.plans = plans.new;
    f.strings = strings.new;
    f.lambdas = lambdas.new;
    f.locations = locations.new;
}
