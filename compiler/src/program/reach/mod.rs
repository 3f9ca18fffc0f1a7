//! Which functions a program consists of.
//!
//! First what calls and funs reach from the entry ("certain"), which must be there; then, again and
//! again, what calls by name may reach (`by_name`); what lacks there is `undef` at run time. Some
//! functions are known to go on only in unlikely cases (`otp`). `outcome` makes the program of it. This
//! folder must not know what the functions do.

mod by_name;
mod outcome;
mod started;

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use beamrc_abi::bifs::{self, Bif};
use beamrc_beam::{Atom, FunctionIdx, Literal, Module};
use rayon::prelude::*;

use by_name::Pools;

use super::boot::PROGRAM_MODULE;
use super::mentions::{Dynamic, Mentions};
use super::names::{bif, built_in};
use super::otp::{PRINTS_ERRORS, Unless, calls_for, evaluates, left_out};
use super::report::{Kept, Missing, ModuleReport, Report};
use super::universe::{Local, Unit};
use super::{
    AtomTable, BOOT_FUNCTION, BOOT_MODULE, Boot, Callee, FunctionRef, LoadedModule, Mfa, ModuleIdx,
    Origin, Program, Told, Universe,
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

/// The function that explains an error, if `error_info` does not say otherwise.
const FORMAT_ERROR: &str = "format_error";

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
    boot: &'a Boot,
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
    /// Calls that are needed in some cases only, and by whom.
    left_out: Vec<(FunctionId, Mfa, Unless)>,
    /// Functions that start servers.
    servers: BTreeSet<&'static str>,
    /// Applications of OTP that are there because the program starts them.
    applications: BTreeSet<Atom>,
    on_load: Vec<(Atom, Atom)>,
    /// Whether what is found now is certain.
    certain: bool,
}

impl Program {
    /// Finds what the program consists of.
    pub fn load(
        universe: &mut Universe,
        boot: &Boot,
        otp_release: &str,
        options: &Options,
    ) -> Result<Program> {
        universe.add_made(boot.module(&[], &BTreeSet::new()));
        let mut reach = Reach::new(universe, boot);
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
        reach.note_left_out();
        if !options.allow_missing {
            reach.refuse_missing()?;
        }
        if !reach.on_load.is_empty() || !reach.applications.is_empty() {
            let made = boot.module(&reach.on_load, &reach.applications);
            let made = Arc::new(Unit::made(made));
            let unit = reach.unit_of[PROGRAM_MODULE].expect("the boot code calls the program");
            reach.units[unit] = made;
        }
        Ok(reach.finish(otp_release, options))
    }
}

impl<'a> Reach<'a> {
    fn new(universe: &'a mut Universe, boot: &'a Boot) -> Reach<'a> {
        Reach {
            universe,
            boot,
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
            left_out: Vec::new(),
            servers: BTreeSet::new(),
            applications: BTreeSet::new(),
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
            self.note_call(self.units[id.0].origin, &name, &mentions);
            if !self.certain
                && let Some(unless) = left_out(&module.name, &name.module)
            {
                self.left_out.push((id, name, unless));
                continue;
            }
            let target = self.target(&name)?;
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
        let name = Mfa::of(&self.units[unit].beam, function);
        let name = (name.module, name.function);
        // That it is kept does not say that it runs.
        if !self.on_load.contains(&name) {
            self.mark((unit, function), Cause::Root("runs when its module is loaded"));
            self.on_load.push(name);
        }
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
