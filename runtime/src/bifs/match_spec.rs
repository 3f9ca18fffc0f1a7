//! The test of match specifications.

use super::ets;
use crate::process::Process;
use crate::process::exception::Result;
use crate::term::Term;

pub fn match_spec_test_3(p: &mut Process, against: Term, spec: Term, kind: Term) -> Result {
    ets::test_spec(p, against, spec, kind)
}
