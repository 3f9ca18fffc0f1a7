//! The fixtures read as the texts beside them say.
//!
//! `tests/fixtures/build.sh` compiles them from `tests/fixtures/src`; running the tests with
//! `BEAMRC_BLESS=1` writes the texts anew.

use crate::fixtures::{self, all, fixture, read};
use beamrc_beam::{Module, Op};

#[test]
fn texts_are_as_recorded() {
    let bless = std::env::var_os("BEAMRC_BLESS").is_some();
    for path in all() {
        let bytes = std::fs::read(&path).expect("a fixture");
        let module = read(&bytes, &path);
        let text = module.text().to_string();
        let golden = path.with_extension("txt");
        if bless {
            std::fs::write(&golden, &text).expect("a writable golden text");
        }
        let expected = std::fs::read_to_string(&golden).unwrap_or_default();
        let difference = text.lines().zip(expected.lines()).find(|(now, then)| now != then);
        assert!(
            text == expected,
            "{} differs, first at {difference:#?}; BEAMRC_BLESS=1 records it anew",
            golden.display()
        );
    }
}

/// The checksums come from `beam_lib:md5/1`.
#[test]
fn md5_is_that_of_otp() {
    let expected = [
        ("25/calls.beam", "74c73bdf03fad351e8d57cd4e19e3963"),
        ("27/calls.beam", "08306e6aa1ba9f32d0c86d7827aa1a53"),
        ("29/native_records.beam", "f3ba9d5a106f74bd66b4afdb1dfcf455"),
    ];
    for (name, md5) in expected {
        let (path, bytes) = fixture(name);
        let actual: String = read(&bytes, &path).md5.iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(actual, md5, "{name}");
    }
}

#[test]
fn packed_and_plain_files_hold_the_same_module() {
    let (plain, packed) = (fixture("27/poll.beam"), fixture("27/poll_packed.beam"));
    let ((plain, plain_bytes), (packed, packed_bytes)) = (plain, packed);
    let (plain, packed) = (read(&plain_bytes, &plain), read(&packed_bytes, &packed));
    assert_eq!(plain.literals, packed.literals);
    assert_eq!(plain.functions.len(), packed.functions.len());
    assert_eq!(plain.lines.flags, 1, "compiled for line coverage");
}

#[test]
fn functions_are_found_by_label_and_carry_lines() {
    let (path, bytes) = fixture("27/calls.beam");
    let module = read(&bytes, &path);
    let export = module.exports.iter().find(|e| &**module.atom(e.function) == "failing");
    let export = export.expect("an exported function");
    let index = module.function_of(export.label).expect("the function at its label");
    let function = &module.functions[index.index()];
    assert_eq!((function.entry, function.arity), (export.label, 1));
    assert_eq!(function.body()[0].op, Op::Label);
    let case_end = function.instrs.iter().find(|instr| instr.op == Op::CaseEnd);
    let line = case_end.and_then(|instr| module.lines.get(instr.line));
    let (file, line) = line.expect("a case_end with a line");
    assert_eq!((&**file, line), ("calls.erl", 115));
}

#[test]
fn atoms_and_exports_inside_literals_are_found() {
    let (path, bytes) = fixture("29/literals.beam");
    let module = read(&bytes, &path);
    let mut exports: Vec<String> = module
        .literals
        .iter()
        .flat_map(|literal| literal.exports())
        .map(|export| format!("{}:{}/{}", export.module, export.function, export.arity))
        .collect();
    exports.sort();
    assert_eq!(exports, ["erlang:+/2", "io:format/1", "lists:map/2", "literals:atoms/0"]);
    let atoms: Vec<&str> =
        module.literals.iter().flat_map(|literal| literal.atoms()).map(|a| &**a).collect();
    for atom in ["日本語", "", "lists", "deep"] {
        assert!(atoms.contains(&atom), "{atom} among {atoms:?}");
    }
}

#[test]
fn every_opcode_has_its_number_and_name() {
    for (index, &op) in Op::ALL.iter().enumerate() {
        assert_eq!(usize::from(op.info().number), index + 1);
        assert_eq!(Op::from_number(op.info().number), Some(op));
        assert_eq!(Op::from_name(op.name()), Some(op));
    }
    assert_eq!((Op::ALL.len(), Op::from_number(0), Op::from_number(192)), (191, None, None));
}

#[test]
fn errors_name_file_chunk_and_byte() {
    let (_, bytes) = fixture("27/poll.beam");
    let error = |bytes: &[u8]| Module::read(bytes, "some.beam").expect_err("no module").to_string();
    assert_eq!(error(b"#!/bin/sh"), "some.beam: byte 0: no BEAM file: it does not begin with FOR1");
    assert_eq!(
        error(&bytes[..200]),
        format!("some.beam: byte 8: {} bytes expected, 192 left", bytes.len() - 8)
    );
    let code = fixtures::chunk(&bytes, b"Code");
    let mut damaged = bytes.clone();
    damaged[code.start + 20] = Op::BsStartMatch2 as u8;
    assert_eq!(
        error(&damaged),
        format!(
            "some.beam: chunk Code, byte {}: instruction bs_start_match2/5 is obsolete: \
             no compiler of OTP 25 or later emits it",
            code.start + 20
        )
    );
    damaged[code.start + 20] = 250;
    assert_eq!(
        error(&damaged),
        format!("some.beam: chunk Code, byte {}: unknown instruction 250", code.start + 20)
    );
}
