//! The run queue of a scheduler: processes of four priorities.
//!
//! R1: who stands in a run queue is held by it (P1). `max` comes before `high`, and both before the
//! rest; of these, a process of low priority is taken for every eight of normal priority.

use crate::process::shared::PRIORITIES;
use crate::process::{Handle, Priority};
use crate::sys::spin::SpinLock;
use crate::sys::sync::{AtomicUsize, Ordering::Relaxed};
use std::collections::VecDeque;

/// Normal processes for each low one.
const LOW_SHARE: u32 = 8;
/// Most processes that are stolen at once.
const STOLEN_MAX: usize = 128;

#[derive(Default)]
struct Queues {
    of_priority: [VecDeque<Handle>; PRIORITIES],
    passed_over: u32,
}

#[derive(Default)]
#[repr(align(64))]
pub struct RunQueue {
    queues: SpinLock<Queues>,
    /// Changed under the lock only, read without.
    length: AtomicUsize,
}

impl RunQueue {
    pub fn len(&self) -> usize {
        self.length.load(Relaxed)
    }
    /// The number in the queue changes, under the lock.
    fn add(&self, count: isize) -> usize {
        let length = self.length.load(Relaxed).wrapping_add_signed(count);
        self.length.store(length, Relaxed);
        length
    }

    /// How many there are now.
    pub fn push(&self, process: Handle) -> usize {
        let mut queues = self.queues.lock();
        queues.of_priority[process.priority() as usize].push_back(process);
        self.add(1)
    }
    pub fn pop(&self) -> Option<Handle> {
        if self.len() == 0 {
            return None;
        }
        let mut queues = self.queues.lock();
        let process = queues.pop()?;
        self.add(-1);
        Some(process)
    }
    #[cfg(test)]
    pub fn all(&self) -> Vec<Handle> {
        self.queues.lock().of_priority.iter().flatten().copied().collect()
    }
    /// Takes half of the other's processes, those that have waited longest; one is returned.
    pub fn steal(&self, from: &RunQueue) -> Option<Handle> {
        let mut stolen = Vec::new();
        let mut queues = from.queues.lock();
        let count = from.len().div_ceil(2).min(STOLEN_MAX);
        while stolen.len() < count
            && let Some(process) = queues.pop()
        {
            stolen.push(process);
        }
        from.add(-(stolen.len() as isize));
        drop(queues);
        let mut stolen = stolen.into_iter();
        let first = stolen.next()?;
        if stolen.len() > 0 {
            let mut queues = self.queues.lock();
            self.add(stolen.len() as isize);
            for process in stolen {
                queues.of_priority[process.priority() as usize].push_back(process);
            }
        }
        Some(first)
    }
}

impl Queues {
    fn pop(&mut self) -> Option<Handle> {
        let [max, high, normal, low] = &mut self.of_priority;
        debug_assert!(Priority::Low as usize == PRIORITIES - 1);
        if let Some(process) = max.pop_front().or_else(|| high.pop_front()) {
            return Some(process);
        }
        if !low.is_empty() && (normal.is_empty() || self.passed_over >= LOW_SHARE) {
            self.passed_over = 0;
            return low.pop_front();
        }
        self.passed_over += u32::from(!low.is_empty());
        normal.pop_front()
    }
}
