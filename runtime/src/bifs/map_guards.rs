//! Maps in guards, of module `erlang`.

use super::maps::{badmap, get_2, is_key_2};
use crate::process::Process;
use crate::process::exception::Result;
use crate::term::{Term, map};

pub fn map_get_2(p: &mut Process, key: Term, map: Term) -> Result {
    get_2(p, key, map)
}
pub fn is_map_key_2(p: &mut Process, key: Term, map: Term) -> Result {
    is_key_2(p, key, map)
}
pub fn map_size_1(p: &mut Process, map: Term) -> Result {
    let size = map::size(map).ok_or_else(|| badmap(p, map))?;
    Ok(Term::small(size as i64))
}
