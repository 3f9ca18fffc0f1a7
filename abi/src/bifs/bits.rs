//! Rows of module `erlang`: bit strings and the external term format.

#[macro_export]
macro_rules! bits_bifs {
    ($m:ident) => {
        $m! { bits "erlang" {
            "byte_size" 1 byte_size_1 [guard];
            "bit_size" 1 bit_size_1 [guard];
            "binary_part" 2 binary_part_2 [guard];
            "binary_part" 3 binary_part_3 [guard];
            "split_binary" 2 split_binary_2 [];
            "binary_to_list" 1 binary_to_list_1 [];
            "binary_to_list" 3 binary_to_list_3 [];
            "bitstring_to_list" 1 bitstring_to_list_1 [];

            "list_to_binary" 1 list_to_binary_1 [scratch];
            "list_to_bitstring" 1 list_to_bitstring_1 [scratch];
            "iolist_to_binary" 1 iolist_to_binary_1 [scratch];
            "iolist_size" 1 iolist_size_1 [scratch];
            "iolist_to_iovec" 1 iolist_to_iovec_1 [scratch];

            "md5" 1 md5_1 [scratch];
            "md5_init" 0 md5_init_0 [];
            "md5_update" 2 md5_update_2 [scratch];
            "md5_final" 1 md5_final_1 [];
            "crc32" 1 crc32_1 [scratch];
            "crc32" 2 crc32_2 [scratch];
            "crc32_combine" 3 crc32_combine_3 [];
            "adler32" 1 adler32_1 [scratch];
            "adler32" 2 adler32_2 [scratch];
            "adler32_combine" 3 adler32_combine_3 [];

            "term_to_binary" 1 term_to_binary_1 [scratch];
            "term_to_binary" 2 term_to_binary_2 [scratch];
            "term_to_iovec" 1 term_to_iovec_1 [scratch];
            "term_to_iovec" 2 term_to_iovec_2 [scratch];
            "binary_to_term" 1 binary_to_term_1 [scratch];
            "binary_to_term" 2 binary_to_term_2 [scratch];
            "external_size" 1 external_size_1 [scratch];
            "external_size" 2 external_size_2 [scratch];
        } }
    };
}
bits_bifs!(bif_rows);
