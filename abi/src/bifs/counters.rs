//! Rows of module `erts_internal`: what `atomics` and `counters` stand on.

#[macro_export]
macro_rules! counters_bifs {
    ($m:ident) => {
        $m! { counters "erts_internal" {
            "atomics_new" 2 atomics_new_2 [];
            "counters_new" 1 counters_new_1 [];
            "counters_get" 2 counters_get_2 [];
            "counters_add" 3 counters_add_3 [];
            "counters_put" 3 counters_put_3 [];
            "counters_info" 1 counters_info_1 [];
        } }
    };
}
counters_bifs!(bif_rows);
