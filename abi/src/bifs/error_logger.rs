//! Rows of module `error_logger`.

#[macro_export]
macro_rules! error_logger_bifs {
    ($m:ident) => {
        $m! { error_logger "error_logger" {
        } }
    };
}
error_logger_bifs!(bif_rows);
