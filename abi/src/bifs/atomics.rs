//! Rows of module `atomics`.

#[macro_export]
macro_rules! atomics_bifs {
    ($m:ident) => {
        $m! { atomics "atomics" {
        } }
    };
}
atomics_bifs!(bif_rows);
