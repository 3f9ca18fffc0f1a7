//! Rows of module `io`.

#[macro_export]
macro_rules! io_bifs {
    ($m:ident) => {
        $m! { io "io" {
        } }
    };
}
io_bifs!(bif_rows);
