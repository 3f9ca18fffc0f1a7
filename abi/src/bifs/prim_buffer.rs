//! Rows of module `prim_buffer`: bytes that were read ahead.

#[macro_export]
macro_rules! prim_buffer_bifs {
    ($m:ident) => {
        $m! { prim_buffer "prim_buffer" {
            "new" 0 new_0 [];
            "size" 1 size_1 [];
            "read" 2 read_2 [];
            "read_iovec" 2 read_iovec_2 [];
            "write" 2 write_2 [];
            "skip" 2 skip_2 [];
            "find_byte_index" 2 find_byte_index_2 [];
            "try_lock" 1 try_lock_1 [];
            "unlock" 1 unlock_1 [];
        } }
    };
}
prim_buffer_bifs!(bif_rows);
