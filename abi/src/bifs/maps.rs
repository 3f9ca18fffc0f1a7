//! Rows of module `maps`.

#[macro_export]
macro_rules! maps_bifs {
    ($m:ident) => {
        $m! { maps "maps" {
            "get" 2 get_2 [];
            "find" 2 find_2 [];
            "is_key" 2 is_key_2 [];
            "keys" 1 keys_1 [];
            "values" 1 values_1 [];
            "put" 3 put_3 [];
            "update" 3 update_3 [];
            "remove" 2 remove_2 [];
            "take" 2 take_2 [];
            "merge" 2 merge_2 [scratch];
            "from_list" 1 from_list_1 [scratch];
            "from_keys" 2 from_keys_2 [scratch];
        } }
    };
}
maps_bifs!(bif_rows);
