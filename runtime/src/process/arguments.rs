//! The `x` array: where arguments stand between compiled code and the runtime.
#![allow(unsafe_code)]

use super::Process;
use crate::term::{Term, build};
use beamrc_abi::process::X_REGISTERS;

impl Process {
    /// Puts arguments where a jump to compiled code finds them.
    pub fn set_x(&mut self, arguments: &[Term]) {
        assert!(arguments.len() <= X_REGISTERS, "no function has more arguments");
        // SAFETY: I4: `x` is the scheduler's array of that many words; Term is one word.
        unsafe {
            let x = self.head.x as *mut Term;
            core::ptr::copy_nonoverlapping(arguments.as_ptr(), x, arguments.len());
        }
    }
    /// All of `x`, to be filled.
    pub fn x_mut(&mut self) -> &mut [Term] {
        // SAFETY: I4: `x` is the scheduler's array of that many words; Term is one word.
        unsafe { core::slice::from_raw_parts_mut(self.head.x as *mut Term, X_REGISTERS) }
    }
    /// The first `count` words of `x`, which compiled code has filled with terms.
    pub fn x(&self, count: usize) -> &[Term] {
        assert!(count <= X_REGISTERS, "no function has more arguments");
        // SAFETY: I4: as above.
        unsafe { core::slice::from_raw_parts(self.head.x as *const Term, count) }
    }
    /// The same as a list.
    pub fn x_as_list(&mut self, count: usize) -> Term {
        let mut list = Term::NIL;
        for i in (0..count).rev() {
            let element = self.x(count)[i];
            list = build::cons(self, element, list);
        }
        list
    }
}
