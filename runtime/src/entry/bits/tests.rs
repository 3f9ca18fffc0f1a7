//! Bit syntax against what Erlang/OTP does: `tests/golden/bits.escript` writes the table.

use super::create::{beamrc_bs_append_plan, beamrc_bs_create};
use super::matching::*;
use crate::heap::bits::{append, from_bits};
use crate::process::Process;
use crate::process::exception::Origin;
use crate::term::atom;
use crate::term::bits::Bits;
use crate::term::{Kind, Term, View, build};
use beamrc_abi::atom::id;
use beamrc_abi::entry::{BitsPlan, SIZE_ALL, SIZE_IN_X, Segment, SegmentKind};

const GOLDEN: &str = include_str!("../../../tests/golden/bits.txt");

fn bytes_of(hex: &str) -> Vec<u8> {
    (0..hex.len() / 2)
        .map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).expect("hex"))
        .collect()
}

fn integer(p: &mut Process, hex: &str) -> Term {
    let (negative, digits) = match hex.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, hex),
    };
    let words: Vec<u64> = digits
        .as_bytes()
        .rchunks(16)
        .map(|chunk| {
            u64::from_str_radix(core::str::from_utf8(chunk).expect("ascii"), 16).expect("hex")
        })
        .collect();
    if let [word] = words[..]
        && word < 1 << 60
    {
        return Term::small(if negative { -(word as i64) } else { word as i64 });
    }
    let kind = if negative { Kind::BigNeg } else { Kind::BigPos };
    build::object(p, kind, 0, &words)
}

fn value(p: &mut Process, text: &str) -> Term {
    let parts: Vec<&str> = text.split('.').collect();
    match parts[..] {
        ["atom"] => Term::OK,
        ["float", bits] => {
            build::float(p, f64::from_bits(u64::from_str_radix(bits, 16).expect("hex")))
        }
        ["bits", size, hex] => {
            let bytes = bytes_of(hex);
            let bits = Bits::from_slice(&bytes).part(0, size.parse().expect("decimal"));
            // Off a byte boundary, and in every representation.
            let prefix = from_bits(p, Bits::from_slice(&[0xff]).part(0, bits.size_bits % 5));
            let new = append(p, prefix, bits.size_bits, true, false).expect("memory");
            // SAFETY: the room asked for is that of the bits.
            unsafe { bits.copy_to(new.data, new.at) };
            crate::heap::bits::part(p, new.term, bits.size_bits % 5, bits.size_bits)
        }
        [hex] => integer(p, hex),
        _ => panic!("{text}"),
    }
}

/// A term as the golden table writes it.
fn text(term: Term) -> String {
    match term.view() {
        View::Small(v) if v < 0 => format!("-{:x}", -v),
        View::Small(v) => format!("{v:x}"),
        View::Big { negative, words } => {
            let mut text = if negative { "-".to_owned() } else { String::new() };
            text += &format!("{:x}", words[words.len() - 1]);
            for word in words.iter().rev().skip(1) {
                text += &format!("{word:016x}");
            }
            text
        }
        View::Float(v) => format!("float.{:x}", v.to_bits()),
        View::Bits => {
            let bits = Bits::of(term).expect("bits");
            format!("bits.{}.{}", bits.size_bits, hex(&bits))
        }
        _ if !term.is_value() => "none".to_owned(),
        _ => panic!("unexpected kind of term"),
    }
}
fn hex(bits: &Bits) -> String {
    let mut text: String = bits.to_bytes().iter().map(|b| format!("{b:02x}")).collect();
    if !bits.is_binary() {
        text += &format!("{:02x}", bits.tail() << (8 - bits.tail_bits()));
    }
    text
}

#[repr(C)]
struct Plan {
    head: BitsPlan,
    segments: [Segment; 8],
}

fn create(p: &mut Process, line: &str) -> String {
    let empty =
        Segment { kind: SegmentKind::Integer, flags: 0, unit: 1, index: 0, size: 0, string: 0 };
    let mut plan = Plan { head: BitsPlan { count: 0 }, segments: [empty; 8] };
    let mut x = vec![];
    for (i, part) in line.split(' ').enumerate() {
        let fields: Vec<&str> = part.split(':').collect();
        let [kind, size, flags, term] = fields[..] else { panic!("{part}") };
        let flags: u16 = flags.parse().expect("decimal");
        let kind = match kind {
            "i" => SegmentKind::Integer,
            "f" => SegmentKind::Float,
            "b" => SegmentKind::Binary,
            "u8" => SegmentKind::Utf8,
            "u16" => SegmentKind::Utf16,
            _ => SegmentKind::Utf32,
        };
        let binary = kind == SegmentKind::Binary;
        let segment = &mut plan.segments[i];
        *segment = Segment {
            kind,
            flags: if binary { 0 } else { flags as u8 },
            unit: if binary { flags } else { 1 },
            index: i as u32 + 1,
            size: SIZE_ALL,
            string: 0,
        };
        plan.head.count += 1;
        x.push(value(p, term).0);
        if size == "foo" {
            segment.size = SIZE_IN_X;
            x.push(Term::OK.0);
        } else if size != "all" {
            match u64::from_str_radix(size, 16) {
                Ok(size) if i.is_multiple_of(2) => segment.size = size,
                _ => {
                    segment.size = SIZE_IN_X;
                    x.push(integer(p, size).0);
                }
            }
        }
    }
    p.head.x = x.as_ptr() as u64;
    // SAFETY: x holds what the plan asks for.
    let result = unsafe { beamrc_bs_create(p, &raw const plan as u64, 0) };
    if result != Term::NONVALUE.0 {
        let bits = Bits::of(Term(result)).expect("a bit string");
        return format!("{} {}", bits.size_bits, hex(&bits));
    }
    let reason = atom::text(p.exception.reason.as_atom().expect("an atom"));
    let Origin::CallerWith { info, .. } = p.exception.origin else { panic!("no error_info") };
    let View::FlatMap(keys, values) = info.view() else { panic!("no map") };
    assert!(keys == [id::CAUSE, id::FUNCTION, id::MODULE].map(Term::atom));
    let cause = values[0].as_tuple().expect("a tuple");
    let name = |i: usize| atom::text(cause[i].as_atom().expect("an atom"));
    let index = cause[0].as_small().expect("an index");
    format!("error {reason} {index} {} {}", name(1), name(2))
}

fn matched(p: &mut Process, line: &str) -> String {
    let fields: Vec<&str> = line.split(' ').collect();
    let [bits, offset, kind, size, flags] = fields[..] else { panic!("{line}") };
    let (offset, size): (u64, u64) =
        (offset.parse().expect("decimal"), size.parse().expect("decimal"));
    let flags = flags.parse().expect("decimal");
    let term = value(p, bits);
    // SAFETY: the arguments are terms and contexts of this process.
    unsafe {
        let context = beamrc_bs_start(p, term);
        assert!(beamrc_bs_get_bits(p, context, offset).is_value());
        let before = beamrc_bs_size(p, context);
        let result = match kind {
            "integer" => beamrc_bs_get_integer(p, context, size, flags),
            "float" => beamrc_bs_get_float(p, context, size, flags),
            "bits" => beamrc_bs_get_bits(p, context, size),
            "u8" => beamrc_bs_get_utf8(p, context),
            "u16" => beamrc_bs_get_utf16(p, context, flags),
            _ => beamrc_bs_get_utf32(p, context, flags),
        };
        let moved = before - beamrc_bs_size(p, context);
        match result.is_value() {
            false => assert_eq!(moved, 0),
            true if kind.starts_with('u') => assert!(moved >= 8),
            true => assert_eq!(moved as u64, size),
        }
        text(result)
    }
}

#[test]
fn bit_syntax_is_that_of_otp() {
    let mut p = Process::for_tests();
    let x = p.head.x;
    for line in GOLDEN.lines() {
        let (input, want) = line[2..].split_once(" = ").expect("a row");
        let got =
            if line.starts_with('C') { create(&mut p, input) } else { matched(&mut p, input) };
        assert_eq!(got, want, "{line}");
    }
    p.head.x = x;
}

#[test]
fn contexts_match_strings_tails_and_rests() {
    let mut p = Process::for_tests();
    let p = &mut *p;
    let term = value(p, "bits.43.68656c6c6fe0");
    // SAFETY: terms and contexts of this process.
    unsafe {
        let context = beamrc_bs_start(p, term);
        assert!(beamrc_bs_start(p, context).0 == context.0);
        assert_eq!(beamrc_bs_match_string(p, context, 16, b"hx".as_ptr()), 0);
        assert_eq!(beamrc_bs_match_string(p, context, 16, b"he".as_ptr()), 1);
        assert_eq!(beamrc_bs_match_string(p, context, 80, b"he".as_ptr()), 0);
        assert_eq!(text(beamrc_bs_get_tail(p, context)), "bits.27.6c6c6fe0");
        assert_eq!(beamrc_bs_skip_utf8(p, context), 1);
        assert_eq!(beamrc_bs_match_string(p, context, 3, b"\x6f".as_ptr()), 1);
        assert_eq!(text(beamrc_bs_get_bits(p, context, 16)), "bits.16.637f");
        assert_eq!(beamrc_bs_size(p, context), 0);
        assert_eq!(beamrc_bs_size(p, term), 43);
        assert_eq!(beamrc_bs_size(p, Term::NIL), -1);
        assert!(!beamrc_bs_start(p, Term::NIL).is_value());
    }
}

/// What some compilers make of `<<A/binary, A/binary>>`.
#[test]
fn what_is_appended_to_may_be_appended() {
    #[repr(C)]
    struct Plan(BitsPlan, [Segment; 2]);
    let segment =
        |kind, index| Segment { kind, flags: 0, unit: 8, index, size: SIZE_ALL, string: 0 };
    let segments = [segment(SegmentKind::PrivateAppend, 1), segment(SegmentKind::Binary, 2)];
    let plan = Plan(BitsPlan { count: 2 }, segments);
    let p = &mut *Process::for_tests();
    let mut value = from_bits(p, Bits::from_slice(b"ab"));
    for doubled in 1..14 {
        p.set_x(&[value, value]);
        // SAFETY: the process is the test's; the values of the plan stand in `x`.
        value = Term(unsafe { beamrc_bs_append_plan(p, &raw const plan as u64, 0) });
        let bits = Bits::of(value).expect("bits");
        let bytes = bits.as_bytes().expect("whole bytes");
        assert_eq!(bytes, b"ab".repeat(1 << doubled));
    }
    // SAFETY: nothing of the process is used again.
    unsafe { p.heap.off_heap.release_all() };
}
