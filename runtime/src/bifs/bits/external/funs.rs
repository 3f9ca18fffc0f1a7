//! Closures that were written: where their code is, by what the format says of them.
//!
//! The linked program has no table of its closures, so one of its own modules can be read back only
//! after this program has written one that was made at the same place. One of a module that is not linked can be
//! read, and passed on, but not called.

use crate::program::{program, stand_in};
use crate::sys::arena;
use crate::sys::lock::{Mutex, MutexGuard};
use beamrc_abi::program::Lambda;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What makes closures of two places different: module, index, uniq.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place {
    pub module: u32,
    pub index: u32,
    pub uniq: [u8; 16],
}

impl Place {
    pub fn of(lambda: &Lambda) -> Place {
        Place { module: lambda.module, index: lambda.index, uniq: lambda.uniq }
    }
}

#[derive(Clone, Copy)]
pub struct Code {
    pub address: u64,
    pub lambda: &'static Lambda,
}

fn written() -> MutexGuard<'static, HashMap<Place, Code>> {
    static WRITTEN: LazyLock<Mutex<HashMap<Place, Code>>> = LazyLock::new(Mutex::default);
    WRITTEN.lock().expect("nothing panics while it is locked")
}

/// Remembers a closure's code, for [`find`].
pub fn remember(code: Code) {
    written().insert(Place::of(code.lambda), code);
}

/// The code of a closure that is described so.
pub fn find(described: Lambda) -> Option<Code> {
    let place = Place::of(&described);
    let fits =
        |code: &Code| (code.lambda.arity, code.lambda.free) == (described.arity, described.free);
    if let Some(code) = written().get(&place) {
        return Some(*code).filter(fits);
    }
    if program().module(described.module).is_some() {
        return None;
    }
    let address = stand_in(described.arity);
    let lambda = arena::kept(|| Box::leak(Box::new(described)));
    let code = Code { address, lambda };
    remember(code);
    Some(code)
}
