//! Natives of module `persistent_term`.
