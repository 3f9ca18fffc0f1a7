//! Rows of module `persistent_term`.

#[macro_export]
macro_rules! persistent_term_bifs {
    ($m:ident) => {
        $m! { persistent_term "persistent_term" {
        } }
    };
}
persistent_term_bifs!(bif_rows);
