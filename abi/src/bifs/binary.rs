//! Rows of module `binary`.

#[macro_export]
macro_rules! binary_bifs {
    ($m:ident) => {
        $m! { binary "binary" {
        } }
    };
}
binary_bifs!(bif_rows);
