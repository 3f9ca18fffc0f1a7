//! The functions that match specifications may call.

use crate::bifs::{arith, bits, map_guards, system, terms, values};
use crate::ets::spec::Function::{self, *};
use crate::program::program;

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
        (_, 2) => Of2(of_two(name)?),
        ("is_record", 3) => Of3(values::is_record_3),
        ("binary_part", 3) => Of3(bits::binary_part_3),
        _ => return None,
    })
}

type One = fn(&mut crate::process::Process, crate::term::Term) -> crate::process::exception::Result;
type Two = fn(
    &mut crate::process::Process,
    crate::term::Term,
    crate::term::Term,
) -> crate::process::exception::Result;

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
