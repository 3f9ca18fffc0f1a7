//! What was kept of a program, and why: for `beamrc build -v` and for warnings.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use beamrc_beam::Atom;

use super::{Mfa, Origin};

/// What was kept of a program.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The modules of which something was kept, in the order of their names.
    pub modules: Vec<ModuleReport>,
    /// What nothing provides.
    pub missing: BTreeMap<Mfa, Missing>,
    /// Functions that are kept although no call is known to reach them.
    pub by_name: Vec<Kept>,
}

/// A function and why it was kept.
#[derive(Clone, Debug)]
pub struct Kept {
    pub function: Mfa,
    pub why: String,
}

/// What was kept of a module.
#[derive(Clone, Debug)]
pub struct ModuleReport {
    pub name: Atom,
    pub origin: Origin,
    /// How many functions were kept.
    pub kept: usize,
    /// How many of those are reached by calls, not only perhaps by name.
    pub certain: usize,
    /// How many functions the module has.
    pub functions: usize,
    /// The function that was reached first.
    pub first: Mfa,
    /// Why it was kept.
    pub why: String,
}

/// A function that reachable code calls and nothing provides.
#[derive(Clone, Debug)]
pub struct Missing {
    /// The functions from the entry to the call.
    pub path: Vec<Mfa>,
    /// Whether it is reached by calls, not only perhaps by name.
    pub certain: bool,
    /// Whether OTP's module has a stub for it: its emulator provides it.
    pub stub: bool,
}

impl Missing {
    /// The call path as one line.
    pub fn line(&self, name: &Mfa) -> String {
        let mut line = String::new();
        for function in &self.path {
            let _ = write!(line, "{function} -> ");
        }
        let _ = write!(line, "{name}");
        if self.stub {
            line.push_str(" (a function of OTP's emulator that beamrc does not have)");
        }
        line
    }
}

impl Report {
    /// How many functions were kept.
    pub fn kept(&self) -> usize {
        self.modules.iter().map(|module| module.kept).sum()
    }

    /// How many functions the modules have.
    pub fn functions(&self) -> usize {
        self.modules.iter().map(|module| module.functions).sum()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kept, all) = (self.kept(), self.functions());
        writeln!(
            f,
            "{} modules, {all} functions: {kept} kept, {} dropped",
            self.modules.len(),
            all - kept
        )?;
        for module in &self.modules {
            let by_name = match module.kept - module.certain {
                0 => String::new(),
                count => format!(" ({count} of them for calls by name)"),
            };
            writeln!(
                f,
                "  {}: {} of {} functions{by_name}; {} {}",
                module.name, module.kept, module.functions, module.first, module.why
            )?;
        }
        for (name, missing) in &self.missing {
            writeln!(f, "  undef at run time: {}", missing.line(name))?;
        }
        Ok(())
    }
}
