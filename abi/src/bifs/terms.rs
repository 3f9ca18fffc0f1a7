//! Rows of module `erlang`: comparison, hashing and printing of any term.

#[macro_export]
macro_rules! terms_bifs {
    ($m:ident) => {
        $m! { terms "erlang" {
            "display" 1 display_1 [];
        } }
    };
}
terms_bifs!(bif_rows);
