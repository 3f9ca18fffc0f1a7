//! Built-in functions: one row each, by Erlang module; `erlang` itself by subject.
//!
//! A row is `"name" arity rust_name [flags]`. It says everything the compiler needs to link a call;
//! the runtime expands the same row into the shim that calls `bifs::MODULE::rust_name`, and into
//! the table for dynamic calls. A row without a body, or with a wrong number of arguments, does
//! not compile.
//!
//! Flags: `guard` may stand in a guard (no effect but its result or failure); `trap` may ask for
//! another function to be called in its place or suspend the process, so it is called as an Erlang
//! function and not in line; `scratch` needs memory of its own that may be large, and nothing of it
//! afterwards: what its containers take goes when it returns, or when its process is given up.

/// What a row says.
#[derive(Clone, Copy, Debug)]
pub struct Bif {
    pub module: &'static str,
    pub name: &'static str,
    pub arity: usize,
    pub symbol: &'static str,
    pub guard: bool,
    pub trap: bool,
}

pub const MAX_ARITY: usize = 5;

/// The module of OTP that explains why a BIF of this module failed, to whom prints the error.
pub fn explained_by(module: &str) -> Option<&'static str> {
    match module {
        "atomics" | "counters" | "erlang" | "erts_internal" | "persistent_term" => {
            Some("erl_erts_errors")
        }
        "code" | "os" => Some("erl_kernel_errors"),
        "binary" | "ets" | "lists" | "maps" | "math" | "re" | "unicode" => {
            Some("erl_stdlib_errors")
        }
        _ => None,
    }
}

/// The function of `erl_erts_errors` that explains why a bit string could not be built.
pub const EXPLAINS_CONSTRUCTION: &str = "format_bs_fail";

#[macro_export]
#[doc(hidden)]
macro_rules! bif_rows {
    ($rust:ident $module:literal { $($name:literal $arity:tt $body:ident [$($flag:ident)*];)* }) => {
        pub const TABLE: &[$crate::bifs::Bif] = &[$($crate::bif_row!($module $name $arity [$($flag)*])),*];
    };
}

/// One row as a [`Bif`].
#[macro_export]
macro_rules! bif_row {
    ($module:literal $name:literal $arity:tt [$($flag:ident)*]) => {
        $crate::bifs::Bif {
            module: $module, name: $name, arity: $arity,
            symbol: concat!("bif:", $module, ":", $name, "/", $arity),
            guard: $crate::bif_flag!(guard $($flag)*), trap: $crate::bif_flag!(trap $($flag)*),
        }
    };
}

#[macro_export]
#[doc(hidden)]
macro_rules! bif_flag {
    (guard guard $($rest:ident)*) => { true };
    (trap trap $($rest:ident)*) => { true };
    (scratch scratch $($rest:ident)*) => { true };
    ($want:ident $other:ident $($rest:ident)*) => { $crate::bif_flag!($want $($rest)*) };
    ($want:ident) => { false };
}

macro_rules! modules {
    ($($module:ident),* $(,)?) => {
        $(mod $module;)*
        /// All rows.
        pub const TABLES: &[&[Bif]] = &[$($module::TABLE),*];
        pub fn all() -> impl Iterator<Item = &'static Bif> { TABLES.iter().flat_map(|t| t.iter()) }
    };
}

/// The rows of every module: `$m! { rust_module "erlang module" { rows } }`, once per module.
#[macro_export]
macro_rules! for_each_bif_module {
    ($m:ident) => {
        $crate::arith_bifs!($m);
        $crate::terms_bifs!($m);
        $crate::values_bifs!($m);
        $crate::calls_bifs!($m);
        $crate::system_bifs!($m);
        $crate::lists_bifs!($m);
        $crate::maps_bifs!($m);
        $crate::map_guards_bifs!($m);
        $crate::term_internal_bifs!($m);
        $crate::math_bifs!($m);
        $crate::string_bifs!($m);
        $crate::bits_bifs!($m);
        $crate::binary_bifs!($m);
        $crate::unicode_bifs!($m);
        $crate::processes_bifs!($m);
        $crate::process_internal_bifs!($m);
        $crate::os_bifs!($m);
        $crate::persistent_term_bifs!($m);
        $crate::atomics_bifs!($m);
        $crate::counters_bifs!($m);
        $crate::internal_bifs!($m);
        $crate::debug_bifs!($m);
        $crate::io_bifs!($m);
        $crate::error_logger_bifs!($m);
        $crate::native_bifs!($m);
        $crate::file_bifs!($m);
        $crate::prim_file_bifs!($m);
        $crate::prim_buffer_bifs!($m);
        $crate::re_bifs!($m);
        $crate::net_kernel_bifs!($m);
        $crate::packet_bifs!($m);
        $crate::ets_bifs!($m);
        $crate::ets_internal_bifs!($m);
        $crate::match_spec_bifs!($m);
        $crate::records_bifs!($m);
        $crate::zlib_bifs!($m);
        $crate::crypto_bifs!($m);
    };
}
modules!(
    arith,
    terms,
    values,
    calls,
    system,
    lists,
    maps,
    map_guards,
    term_internal,
    math,
    string,
    bits,
    binary,
    unicode,
    processes,
    process_internal,
    os,
    persistent_term,
    atomics,
    counters,
    internal,
    debug,
    io,
    error_logger,
    native,
    file,
    prim_file,
    prim_buffer,
    re,
    net_kernel,
    packet,
    ets,
    ets_internal,
    match_spec,
    records,
    zlib,
    crypto,
);
