//! What `process_info` tells, and answers to the other questions that a process answers itself.
//!
//! A process is asked by a request signal, so that the answer takes in every signal that the asker
//! sent before. The answer is built on the heap of the process that is asked.

use crate::heap::{self, MaxHeap};
use crate::process::life::Run;
use crate::process::relations::Target;
use crate::process::table::table;
use crate::process::{Priority, Process, names, stack, trace};
use crate::program::{self, program};
use crate::term::{Term, View, atom, build, list, map};
use beamrc_abi::atom::id;

/// Items that are known, in the order in which `process_info/1` gives its part of them.
pub const DEFAULT: [&str; 17] = [
    "registered_name",
    "current_function",
    "initial_call",
    "status",
    "message_queue_len",
    "links",
    "dictionary",
    "trap_exit",
    "error_handler",
    "priority",
    "group_leader",
    "total_heap_size",
    "heap_size",
    "stack_size",
    "reductions",
    "garbage_collection",
    "suspending",
];
const OTHERS: [&str; 21] = [
    "messages",
    "monitors",
    "monitored_by",
    "memory",
    "trace",
    "binary",
    "sequential_trace_token",
    "catchlevel",
    "backtrace",
    "last_calls",
    "min_heap_size",
    "min_bin_vheap_size",
    "max_heap_size",
    "current_location",
    "current_stacktrace",
    "message_queue_data",
    "garbage_collection_info",
    "fullsweep_after",
    "parent",
    "async_dist",
    "label",
];

fn known(text: &str) -> Term {
    Term::atom(atom::intern(text).expect("a short text"))
}

/// Whether this may be asked for: an atom, or `{dictionary, Key}`.
pub fn is_item(item: Term) -> bool {
    match item.view() {
        View::Atom(id) => {
            let text = atom::text(id);
            DEFAULT.contains(&text)
                || OTHERS.contains(&text)
                || text == "priority_messages" && program().release() >= 28
        }
        View::Tuple(&[key, _]) => key == Term::atom(id::DICTIONARY),
        _ => false,
    }
}

const SAVE_CALLS: Term = Term::atom(id::SAVE_CALLS);

/// Questions: an item, a list of items, `[]` in a tuple for `process_info/1`, `alive`,
/// or `{save_calls, N}` for `process_flag/3`.
pub fn answer(p: &mut Process, question: Term) -> Term {
    match question.view() {
        View::Atom(id::ALIVE) => Term::TRUE,
        View::Tuple(&[what, most]) if what == SAVE_CALLS => {
            let most = most.as_small().expect("the asker has looked") as usize;
            Term::small(p.save_calls(most) as i64)
        }
        _ => of(p, question, true),
    }
}
/// The answer for a process that is gone.
pub fn answer_of_none(question: Term) -> Term {
    match question.view() {
        View::Atom(id::ALIVE) => Term::FALSE,
        View::Tuple(&[what, _]) if what == SAVE_CALLS => Term::atom(id::BADARG),
        _ => Term::UNDEFINED,
    }
}

/// What `process_info` returns: for an item, a list of them, or (asked for by the empty tuple) what
/// `process_info/1` gives.
pub fn of(p: &mut Process, items: Term, is_asked: bool) -> Term {
    match items.view() {
        View::Tuple([]) => {
            let mut all = Vec::new();
            for text in &DEFAULT[..DEFAULT.len()] {
                let item = known(text);
                let value = value(p, item, is_asked);
                if *text == "registered_name" && value.is_nil() {
                    continue;
                }
                all.push(build::tuple(p, &[item, value]));
            }
            build::list(p, &all, Term::NIL)
        }
        View::Cons(..) | View::Nil => {
            let mut all = Vec::new();
            for item in items.list() {
                let value = value(p, item, is_asked);
                all.push(build::tuple(p, &[item, value]));
            }
            build::list(p, &all, Term::NIL)
        }
        _ => {
            let value = value(p, items, is_asked);
            if items == Term::atom(id::REGISTERED_NAME) && value.is_nil() {
                return value;
            }
            build::tuple(p, &[items, value])
        }
    }
}

fn words(p: &mut Process, words: usize) -> Term {
    build::unsigned(p, words as u64)
}

fn value(p: &mut Process, item: Term, is_asked: bool) -> Term {
    if let Some(&[_, key]) = item.as_tuple() {
        return p.dictionary.get(key).unwrap_or(Term::UNDEFINED);
    }
    let Some(item) = item.as_atom() else { return Term::UNDEFINED };
    match atom::text(item) {
        "registered_name" => names::name_of(p.number()).map_or(Term::NIL, Term::atom),
        "current_function" => current(p, false, is_asked),
        "current_location" => current(p, true, is_asked),
        "current_stacktrace" => {
            let addresses = callers(p, trace::depth(), is_asked);
            trace::list_of_addresses(p, &addresses)
        }
        "initial_call" => {
            let (module, function, arity) = p.life.initial_call;
            let arity = Term::small(arity.into());
            build::tuple(p, &[Term::atom(module), Term::atom(function), arity])
        }
        "status" => status(p, is_asked),
        "messages" | "dictionary" if p.life.sensitive => Term::NIL,
        "backtrace" if p.life.sensitive => crate::heap::bits::from_bytes(p, &[]),
        "messages" => messages(p),
        "message_queue_len" => Term::small(p.mailbox.length() as i64),
        "links" => links(p),
        "monitors" => monitors(p),
        "monitored_by" => monitored_by(p),
        "suspending" => suspending(p),
        "dictionary" => dictionary(p),
        "trap_exit" => Term::bool(p.life.trap_exit),
        "error_handler" => Term::atom(p.life.error_handler),
        "priority" => priority(p.shared().priority()),
        "group_leader" => p.life.group_leader,
        "parent" => p.life.parent,
        "reductions" => {
            let slice = (p.life.slice_start - p.head.fcalls).max(0) as u64;
            build::unsigned(p, p.life.reductions + slice)
        }
        "trace" | "catchlevel" => Term::small(0),
        "sequential_trace_token" => Term::NIL,
        "last_calls" => p.last_calls(),
        "async_dist" => Term::bool(p.life.async_dist),
        // Where `proc_lib:set_label/1` puts it.
        "priority_messages" => Term::bool(p.relations.has_priority()),
        "label" => p.dictionary.get(known("$process_label")).unwrap_or(Term::UNDEFINED),
        "backtrace" => {
            let text = super::report::backtrace(p);
            crate::heap::bits::from_bytes(p, text.as_bytes())
        }
        "message_queue_data" => {
            Term::atom(if p.life.messages_off_heap { id::OFF_HEAP } else { id::ON_HEAP })
        }
        text => memory(p, text),
    }
}

/// Messages count as fragments unless they are to be off the heap.
fn heap_info(p: &Process) -> heap::Info {
    let mut info = p.heap.info(&p.head);
    if !p.life.messages_off_heap {
        let words = p.mailbox.words();
        info.fragment_words += words;
        info.total_words += words;
    }
    info
}

/// Items on memory.
fn memory(p: &mut Process, item: &str) -> Term {
    let info = heap_info(p);
    let options = p.heap.options;
    match item {
        "heap_size" => words(p, info.heap_words),
        "total_heap_size" => words(p, info.total_words),
        "stack_size" => {
            let bytes = stack::used_bytes(&p.head);
            words(p, bytes / 8)
        }
        "memory" => {
            let size = memory_bytes(p);
            words(p, size)
        }
        "min_heap_size" => words(p, options.min_heap_words),
        "min_bin_vheap_size" => words(p, options.min_bin_vheap_words),
        "fullsweep_after" => words(p, options.fullsweep_after as usize),
        "max_heap_size" => max_heap(p),
        "garbage_collection" => {
            let max = max_heap(p);
            let pairs = [
                ("max_heap_size", max),
                ("min_bin_vheap_size", Term::small(options.min_bin_vheap_words as i64)),
                ("min_heap_size", Term::small(options.min_heap_words as i64)),
                ("fullsweep_after", Term::small(options.fullsweep_after.into())),
                ("minor_gcs", Term::small(info.minor_collections.into())),
            ];
            pair_list(p, &pairs)
        }
        "garbage_collection_info" => collection_info(p),
        "binary" => {
            let mut all = Vec::new();
            for (address, size, references) in p.heap.binaries() {
                let address = build::unsigned(p, address);
                let (size, references) = (words(p, size), words(p, references));
                all.push(build::tuple(p, &[address, size, references]));
            }
            build::list(p, &all, Term::NIL)
        }
        _ => Term::UNDEFINED,
    }
}

/// What a collection would find, item by item.
pub fn collection_info(p: &mut Process) -> Term {
    let info = heap_info(p);
    let small = |words: usize| Term::small(words as i64);
    let pairs = [
        ("old_heap_block_size", small(info.old_heap_words)),
        ("heap_block_size", small(info.heap_words)),
        ("mbuf_size", small(info.fragment_words)),
        ("recent_size", small(info.heap_used_words)),
        ("stack_size", small(stack::used_bytes(&p.head) / 8)),
        ("old_heap_size", small(info.old_heap_used_words)),
        ("heap_size", small(info.heap_used_words)),
        ("bin_vheap_size", small(info.bin_vheap_words)),
        ("bin_vheap_block_size", small(info.bin_vheap_limit_words)),
        ("bin_old_vheap_size", small(info.bin_old_vheap_words)),
        ("bin_old_vheap_block_size", small(info.bin_old_vheap_limit_words)),
    ];
    pair_list(p, &pairs)
}

fn pair_list(p: &mut Process, pairs: &[(&str, Term)]) -> Term {
    let mut all = Vec::with_capacity(pairs.len());
    for (key, value) in pairs {
        all.push(build::tuple(p, &[known(key), *value]));
    }
    build::list(p, &all, Term::NIL)
}

/// Bytes that a process takes, with everything that is its own.
pub fn memory_bytes(p: &Process) -> usize {
    size_of::<Process>()
        + size_of::<crate::process::Shared>()
        + 8 * p.heap.info(&p.head).total_words
        + stack::size_bytes(&p.head)
        + p.dictionary.size_bytes()
        + 64 * p.mailbox.length()
}

fn status(p: &Process, is_asked: bool) -> Term {
    Term::atom(if p.life.suspended > 0 {
        id::SUSPENDED
    } else if !is_asked {
        id::RUNNING
    } else {
        match p.life.run {
            Run::Receive | Run::Reply(_) | Run::Hibernate => id::WAITING,
            Run::Fresh | Run::Ready => id::RUNNABLE,
            Run::Exit => id::EXITING,
        }
    })
}

pub fn priority(priority: Priority) -> Term {
    Term::atom(match priority {
        Priority::Max => id::MAX,
        Priority::High => id::HIGH,
        Priority::Normal => id::NORMAL,
        Priority::Low => id::LOW,
    })
}
pub fn priority_of(term: Term) -> Option<Priority> {
    Some(match term.as_atom()? {
        id::MAX => Priority::Max,
        id::HIGH => Priority::High,
        id::NORMAL => Priority::Normal,
        id::LOW => Priority::Low,
        _ => return None,
    })
}

#[expect(unsafe_code, reason = "looks at the process's stack")]
pub(super) fn addresses(p: &Process, depth: usize) -> Vec<u64> {
    let mut addresses = Vec::new();
    if p.head.chunk != 0 && p.life.run != Run::Fresh {
        // SAFETY: K1: this process runs in the runtime, or is suspended.
        unsafe { stack::gather(&p.head, depth, &mut addresses) };
    }
    addresses
}

/// The same without `process_info` itself.
fn callers(p: &Process, depth: usize, is_asked: bool) -> Vec<u64> {
    let mut addresses = addresses(p, depth + 1);
    if !is_asked && addresses.first().is_some_and(|address| is_process_info(*address)) {
        addresses.remove(0);
    }
    addresses.truncate(depth);
    addresses
}
fn is_process_info(address: u64) -> bool {
    let function = program().function_at(address - 1);
    function.is_some_and(|f| f.module == id::ERLANG && atom::text(f.name) == "process_info")
}

/// The function that runs, with its location if `full`.
fn current(p: &mut Process, full: bool, is_asked: bool) -> Term {
    let Some(&address) = callers(p, 1, is_asked).first() else {
        let (module, function, arity) = match p.life.run {
            Run::Hibernate => (id::ERLANG, atom::intern("hibernate").expect("a short text"), 3),
            _ => p.life.initial_call,
        };
        let mut parts = vec![Term::atom(module), Term::atom(function), Term::small(arity.into())];
        if full {
            parts.push(Term::NIL);
        }
        return build::tuple(p, &parts);
    };
    let list = trace::list_of_addresses(p, &[address]);
    let Some((entry, _)) = list.as_cons() else { return Term::UNDEFINED };
    if full {
        return entry;
    }
    match entry.as_tuple() {
        Some(&[module, function, arity, _]) => build::tuple(p, &[module, function, arity]),
        _ => Term::UNDEFINED,
    }
}
/// Module, function, arity and line of the function that runs.
pub fn position(p: &Process) -> Option<((u32, u32, u32), Option<u32>)> {
    let &address = addresses(p, 1).first()?;
    let program = program();
    let site = program.call_site(address)?;
    let location: &program::Location = program.locations(site).next()?;
    let function = program.function(location);
    let line = (location.file != u32::MAX).then_some(location.line);
    Some(((function.module, function.name, function.arity), line))
}

fn messages(p: &mut Process) -> Term {
    let messages: Vec<Term> = p.mailbox.messages().collect();
    // Copies: the fragments are not the heap's.
    let mut copies = Vec::with_capacity(messages.len());
    for message in messages {
        copies.push(crate::heap::copy::copy(p, message));
    }
    p.charge(copies.len() / 4);
    list::forward(p, copies.len(), copies.iter().copied(), Term::NIL)
}

fn links(p: &mut Process) -> Term {
    let tables = p.relations.tables();
    let links: Vec<Term> = tables
        .iter()
        .flat_map(|tables| tables.links.iter())
        .filter(|(_, link)| link.unlinking == 0)
        .map(|(other, _)| Term::pid(*other))
        .collect();
    build::list(p, &links, Term::NIL)
}

fn monitors(p: &mut Process) -> Term {
    let tables = p.relations.tables();
    let targets: Vec<Target> =
        tables.iter().flat_map(|t| t.monitors.values()).map(|m| m.target).collect();
    let mut all = Vec::with_capacity(targets.len());
    for target in targets {
        let (sort, what) = match target {
            Target::Process(other) => (id::PROCESS, Term::pid(other)),
            Target::Name(name, _) => {
                let node = Term::atom(id::NONODE);
                (id::PROCESS, build::tuple(p, &[Term::atom(name), node]))
            }
            Target::TimeOffset => (id::TIME_OFFSET, known("clock_service")),
            Target::Nobody | Target::Nothing => continue,
        };
        all.push(build::tuple(p, &[Term::atom(sort), what]));
    }
    build::list(p, &all, Term::NIL)
}

fn monitored_by(p: &mut Process) -> Term {
    let tables = p.relations.tables();
    let watchers: Vec<Term> = tables
        .iter()
        .flat_map(|t| t.watchers.values())
        .map(|watcher| Term::pid(watcher.process))
        .collect();
    build::list(p, &watchers, Term::NIL)
}

fn suspending(p: &mut Process) -> Term {
    let tables = p.relations.tables();
    let suspended: Vec<(u64, u32)> =
        tables.iter().flat_map(|t| t.suspended.iter()).map(|(o, c)| (*o, *c)).collect();
    // Nobody tells that one is gone.
    let suspended = suspended.into_iter().filter(|(other, _)| table().get(*other).is_some());
    let mut all = Vec::new();
    for (other, count) in suspended {
        let parts = [Term::pid(other), Term::small(count.into()), Term::small(0)];
        all.push(build::tuple(p, &parts));
    }
    build::list(p, &all, Term::NIL)
}

/// All of the process dictionary, in the order of `get/0` and `get_keys/0`.
pub fn dictionary(p: &mut Process) -> Term {
    let pairs: Vec<(Term, Term)> = p.dictionary.pairs().collect();
    let mut all = Term::NIL;
    for (key, value) in pairs {
        let pair = build::tuple(p, &[key, value]);
        all = build::cons(p, pair, all);
    }
    all
}

/// The `max_heap_size` map of a process.
pub fn max_heap(p: &mut Process) -> Term {
    let max = p.heap.options.max_heap;
    max_heap_map(p, max)
}
pub fn max_heap_map(p: &mut Process, max: MaxHeap) -> Term {
    let mut pairs = vec![
        (Term::atom(id::ERROR_LOGGER), Term::bool(max.error_logger)),
        (Term::atom(id::INCLUDE_SHARED_BINARIES), Term::bool(max.include_shared_binaries)),
        (Term::atom(id::KILL), Term::bool(max.kill)),
        (Term::atom(id::SIZE), Term::small(max.words as i64)),
    ];
    map::from_pairs(p, &mut pairs)
}
