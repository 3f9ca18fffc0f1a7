//! A simulation: schedulers, signals and timers under seeded schedules, on one thread.
//!
//! Everything is the real thing but for three: processes are Rust functions (`body`) that do a few
//! random things through the BIFs and entries that compiled code uses, and may be interrupted after
//! each; which scheduler does what next is random; and so is how time goes on. After every step the
//! invariants are checked that hold at any time, and at the end of a seed, when everything has been
//! handled, those that hold then (`checks`). A failure names its seed; `BEAMRC_SEED` runs that one,
//! `BEAMRC_SEEDS` so many.

mod body;
mod checks;
mod world;

use super::{CURRENT, Desk, Engine, Scheduler, Seat, make, schedulers, send, spawn, time_offset};
use crate::process::signal::Kind;
use crate::process::table::table;
use crate::sys::{clock, epoch};
use crate::term::Term;
use beamrc_abi::atom::id;
use world::{Known, world};

const SEEDS: u64 = 8000;
fn number_from(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}
const STEPS: usize = 250;
const SCHEDULERS: usize = 3;
const LEAST_PROCESSES: usize = 4;

#[test]
fn signals_and_timers_keep_their_promises_under_every_schedule() {
    let prepare = |_: &mut crate::process::Process| true;
    let enter = body::enter;
    make(SCHEDULERS, Engine { prepare, enter });
    world(|w| w.now = clock::elapsed());
    epoch::online();
    let desks: Vec<Desk> = (0..SCHEDULERS).map(|_| Desk::new(Seat::Resident)).collect();
    let one = number_from("BEAMRC_SEED");
    let seeds = number_from("BEAMRC_SEEDS").unwrap_or(SEEDS);
    for seed in one.map_or(0..seeds, |seed| seed..seed + 1) {
        let run = || simulate(seed, &desks);
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run));
        if result.is_err() {
            // Other tests wait for threads that are online.
            epoch::offline();
            panic!("BEAMRC_SEED={seed}");
        }
    }
    epoch::offline();
    if one.is_none() {
        let happened = world::happened();
        println!("{happened:?}");
        let world::Happened { slices, interruptions, stolen, .. } = happened;
        let world::Happened { messages, exits, downs, timers, time_outs, changes, .. } = happened;
        let world::Happened { aliased, hibernations, .. } = happened;
        let rarest = [
            slices,
            interruptions,
            stolen,
            messages,
            exits,
            downs,
            timers,
            time_outs,
            changes,
            aliased,
            hibernations,
        ];
        // A few schedules do not tell what is rare.
        let least = if seeds < SEEDS { seeds / 2 } else { seeds };
        assert!(rarest.into_iter().all(|count| count > least), "{happened:?}");
    }
}

fn simulate(seed: u64, desks: &[Desk]) {
    world(|w| w.begin(seed));
    advance_clock(1);
    change_offset(0);
    for _ in 0..STEPS {
        while checks::alive().len() < LEAST_PROCESSES {
            on(0);
            let options = spawn::Options::default();
            let name = Term::atom(id::MAIN);
            let (number, _) = spawn::spawn(None, name, name, Term::NIL, &options).expect("room");
            world(|w| w.known.insert(number, Known::default()));
        }
        step(desks);
        checks::at_any_time();
    }
    finish(desks);
}

/// What happens now happens on this scheduler's thread.
fn on(index: usize) -> &'static Scheduler {
    let scheduler = &schedulers()[index];
    CURRENT.set(Some(scheduler));
    scheduler
}

fn advance_clock(nanoseconds: i64) {
    let now = world(|w| {
        w.now += nanoseconds;
        w.now
    });
    clock::simulate(Some(now));
}

/// System time leaps.
fn change_offset(by: i64) {
    let offset = world(|w| {
        w.offset += by;
        w.offset
    });
    clock::simulate_offset(Some(offset));
}

fn step(desks: &[Desk]) {
    let index = world(|w| w.random(SCHEDULERS));
    let scheduler = on(index);
    let process = match world(|w| w.random(16)) {
        0 | 1 => {
            advance_clock(world(|w| w.random(3_000_000)) as i64);
            scheduler.look_around(&desks[index], &mut Vec::new());
            None
        }
        2 => {
            epoch::quiescent();
            None
        }
        5 if world(|w| w.random(4)) == 0 => {
            change_offset(1);
            scheduler.look_around(&desks[index], &mut Vec::new());
            None
        }
        3 | 4 => {
            let other = (index + 1 + world(|w| w.random(SCHEDULERS - 1))) % SCHEDULERS;
            let stolen = scheduler.queue.steal(&schedulers()[other].queue);
            stolen.inspect(|_| world::count(|h| &mut h.stolen))
        }
        _ => scheduler.queue.pop(),
    };
    if schedulers().iter().all(|scheduler| scheduler.queue.len() == 0) && process.is_none() {
        advance_clock(world(|w| w.random(5_000_000)) as i64);
        scheduler.look_around(&desks[index], &mut Vec::new());
    }
    if let Some(process) = process {
        assert!(scheduler.execute(&desks[index], process), "nobody takes the place");
    }
}

/// Runs until nobody has anything to do.
fn run_all(desks: &[Desk]) {
    let mut slices = 0;
    while let Some(index) = (0..SCHEDULERS).find(|index| schedulers()[*index].queue.len() > 0) {
        let scheduler = on(index);
        let process = scheduler.queue.pop().expect("it has one");
        scheduler.execute(&desks[index], process);
        checks::at_any_time();
        slices += 1;
        assert!(slices < 100_000, "signals come to an end");
    }
}

/// Lets everything be handled without new deeds, checks, and ends all processes.
fn finish(desks: &[Desk]) {
    world(|w| w.is_quiet = true);
    run_all(desks);
    body::take_back_suspensions(&checks::alive());
    checks::alive().into_iter().for_each(body::nudge);
    // Longer than any timer; what goes off may have others wait again.
    for _ in 0..3 {
        run_all(desks);
        advance_clock(world::LONGEST_TIMER_NS);
        for index in 0..SCHEDULERS {
            on(index).look_around(&desks[index], &mut Vec::new());
        }
    }
    run_all(desks);
    checks::at_rest();
    for number in checks::alive() {
        send::exit(number, Kind::Exit, Term::pid(0), Term::atom(id::KILL));
    }
    run_all(desks);
    assert!(checks::alive().is_empty(), "kill cannot be refused");
    world(|w| assert!(w.known.keys().all(|number| table().get(*number).is_none())));
    assert!(!time_offset::is_watched(), "the dead do not monitor");
    clock::simulate(None);
    clock::simulate_offset(None);
    epoch::quiescent();
}
