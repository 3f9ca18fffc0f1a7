//! Rows of module `erlang`: conversions, lists, tuples, maps, type tests.

#[macro_export]
macro_rules! values_bifs {
    ($m:ident) => {
        $m! { values "erlang" {
        } }
    };
}
values_bifs!(bif_rows);
