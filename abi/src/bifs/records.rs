//! Rows of module `records`: native records of OTP 29.

#[macro_export]
macro_rules! records_bifs {
    ($m:ident) => {
        $m! { records "records" {
            "create" 4 create_4 [scratch];
            "update" 4 update_4 [scratch];
            "get" 2 get_2 [];
            "get_module" 1 get_module_1 [];
            "get_name" 1 get_name_1 [];
            "get_field_names" 1 get_field_names_1 [];
            "is_exported" 1 is_exported_1 [];
            "get_definition" 2 get_definition_2 [];
        } }
    };
}
records_bifs!(bif_rows);
