//! Construction of bit strings from a plan (`bs_create_bin` and the older instructions).
//!
//! First the sizes of all segments are added up, then the bit string is made, then the segments are
//! written in order: as OTP does it, so that of several bad segments the same one is reported.
//! Compiled code builds plans of small integers, constants and characters itself, but for errors and
//! where there is no room.

use crate::heap::bits::{self, Unfilled};
use crate::process::Process;
use crate::process::exception::{Exception, Origin, error};
use crate::term::bits::{Bits, copy, float, integer, size_of, utf};
use crate::term::{Kind, Term, View, build};
use beamrc_abi::atom::id;
use beamrc_abi::entry::{BitsPlan, SIZE_ALL, SIZE_IN_X, Segment, SegmentKind};

/// Bits copied that cost one reduction.
const BITS_PER_REDUCTION: usize = 8 * 1024;

/// Why a segment cannot be built: what `error_info` names, and the offending term.
struct Bad {
    reason: u32,
    info: u32,
    value: Term,
}

fn bad(info: u32, value: Term) -> Bad {
    Bad { reason: id::BADARG, info, value }
}
fn too_large(value: Term) -> Bad {
    Bad { reason: id::SYSTEM_LIMIT, info: id::SIZE, value }
}

/// See the table of entry points.
///
/// # Safety
/// `p` is the running process (I3), `plan` the address of a plan (I4), the values and sizes it
/// asks for stand in `x` (I5).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_bs_create(p: *mut Process, plan: u64, _hint: u64) -> u64 {
    // SAFETY: the caller's contract.
    let (p, segments, values) = unsafe { inputs(p, plan) };
    construct(p, segments, values, None).0
}

/// See the table of entry points.
///
/// # Safety
/// As for [`beamrc_bs_create`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_bs_append_plan(p: *mut Process, plan: u64, _hint: u64) -> u64 {
    // SAFETY: the caller's contract.
    let (p, segments, values) = unsafe { inputs(p, plan) };
    // SAFETY: a plan's first segment has a value.
    let target = unsafe { *values };
    construct(p, segments, values, Some(target)).0
}

/// # Safety
/// As for [`beamrc_bs_create`].
unsafe fn inputs<'a>(p: *mut Process, plan: u64) -> (&'a mut Process, &'a [Segment], *const Term) {
    // SAFETY: the caller's contract: the segments follow the plan's head.
    unsafe {
        let plan = plan as *const BitsPlan;
        let segments = core::slice::from_raw_parts(plan.add(1).cast(), (*plan).count as usize);
        let values = (*p).head.x as *const Term;
        (&mut *p, segments, values)
    }
}

/// The values and sizes of a plan, in order.
struct Values(*const Term);
impl Values {
    fn next(&mut self) -> Term {
        // SAFETY: the plan states which values stand in x (contract of the entry points).
        unsafe {
            let value = *self.0;
            self.0 = self.0.add(1);
            value
        }
    }
    /// The value of a segment and, if it is taken from x, its size.
    #[inline]
    fn of(&mut self, segment: &Segment) -> (Term, Term) {
        if segment.kind == SegmentKind::String {
            return (Term::NIL, Term::NIL);
        }
        let value = self.next();
        let size = if segment.size == SIZE_IN_X { self.next() } else { Term::NIL };
        (value, size)
    }
}

/// Builds the plan's bit string, behind `target` if the first segment is appended to.
fn construct(
    p: &mut Process,
    segments: &[Segment],
    values: *const Term,
    target: Option<Term>,
) -> Term {
    let first = target.is_some() as usize;
    // SAFETY: the value of an appended segment is the first (contract of the entry points).
    let values = unsafe { values.add(first) };
    // All sizes or'ed together: whether any segment ends within a byte.
    let (mut total, mut ends) = (0usize, 0usize);
    // Some compilers take `<<A/binary, A/binary>>` for the last use of `A`: its size must not change
    // before it is read again.
    let mut is_read_again = false;
    let mut inputs = Values(values);
    for segment in &segments[first..] {
        let (value, size) = inputs.of(segment);
        is_read_again |= target == Some(value);
        match size_bits(segment, value, size) {
            Ok(bits) => match total.checked_add(bits) {
                Some(sum) => (total, ends) = (sum, ends | bits),
                None => return fail(p, segment, too_large(size)),
            },
            Err(bad) => return fail(p, segment, bad),
        }
    }
    let zeroed = !ends.is_multiple_of(8);
    let new = match target {
        None => bits::unfilled(p, total, zeroed),
        Some(target) => match append(p, &segments[0], target, total, zeroed, is_read_again) {
            Ok(new) => new,
            Err(bad) => return fail(p, &segments[0], bad),
        },
    };
    let Some(Unfilled { term, data, at }) = new else {
        let size = build::unsigned(p, total as u64);
        return fail(p, &segments[0], too_large(size));
    };
    let mut to = Target { data, at };
    let mut inputs = Values(values);
    for segment in &segments[first..] {
        let (value, size) = inputs.of(segment);
        if let Err(bad) = to.put(segment, value, size) {
            return fail(p, segment, bad);
        }
    }
    if total >= BITS_PER_REDUCTION {
        p.charge(total / BITS_PER_REDUCTION);
    }
    term
}

fn append(
    p: &mut Process,
    segment: &Segment,
    target: Term,
    extra_bits: usize,
    zeroed: bool,
    is_read_again: bool,
) -> Result<Option<Unfilled>, Bad> {
    let private = segment.kind == SegmentKind::PrivateAppend;
    let Some(old) = size_of(target) else {
        return Err(bad(id::TYPE, target));
    };
    if !private && segment.unit > 1 && old % segment.unit as usize != 0 {
        return Err(bad(id::UNIT, target));
    }
    let new = bits::append(p, target, extra_bits, zeroed, private && !is_read_again);
    // Where the bits stand elsewhere now they were copied, which costs less than building them did.
    let is_moved = |new: &Unfilled| Bits::of(target).is_some_and(|bits| bits.data != new.data);
    if old >= 4 * BITS_PER_REDUCTION && new.as_ref().is_some_and(is_moved) {
        p.charge(old / (4 * BITS_PER_REDUCTION));
    }
    Ok(new)
}

/// Bits that a segment takes. Types are checked here only where the size depends on the value.
#[inline]
fn size_bits(segment: &Segment, value: Term, size: Term) -> Result<usize, Bad> {
    match segment.kind {
        SegmentKind::Integer | SegmentKind::Float => sized(segment, size),
        SegmentKind::Binary | SegmentKind::Append | SegmentKind::PrivateAppend => {
            if segment.size == SIZE_ALL {
                size_of(value).ok_or(bad(id::TYPE, value))
            } else {
                sized(segment, size)
            }
        }
        SegmentKind::String => Ok(8 * segment.size as usize),
        SegmentKind::Utf8 => Ok(8 * utf::utf8_size(code_point(value)?)),
        SegmentKind::Utf16 => {
            let large = value.as_small().is_some_and(|point| point >= 0x1_0000);
            Ok(if large { 32 } else { 16 })
        }
        SegmentKind::Utf32 => code_point(value).map(|_| 32),
    }
}

#[inline]
fn sized(segment: &Segment, size: Term) -> Result<usize, Bad> {
    let units = if segment.size == SIZE_IN_X {
        match size.as_small() {
            Some(units @ 0..) => units as usize,
            None if size.is_kind(Kind::BigPos) => return Err(too_large(size)),
            _ => return Err(bad(id::SIZE, size)),
        }
    } else {
        segment.size as usize
    };
    match units.checked_mul(segment.unit as usize) {
        Some(bits) if bits <= i64::MAX as usize => Ok(bits),
        _ if segment.size == SIZE_IN_X => Err(too_large(size)),
        _ => Err(too_large(Term::small(units.min(1 << 59) as i64))),
    }
}

#[inline]
fn code_point(value: Term) -> Result<u32, Bad> {
    match value.as_small() {
        Some(point) if utf::is_code_point(point) => Ok(point as u32),
        _ => Err(bad(id::TYPE, value)),
    }
}

/// Where the next segment is written.
struct Target {
    data: *mut u8,
    at: usize,
}

impl Target {
    /// Writes a segment whose size was found good.
    #[inline]
    fn put(&mut self, segment: &Segment, value: Term, size: Term) -> Result<(), Bad> {
        let flags = segment.flags as u64;
        match segment.kind {
            SegmentKind::Integer => {
                let bits = sized(segment, size)?;
                // SAFETY: `construct` made room for the sum of all sizes, zeroed if any byte is
                // written in parts.
                if unsafe { integer::put(self.data, self.at, bits, value, flags) } {
                    self.at += bits;
                    Ok(())
                } else {
                    Err(bad(id::TYPE, value))
                }
            }
            SegmentKind::Float => self.put_float(sized(segment, size)?, value, flags),
            SegmentKind::Binary | SegmentKind::Append | SegmentKind::PrivateAppend => {
                self.put_bits(segment, value, size)
            }
            SegmentKind::String => {
                let size_bytes = segment.size as usize;
                // SAFETY: as above; the plan names that many static bytes (I4).
                unsafe {
                    let bytes = segment.string as *const u8;
                    copy::copy(bytes, 0, self.data, self.at, 8 * size_bytes);
                }
                self.at += 8 * size_bytes;
                Ok(())
            }
            SegmentKind::Utf8 => {
                let point = code_point(value)?;
                self.store(8 * utf::utf8_size(point), utf::utf8_field(point) as u64)
            }
            SegmentKind::Utf16 => {
                let point = code_point(value)?;
                self.store(8 * utf::utf16_size(point), utf::utf16_field(point, flags) as u64)
            }
            SegmentKind::Utf32 => {
                let point = code_point(value)?;
                let little = flags & integer::LITTLE != 0;
                self.store(32, if little { point.swap_bytes() } else { point } as u64)
            }
        }
    }

    fn store(&mut self, bits: usize, field: u64) -> Result<(), Bad> {
        // SAFETY: as in `put`.
        unsafe { copy::store(self.data, self.at, bits, field) };
        self.at += bits;
        Ok(())
    }

    fn put_bits(&mut self, segment: &Segment, value: Term, size: Term) -> Result<(), Bad> {
        let Some(bits) = Bits::of(value) else {
            return Err(bad(id::TYPE, value));
        };
        let wanted = if segment.size == SIZE_ALL {
            if segment.unit > 1 && bits.size_bits % segment.unit as usize != 0 {
                return Err(bad(id::UNIT, value));
            }
            bits.size_bits
        } else {
            sized(segment, size)?
        };
        if wanted > bits.size_bits {
            return Err(bad(id::SHORT, value));
        }
        // SAFETY: as in `put`; the new bits overlap no older value's.
        unsafe { bits.part(0, wanted).copy_to(self.data, self.at) };
        self.at += wanted;
        Ok(())
    }

    fn put_float(&mut self, bits: usize, value: Term, flags: u64) -> Result<(), Bad> {
        if !matches!(bits, 16 | 32 | 64) {
            return Err(bad(id::INVALID, Term::small(bits.min(1 << 59) as i64)));
        }
        let number = match value.view() {
            View::Float(number) => number,
            View::Small(number) => number as f64,
            View::Big { negative, words } => {
                integer::to_double(negative, words).ok_or(bad(id::NO_FLOAT, value))?
            }
            _ => return Err(bad(id::TYPE, value)),
        };
        let field = float::to_field(number, bits).expect("a size of floats");
        let little = flags & integer::LITTLE != 0;
        let swapped = field.swap_bytes() >> (64 - bits);
        self.store(bits, if little { swapped } else { field })
    }
}

/// Notes the error of a segment that cannot be built, as `erl_erts_errors:format_bs_fail/2` reads
/// it.
#[cold]
fn fail(p: &mut Process, segment: &Segment, bad: Bad) -> Term {
    let operation = match segment.kind {
        SegmentKind::Binary | SegmentKind::Append | SegmentKind::PrivateAppend => id::BINARY,
        SegmentKind::Float => id::FLOAT,
        SegmentKind::Integer => id::INTEGER,
        SegmentKind::String => id::STRING,
        SegmentKind::Utf8 => id::UTF8,
        SegmentKind::Utf16 => id::UTF16,
        SegmentKind::Utf32 => id::UTF32,
    };
    let cause =
        [Term::small(segment.index as i64), Term::atom(operation), Term::atom(bad.info), bad.value];
    let cause = build::tuple(p, &cause);
    let keys = [id::CAUSE, id::FUNCTION, id::MODULE].map(Term::atom);
    let keys = build::tuple(p, &keys);
    let function = Term::atom(id::FORMAT_BS_FAIL);
    let module = Term::atom(id::ERL_ERTS_ERRORS);
    let info = build::object(p, Kind::FlatMap, 0, &[keys.0, cause.0, function.0, module.0]);
    p.exception.note(Exception {
        origin: Origin::CallerWith { arguments: Term::NONVALUE, info },
        ..error(Term::atom(bad.reason))
    });
    Term::NONVALUE
}
