//! Signals: what processes send each other. A signal is a fragment: its tag says what it is, its
//! `message` is its content.

use crate::heap::{Fragment, FragmentHead, out_of_memory};
use crate::term::Term;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// What a signal is; in brackets what its `message` holds.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u64)]
        pub enum Kind { $($(#[$doc])* $name,)* }
        impl Kind {
            const ALL: &[Kind] = &[$(Kind::$name),*];
            /// The kind of a signal.
            pub fn of(signal: &FragmentHead) -> Kind {
                Kind::ALL[signal.tag as usize]
            }
        }
    };
}
kinds! {
    /// The message.
    Message,
    /// A message to an alias: `[Alias | Message]`.
    AliasMessage,
    /// Not in the signal queue: a place in the message queue that a receive goes on from.
    Marker,
    /// `exit/2`: `{'EXIT', From, Reason}`.
    Exit,
    /// `exit/2` of a process to itself, which `normal` ends as well: the same.
    ExitSelf,
    /// A linked process exited: the same.
    LinkExit,
    /// Who links.
    Link,
    /// `{From, Id}`.
    Unlink,
    /// `{From, Id}`.
    UnlinkAck,
    /// `{From, Reference, Name}`, the name `[]` if it is the process that is monitored.
    Monitor,
    /// The reference.
    Demonitor,
    /// `{'DOWN', Reference, process, Object, Reason}`.
    Down,
    /// The number of the receive's timer.
    Timeout,
    /// The new group leader.
    GroupLeader,
    /// A question, and to whom the answer goes: `{From, Reference, Question}`.
    Request,
    /// The answer that the process waits for: `{Reference, Answer}`.
    Reply,
    /// `{From, How}`: who suspends, and how to tell.
    Suspend,
    /// Who resumes.
    Resume,
    /// The process is to collect: `{From, Request, IsMajor}`.
    SystemTask,
    /// The process is to write what it is doing; nothing.
    Dump,
    /// As `AliasMessage`, by a sender who wants it to come first.
    PriorityAliasMessage,
    /// Not in the signal queue: a message that comes before ordinary ones.
    PriorityMessage,
    /// `exit_signal/2` to an alias: `[Alias | {'EXIT', From, Reason}]`.
    AliasExit,
    /// The same, by a sender who wants it to come first.
    PriorityAliasExit,
    /// `{'CHANGE', Reference, time_offset, clock_service, Offset}`.
    Change,
}

/// A signal with room for `words`.
pub fn signal(kind: Kind, words: usize, content: impl FnOnce(&mut Fragment) -> Term) -> Fragment {
    let mut fragment = Fragment::new(words).unwrap_or_else(|_| out_of_memory("signal", 8 * words));
    fragment.tag = kind as u64;
    fragment.message = content(&mut fragment);
    fragment
}
