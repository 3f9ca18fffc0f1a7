//! Natives of module `string`.
