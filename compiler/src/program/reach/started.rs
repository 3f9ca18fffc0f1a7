//! What runs in a program because of what it names: servers of the kernel, and applications of OTP.
//!
//! An application that nothing names where applications are started is unknown at run time. This
//! file must not know what the servers and applications do.

use beamrc_beam::Atom;

use super::super::otp::{SERVERS, STARTS_CODE, STARTS_OTHERS, takes_application};
use super::super::{Mfa, Origin};
use super::{Cause, Mentions, Reach, Target};
use crate::Result;

/// Where the functions are that start servers.
const KERNEL: &str = "beamrc_kernel";

impl Reach<'_> {
    /// Notes what a function with these mentions calls.
    pub(super) fn note_call(&mut self, origin: Origin, called: &Mfa, mentions: &Mentions) {
        if takes_application(&called.module, &called.function) {
            self.atoms.applications.extend(mentions.atoms.iter().cloned());
        }
        if origin == Origin::Program {
            let servers = SERVERS.iter().filter(|server| server.0 == &*called.module);
            self.servers.extend(servers.map(|server| server.1));
        }
    }

    /// Keeps what has to be started by now.
    pub(super) fn keep_started(&mut self) -> Result<()> {
        let program = &self.atoms.program;
        let named = SERVERS.iter().filter(|server| program.contains(server.0));
        self.servers.extend(named.map(|server| server.1));
        for start in self.servers.clone() {
            let name = Mfa::new(KERNEL, start, 0);
            if let Target::Function(id) = self.target(&name)?
                && self.reached[id.0][id.1.index()].is_none()
            {
                self.mark(id, Cause::Root("starts a server for what the program names"));
                self.on_load.push((name.module, name.function));
            }
        }
        let named = self.atoms.applications.iter();
        let mut wanted: Vec<Atom> = named.cloned().collect();
        while let Some(name) = wanted.pop() {
            if let Some(application) = self.boot.otp_applications.get(&name)
                && self.applications.insert(name)
            {
                let atoms = application.values.iter().flat_map(|value| value.atoms());
                self.atoms.program.extend(atoms.cloned());
                wanted.extend(application.needs.iter().cloned());
            }
        }
        self.keep_controller()
    }

    /// Keeps OTP's controller where applications may be started that are more than code.
    fn keep_controller(&mut self) -> Result<()> {
        let mut others = self.applications.iter().map(|name| &self.boot.otp_applications[name]);
        if self.boot.code_only && others.all(|application| application.code_only) {
            return Ok(());
        }
        let (module, function, arity) = STARTS_CODE;
        let (to, starts, none) = STARTS_OTHERS;
        if let Target::Function(id) = self.target(&Mfa::new(module, function, arity))?
            && self.reached[id.0][id.1.index()].is_some()
            && let Target::Function(id) = self.target(&Mfa::new(to, starts, none))?
        {
            self.mark(id, Cause::Root("starts applications that have a start module"));
        }
        Ok(())
    }
}
