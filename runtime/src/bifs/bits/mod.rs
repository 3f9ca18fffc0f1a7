//! Bit strings, iodata, checksums and the external term format: natives of module `erlang`.

mod checksums;
mod external;
mod iodata;
mod parts;
#[cfg(test)]
mod tests;

pub use checksums::*;
pub use external::*;
pub use iodata::*;
pub use parts::*;
