//! Rows of module `prim_file`: names of files, files and folders.

#[macro_export]
macro_rules! prim_file_bifs {
    ($m:ident) => {
        $m! { prim_file "prim_file" {
            "internal_name2native" 1 internal_name2native_1 [];
            "internal_native2name" 1 internal_native2name_1 [];
            "is_translatable" 1 is_translatable_1 [];

            "open_nif" 2 open_nif_2 [];
            "file_desc_to_ref_nif" 1 file_desc_to_ref_nif_1 [];
            "close_nif" 1 close_nif_1 [];
            "delayed_close_nif" 1 delayed_close_nif_1 [];
            "read_nif" 2 read_nif_2 [];
            "write_nif" 2 write_nif_2 [];
            "pread_nif" 3 pread_nif_3 [];
            "pwrite_nif" 3 pwrite_nif_3 [];
            "seek_nif" 3 seek_nif_3 [];
            "sync_nif" 2 sync_nif_2 [];
            "truncate_nif" 1 truncate_nif_1 [];
            "allocate_nif" 3 allocate_nif_3 [];
            "advise_nif" 4 advise_nif_4 [];
            "get_handle_nif" 1 get_handle_nif_1 [];
            "ipread_s32bu_p32bu_nif" 3 ipread_s32bu_p32bu_nif_3 [];

            "read_info_nif" 2 read_info_nif_2 [];
            "read_handle_info_nif" 1 read_handle_info_nif_1 [];
            "set_permissions_nif" 2 set_permissions_nif_2 [];
            "set_owner_nif" 3 set_owner_nif_3 [];
            "set_time_nif" 4 set_time_nif_4 [];

            "read_file_nif" 1 read_file_nif_1 [];
            "read_link_nif" 1 read_link_nif_1 [];
            "list_dir_nif" 1 list_dir_nif_1 [];
            "rename_nif" 2 rename_nif_2 [];
            "make_hard_link_nif" 2 make_hard_link_nif_2 [];
            "make_soft_link_nif" 2 make_soft_link_nif_2 [];
            "make_dir_nif" 1 make_dir_nif_1 [];
            "del_file_nif" 1 del_file_nif_1 [];
            "del_dir_nif" 1 del_dir_nif_1 [];
            "set_cwd_nif" 1 set_cwd_nif_1 [];
            "get_cwd_nif" 0 get_cwd_nif_0 [];
            "get_device_cwd_nif" 1 get_device_cwd_nif_1 [];
            "altname_nif" 1 altname_nif_1 [];
        } }
    };
}
prim_file_bifs!(bif_rows);
