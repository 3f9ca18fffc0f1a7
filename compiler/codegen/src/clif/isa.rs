//! The target processor: x86-64, baseline.

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
