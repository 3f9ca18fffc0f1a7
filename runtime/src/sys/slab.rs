//! Blocks of memory for processes: heaps, fragments, stack chunks, process blocks.
//!
//! Sizes are rounded up to classes, four to a doubling. Blocks up to [`SMALL_MAX_BYTES`] are cut
//! from slabs of 64 KiB, which belong to one thread each; a block freed elsewhere is pushed on its
//! slab's atomic stack (see `remote`). Larger blocks are mapped one by one and kept for reuse a while
//! (see `large`). What stays unused for [`DECAY_MS`] goes back to the system.
//!
//! Invariants: S1: a thread touches only slabs that it owns, except for `remote`; S2: a slab changes
//! its owner only while all its blocks are free; S3: `live` counts blocks that are handed out or wait in
//! `remote`; S4: the size given to [`free`] is that of the [`Block`].

mod large;
mod remote;

use super::lock::{Mutex, MutexGuard};
use super::map::{self, Space};
use super::{OutOfMemory, arena, exhaustion};
use core::cell::Cell;
use core::ptr::{NonNull, null_mut};
use core::sync::atomic::{AtomicIsize, AtomicU64, Ordering};
use remote::{Node, Pending, Remote};

const SEGMENT_BYTES: usize = 2 << 20;
const SLAB_BYTES: usize = 64 << 10;
const SEGMENT_SLABS: usize = SEGMENT_BYTES / SLAB_BYTES;
/// Largest block that is cut from a slab.
pub const SMALL_MAX_BYTES: usize = 32 << 10;
const SMALL_CLASSES: usize = class_of(SMALL_MAX_BYTES) + 1;
/// Slabs and mappings unused for so long are given back.
pub const DECAY_MS: u32 = 1000;
/// Empty slabs that a thread keeps to itself; more go to the common pool.
const KEPT_SLABS: usize = 64;

/// Memory handed out: at least what was asked for, aligned to 64 bytes, not initialised.
#[derive(Clone, Copy, Debug)]
pub struct Block {
    pub address: NonNull<u8>,
    pub size_bytes: usize,
}

/// Class of a size: multiples of 64 up to 512, then four to each doubling.
const fn class_of(size_bytes: usize) -> usize {
    if size_bytes <= 512 {
        return size_bytes.div_ceil(64) - (size_bytes != 0) as usize;
    }
    let last = size_bytes - 1;
    let doubling = last.ilog2() as usize;
    8 + (doubling - 9) * 4 + (last >> (doubling - 2) & 3)
}
/// Bytes of the blocks of a class.
const fn class_bytes(class: usize) -> usize {
    if class < 8 {
        return (class + 1) * 64;
    }
    let doubling = (class - 8) / 4 + 9;
    (5 + (class - 8) % 4) << (doubling - 2)
}
/// The size that a block of at least `size_bytes` really has.
pub const fn usable_size(size_bytes: usize) -> usize {
    class_bytes(class_of(size_bytes))
}

#[repr(C, align(64))]
struct Slab {
    free: *mut Node,
    /// Blocks from here to `end` were never handed out.
    fresh: *mut u8,
    end: *mut u8,
    live: u32,
    class: u8,
    space: u8,
    /// In its owner's `partial` list.
    listed: bool,
    /// Its memory was given back while it was empty.
    discarded: bool,
    owner: *const Owner,
    next: *mut Slab,
    previous: *mut Slab,
    /// When it became empty.
    idle_since_ms: u32,
    remote: Remote<Slab>,
}
#[repr(C)]
struct Segment {
    slabs: [Slab; SEGMENT_SLABS],
}
/// The first slab of a segment starts behind the heads of all.
const FIRST_SLAB_OFFSET: usize = 8192;
const _: () = assert!(size_of::<Segment>() <= FIRST_SLAB_OFFSET);

/// The part of a thread's heap that others see.
struct Owner {
    /// Slabs with blocks freed by other threads.
    pending: Pending<Slab>,
    /// Bytes allocated minus bytes freed by this thread.
    in_use_bytes: AtomicIsize,
}

struct ThreadHeap {
    owner: &'static Owner,
    current: [[*mut Slab; SMALL_CLASSES]; map::SPACES],
    partial: [[*mut Slab; SMALL_CLASSES]; map::SPACES],
    /// Empty slabs, linked by `next`, the latest first.
    empty: [*mut Slab; map::SPACES],
    empty_count: [usize; map::SPACES],
    large: large::Cache,
    last_decay_ms: u32,
}

/// Empty slabs of all threads, and heaps of threads that ended.
struct Common {
    empty: [*mut Slab; map::SPACES],
    #[expect(clippy::vec_box, reason = "threads know their heap by its address")]
    abandoned: Vec<Box<ThreadHeap>>,
    owners: Vec<&'static Owner>,
}
// SAFETY: empty slabs and abandoned heaps belong to whoever holds the lock (S1, S2).
unsafe impl Send for Common {}

static COMMON: Mutex<Common> = Mutex::new(Common {
    empty: [null_mut(); map::SPACES],
    abandoned: Vec::new(),
    owners: Vec::new(),
});
static CLOCK_MS: AtomicU64 = AtomicU64::new(0);

thread_local! {
    static LOCAL: Cell<*mut ThreadHeap> = const { Cell::new(null_mut()) };
    /// Gives the heap up when the thread ends.
    static GUARD: Guard = const { Guard };
}
struct Guard;
impl Drop for Guard {
    fn drop(&mut self) {
        arena::leave();
        let heap = LOCAL.replace(null_mut());
        if !heap.is_null() {
            // SAFETY: made by Box in `thread_heap`; this thread uses it no more.
            let heap = unsafe { Box::from_raw(heap) };
            lock().abandoned.push(heap);
        }
    }
}

fn lock() -> MutexGuard<'static, Common> {
    COMMON.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// Bytes of blocks that are handed out.
pub fn in_use_bytes() -> usize {
    let sum: isize = lock().owners.iter().map(|o| o.in_use_bytes.load(Ordering::Relaxed)).sum();
    sum.max(0) as usize
}

/// A block of at least this size.
#[inline]
pub fn allocate(space: Space, size_bytes: usize) -> Result<Block, OutOfMemory> {
    let class = class_of(size_bytes);
    let local = LOCAL.get();
    if class < SMALL_CLASSES && !local.is_null() {
        // SAFETY: S1: this thread's heap and slab.
        unsafe {
            let slab = (*local).current[space as usize][class];
            if !slab.is_null()
                && let Some(address) = take(slab)
            {
                let size_bytes = class_bytes(class);
                count(&*local, size_bytes as isize);
                return Ok(Block { address, size_bytes });
            }
        }
    }
    allocate_slowly(space, class)
}

/// # Safety
/// The block came from [`allocate`], with this size (S4), and is not used again.
#[inline]
pub unsafe fn free(block: Block) {
    let local = LOCAL.get();
    let local = if local.is_null() { thread_heap() } else { local };
    // SAFETY: S1: this thread's heap; the block is the caller's.
    unsafe {
        count(&*local, -(block.size_bytes as isize));
        if block.size_bytes > SMALL_MAX_BYTES {
            return large::free(&mut *local, block);
        }
        let slab = slab_of(block.address.as_ptr());
        let node = block.address.as_ptr().cast::<Node>();
        if core::ptr::eq((*slab).owner, (*local).owner) {
            free_local(&mut *local, slab, node);
        } else {
            free_remote(slab, node);
        }
    }
}

/// What [`shrink`] would keep of a block.
pub fn kept_size(block: Block, size_bytes: usize) -> usize {
    usable_size(size_bytes.max(SMALL_MAX_BYTES + 1)).min(block.size_bytes)
}
/// Cuts a block down: keeps at least its first `size_bytes` bytes.
/// # Safety
/// As for [`free`], except that the part kept stays in use.
pub unsafe fn shrink(block: Block, size_bytes: usize) -> Block {
    let kept_bytes = kept_size(block, size_bytes);
    if kept_bytes == block.size_bytes {
        return block;
    }
    let tail_bytes = block.size_bytes - kept_bytes;
    // SAFETY: both sizes are whole pages; the tail is the caller's to give.
    unsafe {
        map::unmap(block.address.add(kept_bytes), tail_bytes);
        let local = LOCAL.get();
        let local = if local.is_null() { thread_heap() } else { local };
        count(&*local, -(tail_bytes as isize));
    }
    Block { size_bytes: kept_bytes, ..block }
}

/// To be called by every scheduler now and then, and before it sleeps: takes in what other threads
/// freed and gives back what has been unused for long. `now_ms` is any clock that rises.
pub fn tick(now_ms: u32) {
    CLOCK_MS.store(now_ms as u64, Ordering::Relaxed);
    let local = LOCAL.get();
    if !local.is_null() {
        // SAFETY: S1: this thread's heap.
        unsafe {
            drain_pending(&mut *local);
            decay(&mut *local, now_ms);
        }
    }
}

/// Gives back what this thread or all keep unused, for an allocator beside this one.
pub fn give_back_unused() {
    let local = LOCAL.get();
    if !local.is_null() {
        // SAFETY: S1: this thread's heap.
        unsafe { large::decay(&mut *local, large::later()) };
    }
}

fn count(local: &ThreadHeap, bytes: isize) {
    let counter = &local.owner.in_use_bytes;
    // Only this thread writes it, so no locked instruction is needed.
    counter.store(counter.load(Ordering::Relaxed) + bytes, Ordering::Relaxed);
}

/// # Safety
/// This thread owns the slab (S1).
#[inline]
unsafe fn take(slab: *mut Slab) -> Option<NonNull<u8>> {
    // SAFETY: S1; free blocks hold a node.
    unsafe {
        let slab = &mut *slab;
        if !slab.free.is_null() {
            let node = slab.free;
            slab.free = (*node).next;
            slab.live += 1;
            return NonNull::new(node.cast());
        }
        if slab.fresh < slab.end {
            let block = slab.fresh;
            slab.fresh = block.add(class_bytes(slab.class as usize));
            slab.live += 1;
            return NonNull::new(block);
        }
        None
    }
}

/// # Safety
/// `address` lies in a small block.
unsafe fn slab_of(address: *mut u8) -> *mut Slab {
    let offset = address as usize & (SEGMENT_BYTES - 1);
    // SAFETY: segments are aligned to their size and start with the heads of their slabs.
    unsafe {
        let segment = address.sub(offset).cast::<Segment>();
        (&raw mut (*segment).slabs).cast::<Slab>().add(offset / SLAB_BYTES)
    }
}

/// First and last-but-one address of a slab's blocks.
fn slab_range(slab: *mut Slab) -> (*mut u8, *mut u8) {
    let segment = slab.map_addr(|a| a & !(SEGMENT_BYTES - 1)).cast::<u8>();
    let index = (slab as usize - segment as usize) / size_of::<Slab>();
    let start = if index == 0 { FIRST_SLAB_OFFSET } else { index * SLAB_BYTES };
    (segment.wrapping_add(start), segment.wrapping_add((index + 1) * SLAB_BYTES))
}

/// The heap of this thread, made or taken over from one that ended.
#[cold]
fn thread_heap() -> *mut ThreadHeap {
    let mut common = lock();
    let heap = common.abandoned.pop().unwrap_or_else(|| {
        let owner: &'static Owner = Box::leak(Box::new(Owner {
            pending: Pending::new(),
            in_use_bytes: AtomicIsize::new(0),
        }));
        common.owners.push(owner);
        Box::new(ThreadHeap {
            owner,
            current: [[null_mut(); SMALL_CLASSES]; map::SPACES],
            partial: [[null_mut(); SMALL_CLASSES]; map::SPACES],
            empty: [null_mut(); map::SPACES],
            empty_count: [0; map::SPACES],
            large: large::Cache::new(),
            last_decay_ms: 0,
        })
    });
    drop(common);
    let heap = Box::into_raw(heap);
    LOCAL.set(heap);
    // Registers the destructor; while the thread is ending there is none, and the heap stays.
    let _ = GUARD.try_with(|_| ());
    heap
}

#[cold]
#[inline(never)]
fn allocate_slowly(space: Space, class: usize) -> Result<Block, OutOfMemory> {
    let local = LOCAL.get();
    let local = if local.is_null() { thread_heap() } else { local };
    // SAFETY: S1: this thread's heap.
    let heap = unsafe { &mut *local };
    let size_bytes = class_bytes(class);
    let mut attempt = || {
        if class < SMALL_CLASSES {
            // SAFETY: S1.
            unsafe { allocate_small(heap, space, class) }
        } else {
            large::allocate(heap, space, class)
        }
    };
    let address = match attempt() {
        Err(OutOfMemory) if exhaustion::give_reserve(size_bytes) => attempt()?,
        first => first?,
    };
    count(heap, size_bytes as isize);
    Ok(Block { address, size_bytes })
}

/// # Safety
/// `heap` is this thread's.
unsafe fn allocate_small(
    heap: &mut ThreadHeap,
    space: Space,
    class: usize,
) -> Result<NonNull<u8>, OutOfMemory> {
    let s = space as usize;
    // SAFETY: S1: slabs in the lists of this thread's heap.
    unsafe {
        drain_pending(heap);
        let now_ms = CLOCK_MS.load(Ordering::Relaxed) as u32;
        if now_ms.wrapping_sub(heap.last_decay_ms) >= DECAY_MS {
            decay(heap, now_ms);
        }
        let current = heap.current[s][class];
        if !current.is_null()
            && let Some(block) = take(current)
        {
            return Ok(block);
        }
        let partial = heap.partial[s][class];
        let slab = if partial.is_null() {
            let slab = empty_slab(heap, space)?;
            begin(slab, heap.owner, class, space);
            slab
        } else {
            unlist(heap, partial);
            partial
        };
        heap.current[s][class] = slab;
        Ok(take(slab).expect("a slab with free blocks"))
    }
}

/// Prepares an empty slab for blocks of a class.
/// # Safety
/// The slab is empty and this thread's.
unsafe fn begin(slab: *mut Slab, owner: &'static Owner, class: usize, space: Space) {
    let (start, end) = slab_range(slab);
    let size_bytes = class_bytes(class);
    let count = (end as usize - start as usize) / size_bytes;
    // SAFETY: the caller's contract (S1, S2).
    let slab = unsafe { &mut *slab };
    slab.free = null_mut();
    slab.fresh = start;
    slab.end = start.wrapping_add(count * size_bytes);
    slab.live = 0;
    slab.class = class as u8;
    slab.space = space as u8;
    slab.listed = false;
    slab.discarded = false;
    slab.owner = owner;
}

/// # Safety
/// `heap` is this thread's.
unsafe fn empty_slab(heap: &mut ThreadHeap, space: Space) -> Result<*mut Slab, OutOfMemory> {
    let s = space as usize;
    if heap.empty[s].is_null() {
        let mut common = lock();
        if common.empty[s].is_null() {
            drop(common);
            new_segment(heap, space)?;
        } else {
            // SAFETY: empty slabs in the pool belong to whoever holds the lock.
            unsafe {
                let slab = common.empty[s];
                common.empty[s] = (*slab).next;
                (*slab).next = null_mut();
                heap.empty[s] = slab;
                heap.empty_count[s] = 1;
            }
        }
    }
    let slab = heap.empty[s];
    // SAFETY: S1.
    heap.empty[s] = unsafe { (*slab).next };
    heap.empty_count[s] -= 1;
    Ok(slab)
}

fn new_segment(heap: &mut ThreadHeap, space: Space) -> Result<(), OutOfMemory> {
    let address = large::map(heap, space, SEGMENT_BYTES, SEGMENT_BYTES)?;
    let slabs = address.as_ptr().cast::<Slab>();
    for index in (0..SEGMENT_SLABS).rev() {
        // SAFETY: a fresh mapping; all-zero heads are valid empty slabs.
        unsafe {
            let slab = slabs.add(index);
            (*slab).discarded = true;
            (*slab).next = heap.empty[space as usize];
            heap.empty[space as usize] = slab;
        }
    }
    heap.empty_count[space as usize] += SEGMENT_SLABS;
    Ok(())
}

/// # Safety
/// `heap` is this thread's and owns the slab, `node` is a block of it that is given up.
#[inline]
unsafe fn free_local(heap: &mut ThreadHeap, slab: *mut Slab, node: *mut Node) {
    // SAFETY: the caller's contract (S1).
    unsafe {
        (*node).next = (*slab).free;
        (*slab).free = node;
        (*slab).live -= 1;
        let (s, class) = ((*slab).space as usize, (*slab).class as usize);
        if core::ptr::eq(slab, heap.current[s][class]) {
            return;
        }
        if (*slab).live == 0 {
            retire(heap, slab);
        } else if !(*slab).listed {
            (*slab).listed = true;
            let first = heap.partial[s][class];
            (*slab).next = first;
            (*slab).previous = null_mut();
            if !first.is_null() {
                (*first).previous = slab;
            }
            heap.partial[s][class] = slab;
        }
    }
}

/// # Safety
/// `node` is a block of the slab that is given up.
unsafe fn free_remote(slab: *mut Slab, node: *mut Node) {
    // SAFETY: S1: only `remote` is touched, and `owner`, which cannot change while a block is out
    // (S2).
    unsafe {
        let remote = &(*slab).remote;
        if remote.push(node) {
            (*(*slab).owner).pending.queue(slab, remote);
        }
    }
}

/// Takes in the blocks that other threads freed.
/// # Safety
/// `heap` is this thread's.
unsafe fn drain_pending(heap: &mut ThreadHeap) {
    if heap.owner.pending.is_empty() {
        return;
    }
    let mut slab = heap.owner.pending.take();
    while !slab.is_null() {
        // SAFETY: S1. A slab may be retired by its last block only, so it is not touched after the loop.
        unsafe {
            let next = (*slab).remote.next();
            let mut node = (*slab).remote.take();
            while !node.is_null() {
                let following = (*node).next;
                free_local(heap, slab, node);
                node = following;
            }
            slab = next;
        }
    }
}

/// # Safety
/// `heap` is this thread's and owns the slab.
unsafe fn unlist(heap: &mut ThreadHeap, slab: *mut Slab) {
    // SAFETY: the caller's contract (S1).
    unsafe {
        if !(*slab).listed {
            return;
        }
        let (next, previous) = ((*slab).next, (*slab).previous);
        if previous.is_null() {
            heap.partial[(*slab).space as usize][(*slab).class as usize] = next;
        } else {
            (*previous).next = next;
        }
        if !next.is_null() {
            (*next).previous = previous;
        }
        (*slab).listed = false;
    }
}

/// Puts away a slab whose last block was freed.
/// # Safety
/// As for [`unlist`]; all blocks of the slab are free.
#[cold]
unsafe fn retire(heap: &mut ThreadHeap, slab: *mut Slab) {
    // SAFETY: the caller's contract (S1, S2).
    unsafe {
        unlist(heap, slab);
        let s = (*slab).space as usize;
        (*slab).idle_since_ms = CLOCK_MS.load(Ordering::Relaxed) as u32;
        if heap.empty_count[s] >= KEPT_SLABS {
            let mut common = lock();
            (*slab).next = common.empty[s];
            common.empty[s] = slab;
        } else {
            (*slab).next = heap.empty[s];
            heap.empty[s] = slab;
            heap.empty_count[s] += 1;
        }
    }
}

/// Gives back the memory of what has been unused for long, here and in the common pool.
/// # Safety
/// `heap` is this thread's.
#[cold]
unsafe fn decay(heap: &mut ThreadHeap, now_ms: u32) {
    if now_ms.wrapping_sub(heap.last_decay_ms) < DECAY_MS / 2 {
        return;
    }
    heap.last_decay_ms = now_ms;
    for space in 0..map::SPACES {
        // SAFETY: S1, S2: empty slabs of this heap; those of the pool were taken out of it.
        unsafe {
            discard_idle(heap.empty[space], now_ms);
            let pooled = core::mem::replace(&mut lock().empty[space], null_mut());
            let last = discard_idle(pooled, now_ms);
            if !last.is_null() {
                let mut common = lock();
                (*last).next = common.empty[space];
                common.empty[space] = pooled;
            }
        }
    }
    large::decay(heap, now_ms);
}

/// Returns the last slab of the list.
/// # Safety
/// The slabs from `slab` on are empty and the caller's.
unsafe fn discard_idle(mut slab: *mut Slab, now_ms: u32) -> *mut Slab {
    let mut last = null_mut();
    while !slab.is_null() {
        last = slab;
        // SAFETY: the caller's contract.
        unsafe {
            let head = &mut *slab;
            if !head.discarded && now_ms.wrapping_sub(head.idle_since_ms) >= DECAY_MS {
                let (start, end) = slab_range(slab);
                map::discard(NonNull::new_unchecked(start), end as usize - start as usize);
                head.discarded = true;
            }
            slab = head.next;
        }
    }
    last
}

#[cfg(test)]
mod tests;
