//! From the bytes of a file to a module: the container and the order of the chunks.

use crate::error::{Error, Fault};
use crate::module::Module;

pub(crate) fn read(bytes: &[u8], origin: &str) -> Result<Module, Error> {
    let _ = bytes;
    Err(Fault::new(0, "this build cannot read BEAM files yet").within(origin, None))
}
