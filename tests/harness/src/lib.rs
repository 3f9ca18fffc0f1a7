//! What the harness's programs share: test cases, the real `erl` as the oracle, limits, verdicts.
//!
//! `beamrc` is known here by its command line alone.

pub mod case;
pub mod erlang;
pub mod execute;
pub mod native;
pub mod pending;
pub mod verdict;
