//! Natives of module `math`.
