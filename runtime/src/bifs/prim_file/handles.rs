//! Natives on open files. A handle is a reference to a descriptor, which is closed when
//! `close_nif/1` says so or when nobody refers to it any more, or to embedded data.

use super::{changed_path, done, embedded, error, path};
use crate::bifs::values;
use crate::bifs::values::machine_word;
use crate::heap::resource;
use crate::process::Process;
use crate::process::exception::{Result, badarg};
use crate::sys::file::{self, Advice, Info, Mode, Outcome};
use crate::sys::lock::Mutex;
use crate::sys::unique;
use crate::term::bits::Bits;
use crate::term::{Kind, Term, atom, build};
use beamrc_abi::atom::id;
use std::fs::File;
use std::io::{Cursor, Seek as _, SeekFrom};
use std::os::fd::AsRawFd;
use std::sync::PoisonError;

/// What a handle is to.
pub(super) enum Opened {
    File(File),
    Embedded(Cursor<&'static [u8]>),
}
impl Opened {
    /// For what embedded data cannot.
    fn file(&self) -> Outcome<&File> {
        match self {
            Opened::File(file) => Ok(file),
            Opened::Embedded(_) => Err(libc::EBADF),
        }
    }
    fn read(&mut self, size: usize) -> Outcome<Vec<u8>> {
        match self {
            Opened::File(file) => file::read(file, size),
            Opened::Embedded(data) => {
                let bytes = part(data.get_ref(), data.position(), size).to_vec();
                data.set_position(data.position() + bytes.len() as u64);
                Ok(bytes)
            }
        }
    }
    fn read_at(&self, position: u64, size: usize) -> Outcome<Vec<u8>> {
        match self {
            Opened::File(file) => file::read_at(file, position, size),
            Opened::Embedded(data) => Ok(part(data.get_ref(), position, size).to_vec()),
        }
    }
    fn seek(&mut self, to: SeekFrom) -> Outcome<u64> {
        match self {
            Opened::File(file) => file::seek(file, to),
            Opened::Embedded(_) if matches!(to, SeekFrom::Start(BEFORE_START..)) => {
                Err(libc::EINVAL)
            }
            Opened::Embedded(data) => data.seek(to).map_err(|_| libc::EINVAL),
        }
    }
    fn sync(&mut self, data_only: bool) -> Outcome<()> {
        match self {
            Opened::File(file) => file::sync(file, data_only),
            Opened::Embedded(_) => Ok(()),
        }
    }
    pub(super) fn info(&mut self) -> Outcome<Info> {
        match self {
            Opened::File(file) => file::handle_info(file),
            Opened::Embedded(data) => Ok(embedded::info_of_file(data.get_ref())),
        }
    }
}

/// At most so many bytes from a position on.
fn part(data: &[u8], position: u64, size: usize) -> &[u8] {
    let start = data.len().min(position as usize);
    &data[start..start + size.min(data.len() - start)]
}

/// `None` once it is closed.
struct Handle(Mutex<Option<Opened>>);

/// Pointer blocks of `ipread_s32bu_p32bu_nif/3`: size and place of what is to be read.
const POINTER_BYTES: usize = 8;
/// The first of those places that are negative for the system.
const BEFORE_START: u64 = 1 << 63;

fn handle(reference: &Term) -> Result<&Handle> {
    resource::get(reference).ok_or_else(badarg)
}

/// Calls a function on what is behind a handle; a closed one is invalid.
pub(super) fn with_opened<T>(
    reference: &Term,
    call: impl FnOnce(&mut Opened) -> Outcome<T>,
) -> Result<Outcome<T>> {
    let opened = handle(reference)?.0.lock();
    let mut opened = opened.unwrap_or_else(PoisonError::into_inner);
    Ok(opened.as_mut().map_or(Err(libc::EINVAL), call))
}
/// Calls a function on the file behind a handle.
fn with_file<T>(reference: &Term, call: impl FnOnce(&File) -> Outcome<T>) -> Result<Outcome<T>> {
    with_opened(reference, |opened| call(opened.file()?))
}

/// What a number is to the natives: `None` if it is none of 64 bits.
fn long(term: Term) -> Result<Option<i64>> {
    let number = term.as_small().is_some()
        || term.is_kind(Kind::BigPos)
        || term.is_kind(Kind::BigNeg)
        || term.as_float().is_some();
    if !number {
        return Err(badarg());
    }
    Ok(machine_word(term).and_then(|n| i64::try_from(n).ok()))
}
fn unsigned(term: Term) -> Result<Outcome<u64>> {
    let number = long(term)?.and_then(|n| u64::try_from(n).ok());
    Ok(number.ok_or(libc::EINVAL))
}

fn mode(modes: Term) -> Result<Mode> {
    if !modes.is_list() {
        return Err(badarg());
    }
    let mut mode = Mode::default();
    for element in modes.list() {
        // What is not known here is the business of those who call.
        match element.as_atom().map(atom::text) {
            Some("read") => mode.read = true,
            Some("write") => mode.write = true,
            Some("append") => mode.append = true,
            Some("exclusive") => mode.exclusive = true,
            Some("sync") => mode.sync = true,
            Some("skip_type_check") => mode.skip_type_check = true,
            Some("directory") => mode.directory = true,
            _ => {}
        }
    }
    if mode.append || mode.exclusive {
        mode.write = true;
    } else if !mode.write {
        mode.read = true;
    }
    Ok(mode)
}

fn opened(p: &mut Process, opened: Outcome<Opened>) -> Result {
    match opened {
        Ok(opened) => {
            let handle = resource::new(p, unique::number(), Handle(Mutex::new(Some(opened))));
            Ok(build::tuple(p, &[Term::OK, handle]))
        }
        Err(number) => error(p, number),
    }
}
pub fn open_nif_2(p: &mut Process, name: Term, modes: Term) -> Result {
    let mode = mode(modes)?;
    let name = if mode.write { changed_path(name) } else { path(name) };
    let file = name.and_then(|name| match embedded::name(&name) {
        Some(name) => embedded::read(&name).map(|data| Opened::Embedded(Cursor::new(data))),
        None => file::open(&name, mode).map(Opened::File),
    });
    opened(p, file)
}
pub fn file_desc_to_ref_nif_1(p: &mut Process, descriptor: Term) -> Result {
    let fd = descriptor.as_small().and_then(|fd| i32::try_from(fd).ok());
    let file = file::of_descriptor(fd.ok_or_else(badarg)?);
    opened(p, file.map(Opened::File))
}
pub fn close_nif_1(p: &mut Process, reference: Term) -> Result {
    let file = handle(&reference)?.0.lock();
    let file = file.unwrap_or_else(PoisonError::into_inner).take();
    done(
        p,
        match file {
            Some(Opened::File(file)) => file::close(file),
            Some(Opened::Embedded(_)) => Ok(()),
            None => Err(libc::EINVAL),
        },
    )
}
/// Closes what the janitor of OTP is told to close; here nobody tells it.
pub fn delayed_close_nif_1(p: &mut Process, reference: Term) -> Result {
    close_nif_1(p, reference)?;
    Ok(Term::OK)
}

/// `{ok, Bytes} | eof | {error, Posix}`.
fn was_read(p: &mut Process, outcome: Outcome<Vec<u8>>) -> Result {
    match outcome {
        Ok(bytes) if bytes.is_empty() => Ok(Term::atom(id::EOF)),
        Ok(bytes) => {
            let bytes = values::new_binary(p, &bytes);
            Ok(build::tuple(p, &[Term::OK, bytes]))
        }
        Err(number) => error(p, number),
    }
}
pub fn read_nif_2(p: &mut Process, reference: Term, size: Term) -> Result {
    let size = unsigned(size)?;
    let outcome = with_opened(&reference, |opened| opened.read(size? as usize))?;
    was_read(p, outcome)
}
pub fn pread_nif_3(p: &mut Process, reference: Term, offset: Term, size: Term) -> Result {
    let (offset, size) = (unsigned(offset)?, unsigned(size)?);
    let outcome = with_opened(&reference, |opened| opened.read_at(offset?, size? as usize))?;
    was_read(p, outcome)
}

/// The bytes of a list of binaries.
fn gather(vector: Term) -> Result<Vec<u8>> {
    let mut binaries = vector.list();
    let mut bytes = Vec::new();
    for binary in binaries.by_ref() {
        let bits = Bits::of_binary(binary).ok_or_else(badarg)?;
        bytes.extend_from_slice(&bits.to_bytes());
    }
    if !binaries.tail().is_nil() {
        return Err(badarg());
    }
    Ok(bytes)
}
/// Calls a writer with the bytes of a list of binaries; a single one is not copied.
fn with_bytes<T>(vector: Term, call: impl FnOnce(&[u8]) -> T) -> Result<T> {
    if let Some((binary, tail)) = vector.as_cons()
        && tail.is_nil()
    {
        let bits = Bits::of_binary(binary).ok_or_else(badarg)?;
        return Ok(call(&bits.to_bytes()));
    }
    Ok(call(&gather(vector)?))
}
pub fn write_nif_2(p: &mut Process, reference: Term, vector: Term) -> Result {
    let outcome =
        with_bytes(vector, |bytes| with_file(&reference, |file| file::write(file, bytes)))??;
    done(p, outcome)
}
pub fn pwrite_nif_3(p: &mut Process, reference: Term, offset: Term, vector: Term) -> Result {
    let offset = unsigned(offset)?;
    let outcome = with_bytes(vector, |bytes| {
        with_file(&reference, |file| file::write_at(file, offset?, bytes))
    })??;
    done(p, outcome)
}

pub fn seek_nif_3(p: &mut Process, reference: Term, from: Term, offset: Term) -> Result {
    let offset = machine_word(offset).and_then(|n| i64::try_from(n).ok());
    let offset = offset.ok_or_else(badarg)?;
    let to = match from.as_atom().map(atom::text) {
        // What is before the start is for the file to refuse: devices need not.
        Some("bof") => SeekFrom::Start(offset.cast_unsigned()),
        Some("cur") => SeekFrom::Current(offset),
        Some("eof") => SeekFrom::End(offset),
        _ => return Err(badarg()),
    };
    let outcome = with_opened(&reference, |opened| opened.seek(to))?;
    match outcome {
        Ok(position) => {
            let position = build::unsigned(p, position);
            Ok(build::tuple(p, &[Term::OK, position]))
        }
        Err(number) => error(p, number),
    }
}
pub fn sync_nif_2(p: &mut Process, reference: Term, data_only: Term) -> Result {
    let data_only = data_only.as_small().ok_or_else(badarg)? != 0;
    let outcome = with_opened(&reference, |opened| opened.sync(data_only))?;
    done(p, outcome)
}
pub fn truncate_nif_1(p: &mut Process, reference: Term) -> Result {
    let outcome = with_file(&reference, file::truncate)?;
    done(p, outcome)
}
fn range(offset: Term, size: Term) -> Result<Outcome<(i64, i64)>> {
    let (offset, size) = (long(offset)?, long(size)?);
    Ok(match (offset, size) {
        (Some(offset @ 0..), Some(size @ 0..)) => Ok((offset, size)),
        _ => Err(libc::EINVAL),
    })
}
pub fn allocate_nif_3(p: &mut Process, reference: Term, offset: Term, size: Term) -> Result {
    let range = range(offset, size)?;
    let outcome = with_file(&reference, |file| {
        let (offset, size) = range?;
        file::allocate(file, offset, size)
    })?;
    done(p, outcome)
}
pub fn advise_nif_4(
    p: &mut Process,
    reference: Term,
    offset: Term,
    size: Term,
    advice: Term,
) -> Result {
    let range = range(offset, size)?;
    let advice = match advice.as_atom().map(atom::text) {
        Some("normal") => Ok(Advice::Normal),
        Some("random") => Ok(Advice::Random),
        Some("sequential") => Ok(Advice::Sequential),
        Some("will_need") => Ok(Advice::WillNeed),
        Some("dont_need") => Ok(Advice::DontNeed),
        Some("no_reuse") => Ok(Advice::NoReuse),
        _ => Err(libc::EINVAL),
    };
    let outcome = with_opened(&reference, |opened| {
        let ((offset, size), advice) = (range?, advice?);
        if let Opened::File(file) = opened {
            file::advise(file, offset, size, advice);
        }
        Ok(())
    })?;
    done(p, outcome)
}
/// The descriptor's number, as the bytes of a C `int`.
pub fn get_handle_nif_1(p: &mut Process, reference: Term) -> Result {
    match with_file(&reference, |file| Ok(file.as_raw_fd()))? {
        Ok(fd) => Ok(values::new_binary(p, &fd.to_ne_bytes())),
        Err(number) => error(p, number),
    }
}

/// Reads a block and what it points to: `{ok, {Size, Place, Bytes | eof}} | eof | {error, Posix}`.
pub fn ipread_s32bu_p32bu_nif_3(
    p: &mut Process,
    reference: Term,
    offset: Term,
    max_size: Term,
) -> Result {
    let offset = unsigned(offset)?;
    let max_size = long(max_size)?.filter(|size| *size < 1 << 31).ok_or(libc::EINVAL);
    let outcome = with_opened(&reference, |opened| {
        let (offset, max_size) = (offset?, max_size?);
        let block = opened.read_at(offset, POINTER_BYTES)?;
        let Ok(block) = <[u8; POINTER_BYTES]>::try_from(block) else {
            return Ok(None);
        };
        let block = u64::from_be_bytes(block);
        let (size, place) = (block >> 32, block & 0xffff_ffff);
        if size as i64 > max_size {
            return Ok(None);
        }
        let bytes = opened.read_at(place, size as usize)?;
        Ok(Some((size, place, bytes)))
    })?;
    let (size, place, bytes) = match outcome {
        Ok(Some(found)) => found,
        Ok(None) => return Ok(Term::atom(id::EOF)),
        Err(number) => return error(p, number),
    };
    let bytes = match bytes.is_empty() {
        true => Term::atom(id::EOF),
        false => values::new_binary(p, &bytes),
    };
    let found = [Term::small(size as i64), Term::small(place as i64), bytes];
    let found = build::tuple(p, &found);
    Ok(build::tuple(p, &[Term::OK, found]))
}
