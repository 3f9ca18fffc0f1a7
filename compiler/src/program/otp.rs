//! What is known of single functions of OTP and of the shims that their code alone does not tell.
//!
//! The rows hold for every release; a name that a release lacks does nothing. This file must not
//! know what is reachable.

/// Functions of OTP that go on only if a program asks for it at run time: to debug a process, to
/// report a crash, to find a global name, to reach another node, to test what a file holds or to
/// evaluate text that queries.
pub const UNLIKELY: &[(&str, &str)] = &[
    ("sys", "debug_options"),
    ("logger", "macro_log"),
    ("logger", "log_allowed"),
    ("error_logger", "notify"),
    ("proc_lib", "crash_report"),
    ("proc_lib", "proc_info"),
    ("gen", "where"),
    ("global", "whereis_name"),
    ("global", "register_name"),
    ("global", "unregister_name"),
    ("global", "send"),
    ("rpc", "call"),
    ("erpc", "call"),
    ("erlang", "spawn_request"),
    ("net_kernel", "connect_node"),
    // A query in evaluated text is checked by the whole compiler.
    ("qlc", "transform_from_evaluator"),
    ("eunit_data", "get_file_tests"),
    ("eunit_data", "get_directory_module_tests"),
    // Native records, which few programs make.
    ("io_lib", "write_record"),
    ("io_lib", "write_record_bin"),
    ("io_lib_pretty", "print_length_native_record"),
];

/// Functions of OTP that call what a text names: any operator, and what may stand in a guard.
const EVALUATORS: &[(&str, &str)] = &[("erl_eval", "do_apply")];

/// Whether the function may call any operator by its name.
pub fn evaluates(module: &str, function: &str) -> bool {
    EVALUATORS.contains(&(module, function))
}

/// The module that prints errors with what explains them, by calls of which neither module nor
/// function is known. The errors tell: those of BIFs, and those that code raises with `error_info`.
pub const PRINTS_ERRORS: &str = "erl_error";

/// When calls from one module to another are needed after all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unless {
    /// Another module names this atom.
    Named(&'static str),
    /// The callee's module is reached by others.
    Reached,
    /// This module is reached.
    With(&'static str),
}

/// Calls from one module to another that are left out where only reports reach the caller.
const LEFT_OUT: &[(&str, &str, Unless)] = &[
    // For reports on a single line and times by RFC 3339: the shims' logger prints neither.
    ("logger_formatter", "re", Unless::With("beamrc_logger_server")),
    ("logger_formatter", "calendar", Unless::With("beamrc_logger_server")),
    // Queries in evaluated text need the compiler, three times as large as all that evaluates.
    ("qlc", "qlc_pt", Unless::Reached),
    // Processes write what they do to a file for whoever names the option.
    ("sys", "file", Unless::Named("log_to_file")),
    // Children are added by whoever calls the supervisor.
    ("beamrc_kernel", "supervisor", Unless::Reached),
    // Applications of nothing but code need no controller.
    ("beamrc_applications", "application", Unless::With("application_controller")),
    // Specifications of applications in files are read where there is a parser anyway.
    ("application_controller", "erl_scan", Unless::With("erl_parse")),
    ("application_controller", "erl_parse", Unless::Reached),
    // They explain errors of that module.
    ("erl_stdlib_errors", "re", Unless::Reached),
    ("erl_stdlib_errors", "ets", Unless::Reached),
];

/// Whether calls from the one module to the other are left out of what is not certain, and when not.
pub fn left_out(caller: &str, callee: &str) -> Option<Unless> {
    let row = LEFT_OUT.iter().find(|row| (row.0, row.1) == (caller, callee));
    row.map(|row| row.2)
}

/// Modules that call the callbacks of a behaviour which is another module.
const CALLS_FOR: &[(&str, &str)] = &[
    ("application_controller", "application"),
    ("application_master", "application"),
    ("application_starter", "application"),
];

/// The behaviour whose callbacks the module calls without being it.
pub fn calls_for(module: &str) -> Option<&'static str> {
    CALLS_FOR.iter().find(|row| row.0 == module).map(|row| row.1)
}

/// Modules of OTP that need a server, for programs that call them or name them to others, and the
/// function of `beamrc_kernel` that starts it.
pub const SERVERS: &[(&str, &str)] = &[("global", "global_names"), ("rpc", "rex")];

/// What starts applications where all are nothing but code, and what must run for it to start others.
pub const STARTS_CODE: (&str, &str, u32) = ("beamrc_applications", "ensure_all_started", 1);
pub const STARTS_OTHERS: (&str, &str, u32) = ("application_controller", "beamrc_start", 0);

/// Whether the function starts or loads an application that its caller names.
pub fn takes_application(module: &str, function: &str) -> bool {
    module == "application"
        && matches!(function, "start" | "ensure_started" | "ensure_all_started" | "load")
}
