//! The functions that match specifications may call.

use crate::bifs::{arith, bits, map_guards, system, terms, values};
use crate::ets::spec::Function::{self, *};
use crate::process::Process;
use crate::process::exception::Result;
use crate::program::program;
use crate::term::Term;

/// What OTP 25 does not call from a match specification.
const SINCE_26: &[(&str, usize)] = &[
    ("ceil", 1),
    ("floor", 1),
    ("is_bitstring", 1),
    ("is_boolean", 1),
    ("is_function", 2),
    ("max", 2),
    ("min", 2),
    ("tuple_size", 1),
];

/// By name and number of arguments.
pub(super) fn function(name: &str, arity: usize) -> Option<Function> {
    if program().release() == 25 && SINCE_26.contains(&(name, arity)) {
        return None;
    }
    Some(match (name, arity) {
        ("node", 0) => Of0(system::node_0),
        (_, 1) => Of1(of_one(name)?),
        (_, 2) => match quick(name) {
            Some(quick) => Quick(quick, of_two(name)?),
            None => Of2(of_two(name)?),
        },
        ("is_record", 3) => Of3(values::is_record_3),
        ("binary_part", 3) => Of3(bits::binary_part_3),
        _ => return None,
    })
}

type One = fn(&mut Process, Term) -> Result;
type Two = fn(&mut Process, Term, Term) -> Result;

fn of_one(name: &str) -> Option<One> {
    Some(match name {
        "is_atom" => values::is_atom_1,
        "is_float" => values::is_float_1,
        "is_integer" => values::is_integer_1,
        "is_list" => values::is_list_1,
        "is_number" => values::is_number_1,
        "is_pid" => values::is_pid_1,
        "is_port" => values::is_port_1,
        "is_reference" => values::is_reference_1,
        "is_tuple" => values::is_tuple_1,
        "is_map" => values::is_map_1,
        "is_binary" => values::is_binary_1,
        "is_bitstring" => values::is_bitstring_1,
        "is_boolean" => values::is_boolean_1,
        "is_function" => values::is_function_1,
        "abs" => arith::abs_1,
        "hd" => values::hd_1,
        "length" => values::length_1,
        "node" => system::node_1,
        "round" => arith::round_1,
        "size" => values::size_1,
        "map_size" => map_guards::map_size_1,
        "bit_size" => bits::bit_size_1,
        "byte_size" => bits::byte_size_1,
        "tuple_size" => values::tuple_size_1,
        "tl" => values::tl_1,
        "trunc" => arith::trunc_1,
        "float" => arith::float_1,
        "ceil" => arith::ceil_1,
        "floor" => arith::floor_1,
        "+" => arith::plus_1,
        "-" => arith::minus_1,
        "bnot" => arith::bnot_1,
        "not" => values::not_1,
        _ => return None,
    })
}

/// What is plain from the words of two arguments: mostly small integers.
fn quick(name: &str) -> Option<fn(Term, Term) -> Option<Term>> {
    fn truth(value: bool) -> Option<Term> {
        Some(Term::bool(value))
    }
    fn small(value: i64) -> Option<Term> {
        Term::fits_small(value).then_some(Term::small(value))
    }
    fn smalls(a: Term, b: Term) -> Option<(i64, i64)> {
        Some((a.as_small()?, b.as_small()?))
    }
    /// Immediates are equal if their words are, of whatever sort they are.
    fn is_same(a: Term, b: Term) -> Option<bool> {
        (a == b || a.is_immediate() && b.is_immediate()).then_some(a == b)
    }
    Some(match name {
        "=:=" | "==" => |a, b| truth(is_same(a, b)?),
        "=/=" | "/=" => |a, b| truth(!is_same(a, b)?),
        ">" => |a, b| smalls(a, b).and_then(|(a, b)| truth(a > b)),
        ">=" => |a, b| smalls(a, b).and_then(|(a, b)| truth(a >= b)),
        "<" => |a, b| smalls(a, b).and_then(|(a, b)| truth(a < b)),
        "=<" => |a, b| smalls(a, b).and_then(|(a, b)| truth(a <= b)),
        "+" => |a, b| smalls(a, b).and_then(|(a, b)| small(a + b)),
        "-" => |a, b| smalls(a, b).and_then(|(a, b)| small(a - b)),
        "rem" => |a, b| smalls(a, b).and_then(|(a, b)| small(a.checked_rem(b)?)),
        "band" => |a, b| smalls(a, b).and_then(|(a, b)| small(a & b)),
        _ => return None,
    })
}

fn of_two(name: &str) -> Option<Two> {
    Some(match name {
        "is_function" => values::is_function_2,
        "element" => values::element_2,
        "max" => terms::max_2,
        "min" => terms::min_2,
        "map_get" => map_guards::map_get_2,
        "is_map_key" => map_guards::is_map_key_2,
        "binary_part" => bits::binary_part_2,
        "+" => arith::plus_2,
        "-" => arith::minus_2,
        "*" => arith::times_2,
        "/" => arith::divide_2,
        "div" => arith::div_2,
        "rem" => arith::rem_2,
        "band" => arith::band_2,
        "bor" => arith::bor_2,
        "bxor" => arith::bxor_2,
        "bsl" => arith::bsl_2,
        "bsr" => arith::bsr_2,
        ">" => terms::greater_2,
        ">=" => terms::greater_or_equal_2,
        "<" => terms::less_2,
        "=<" => terms::less_or_equal_2,
        "=:=" => terms::exactly_equal_2,
        "==" => terms::equal_2,
        "=/=" => terms::exactly_different_2,
        "/=" => terms::different_2,
        "xor" => values::xor_2,
        _ => return None,
    })
}
