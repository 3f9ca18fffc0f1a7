//! Comparisons of one value with several small constants look at its type once.
//!
//! Guards such as `$0 =< C, C =< $9` and the decision trees of large tables compare a value with
//! one constant after the other, and each comparison would ask anew whether the value is a small
//! integer. Where one comparison dominates others, it asks for all of them: [`Op::OrderWord`] gives
//! a word that stands to the constants' words as the value stands to the constants, whatever the
//! value is, and raw words are compared after that.

use super::super::*;
use beamrc_abi::term::{SMALL_MIN, TAG_BITS};

pub fn compare_words(f: &mut Function) {
    let mut tests: Vec<(Value, usize)> = vec![];
    for (b, block) in f.blocks.iter().enumerate() {
        tests.extend(compared(&block.end).map(|v| (v, b)));
    }
    tests.sort_unstable();
    if !tests.windows(2).any(|pair| pair[0].0 == pair[1].0) {
        return;
    }
    let dominators = verify::Dominators::of(f);
    for of_one in tests.chunk_by(|a, b| a.0 == b.0) {
        let mut open: Vec<usize> = of_one.iter().map(|(_, b)| *b).collect();
        open.sort_unstable_by_key(|b| dominators.place(*b));
        while let Some(first) = open.first().copied() {
            let (group, rest): (Vec<_>, _) =
                open.into_iter().partition(|b| dominators.dominates(first, *b));
            share(f, of_one[0].0, &group);
            open = rest;
        }
    }
}

/// The value that a branch compares with a constant which an order word can stand beside. The word
/// of the least small integer has nothing below it.
fn compared(end: &End) -> Option<Value> {
    let End::Branch { test: Test::Less | Test::Equal, args, types, .. } = end else { return None };
    let (value, i) = match args[..] {
        [Arg::Value(value), Arg::Small(n)] if n > SMALL_MIN => (value, 0),
        [Arg::Small(n), Arg::Value(value)] if n > SMALL_MIN => (value, 1),
        _ => return None,
    };
    let known = types.get(i).is_some_and(is_small);
    (!known).then_some(value)
}

/// Lets the tests at the end of these blocks, the first of which dominates the others, use one
/// order word of the value.
fn share(f: &mut Function, value: Value, blocks: &[usize]) {
    if blocks.len() < 2 {
        return;
    }
    let word = f.new_value(Repr::Raw);
    let mut inst = Inst::new(Op::OrderWord, vec![Arg::Value(value)]);
    inst.result = Some(word);
    f.blocks[blocks[0]].insts.push(inst);
    for b in blocks {
        let End::Branch { test, args, types, .. } = &mut f.blocks[*b].end else {
            unreachable!("a test")
        };
        *test = if *test == Test::Less { Test::RawLess } else { Test::RawSame };
        for arg in args.iter_mut() {
            *arg = match arg {
                Arg::Small(n) => Arg::Raw(*n << TAG_BITS),
                _ => Arg::Value(word),
            };
        }
        types.clear();
    }
}
