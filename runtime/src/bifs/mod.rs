//! Built-in functions, one file per Erlang module, each `fn(&mut Process, Term…) -> Result`.
//!
//! The rows in `beamrc_abi::bifs` give name, arity and flags; the shims in `entry` call these.
//! Safe code: a BIF reads terms through views and builds through [`crate::term::build`]; nothing it
//! calls can collect (I1).

pub mod arith;
pub mod atomics;
pub mod binary;
pub mod bits;
pub mod calls;
pub mod counters;
pub mod crypto;
pub mod debug;
pub mod error_logger;
pub mod ets;
pub mod ets_internal;
pub mod file;
#[cfg(test)]
mod golden;
pub mod internal;
pub mod io;
pub mod lists;
pub mod map_guards;
pub mod maps;
pub mod match_spec;
pub mod math;
pub mod native;
mod native_name;
pub mod net_kernel;
pub mod os;
pub mod packet;
pub mod persistent_term;
pub mod prim_buffer;
pub mod prim_file;
pub mod process_internal;
pub mod processes;
pub mod re;
pub mod records;
#[cfg(test)]
mod speed;
pub mod string;
pub mod system;
pub mod term_internal;
pub mod terms;
pub mod unicode;
pub mod values;
pub mod zlib;

/// The table's rows as named constants, for shims and for code that raises in a BIF's name.
pub mod rows {
    macro_rules! module {
        ($rust:ident $module:literal { $($name:literal $arity:tt $body:ident [$($flag:ident)*];)* }) => {
            pub mod $rust {
                $(pub static $body: beamrc_abi::bifs::Bif = beamrc_abi::bif_row!($module $name $arity [$($flag)*]);)*
            }
        };
    }
    beamrc_abi::for_each_bif_module!(module);
}
