//! Rows of module `re`: regular expressions.

#[macro_export]
macro_rules! re_bifs {
    ($m:ident) => {
        $m! { re "re" {
            "beamrc_compile" 2 beamrc_compile_2 [];
            "beamrc_run" 3 beamrc_run_3 [scratch];
            "internal_run" 4 internal_run_4 [scratch];
            "inspect" 2 inspect_2 [scratch];
            "version" 0 version_0 [];
        } }
    };
}
re_bifs!(bif_rows);
