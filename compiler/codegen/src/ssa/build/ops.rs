//! The meaning of every opcode that has any, except bit strings.

use super::calls::Position;
use super::*;
use crate::literal_order;
use beamrc_beam::{Instr, Operand};

/// Keys and values of a map that `x` has room for.
const PAIRS_IN_X_MAX: usize = 2 * (beamrc_abi::process::X_REGISTERS / 2);

impl Builder<'_> {
    /// Translates one instruction; false if control does not go on behind it.
    pub(super) fn instr(&mut self, instr: &Instr, at: usize) -> Result<bool, Error> {
        let o = &instr.operands[..];
        match instr.op {
            B::Label | B::Line | B::ExecutableLine | B::DebugLine | B::NifStart | B::OnLoad => {
                Ok(true)
            }
            B::IntCodeEnd => Err(self.error("end of code inside a function")),
            B::FuncInfo => {
                let arity = self.code.arity;
                let mut args = vec![Arg::Raw(arity as i64)];
                args.extend(self.x_args(arity));
                self.raise(e::raise_function_clause, args);
                Ok(false)
            }
            B::Call => self.call_local(self.label(&o[1])?, self.number(&o[0])?, Position::Body),
            B::CallLast | B::CallOnly => {
                self.call_local(self.label(&o[1])?, self.number(&o[0])?, Position::Tail)
            }
            B::CallExt => self.call_ext(&o[1], Position::Body),
            B::CallExtLast | B::CallExtOnly => self.call_ext(&o[1], Position::Tail),
            B::CallFun => {
                let arity = self.number(&o[0])?;
                let fun = self.get(Var::X(arity));
                Ok(self.call_fun(fun, arity, at, false))
            }
            B::CallFun2 => {
                let fun = self.src(&o[2])?;
                let arity = self.number(&o[1])?;
                let is_safe =
                    matches!(o[0], Operand::Lambda(_)) || self.atom_text(&o[0]) == Some("safe");
                Ok(self.call_fun(fun, arity, at, is_safe))
            }
            B::Apply => {
                let arity = self.number(&o[0])?;
                Ok(self.apply(arity, Position::Body))
            }
            B::ApplyLast => {
                let arity = self.number(&o[0])?;
                Ok(self.apply(arity, Position::Tail))
            }
            B::Return => {
                let value = self.get(Var::X(0));
                self.finish(End::Return(value));
                Ok(false)
            }
            B::Bif0 => {
                let name = self.import(&o[0])?;
                match self.resolver.resolve(&name) {
                    Callee::Bif(bif) => {
                        let value = self.emit(Op::Bif(bif), vec![]);
                        self.assign(&o[1], value)?;
                        Ok(true)
                    }
                    _ => Err(self.error(&format!("the runtime has no {name}"))),
                }
            }
            B::Bif1 => self.guard_bif(self.label(&o[0])?, &o[1], &o[2..3], &o[3]),
            B::Bif2 => self.guard_bif(self.label(&o[0])?, &o[1], &o[2..4], &o[4]),
            B::Bif3 => self.guard_bif(self.label(&o[0])?, &o[1], &o[2..5], &o[5]),
            B::GcBif1 => self.guard_bif(self.label(&o[0])?, &o[2], &o[3..4], &o[4]),
            B::GcBif2 => self.guard_bif(self.label(&o[0])?, &o[2], &o[3..5], &o[5]),
            B::GcBif3 => self.guard_bif(self.label(&o[0])?, &o[2], &o[3..6], &o[6]),
            B::Allocate | B::AllocateHeap => {
                self.state.frame = self.number(&o[0])?;
                Ok(true)
            }
            B::Deallocate => {
                self.state.frame = 0;
                Ok(true)
            }
            B::Trim => {
                self.state.frame = self.number(&o[1])?;
                Ok(true)
            }
            B::TestHeap => Ok(true),
            B::InitYregs => {
                for slot in self.list(&o[0])? {
                    self.assign(slot, Arg::Nil)?;
                }
                Ok(true)
            }
            B::Try | B::Catch => {
                self.assign(&o[0], Arg::Nil)?;
                self.state.handlers.push(self.label(&o[1])?);
                Ok(true)
            }
            B::TryEnd => {
                self.state.handlers.pop();
                self.assign(&o[0], Arg::Nil)?;
                Ok(true)
            }
            B::TryCase => {
                self.assign(&o[0], Arg::Nil)?;
                Ok(true)
            }
            B::CatchEnd => self.catch_end(&o[0], at),
            B::Raise => {
                let (args, _) = self.srcs(o)?;
                self.raise(e::reraise, args);
                Ok(false)
            }
            B::RawRaise => Ok(self.raw_raise(at)),
            B::BuildStacktrace => {
                let trace = self.get(Var::X(0));
                let list = self.emit(Op::Entry(e::build_stacktrace), vec![trace]);
                self.set(Var::X(0), list);
                Ok(true)
            }
            B::Badmatch => self.raise_with(e::raise_badmatch, o),
            B::CaseEnd => self.raise_with(e::raise_case_clause, o),
            B::IfEnd => self.raise_with(e::raise_if_clause, o),
            B::TryCaseEnd => self.raise_with(e::raise_try_clause, o),
            B::Badrecord => self.raise_with(e::raise_badrecord, o),
            B::Jump => {
                let label = self.label(&o[0])?;
                // What jumps to a handler stands behind a call that never returns.
                if !self.is_handler(label) {
                    let target = self.label_target(label);
                    self.finish(End::Jump(target));
                }
                Ok(false)
            }
            B::Move | B::Fmove => self.copy(instr.op, o),
            B::Swap => {
                let (a, b) = (self.src(&o[0])?, self.src(&o[1])?);
                self.assign(&o[0], b)?;
                self.assign(&o[1], a)?;
                Ok(true)
            }
            B::GetList => {
                let list = self.src(&o[0])?;
                let head = self.emit(Op::Hd, vec![list.clone()]);
                let tail = self.emit(Op::Tl, vec![list]);
                self.assign(&o[1], head)?;
                self.assign(&o[2], tail)?;
                Ok(true)
            }
            B::GetHd | B::GetTl => {
                let list = self.src(&o[0])?;
                let value =
                    self.emit(if instr.op == B::GetHd { Op::Hd } else { Op::Tl }, vec![list]);
                self.assign(&o[1], value)?;
                Ok(true)
            }
            B::GetTupleElement => {
                let tuple = self.src(&o[0])?;
                let value = self.emit(Op::Element(self.number(&o[1])?), vec![tuple]);
                self.assign(&o[2], value)?;
                Ok(true)
            }
            B::SetTupleElement => {
                let (value, tuple) = (self.src(&o[0])?, self.src(&o[1])?);
                self.emit_effect(Op::SetElement(self.number(&o[2])?), vec![tuple, value]);
                Ok(true)
            }
            B::PutList => {
                let (args, _) = self.srcs(&o[..2])?;
                let value = self.emit(Op::Cons, args);
                self.assign(&o[2], value)?;
                Ok(true)
            }
            B::PutTuple2 => {
                let elements = self.list(&o[1])?;
                let (args, _) = self.srcs(elements)?;
                let value = if args.is_empty() {
                    self.literal(Literal::Tuple(vec![].into()))
                } else {
                    self.emit(Op::Tuple, args)
                };
                self.assign(&o[0], value)?;
                Ok(true)
            }
            B::UpdateRecord => self.update_record(o),
            B::MakeFun3 => self.make_fun(o),
            B::SelectVal => self.select_val(o),
            B::SelectTupleArity => self.select_arity(o),
            B::Fconv | B::Fadd | B::Fsub | B::Fmul | B::Fdiv | B::Fnegate => {
                self.float(instr.op, o)
            }
            B::PutMapAssoc | B::PutMapExact | B::HasMapFields | B::GetMapElements => {
                self.map(instr.op, o)
            }
            B::Send
            | B::RemoveMessage
            | B::Timeout
            | B::LoopRec
            | B::LoopRecEnd
            | B::Wait
            | B::WaitTimeout
            | B::RecvMarkerBind
            | B::RecvMarkerClear
            | B::RecvMarkerReserve
            | B::RecvMarkerUse => self.receive(instr.op, o),
            B::IsAnyNativeRecord
            | B::IsNativeRecord
            | B::IsRecordAccessible
            | B::GetRecordElements
            | B::PutRecord
            | B::GetRecordField => self.record(instr.op, o),
            op => {
                if self.test(op, o)? || self.bits(op, o)? {
                    return Ok(!self.ended());
                }
                Err(self.error(&format!("instruction {} is not supported", op.info().name)))
            }
        }
    }
    /// Whether the current block has its end already.
    pub(super) fn ended(&self) -> bool {
        !matches!(self.f.blocks[self.block.index()].end, End::Unreachable)
    }

    fn raise_with(&mut self, entry: Entry, operands: &[Operand]) -> Result<bool, Error> {
        let (args, _) = self.srcs(operands)?;
        self.raise(entry, args);
        Ok(false)
    }

    fn raise_for_good(&mut self, args: Vec<Arg>) -> bool {
        self.raise(e::raise_class, args);
        false
    }
    /// Raises, unless the class is none: then the result is `badarg`. Before a label, the compiler
    /// knows that the class is one.
    fn raw_raise(&mut self, at: usize) -> bool {
        let args = self.x_args(3);
        let next = self.code.instrs.get(at + 1);
        let goes_on = next.is_some_and(|next| next.op != B::Label);
        let is_class = |class: &str| matches!(class, "error" | "exit" | "throw");
        match &args[0] {
            Arg::Atom(class) if is_class(class) => self.raise_for_good(args),
            _ if !goes_on => self.raise_for_good(args),
            Arg::Value(_) => {
                let raising = self.new_block(Some(self.block));
                let classes = ["error", "exit", "throw"];
                let cases =
                    classes.map(|class| (Arg::Atom(class.into()), Target::to(raising))).into();
                let arg = args[0].clone();
                self.go_on_in(|default| End::Switch { arg, ty: None, cases, default });
                let here = core::mem::replace(&mut self.block, raising);
                self.raise(e::raise_class, args);
                self.block = here;
                self.set(Var::X(0), Arg::Atom("badarg".into()));
                true
            }
            _ => {
                self.set(Var::X(0), Arg::Atom("badarg".into()));
                true
            }
        }
    }

    /// Reached normally, `catch_end` only leaves the scope.
    fn catch_end(&mut self, mark: &Operand, at: usize) -> Result<bool, Error> {
        self.state.handlers.pop();
        self.assign(mark, Arg::Nil)?;
        let Some(Operand::Label(label)) =
            at.checked_sub(1).and_then(|i| self.code.instrs[i].operands.first())
        else {
            return Ok(true);
        };
        let target = self.after_catch(*label);
        self.finish(End::Jump(target));
        Ok(false)
    }

    fn copy(&mut self, op: B, o: &[Operand]) -> Result<bool, Error> {
        let value = self.src(&o[0])?;
        let from_float = matches!(o[0], Operand::Fr(_));
        let to_float = matches!(o[1], Operand::Fr(_));
        let value = match (op, from_float, to_float) {
            (B::Fmove, true, false) => self.emit(Op::FloatBox, vec![value]),
            (B::Fmove, false, true) => self.float_of(value, &o[0], Fails::Never),
            _ => value,
        };
        self.assign(&o[1], value)?;
        Ok(true)
    }
    /// Unboxed float of a number.
    fn float_of(&mut self, value: Arg, operand: &Operand, fails: Fails) -> Arg {
        if let Arg::Literal(l) = value
            && let Literal::Float(x) = self.f.literals[l as usize]
        {
            return Arg::Float(x);
        }
        let mut ty = self.ty(operand);
        if fails == Fails::Never {
            ty = TypeEntry { union: TypeUnion::FLOAT, ..TypeEntry::ANY };
        }
        let inst = Inst { fails, types: vec![ty], ..Inst::new(Op::FloatOf, vec![value]) };
        Arg::Value(self.push(inst, Some(Repr::F64)).expect("has a result"))
    }
    fn float(&mut self, op: B, o: &[Operand]) -> Result<bool, Error> {
        if op == B::Fconv {
            let value = self.src(&o[0])?;
            let value = match o[0] {
                Operand::Fr(_) => value,
                _ => self.float_of(value, &o[0], Fails::Throws),
            };
            self.assign(&o[1], value)?;
            return Ok(true);
        }
        let (fop, operands) = match op {
            B::Fadd => (FloatOp::Add, 1..3),
            B::Fsub => (FloatOp::Sub, 1..3),
            B::Fmul => (FloatOp::Mul, 1..3),
            B::Fdiv => (FloatOp::Div, 1..3),
            _ => (FloatOp::Neg, 1..2),
        };
        let dst = operands.end;
        let (args, _) = self.srcs(&o[operands])?;
        let fails = if fop == FloatOp::Neg { Fails::Never } else { Fails::Throws };
        let inst = Inst { fails, ..Inst::new(Op::FloatArith(fop), args) };
        let value = Arg::Value(self.push(inst, Some(Repr::F64)).expect("has a result"));
        self.assign(&o[dst], value)?;
        Ok(true)
    }

    fn update_record(&mut self, o: &[Operand]) -> Result<bool, Error> {
        let arity = self.number(&o[1])?;
        let mut args = vec![self.src(&o[2])?];
        let mut positions = vec![];
        for pair in self.list(&o[4])?.chunks(2) {
            positions.push(self.number(&pair[0])? - 1);
            args.push(self.src(&pair[1])?);
        }
        let value = self.emit(Op::UpdateTuple { arity, positions }, args);
        self.assign(&o[3], value)?;
        Ok(true)
    }

    fn make_fun(&mut self, o: &[Operand]) -> Result<bool, Error> {
        let Operand::Lambda(index) = o[0] else { return Err(self.error("make_fun3 of no lambda")) };
        let lambda = self.module.lambdas[index.index()];
        let function = Name {
            module: self.module.name.clone(),
            function: self.module.atom(lambda.function).clone(),
            arity: lambda.arity,
        };
        let (args, _) = self.srcs(self.list(&o[2])?)?;
        let reference = LambdaRef {
            function,
            free: lambda.free,
            index: lambda.index,
            old_uniq: lambda.old_uniq,
            uniq: self.module.md5,
        };
        let number = match self.f.lambdas.iter().position(|l| *l == reference) {
            Some(known) => known,
            None => {
                self.f.lambdas.push(reference);
                self.f.lambdas.len() - 1
            }
        };
        let value = self.emit(Op::MakeFun(number as u32), args);
        self.assign(&o[1], value)?;
        Ok(true)
    }

    fn select_val(&mut self, o: &[Operand]) -> Result<bool, Error> {
        let arg = self.src(&o[0])?;
        let ty = Some(self.ty(&o[0])).filter(|t| *t != TypeEntry::ANY);
        let default = self.label(&o[1])?;
        let mut cases = vec![];
        let mut others = vec![];
        for pair in self.list(&o[2])?.chunks(2) {
            let constant = self.src(&pair[0])?;
            let target = self.label_target(self.label(&pair[1])?);
            match constant {
                Arg::Small(_) | Arg::Atom(_) | Arg::Nil => cases.push((constant, target)),
                // Floats and large integers are compared one by one.
                other => others.push((other, target)),
            }
        }
        for (constant, yes) in others {
            let args = vec![arg.clone(), constant];
            self.go_on_in(|no| End::Branch { test: Test::Same, args, types: vec![], yes, no });
        }
        let default = if default.is_none() {
            Target::to(self.dead_end())
        } else {
            self.label_target(default)
        };
        self.finish(End::Switch { arg, ty, cases, default });
        Ok(false)
    }
    /// A block that the bytecode's compiler says is never reached.
    fn dead_end(&mut self) -> BlockId {
        let here = self.block;
        let block = self.new_block(Some(here));
        self.block = block;
        self.raise(e::raise_if_clause, vec![]);
        self.block = here;
        block
    }
    fn select_arity(&mut self, o: &[Operand]) -> Result<bool, Error> {
        let tuple = self.src(&o[0])?;
        let size = self.emit(Op::TupleSize, vec![tuple]);
        let mut cases = vec![];
        for pair in self.list(&o[2])?.chunks(2) {
            let arity = self.number(&pair[0])?;
            let target = self.label_target(self.label(&pair[1])?);
            cases.push((Arg::Small(arity as i64), target));
        }
        let label = self.label(&o[1])?;
        let default =
            if label.is_none() { Target::to(self.dead_end()) } else { self.label_target(label) };
        let ty = TypeEntry {
            lower_bound: Some(0),
            union: TypeUnion::INTEGER,
            upper_bound: Some(1 << 24),
            unit: 1,
        };
        self.finish(End::Switch { arg: size, ty: Some(ty), cases, default });
        Ok(false)
    }

    fn map(&mut self, op: B, o: &[Operand]) -> Result<bool, Error> {
        match op {
            B::PutMapAssoc | B::PutMapExact => {
                let source = self.src(&o[1])?;
                let pairs = self.list(&o[4])?;
                let (args, _) = self.srcs(pairs)?;
                let empty = matches!(&source, Arg::Literal(l)
                    if matches!(&self.f.literals[*l as usize], Literal::Map(m) if m.is_empty()));
                let value = if empty && op == B::PutMapAssoc {
                    self.new_map(args)
                } else {
                    let entry =
                        if op == B::PutMapAssoc { e::map_put_assoc } else { e::map_put_exact };
                    let mut map = source;
                    for some in args.chunks(PAIRS_IN_X_MAX) {
                        let mut all = vec![map, Arg::Raw(some.len() as i64 / 2)];
                        all.extend_from_slice(some);
                        map = self.fallible(
                            Inst::new(Op::Entry(entry), all),
                            Repr::Term,
                            self.label(&o[0])?,
                        );
                    }
                    map
                };
                self.assign(&o[2], value)?;
            }
            B::HasMapFields => {
                let map = self.src(&o[1])?;
                for key in self.list(&o[2])? {
                    let key = self.src(key)?;
                    self.map_get(map.clone(), key, self.label(&o[0])?);
                }
            }
            _ => {
                let map = self.src(&o[1])?;
                let mut found = vec![];
                for pair in self.list(&o[2])?.chunks(2) {
                    let key = self.src(&pair[0])?;
                    let value = self.map_get(map.clone(), key, self.label(&o[0])?);
                    found.push((&pair[1], value));
                }
                for (dst, value) in found {
                    self.assign(dst, value)?;
                }
            }
        }
        Ok(true)
    }
    /// Keys and values in turn, sorted by key; nothing if a key is known at run time only.
    fn by_key(&self, args: &[Arg]) -> Option<Vec<(Literal, Arg)>> {
        let mut pairs = vec![];
        for pair in args.chunks_exact(2) {
            pairs.push((self.known_literal(&pair[0])?, pair[1].clone()));
        }
        pairs.sort_by(|a, b| literal_order::compare_keys(&a.0, &b.0));
        Some(pairs)
    }
    /// A new map, its keys a literal if they are all known.
    fn new_map(&mut self, args: Vec<Arg>) -> Arg {
        if args.len() <= 2 * beamrc_abi::term::MAP_FLAT_MAX
            && let Some(pairs) = self.by_key(&args)
            && pairs.windows(2).all(|two| literal_order::compare_keys(&two[0].0, &two[1].0).is_lt())
        {
            let (keys, values): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
            let mut all = vec![self.literal(Literal::Tuple(keys.into()))];
            all.extend(values);
            return self.emit(Op::FlatMap, all);
        }
        let (first, rest) = args.split_at(args.len().min(PAIRS_IN_X_MAX));
        let mut all = vec![Arg::Raw(first.len() as i64 / 2)];
        all.extend_from_slice(first);
        let mut map = self.emit(Op::Entry(e::map_from_x), all);
        for more in rest.chunks(PAIRS_IN_X_MAX) {
            let mut all = vec![map, Arg::Raw(more.len() as i64 / 2)];
            all.extend_from_slice(more);
            map = self.emit(Op::Entry(e::map_put_assoc), all);
        }
        map
    }
    fn known_literal(&self, arg: &Arg) -> Option<Literal> {
        Some(match arg {
            Arg::Small(n) => Literal::Int(*n),
            Arg::Atom(text) => Literal::Atom(text.clone()),
            Arg::Nil => Literal::Nil,
            Arg::Literal(l) => self.f.literals[*l as usize].clone(),
            _ => return None,
        })
    }
    fn map_get(&mut self, map: Arg, key: Arg, fail: beam::Label) -> Arg {
        let inst =
            Inst { fails: Fails::NoValue, ..Inst::new(Op::Entry(e::map_get), vec![map, key]) };
        let value = Arg::Value(self.push(inst, Some(Repr::Term)).expect("has a result"));
        self.branch(Test::IsValue, vec![value.clone()], vec![], fail);
        value
    }

    fn receive(&mut self, op: B, o: &[Operand]) -> Result<bool, Error> {
        match op {
            B::Send => {
                self.save_call(Arg::Atom("erlang".into()), Arg::Atom("send".into()), 2);
                let args = self.x_args(2);
                let value = self.fallible(
                    Inst::new(Op::Entry(e::send), args),
                    Repr::Term,
                    beam::Label::NONE,
                );
                self.set(Var::X(0), value);
            }
            B::LoopRec => {
                let message = self.emit(Op::Entry(e::recv_peek), vec![]);
                self.branch(Test::IsValue, vec![message.clone()], vec![], self.label(&o[0])?);
                self.assign(&o[1], message)?;
            }
            B::LoopRecEnd => {
                self.emit_effect(Op::Entry(e::recv_next), vec![]);
                let target = self.label_target(self.label(&o[0])?);
                self.finish(End::Jump(target));
                return Ok(false);
            }
            B::RemoveMessage => self.emit_effect(Op::Entry(e::recv_remove), vec![]),
            B::Timeout => self.emit_effect(Op::Entry(e::recv_timeout), vec![]),
            B::Wait => {
                self.locate_wait(self.label(&o[0])?);
                self.emit_effect(Op::Entry(e::recv_wait), vec![]);
                let target = self.label_target(self.label(&o[0])?);
                self.finish(End::Jump(target));
                return Ok(false);
            }
            B::WaitTimeout => {
                let time = self.src(&o[1])?;
                let start = Inst::new(Op::Entry(e::recv_start_timer), vec![time]);
                self.fallible(start, Repr::Term, beam::Label::NONE);
                self.locate_wait(self.label(&o[0])?);
                let wait = Inst::new(Op::Entry(e::recv_wait), vec![]);
                let fired = Arg::Value(self.push(wait, Some(Repr::Raw)).expect("has a result"));
                let no = self.label_target(self.label(&o[0])?);
                self.go_on_in(|yes| End::Branch {
                    test: Test::NonZero,
                    args: vec![fired],
                    types: vec![],
                    yes,
                    no,
                });
            }
            B::RecvMarkerReserve => {
                let marker = self.emit(Op::Entry(e::recv_marker_reserve), vec![]);
                self.assign(&o[0], marker)?;
            }
            B::RecvMarkerBind => {
                let (args, _) = self.srcs(o)?;
                self.emit_effect(Op::Entry(e::recv_marker_bind), args);
            }
            B::RecvMarkerClear => {
                let (args, _) = self.srcs(o)?;
                self.emit_effect(Op::Entry(e::recv_marker_clear), args);
            }
            _ => {
                let (args, _) = self.srcs(o)?;
                self.emit_effect(Op::Entry(e::recv_marker_use), args);
            }
        }
        Ok(true)
    }

    /// The tests that jump on failure; false if the opcode is none.
    fn test(&mut self, op: B, o: &[Operand]) -> Result<bool, Error> {
        let simple = match op {
            B::IsInteger => Test::IsInteger,
            B::IsFloat => Test::IsFloat,
            B::IsNumber => Test::IsNumber,
            B::IsAtom => Test::IsAtom,
            B::IsPid => Test::IsPid,
            B::IsReference => Test::IsReference,
            B::IsPort => Test::IsPort,
            B::IsNil => Test::IsNil,
            B::IsBinary => Test::IsBinary,
            B::IsBitstr => Test::IsBitstring,
            B::IsList => Test::IsList,
            B::IsNonemptyList => Test::IsCons,
            B::IsTuple => Test::IsTuple,
            B::IsMap => Test::IsMap,
            B::IsBoolean => Test::IsBoolean,
            B::IsFunction => Test::IsFun,
            B::IsFunction2 => Test::IsFunArity,
            B::IsLt => Test::Less,
            B::IsEq => Test::Equal,
            B::IsEqExact => Test::Same,
            B::IsGe | B::IsNe | B::IsNeExact => {
                let test = match op {
                    B::IsGe => Test::Less,
                    B::IsNe => Test::Equal,
                    _ => Test::Same,
                };
                let (args, types) = self.srcs(&o[1..3])?;
                self.branch_not(test, args, types, self.label(&o[0])?);
                return Ok(true);
            }
            B::TestArity => {
                let (args, types) = self.srcs(&o[1..2])?;
                self.branch(Test::HasArity(self.number(&o[2])?), args, types, self.label(&o[0])?);
                return Ok(true);
            }
            B::IsTaggedTuple => {
                let fail = self.label(&o[0])?;
                let (args, types) = self.srcs(&o[1..2])?;
                if types.first().is_none_or(|t| t.union != TypeUnion::TUPLE) {
                    self.branch(Test::IsTuple, args.clone(), types, fail);
                }
                self.branch(Test::HasArity(self.number(&o[2])?), args.clone(), vec![], fail);
                let tag = self.emit(Op::Element(0), args);
                let atom = self.src(&o[3])?;
                self.branch(Test::Same, vec![tag, atom], vec![], fail);
                return Ok(true);
            }
            _ => return Ok(false),
        };
        let (args, types) = self.srcs(&o[1..])?;
        self.branch(simple, args, types, self.label(&o[0])?);
        Ok(true)
    }
}
