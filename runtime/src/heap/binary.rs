//! Reference-counted binaries and resources, and the heap objects that keep them alive.
//!
//! A [`Binary`] lives outside all heaps and is shared between processes; a heap refers to it by a
//! `BinRef` object, which owns one reference and is linked into its area's [`OffHeap`] list. The
//! collector walks that list after it has moved what lives, and drops the references of the rest.
//! A [`Resource`] is the same for things of the runtime that have a destructor (`MagicRef`).
//!
//! Bits below the size are written once and never changed while more than one reference exists;
//! the tail up to `capacity` belongs to whoever claims it (see [`Binary::claim`]), which is what
//! makes appending to a shared binary safe and cheap.

use crate::term::{Alloc, Kind, OffHeap, Term, header_kind};
use beamrc_abi::term::{header, layout};
use core::mem::offset_of;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicUsize, Ordering};
use std::alloc::{GlobalAlloc, Layout, System};

/// Head of an off-heap binary; its bytes follow it. Handled through `NonNull` only, because a
/// reference to the head would not cover the bytes.
#[repr(C, align(16))]
pub struct Binary {
    references: AtomicUsize,
    /// Bits in use by any view. Bits behind them may be anything, in the last byte too.
    size_bits: AtomicUsize,
    capacity_bytes: usize,
}

static ALLOCATED_BYTES: AtomicUsize = AtomicUsize::new(0);

/// Bytes of all binaries that are alive, for `erlang:memory(binary)`.
pub fn allocated_bytes() -> usize {
    ALLOCATED_BYTES.load(Ordering::Relaxed)
}

const HEAD_BYTES: usize = layout::BINARY_DATA_OFFSET as usize;
const _: () = {
    assert!(size_of::<Binary>() == HEAD_BYTES, "I4");
    assert!(offset_of!(Binary, references) == layout::BINARY_REFERENCES_OFFSET as usize, "I4");
    assert!(offset_of!(Binary, size_bits) == layout::BINARY_SIZE_OFFSET as usize, "I4");
    assert!(offset_of!(Binary, capacity_bytes) == layout::BINARY_CAPACITY_OFFSET as usize, "I4");
};

impl Binary {
    fn layout(capacity_bytes: usize) -> Option<Layout> {
        let total = capacity_bytes.checked_add(HEAD_BYTES)?;
        Layout::from_size_align(total, align_of::<Binary>()).ok()
    }

    /// A binary of `size_bytes` bytes with one reference; the bytes are not initialised. `None` if
    /// the system has no memory for it.
    pub fn try_alloc(size_bytes: usize, capacity_bytes: usize) -> Option<NonNull<Binary>> {
        let capacity_bytes = capacity_bytes.max(size_bytes).checked_next_multiple_of(8)?;
        let layout = Binary::layout(capacity_bytes)?;
        // SAFETY: the layout's size is not zero.
        let binary = NonNull::new(unsafe { System.alloc(layout) })?.cast::<Binary>();
        // SAFETY: fresh memory of at least a head.
        unsafe {
            binary.write(Binary {
                references: AtomicUsize::new(1),
                size_bits: AtomicUsize::new(8 * size_bytes),
                capacity_bytes,
            });
        }
        ALLOCATED_BYTES.fetch_add(layout.size(), Ordering::Relaxed);
        Some(binary)
    }

    /// As [`Binary::try_alloc`], exactly sized; the program ends if there is no memory.
    pub fn alloc(size_bytes: usize) -> NonNull<Binary> {
        Binary::try_alloc(size_bytes, size_bytes)
            .unwrap_or_else(|| crate::heap::out_of_memory("binary", size_bytes))
    }

    /// A binary holding a copy of these bytes.
    pub fn from_bytes(bytes: &[u8]) -> NonNull<Binary> {
        let binary = Binary::alloc(bytes.len());
        // SAFETY: `alloc` made room for them, and nobody else knows the binary yet.
        unsafe {
            core::ptr::copy_nonoverlapping(bytes.as_ptr(), Binary::data_mut(binary), bytes.len());
        }
        binary
    }

    /// # Safety
    /// The binary is alive.
    pub unsafe fn size_bits(this: NonNull<Binary>) -> usize {
        // SAFETY: the caller's contract.
        unsafe { this.as_ref() }.size_bits.load(Ordering::Acquire)
    }
    /// Bytes that hold bits in use.
    /// # Safety
    /// The binary is alive.
    pub unsafe fn size(this: NonNull<Binary>) -> usize {
        // SAFETY: the caller's contract.
        unsafe { Binary::size_bits(this) }.div_ceil(8)
    }
    /// # Safety
    /// The binary is alive.
    pub unsafe fn capacity(this: NonNull<Binary>) -> usize {
        // SAFETY: the caller's contract; only `grow` writes it, which demands sole ownership.
        unsafe { (*this.as_ptr()).capacity_bytes }
    }
    /// # Safety
    /// The binary is alive.
    pub unsafe fn references(this: NonNull<Binary>) -> usize {
        // SAFETY: the caller's contract.
        unsafe { this.as_ref() }.references.load(Ordering::Acquire)
    }
    /// The bytes.
    /// # Safety
    /// The binary is alive and its bytes are initialised; `'a` ends before it is freed or grown.
    pub unsafe fn data<'a>(this: NonNull<Binary>) -> &'a [u8] {
        // SAFETY: the caller's contract; `size` bytes stand behind the head.
        unsafe { core::slice::from_raw_parts(Binary::data_mut(this), Binary::size(this)) }
    }
    /// Address of the first byte. Writing needs sole ownership, or a claimed range.
    pub fn data_mut(this: NonNull<Binary>) -> *mut u8 {
        this.as_ptr().cast::<u8>().wrapping_add(HEAD_BYTES)
    }

    /// Takes the bits from `from`, the start of a byte, to `to` for the caller to write, if nobody has
    /// yet written or claimed behind `from` and they fit. Works on shared binaries: whoever loses the
    /// race copies.
    /// # Safety
    /// The binary is alive.
    pub unsafe fn claim(this: NonNull<Binary>, from: usize, to: usize) -> bool {
        debug_assert!(from.is_multiple_of(8));
        // SAFETY: the caller's contract.
        let head = unsafe { this.as_ref() };
        to.div_ceil(8) <= head.capacity_bytes
            && from <= to
            && head
                .size_bits
                .compare_exchange(from, to, Ordering::AcqRel, Ordering::Relaxed)
                .is_ok()
    }

    /// Sets the size, within the capacity.
    /// # Safety
    /// The caller holds the only reference.
    pub unsafe fn set_size_bits(this: NonNull<Binary>, size_bits: usize) {
        // SAFETY: the caller's contract.
        let head = unsafe { this.as_ref() };
        assert!(size_bits.div_ceil(8) <= head.capacity_bytes, "size within capacity");
        head.size_bits.store(size_bits, Ordering::Release);
    }

    /// Moves a binary to one with room for `capacity_bytes`; its address may change, so the caller
    /// updates the object that refers to it. `None`, the binary unchanged, if memory is short.
    /// # Safety
    /// The caller holds the only reference.
    pub unsafe fn grow(this: NonNull<Binary>, capacity_bytes: usize) -> Option<NonNull<Binary>> {
        // SAFETY: the caller's contract.
        let old = unsafe { Binary::capacity(this) };
        let capacity_bytes = capacity_bytes.max(old).checked_next_multiple_of(8)?;
        let total = Binary::layout(capacity_bytes)?.size();
        let old_layout = Binary::layout(old)?;
        // SAFETY: allocated by `try_alloc` with this layout.
        let moved = unsafe { System.realloc(this.as_ptr().cast(), old_layout, total) };
        let moved = NonNull::new(moved)?.cast::<Binary>();
        ALLOCATED_BYTES.fetch_add(total - old_layout.size(), Ordering::Relaxed);
        // SAFETY: realloc kept the head.
        unsafe { (*moved.as_ptr()).capacity_bytes = capacity_bytes };
        Some(moved)
    }

    /// # Safety
    /// The binary is alive.
    pub unsafe fn incref(this: NonNull<Binary>) {
        // SAFETY: the caller's contract.
        unsafe { this.as_ref() }.references.fetch_add(1, Ordering::Relaxed);
    }

    /// Gives one reference up; frees the binary with its last.
    /// # Safety
    /// The caller owns a reference and uses it no more.
    pub unsafe fn decref(this: NonNull<Binary>) {
        // SAFETY: the caller's contract.
        let head = unsafe { this.as_ref() };
        if head.references.fetch_sub(1, Ordering::Release) == 1 {
            core::sync::atomic::fence(Ordering::Acquire);
            let layout = Binary::layout(head.capacity_bytes).expect("was allocated");
            ALLOCATED_BYTES.fetch_sub(layout.size(), Ordering::Relaxed);
            // SAFETY: that was the last reference; allocated with this layout.
            unsafe { System.dealloc(this.as_ptr().cast(), layout) };
        }
    }
}

/// Head of a thing of the runtime that magic references keep alive; embedded at the start of the
/// thing's own `#[repr(C)]` struct.
#[repr(C)]
pub struct Resource {
    references: AtomicUsize,
    /// Frees the whole struct; runs on the thread that gave up the last reference.
    destroy: unsafe fn(NonNull<Resource>),
    /// Tells apart the kinds of resources: address of a static of its kind.
    pub kind: *const (),
}

impl Resource {
    /// With one reference, which is the creator's. `destroy` is given the embedding struct.
    pub const fn new(kind: *const (), destroy: unsafe fn(NonNull<Resource>)) -> Resource {
        Resource { references: AtomicUsize::new(1), destroy, kind }
    }
    /// # Safety
    /// The resource is alive.
    pub unsafe fn incref(this: NonNull<Resource>) {
        // SAFETY: the caller's contract.
        unsafe { this.as_ref() }.references.fetch_add(1, Ordering::Relaxed);
    }
    /// # Safety
    /// The caller owns a reference and uses it no more.
    pub unsafe fn decref(this: NonNull<Resource>) {
        // SAFETY: the caller's contract.
        let head = unsafe { this.as_ref() };
        if head.references.fetch_sub(1, Ordering::Release) == 1 {
            core::sync::atomic::fence(Ordering::Acquire);
            // SAFETY: that was the last reference; the creator named the right destructor.
            unsafe { (head.destroy)(this) };
        }
    }
}

/// Word indexes after the header of a `MagicRef`.
pub const MAGIC_RESOURCE: usize = 1;
pub const MAGIC_NEXT: usize = 2;

/// A `BinRef` object that takes over the caller's reference to the binary. It is no value: wrap it
/// in a `SubBits`.
pub fn bin_ref(heap: &mut (impl Alloc + ?Sized), binary: NonNull<Binary>) -> Term {
    let object = heap.alloc(3);
    // SAFETY: I2: three fresh words, complete before they are linked; the binary is alive.
    unsafe {
        *object = header(Kind::BinRef, 2, 0);
        *object.add(1 + layout::BIN_REF_BINARY) = binary.as_ptr() as u64;
        heap.off_heap().link(object);
        heap.charge_off_heap(Binary::capacity(binary) / 8);
    }
    Term::from_boxed(object)
}

/// The binary behind a `BinRef` object.
pub fn binary_of(bin_ref: Term) -> NonNull<Binary> {
    debug_assert!(bin_ref.is_kind(Kind::BinRef));
    let address = bin_ref.words()[layout::BIN_REF_BINARY];
    NonNull::new(address as *mut Binary).expect("I5: a BinRef is complete")
}

/// A reference (a value) with this unique number that keeps a resource alive; it takes over the
/// caller's reference.
pub fn magic_ref(
    heap: &mut (impl Alloc + ?Sized),
    number: u64,
    resource: NonNull<Resource>,
) -> Term {
    let object = heap.alloc(4);
    // SAFETY: I2: four fresh words, complete before they are linked.
    unsafe {
        *object = header(Kind::MagicRef, 3, 0);
        *object.add(1) = number;
        *object.add(1 + MAGIC_RESOURCE) = resource.as_ptr() as u64;
        heap.off_heap().link(object);
    }
    Term::from_boxed(object)
}

/// The resource behind a magic reference.
#[inline]
pub fn resource_of(magic_ref: Term) -> Option<NonNull<Resource>> {
    if !magic_ref.is_kind(Kind::MagicRef) {
        return None;
    }
    NonNull::new(magic_ref.words()[MAGIC_RESOURCE] as *mut Resource)
}

impl OffHeap {
    /// Puts a complete `BinRef` or `MagicRef` at the front of the list.
    /// # Safety
    /// `object` is one, in memory that this list speaks for, and in no list yet.
    pub unsafe fn link(&mut self, object: *mut u64) {
        // SAFETY: the caller's contract.
        unsafe { *link_word(object) = self.first };
        self.first = object as u64;
    }

    /// Moves all objects of another list into this one.
    pub fn append(&mut self, other: &mut OffHeap) {
        self.virtual_words += core::mem::take(&mut other.virtual_words);
        let first = core::mem::replace(&mut other.first, 0);
        if first == 0 {
            return;
        }
        let mut object = first as *mut u64;
        // SAFETY: lists hold complete off-heap objects (contract of `link`).
        unsafe {
            while *link_word(object) != 0 {
                object = *link_word(object) as *mut u64;
            }
            *link_word(object) = self.first;
        }
        self.first = first;
    }

    /// Calls `f` with each binary in the list.
    pub(super) fn for_each_binary(&self, mut f: impl FnMut(NonNull<Binary>)) {
        let mut object = self.first as *mut u64;
        while !object.is_null() {
            // SAFETY: lists hold complete off-heap objects.
            unsafe {
                if let Some(binary) = binary_in(object) {
                    f(binary);
                }
                object = *link_word(object) as *mut u64;
            }
        }
    }

    /// Gives up what every object of the list holds; the objects are dead afterwards.
    /// # Safety
    /// None of the objects has moved, and none is used again.
    pub unsafe fn release_all(&mut self) {
        let mut object = self.first as *mut u64;
        while !object.is_null() {
            // SAFETY: lists hold complete off-heap objects; read before its reference goes.
            unsafe {
                let next = *link_word(object) as *mut u64;
                release(object);
                object = next;
            }
        }
        *self = OffHeap::default();
    }
}

/// The binary that an off-heap object keeps alive, if it is not a resource.
/// # Safety
/// `object` is a complete `BinRef` or `MagicRef`.
unsafe fn binary_in(object: *mut u64) -> Option<NonNull<Binary>> {
    // SAFETY: the caller's contract.
    unsafe {
        match header_kind(*object) {
            Kind::BinRef => NonNull::new(*object.add(1 + layout::BIN_REF_BINARY) as *mut Binary),
            _ => None,
        }
    }
}

/// Words of the binary behind an off-heap object, for the virtual heap.
/// # Safety
/// As for [`binary_in`].
pub(super) unsafe fn virtual_words(object: *mut u64) -> usize {
    // SAFETY: the caller's contract; the object keeps its binary alive.
    unsafe { binary_in(object).map_or(0, |binary| Binary::capacity(binary) / 8) }
}

/// Where an off-heap object holds the address of the next.
/// # Safety
/// `object` is the address of a `BinRef` or `MagicRef` whose header is in place.
pub(super) unsafe fn link_word(object: *mut u64) -> *mut u64 {
    // SAFETY: the caller's contract.
    unsafe {
        match header_kind(*object) {
            Kind::BinRef => object.add(1 + layout::BIN_REF_NEXT),
            Kind::MagicRef => object.add(1 + MAGIC_NEXT),
            other => unreachable!("{other:?} in an off-heap list"),
        }
    }
}

/// Gives up the reference that an off-heap object owns.
/// # Safety
/// `object` is a complete `BinRef` or `MagicRef` that is not used again.
pub(super) unsafe fn release(object: *mut u64) {
    // SAFETY: the caller's contract; the object owns one reference.
    unsafe {
        match header_kind(*object) {
            Kind::BinRef => {
                let binary = *object.add(1 + layout::BIN_REF_BINARY) as *mut Binary;
                Binary::decref(NonNull::new_unchecked(binary));
            }
            Kind::MagicRef => {
                let resource = *object.add(1 + MAGIC_RESOURCE) as *mut Resource;
                Resource::decref(NonNull::new_unchecked(resource));
            }
            other => unreachable!("{other:?} in an off-heap list"),
        }
    }
}

/// Takes another reference for a copy of an off-heap object.
/// # Safety
/// `object` is a complete `BinRef` or `MagicRef`.
pub(super) unsafe fn retain(object: *mut u64) {
    // SAFETY: the caller's contract.
    unsafe {
        match header_kind(*object) {
            Kind::BinRef => {
                let binary = *object.add(1 + layout::BIN_REF_BINARY) as *mut Binary;
                Binary::incref(NonNull::new_unchecked(binary));
            }
            Kind::MagicRef => {
                let resource = *object.add(1 + MAGIC_RESOURCE) as *mut Resource;
                Resource::incref(NonNull::new_unchecked(resource));
            }
            other => unreachable!("{other:?} in an off-heap list"),
        }
    }
}
