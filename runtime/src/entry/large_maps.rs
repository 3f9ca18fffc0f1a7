//! Completes literal maps of more keys than fit a flat map, before anything runs: hashing is the
//! runtime's matter, so the compiler only reserves the root's words and lists the pairs.

use crate::heap::literal;
use crate::term::{Term, header_size, map};
use beamrc_abi::program::{LargeMap, Program};

/// # Safety
/// `program` is the compiler's table (I4); nothing runs yet.
pub unsafe fn complete(program: *const Program) {
    // SAFETY: the caller's contract: address and count of a table of the program.
    let maps = unsafe {
        let program = &*program;
        if program.large_map_count == 0 {
            return;
        }
        core::slice::from_raw_parts(
            program.large_maps as *const LargeMap,
            program.large_map_count as usize,
        )
    };
    for large in maps {
        // SAFETY: I4: `count` pairs of terms.
        let words = unsafe {
            core::slice::from_raw_parts(large.pairs as *const Term, 2 * large.count as usize)
        };
        let mut pairs: Vec<(Term, Term)> = words.chunks_exact(2).map(|p| (p[0], p[1])).collect();
        let root = literal::with(|area| map::from_pairs(area, &mut pairs));
        let header = root.header().expect("a map of many keys is boxed");
        // SAFETY: I4: the compiler reserved a header and as many words as a root can have; inner
        // maps come first, so the pairs are complete terms.
        unsafe {
            core::ptr::copy_nonoverlapping(
                root.address(),
                large.object as *mut u64,
                1 + header_size(header),
            );
        }
    }
}
