//! Rows of module `os`.

#[macro_export]
macro_rules! os_bifs {
    ($m:ident) => {
        $m! { os "os" {
        } }
    };
}
os_bifs!(bif_rows);
