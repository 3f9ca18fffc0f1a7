//! Passes over the form: one pass, one file.

pub mod tidy;
