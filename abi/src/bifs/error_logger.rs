//! Rows of module `error_logger`.

#[macro_export]
macro_rules! error_logger_bifs {
    ($m:ident) => {
        $m! { error_logger "error_logger" {
            "warning_map" 0 warning_map_0 [];
        } }
    };
}
error_logger_bifs!(bif_rows);
