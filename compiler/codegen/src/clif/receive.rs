//! Going over the messages of a mailbox.
//!
//! The list of messages is looked at in line; its end, and what is no message, is left to the
//! runtime. Nothing is called on the way that is mostly taken.

use super::lower::{FLAGS, Lower};
use beamrc_abi::entry::e;
use beamrc_abi::process as head;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::I64;
use cranelift_codegen::ir::{self, BlockArg, InstBuilder};

impl Lower<'_> {
    /// The message that the receive has come to, or what the runtime says of it.
    pub fn peek_message(&mut self) -> ir::Value {
        let slow = self.slow_block();
        let node = self.node_after_save(slow);
        let tag = self.b.ins().load(I64, FLAGS(), node, head::MESSAGE_TAG);
        self.unless_zero(tag, slow);
        let message = self.b.ins().load(I64, FLAGS(), node, head::MESSAGE_TERM);
        let yes = self.b.ins().iconst(I64, 1);
        self.set_process_field(head::RECEIVE_EXAMINING, yes);
        let join = self.b.create_block();
        let result = self.b.append_block_param(join, I64);
        self.b.ins().jump(join, &[BlockArg::Value(message)]);
        self.switch_to(slow);
        let message = self.call_slow(e::recv_peek.symbol, &[]);
        self.b.ins().jump(join, &[BlockArg::Value(message)]);
        self.switch_to(join);
        result
    }
    /// Leaves that message behind.
    pub fn pass_message(&mut self) {
        let slow = self.slow_block();
        let node = self.node_after_save(slow);
        let tag = self.b.ins().load(I64, FLAGS(), node, head::MESSAGE_TAG);
        self.unless_zero(tag, slow);
        self.set_process_field(head::RECEIVE_SAVE, node);
        let no = self.b.ins().iconst(I64, 0);
        self.set_process_field(head::RECEIVE_EXAMINING, no);
        let join = self.b.create_block();
        self.b.ins().jump(join, &[]);
        self.switch_to(slow);
        self.call_slow(e::recv_next.symbol, &[]);
        self.b.ins().jump(join, &[]);
        self.switch_to(join);
    }
    fn slow_block(&mut self) -> ir::Block {
        let slow = self.b.create_block();
        self.b.set_cold_block(slow);
        slow
    }
    fn node_after_save(&mut self, slow: ir::Block) -> ir::Value {
        let save = self.process_field(head::RECEIVE_SAVE);
        let none = self.b.ins().icmp_imm_s(IntCC::Equal, save, 0);
        self.unless_zero(none, slow);
        let node = self.b.ins().load(I64, FLAGS(), save, head::MESSAGE_NEXT);
        let none = self.b.ins().icmp_imm_s(IntCC::Equal, node, 0);
        self.unless_zero(none, slow);
        node
    }
}
