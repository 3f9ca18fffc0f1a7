//! What the code of one function refers to: calls, funs, atoms, and calls whose target only run
//! time knows.
//!
//! Registers that hold a constant are followed within a basic block, so that
//! `spawn(Mod, Fun, Args)` and `Mod:fun(Args)` are as precise as the code allows. Atoms that are
//! only compared with are left out: comparing makes no value. This file must not know other
//! modules.

use std::collections::{BTreeSet, HashMap};

use beamrc_beam::{
    Atom, Function, FunctionIdx, Import, ImportIdx, Instr, Literal, Module, Op, Operand,
    OperandKind, Reg,
};

/// What one function refers to. Everything is sorted, each thing once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Mentions {
    /// Imports that it calls.
    pub imports: BTreeSet<ImportIdx>,
    /// Functions of its own module that it calls or makes funs of.
    pub locals: BTreeSet<FunctionIdx>,
    /// `fun M:F/A` in its literals, and calls by names that are known in full.
    pub exports: BTreeSet<(Atom, Atom, u32)>,
    /// Atoms that it may pass on as values.
    pub atoms: BTreeSet<Atom>,
    /// Calls by name.
    pub dynamic: BTreeSet<Dynamic>,
    /// Atoms that stand side by side in a tuple, a list or the arguments of a call, as module and
    /// function do where a function is passed on by name.
    pub pairs: BTreeSet<(Atom, Atom)>,
    /// Module and an atom that is an argument of a call of one of its functions, but for requests to
    /// processes.
    pub passed: BTreeSet<(Atom, Atom)>,
}

/// A call by name; what is `None` is known at run time only, and something is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Dynamic {
    pub module: Option<Atom>,
    pub function: Option<Atom>,
    pub arity: Option<u32>,
}

/// Functions that call a function given as module, function and argument list, and the position
/// of the module among their arguments.
const BY_NAME: &[(&str, &str, u32, u32)] = &[
    ("erlang", "apply", 3, 0),
    ("erlang", "hibernate", 3, 0),
    ("erlang", "make_fun", 3, 0),
    ("erlang", "spawn", 3, 0),
    ("erlang", "spawn", 4, 1),
    ("erlang", "spawn_link", 3, 0),
    ("erlang", "spawn_link", 4, 1),
    ("erlang", "spawn_monitor", 3, 0),
    ("erlang", "spawn_monitor", 4, 1),
    ("erlang", "spawn_opt", 4, 0),
    ("erlang", "spawn_opt", 5, 1),
    ("erlang", "spawn_request", 3, 0),
    ("erlang", "spawn_request", 5, 1),
    ("proc_lib", "spawn", 3, 0),
    ("proc_lib", "spawn", 4, 1),
    ("proc_lib", "spawn_link", 3, 0),
    ("proc_lib", "spawn_link", 4, 1),
    ("proc_lib", "spawn_opt", 4, 0),
    ("proc_lib", "spawn_opt", 5, 1),
    ("proc_lib", "hibernate", 3, 0),
    ("proc_lib", "start", 3, 0),
    ("proc_lib", "start", 4, 0),
    ("proc_lib", "start", 5, 0),
    ("proc_lib", "start_link", 3, 0),
    ("proc_lib", "start_link", 4, 0),
    ("proc_lib", "start_link", 5, 0),
    ("proc_lib", "start_monitor", 3, 0),
    ("proc_lib", "start_monitor", 4, 0),
    ("proc_lib", "start_monitor", 5, 0),
    ("timer", "apply_after", 4, 1),
    ("timer", "apply_interval", 4, 1),
    ("timer", "apply_repeatedly", 4, 1),
    ("timer", "tc", 3, 0),
];

/// What is known of a register.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Known {
    Atom(Atom),
    /// A proper list of this many elements.
    List(u32),
    /// A small number, such as the arity of a fun in the making.
    Number(u32),
}

struct Scan<'a> {
    module: &'a Module,
    known: HashMap<Reg, Known>,
    found: Mentions,
}

impl Mentions {
    /// What the function refers to.
    pub fn of(module: &Module, function: &Function) -> Mentions {
        let mut scan = Scan { module, known: HashMap::new(), found: Mentions::default() };
        for instr in function.body() {
            scan.references(instr);
            scan.pairs(instr);
            scan.dynamic_call(instr);
            scan.follow(instr);
        }
        scan.found
    }
}

/// Whether a function of a behaviour is given the name of a process and what to tell it. The others
/// are given callback modules: they start processes or add handlers to them.
fn addresses_a_process(module: &str, function: &str) -> bool {
    let takes_modules = ["start", "enter_loop", "init_it", "add_", "swap_"];
    matches!(module, "gen" | "gen_server" | "gen_statem" | "gen_event" | "supervisor")
        && !function.is_empty()
        && !takes_modules.iter().any(|start| function.starts_with(start))
}

fn is_atom(term: &Literal, text: &str) -> bool {
    matches!(term, Literal::Atom(atom) if **atom == *text)
}

impl Scan<'_> {
    /// Notes what the operands of an instruction name.
    fn references(&mut self, instr: &Instr) {
        let passes_on = match instr.op {
            Op::FuncInfo | Op::BsMatch => false,
            Op::IsLt | Op::IsGe | Op::IsEq | Op::IsNe | Op::IsEqExact | Op::IsNeExact => false,
            Op::SelectVal | Op::IsTaggedTuple | Op::HasMapFields | Op::GetMapElements => false,
            Op::Bif2 | Op::GcBif2 => !self.compares(instr),
            _ => true,
        };
        for (operand, spec) in instr.operands.iter().zip(instr.op.info().operands) {
            match spec.kind {
                OperandKind::Callee => {
                    let callee = operand.label().and_then(|label| self.module.function_of(label));
                    self.found.locals.extend(callee);
                }
                OperandKind::Lambda => self.operand(operand, false),
                // Tags and hints for the machine.
                OperandKind::Atom | OperandKind::FailOrAtom | OperandKind::FunTag => {}
                _ => self.operand(operand, passes_on),
            }
        }
    }

    fn operand(&mut self, operand: &Operand, passes_on: bool) {
        match operand {
            Operand::Atom(atom) if passes_on => {
                self.found.atoms.insert(self.module.atom(*atom).clone());
            }
            Operand::Literal(literal) => self.literal(*literal, passes_on),
            Operand::Import(import) => {
                self.found.imports.insert(*import);
            }
            Operand::Lambda(lambda) => {
                let label = self.module.lambdas[lambda.index()].label;
                self.found.locals.extend(self.module.function_of(label));
            }
            Operand::List(elements) => {
                elements.iter().for_each(|element| self.operand(element, passes_on));
            }
            _ => {}
        }
    }

    fn literal(&mut self, literal: beamrc_beam::LiteralIdx, passes_on: bool) {
        let module = self.module;
        let mut pending = vec![&module.literals[literal.index()]];
        while let Some(term) = pending.pop() {
            match term {
                // The domains of log events are called sasl and the like and mean no modules.
                Literal::Map(terms) => {
                    let values = terms.chunks_exact(2).filter(|pair| !is_atom(&pair[0], "domain"));
                    pending.extend(values.flatten());
                    continue;
                }
                Literal::Atom(atom) if passes_on => {
                    self.found.atoms.insert(atom.clone());
                }
                Literal::Tuple(terms) | Literal::List(terms) if passes_on => {
                    for side_by_side in terms.windows(2) {
                        if let [Literal::Atom(first), Literal::Atom(second)] = side_by_side {
                            self.found.pairs.insert((first.clone(), second.clone()));
                        }
                    }
                }
                Literal::Export(export) => {
                    let arity = u32::from(export.arity);
                    let (module, function) = (export.module.clone(), export.function.clone());
                    self.found.exports.insert((module, function, arity));
                }
                _ => {}
            }
            pending.extend(term.children());
        }
    }

    /// Notes atoms side by side in what an instruction builds or passes on.
    fn pairs(&mut self, instr: &Instr) {
        let row: Vec<Option<Atom>> = match (instr.op, &instr.operands[..]) {
            (Op::PutTuple2, [_, Operand::List(elements)]) => {
                elements.iter().map(|element| self.atom_of(element)).collect()
            }
            (
                Op::Call | Op::CallLast | Op::CallOnly | Op::CallFun,
                [Operand::Unsigned(arity), ..],
            ) => self.arguments(*arity),
            (Op::Apply | Op::ApplyLast, [Operand::Unsigned(arity), ..]) => {
                let row = self.arguments(*arity);
                let name =
                    self.atom_in(*arity as u32 + 1).map_or(String::new(), |name| name.to_string());
                if let Some(module) = self.atom_in(*arity as u32) {
                    self.passed(&module, &name, &row);
                }
                row
            }
            (
                Op::CallExt | Op::CallExtLast | Op::CallExtOnly,
                [Operand::Unsigned(arity), Operand::Import(import), ..],
            ) => {
                let row = self.arguments(*arity);
                let import = self.module.imports[import.index()];
                let module = self.module;
                self.passed(module.atom(import.module), module.atom(import.function), &row);
                row
            }
            _ => return,
        };
        for side_by_side in row.windows(2) {
            if let [Some(first), Some(second)] = side_by_side {
                self.found.pairs.insert((first.clone(), second.clone()));
            }
        }
    }

    /// Notes what a function of a module is given; no name if it is known at run time only.
    fn passed(&mut self, module: &Atom, function: &str, arguments: &[Option<Atom>]) {
        if !addresses_a_process(module, function) {
            let atoms = arguments.iter().flatten();
            self.found.passed.extend(atoms.map(|atom| (module.clone(), atom.clone())));
        }
    }

    /// The arguments of a call that are known atoms.
    fn arguments(&self, arity: u64) -> Vec<Option<Atom>> {
        (0..arity as u32).map(|x| self.atom_in(x)).collect()
    }

    fn atom_of(&self, operand: &Operand) -> Option<Atom> {
        match self.value(operand) {
            Some(Known::Atom(atom)) => Some(atom),
            _ => None,
        }
    }

    /// Whether the BIF of an instruction is a comparison.
    fn compares(&self, instr: &Instr) -> bool {
        instr.operands.iter().any(|operand| match operand {
            Operand::Import(import) => {
                let import = &self.module.imports[import.index()];
                let name = &**self.module.atom(import.function);
                matches!(name, "=:=" | "=/=" | "==" | "/=" | "<" | ">" | "=<" | ">=")
            }
            _ => false,
        })
    }

    /// Notes a call whose target is given as module and function.
    fn dynamic_call(&mut self, instr: &Instr) {
        match instr.op {
            Op::Apply | Op::ApplyLast => {
                let arity = instr.operands[0].unsigned().and_then(|n| u32::try_from(n).ok());
                let Some(arity) = arity else { return };
                self.call_by_name(self.atom_in(arity), self.atom_in(arity + 1), Some(arity));
            }
            Op::CallExt | Op::CallExtLast | Op::CallExtOnly => {
                let Some(Operand::Import(import)) = instr.operands.get(1) else {
                    return;
                };
                let import = self.module.imports[import.index()];
                let name =
                    (&**self.module.atom(import.module), &**self.module.atom(import.function));
                if name == ("erlang", "make_fun") && import.arity == 3 {
                    let arity = match self.known.get(&Reg::X(2)) {
                        Some(Known::Number(arity)) => Some(*arity),
                        _ => None,
                    };
                    self.call_by_name(self.atom_in(0), self.atom_in(1), arity);
                } else if let Some(at) = self.names_a_function(import) {
                    let arity = match self.known.get(&Reg::X(at + 2)) {
                        Some(Known::List(length)) => Some(*length),
                        _ => None,
                    };
                    self.call_by_name(self.atom_in(at), self.atom_in(at + 1), arity);
                }
            }
            _ => {}
        }
    }

    /// A name that is known in full is as good as a call.
    fn call_by_name(&mut self, module: Option<Atom>, function: Option<Atom>, arity: Option<u32>) {
        match (module, function, arity) {
            (Some(module), Some(function), Some(arity)) => {
                self.found.exports.insert((module, function, arity));
            }
            (module, function, arity) => {
                self.found.dynamic.insert(Dynamic { module, function, arity });
            }
        }
    }

    fn names_a_function(&self, import: Import) -> Option<u32> {
        let module = &**self.module.atom(import.module);
        let function = &**self.module.atom(import.function);
        let row =
            BY_NAME.iter().find(|row| (row.0, row.1, row.2) == (module, function, import.arity));
        row.map(|row| row.3)
    }

    fn atom_in(&self, x: u32) -> Option<Atom> {
        match self.known.get(&Reg::X(x)) {
            Some(Known::Atom(atom)) => Some(atom.clone()),
            _ => None,
        }
    }

    fn value(&self, operand: &Operand) -> Option<Known> {
        match operand {
            Operand::Atom(atom) => Some(Known::Atom(self.module.atom(*atom).clone())),
            Operand::Nil => Some(Known::List(0)),
            Operand::Int(number) => Some(Known::Number(u32::try_from(*number).ok()?)),
            Operand::Literal(literal) => {
                let elements = self.module.literals[literal.index()].as_proper_list()?;
                Some(Known::List(u32::try_from(elements.len()).ok()?))
            }
            _ => self.known.get(&operand.reg()?.0).cloned(),
        }
    }

    /// Brings `known` behind the instruction.
    fn follow(&mut self, instr: &Instr) {
        match instr.op {
            Op::Move => {
                let value = self.value(&instr.operands[0]);
                self.set(&instr.operands[1], value);
            }
            Op::PutList => {
                let value = match self.value(&instr.operands[1]) {
                    Some(Known::List(length)) => Some(Known::List(length + 1)),
                    _ => None,
                };
                self.set(&instr.operands[2], value);
            }
            Op::Line | Op::TestHeap => {}
            // The frame is another then.
            Op::Allocate | Op::AllocateHeap | Op::InitYregs | Op::Trim | Op::Deallocate => {
                self.known.retain(|reg, _| matches!(reg, Reg::X(_)));
            }
            Op::Call | Op::CallExt | Op::CallFun | Op::CallFun2 | Op::Apply | Op::Send => {
                self.known.retain(|reg, _| matches!(reg, Reg::Y(_)));
            }
            // Other paths come in here, or registers are set through a list.
            Op::Label | Op::BsMatch | Op::GetMapElements => self.known.clear(),
            Op::GetRecordElements | Op::TryCase | Op::CatchEnd | Op::LoopRec => self.known.clear(),
            _ => {
                for (operand, spec) in instr.operands.iter().zip(instr.op.info().operands) {
                    if matches!(spec.kind, OperandKind::Dst | OperandKind::FloatDst) {
                        self.set(operand, None);
                    }
                }
            }
        }
    }

    fn set(&mut self, dst: &Operand, value: Option<Known>) {
        let Some((reg, _)) = dst.reg() else { return };
        match value {
            Some(value) => self.known.insert(reg, value),
            None => self.known.remove(&reg),
        };
    }
}
