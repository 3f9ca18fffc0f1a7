//! Rows of module `prim_file`: names of files.

#[macro_export]
macro_rules! prim_file_bifs {
    ($m:ident) => {
        $m! { prim_file "prim_file" {
            "internal_name2native" 1 internal_name2native_1 [];
            "internal_native2name" 1 internal_native2name_1 [];
            "is_translatable" 1 is_translatable_1 [];
        } }
    };
}
prim_file_bifs!(bif_rows);
