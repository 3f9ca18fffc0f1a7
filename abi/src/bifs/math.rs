//! Rows of module `math`.

#[macro_export]
macro_rules! math_bifs {
    ($m:ident) => {
        $m! { math "math" {
            "cos" 1 cos_1 [];
            "cosh" 1 cosh_1 [];
            "sin" 1 sin_1 [];
            "sinh" 1 sinh_1 [];
            "tan" 1 tan_1 [];
            "tanh" 1 tanh_1 [];
            "acos" 1 acos_1 [];
            "acosh" 1 acosh_1 [];
            "asin" 1 asin_1 [];
            "asinh" 1 asinh_1 [];
            "atan" 1 atan_1 [];
            "atanh" 1 atanh_1 [];
            "erf" 1 erf_1 [];
            "erfc" 1 erfc_1 [];
            "exp" 1 exp_1 [];
            "log" 1 log_1 [];
            "log2" 1 log2_1 [];
            "log10" 1 log10_1 [];
            "sqrt" 1 sqrt_1 [];
            "floor" 1 floor_1 [];
            "ceil" 1 ceil_1 [];
            "atan2" 2 atan2_2 [];
            "pow" 2 pow_2 [];
            "fmod" 2 fmod_2 [];
        } }
    };
}
math_bifs!(bif_rows);
