//! Rows of module `beamrc_native`: descriptors, for what stands in for OTP's ports.

#[macro_export]
macro_rules! native_bifs {
    ($m:ident) => {
        $m! { native "beamrc_native" {
        } }
    };
}
native_bifs!(bif_rows);
