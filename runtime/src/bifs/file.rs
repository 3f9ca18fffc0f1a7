//! Natives of module `file`.

use crate::bifs::native_name;
use crate::process::Process;
use crate::process::exception::Result;

pub fn native_name_encoding_0(_p: &mut Process) -> Result {
    Ok(native_name::encoding())
}
