//! Which functions a program consists of.
//!
//! First what calls and funs reach from the entry ("certain"), which must be there; then, again and
//! again, what calls by name may reach; what lacks there is `undef` at run time. The rules of names:
//! Only the function is known: the module is one that the program or the caller's module names, that
//! is handed to the latter, or that names itself (OTP's callback modules: for a behaviour of theirs, or none).
//! Only the module is known: the function is one that the program, the caller or that module names.
//! Neither is known: both stand side by side in a tuple, a list or arguments; or the program names
//! both and it is its own function, a BIF, or one function names both; or the behaviour that calls,
//! or its callback module, names the function. A module that is asked for `module_info` by
//! name is the program's own; one that is asked keeps its exports. Atoms are names where code may
//! pass them on. What this cannot see is kept by `--keep`. Some functions are known to go on only in
//! unlikely cases. This file must not know what the functions do.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use beamrc_abi::bifs::{self, Bif};
use beamrc_beam::{Atom, FunctionIdx, Literal, Module};
use rayon::prelude::*;

use super::boot::PROGRAM_MODULE;
use super::mentions::{Dynamic, Mentions};
use super::names::{bif, built_in};
use super::report::{Kept, Missing, ModuleReport, Report};
use super::universe::{Local, Unit, evaluates, is_left_out};
use super::{
    AtomTable, BOOT_FUNCTION, BOOT_MODULE, Boot, Callee, FunctionRef, LoadedModule, Mfa, ModuleIdx,
    Origin, Program, Universe, tells_of_modules,
};
use crate::{Error, Result};

/// What the user decides about reachability.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Modules of which every function stays.
    pub keep: Vec<String>,
    /// Whether certain code may lack functions.
    pub allow_missing: bool,
}

/// A module by its number in `Reach::units`, which is the order of discovery.
type UnitIdx = usize;
type FunctionId = (UnitIdx, FunctionIdx);

/// The cause of what the boot code and the user's entry are.
const ENTRY: &str = "the entry";

/// Why a function was kept.
#[derive(Clone, Debug)]
enum Cause {
    Root(&'static str),
    /// A call or a fun in this function.
    From(FunctionId),
    /// A call by name in this function.
    ByName(FunctionId),
}

/// Whether a BIF of `erlang` is an operator or may stand in a guard.
fn is_expression(bif: &Bif) -> bool {
    bif.guard || !bif.name.starts_with(|c: char| c.is_ascii_lowercase())
}

/// What a name stands for.
enum Target {
    Function(FunctionId),
    BuiltIn(Callee),
    Missing,
}

struct Reach<'a> {
    universe: &'a mut Universe,
    units: Vec<Arc<Unit>>,
    unit_of: HashMap<Atom, Option<UnitIdx>>,
    reached: Vec<Vec<Option<(Cause, bool)>>>,
    queue: VecDeque<FunctionId>,
    /// Certain functions whose own calls are not.
    postponed: Vec<FunctionId>,
    order: Vec<FunctionId>,
    bifs: BTreeMap<(&'static str, &'static str, usize), &'static Bif>,
    missing: BTreeMap<Mfa, Missing>,
    /// Where each is, by its module.
    calls_by_name: BTreeMap<(Dynamic, Atom), FunctionId>,
    atoms: Pools,
    on_load: Vec<(Atom, Atom)>,
    /// Whether what is found now is certain.
    certain: bool,
}

/// Atoms that reachable code may pass on as values.
#[derive(Default)]
struct Pools {
    /// Those of the program's own modules.
    program: BTreeSet<Atom>,
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
}

impl Program {
    /// Finds what the program consists of.
    pub fn load(
        universe: &mut Universe,
        boot: &Boot,
        otp_release: &str,
        options: &Options,
    ) -> Result<Program> {
        universe.add_made(boot.module(&[]));
        let mut reach = Reach::new(universe);
        for atom in boot.application_values.iter().flat_map(Literal::atoms) {
            reach.atoms.program.insert(atom.clone());
        }
        reach.root(&Mfa::new(BOOT_MODULE, BOOT_FUNCTION, 0))?;
        if let Some(main) = &boot.main {
            reach.root(main)?;
        }
        reach.run()?;
        reach.certain = false;
        let postponed = std::mem::take(&mut reach.postponed);
        reach.queue.extend(postponed);
        reach.keep(&options.keep)?;
        reach.run()?;
        while reach.calls_by_name()? {
            reach.run()?;
        }
        if !options.allow_missing {
            reach.refuse_missing()?;
        }
        if !reach.on_load.is_empty() {
            let made = Arc::new(Unit::made(boot.module(&reach.on_load)));
            let unit = reach.unit_of[PROGRAM_MODULE].expect("the boot code calls the program");
            reach.units[unit] = made;
        }
        Ok(reach.finish(otp_release, options))
    }
}

impl<'a> Reach<'a> {
    fn new(universe: &'a mut Universe) -> Reach<'a> {
        Reach {
            universe,
            units: Vec::new(),
            unit_of: HashMap::new(),
            reached: Vec::new(),
            queue: VecDeque::new(),
            postponed: Vec::new(),
            order: Vec::new(),
            bifs: BTreeMap::new(),
            missing: BTreeMap::new(),
            calls_by_name: BTreeMap::new(),
            atoms: Pools::default(),
            on_load: Vec::new(),
            certain: true,
        }
    }

    fn root(&mut self, name: &Mfa) -> Result<()> {
        match self.target(name)? {
            Target::Function(id) => {
                self.mark(id, Cause::Root(ENTRY));
                Ok(())
            }
            _ => Err(Error::new(format!("there is no function {name}"))),
        }
    }

    /// Keeps modules whole, with what the runtime provides of them.
    fn keep(&mut self, names: &[String]) -> Result<()> {
        for name in names {
            let Some(unit) = self.unit(&Atom::from(name.as_str()))? else {
                return Err(Error::new(format!("--keep {name}: there is no such module"))
                    .help("--keep takes the name of a module of the program or of OTP"));
            };
            for function in 0..self.units[unit].locals.len() {
                let function = FunctionIdx(function as u32);
                if matches!(self.units[unit].locals[function.index()], Local::Code) {
                    self.mark((unit, function), Cause::Root("--keep"));
                }
            }
            let provided = beamrc_abi::bifs::all().filter(|bif| bif.module == name);
            self.bifs.extend(provided.map(|bif| ((bif.module, bif.name, bif.arity), bif)));
        }
        Ok(())
    }

    /// The module of this name, loaded.
    fn unit(&mut self, name: &Atom) -> Result<Option<UnitIdx>> {
        if let Some(unit) = self.unit_of.get(name) {
            return Ok(*unit);
        }
        let unit = self.universe.get(name)?.map(|unit| {
            self.reached.push(vec![None; unit.locals.len()]);
            self.units.push(unit);
            self.units.len() - 1
        });
        self.unit_of.insert(name.clone(), unit);
        Ok(unit)
    }

    /// What an exported name stands for.
    fn target(&mut self, name: &Mfa) -> Result<Target> {
        if let Some(callee) = built_in(&name.module, &name.function, name.arity) {
            return Ok(Target::BuiltIn(callee));
        }
        let Some(unit) = self.unit(&name.module)? else {
            return Ok(Target::Missing);
        };
        let function = self.units[unit].export(&name.function, name.arity);
        Ok(function.map_or(Target::Missing, |function| self.local(unit, function)))
    }

    /// What a function of a module stands for.
    fn local(&self, unit: UnitIdx, function: FunctionIdx) -> Target {
        match self.units[unit].locals[function.index()] {
            Local::Code => Target::Function((unit, function)),
            Local::BuiltIn(callee) => Target::BuiltIn(callee),
            Local::Stub => Target::Missing,
        }
    }

    fn mark(&mut self, id: FunctionId, cause: Cause) {
        let slot = &mut self.reached[id.0][id.1.index()];
        if slot.is_none() {
            *slot = Some((cause, self.certain));
            if self.certain && self.units[id.0].unlikely.contains(&id.1) {
                self.postponed.push(id);
            } else {
                self.queue.push_back(id);
            }
            self.order.push(id);
        }
    }

    /// Follows calls until nothing new is reached.
    fn run(&mut self) -> Result<()> {
        while !self.queue.is_empty() {
            let wave: Vec<FunctionId> = self.queue.drain(..).collect();
            let mentions: Vec<Mentions> = wave
                .par_iter()
                .map(|(unit, function)| {
                    let module = &self.units[*unit].beam;
                    Mentions::of(module, &module.functions[function.index()])
                })
                .collect();
            let modules: Vec<Atom> = wave
                .iter()
                .zip(&mentions)
                .flat_map(|(id, mentions)| modules_named(&self.units[id.0].beam, mentions))
                .collect();
            self.universe.load(modules)?;
            for (id, mentions) in wave.into_iter().zip(mentions) {
                self.follow(id, mentions)?;
            }
        }
        Ok(())
    }

    fn follow(&mut self, id: FunctionId, mut mentions: Mentions) -> Result<()> {
        let module = self.units[id.0].beam.clone();
        self.note_on_load(id.0);
        let function = module.functions[id.1.index()].name;
        if evaluates(&module.name, module.atom(function)) {
            let called = bifs::all().filter(|bif| bif.module == "erlang" && is_expression(bif));
            self.bifs.extend(called.map(|bif| ((bif.module, bif.name, bif.arity), bif)));
        }
        let imports = mentions.imports.iter().map(|import| import_name(&module, *import));
        let exports = mentions.exports.iter();
        let exports =
            exports.map(|(m, f, a)| Mfa { module: m.clone(), function: f.clone(), arity: *a });
        for name in imports.chain(exports) {
            let target = match self.certain || !is_left_out(&module.name, &name.module) {
                true => self.target(&name)?,
                false => Target::Missing,
            };
            self.reach(id, target, || name);
        }
        for function in std::mem::take(&mut mentions.locals) {
            let target = self.local(id.0, function);
            self.reach(id, target, || Mfa::of(&module, function));
        }
        for dynamic in std::mem::take(&mut mentions.dynamic) {
            self.calls_by_name.entry((dynamic, module.name.clone())).or_insert(id);
        }
        // What the made module says of applications names every module they have.
        if &*module.name != PROGRAM_MODULE {
            self.note_atoms(&module.name, self.units[id.0].origin, mentions);
        }
        Ok(())
    }

    fn reach(&mut self, from: FunctionId, target: Target, name: impl FnOnce() -> Mfa) {
        match target {
            Target::Function(id) => self.mark(id, Cause::From(from)),
            Target::BuiltIn(Callee::Bif(bif)) => {
                self.bifs.insert((bif.module, bif.name, bif.arity), bif);
            }
            Target::BuiltIn(_) => {}
            Target::Missing => {
                let name = name();
                let certain = self.certain;
                if !self.missing.contains_key(&name) {
                    let path = self.path_to(from);
                    let stub = self.is_stub(&name);
                    self.missing.insert(name, Missing { path, certain, stub });
                }
            }
        }
    }

    fn is_stub(&mut self, name: &Mfa) -> bool {
        let Some(Some(unit)) = self.unit_of.get(&name.module) else {
            return false;
        };
        let unit = &self.units[*unit];
        let function = unit.export(&name.function, name.arity);
        function.is_none_or(|f| matches!(unit.locals[f.index()], Local::Stub))
            && unit
                .beam
                .functions
                .iter()
                .any(|f| unit.beam.atom(f.name) == &name.function && f.arity == name.arity)
    }

    fn note_on_load(&mut self, unit: UnitIdx) {
        let Some(function) = self.units[unit].on_load else {
            return;
        };
        if self.reached[unit][function.index()].is_none() {
            self.mark((unit, function), Cause::Root("runs when its module is loaded"));
            let name = Mfa::of(&self.units[unit].beam, function);
            self.on_load.push((name.module, name.function));
        }
    }

    fn note_atoms(&mut self, module: &Atom, origin: Origin, mentions: Mentions) {
        if origin == Origin::Program {
            self.note_together(&mentions.atoms);
            self.atoms.program.extend(mentions.atoms.iter().cloned());
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

    fn note_together(&mut self, atoms: &BTreeSet<Atom>) {
        for module in self.modules_among(atoms) {
            if self.universe.origin(&module) != Some(Origin::Program) {
                let others = atoms.iter().map(|atom| (module.clone(), atom.clone()));
                self.atoms.together.extend(others);
            }
        }
    }

    /// Keeps what calls by name may reach by now; whether that was anything new.
    fn calls_by_name(&mut self) -> Result<bool> {
        let kept = self.order.len();
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
                (None, None) => self.keep_pairs(call.arity, caller, *from)?,
            }
        }
        self.keep_told();
        Ok(self.order.len() > kept)
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

    /// The modules that a call in this module may mean when it does not say which.
    fn callbacks(&mut self, caller: &Atom) -> Result<Vec<Atom>> {
        let handed = self.atoms.of_module.get(caller).cloned().unwrap_or_default();
        let others: BTreeSet<Atom> =
            self.atoms.program.union(&self.atoms.own_names).cloned().collect();
        let mut modules = self.modules_among(&handed);
        let behaviour = match self.unit(caller)? {
            Some(unit) => self.units[unit].is_behaviour(),
            None => false,
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
            if unit.origin != Origin::Otp || !behaviour || named && unit.behaviours.contains(caller)
            {
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
            let declared =
                self.units[unit].behaviours.contains(caller) || handed.contains(&module);
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

    /// The functions from the entry to this one, each called by the one before.
    fn path_to(&self, id: FunctionId) -> Vec<Mfa> {
        let mut path = Vec::new();
        let mut next = Some(id);
        while let Some(id) = next {
            path.push(Mfa::of(&self.units[id.0].beam, id.1));
            next = match &self.reached[id.0][id.1.index()] {
                Some((Cause::From(from) | Cause::ByName(from), _)) => Some(*from),
                _ => None,
            };
        }
        path.reverse();
        // What runs before the program's entry is the same for every program.
        if let Some(entry) = path.iter().position(|name| &*name.module == PROGRAM_MODULE) {
            path.drain(..=entry);
        }
        path
    }

    /// Stops the build where certain code lacks functions.
    fn refuse_missing(&self) -> Result<()> {
        let certain: Vec<_> = self.missing.iter().filter(|(_, m)| m.certain).collect();
        if certain.is_empty() {
            return Ok(());
        }
        let lines = certain.iter().map(|(name, missing)| missing.line(name));
        let lines = lines.collect::<Vec<_>>().join("\n  ");
        let count = certain.len();
        let functions = if count == 1 { "a function" } else { "functions" };
        Err(Error::new(format!(
            "the program reaches {functions} that nothing provides:\n  {lines}"
        ))
        .help(
            "add the modules that have them as inputs; or build with --allow-missing, and a \
                 call of such a function raises undef at run time",
        ))
    }

    fn finish(self, otp_release: &str, options: &Options) -> Program {
        let mut order: Vec<UnitIdx> = (0..self.units.len())
            .filter(|u| self.reached[*u].iter().any(Option::is_some))
            .collect();
        order.sort_by(|a, b| self.units[*a].beam.name.cmp(&self.units[*b].beam.name));
        let mut place = vec![None; self.units.len()];
        for (index, unit) in order.iter().enumerate() {
            place[*unit] = Some(ModuleIdx(index as u32));
        }
        let modules: Vec<LoadedModule> =
            order.iter().map(|unit| self.loaded(*unit, &place, options)).collect();
        let functions = modules.iter().enumerate().flat_map(|(index, module)| {
            let reachable = module.reachable.iter().enumerate().filter(|(_, kept)| **kept);
            reachable.map(move |(function, _)| FunctionRef {
                module: ModuleIdx(index as u32),
                function: FunctionIdx(function as u32),
            })
        });
        let functions: Vec<FunctionRef> = functions.collect();
        let bifs: Vec<&'static Bif> = self.bifs.values().copied().collect();
        let by_name = modules.iter().enumerate();
        let by_name = by_name.map(|(i, m)| (m.name().clone(), ModuleIdx(i as u32))).collect();
        Program {
            atoms: AtomTable::new(all_atoms(&modules, &bifs)),
            report: self.report(&order),
            functions,
            bifs,
            entry: Mfa::new(BOOT_MODULE, BOOT_FUNCTION, 0),
            otp_release: otp_release.to_owned(),
            resources: Vec::new(),
            by_name,
            modules,
        }
    }

    fn loaded(
        &self,
        unit: UnitIdx,
        place: &[Option<ModuleIdx>],
        options: &Options,
    ) -> LoadedModule {
        let module = &self.units[unit];
        let callee = |target: Target| match target {
            Target::Function((unit, function)) => match place[unit] {
                Some(module) if self.reached[unit][function.index()].is_some() => {
                    Callee::Function(FunctionRef { module, function })
                }
                _ => Callee::Missing,
            },
            Target::BuiltIn(callee) => callee,
            Target::Missing => Callee::Missing,
        };
        let imports = (0..module.beam.imports.len()).map(|import| {
            let name = import_name(&module.beam, beamrc_beam::ImportIdx(import as u32));
            callee(self.known_target(&name))
        });
        let locals = (0..module.locals.len())
            .map(|function| callee(self.local(unit, FunctionIdx(function as u32))));
        let functions = module.beam.functions.iter().zip(0..);
        let by_name = functions.map(|(function, index)| {
            let name = module.beam.atom(function.name).clone();
            ((name, function.arity), FunctionIdx(index))
        });
        LoadedModule {
            by_name: by_name.collect(),
            beam: module.beam.clone(),
            origin: module.origin,
            path: module.path.clone(),
            content: module.content,
            whole: options.keep.iter().any(|name| **name == *module.beam.name),
            reachable: self.reached[unit].iter().map(Option::is_some).collect(),
            imports: imports.collect(),
            locals: locals.collect(),
        }
    }

    /// As `target`, among the modules that are loaded already: others have nothing reachable.
    fn known_target(&self, name: &Mfa) -> Target {
        if let Some(callee) = built_in(&name.module, &name.function, name.arity) {
            return Target::BuiltIn(callee);
        }
        let Some(Some(unit)) = self.unit_of.get(&name.module) else {
            return Target::Missing;
        };
        let function = self.units[*unit].export(&name.function, name.arity);
        function.map_or(Target::Missing, |function| self.local(*unit, function))
    }

    fn report(&self, order: &[UnitIdx]) -> Report {
        let modules = order.iter().map(|unit| {
            let module = &self.units[*unit];
            let first = self.order.iter().find(|id| id.0 == *unit).expect("the module is reached");
            let why = match &self.reached[first.0][first.1.index()] {
                Some((Cause::Root(why), _)) => (*why).to_owned(),
                Some((Cause::From(from), _)) => {
                    format!("called by {}", Mfa::of(&self.units[from.0].beam, from.1))
                }
                Some((Cause::ByName(from), _)) => {
                    format!(
                        "perhaps called by name in {}",
                        Mfa::of(&self.units[from.0].beam, from.1)
                    )
                }
                None => unreachable!("only reached functions are in the order"),
            };
            let reached = self.reached[*unit].iter().flatten();
            ModuleReport {
                name: module.beam.name.clone(),
                origin: module.origin,
                kept: reached.clone().count(),
                certain: reached.filter(|(_, certain)| *certain).count(),
                functions: module.locals.len(),
                first: Mfa::of(&module.beam, first.1),
                why,
            }
        });
        Report {
            modules: modules.collect(),
            missing: self.missing.clone(),
            by_name: self.kept_by_name(),
        }
    }
}

impl Reach<'_> {
    /// What no call is known to reach, in the order of names.
    fn kept_by_name(&self) -> Vec<Kept> {
        let mut kept: Vec<Kept> = self.order.iter().filter_map(|id| self.why_kept(*id)).collect();
        kept.sort_by(|a, b| a.function.cmp(&b.function));
        kept
    }

    fn why_kept(&self, id: FunctionId) -> Option<Kept> {
        let name = |id: FunctionId| Mfa::of(&self.units[id.0].beam, id.1);
        let why = match &self.reached[id.0][id.1.index()].as_ref()?.0 {
            Cause::ByName(from) => format!("perhaps called by name in {}", name(*from)),
            Cause::Root(why) if *why != ENTRY => (*why).to_owned(),
            Cause::Root(_) | Cause::From(_) => return None,
        };
        Some(Kept { function: name(id), why })
    }
}

fn import_name(module: &Module, import: beamrc_beam::ImportIdx) -> Mfa {
    let import = module.imports[import.index()];
    Mfa {
        module: module.atom(import.module).clone(),
        function: module.atom(import.function).clone(),
        arity: import.arity,
    }
}

/// The modules whose functions are called or made funs of.
fn modules_named(module: &Module, mentions: &Mentions) -> Vec<Atom> {
    let imports = mentions.imports.iter().map(|import| import_name(module, *import).module);
    imports.chain(mentions.exports.iter().map(|export| export.0.clone())).collect()
}

/// Every atom that the code, literals and tables of the program contain.
fn all_atoms(modules: &[LoadedModule], bifs: &[&Bif]) -> BTreeSet<Atom> {
    let told = tells_of_modules(bifs);
    let per_module = modules.par_iter().map(|m| atoms_of(m, told)).collect::<Vec<_>>();
    let names = bifs.iter().flat_map(|bif| [Atom::from(bif.module), Atom::from(bif.name)]);
    per_module.into_iter().flatten().chain(names).collect()
}

/// `told` is whether the program can ask for what `module_info` returns.
fn atoms_of(module: &LoadedModule, told: bool) -> BTreeSet<Atom> {
    let beam = &module.beam;
    let mut atoms: BTreeSet<Atom> = BTreeSet::from([beam.name.clone()]);
    if told {
        for literal in [&beam.attributes, &beam.compile_info] {
            atoms.extend(literal.atoms().cloned());
        }
        let exports = beam.exports.iter();
        atoms.extend(exports.map(|export| beam.atom(export.function).clone()));
    }
    for (index, function) in beam.functions.iter().enumerate() {
        if module.is_reachable(FunctionIdx(index as u32)) {
            atoms.insert(beam.atom(function.name).clone());
            let operands = function.instrs.iter().flat_map(|instr| &instr.operands);
            operands.for_each(|operand| operand_atoms(beam, operand, &mut atoms));
        }
    }
    for record in &beam.records {
        atoms.insert(beam.atom(record.name).clone());
        atoms.extend(record.fields.iter().map(|field| beam.atom(field.name).clone()));
        let defaults = record.fields.iter().filter_map(|field| field.default.as_ref());
        defaults.for_each(|operand| operand_atoms(beam, operand, &mut atoms));
    }
    atoms
}

fn operand_atoms(module: &Module, operand: &beamrc_beam::Operand, atoms: &mut BTreeSet<Atom>) {
    use beamrc_beam::Operand;
    match operand {
        Operand::Atom(atom) => {
            atoms.insert(module.atom(*atom).clone());
        }
        Operand::Literal(literal) => {
            atoms.extend(module.literals[literal.index()].atoms().cloned());
        }
        Operand::Import(import) => {
            let name = import_name(module, *import);
            atoms.extend([name.module, name.function]);
        }
        Operand::Lambda(lambda) => {
            atoms.insert(module.atom(module.lambdas[lambda.index()].function).clone());
        }
        // A called function may be known by its name only, if it is not reachable as code.
        Operand::Label(label) => {
            if let Some(function) = module.function_of(*label) {
                let name = module.functions[function.index()].name;
                atoms.insert(module.atom(name).clone());
            }
        }
        Operand::List(elements) => {
            elements.iter().for_each(|element| operand_atoms(module, element, atoms));
        }
        _ => {}
    }
}
