//! Atom identities: 26 bits, the hash of the text wherever no other atom has that number.
//!
//! Numbers that come from the text keep compiled functions independent of the program they are
//! linked into, so they can be cached. Two texts with one hash are told apart when a program is
//! linked (or an atom is made at run time): the atoms of [`for_each_known_atom`] always keep their
//! own number (a test asserts that no two of them collide), later ones probe upwards.

pub const ID_BITS: u32 = 26;
pub const ID_MASK: u32 = (1 << ID_BITS) - 1;

/// The number an atom of this text has unless another atom took it (FNV-1a, folded).
pub const fn home_id(text: &[u8]) -> u32 {
    let mut h: u64 = 0xcbf2_9ce4_8422_2325;
    let mut i = 0;
    while i < text.len() {
        h = (h ^ text[i] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        i += 1;
    }
    h ^= h >> 32;
    ((h ^ (h >> 26)) as u32) & ID_MASK
}

/// OTP's hash of an atom (`hashpjw` over its characters, those of Latin-1 as one byte), which
/// `phash2` builds on.
pub const fn otp_hash(text: &[u8]) -> u32 {
    let mut hash: u32 = 0;
    let mut i = 0;
    while i < text.len() {
        let mut byte = text[i];
        i += 1;
        if byte & 0xfe == 0xc2 && i < text.len() && text[i] & 0xc0 == 0x80 {
            byte = byte << 6 | (text[i] & 0x3f);
            i += 1;
        }
        hash = (hash << 4).wrapping_add(byte as u32);
        let high = hash & 0xf000_0000;
        if high != 0 {
            hash ^= high >> 24;
            hash ^= high;
        }
    }
    hash
}

/// First four bytes of a text, big endian: decides most comparisons of atoms.
pub const fn order_prefix(text: &[u8]) -> u32 {
    let mut prefix = 0;
    let mut i = 0;
    while i < 4 {
        prefix = prefix << 8 | if i < text.len() { text[i] as u32 } else { 0 };
        i += 1;
    }
    prefix
}

/// Atoms that the runtime names itself: `CONSTANT "text"`, or `name` where both agree.
#[macro_export]
macro_rules! for_each_known_atom {
    ($m:ident) => {
        $m! {
            TRUE "true", FALSE "false", UNDEFINED "undefined", OK "ok", ERROR "error", EXIT "exit", THROW "throw",
            BADARG "badarg", BADARITH "badarith", BADMATCH "badmatch", BADFUN "badfun", BADARITY "badarity",
            BADMAP "badmap", BADKEY "badkey", BADRECORD "badrecord", BADFIELD "badfield", NOVALUE "novalue", CASE_CLAUSE "case_clause", IF_CLAUSE "if_clause",
            TRY_CLAUSE "try_clause", ELSE_CLAUSE "else_clause", FUNCTION_CLAUSE "function_clause", UNDEF "undef",
            SYSTEM_LIMIT "system_limit", NOCATCH "nocatch", NOPROC "noproc", NOTALIVE "notalive", TIMEOUT_VALUE "timeout_value",
            NORMAL "normal", KILL "kill", KILLED "killed", EXIT_UPPER "EXIT", DOWN "DOWN", PROCESS "process", PORT "port",
            TIME_OFFSET "time_offset", INFINITY "infinity", NOCONNECTION "noconnection", BADNODE "badnode",
            ERLANG "erlang", LISTS "lists", MAPS "maps", BINARY "binary", UNICODE "unicode", ERL_ERTS_ERRORS "erl_erts_errors",
            ERL_STDLIB_ERRORS "erl_stdlib_errors", ERROR_INFO "error_info", MODULE "module", CAUSE "cause", FILE "file", LINE "line",
            EMPTY "", UNDERSCORE "_", NONODE "nonode@nohost", LATIN1 "latin1", UTF8 "utf8", UTF16 "utf16", UTF32 "utf32",
            UTF16_LITTLE "utf16_little", BIG "big", LITTLE "little", INCOMPLETE "incomplete", MINUS "-", PLUS "+",
            SECOND "second", MILLISECOND "millisecond", MICROSECOND "microsecond", NANOSECOND "nanosecond", NATIVE "native",
            PERF_COUNTER "perf_counter", SECONDS "seconds", MILLI_SECONDS "milli_seconds", MICRO_SECONDS "micro_seconds",
            NANO_SECONDS "nano_seconds", MONOTONIC "monotonic", POSITIVE "positive", COMPACT "compact", SHORT "short",
            DECIMALS "decimals", SCIENTIFIC "scientific", SAFE "safe", USED "used", COMPRESSED "compressed",
            MINOR_VERSION "minor_version", DETERMINISTIC "deterministic", LOCAL "local", INIT "init", MAIN "main", START "start",
            NONE "none", ALL "all", GLOBAL "global", SCOPE "scope", TRIM "trim", TRIM_ALL "trim_all", LOW "low", HIGH "high", MAX "max",
            LINK "link", MONITOR "monitor", PRIORITY "priority", ALIAS "alias", TAG "tag", FLUSH "flush", INFO "info",
            TRAP_EXIT "trap_exit", MESSAGE_QUEUE_LEN "message_queue_len", MESSAGES "messages", LINKS "links", MONITORS "monitors",
            MONITORED_BY "monitored_by", DICTIONARY "dictionary", REGISTERED_NAME "registered_name", STATUS "status",
            RUNNING "running", WAITING "waiting", RUNNABLE "runnable", EXITING "exiting", SUSPENDED "suspended",
            CURRENT_FUNCTION "current_function", CURRENT_STACKTRACE "current_stacktrace", CURRENT_LOCATION "current_location",
            INITIAL_CALL "initial_call", GROUP_LEADER "group_leader", HEAP_SIZE "heap_size", STACK_SIZE "stack_size",
            TOTAL_HEAP_SIZE "total_heap_size", MEMORY "memory", REDUCTIONS "reductions", MIN_HEAP_SIZE "min_heap_size",
            MIN_BIN_VHEAP_SIZE "min_bin_vheap_size", MAX_HEAP_SIZE "max_heap_size", FULLSWEEP_AFTER "fullsweep_after",
            GARBAGE_COLLECTION "garbage_collection", MESSAGE_QUEUE_DATA "message_queue_data", OFF_HEAP "off_heap", ON_HEAP "on_heap",
            SIZE "size", INCLUDE_SHARED_BINARIES "include_shared_binaries", ERROR_LOGGER "error_logger", ASYNC "async", NEW "new", TYPE "type",
            EXTERNAL "external", NAME "name", ARITY "arity", ENV "env", INDEX "index", NEW_INDEX "new_index", UNIQ "uniq",
            NEW_UNIQ "new_uniq", PID "pid", EXPORTS "exports", FUNCTIONS "functions", ATTRIBUTES "attributes", COMPILE "compile",
            MD5 "md5", NIFS "nifs", NATIVE_ADDRESSES "native_addresses", MODULE_INFO "module_info", APPLY "apply", BEHAVIOUR "behaviour",
            BADARITY_ "bad_arity", YIELD "yield", CLOSED "closed", ENOENT "enoent", EBADF "ebadf", EPIPE "epipe", EINVAL "einval",
            EOF "eof", STANDARD_IO "standard_io", STANDARD_ERROR "standard_error", USER "user", IO_REQUEST "io_request",
            IO_REPLY "io_reply", PUT_CHARS "put_chars", GET_LINE "get_line", GET_CHARS "get_chars", REQUESTS "requests",
            ENOTSUP "enotsup", TIMEOUT "timeout", REPLY "reply", HALT "halt", ABORT "abort", DOT_DOT_DOT "...",
            NOMATCH "nomatch", BM "bm", AC "ac", FLOAT "float", INTEGER "integer", STRING "string", UNIT "unit", INVALID "invalid", NO_FLOAT "no_float", FUNCTION "function", FORMAT_BS_FAIL "format_bs_fail",
            BADOPT "badopt", ALLOW_PASSIVE_CONNECT "allow_passive_connect", TOO_MANY_PROCESSES "too_many_processes", SPAWN_REPLY "spawn_reply", NO_TIMEOUT "no_timeout", PROC "proc",
            ERROR_HANDLER "error_handler", EXPLICIT_UNALIAS "explicit_unalias", DEMONITOR "demonitor", REPLY_DEMONITOR "reply_demonitor",
            CLOCK_SERVICE "clock_service", BADTYPE "badtype", NOSUSPEND "nosuspend", NOCONNECT "noconnect", ABS "abs", ALIVE "alive",
            MAJOR "major", MINOR "minor", YES "yes", NO "no", REPLY_TAG "reply_tag", ASYNCHRONOUS "asynchronous", UNLESS_SUSPENDING "unless_suspending",
            SENSITIVE "sensitive", SEND "send", RECEIVE "receive", SAVE_CALLS "save_calls", ASYNC_DIST "async_dist", INHERIT "inherit", SCHEDULER "scheduler",
            CANCEL_TIMER "cancel_timer", READ_TIMER "read_timer", HIBERNATE "hibernate", TIME "time", GARBAGE_COLLECT "garbage_collect", CHECK_PROCESS_CODE "check_process_code", SYSTEM_TASK_TEST "system_task_test",
            ERROR_ONLY "error_only", SUCCESS_ONLY "success_only",
            END_OF_TABLE "$end_of_table", DOLLAR_UNDERSCORE "$_", DOLLAR_DOLLAR "$$", ETS_TRANSFER "ETS-TRANSFER",
            ACCESS "access", ID "id", TABLE_TYPE "table_type", DEFAULT "default", KEYPOS "keypos", POSITION "position", OWNER "owner",
            NOT_OWNER "not_owner", ALREADY_EXISTS "already_exists", SET "set", ORDERED_SET "ordered_set", BAG "bag",
            DUPLICATE_BAG "duplicate_bag", PUBLIC "public", PRIVATE "private", PROTECTED "protected", HEIR "heir",
            NAMED_TABLE "named_table", WRITE_CONCURRENCY "write_concurrency", READ_CONCURRENCY "read_concurrency",
            DECENTRALIZED_COUNTERS "decentralized_counters", AUTO "auto", PROTECTION "protection", NODE "node",
            DEBUG_LOCKS "debug_hash_fixed_number_of_locks", CONST "const", WARNING "warning",
            UNDEFINED_FUNCTION "undefined_function", UNDEFINED_LAMBDA "undefined_lambda", HANDLE_UNDEFINED_FUNCTION "$handle_undefined_function"
        }
    };
}

macro_rules! known_ids {
    ($($name:ident $text:literal),* $(,)?) => {
        /// Texts of all atoms that the runtime names.
        pub const KNOWN: &[&str] = &[$($text),*];
        /// Numbers of the atoms that the runtime names.
        pub mod id {
            $(pub const $name: u32 = super::home_id($text.as_bytes());)*
        }
    };
}
for_each_known_atom!(known_ids);

#[cfg(test)]
mod tests {
    extern crate std;
    #[test]
    fn known_atoms_do_not_collide() {
        let mut ids: std::vec::Vec<_> =
            super::KNOWN.iter().map(|t| (super::home_id(t.as_bytes()), *t)).collect();
        ids.sort();
        for pair in ids.windows(2) {
            assert!(pair[0].0 != pair[1].0, "{pair:?}");
        }
    }
}
