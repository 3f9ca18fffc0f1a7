//! Natives of module `binary`.
