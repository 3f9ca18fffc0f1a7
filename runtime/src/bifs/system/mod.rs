
mod dates;
mod halt;
mod info;
mod statistics;
mod time;
mod unique;

pub use dates::*;
pub use halt::*;
pub use info::*;
pub use statistics::*;
pub use time::*;
pub use unique::*;
