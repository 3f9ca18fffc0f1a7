//! Natives of module `io`.
