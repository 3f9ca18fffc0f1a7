//! What a process called last, for those that ask for it: `process_flag(save_calls, N)`.
//!
//! Compiled code tells of calls of other modules only if the program names `save_calls`; what is
//! called by name, sent and received the runtime knows anyway. As in OTP, neither local calls nor
//! operators and guards are calls here.

use super::Process;
use crate::term::{Term, build};
use beamrc_abi::atom::id;
use std::collections::VecDeque;

/// Most calls that can be saved.
pub const CALLS_MAX: i64 = 10_000;

#[derive(Clone, Copy, Debug)]
pub enum Saved {
    /// Module, function, arity.
    Call(u32, u32, u32),
    /// `send`, `'receive'` or `timeout`.
    Event(u32),
}

/// The last calls, the latest last; never more than it was made for.
pub struct SavedCalls {
    calls: VecDeque<Saved>,
    most: usize,
}

impl SavedCalls {
    /// Nothing if none are to be saved.
    fn new(most: usize) -> Option<Box<SavedCalls>> {
        // Nothing is allocated when something is called.
        (most > 0).then(|| Box::new(SavedCalls { calls: VecDeque::with_capacity(most), most }))
    }
}

impl Process {
    /// From now on as many calls are saved, none of those before; how many have been until now.
    pub fn save_calls(&mut self, most: usize) -> usize {
        let before = core::mem::replace(&mut self.life.saved_calls, SavedCalls::new(most));
        before.map_or(0, |before| before.most)
    }

    /// Saves this if calls are saved.
    #[inline]
    pub fn called(&mut self, what: Saved) {
        if let Some(saved) = &mut self.life.saved_calls
            && !self.life.sensitive
        {
            if saved.calls.len() == saved.most {
                saved.calls.pop_front();
            }
            saved.calls.push_back(what);
        }
    }

    /// The calls as `process_info` tells them.
    pub fn last_calls(&mut self) -> Term {
        let Some(saved) = &self.life.saved_calls else { return Term::FALSE };
        let saved: Vec<Saved> = saved.calls.iter().copied().collect();
        let term = |what| match what {
            Saved::Event(event) => Term::atom(event),
            Saved::Call(module, function, arity) => {
                let arity = Term::small(arity.into());
                build::tuple(self, &[Term::atom(module), Term::atom(function), arity])
            }
        };
        let calls: Vec<Term> = saved.into_iter().map(term).collect();
        build::list(self, &calls, Term::NIL)
    }
}

impl Saved {
    pub const SEND: Saved = Saved::Event(id::SEND);
    pub const RECEIVE: Saved = Saved::Event(id::RECEIVE);
    pub const TIMEOUT: Saved = Saved::Event(id::TIMEOUT);
}
