//! Rows of module `erlang`: operators and numbers.

#[macro_export]
macro_rules! arith_bifs {
    ($m:ident) => {
        $m! { arith "erlang" {
            "+" 2 plus_2 [guard];
            "-" 2 minus_2 [guard];
            "*" 2 times_2 [guard];
            "div" 2 div_2 [guard];
            "rem" 2 rem_2 [guard];
        } }
    };
}
arith_bifs!(bif_rows);
