//! Compiles what is needed, on all cores: a function is needed if it can be called by name or if
//! compiled code refers to it.

use crate::clif::{self, Symbol, isa};
use crate::object::{self, AtomIds, Description, Made, Unit};
use crate::ssa::{self, Convention, Function, Name, build, passes};
use beamrc_abi::bifs::Bif;
use beamrc_beam as beam;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Condvar, Mutex};

/// A stage that can be printed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// As built from bytecode.
    Ssa,
    /// After all passes.
    Passes,
    /// Cranelift's input.
    Clif,
}

/// What to print on the way.
pub struct Dump<'a> {
    pub wants: &'a (dyn Fn(Stage, &Name) -> bool + Sync),
    pub print: &'a (dyn Fn(Stage, String) + Sync),
}

/// Where machine code of earlier builds is kept, by module and by the hash of all it depends on.
pub trait Store: Sync {
    fn get(&self, module: &str, key: &[u8; 32]) -> Option<Vec<u8>>;
    fn put(&self, module: &str, key: [u8; 32], value: Vec<u8>);
}

/// A program to compile.
pub struct Input<'a> {
    /// Every function that may be needed.
    pub sources: HashMap<Name, (&'a beam::Module, &'a beam::Function)>,
    pub resolver: &'a (dyn build::Resolver + Sync),
    pub description: Description<'a>,
    pub opt: isa::Opt,
    /// Write symbols and line tables.
    pub debug: bool,
    pub dump: Option<Dump<'a>>,
    pub store: Option<&'a dyn Store>,
}

type Job = (Name, Convention);

/// The object file.
pub fn compile(input: Input) -> Result<Made, String> {
    let mut description = input.description;
    let atoms = AtomIds::new(&description.atoms);
    let shop = Shop {
        sources: &input.sources,
        resolver: input.resolver,
        atoms: &atoms,
        isa: isa::isa(input.opt),
        dump: input.dump,
        bifs: bif_rows(),
        store: input.store,
        salt: salt(input.opt, &description.atoms),
    };
    let roots: Vec<Job> =
        description.exports.keys().map(|n| (n.clone(), Convention::Plain)).collect();
    let (units, literal_funs) = shop.run(roots)?;
    for name in literal_funs {
        description.exports.entry(name).or_insert(None);
    }
    object::write(&units, &description, input.debug)
}

fn bif_rows() -> HashMap<(&'static str, &'static str, u32), &'static Bif> {
    beamrc_abi::bifs::all().map(|b| ((b.module, b.name, b.arity as u32), b)).collect()
}

struct Shop<'a> {
    sources: &'a HashMap<Name, (&'a beam::Module, &'a beam::Function)>,
    resolver: &'a (dyn build::Resolver + Sync),
    atoms: &'a AtomIds,
    isa: cranelift_codegen::isa::OwnedTargetIsa,
    dump: Option<Dump<'a>>,
    bifs: HashMap<(&'static str, &'static str, u32), &'static Bif>,
    store: Option<&'a dyn Store>,
    /// What all keys of the store depend on.
    salt: blake3::Hasher,
}

/// What machine code depends on beside a function's own text: options, and atoms whose numbers are
/// not those of their texts.
fn salt(opt: isa::Opt, atoms: &[(u32, beam::Atom)]) -> blake3::Hasher {
    let mut salt = blake3::Hasher::new();
    salt.update(format!("{opt:?} {}", beamrc_abi::VERSION).as_bytes());
    for (id, text) in
        atoms.iter().filter(|(id, text)| *id != beamrc_abi::atom::home_id(text.as_bytes()))
    {
        salt.update(format!("{id} {text:?}").as_bytes());
    }
    salt
}

/// What the threads share.
struct Queue {
    waiting: Vec<Job>,
    known: HashSet<Job>,
    working: usize,
    done: BTreeMap<(Name, Convention), Unit>,
    literal_funs: HashSet<Name>,
    error: Option<String>,
}

impl Shop<'_> {
    /// Everything that the roots need, in rising order, and the functions that literals refer to.
    fn run(&self, roots: Vec<Job>) -> Result<(Vec<Unit>, HashSet<Name>), String> {
        let queue = Mutex::new(Queue {
            known: roots.iter().cloned().collect(),
            waiting: roots,
            working: 0,
            done: BTreeMap::new(),
            literal_funs: HashSet::new(),
            error: None,
        });
        let changed = Condvar::new();
        // With something to print, one thread keeps the order.
        let threads = match self.dump {
            Some(_) => 1,
            None => std::thread::available_parallelism().map_or(1, |n| n.get()),
        };
        std::thread::scope(|scope| {
            for _ in 0..threads {
                let thread = std::thread::Builder::new().stack_size(64 << 20);
                thread.spawn_scoped(scope, || self.work(&queue, &changed)).expect("a thread");
            }
        });
        let queue = queue.into_inner().expect("no thread panicked");
        match queue.error {
            Some(error) => Err(error),
            None => Ok((queue.done.into_values().collect(), queue.literal_funs)),
        }
    }
    fn work(&self, queue: &Mutex<Queue>, changed: &Condvar) {
        loop {
            let job = {
                let mut queue = queue.lock().expect("no thread panicked");
                loop {
                    if queue.error.is_some() || (queue.waiting.is_empty() && queue.working == 0) {
                        changed.notify_all();
                        return;
                    }
                    if let Some(job) = queue.waiting.pop() {
                        queue.working += 1;
                        break job;
                    }
                    queue = changed.wait(queue).expect("no thread panicked");
                }
            };
            let result = self.compile(&job);
            let mut queue = queue.lock().expect("no thread panicked");
            queue.working -= 1;
            match result {
                Ok(unit) => queue.finish(job, unit),
                Err(error) => queue.error = Some(error),
            }
            changed.notify_all();
        }
    }

    fn compile(&self, (name, convention): &Job) -> Result<Unit, String> {
        if let Some(bif) = self.bif(name) {
            let code = clif::compile_bif_wrapper(bif, &*self.isa)?;
            return Ok(Unit::new(empty(name, *convention), code));
        }
        let mut f = match self.sources.get(name) {
            Some((module, code)) => {
                build::build(module, code, *convention, self.resolver).map_err(|e| e.0)?
            }
            None => build::undefined(name, *convention),
        };
        self.print(Stage::Ssa, name, || f.to_string());
        passes::run(&mut f)?;
        self.print(Stage::Passes, name, || f.to_string());
        self.print(Stage::Clif, name, || clif::clif_text(&f, self.atoms, &*self.isa));
        let code = self.machine_code(&f)?;
        Ok(Unit::new(f, code))
    }
    fn machine_code(&self, f: &Function) -> Result<clif::Compiled, String> {
        let Some(store) = self.store else { return clif::compile(f, self.atoms, &*self.isa) };
        let mut key = self.salt.clone();
        key.update(f.to_string().as_bytes());
        let key = *key.finalize().as_bytes();
        if let Some(code) =
            store.get(&f.name.module, &key).and_then(|bytes| clif::Compiled::from_bytes(&bytes))
        {
            return Ok(code);
        }
        let code = clif::compile(f, self.atoms, &*self.isa)?;
        store.put(&f.name.module, key, code.to_bytes());
        Ok(code)
    }
    /// The BIF that the name stands for, if calls of it are calls of a wrapper.
    fn bif(&self, name: &Name) -> Option<&'static Bif> {
        match self.resolver.resolve(name) {
            build::Callee::Bif(bif) => Some(bif),
            build::Callee::Function => None,
            build::Callee::Missing => self
                .bifs
                .iter()
                .find(|((m, f, a), _)| {
                    *m == &*name.module && *f == &*name.function && *a == name.arity
                })
                .map(|(_, bif)| *bif),
        }
    }
    fn print(&self, stage: Stage, name: &Name, text: impl FnOnce() -> String) {
        if let Some(dump) = &self.dump
            && (dump.wants)(stage, name)
        {
            (dump.print)(stage, text());
        }
    }
}

impl Queue {
    fn finish(&mut self, job: Job, unit: Unit) {
        let mut need = |job: Job| {
            if self.known.insert(job.clone()) {
                self.waiting.push(job);
            }
        };
        for reloc in &unit.code.relocs {
            match &reloc.symbol {
                Symbol::Function(name, convention) => need((name.clone(), *convention)),
                Symbol::Literal(l) => {
                    for export in unit.literals[*l as usize].exports() {
                        let name = Name {
                            module: export.module.clone(),
                            function: export.function.clone(),
                            arity: export.arity as u32,
                        };
                        need((name.clone(), Convention::Plain));
                        self.literal_funs.insert(name);
                    }
                }
                _ => {}
            }
        }
        self.done.insert(job, unit);
    }
}

fn empty(name: &Name, convention: Convention) -> Function {
    ssa::Function {
        name: name.clone(),
        convention,
        values: vec![],
        blocks: vec![],
        literals: vec![],
        plans: vec![],
        strings: vec![],
        lambdas: vec![],
        locations: vec![ssa::Location { file: None, line: 0 }],
    }
}
