//! Natives of module `erts_internal` about tables.

use super::ets;
use crate::process::Process;
use crate::process::exception::{Result, badarg};
use crate::term::Term;

/// Lets a process read private tables of others in OTP. Here these are in use without a lock: they
/// stay private.
pub fn ets_super_user_1(_p: &mut Process, is_super: Term) -> Result {
    match is_super {
        Term::TRUE | Term::FALSE => Ok(Term::OK),
        _ => Err(badarg()),
    }
}
pub fn ets_lookup_binary_info_2(p: &mut Process, table: Term, key: Term) -> Result {
    ets::binaries_of_key(p, table, key)
}
pub fn ets_raw_first_1(p: &mut Process, table: Term) -> Result {
    ets::raw_first(p, table)
}
pub fn ets_raw_next_2(p: &mut Process, table: Term, key: Term) -> Result {
    ets::raw_next(p, table, key)
}
