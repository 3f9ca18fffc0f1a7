//! Growing and shrinking of hash tables, one bucket at a time.

use super::{Access, Bucket, FIRST_BUCKETS, Hash, STRIPES};
use crate::ets::object::{Head, Object};
use core::ptr::{NonNull, null_mut};
use core::sync::atomic::Ordering::*;

/// Buckets that OTP allocates at a time, after the first few.
const OTP_SEGMENT: usize = 2048;
/// Steps taken for one object that comes or goes.
const STEPS: usize = 5;

impl Hash {
    fn begin_resizing(&self) -> bool {
        !self.is_resizing.load(Acquire) && !self.is_resizing.swap(true, Acquire)
    }
    fn done_resizing(&self) {
        self.is_resizing.store(false, Release);
    }

    /// After an object came: splits buckets while there are more objects than buckets.
    pub(super) fn grow(&self, access: Access<'_>, items: i64) {
        for _ in 0..STEPS {
            if items <= self.active.load(Relaxed) as i64 || self.is_fixed() {
                return;
            }
            if !self.begin_resizing() {
                return;
            }
            let active = self.active.load(Relaxed);
            if items <= active as i64 || !self.split(access, active) {
                return self.done_resizing();
            }
        }
    }

    /// Adds the bucket `to`; false if the table has been fixed, or there is no memory for more buckets.
    fn split(&self, access: Access<'_>, to: usize) -> bool {
        let (segment, offset) = Hash::segment_of(to);
        if offset == 0 && self.segments[segment].load(Relaxed).is_null() {
            let buckets = Hash::new_segment(segment);
            if buckets.is_null() {
                return false; // it does without
            }
            self.segments[segment].store(buckets, Release);
        }
        if to == self.otp_slots.load(Relaxed) {
            self.otp_slots.fetch_add(OTP_SEGMENT, Relaxed);
        }
        let mut mask = self.mask.load(Relaxed);
        let from = if to <= mask {
            to & (mask >> 1)
        } else {
            mask = mask << 1 | 1;
            0
        };
        let _guard = self.write_stripe(access, from);
        if self.is_fixed() {
            return false;
        }
        self.active.store(to + 1, Release);
        if from == 0 {
            self.mask.store(mask, Release);
        }
        self.done_resizing();
        // SAFETY: E3: both buckets are under this stripe.
        unsafe { self.distribute(from, to, mask) };
        true
    }

    /// Moves the objects of one bucket to where they belong, in their order.
    ///
    /// # Safety
    /// E3 for both buckets.
    unsafe fn distribute(&self, from: usize, to: usize, mask: usize) {
        // SAFETY: the caller's contract.
        unsafe {
            let mut ends: [*mut Bucket; 2] = [self.bucket(from), self.bucket(to)];
            let mut at = *ends[0];
            while let Some(object) = NonNull::new(at) {
                let head = object.as_ptr();
                at = (*head).next;
                if (*head).is_deleted() {
                    self.forget(object);
                    continue;
                }
                let end = &mut ends[usize::from((*head).hash as usize & mask == to)];
                **end = head;
                *end = &raw mut (*head).next;
            }
            *ends[0] = null_mut();
            *ends[1] = null_mut();
        }
    }

    /// Frees an object that was counted out before, when it was deleted.
    ///
    /// # Safety
    /// E3; nothing links to it any more.
    unsafe fn forget(&self, object: NonNull<Head>) {
        // SAFETY: the caller's contract.
        let object = unsafe { Object::from_raw(object) };
        self.count_bytes(None, Some(&object));
    }

    fn shrink_limit(&self) -> i64 {
        let slots = self.otp_slots.load(Relaxed);
        let stripes = self.stripes.len().max(1);
        let sample_is_large_enough = !self.decentralized || slots >= 100 * STRIPES;
        let least = (stripes + OTP_SEGMENT).max(FIRST_BUCKETS + 2 * OTP_SEGMENT);
        if sample_is_large_enough && slots >= least { (slots - OTP_SEGMENT) as i64 / 2 } else { 0 }
    }

    /// After objects went: joins buckets while there are far fewer objects than buckets.
    pub(super) fn shrink(&self, access: Access<'_>, items: i64) {
        for _ in 0..STEPS {
            if items >= self.shrink_limit() || self.is_fixed() {
                return;
            }
            if !self.begin_resizing() {
                return;
            }
            if items >= self.shrink_limit() || !self.join(access, self.active.load(Relaxed) - 1) {
                return self.done_resizing();
            }
        }
    }

    /// Gives up the last bucket; false if the table has been fixed.
    fn join(&self, access: Access<'_>, from: usize) -> bool {
        let low_mask = self.mask.load(Relaxed) >> 1;
        let to = from & low_mask;
        let guard = self.write_stripe(access, to);
        if self.is_fixed() {
            return false;
        }
        self.active.store(from, Release);
        if to == 0 {
            self.mask.store(low_mask, Release);
        }
        if self.otp_slots.load(Relaxed) - from >= OTP_SEGMENT {
            self.otp_slots.fetch_sub(OTP_SEGMENT, Relaxed);
        }
        // SAFETY: E3: both buckets are under this stripe.
        unsafe { self.append(to, from) };
        drop(guard);
        // E4: whoever looks into this segment does so under a stripe, and finds it inactive.
        if let (segment @ 1.., 0) = Hash::segment_of(from) {
            self.free_segment(segment);
        }
        self.done_resizing();
        true
    }

    /// The bucket `to` becomes the objects of `from`, then its own.
    ///
    /// # Safety
    /// E3 for both buckets.
    unsafe fn append(&self, to: usize, from: usize) {
        // SAFETY: the caller's contract.
        unsafe {
            let (to, from) = (self.bucket(to), self.bucket(from));
            let mut at = core::mem::replace(&mut *from, null_mut());
            let tail = *to;
            let mut end: *mut Bucket = to;
            while let Some(object) = NonNull::new(at) {
                at = object.as_ref().next;
                if object.as_ref().is_deleted() {
                    self.forget(object);
                    continue;
                }
                *end = object.as_ptr();
                end = &raw mut (*object.as_ptr()).next;
            }
            *end = tail;
        }
    }
}
