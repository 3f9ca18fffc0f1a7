//! Natives of module `erts_debug`.

use crate::heap::copy;
use crate::process::Process;
use crate::process::exception::{Result, badarg, error};
use crate::sched::{self, report};
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
/// Whether a program may look at the insides of the runtime. OTP asks for this first; here it may
/// then look at its reductions, and set them: whatever else is asked for fails.
static IS_AVAILABLE: AtomicBool = AtomicBool::new(false);

pub fn get_internal_state_1(p: &mut Process, what: Term) -> Result {
    match what.as_atom().map(atom::text) {
        _ if !IS_AVAILABLE.load(SeqCst) => Err(error(Term::atom(id::UNDEF))),
        Some("available_internal_state") => Ok(Term::TRUE),
        Some("reds_left") => Ok(Term::small(p.head.fcalls)),
        _ => Err(badarg()),
    }
}
pub fn set_internal_state_2(p: &mut Process, what: Term, value: Term) -> Result {
    match (what.as_atom().map(atom::text), value) {
        (Some("available_internal_state"), Term::TRUE | Term::FALSE) => {
            let was_available = IS_AVAILABLE.swap(value == Term::TRUE, SeqCst);
            if value == Term::TRUE {
                report::internal_state(p);
            }
            Ok(Term::bool(was_available))
        }
        (Some("reds_left"), _) if IS_AVAILABLE.load(SeqCst) => {
            let most = sched::REDUCTIONS;
            let left = value.as_small().filter(|left| (0..=most).contains(left));
            p.set_reductions_left(left.ok_or_else(badarg)?);
            Ok(Term::TRUE)
        }
        // As OTP says where it was not built for this: no function of a table gives way early.
        (Some("ets_force_trap"), _) if IS_AVAILABLE.load(SeqCst) => {
            Ok(Term::atom(atom::intern("notsup").expect("a short text")))
        }
        _ if IS_AVAILABLE.load(SeqCst) => Err(badarg()),
        _ => Err(error(Term::atom(id::UNDEF))),
    }
}
