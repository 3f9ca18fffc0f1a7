//! The target processor: x86-64, baseline.

use super::{Compiled, Reloc, RelocKind, Stub, Symbol};
use beamrc_abi::{entry, process as head};
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
    set("machine_code_cfg_info", "true");
    set("enable_verifier", if cfg!(debug_assertions) { "true" } else { "false" });
    let triple = "x86_64-unknown-linux-gnu".parse().expect("a target triple");
    let builder = cranelift_codegen::isa::lookup(triple).expect("Cranelift was built with x86-64");
    builder.finish(settings::Flags::new(flags)).expect("consistent flags")
}

/// Puts a check of the stack before a function whose frame is too large to be there before the check.
pub fn check_large_frame(mut compiled: Compiled) -> Compiled {
    // The frame, the frame pointer and the return address.
    let needed = compiled.frame_bytes + 16;
    let stack_limit = head::STACK_LIMIT as u8;
    let restart = head::RESTART as u8;
    let mut code = vec![];
    code.extend([0x4c, 0x8d, 0x9c, 0x24]); // lea r11, [rsp - needed]
    code.extend(needed.wrapping_neg().to_le_bytes());
    code.extend([0x4d, 0x3b, 0x5f, stack_limit]); // cmp r11, [r15 + STACK_LIMIT]
    code.extend([0x73, 22]); // jae over the rest
    let behind = code.len();
    code.extend([0x4c, 0x8d, 0x1d]); // lea r11, [rip + the start]
    code.extend((-(code.len() as i32 + 4)).to_le_bytes());
    code.extend([0x4d, 0x89, 0x5f, restart]); // mov [r15 + RESTART], r11
    code.extend([0x41, 0xba]); // mov r10d, needed
    code.extend(needed.to_le_bytes());
    code.push(0xe9); // jmp stub
    let stub = Reloc {
        offset: code.len() as u32,
        kind: RelocKind::Relative32,
        symbol: Symbol::Runtime(entry::stub::LARGE_FRAME.into()),
        addend: -4,
    };
    code.extend([0; 4]);
    debug_assert_eq!(code.len() - behind, 22, "the jump over the rest");
    // Constants among the code keep their alignment.
    code.resize(code.len().next_multiple_of(compiled.alignment as usize), 0x90);
    let shift = code.len() as u32;
    code.append(&mut compiled.code);
    compiled.code = code;
    compiled.relocs.iter_mut().for_each(|r| r.offset += shift);
    compiled.relocs.push(stub);
    for site in &mut compiled.call_sites {
        site.return_offset += shift;
        site.handler = site.handler.map(|h| h + shift);
    }
    compiled.lines.iter_mut().for_each(|l| l.0 += shift);
    compiled
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
        Stub::Slow | Stub::SlowWords => Trampoline {
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
