//! The run queue of a scheduler: processes of four priorities.
//!
//! R1: who stands in a run queue is held by it (P1). `max` comes before `high`, and both before the
//! rest; of these, a process of low priority is taken for every eight of normal priority.

use crate::process::shared::PRIORITIES;
use crate::process::{Handle, Priority};
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// Normal processes for each low one.
const LOW_SHARE: u32 = 8;

#[derive(Default)]
struct Queues {
    of_priority: [VecDeque<Handle>; PRIORITIES],
    passed_over: u32,
}

#[derive(Default)]
pub struct RunQueue {
    queues: Mutex<Queues>,
    length: AtomicUsize,
}

impl RunQueue {
    pub fn len(&self) -> usize {
        self.length.load(Relaxed)
    }
    fn lock(&self) -> std::sync::MutexGuard<'_, Queues> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
    pub fn push(&self, process: Handle) {
        let mut queues = self.lock();
        queues.of_priority[process.priority() as usize].push_back(process);
        self.length.fetch_add(1, Relaxed);
    }
    pub fn pop(&self) -> Option<Handle> {
        if self.len() == 0 {
            return None;
        }
        let mut queues = self.lock();
        let process = queues.pop()?;
        self.length.fetch_sub(1, Relaxed);
        Some(process)
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
