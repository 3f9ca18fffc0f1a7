//! Operands of the bytecode as arguments.

use super::*;
use beamrc_beam::{Operand, Reg};

impl Builder<'_> {
    pub(super) fn reg_var(&self, reg: Reg) -> Var {
        match reg {
            Reg::X(n) => Var::X(n),
            Reg::Y(n) => Var::Y(self.state.frame.wrapping_sub(1).wrapping_sub(n)),
        }
    }
    /// A source operand.
    pub(super) fn src(&mut self, operand: &Operand) -> Result<Arg, Error> {
        if let Some((reg, _)) = operand.reg() {
            let var = self.reg_var(reg);
            return Ok(self.get(var));
        }
        Ok(match operand {
            Operand::Int(n) => self.integer(*n),
            Operand::Unsigned(n) => self.integer(*n as i64),
            Operand::BigInt(n) => self.literal(Literal::BigInt(n.clone())),
            Operand::Atom(a) => Arg::Atom(self.module.atom(*a).clone()),
            Operand::Nil => Arg::Nil,
            Operand::Char(c) => Arg::Small(*c as i64),
            Operand::Literal(index) => self.literal_operand(*index),
            Operand::Fr(n) => self.get(Var::F(*n)),
            other => return Err(self.error(&format!("{other:?} is no value"))),
        })
    }
    pub(super) fn integer(&mut self, n: i64) -> Arg {
        use beamrc_abi::term::{SMALL_MAX, SMALL_MIN};
        if (SMALL_MIN..=SMALL_MAX).contains(&n) {
            Arg::Small(n)
        } else {
            self.literal(Literal::Int(n))
        }
    }
    fn literal_operand(&mut self, index: beam::LiteralIdx) -> Arg {
        let literal = &self.module.literals[index.index()];
        match literal {
            Literal::Int(n) => self.integer(*n),
            Literal::Atom(a) => Arg::Atom(a.clone()),
            Literal::Nil => Arg::Nil,
            _ => match self.literal_of.get(&index) {
                Some(known) => Arg::Literal(*known),
                None => {
                    let arg = self.literal(literal.clone());
                    if let Arg::Literal(number) = arg {
                        self.literal_of.insert(index, number);
                    }
                    arg
                }
            },
        }
    }
    pub(super) fn literal(&mut self, literal: Literal) -> Arg {
        self.f.literals.push(literal);
        Arg::Literal(self.f.literals.len() as u32 - 1)
    }
    /// What the bytecode says of an operand's type.
    pub(super) fn ty(&self, operand: &Operand) -> TypeEntry {
        match operand.reg() {
            Some((_, Some(ty))) => self.module.types[ty.index()],
            _ => TypeEntry::ANY,
        }
    }
    pub(super) fn srcs(
        &mut self,
        operands: &[Operand],
    ) -> Result<(Vec<Arg>, Vec<TypeEntry>), Error> {
        let args = operands.iter().map(|o| self.src(o)).collect::<Result<_, _>>()?;
        let types: Vec<_> = operands.iter().map(|o| self.ty(o)).collect();
        let known = types.iter().any(|t| *t != TypeEntry::ANY);
        Ok((args, if known { types } else { vec![] }))
    }
    pub(super) fn assign(&mut self, dst: &Operand, value: Arg) -> Result<(), Error> {
        let var = match dst {
            Operand::Fr(n) => Var::F(*n),
            _ => match dst.reg() {
                Some((reg, _)) => self.reg_var(reg),
                None => return Err(self.error(&format!("{dst:?} is no register"))),
            },
        };
        self.set(var, value);
        Ok(())
    }
    pub(super) fn number(&self, operand: &Operand) -> Result<u32, Error> {
        match operand {
            Operand::Unsigned(n) => {
                u32::try_from(*n).map_err(|_| self.error("number out of range"))
            }
            Operand::Int(n) => u32::try_from(*n).map_err(|_| self.error("number out of range")),
            other => Err(self.error(&format!("{other:?} is no number"))),
        }
    }
    pub(super) fn label(&self, operand: &Operand) -> Result<beam::Label, Error> {
        operand.label().ok_or_else(|| self.error(&format!("{operand:?} is no label")))
    }
    pub(super) fn atom_text(&self, operand: &Operand) -> Option<&str> {
        operand.atom().map(|a| &**self.module.atom(a))
    }
    pub(super) fn list<'o>(&self, operand: &'o Operand) -> Result<&'o [Operand], Error> {
        operand.list().ok_or_else(|| self.error(&format!("{operand:?} is no list")))
    }
    pub(super) fn x_args(&mut self, count: u32) -> Vec<Arg> {
        (0..count).map(|i| self.get(Var::X(i))).collect()
    }
}
