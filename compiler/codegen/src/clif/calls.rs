//! Calls of Erlang functions and funs, BIFs and runtime entries, and raising.

use super::lower::{FLAGS, Lower};
use super::{Stub, Symbol};
use crate::ssa::{Arg, Convention, Fails, Inst, Op, Target};
use beamrc_abi::process::{self as head, REGISTER_ARGS};
use beamrc_abi::{entry, term};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::I64;
use cranelift_codegen::ir::{
    self, BlockArg, BlockCall, ExceptionTableData, ExceptionTableItem, InstBuilder, TrapCode,
};
use cranelift_codegen::isa::CallConv;

/// What is called, with its register arguments.
enum Callee {
    Known(ir::FuncRef, Vec<ir::Value>),
    Address(ir::Value, Vec<ir::Value>),
}

/// How a call that returns here sees its callee: as one that keeps no register, as nothing but raw
/// values could stay in one anyway. The places of arguments and result are those of `tail`.
const BODY_CALL: CallConv = CallConv::Winch;

pub(super) fn unreachable_trap() -> TrapCode {
    TrapCode::unwrap_user(1)
}

impl Lower<'_> {
    /// A call in the middle of a block.
    pub fn call_inst(&mut self, inst: &Inst) {
        let callee = self.callee(inst, None, 0, BODY_CALL);
        let live = self.before_safepoint();
        self.leave_for_call(inst);
        let call = match &callee {
            Callee::Known(function, args) => self.b.ins().call(*function, args),
            Callee::Address(code, args) => {
                let signature = self.signature(args.len(), BODY_CALL);
                self.b.ins().call_indirect(signature, *code, args)
            }
        };
        self.map_safepoint(call, &live);
        let result = self.b.inst_results(call)[0];
        self.return_from_call();
        self.after_safepoint(&live);
        if let Some(v) = inst.result {
            self.define(v, result);
        }
    }
    /// A call whose exceptions are handled here.
    pub fn call_invoke(&mut self, inst: &Inst, normal: &Target, handler: &Target) {
        // Before the callee: a fun that cannot be called leads to the handler from there.
        let live = self.before_safepoint();
        let callee = self.callee(inst, Some(handler), 0, BODY_CALL);
        let (returned, caught) = (self.b.create_block(), self.b.create_block());
        let result = self.b.append_block_param(returned, I64);
        let pool = &mut self.b.func.dfg.value_lists;
        let normal_call = BlockCall::new(returned, [BlockArg::TryCallRet(0)], pool);
        let caught_call = BlockCall::new(caught, [], pool);
        let arguments = match &callee {
            Callee::Known(_, args) | Callee::Address(_, args) => args.len(),
        };
        let signature = self.signature(arguments, BODY_CALL);
        let table = ExceptionTableData::new(
            signature,
            normal_call,
            [ExceptionTableItem::Default(caught_call)],
        );
        let table = self.b.func.dfg.exception_tables.push(table);
        self.leave_for_call(inst);
        let call = match &callee {
            Callee::Known(function, args) => self.b.ins().try_call(*function, args, table),
            Callee::Address(code, args) => self.b.ins().try_call_indirect(*code, args, table),
        };
        self.map_safepoint(call, &live);
        self.switch_to(returned);
        self.return_from_call();
        self.after_safepoint(&live);
        if let Some(v) = inst.result {
            self.define(v, result);
        }
        self.jump(normal);
        self.switch_to(caught);
        self.return_from_call();
        self.after_safepoint(&live);
        self.jump(handler);
    }
    pub fn tail_call(&mut self, inst: &Inst) {
        let callee = self.callee(inst, None, entry::TAIL, CallConv::Tail);
        self.write_reductions();
        match callee {
            Callee::Known(function, args) => {
                self.b.ins().return_call(function, &args);
            }
            Callee::Address(code, args) => {
                let signature = self.signature(args.len(), CallConv::Tail);
                self.b.ins().return_call_indirect(signature, code, &args);
            }
        }
    }
    /// Evaluates what is called and passes the arguments; a fun that cannot be called raises. `mark`
    /// is [`entry::TAIL`] for a last call.
    fn callee(
        &mut self,
        inst: &Inst,
        handler: Option<&Target>,
        mark: u64,
        convention: CallConv,
    ) -> Callee {
        match &inst.op {
            Op::Call(name) => {
                let args = self.pass(&inst.args);
                let symbol = Symbol::Function(name.clone(), Convention::Plain);
                Callee::Known(self.function_ref(symbol, args.len(), convention), args)
            }
            Op::CallCode => {
                let code = self.arg(&inst.args[0]);
                let args = self.pass(&inst.args[1..]);
                Callee::Address(code, args)
            }
            Op::CallFun => {
                let code = self.fun_code(inst, handler, mark);
                // The fun itself is the last argument.
                let mut all = inst.args[1..].to_vec();
                all.push(inst.args[0].clone());
                let args = self.pass(&all);
                Callee::Address(code, args)
            }
            Op::CallX => {
                let code = self.arg(&inst.args[0]);
                // A register that the callee has no argument in may hold anything.
                let x = self.process_field(head::X);
                let load = |i| self.b.ins().load(I64, FLAGS(), x, 8 * i as i32);
                Callee::Address(code, (0..REGISTER_ARGS).map(load).collect())
            }
            other => unreachable!("{other:?} is no call"),
        }
    }
    fn pass(&mut self, args: &[Arg]) -> Vec<ir::Value> {
        let split = args.len().min(REGISTER_ARGS);
        self.store_x(&args[split..], split);
        args[..split].iter().map(|a| self.arg(a)).collect()
    }
    /// Code address of a fun of the right arity.
    fn fun_code(&mut self, inst: &Inst, handler: Option<&Target>, mark: u64) -> ir::Value {
        let arity = inst.args.len() - 1;
        let fun = self.arg(&inst.args[0]);
        let (boxed, fast, slow, join) = (
            self.b.create_block(),
            self.b.create_block(),
            self.b.create_block(),
            self.b.create_block(),
        );
        let code = self.b.append_block_param(join, I64);
        self.b.set_cold_block(slow);
        let tag = self.b.ins().band_imm_s(fun, term::TAG_MASK as i64);
        let is_boxed = self.b.ins().icmp_imm_s(IntCC::Equal, tag, term::TAG_BOXED as i64);
        self.b.ins().brif(is_boxed, boxed, &[], slow, &[]);
        self.switch_to(boxed);
        let header = self.b.ins().load(I64, FLAGS(), fun, -(term::TAG_BOXED as i32));
        // Kind (closure and external fun differ in the lowest kind bit) and arity.
        let mask = self.b.ins().iconst(I64, (0xff << term::HEADER_EXTRA_SHIFT) | 0xf7);
        let masked = self.b.ins().band(header, mask);
        let want = (arity as i64) << term::HEADER_EXTRA_SHIFT
            | (term::kind_bits(term::Kind::Fun) & 0xf7) as i64;
        let want = self.b.ins().iconst(I64, want);
        let same = self.b.ins().icmp(IntCC::Equal, masked, want);
        self.b.ins().brif(same, fast, &[], slow, &[]);
        self.switch_to(fast);
        let address = self.b.ins().load(I64, FLAGS(), fun, boxed_word(term::layout::FUN_CODE));
        self.b.ins().jump(join, &[BlockArg::Value(address)]);
        self.switch_to(slow);
        self.store_x(&inst.args[1..], 0);
        let count = self.b.ins().iconst(I64, (arity as u64 | mark) as i64);
        let address = self.call_slow(entry::e::fun_code.symbol, &[fun, count]);
        let bad = self.b.create_block();
        self.b.set_cold_block(bad);
        self.cold_branch(address, (join, vec![BlockArg::Value(address)]), (bad, vec![]));
        self.switch_to(bad);
        self.raise_noted(handler);
        self.switch_to(join);
        code
    }

    /// Raises the exception that is noted in the process; the current block ends.
    pub fn raise_noted(&mut self, handler: Option<&Target>) {
        match handler {
            Some(target) => {
                self.call_runtime(entry::e::catch_here.symbol, &[]);
                self.jump(target);
            }
            None => {
                self.call_stub(Stub::Raise, entry::e::throw.symbol, &[]);
                self.b.ins().trap(unreachable_trap());
            }
        }
    }
    /// An entry that notes an exception, which is then raised; the block ends.
    pub fn raise(&mut self, inst: &Inst, handler: Option<&Target>) {
        let Op::Entry(e) = &inst.op else { unreachable!("raise is an entry") };
        let args = self.entry_args(e, inst);
        match handler {
            Some(target) => {
                self.call_runtime(e.symbol, &args);
                self.call_runtime(entry::e::catch_here.symbol, &[]);
                self.jump(target);
            }
            None => {
                self.call_stub(Stub::Raise, e.symbol, &args);
                self.b.ins().trap(unreachable_trap());
            }
        }
    }
    /// Register arguments of an entry; what is left over goes to x.
    fn entry_args(&mut self, e: &entry::Entry, inst: &Inst) -> Vec<ir::Value> {
        let (own, x) = inst.args.split_at(e.arity);
        self.store_x(x, 0);
        own.iter().map(|a| self.arg(a)).collect()
    }

    /// A BIF or entry that may fail: raises on "no value" unless a test follows.
    pub fn runtime_inst(&mut self, inst: &Inst, handler: Option<&Target>) {
        self.leave_for_call(inst);
        let result = match &inst.op {
            Op::Bif(bif) => {
                let args: Vec<_> = inst.args.iter().map(|a| self.arg(a)).collect();
                self.call_runtime(bif.symbol, &args)
            }
            Op::Entry(e) if e.reach == entry::Reach::Safepoint => {
                let args = self.entry_args(e, inst);
                let live = self.before_safepoint();
                let call = self.call_stub(Stub::Safepoint, e.symbol, &args);
                self.map_safepoint(call, &live);
                let result = self.b.inst_results(call)[0];
                self.after_safepoint(&live);
                result
            }
            Op::Entry(e) => self.call_entry(e, inst),
            other => unreachable!("{other:?} is no runtime call"),
        };
        if inst.fails == Fails::Throws {
            self.raise_if_no_value(result, handler);
        }
        if let Some(v) = inst.result {
            self.define(v, result);
        }
    }
    pub fn call_entry(&mut self, e: &entry::Entry, inst: &Inst) -> ir::Value {
        let args = self.entry_args(e, inst);
        self.call_runtime(e.symbol, &args)
    }
    pub fn raise_if_no_value(&mut self, result: ir::Value, handler: Option<&Target>) {
        let failed = self.b.ins().icmp_imm_s(IntCC::Equal, result, term::NONVALUE as i64);
        self.raise_if(failed, handler);
    }
    pub fn raise_if(&mut self, failed: ir::Value, handler: Option<&Target>) {
        let (bad, good) = (self.b.create_block(), self.b.create_block());
        self.b.set_cold_block(bad);
        self.b.ins().brif(failed, bad, &[], good, &[]);
        self.switch_to(bad);
        self.raise_noted(handler);
        self.switch_to(good);
    }
}

/// Offset of word `i` after the header from a boxed term.
pub(super) fn boxed_word(i: usize) -> i32 {
    term::word_offset(i) - term::TAG_BOXED as i32
}
