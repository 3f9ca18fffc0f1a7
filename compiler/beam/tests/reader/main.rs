//! Tests of the reader through its public interface.

mod fixtures;
mod goldens;
mod hostile;
mod installations;
mod mutation;
