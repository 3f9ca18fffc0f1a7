//! Rows of module `zlib`: streams that compress and decompress.

#[macro_export]
macro_rules! zlib_bifs {
    ($m:ident) => {
        $m! { zlib "zlib" {
            "open_nif" 0 open_nif_0 [];
            "close_nif" 1 close_nif_1 [];
            "set_controller_nif" 2 set_controller_nif_2 [];

            "beamrc_deflate_init" 2 beamrc_deflate_init_2 [];
            "deflateSetDictionary_nif" 2 deflate_set_dictionary_nif_2 [];
            "deflateReset_nif" 1 deflate_reset_nif_1 [];
            "deflateEnd_nif" 1 deflate_end_nif_1 [];
            "deflateParams_nif" 3 deflate_params_nif_3 [];
            "deflate_nif" 4 deflate_nif_4 [];

            "inflateInit_nif" 3 inflate_init_nif_3 [];
            "inflateSetDictionary_nif" 2 inflate_set_dictionary_nif_2 [];
            "inflateGetDictionary_nif" 1 inflate_get_dictionary_nif_1 [];
            "inflateReset_nif" 1 inflate_reset_nif_1 [];
            "inflateEnd_nif" 1 inflate_end_nif_1 [];
            "inflate_nif" 4 inflate_nif_4 [];

            "getStash_nif" 1 get_stash_nif_1 [];
            "clearStash_nif" 1 clear_stash_nif_1 [];
            "setStash_nif" 2 set_stash_nif_2 [];
            "enqueue_nif" 2 enqueue_nif_2 [];

            "crc32_nif" 1 crc32_nif_1 [];
            "getBufSize_nif" 1 get_buf_size_nif_1 [];
            "setBufSize_nif" 2 set_buf_size_nif_2 [];
        } }
    };
}
zlib_bifs!(bif_rows);
