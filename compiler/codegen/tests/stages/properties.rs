//! What holds of every function of every fixture, however it is entered.

use crate::fixtures::{Atoms, all, entered, try_built};
use beamrc_codegen::clif;
use beamrc_codegen::ssa::{Function, passes, verify};

/// What does not build, with its reason; may only become shorter.
const NOT_YET: &[&str] = &[];

/// Reads back what the function prints.
fn reread(f: &Function) -> Function {
    let text = f.to_string();
    let again: Function = text.parse().unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(again.to_string(), text);
    again
}

fn check(f: &Function) {
    if let Err(error) = verify(f) {
        panic!("{}: {error}\n{f}", f.name);
    }
}

/// The function cache finds machine code by the text, so the text has to say everything.
#[test]
fn functions_verify_read_back_and_compile_to_what_their_text_says() {
    let isa = clif::isa::isa(clif::isa::Opt::Speed);
    let compiled = |f: &Function| {
        let code = clif::compile(f, &Atoms, &*isa).unwrap_or_else(|error| panic!("{error}\n{f}"));
        assert!(!code.code.is_empty(), "{} has no code", f.name);
        code.to_bytes()
    };
    let mut count = 0;
    let mut refused = Vec::new();
    for (_, module) in all() {
        for (index, convention) in entered(&module) {
            let mut f = match try_built(&module, index, convention) {
                Ok(f) => f,
                Err(error) => {
                    refused.push(error);
                    continue;
                }
            };
            check(&f);
            check(&reread(&f));
            passes::run(&mut f).unwrap_or_else(|error| panic!("{error}"));
            check(&f);
            let mut again = reread(&f);
            assert_eq!(
                compiled(&f),
                compiled(&again),
                "{} compiles differently from its text",
                f.name
            );
            passes::run(&mut again).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(again.to_string(), f.to_string(), "passes find more to do in {}", f.name);
            count += 1;
        }
    }
    assert!(count > 250, "{count} functions only");
    assert_eq!(refused, NOT_YET, "functions that do not build");
}
