//! Native records for compiled code: see the rows of `beamrc_abi::entry`.

use super::failure;
use crate::bifs::records::{badfield, badrecord};
use crate::process::Process;
use crate::process::exception::Exception;
use crate::term::Term;
use crate::term::record::{self, Record};

fn failed(p: &mut Process, exception: Exception) -> Term {
    failure::note(p, exception);
    Term::NONVALUE
}

/// The first `count` of the `x` registers.
///
/// # Safety
/// The caller is an entry that compiled code called with this many terms in `x`.
unsafe fn in_x(p: &Process, count: u64) -> Vec<Term> {
    // SAFETY: the caller's contract; `x` is the scheduler's array (I4).
    unsafe { core::slice::from_raw_parts(p.head.x as *const Term, count as usize) }.to_vec()
}

/// # Safety
/// Called by compiled code on the running process (I3), with that many values in `x`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_record_new(p: *mut Process, definition: Term, count: u64) -> Term {
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    // SAFETY: the caller's contract.
    let values = unsafe { in_x(p, count) };
    record::build(p, definition, &values)
}

/// # Safety
/// Called by compiled code on the running process (I3), with that many keys and values in `x`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_record_update(p: *mut Process, term: Term, count: u64) -> Term {
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    // SAFETY: the caller's contract.
    let changes = unsafe { in_x(p, 2 * count) };
    let Some(record) = Record::of(&term) else {
        let exception = badrecord(p, term);
        return failed(p, exception);
    };
    let mut values = record.values.to_vec();
    for change in changes.chunks_exact(2) {
        match record.position(change[0]) {
            Some(at) => values[at] = change[1],
            None => {
                let exception = badfield(p, record.module(), record.name(), change[0]);
                return failed(p, exception);
            }
        }
    }
    record::build(p, record.definition, &values)
}

/// # Safety
/// Called by compiled code with terms (I5).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_record_get(_p: *mut Process, term: Term, key: Term) -> Term {
    Record::of(&term).and_then(|record| record.get(key)).unwrap_or(Term::NONVALUE)
}

fn is(record: &Record, module: Term, name: Term) -> bool {
    (module == Term::NIL || module == record.module())
        && (name == Term::NIL || name == record.name())
}

/// # Safety
/// Called by compiled code with terms (I5).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_record_is(
    _p: *mut Process,
    term: Term,
    module: Term,
    name: Term,
) -> u64 {
    Record::of(&term).is_some_and(|record| is(&record, module, name)).into()
}

/// # Safety
/// Called by compiled code with terms (I5).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_record_accessible(
    _p: *mut Process,
    term: Term,
    module: Term,
) -> u64 {
    Record::of(&term).is_some_and(|record| record.is_exported() || record.module() == module).into()
}

/// The record, if it is one of these into which the code may look.
fn visible(term: &Term, module: Term, name: Term) -> Option<Record<'_>> {
    Record::of(term)
        .filter(|record| is(record, module, name) && (module == Term::NIL || record.is_exported()))
}

/// # Safety
/// Called by compiled code with terms (I5).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_record_find(
    _p: *mut Process,
    term: Term,
    module: Term,
    name: Term,
    key: Term,
) -> Term {
    visible(&term, module, name).and_then(|record| record.get(key)).unwrap_or(Term::NONVALUE)
}

/// # Safety
/// Called by compiled code on the running process (I3), with terms (I5).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_record_field(
    p: *mut Process,
    term: Term,
    module: Term,
    name: Term,
    key: Term,
) -> Term {
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    let Some(record) = visible(&term, module, name) else {
        let exception = badrecord(p, term);
        return failed(p, exception);
    };
    record.get(key).unwrap_or_else(|| {
        let exception = badfield(p, record.module(), record.name(), key);
        failed(p, exception)
    })
}
