//! Timers: of receives, and those that send a message.
//!
//! Each scheduler has a wheel of its own, on which the processes that it runs set their timers, and
//! advances it whenever it looks for work. A timer is cancelled by whoever runs its process then,
//! so the wheel has a lock, which is hardly ever contended. What is sent when a timer goes off is
//! sent after the lock is given back.
//!
//! A process that exits cancels the timers that it set for itself. Those that others set for it are
//! taken out whenever a wheel has grown to twice what was wanted when last looked.

use super::wheel::Wheel;
use crate::heap::Fragment;
use crate::process::table::table;
use crate::sys::clock;
use crate::sys::lock::{Mutex, MutexGuard, lend};
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::PoisonError;

/// Nanoseconds in a tick. A timer is never early, and late by a tick at most.
const TICK: i64 = 1_000_000;

/// What happens when a timer goes off.
pub enum Action {
    /// The process's receive with this number times out.
    Receive { process: u64, number: u64 },
    /// The message is sent, unless the process is gone.
    Send { to: Destination, message: Fragment },
}
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Destination {
    Process(u64),
    /// Whoever has the name then.
    Name(u32),
}

struct Timer {
    /// Tells it from others that had its place.
    number: u64,
    deadline: i64,
    action: Action,
}

impl Timer {
    /// A timer whose process is gone counts as cancelled.
    fn is_wanted(&self) -> bool {
        match self.action {
            Action::Send { to: Destination::Process(number), .. } => table().get(number).is_some(),
            _ => true,
        }
    }
}

/// The timers of one scheduler.
pub struct Timers {
    shard: u32,
    wheel: Mutex<Wheel<Timer>>,
    /// With so many, those that nobody wants are taken out. Changed under the lock only.
    sweep_at: AtomicUsize,
}

/// Fewer are not worth looking at.
const SWEEP_MIN: usize = 1024;

/// Names a timer: the scheduler that has it and its place there.
pub type Place = u64;

fn tick_of(deadline: i64) -> u64 {
    (deadline.max(0) as u64).div_ceil(TICK as u64)
}

impl Timers {
    pub fn new(shard: u32) -> Timers {
        let now = clock::elapsed() / TICK;
        Timers {
            shard,
            wheel: Mutex::new(Wheel::new(now as u64)),
            sweep_at: AtomicUsize::new(SWEEP_MIN),
        }
    }
    fn lock(&self) -> MutexGuard<'_, Wheel<Timer>> {
        self.wheel.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets a timer for a time counted from the program's start; `number` is no other timer's.
    pub fn set(&self, deadline: i64, number: u64, action: impl FnOnce(Place) -> Action) -> Place {
        let mut wheel = self.lock();
        let unwanted = self.sweep(&mut wheel);
        if !unwanted.is_empty() {
            drop(wheel);
            drop(unwanted);
            wheel = self.lock();
        }
        let place = u64::from(self.shard) << 32 | u64::from(wheel.next_index());
        let timer = Timer { number, deadline, action: lend(&wheel, || action(place)) };
        wheel.set(tick_of(deadline), timer);
        place
    }
    fn sweep(&self, wheel: &mut Wheel<Timer>) -> Vec<Timer> {
        if wheel.len() < self.sweep_at.load(Relaxed) {
            return Vec::new();
        }
        let unwanted = wheel.retain(Timer::is_wanted);
        self.sweep_at.store((2 * wheel.len()).max(SWEEP_MIN), Relaxed);
        unwanted
    }
    /// Cancels it; its deadline, if it has not gone off.
    pub fn cancel(&self, place: Place, number: u64) -> Option<i64> {
        let mut wheel = self.lock();
        let index = place as u32;
        wheel.get(index).filter(|(_, t)| t.number == number)?;
        let (_, timer) = wheel.cancel(index)?;
        drop(wheel);
        timer.is_wanted().then_some(timer.deadline)
    }
    /// Its deadline, if it has not gone off.
    pub fn read(&self, place: Place, number: u64) -> Option<i64> {
        let mut wheel = self.lock();
        let index = place as u32;
        let (_, timer) = wheel.get(index).filter(|(_, t)| t.number == number)?;
        if timer.is_wanted() {
            return Some(timer.deadline);
        }
        wheel.cancel(index);
        None
    }

    /// What is due by now.
    pub fn due(&self, now: i64, into: &mut Vec<Action>) {
        let mut wheel = self.lock();
        if !wheel.is_empty() {
            wheel.advance((now / TICK) as u64, |timer| into.push(timer.action));
        }
    }
    /// When there is something to do next; a time counted from the program's start.
    pub fn next(&self) -> Option<i64> {
        let wheel = self.lock();
        wheel.next_tick().map(|tick| (tick as i64).saturating_mul(TICK))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timers_of_processes_that_are_gone_do_not_pile_up() {
        let timers = Timers::new(0);
        let far = clock::elapsed() + 3_600_000_000_000;
        let message = || Fragment::new(0).expect("memory");
        let set = |number, to| timers.set(far, number, |_| Action::Send { to, message: message() });
        let kept: Vec<Place> = (0..10).map(|number| set(number, Destination::Name(7))).collect();
        for number in 10..20_000 {
            set(number, Destination::Process(1 << 50));
        }
        assert!(timers.lock().len() <= SWEEP_MIN);
        for (number, place) in kept.into_iter().enumerate() {
            assert_eq!(timers.cancel(place, number as u64), Some(far));
        }
    }
}
