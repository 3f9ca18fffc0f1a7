//! Rows of module `erlang`: comparison, hashing and printing of any term.

#[macro_export]
macro_rules! terms_bifs {
    ($m:ident) => {
        $m! { terms "erlang" {
            "=:=" 2 exactly_equal_2 [guard];
            "=/=" 2 exactly_different_2 [guard];
            "==" 2 equal_2 [guard];
            "/=" 2 different_2 [guard];
            "<" 2 less_2 [guard];
            "=<" 2 less_or_equal_2 [guard];
            ">" 2 greater_2 [guard];
            ">=" 2 greater_or_equal_2 [guard];
            "min" 2 min_2 [guard];
            "max" 2 max_2 [guard];
            "phash2" 1 phash2_1 [];
            "phash2" 2 phash2_2 [];
            "phash" 2 phash_2 [];
            "display" 1 display_1 [scratch];
        } }
    };
}
terms_bifs!(bif_rows);
