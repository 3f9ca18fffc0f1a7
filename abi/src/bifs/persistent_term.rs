//! Rows of module `persistent_term`.

#[macro_export]
macro_rules! persistent_term_bifs {
    ($m:ident) => {
        $m! { persistent_term "persistent_term" {
            "get" 0 get_0 [];
            "get" 1 get_1 [];
            "get" 2 get_2 [];
            "put" 2 put_2 [];
            "put_new" 2 put_new_2 [];
            "erase" 1 erase_1 [];
            "info" 0 info_0 [];
        } }
    };
}
persistent_term_bifs!(bif_rows);
