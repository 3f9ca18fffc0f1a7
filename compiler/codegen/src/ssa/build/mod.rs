//! Bytecode to SSA: registers become values (Braun et al.), frames and `try` marks become graph.
//!
//! Labels start blocks whose predecessors are only known at the end, so every register read there
//! first becomes a parameter; trivial parameters are removed afterwards. Blocks that continue
//! another have that one predecessor. Y registers are numbered from the bottom of the frame, so
//! that `trim` renames nothing.

mod binaries;
mod calls;
mod ops;
pub mod records;
mod values;

use super::*;
use beamrc_abi::entry::e;
use beamrc_beam as beam;
use beamrc_beam::Op as B;
use std::collections::HashMap;

/// What a name stands for in the program.
#[derive(Clone, Copy)]
pub enum Callee {
    Function,
    Bif(&'static Bif),
    /// Raises `undef`.
    Missing,
}

/// Answers what callers of a function reach.
pub trait Resolver {
    fn resolve(&self, name: &Name) -> Callee;
    /// The definition of a native record by its module and name.
    fn record(&self, module: &str, name: &str) -> Option<records::Definition>;
    /// Whether processes may want to know what they called last.
    fn saves_calls(&self) -> bool {
        false
    }
}

/// Why a function could not be translated.
#[derive(Debug)]
pub struct Error(pub String);

/// Registers as variables.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Var {
    X(u32),
    /// From the bottom of the frame.
    Y(u32),
    F(u32),
}

/// What holds at the start of a label, beyond registers.
#[derive(Clone, Debug, Default, PartialEq)]
struct State {
    frame: u32,
    /// Labels of the handlers in scope, innermost last.
    handlers: Vec<beam::Label>,
}

struct Builder<'a> {
    f: Function,
    module: &'a beam::Module,
    code: &'a beam::Function,
    resolver: &'a dyn Resolver,
    /// Register values at the end of each block (so far).
    defs: Vec<HashMap<Var, Arg>>,
    /// Blocks with one known predecessor.
    follows: Vec<Option<BlockId>>,
    label_blocks: HashMap<beam::Label, BlockId>,
    /// Block that handles exceptions for a handler label.
    landings: HashMap<beam::Label, BlockId>,
    /// Where `catch_end` of a label goes on.
    after_catch: HashMap<beam::Label, BlockId>,
    label_at: HashMap<beam::Label, usize>,
    /// What was found to hold at each label.
    label_states: HashMap<beam::Label, State>,
    /// Blocks that end with a call right before a label.
    after_calls: Vec<(beam::Label, BlockId, State)>,
    pending: Vec<(Work, BlockId, State)>,
    missing: Vec<(BlockId, Var, Value)>,
    block: BlockId,
    state: State,
    location: u32,
    location_of: HashMap<beam::LineIdx, u32>,
    literal_of: HashMap<beam::LiteralIdx, u32>,
    /// Old-style binary construction under way.
    binary: Option<binaries::Pending>,
}

/// A stretch of code to translate.
#[derive(Clone, Copy, Debug)]
enum Work {
    /// From this instruction on.
    Code(usize),
    /// The exceptional entry of a handler label.
    Landing(beam::Label),
}

/// Translates one function; `convention` says how it will be entered.
pub fn build(
    module: &beam::Module,
    code: &beam::Function,
    convention: Convention,
    resolver: &dyn Resolver,
) -> Result<Function, Error> {
    let name = Name {
        module: module.name.clone(),
        function: module.atom(code.name).clone(),
        arity: code.arity,
    };
    let mut label_at = HashMap::new();
    for (i, instr) in code.instrs.iter().enumerate() {
        if instr.op == B::Label
            && let Some(label) = instr.operands[0].label()
        {
            label_at.insert(label, i);
        }
    }
    let f = Function {
        name,
        convention,
        values: vec![],
        blocks: vec![],
        literals: vec![],
        plans: vec![],
        strings: vec![],
        lambdas: vec![],
        locations: vec![Location { file: None, line: 0 }],
    };
    let mut b = Builder {
        f,
        module,
        code,
        resolver,
        defs: vec![],
        follows: vec![],
        label_blocks: HashMap::new(),
        landings: HashMap::new(),
        after_catch: HashMap::new(),
        label_at,
        label_states: HashMap::new(),
        after_calls: vec![],
        pending: vec![],
        missing: vec![],
        block: BlockId(0),
        state: State::default(),
        location: 0,
        location_of: HashMap::new(),
        literal_of: HashMap::new(),
        binary: None,
    };
    b.entry();
    b.translate()?;
    b.fill_params();
    let mut f = b.f;
    passes::tidy::remove_trivial_params(&mut f);
    mark_polls(&mut f);
    Ok(f)
}

/// The code of a function that does not exist: it raises `undef`.
pub fn undefined(name: &Name, convention: Convention) -> Function {
    let mut f = Function {
        name: name.clone(),
        convention,
        values: vec![],
        blocks: vec![],
        literals: vec![],
        plans: vec![],
        strings: vec![],
        lambdas: vec![],
        locations: vec![Location { file: None, line: 0 }],
    };
    f.new_block();
    let params: Vec<Value> = (0..f.parameters()).map(|_| f.new_value(Repr::Term)).collect();
    let mut args = vec![Arg::Mfa(Box::new(name.clone())), Arg::Raw(name.arity as i64)];
    args.extend(params.iter().map(|v| Arg::Value(*v)));
    if let Convention::Closure { free } = convention {
        // The closure itself is no argument; what it holds is.
        let fun = args.pop().expect("a closure's code has the closure");
        for i in 0..free {
            let value = f.new_value(Repr::Term);
            let load = Inst { result: Some(value), ..Inst::new(Op::FunEnv(i), vec![fun.clone()]) };
            f.blocks[0].insts.push(load);
            args.push(Arg::Value(value));
        }
    }
    f.blocks[0].params = params;
    let inst = Inst { fails: Fails::Throws, ..Inst::new(Op::Entry(e::raise_undef), args) };
    f.blocks[0].end = End::Raise { inst: Box::new(inst), handler: None };
    f
}

impl<'a> Builder<'a> {
    fn entry(&mut self) {
        let entry = self.new_block(None);
        self.block = entry;
        let arity = self.code.arity;
        match self.f.convention {
            Convention::Plain => {
                for i in 0..arity {
                    let value = self.f.new_value(Repr::Term);
                    self.f.blocks[0].params.push(value);
                    self.set(Var::X(i), Arg::Value(value));
                }
            }
            Convention::Closure { free } => {
                for i in 0..arity - free {
                    let value = self.f.new_value(Repr::Term);
                    self.f.blocks[0].params.push(value);
                    self.set(Var::X(i), Arg::Value(value));
                }
                let fun = self.f.new_value(Repr::Term);
                self.f.blocks[0].params.push(fun);
                for i in 0..free {
                    let value = self.emit(Op::FunEnv(i), vec![Arg::Value(fun)]);
                    self.set(Var::X(arity - free + i), value);
                }
            }
        }
        let target = self.label_target(self.code.entry);
        self.finish(End::Jump(target));
    }

    fn translate(&mut self) -> Result<(), Error> {
        loop {
            while let Some((work, block, state)) = self.pending.pop() {
                self.block = block;
                self.state = state;
                match work {
                    Work::Landing(label) => self.landing(label),
                    Work::Code(at) => self.run(at)?,
                }
            }
            let Some((label, block, state)) = self.next_after_call() else { return Ok(()) };
            self.block = block;
            self.state = state;
            if self.is_reached_from_here(label) {
                let target = self.label_target(label);
                self.finish(End::Jump(target));
            }
        }
    }
    /// Whether the code at a label, right behind a call, is where the call returns to. The compiler
    /// leaves out what would follow a call that never returns; then other code stands there, such as
    /// a handler, in other surroundings.
    fn is_reached_from_here(&self, label: beam::Label) -> bool {
        let fits = |known: &State| {
            known.handlers == self.state.handlers
                && (known.frame == self.state.frame || self.only_raises(label))
        };
        !self.is_handler(label) && self.label_states.get(&label).is_none_or(fits)
    }
    /// Whether the code at a label raises and asks for no frame: the compiler lets calls with frames of
    /// different sizes share such code.
    fn only_raises(&self, label: beam::Label) -> bool {
        let code = &self.code.instrs[self.label_at[&label]..];
        let end = code.iter().find(|instr| !matches!(instr.op, B::Label | B::Line | B::Move));
        let raises = end.is_some_and(|instr| {
            matches!(instr.op, B::Badmatch | B::CaseEnd | B::IfEnd | B::Badrecord)
        });
        let until_end =
            code.iter().take_while(|instr| matches!(instr.op, B::Label | B::Line | B::Move));
        let mut operands = until_end.chain(end).flat_map(|instr| &instr.operands);
        raises && !operands.any(|operand| matches!(operand.reg(), Some((beam::Reg::Y(_), _))))
    }
    /// Whether the handler of a `try` starts at a label: nothing falls through into one.
    fn is_handler(&self, label: beam::Label) -> bool {
        let after = self.code.instrs.get(self.label_at[&label] + 1);
        after.is_some_and(|instr| instr.op == B::TryCase)
    }
    /// Those come first that lead to what has been translated, then the others in their order:
    /// what a label is reached from mostly stands before it.
    fn next_after_call(&mut self) -> Option<(beam::Label, BlockId, State)> {
        let rank =
            |label: &beam::Label| (!self.label_states.contains_key(label), self.label_at[label]);
        let labels = self.after_calls.iter().map(|(label, ..)| rank(label));
        let first = labels.enumerate().min_by_key(|(_, rank)| *rank)?.0;
        Some(self.after_calls.swap_remove(first))
    }

    /// Translates from instruction `at` until control leaves.
    fn run(&mut self, mut at: usize) -> Result<(), Error> {
        loop {
            let Some(instr) = self.code.instrs.get(at) else {
                return Err(self.error("code runs off its end"));
            };
            self.location = self.location(instr.line);
            if !binaries::continues_construction(instr.op) {
                self.flush_binary();
            }
            if !self.instr(instr, at)? {
                return Ok(());
            }
            at += 1;
            if let Some(next) = self.code.instrs.get(at)
                && next.op == B::Label
                && let Some(label) = next.operands[0].label()
            {
                self.flush_binary();
                if matches!(
                    self.code.instrs[at - 1].op,
                    B::Call | B::CallExt | B::CallFun | B::CallFun2 | B::Apply
                ) {
                    self.after_calls.push((label, self.block, self.state.clone()));
                    return Ok(());
                }
                // A BIF that never returns may stand there as well.
                if !self.is_handler(label) {
                    let target = self.label_target(label);
                    self.finish(End::Jump(target));
                }
                return Ok(());
            }
        }
    }

    // --- blocks

    fn new_block(&mut self, follows: Option<BlockId>) -> BlockId {
        self.defs.push(HashMap::new());
        self.follows.push(follows);
        self.f.new_block()
    }
    fn finish(&mut self, end: End) {
        self.f.blocks[self.block.index()].end = end;
    }
    /// Ends the block with a branch of which one side goes on here.
    fn go_on_in(&mut self, make_end: impl FnOnce(Target) -> End) {
        let next = self.new_block(Some(self.block));
        self.finish(make_end(Target::to(next)));
        self.block = next;
    }
    /// The block of a label; scheduled for translation when first seen.
    fn label_target(&mut self, label: beam::Label) -> Target {
        if let Some(block) = self.label_blocks.get(&label) {
            return Target::to(*block);
        }
        let block = self.new_block(None);
        self.label_blocks.insert(label, block);
        // Label and func_info are instructions of their own; translation starts behind the label.
        let at = self.label_at[&label] + 1;
        let mut state = self.state.clone();
        if label == self.code.func_info || label == self.code.entry {
            state = State::default();
        }
        self.label_states.insert(label, state.clone());
        self.pending.push((Work::Code(at), block, state));
        Target::to(block)
    }
    /// Where an exception at this point goes, if a `try` or `catch` of this function is active.
    fn handler_target(&mut self) -> Option<Target> {
        let label = *self.state.handlers.last()?;
        if let Some(block) = self.landings.get(&label) {
            return Some(Target::to(*block));
        }
        let block = self.new_block(None);
        self.landings.insert(label, block);
        let mut state = self.state.clone();
        state.handlers.pop();
        self.pending.push((Work::Landing(label), block, state));
        Some(Target::to(block))
    }
    fn landing(&mut self, label: beam::Label) {
        let at = self.label_at[&label] + 1;
        if self.code.instrs[at].op == B::CatchEnd {
            let value = self.emit(Op::Entry(e::catch_value), vec![]);
            self.set(Var::X(0), value);
            let target = self.after_catch(label);
            self.finish(End::Jump(target));
        } else {
            for (i, entry) in
                [e::landing_class, e::landing_reason, e::landing_trace].into_iter().enumerate()
            {
                let value = self.emit(Op::Entry(entry), vec![]);
                self.set(Var::X(i as u32), value);
            }
            let block = self.new_block(None);
            self.finish(End::Jump(Target::to(block)));
            self.pending.push((Work::Code(at), block, self.state.clone()));
        }
    }
    /// The code after the `catch_end` that follows this label.
    fn after_catch(&mut self, label: beam::Label) -> Target {
        if let Some(block) = self.after_catch.get(&label) {
            return Target::to(*block);
        }
        let block = self.new_block(None);
        self.after_catch.insert(label, block);
        let at = self.label_at[&label] + 2;
        self.pending.push((Work::Code(at), block, self.state.clone()));
        Target::to(block)
    }

    // --- registers

    fn set(&mut self, var: Var, value: Arg) {
        self.defs[self.block.index()].insert(var, value);
    }
    fn get(&mut self, var: Var) -> Arg {
        self.read(var, self.block)
    }
    /// Value of a register at the end of a block, as far as it is built.
    fn read(&mut self, var: Var, block: BlockId) -> Arg {
        let mut path = Vec::new();
        let mut at = block;
        let value = loop {
            if let Some(value) = self.defs[at.index()].get(&var) {
                break value.clone();
            }
            path.push(at);
            match self.follows[at.index()] {
                Some(before) => at = before,
                // Nothing has set it, as only damaged code does: anything of its kind will do.
                None if at.0 == 0 && matches!(var, Var::F(_)) => break Arg::Float(0.0),
                None if at.0 == 0 => break Arg::Nil,
                None => {
                    let repr = if matches!(var, Var::F(_)) { Repr::F64 } else { Repr::Term };
                    let param = self.f.new_value(repr);
                    self.f.blocks[at.index()].params.push(param);
                    self.missing.push((at, var, param));
                    break Arg::Value(param);
                }
            }
        };
        for block in path {
            self.defs[block.index()].insert(var, value.clone());
        }
        value
    }
    /// Gives every parameter its argument from every predecessor.
    fn fill_params(&mut self) {
        let preds = self.f.predecessors();
        while let Some((block, var, param)) = self.missing.pop() {
            // New parameters may appear while arguments are read, so arguments are placed by index.
            let index = self.f.blocks[block.index()]
                .params
                .iter()
                .position(|p| *p == param)
                .expect("its own");
            let mut sources = preds[block.index()].clone();
            sources.sort();
            sources.dedup();
            for pred in sources {
                let arg = self.read(var, pred);
                for target in self.f.blocks[pred.index()].end.targets_mut() {
                    if target.block == block {
                        if target.args.len() <= index {
                            target.args.resize(index + 1, Arg::Nil);
                        }
                        target.args[index] = arg.clone();
                    }
                }
            }
        }
    }

    // --- instructions

    fn push(&mut self, mut inst: Inst, repr: Option<Repr>) -> Option<Value> {
        inst.result = repr.map(|r| self.f.new_value(r));
        inst.location = self.location;
        let result = inst.result;
        if inst.fails == Fails::Throws
            && let Some(handler) = self.handler_target()
        {
            self.go_on_in(|normal| End::Invoke { inst: Box::new(inst), normal, handler });
        } else {
            self.f.blocks[self.block.index()].insts.push(inst);
        }
        result
    }
    /// An instruction that cannot fail, with a term as its result.
    fn emit(&mut self, op: Op, args: Vec<Arg>) -> Arg {
        Arg::Value(self.push(Inst::new(op, args), Some(Repr::Term)).expect("has a result"))
    }
    fn emit_raw(&mut self, op: Op, args: Vec<Arg>) -> Arg {
        Arg::Value(self.push(Inst::new(op, args), Some(Repr::Raw)).expect("has a result"))
    }
    fn emit_effect(&mut self, op: Op, args: Vec<Arg>) {
        self.push(Inst::new(op, args), None);
    }
    /// An instruction that may fail: at `fail` if that is a label, else by raising.
    fn fallible(&mut self, mut inst: Inst, repr: Repr, fail: beam::Label) -> Arg {
        if fail.is_none() {
            inst.fails = Fails::Throws;
            return Arg::Value(self.push(inst, Some(repr)).expect("has a result"));
        }
        inst.fails = Fails::NoValue;
        let value = Arg::Value(self.push(inst, Some(repr)).expect("has a result"));
        self.branch(Test::IsValue, vec![value.clone()], vec![], fail);
        value
    }
    /// Goes on here if the test holds, else at the label.
    fn branch(&mut self, test: Test, args: Vec<Arg>, types: Vec<TypeEntry>, fail: beam::Label) {
        let no = self.label_target(fail);
        self.go_on_in(|yes| End::Branch { test, args, types, yes, no });
    }
    fn branch_not(&mut self, test: Test, args: Vec<Arg>, types: Vec<TypeEntry>, fail: beam::Label) {
        let yes = self.label_target(fail);
        self.go_on_in(|no| End::Branch { test, args, types, yes, no });
    }
    /// Ends the block by a runtime entry that raises.
    fn raise(&mut self, entry: Entry, args: Vec<Arg>) {
        let mut inst = Inst::new(Op::Entry(entry), args);
        inst.location = self.location;
        inst.fails = Fails::Throws;
        let handler = self.handler_target();
        self.finish(End::Raise { inst: Box::new(inst), handler });
    }

    // --- small things

    fn error(&self, what: &str) -> Error {
        Error(format!("{}: {what}", self.f.name))
    }
    /// A process that waits is, for whoever asks, where it goes on: where it looks for a message.
    fn locate_wait(&mut self, goes_on: beam::Label) {
        let line = self.code.instrs[self.label_at[&goes_on]].line;
        self.location = self.location(line);
    }
    fn location(&mut self, line: beam::LineIdx) -> u32 {
        if let Some(known) = self.location_of.get(&line) {
            return *known;
        }
        let location = match self.module.lines.get(line) {
            Some((file, line)) => Location { file: Some(file.clone()), line },
            None => Location { file: None, line: 0 },
        };
        let index = match self.f.locations.iter().position(|l| *l == location) {
            Some(index) => index as u32,
            None => {
                self.f.locations.push(location);
                self.f.locations.len() as u32 - 1
            }
        };
        self.location_of.insert(line, index);
        index
    }
}

/// Yield points: where execution can come back to, and the entry otherwise.
fn mark_polls(f: &mut Function) {
    let order = verify::order(f);
    let mut number = vec![usize::MAX; f.blocks.len()];
    for (i, b) in order.iter().enumerate() {
        number[*b] = i;
    }
    let mut headers = vec![];
    for b in &order {
        for target in f.blocks[*b].end.targets() {
            if number[target.block.index()] <= number[*b] {
                headers.push(target.block.index());
            }
        }
    }
    for h in &headers {
        f.blocks[*h].polls = true;
    }
    // An entry that falls straight into a loop header is charged there.
    let entry_polls_later = match &f.blocks[0].end {
        End::Jump(t) => f.blocks[t.block.index()].polls,
        _ => false,
    };
    if !entry_polls_later {
        f.blocks[0].polls = true;
    }
}
