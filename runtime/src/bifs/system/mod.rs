//! Time, unique values, the process dictionary and system information of module `erlang`.

mod dates;
mod dictionary;
mod display;
mod flags;
mod halt;
mod info;
mod nodes;
mod statistics;
mod texts;
mod time;
mod unique;

pub use dates::*;
pub use dictionary::*;
pub use display::*;
pub use flags::*;
pub use halt::*;
pub use info::*;
pub use nodes::*;
pub use statistics::*;
pub use time::*;
pub use unique::*;
