//! Rows of module `erlang`: bit strings and the external term format.

#[macro_export]
macro_rules! bits_bifs {
    ($m:ident) => {
        $m! { bits "erlang" {
        } }
    };
}
bits_bifs!(bif_rows);
