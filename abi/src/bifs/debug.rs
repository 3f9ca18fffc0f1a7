//! Rows of module `erts_debug`.

#[macro_export]
macro_rules! debug_bifs {
    ($m:ident) => {
        $m! { debug "erts_debug" {
            "same" 2 same_2 [];
            "flat_size" 1 flat_size_1 [];
            "get_internal_state" 1 get_internal_state_1 [];
            "set_internal_state" 2 set_internal_state_2 [];
        } }
    };
}
debug_bifs!(bif_rows);
