//! The modules in `stdlib-shims/`: Erlang source that stands in for those parts of OTP which
//! touch the virtual machine.
//!
//! They are compiled by the user's own `erlc`, so they suit its release. A shim with the name of
//! an OTP module replaces the functions that it exports; the rest stays OTP's.

use std::ffi::OsStr;
use std::path::PathBuf;

use beamrc_beam::Atom;

use crate::input::Erlc;
use crate::{Error, Result};

macro_rules! sources {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../stdlib-shims/", $name)))),*]
    };
}

/// File name and source of every shim.
pub const SOURCES: &[(&str, &str)] = sources![
    "application.erl",
    "application_controller.erl",
    "beamrc_applications.erl",
    "beamrc_boot.erl",
    "beamrc_kernel.erl",
    "beamrc_logger.erl",
    "beamrc_logger_server.erl",
    "beamrc_user.erl",
    "code.erl",
    "crypto.erl",
    "dets_server.erl",
    "disk_log_server.erl",
    "erl_prim_loader.erl",
    "erlang.erl",
    "error_logger.erl",
    "erts_internal.erl",
    "file.erl",
    "init.erl",
    "kernel.erl",
    "logger.erl",
    "logger_backend.erl",
    "logger_config.erl",
    "logger_server.erl",
    "net_kernel.erl",
    "ram_file.erl",
    "raw_file_io_compressed.erl",
    "re.erl",
    "slave.erl",
    "timer.erl",
    "zlib.erl",
];

/// Compiles the shims, unless that was done before; module and beam.
pub fn compile(erlc: &Erlc) -> Result<Vec<(Atom, PathBuf)>> {
    let folder = erlc.compile_texts(SOURCES)?;
    let beam = |name: &str| folder.join(name).with_extension("beam");
    SOURCES
        .iter()
        .map(|(name, _)| match PathBuf::from(name).file_stem().and_then(OsStr::to_str) {
            Some(module) if beam(name).is_file() => Ok((module.into(), beam(name))),
            _ => Err(Error::new(format!("{} is not there", beam(name).display()))
                .help("remove the folder, and the next build makes it anew")),
        })
        .collect()
}
