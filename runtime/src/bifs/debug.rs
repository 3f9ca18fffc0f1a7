//! Natives of module `erts_debug`.

use crate::heap::copy;
use crate::process::Process;
use crate::process::exception::{Result, badarg, error};
use crate::sched::report;
use crate::term::{Term, atom, build};
use beamrc_abi::atom::id;
use core::sync::atomic::{AtomicBool, Ordering::SeqCst};

/// Whether two terms are one object.
pub fn same_2(_p: &mut Process, a: Term, b: Term) -> Result {
    Ok(Term::bool(a == b))
}
/// Words of a term if nothing of it is shared.
pub fn flat_size_1(p: &mut Process, term: Term) -> Result {
    let words = copy::flat_size(term);
    p.charge(words / 64);
    Ok(build::unsigned(p, words as u64))
}
/// Whether a program may look at the insides of the runtime. OTP asks for this first; there is
/// nothing here that could be set otherwise: whatever else is asked for fails.
static IS_AVAILABLE: AtomicBool = AtomicBool::new(false);

pub fn set_internal_state_2(p: &mut Process, what: Term, value: Term) -> Result {
    match (what.as_atom().map(atom::text), value) {
        (Some("available_internal_state"), Term::TRUE | Term::FALSE) => {
            let was_available = IS_AVAILABLE.swap(value == Term::TRUE, SeqCst);
            if value == Term::TRUE {
                report::internal_state(p);
            }
            Ok(Term::bool(was_available))
        }
        // As OTP says where it was not built for this: no function of a table gives way early.
        (Some("ets_force_trap"), _) if IS_AVAILABLE.load(SeqCst) => {
            Ok(Term::atom(atom::intern("notsup").expect("a short text")))
        }
        _ if IS_AVAILABLE.load(SeqCst) => Err(badarg()),
        _ => Err(error(Term::atom(id::UNDEF))),
    }
}
