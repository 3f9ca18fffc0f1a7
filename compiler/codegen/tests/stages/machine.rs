//! What holds of machine code after it has been improved.

use crate::fixtures::{Atoms, all, entered, try_built};
use beamrc_codegen::clif::{self, Compiled};
use beamrc_codegen::ssa::{Function, passes};
use iced_x86::{Decoder, DecoderOptions, Instruction, Mnemonic, Register};

fn compiled(text: &str) -> Compiled {
    let mut f: Function = text.parse().unwrap_or_else(|error| panic!("{error}"));
    passes::run(&mut f).unwrap_or_else(|error| panic!("{error}"));
    clif::compile(&f, &Atoms, &*clif::isa::isa(clif::isa::Opt::Speed))
        .unwrap_or_else(|error| panic!("{error}"))
}

fn decoded(code: &Compiled) -> Vec<Instruction> {
    Decoder::with_ip(64, &code.code, 0, DecoderOptions::NONE).into_iter().collect()
}

/// Mnemonics up to the first return.
fn until_return(code: &Compiled) -> Vec<Mnemonic> {
    let all = decoded(code).into_iter().map(|i| i.mnemonic());
    all.take_while(|m| *m != Mnemonic::Ret).collect()
}

#[test]
fn what_fits_takes_neither_frame_nor_flags_apart() {
    let code = compiled(
        r#"function m:add/2 {
b0(v0, v1) poll:
  v2 = arith(add)!(v0, v1)
  return v2
}
"#,
    );
    use Mnemonic::{Add, Jne, Jo, Mov, Or, Test};
    assert_eq!(until_return(&code), [Mov, Or, Test, Jne, Mov, Add, Jo]);
}

#[test]
fn a_frame_is_made_where_the_first_call_is_near() {
    let code = compiled(
        r#"function m:f/1 {
b0(v0) poll:
  if iscons(v0) then b1 else b2
b1():
  v1 = call m:g/1!(v0)
  v2 = call m:h/2!(v1, v0)
  return v2
b2():
  return []
}
"#,
    );
    let all = decoded(&code);
    let at = |m: Mnemonic| all.iter().position(|i| i.mnemonic() == m).expect("is there");
    assert!(at(Mnemonic::And) < at(Mnemonic::Push), "the test of the list needs no frame");
    assert!(at(Mnemonic::Push) < at(Mnemonic::Call));
    // The slot of `v0` alone, and the alignment.
    assert_eq!(code.frame_bytes, 16);
}

/// Rows are found by return addresses, handlers are jumped to.
#[test]
fn call_sites_are_behind_calls_and_no_register_is_kept() {
    let isa = clif::isa::isa(clif::isa::Opt::Speed);
    let (mut functions, mut sites) = (0, 0);
    for (_, module) in all() {
        for (index, convention) in entered(&module) {
            let Ok(mut f) = try_built(&module, index, convention) else { continue };
            passes::run(&mut f).unwrap_or_else(|error| panic!("{error}"));
            let code = clif::compile(&f, &Atoms, &*isa).unwrap_or_else(|error| panic!("{error}"));
            functions += 1;
            for site in &code.call_sites {
                let end = site.return_offset as usize;
                let is_call = |from: usize| {
                    let mut decoder = Decoder::new(64, &code.code[from..end], DecoderOptions::NONE);
                    let what = decoder.decode();
                    matches!(what.mnemonic(), Mnemonic::Call) && what.len() == end - from
                };
                assert!(
                    (2..=7).any(|back| end >= back && is_call(end - back)),
                    "{}: no call before {end}",
                    f.name
                );
                assert!(
                    site.handler.is_none_or(|h| (h as usize) < code.code.len()),
                    "{}: handler outside",
                    f.name
                );
                let slots_fit = site.slots.iter().all(|s| s + 8 <= code.frame_bytes);
                assert!(
                    slots_fit,
                    "{}: slots {:?} in {} bytes",
                    f.name, site.slots, code.frame_bytes
                );
                sites += 1;
            }
            let saves = |i: &Instruction| {
                i.mnemonic() == Mnemonic::Mov
                    && i.memory_base() == Register::RSP
                    && i.op1_register() == Register::R14
            };
            let first =
                decoded(&code).into_iter().take_while(|i| i.mnemonic() != Mnemonic::Call).take(8);
            assert!(!first.into_iter().any(|i| saves(&i)), "{} saves registers", f.name);
        }
    }
    assert!(functions > 250 && sites > 1000, "{functions} functions with {sites} call sites only");
}
