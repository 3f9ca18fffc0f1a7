//! Processes, signals, timers.
