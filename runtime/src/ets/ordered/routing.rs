//! Which base of an ordered set a key belongs to, and how bases are split and joined.
//!
//! A base is split when threads had to wait for it often, and joined with a neighbour when they had
//! not for long, or when nothing is left in it; the figures are those of OTP's contention adapting
//! trees. A large base is split in any case, so that none is held for long: neither by a walk through
//! it nor when it has to be split.

use super::Bound;
use super::base::{Base, Guard};
use super::edge::Edge;
use super::tree::Entries;
use crate::ets::Access;
use crate::heap::Fragment;
use crate::sys::epoch;
use crate::sys::lock::{Held, Mutex};
use crate::term::Term;
use crate::term::compare::compare;
use core::cmp::Ordering;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicPtr, Ordering::*};
use smallvec::SmallVec;
use std::sync::{Arc, PoisonError};

/// When bases are split and joined.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    /// Contention above which a base is split, and below which it is joined.
    pub high: i32,
    pub low: i32,
    /// Most objects of a base; two are joined if they have half as many together.
    pub items: usize,
    pub bases: usize,
}
pub(super) const LIMITS: Limits = Limits { high: 1000, low: -1000, items: 1 << 15, bases: 1 << 16 };

#[derive(Clone, Copy)]
struct Route {
    /// The base's `lower`; of the first one, it means nothing.
    lower: Term,
    base: NonNull<Base>,
}
impl Route {
    fn to(base: Box<Base>) -> Route {
        let lower = base.lower.as_ref().map_or(Term::NIL, |lower| lower.key());
        Route { lower, base: NonNull::from(Box::leak(base)) }
    }
}

/// The bases in the order of their keys; there is one at least.
pub(super) struct Routing(Vec<Route>);
impl Routing {
    fn bases(&self) -> impl Iterator<Item = &Base> {
        // SAFETY: E8.
        self.0.iter().map(|route| unsafe { route.base.as_ref() })
    }
    /// Where the lower bound of a base stands; nothing behind the last one.
    pub fn lower(&self, index: usize) -> Option<Term> {
        self.0.get(index).map(|route| route.lower)
    }
    #[inline]
    fn last_where(&self, is_not_behind: impl Fn(Term) -> bool) -> usize {
        self.0[1..].partition_point(|route| is_not_behind(route.lower))
    }
    /// The base that a key belongs to.
    #[inline]
    pub fn of_key(&self, key: Term) -> usize {
        match key.as_small() {
            // Most keys of large tables: to be searched for without calls.
            Some(key_value) => self.last_where(|lower| match lower.as_small() {
                Some(lower) => lower <= key_value,
                None => compare(lower, key) != Ordering::Greater,
            }),
            None => self.last_where(|lower| compare(lower, key) != Ordering::Greater),
        }
    }
    /// The base where an edge is.
    pub fn of_edge(&self, edge: &Edge) -> usize {
        self.last_where(|lower| edge.is_behind(lower))
    }
    pub fn last(&self) -> usize {
        self.0.len() - 1
    }
}

/// A base that is locked, and where it was found.
pub(super) struct Locked<'t> {
    pub routing: &'t Routing,
    pub index: usize,
    pub base: &'t Base,
    pub guard: Guard<'t>,
}

pub(super) struct Routes {
    routing: AtomicPtr<Routing>,
    /// Held by whoever publishes a routing.
    publishing: Mutex<()>,
    limits: Limits,
}
// SAFETY: E6, E8.
unsafe impl Send for Routes {}
// SAFETY: E6, E8.
unsafe impl Sync for Routes {}

impl Routes {
    pub fn new(limits: Limits) -> Routes {
        let routing = AtomicPtr::new(Box::into_raw(Routes::to_nothing()));
        Routes { routing, publishing: Mutex::default(), limits }
    }
    fn to_nothing() -> Box<Routing> {
        let base = Box::new(Base::new(None, Entries::default(), 0));
        Box::new(Routing(vec![Route::to(base)]))
    }
    #[inline]
    fn routing(&self) -> &Routing {
        // SAFETY: E8.
        unsafe { &*self.routing.load(Acquire) }
    }
    pub fn base_count(&self) -> usize {
        self.routing().0.len()
    }

    /// Locks the base that `find` gives, once it is one that is valid.
    #[inline]
    pub fn lock<'t>(
        &'t self,
        access: Access<'t>,
        find: impl Fn(&Routing) -> usize,
        lock: impl Fn(&'t Base) -> Guard<'t>,
    ) -> Locked<'t> {
        loop {
            let routing = self.routing();
            let index = find(routing);
            // SAFETY: E8.
            let base = unsafe { routing.0[index].base.as_ref() };
            let guard = if access.is_alone() { Guard::None } else { lock(base) };
            if base.is_valid() {
                return Locked { routing, index, base, guard };
            }
        }
    }

    /// The sum of a figure of all bases, none of which is written to meanwhile.
    pub fn sum(&self, figure: impl Fn(&Base) -> i64) -> i64 {
        loop {
            let routing = self.routing();
            let mut guards: SmallVec<[Guard<'_>; 64]> = SmallVec::new();
            guards.extend(routing.bases().map(Base::read));
            if routing.bases().all(Base::is_valid) {
                return routing.bases().map(&figure).sum();
            }
        }
    }

    /// Splits or joins a base that is held to write, if that is due.
    #[inline]
    pub fn adapt(&self, base: &Base) {
        let Limits { high, low, items, .. } = self.limits;
        let contention = base.contention();
        if contention > high || base.tree.len() > items {
            self.split(base);
        } else if contention < low || base.tree.len() == 0 {
            self.join(base);
        }
    }

    #[cold]
    fn split(&self, base: &Base) {
        base.forget_contention();
        // What follows is not left half done, by an owner without a lock neither (X1).
        let _held = Held::new();
        // SAFETY: E6: it is held to write.
        let entries = unsafe { base.tree.entries() };
        if entries.len() < 2 || self.base_count() >= self.limits.bases {
            return;
        }
        let middle = entries.nth(entries.len() / 2).expect("it has two or more").key.0;
        // Without memory it stays as it is.
        let Ok(lower) = Fragment::copy_of(middle) else {
            return;
        };
        let lower = Arc::new(Bound(lower));
        // SAFETY: E6; nothing of it is looked at any more.
        let (mut entries, bytes) = unsafe { base.tree.take_all() };
        let right = entries.split_off(lower.key());
        let left = Base::new(base.lower.clone(), entries, bytes);
        let right = Base::new(Some(lower), right, 0);
        self.publish(&[base], [Box::new(left), Box::new(right)].into_iter());
    }

    #[cold]
    fn join(&self, base: &Base) {
        base.forget_contention();
        // As above.
        let _held = Held::new();
        let routing = self.routing();
        let Some(index) = routing.bases().position(|other| core::ptr::eq(base, other)) else {
            unreachable!("E7: a valid base is in the routing");
        };
        let neighbour =
            if index == routing.last() { index.checked_sub(1) } else { Some(index + 1) };
        let Some(neighbour) = neighbour else {
            return;
        };
        // SAFETY: E8.
        let other = unsafe { routing.0[neighbour].base.as_ref() };
        if base.tree.len() + other.tree.len() > self.limits.items / 2 && base.tree.len() != 0 {
            return;
        }
        // Whoever waited here could wait for somebody who does the same.
        let Some(_guard) = other.try_write() else {
            return;
        };
        if !other.is_valid() {
            return;
        }
        let (left, right) = if neighbour < index { (other, base) } else { (base, other) };
        // SAFETY: E6: both are held to write.
        let ((mut entries, bytes), (more, more_bytes)) =
            unsafe { (left.tree.take_all(), right.tree.take_all()) };
        entries.append(more);
        let joined = Base::new(left.lower.clone(), entries, bytes + more_bytes);
        self.publish(&[left, right], [Box::new(joined)].into_iter());
    }

    /// Puts new bases in the place of some that are held to write and next to each other.
    fn publish(&self, gone: &[&Base], new: impl ExactSizeIterator<Item = Box<Base>>) {
        let _publishing = self.publishing.lock().unwrap_or_else(PoisonError::into_inner);
        let old = &self.routing().0;
        let is_first = |route: &Route| core::ptr::eq(route.base.as_ptr(), gone[0]);
        let first = old.iter().position(is_first).expect("E7: a valid base is in the routing");
        let mut routes = Vec::with_capacity(old.len() + new.len() - gone.len());
        routes.extend_from_slice(&old[..first]);
        routes.extend(new.map(Route::to));
        routes.extend_from_slice(&old[first + gone.len()..]);
        let routing = Box::new(Routing(routes));
        gone.iter().for_each(|base| base.end());
        let old = self.routing.swap(Box::into_raw(routing), AcqRel);
        // SAFETY: E8: neither the routing nor the bases are found from now on.
        unsafe {
            epoch::retire(old.cast(), free_routing);
            for base in gone {
                epoch::retire(core::ptr::from_ref(*base).cast_mut().cast(), free_base);
            }
        }
    }

    /// Takes everything out, for whoever holds the table alone.
    pub fn take_all(&self, access: Access<'_>) -> Vec<Entries> {
        assert!(access.is_alone(), "E5: whoever takes everything holds the table alone");
        let old = self.routing();
        let mut all = Vec::with_capacity(old.0.len());
        let empty = Box::into_raw(Routes::to_nothing());
        for base in old.bases() {
            base.end();
            // SAFETY: E5.
            all.push(unsafe { base.tree.take_all() }.0);
        }
        let old = self.routing.swap(empty, AcqRel);
        // SAFETY: E8: as in `publish`.
        unsafe {
            for route in &(*old).0 {
                epoch::retire(route.base.as_ptr().cast(), free_base);
            }
            epoch::retire(old.cast(), free_routing);
        }
        all
    }
}

impl Drop for Routes {
    fn drop(&mut self) {
        // SAFETY: E8: nobody else knows the set any more.
        unsafe {
            let routing = Box::from_raw(*self.routing.get_mut());
            for route in &routing.0 {
                drop(Box::from_raw(route.base.as_ptr()));
            }
        }
    }
}

/// # Safety
/// A routing that nobody uses any more.
unsafe fn free_routing(routing: *mut u8) {
    // SAFETY: the caller's contract.
    drop(unsafe { Box::from_raw(routing.cast::<Routing>()) });
}
/// # Safety
/// A base that nobody uses any more.
unsafe fn free_base(base: *mut u8) {
    // SAFETY: the caller's contract.
    drop(unsafe { Box::from_raw(base.cast::<Base>()) });
}
