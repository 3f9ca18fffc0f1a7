//! Natives of module `atomics`.
