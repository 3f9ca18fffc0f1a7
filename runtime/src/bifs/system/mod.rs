//! Time, unique values, the process dictionary and system information of module `erlang`.

mod dates;
mod time;
mod unique;

pub use dates::*;
pub use time::*;
pub use unique::*;
