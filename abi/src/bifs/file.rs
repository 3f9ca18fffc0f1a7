//! Rows of module `file`.

#[macro_export]
macro_rules! file_bifs {
    ($m:ident) => {
        $m! { file "file" {
            "native_name_encoding" 0 native_name_encoding_0 [];
        } }
    };
}
file_bifs!(bif_rows);
