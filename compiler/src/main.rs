//! The `beamrc` command.
#![forbid(unsafe_code)]

fn main() -> std::process::ExitCode {
    beamrc::cli::main()
}
