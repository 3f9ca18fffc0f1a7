//! Calls, tail calls, BIFs and operators.

use super::*;
use beamrc_abi::entry::TAIL;
use beamrc_beam::Operand;

/// What a call in tail position does with the result.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Position {
    Body,
    Tail,
}

/// A count of arguments for an entry that raises, which learns from it how the call was made.
fn count(arguments: u32, position: Position) -> Arg {
    let mark = if position == Position::Tail { TAIL } else { 0 };
    Arg::Raw((u64::from(arguments) | mark) as i64)
}

impl Builder<'_> {
    /// A call of a function of this module by its entry label.
    pub(super) fn call_local(
        &mut self,
        label: beam::Label,
        arity: u32,
        position: Position,
    ) -> Result<bool, Error> {
        if position == Position::Tail && label == self.code.entry {
            let target = self.label_target(label);
            self.finish(End::Jump(target));
            return Ok(false);
        }
        let index =
            self.module.function_of(label).ok_or_else(|| self.error("call of no function"))?;
        let function = &self.module.functions[index.index()];
        let name = Name {
            module: self.module.name.clone(),
            function: self.module.atom(function.name).clone(),
            arity: function.arity,
        };
        let args = self.x_args(arity);
        Ok(self.call_name(name, args, position))
    }
    /// A call of an imported function.
    pub(super) fn call_ext(&mut self, import: &Operand, position: Position) -> Result<bool, Error> {
        let name = self.import(import)?;
        // What is applied is called, not `apply`.
        if (&*name.module, &*name.function) != ("erlang", "apply") {
            let (module, function) = (name.module.clone(), name.function.clone());
            self.save_call(Arg::Atom(module), Arg::Atom(function), name.arity);
        }
        let args = self.x_args(name.arity);
        Ok(self.call_name(name, args, position))
    }
    pub(super) fn save_call(&mut self, module: Arg, function: Arg, arity: u32) {
        if self.resolver.saves_calls() {
            let args = vec![module, function, Arg::Raw(arity.into())];
            self.emit_effect(Op::Entry(e::saved_call), args);
        }
    }
    pub(super) fn call_name(&mut self, name: Name, args: Vec<Arg>, position: Position) -> bool {
        if &*name.module == "erlang" && &*name.function == "apply" {
            match name.arity {
                2 => return self.apply_list(e::apply_fun, args, position),
                3 => return self.apply_list(e::apply_list, args, position),
                _ => {}
            }
        }
        match self.resolver.resolve(&name) {
            Callee::Function => self.call(Op::Call(name), args, position),
            // The caller stands in traces, and is the current function, also after a last call.
            Callee::Bif(bif) if bif.trap => {
                self.call(Op::Call(name), args, Position::Body);
                let result = self.get(Var::X(0));
                self.result(result, position)
            }
            Callee::Bif(bif) => {
                let inst = Inst { fails: Fails::Throws, ..Inst::new(Op::Bif(bif), args) };
                let result = Arg::Value(self.push(inst, Some(Repr::Term)).expect("has a result"));
                self.result(result, position)
            }
            // An error handler may be there for it.
            Callee::Missing => {
                self.call_named(Arg::Atom(name.module), Arg::Atom(name.function), args, position)
            }
        }
    }
    pub(super) fn call(&mut self, op: Op, args: Vec<Arg>, position: Position) -> bool {
        let mut inst = Inst::new(op, args);
        inst.fails = Fails::Throws;
        if position == Position::Tail && self.state.handlers.is_empty() {
            inst.location = self.location;
            self.finish(End::TailCall(Box::new(inst)));
            return false;
        }
        let result = Arg::Value(self.push(inst, Some(Repr::Term)).expect("has a result"));
        self.result(result, position)
    }
    fn result(&mut self, value: Arg, position: Position) -> bool {
        if position == Position::Tail {
            self.finish(End::Return(value));
            return false;
        }
        self.set(Var::X(0), value);
        true
    }
    /// A call of a fun by instruction `at`: the last call if only a return follows. If it is safe, the
    /// value is known to be a fun of that arity.
    pub(super) fn call_fun(&mut self, fun: Arg, arity: u32, at: usize, is_safe: bool) -> bool {
        if self.resolver.saves_calls() {
            self.emit_effect(Op::Entry(e::saved_fun), vec![fun.clone()]);
        }
        let arguments = self.x_args(arity);
        let mut next = self.code.instrs[at + 1..].iter().map(|instr| instr.op);
        let position = match (next.next(), next.next()) {
            (Some(B::Return), _) | (Some(B::Deallocate), Some(B::Return)) => Position::Tail,
            _ => Position::Body,
        };
        if is_safe {
            let mut args = vec![self.emit_raw(Op::FunCode, vec![fun.clone()])];
            args.extend(arguments);
            args.push(fun);
            return self.call(Op::CallCode, args, position);
        }
        let mut args = vec![fun];
        args.extend(arguments);
        self.call(Op::CallFun, args, position)
    }
    /// `erlang:apply`: the entry spreads the list of arguments over `x`.
    fn apply_list(&mut self, entry: Entry, mut args: Vec<Arg>, position: Position) -> bool {
        args.push(count(0, position));
        let code = self.emit_raw(Op::Entry(entry), args);
        self.without_code(&code, e::throw, vec![]);
        self.call(Op::CallX, vec![code], position)
    }
    /// Raises by this entry if there is no code; goes on where there is.
    fn without_code(&mut self, code: &Arg, raise: Entry, args: Vec<Arg>) {
        let missing = self.new_block(Some(self.block));
        let no = Target::to(missing);
        self.go_on_in(|yes| End::Branch {
            test: Test::NonZero,
            args: vec![code.clone()],
            types: vec![],
            yes,
            no,
        });
        let here = self.block;
        self.block = missing;
        self.raise(raise, args);
        self.block = here;
    }
    /// `apply`: arguments, then module and function in X registers.
    pub(super) fn apply(&mut self, arity: u32, position: Position) -> bool {
        let args = self.x_args(arity);
        let (module, function) = (self.get(Var::X(arity)), self.get(Var::X(arity + 1)));
        self.save_call(module.clone(), function.clone(), arity);
        self.call_named(module, function, args, position)
    }
    /// A call of the function with this name, if there is one.
    fn call_named(
        &mut self,
        module: Arg,
        function: Arg,
        args: Vec<Arg>,
        position: Position,
    ) -> bool {
        let arity = Arg::Raw(args.len() as i64);
        let code =
            self.emit_raw(Op::Entry(e::apply_code), vec![module.clone(), function.clone(), arity]);
        // The runtime tells a bad module or function from an undefined one.
        let mut all = vec![module, function, count(args.len() as u32, position)];
        all.extend(args.iter().cloned());
        self.without_code(&code, e::raise_bad_apply, all);
        let mut all = vec![code];
        all.extend(args);
        self.call(Op::CallCode, all, position)
    }
    pub(super) fn import(&self, operand: &Operand) -> Result<Name, Error> {
        let Operand::Import(index) = operand else { return Err(self.error("no import")) };
        let import = self.module.imports[index.index()];
        Ok(Name {
            module: self.module.atom(import.module).clone(),
            function: self.module.atom(import.function).clone(),
            arity: import.arity,
        })
    }

    /// A BIF or operator of the guard instructions.
    pub(super) fn guard_bif(
        &mut self,
        fail: beam::Label,
        import: &Operand,
        operands: &[Operand],
        dst: &Operand,
    ) -> Result<bool, Error> {
        let name = self.import(import)?;
        let (args, types) = self.srcs(operands)?;
        if &*name.module != "erlang" {
            return Err(self.error(&format!("{name} is no guard BIF")));
        }
        // A written unary plus adds zero, so that -0.0 becomes 0.0; a call by name leaves it.
        let (name, args, types) = match (&*name.function, name.arity) {
            ("+", 1) => {
                let args = args.into_iter().chain([Arg::Small(0)]).collect();
                // Without types there are none for any argument.
                let zero = (!types.is_empty()).then_some(TypeEntry::ANY);
                (Name { arity: 2, ..name }, args, types.into_iter().chain(zero).collect())
            }
            _ => (name, args, types),
        };
        let value = self.operator(&name, args, types, fail, dst)?;
        match value {
            Some(value) => {
                self.assign(dst, value)?;
                Ok(true)
            }
            None => Ok(!matches!(self.f.blocks[self.block.index()].end, End::Raise { .. })),
        }
    }

    /// The value of an operator; none if the destination is set already, or control does not go on.
    fn operator(
        &mut self,
        name: &Name,
        args: Vec<Arg>,
        types: Vec<TypeEntry>,
        fail: beam::Label,
        dst: &Operand,
    ) -> Result<Option<Arg>, Error> {
        if let Some(op) = arith_op(&name.function, name.arity) {
            let inst = Inst { types, ..Inst::new(Op::Arith(op), args) };
            return Ok(Some(self.fallible(inst, Repr::Term, fail)));
        }
        if let Some((test, negated, swapped)) = value_test(&name.function, name.arity) {
            let (mut args, mut types) = (args, types);
            if swapped {
                args.reverse();
                types.reverse();
            }
            self.test_value(test, negated, args, types, dst)?;
            return Ok(None);
        }
        match (&*name.function, name.arity) {
            ("hd", 1) | ("tl", 1) => {
                let head = &*name.function == "hd";
                let known = types.first().is_some_and(|t| t.union == TypeUnion::CONS);
                if !known && fail.is_none() {
                    return Ok(Some(self.bif(name, args, types, fail)?));
                }
                if !known {
                    self.branch(Test::IsCons, args.clone(), types, fail);
                }
                Ok(Some(self.emit(if head { Op::Hd } else { Op::Tl }, args)))
            }
            ("tuple_size", 1) if types.first().is_some_and(|t| t.union == TypeUnion::TUPLE) => {
                Ok(Some(self.emit(Op::TupleSize, args)))
            }
            ("raise", 2) => {
                self.raise(e::reraise, args);
                Ok(None)
            }
            _ => Ok(Some(self.bif(name, args, types, fail)?)),
        }
    }
    fn bif(
        &mut self,
        name: &Name,
        args: Vec<Arg>,
        types: Vec<TypeEntry>,
        fail: beam::Label,
    ) -> Result<Arg, Error> {
        match self.resolver.resolve(name) {
            Callee::Bif(bif) => {
                let inst = Inst { types, ..Inst::new(Op::Bif(bif), args) };
                Ok(self.fallible(inst, Repr::Term, fail))
            }
            _ => Err(self
                .error(&format!("the runtime has no {name}, which stands in a guard instruction"))),
        }
    }
    /// A test as the atom `true` or `false`.
    fn test_value(
        &mut self,
        test: Test,
        negated: bool,
        args: Vec<Arg>,
        types: Vec<TypeEntry>,
        dst: &Operand,
    ) -> Result<(), Error> {
        let value = self.f.new_value(Repr::Term);
        let join = self.new_block(Some(self.block));
        self.f.blocks[join.index()].params.push(value);
        let side = |truth: bool| Target {
            block: join,
            args: vec![Arg::Atom(if truth { "true".into() } else { "false".into() })],
        };
        let (yes, no) = (side(!negated), side(negated));
        self.finish(End::Branch { test, args, types, yes, no });
        self.block = join;
        self.assign(dst, Arg::Value(value))
    }
}

pub(super) fn arith_op(name: &str, arity: u32) -> Option<ArithOp> {
    Some(match (name, arity) {
        ("+", 2) => ArithOp::Add,
        ("-", 2) => ArithOp::Sub,
        ("*", 2) => ArithOp::Mul,
        ("div", 2) => ArithOp::Div,
        ("rem", 2) => ArithOp::Rem,
        ("band", 2) => ArithOp::And,
        ("bor", 2) => ArithOp::Or,
        ("bxor", 2) => ArithOp::Xor,
        ("bsl", 2) => ArithOp::Shl,
        ("bsr", 2) => ArithOp::Shr,
        ("-", 1) => ArithOp::Neg,
        ("bnot", 1) => ArithOp::Not,
        _ => return None,
    })
}

/// Tests that also occur as BIFs: test, negated, operands swapped.
fn value_test(name: &str, arity: u32) -> Option<(Test, bool, bool)> {
    Some(match (name, arity) {
        ("=:=", 2) => (Test::Same, false, false),
        ("=/=", 2) => (Test::Same, true, false),
        ("==", 2) => (Test::Equal, false, false),
        ("/=", 2) => (Test::Equal, true, false),
        ("<", 2) => (Test::Less, false, false),
        (">=", 2) => (Test::Less, true, false),
        (">", 2) => (Test::Less, false, true),
        ("=<", 2) => (Test::Less, true, true),
        ("is_atom", 1) => (Test::IsAtom, false, false),
        ("is_boolean", 1) => (Test::IsBoolean, false, false),
        ("is_integer", 1) => (Test::IsInteger, false, false),
        ("is_float", 1) => (Test::IsFloat, false, false),
        ("is_number", 1) => (Test::IsNumber, false, false),
        ("is_list", 1) => (Test::IsList, false, false),
        ("is_tuple", 1) => (Test::IsTuple, false, false),
        ("is_map", 1) => (Test::IsMap, false, false),
        ("is_binary", 1) => (Test::IsBinary, false, false),
        ("is_bitstring", 1) => (Test::IsBitstring, false, false),
        ("is_pid", 1) => (Test::IsPid, false, false),
        ("is_port", 1) => (Test::IsPort, false, false),
        ("is_reference", 1) => (Test::IsReference, false, false),
        ("is_function", 1) => (Test::IsFun, false, false),
        _ => return None,
    })
}
