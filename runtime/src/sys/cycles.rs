//! The processor's cycle counter, a cheap clock for decisions that need no unit; and hints about
//! what it will have to read.

/// Cycles of a counter that rises at a constant rate of about 1 to 5 GHz.
#[inline]
pub fn now() -> u64 {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: reads the time stamp counter, which every x86-64 processor has.
    unsafe {
        core::arch::x86_64::_rdtsc()
    }
    #[cfg(not(target_arch = "x86_64"))]
    compile_error!("a cycle counter for this processor is missing");
}

/// Begins to bring what stands at an address, whatever it is, into the cache.
#[inline]
pub fn will_read<T>(address: *const T) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: nothing is read that the program sees, at any address.
    unsafe {
        use core::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(address.cast());
    }
}
