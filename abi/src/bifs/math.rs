//! Rows of module `math`.

#[macro_export]
macro_rules! math_bifs {
    ($m:ident) => {
        $m! { math "math" {
        } }
    };
}
math_bifs!(bif_rows);
