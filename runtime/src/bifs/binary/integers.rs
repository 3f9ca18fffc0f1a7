//! Unsigned integers as the bytes of binaries.

use super::binary;
use crate::heap::bits::from_bytes;
use crate::process::Process;
use crate::process::exception::{Result, badarg, system_limit};
use crate::term::bits::integer::LITTLE;
use crate::term::{Term, View};
use beamrc_abi::atom::id;

const BIG: Term = Term::atom(id::BIG);

fn is_little(order: Term) -> Result<bool> {
    match order.as_atom() {
        Some(id::BIG) => Ok(false),
        Some(id::LITTLE) => Ok(true),
        _ => Err(badarg()),
    }
}

pub fn encode_unsigned_1(p: &mut Process, value: Term) -> Result {
    encode_unsigned_2(p, value, BIG)
}
/// The bytes of a number, as few as it needs, at least one.
pub fn encode_unsigned_2(p: &mut Process, value: Term, order: Term) -> Result {
    let little = is_little(order)?;
    let mut bytes: Vec<u8> = match value.view() {
        View::Small(small @ 0..) => small.to_le_bytes().to_vec(),
        View::Big { negative: false, words } => {
            words.iter().flat_map(|word| word.to_le_bytes()).collect()
        }
        _ => return Err(badarg()),
    };
    let used = bytes.iter().rposition(|byte| *byte != 0).unwrap_or(0) + 1;
    bytes.truncate(used);
    if !little {
        bytes.reverse();
    }
    Ok(from_bytes(p, &bytes))
}

pub fn decode_unsigned_1(p: &mut Process, subject: Term) -> Result {
    decode_unsigned_2(p, subject, BIG)
}
pub fn decode_unsigned_2(p: &mut Process, subject: Term, order: Term) -> Result {
    let little = is_little(order)?;
    let flags = if little { LITTLE } else { 0 };
    let value = binary(subject)?.to_integer(p, flags);
    value.is_value().then_some(value).ok_or_else(system_limit)
}
