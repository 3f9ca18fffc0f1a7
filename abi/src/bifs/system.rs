//! Rows of module `erlang`: time, unique values, process dictionary, system information.

#[macro_export]
macro_rules! system_bifs {
    ($m:ident) => {
        $m! { system "erlang" {
        } }
    };
}
system_bifs!(bif_rows);
