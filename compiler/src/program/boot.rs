//! The module that tells the boot code of the runtime about one program: what to run and which
//! applications there are.
//!
//! It is made here, not compiled, so that a build needs no Erlang compiler for it. Its functions
//! are `main/0`, which calls the program's entry, `on_load/0`, `applications/0` and `root/0`.

use std::collections::{BTreeMap, BTreeSet};

use beamrc_abi::program::EMBEDDED_ROOT;
use beamrc_beam::{
    Atom, AtomIdx, Function, FunctionIdx, FunctionName, Import, ImportIdx, Instr, Label,
    LabelPosition, LineIdx, LineTable, Literal, LiteralIdx, Module, Op, Operand, Terms,
};

use super::{Callee, Mfa, Program};

/// The shim that runs first.
pub const BOOT_MODULE: &str = "beamrc_boot";
/// Its function without arguments.
pub const BOOT_FUNCTION: &str = "start";
/// The function of the module made here that says where embedded files are: who calls it needs them.
const EMBEDDED_FUNCTION: &str = "root";
/// The module made here.
pub(super) const PROGRAM_MODULE: &str = "beamrc_program";

/// What a program's entry is and what surrounds it.
#[derive(Clone, Debug)]
pub struct Boot {
    /// Called with `arguments`, all of them atoms.
    pub module: Atom,
    pub function: Atom,
    pub arguments: Vec<Atom>,
    /// A function that the entry calls by name.
    pub main: Option<Mfa>,
    /// The application specifications, as in the `.app` files.
    pub applications: Vec<Literal>,
    /// The terms in them that may name modules to call: start modules and environments.
    pub application_values: Vec<Literal>,
    /// Whether all of them but OTP's kernel are nothing but code.
    pub code_only: bool,
    /// Other applications of OTP, for programs that start them.
    pub otp_applications: BTreeMap<Atom, OtpApplication>,
}

/// An application of OTP that no application of the program needs.
#[derive(Clone, Debug)]
pub struct OtpApplication {
    pub specification: Literal,
    /// The terms in it that may name modules to call.
    pub values: Vec<Literal>,
    /// Whether it is nothing but code.
    pub code_only: bool,
    /// The applications that must run before it.
    pub needs: Vec<Atom>,
}

impl Program {
    /// Whether it can ask where embedded files are.
    pub fn reads_embedded_files(&self) -> bool {
        matches!(self.resolve(PROGRAM_MODULE, EMBEDDED_FUNCTION, 0), Callee::Function(_))
    }
}

#[derive(Default)]
struct Maker {
    atoms: Vec<Atom>,
    imports: Vec<Import>,
    literals: Vec<Literal>,
    functions: Vec<Function>,
    labels: Vec<Option<LabelPosition>>,
}

impl Boot {
    /// The module; `on_load` names the functions to run before the entry, `started` those of OTP's
    /// other applications that there are.
    pub(super) fn module(&self, on_load: &[(Atom, Atom)], started: &BTreeSet<Atom>) -> Module {
        let mut maker = Maker { labels: vec![None], ..Maker::default() };
        let module = maker.atom(PROGRAM_MODULE);
        maker.call(module, "main", self);
        let pair =
            |a: &Atom, b: Literal| Literal::Tuple(Terms::from(vec![Literal::Atom(a.clone()), b]));
        let on_load = on_load.iter().map(|(m, f)| pair(m, Literal::Atom(f.clone()))).collect();
        maker.constant(module, "on_load", Literal::proper_list(on_load));
        let started = started.iter().map(|name| &self.otp_applications[name].specification);
        let applications = self.applications.iter().chain(started).cloned().collect();
        maker.constant(module, "applications", Literal::proper_list(applications));
        let root = Literal::Binary(EMBEDDED_ROOT.as_bytes().into());
        maker.constant(module, EMBEDDED_FUNCTION, root);
        maker.finish()
    }
}

impl Maker {
    fn atom(&mut self, text: &str) -> AtomIdx {
        let found = self.atoms.iter().position(|atom| &**atom == text);
        AtomIdx(found.unwrap_or_else(|| {
            self.atoms.push(text.into());
            self.atoms.len() - 1
        }) as u32)
    }

    /// A function without arguments that calls the entry.
    fn call(&mut self, module: AtomIdx, name: &str, boot: &Boot) {
        let mut body = Vec::new();
        for (x, argument) in boot.arguments.iter().enumerate() {
            let argument = self.atom(argument);
            body.push((Op::Move, vec![Operand::Atom(argument), Operand::X(x as u32)]));
        }
        let arity = boot.arguments.len() as u32;
        let import =
            Import { module: self.atom(&boot.module), function: self.atom(&boot.function), arity };
        self.imports.push(import);
        let import = Operand::Import(ImportIdx(self.imports.len() as u32 - 1));
        body.push((Op::CallExtOnly, vec![Operand::Unsigned(arity.into()), import]));
        self.function(module, name, body);
    }

    /// A function without arguments that returns a term.
    fn constant(&mut self, module: AtomIdx, name: &str, term: Literal) {
        let value = match term {
            Literal::Nil => Operand::Nil,
            term => {
                self.literals.push(term);
                Operand::Literal(LiteralIdx(self.literals.len() as u32 - 1))
            }
        };
        let body = vec![(Op::Move, vec![value, Operand::X(0)]), (Op::Return, vec![])];
        self.function(module, name, body);
    }

    fn function(&mut self, module: AtomIdx, name: &str, body: Vec<(Op, Vec<Operand>)>) {
        let name = self.atom(name);
        let function = FunctionIdx(self.functions.len() as u32);
        let func_info = Label(self.labels.len() as u32);
        let entry = Label(func_info.0 + 1);
        self.labels.push(Some(LabelPosition { function, instr: 0 }));
        self.labels.push(Some(LabelPosition { function, instr: 2 }));
        let info = vec![Operand::Atom(module), Operand::Atom(name), Operand::Unsigned(0)];
        let head = vec![
            (Op::Label, vec![Operand::Label(func_info)]),
            (Op::FuncInfo, info),
            (Op::Label, vec![Operand::Label(entry)]),
        ];
        let instrs = head.into_iter().chain(body);
        let instrs = instrs.map(|(op, operands)| Instr { op, operands, line: LineIdx(0) });
        let instrs = instrs.collect();
        self.functions.push(Function { name, arity: 0, func_info, entry, instrs, entry_instr: 2 });
    }

    fn finish(self) -> Module {
        let exports = self.functions.iter().map(|function| FunctionName {
            function: function.name,
            arity: function.arity,
            label: function.entry,
        });
        Module {
            name: self.atoms[0].clone(),
            exports: exports.collect(),
            atoms: self.atoms,
            imports: self.imports,
            locals: Vec::new(),
            lambdas: Vec::new(),
            literals: self.literals,
            strings: Vec::new(),
            lines: LineTable {
                files: vec![format!("{PROGRAM_MODULE}.erl").into()],
                locations: vec![beamrc_beam::Location { file: beamrc_beam::FileIdx(0), line: 0 }],
                flags: 0,
            },
            types: Vec::new(),
            type_version: 0,
            attributes: Literal::Nil,
            compile_info: Literal::Nil,
            records: Vec::new(),
            functions: self.functions,
            labels: self.labels,
            md5: [0; 16],
            chunks: Vec::new(),
        }
    }
}
