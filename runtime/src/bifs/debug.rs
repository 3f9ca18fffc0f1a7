//! Natives of module `erts_debug`.
