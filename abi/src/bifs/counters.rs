//! Rows of module `erts_internal`: what `atomics` and `counters` stand on.

#[macro_export]
macro_rules! counters_bifs {
    ($m:ident) => {
        $m! { counters "erts_internal" {
        } }
    };
}
counters_bifs!(bif_rows);
