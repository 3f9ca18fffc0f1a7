//! The C library's mathematical functions, which OTP calls too: results agree to the last bit.

macro_rules! functions {
    ($($name:ident($($arg:ident),*);)*) => {
        unsafe extern "C" {
            $(pub safe fn $name($($arg: f64),*) -> f64;)*
        }
    };
}
functions! {
    acos(x); acosh(x); asin(x); asinh(x); atan(x); atanh(x); atan2(y, x); cos(x); cosh(x); erf(x); erfc(x);
    exp(x); fmod(x, y); log(x); log10(x); log2(x); pow(x, y); sin(x); sinh(x); tan(x); tanh(x);
}
