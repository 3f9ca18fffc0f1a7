//! Rows of module `erts_internal`: values and system information.

#[macro_export]
macro_rules! internal_bifs {
    ($m:ident) => {
        $m! { internal "erts_internal" {
            "time_unit" 0 time_unit_0 [];
            "perf_counter_unit" 0 perf_counter_unit_0 [];
            "get_creation" 0 get_creation_0 [];
            "is_system_process" 1 is_system_process_1 [];
            "erase_persistent_terms" 0 erase_persistent_terms_0 [];
            "term_to_string" 2 term_to_string_2 [scratch];
        } }
    };
}
internal_bifs!(bif_rows);
