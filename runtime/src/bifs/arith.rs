//! Operators on integers and floats.

use crate::process::Process;
use crate::process::exception::{Result, badarith};
use crate::term::{Term, build};

fn smalls(a: Term, b: Term) -> Result<(i64, i64)> {
    match (a.as_small(), b.as_small()) {
        (Some(a), Some(b)) => Ok((a, b)),
        _ => Err(badarith()),
    }
}
pub fn plus_2(p: &mut Process, a: Term, b: Term) -> Result {
    let (a, b) = smalls(a, b)?;
    Ok(build::integer(p, a + b))
}
pub fn minus_2(p: &mut Process, a: Term, b: Term) -> Result {
    let (a, b) = smalls(a, b)?;
    Ok(build::integer(p, a - b))
}
pub fn times_2(p: &mut Process, a: Term, b: Term) -> Result {
    let (a, b) = smalls(a, b)?;
    a.checked_mul(b)
        .map(|v| build::integer(p, v))
        .ok_or_else(badarith)
}
pub fn div_2(p: &mut Process, a: Term, b: Term) -> Result {
    let (a, b) = smalls(a, b)?;
    if b == 0 {
        Err(badarith())
    } else {
        Ok(build::integer(p, a / b))
    }
}
pub fn rem_2(p: &mut Process, a: Term, b: Term) -> Result {
    let (a, b) = smalls(a, b)?;
    if b == 0 {
        Err(badarith())
    } else {
        Ok(build::integer(p, a % b))
    }
}
