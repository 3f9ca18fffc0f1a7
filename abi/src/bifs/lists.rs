//! Rows of module `lists`.

#[macro_export]
macro_rules! lists_bifs {
    ($m:ident) => {
        $m! { lists "lists" {
            "member" 2 member_2 [];
            "reverse" 2 reverse_2 [];
            "keyfind" 3 keyfind_3 [];
            "keymember" 3 keymember_3 [];
            "keysearch" 3 keysearch_3 [];
        } }
    };
}
lists_bifs!(bif_rows);
