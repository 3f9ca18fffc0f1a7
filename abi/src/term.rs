//! Term words: how a value is told from its 64 bits, and the layout of heap objects.
//!
//! A term is one word. The low three bits are its primary tag: small integers are `value << 3`,
//! conses and boxed objects are addresses plus their tag, everything else immediate carries a
//! two-bit sub-tag above. A boxed object starts with a header word that states its kind, how many
//! words follow it (so that a collector can copy it without knowing the kind) and 24 bits of the
//! kind's own.
//!
//! Literals (constants of the program and persistent terms) live below [`LITERAL_END`]; process
//! memory lives above. That one comparison tells the collector and the message copier what to
//! leave alone.

pub const TAG_BITS: u32 = 3;
pub const TAG_MASK: u64 = 7;
pub const TAG_SMALL: u64 = 0;
pub const TAG_CONS: u64 = 1;
pub const TAG_BOXED: u64 = 2;
pub const TAG_IMMEDIATE: u64 = 3;
/// Never a term; [`NONVALUE`] is the only word with this tag.
pub const TAG_NONE: u64 = 4;
pub const TAG_HEADER: u64 = 7;

/// Smallest and largest integers that are not bignums (61 bits).
pub const SMALL_MIN: i64 = -(1 << 60);
pub const SMALL_MAX: i64 = (1 << 60) - 1;

/// Immediates: tag, then two bits of sub-tag, then the payload.
pub const IMMEDIATE_BITS: u32 = 5;
pub const IMMEDIATE_MASK: u64 = 31;
pub const IMM_ATOM: u64 = TAG_IMMEDIATE;
pub const IMM_PID: u64 = 1 << 3 | TAG_IMMEDIATE;
pub const IMM_PORT: u64 = 2 << 3 | TAG_IMMEDIATE;
pub const IMM_SPECIAL: u64 = 3 << 3 | TAG_IMMEDIATE;

pub const NIL: u64 = IMM_SPECIAL;
/// "No value": a failed BIF, an empty mailbox, a hole. Never stored in a term.
pub const NONVALUE: u64 = TAG_NONE;

/// Addresses below this are literals, never moved, copied or freed by a collector.
pub const LITERAL_END: u64 = 1 << 40;

/// The kind of a boxed object, in bits 3 to 7 of its header.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Kind {
    /// `size` elements.
    Tuple = 0,
    /// One word: the IEEE 754 double.
    Float = 1,
    /// Magnitude, least significant word first, no leading zero word; never fits a small.
    BigPos = 2,
    BigNeg = 3,
    /// Local reference: two raw words (unique number; creator or alias data).
    Ref = 4,
    /// Reference to a resource of the runtime: unique number, resource pointer, off-heap link.
    MagicRef = 5,
    /// Closure: code address (called with its arguments, then the fun itself), address of its
    /// [`crate::program::Lambda`], then the environment. Header extra: arity.
    Fun = 6,
    /// `fun M:F/A`: code address (called as a closure is), address of its
    /// [`crate::program::Export`]. Header extra: arity.
    ExportFun = 7,
    /// Size in bits, then the bytes, padded with zeros to whole words.
    HeapBits = 8,
    /// Part of another: size in bits, offset in bits, then the `HeapBits` or `BinRef` behind it.
    SubBits = 9,
    /// Address of a reference-counted off-heap binary, then the off-heap link. Never a value by
    /// itself: only `SubBits` and match contexts refer to it.
    BinRef = 10,
    /// Match context: end in bits, position in bits (both from the start of the base), the base.
    Match = 11,
    /// Map of at most [`MAP_FLAT_MAX`] keys: the tuple of keys in term order, then the values.
    FlatMap = 12,
    /// Larger map: number of keys (a small), then the children. Header extra: 16-bit child bitmap.
    /// A child is a cons `[Key|Value]` or a boxed [`Kind::MapNode`].
    HashMap = 13,
    /// Inner node of a hash map: children only. Header extra: bitmap.
    MapNode = 14,
    /// Native record (OTP 29): definition, then the values of its fields. The definition is a tuple:
    /// module, name, `true` if other modules may look into it, names of the fields.
    Record = 15,
    /// Pid, port or reference of another node: node atom, creation, then raw words.
    /// Header extra: 0 pid, 1 port, 2 reference.
    External = 16,
    /// Saved stack trace inside an exception: return addresses, raw. Never visible to programs.
    Trace = 17,
}

pub const MAP_FLAT_MAX: usize = 32;
/// Binaries of at most this many bytes are built on the heap.
pub const HEAP_BITS_MAX_BYTES: usize = 64;
/// Header extra of a `HeapBits` with room for that many bytes, whose words beyond its size are zero
/// and may be appended to by its only owner.
pub const PRIVATE_BITS: u64 = 1;
/// Smaller parts of what is on the heap are copied: a `SubBits` would be no smaller.
pub const SHARED_BITS_MIN: usize = 8 * 16;

pub const HEADER_KIND_SHIFT: u32 = 3;
pub const HEADER_SIZE_SHIFT: u32 = 8;
pub const HEADER_SIZE_MASK: u64 = 0xffff_ffff;
pub const HEADER_EXTRA_SHIFT: u32 = 40;

/// Header of an object of `size_words` words after the header itself.
pub const fn header(kind: Kind, size_words: u64, extra: u64) -> u64 {
    extra << HEADER_EXTRA_SHIFT
        | size_words << HEADER_SIZE_SHIFT
        | (kind as u64) << HEADER_KIND_SHIFT
        | TAG_HEADER
}

/// A header's tag and kind bits alone.
pub const HEADER_KIND_MASK: u64 = 0xff;
pub const fn kind_bits(kind: Kind) -> u64 {
    (kind as u64) << HEADER_KIND_SHIFT | TAG_HEADER
}

/// Left in the head of a cons that a collector has moved; the tail then holds the new term.
pub const CONS_MOVED: u64 = 31 << HEADER_KIND_SHIFT | TAG_HEADER;

/// Leading words of an object (after its header) that are no terms; all of them if larger than
/// the object.
pub const fn raw_words(kind_index: u8) -> usize {
    const ALL: usize = usize::MAX;
    match kind_index {
        0 | 12 | 13 | 14 | 15 => 0,
        6 | 7 | 9 | 11 => 2,
        _ => ALL,
    }
}

pub const fn small(value: i64) -> u64 {
    (value as u64) << TAG_BITS
}
pub const fn atom(id: u32) -> u64 {
    (id as u64) << IMMEDIATE_BITS | IMM_ATOM
}

/// Byte offsets from an object's address (its header), word `i` after the header.
pub const fn word_offset(i: usize) -> i32 {
    8 * (i as i32 + 1)
}
pub mod layout {
    //! Word indexes after the header.
    pub const FUN_CODE: usize = 0;
    pub const FUN_META: usize = 1;
    pub const FUN_ENV: usize = 2;
    pub const HEAP_BITS_SIZE: usize = 0;
    pub const HEAP_BITS_DATA: usize = 1;
    pub const SUB_BITS_SIZE: usize = 0;
    pub const SUB_BITS_OFFSET: usize = 1;
    pub const SUB_BITS_BASE: usize = 2;
    pub const BIN_REF_BINARY: usize = 0;
    pub const BIN_REF_NEXT: usize = 1;
    pub const MATCH_END: usize = 0;
    pub const MATCH_POSITION: usize = 1;
    pub const MATCH_BASE: usize = 2;
    /// Byte offsets within an off-heap binary (see the runtime's `Binary`): its head, and the bytes.
    pub const BINARY_REFERENCES_OFFSET: i32 = 0;
    /// In bits.
    pub const BINARY_SIZE_OFFSET: i32 = 8;
    /// In bytes.
    pub const BINARY_CAPACITY_OFFSET: i32 = 16;
    pub const BINARY_DATA_OFFSET: i32 = 32;
}
