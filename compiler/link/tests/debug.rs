//! Debug information as addr2line and gdb read it.

mod fixture;

use std::path::PathBuf;
use std::process::Command;

use beamrc_link::dwarf::{DebugInfo, Function, Line, write_debug};
use beamrc_link::{Error, Image, write_executable};
use fixture::{Program, RET, has_tool, scratch, with_image};
use object::elf;
use object::read::{Object as _, ObjectSymbol as _};

const FILES: [&str; 2] = ["src/wibble.gleam", "src/wobble.erl"];

/// Two functions of 16 bytes; the entry calls the other after 9 bytes, at line 12.
fn program(lines: &[Line]) -> Result<Program, Error> {
    let mut program = Program::new();
    let add = program.import("fixture_add");
    #[rustfmt::skip]
    let callee = [
        0x55,                   // push rbp
        0x48, 0x89, 0xe5,       // mov rbp, rsp
        0xe8, 0, 0, 0, 0,       // call fixture_add
        0x5d, RET, 0x90, 0x90, 0x90, 0x90, 0x90,
    ];
    let relocation = [(5, elf::R_X86_64_PLT32, add, -4)];
    let callee = program.function("gleam/list.map/2", &callee, &relocation);
    #[rustfmt::skip]
    let entry = [
        0x55,                   // push rbp
        0x48, 0x89, 0xe5,       // mov rbp, rsp
        0xe8, 0, 0, 0, 0,       // call gleam/list.map/2
        0x5d, RET, 0x90, 0x90, 0x90, 0x90, 0x90,
    ];
    let relocation = [(5, elf::R_X86_64_PLT32, callee, -4)];
    let entry = program.function("wobble.main/0", &entry, &relocation);
    program.describe(entry);
    let files = FILES.map(String::from);
    let callee_lines = [Line { code_offset: 4, file: 0, line: 21 }];
    let function = |symbol, name, defined_at, lines| Function {
        symbol,
        name,
        size_bytes: 16,
        defined_at,
        lines,
    };
    let functions = [
        function(callee, "gleam/list.map/2", Some((0, 20)), &callee_lines[..]),
        function(entry, "wobble.main/0", Some((1, 10)), lines),
    ];
    let info = DebugInfo {
        producer: "test",
        name: "wibble",
        directory: "/home/user/app",
        files: &files,
        functions: &functions,
    };
    write_debug(&mut program.object, &info)?;
    Ok(program)
}

const ENTRY_LINES: [Line; 3] = [
    Line { code_offset: 0, file: 1, line: 10 },
    Line { code_offset: 4, file: 1, line: 12 },
    Line { code_offset: 9, file: 1, line: 13 },
];

fn executable(image: &Image, name: &str) -> PathBuf {
    let path = scratch(name);
    let bytes = program(&ENTRY_LINES).unwrap().link(image).unwrap();
    write_executable(&path, &bytes).unwrap();
    path
}

#[test]
fn addr2line_finds_function_and_line() {
    if !has_tool("addr2line") {
        return;
    }
    with_image(|image| {
        let path = executable(image, "addr2line");
        let bytes = std::fs::read(&path).unwrap();
        let file = object::read::elf::ElfFile64::<object::LittleEndian>::parse(&*bytes).unwrap();
        let address = |name: &str| {
            let mut symbols = file.symbols();
            symbols.find(|symbol| symbol.name() == Ok(name)).unwrap().address()
        };
        let cases = [
            ("gleam/list.map/2", 0, "src/wibble.gleam:20"),
            ("gleam/list.map/2", 15, "src/wibble.gleam:21"),
            ("wobble.main/0", 0, "src/wobble.erl:10"),
            ("wobble.main/0", 5, "src/wobble.erl:12"),
            ("wobble.main/0", 15, "src/wobble.erl:13"),
        ];
        for (function, offset, place) in cases {
            let address = format!("{:#x}", address(function) + offset);
            let mut command = Command::new("addr2line");
            let output = command.args(["-f", "-e"]).arg(&path).arg(&address).output().unwrap();
            let printed = String::from_utf8(output.stdout).unwrap();
            assert_eq!(printed, format!("{function}\n/home/user/app/{place}\n"));
        }
    });
}

#[test]
fn gdb_breaks_at_a_line_and_walks_the_stack() {
    if !has_tool("gdb") {
        return;
    }
    with_image(|image| {
        let path = executable(image, "gdb");
        let mut command = Command::new("gdb");
        command.args(["-batch", "-nx", "-ex", "set debuginfod enabled off"]);
        command.args(["-ex", "break wibble.gleam:21", "-ex", "run", "-ex", "backtrace"]);
        let output = command.arg(&path).output().unwrap();
        let printed = String::from_utf8_lossy(&output.stdout);
        let complaints = String::from_utf8_lossy(&output.stderr);
        // Where processes cannot be traced gdb still reads the line table.
        assert!(
            printed.contains("file /home/user/app/src/wibble.gleam, line 21"),
            "{printed}{complaints}"
        );
        if complaints.contains("ptrace") || printed.contains("ptrace") {
            eprintln!("partly skipped: processes cannot be traced here");
            return;
        }
        for frame in [
            "gleam/list.map/2 () at /home/user/app/src/wibble.gleam:21",
            "src/wobble.erl:12",
            "in main",
        ] {
            assert!(printed.contains(frame), "{frame}: {printed}{complaints}");
        }
    });
}

#[test]
fn inconsistent_lines_are_errors() {
    let line = |code_offset, file| Line { code_offset, file, line: 1 };
    for lines in [vec![line(4, 0), line(2, 0)], vec![line(17, 0)], vec![line(0, 2)]] {
        let error = program(&lines).err().unwrap().to_string();
        assert!(error.contains("wobble.main/0"), "{error}");
    }
}
