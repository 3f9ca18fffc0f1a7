//! Rows of module `erts_internal`: what OTP's own modules do to terms with its help.

#[macro_export]
macro_rules! term_internal_bifs {
    ($m:ident) => {
        $m! { term_internal "erts_internal" {
            "map_next" 3 map_next_3 [scratch];
            "map_to_tuple_keys" 1 map_to_tuple_keys_1 [scratch];
            "map_hashmap_children" 1 map_hashmap_children_1 [scratch];
            "term_type" 1 term_type_1 [];
            "cmp_term" 2 cmp_term_2 [];
            "binary_to_integer" 2 binary_to_integer_2 [scratch];
            "list_to_integer" 2 list_to_integer_2 [scratch];
        } }
    };
}
term_internal_bifs!(bif_rows);
