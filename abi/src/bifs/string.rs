//! Rows of module `string`.

#[macro_export]
macro_rules! string_bifs {
    ($m:ident) => {
        $m! { string "string" {
        } }
    };
}
string_bifs!(bif_rows);
