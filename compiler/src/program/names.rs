//! Names of functions, and which of them the runtime or the compiler itself provides.

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use beamrc_abi::bifs::{self, Bif};
use beamrc_beam::{Atom, AtomText, FunctionIdx, Module};

use super::{Callee, Intrinsic};

/// `Module:Function/Arity`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Mfa {
    pub module: Atom,
    pub function: Atom,
    pub arity: u32,
}

impl Mfa {
    pub fn new(module: &str, function: &str, arity: u32) -> Mfa {
        Mfa { module: module.into(), function: function.into(), arity }
    }

    /// The name of a function of a module.
    pub fn of(module: &Module, function: FunctionIdx) -> Mfa {
        let code = &module.functions[function.index()];
        let function = module.atom(code.name).clone();
        Mfa { module: module.name.clone(), function, arity: code.arity }
    }

    /// Reads `module:function/arity` as the user writes it; quotes around an atom are optional.
    pub fn parse(text: &str) -> Option<Mfa> {
        let (rest, arity) = text.rsplit_once('/')?;
        let (module, function) = rest.split_once(':')?;
        let unquoted = |atom: &str| atom.trim_matches('\'').to_owned();
        let (module, function) = (unquoted(module), unquoted(function));
        Some(Mfa::new(&module, &function, arity.parse().ok()?))
    }
}

impl fmt::Display for Mfa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}/{}", AtomText(&self.module), AtomText(&self.function), self.arity)
    }
}

/// What the runtime or the compiler provides under this name: it goes before any module's code.
pub(super) fn built_in(module: &str, function: &str, arity: u32) -> Option<Callee> {
    if let Some(intrinsic) = Intrinsic::named(module, function, arity) {
        return Some(Callee::Intrinsic(intrinsic));
    }
    bif(module, function, arity).map(Callee::Bif)
}

/// The BIF of this name.
pub(super) fn bif(module: &str, function: &str, arity: u32) -> Option<&'static Bif> {
    static BIFS: LazyLock<HashMap<(&str, &str, u32), &Bif>> = LazyLock::new(|| {
        bifs::all().map(|bif| ((bif.module, bif.name, bif.arity as u32), bif)).collect()
    });
    BIFS.get(&(module, function, arity)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for text in ["lists:map/2", "'a b':'-f/1-fun-0-'/3", "gleam@list:map/2"] {
            assert_eq!(Mfa::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Mfa::parse("lists:map"), None);
        assert_eq!(Mfa::parse("map/2"), None);
    }

    #[test]
    fn built_ins_are_found_by_name_and_arity() {
        assert!(matches!(built_in("lists", "reverse", 2), Some(Callee::Bif(_))));
        assert!(built_in("lists", "reverse", 1).is_none());
        assert!(matches!(
            built_in("erlang", "apply", 3),
            Some(Callee::Intrinsic(Intrinsic::Apply3))
        ));
    }
}
