//! A look at all processes from outside: on SIGUSR1, unless the program handles that signal itself,
//! a line for each is written to standard error, and the program goes on.
//!
//! A process tells its line itself, because only its holder may look at it; those that are parked
//! are woken for it.

use super::{info, send};
use crate::process::life::Run;
use crate::process::signal::{Kind, signal};
use crate::process::table::table;
use crate::process::{Process, names};
use crate::sys::signal::{self as system, Disposition};
use crate::term::{Term, atom};
use core::fmt::Write;

/// From now on the signal is noted, and a sleeping scheduler woken.
pub fn install() {
    system::set("sigusr1", Disposition::Handle);
}

/// To be called now and then: does what noted signals ask for.
pub fn if_asked() {
    if !system::is_pending() {
        return;
    }
    for name in system::take_pending() {
        match atom::existing("erl_signal_server").and_then(names::whereis) {
            Some(server) => notify(server, name),
            None if name == "sigusr1" => ask_all(),
            None => {}
        }
    }
}

/// `{notify, Signal}`, as OTP's emulator tells `erl_signal_server`.
fn notify(server: u64, name: &str) {
    let known = |text| Term::atom(atom::intern(text).expect("a short text"));
    let mut scratch = super::scratch::Scratch::default();
    let message = crate::term::build::tuple(&mut scratch, &[known("notify"), known(name)]);
    send::message(server, message);
}

fn ask_all() {
    eprintln!("processes: {}", table().count());
    for process in table().all() {
        let _ = send::push(process, signal(Kind::Dump, 0, |_| Term::NIL));
    }
}

/// Writes the process's line.
pub fn line(p: &mut Process) {
    let mut line = crate::term::print::to_text(p.id);
    let mut add = |text: core::fmt::Arguments<'_>| {
        let _ = line.write_fmt(text);
    };
    let call = |(module, function, arity): (u32, u32, u32)| {
        format!("{}:{}/{arity}", atom::text(module), atom::text(function))
    };
    match names::name_of(p.number()) {
        Some(name) => add(format_args!(" {}", atom::text(name))),
        None => add(format_args!(" {}", call(p.life.initial_call))),
    }
    let state = match p.life.run {
        _ if p.life.suspended > 0 => "suspended",
        Run::Receive | Run::Reply(_) => "waiting",
        Run::Hibernate => "hibernating",
        Run::Fresh | Run::Ready => "runnable",
        Run::Exit => "exiting",
    };
    let heap = p.heap.info(&p.head);
    add(format_args!(
        " {state}, {} messages, heap {} words of {}",
        p.mailbox.length(),
        heap.heap_used_words + heap.old_heap_used_words,
        heap.total_words,
    ));
    if let Some((function, place)) = info::position(p) {
        add(format_args!(", in {}", call(function)));
        if let Some(place) = place {
            add(format_args!(" line {place}"));
        }
    }
    eprintln!("{line}");
}
