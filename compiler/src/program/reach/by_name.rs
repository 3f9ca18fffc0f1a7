//! What calls by name may reach.
//!
//! The rules of names: Only the function is known: the module is one that the program or the caller's
//! module names, that is handed to the latter, or that names itself (OTP's callback modules: for a
//! behaviour of theirs, or none).
//! Only the module is known: the function is one that the program, the caller or that module names.
//! Neither is known: both stand side by side in a tuple, a list or arguments; or the program names
//! both and it is its own function, a BIF, or one function names both; or the behaviour that calls,
//! or its callback module, names the function; what prints errors calls what explains them. A module that is asked for `module_info` by
//! name is the program's own; one that is asked keeps its exports. Atoms are names where code may
//! pass them on. What this cannot see is kept by `--keep`.

use super::*;

/// Atoms that reachable code may pass on as values.
#[derive(Default)]
pub(super) struct Pools {
    /// Those of the program's own modules.
    pub(super) program: BTreeSet<Atom>,
    /// The names of modules that name themselves, as they do to register callbacks.
    own_names: BTreeSet<Atom>,
    /// Module and the atoms that other modules pass to its functions.
    handed: BTreeMap<Atom, BTreeSet<Atom>>,
    /// Module and the atoms in it, or passed to its functions.
    of_module: BTreeMap<Atom, BTreeSet<Atom>>,
    /// Those that stand side by side.
    pairs: BTreeSet<(Atom, Atom)>,
    /// Modules of OTP, each with the other atoms of a function of the program that names it.
    together: BTreeSet<(Atom, Atom)>,
    /// Modules and functions that may explain the errors which code raises with `error_info`.
    explaining: BTreeSet<(Atom, Atom)>,
    /// Those of functions that start applications.
    pub(super) applications: BTreeSet<Atom>,
}

impl Reach<'_> {
    /// Notes the atoms that a function names.
    pub(super) fn note_atoms(&mut self, module: &Atom, origin: Origin, mentions: Mentions) {
        if origin == Origin::Program {
            self.note_together(&mentions.atoms);
            self.atoms.program.extend(mentions.atoms.iter().cloned());
        }
        if mentions.atoms.contains("error_info") {
            self.note_explaining(module, &mentions.atoms);
        }
        if mentions.atoms.contains(module) {
            self.atoms.own_names.insert(module.clone());
        }
        for (to, atom) in mentions.passed {
            if to != *module {
                self.atoms.handed.entry(to.clone()).or_default().insert(atom.clone());
            }
            self.atoms.of_module.entry(to).or_default().insert(atom);
        }
        self.atoms.of_module.entry(module.clone()).or_default().extend(mentions.atoms);
        self.atoms.pairs.extend(mentions.pairs);
    }

    /// What a function raises with `error_info` is explained by its own module, unless it names
    /// another, and by `format_error/2`, unless it names another.
    fn note_explaining(&mut self, module: &Atom, atoms: &BTreeSet<Atom>) {
        let modules = self.modules_among(atoms).into_iter().chain([module.clone()]);
        for explains in modules {
            let functions = atoms.iter().cloned().chain([FORMAT_ERROR.into()]);
            self.atoms.explaining.extend(functions.map(|function| (explains.clone(), function)));
        }
    }

    fn note_together(&mut self, atoms: &BTreeSet<Atom>) {
        for module in self.modules_among(atoms) {
            if self.universe.origin(&module) != Some(Origin::Program) {
                let others = atoms.iter().map(|atom| (module.clone(), atom.clone()));
                self.atoms.together.extend(others);
            }
        }
    }

    /// Keeps what calls by name may reach by now; whether that was anything new.
    pub(super) fn calls_by_name(&mut self) -> Result<bool> {
        let kept = self.order.len();
        self.keep_started()?;
        let calls = self.calls_by_name.clone();
        for ((call, caller), from) in &calls {
            match (&call.module, &call.function) {
                (Some(module), Some(function)) => {
                    self.keep_named(module, function, call.arity, *from)?;
                }
                (None, Some(function)) => {
                    for module in self.callbacks(caller)? {
                        self.keep_named(&module, function, call.arity, *from)?;
                    }
                }
                (Some(module), None) => {
                    for function in self.names_in([caller, module]) {
                        self.keep_named(module, &function, call.arity, *from)?;
                    }
                }
                (None, None) if **caller == *PRINTS_ERRORS => {
                    self.keep_explaining(call.arity, *from)?
                }
                (None, None) => self.keep_pairs(call.arity, caller, *from)?,
            }
        }
        self.keep_told();
        self.keep_handlers_of_undefined();
        self.keep_left_out()?;
        Ok(self.order.len() > kept)
    }

    /// Keeps what explains the errors of BIFs and those that code raises with `error_info`.
    fn keep_explaining(&mut self, arity: Option<u32>, from: FunctionId) -> Result<()> {
        let mut names = self.atoms.explaining.clone();
        for module in self.bifs.values().filter_map(|bif| bifs::explained_by(bif.module)) {
            let functions = [FORMAT_ERROR, bifs::EXPLAINS_CONSTRUCTION];
            names.extend(functions.map(|function| (module.into(), function.into())));
        }
        for (module, function) in names {
            self.keep_named(&module, &function, arity, from)?;
        }
        Ok(())
    }

    /// Follows those of the calls that were left out which turn out to be needed.
    fn keep_left_out(&mut self) -> Result<()> {
        for (from, name, unless) in std::mem::take(&mut self.left_out) {
            let caller = self.units[from.0].beam.name.clone();
            if self.is_needed(&caller, &name.module, unless)? {
                let target = self.target(&name)?;
                self.reach(from, target, || name);
            } else {
                self.left_out.push((from, name, unless));
            }
        }
        Ok(())
    }

    fn is_needed(&mut self, caller: &Atom, callee: &Atom, unless: Unless) -> Result<bool> {
        Ok(match unless {
            Unless::Named(atom) => {
                let mut others = self.atoms.of_module.iter().filter(|pool| pool.0 != caller);
                others.any(|(_, atoms)| atoms.contains(atom))
                    || self.reaches(caller, |name| name == atom)?
            }
            Unless::Reached => {
                self.bifs.values().any(|bif| *bif.module == **callee)
                    || self.reaches(callee, |_| true)?
            }
            Unless::With(module) => self.reaches(&module.into(), |_| true)?,
        })
    }

    /// Whether a function of the module is reached whose name is such.
    fn reaches(&mut self, module: &Atom, such: impl Fn(&str) -> bool) -> Result<bool> {
        let Some(unit) = self.unit(module)? else {
            return Ok(false);
        };
        let beam = &self.units[unit].beam;
        let functions = beam.functions.iter().zip(&self.reached[unit]);
        let mut reached = functions.filter(|(_, reached)| reached.is_some());
        Ok(reached.any(|(function, _)| such(beam.atom(function.name))))
    }

    /// What is left out to the end is missing.
    pub(super) fn note_left_out(&mut self) {
        for (from, name, _) in std::mem::take(&mut self.left_out) {
            if matches!(self.known_target(&name), Target::Missing) {
                self.reach(from, Target::Missing, || name);
            }
        }
    }

    /// Whoever asks a module for its exports may call them.
    fn keep_told(&mut self) {
        for unit in 0..self.units.len() {
            let module = self.units[unit].clone();
            let asked = (0..2).filter_map(|arity| {
                let function = module.export(&"module_info".into(), arity)?;
                match self.reached[unit][function.index()].as_ref()?.0 {
                    Cause::From(from) => Some(from),
                    Cause::ByName(from) => (module.origin == Origin::Program).then_some(from),
                    Cause::Root(_) => None,
                }
            });
            let Some(from) = asked.collect::<Vec<_>>().first().copied() else {
                continue;
            };
            for export in &module.beam.exports {
                if let Some(function) = module.beam.function_of(export.label)
                    && let Target::Function(id) = self.local(unit, function)
                {
                    self.mark(id, Cause::ByName(from));
                }
            }
        }
    }

    /// What the runtime calls in place of a function that does not exist: every module of the program
    /// of which anything is reached keeps such a handler if it exports one, whether or not the process
    /// that calls has it as its `error_handler`. OTP's own would load code.
    fn keep_handlers_of_undefined(&mut self) {
        const HANDLERS: [(&str, u32); 3] =
            [("$handle_undefined_function", 2), ("undefined_function", 3), ("undefined_lambda", 3)];
        for unit in 0..self.units.len() {
            let module = self.units[unit].clone();
            let Some(first) = self.reached[unit].iter().position(Option::is_some) else {
                continue;
            };
            if module.origin != Origin::Program {
                continue;
            }
            let from = (unit, FunctionIdx(first as u32));
            for function in
                HANDLERS.iter().filter_map(|(name, arity)| module.export(&(*name).into(), *arity))
            {
                if let Target::Function(id) = self.local(unit, function) {
                    self.mark(id, Cause::ByName(from));
                }
            }
        }
    }

    /// The modules that a call in this module may mean when it does not say which.
    fn callbacks(&mut self, caller: &Atom) -> Result<Vec<Atom>> {
        let handed = self.atoms.of_module.get(caller).cloned().unwrap_or_default();
        let others: BTreeSet<Atom> =
            self.atoms.program.union(&self.atoms.own_names).cloned().collect();
        let mut modules = self.modules_among(&handed);
        let behaviour: Option<Atom> = match (calls_for(caller), self.unit(caller)?) {
            (Some(behaviour), _) => Some(behaviour.into()),
            (None, Some(unit)) if self.units[unit].is_behaviour() => Some(caller.clone()),
            _ => None,
        };
        for module in self.modules_among(&others) {
            let Some(unit) = self.unit(&module)? else {
                continue;
            };
            let unit = &self.units[unit];
            let named = self.atoms.program.contains(&module);
            // OTP hands its callback modules to the behaviour where it starts them; elsewhere their
            // names are those of processes. What the program names may be either, if it says that it
            // is a callback module; its own modules need not say so.
            let is_callback = |behaviour| named && unit.behaviours.contains(behaviour);
            if unit.origin != Origin::Otp || behaviour.as_ref().is_none_or(is_callback) {
                modules.push(module);
            }
        }
        Ok(modules)
    }

    /// The functions that a call by name may mean when modules of these names are involved.
    fn names_in<const N: usize>(&self, modules: [&Atom; N]) -> BTreeSet<Atom> {
        let pools = modules.into_iter().filter_map(|module| self.atoms.of_module.get(module));
        pools.flatten().chain(&self.atoms.program).cloned().collect()
    }

    fn modules_among(&self, atoms: &BTreeSet<Atom>) -> Vec<Atom> {
        atoms.iter().filter(|atom| self.universe.contains(atom)).cloned().collect()
    }

    /// The rule for calls of which neither module nor function is known.
    fn keep_pairs(&mut self, arity: Option<u32>, caller: &Atom, from: FunctionId) -> Result<()> {
        for (module, function) in self.atoms.pairs.clone() {
            if self.universe.contains(&module) {
                self.keep_named(&module, &function, arity, from)?;
            }
        }
        let called_by = self.universe.origin(caller);
        if called_by == Some(Origin::Program) {
            for (module, function) in self.atoms.together.clone() {
                self.keep_named(&module, &function, arity, from)?;
            }
        }
        let program = self.atoms.program.clone();
        for module in self.modules_among(&program) {
            let own = self.universe.origin(&module) == Some(Origin::Program);
            for function in &program {
                if own {
                    self.keep_named(&module, function, arity, from)?;
                } else {
                    self.keep_bif(&module, function, arity);
                }
            }
        }
        if called_by != Some(Origin::Otp) {
            return Ok(());
        }
        let own_names = self.atoms.of_module.get(caller).cloned();
        let behaviour = match self.unit(caller)? {
            Some(unit) => self.units[unit].is_behaviour(),
            None => false,
        };
        let handed = match behaviour {
            true => self.atoms.handed.get(caller).cloned().unwrap_or_default(),
            false => BTreeSet::new(),
        };
        // A behaviour calls functions that its callback module names, such as states, or that it
        // names itself and hands on to where it calls them.
        let mut others = self.atoms.program.clone();
        others.extend(own_names.iter().flatten().cloned());
        for module in self.modules_among(&others) {
            let Some(unit) = self.unit(&module)? else {
                continue;
            };
            // Neither the program's callback modules nor all of OTP's say what they are.
            let declared = self.units[unit].behaviours.contains(caller) || handed.contains(&module);
            if !declared && self.units[unit].origin != Origin::Program {
                continue;
            }
            let names = match arity {
                Some(_) if declared => self.names_in([&module, caller]),
                // Any arity or any callback module would do: only what the behaviour itself names.
                _ => own_names.clone().unwrap_or_default(),
            };
            for function in names {
                self.keep_named(&module, &function, arity, from)?;
            }
        }
        Ok(())
    }

    /// A BIF brings nothing else along.
    fn keep_bif(&mut self, module: &Atom, function: &Atom, arity: Option<u32>) {
        let found = arity.and_then(|arity| bif(module, function, arity));
        if let Some(bif) = found {
            self.bifs.insert((bif.module, bif.name, bif.arity), bif);
        }
    }

    fn keep_named(
        &mut self,
        module: &Atom,
        function: &Atom,
        arity: Option<u32>,
        from: FunctionId,
    ) -> Result<()> {
        let Some(unit) = self.unit(module)? else {
            return Ok(());
        };
        let functions = match arity {
            Some(arity) => self.units[unit].export(function, arity).into_iter().collect(),
            None => self.units[unit].exports_named(function),
        };
        for function in functions {
            match self.local(unit, function) {
                Target::Function(id) => self.mark(id, Cause::ByName(from)),
                Target::BuiltIn(Callee::Bif(bif)) => {
                    self.bifs.insert((bif.module, bif.name, bif.arity), bif);
                }
                // Called by name it is the BIF behind it.
                Target::BuiltIn(Callee::Intrinsic(intrinsic)) => {
                    let (module, function, arity) = intrinsic.name();
                    self.keep_bif(&module.into(), &function.into(), Some(arity));
                }
                Target::BuiltIn(_) | Target::Missing => {}
            }
        }
        Ok(())
    }
}
