//! What the compiler tells the runtime about a program: the tables behind `beamrc_program`.
//!
//! All addresses are absolute (executables are not position-independent); counts are elements.
//! Text offsets are relative to `text_start`.

/// The folder that embedded files seem to be in. No path of the system begins so with a slash behind
/// it: this is a file.
pub const EMBEDDED_ROOT: &str = "/proc/self/exe";

/// Symbol of the [`Program`] that an object file defines.
pub const SYMBOL: &str = "beamrc_program";
pub const MAGIC: u64 = 0x6265_616d_7263_0001;

/// A string of static bytes.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Str {
    pub address: u64,
    pub length: u64,
}

#[repr(C)]
pub struct Program {
    pub magic: u64,
    pub version: u64,
    pub text_start: u64,
    pub text_end: u64,
    /// [`CallSite`]s in rising order of `return_offset`.
    pub call_sites: u64,
    pub call_site_count: u64,
    /// Pool of `u32` that call sites index for their live slots.
    pub slots: u64,
    pub slot_count: u64,
    pub locations: u64,
    pub location_count: u64,
    /// [`Str`]s: source file names as stack traces show them.
    pub files: u64,
    pub file_count: u64,
    /// [`Function`]s in rising order of `start`.
    pub functions: u64,
    pub function_count: u64,
    /// [`Module`]s in the order of their names.
    pub modules: u64,
    pub module_count: u64,
    /// [`Export`]s of every linked function that can be called by name, an open-addressing table of
    /// `export_capacity` (a power of two) entries under [`export_hash`]; free ones have code 0.
    pub exports: u64,
    pub export_capacity: u64,
    /// [`AtomEntry`]s: an open-addressing table of `atom_capacity` (a power of two) entries;
    /// an atom's entry is at `id & (capacity - 1)` or follows it.
    pub atoms: u64,
    pub atom_capacity: u64,
    /// Module and function that the first process applies, with no arguments.
    pub entry_module: u32,
    pub entry_function: u32,
    /// Release of OTP whose modules were compiled in, such as "27".
    pub otp_release: Str,
    /// Embedded data by name (`.app` files, priv files): [`Resource`]s in the order of their names.
    pub resources: u64,
    pub resource_count: u64,
    /// [`LargeMap`]s to complete before anything runs, inner ones first.
    pub large_maps: u64,
    pub large_map_count: u64,
}

/// A literal map of more keys than fit a flat map. Hashing is the runtime's matter, so it builds
/// the tree at the start and writes the root over the words reserved for it.
#[repr(C)]
pub struct LargeMap {
    /// Address of the reserved words (untagged): header, size and sixteen children.
    pub object: u64,
    /// Keys and values, alternating.
    pub pairs: u64,
    pub count: u64,
}

/// A return address in compiled code.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct CallSite {
    pub return_offset: u32,
    /// Index into the slot pool: a count, then that many byte offsets from the stack pointer
    /// (as it is after the return) at which terms are live. With [`HANDLED`] the text offset of
    /// the code that handles exceptions here stands before the count.
    pub slots: u32,
    /// Index into the locations.
    pub location: u32,
}

/// Bit of [`CallSite::slots`].
pub const HANDLED: u32 = 1 << 31;

/// Where a call stands in the source.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Location {
    /// Index into the functions of the program, of the (perhaps inlined) function.
    pub function: u32,
    /// Index into the files; `u32::MAX` if unknown.
    pub file: u32,
    pub line: u32,
    /// The location of the call that was inlined; 0 if this is a frame of its own (location 0 is
    /// a dummy).
    pub inlined_at: u32,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Function {
    /// Text offsets; both 0 for a function that was inlined everywhere.
    pub start: u32,
    pub end: u32,
    /// Atom numbers.
    pub module: u32,
    pub name: u32,
    pub arity: u32,
}

#[repr(C)]
pub struct Module {
    pub name: u32,
    /// 1 if every function was kept.
    pub whole: u32,
    /// Literal term: the module's attributes as `module_info(attributes)` returns them.
    pub attributes: u64,
    /// Literal term: `module_info(compile)`.
    pub compile: u64,
    /// Literal term: `[{Name, Arity}]` of its exports that are linked.
    pub exports: u64,
    /// Literal term: all functions that are linked.
    pub functions: u64,
    /// Literal term: `[{Name, IsExported, [Field | {Field, Default}]}]`, its native records.
    pub records: u64,
    pub md5: [u8; 16],
}

/// A function that can be called by name.
#[repr(C)]
pub struct Export {
    /// Address of its code; 0 marks a free entry of the table.
    pub code: u64,
    /// Address of code with the closure convention (arguments, then the fun).
    pub fun_code: u64,
    pub module: u32,
    pub function: u32,
    pub arity: u32,
    /// 1 if a BIF's wrapper.
    pub bif: u32,
}

/// Where the search for `module:function/arity` starts in the table of exports.
pub const fn export_hash(module: u32, function: u32, arity: u32) -> u64 {
    let h = (module as u64) << 32 ^ (function as u64) << 8 ^ arity as u64;
    let h = h.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    h ^ h >> 29
}

/// What all closures made at one place share.
#[repr(C)]
pub struct Lambda {
    pub module: u32,
    /// Name of the function behind it, such as `-main/0-fun-0-`.
    pub name: u32,
    pub arity: u32,
    pub free: u32,
    pub index: u32,
    pub old_index: u32,
    pub old_uniq: u32,
    pub reserved: u32,
    pub uniq: [u8; 16],
}

#[repr(C)]
pub struct AtomEntry {
    pub text: Str,
    pub id: u32,
    /// Characters (code points), not bytes; `u32::MAX` marks a free entry.
    pub characters: u32,
    /// First four bytes of the text, big endian, zero padded: decides most comparisons.
    pub order: u32,
    /// OTP's hash of an atom, used by `phash2` and internal hashes.
    pub hash: u32,
}

#[repr(C)]
pub struct Resource {
    pub name: Str,
    pub data: Str,
}
