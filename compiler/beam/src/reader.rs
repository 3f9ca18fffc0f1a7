//! Bounded reading of bytes and of compact terms: never past the end, never a panic.

