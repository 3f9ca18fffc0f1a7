//! The `beamrc` command.
#![forbid(unsafe_code)]

/// Programs are read into very many small blocks: a third of a build's time went to the C library's
/// allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    beamrc::cli::main()
}
