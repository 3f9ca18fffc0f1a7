//! What the simulation's processes do, in place of compiled code.

use super::checks;
use super::world::{Alias, Doing, Known, LONGEST_TIMER_MS, Timer, Wanted, count, world};
use crate::bifs::processes as bifs;
use crate::entry::receive::{
    beamrc_recv_marker_bind, beamrc_recv_marker_clear, beamrc_recv_marker_reserve,
    beamrc_recv_marker_use, beamrc_recv_next, beamrc_recv_peek, beamrc_recv_remove,
    beamrc_recv_start_timer, beamrc_recv_timeout, beamrc_recv_wait,
};
use crate::entry::scheduling::beamrc_poll;
use crate::process::exception::{Class, Result};
use crate::process::relations::{MonitorOptions, Reference};
use crate::process::table::table;
use crate::process::{Priority, Process, names};
use crate::sched::{send, signals, spawn};
use crate::sys::clock;
use crate::term::{Term, build};
use beamrc_abi::atom::id;

const PROCESSES_MAX: usize = 14;
const DEEDS_MAX: usize = 6;
const NAMES: [u32; 2] = [id::MAIN, id::INFO];

/// Whether the process goes on; if not, it has given up its thread.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Goes,
    Stops,
}
use Next::{Goes, Stops};

/// Runs a process until it gives up its thread.
pub unsafe extern "C" fn enter(p: *mut Process) {
    // SAFETY: the scheduler's contract.
    let p = unsafe { &mut *p };
    let slice = std::panic::AssertUnwindSafe(|| slice(p));
    if std::panic::catch_unwind(slice).is_err() {
        eprintln!("BEAMRC_SEED={}", world(|w| w.seed));
        std::process::abort();
    }
}

fn slice(p: &mut Process) {
    checks::is_not_queued(p.number());
    count(|h| &mut h.slices);
    let mut next = match world(|w| core::mem::take(&mut w.of(p.number()).doing)) {
        Doing::Anything => Goes,
        Doing::Receiving(wanted) => waited(p, wanted, p.head.slow_result),
    };
    for _ in 0..world(|w| w.random(DEEDS_MAX)) {
        if next == Goes && !world(|w| w.is_quiet) {
            next = deed(p);
        }
        if next == Goes && world(|w| w.random(8)) == 0 {
            next = interrupted(p);
        }
    }
    while next == Goes {
        next = if world(|w| w.is_quiet) {
            receive(p, Wanted::ALL)
        } else if world(|w| w.random(3)) == 0 {
            p.head.fcalls = p.head.fcalls.min(-1);
            interrupted(p)
        } else {
            random_receive(p)
        };
    }
}

/// A yield point.
fn interrupted(p: &mut Process) -> Next {
    // SAFETY: p runs; it has no stack.
    unsafe { beamrc_poll(p) };
    if p.head.suspended == 0 {
        return Goes;
    }
    count(|h| &mut h.interruptions);
    Stops
}

/// What comes of a BIF: its result, or nothing if it fails; it may wait, or end the process.
fn called(p: &mut Process, result: Result) -> (Next, Option<Term>) {
    match result {
        Ok(term) => (Goes, Some(term)),
        Err(exception) if exception.class == Class::Trap => {
            // As the code that waits does (`entry::scheduling`).
            p.head.suspended = 1;
            signals::handle(p);
            (Stops, None)
        }
        Err(_) => (Goes, None),
    }
}

fn deed(p: &mut Process) -> Next {
    let other = world(|w| w.any());
    match world(|w| w.random(71)) {
        0..16 => send_number(p, other),
        16..21 | 65..69 => link(p, other),
        21..26 => unlink(p, other),
        26..31 => monitor(p, other),
        31..35 => demonitor(p),
        35..37 => {
            let value = Term::bool(world(|w| w.random(4)) > 0);
            let result = bifs::process_flag_2(p, Term::atom(id::TRAP_EXIT), value);
            called(p, result).0
        }
        37..41 => new_process(p),
        41..45 => set_timer(p, other),
        45..47 => cancel_timer(p),
        47 => name(p, other),
        48 => {
            let result = bifs::is_process_alive_1(p, Term::pid(other));
            called(p, result).0
        }
        49 => suspend(p, other),
        50 => resume(p),
        51 => {
            let result = bifs::internal_garbage_collect_1(p, Term::atom(id::MAJOR));
            called(p, result).0
        }
        52 => {
            let result = bifs::yield_0(p);
            called(p, result).0
        }
        53 if world(|w| w.random(4)) == 0 => exit(p, id::NORMAL),
        54 if world(|w| w.random(3)) == 0 => exit(p, id::ERROR),
        55 => {
            let reason = Term::atom(if world(|w| w.random(2)) == 0 { id::KILL } else { id::INFO });
            let result = bifs::exit_2(p, Term::pid(other), reason);
            called(p, result).0
        }
        56 => monitor_offset(p),
        57 => demonitor_offset(p),
        58 => hibernate(p),
        59..61 => new_alias(p),
        61..64 => send_to_alias(p),
        64 => unalias(p),
        _ => receive(p, Wanted { time_out: Some((0, clock::elapsed())), ..Wanted::ALL }),
    }
}

fn exit(p: &mut Process, reason: u32) -> Next {
    p.exit(Term::atom(reason));
    interrupted(p)
}

/// A message with the next number from this process to the other, perhaps by name.
fn send_number(p: &mut Process, other: u64) -> Next {
    let name = names::name_of(other).filter(|_| world(|w| w.random(2)) == 0);
    let me = p.number();
    let is_there = table().get(other).is_some();
    let number = world(|w| {
        if is_there {
            *w.sent_to.entry(other).or_default() += 1;
        }
        let last = w.sent.entry((me, other)).or_default();
        *last += 1;
        *last
    });
    let message = build::tuple(p, &[p.id, Term::small(number)]);
    let result = bifs::send_2(p, name.map_or(Term::pid(other), Term::atom), message);
    assert!(result.is_ok(), "a process and its name can be sent to");
    Goes
}

fn link(p: &mut Process, other: u64) -> Next {
    let me = p.number();
    if other == me {
        return Goes;
    }
    let result = bifs::link_1(p, Term::pid(other));
    if result.is_ok() && table().get(other).is_some() {
        world(|w| {
            w.has_linked.insert((me, other));
            w.of(me).has_unlinked.remove(&other);
            w.of(other).has_unlinked.remove(&me);
        });
    }
    called(p, result).0
}

/// Of some process that it is linked to, if there is one.
fn unlink(p: &mut Process, other: u64) -> Next {
    let me = p.number();
    let linked: Vec<u64> =
        p.relations.tables().map(|t| t.links.keys().copied().collect()).unwrap_or_default();
    let other = match linked.len() {
        0 => other,
        count => linked[world(|w| w.random(count))],
    };
    let result = bifs::unlink_1(p, Term::pid(other));
    // What has become a message before stays one.
    let is_exit = |message: Term| match message.as_tuple() {
        Some([tag, from, _]) => *tag == Term::atom(id::EXIT_UPPER) && *from == Term::pid(other),
        _ => false,
    };
    let has_exit = p.mailbox.messages().any(is_exit);
    world(|w| {
        if !has_exit && !w.has_linked.contains(&(other, me)) {
            w.of(me).has_unlinked.insert(other);
        }
    });
    called(p, result).0
}

fn monitor(p: &mut Process, other: u64) -> Next {
    let me = p.number();
    if other == me {
        return Goes;
    }
    let name = names::name_of(other).filter(|_| world(|w| w.random(2)) == 0);
    let what = name.map_or(Term::pid(other), Term::atom);
    let result = bifs::monitor_2(p, Term::atom(id::PROCESS), what);
    let (next, reference) = called(p, result);
    let number = Reference::of(&reference.expect("a process can be monitored"));
    world(|w| w.of(me).monitors.insert(number.expect("a reference").number()));
    next
}

fn demonitor(p: &mut Process) -> Next {
    let me = p.number();
    let Some(number) = world(|w| w.of(me).monitors.pop_first()) else {
        return Goes;
    };
    let reference = Reference([number, 0]).term(p);
    let flush = build::list(p, &[Term::atom(id::FLUSH)], Term::NIL);
    let result = bifs::demonitor_2(p, reference, flush);
    called(p, result).0
}

fn monitor_offset(p: &mut Process) -> Next {
    let (sort, item) = (Term::atom(id::TIME_OFFSET), Term::atom(id::CLOCK_SERVICE));
    let result = bifs::monitor_2(p, sort, item);
    let (next, reference) = called(p, result);
    let number = Reference::of(&reference.expect("the offset can be monitored"));
    world(|w| {
        let offset = w.offset;
        w.of(p.number()).offsets.insert(number.expect("a reference").number(), offset)
    });
    next
}
fn demonitor_offset(p: &mut Process) -> Next {
    let me = p.number();
    let Some((number, _)) = world(|w| w.of(me).offsets.pop_first()) else {
        return Goes;
    };
    let reference = Reference([number, 0]).term(p);
    let options = build::list(p, &[Term::atom(id::FLUSH), Term::atom(id::INFO)], Term::NIL);
    let result = bifs::demonitor_2(p, reference, options);
    let (next, was_there) = called(p, result);
    assert!(was_there == Some(Term::TRUE), "it tells of changes until it is given up");
    next
}

/// What it does next, it does when a message is there.
fn hibernate(p: &mut Process) -> Next {
    count(|h| &mut h.hibernations);
    let name = Term::atom(id::MAIN);
    let result = bifs::hibernate_3(p, name, name, Term::NIL);
    called(p, result).0
}

fn new_alias(p: &mut Process) -> Next {
    let is_for_reply = world(|w| w.random(2)) == 0;
    let sort = if is_for_reply { id::REPLY } else { id::EXPLICIT_UNALIAS };
    let options = build::list(p, &[Term::atom(sort)], Term::NIL);
    let result = bifs::alias_1(p, options);
    let (next, alias) = called(p, result);
    let reference = Reference::of(&alias.expect("an alias")).expect("a reference");
    let owner = p.number();
    let alias = Alias { reference, owner, is_for_reply, ended: None, sent: 0, received: 0 };
    world(|w| w.aliases.insert(reference.number(), alias));
    next
}

/// A message with the next number of all to an alias of any process, which may have ended.
fn send_to_alias(p: &mut Process) -> Next {
    let sent = world(|w| {
        let index = w.random(w.aliases.len() + 1);
        let alias = w.aliases.values_mut().nth(index)?;
        alias.sent += 1;
        w.sent_to_aliases += 1;
        Some((alias.reference, w.sent_to_aliases))
    });
    let Some((reference, number)) = sent else { return Goes };
    let to = reference.term(p);
    let tag = Term::atom(id::ALIAS);
    let message = build::tuple(p, &[tag, to, Term::small(number as i64), Term::NIL]);
    let result = bifs::send_2(p, to, message);
    called(p, result).0
}

fn unalias(p: &mut Process) -> Next {
    let me = p.number();
    let own = world(|w| {
        let now = w.sent_to_aliases;
        let alias = w.aliases.values_mut().find(|alias| alias.is_active_of(me))?;
        alias.ended = Some(now);
        Some((alias.reference, alias.is_for_reply))
    });
    let Some((reference, is_for_reply)) = own else { return Goes };
    let reference = reference.term(p);
    let result = bifs::unalias_1(p, reference);
    let (next, was_active) = called(p, result);
    // The reply may have come without having been received.
    assert!(was_active == Some(Term::TRUE) || is_for_reply, "it is active until it is given up");
    next
}

fn new_process(p: &mut Process) -> Next {
    if checks::alive().len() >= PROCESSES_MAX {
        return Goes;
    }
    let priorities = [Priority::Low, Priority::Normal, Priority::Normal, Priority::High];
    let options = spawn::Options {
        link: world(|w| w.random(2)) == 0,
        monitor: (world(|w| w.random(3)) == 0).then(MonitorOptions::default),
        priority: priorities[world(|w| w.random(priorities.len()))],
        ..spawn::Options::default()
    };
    let name = Term::atom(id::MAIN);
    let spawned = spawn::spawn(Some(p), name, name, Term::NIL, &options);
    let (child, reference) = spawned.expect("room for processes");
    world(|w| {
        w.known.insert(child, Known::default());
        if let Some(reference) = reference {
            w.of(p.number()).monitors.insert(reference.number());
        }
    });
    Goes
}

fn set_timer(p: &mut Process, other: u64) -> Next {
    let milliseconds = world(|w| w.random(LONGEST_TIMER_MS)) as i64;
    let timer_id = world(|w| w.timers.len()) as i64;
    let to = Term::pid(other);
    let result = bifs::start_timer_3(p, Term::small(milliseconds), to, Term::small(timer_id));
    let (next, reference) = called(p, result);
    let reference = reference.expect("a timer");
    let Reference([number, place]) = Reference::of(&reference).expect("a reference");
    let timer = Timer {
        number,
        place,
        deadline: clock::elapsed() + milliseconds * 1_000_000,
        to: other,
        is_cancelled: table().get(other).is_none(),
    };
    world(|w| w.timers.insert(timer_id, timer));
    next
}

fn cancel_timer(p: &mut Process) -> Next {
    let timer_id = world(|w| w.random(w.timers.len() + 1)) as i64;
    let Some(timer) = world(|w| w.timers.get(&timer_id).copied()) else {
        return Goes;
    };
    let reference = Reference([timer.number, timer.place]).term(p);
    let result = bifs::cancel_timer_1(p, reference);
    let (next, left) = called(p, result);
    if let Some(left) = left.expect("a timer can be cancelled").as_small() {
        let latest = (timer.deadline - clock::elapsed()).max(0) as u64;
        assert_eq!(left as u64, latest.div_ceil(1_000_000), "the time that was left");
        world(|w| w.timers.get_mut(&timer_id).expect("set").is_cancelled = true);
    }
    next
}

fn name(p: &mut Process, other: u64) -> Next {
    let name = Term::atom(NAMES[world(|w| w.random(NAMES.len()))]);
    let result = if world(|w| w.random(3)) == 0 {
        bifs::unregister_1(p, name)
    } else {
        bifs::register_2(p, name, Term::pid(other))
    };
    called(p, result).0
}

fn suspend(p: &mut Process, other: u64) -> Next {
    let result = bifs::suspend_process_2(p, Term::pid(other), Term::NIL);
    called(p, result).0
}
fn resume(p: &mut Process) -> Next {
    let suspended = p.relations.tables().and_then(|t| t.suspended.keys().next().copied());
    if let Some(other) = suspended {
        let result = bifs::resume_process_1(p, Term::pid(other));
        return called(p, result).0;
    }
    Goes
}
/// Everybody goes on who was suspended by these processes, which are parked.
pub fn take_back_suspensions(of: &[u64]) {
    let mut resumed = Vec::new();
    for number in of {
        let process = table().get(*number).expect("alive");
        assert!(process.signals.is_parked());
        // SAFETY: P1: it is parked, and there is one thread.
        let p = unsafe { &mut *process.process() };
        if let Some(tables) = p.relations.tables_mut() {
            let suspended = core::mem::take(&mut tables.suspended);
            resumed.extend(suspended.into_iter().map(|(other, count)| (other, *number, count)));
        }
    }
    for (other, by, count) in resumed {
        (0..count).for_each(|_| send::resume(other, by));
    }
}

fn random_receive(p: &mut Process) -> Next {
    let time_out = match world(|w| w.random(3)) {
        0 => None,
        _ => Some((world(|w| w.random(LONGEST_TIMER_MS)), clock::elapsed())),
    };
    let wanted = Wanted { only_even: world(|w| w.random(3)) == 0, time_out };
    if world(|w| w.random(4)) == 0 {
        call_through_marker(p);
    }
    receive(p, wanted)
}

/// Sends itself a message with a fresh reference and receives it by its marker: older messages must
/// stay where they are.
fn call_through_marker(p: &mut Process) {
    // SAFETY: p runs; it has no stack.
    unsafe {
        let marker = beamrc_recv_marker_reserve(p);
        let reference = Reference::new();
        let term = reference.term(p);
        beamrc_recv_marker_bind(p, marker, term);
        let message = build::tuple(p, &[term]);
        send::message(p.number(), message);
        beamrc_recv_marker_use(p, term);
        loop {
            let message = beamrc_recv_peek(p);
            if p.life.is_exiting() || !message.is_value() {
                assert!(p.life.is_exiting(), "the answer is behind the marker");
                break;
            }
            if message.as_tuple().is_some_and(|t| Reference::of(&t[0]) == Some(reference)) {
                beamrc_recv_remove(p);
                break;
            }
            beamrc_recv_next(p);
        }
        beamrc_recv_marker_clear(p, term);
    }
}

/// Takes one message that is wanted, or the time-out.
fn receive(p: &mut Process, wanted: Wanted) -> Next {
    loop {
        // SAFETY: p runs; it has no stack.
        let message = unsafe { beamrc_recv_peek(p) };
        if message.is_value() {
            let is_wanted = !wanted.only_even || is_even(message);
            // SAFETY: as above.
            unsafe {
                if !is_wanted {
                    beamrc_recv_next(p);
                    continue;
                }
                beamrc_recv_remove(p);
            }
            received(p, message);
            return Goes;
        }
        // SAFETY: as above.
        let result = unsafe {
            if let Some((milliseconds, _)) = wanted.time_out {
                beamrc_recv_start_timer(p, Term::small(milliseconds as i64));
            }
            beamrc_recv_wait(p)
        };
        if p.head.suspended != 0 {
            world(|w| w.of(p.number()).doing = Doing::Receiving(wanted));
            return Stops;
        }
        if result.0 == 1 {
            return timed_out(p, wanted);
        }
    }
}

/// Goes on in a receive with what the wait returned.
fn waited(p: &mut Process, wanted: Wanted, result: u64) -> Next {
    if result == 1 { timed_out(p, wanted) } else { receive(p, wanted) }
}

fn timed_out(p: &mut Process, wanted: Wanted) -> Next {
    let (milliseconds, since) = wanted.time_out.expect("a receive with a time-out");
    let due = since + milliseconds as i64 * 1_000_000;
    assert!(clock::elapsed() >= due, "a time-out is never early");
    count(|h| &mut h.time_outs);
    // SAFETY: p runs.
    unsafe { beamrc_recv_timeout(p) };
    Goes
}

fn is_even(message: Term) -> bool {
    match message.as_tuple() {
        Some([_, number]) => number.as_small().is_some_and(|n| n % 2 == 0),
        // A nudge.
        Some([_]) => true,
        _ => false,
    }
}
/// A message that every receive takes.
pub fn nudge(number: u64) {
    let mut scratch = crate::sched::scratch::Scratch::default();
    let message = build::tuple(&mut scratch, &[Term::NIL]);
    send::message(number, message);
}

fn received(p: &Process, message: Term) {
    let me = p.number();
    match *message.as_tuple().expect("a tuple") {
        [from, number] => world(|w| {
            let from = from.as_pid().expect("a sender");
            let number = number.as_small().expect("a number");
            assert!(number <= w.sent[&(from, me)], "it was sent");
            let known = w.of(me);
            let last = known.received.insert((from, number % 2), number).unwrap_or_default();
            assert!(number > last, "messages of one sender in order");
            known.received_count += 1;
            count(|h| &mut h.messages);
        }),
        [tag, _, timer_id] if tag == Term::atom(id::TIMEOUT) => world(|w| {
            let timer = w.timers.get_mut(&timer_id.as_small().expect("a number")).expect("set");
            assert!(!timer.is_cancelled, "a cancelled timer, or one that was heard of before");
            assert!(timer.to == me && clock::elapsed() >= timer.deadline, "never early");
            timer.is_cancelled = true;
            count(|h| &mut h.timers);
        }),
        [tag, alias, number, _] if tag == Term::atom(id::ALIAS) => world(|w| {
            let reference = Reference::of(&alias).expect("a reference");
            let alias = w.aliases.get_mut(&reference.number()).expect("an alias");
            let number = number.as_small().expect("a number") as u64;
            assert_eq!(alias.owner, me, "it is the receiver's");
            assert!(alias.ended.is_none_or(|last| number <= last), "a message to what had ended");
            assert!(!alias.is_for_reply || alias.received == 0, "one reply");
            alias.received += 1;
            if alias.is_for_reply {
                alias.ended.get_or_insert(number);
            }
            count(|h| &mut h.aliased);
        }),
        [_, from, reason] => world(|w| {
            let from = from.as_pid().expect("who exits");
            // `info` is what exit/2 sends here, and `noproc` comes of `link`.
            let is_over_link = reason != Term::atom(id::INFO) && reason != Term::atom(id::NOPROC);
            assert!(
                !is_over_link || !w.of(me).has_unlinked.contains(&from),
                "an exit signal after unlink"
            );
            count(|h| &mut h.exits);
        }),
        [_, reference, item_sort, _, offset] if item_sort == Term::atom(id::TIME_OFFSET) => {
            let number = Reference::of(&reference).expect("a reference").number();
            world(|w| {
                let known = w.of(me).offsets.get_mut(&number).expect("a monitor it has");
                let offset = offset.as_small().expect("a number");
                assert_eq!(offset, *known + 1, "each change once, in order");
                *known = offset;
            });
            count(|h| &mut h.changes);
        }
        [_, reference, _, _, _] => {
            let number = Reference::of(&reference).expect("a reference").number();
            assert!(world(|w| w.of(me).monitors.remove(&number)), "one DOWN for each monitor");
            count(|h| &mut h.downs);
        }
        [_] => {}
        _ => panic!("a message of another kind"),
    }
}
