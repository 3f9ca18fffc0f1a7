//! Rows of module `crypto`: digests, authentication codes and random bytes.

#[macro_export]
macro_rules! crypto_bifs {
    ($m:ident) => {
        $m! { crypto "crypto" {
            "hash_info" 1 hash_info_1 [];
            "hash_nif" 2 hash_nif_2 [scratch];
            "hash_init_nif" 1 hash_init_nif_1 [];
            "hash_update_nif" 2 hash_update_nif_2 [];
            "hash_final_nif" 1 hash_final_nif_1 [];
            "hash_final_xof_nif" 2 hash_final_xof_nif_2 [];

            "mac_nif" 4 mac_nif_4 [scratch];
            "mac_init_nif" 3 mac_init_nif_3 [];
            "mac_update_nif" 2 mac_update_nif_2 [];
            "mac_final_nif" 1 mac_final_nif_1 [];
            "pbkdf2_hmac_nif" 5 pbkdf2_hmac_nif_5 [scratch];

            "strong_rand_bytes_nif" 1 strong_rand_bytes_nif_1 [];
            "rand_seed_nif" 1 rand_seed_nif_1 [];
            "block_encrypt" 2 block_encrypt_2 [];
            "do_exor" 2 do_exor_2 [scratch];
            "hash_equals_nif" 2 hash_equals_nif_2 [scratch];
        } }
    };
}
crypto_bifs!(bif_rows);
