//! Matching of bit strings through match contexts.
//!
//! A context (`Kind::Match`) is an object of its own: end and position in bits from the start of
//! its base, and the base. Compiled code makes contexts, moves positions and reads most fields
//! itself; what comes here is the rest. What is shorter than asked for fails without an exception
//! and leaves the position as it is.

use crate::heap::bits;
use crate::process::Process;
use crate::term::bits::utf::{self, Decoded};
use crate::term::bits::{Bits, copy, data_of, float, integer, size_of};
use crate::term::{Kind, Term, build};
use beamrc_abi::term::layout;

/// A match context's words.
#[derive(Clone, Copy)]
struct Context(*mut u64);

impl Context {
    fn of(context: Term) -> Context {
        debug_assert!(context.is_kind(Kind::Match));
        Context(context.address())
    }
    fn word(self, index: usize) -> u64 {
        // SAFETY: I5: a complete match context, laid out as I4 says.
        unsafe { *self.0.add(1 + index) }
    }
    fn position(self) -> usize {
        self.word(layout::MATCH_POSITION) as usize
    }
    fn left(self) -> usize {
        (self.word(layout::MATCH_END) - self.word(layout::MATCH_POSITION)) as usize
    }
    fn base(self) -> Term {
        Term(self.word(layout::MATCH_BASE))
    }
    fn data(self) -> *const u8 {
        data_of(self.base())
    }
    fn rest(self) -> Bits {
        Bits { data: self.data(), offset_bits: self.position(), size_bits: self.left() }
    }
    fn advance(self, bits: usize) {
        debug_assert!(bits <= self.left());
        // SAFETY: as in `word`; contexts are objects of the running process (I3).
        unsafe { *self.0.add(1 + layout::MATCH_POSITION) += bits as u64 };
    }
}

/// See the table of entry points.
///
/// # Safety
/// `p` is the running process (I3), the argument a term (I5).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_bs_start(p: *mut Process, term: Term) -> Term {
    let Some(kind) = term.kind() else {
        return Term::NONVALUE;
    };
    let (base, offset, size) = match kind {
        Kind::Match => return term,
        Kind::HeapBits => (term, 0, term.words()[layout::HEAP_BITS_SIZE]),
        Kind::SubBits => {
            let words = term.words();
            (
                Term(words[layout::SUB_BITS_BASE]),
                words[layout::SUB_BITS_OFFSET],
                words[layout::SUB_BITS_SIZE],
            )
        }
        _ => return Term::NONVALUE,
    };
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    build::object(p, Kind::Match, 0, &[offset + size, offset, base.0])
}

/// See the table of entry points.
///
/// # Safety
/// `p` is the running process (I3), `context` a match context (I5).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_bs_get_integer(
    p: *mut Process,
    context: Term,
    size_bits: u64,
    flags: u64,
) -> Term {
    let context = Context::of(context);
    let size_bits = size_bits as usize;
    if size_bits > context.left() {
        return Term::NONVALUE;
    }
    // SAFETY: the caller's contract; the field lies within the context (I5).
    let value = unsafe {
        let p = &mut *p;
        if size_bits > 1 << 16 {
            p.charge(size_bits >> 16);
        }
        integer::get(p, context.data(), context.position(), size_bits, flags)
    };
    if value.is_value() {
        context.advance(size_bits);
    }
    value
}

/// See the table of entry points.
///
/// # Safety
/// As for [`beamrc_bs_get_integer`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_bs_get_float(
    p: *mut Process,
    context: Term,
    size_bits: u64,
    flags: u64,
) -> Term {
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    if size_bits == 0 {
        return build::float(p, 0.0);
    }
    let context = Context::of(context);
    if size_bits > 64 || size_bits as usize > context.left() {
        return Term::NONVALUE;
    }
    let size_bits = size_bits as usize;
    let mut field = context.rest().load(0, size_bits);
    if flags & integer::LITTLE != 0 {
        field = field.swap_bytes() >> (64 - size_bits);
    }
    match float::from_field(field, size_bits) {
        Some(value) => {
            context.advance(size_bits);
            build::float(p, value)
        }
        None => Term::NONVALUE,
    }
}

/// See the table of entry points.
///
/// # Safety
/// As for [`beamrc_bs_get_integer`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_bs_get_bits(
    p: *mut Process,
    context: Term,
    size_bits: u64,
) -> Term {
    let context = Context::of(context);
    let size_bits = size_bits as usize;
    if size_bits > context.left() {
        return Term::NONVALUE;
    }
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    let part = bits::part_of_base(p, context.base(), context.position(), size_bits);
    context.advance(size_bits);
    part
}

/// See the table of entry points.
///
/// # Safety
/// As for [`beamrc_bs_get_integer`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_bs_get_tail(p: *mut Process, context: Term) -> Term {
    let context = Context::of(context);
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    bits::part_of_base(p, context.base(), context.position(), context.left())
}

/// The next code point of a context; the position moves behind it if there is one.
fn next_point(context: Term, decode: impl Fn(&[u8]) -> Decoded) -> Option<u32> {
    let context = Context::of(context);
    let rest = context.rest();
    let decoded = match rest.as_bytes() {
        Some(bytes) => decode(bytes),
        None => {
            // At most four bytes make a code point.
            let size_bits = rest.size_bits.min(32) & !7;
            let field = rest.load(0, size_bits) << (32 - size_bits);
            decode(&(field as u32).to_be_bytes()[..size_bits / 8])
        }
    };
    match decoded {
        Decoded::Point(point, size_bytes) => {
            context.advance(8 * size_bytes);
            Some(point)
        }
        _ => None,
    }
}
fn point_term(point: Option<u32>) -> Term {
    point.map_or(Term::NONVALUE, |point| Term::small(point as i64))
}

/// See the table of entry points.
///
/// # Safety
/// As for [`beamrc_bs_get_integer`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_bs_get_utf8(_p: *mut Process, context: Term) -> Term {
    point_term(next_point(context, utf::decode_utf8))
}
/// See the table of entry points.
///
/// # Safety
/// As for [`beamrc_bs_get_integer`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_bs_get_utf16(_p: *mut Process, context: Term, flags: u64) -> Term {
    point_term(next_point(context, |b| utf::decode_utf16(b, flags)))
}
/// See the table of entry points.
///
/// # Safety
/// As for [`beamrc_bs_get_integer`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_bs_get_utf32(_p: *mut Process, context: Term, flags: u64) -> Term {
    point_term(next_point(context, |b| utf::decode_utf32(b, flags)))
}
/// See the table of entry points.
///
/// # Safety
/// As for [`beamrc_bs_get_integer`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_bs_skip_utf8(_p: *mut Process, context: Term) -> u64 {
    next_point(context, utf::decode_utf8).is_some() as u64
}
/// See the table of entry points.
///
/// # Safety
/// As for [`beamrc_bs_get_integer`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_bs_skip_utf16(_p: *mut Process, context: Term, flags: u64) -> u64 {
    next_point(context, |b| utf::decode_utf16(b, flags)).is_some() as u64
}
/// See the table of entry points.
///
/// # Safety
/// As for [`beamrc_bs_get_integer`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_bs_skip_utf32(_p: *mut Process, context: Term, flags: u64) -> u64 {
    next_point(context, |b| utf::decode_utf32(b, flags)).is_some() as u64
}

/// See the table of entry points.
///
/// # Safety
/// As for [`beamrc_bs_get_integer`]; `bytes` is the address of that many bits.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_bs_match_string(
    _p: *mut Process,
    context: Term,
    size_bits: u64,
    bytes: *const u8,
) -> u64 {
    let context = Context::of(context);
    let size_bits = size_bits as usize;
    if size_bits > context.left() {
        return 0;
    }
    // SAFETY: the caller's contract; the bits lie within the context (I5).
    let order = unsafe { copy::compare(context.data(), context.position(), bytes, 0, size_bits) };
    if order.is_ne() {
        return 0;
    }
    context.advance(size_bits);
    1
}

/// The code point of a small; what is none counts as the largest, and building it fails.
fn point_or_largest(term: Term) -> u32 {
    match term.as_small() {
        Some(point @ 0..=0x10_ffff) => point as u32,
        _ => 0x10_ffff,
    }
}

/// See the table of entry points. Never fails, as in OTP: building the segment does.
///
/// # Safety
/// As for [`beamrc_bs_start`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_bs_utf8_size(_p: *mut Process, point: Term) -> Term {
    Term::small(utf::utf8_size(point_or_largest(point)) as i64)
}
/// See the table of entry points. Never fails, as in OTP: building the segment does.
///
/// # Safety
/// As for [`beamrc_bs_start`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_bs_utf16_size(_p: *mut Process, point: Term) -> Term {
    Term::small(utf::utf16_size(point_or_largest(point)) as i64)
}

/// See the table of entry points.
///
/// # Safety
/// As for [`beamrc_bs_start`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_bs_size(_p: *mut Process, term: Term) -> i64 {
    if term.is_kind(Kind::Match) {
        return Context::of(term).left() as i64;
    }
    size_of(term).map_or(-1, |bits| bits as i64)
}

/// Bits of a field of this size: -1 for what is no size, or more than any bit string has.
///
/// # Safety
/// `size` is a term (I5).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_bs_field_size(_p: *mut Process, size: Term, unit: u64) -> i64 {
    const MAX_BITS: u64 = 1 << 60;
    let bits = size
        .as_small()
        .and_then(|size| u64::try_from(size).ok())
        .and_then(|size| size.checked_mul(unit));
    match bits {
        Some(bits) if bits <= MAX_BITS => bits as i64,
        _ => -1,
    }
}
