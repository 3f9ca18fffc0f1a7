//! Integer operators: small integers in line, everything else in the BIF of the same name.

use super::lower::Lower;
use crate::ssa::{Arg, ArithOp, Inst, TypeEntry, is_small};
use beamrc_abi::term::{SMALL_MAX, SMALL_MIN, TAG_BITS, TAG_MASK};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::I64;
use cranelift_codegen::ir::{self, InstBuilder};

/// What is known of an operand.
#[derive(Clone, Copy)]
pub(super) struct Known {
    /// It is a small integer.
    pub small: bool,
    pub low: i64,
    pub high: i64,
}

pub(super) fn known(arg: &Arg, ty: TypeEntry) -> Known {
    match arg {
        Arg::Small(n) => Known { small: true, low: *n, high: *n },
        Arg::Value(_) => {
            let low = ty.lower_bound.unwrap_or(i64::MIN);
            let high = ty.upper_bound.unwrap_or(i64::MAX);
            Known { small: is_small(&ty), low: low.max(SMALL_MIN), high: high.min(SMALL_MAX) }
        }
        _ => Known { small: false, low: SMALL_MIN, high: SMALL_MAX },
    }
}

impl Lower<'_> {
    /// The value on the fast path; none if it is known not to be taken.
    pub fn fast_arith(
        &mut self,
        op: ArithOp,
        inst: &Inst,
        args: &[ir::Value],
        slow: ir::Block,
    ) -> Option<ir::Value> {
        let ranges: Vec<Known> =
            inst.args.iter().enumerate().map(|(i, a)| known(a, inst.arg_type(i))).collect();
        let taken = self.fast_path(op, args, &ranges, slow);
        taken.then(|| self.fast_value(op, args, &ranges, slow))
    }

    /// Leaves for `slow` unless all operands are small; false if that is known to happen.
    fn fast_path(
        &mut self,
        op: ArithOp,
        args: &[ir::Value],
        ranges: &[Known],
        slow: ir::Block,
    ) -> bool {
        let constant = |k: &Known| k.small && k.low == k.high;
        let good = match op {
            // Division by what may be 0 or -1 is decided at run time; by a constant, here.
            ArithOp::Div | ArithOp::Rem => !(constant(&ranges[1]) && ranges[1].low == 0),
            ArithOp::Shl | ArithOp::Shr | ArithOp::ShlLow => {
                constant(&ranges[1]) && (0..=60).contains(&ranges[1].low)
            }
            _ => true,
        };
        if !good && matches!(op, ArithOp::Shl | ArithOp::Shr) && !constant(&ranges[1]) {
            return self.fast_shift(args, ranges, slow);
        }
        if !good {
            return false;
        }
        self.check_small(args, ranges, slow);
        true
    }
    pub fn check_small(&mut self, args: &[ir::Value], ranges: &[Known], slow: ir::Block) {
        let unknown: Vec<ir::Value> =
            args.iter().zip(ranges).filter(|(_, k)| !k.small).map(|(a, _)| *a).collect();
        let word = match unknown[..] {
            [] => return,
            [a] => a,
            [a, b] if a == b => a,
            [a, b] => self.b.ins().bor(a, b),
            _ => unreachable!("at most two operands"),
        };
        let tag = self.b.ins().band_imm_s(word, TAG_MASK as i64);
        self.unless_zero(tag, slow);
    }
    /// A shift by a variable amount: small, not negative, not too far.
    fn fast_shift(&mut self, args: &[ir::Value], ranges: &[Known], slow: ir::Block) -> bool {
        self.check_small(args, ranges, slow);
        let far = self.b.ins().icmp_imm_s(IntCC::UnsignedGreaterThan, args[1], 60 << TAG_BITS);
        self.unless_zero(far, slow);
        true
    }

    fn fast_value(
        &mut self,
        op: ArithOp,
        args: &[ir::Value],
        ranges: &[Known],
        slow: ir::Block,
    ) -> ir::Value {
        let (a, ka) = (args[0], ranges[0]);
        let (b, kb) = (*args.last().expect("operands"), *ranges.last().expect("operands"));
        match op {
            ArithOp::Add | ArithOp::Sub => {
                let bounds = if op == ArithOp::Add {
                    (ka.low + kb.low, ka.high + kb.high)
                } else {
                    (ka.low - kb.high, ka.high - kb.low)
                };
                if ka.small && kb.small && bounds.0 >= SMALL_MIN && bounds.1 <= SMALL_MAX {
                    return if op == ArithOp::Add {
                        self.b.ins().iadd(a, b)
                    } else {
                        self.b.ins().isub(a, b)
                    };
                }
                if kb.small && kb.low == kb.high {
                    // With a constant, the result tells overflow by its order.
                    let (value, grows) = if op == ArithOp::Add {
                        (self.b.ins().iadd(a, b), kb.low >= 0)
                    } else {
                        (self.b.ins().isub(a, b), kb.low < 0)
                    };
                    let cc = if grows { IntCC::SignedLessThan } else { IntCC::SignedGreaterThan };
                    let overflow = self.b.ins().icmp(cc, value, a);
                    self.unless_zero(overflow, slow);
                    return value;
                }
                let (value, overflow) = if op == ArithOp::Add {
                    self.b.ins().sadd_overflow(a, b)
                } else {
                    self.b.ins().ssub_overflow(a, b)
                };
                self.unless_zero(overflow, slow);
                value
            }
            ArithOp::Mul => {
                // Untag the constant, if there is one: that costs nothing.
                let (tagged, raw) = if kb.small && kb.low == kb.high {
                    (a, self.b.ins().iconst(I64, kb.low))
                } else {
                    (a, self.b.ins().sshr_imm_s(b, TAG_BITS as i64))
                };
                let product = |x: i64, y: i64| (x as i128) * (y as i128);
                let corners = [
                    product(ka.low, kb.low),
                    product(ka.low, kb.high),
                    product(ka.high, kb.low),
                    product(ka.high, kb.high),
                ];
                let fits =
                    corners.iter().all(|c| (SMALL_MIN as i128..=SMALL_MAX as i128).contains(c));
                if ka.small && kb.small && fits {
                    return self.b.ins().imul(tagged, raw);
                }
                let (value, overflow) = self.b.ins().smul_overflow(tagged, raw);
                self.unless_zero(overflow, slow);
                value
            }
            ArithOp::Div | ArithOp::Rem => self.divide(op, a, b, kb, slow),
            ArithOp::AddLow => self.b.ins().iadd(a, b),
            ArithOp::SubLow => self.b.ins().isub(a, b),
            ArithOp::MulLow => {
                let raw = self.b.ins().sshr_imm_s(b, TAG_BITS as i64);
                self.b.ins().imul(a, raw)
            }
            ArithOp::ShlLow => self.b.ins().ishl_imm_s(a, kb.low),
            ArithOp::And => self.b.ins().band(a, b),
            ArithOp::Or => self.b.ins().bor(a, b),
            ArithOp::Xor => self.b.ins().bxor(a, b),
            ArithOp::Shr => {
                let amount = self.b.ins().sshr_imm_s(b, TAG_BITS as i64);
                let shifted = self.b.ins().sshr(a, amount);
                self.b.ins().band_imm_s(shifted, !(TAG_MASK as i64))
            }
            ArithOp::Shl => {
                let amount = self.b.ins().sshr_imm_s(b, TAG_BITS as i64);
                let shifted = self.b.ins().ishl(a, amount);
                let back = self.b.ins().sshr(shifted, amount);
                let lost = self.b.ins().icmp(IntCC::NotEqual, back, a);
                self.unless_zero(lost, slow);
                shifted
            }
            ArithOp::Neg => {
                let zero = self.b.ins().iconst(I64, 0);
                let (value, overflow) = self.b.ins().ssub_overflow(zero, a);
                self.unless_zero(overflow, slow);
                value
            }
            ArithOp::Not => self.b.ins().bxor_imm_s(a, !(TAG_MASK as i64)),
        }
    }
    fn divide(
        &mut self,
        op: ArithOp,
        a: ir::Value,
        b: ir::Value,
        kb: Known,
        slow: ir::Block,
    ) -> ir::Value {
        let safe = kb.small && (kb.low > 0 || kb.high < -1);
        if !safe {
            // 0 raises, -1 may overflow: both are left to the BIF.
            let sum = self.b.ins().iadd_imm_s(b, 1 << TAG_BITS);
            let bad = self.b.ins().icmp_imm_s(IntCC::UnsignedLessThanOrEqual, sum, 1 << TAG_BITS);
            self.unless_zero(bad, slow);
        }
        let constant = kb.small && kb.low == kb.high;
        if op == ArithOp::Rem {
            // Both operands carry the same factor, and so does the remainder.
            return self.b.ins().srem(a, b);
        }
        if constant {
            let x = self.b.ins().sshr_imm_s(a, TAG_BITS as i64);
            let y = self.b.ins().iconst(I64, kb.low);
            let quotient = self.b.ins().sdiv(x, y);
            return self.b.ins().ishl_imm_s(quotient, TAG_BITS as i64);
        }
        let quotient = self.b.ins().sdiv(a, b);
        self.b.ins().ishl_imm_s(quotient, TAG_BITS as i64)
    }
}
