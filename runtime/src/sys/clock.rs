//! Erlang monotonic time and system time, in nanoseconds.
//!
//! Monotonic time starts where OTP's does, far below zero, when the program starts; it is that of
//! the operating system, never corrected. System time is monotonic time plus an offset that
//! follows the operating system's clock when that one is set (OTP's `multi_time_warp` mode).

use core::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::sync::OnceLock;

/// Native time units in a second.
pub const UNITS_PER_SECOND: i64 = 1_000_000_000;
/// Monotonic time at the start of the program.
pub const MONOTONIC_BEGIN: i64 = -576_460_752 * UNITS_PER_SECOND;

/// How often the offset is compared with the operating system's clock, and by how much it may
/// be off: smaller differences are noise.
pub const CHECK_INTERVAL: i64 = 10 * UNITS_PER_SECOND;
const TOLERANCE: i64 = UNITS_PER_SECOND / 1000;

/// The operating system's monotonic time at the start.
static START: OnceLock<i64> = OnceLock::new();
static OFFSET: AtomicI64 = AtomicI64::new(0);
static NEXT_CHECK: AtomicI64 = AtomicI64::new(0);

/// Fixes the start of time, unless it was fixed before; called at boot.
pub fn start() {
    origin();
}
fn origin() -> i64 {
    *START.get_or_init(|| {
        let monotonic = read(libc::CLOCK_MONOTONIC);
        OFFSET.store(read(libc::CLOCK_REALTIME) - MONOTONIC_BEGIN, Relaxed);
        NEXT_CHECK.store(CHECK_INTERVAL, Relaxed);
        monotonic
    })
}
fn read(clock: libc::clockid_t) -> i64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: both clocks exist on Linux; the pointer is to a local.
    unsafe { libc::clock_gettime(clock, &raw mut time) };
    time.tv_sec * UNITS_PER_SECOND + time.tv_nsec
}

#[cfg(test)]
thread_local! {
    static SIMULATED: core::cell::Cell<Option<i64>> = const { core::cell::Cell::new(None) };
    static SIMULATED_OFFSET: core::cell::Cell<Option<i64>> = const { core::cell::Cell::new(None) };
}
/// What [`elapsed`] tells this thread from now on, unless it is nothing.
#[cfg(test)]
pub fn simulate(elapsed: Option<i64>) {
    SIMULATED.set(elapsed);
}
/// What [`offset`] tells this thread from now on, unless it is nothing.
#[cfg(test)]
pub fn simulate_offset(offset: Option<i64>) {
    SIMULATED_OFFSET.set(offset);
}

/// Nanoseconds since the program started.
pub fn elapsed() -> i64 {
    #[cfg(test)]
    if let Some(elapsed) = SIMULATED.get() {
        return elapsed;
    }
    let start = origin();
    read(libc::CLOCK_MONOTONIC) - start
}
/// `erlang:monotonic_time/0`.
pub fn monotonic() -> i64 {
    MONOTONIC_BEGIN + elapsed()
}
/// `erlang:time_offset/0`: what makes system time of monotonic time.
pub fn offset() -> i64 {
    offset_at(elapsed())
}
/// `erlang:system_time/0`.
pub fn system() -> i64 {
    let elapsed = elapsed();
    MONOTONIC_BEGIN + elapsed + offset_at(elapsed)
}
fn offset_at(elapsed: i64) -> i64 {
    #[cfg(test)]
    if let Some(offset) = SIMULATED_OFFSET.get() {
        return offset;
    }
    let offset = OFFSET.load(Relaxed);
    if elapsed < NEXT_CHECK.load(Relaxed) {
        return offset;
    }
    NEXT_CHECK.store(elapsed + CHECK_INTERVAL, Relaxed);
    let current = read(libc::CLOCK_REALTIME) - (MONOTONIC_BEGIN + elapsed);
    if (current - offset).abs() <= TOLERANCE {
        return offset;
    }
    OFFSET.store(current, Relaxed);
    current
}
/// `os:system_time/0`: the clock as it stands, which may jump.
pub fn os_system() -> i64 {
    read(libc::CLOCK_REALTIME)
}
/// `os:perf_counter/0`.
pub fn perf_counter() -> i64 {
    read(libc::CLOCK_MONOTONIC)
}
/// Processor time of all threads.
pub fn processor() -> i64 {
    read(libc::CLOCK_PROCESS_CPUTIME_ID)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_goes_on() {
        start();
        let (monotonic_before, system_before) = (monotonic(), system());
        std::thread::sleep(std::time::Duration::from_millis(2));
        assert!(monotonic() - monotonic_before >= 2_000_000);
        assert!(system() - system_before >= 2_000_000);
        assert!((system() - os_system()).abs() < UNITS_PER_SECOND);
        assert!(monotonic() >= MONOTONIC_BEGIN);
    }
}
