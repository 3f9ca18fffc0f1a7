//! From `main` to the first process.

use super::{scheduling, stubs};
use crate::process::table::table;
use crate::process::{figures, settings};
use crate::sched::{self, spawn};
use crate::term::Term;
use beamrc_abi::program::{AtomEntry, Program};
use core::ffi::{c_char, c_int};

/// Runs the program; it ends when a process halts it.
///
/// # Safety
/// `arguments` are `argument_count` strings that live for ever; `program` is the compiler's table
/// (I4).
pub unsafe fn boot(
    _argument_count: c_int,
    _arguments: *const *const c_char,
    program: *const Program,
) -> c_int {
    // SAFETY: the caller's contract.
    unsafe {
        crate::program::install(program);
        let atoms = (*program).atoms as *const AtomEntry;
        crate::term::atom::install(atoms, (*program).atom_capacity as usize);
        super::large_maps::complete(program);
    }
    crate::term::compare::set_zeros_are_one(crate::program::program().release() < 27);
    super::stand_ins::install();
    crate::sys::clock::start();
    figures::set_live(figures::Live {
        processes: || table().count(),
        work: sched::work,
        is_idle: sched::is_idle,
        process_bytes: crate::sys::slab::in_use_bytes,
    });
    crate::ets::hooks::set_processes(crate::ets::hooks::Processes {
        send: |to, message| {
            sched::send::message(to, message);
        },
        is_alive: |number| table().get(number).is_some(),
    });
    sched::code::set(
        stubs::beamrc_start as *const () as u64,
        scheduling::code::beamrc_await_code as *const () as u64,
    );
    figures::set_process_limit(sched::process_limit());
    crate::sys::exhaustion::set_give_up(stubs::beamrc_give_up);
    sched::code::set_guard(stubs::beamrc_guard);
    sched::set_min_heap();
    sched::make(sched::count(), sched::Engine::compiled(stubs::beamrc_enter));
    sched::dump::install();
    let (module, function) = crate::program::program().entry();
    let first = spawn::spawn(
        None,
        Term::atom(module),
        Term::atom(function),
        Term::NIL,
        &spawn::Options { heap: settings::heap_options(), ..spawn::Options::default() },
    );
    assert!(first.is_ok(), "the table is empty");
    sched::run()
}
