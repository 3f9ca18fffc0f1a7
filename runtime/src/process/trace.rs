//! Stack traces: the value that a handler gets, and the list that programs see.
//!
//! The value is the tuple `{Saved, Arguments, Location}`. `Saved` is an object of raw words
//! ([`Kind::Trace`]): class, what the trace starts at, then return addresses; `Arguments` is the
//! argument list (or arity) of the first entry, the whole list if it is given, or `undefined`; `Location`
//! is what the first entry's location ends in, `[]` or `[{error_info, Map}]`; of a BIF, the cause of
//! its failure or `[]`. Names and lines are looked up only when the list is made. Programs never look into the value.

use super::Process;
use super::exception::{Class, Origin, State};
use crate::heap::literal::{self, LiteralArea};
use crate::program::{Function, Location, Program, program};
use crate::term::{Kind, Term, atom, build, list};
use beamrc_abi::atom::id;
use beamrc_abi::bifs::{self, Bif};
use core::sync::atomic::{AtomicUsize, Ordering};

/// `backtrace_depth`: how many entries a trace has at most.
static DEPTH: AtomicUsize = AtomicUsize::new(8);
const MAX_DEPTH: usize = 64;

/// Entries that a new trace may have: at least one.
pub fn depth() -> usize {
    DEPTH.load(Ordering::Relaxed).max(1)
}
/// Sets `backtrace_depth`; returns what it was.
pub fn set_depth(depth: usize) -> usize {
    DEPTH.swap(depth.min(MAX_DEPTH), Ordering::Relaxed)
}

/// What the first entry of a trace is.
#[derive(Clone, Copy)]
enum Top {
    /// The function of the first return address.
    Caller,
    Bif(&'static Bif),
    /// A function without a frame.
    Function {
        module: u32,
        function: u32,
    },
    /// The list is given.
    Given,
}

/// A trace value taken apart.
struct Trace<'a> {
    class: Class,
    top: Top,
    arguments: Term,
    location: Term,
    return_addresses: &'a [u64],
}

/// Words of the saved part before the return addresses: class, sort of top, name of top.
const HEAD_WORDS: usize = 3;
const TOP_CALLER: u64 = 0;
const TOP_FUNCTION: u64 = 1;
const TOP_GIVEN: u64 = 2;
/// The next word is the address of the BIF's row.
const TOP_BIF: u64 = 3;

fn saved(p: &mut Process, class: Class, top: Top, return_addresses: &[u64]) -> Term {
    let (top, name) = match top {
        Top::Caller => (TOP_CALLER, 0),
        Top::Function { module, function } => {
            (TOP_FUNCTION, u64::from(module) << 32 | u64::from(function))
        }
        Top::Given => (TOP_GIVEN, 0),
        Top::Bif(bif) => (TOP_BIF, core::ptr::from_ref(bif) as u64),
    };
    let start: [u64; HEAD_WORDS] = [class as u64, top, name];
    build::object_of_words(p, Kind::Trace, 0, [&start, return_addresses])
}

/// Takes a value apart; `None` if it is none, such as a list made before.
fn take_apart(value: &Term) -> Option<Trace<'_>> {
    let &[ref saved, arguments, location] = value.as_tuple()? else {
        return None;
    };
    if !saved.is_kind(Kind::Trace) {
        return None;
    }
    let words = saved.words();
    let class = [Class::Error, Class::Exit, Class::Throw][words[0] as usize];
    let top = match words[1] {
        TOP_CALLER => Top::Caller,
        TOP_FUNCTION => {
            Top::Function { module: (words[2] >> 32) as u32, function: words[2] as u32 }
        }
        TOP_GIVEN => Top::Given,
        _ => Top::Bif(bif_at(words[2])),
    };
    Some(Trace { class, top, arguments, location, return_addresses: &words[HEAD_WORDS..] })
}

#[expect(unsafe_code, reason = "a row's address travels through a raw word")]
fn bif_at(address: u64) -> &'static Bif {
    // SAFETY: `saved` made the word of a reference that lives for ever; programs cannot write it.
    unsafe { &*(address as *const Bif) }
}

/// What the trace of the noted exception starts with: first entry, its arguments, end of location.
fn start_of(p: &mut Process) -> (Top, Term, Term) {
    let state = &p.exception;
    match state.origin {
        Origin::Trace(list) => (Top::Given, list, Term::NIL),
        Origin::Function { module, function, arguments, .. } => {
            (Top::Function { module, function }, arguments, Term::NIL)
        }
        Origin::CallerWith { arguments, info } => {
            let arguments = if arguments.is_value() { arguments } else { Term::UNDEFINED };
            let location = error_info(p, info);
            (Top::Caller, arguments, location)
        }
        Origin::Bif if let Some(bif) = state.bif => {
            let (args, cause) = (state.args, state.cause);
            let arguments = build::list(p, &args[..bif.arity], Term::NIL);
            let cause = if cause.is_value() { cause } else { Term::NIL };
            (Top::Bif(bif), arguments, cause)
        }
        Origin::Bif | Origin::Caller | Origin::CallerTwice => {
            (Top::Caller, Term::UNDEFINED, Term::NIL)
        }
    }
}

/// `[{error_info, Info}]`, or `[]` without one.
fn error_info(p: &mut Process, info: Term) -> Term {
    if !info.is_value() {
        return Term::NIL;
    }
    let pair = build::tuple(p, &[Term::atom(id::ERROR_INFO), info]);
    build::cons(p, pair, Term::NIL)
}

/// The map that leads `erl_error` to the module that explains a BIF's failure, which may have a
/// cause (else nil); `NONVALUE` where OTP has none.
fn info_of_bif(p: &mut Process, bif: &Bif, cause: Term) -> Term {
    let Some(format_module) = bifs::explained_by(bif.module) else {
        return Term::NONVALUE;
    };
    let module = named(format_module);
    if !cause.is_nil() {
        let keys = build::tuple(p, &[Term::atom(id::CAUSE), Term::atom(id::MODULE)]);
        build::object(p, Kind::FlatMap, 0, &[keys.0, cause.0, module.0])
    } else {
        let keys = build::tuple(p, &[Term::atom(id::MODULE)]);
        build::object(p, Kind::FlatMap, 0, &[keys.0, module.0])
    }
}

/// The atom of a name that stands in the runtime.
fn named(text: &str) -> Term {
    atom::intern(text).map_or(Term::UNDEFINED, Term::atom)
}

/// The trace value of the noted exception, made if there is none yet.
pub fn value(p: &mut Process) -> Term {
    let State { trace, class, .. } = *p.exception;
    if trace.is_value() {
        return with_class(p, trace, class);
    }
    let (top, arguments, location) = start_of(p);
    let return_addresses = core::mem::take(&mut p.exception.return_addresses);
    let saved = saved(p, class, top, &return_addresses);
    p.exception.return_addresses = return_addresses;
    let value = build::tuple(p, &[saved, arguments, location]);
    p.exception.trace = value;
    value
}

/// The same trace for an exception of this class. A list is left as it is.
fn with_class(p: &mut Process, value: Term, class: Class) -> Term {
    let Some(trace) = take_apart(&value) else {
        return value;
    };
    if trace.class == class {
        return value;
    }
    let saved = saved(p, class, trace.top, trace.return_addresses);
    build::tuple(p, &[saved, trace.arguments, trace.location])
}

/// The class that a trace value was made for; `Error` if it is none, as in OTP.
pub fn class_of(value: Term) -> Class {
    take_apart(&value).map_or(Class::Error, |trace| trace.class)
}

/// The list that programs see, of a trace value; anything else is returned as it is.
pub fn list(p: &mut Process, value: Term) -> Term {
    match take_apart(&value) {
        Some(trace) => build_list(p, program(), &trace),
        None => value,
    }
}

/// The list that programs see, of the noted exception.
pub fn list_of_state(p: &mut Process) -> Term {
    let value = value(p);
    list(p, value)
}

/// The list for these return addresses, such as those of another process.
pub fn list_of_addresses(p: &mut Process, return_addresses: &[u64]) -> Term {
    let trace = Trace {
        class: Class::Error,
        top: Top::Caller,
        arguments: Term::UNDEFINED,
        location: Term::NIL,
        return_addresses,
    };
    build_list(p, program(), &trace)
}

fn build_list(p: &mut Process, program: &Program, trace: &Trace<'_>) -> Term {
    let depth = depth();
    let mut entries = Vec::with_capacity(depth);
    match trace.top {
        Top::Given => return trace.arguments,
        Top::Caller => {}
        Top::Bif(bif) => {
            let name = [named(bif.module), named(bif.name), trace.arguments];
            let info = info_of_bif(p, bif, trace.location);
            let location = error_info(p, info);
            entries.push(build::tuple(p, &[name[0], name[1], name[2], location]));
        }
        Top::Function { module, function } => {
            let (module, function) = (Term::atom(module), Term::atom(function));
            entries.push(build::tuple(p, &[module, function, trace.arguments, trace.location]));
        }
    }
    let sites = trace.return_addresses.iter();
    let sites = sites.filter_map(|&address| program.call_site(address));
    let mut locations = sites.flat_map(|site| program.locations(site)).peekable();
    if let Top::Function { module, function } = trace.top {
        // The code that stands in for the function is no caller.
        locations.next_if(|location| {
            let stand_in = program.function(location);
            (stand_in.module, stand_in.name) == (module, function)
                && list::length(trace.arguments) == Some(stand_in.arity as usize)
        });
    }
    for location in locations {
        if entries.len() >= depth {
            break;
        }
        let is_plain = !(trace.arguments.is_list() || trace.location.is_cons());
        let entry = if is_plain || !entries.is_empty() {
            plain_entry(program, location)
        } else {
            first_entry(p, program, location, trace)
        };
        entries.push(entry);
    }
    build::list(p, &entries, Term::NIL)
}

/// `{Module, Function, Arguments or Arity, Location}` with what the trace says of the first entry.
fn first_entry(p: &mut Process, program: &Program, location: &Location, trace: &Trace<'_>) -> Term {
    let plain = plain_entry(program, location);
    let Some(&[module, name, arity, place]) = plain.as_tuple() else {
        unreachable!("entries are tuples of four")
    };
    let arguments = if trace.arguments.is_list() { trace.arguments } else { arity };
    let place: Vec<Term> = place.list().collect();
    let place = build::list(p, &place, trace.location);
    build::tuple(p, &[module, name, arguments, place])
}

/// `{Module, Function, Arity, Location}`: a literal.
fn plain_entry(program: &Program, location: &Location) -> Term {
    program.trace_entry(location, || {
        let file = program.file_name(location, |name| literal::with(|area| characters(area, name)));
        literal::with(|area| make_entry(area, program.function(location), file, location.line))
    })
}

fn make_entry(area: &mut LiteralArea, function: &Function, file: Option<Term>, line: u32) -> Term {
    let place = match file {
        Some(file) => {
            let file = build::tuple(area, &[Term::atom(id::FILE), file]);
            let line = Term::small(i64::from(line));
            let line = build::tuple(area, &[Term::atom(id::LINE), line]);
            build::list(area, &[file, line], Term::NIL)
        }
        None => Term::NIL,
    };
    let (module, name) = (Term::atom(function.module), Term::atom(function.name));
    let arity = Term::small(i64::from(function.arity));
    build::tuple(area, &[module, name, arity, place])
}

/// A string as the list of its characters.
fn characters(area: &mut LiteralArea, bytes: &[u8]) -> Term {
    let text = String::from_utf8_lossy(bytes);
    let last_first = text.chars().rev();
    last_first.fold(Term::NIL, |rest, character| {
        build::cons(area, Term::small(i64::from(u32::from(character))), rest)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bifs::rows;
    use crate::process::exception::{self, Exception};
    use crate::program::CallSite;
    use crate::term::View;

    const TEXT: u64 = 0x40_0000;

    /// Erlang's syntax of a term, as far as traces need it.
    fn show(term: Term) -> String {
        let all = |terms: &[Term]| {
            let shown: Vec<String> = terms.iter().map(|&term| show(term)).collect();
            shown.join(",")
        };
        match term.view() {
            View::Small(value) => value.to_string(),
            View::Atom(atom) => atom::text(atom).to_string(),
            View::Tuple(elements) => format!("{{{}}}", all(elements)),
            View::FlatMap(keys, values) => {
                let pairs = keys.iter().zip(values);
                let pairs: Vec<String> =
                    pairs.map(|(&key, &value)| format!("{}=>{}", show(key), show(value))).collect();
                format!("#{{{}}}", pairs.join(","))
            }
            View::Nil | View::Cons(..) => {
                let elements: Vec<Term> = term.list().collect();
                let character = |term: &Term| char::from_u32(term.as_small()? as u32);
                match elements.iter().map(character).collect::<Option<String>>() {
                    Some(text) if text.len() > 3 => format!("{text:?}"),
                    _ => format!("[{}]", all(&elements)),
                }
            }
            _ => panic!("traces hold no such terms"),
        }
    }

    /// Functions `maps:file/1`, `maps:line/2` (inlined in the first) and `lists:none/0`.
    fn program() -> Program {
        let function = |module, name, arity| Function { start: 0, end: 0, module, name, arity };
        let location =
            |function, file, line, inlined_at| Location { function, file, line, inlined_at };
        let site = |return_offset, location| CallSite { return_offset, slots: 0, location };
        Program::for_tests(
            TEXT,
            vec![site(10, 1), site(20, 2), site(30, 3), site(40, 0)],
            vec![0],
            vec![
                location(0, 0, 0, 0),
                location(0, 0, 7, 0),
                location(1, 0, 3, 1),
                location(2, u32::MAX, 0, 0),
            ],
            &["maps.erl"],
            vec![
                function(id::MAPS, id::FILE, 1),
                function(id::MAPS, id::LINE, 2),
                function(id::LISTS, id::NONE, 0),
            ],
        )
    }

    /// The list for an exception that was raised with these return addresses (offsets).
    fn traced(p: &mut Process, offsets: &[u64]) -> String {
        p.exception.return_addresses = offsets.iter().map(|offset| TEXT + offset).collect();
        let value = value(p);
        let list = build_list(p, &program(), &take_apart(&value).expect("a value"));
        show(list)
    }

    const FILE_1: &str = r#"{maps,file,1,[{file,"maps.erl"},{line,7}]}"#;
    const NONE_0: &str = "{lists,none,0,[]}";

    #[test]
    fn a_trace_starts_at_the_caller() {
        let mut p = Process::for_tests();
        p.exception.note(exception::error_of_caller(Term::OK));
        assert_eq!(traced(&mut p, &[10, 40, 30]), format!("[{FILE_1},{NONE_0}]"));
    }

    #[test]
    fn inlined_calls_are_entries() {
        let mut p = Process::for_tests();
        let arguments = build::list(&mut *p, &[Term::OK, Term::TRUE], Term::NIL);
        p.exception.note(Exception {
            origin: Origin::CallerWith { arguments, info: Term::OK },
            ..exception::error_of_caller(Term::OK)
        });
        let line = r#"{maps,line,[ok,true],[{file,"maps.erl"},{line,3},{error_info,ok}]}"#;
        assert_eq!(traced(&mut p, &[20, 10]), format!("[{line},{FILE_1},{FILE_1}]"));
    }

    #[test]
    fn a_bif_is_the_first_entry_with_arguments_and_cause() {
        let mut p = Process::for_tests();
        let apply = &rows::calls::apply_3;
        let args = [Term::OK, Term::OK, Term::NIL];
        p.exception.note_of_bif(exception::badarg(), apply, &args);
        let info = "[{error_info,#{module=>erl_erts_errors}}]";
        assert_eq!(traced(&mut p, &[30]), format!("[{{erlang,apply,[ok,ok,[]],{info}}},{NONE_0}]"));
        let because = exception::badarg_because(id::BADOPT);
        p.exception.note_of_bif(because, apply, &args);
        let info = "[{error_info,#{cause=>badopt,module=>erl_erts_errors}}]";
        assert_eq!(traced(&mut p, &[]), format!("[{{erlang,apply,[ok,ok,[]],{info}}}]"));
        p.exception.note_of_bif(exception::error_of_caller(Term::OK), apply, &args);
        assert_eq!(traced(&mut p, &[30]), format!("[{NONE_0}]"));
    }

    #[test]
    fn undefined_functions_and_given_traces() {
        let mut p = Process::for_tests();
        p.exception.note(exception::undefined(id::MAPS, id::MAIN, Term::NIL));
        assert_eq!(traced(&mut p, &[30]), format!("[{{maps,main,[],[]}},{NONE_0}]"));
        p.exception.note(exception::undefined(id::LISTS, id::NONE, Term::NIL));
        assert_eq!(traced(&mut p, &[30, 10]), format!("[{{lists,none,[],[]}},{FILE_1}]"));
        p.exception.note(exception::error_of_caller(Term::OK).in_apply());
        assert_eq!(traced(&mut p, &[30]), format!("[{{erlang,apply,2,[]}},{NONE_0}]"));
        let given = build::list(&mut *p, &[Term::OK], Term::NIL);
        p.exception.note(Exception {
            origin: Origin::Trace(given),
            ..exception::error_of_caller(Term::OK)
        });
        assert_eq!(traced(&mut p, &[]), "[ok]");
    }

    #[test]
    fn traces_are_cut_to_the_depth() {
        let mut p = Process::for_tests();
        p.exception.note(exception::error_of_caller(Term::OK));
        let shown = traced(&mut p, &[20; 8]);
        assert_eq!(shown.matches("maps.erl").count(), 8);
    }

    #[test]
    fn a_trace_value_keeps_the_class_it_is_raised_with() {
        let mut p = Process::for_tests();
        p.exception.note(exception::error_of_caller(Term::OK));
        let first = value(&mut p);
        assert!(class_of(first) == Class::Error && class_of(Term::NIL) == Class::Error);
        p.exception.note_again(Class::Throw, Term::OK, first);
        let again = value(&mut p);
        assert_eq!(class_of(again), Class::Throw);
        assert_eq!(class_of(first), Class::Error);
    }
}
