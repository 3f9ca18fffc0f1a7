//! Registered names.
//!
//! N1: a name is that of a process in the table: registering checks it under the lock, after noting
//! in the process that it has a name; an exiting process leaves the table first and looks at that
//! note then.

use super::table::table;
use crate::sys::lock::RwLock;
use core::sync::atomic::{Ordering, fence};
use std::collections::HashMap;
use std::sync::PoisonError;

#[derive(Default)]
struct Names {
    processes: HashMap<u32, u64>,
    names: HashMap<u64, u32>,
}

static NAMES: RwLock<Option<Names>> = RwLock::new(None);

fn read<R>(look: impl FnOnce(&Names) -> R) -> Option<R> {
    let names = NAMES.read().unwrap_or_else(PoisonError::into_inner);
    names.as_ref().map(look)
}
fn write<R>(change: impl FnOnce(&mut Names) -> R) -> R {
    let mut names = NAMES.write().unwrap_or_else(PoisonError::into_inner);
    change(names.get_or_insert_default())
}

/// The process that has this name (an atom's number).
pub fn whereis(name: u32) -> Option<u64> {
    read(|names| names.processes.get(&name).copied())?
}
/// The name of a process.
pub fn name_of(process: u64) -> Option<u32> {
    read(|names| names.names.get(&process).copied())?
}

/// Why a name cannot be given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refused {
    /// The process has another.
    HasName,
    /// Somebody has it.
    Taken,
    NotAlive,
}

pub fn register(name: u32, process: u64) -> Result<(), Refused> {
    write(|names| {
        let Some(shared) = table().get(process) else {
            return Err(Refused::NotAlive);
        };
        if names.names.contains_key(&process) {
            return Err(Refused::HasName);
        }
        if names.processes.contains_key(&name) {
            return Err(Refused::Taken);
        }
        shared.has_name.store(true, Ordering::SeqCst);
        fence(Ordering::SeqCst);
        if table().get(process).is_none() {
            return Err(Refused::NotAlive);
        }
        names.processes.insert(name, process);
        names.names.insert(process, name);
        Ok(())
    })
}
/// The process that had the name.
pub fn unregister(name: u32) -> Option<u64> {
    write(|names| {
        let process = names.processes.remove(&name)?;
        names.names.remove(&process);
        Some(process)
    })
}
/// A process that has left the table gives up its name.
pub fn forget(process: u64) {
    write(|names| {
        if let Some(name) = names.names.remove(&process) {
            names.processes.remove(&name);
        }
    });
}
/// All names.
pub fn registered() -> Vec<u32> {
    read(|names| names.processes.keys().copied().collect()).unwrap_or_default()
}
