//! Natives of module `maps`.
