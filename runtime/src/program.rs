//! The linked program: a safe view of the tables that the compiler wrote (`beamrc_abi::program`).
//!
//! [`install`] is called once, at boot, before any compiled code runs; without it (in tests of the
//! runtime alone) the program is empty. Knows nothing of processes and evaluates no term: literals
//! stand in the tables as the words they are.
#![allow(unsafe_code)]

use crate::sys::arena;
use crate::sys::lock::Mutex;
use crate::term::{Alloc, Kind, Term, View, build};
use beamrc_abi::program as abi;
use beamrc_abi::program::HANDLED;
pub use beamrc_abi::program::{CallSite, Export, Function, Location, Module};
use beamrc_abi::term::layout;
use core::sync::atomic::{
    AtomicU64,
    Ordering::{Acquire, Relaxed, Release},
};
use std::collections::HashMap;
use std::sync::OnceLock;

/// See the module's head.
pub struct Program {
    text_start: u64,
    text_end: u64,
    call_sites: &'static [CallSite],
    recent: &'static RecentSites,
    slots: &'static [u32],
    locations: &'static [Location],
    files: &'static [abi::Str],
    functions: &'static [Function],
    modules: &'static [Module],
    exports: &'static [Export],
    resources: &'static [abi::Resource],
    entry: (u32, u32),
    otp_release: &'static [u8],
    /// Literals made of locations and of file names.
    trace_entries: Made,
    file_names: Made,
}

/// For each row of a table, a literal term that is made when it is first asked for.
struct Made(OnceLock<Box<[AtomicU64]>>);
impl Made {
    const fn new() -> Made {
        Made(OnceLock::new())
    }
    /// The literal of one of `count` rows. Threads that make it at the same time all may use theirs.
    fn get(&self, row: usize, count: usize, make: impl FnOnce() -> Term) -> Term {
        let fresh = || arena::kept(|| (0..count).map(|_| AtomicU64::new(0)).collect());
        let all = self.0.get_or_init(fresh);
        match all[row].load(Acquire) {
            0 => {
                let made = make();
                all[row].store(made.0, Release);
                made
            }
            word => Term(word),
        }
    }
}

/// Call sites that were looked up, by a hash of their return offset: the offset above, the index
/// below. One word each, so that threads need no lock.
struct RecentSites([AtomicU64; RecentSites::COUNT]);
impl RecentSites {
    const BITS: u32 = 12;
    const COUNT: usize = 1 << Self::BITS;
    const fn new() -> RecentSites {
        RecentSites([const { AtomicU64::new(0) }; Self::COUNT])
    }
    #[inline(always)]
    fn place(&self, offset: u32) -> &AtomicU64 {
        &self.0[(offset.wrapping_mul(0x9e37_79b1) >> (32 - Self::BITS)) as usize]
    }
}
static RECENT: RecentSites = RecentSites::new();

static PROGRAM: OnceLock<Program> = OnceLock::new();
static NONE: Program = Program::none();

/// Makes the linked program known; a second call is ignored.
///
/// # Safety
/// `raw` is the address of the compiler's table (I4), which is never written again.
pub unsafe fn install(raw: *const abi::Program) {
    // SAFETY: the caller's contract.
    let raw: &'static abi::Program = unsafe { &*raw };
    assert!(
        raw.magic == abi::MAGIC && raw.version == beamrc_abi::VERSION,
        "the program's tables are of another version than its runtime"
    );
    // SAFETY: I4: the compiler states address and count of each table.
    let program = unsafe { Program::from_raw(raw) };
    let _ = PROGRAM.set(program);
}

/// The program that runs.
pub fn program() -> &'static Program {
    PROGRAM.get().unwrap_or(&NONE)
}

/// # Safety
/// `address` is that of `count` entries that live for ever, or `count` is 0.
unsafe fn table<T>(address: u64, count: u64) -> &'static [T] {
    if count == 0 {
        return &[];
    }
    // SAFETY: the caller's contract.
    unsafe { core::slice::from_raw_parts(address as *const T, count as usize) }
}

fn bytes(text: &abi::Str) -> &'static [u8] {
    // SAFETY: I4: the compiler's strings are static bytes.
    unsafe { table(text.address, text.length) }
}

impl Program {
    const fn none() -> Program {
        Program {
            text_start: 0,
            text_end: 0,
            call_sites: &[],
            recent: &RECENT,
            slots: &[],
            locations: &[],
            files: &[],
            functions: &[],
            modules: &[],
            exports: &[],
            resources: &[],
            entry: (beamrc_abi::atom::id::UNDEFINED, beamrc_abi::atom::id::UNDEFINED),
            otp_release: b"",
            trace_entries: Made::new(),
            file_names: Made::new(),
        }
    }

    /// # Safety
    /// I4: addresses and counts in `raw` are those of static tables of these types.
    unsafe fn from_raw(raw: &abi::Program) -> Program {
        // SAFETY: the caller's contract, for each table.
        unsafe {
            Program {
                text_start: raw.text_start,
                text_end: raw.text_end,
                call_sites: table(raw.call_sites, raw.call_site_count),
                recent: &RECENT,
                slots: table(raw.slots, raw.slot_count),
                locations: table(raw.locations, raw.location_count),
                files: table(raw.files, raw.file_count),
                functions: table(raw.functions, raw.function_count),
                modules: table(raw.modules, raw.module_count),
                exports: table(raw.exports, raw.export_capacity),
                resources: table(raw.resources, raw.resource_count),
                entry: (raw.entry_module, raw.entry_function),
                otp_release: bytes(&raw.otp_release),
                trace_entries: Made::new(),
                file_names: Made::new(),
            }
        }
    }

    /// Size of the compiled code.
    pub fn code_bytes(&self) -> usize {
        (self.text_end - self.text_start) as usize
    }
    /// Whether this is an address in compiled code.
    pub fn is_code(&self, address: u64) -> bool {
        self.text_start <= address && address < self.text_end
    }
    fn offset(&self, address: u64) -> Option<u32> {
        // A return address may be that of the end, after a last call that never returns.
        (self.text_start <= address && address <= self.text_end)
            .then(|| (address - self.text_start) as u32)
    }

    /// What is known of the call that returns to this address.
    #[inline]
    pub fn call_site(&self, return_address: u64) -> Option<&'static CallSite> {
        // Nothing returns to the very start, so no free place looks like an entry.
        let offset = self.offset(return_address).filter(|&offset| offset != 0)?;
        let place = self.recent.place(offset);
        let recent = place.load(Relaxed);
        if (recent >> 32) as u32 == offset {
            return self.call_sites.get(recent as u32 as usize);
        }
        self.search_call_site(offset, place)
    }
    #[cold]
    fn search_call_site(&self, offset: u32, place: &AtomicU64) -> Option<&'static CallSite> {
        let found = self.call_sites.binary_search_by_key(&offset, |site| site.return_offset);
        let index = found.ok()?;
        place.store(u64::from(offset) << 32 | index as u64, Relaxed);
        Some(&self.call_sites[index])
    }
    /// Byte offsets from the stack pointer of the terms that are live at a call site.
    pub fn live_slots(&self, site: &CallSite) -> &'static [u32] {
        let start = (site.slots & !HANDLED) as usize;
        let count = self.slots[start] as usize;
        &self.slots[start + 1..start + 1 + count]
    }
    /// Address of the handler of a call site.
    pub fn handler(&self, site: &CallSite) -> Option<u64> {
        let before = (site.slots & !HANDLED).wrapping_sub(1) as usize;
        (site.slots & HANDLED != 0).then(|| self.text_start + u64::from(self.slots[before]))
    }
    /// The source positions of a call site, from the innermost inlined call outwards.
    pub fn locations(&self, site: &CallSite) -> impl Iterator<Item = &'static Location> {
        let at = |index: u32| (index != 0).then(|| self.locations.get(index as usize)).flatten();
        core::iter::successors(at(site.location), move |location| at(location.inlined_at))
    }
    /// The function of a location.
    pub fn function(&self, location: &Location) -> &'static Function {
        &self.functions[location.function as usize]
    }
    /// The source file of a location, as stack traces show it.
    pub fn file(&self, location: &Location) -> Option<&'static [u8]> {
        self.files.get(location.file as usize).map(bytes)
    }
    /// The literal that `make` makes of a location of this program; kept for the next time.
    pub fn trace_entry(&self, location: &Location, make: impl FnOnce() -> Term) -> Term {
        let offset = core::ptr::from_ref(location).addr() - self.locations.as_ptr().addr();
        let row = offset / size_of::<Location>();
        self.trace_entries.get(row, self.locations.len(), make)
    }
    /// The literal that `make` makes of a location's file name; kept for the next time.
    pub fn file_name(
        &self,
        location: &Location,
        make: impl FnOnce(&'static [u8]) -> Term,
    ) -> Option<Term> {
        let name = self.file(location)?;
        let row = location.file as usize;
        Some(self.file_names.get(row, self.files.len(), || make(name)))
    }
    /// The function whose code this address is in.
    pub fn function_at(&self, address: u64) -> Option<&'static Function> {
        let offset = self.offset(address)?;
        let after = self.functions.partition_point(|f| f.start <= offset);
        let function = self.functions.get(after.checked_sub(1)?)?;
        (offset < function.end).then_some(function)
    }
    pub fn functions(&self) -> &'static [Function] {
        self.functions
    }

    /// A function that can be called by name.
    pub fn export(&self, module: u32, function: u32, arity: u32) -> Option<&'static Export> {
        let mask = (self.exports.len() as u64).checked_sub(1)?;
        let mut at = abi::export_hash(module, function, arity) & mask;
        for _ in 0..self.exports.len() {
            let export = &self.exports[at as usize];
            if export.code == 0 {
                return None;
            }
            if (export.module, export.function, export.arity) == (module, function, arity) {
                return Some(export);
            }
            at = (at + 1) & mask;
        }
        None
    }
    pub fn modules(&self) -> &'static [Module] {
        self.modules
    }
    /// A linked module. The table is in the order of names, not of numbers, so this is a walk.
    pub fn module(&self, name: u32) -> Option<&'static Module> {
        self.modules.iter().find(|module| module.name == name)
    }

    /// Embedded data.
    pub fn resource(&self, name: &[u8]) -> Option<&'static [u8]> {
        let found = self.resources.binary_search_by(|resource| bytes(&resource.name).cmp(name));
        found.ok().map(|i| bytes(&self.resources[i].data))
    }
    /// Names and data of everything embedded.
    pub fn resources(&self) -> impl Iterator<Item = (&'static [u8], &'static [u8])> {
        self.resources.iter().map(|resource| (bytes(&resource.name), bytes(&resource.data)))
    }

    /// Module and function that the first process applies.
    pub fn entry(&self) -> (u32, u32) {
        self.entry
    }
    /// Release of OTP whose modules were compiled in.
    pub fn otp_release(&self) -> &'static [u8] {
        self.otp_release
    }
    /// The same as a number, 0 where there is none.
    pub fn release(&self) -> usize {
        let digits = core::str::from_utf8(self.otp_release).unwrap_or_default();
        digits.parse().unwrap_or(0)
    }
}

/// Code that stands in for functions that are not linked, called as a fun is, for each arity; 0 in
/// tests, which call nothing.
static STAND_INS: OnceLock<(fn(u32) -> u64, u64)> = OnceLock::new();
/// One description for each missing function that a fun was made of, so that equal funs share it.
static MISSING: OnceLock<Mutex<HashMap<(u32, u32, u32), &'static Export>>> = OnceLock::new();

/// States where calls of what is not linked go, at boot: of funs by arity, and of functions by name
/// where something handles such calls.
pub fn set_stand_ins(of_funs: fn(u32) -> u64, of_names: u64) {
    let _ = STAND_INS.set((of_funs, of_names));
}
/// Code to be called by name instead of a function that is not linked.
pub fn stand_in_of_names() -> u64 {
    STAND_INS.get().map_or(0, |(_, of_names)| *of_names)
}

/// Code that stands in for a closure with so many arguments whose code is not linked.
pub fn stand_in(arity: u32) -> u64 {
    STAND_INS.get().map_or(0, |(of_funs, _)| of_funs(arity))
}

/// The description of a function, linked or not.
fn export_or_missing(module: u32, function: u32, arity: u32) -> &'static Export {
    if let Some(export) = program().export(module, function, arity) {
        return export;
    }
    let missing = MISSING.get_or_init(Mutex::default);
    let mut missing = missing.lock().expect("no panic while adding");
    missing.entry((module, function, arity)).or_insert_with(|| {
        Box::leak(Box::new(Export {
            code: 0,
            fun_code: stand_in(arity),
            module,
            function,
            arity,
            bif: 0,
        }))
    })
}

/// `fun M:F/A`, whether or not the function is linked.
pub fn export_fun(
    heap: &mut (impl Alloc + ?Sized),
    module: u32,
    function: u32,
    arity: u32,
) -> Term {
    let export = export_or_missing(module, function, arity);
    let words = [export.fun_code, core::ptr::from_ref(export) as u64];
    build::object(heap, Kind::ExportFun, u64::from(arity), &words)
}

/// Code address and arity of a fun; nothing for any other term.
pub fn fun_code(fun: Term) -> Option<(u64, u32)> {
    match fun.view() {
        View::Fun { arity, words } | View::ExportFun { arity, words } => {
            Some((words[layout::FUN_CODE], arity))
        }
        _ => None,
    }
}

/// What an external fun calls; nothing for any other term.
pub fn export_of_fun(fun: &Term) -> Option<&'static Export> {
    match fun.view() {
        View::ExportFun { words, .. } => {
            // SAFETY: I4: an entry of the program's table, or one made for a missing function.
            Some(unsafe { &*(words[layout::FUN_META] as *const Export) })
        }
        _ => None,
    }
}

/// A literal that stands in a table.
pub fn literal(word: u64) -> Term {
    Term(word)
}

#[cfg(test)]
impl Program {
    /// Code from `text_start` on that is described by these tables, for tests of what reads them.
    pub fn for_tests(
        text_start: u64,
        call_sites: Vec<CallSite>,
        slots: Vec<u32>,
        locations: Vec<Location>,
        files: &[&'static str],
        functions: Vec<Function>,
    ) -> Program {
        let as_str = |text: &&'static str| abi::Str {
            address: text.as_ptr() as u64,
            length: text.len() as u64,
        };
        Program {
            text_start,
            text_end: text_start + 1000,
            call_sites: Vec::leak(call_sites),
            recent: Box::leak(Box::new(RecentSites::new())),
            slots: Vec::leak(slots),
            locations: Vec::leak(locations),
            files: Vec::leak(files.iter().map(as_str).collect()),
            functions: Vec::leak(functions),
            ..Program::none()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: u64 = 0x40_0000;

    fn sample() -> Program {
        let capacity = 8;
        let mut exports: Vec<Export> = (0..capacity)
            .map(|_| Export { code: 0, fun_code: 0, module: 0, function: 0, arity: 0, bif: 0 })
            .collect();
        for (module, function, arity) in [(1, 2, 0), (1, 2, 1), (1, 3, 2), (7, 2, 0)] {
            let mut at = abi::export_hash(module, function, arity) & (capacity - 1);
            while exports[at as usize].code != 0 {
                at = (at + 1) % capacity;
            }
            exports[at as usize] = Export {
                code: TEXT + u64::from(arity),
                fun_code: TEXT,
                module,
                function,
                arity,
                bif: 0,
            };
        }
        let function = |start, end, name| Function { start, end, module: 1, name, arity: 0 };
        let site = |return_offset, slots, location| CallSite { return_offset, slots, location };
        let location =
            |function, inlined_at| Location { function, file: u32::MAX, line: 1, inlined_at };
        Program {
            text_start: TEXT,
            text_end: TEXT + 100,
            recent: Box::leak(Box::new(RecentSites::new())),
            call_sites: Vec::leak(vec![site(12, 0, 1), site(90, HANDLED | 2, 3)]),
            slots: Vec::leak(vec![0, 95, 2, 8, 24]),
            locations: Vec::leak(vec![
                location(0, 0),
                location(1, 0),
                location(0, 1),
                location(0, 2),
            ]),
            functions: Vec::leak(vec![
                function(0, 0, 9),
                function(0, 40, 10),
                function(48, 100, 11),
            ]),
            exports: Vec::leak(exports),
            ..Program::none()
        }
    }

    #[test]
    fn exports_are_found_by_name_and_arity() {
        let program = sample();
        assert_eq!(program.export(1, 2, 1).map(|e| e.code), Some(TEXT + 1));
        assert_eq!(program.export(7, 2, 0).map(|e| e.module), Some(7));
        assert!(program.export(1, 2, 2).is_none());
        assert!(Program::none().export(1, 2, 0).is_none());
    }

    #[test]
    fn addresses_lead_to_functions_and_call_sites() {
        let program = sample();
        assert_eq!(program.function_at(TEXT + 39).map(|f| f.name), Some(10));
        assert!(program.function_at(TEXT + 44).is_none());
        assert_eq!(program.function_at(TEXT + 48).map(|f| f.name), Some(11));
        assert!(program.function_at(TEXT - 1).is_none());
        assert!(program.call_site(TEXT + 13).is_none());
        assert!(program.call_site(TEXT).is_none());
        assert!((0..2).all(|_| program.call_site(TEXT + 12).map(|s| s.location) == Some(1)));
        let site = program.call_site(TEXT + 90).expect("in the table");
        assert_eq!(program.live_slots(site), [8, 24]);
        assert_eq!(program.handler(site), Some(TEXT + 95));
        let inlined: Vec<u32> = program.locations(site).map(|l| l.function).collect();
        assert_eq!(inlined, [0, 0, 1]);
    }
}
