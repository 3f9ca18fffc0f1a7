//! Rows of module `unicode`.

#[macro_export]
macro_rules! unicode_bifs {
    ($m:ident) => {
        $m! { unicode "unicode" {
        } }
    };
}
unicode_bifs!(bif_rows);
