//! Floats to and from text.

use super::integer_text::{list_to_bytes, to_list};
use crate::heap::bits::from_bytes;
use crate::process::Process;
use crate::process::exception::{Result, badarg};
use crate::term::bits::Bits;
use crate::term::{Term, build, float_text};
use beamrc_abi::atom::id;

/// Decimals of the scientific form where none are asked for.
const DEFAULT_DECIMALS: i64 = 20;

pub fn float_to_list_1(p: &mut Process, float: Term) -> Result {
    float_to_list_2(p, float, Term::NIL)
}
pub fn float_to_list_2(p: &mut Process, float: Term, options: Term) -> Result {
    let text = float_to_text(float, options).ok_or_else(badarg)?;
    Ok(to_list(p, text.as_bytes()))
}
pub fn float_to_binary_1(p: &mut Process, float: Term) -> Result {
    float_to_binary_2(p, float, Term::NIL)
}
pub fn float_to_binary_2(p: &mut Process, float: Term, options: Term) -> Result {
    let text = float_to_text(float, options).ok_or_else(badarg)?;
    Ok(from_bytes(p, text.as_bytes()))
}

enum Form {
    Short,
    Fixed,
    Scientific,
}

/// Nothing if the first argument is no float, an option none, or the text too long. The last
/// option of a kind wins.
fn float_to_text(float: Term, options: Term) -> Option<String> {
    let float = float.as_float()?;
    let (mut form, mut decimals, mut compact) = (Form::Scientific, DEFAULT_DECIMALS, false);
    let mut elements = options.list();
    for option in elements.by_ref() {
        match (option.as_atom(), option.as_tuple()) {
            (Some(id::COMPACT), _) => compact = true,
            (Some(id::SHORT), _) => form = Form::Short,
            (_, Some([name, count])) => {
                decimals = count.as_small()?;
                form = match name.as_atom()? {
                    id::DECIMALS => Form::Fixed,
                    id::SCIENTIFIC => Form::Scientific,
                    _ => return None,
                };
            }
            _ => return None,
        }
    }
    if !elements.tail().is_nil() {
        return None;
    }
    match form {
        Form::Short => Some(float_text::short(float)),
        Form::Fixed => float_text::fixed(float, decimals, compact),
        Form::Scientific => float_text::scientific(float, decimals),
    }
}

pub fn list_to_float_1(p: &mut Process, list: Term) -> Result {
    let text = list_to_bytes(list).ok_or_else(badarg)?;
    text_to_float(p, &text)
}
pub fn binary_to_float_1(p: &mut Process, binary: Term) -> Result {
    let bits = Bits::of_binary(binary).ok_or_else(badarg)?;
    text_to_float(p, &bits.to_bytes())
}
/// As for OTP, whose texts end there, what follows a zero is nothing.
fn text_to_float(p: &mut Process, text: &[u8]) -> Result {
    let text = text.split(|byte| *byte == 0).next().unwrap_or(text);
    let float = float_text::parse(text).ok_or_else(badarg)?;
    Ok(build::float(p, float))
}
