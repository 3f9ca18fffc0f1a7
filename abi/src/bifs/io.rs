//! Rows of module `io`.

#[macro_export]
macro_rules! io_bifs {
    ($m:ident) => {
        $m! { io "io" {
            "printable_range" 0 printable_range_0 [];
        } }
    };
}
io_bifs!(bif_rows);
