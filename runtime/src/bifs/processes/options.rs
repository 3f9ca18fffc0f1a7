//! Options of spawning and of monitors.

use crate::heap::MaxHeap;
use crate::process::figures;
use crate::process::relations::{Alias, MonitorOptions};
use crate::process::settings::{self, heap_size};
use crate::program::program;
use crate::sched::info::priority_of;
use crate::sched::spawn::Options;
use crate::term::{Kind, Term, map};
use beamrc_abi::atom::id;

/// What `spawn_request` adds to the options of a spawn.
pub(super) struct Request {
    pub tag: Term,
    pub replies_success: bool,
    pub replies_error: bool,
}

/// What is wrong with a list of options.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Bad {
    Option,
    /// It is no list.
    List,
}

/// A size as programs read it back; less than the default is the default.
fn size(term: Term, least: usize) -> Option<usize> {
    let size = usize::try_from(term.as_small()?).ok()?;
    Some(if size < least { least } else { heap_size(size) })
}

/// The same as process flags take it.
pub(super) fn min_heap_words(term: Term) -> Option<usize> {
    size(term, settings::MIN_HEAP_WORDS.get())
}
pub(super) fn min_bin_vheap_words(term: Term) -> Option<usize> {
    size(term, settings::MIN_BIN_VHEAP_WORDS.get())
}

/// As many as OTP notes: the number's last 16 bits.
pub(super) fn fullsweep_after(term: Term) -> Option<u32> {
    term.as_small().filter(|count| *count >= 0).map(|count| u32::from(count as u16))
}
/// The number of a scheduler, or 0 for any.
pub(super) fn is_scheduler(term: Term) -> bool {
    let number = term.as_small().and_then(|number| usize::try_from(number).ok());
    number.is_some_and(|number| number <= figures::schedulers())
}

/// A size in words, or a map with `size`, `kill`, `error_logger`, `include_shared_binaries`.
pub(in crate::bifs) fn max_heap(term: Term) -> Option<MaxHeap> {
    let default = settings::max_heap();
    if let Some(words) = term.as_small() {
        return Some(MaxHeap { words: usize::try_from(words).ok()?, ..default });
    }
    if !term.is_kind(Kind::FlatMap) && !term.is_kind(Kind::HashMap) {
        return None;
    }
    let flag = |key: u32, default: bool| match map::get(term, Term::atom(key)) {
        None => Some(default),
        Some(Term::TRUE) => Some(true),
        Some(Term::FALSE) => Some(false),
        Some(_) => None,
    };
    Some(MaxHeap {
        words: usize::try_from(map::get(term, Term::atom(id::SIZE))?.as_small()?).ok()?,
        kill: flag(id::KILL, default.kill)?,
        error_logger: flag(id::ERROR_LOGGER, default.error_logger)?,
        include_shared_binaries: flag(
            id::INCLUDE_SHARED_BINARIES,
            default.include_shared_binaries,
        )?,
    })
}

/// Whether the release whose beams were compiled in knows priority messages.
pub(in crate::bifs) fn has_priority_messages() -> bool {
    program().release() >= 28
}
/// Whether a term is the option `priority`, which only later releases know.
pub(super) fn is_priority(option: Term) -> bool {
    option == Term::atom(id::PRIORITY) && has_priority_messages()
}
/// Whether a list of options has `priority`, if there are no others in it.
pub(super) fn priority(options: Term) -> Option<bool> {
    let mut rest = options.list();
    let mut priority = false;
    for option in rest.by_ref() {
        priority = is_priority(option).then_some(true)?;
    }
    rest.tail().is_nil().then_some(priority)
}

/// Options of `monitor/3`.
pub(super) fn monitor(options: Term) -> Option<MonitorOptions> {
    let mut parsed = MonitorOptions::default();
    let mut rest = options.list();
    for option in rest.by_ref() {
        if is_priority(option) {
            parsed.priority = true;
            continue;
        }
        let &[key, value] = option.as_tuple()? else {
            return None;
        };
        match (key.as_atom()?, value.as_atom()) {
            (id::ALIAS, Some(id::EXPLICIT_UNALIAS)) => parsed.alias = Alias::Explicit,
            (id::ALIAS, Some(id::DEMONITOR)) => parsed.alias = Alias::Demonitor,
            (id::ALIAS, Some(id::REPLY_DEMONITOR)) => parsed.alias = Alias::Reply,
            (id::TAG, _) => parsed.tag = Some(value),
            _ => return None,
        }
    }
    rest.tail().is_nil().then_some(parsed)
}

/// Options of `spawn_opt` and, with `request`, of `spawn_request`.
pub(super) fn spawn(options: Term, mut request: Option<&mut Request>) -> Result<Options, Bad> {
    let mut parsed = Options { heap: settings::heap_options(), ..Options::default() };
    let mut bad = false;
    let mut rest = options.list();
    for option in rest.by_ref() {
        match (option.as_atom(), option.as_tuple()) {
            (Some(id::LINK), _) => parsed.link = true,
            (Some(id::MONITOR), _) => parsed.monitor = Some(MonitorOptions::default()),
            (_, Some(&[key, value])) => {
                let request = request.as_deref_mut();
                bad |= one(&mut parsed, request, key, value).is_none();
            }
            _ => bad = true,
        }
    }
    if !rest.tail().is_nil() {
        return Err(Bad::List);
    }
    let max = parsed.heap.max_heap.words;
    if bad || max != 0 && max < parsed.heap.min_heap_words {
        return Err(Bad::Option);
    }
    Ok(parsed)
}

fn one(to: &mut Options, request: Option<&mut Request>, key: Term, value: Term) -> Option<()> {
    match key.as_atom()? {
        id::PRIORITY => to.priority = priority_of(value)?,
        id::MONITOR => to.monitor = Some(monitor(value)?),
        id::LINK if has_priority_messages() => {
            to.link_priority = priority(value)?;
            to.link = true;
        }
        id::MIN_HEAP_SIZE => to.heap.min_heap_words = min_heap_words(value)?,
        id::MIN_BIN_VHEAP_SIZE => to.heap.min_bin_vheap_words = min_bin_vheap_words(value)?,
        id::FULLSWEEP_AFTER => {
            to.heap.fullsweep_after = fullsweep_after(value)?;
        }
        id::MAX_HEAP_SIZE => to.heap.max_heap = max_heap(value)?,
        id::MESSAGE_QUEUE_DATA => match value.as_atom()? {
            id::ON_HEAP => to.messages_off_heap = false,
            id::OFF_HEAP => to.messages_off_heap = true,
            _ => return None,
        },
        id::ASYNC_DIST if value == Term::TRUE || value == Term::FALSE => {
            to.async_dist = value == Term::TRUE;
        }
        // Every scheduler runs every process.
        id::SCHEDULER if is_scheduler(value) => {}
        id::REPLY => {
            let request = request?;
            (request.replies_success, request.replies_error) = match value.as_atom()? {
                id::YES => (true, true),
                id::NO => (false, false),
                id::ERROR_ONLY => (false, true),
                id::SUCCESS_ONLY => (true, false),
                _ => return None,
            };
        }
        id::REPLY_TAG => request?.tag = value,
        _ => return None,
    }
    Some(())
}
