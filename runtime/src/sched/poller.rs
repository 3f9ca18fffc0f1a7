//! Descriptors that processes wait for: one thread waits for all of them, so that no scheduler is
//! held up by who waits for input. It is started when it is first needed.

use super::scratch::Scratch;
use super::send;
use super::sleep::Bed;
use crate::sys::lock::{Mutex, MutexGuard};
use crate::sys::{descriptor, epoch};
use crate::term::{Term, atom, build};
use std::sync::OnceLock;

/// A process that is to be told when a descriptor can be read, once.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Waiting {
    fd: i32,
    process: u64,
}
static WAITING: Mutex<Vec<Waiting>> = Mutex::new(Vec::new());

fn waiting() -> MutexGuard<'static, Vec<Waiting>> {
    WAITING.lock().expect("nothing panics with the lock held")
}

/// Ends the thread's wait, so that it looks at what there is to wait for; none if the system gives no
/// thread.
fn bed() -> Option<&'static Bed> {
    static BED: OnceLock<Option<Bed>> = OnceLock::new();
    let start =
        || std::thread::Builder::new().name("poller".into()).spawn(poll).map(|_| Bed::new());
    BED.get_or_init(|| start().ok()).as_ref()
}

/// Sends the process `{select, Descriptor, ready_input}` when the descriptor can be read. False if
/// nobody will.
pub fn await_readable(fd: i32, process: u64) -> bool {
    let Some(bed) = bed() else { return false };
    let new = Waiting { fd, process };
    let mut waiting = waiting();
    if !waiting.contains(&new) {
        waiting.push(new);
        drop(waiting);
        bed.wake();
    }
    true
}

fn poll() {
    let bed = bed().expect("this thread has been started");
    loop {
        let all = waiting().clone();
        let mut fds: Vec<i32> = all.iter().map(|waiting| waiting.fd).collect();
        fds.push(bed.descriptor());
        let is_ready = descriptor::wait_readable(&fds);
        if is_ready[all.len()] {
            bed.sleep(Some(0));
        }
        let ready: Vec<Waiting> =
            all.iter().zip(&is_ready).filter(|(_, is_ready)| **is_ready).map(|(w, _)| *w).collect();
        waiting().retain(|waiting| !ready.contains(waiting));
        epoch::online();
        ready.into_iter().for_each(tell);
        epoch::offline();
    }
}

fn tell(Waiting { fd, process }: Waiting) {
    let known = |text| Term::atom(atom::intern(text).expect("a short text"));
    let mut scratch = Scratch::default();
    let parts = [known("select"), Term::small(fd.into()), known("ready_input")];
    let message = build::tuple(&mut scratch, &parts);
    send::message(process, message);
}
