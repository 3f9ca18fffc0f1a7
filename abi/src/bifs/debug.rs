//! Rows of module `erts_debug`.

#[macro_export]
macro_rules! debug_bifs {
    ($m:ident) => {
        $m! { debug "erts_debug" {
        } }
    };
}
debug_bifs!(bif_rows);
