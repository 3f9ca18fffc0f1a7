//! Rows of module `ets`.

#[macro_export]
macro_rules! ets_bifs {
    ($m:ident) => {
        $m! { ets "ets" {
            "new" 2 new_2 [];
            "rename" 2 rename_2 [];
            "delete" 1 delete_1 [];
            "give_away" 3 give_away_3 [];
            "setopts" 2 setopts_2 [];
            "safe_fixtable" 2 safe_fixtable_2 [];
            "whereis" 1 whereis_1 [];
            "info" 1 info_1 [];
            "info" 2 info_2 [];
            "internal_request_all" 0 internal_request_all_0 [];

            "insert" 2 insert_2 [];
            "insert_new" 2 insert_new_2 [];
            "lookup" 2 lookup_2 [];
            "lookup_element" 3 lookup_element_3 [];
            "lookup_element" 4 lookup_element_4 [];
            "member" 2 member_2 [];
            "take" 2 take_2 [];
            "delete" 2 delete_2 [];
            "delete_object" 2 delete_object_2 [];
            "internal_delete_all" 2 internal_delete_all_2 [];
            "update_counter" 3 update_counter_3 [];
            "update_counter" 4 update_counter_4 [];
            "update_element" 3 update_element_3 [];
            "update_element" 4 update_element_4 [];

            "first" 1 first_1 [];
            "first_lookup" 1 first_lookup_1 [];
            "last" 1 last_1 [];
            "last_lookup" 1 last_lookup_1 [];
            "next" 2 next_2 [];
            "next_lookup" 2 next_lookup_2 [];
            "prev" 2 prev_2 [];
            "prev_lookup" 2 prev_lookup_2 [];
            "slot" 2 slot_2 [];

            "match" 1 match_1 [];
            "match" 2 match_2 [scratch];
            "match" 3 match_3 [];
            "match_object" 1 match_object_1 [];
            "match_object" 2 match_object_2 [scratch];
            "match_object" 3 match_object_3 [];
            "select" 1 select_1 [];
            "select" 2 select_2 [scratch];
            "select" 3 select_3 [];
            "select_reverse" 1 select_reverse_1 [];
            "select_reverse" 2 select_reverse_2 [scratch];
            "select_reverse" 3 select_reverse_3 [];
            "select_count" 2 select_count_2 [scratch];
            "select_replace" 2 select_replace_2 [scratch];
            "internal_select_delete" 2 internal_select_delete_2 [scratch];
            "is_compiled_ms" 1 is_compiled_ms_1 [];
            "match_spec_compile" 1 match_spec_compile_1 [];
            "match_spec_run_r" 3 match_spec_run_r_3 [scratch];
        } }
    };
}
ets_bifs!(bif_rows);
