//! Rows of module `erts_internal`: what `ets:info(Table, binary)` is made of.

#[macro_export]
macro_rules! ets_internal_bifs {
    ($m:ident) => {
        $m! { ets_internal "erts_internal" {
            "ets_super_user" 1 ets_super_user_1 [];
            "ets_lookup_binary_info" 2 ets_lookup_binary_info_2 [];
            "ets_raw_first" 1 ets_raw_first_1 [];
            "ets_raw_next" 2 ets_raw_next_2 [];
        } }
    };
}
ets_internal_bifs!(bif_rows);
