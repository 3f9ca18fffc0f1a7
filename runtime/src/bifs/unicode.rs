//! Natives of module `unicode`.
