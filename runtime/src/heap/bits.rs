//! New bit strings: on the heap up to `HEAP_BITS_MAX_BYTES`, larger ones off heap; parts of others;
//! and appending.
//!
//! An append grows the off-heap binary in place if nothing else was appended at the same place
//! (see [`Binary::claim`]), so a loop that appends copies each byte a constant number of times,
//! and older values keep their bits. Only the sole owner appends in place to a binary whose last
//! byte is not full. One reference makes a process the sole owner only if the object that holds it
//! is no literal: every process reads those (persistent terms) without taking a reference.

use super::binary::{self, Binary};
use crate::term::bits::{self, Bits};
use crate::term::{Alloc, Kind, Term, header_extra, header_size};
use beamrc_abi::term::{
    HEAP_BITS_MAX_BYTES, LITERAL_END, PRIVATE_BITS, SHARED_BITS_MIN, header, layout,
};
use core::ptr::NonNull;

const HEAP_BITS_MAX: usize = 8 * HEAP_BITS_MAX_BYTES;
/// More bits than any bit string has: so positions in one never overflow.
const MAX_BITS: usize = 1 << 60;
/// Smallest capacity of a binary that is appended to.
const APPEND_MIN_BYTES: usize = 256;

/// A bit string under construction: its bits are to be written from bit `at` of `data` on before
/// anything else happens to the term.
pub struct Unfilled {
    pub term: Term,
    pub data: *mut u8,
    pub at: usize,
}

/// A bit string of this size. Its bytes are to be written wholly and in order, or are zero if
/// `zeroed`. `None` if the system has no memory for it.
pub fn unfilled(
    heap: &mut (impl Alloc + ?Sized),
    size_bits: usize,
    zeroed: bool,
) -> Option<Unfilled> {
    if size_bits <= HEAP_BITS_MAX {
        return Some(on_heap(heap, size_bits, size_bits.div_ceil(64), 0));
    }
    let size_bytes = size_bits.div_ceil(8);
    let binary = Binary::try_alloc(size_bytes, size_bytes)?;
    let data = Binary::data_mut(binary);
    // SAFETY: the binary was just made with room for `size_bytes`, and is ours alone.
    unsafe {
        if zeroed || !size_bits.is_multiple_of(8) {
            data.write_bytes(0, size_bytes);
        }
        Binary::set_size_bits(binary, size_bits);
    }
    let base = binary::bin_ref(heap, binary);
    Some(Unfilled { term: sub_bits(heap, base, 0, size_bits), data, at: 0 })
}

/// A zeroed `HeapBits` with this many words for its bits.
fn on_heap(
    heap: &mut (impl Alloc + ?Sized),
    size_bits: usize,
    data_words: usize,
    extra: u64,
) -> Unfilled {
    let object = heap.alloc(2 + data_words);
    // SAFETY: I2: fresh words; the data is zero until filled.
    let data = unsafe {
        *object = header(Kind::HeapBits, 1 + data_words as u64, extra);
        *object.add(1 + layout::HEAP_BITS_SIZE) = size_bits as u64;
        let data = object.add(1 + layout::HEAP_BITS_DATA);
        data.write_bytes(0, data_words);
        data.cast()
    };
    Unfilled { term: Term::from_boxed(object), data, at: 0 }
}

fn sub_bits(
    heap: &mut (impl Alloc + ?Sized),
    base: Term,
    offset_bits: usize,
    size_bits: usize,
) -> Term {
    let object = heap.alloc(4);
    // SAFETY: I2: four fresh words, filled here.
    unsafe {
        *object = header(Kind::SubBits, 3, 0);
        *object.add(1 + layout::SUB_BITS_SIZE) = size_bits as u64;
        *object.add(1 + layout::SUB_BITS_OFFSET) = offset_bits as u64;
        *object.add(1 + layout::SUB_BITS_BASE) = base.0;
    }
    Term::from_boxed(object)
}

/// A binary of these bytes; the program ends if the system has no memory for it.
pub fn from_bytes(heap: &mut (impl Alloc + ?Sized), bytes: &[u8]) -> Term {
    from_bits(heap, Bits::from_slice(bytes))
}

/// A copy of these bits; the program ends if the system has no memory for it.
pub fn from_bits(heap: &mut (impl Alloc + ?Sized), source: Bits) -> Term {
    let Some(new) = unfilled(heap, source.size_bits, false) else {
        super::out_of_memory_of(heap, "binary", source.size_bytes());
    };
    // SAFETY: the new object is as large as the source and zero where a byte is shared.
    unsafe { source.copy_to(new.data, new.at) };
    new.term
}

/// `size_bits` bits from bit `offset_bits` on of the object behind a bit string. Shares it unless
/// the part is small enough to copy.
pub fn part_of_base(
    heap: &mut (impl Alloc + ?Sized),
    base: Term,
    offset_bits: usize,
    size_bits: usize,
) -> Term {
    let copied = if base.is_kind(Kind::BinRef) {
        size_bits <= HEAP_BITS_MAX
    } else {
        size_bits < SHARED_BITS_MIN
    };
    if !copied {
        return sub_bits(heap, base, offset_bits, size_bits);
    }
    // SAFETY: I5, I4: the bits lie behind the head of an object.
    unsafe { small_copy(heap, bits::data_of(base), offset_bits, size_bits) }
}

/// A copy, on the heap, of the bits at `offset_bits` of `data`.
///
/// # Safety
/// There are such bits, and the eight bytes before `data` are readable.
#[inline]
unsafe fn small_copy(
    heap: &mut (impl Alloc + ?Sized),
    data: *const u8,
    offset_bits: usize,
    size_bits: usize,
) -> Term {
    let words = size_bits.div_ceil(64);
    let object = heap.alloc(2 + words);
    // SAFETY: I2: as many fresh words, filled here. Words are read where all their bits are; the
    // last as the bytes that end with its last bit.
    unsafe {
        *object = header(Kind::HeapBits, 1 + words as u64, 0);
        *object.add(1 + layout::HEAP_BITS_SIZE) = size_bits as u64;
        let to = object.add(1 + layout::HEAP_BITS_DATA);
        let (from, skip) = (data.add(offset_bits / 8), offset_bits % 8);
        for i in 0..size_bits / 64 {
            let word = from.add(8 * i).cast::<u64>().read_unaligned();
            *to.add(i) = match skip {
                0 => word,
                _ => (word.to_be() << skip | *from.add(8 * i + 8) as u64 >> (8 - skip)).to_be(),
            };
        }
        let rest = size_bits % 64;
        if rest > 0 {
            let end = offset_bits + size_bits;
            let unused = end.wrapping_neg() % 8;
            let bits = if rest + unused <= 64 {
                let last = data.add(end.div_ceil(8)).sub(8).cast::<u64>();
                last.read_unaligned().to_be() >> unused
            } else {
                bits::copy::load(data, end - rest, rest)
            };
            *to.add(words - 1) = (bits << (64 - rest)).to_be();
        }
    }
    Term::from_boxed(object)
}

/// `size_bits` bits from bit `at` on of a bit string; they must lie within.
pub fn part(heap: &mut (impl Alloc + ?Sized), whole: Term, at: usize, size_bits: usize) -> Term {
    let (base, offset_bits) = bits::base_of(whole).expect("a bit string");
    debug_assert!(bits::size_of(whole).is_some_and(|size| at + size_bits <= size));
    if at == 0 && bits::size_of(whole) == Some(size_bits) {
        return whole;
    }
    part_of_base(heap, base, offset_bits + at, size_bits)
}

/// Bytes of the off-heap binary behind a bit string, or its own whole ones if there is none.
pub fn referenced_bytes(term: Term) -> Option<usize> {
    let (base, _) = bits::base_of(term)?;
    Some(if base.is_kind(Kind::BinRef) {
        // SAFETY: I5: the reference keeps the binary alive.
        unsafe { Binary::size(binary::binary_of(base)) }
    } else {
        base.words()[layout::HEAP_BITS_SIZE] as usize / 8
    })
}

/// A bit string like `value` (which must be one) with `extra_bits` more at its end, to be written
/// from `at` on. The new bytes are to be written wholly and in order, or are zero if `zeroed` or if
/// the old bits end within a byte. `private` promises that `value` itself is not used again. `None`
/// if the system has no memory for it.
pub fn append(
    heap: &mut (impl Alloc + ?Sized),
    value: Term,
    extra_bits: usize,
    zeroed: bool,
    private: bool,
) -> Option<Unfilled> {
    let old = Bits::of(value).expect("a bit string");
    let size_bits = old.size_bits.checked_add(extra_bits)?;
    if size_bits > MAX_BITS {
        return None;
    }
    if extra_bits == 0 {
        return Some(Unfilled {
            term: value,
            data: old.data.cast_mut(),
            at: old.offset_bits + old.size_bits,
        });
    }
    if size_bits <= HEAP_BITS_MAX {
        return Some(append_on_heap(heap, value, old, size_bits, private));
    }
    let (base, offset_bits) = bits::base_of(value).expect("a bit string");
    if base.is_kind(Kind::BinRef)
        && let Some(data) = claim(heap, base, offset_bits + old.size_bits, extra_bits)
    {
        let at = offset_bits + old.size_bits;
        if zeroed || !at.is_multiple_of(8) {
            // SAFETY: the bytes that were just claimed.
            unsafe { zero_whole_bytes(data, at, extra_bits) };
        }
        let term = if private {
            // SAFETY: only the caller has this SubBits, which is no literal (its base is off
            // heap), and it forgets its old size.
            unsafe { *value.address().add(1 + layout::SUB_BITS_SIZE) = size_bits as u64 };
            value
        } else {
            sub_bits(heap, base, offset_bits, size_bits)
        };
        return Some(Unfilled { term, data, at });
    }
    let size_bytes = size_bits.div_ceil(8);
    let capacity = size_bytes.checked_mul(2)?.max(APPEND_MIN_BYTES);
    let binary = Binary::try_alloc(size_bytes, capacity)
        .or_else(|| Binary::try_alloc(size_bytes, size_bytes))?;
    let data = Binary::data_mut(binary);
    // SAFETY: the binary is new and large enough.
    unsafe {
        *data.add(old.size_bits / 8) = 0;
        if zeroed || !old.size_bits.is_multiple_of(8) {
            zero_whole_bytes(data, old.size_bits, extra_bits);
        }
        old.copy_to(data, 0);
        Binary::set_size_bits(binary, size_bits);
    }
    let base = binary::bin_ref(heap, binary);
    Some(Unfilled { term: sub_bits(heap, base, 0, size_bits), data, at: old.size_bits })
}

/// Zeroes the bytes that hold only bits of the run of `count` bits at `at`, and those after it.
///
/// # Safety
/// The bytes up to the end of the run are the caller's alone.
unsafe fn zero_whole_bytes(data: *mut u8, at: usize, count: usize) {
    let (first, end) = (at.div_ceil(8), (at + count).div_ceil(8));
    // SAFETY: the caller owns these bytes.
    unsafe { data.add(first).write_bytes(0, end - first) };
}

fn append_on_heap(
    heap: &mut (impl Alloc + ?Sized),
    value: Term,
    old: Bits,
    size_bits: usize,
    private: bool,
) -> Unfilled {
    if !private {
        let new = on_heap(heap, size_bits, size_bits.div_ceil(64), 0);
        // SAFETY: the new object is zero and at least as large.
        unsafe { old.copy_to(new.data, 0) };
        return Unfilled { at: old.size_bits, ..new };
    }
    let header = value.header().expect("a bit string");
    if value.is_kind(Kind::HeapBits)
        && header_extra(header) as u64 == PRIVATE_BITS
        && value.0 >= LITERAL_END
    {
        debug_assert!(header_size(header) == 1 + HEAP_BITS_MAX / 64);
        let object = value.address();
        // SAFETY: a private object has room for the largest heap bit string, only the caller has
        // it, and the bits behind its old size are zero.
        let data = unsafe {
            *object.add(1 + layout::HEAP_BITS_SIZE) = size_bits as u64;
            object.add(1 + layout::HEAP_BITS_DATA).cast()
        };
        return Unfilled { term: value, data, at: old.size_bits };
    }
    let new = on_heap(heap, size_bits, HEAP_BITS_MAX / 64, PRIVATE_BITS);
    // SAFETY: the new object is zero and as large as can be.
    unsafe { old.copy_to(new.data, 0) };
    Unfilled { at: old.size_bits, ..new }
}

/// Makes `extra_bits` bits behind bit `end` of a `BinRef`'s binary the caller's own, if nobody has
/// appended there; the address of the binary's bytes.
fn claim(
    heap: &mut (impl Alloc + ?Sized),
    bin_ref: Term,
    end: usize,
    extra_bits: usize,
) -> Option<*mut u8> {
    let mut binary = binary::binary_of(bin_ref);
    let new_end = end + extra_bits;
    // SAFETY: I5: the reference keeps the binary alive; what asks for sole ownership is reached
    // with one reference only, which is this object's, and only this process sees the object.
    unsafe {
        if Binary::references(binary) > 1 || bin_ref.is_literal() {
            if !end.is_multiple_of(8) || !Binary::claim(binary, end, new_end) {
                return None;
            }
        } else {
            // Nobody can take another reference meanwhile, so no atomic exchange is needed.
            if Binary::size_bits(binary) != end {
                return None;
            }
            let (old_capacity, to) = (Binary::capacity(binary), new_end.div_ceil(8));
            if to > old_capacity {
                binary = Binary::grow(binary, to.checked_mul(2)?.max(APPEND_MIN_BYTES))?;
                *bin_ref.address().add(1 + layout::BIN_REF_BINARY) = binary.as_ptr() as u64;
                heap.charge_off_heap((Binary::capacity(binary) - old_capacity) / 8);
            }
            Binary::set_size_bits(binary, new_end);
        }
    }
    Some(Binary::data_mut(binary))
}

/// A bit string of known size, filled from its start.
pub struct Filling {
    new: Unfilled,
    end: usize,
}

impl Filling {
    /// `None` if the system has no memory for it.
    pub fn new(
        heap: &mut (impl Alloc + ?Sized),
        size_bits: usize,
        aligned: bool,
    ) -> Option<Filling> {
        let new = unfilled(heap, size_bits, !aligned)?;
        let end = new.at + size_bits;
        Some(Filling { new, end })
    }
    #[inline]
    pub fn byte(&mut self, byte: u8) {
        let at = self.new.at;
        assert!(at + 8 <= self.end, "as large as stated");
        // SAFETY: checked to be within what was made.
        unsafe {
            if at.is_multiple_of(8) {
                *self.new.data.add(at / 8) = byte;
            } else {
                bits::copy::store(self.new.data, at, 8, byte as u64);
            }
        }
        self.new.at = at + 8;
    }
    /// Not in line, so that bytes are.
    #[inline(never)]
    pub fn bits(&mut self, bits: &Bits) {
        let at = self.new.at;
        assert!(bits.size_bits <= self.end - at, "as large as stated");
        // SAFETY: checked to be within what was made.
        unsafe { bits.copy_to(self.new.data, at) };
        self.new.at = at + bits.size_bits;
    }
    pub fn finish(self) -> Term {
        assert_eq!(self.new.at, self.end, "as large as stated");
        self.new.term
    }
}

/// Bytes that become a binary when all are there, without a copy if they are many.
pub struct Buffer {
    inline: [u8; HEAP_BITS_MAX_BYTES],
    size: usize,
    /// Holds all bytes once there are more than fit above.
    binary: Option<NonNull<Binary>>,
}

impl Buffer {
    /// With room for this many bytes.
    pub fn with_capacity(bytes: usize) -> Buffer {
        let binary = (bytes > HEAP_BITS_MAX_BYTES).then(|| Binary::try_alloc(0, bytes)).flatten();
        Buffer { inline: [0; HEAP_BITS_MAX_BYTES], size: 0, binary }
    }
    pub fn len(&self) -> usize {
        self.size
    }
    pub fn is_empty(&self) -> bool {
        self.size == 0
    }

    fn start(&mut self) -> *mut u8 {
        match self.binary {
            Some(binary) => Binary::data_mut(binary),
            None => self.inline.as_mut_ptr(),
        }
    }
    /// Room for `more` bytes behind the last.
    #[inline]
    fn reserve(&mut self, more: usize) -> *mut u8 {
        let capacity = match self.binary {
            // SAFETY: the buffer's own binary.
            Some(binary) => unsafe { Binary::capacity(binary) },
            None => HEAP_BITS_MAX_BYTES,
        };
        if capacity - self.size < more {
            self.grow(more);
        }
        self.start().wrapping_add(self.size)
    }
    #[cold]
    fn grow(&mut self, more: usize) {
        let wanted = self.size.saturating_add(more);
        let capacity = wanted.saturating_mul(2).max(APPEND_MIN_BYTES);
        let grown = match self.binary {
            // SAFETY: the buffer's own binary, which nobody else knows.
            Some(binary) => unsafe { Binary::grow(binary, capacity) },
            None => Binary::try_alloc(0, capacity).inspect(|binary| {
                // SAFETY: the new binary has room for what was in line.
                unsafe {
                    Binary::data_mut(*binary)
                        .copy_from_nonoverlapping(self.inline.as_ptr(), self.size)
                }
            }),
        };
        self.binary = Some(grown.unwrap_or_else(|| super::out_of_memory("binary", capacity)));
    }

    #[inline]
    pub fn push(&mut self, byte: u8) {
        // SAFETY: room for one byte.
        unsafe { *self.reserve(1) = byte };
        self.size += 1;
    }
    #[inline]
    pub fn extend(&mut self, bytes: &[u8]) {
        // SAFETY: room for the bytes, which are not in this buffer.
        unsafe { self.reserve(bytes.len()).copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
        self.size += bytes.len();
    }
    /// Appends the bits, the last byte filled up with zeros.
    pub fn extend_bits(&mut self, bits: &Bits) {
        let bytes = bits.size_bits.div_ceil(8);
        let to = self.reserve(bytes);
        // SAFETY: room for the bytes; the last is zero where no bit is copied to.
        unsafe {
            if !bits.size_bits.is_multiple_of(8) {
                *to.add(bytes - 1) = 0;
            }
            bits.copy_to(to, 0);
        }
        self.size += bytes;
    }
    /// Appends the code point's UTF-8.
    #[inline]
    pub fn push_utf8(&mut self, point: u32) {
        let size = bits::utf::utf8_size(point);
        let field = bits::utf::utf8_field(point) << (32 - 8 * size);
        self.extend(&field.to_be_bytes()[..size]);
    }
    /// Writes over bytes that are there.
    pub fn patch(&mut self, at: usize, bytes: &[u8]) {
        assert!(at + bytes.len() <= self.size);
        // SAFETY: checked to be within what is there.
        unsafe { self.start().add(at).copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) }
    }
    pub fn bytes(&self) -> &[u8] {
        match self.binary {
            // SAFETY: `size` bytes of it are written.
            Some(binary) => unsafe {
                core::slice::from_raw_parts(Binary::data_mut(binary), self.size)
            },
            None => &self.inline[..self.size],
        }
    }

    /// The bytes as a binary.
    pub fn finish(self, heap: &mut (impl Alloc + ?Sized)) -> Term {
        let bits = 8 * self.size;
        self.finish_bits(heap, bits)
    }
    /// The first `size_bits` bits; the last byte must be the one that holds the last of them.
    pub fn finish_bits(mut self, heap: &mut (impl Alloc + ?Sized), size_bits: usize) -> Term {
        assert_eq!(size_bits.div_ceil(8), self.size);
        match self.binary.take() {
            Some(binary) if self.size > HEAP_BITS_MAX_BYTES => {
                // SAFETY: the buffer's own binary, `size` bytes of which are written.
                unsafe { Binary::set_size_bits(binary, size_bits) };
                let base = binary::bin_ref(heap, binary);
                sub_bits(heap, base, 0, size_bits)
            }
            binary => {
                self.binary = binary;
                from_bits(heap, Bits::from_slice(self.bytes()).part(0, size_bits))
            }
        }
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        if let Some(binary) = self.binary {
            // SAFETY: the buffer owns this reference.
            unsafe { Binary::decref(binary) };
        }
    }
}

impl std::io::Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.extend(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::Process;
    use crate::term::bits::copy;

    fn filled(new: Option<Unfilled>, bits: Bits) -> Term {
        let new = new.expect("memory");
        // SAFETY: the room asked for is that of the bits.
        unsafe { copy::copy(bits.data, bits.offset_bits, new.data, new.at, bits.size_bits) };
        new.term
    }
    fn noise(length: usize) -> Vec<u8> {
        (0..length as u32).map(|i| (i.wrapping_mul(2654435761) >> 11) as u8).collect()
    }
    fn release(mut p: Box<Process>) {
        // SAFETY: nothing of the process is used again.
        unsafe { p.heap.off_heap.release_all() };
    }

    #[test]
    fn appending_in_a_loop_keeps_every_older_value() {
        for (step, private) in
            [(8, false), (3, false), (8, true), (5, true), (64, false), (1000, false)]
        {
            let p = &mut Process::for_tests();
            let source = noise(4000);
            let source = Bits::from_slice(&source);
            let mut values = vec![from_bytes(&mut **p, b"")];
            let mut at = 0;
            while at + step <= source.size_bits.min(400 * step) {
                let last = *values.last().expect("one");
                let new = append(&mut **p, last, step, !step.is_multiple_of(8), private);
                values.push(filled(new, source.part(at, step)));
                at += step;
                if private {
                    values.remove(0);
                    let value = Bits::of(values[0]).expect("bits");
                    assert!(value.equal(&source.part(0, at)));
                }
            }
            if !private {
                for (i, value) in values.iter().enumerate() {
                    let value = Bits::of(*value).expect("bits");
                    assert!(value.equal(&source.part(0, i * step)), "{step} {i}");
                }
            }
        }
    }

    #[test]
    fn two_appends_to_one_value_do_not_meet() {
        let mut p = Process::for_tests();
        for old_bits in [8, 800, 803] {
            let bytes = noise(200);
            let start = from_bits(&mut *p, Bits::from_slice(&bytes).part(0, old_bits - 8));
            let new = append(&mut *p, start, 8, true, false);
            let start = filled(new, Bits::from_slice(&bytes).part(old_bits - 8, 8));
            let new = append(&mut *p, start, 8, true, false);
            let one = filled(new, Bits::from_slice(b"\x01"));
            let new = append(&mut *p, start, 16, true, false);
            let two = filled(new, Bits::from_slice(b"\x02\x03"));
            let (start, one, two) =
                (Bits::of(start).unwrap(), Bits::of(one).unwrap(), Bits::of(two).unwrap());
            assert!(start.equal(&Bits::from_slice(&bytes).part(0, old_bits)));
            assert!(one.part(0, old_bits).equal(&start) && one.load(old_bits, 8) == 1);
            assert!(two.part(0, old_bits).equal(&start) && two.load(old_bits, 16) == 0x203);
        }
        release(p);
    }

    #[test]
    fn appending_is_in_place() {
        let mut p = Process::for_tests();
        let bytes = noise(300);
        let mut value = from_bytes(&mut *p, &bytes);
        let mut moves = 0;
        for i in 0..100_000u32 {
            let before = Bits::of(value).unwrap().data;
            let new = append(&mut *p, value, 8, false, false);
            value = filled(new, Bits::from_slice(&[i as u8]));
            moves += (Bits::of(value).unwrap().data != before) as u32;
        }
        assert!(moves < 20, "{moves}");
        assert_eq!(referenced_bytes(value), Some(100_300));
        release(p);
    }

    #[test]
    fn a_literal_binary_stays_where_it_is() {
        let mut p = Process::for_tests();
        let bytes = noise(800);
        let value = from_bytes(&mut *p, &bytes);
        let literal = crate::heap::copy::copy_to_literal(value).expect("memory");
        release(p);
        let mut p = Process::for_tests();
        let (base, _) = bits::base_of(literal).expect("bits");
        let binary = binary::binary_of(base);
        // SAFETY: the literal keeps it alive.
        assert_eq!(unsafe { Binary::references(binary) }, 1);
        for _ in 0..2 {
            let new = append(&mut *p, literal, 80_000, true, false).expect("memory");
            assert!(binary::binary_of(base) == binary);
            let new = Bits::of(new.term).expect("bits");
            assert!(new.part(0, 6400).equal(&Bits::from_slice(&bytes)));
        }
        release(p);
    }

    #[test]
    fn what_no_bit_string_can_hold_is_not_appended() {
        let mut p = Process::for_tests();
        let whole = from_bytes(&mut *p, &noise(200));
        let end = part(&mut *p, whole, 80, 1520);
        for extra in [usize::MAX - 1520, usize::MAX - 1600, 1 << 60] {
            assert!(append(&mut *p, end, extra, true, false).is_none());
        }
        assert_eq!(referenced_bytes(whole), Some(200));
        release(p);
    }

    #[test]
    fn parts_share_large_binaries() {
        let mut p = Process::for_tests();
        let bytes = noise(3000);
        let whole = from_bytes(&mut *p, &bytes);
        let large = part(&mut *p, whole, 80, 8000);
        let small = part(&mut *p, large, 3, 77);
        assert_eq!(referenced_bytes(large), Some(3000));
        assert_eq!(referenced_bytes(small), Some(9));
        assert_eq!(Bits::of(large).unwrap().as_bytes(), Some(&bytes[10..1010]));
        assert!(Bits::of(small).unwrap().equal(&Bits::from_slice(&bytes).part(83, 77)));
        release(p);
    }

    #[test]
    fn buffers_hold_what_was_put_in() {
        let mut p = Process::for_tests();
        for size in [0, 1, 64, 65, 256, 5000] {
            for capacity in [0, 10, 100] {
                let bytes = noise(size);
                let mut buffer = Buffer::with_capacity(capacity);
                bytes[..size / 2].iter().for_each(|b| buffer.push(*b));
                buffer.extend(&bytes[size / 2..]);
                assert_eq!(buffer.bytes(), bytes);
                let term = buffer.finish(&mut *p);
                assert_eq!(Bits::of(term).unwrap().as_bytes(), Some(&bytes[..]));
            }
        }
        let mut buffer = Buffer::with_capacity(0);
        [0x24, 0xe5, 0x20ac, 0x1_f600].iter().for_each(|c| buffer.push_utf8(*c));
        assert_eq!(buffer.bytes(), "$å€😀".as_bytes());
        release(p);
    }
}
