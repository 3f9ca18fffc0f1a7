//! Rows of module `beamrc_native`: descriptors, for what stands in for OTP's ports.

#[macro_export]
macro_rules! native_bifs {
    ($m:ident) => {
        $m! { native "beamrc_native" {
            "write" 2 write_2 [];
            "read" 2 read_2 [];
            "select" 1 select_1 [];
            "is_tty" 1 is_tty_1 [];
            "tty_size" 1 tty_size_1 [];
            "is_idle" 0 is_idle_0 [];
            "arguments" 0 arguments_0 [];
            "resource" 1 resource_1 [];
            "resources" 0 resources_0 [];
        } }
    };
}
native_bifs!(bif_rows);
