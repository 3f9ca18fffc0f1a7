//! Rows of module `string`.

#[macro_export]
macro_rules! string_bifs {
    ($m:ident) => {
        $m! { string "string" {
            "list_to_float" 1 list_to_float_1 [scratch];
            "list_to_integer" 1 list_to_integer_1 [scratch];
        } }
    };
}
string_bifs!(bif_rows);
