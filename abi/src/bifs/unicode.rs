//! Rows of module `unicode`.

#[macro_export]
macro_rules! unicode_bifs {
    ($m:ident) => {
        $m! { unicode "unicode" {
            "bin_is_7bit" 1 bin_is_7bit_1 [];
            "characters_to_binary" 2 characters_to_binary_2 [scratch];
            "characters_to_list" 2 characters_to_list_2 [scratch];
        } }
    };
}
unicode_bifs!(bif_rows);
