//! BIFs against tables of what OTP answers: `terms.escript` and
//! `bits_bifs.escript` in `runtime/tests/golden` write them, and
//! `tests/bifs/generate golden FILE TABLE...` those that come from tables of calls.

use crate::process::Process;
use crate::process::exception::Result;
use crate::term::parse::Parser;
use crate::term::{Term, build, compare, hash, map, print};

fn invoke_0(f: fn(&mut Process) -> Result, p: &mut Process, _a: &[Term]) -> Result {
    f(p)
}
fn invoke_1(f: fn(&mut Process, Term) -> Result, p: &mut Process, a: &[Term]) -> Result {
    f(p, a[0])
}
fn invoke_2(f: fn(&mut Process, Term, Term) -> Result, p: &mut Process, a: &[Term]) -> Result {
    f(p, a[0], a[1])
}
fn invoke_3(
    f: fn(&mut Process, Term, Term, Term) -> Result,
    p: &mut Process,
    a: &[Term],
) -> Result {
    f(p, a[0], a[1], a[2])
}
macro_rules! invoke {
    (0 $f:expr, $p:expr, $a:expr) => {
        invoke_0($f, $p, $a)
    };
    (1 $f:expr, $p:expr, $a:expr) => {
        invoke_1($f, $p, $a)
    };
    (2 $f:expr, $p:expr, $a:expr) => {
        invoke_2($f, $p, $a)
    };
    (3 $f:expr, $p:expr, $a:expr) => {
        invoke_3($f, $p, $a)
    };
}
macro_rules! calls {
    ($rust:ident $module:literal { $($name:literal $arity:tt $body:ident [$($flag:ident)*];)* }) => {
        mod $rust {
            use super::*;
            pub fn call(p: &mut Process, function: &str, a: &[Term]) -> Option<Result> {
                $(if function == concat!($module, ":", $name) && a.len() == $arity {
                    return Some(invoke!($arity crate::bifs::$rust::$body, p, a));
                })*
                None
            }
        }
    };
}
beamrc_abi::arith_bifs!(calls);
beamrc_abi::terms_bifs!(calls);
beamrc_abi::math_bifs!(calls);
beamrc_abi::maps_bifs!(calls);
beamrc_abi::map_guards_bifs!(calls);
beamrc_abi::term_internal_bifs!(calls);
beamrc_abi::values_bifs!(calls);
beamrc_abi::lists_bifs!(calls);
beamrc_abi::system_bifs!(calls);
beamrc_abi::string_bifs!(calls);
beamrc_abi::bits_bifs!(calls);
beamrc_abi::binary_bifs!(calls);
beamrc_abi::unicode_bifs!(calls);
beamrc_abi::packet_bifs!(calls);

pub(super) fn parse(p: &mut Process, text: &str) -> Term {
    let mut parser =
        Parser { heap: p, text: text.as_bytes(), map: |p, pairs| map::from_pairs(p, pairs) };
    let term = parser.term();
    assert!(parser.text.is_empty(), "{text}");
    term
}

/// Calls what each line names and compares; tells of the first lines that differ.
fn check(table: &str) {
    let mut wrong = Vec::new();
    for line in table.lines() {
        let mut p = Process::for_tests();
        let p = &mut *p;
        let [function, args, tag, expected] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line} is no line of a table");
        };
        let function = function.replace('\'', "");
        let args: Vec<Term> = parse(p, args).list().collect();
        let expected = parse(p, expected);
        let calls = [
            arith::call,
            terms::call,
            math::call,
            maps::call,
            map_guards::call,
            term_internal::call,
            values::call,
            lists::call,
            system::call,
            string::call,
            bits::call,
            binary::call,
            unicode::call,
            packet::call,
        ];
        let result = calls
            .iter()
            .find_map(|call| call(p, &function, &args))
            .unwrap_or_else(|| panic!("{line}: there is no such BIF"));
        let (result_tag, result) = match result {
            Ok(term) => ("ok", term),
            Err(exception) => ("error", exception.reason),
        };
        if result_tag != tag || !compare::equal_exact(result, expected) {
            wrong.push(format!("{line}\n    got {result_tag} {result:?}"));
        }
    }
    wrong.truncate(30);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

macro_rules! tables {
    ($($test:ident $file:literal;)*) => {
        $(#[test]
        fn $test() {
            check(include_str!(concat!("../../tests/golden/", $file)));
        })*
    };
}
tables! {
    parts_iodata_and_checksums "parts.txt";
    natives_of_binary "binary.txt";
    natives_of_unicode "unicode.txt";
    external_terms "external.txt";
    operators "arith.txt";
    texts_of_numbers "text.txt";
    mathematical_functions "math.txt";
    portable_hashes "hash.txt";
    operations_on_maps "maps.txt";
    values_and_lists "values.txt";
}

/// Order and equality of each pair of many terms.
#[test]
fn order_of_terms() {
    let table = include_str!("../../tests/golden/order.txt");
    let (rows, texts) = table.split_once("\n\n").expect("rows, then terms");
    let mut p = Process::for_tests();
    let terms: Vec<Term> = texts.lines().map(|text| parse(&mut p, text)).collect();
    let mut wrong = Vec::new();
    for (a, row) in terms.iter().zip(rows.lines()) {
        for (b, expected) in terms.iter().zip(row.as_bytes().chunks(2)) {
            let order = match compare::compare(*a, *b) {
                core::cmp::Ordering::Less => b'<',
                core::cmp::Ordering::Equal => b'=',
                core::cmp::Ordering::Greater => b'>',
            };
            let exact = if compare::equal_exact(*a, *b) { b'y' } else { b'n' };
            let equal = compare::equal(*a, *b) == (expected[0] == b'=');
            if [order, exact] != expected || !equal {
                wrong.push(format!("{a:?} {b:?}: {:?}", core::str::from_utf8(expected)));
            }
        }
    }
    wrong.truncate(30);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What `erlang:display/1` prints.
#[test]
fn printing() {
    let table = include_str!("../../tests/golden/print.txt");
    let mut p = Process::for_tests();
    for line in table.lines() {
        let (term, expected) = line.split_once('\t').expect("a term and its text");
        let term = parse(&mut p, term);
        assert_eq!(print::to_text(term), expected);
    }
}

/// Terms so deep that machine recursion would end the test.
#[test]
fn deep_terms() {
    const DEPTH: usize = 1_000_000;
    let mut p = Process::for_tests();
    let p = &mut *p;
    for shape in [in_tuples, in_heads, in_values, in_keys] {
        let (mut a, mut b) = (Term::NIL, Term::NIL);
        let mut c = Term::small(0);
        for _ in 0..DEPTH {
            (a, b, c) = (shape(p, a), shape(p, b), shape(p, c));
        }
        assert!(compare::equal_exact(a, b) && compare::equal(a, b));
        assert!(compare::compare(a, b) == core::cmp::Ordering::Equal);
        assert!(!compare::equal_exact(a, c));
        assert!(compare::compare(c, a) == core::cmp::Ordering::Less);
        assert_eq!(hash::phash2(a), hash::phash2(b));
        assert_eq!(hash::phash(a), hash::phash(b));
        assert_eq!(hash::internal::hash(a), hash::internal::hash(b));
        assert!(print::to_text(a).len() > DEPTH);
    }
}
fn in_tuples(p: &mut Process, term: Term) -> Term {
    build::tuple(p, &[Term::OK, term, Term::OK])
}
fn in_heads(p: &mut Process, term: Term) -> Term {
    build::cons(p, term, Term::NIL)
}
fn in_values(p: &mut Process, term: Term) -> Term {
    map::from_pairs(p, &[(Term::OK, term)])
}
fn in_keys(p: &mut Process, term: Term) -> Term {
    map::from_pairs(p, &[(term, Term::OK)])
}
