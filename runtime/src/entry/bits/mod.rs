//! Entry points of bit syntax: [`create`] builds, [`matching`] takes apart.

pub mod create;
pub mod matching;
#[cfg(test)]
mod tests;
