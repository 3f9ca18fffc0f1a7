//! Unit tests of the views and of integer fields, on heap bit strings in a test arena.

use super::integer::{LITTLE, SIGNED};
use super::*;
use crate::term::{Alloc, OffHeap, build as terms};

/// Memory that is never given back while a test runs.
#[derive(Default)]
pub struct Arena {
    blocks: Vec<Box<[u64]>>,
    off_heap: OffHeap,
}
impl Alloc for Arena {
    fn alloc(&mut self, words: usize) -> *mut u64 {
        self.blocks.push(vec![0; words.max(1)].into_boxed_slice());
        self.blocks.last_mut().expect("just pushed").as_mut_ptr()
    }
    fn off_heap(&mut self) -> &mut OffHeap {
        &mut self.off_heap
    }
}

fn heap_bits(heap: &mut Arena, bytes: &[u8], size_bits: usize) -> Term {
    let mut words = vec![size_bits as u64];
    words.extend(bytes.chunks(8).map(|chunk| {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        u64::from_ne_bytes(word)
    }));
    terms::object(heap, Kind::HeapBits, 0, &words)
}
fn sub_bits(heap: &mut Arena, base: Term, offset: usize, size: usize) -> Term {
    terms::object(heap, Kind::SubBits, 0, &[size as u64, offset as u64, base.0])
}

#[test]
fn views_see_the_same_bits_in_any_representation() {
    let heap = &mut Arena::default();
    let whole = heap_bits(heap, b"\x12\x34\x56\x78", 29);
    let bits = Bits::of(whole).expect("a bit string");
    assert_eq!((bits.size_bits, bits.size_bytes(), bits.tail_bits()), (29, 3, 5));
    assert_eq!(bits.as_bytes(), Some(&b"\x12\x34\x56"[..]));
    assert_eq!(bits.tail(), 0x78 >> 3);
    assert!(Bits::of_binary(whole).is_none());
    let part = sub_bits(heap, whole, 4, 16);
    let part = Bits::of_binary(part).expect("two bytes");
    assert!(part.as_bytes().is_none());
    assert_eq!(&*part.to_bytes(), b"\x23\x45");
    assert!(part.equal(&Bits::from_slice(b"\x23\x45")));
    assert!(Bits::of(Term::NIL).is_none() && Bits::of(Term::small(1)).is_none());
    let tuple = terms::tuple(heap, &[Term::NIL]);
    assert!(Bits::of(tuple).is_none() && size_of(tuple).is_none());
}

#[test]
fn order_is_by_bits_then_size() {
    use Ordering::*;
    let order = |a: &[u8], an, b: &[u8], bn| {
        Bits::from_slice(a).part(0, an).compare(&Bits::from_slice(b).part(0, bn))
    };
    assert_eq!(order(b"ab", 16, b"ab", 16), Equal);
    assert_eq!(order(b"a", 8, b"ab", 16), Less);
    assert_eq!(order(b"b", 8, b"ab", 16), Greater);
    assert_eq!(order(b"\xff", 3, b"\xff", 4), Less);
    assert_eq!(order(b"\x80", 1, b"\x7f\xff", 16), Greater);
}

/// Every field of a noisy buffer reads as its bits say, and writes back what was read.
#[test]
fn integer_fields_read_and_write_back() {
    let heap = &mut Arena::default();
    let bytes: Vec<u8> = (0..64u32).map(|i| (i * 151 + 77) as u8).collect();
    for at in [0, 1, 5, 8] {
        for size in (0..=200).chain([256, 257, 383, 384]) {
            for flags in [0, LITTLE, SIGNED, LITTLE | SIGNED] {
                // SAFETY: 8 + 384 bits lie within 64 bytes.
                let value = unsafe { integer::get(heap, bytes.as_ptr(), at, size, flags) };
                check_normal(value);
                let mut copy = bytes.clone();
                for byte in &mut copy[1..] {
                    *byte = !*byte;
                }
                let mut want = copy.clone();
                // SAFETY: as above.
                unsafe {
                    copy::copy(bytes.as_ptr(), at, want.as_mut_ptr(), at, size);
                    assert!(integer::put(copy.as_mut_ptr(), at, size, value, flags));
                }
                assert_eq!(copy, want, "{at} {size} {flags}");
            }
        }
    }
}

fn check_normal(value: Term) {
    if let crate::term::View::Big { words, negative } = value.view() {
        let top = *words.last().expect("not empty");
        assert_ne!(top, 0);
        if words.len() == 1 {
            let limit = if negative { 1 << 60 } else { (1 << 60) - 1 };
            assert!(top > limit);
        }
    }
}

#[test]
fn integer_fields_have_the_values_of_bit_syntax() {
    let heap = &mut Arena::default();
    let mut field = |bytes: &[u8], size, flags| {
        // SAFETY: the field lies within the bytes.
        unsafe { integer::get(heap, bytes.as_ptr(), 0, size, flags) }
    };
    let mut small = |bytes: &[u8], size, flags| field(bytes, size, flags).as_small();
    assert_eq!(small(b"\x12\x34\xf0", 20, 0), Some(0x1234f));
    assert_eq!(small(b"\x12\x34\xf0", 20, LITTLE), Some(0xf3412));
    assert_eq!(small(b"\x12\x34\xf0", 20, LITTLE | SIGNED), Some(0xf3412 - (1 << 20)));
    assert_eq!(small(b"\xff\xff", 16, SIGNED), Some(-1));
    assert_eq!(small(&[0xff; 9], 72, SIGNED), Some(-1));
    assert_eq!(small(&[0; 9], 72, 0), Some(0));
    let low = [0xf0, 0, 0, 0, 0, 0, 0, 0];
    assert_eq!(small(&low, 64, SIGNED), Some(-(1 << 60)));
    let wide = [0xff, 0xf0, 0, 0, 0, 0, 0, 0, 0];
    assert_eq!(small(&wide, 72, SIGNED), Some(-(1 << 60)));
    let big = field(&[0x10, 0, 0, 0, 0, 0, 0, 0], 64, 0);
    assert_eq!((big.kind(), big.words()), (Some(Kind::BigPos), &[1 << 60][..]));
}
