//! The messages of a process that its signal queue has already delivered, and the receive that
//! goes over them.
//!
//! A message stays in its fragment until it is received; then the heap adopts the fragment. The
//! list is singly linked, a place in it is the node before it (null: the start). Among the messages
//! stand markers: a receive that waits for what a new reference brings starts at the marker made
//! just before the reference, and so skips everything older.
//!
//! * M1: `last` is null or a node of the list, which has no successor; `save` is null, a node, or the
//!   word that holds the first node, which is like a node's (a process does not move).
//! * M2: a marker node's `message` is the address of the node before it (raw), kept up to date
//!   whenever that node changes.
#![allow(unsafe_code)]

use super::signal::Kind;
use crate::heap::{Fragment, FragmentHead, out_of_memory_of};
use crate::term::Term;
use beamrc_abi::process::Receive;
use core::ptr::{NonNull, null_mut};

type Node = *mut FragmentHead;

#[repr(C)]
pub struct Mailbox {
    /// The receive's place, and whether a message is being examined: its terms are not the heap's
    /// yet, so nothing may be collected. Compiled code goes over messages by itself.
    receive: Receive,
    first: Node,
    last: Node,
    length: usize,
    markers: Vec<Marker>,
    next_marker: u32,
    /// The receive has looked for messages.
    has_looked: bool,
    /// A message has come before those it has looked at.
    looks_again: bool,
}

pub(super) const RECEIVE_OFFSET: usize = core::mem::offset_of!(Mailbox, receive);
// The signals that compiled code takes for messages.
const _: () = assert!(Kind::Message as u64 == 0);

struct Marker {
    number: u32,
    /// Of the reference it is bound to.
    reference: Option<u64>,
    node: Node,
}
/// More are forgotten, the oldest first: a receive without its marker is merely slow.
const MARKERS_MAX: usize = 8;

impl Default for Mailbox {
    fn default() -> Mailbox {
        Mailbox {
            receive: Receive { save: 0, examining: 0 },
            first: null_mut(),
            last: null_mut(),
            length: 0,
            markers: Vec::new(),
            next_marker: 1,
            has_looked: false,
            looks_again: false,
        }
    }
}

fn is_marker(node: Node) -> bool {
    // SAFETY: nodes of the list.
    unsafe { (*node).tag == Kind::Marker as u64 }
}
/// Whether there is a node, and its message stands before ordinary ones.
fn is_priority(node: Node) -> bool {
    // SAFETY: nodes of the list.
    !node.is_null() && unsafe { (*node).tag == Kind::PriorityMessage as u64 }
}
/// M2.
fn set_before(node: Node, before: Node) {
    if !node.is_null() && is_marker(node) {
        // SAFETY: a node of the list.
        unsafe { (*node).message = Term(before as u64) };
    }
}

impl Mailbox {
    /// Messages, markers not counted.
    pub fn length(&self) -> usize {
        self.length
    }
    pub fn is_examining(&self) -> bool {
        self.receive.examining != 0
    }
    fn examine(&mut self, examines: bool) {
        self.receive.examining = examines.into();
    }
    fn save(&self) -> Node {
        self.receive.save as Node
    }
    fn set_save(&mut self, node: Node) {
        self.receive.save = node as u64;
    }
    /// The receive's place before all messages, which compiled code can go on from: `first` stands
    /// in for the first word of a node.
    fn start(&mut self) -> Node {
        (&raw mut self.first).cast()
    }

    fn after(&self, place: Node) -> Node {
        if place.is_null() {
            self.first
        } else {
            // SAFETY: M1.
            unsafe { (*place).next }
        }
    }
    fn set_after(&mut self, place: Node, node: Node) {
        if place.is_null() {
            self.first = node;
        } else {
            // SAFETY: M1.
            unsafe { (*place).next = node };
        }
    }
    fn append_node(&mut self, node: Node) {
        // SAFETY: a node that is not in the list yet.
        unsafe { (*node).next = null_mut() };
        let last = self.last;
        self.set_after(last, node);
        set_before(node, last);
        self.last = node;
    }
    /// Takes out the node after this place.
    fn unlink_after(&mut self, place: Node) -> Node {
        let place = if place == self.start() { null_mut() } else { place };
        let node = self.after(place);
        // SAFETY: a node of the list.
        let next = unsafe { (*node).next };
        self.set_after(place, next);
        set_before(next, place);
        if self.last == node {
            self.last = place;
        }
        if self.save() == node {
            self.set_save(place);
        }
        node
    }

    /// A message has arrived.
    pub fn append(&mut self, message: Fragment) {
        self.length += 1;
        let mut message = message;
        message.tag = Kind::Message as u64;
        self.append_node(message.into_raw().as_ptr());
    }

    /// A message has arrived that stands before ordinary ones, behind others of its sort. A receive
    /// that is under way looks at it as well: it begins again, when it is done with the message
    /// under examination, and markers are forgotten.
    pub fn append_priority(&mut self, mut message: Fragment) {
        while !self.markers.is_empty() {
            self.drop_marker(0);
        }
        self.length += 1;
        message.tag = Kind::PriorityMessage as u64;
        let mut place = null_mut();
        while is_priority(self.after(place)) {
            place = self.after(place);
        }
        let next = self.after(place);
        let node = message.into_raw().as_ptr();
        // SAFETY: a node that is not in the list yet.
        unsafe { (*node).next = next };
        self.set_after(place, node);
        if next.is_null() {
            self.last = node;
        }
        if !self.is_examining() {
            let start = self.start();
            self.set_save(start);
            return;
        }
        self.looks_again = true;
        let save = self.save();
        if save == place || place.is_null() && save == self.start() {
            self.set_save(node);
        }
    }

    /// Moves `save` past markers; the node after it.
    fn current_node(&mut self) -> Node {
        loop {
            let node = self.after(self.save());
            if node.is_null() || !is_marker(node) {
                return node;
            }
            self.set_save(node);
        }
    }
    /// The message that the receive has come to.
    pub fn peek(&mut self) -> Option<Term> {
        self.has_looked = true;
        let node = NonNull::new(self.current_node())?;
        self.examine(true);
        // SAFETY: a node of the list.
        Some(unsafe { node.as_ref().message })
    }
    /// Whether there is one.
    pub fn has_current(&mut self) -> bool {
        !self.current_node().is_null()
    }
    /// It is not wanted.
    pub fn pass(&mut self) {
        self.examine(false);
        let node = self.current_node();
        if !node.is_null() {
            self.set_save(node);
        }
    }
    /// The receive waits. One without clauses looks at no message and wants none; any other has
    /// passed those it looked at, and the next may have come since.
    pub fn begin_wait(&mut self) {
        self.examine(false);
        if !self.has_looked {
            self.set_save(self.last);
        } else if core::mem::take(&mut self.looks_again) {
            let start = self.start();
            self.set_save(start);
        }
    }
    /// It is received; the receive is over.
    pub fn remove(&mut self) -> Option<Fragment> {
        self.examine(false);
        if self.current_node().is_null() {
            return None;
        }
        let node = self.unlink_after(self.save());
        self.length -= 1;
        self.restart();
        // SAFETY: the list owned it.
        NonNull::new(node).map(|node| unsafe { Fragment::from_raw(node) })
    }
    /// The receive is over without a message.
    pub fn restart(&mut self) {
        self.examine(false);
        self.has_looked = false;
        self.looks_again = false;
        let start = self.start();
        self.set_save(start);
    }

    /// Takes out and frees the first message that this holds for.
    pub fn remove_first(&mut self, is_it: impl Fn(Term) -> bool) -> bool {
        let mut before = null_mut();
        loop {
            let node = self.after(before);
            if node.is_null() {
                return false;
            }
            // SAFETY: a node of the list.
            if !is_marker(node) && is_it(unsafe { (*node).message }) {
                break;
            }
            before = node;
        }
        let node = self.unlink_after(before);
        self.length -= 1;
        // SAFETY: the list owned it.
        drop(NonNull::new(node).map(|node| unsafe { Fragment::from_raw(node) }));
        true
    }

    /// Remembers the end of the queue; everything that has been sent must have been delivered.
    pub fn reserve_marker(&mut self) -> u32 {
        if self.markers.len() == MARKERS_MAX {
            self.drop_marker(0);
        }
        let fragment = Fragment::new(0).unwrap_or_else(|_| out_of_memory_of(self, "marker", 64));
        let node = fragment.into_raw().as_ptr();
        // SAFETY: just made.
        unsafe { (*node).tag = Kind::Marker as u64 };
        self.append_node(node);
        let number = self.next_marker;
        self.next_marker = self.next_marker.wrapping_add(1).max(1);
        self.markers.push(Marker { number, reference: None, node });
        number
    }
    pub fn bind_marker(&mut self, number: u32, reference: u64) {
        if let Some(marker) = self.markers.iter_mut().find(|m| m.number == number) {
            marker.reference = Some(reference);
        }
    }
    /// By its number or the reference it is bound to.
    pub fn clear_marker(&mut self, number: Option<u32>, reference: Option<u64>) {
        let is_it = |m: &Marker| {
            number == Some(m.number) || (reference.is_some() && reference == m.reference)
        };
        if let Some(index) = self.markers.iter().position(is_it) {
            self.drop_marker(index);
        }
    }
    /// The receive that begins goes on from the marker bound to this reference, if there is one.
    pub fn use_marker(&mut self, reference: u64) {
        let found = self.markers.iter().find(|m| m.reference == Some(reference));
        if let Some(marker) = found {
            self.set_save(marker.node);
        }
    }
    fn drop_marker(&mut self, index: usize) {
        let node = self.markers.remove(index).node;
        // SAFETY: M2.
        let before = unsafe { (*node).message.0 } as Node;
        debug_assert!(self.after(before) == node, "a marker knows its place");
        self.unlink_after(before);
        let node = NonNull::new(node).expect("a marker's node");
        // SAFETY: taken out of the list. Its message is no term.
        unsafe {
            (*node.as_ptr()).message = Term::NIL;
            drop(Fragment::from_raw(node));
        }
    }

    /// Words that the messages take.
    pub fn words(&self) -> usize {
        let (mut node, mut words) = (self.first, 0);
        while !node.is_null() {
            // SAFETY: nodes of the list.
            unsafe {
                words += (*node).words_in_use();
                node = (*node).next;
            }
        }
        words
    }
    /// The messages in their order.
    pub fn messages(&self) -> impl Iterator<Item = Term> {
        let mut node = self.first;
        core::iter::from_fn(move || {
            while !node.is_null() {
                let this = node;
                // SAFETY: nodes of the list.
                let (message, next) = unsafe { ((*this).message, (*this).next) };
                node = next;
                if !is_marker(this) {
                    return Some(message);
                }
            }
            None
        })
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        let mut node = self.first;
        while let Some(owned) = NonNull::new(node) {
            // SAFETY: the list owns its nodes.
            unsafe {
                node = owned.as_ref().next;
                drop(Fragment::from_raw(owned));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn send(mailbox: &mut Mailbox) {
        mailbox.append(Fragment::new(0).unwrap());
    }

    #[test]
    fn a_message_that_comes_after_the_look_is_not_passed() {
        let mut mailbox = Mailbox::default();
        send(&mut mailbox);
        assert!(mailbox.peek().is_some());
        mailbox.pass();
        assert!(mailbox.peek().is_none());
        // A time slice may end here.
        send(&mut mailbox);
        mailbox.begin_wait();
        assert!(mailbox.has_current());
    }

    /// Messages from the front, by their contents.
    fn contents(mailbox: &Mailbox) -> Vec<i64> {
        mailbox.messages().map(|message| message.as_small().unwrap()).collect()
    }
    fn holding(number: i64) -> Fragment {
        let mut fragment = Fragment::new(0).unwrap();
        fragment.message = Term::small(number);
        fragment
    }

    #[test]
    fn priority_messages_come_first_whatever_is_looked_at() {
        let mut mailbox = Mailbox::default();
        mailbox.append(holding(10));
        mailbox.append(holding(11));
        assert!(mailbox.peek() == Some(Term::small(10)));
        mailbox.append_priority(holding(1));
        mailbox.append_priority(holding(2));
        assert_eq!(contents(&mailbox), [1, 2, 10, 11]);
        // The message under examination is the one that is passed, and received.
        mailbox.pass();
        assert!(mailbox.peek() == Some(Term::small(11)));
        mailbox.pass();
        assert!(mailbox.peek().is_none());
        mailbox.begin_wait();
        assert!(mailbox.peek() == Some(Term::small(1)));
        mailbox.append_priority(holding(3));
        assert!(mailbox.remove().map(|fragment| fragment.message) == Some(Term::small(1)));
        assert_eq!(contents(&mailbox), [2, 3, 10, 11]);
        for _ in 0..4 {
            assert!(mailbox.peek().is_some());
            mailbox.pass();
        }
        mailbox.begin_wait();
        mailbox.append_priority(holding(4));
        assert!(mailbox.has_current());
        let marker = mailbox.reserve_marker();
        mailbox.bind_marker(marker, 7);
        mailbox.append(holding(12));
        mailbox.append_priority(holding(5));
        mailbox.use_marker(7);
        assert!(mailbox.peek() == Some(Term::small(2)));
        assert_eq!(contents(&mailbox), [2, 3, 4, 5, 10, 11, 12]);
        let mut empty = Mailbox::default();
        empty.append_priority(holding(1));
        empty.append(holding(2));
        assert_eq!(contents(&empty), [1, 2]);
    }

    #[test]
    fn a_receive_without_clauses_wants_no_message() {
        let mut mailbox = Mailbox::default();
        send(&mut mailbox);
        mailbox.begin_wait();
        assert!(!mailbox.has_current());
        mailbox.restart();
        assert!(mailbox.peek().is_some());
    }
}
