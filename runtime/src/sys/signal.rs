//! Signals of the operating system: what happens to them, and which have come.
//!
//! A handler may do next to nothing, so it notes the signal and wakes whoever watches, who takes the
//! note. Threads that run processes block the signals: a handler would find too little stack.

use core::sync::atomic::{AtomicI32, AtomicU64, Ordering::*};

/// What a signal does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Disposition {
    Default,
    Ignore,
    /// It is noted, see [`take_pending`].
    Handle,
}

/// Signals that programs may name.
const NAMES: [(&str, i32); 10] = [
    ("sighup", libc::SIGHUP),
    ("sigquit", libc::SIGQUIT),
    ("sigabrt", libc::SIGABRT),
    ("sigalrm", libc::SIGALRM),
    ("sigterm", libc::SIGTERM),
    ("sigusr1", libc::SIGUSR1),
    ("sigusr2", libc::SIGUSR2),
    ("sigchld", libc::SIGCHLD),
    ("sigstop", libc::SIGSTOP),
    ("sigtstp", libc::SIGTSTP),
];

static PENDING: AtomicU64 = AtomicU64::new(0);
/// An event's descriptor; -1 for none.
static WAKER: AtomicI32 = AtomicI32::new(-1);

extern "C" fn note(signal: libc::c_int) {
    PENDING.fetch_or(1 << signal, Release);
    let one = 1u64;
    // SAFETY: a handler may write; this writes a local of that size.
    unsafe { libc::write(WAKER.load(Relaxed), (&raw const one).cast(), 8) };
}

/// The event that every signal is written to.
pub fn set_waker(descriptor: i32) {
    WAKER.store(descriptor, Relaxed);
}

/// This thread, and those it starts, leave the signals to others.
pub fn block() {
    mask(libc::SIG_BLOCK);
}
/// This thread takes them.
pub fn unblock() {
    mask(libc::SIG_UNBLOCK);
}
fn mask(how: libc::c_int) {
    // SAFETY: a set of signals is plain data, filled in before it is used. A thread may ignore what
    // others take: signals that a fault raises are not among them.
    unsafe {
        let mut set = core::mem::zeroed();
        libc::sigemptyset(&raw mut set);
        for (_, signal) in NAMES.iter().filter(|(_, signal)| *signal != libc::SIGABRT) {
            libc::sigaddset(&raw mut set, *signal);
        }
        libc::pthread_sigmask(how, &raw const set, core::ptr::null_mut());
    }
}

/// Changes what a signal does; `None` if there is no signal of this name.
pub fn set(name: &str, disposition: Disposition) -> Option<()> {
    let (_, signal) = NAMES.iter().find(|(known, _)| *known == name)?;
    let handler = match disposition {
        Disposition::Default => libc::SIG_DFL,
        Disposition::Ignore => libc::SIG_IGN,
        Disposition::Handle => note as extern "C" fn(libc::c_int) as libc::sighandler_t,
    };
    // SAFETY: the handler only stores to an atomic. Signals that cannot be caught stay as they are.
    unsafe { libc::signal(*signal, handler) };
    Some(())
}

/// Whether any came since.
pub fn is_pending() -> bool {
    PENDING.load(Relaxed) != 0
}
/// Names of the signals that came since the last call.
pub fn take_pending() -> impl Iterator<Item = &'static str> {
    let pending = PENDING.swap(0, Acquire);
    let came = move |signal: i32| pending >> signal & 1 == 1;
    NAMES.iter().filter_map(move |(name, signal)| came(*signal).then_some(*name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handled_signal_is_noted_once() {
        assert_eq!(set("sigusr2", Disposition::Handle), Some(()));
        // SAFETY: handled, see above.
        unsafe { libc::raise(libc::SIGUSR2) };
        assert!(take_pending().eq(["sigusr2"]));
        assert!(take_pending().next().is_none());
        assert_eq!(set("sigsegv", Disposition::Ignore), None);
        set("sigusr2", Disposition::Default);
    }
}
