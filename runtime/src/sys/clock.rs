//! Erlang monotonic time and system time, in nanoseconds.
//!
//! Monotonic time starts where OTP's does, far below zero, when the program starts; it is that of
//! the operating system, never corrected. System time is monotonic time plus an offset that is
//! fixed at the start (OTP's `no_time_warp` mode), so that neither ever jumps.

use std::sync::OnceLock;

/// Native time units in a second.
pub const UNITS_PER_SECOND: i64 = 1_000_000_000;
/// Monotonic time at the start of the program.
pub const MONOTONIC_BEGIN: i64 = -(1 << 59);

struct Start {
    monotonic: i64,
    system: i64,
}
static START: OnceLock<Start> = OnceLock::new();

/// Fixes the start of time, unless it was fixed before; called at boot.
pub fn start() {
    origin();
}
fn origin() -> &'static Start {
    START.get_or_init(|| Start {
        monotonic: read(libc::CLOCK_MONOTONIC),
        system: read(libc::CLOCK_REALTIME),
    })
}
fn read(clock: libc::clockid_t) -> i64 {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: both clocks exist on Linux; the pointer is to a local.
    unsafe { libc::clock_gettime(clock, &raw mut time) };
    time.tv_sec * UNITS_PER_SECOND + time.tv_nsec
}

/// Nanoseconds since the program started.
pub fn elapsed() -> i64 {
    let start = origin().monotonic;
    read(libc::CLOCK_MONOTONIC) - start
}
/// `erlang:monotonic_time/0`.
pub fn monotonic() -> i64 {
    MONOTONIC_BEGIN + elapsed()
}
/// `erlang:time_offset/0`: what makes system time of monotonic time.
pub fn offset() -> i64 {
    origin().system - MONOTONIC_BEGIN
}
/// `erlang:system_time/0`.
pub fn system() -> i64 {
    monotonic() + offset()
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
