//! The lowering of a function: blocks, values, safepoints, and what the code refers to.

use super::fast::{Exit, has_fast_path};
use super::machine::{self, Shape};
use super::reductions::Reductions;
use super::slots::{self, Frame, Place};
use super::*;
use crate::ssa::{Arg, Block, BlockId, End, Fails, Function, Inst, Op, Repr, Target, Test, Value};
use beamrc_abi::process as head;
use beamrc_abi::{entry, term};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{F64, I64};
use cranelift_codegen::ir::{
    self, AbiParam, AliasRegionData, BlockArg, ExtFuncData, ExternalName, GlobalValueData,
    InstBuilder, MemFlagsData, Signature, StackSlot, StackSlotData, StackSlotKind,
    UserExternalName, UserStackMapEntry,
};
use cranelift_codegen::isa::{CallConv, TargetIsa};
use cranelift_codegen::settings::OptLevel;
use cranelift_codegen::{Context, FinalizedMachExceptionHandler, FinalizedRelocTarget};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext, Variable};
use std::collections::HashMap;

pub(super) struct Lower<'a> {
    pub f: &'a Function,
    pub b: FunctionBuilder<'a>,
    pub atoms: &'a dyn Atoms,
    pub frame: Frame,
    /// CLIF block of each SSA block.
    pub blocks: Vec<ir::Block>,
    /// Values that need no slot.
    values: Vec<Option<ir::Value>>,
    /// Values that do: the frontend joins what was stored and read again.
    variables: Vec<Option<Variable>>,
    slots: Vec<StackSlot>,
    /// How fields of the process head and positions of match contexts are accessed: as nothing else
    /// is, so that a store to one of them does not make other values be read again.
    head_flags: MemFlagsData,
    pub position_flags: MemFlagsData,
    /// The pinned register as read in the current CLIF block.
    process: Option<ir::Value>,
    symbols: Vec<Symbol>,
    symbol_of: HashMap<Symbol, u32>,
    functions: HashMap<(u32, usize, CallConv), ir::FuncRef>,
    data: HashMap<u32, ir::GlobalValue>,
    /// Run of allocations in the current block: base address and words used so far.
    pub run: Option<(ir::Value, u64)>,
    /// SSA block being lowered, and its next safepoint.
    pub at: usize,
    next_safepoint: usize,
    location: u32,
    /// Blocks that are done or under way.
    lowered: Vec<bool>,
    preds: Vec<Vec<BlockId>>,
    /// Edges of a switch that still have to be written.
    pub pending_edges: Vec<(ir::Block, Target)>,
    pub reductions: Reductions,
    /// Whether the fast path under way can be left for the slow one.
    pub slow_is_reached: bool,
    /// Arguments as they came in.
    registers: Vec<ir::Value>,
}

pub(super) const FLAGS: fn() -> MemFlagsData = MemFlagsData::trusted;

/// Compiles one function.
pub fn compile(f: &Function, atoms: &dyn Atoms, isa: &dyn TargetIsa) -> Result<Compiled, String> {
    let mut signature = Signature::new(CallConv::Tail);
    let in_registers = (f.parameters() as usize).min(head::REGISTER_ARGS);
    signature.params.extend((0..in_registers).map(|_| AbiParam::new(I64)));
    signature.returns.push(AbiParam::new(I64));
    let mut function = ir::Function::with_name_signature(ir::UserFuncName::user(0, 0), signature);
    let mut builder_context = FunctionBuilderContext::new();
    let (symbols, arguments, takes_turns) = {
        let b = FunctionBuilder::new(&mut function, &mut builder_context);
        let mut lower = Lower::new(f, b, atoms);
        lower.function();
        let mut b = lower.b;
        b.seal_all_blocks();
        b.finalize(isa.frontend_config());
        let arguments: HashMap<u32, usize> =
            lower.functions.keys().fold(HashMap::new(), |mut most, (index, count, _)| {
                let known = most.entry(*index).or_default();
                *known = (*known).max(*count);
                most
            });
        (lower.symbols, arguments, lower.frame.entry_work.turn.is_some())
    };
    let mut context = Context::for_function(function);
    if let Err(error) = context.compile(isa, &mut Default::default()) {
        return Err(format!("{}: {:?}\n{}", f.name, error.inner, error.func.display()));
    }
    let compiled = context.compiled_code().expect("just compiled");
    let symbols = without_floats(symbols, &context.func);
    let mut result = extract(compiled, &symbols, &context.func);
    if isa.flags().opt_level() != OptLevel::None {
        let arguments = relocated_arguments(compiled, &arguments, &context.func);
        let takes_turns = takes_turns && calls_itself(f);
        let shape = Shape { starts: compiled.bb_starts.clone(), arguments, takes_turns };
        result = machine::improve(result, &shape);
    }
    // The frame is there before the stack is checked, and leaf functions do not check at all: both
    // must fit what lies below the limit, with what a stub pushes.
    if result.frame_bytes as usize > head::FREE_FRAME_BYTES {
        return Ok(isa::check_large_frame(result));
    }
    Ok(result)
}

/// Whether the function calls itself in another place than last.
fn calls_itself(f: &Function) -> bool {
    f.blocks
        .iter()
        .flat_map(|b| &b.insts)
        .any(|i| matches!(&i.op, Op::Call(name) if *name == f.name))
}

/// For each relocation, the number of arguments that its function is called with.
fn relocated_arguments(
    compiled: &cranelift_codegen::CompiledCode,
    of_symbol: &HashMap<u32, usize>,
    func: &ir::Function,
) -> Vec<usize> {
    let count = |r: &cranelift_codegen::FinalizedMachReloc| match &r.target {
        FinalizedRelocTarget::ExternalName(ExternalName::User(name)) => {
            let index = func.params.user_named_funcs()[*name].index;
            of_symbol.get(&index).copied().unwrap_or(head::REGISTER_ARGS)
        }
        _ => head::REGISTER_ARGS,
    };
    compiled.buffer.relocs().iter().map(count).collect()
}

/// Slow calls need not keep floating-point registers that the function has no use for.
fn without_floats(mut symbols: Vec<Symbol>, func: &ir::Function) -> Vec<Symbol> {
    if func.dfg.values().all(|v| func.dfg.value_type(v).is_int()) {
        for symbol in &mut symbols {
            if let Symbol::Through(stub @ Stub::Slow, _) = symbol {
                *stub = Stub::SlowWords;
            }
        }
    }
    symbols
}

/// Compiles the wrapper that makes a BIF callable as an Erlang function.
pub fn compile_bif_wrapper(
    bif: &beamrc_abi::bifs::Bif,
    isa: &dyn TargetIsa,
) -> Result<Compiled, String> {
    struct NoAtoms;
    impl Atoms for NoAtoms {
        fn id(&self, text: &str) -> u32 {
            unreachable!("a wrapper names no atom such as {text}")
        }
    }
    let f = crate::ssa::build::undefined(
        &crate::ssa::Name {
            module: bif.module.into(),
            function: bif.name.into(),
            arity: bif.arity as u32,
        },
        crate::ssa::Convention::Plain,
    );
    let mut signature = Signature::new(CallConv::Tail);
    signature.params.extend((0..bif.arity).map(|_| AbiParam::new(I64)));
    signature.returns.push(AbiParam::new(I64));
    let mut function = ir::Function::with_name_signature(ir::UserFuncName::user(0, 0), signature);
    let mut builder_context = FunctionBuilderContext::new();
    let b = FunctionBuilder::new(&mut function, &mut builder_context);
    let mut lower = Lower::new(&f, b, &NoAtoms);
    lower.bif_wrapper(bif);
    let Lower { mut b, symbols, .. } = lower;
    b.seal_all_blocks();
    b.finalize(isa.frontend_config());
    let mut context = Context::for_function(function);
    if let Err(error) = context.compile(isa, &mut Default::default()) {
        return Err(format!("{}: {:?}", bif.symbol, error.inner));
    }
    let compiled = context.compiled_code().expect("just compiled");
    Ok(extract(compiled, &symbols, &context.func))
}

/// CLIF text of a function, for `--dump`.
pub fn clif_text(f: &Function, atoms: &dyn Atoms, isa: &dyn TargetIsa) -> String {
    let mut signature = Signature::new(CallConv::Tail);
    let in_registers = (f.parameters() as usize).min(head::REGISTER_ARGS);
    signature.params.extend((0..in_registers).map(|_| AbiParam::new(I64)));
    signature.returns.push(AbiParam::new(I64));
    let mut function = ir::Function::with_name_signature(ir::UserFuncName::user(0, 0), signature);
    let mut builder_context = FunctionBuilderContext::new();
    let b = FunctionBuilder::new(&mut function, &mut builder_context);
    let mut lower = Lower::new(f, b, atoms);
    lower.function();
    let mut b = lower.b;
    b.seal_all_blocks();
    b.finalize(isa.frontend_config());
    format!("{}\n{}", f.name, function.display())
}

fn extract(
    compiled: &cranelift_codegen::CompiledCode,
    symbols: &[Symbol],
    func: &ir::Function,
) -> Compiled {
    let buffer = &compiled.buffer;
    let relocs = buffer
        .relocs()
        .iter()
        .map(|r| {
            let FinalizedRelocTarget::ExternalName(ExternalName::User(name)) = &r.target else {
                unreachable!("code refers to symbols only: {:?}", r.target)
            };
            let index = func.params.user_named_funcs()[*name].index;
            let kind = match r.kind {
                cranelift_codegen::binemit::Reloc::X86PCRel4
                | cranelift_codegen::binemit::Reloc::X86CallPCRel4 => RelocKind::Relative32,
                cranelift_codegen::binemit::Reloc::Abs8 => RelocKind::Absolute64,
                other => unreachable!("relocation {other:?} with these settings"),
            };
            Reloc {
                offset: r.offset,
                kind,
                symbol: symbols[index as usize].clone(),
                addend: r.addend,
            }
        })
        .collect();
    let mut lines: Vec<(u32, u32)> = vec![];
    for l in buffer.get_srclocs_sorted() {
        let location = if l.loc.is_default() { 0 } else { l.loc.bits() };
        if lines.last().is_none_or(|last| last.1 != location) {
            lines.push((l.start, location));
        }
    }
    let location_at = |offset: u32| -> u32 {
        // The return address belongs to the instruction before it.
        buffer
            .get_srclocs_sorted()
            .iter()
            .find(|l| l.start < offset && offset <= l.end)
            .map_or(0, |l| if l.loc.is_default() { 0 } else { l.loc.bits() })
    };
    let mut maps: HashMap<u32, Vec<u32>> = HashMap::new();
    for (offset, _, map) in buffer.user_stack_maps() {
        maps.insert(*offset, map.entries().map(|(_, o)| o).collect());
    }
    let call_sites = buffer
        .call_sites()
        .map(|site| CallSite {
            return_offset: site.ret_addr,
            slots: maps.remove(&site.ret_addr).unwrap_or_default(),
            location: location_at(site.ret_addr),
            handler: site.exception_handlers.iter().find_map(|h| match h {
                FinalizedMachExceptionHandler::Default(offset)
                | FinalizedMachExceptionHandler::Tag(_, offset) => Some(*offset),
                FinalizedMachExceptionHandler::Context(_) => None,
            }),
        })
        .collect();
    assert!(maps.is_empty(), "a stack map belongs to no call");
    Compiled {
        code: buffer.data().to_vec(),
        alignment: buffer.alignment,
        relocs,
        call_sites,
        lines,
        frame_bytes: buffer.frame_layout().map_or(0, |l| l.frame_to_fp_offset),
    }
}

impl<'a> Lower<'a> {
    fn new(f: &'a Function, b: FunctionBuilder<'a>, atoms: &'a dyn Atoms) -> Lower<'a> {
        // Cranelift keeps locations relative to the first one that it meets, and takes the one right
        // before that for none.
        b.func.params.ensure_base_srcloc(ir::SourceLoc::new(0));
        let frame = slots::plan(f);
        let polls = super::entry_work::polls(f, &frame.entry_work);
        let reductions = Reductions::new(f, &frame.order, &polls, &frame.entry_work);
        let regions = &mut b.func.dfg.alias_regions;
        let mut region = |user_id: u32, description: &'static str| {
            let region =
                regions.insert(AliasRegionData { user_id, description: description.into() });
            FLAGS().with_alias_region(Some(region))
        };
        let (head_flags, position_flags) = (region(0, "process head"), region(1, "match position"));
        Lower {
            head_flags,
            position_flags,
            f,
            b,
            atoms,
            frame,
            blocks: vec![],
            values: vec![None; f.values.len()],
            variables: vec![None; f.values.len()],
            slots: vec![],
            process: None,
            symbols: vec![],
            symbol_of: HashMap::new(),
            functions: HashMap::new(),
            data: HashMap::new(),
            run: None,
            at: 0,
            next_safepoint: 0,
            location: 0,
            lowered: vec![false; f.blocks.len()],
            preds: reachable_predecessors(f),
            pending_edges: vec![],
            reductions,
            slow_is_reached: false,
            registers: vec![],
        }
    }

    fn function(&mut self) {
        for _ in 0..self.frame.slot_count {
            let slot = self.b.create_sized_stack_slot(StackSlotData::new(
                StackSlotKind::ExplicitSlot,
                8,
                3,
            ));
            self.slots.push(slot);
        }
        for (v, slot) in self.frame.slot_of.iter().enumerate() {
            if slot.is_some() {
                self.variables[v] = Some(self.b.declare_var(I64));
            }
        }
        for block in &self.f.blocks {
            let clif = self.b.create_block();
            self.blocks.push(clif);
            for param in &block.params {
                self.b.append_block_param(clif, clif_type(self.f.values[param.index()]));
            }
        }
        self.entry();
        for b in self.frame.order.clone() {
            self.at = b;
            self.block();
        }
        // Blocks that nothing reaches must still be well-formed for Cranelift: they are never
        // inserted, so nothing is to be done.
    }

    /// Stack check and arguments; falls into SSA block 0.
    fn entry(&mut self) {
        let entry = self.b.create_block();
        self.b.append_block_params_for_function_params(entry);
        self.switch_to(entry);
        self.registers = self.b.block_params(entry).to_vec();
        if self.f.blocks.iter().any(|b| b.polls) {
            self.declare_reductions();
            if !self.f.blocks[0].polls && self.frame.entry_work.turn.is_none() {
                self.read_reductions();
            }
        }
        let mut args = self.registers.clone();
        let count = self.f.parameters() as usize;
        if count > args.len() {
            let x = self.process_field(head::X);
            for i in args.len()..count {
                args.push(self.b.ins().load(I64, FLAGS(), x, 8 * i as i32));
            }
        }
        let args: Vec<BlockArg> = args.into_iter().map(BlockArg::Value).collect();
        self.b.ins().jump(self.blocks[0], &args);
    }
    fn bif_wrapper(&mut self, bif: &beamrc_abi::bifs::Bif) {
        let entry = self.b.create_block();
        self.b.append_block_params_for_function_params(entry);
        self.switch_to(entry);
        let args = self.b.block_params(entry).to_vec();
        let result = self.call_runtime(bif.symbol, &args);
        let failed = self.b.ins().icmp_imm_s(IntCC::Equal, result, term::NONVALUE as i64);
        let (bad, good) = (self.b.create_block(), self.b.create_block());
        self.b.set_cold_block(bad);
        self.b.ins().brif(failed, bad, &[], good, &[]);
        self.switch_to(bad);
        let stub =
            self.function_ref(Symbol::Runtime(entry::stub::BIF_FAILED.into()), 0, CallConv::Tail);
        self.b.ins().return_call(stub, &[]);
        self.switch_to(good);
        self.b.ins().return_(&[result]);
    }
    /// Whether the function calls others and so needs more stack than the red zone.
    fn needs_stack(&self) -> bool {
        self.frame.order.iter().any(|b| {
            let block = &self.f.blocks[*b];
            block.insts.iter().any(|i| i.is_safepoint()) || matches!(block.end, End::Invoke { .. })
        }) || self.frame.slot_count > 32
    }
    /// Arguments to enter the function with again, in place of the current turn.
    fn arguments_again(&mut self) -> Vec<ir::Value> {
        let mut registers = self.registers.clone();
        let (Some(_), End::Jump(start)) = (self.frame.entry_work.turn, &self.f.blocks[0].end)
        else {
            return registers;
        };
        for (i, register) in registers.iter_mut().enumerate() {
            let passed = Arg::Value(self.f.blocks[0].params[i]);
            if let Some(at) = start.args.iter().position(|a| *a == passed) {
                *register = self.value(self.f.blocks[start.block.index()].params[at]);
            }
        }
        registers
    }
    fn stack_check(&mut self) {
        let registers = self.arguments_again();
        let limit = self.process_field(head::STACK_LIMIT);
        let sp = self.b.ins().get_stack_pointer(I64);
        let low = self.b.ins().icmp(IntCC::UnsignedLessThan, sp, limit);
        let (slow, enough) = (self.b.create_block(), self.b.create_block());
        self.b.set_cold_block(slow);
        self.b.ins().brif(low, slow, &[], enough, &[]);
        self.switch_to(slow);
        let myself = self.symbol(Symbol::Function(self.f.name.clone(), self.f.convention));
        let restart = self.address(myself);
        self.set_process_field(head::RESTART, restart);
        let more = Symbol::Runtime(entry::stub::MORE_STACK.into());
        let more = self.function_ref(more, registers.len(), CallConv::Tail);
        self.b.ins().return_call(more, &registers);
        self.switch_to(enough);
    }

    fn block(&mut self) {
        let clif = self.blocks[self.at];
        self.b.switch_to_block(clif);
        if never_returns(&self.f.blocks[self.at]) {
            self.b.set_cold_block(clif);
        }
        self.process = None;
        self.lowered[self.at] = true;
        if self.preds[self.at].iter().all(|p| self.lowered[p.index()] && p.index() != self.at) {
            self.b.seal_block(clif);
        }
        self.run = None;
        self.next_safepoint = 0;
        let block = &self.f.blocks[self.at];
        let params = self.b.block_params(clif).to_vec();
        for (param, value) in block.params.iter().zip(params) {
            self.define(*param, value);
        }
        self.enter_block();
        if self.frame.entry_work.places.contains(&self.at) {
            if self.needs_stack() {
                self.stack_check();
            }
            if self.pending_safepoint(Place::Poll) {
                self.read_reductions();
            }
        }
        if self.pending_safepoint(Place::Poll) {
            self.poll();
        }
        for (i, inst) in block.insts.iter().enumerate() {
            self.set_location(inst.location);
            self.look_ahead(i);
            if let Some(Place::Check { before, words }) = self.place()
                && before == i
            {
                self.heap_check(words);
            }
            if i + 1 == block.insts.len()
                && let Some((yes, no)) = self.tested_at_once(inst, &block.end)
            {
                return self.may_fail(inst, Exit::Test { yes, no });
            }
            self.inst(inst);
        }
        if let Some(inst) = block.end.inst() {
            self.set_location(inst.location);
        }
        self.look_ahead(block.insts.len());
        self.end(&block.end);
    }
    /// Both sides of the test that ends a block, if it asks whether its last instruction succeeded
    /// and nothing else leads to where it did.
    fn tested_at_once(&self, inst: &Inst, end: &'a End) -> Option<(&'a Target, &'a Target)> {
        let End::Branch { test: Test::IsValue, args, yes, no, .. } = end else { return None };
        let result = Arg::Value(inst.result?);
        let here = inst.fails == Fails::NoValue && args[0] == result && !no.args.contains(&result);
        let alone = self.preds[yes.block.index()].len() == 1 && yes.block != no.block;
        (here && alone && has_fast_path(inst)).then_some((yes, no))
    }

    // --- safepoints

    fn place(&self) -> Option<Place> {
        self.frame.safepoints[self.at].get(self.next_safepoint).map(|s| s.place)
    }
    fn pending_safepoint(&self, place: Place) -> bool {
        self.place() == Some(place)
    }
    /// Stores what the next safepoint needs; returns its live values.
    pub fn before_safepoint(&mut self) -> Vec<Value> {
        let safepoint = &self.frame.safepoints[self.at][self.next_safepoint];
        let (live, store) = (safepoint.live.clone(), safepoint.store.clone());
        self.next_safepoint += 1;
        for v in store {
            let value = self.value(v);
            let slot = self.slot(v);
            self.b.ins().stack_store(I64, value, slot, 0);
        }
        live
    }
    /// Registers the live values with the call.
    pub fn map_safepoint(&mut self, call: ir::Inst, live: &[Value]) {
        for v in live {
            let slot = self.slot(*v);
            self.b
                .func
                .dfg
                .append_user_stack_map_entry(call, UserStackMapEntry { ty: I64, slot, offset: 0 });
        }
        self.process = None;
        self.run = None;
    }
    /// Reads live values again, in the current block.
    pub fn after_safepoint(&mut self, live: &[Value]) {
        for v in live {
            let slot = self.slot(*v);
            let value = self.b.ins().stack_load(I64, I64, slot, 0);
            self.define(*v, value);
        }
    }
    fn slot(&self, v: Value) -> StackSlot {
        self.slots[self.frame.slot_of[v.index()].expect("a value with a slot") as usize]
    }
    /// Charges a reduction; below zero, lets the runtime decide.
    fn poll(&mut self) {
        let left = self.charge_reduction();
        let used_up = self.b.ins().icmp_imm_s(IntCC::SignedLessThan, left, 0);
        // Where it is asked who runs on: at the function's head, as far as that is known.
        self.set_location(self.f.first_location());
        self.cold_safepoint(used_up, entry::e::poll, None);
        self.set_location(0);
    }
    /// Where the condition holds: store, call, read again. Both paths meet behind it.
    fn cold_safepoint(&mut self, condition: ir::Value, what: entry::Entry, argument: Option<i64>) {
        let (cold, join) = (self.b.create_block(), self.b.create_block());
        self.b.set_cold_block(cold);
        self.b.ins().brif(condition, cold, &[], join, &[]);
        self.switch_to(cold);
        let live = self.before_safepoint();
        let args: Vec<_> = argument.map(|a| self.b.ins().iconst(I64, a)).into_iter().collect();
        let call = self.call_stub(Stub::Safepoint, what.symbol, &args);
        self.map_safepoint(call, &live);
        self.after_safepoint(&live);
        self.b.ins().jump(join, &[]);
        self.switch_to(join);
    }
    /// Reserves words for the allocations up to the next safepoint.
    fn heap_check(&mut self, words: u64) {
        let bytes = 8 * words as i64;
        let hp = self.process_field(head::HP);
        let new = self.b.ins().iadd_imm_s(hp, bytes);
        let limit = self.process_field(head::HEAP_LIMIT);
        let full = self.b.ins().icmp(IntCC::UnsignedGreaterThan, new, limit);
        let (cold, join) = (self.b.create_block(), self.b.create_block());
        let base = self.b.append_block_param(join, I64);
        self.b.set_cold_block(cold);
        self.b.ins().brif(full, cold, &[], join, &[BlockArg::Value(hp)]);
        self.switch_to(cold);
        let live = self.before_safepoint();
        let argument = self.b.ins().iconst(I64, words as i64);
        let call = self.call_stub(Stub::Safepoint, entry::e::collect.symbol, &[argument]);
        self.map_safepoint(call, &live);
        self.after_safepoint(&live);
        let hp = self.process_field(head::HP);
        self.b.ins().jump(join, &[BlockArg::Value(hp)]);
        self.switch_to(join);
        let new = self.b.ins().iadd_imm_s(base, bytes);
        self.set_process_field(head::HP, new);
        self.run = Some((base, 0));
    }

    // --- values

    pub fn define(&mut self, v: Value, value: ir::Value) {
        match self.variables[v.index()] {
            Some(variable) => self.b.def_var(variable, value),
            None => self.values[v.index()] = Some(value),
        }
    }
    pub fn value(&mut self, v: Value) -> ir::Value {
        match self.variables[v.index()] {
            Some(variable) => self.b.use_var(variable),
            None => self.values[v.index()].expect("defined before its use"),
        }
    }
    /// An operand as a machine value.
    pub fn arg(&mut self, arg: &Arg) -> ir::Value {
        match arg {
            Arg::Value(v) => self.value(*v),
            Arg::Float(x) => self.b.ins().f64const(*x),
            Arg::Literal(l) => self.data_address(Symbol::Literal(*l)),
            Arg::Plan(p) => self.data_address(Symbol::Plan(*p)),
            Arg::Bytes(b) => self.data_address(Symbol::Bytes(*b)),
            Arg::Mfa(name) => self.data_address(Symbol::Mfa(name.clone())),
            _ => {
                let word = self.constant(arg).expect("an immediate");
                self.b.ins().iconst(I64, word)
            }
        }
    }
    /// The word of an immediate operand.
    pub fn constant(&self, arg: &Arg) -> Option<i64> {
        Some(match arg {
            Arg::Small(n) => term::small(*n) as i64,
            Arg::Atom(text) => term::atom(self.atoms.id(text)) as i64,
            Arg::Nil => term::NIL as i64,
            Arg::Raw(n) => *n,
            _ => return None,
        })
    }
    /// Goes on in a block all of whose predecessors are there already.
    pub fn switch_to(&mut self, block: ir::Block) {
        self.b.switch_to_block(block);
        self.b.seal_block(block);
        self.process = None;
    }
    pub fn process(&mut self) -> ir::Value {
        if let Some(value) = self.process {
            return value;
        }
        let value = self.b.ins().get_pinned_reg(I64);
        self.process = Some(value);
        value
    }
    pub fn process_field(&mut self, offset: i32) -> ir::Value {
        let process = self.process();
        self.b.ins().load(I64, self.head_flags, process, offset)
    }
    pub fn set_process_field(&mut self, offset: i32, value: ir::Value) {
        let process = self.process();
        self.b.ins().store(self.head_flags, value, process, offset);
    }
    pub fn set_location(&mut self, location: u32) {
        self.location = location;
        let srcloc =
            if location == 0 { ir::SourceLoc::default() } else { ir::SourceLoc::new(location) };
        self.b.set_srcloc(srcloc);
    }

    // --- references

    pub fn symbol(&mut self, symbol: Symbol) -> u32 {
        if let Some(known) = self.symbol_of.get(&symbol) {
            return *known;
        }
        let index = self.symbols.len() as u32;
        self.symbols.push(symbol.clone());
        self.symbol_of.insert(symbol, index);
        index
    }
    fn data_address(&mut self, symbol: Symbol) -> ir::Value {
        let index = self.symbol(symbol);
        self.address(index)
    }
    /// Address of a symbol.
    pub fn address(&mut self, symbol: u32) -> ir::Value {
        let global = match self.data.get(&symbol) {
            Some(known) => *known,
            None => {
                let name = self.b.func.declare_imported_user_function(UserExternalName {
                    namespace: 0,
                    index: symbol,
                });
                let global = self.b.create_global_value(GlobalValueData::Symbol {
                    name: ExternalName::user(name),
                    offset: 0.into(),
                    colocated: true,
                    tls: false,
                });
                self.data.insert(symbol, global);
                global
            }
        };
        self.b.ins().symbol_value(I64, global)
    }
    /// A function with this many machine arguments, of a convention, that returns a word (or
    /// nothing under `PreserveAll`).
    pub fn function_ref(
        &mut self,
        symbol: Symbol,
        arguments: usize,
        convention: CallConv,
    ) -> ir::FuncRef {
        let index = self.symbol(symbol);
        if let Some(known) = self.functions.get(&(index, arguments, convention)) {
            return *known;
        }
        let signature = self.signature(arguments, convention);
        let name =
            self.b.func.declare_imported_user_function(UserExternalName { namespace: 0, index });
        let function = self.b.import_function(ExtFuncData {
            name: ExternalName::user(name),
            signature,
            colocated: true,
            patchable: false,
        });
        self.functions.insert((index, arguments, convention), function);
        function
    }
    pub fn signature(&mut self, arguments: usize, convention: CallConv) -> ir::SigRef {
        let mut signature = Signature::new(convention);
        signature.params.extend((0..arguments).map(|_| AbiParam::new(I64)));
        if convention != CallConv::PreserveAll {
            signature.returns.push(AbiParam::new(I64));
        }
        self.b.import_signature(signature)
    }
    /// A call of a runtime function through a stub.
    pub fn call_stub(&mut self, stub: Stub, symbol: &str, args: &[ir::Value]) -> ir::Inst {
        let convention = match stub {
            Stub::Call | Stub::Raise => CallConv::Tail,
            Stub::Safepoint => CallConv::SystemV,
            Stub::Slow | Stub::SlowWords => CallConv::PreserveAll,
        };
        let function =
            self.function_ref(Symbol::Through(stub, symbol.into()), args.len(), convention);
        self.write_reductions();
        let call = self.b.ins().call(function, args);
        if stub != Stub::Slow {
            self.process = None;
        }
        if stub != Stub::Raise {
            self.return_from_call();
        }
        call
    }
    /// A `call` entry or BIF: result in a register.
    pub fn call_runtime(&mut self, symbol: &str, args: &[ir::Value]) -> ir::Value {
        let call = self.call_stub(Stub::Call, symbol, args);
        self.b.inst_results(call)[0]
    }
    /// The same, keeping all registers: for cold paths.
    pub fn call_slow(&mut self, symbol: &str, args: &[ir::Value]) -> ir::Value {
        self.call_stub(Stub::Slow, symbol, args);
        self.process_field(head::SLOW_RESULT)
    }
    /// Puts terms into the scheduler's x array from index `first` on.
    pub fn store_x(&mut self, args: &[Arg], first: usize) {
        if args.is_empty() {
            return;
        }
        let x = self.process_field(head::X);
        for (i, arg) in args.iter().enumerate() {
            let value = self.arg(arg);
            self.b.ins().store(FLAGS(), value, x, 8 * (first + i) as i32);
        }
    }
    pub fn target_args(&mut self, target: &Target) -> Vec<BlockArg> {
        target.args.iter().map(|a| BlockArg::Value(self.arg(a))).collect()
    }
    pub fn jump(&mut self, target: &Target) {
        let args = self.target_args(target);
        let block = self.block_of(target.block);
        self.b.ins().jump(block, &args);
    }
    pub fn block_of(&self, block: BlockId) -> ir::Block {
        self.blocks[block.index()]
    }
}

/// Whether a block always raises, to no handler of this function.
fn never_returns(block: &Block) -> bool {
    let raises = |inst: &Inst| {
        let Op::Bif(bif) = &inst.op else { return false };
        let name = (bif.module, bif.name, bif.arity);
        inst.fails == Fails::Throws
            && matches!(
                name,
                ("erlang", "error" | "nif_error", _) | ("erlang", "exit" | "throw", 1)
            )
    };
    matches!(&block.end, End::Raise { handler: None, .. }) || block.insts.iter().any(raises)
}

/// Predecessors that are lowered at all.
fn reachable_predecessors(f: &Function) -> Vec<Vec<BlockId>> {
    let mut preds = vec![vec![]; f.blocks.len()];
    for b in crate::ssa::order(f) {
        for target in f.blocks[b].end.targets() {
            preds[target.block.index()].push(BlockId(b as u32));
        }
    }
    preds
}

pub(super) fn clif_type(repr: Repr) -> ir::Type {
    match repr {
        Repr::Term | Repr::Raw => I64,
        Repr::F64 => F64,
    }
}
