//! Natives of module `re`: expressions, by PCRE. `re:run/2,3` and `re:compile/1,2` are a shim's,
//! which raises what these refuse and goes on in OTP's own code where the native says so.
//!
//! A compiled expression holds its text and options in a binary, so it may be stored and sent
//! anywhere; the thread that runs it compiles it when it sees it first.

mod capture;
mod options;

use crate::bifs::values;
use crate::heap;
use crate::process::Process;
use crate::process::exception::{Result, badarg};
use crate::sys::pcre::{self, Code, Failure, Refused};
use crate::term::bits::Bits;
use crate::term::bits::iodata::{Piece, measure, walk};
use crate::term::{Term, atom, build};
use beamrc_abi::atom::id;
use capture::{Capture, Form};
use options::{Options, Wanted};
use std::rc::Rc;

/// Bytes of a subject for one reduction.
const BYTES_PER_REDUCTION: usize = 256;
/// What the binary in a compiled expression starts with.
const MAGIC: &[u8; 4] = b"re1\0";
const HEAD_BYTES: usize = 16;

fn named(text: &str) -> Term {
    Term::atom(atom::intern(text).expect("short, and the table is not full of it"))
}

/// The bytes of iodata, without a copy if they are in one binary.
enum Bytes {
    Binary(Bits),
    Own(Vec<u8>),
}
impl Bytes {
    fn of(iodata: Term) -> Result<Bytes> {
        if let Some(bits) = Bits::of_binary(iodata)
            && bits.as_bytes().is_some()
        {
            return Ok(Bytes::Binary(bits));
        }
        let size = measure(iodata).map_err(|_| badarg())?;
        if !size.aligned {
            return Err(badarg());
        }
        let mut bytes = Vec::with_capacity(size.size_bits / 8);
        let walked = walk(iodata, |piece| {
            match piece {
                Piece::Byte(byte) => bytes.push(byte),
                Piece::Bits(bits, _) => bytes.extend_from_slice(&bits.to_bytes()),
            }
            Ok(())
        });
        walked.map_err(|_| badarg())?;
        Ok(Bytes::Own(bytes))
    }
    fn slice(&self) -> &[u8] {
        match self {
            Bytes::Binary(bits) => bits.as_bytes().unwrap_or_default(),
            Bytes::Own(bytes) => bytes,
        }
    }
}
fn is_bitstring(term: Term) -> bool {
    Bits::of(term).is_some()
}

/// `{Message, Offset}`.
fn refusal(p: &mut Process, refused: &Refused) -> Term {
    let message = values::string(p, &refused.message);
    build::tuple(p, &[message, Term::small(refused.offset as i64)])
}

/// `{re_pattern, Groups, Unicode, Crlf, Binary}`.
fn pattern_term(p: &mut Process, code: &Code, pattern: &[u8], options: &Options) -> Term {
    let mut kept = Vec::with_capacity(HEAD_BYTES + pattern.len());
    kept.extend_from_slice(MAGIC);
    for number in [options.compile.bits, options.compile.newline, options.compile.bsr] {
        kept.extend_from_slice(&number.to_le_bytes());
    }
    kept.extend_from_slice(pattern);
    let fields = [
        named("re_pattern"),
        Term::small(i64::from(code.groups())),
        Term::small(i64::from(options.unicode)),
        Term::small(i64::from(code.crlf_is_newline())),
        values::new_binary(p, &kept),
    ];
    build::tuple(p, &fields)
}
/// The expression behind such a tuple; options of a call may say anew what ends a line.
fn compiled(fields: &[Term], options: &Options) -> Result<Rc<Code>> {
    let bits = Bits::of_binary(fields[4]).ok_or_else(badarg)?;
    let bytes = bits.to_bytes();
    let (head, pattern) = bytes.split_at_checked(HEAD_BYTES).ok_or_else(badarg)?;
    if head[..4] != MAGIC[..] {
        return Err(badarg());
    }
    let number = |at: usize| {
        let bytes = head[at..at + 4].try_into().expect("four bytes");
        u32::from_le_bytes(bytes)
    };
    let compile = pcre::Options {
        edition: options::edition(),
        bits: number(4),
        newline: options.newline.unwrap_or(number(8)),
        bsr: options.bsr.unwrap_or(number(12)),
    };
    pcre::compile(pattern, compile).map_err(|_| badarg())
}
fn pattern_fields(term: &Term) -> Option<&[Term]> {
    let fields = term.as_tuple()?;
    let numbers = fields.len() == 5 && fields[1..4].iter().all(|n| n.as_small().is_some());
    (numbers && fields[0] == named("re_pattern") && is_bitstring(fields[4])).then_some(fields)
}

/// `{ok, Pattern} | {error, {Message, Offset}} | badopt | badarg | ucompile`.
pub fn beamrc_compile_2(p: &mut Process, pattern: Term, options: Term) -> Result {
    let Some(options) = options::parse(options).filter(|options| !options.only_run) else {
        return Ok(named("badopt"));
    };
    if options.unicode && !is_bitstring(pattern) {
        return Ok(named("ucompile"));
    }
    let Ok(bytes) = Bytes::of(pattern) else {
        return Ok(Term::atom(id::BADARG));
    };
    match pcre::compile(bytes.slice(), options.compile) {
        Ok(code) => {
            let pattern = pattern_term(p, &code, bytes.slice(), &options);
            Ok(build::tuple(p, &[Term::OK, pattern]))
        }
        Err(refused) => {
            let refusal = refusal(p, &refused);
            Ok(build::tuple(p, &[Term::atom(id::ERROR), refusal]))
        }
    }
}

/// As `re:run/3`, or `badopt | badarg | urun | {grun, Pattern, Argument}`.
pub fn beamrc_run_3(p: &mut Process, subject: Term, pattern: Term, options: Term) -> Result {
    match run(p, subject, pattern, options, true) {
        Ok(result) => Ok(result),
        Err(_) => Ok(Term::atom(id::BADARG)),
    }
}
/// What OTP's loop for the option `global` calls; the subject was checked before.
pub fn internal_run_4(
    p: &mut Process,
    subject: Term,
    pattern: Term,
    options: Term,
    first: Term,
) -> Result {
    if first != Term::TRUE && first != Term::FALSE {
        return Err(badarg());
    }
    let result = run(p, subject, pattern, options, first == Term::TRUE)?;
    match result.as_atom().map(atom::text) {
        Some("badopt" | "badarg" | "urun") => Err(badarg()),
        _ => Ok(result),
    }
}

fn run(p: &mut Process, subject: Term, pattern: Term, list: Term, first: bool) -> Result {
    let Some(options) = options::parse(list) else {
        return Ok(named("badopt"));
    };
    let wants_text = options.capture.is_some_and(|wanted| wanted.form == named("list"));
    let needs_text = wants_text && !options.global;
    let code = if let Some(fields) = pattern_fields(&pattern) {
        if options.only_compile {
            return Err(badarg());
        }
        let unicode = fields[2] != Term::small(0);
        if unicode && (!is_bitstring(subject) || needs_text) {
            return Ok(named("urun"));
        }
        if options.global {
            let argument = build::tuple(p, &[list, Term::FALSE]);
            return Ok(build::tuple(p, &[named("grun"), pattern, argument]));
        }
        compiled(fields, &options)?
    } else {
        if !is_bitstring(pattern) && !pattern.is_list() {
            return Err(badarg());
        }
        let binaries = is_bitstring(pattern) && is_bitstring(subject);
        if options.unicode && (!binaries || needs_text) {
            return Ok(named("urun"));
        }
        let bytes = Bytes::of(pattern)?;
        let code = match pcre::compile(bytes.slice(), options.compile) {
            Ok(code) => code,
            Err(refused) if options.report_errors => {
                let refusal = refusal(p, &refused);
                let why = build::tuple(p, &[Term::atom(id::COMPILE), refusal]);
                return Ok(build::tuple(p, &[Term::atom(id::ERROR), why]));
            }
            Err(_) => return Err(badarg()),
        };
        if options.global {
            let compiled = pattern_term(p, &code, bytes.slice(), &options);
            let clean = Term::bool(options.only_compile);
            let argument = build::tuple(p, &[list, clean, pattern]);
            return Ok(build::tuple(p, &[named("grun"), compiled, argument]));
        }
        code
    };
    matched(p, subject, &code, &options, first)
}

fn matched(p: &mut Process, subject: Term, code: &Code, options: &Options, first: bool) -> Result {
    let capture = Capture::of(options.capture, code)?;
    let bytes = Bytes::of(subject)?;
    p.charge(bytes.slice().len() / BYTES_PER_REDUCTION + 1);
    let unchecked = if first { 0 } else { pcre::NO_UTF_CHECK };
    let mut found = Vec::new();
    let run = code.run(
        bytes.slice(),
        options.offset,
        options.run_bits | unchecked,
        options.limits,
        &mut found,
    );
    let given_up = match run {
        Ok(true) => return Ok(result(p, subject, &bytes, &capture, &found)),
        Ok(false) | Err(Failure::GivenUp) => return Ok(Term::atom(id::NOMATCH)),
        Err(Failure::BadSubject) => return Err(badarg()),
        Err(Failure::MatchLimit) => "match_limit",
        Err(Failure::RecursionLimit) => "match_limit_recursion",
    };
    if !options.report_errors {
        return Ok(Term::atom(id::NOMATCH));
    }
    Ok(build::tuple(p, &[Term::atom(id::ERROR), named(given_up)]))
}

/// `match | {match, Captured}`.
fn result(
    p: &mut Process,
    subject: Term,
    bytes: &Bytes,
    capture: &Capture,
    found: &[Option<(usize, usize)>],
) -> Term {
    let tag = named("match");
    if capture.form == Form::None {
        return tag;
    }
    let mut captured = Vec::new();
    for place in capture.places(found) {
        captured.push(match capture.form {
            Form::Index => {
                let (start, size) = match place {
                    Some((start, end)) => (start as i64, (end - start) as i64),
                    None => (-1, 0),
                };
                build::tuple(p, &[Term::small(start), Term::small(size)])
            }
            Form::Binary => {
                let (start, end) = place.unwrap_or((0, 0));
                match bytes {
                    Bytes::Binary(_) => heap::bits::part(p, subject, 8 * start, 8 * (end - start)),
                    Bytes::Own(bytes) => values::new_binary(p, &bytes[start..end]),
                }
            }
            Form::List | Form::None => {
                let (start, end) = place.unwrap_or((0, 0));
                let text = &bytes.slice()[start..end];
                let characters = text.iter().map(|byte| Term::small(i64::from(*byte)));
                crate::term::list::forward(p, text.len(), characters, Term::NIL)
            }
        });
    }
    let captured = build::list(p, &captured, Term::NIL);
    build::tuple(p, &[tag, captured])
}

/// `{namelist, Names}`.
pub fn inspect_2(p: &mut Process, pattern: Term, what: Term) -> Result {
    let fields = pattern_fields(&pattern).ok_or_else(badarg)?;
    if what != named("namelist") {
        return Err(badarg());
    }
    let code = compiled(fields, &Options::default())?;
    let mut names = Vec::new();
    let mut last = None;
    for (name, _) in code.names() {
        if last != Some(name) {
            names.push(values::new_binary(p, name));
        }
        last = Some(name);
    }
    let names = build::list(p, &names, Term::NIL);
    Ok(build::tuple(p, &[what, names]))
}
pub fn version_0(p: &mut Process) -> Result {
    Ok(values::new_binary(p, pcre::version().as_bytes()))
}

impl Wanted {
    fn is(self, text: &str) -> bool {
        self.values.as_atom().map(atom::text) == Some(text)
    }
}
