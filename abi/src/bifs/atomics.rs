//! Rows of module `atomics`.

#[macro_export]
macro_rules! atomics_bifs {
    ($m:ident) => {
        $m! { atomics "atomics" {
            "get" 2 get_2 [];
            "put" 3 put_3 [];
            "add" 3 add_3 [];
            "add_get" 3 add_get_3 [];
            "exchange" 3 exchange_3 [];
            "compare_exchange" 4 compare_exchange_4 [];
            "info" 1 info_1 [];
        } }
    };
}
atomics_bifs!(bif_rows);
