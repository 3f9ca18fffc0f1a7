//! Natives of module `erts_internal`: values and system information.
