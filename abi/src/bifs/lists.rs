//! Rows of module `lists`.

#[macro_export]
macro_rules! lists_bifs {
    ($m:ident) => {
        $m! { lists "lists" {
            "reverse" 2 reverse_2 [];
        } }
    };
}
lists_bifs!(bif_rows);
