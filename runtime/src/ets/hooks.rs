//! What tables want of processes. The scheduler provides it at boot.

use crate::term::Term;
use std::sync::OnceLock;

pub struct Processes {
    /// Sends a copy of a message to a process; nothing if it is gone.
    pub send: fn(u64, Term),
    /// Whether a process can still be found. One that cannot has called, or is going to call,
    /// [`super::owner_exited`].
    pub is_alive: fn(u64) -> bool,
}

static PROCESSES: OnceLock<Processes> = OnceLock::new();
/// Without a scheduler there is nobody to send to.
static NONE: Processes = Processes { send: |_, _| {}, is_alive: |_| false };

pub fn set_processes(processes: Processes) {
    let _ = PROCESSES.set(processes);
}
pub(super) fn processes() -> &'static Processes {
    PROCESSES.get().unwrap_or(&NONE)
}
pub fn is_alive(process: u64) -> bool {
    (processes().is_alive)(process)
}
pub fn send(to: u64, message: Term) {
    (processes().send)(to, message);
}
