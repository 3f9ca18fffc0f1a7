//! Rows of module `net_kernel`.

#[macro_export]
macro_rules! net_kernel_bifs {
    ($m:ident) => {
        $m! { net_kernel "net_kernel" {
            "dflag_unicode_io" 1 dflag_unicode_io_1 [];
        } }
    };
}
net_kernel_bifs!(bif_rows);
