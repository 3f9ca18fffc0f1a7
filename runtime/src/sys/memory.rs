//! How much memory the C library's allocator has handed out.

/// Bytes in use, large blocks included.
pub fn malloc_bytes() -> usize {
    // SAFETY: only reads the allocator's figures, under its own locks.
    let figures = unsafe { libc::mallinfo2() };
    figures.uordblks + figures.hblkhd
}
