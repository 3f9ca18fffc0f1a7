//! Runtime entry points that compiled code calls, besides BIFs. One row each.
//!
//! A row gives a Rust function `beamrc_NAME(process, arguments…) -> word` (`extern "C"`) and how
//! compiled code reaches it. All run on the scheduler's stack.
//!
//! * `call`: neither collects nor switches; terms may stay in registers around it. Results that
//!   are terms are `NONVALUE` on failure, with the exception noted in the process.
//! * `safepoint`: may collect or suspend the process; every live term is in a frame slot.
//! * `noreturn`: notes an exception; the stub that calls it then raises. Where the handler is in the
//!   calling function itself, compiled code calls it like a `call`, then `catch_here`, and jumps.
//!
//! Arguments are terms unless said otherwise; `raw` words are plain 64-bit integers or addresses.

/// How compiled code reaches an entry point.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reach {
    Call,
    Safepoint,
    Noreturn,
}

#[derive(Clone, Copy, Debug)]
pub struct Entry {
    pub symbol: &'static str,
    /// Arguments after the process: at most 5.
    pub arity: usize,
    pub reach: Reach,
}

/// `$m! { name(arity) Reach "what it does" ; … }`
#[macro_export]
macro_rules! for_each_entry {
    ($m:ident) => {
        $m! {
            // --- scheduling and memory
            collect(1) Safepoint "make room for (raw) words on the young heap";
            poll(0) Safepoint "reductions are used up, or a collection was asked for: collect, handle signals, let others run";
            // --- exceptions
            throw(0) Noreturn "raise the exception that a failed call noted in the process";
            raise_badmatch(1) Noreturn "error {badmatch, V}";
            raise_case_clause(1) Noreturn "error {case_clause, V}";
            raise_if_clause(0) Noreturn "error if_clause";
            raise_try_clause(1) Noreturn "error {try_clause, V}";
            raise_badrecord(1) Noreturn "error {badrecord, V}";
            raise_function_clause(1) Noreturn "error function_clause; (raw) arity, the arguments in x: the top frame of the trace is the calling function with its arguments";
            raise_atom(1) Noreturn "error with this reason (an atom such as system_limit, badarg, badarith)";
            raise_bad_apply(3) Noreturn "M, F, (raw) arity (with TAIL), arguments in x: error badarg if M or F is no atom, else undef";
            catch_here(0) Call "the exception noted in the process is handled in the calling function: completes its trace";
            raise_undef(2) Noreturn "error undef for export (raw address of a (module, function, arity) triple of u32, or of an Export; second: raw count (with TAIL), arguments in x)";
            raise_class(3) Noreturn "the raise instruction: class, reason, trace (class may be any term: badarg if none of error, exit, throw)";
            reraise(2) Noreturn "the raise instruction of try/after: trace (carries class), reason";
            landing_class(0) Call "the handled exception: class";
            landing_reason(0) Call "the handled exception: reason";
            landing_trace(0) Call "the handled exception: trace value for reraise, raise_class and build_stacktrace";
            catch_value(0) Call "the handled exception as old-style catch gives it: thrown value, {'EXIT', R} or {'EXIT', {R, Trace}}";
            build_stacktrace(1) Call "trace value as the list that programs see";
            // --- calls
            fun_code(2) Call "slow path of a fun call: F, (raw) arity (with TAIL), arguments in x: code address, or raw 0 with badfun or badarity noted";
            apply_fun(3) Call "erlang:apply/2: F, argument list, (raw) 0 or TAIL: code address, the arguments and the fun in x; or raw 0 with the exception noted";
            apply_list(4) Call "erlang:apply/3: M, F, argument list, (raw) 0 or TAIL: code address, the arguments in x; or raw 0 with the exception noted";
            saved_call(3) Call "M:F with (raw) arity is about to be called, which the process may want to be saved";
            saved_fun(1) Call "the same of a fun: only the name of an external one is saved";
            apply_code(3) Call "code address of M:F with (raw) arity, raw 0 if there is none";
            // --- comparison (raw truth values)
            equal_exact(2) Call "=:= of two words that differ and are not both immediate; raw 0 or 1";
            equal(2) Call "==; raw 0 or 1";
            compare(2) Call "term order; raw -1, 0 or 1";
            order_word(1) Call "of what is no small integer, a raw word that stands to the word of any small integer but the least as the term stands to it in term order";
            // --- maps
            map_get(2) Call "value of key in a map known to be one; NONVALUE if absent, no exception";
            map_from_x(1) Call "new map of (raw) n pairs in x[0..2n]; later pairs win";
            map_put_assoc(2) Call "map, (raw) n pairs in x[0..2n]; {badmap, M} if no map";
            map_put_exact(2) Call "same, every key must be there: {badkey, K}";
            // --- floats and integers
            float_of(1) Call "a term's value as a double's bits (raw); all ones with badarith noted if there is none";
            // --- bit strings: construction
            bs_create(2) Call "build a bit string: address of a BitsPlan (raw), alloc hint (raw); segment values and sizes in x";
            bs_append_plan(2) Call "as bs_create, the first segment being a bit string that is appended to (or private_append)";
            // --- bit strings: matching; a context is a Match object
            bs_start(1) Call "match context of a bit string or of a context (made on the heap); NONVALUE if neither";
            bs_get_integer(3) Call "context, (raw) size in bits, (raw) flags: 1 little, 2 signed; NONVALUE if too short";
            bs_get_float(3) Call "context, (raw) size 16, 32 or 64, (raw) flags; NONVALUE if too short or no number";
            bs_get_bits(2) Call "context, (raw) size: sub bit string; NONVALUE if too short";
            bs_get_tail(1) Call "context: the rest as a bit string, position unchanged";
            bs_get_utf8(1) Call "context: next code point as small, NONVALUE if none";
            bs_get_utf16(2) Call "context, (raw) flags";
            bs_get_utf32(2) Call "context, (raw) flags";
            bs_skip_utf8(1) Call "raw 1 if skipped, 0 if no code point";
            bs_skip_utf16(2) Call "as bs_skip_utf8";
            bs_skip_utf32(2) Call "as bs_skip_utf8";
            bs_match_string(3) Call "context, (raw) bits, (raw) address of the bytes: raw 1 and position advanced if equal, else 0";
            bs_utf8_size(1) Call "bytes of a code point in UTF-8 as small; NONVALUE badarg";
            bs_utf16_size(1) Call "bytes of a code point in UTF-16 as small; NONVALUE badarg";
            bs_field_size(2) Call "size of a field, (raw) unit: bits as raw; -1 if it is no size (too large included)";
            bs_size(1) Call "size in bits of a bit string or context's rest, as raw; -1 if neither";
            // --- processes on one scheduler's behalf
            send(2) Call "destination, message: the message, or NONVALUE with badarg";
            recv_peek(0) Call "current message of the mailbox (fetching outside signals first); NONVALUE if none";
            recv_next(0) Call "leave the current message, go to the next";
            recv_remove(0) Call "take the current message out; receive is over";
            recv_start_timer(1) Call "time-out of the receive, in milliseconds: starts its timer if it has none; NONVALUE with timeout_value";
            recv_wait(0) Safepoint "suspend until a message comes (raw 0) or the time-out fires (raw 1)";
            recv_timeout(0) Call "time-out of the receive fired: reset position and timer";
            recv_marker_reserve(0) Call "remember the queue's end: a marker term";
            recv_marker_bind(2) Call "marker, reference";
            recv_marker_clear(1) Call "reference or marker";
            recv_marker_use(1) Call "start the next receive at the place bound to this reference";
            // --- native records of OTP 29
            record_new(2) Call "definition (a tuple), (raw) n: the values of its fields in x[0..n]";
            record_update(2) Call "record, (raw) n: changed fields as key and value in x[0..2n]; NONVALUE with badfield";
            record_get(2) Call "record, field name; NONVALUE if there is no such field, no exception";
            record_is(3) Call "term, module, name: raw 0 or 1; nil stands for any";
            record_accessible(2) Call "record, module: raw 1 if code of the module may look into it; nil stands for one that does not define it";
            record_find(4) Call "term, module, name (nil for any; without a module visible always), field name: value; NONVALUE if it is not there, no exception";
            record_field(4) Call "as record_find, with badrecord or badfield noted";
            // --- start and end of a process
            process_done(1) Noreturn "the initial function returned this value: exit normal"
        }
    };
}

macro_rules! table {
    ($($name:ident($arity:literal) $reach:ident $doc:literal);* $(;)?) => {
        pub const ENTRIES: &[Entry] = &[$(Entry { symbol: concat!("beamrc_", stringify!($name)), arity: $arity, reach: Reach::$reach }),*];
        /// Rows by name.
        pub mod e {
            $(#[doc = $doc] #[expect(non_upper_case_globals, reason = "row names")]
            pub const $name: super::Entry = super::Entry { symbol: concat!("beamrc_", stringify!($name)), arity: $arity, reach: super::Reach::$reach };)*
        }
    };
}
for_each_entry!(table);

/// Added to a raw arity or count: the call is the function's last one, so the function is not in the
/// trace of an `undef`. OTP shows the function once if another last call fails, and twice if a fun
/// call fails that is none.
pub const TAIL: u64 = 1 << 32;

/// Assembly stubs of the runtime (x86-64), not Rust functions.
///
/// `CALL`, `SAFEPOINT` and `RAISE` find the address of the Rust function in r10, the `SLOW` ones on
/// top of the stack; arguments are passed as if the function were called directly, without the process.
/// The compiler makes a small trampoline for each pair of stub and function.
pub mod stub {
    /// Runs a `call` entry or a BIF with up to five arguments. `tail` convention.
    pub const CALL: &str = "beamrc_stub_call";
    /// The same for `safepoint` entries: may suspend. System convention.
    pub const SAFEPOINT: &str = "beamrc_stub_safepoint";
    /// The same for `noreturn` entries. `tail` convention.
    pub const RAISE: &str = "beamrc_stub_raise";
    /// Up to three arguments, all registers kept, the result in `slow_result`.
    pub const SLOW: &str = "beamrc_stub_slow";
    /// The same, but floating-point registers are not kept.
    pub const SLOW_WORDS: &str = "beamrc_stub_slow_words";
    /// Too little stack: new chunk, then on at `restart`. Jumped to with the arguments in place.
    pub const MORE_STACK: &str = "beamrc_stub_more_stack";
    /// The same before a function whose frame takes as many bytes as r10 says.
    pub const LARGE_FRAME: &str = "beamrc_stub_large_frame";
    /// Tail-jumped to by the wrapper of a BIF that failed or wants another function called in its
    /// place: raises, or loads the arguments from `x` and jumps to `jump`.
    pub const BIF_FAILED: &str = "beamrc_stub_bif_failed";
}

/// How `bs_create` builds one segment; an array of these is a plan.
///
/// Values and sizes are taken from `x` in order: for each segment its value, then (if `size` is
/// [`SIZE_IN_X`]) its size.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    pub kind: SegmentKind,
    /// 1 little endian (native is resolved by the compiler), 2 signed.
    pub flags: u8,
    /// 1 to 256.
    pub unit: u16,
    /// Position of the segment in the source, for error_info; counted from 1.
    pub index: u32,
    /// In units; [`SIZE_IN_X`], [`SIZE_ALL`], or known now. For strings: the bytes.
    pub size: u64,
    /// `String` only: address of the bytes.
    pub string: u64,
}
pub const SIZE_IN_X: u64 = u64::MAX;
pub const SIZE_ALL: u64 = u64::MAX - 1;

#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SegmentKind {
    Integer = 0,
    Float = 1,
    Binary = 2,
    Utf8 = 3,
    Utf16 = 4,
    Utf32 = 5,
    String = 6,
    /// First segment, appended to.
    Append = 7,
    PrivateAppend = 8,
}

/// Head of a plan: `count` segments follow.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct BitsPlan {
    pub count: u64,
}
