//! Natives of module `error_logger`.
