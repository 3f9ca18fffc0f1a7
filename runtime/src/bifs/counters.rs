//! Natives of module `erts_internal`: what `atomics` and `counters` stand on.
