//! Rows of module `binary`.

#[macro_export]
macro_rules! binary_bifs {
    ($m:ident) => {
        $m! { binary "binary" {
            "at" 2 at_2 [];
            "first" 1 first_1 [];
            "last" 1 last_1 [];
            "part" 2 part_2 [];
            "part" 3 part_3 [];
            "list_to_bin" 1 list_to_bin_1 [scratch];
            "copy" 1 copy_1 [];
            "copy" 2 copy_2 [];
            "referenced_byte_size" 1 referenced_byte_size_1 [];
            "longest_common_prefix" 1 longest_common_prefix_1 [scratch];
            "longest_common_suffix" 1 longest_common_suffix_1 [scratch];
            "encode_unsigned" 1 encode_unsigned_1 [scratch];
            "encode_unsigned" 2 encode_unsigned_2 [scratch];
            "decode_unsigned" 1 decode_unsigned_1 [scratch];
            "decode_unsigned" 2 decode_unsigned_2 [scratch];
            "compile_pattern" 1 compile_pattern_1 [];
            "match" 2 match_2 [scratch];
            "match" 3 match_3 [scratch];
            "matches" 2 matches_2 [scratch];
            "matches" 3 matches_3 [scratch];
            "split" 2 split_2 [scratch];
            "split" 3 split_3 [scratch];
        } }
    };
}
binary_bifs!(bif_rows);
