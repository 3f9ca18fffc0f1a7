//! Rows of module `erlang`: maps in guards.

#[macro_export]
macro_rules! map_guards_bifs {
    ($m:ident) => {
        $m! { map_guards "erlang" {
            "map_get" 2 map_get_2 [guard];
            "is_map_key" 2 is_map_key_2 [guard];
            "map_size" 1 map_size_1 [guard];
        } }
    };
}
map_guards_bifs!(bif_rows);
