//! Row of module `erlang`: the test of match specifications.

#[macro_export]
macro_rules! match_spec_bifs {
    ($m:ident) => {
        $m! { match_spec "erlang" {
            "match_spec_test" 3 match_spec_test_3 [scratch];
        } }
    };
}
match_spec_bifs!(bif_rows);
