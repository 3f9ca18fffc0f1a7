//! Rows of module `erlang`: packets of protocols.

#[macro_export]
macro_rules! packet_bifs {
    ($m:ident) => {
        $m! { packet "erlang" {
            "decode_packet" 3 decode_packet_3 [scratch];
        } }
    };
}
packet_bifs!(bif_rows);
