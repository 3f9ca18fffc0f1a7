//! Native records of OTP 29.
//!
//! The world is closed: what a record is made of is known when it is made, its defaults included.

use super::*;
use beamrc_beam::{Atom, Operand};

/// What a native record is made of.
pub struct Definition {
    pub module: Atom,
    pub name: Atom,
    pub exported: bool,
    /// Each with its default, if it has one.
    pub fields: Vec<(Atom, Option<Literal>)>,
}

/// The definition that a module has under this name.
pub fn definition(module: &beam::Module, name: &str) -> Option<Definition> {
    let found = module.records.iter().find(|record| &**module.atom(record.name) == name)?;
    Some(resolved(module, found))
}

fn resolved(module: &beam::Module, record: &beam::RecordDefinition) -> Definition {
    let fields = record.fields.iter().map(|field| {
        let default = field.default.as_ref().and_then(|operand| constant(module, operand));
        (module.atom(field.name).clone(), default)
    });
    Definition {
        module: module.name.clone(),
        name: module.atom(record.name).clone(),
        exported: record.exported,
        fields: fields.collect(),
    }
}

/// All definitions of a module, for those that only run time asks for (`ModuleInfo::records`).
pub fn table(module: &beam::Module) -> Literal {
    let rows = module.records.iter().map(|record| resolved(module, record).row());
    Literal::proper_list(rows.collect())
}

fn constant(module: &beam::Module, operand: &Operand) -> Option<Literal> {
    Some(match operand {
        Operand::Int(n) => Literal::Int(*n),
        Operand::BigInt(n) => Literal::BigInt(n.clone()),
        Operand::Atom(atom) => Literal::Atom(module.atom(*atom).clone()),
        Operand::Nil => Literal::Nil,
        Operand::Literal(index) => module.literals[index.index()].clone(),
        _ => return None,
    })
}

impl Definition {
    fn is_exported(&self) -> Atom {
        if self.exported { "true" } else { "false" }.into()
    }

    /// The row of `table`: `{Name, IsExported, [Field | {Field, Default}]}`.
    fn row(self) -> Literal {
        let exported = self.is_exported();
        let fields = self.fields.into_iter().map(|(name, default)| match default {
            Some(default) => tuple(vec![Literal::Atom(name), default]),
            None => Literal::Atom(name),
        });
        let fields = Literal::proper_list(fields.collect());
        tuple(vec![Literal::Atom(self.name), Literal::Atom(exported), fields])
    }

    /// The tuple that records refer to.
    fn literal(&self) -> Literal {
        let head = [self.module.clone(), self.name.clone(), self.is_exported()];
        let keys = self.fields.iter().map(|(key, _)| key.clone());
        tuple(head.into_iter().chain(keys).map(Literal::Atom).collect())
    }
}

fn tuple(elements: Vec<Literal>) -> Literal {
    Literal::Tuple(elements.into())
}

/// Whose fields an instruction means.
struct Which {
    module: Arg,
    name: Arg,
}

impl Builder<'_> {
    pub(super) fn record(&mut self, op: B, o: &[Operand]) -> Result<bool, Error> {
        match op {
            B::IsAnyNativeRecord => self.record_test(&o[1], Arg::Nil, Arg::Nil, &o[0])?,
            B::IsNativeRecord => {
                let (module, name) = (self.src(&o[2])?, self.src(&o[3])?);
                self.record_test(&o[1], module, name, &o[0])?;
            }
            B::IsRecordAccessible => self.is_accessible(o)?,
            B::GetRecordElements => self.record_elements(o)?,
            B::GetRecordField => self.record_field(o)?,
            _ if o[2] == Operand::Nil => return self.new_record(o),
            _ => {
                let record = self.src(&o[2])?;
                let changes = self.list(&o[5])?;
                let mut args = vec![record, Arg::Raw(changes.len() as i64 / 2)];
                args.extend(self.srcs(changes)?.0);
                let inst = Inst::new(Op::Entry(e::record_update), args);
                let value = self.fallible(inst, Repr::Term, self.label(&o[0])?);
                self.assign(&o[3], value)?;
            }
        }
        Ok(true)
    }

    fn record_test(
        &mut self,
        term: &Operand,
        module: Arg,
        name: Arg,
        fail: &Operand,
    ) -> Result<(), Error> {
        let args = vec![self.src(term)?, module, name];
        let is = self.emit_raw(Op::Entry(e::record_is), args);
        self.branch(Test::NonZero, vec![is], vec![], self.label(fail)?);
        Ok(())
    }

    /// Records that are not exported are for their module's code only.
    fn is_accessible(&mut self, o: &[Operand]) -> Result<(), Error> {
        let module = match self.atom_text(&o[2]) {
            Some("external") => Arg::Nil,
            Some("auto_local") => Arg::Atom(self.module.name.clone()),
            other => return Err(self.error(&format!("is_record_accessible for {other:?}"))),
        };
        let args = vec![self.src(&o[1])?, module];
        let is = self.emit_raw(Op::Entry(e::record_accessible), args);
        self.branch(Test::NonZero, vec![is], vec![], self.label(&o[0])?);
        Ok(())
    }

    fn record_elements(&mut self, o: &[Operand]) -> Result<(), Error> {
        let record = self.src(&o[1])?;
        let mut found = vec![];
        for pair in self.list(&o[2])?.chunks(2) {
            let args = vec![record.clone(), self.src(&pair[0])?];
            let value = self.fallible(
                Inst::new(Op::Entry(e::record_get), args),
                Repr::Term,
                self.label(&o[0])?,
            );
            found.push((&pair[1], value));
        }
        for (dst, value) in found {
            self.assign(dst, value)?;
        }
        Ok(())
    }

    fn record_field(&mut self, o: &[Operand]) -> Result<(), Error> {
        let Which { module, name } = self.which(&o[2])?;
        let args = vec![self.src(&o[1])?, module, name, self.src(&o[3])?];
        let fail = self.label(&o[0])?;
        let entry = if fail.is_none() { e::record_field } else { e::record_find };
        let value = self.fallible(Inst::new(Op::Entry(entry), args), Repr::Term, fail);
        self.assign(&o[4], value)
    }

    /// `_` is any record, an atom a record of this module, `{Module, Name}` an exported one.
    fn which(&self, id: &Operand) -> Result<Which, Error> {
        if let Some(name) = self.atom_text(id) {
            let name = if name == "_" { Arg::Nil } else { Arg::Atom(name.into()) };
            return Ok(Which { module: Arg::Nil, name });
        }
        let (module, name) = self.module_and_name(id)?;
        Ok(Which { module: Arg::Atom(module), name: Arg::Atom(name) })
    }

    fn module_and_name(&self, id: &Operand) -> Result<(Atom, Atom), Error> {
        if let Operand::Literal(index) = id
            && let Literal::Tuple(parts) = &self.module.literals[index.index()]
            && let [Literal::Atom(module), Literal::Atom(name)] = &parts[..]
        {
            return Ok((module.clone(), name.clone()));
        }
        Err(self.error(&format!("{id:?} names no native record")))
    }

    fn new_record(&mut self, o: &[Operand]) -> Result<bool, Error> {
        let definition = match self.atom_text(&o[1]) {
            Some(name) => definition(self.module, name),
            None => {
                let (module, name) = self.module_and_name(&o[1])?;
                self.resolver.record(&module, &name).filter(|found| found.exported)
            }
        };
        let Some(definition) = definition else {
            let id = self.src(&o[1])?;
            self.raise(e::raise_badrecord, vec![id]);
            return Ok(false);
        };
        let mut given = vec![];
        for pair in self.list(&o[5])?.chunks(2) {
            let key =
                self.atom_text(&pair[0]).ok_or_else(|| self.error("a field without a name"))?;
            if definition.fields.iter().all(|(name, _)| **name != *key) {
                let key = key.into();
                return Ok(self.wrong_field("badfield", &definition, key));
            }
            given.push((Atom::from(key), self.src(&pair[1])?));
        }
        let mut args =
            vec![self.literal(definition.literal()), Arg::Raw(definition.fields.len() as i64)];
        for (key, default) in &definition.fields {
            let value = given.iter().find(|(name, _)| name == key).map(|(_, value)| value.clone());
            match (value, default) {
                (Some(value), _) => args.push(value),
                (None, Some(Literal::Atom(atom))) => args.push(Arg::Atom(atom.clone())),
                (None, Some(Literal::Nil)) => args.push(Arg::Nil),
                (None, Some(Literal::Int(n))) => args.push(self.integer(*n)),
                (None, Some(literal)) => args.push(self.literal(literal.clone())),
                (None, None) => return Ok(self.wrong_field("novalue", &definition, key.clone())),
            }
        }
        let value = self.emit(Op::Entry(e::record_new), args);
        self.assign(&o[3], value)?;
        Ok(true)
    }

    /// Raises `{Error, {{Module, Name}, Key}}`.
    fn wrong_field(&mut self, error: &str, definition: &Definition, key: Atom) -> bool {
        let [module, name] =
            [&definition.module, &definition.name].map(|atom| Literal::Atom(atom.clone()));
        let record = tuple(vec![module, name]);
        let field = tuple(vec![record, Literal::Atom(key)]);
        let reason = tuple(vec![Literal::Atom(error.into()), field]);
        let reason = self.literal(reason);
        self.raise(e::raise_atom, vec![reason]);
        false
    }
}
