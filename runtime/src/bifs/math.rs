//! Natives of module `math`: `badarg` for what is no number, `badarith` for what has no result.

use super::arith::float_of;
use crate::process::Process;
use crate::process::exception::{Result, badarg, badarith};
use crate::term::integer::Integer;
use crate::term::libm::*;
use crate::term::{Term, build};

/// A number as a float.
fn operand(term: Term) -> Result<f64> {
    float_of(term).ok_or_else(|| match Integer::of(term, &mut 0) {
        Some(_) => badarith(),
        None => badarg(),
    })
}
fn call(p: &mut Process, result: f64) -> Result {
    if result.is_finite() { Ok(build::float(p, result)) } else { Err(badarith()) }
}

macro_rules! functions {
    ($($bif:ident = $function:path;)*) => {
        $(pub fn $bif(p: &mut Process, x: Term) -> Result {
            let x = operand(x)?;
            call(p, $function(x))
        })*
    };
}
functions! {
    cos_1 = cos; cosh_1 = cosh; sin_1 = sin; sinh_1 = sinh; tan_1 = tan; tanh_1 = tanh;
    acos_1 = acos; acosh_1 = acosh; asin_1 = asin; asinh_1 = asinh; atan_1 = atan; atanh_1 = atanh;
    erf_1 = erf; erfc_1 = erfc; exp_1 = exp; log_1 = log; log2_1 = log2; log10_1 = log10;
    sqrt_1 = f64::sqrt; floor_1 = f64::floor; ceil_1 = f64::ceil;
}

macro_rules! binary_functions {
    ($($bif:ident = $function:path;)*) => {
        $(pub fn $bif(p: &mut Process, x: Term, y: Term) -> Result {
            let (x, y) = (operand(x)?, operand(y)?);
            call(p, $function(x, y))
        })*
    };
}
binary_functions! {
    atan2_2 = atan2; pow_2 = pow; fmod_2 = fmod;
}
