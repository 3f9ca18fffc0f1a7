//! What a process is about to do, and the settings it has.

use super::saved_calls::SavedCalls;
use crate::heap::{Fragment, Visitor};
use crate::term::Term;
use beamrc_abi::atom::id;

/// Why a process left its thread, and so how it goes on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Run {
    /// It has not started, or starts again: applies `start_module:start_function` to `start_arguments`.
    Fresh,
    /// Nothing keeps it from running.
    Ready,
    /// Until a message comes, or its time-out.
    Receive,
    /// Until the reply with this number.
    Reply(u64),
    /// Until a message comes; then it is fresh.
    Hibernate,
    /// It runs no more.
    Exit,
}

/// The time-out of a receive.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TimeOut {
    None,
    /// Its timer, told from earlier ones by the number.
    /// Number in this process, and place and number among the timers.
    Set {
        number: u64,
        timer: u64,
        unique: u64,
    },
    Fired,
}

pub struct Life {
    pub run: Run,
    /// Not [`Term::NONVALUE`]: it is to exit with this reason.
    pub exiting: Term,
    /// What the safepoint that gave up the thread returns, when the process goes on.
    pub result: Term,
    pub time_out: TimeOut,
    pub start_module: u32,
    pub start_function: u32,
    pub start_arguments: Term,
    pub initial_call: (u32, u32, u32),
    pub parent: Term,
    pub group_leader: Term,
    pub trap_exit: bool,
    /// Atom of the module asked for by `process_flag(error_handler, …)`.
    pub error_handler: u32,
    /// Process flags without effect: there is one node, and no tracing.
    pub async_dist: bool,
    pub sensitive: bool,
    pub messages_off_heap: bool,
    /// Reductions of its next time slice.
    pub slice: u16,
    /// How often it is suspended.
    pub suspended: u32,
    /// Of all its time slices but the present one.
    pub reductions: u64,
    pub slice_start: i64,
    /// Timers and other things count what they start with this.
    pub next_number: u64,
    /// The collection that has been asked for.
    pub to_collect: Option<Box<ToCollect>>,
    pub exit_state: ExitState,
    pub saved_calls: Option<Box<SavedCalls>>,
    /// The system has no memory for it: it gives up all it has, and exits.
    pub is_exhausted: bool,
    /// The request that is being answered.
    pub asked: Option<Fragment>,
}

/// A collection that has been asked for, by the process itself or by others.
#[derive(Default)]
pub struct ToCollect {
    pub is_major: bool,
    /// Other processes that asked, and how they name their requests.
    pub requests: Vec<(u64, Fragment)>,
}

/// How far a process has got with exiting.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum ExitState {
    Alive,
    /// Out of the table, its queue closed; those it is related to are being told.
    Telling,
    Told,
}

impl Life {
    pub fn new(group_leader: Term, parent: Term, slice: u16) -> Life {
        Life {
            run: Run::Fresh,
            exiting: Term::NONVALUE,
            result: Term::NONVALUE,
            time_out: TimeOut::None,
            start_module: id::EMPTY,
            start_function: id::EMPTY,
            start_arguments: Term::NIL,
            initial_call: (0, 0, 0),
            parent,
            group_leader,
            trap_exit: false,
            error_handler: id::ERROR_HANDLER,
            async_dist: false,
            sensitive: false,
            messages_off_heap: false,
            slice,
            suspended: 0,
            reductions: 0,
            slice_start: 0,
            next_number: 1,
            to_collect: None,
            exit_state: ExitState::Alive,
            saved_calls: None,
            is_exhausted: false,
            asked: None,
        }
    }
    pub fn is_exiting(&self) -> bool {
        self.exiting.is_value()
    }
    /// Asks for a collection, in addition to what has been asked for.
    pub fn ask_to_collect(&mut self, is_major: bool) -> &mut ToCollect {
        let asked = self.to_collect.get_or_insert_default();
        asked.is_major |= is_major;
        asked
    }
    pub fn number(&mut self) -> u64 {
        self.next_number += 1;
        self.next_number
    }
    pub fn visit<V: Visitor>(&mut self, visitor: &mut V) {
        visitor.term(&mut self.exiting);
        visitor.term(&mut self.result);
        visitor.term(&mut self.start_arguments);
        visitor.term(&mut self.group_leader);
        visitor.term(&mut self.parent);
    }
}
