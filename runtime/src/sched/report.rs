//! What the runtime itself reports about processes: to the system's logger (`system_flag`), in the
//! form that OTP's emulator sends, or to standard error while there is none.

use super::{info, send};
use crate::process::{Process, names, settings, trace};
use crate::sys::clock;
use crate::term::{Term, atom, build, map};
use beamrc_abi::atom::id;

/// An error or a thrown value that nobody handled ended a process with this reason.
pub fn uncaught(p: &mut Process, reason: Term) {
    error(p, "Error in process ~p with exit value:~n~p~n", &[p.id, reason]);
}
/// A process needs more words than its `max_heap_size`.
pub fn max_heap_size(p: &mut Process, words: usize) {
    let max = p.heap.options.max_heap;
    let messages = Term::small(p.mailbox.length() as i64);
    let collections = info::collection_info(p);
    let addresses = info::addresses(p, trace::depth());
    let stack = trace::list_of_addresses(p, &addresses);
    error(
        p,
        "     Process:            ~p ~n     Context:            maximum heap size reached~n     \
         Max Heap Size:      ~p~n     Total Heap Size:    ~p~n     Kill:               ~p~n     \
         Error Logger:       ~p~n     Message Queue Len:  ~p~n     GC Info:            ~p~n     \
         Stacktrace:         ~p~n",
        &[
            p.id,
            Term::small(max.words as i64),
            Term::small(words as i64),
            Term::bool(max.kill),
            Term::bool(max.error_logger),
            messages,
            collections,
            stack,
        ],
    );
}
/// A process was not made because there are as many as there may be.
pub fn too_many_processes(p: &mut Process) {
    let text = string(p, "Too many processes\n");
    error(p, "~s~n", &[text]);
}
/// A process is ended because the system has no memory for it.
pub fn out_of_memory(p: &mut Process) {
    error(p, "Process ~p is killed: no memory is left for its heap~n", &[p.id]);
}

/// A process asked for the insides of the runtime.
pub fn internal_state(p: &mut Process) {
    let mut text = format!("Process {} ", crate::term::print::to_text(p.id));
    text.push_str(
        "enabled access to the emulator internal state.\nNOTE: This is an erts internal test \
         feature and should *only* be used by OTP test-suites.\n",
    );
    let text = string(p, &text);
    report(p, Level::Warning, "~s~n", &[text]);
}

/// How grave a report is.
#[derive(Clone, Copy)]
enum Level {
    Error,
    Warning,
}

fn error(p: &mut Process, format: &str, arguments: &[Term]) {
    report(p, Level::Error, format, arguments);
}

fn report(p: &mut Process, level: Level, format: &str, arguments: &[Term]) {
    let logger = match settings::system_logger() {
        Term::UNDEFINED => return,
        process if process.is_pid() => process.as_pid(),
        name => name.as_atom().and_then(names::whereis),
    };
    let Some(logger) = logger else {
        return print(level, format, arguments);
    };
    let format = string(p, format);
    let arguments = build::list(p, arguments, Term::NIL);
    let (name, tag) = match level {
        Level::Error => (Term::atom(id::ERROR), Term::atom(id::ERROR)),
        Level::Warning => (Term::atom(id::WARNING), known("warning_msg")),
    };
    let about = about(p, tag);
    let event = build::tuple(p, &[known("log"), name, format, arguments, about]);
    send::message(logger, event);
}

fn string(p: &mut Process, text: &str) -> Term {
    let characters: Vec<Term> = text.bytes().map(|b| Term::small(b.into())).collect();
    build::list(p, &characters, Term::NIL)
}
fn known(text: &str) -> Term {
    Term::atom(atom::intern(text).expect("a short text"))
}

/// `#{error_logger => #{emulator => true, tag => Tag}, gl, pid, time}`.
fn about(p: &mut Process, tag: Term) -> Term {
    let mut tags = vec![(known("emulator"), Term::TRUE), (Term::atom(id::TAG), tag)];
    let tags = map::from_pairs(p, &mut tags);
    let time = build::integer(p, clock::os_system() / 1000);
    let mut pairs = vec![
        (Term::atom(id::ERROR_LOGGER), tags),
        (known("gl"), p.life.group_leader),
        (Term::atom(id::PID), p.id),
        (known("time"), time),
    ];
    map::from_pairs(p, &mut pairs)
}

/// While no logger runs.
fn print(level: Level, format: &str, arguments: &[Term]) {
    let mut text = String::from(match level {
        Level::Error => "=ERROR REPORT====\n",
        Level::Warning => "=WARNING REPORT====\n",
    });
    let mut arguments = arguments.iter();
    let mut rest = format;
    while let Some(at) = rest.find('~') {
        text.push_str(&rest[..at]);
        match rest.as_bytes().get(at + 1) {
            Some(b'n') => text.push('\n'),
            _ => {
                if let Some(argument) = arguments.next() {
                    text.push_str(&crate::term::print::to_text(*argument));
                }
            }
        }
        rest = &rest[at + 2..];
    }
    text.push_str(rest);
    eprintln!("{text}");
}

/// The stack of a process as text, one function a line.
pub fn backtrace(p: &mut Process) -> String {
    let addresses = super::info::addresses(p, 64);
    let list = crate::process::trace::list_of_addresses(p, &addresses);
    let mut text = String::new();
    for entry in list.list() {
        text.push_str(&crate::term::print::to_text(entry));
        text.push('\n');
    }
    text
}
