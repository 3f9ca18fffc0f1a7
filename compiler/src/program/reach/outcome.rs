//! The program that was reached, and the report of it.

use super::*;

impl Reach<'_> {
    /// The program, in the order of names.
    pub(super) fn finish(self, otp_release: &str, options: &Options) -> Program {
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
            saves_calls: self.atoms.program.contains("save_calls"),
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
    pub(super) fn known_target(&self, name: &Mfa) -> Target {
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

/// Every atom that the code, literals and tables of the program contain.
fn all_atoms(modules: &[LoadedModule], bifs: &[&Bif]) -> BTreeSet<Atom> {
    let told = Told::by(bifs);
    let per_module = modules.par_iter().map(|m| atoms_of(m, told)).collect::<Vec<_>>();
    let names = bifs.iter().flat_map(|bif| [Atom::from(bif.module), Atom::from(bif.name)]);
    per_module.into_iter().flatten().chain(names).collect()
}

/// `told` is what the program can ask of the module's tables.
fn atoms_of(module: &LoadedModule, told: Told) -> BTreeSet<Atom> {
    let beam = &module.beam;
    let mut atoms: BTreeSet<Atom> = BTreeSet::from([beam.name.clone()]);
    if told.modules {
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
