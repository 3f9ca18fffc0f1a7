//! Loads, stores, copies and comparisons of runs of bits in memory, wherever they start.
//!
//! Positions count bits from an address; bit 0 of a byte is its most significant one, as in bit
//! strings. Nothing here reads or writes a byte that holds none of the bits named, and bits beside
//! those written keep their values.

use core::cmp::Ordering;

/// `count` bits (at most 64) from bit `at`, as the low bits of a word.
///
/// # Safety
/// The bytes that hold these bits are readable.
#[inline]
pub unsafe fn load(from: *const u8, at: usize, count: usize) -> u64 {
    debug_assert!(count <= 64);
    if count == 0 {
        return 0;
    }
    // SAFETY: the caller's contract; each branch touches only bytes that hold some of the bits.
    unsafe {
        let first = from.add(at / 8);
        let skip = at % 8;
        let span = skip + count;
        let word = match span.div_ceil(8) {
            1 => (*first as u64) << 56,
            2 => (first.cast::<u16>().read_unaligned().to_be() as u64) << 48,
            3 => {
                (first.cast::<u16>().read_unaligned().to_be() as u64) << 48
                    | (*first.add(2) as u64) << 40
            }
            4 => (first.cast::<u32>().read_unaligned().to_be() as u64) << 32,
            bytes @ 5..=7 => {
                let high = first.cast::<u32>().read_unaligned().to_be() as u64;
                let low = first.add(bytes - 4).cast::<u32>().read_unaligned().to_be() as u64;
                high << 32 | low << (64 - 8 * bytes)
            }
            8 => first.cast::<u64>().read_unaligned().to_be(),
            _ => {
                let high = first.cast::<u64>().read_unaligned().to_be();
                return (high << skip | *first.add(8) as u64 >> (8 - skip)) >> (64 - count);
            }
        };
        word << skip >> (64 - count)
    }
}

/// Stores the low `count` bits (at most 64) of `value` at bit `at`.
///
/// # Safety
/// The bytes that hold these bits are writable, and initialised unless they are wholly covered.
#[inline]
pub unsafe fn store(to: *mut u8, at: usize, count: usize, value: u64) {
    debug_assert!(count <= 64);
    // SAFETY: the caller's contract; each branch touches only bytes that hold some of the bits.
    unsafe {
        let first = to.add(at / 8);
        if (at | count).is_multiple_of(8) {
            match count {
                0 => {}
                8 => *first = value as u8,
                16 => first.cast::<u16>().write_unaligned((value as u16).to_be()),
                32 => first.cast::<u32>().write_unaligned((value as u32).to_be()),
                64 => first.cast::<u64>().write_unaligned(value.to_be()),
                _ => {
                    let bytes = (value << (64 - count)).to_be_bytes();
                    first.copy_from_nonoverlapping(bytes.as_ptr(), count / 8);
                }
            }
            return;
        }
        let mut byte = first;
        let mut skip = at % 8;
        let mut left = count;
        while left > 0 {
            let take = left.min(8 - skip);
            let bits = (value >> (left - take)) as u8;
            if take == 8 {
                *byte = bits;
            } else {
                let shift = 8 - skip - take;
                let mask = (0xff >> (8 - take)) << shift;
                *byte = *byte & !mask | bits << shift & mask;
            }
            left -= take;
            skip = 0;
            byte = byte.add(1);
        }
    }
}

/// Copies `count` bits.
///
/// # Safety
/// As for [`load`] and [`store`]; the two runs do not overlap.
#[inline]
pub unsafe fn copy(from: *const u8, from_at: usize, to: *mut u8, to_at: usize, count: usize) {
    // SAFETY: the caller's contract.
    unsafe {
        if (from_at | to_at | count).is_multiple_of(8) {
            bytes(from.add(from_at / 8), to.add(to_at / 8), count / 8);
        } else {
            copy_shifted(from, from_at, to, to_at, count);
        }
    }
}

/// Copies bytes, small runs in line.
///
/// # Safety
/// As for `copy_nonoverlapping`.
#[inline]
unsafe fn bytes(from: *const u8, to: *mut u8, count: usize) {
    /// Copies the first and the last bytes of a run.
    ///
    /// # Safety
    /// As for [`copy`]; the run is at least as long as `T`.
    #[inline(always)]
    unsafe fn ends<T>(from: *const u8, to: *mut u8, count: usize) {
        let last = count - size_of::<T>();
        // SAFETY: within the run.
        unsafe {
            let first = from.cast::<T>().read_unaligned();
            let end = from.add(last).cast::<T>().read_unaligned();
            to.cast::<T>().write_unaligned(first);
            to.add(last).cast::<T>().write_unaligned(end);
        }
    }
    // SAFETY: the caller's contract; the ends of a run meet or overlap.
    unsafe {
        match count {
            8..=16 => ends::<u64>(from, to, count),
            4..8 => ends::<u32>(from, to, count),
            2..4 => ends::<u16>(from, to, count),
            1 => *to = *from,
            0 => {}
            17..=32 => ends::<u128>(from, to, count),
            _ => to.copy_from_nonoverlapping(from, count),
        }
    }
}

/// [`copy`] where not everything is whole bytes.
///
/// # Safety
/// As for [`copy`].
unsafe fn copy_shifted(from: *const u8, from_at: usize, to: *mut u8, to_at: usize, count: usize) {
    // SAFETY: the caller's contract.
    unsafe {
        // The bits up to the destination's next byte, whole bytes, then what is left.
        let head = ((8 - to_at % 8) % 8).min(count);
        store(to, to_at, head, load(from, from_at, head));
        let (mut from_at, mut to_at, mut left) = (from_at + head, to_at + head, count - head);
        if from_at.is_multiple_of(8) {
            to.add(to_at / 8).copy_from_nonoverlapping(from.add(from_at / 8), left / 8);
            let whole = left & !7;
            (from_at, to_at, left) = (from_at + whole, to_at + whole, left - whole);
        } else {
            let skip = from_at % 8;
            let mut source = from.add(from_at / 8);
            let mut target = to.add(to_at / 8);
            let words = left / 64;
            for _ in 0..words {
                let high = source.cast::<u64>().read_unaligned().to_be();
                let word = high << skip | *source.add(8) as u64 >> (8 - skip);
                target.cast::<u64>().write_unaligned(word.to_be());
                source = source.add(8);
                target = target.add(8);
            }
            (from_at, to_at, left) = (from_at + 64 * words, to_at + 64 * words, left % 64);
        }
        store(to, to_at, left, load(from, from_at, left));
    }
}

/// Order of two runs of `count` bits.
///
/// # Safety
/// As for [`load`].
pub unsafe fn compare(
    a: *const u8,
    a_at: usize,
    b: *const u8,
    b_at: usize,
    count: usize,
) -> Ordering {
    // SAFETY: the caller's contract.
    unsafe {
        let (mut at, mut left) = (0, count);
        if (a_at | b_at).is_multiple_of(8) {
            let bytes = count / 8;
            let a = core::slice::from_raw_parts(a.add(a_at / 8), bytes);
            let b = core::slice::from_raw_parts(b.add(b_at / 8), bytes);
            match a.cmp(b) {
                Ordering::Equal => (at, left) = (8 * bytes, count % 8),
                order => return order,
            }
        }
        while left > 0 {
            let take = left.min(64);
            let order = load(a, a_at + at, take).cmp(&load(b, b_at + at, take));
            if order != Ordering::Equal {
                return order;
            }
            at += take;
            left -= take;
        }
        Ordering::Equal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bit(bytes: &[u8], at: usize) -> bool {
        bytes[at / 8] >> (7 - at % 8) & 1 == 1
    }
    fn noise(length: usize) -> Vec<u8> {
        let mut state = 0x2545_f491_4f6c_dd1du64;
        (0..length)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                state as u8
            })
            .collect()
    }

    #[test]
    fn load_takes_the_bits_named() {
        let bytes = noise(20);
        for at in 0..24 {
            for count in 0..=64 {
                let want = (0..count).fold(0, |v, i| v << 1 | bit(&bytes, at + i) as u64);
                // SAFETY: 24 + 64 bits lie within 20 bytes.
                assert_eq!(unsafe { load(bytes.as_ptr(), at, count) }, want, "{at} {count}");
            }
        }
    }

    #[test]
    fn store_and_copy_change_only_the_bits_named() {
        let source = noise(48);
        for to_at in 0..17 {
            for from_at in [0, 1, 3, 7, 8, 13] {
                for count in (0..150).chain([200, 256, 300]) {
                    let mut target = noise(60);
                    let before = target.clone();
                    // SAFETY: within 48 and 60 bytes.
                    unsafe { copy(source.as_ptr(), from_at, target.as_mut_ptr(), to_at, count) };
                    for i in 0..8 * target.len() {
                        let want = if (to_at..to_at + count).contains(&i) {
                            bit(&source, from_at + i - to_at)
                        } else {
                            bit(&before, i)
                        };
                        assert_eq!(bit(&target, i), want, "{from_at} {to_at} {count} {i}");
                    }
                }
            }
        }
    }

    #[test]
    fn compare_is_the_order_of_the_bits() {
        let a = noise(30);
        for at in 0..10 {
            for count in [0, 1, 7, 8, 63, 64, 65, 150] {
                let mut b = vec![0; 40];
                // SAFETY: within 30 and 40 bytes.
                let order = |b: &[u8]| unsafe { compare(a.as_ptr(), 3, b.as_ptr(), at, count) };
                // SAFETY: as above.
                unsafe { copy(a.as_ptr(), 3, b.as_mut_ptr(), at, count) };
                assert_eq!(order(&b), Ordering::Equal);
                for changed in 0..count {
                    let mut b = b.clone();
                    b[(at + changed) / 8] ^= 0x80 >> ((at + changed) % 8);
                    let want = bit(&a, 3 + changed).cmp(&bit(&b, at + changed));
                    assert_eq!(order(&b), want);
                }
            }
        }
    }
}
