//! The external term format where no table of plain terms reaches: names of processes, closures,
//! bytes from anywhere.

use super::*;
use crate::heap::bits::from_bytes;
use crate::process::Process;
use crate::term::bits::Bits;
use crate::term::{Kind, Term, build, compare};
use beamrc_abi::program::Lambda;

fn bytes_of(term: Term) -> Vec<u8> {
    Bits::of(term).expect("a binary").to_bytes().into_owned()
}
fn read(p: &mut Process, bytes: &[u8]) -> Option<Term> {
    let binary = from_bytes(p, bytes);
    binary_to_term_1(p, binary).ok()
}
fn write(p: &mut Process, term: Term) -> Vec<u8> {
    let binary = term_to_binary_1(p, term).ok().expect("every term can be written");
    bytes_of(binary)
}
/// The version, a tag and a name of a node.
fn start(tag: &[u8], node: &str) -> Vec<u8> {
    [&[131], tag, &[119, node.len() as u8], node.as_bytes()].concat()
}

#[test]
fn names_are_written_as_otp_writes_them() {
    let mut p = Process::for_tests();
    let pid = [start(&[88], "nonode@nohost"), vec![0, 0, 0, 83, 0, 0, 0, 2, 0, 0, 0, 0]].concat();
    let term = read(&mut p, &pid).expect("a pid");
    assert_eq!(term, Term::pid(2 << 28 | 83));
    assert_eq!(write(&mut p, term), pid);
    let port = [start(&[120], "nonode@nohost"), vec![0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0]].concat();
    let term = read(&mut p, &port).expect("a port");
    assert_eq!(term, Term::port(5));
    assert_eq!(write(&mut p, term), port);
    for data in [0, 0x1234_5678_9abc] {
        let reference = build::object(&mut *p, Kind::Ref, 0, &[0xa000_0000b, data]);
        let bytes = write(&mut p, reference);
        assert_eq!(bytes.len(), if data == 0 { 35 } else { 43 });
        let back = read(&mut p, &bytes).expect("a reference");
        assert_eq!(back.words(), reference.words());
    }
    let old_pid = [start(&[103], "nonode@nohost"), vec![0, 0, 0, 83, 0, 0, 0, 0, 0]].concat();
    assert_eq!(read(&mut p, &old_pid), Some(Term::pid(83)));
}

#[test]
fn names_of_other_nodes_come_back() {
    let mut p = Process::for_tests();
    for (tag, rest) in [
        (&[88][..], vec![0, 0, 0, 83, 0, 0, 0, 2, 1, 2, 3, 4]),
        (&[120], vec![1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
        (&[90, 0, 3], vec![9, 9, 9, 9, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3]),
        (&[90, 0, 5], (0..24).collect()),
    ] {
        let bytes = [start(tag, "other@host"), rest].concat();
        let term = read(&mut p, &bytes).expect("a name");
        assert_eq!(term.kind(), Some(Kind::External));
        assert_eq!(write(&mut p, term), bytes);
    }
}

#[test]
fn closures_come_back_to_the_program_that_wrote_them() {
    let mut p = Process::for_tests();
    let lambda = |index| {
        Box::leak(Box::new(Lambda {
            module: beamrc_abi::atom::id::LISTS,
            name: beamrc_abi::atom::id::ALL,
            arity: 2,
            free: 1,
            index,
            old_index: index,
            old_uniq: 77,
            reserved: 0,
            uniq: [3; 16],
        }))
    };
    let fun = |p: &mut Process, lambda: &'static Lambda| {
        let words = [0x1000, core::ptr::from_ref(lambda) as u64, Term::small(5).0];
        build::object(p, Kind::Fun, 2, &words)
    };
    let written = fun(&mut p, lambda(1));
    let bytes = write(&mut p, written);
    let size = u32::from_be_bytes([bytes[2], bytes[3], bytes[4], bytes[5]]);
    assert_eq!((bytes[1], size as usize), (112, bytes.len() - 2));
    let back = read(&mut p, &bytes).expect("a closure");
    assert_eq!((back.kind(), back.words()), (Some(Kind::Fun), written.words()));
    let mut elsewhere = bytes.clone();
    elsewhere[26] = 9;
    let unlinked = read(&mut p, &elsewhere).expect("a closure of a module that is not linked");
    assert!(unlinked.words()[1] != written.words()[1]);
    assert_eq!(write(&mut p, unlinked), elsewhere);
    let mut of_another_arity = bytes;
    of_another_arity[6] = 3;
    assert!(read(&mut p, &of_another_arity).is_none());
}

#[test]
fn local_terms_are_read_back_only_if_unchanged() {
    let mut p = Process::for_tests();
    let elements = [Term::pid(7), Term::small(1)];
    let term = build::tuple(&mut *p, &elements);
    let options = build::list(&mut *p, &[Term::atom(beamrc_abi::atom::id::LOCAL)], Term::NIL);
    let binary = term_to_binary_2(&mut p, term, options).ok().expect("written");
    let mut bytes = bytes_of(binary);
    let back = read(&mut p, &bytes).expect("a tuple");
    assert!(compare::equal_exact(back, term));
    *bytes.last_mut().expect("not empty") = 2;
    assert!(read(&mut p, &bytes).is_none());
}

/// Deep and long terms need no stack.
#[test]
fn deep_terms_are_written_and_read() {
    let mut p = Process::for_tests();
    let mut term = Term::NIL;
    for _ in 0..200_000 {
        let tuple = build::tuple(&mut *p, &[term]);
        term = build::list(&mut *p, &[Term::OK, tuple], Term::NIL);
    }
    let bytes = write(&mut p, term);
    let back = read(&mut p, &bytes).expect("as written");
    assert_eq!(write(&mut p, back), bytes);
    let flat = build::list(&mut *p, &vec![Term::pid(1); 200_000], Term::OK);
    let bytes = write(&mut p, flat);
    let back = read(&mut p, &bytes).expect("as written");
    assert!(compare::equal_exact(back, flat));
}

/// Damaged bytes are refused or read as some term, which can then be written and read again.
#[test]
fn damaged_bytes_do_no_harm() {
    let mut p = Process::for_tests();
    let seeds: Vec<Vec<u8>> = include_str!("../../../tests/golden/external.txt")
        .lines()
        .filter(|line| line.starts_with("erlang:term_to_binary"))
        .filter_map(|line| line.rsplit_once("<<")?.1.strip_suffix(">>"))
        .map(|list| list.split(',').map(|byte| byte.parse().expect("a byte")).collect())
        .chain([start(&[90, 0, 3], "other@host"), start(&[112, 0, 0, 0, 40], "x")])
        .collect();
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let mut read_some = 0;
    for _ in 0..20_000 {
        let mut bytes = seeds[random(seeds.len())].clone();
        for _ in 0..1 + random(3) {
            let at = 1 + random(bytes.len() - 1);
            match random(4) {
                0 => bytes[at] = random(256) as u8,
                1 => bytes.truncate(at.max(2)),
                2 => bytes.insert(at, 97 + random(25) as u8),
                _ => bytes[at] ^= 1 << random(8),
            }
        }
        if let Some(term) = read(&mut p, &bytes) {
            let again = write(&mut p, term);
            let back = read(&mut p, &again).expect("as written");
            assert!(compare::equal_exact(back, term));
            read_some += 1;
        }
    }
    assert!(read_some > 1000, "{read_some}");
}
