//! Natives of module `zlib`: streams that compress and decompress, one step of a bounded size a
//! call, as OTP's `zlib_nif` has them.
//!
//! A stream belongs to a process, and fails in the hands of another. What it is given is copied
//! into its queue, piece by piece: how OTP cuts input shows in what is stored uncompressed.

use crate::bifs::values::{self, machine_word};
use crate::heap::{Fragment, copy, out_of_memory, resource};
use crate::process::Process;
use crate::process::exception::{Exception, Result, badarg, error};
use crate::sys::lock::{Mutex, MutexGuard, lend, lend_mut};
use crate::sys::unique;
use crate::sys::zlib::{self, Codec, Compression, Stream};
use crate::term::bits::Bits;
use crate::term::bits::iodata::{self, Piece};
use crate::term::{Term, atom, build};
use beamrc_abi::atom::id;
use std::collections::VecDeque;
use std::sync::PoisonError;

/// What follows the end of what was compressed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum AtEnd {
    Fail,
    StartAgain,
    CutOff,
}

struct State {
    owner: Term,
    closed: bool,
    stream: Option<Stream>,
    queue: Queue,
    at_end: AtEnd,
    end_seen: bool,
    /// Without a head, so that the stream keeps no checksum of its own.
    raw: bool,
    crc: u32,
    /// A term that zlib's Erlang part puts aside.
    stash: Option<Fragment>,
    /// Used by OTP 25 only, which wants it kept.
    chunk_bytes: Term,
    room: Vec<u8>,
}

/// Pieces of input, of the first one only what is left.
#[derive(Default)]
struct Queue {
    pieces: VecDeque<Vec<u8>>,
    taken: usize,
    size_bytes: usize,
}

impl Queue {
    fn push(&mut self, piece: Vec<u8>) {
        self.size_bytes += piece.len();
        if !piece.is_empty() {
            self.pieces.push_back(piece);
        }
    }
    /// The piece at an index, as far as it is not taken yet.
    fn piece(&self, index: usize) -> Option<&[u8]> {
        let piece = self.pieces.get(index)?;
        Some(&piece[if index == 0 { self.taken } else { 0 }..])
    }
    fn take(&mut self, size_bytes: usize) {
        self.size_bytes -= size_bytes;
        self.taken += size_bytes;
        while let Some(first) = self.pieces.front() {
            let size = first.len();
            if self.taken < size {
                break;
            }
            self.taken -= size;
            self.pieces.pop_front();
        }
    }
}

struct Handle(Mutex<State>);

/// The stream behind a reference, for its owner.
fn owned<'a>(p: &Process, reference: &'a Term) -> Result<MutexGuard<'a, State>> {
    let state = resource::get::<Handle>(reference).ok_or_else(badarg)?.0.lock();
    let state = state.unwrap_or_else(PoisonError::into_inner);
    if state.owner != p.id {
        return Err(named("not_on_controlling_process"));
    }
    Ok(state)
}

impl State {
    /// The stream, which must be of this kind.
    fn stream(&mut self, codec: Codec) -> Result<&mut Stream> {
        let stream = self.stream.as_mut().filter(|stream| stream.codec == codec);
        stream.ok_or_else(|| named("not_initialized"))
    }
    fn forget_input(&mut self) {
        self.queue = Queue::default();
        self.stash = None;
    }
}

fn atom(text: &str) -> Term {
    Term::atom(atom::intern(text).expect("short, and the table is not full of it"))
}
fn named(text: &str) -> Exception {
    error(atom(text))
}

/// What a code of zlib is to programs.
fn told(code: i32) -> Result {
    Ok(match code {
        zlib::OK => Term::OK,
        zlib::STREAM_END => atom("stream_end"),
        zlib::STREAM_ERROR => return Err(named("stream_error")),
        zlib::DATA_ERROR => return Err(named("data_error")),
        zlib::MEM_ERROR => atom("mem_error"),
        zlib::BUF_ERROR => atom("buf_error"),
        zlib::VERSION_ERROR => atom("version_error"),
        _ => atom("unknown_error"),
    })
}

/// A C `int`.
fn int(term: Term) -> Result<i32> {
    let int = term.as_small().and_then(|n| i32::try_from(n).ok());
    int.ok_or_else(badarg)
}

fn bytes_of(iodata: Term) -> Result<Vec<u8>> {
    if !iodata.is_list() && Bits::of_binary(iodata).is_none() {
        return Err(badarg());
    }
    let mut bytes = Vec::new();
    let whole = iodata::walk(iodata, |piece| {
        match piece {
            Piece::Byte(byte) => bytes.push(byte),
            Piece::Bits(bits, _) if bits.size_bits.is_multiple_of(8) => {
                bytes.extend_from_slice(&bits.to_bytes())
            }
            Piece::Bits(..) => return Err(iodata::NoIodata),
        }
        Ok(())
    });
    whole.map_err(|_| badarg())?;
    Ok(bytes)
}

pub fn open_nif_0(p: &mut Process) -> Result {
    let state = State {
        owner: p.id,
        closed: false,
        stream: None,
        queue: Queue::default(),
        at_end: AtEnd::CutOff,
        end_seen: false,
        raw: false,
        crc: 0,
        stash: None,
        chunk_bytes: Term::small(4000),
        room: Vec::new(),
    };
    Ok(resource::new(p, unique::number(), Handle(Mutex::new(state))))
}
pub fn close_nif_1(p: &mut Process, reference: Term) -> Result {
    let mut state = owned(p, &reference)?;
    if state.closed {
        return Err(named("not_initialized"));
    }
    state.closed = true;
    state.stream = None;
    state.forget_input();
    Ok(Term::OK)
}
pub fn set_controller_nif_2(p: &mut Process, reference: Term, owner: Term) -> Result {
    if resource::get::<Handle>(&reference).is_none() || owner.as_pid().is_none() {
        return Err(badarg());
    }
    owned(p, &reference)?.owner = owner;
    Ok(Term::OK)
}

/// Opens the stream of a reference that has none.
fn start(state: &mut State, stream: core::result::Result<Stream, i32>, window_bits: i32) -> Result {
    match stream {
        Ok(stream) => {
            state.stream = Some(stream);
            state.end_seen = false;
            state.raw = window_bits < 0;
            state.crc = 0;
            Ok(Term::OK)
        }
        Err(code) => told(code),
    }
}
fn unopened<'a>(p: &Process, reference: &'a Term) -> Result<MutexGuard<'a, State>> {
    let state = owned(p, reference)?;
    if state.stream.is_some() || state.closed {
        return Err(named("already_initialized"));
    }
    Ok(state)
}

fn deflate_init(p: &mut Process, reference: Term, how: Term) -> Result {
    let how = how.as_tuple().ok_or_else(badarg)?;
    let &[level, method, window_bits, memory_level, strategy] = how else {
        return Err(badarg());
    };
    let how = Compression {
        level: int(level)?,
        method: int(method)?,
        window_bits: int(window_bits)?,
        memory_level: int(memory_level)?,
        strategy: int(strategy)?,
    };
    let mut state = unopened(p, &reference)?;
    start(&mut state, Stream::deflate(how), how.window_bits)
}
/// `{error, Reason}` where the native of OTP fails, for its caller to fail in its name.
pub fn beamrc_deflate_init_2(p: &mut Process, reference: Term, how: Term) -> Result {
    deflate_init(p, reference, how)
        .or_else(|failure| Ok(build::tuple(p, &[Term::atom(id::ERROR), failure.reason])))
}
pub fn deflate_set_dictionary_nif_2(p: &mut Process, reference: Term, dictionary: Term) -> Result {
    resource::get::<Handle>(&reference).ok_or_else(badarg)?;
    let dictionary = bytes_of(dictionary)?;
    let mut state = owned(p, &reference)?;
    let raw = state.raw;
    let stream = state.stream(Codec::Deflate)?;
    match stream.set_dictionary(&dictionary) {
        // A stream without a head does not sum up.
        zlib::OK if raw => Ok(build::unsigned(p, zlib::adler32(0, &dictionary).into())),
        zlib::OK => Ok(build::unsigned(p, stream.adler().into())),
        code => told(code),
    }
}

fn reset(p: &Process, reference: Term, codec: Codec) -> Result {
    let mut state = owned(p, &reference)?;
    let code = state.stream(codec)?.reset();
    state.crc = 0;
    state.end_seen = false;
    state.forget_input();
    told(code)
}
pub fn deflate_reset_nif_1(p: &mut Process, reference: Term) -> Result {
    reset(p, reference, Codec::Deflate)
}
pub fn inflate_reset_nif_1(p: &mut Process, reference: Term) -> Result {
    reset(p, reference, Codec::Inflate)
}

fn end(p: &Process, reference: Term, codec: Codec) -> Result {
    let mut state = owned(p, &reference)?;
    state.stream(codec)?;
    let code = state.stream.take().map_or(zlib::OK, Stream::end);
    let unfinished = codec == Codec::Inflate && !state.end_seen || state.queue.size_bytes > 0;
    state.forget_input();
    told(if code == zlib::OK && unfinished { zlib::DATA_ERROR } else { code })
}
pub fn deflate_end_nif_1(p: &mut Process, reference: Term) -> Result {
    end(p, reference, Codec::Deflate)
}
pub fn inflate_end_nif_1(p: &mut Process, reference: Term) -> Result {
    end(p, reference, Codec::Inflate)
}

pub fn deflate_params_nif_3(
    p: &mut Process,
    reference: Term,
    level: Term,
    strategy: Term,
) -> Result {
    resource::get::<Handle>(&reference).ok_or_else(badarg)?;
    let (level, strategy) = (int(level)?, int(strategy)?);
    let mut state = owned(p, &reference)?;
    told(state.stream(Codec::Deflate)?.set_parameters(level, strategy))
}

pub fn inflate_init_nif_3(
    p: &mut Process,
    reference: Term,
    window_bits: Term,
    at_end: Term,
) -> Result {
    resource::get::<Handle>(&reference).ok_or_else(badarg)?;
    let (window_bits, at_end) = (int(window_bits)?, int(at_end)?);
    let mut state = unopened(p, &reference)?;
    state.at_end = match at_end {
        0 => AtEnd::Fail,
        1 => AtEnd::StartAgain,
        _ => AtEnd::CutOff,
    };
    start(&mut state, Stream::inflate(window_bits), window_bits)
}
pub fn inflate_set_dictionary_nif_2(p: &mut Process, reference: Term, dictionary: Term) -> Result {
    resource::get::<Handle>(&reference).ok_or_else(badarg)?;
    let dictionary = bytes_of(dictionary)?;
    let mut state = owned(p, &reference)?;
    told(state.stream(Codec::Inflate)?.set_dictionary(&dictionary))
}
pub fn inflate_get_dictionary_nif_1(p: &mut Process, reference: Term) -> Result {
    let dictionary = owned(p, &reference)?.stream(Codec::Inflate)?.dictionary();
    match dictionary {
        Ok(bytes) => Ok(values::new_binary(p, &bytes)),
        Err(code) => told(code),
    }
}

/// What one call of a codec may do.
struct Limits {
    input: usize,
    output: usize,
    flush: i32,
}

impl Limits {
    fn of(input: Term, output: Term, flush: Term) -> Result<Limits> {
        let size = |term| usize::try_from(int(term)?).map_err(|_| badarg());
        Ok(Limits { input: size(input)?, output: size(output)?, flush: int(flush)? })
    }
}

pub fn deflate_nif_4(
    p: &mut Process,
    reference: Term,
    input: Term,
    output: Term,
    flush: Term,
) -> Result {
    resource::get::<Handle>(&reference).ok_or_else(badarg)?;
    let limits = Limits::of(input, output, flush)?;
    let mut state = owned(p, &reference)?;
    state.stream(Codec::Deflate)?;
    lend_mut(&mut state, |state| code(p, state, &limits))
}
pub fn inflate_nif_4(
    p: &mut Process,
    reference: Term,
    input: Term,
    output: Term,
    flush: Term,
) -> Result {
    resource::get::<Handle>(&reference).ok_or_else(badarg)?;
    let limits = Limits::of(input, output, flush)?;
    let mut state = owned(p, &reference)?;
    let at_end = state.at_end;
    state.stream(Codec::Inflate)?;
    let ends = |state: &State| state.end_seen && state.queue.size_bytes > 0;
    match at_end {
        _ if !ends(&state) => {}
        AtEnd::Fail => return told(zlib::DATA_ERROR),
        AtEnd::CutOff => state.forget_input(),
        AtEnd::StartAgain => match state.stream(Codec::Inflate)?.reset() {
            zlib::OK => state.end_seen = false,
            code => return told(code),
        },
    }
    lend_mut(&mut state, |state| code(p, state, &limits))
}

/// One step. Where there is no memory the owner ends, and nobody else can use the stream: it is enough
/// that it can be closed.
/// `{continue | finished, Output} | {need_dictionary, Adler, Output}`.
fn code(p: &mut Process, state: &mut State, limits: &Limits) -> Result {
    state.room.resize(limits.output, 0);
    let mut room = core::mem::take(&mut state.room);
    let (code, consumed, produced) = flush_queue(state, limits, &mut room);
    state.room = room;
    p.charge((consumed + produced) / BYTES_PER_REDUCTION);
    if code < 0 && code != zlib::BUF_ERROR {
        return told(code);
    }
    if code == zlib::STREAM_END {
        state.end_seen = true;
    }
    let codec = state.stream.as_ref().map(|stream| stream.codec);
    if state.raw && codec == Some(Codec::Inflate) {
        state.crc = zlib::crc32(state.crc, &state.room[..produced]);
    }
    let left = state.queue.size_bytes;
    if consumed == 0 && produced == 0 && left != 0 {
        return told(zlib::DATA_ERROR);
    }
    let output = match produced {
        0 => Term::NIL,
        _ => {
            let bytes = values::new_binary(p, &state.room[..produced]);
            build::cons(p, bytes, Term::NIL)
        }
    };
    if left == 0 && produced < limits.output {
        return Ok(build::tuple(p, &[atom("finished"), output]));
    }
    if code != zlib::NEED_DICT {
        return Ok(build::tuple(p, &[atom("continue"), output]));
    }
    let adler = state.stream.as_ref().map_or(0, Stream::adler);
    let adler = build::unsigned(p, adler.into());
    Ok(build::tuple(p, &[atom("need_dictionary"), adler, output]))
}

/// OTP pays a whole time slice for its usual step of 8 kB.
const BYTES_PER_REDUCTION: usize = 4;

/// Feeds the stream from its queue; zlib's code, what was consumed and what was produced.
fn flush_queue(state: &mut State, limits: &Limits, room: &mut [u8]) -> (i32, usize, usize) {
    let State { stream: Some(stream), queue, raw, crc, .. } = state else {
        return (zlib::STREAM_ERROR, 0, 0);
    };
    let (mut code, mut consumed, mut produced) = (zlib::OK, 0, 0);
    let mut index = 0;
    while code == zlib::OK
        && consumed < limits.input
        && let Some(piece) = queue.piece(index)
    {
        let piece = &piece[..piece.len().min(limits.input)];
        // Nothing is flushed until the input's end is reached.
        let step = stream.step(piece, &mut room[produced..], zlib::NO_FLUSH);
        if *raw && stream.codec == Codec::Deflate {
            *crc = zlib::crc32(*crc, &piece[..step.consumed]);
        }
        code = step.code;
        consumed += step.consumed;
        produced += step.produced;
        index += 1;
    }
    queue.take(consumed);
    if code == zlib::OK && queue.size_bytes == 0 && produced < room.len() {
        let step = stream.step(&[], &mut room[produced..], limits.flush);
        code = step.code;
        produced += step.produced;
    }
    (code, consumed, produced)
}

/// Takes a list of binaries, however long.
pub fn enqueue_nif_2(p: &mut Process, reference: Term, vector: Term) -> Result {
    let mut state = owned(p, &reference)?;
    if state.stream.is_none() {
        return Err(named("not_initialized"));
    }
    let mut binaries = vector.list();
    let mut pieces = Vec::new();
    for binary in binaries.by_ref() {
        let bits = Bits::of_binary(binary).ok_or_else(badarg)?;
        lend(&state, || pieces.push(bits.to_bytes().into_owned()));
    }
    if !binaries.tail().is_nil() {
        return Err(badarg());
    }
    lend_mut(&mut state, |state| state.queue.pieces.reserve(pieces.len()));
    pieces.into_iter().for_each(|piece| state.queue.push(piece));
    Ok(Term::OK)
}

/// `{ok, Term} | empty`.
pub fn get_stash_nif_1(p: &mut Process, reference: Term) -> Result {
    let state = owned(p, &reference)?;
    match &state.stash {
        Some(stash) => {
            let term = lend(&state, || copy::copy(p, stash.message));
            Ok(build::tuple(p, &[Term::OK, term]))
        }
        None => Ok(atom("empty")),
    }
}
pub fn clear_stash_nif_1(p: &mut Process, reference: Term) -> Result {
    let mut state = owned(p, &reference)?;
    match state.stash.take() {
        Some(_) => Ok(Term::OK),
        None => Err(named("error")),
    }
}
pub fn set_stash_nif_2(p: &mut Process, reference: Term, term: Term) -> Result {
    let mut state = owned(p, &reference)?;
    if state.stash.is_some() {
        return Err(named("error"));
    }
    let copy = || Fragment::copy_of(term).unwrap_or_else(|_| out_of_memory("fragment", 0));
    let stash = lend(&state, copy);
    state.stash = Some(stash);
    Ok(Term::OK)
}

/// The checksum of what a stream without a head took or gave, else zlib's own.
pub fn crc32_nif_1(p: &mut Process, reference: Term) -> Result {
    let state = owned(p, &reference)?;
    let stream = state.stream.as_ref().ok_or_else(|| named("not_initialized"))?;
    let sum = if state.raw { state.crc } else { stream.adler() };
    Ok(build::unsigned(p, sum.into()))
}
pub fn get_buf_size_nif_1(p: &mut Process, reference: Term) -> Result {
    Ok(owned(p, &reference)?.chunk_bytes)
}
pub fn set_buf_size_nif_2(p: &mut Process, reference: Term, size: Term) -> Result {
    let within = machine_word(size).is_some_and(|size| (0..1 << 31).contains(&size));
    if !within {
        return Err(badarg());
    }
    owned(p, &reference)?.chunk_bytes = size;
    Ok(Term::OK)
}
