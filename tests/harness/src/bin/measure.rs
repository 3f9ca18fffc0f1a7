//! `measure RUNS COMMAND [ARGUMENT]...`: the median time from start to exit in milliseconds and the
//! peak memory in KiB of one command, whose output is thrown away.
//!
//! The system reports the peak over all children, so one process measures one command. A child starts
//! as a copy of this process: what is smaller than this process cannot be seen.

use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let runs = arguments.next().and_then(|text| text.parse::<usize>().ok());
    let command: Vec<String> = arguments.collect();
    let (Some(runs @ 1..), [program, rest @ ..]) = (runs, command.as_slice()) else {
        eprintln!("usage: measure RUNS COMMAND [ARGUMENT]...");
        return ExitCode::from(2);
    };
    let mut times_ms = Vec::new();
    for _ in 0..runs {
        let started = Instant::now();
        let status = Command::new(program)
            .args(rest)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        times_ms.push(started.elapsed().as_secs_f64() * 1e3);
        match status {
            Ok(status) if status.success() => {}
            other => {
                eprintln!("measure: {program}: {other:?}");
                return ExitCode::FAILURE;
            }
        }
    }
    times_ms.sort_by(f64::total_cmp);
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("the system knows RUSAGE_CHILDREN");
    println!("{:.1} {}", times_ms[runs / 2], usage.max_rss());
    ExitCode::SUCCESS
}
