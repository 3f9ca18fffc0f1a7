//! Natives of module `os`.
