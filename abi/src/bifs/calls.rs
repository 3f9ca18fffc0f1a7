//! Rows of module `erlang`: calls of functions that are known when the program runs.

#[macro_export]
macro_rules! calls_bifs {
    ($m:ident) => {
        $m! { calls "erlang" {
            "apply" 2 apply_2 [trap];
            "apply" 3 apply_3 [trap];
        } }
    };
}
calls_bifs!(bif_rows);
