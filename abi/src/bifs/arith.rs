//! Rows of module `erlang`: operators and numbers.

#[macro_export]
macro_rules! arith_bifs {
    ($m:ident) => {
        $m! { arith "erlang" {
            "+" 1 plus_1 [guard];
            "-" 1 minus_1 [guard];
            "+" 2 plus_2 [guard];
            "-" 2 minus_2 [guard];
            "*" 2 times_2 [guard];
            "/" 2 divide_2 [guard];
            "div" 2 div_2 [guard];
            "rem" 2 rem_2 [guard];
            "band" 2 band_2 [guard];
            "bor" 2 bor_2 [guard];
            "bxor" 2 bxor_2 [guard];
            "bnot" 1 bnot_1 [guard];
            "bsl" 2 bsl_2 [guard];
            "bsr" 2 bsr_2 [guard];
            "abs" 1 abs_1 [guard];
            "float" 1 float_1 [guard];
            "trunc" 1 trunc_1 [guard];
            "round" 1 round_1 [guard];
            "floor" 1 floor_1 [guard];
            "ceil" 1 ceil_1 [guard];
            "integer_to_list" 1 integer_to_list_1 [scratch];
            "integer_to_list" 2 integer_to_list_2 [scratch];
            "integer_to_binary" 1 integer_to_binary_1 [scratch];
            "integer_to_binary" 2 integer_to_binary_2 [scratch];
            "list_to_integer" 1 list_to_integer_1 [scratch];
            "list_to_integer" 2 list_to_integer_2 [scratch];
            "binary_to_integer" 1 binary_to_integer_1 [scratch];
            "binary_to_integer" 2 binary_to_integer_2 [scratch];
            "float_to_list" 1 float_to_list_1 [scratch];
            "float_to_list" 2 float_to_list_2 [scratch];
            "float_to_binary" 1 float_to_binary_1 [scratch];
            "float_to_binary" 2 float_to_binary_2 [scratch];
            "list_to_float" 1 list_to_float_1 [scratch];
            "binary_to_float" 1 binary_to_float_1 [scratch];
        } }
    };
}
arith_bifs!(bif_rows);
