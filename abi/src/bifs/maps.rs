//! Rows of module `maps`.

#[macro_export]
macro_rules! maps_bifs {
    ($m:ident) => {
        $m! { maps "maps" {
        } }
    };
}
maps_bifs!(bif_rows);
