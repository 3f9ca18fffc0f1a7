//! The target processor: x86-64, baseline.

use super::{RelocKind, Stub};
use cranelift_codegen::isa::OwnedTargetIsa;
use cranelift_codegen::settings::{self, Configurable};

/// Optimisation effort.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Opt {
    None,
    Speed,
}

/// The code generator for the target.
pub fn isa(opt: Opt) -> OwnedTargetIsa {
    let mut flags = settings::builder();
    let mut set = |name: &str, value: &str| flags.set(name, value).expect("a Cranelift setting");
    set("opt_level", if opt == Opt::None { "none" } else { "speed" });
    set("enable_pinned_reg", "true");
    set("preserve_frame_pointers", "true");
    set("unwind_info", "false");
    set("is_pic", "false");
    set("enable_probestack", "false");
    set("enable_verifier", if cfg!(debug_assertions) { "true" } else { "false" });
    let triple = "x86_64-unknown-linux-gnu".parse().expect("a target triple");
    let builder = cranelift_codegen::isa::lookup(triple).expect("Cranelift was built with x86-64");
    builder.finish(settings::Flags::new(flags)).expect("consistent flags")
}

/// Code that enters a stub with the address of a runtime function where the stub expects it.
pub struct Trampoline {
    pub code: &'static [u8],
    /// Where the function's address goes, how, and what to add.
    pub function: (u32, RelocKind, i64),
    /// Where the stub's relative address goes.
    pub stub: u32,
}

pub fn trampoline(stub: Stub) -> Trampoline {
    match stub {
        // push function; jmp stub
        Stub::Slow => Trampoline {
            code: &[0x68, 0, 0, 0, 0, 0xe9, 0, 0, 0, 0],
            function: (1, RelocKind::Absolute32, 0),
            stub: 6,
        },
        // lea r10, [rip + function]; jmp stub
        Stub::Call | Stub::Safepoint | Stub::Raise => Trampoline {
            code: &[0x4c, 0x8d, 0x15, 0, 0, 0, 0, 0xe9, 0, 0, 0, 0],
            function: (3, RelocKind::Relative32, -4),
            stub: 8,
        },
    }
}
