//! Rows of module `erts_internal`: values and system information.

#[macro_export]
macro_rules! internal_bifs {
    ($m:ident) => {
        $m! { internal "erts_internal" {
        } }
    };
}
internal_bifs!(bif_rows);
