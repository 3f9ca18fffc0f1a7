//! Everything a process holds terms in besides its heap, shown to the collector.
#![allow(unsafe_code)]

use super::{Process, stack};
use crate::heap::{Collection, Exhausted, Roots, Visitor};
use crate::program::program;

struct ProcessRoots<'a> {
    head: beamrc_abi::process::ProcessHead,
    life: &'a mut super::life::Life,
    dictionary: &'a mut super::dictionary::Dictionary,
}

impl Roots for ProcessRoots<'_> {
    fn visit<V: Visitor>(&mut self, visitor: &mut V) {
        if self.head.chunk != 0 {
            // SAFETY: K1: a collection happens in safepoints only, whose stub has saved the stack.
            unsafe { stack::visit(&self.head, program(), visitor) };
        }
        self.life.visit(visitor);
        self.dictionary.roots(|term| visitor.term(term));
    }
}

impl Process {
    /// Collects, and makes room for `need_words`; every term in Rust variables is invalid after.
    pub fn collect(&mut self, need_words: usize, at_least: Collection) -> Result<(), Exhausted> {
        let counts_messages = self.heap.options.max_heap.words != 0 && !self.life.messages_off_heap;
        let words = if counts_messages { self.mailbox.words() } else { 0 };
        self.heap.message_words = u32::try_from(words).unwrap_or(u32::MAX);
        let mut roots = ProcessRoots {
            head: self.head,
            life: &mut self.life,
            dictionary: &mut self.dictionary,
        };
        let reductions = self.heap.collect(&mut self.head, need_words, at_least, &mut roots)?;
        // SAFETY: K1: as above.
        unsafe { stack::trim(&self.head, at_least >= Collection::Major) };
        self.charge(reductions);
        Ok(())
    }
}
