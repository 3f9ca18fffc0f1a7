//! Programs of a few instructions, linked into an image and run.

mod fixture;

use std::process::{Command, Output};

use beamrc_link::{
    CcOptions, Error, Image, Options, Rest, link, link_with_cc, link_with_rest, write_executable,
};
use fixture::{Program, RET, Room, has_tool, image_bytes, runtime_object, scratch, with_image};
use object::elf;
use object::write::{StandardSection, SymbolSection};
use object::{SectionKind, SymbolScope};

#[test]
fn a_program_calls_the_runtime() {
    with_image(|image| {
        let output = adding_program().run(image, "calls");
        assert_eq!(output.status.code(), Some(42));
    });
}

/// An entry point that returns `fixture_add(40, 2)`.
fn adding_program() -> Program {
    let mut program = Program::new();
    let add = program.import("fixture_add");
    #[rustfmt::skip]
    let code = [
        0xbf, 40, 0, 0, 0,  // mov edi, 40
        0xbe, 2, 0, 0, 0,   // mov esi, 2
        0xe9, 0, 0, 0, 0,   // jmp fixture_add
    ];
    let entry = program.function("entry", &code, &[(11, elf::R_X86_64_PLT32, add, -4)]);
    program.describe(entry);
    program
}

#[test]
fn all_classes_of_sections_are_loaded() {
    with_image(|image| assert_all_classes(&all_classes_program().run(image, "classes")));
}

/// A program with code, read-only data, a variable and zeros.
fn all_classes_program() -> Program {
    let mut program = Program::new();
    let print = program.import("fixture_print");
    let read_only = program.object.section_id(StandardSection::ReadOnlyData);
    let text = program.define(read_only, "text", b"hello\0", 1, &[]);
    let data = program.object.section_id(StandardSection::Data);
    // A variable that points to the text, so that a relocation in data takes part.
    let pointer = program.define(data, "pointer", &[0; 8], 8, &[(0, elf::R_X86_64_64, text, 0)]);
    let zero = program.object.section_id(StandardSection::UninitializedData);
    let offset = program.object.append_section_bss(zero, 1 << 20, 64);
    let place = SymbolSection::Section(zero);
    let zeros = program.symbol("zeros", place, offset, 1 << 20, SymbolScope::Compilation);
    #[rustfmt::skip]
    let code = [
        0x50,                                   // push rax
        0x48, 0x8b, 0x3c, 0x25, 0, 0, 0, 0,     // mov rdi, [pointer]
        0xe8, 0, 0, 0, 0,                       // call fixture_print
        0x48, 0x89, 0x05, 0, 0, 0, 0,           // mov [rip + zeros + 0xffff0], rax
        0x48, 0x83, 0x05, 0, 0, 0, 0, 1,        // add qword [rip + pointer], 1
        0x48, 0x8b, 0x3d, 0, 0, 0, 0,           // mov rdi, [rip + pointer]
        0xe8, 0, 0, 0, 0,                       // call fixture_print
        0x48, 0x03, 0x05, 0, 0, 0, 0,           // add rax, [rip + zeros + 0xffff0]
        0x59,                                   // pop rcx
        RET,
    ];
    let relocations = [
        (5, elf::R_X86_64_32S, pointer, 0),
        (10, elf::R_X86_64_PC32, print, -4),
        (17, elf::R_X86_64_PC32, zeros, 0xffff0 - 4),
        (24, elf::R_X86_64_PC32, pointer, -5),
        (32, elf::R_X86_64_PC32, pointer, -4),
        (37, elf::R_X86_64_PLT32, print, -4),
        (44, elf::R_X86_64_PC32, zeros, 0xffff0 - 4),
    ];
    let entry = program.function("entry", &code, &relocations);
    program.describe(entry);
    program
}

fn assert_all_classes(output: &Output) {
    assert_eq!(String::from_utf8_lossy(&output.stdout), "hello\nello\n");
    assert_eq!(output.status.code(), Some(5 + 4), "{output:?}");
}

#[test]
fn a_program_of_position_independent_code_needs_no_offset_table() {
    with_image(|image| {
        let mut program = Program::new();
        let add = program.import("fixture_add");
        #[rustfmt::skip]
        let tail = [
            0xff, 0x25, 0, 0, 0, 0,                 // jmp [rip + fixture_add@GOT]
        ];
        let relocation = [(2, elf::R_X86_64_GOTPCRELX, add, -4)];
        let tail = program.function("tail", &tail, &relocation);
        #[rustfmt::skip]
        let code = [
            0x53,                                   // push rbx
            0x48, 0x8b, 0x1d, 0, 0, 0, 0,           // mov rbx, [rip + fixture_add@GOT]
            0xbf, 1, 0, 0, 0, 0xbe, 2, 0, 0, 0,     // mov edi, 1; mov esi, 2
            0xff, 0xd3,                             // call rbx
            0x89, 0xc7,                             // mov edi, eax
            0xff, 0x15, 0, 0, 0, 0,                 // call [rip + fixture_add@GOT]
            0x89, 0xc7,                             // mov edi, eax
            0x4c, 0x8b, 0x1d, 0, 0, 0, 0,           // mov r11, [rip + tail@GOT]
            0x41, 0xff, 0xd3,                       // call r11
            0x5b,                                   // pop rbx
            RET,
        ];
        // fixture_add leaves its second argument, 2, in esi.
        let relocations = [
            (4, elf::R_X86_64_REX_GOTPCRELX, add, -4),
            (24, elf::R_X86_64_GOTPCRELX, add, -4),
            (33, elf::R_X86_64_GOTPCREL, tail, -4),
        ];
        let entry = program.function("entry", &code, &relocations);
        program.describe(entry);
        assert_eq!(program.run(image, "pic").status.code(), Some(1 + 2 + 2 + 2));
    });
}

#[test]
fn sixty_four_bit_distances_are_applied() {
    with_image(|image| {
        let mut program = Program::new();
        let add = program.import("fixture_add");
        #[rustfmt::skip]
        let code = [
            0xbf, 3, 0, 0, 0, 0xbe, 4, 0, 0, 0,     // mov edi, 3; mov esi, 4
            0x48, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0,     // mov rax, fixture_add - next
            0x48, 0x8d, 0x0d, 0, 0, 0, 0,           // lea rcx, [rip + 0]: this is next
            0x48, 0x01, 0xc8,                       // add rax, rcx
            0xff, 0xe0,                             // jmp rax
        ];
        let entry = program.function("entry", &code, &[(12, elf::R_X86_64_PC64, add, -15)]);
        program.describe(entry);
        assert_eq!(program.run(image, "pc64").status.code(), Some(7));
    });
}

#[test]
fn a_program_without_code_is_described_by_data_alone() {
    with_image(|image| {
        let mut program = Program::new();
        let replaceable = program.import("fixture_replaceable");
        program.describe(replaceable);
        assert_eq!(program.run(image, "data-only").status.code(), Some(1));
    });
}

#[test]
fn a_program_may_replace_a_weak_symbol_of_the_runtime() {
    with_image(|image| {
        let mut program = Program::returning(7);
        let text = program.object.section_id(StandardSection::Text);
        let place = SymbolSection::Section(text);
        program.symbol("fixture_replaceable", place, 0, 6, SymbolScope::Linkage);
        assert_eq!(program.run(image, "weak").status.code(), Some(7));
    });
}

#[test]
fn large_alignments_are_kept() {
    with_image(|image| {
        for alignment in [64, 4096, 1 << 16, 1 << 21] {
            let mut program = Program::new();
            let data = program.object.section_id(StandardSection::Data);
            program.define(data, "unaligned", b"x", 1, &[]);
            let aligned = program.define(data, "aligned", &[9; 8], alignment, &[]);
            #[rustfmt::skip]
            let code = [
                0xb8, 0, 0, 0, 0,                   // mov eax, aligned
                0x0f, 0xb6, 0x08,                   // movzx ecx, byte [rax]
                0x25, 0, 0, 0, 0,                   // and eax, alignment - 1
                0x01, 0xc8,                         // add eax, ecx
                RET,
            ];
            let mut code = code.to_vec();
            code[9..13].copy_from_slice(&(alignment as u32 - 1).to_le_bytes());
            let entry = program.function("entry", &code, &[(1, elf::R_X86_64_32, aligned, 0)]);
            program.describe(entry);
            let output = program.run(image, &format!("aligned-{alignment}"));
            assert_eq!(output.status.code(), Some(9), "alignment {alignment}");
        }
    });
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    with_image(|image| {
        let again = Image::parse(image_bytes(Room::Spare).unwrap()).unwrap();
        assert_eq!(adding_program().link(image).unwrap(), adding_program().link(&again).unwrap());
    });
}

#[test]
fn each_program_has_its_own_build_id() {
    if !has_tool("readelf") {
        return;
    }
    with_image(|image| {
        let id = |code, strip, name: &str| {
            let path = scratch(name);
            let object = Program::returning(code).bytes();
            let bytes = link(image, &object, &Options { strip }).unwrap();
            write_executable(&path, &bytes).unwrap();
            let printed = Command::new("readelf").arg("-nW").arg(&path).output().unwrap().stdout;
            let printed = String::from_utf8(printed).unwrap();
            printed.split("Build ID: ").nth(1).unwrap()[..40].to_owned()
        };
        assert_eq!(id(1, false, "id-1"), id(1, true, "id-1-stripped"));
        assert_ne!(id(1, false, "id-1"), id(2, false, "id-2"));
    });
}

#[test]
fn symbols_keep_their_names_unless_stripped() {
    if !has_tool("nm") {
        return;
    }
    with_image(|image| {
        let names = ["gleam/list.map/2", "wörter.größe/1", "Elixir.A.b@c/0", "'quoted atom'.f/1"];
        let mut program = Program::returning(0);
        for name in names {
            program.function(name, &[RET], &[]);
        }
        for strip in [false, true] {
            let bytes = link(image, &program.bytes(), &Options { strip }).unwrap();
            let path = scratch(&format!("names-{strip}"));
            write_executable(&path, &bytes).unwrap();
            assert!(Command::new(&path).status().unwrap().success());
            let printed = Command::new("nm").arg(&path).output().unwrap().stdout;
            let printed = String::from_utf8(printed).unwrap();
            for name in names.into_iter().chain(["fixture_add", "beamrc_program"]) {
                let found = printed.lines().any(|line| line.ends_with(&format!(" {name}")));
                assert_eq!(found, !strip, "{name}");
            }
        }
    });
}

#[test]
fn undefined_symbols_are_all_named() {
    with_image(|image| {
        let mut program = Program::returning(0);
        program.import("fixture_add");
        program.import("gleam/list.nope/1");
        program.import("absent");
        let message = program.link(image).unwrap_err().to_string();
        assert_eq!(message, "2 symbols undefined\n  absent\n  gleam/list.nope/1");

        for number in 0..30 {
            program.import(&format!("many{number:02}"));
        }
        let message = program.link(image).unwrap_err().to_string();
        assert_eq!(message.lines().count(), 22, "{message}");
        assert!(message.ends_with("and 12 more"), "{message}");
    });
}

#[test]
fn a_symbol_of_the_runtime_cannot_be_defined_again() {
    with_image(|image| {
        let mut program = Program::returning(0);
        let text = program.object.section_id(StandardSection::Text);
        let place = SymbolSection::Section(text);
        program.symbol("fixture_add", place, 0, 6, SymbolScope::Linkage);
        let error = program.link(image).unwrap_err();
        assert!(matches!(&error, Error::Duplicate(names) if names == &["fixture_add"]), "{error}");
    });
}

#[test]
fn relocations_that_cannot_be_applied_name_symbol_and_kind() {
    let cases = [
        (elf::R_X86_64_TPOFF32, "R_X86_64_TPOFF32", "thread-local"),
        (elf::R_X86_64_GOTOFF64, "R_X86_64_GOTOFF64", "not supported"),
        (elf::R_X86_64_GOTPCRELX, "R_X86_64_GOTPCRELX", "90 90"),
        (200, "number 200", "not supported"),
    ];
    with_image(|image| {
        for (kind, name, reason) in cases {
            let mut program = Program::returning(0);
            let add = program.import("fixture_add");
            program.function("padded", &[0x90; 16], &[(4, kind, add, 0)]);
            let message = program.link(image).unwrap_err().to_string();
            for part in [name, "`fixture_add`", ".text", reason] {
                assert!(message.contains(part), "{message}: {part}");
            }
        }
    });
}

#[test]
fn relocations_out_of_reach_or_section_are_errors() {
    with_image(|image| {
        for (offset, addend, reason) in [(0, 1 << 40, "does not fit"), (13, 0, "outside")] {
            let mut program = Program::returning(0);
            let add = program.import("fixture_add");
            let text = program.object.section_id(StandardSection::Text);
            let end = program.object.section_mut(text).data().len() as u64;
            let code = [0x90; 16];
            let start = end.next_multiple_of(16);
            program.function("padded", &code, &[]);
            program.relocate(text, start, &[(offset, elf::R_X86_64_PC32, add, addend)]);
            let message = program.link(image).unwrap_err().to_string();
            assert!(message.contains(reason), "{message}");
        }
    });
}

#[test]
fn objects_that_cannot_be_linked_are_errors() {
    with_image(|image| {
        let error = |program: &Program| program.link(image).unwrap_err().to_string();
        assert!(error(&Program::new()).contains("`beamrc_program`"));

        let mut program = Program::returning(0);
        program.import("fixture_thread_local");
        assert!(error(&program).contains("thread-local"));

        let mut program = Program::returning(0);
        program.import("strlen");
        assert!(error(&program).contains("`strlen`"));

        let mut program = Program::returning(0);
        let name = b".tdata".to_vec();
        let section = program.object.add_section(vec![], name, SectionKind::Tls);
        program.object.append_section_data(section, &[1], 1);
        assert!(error(&program).contains("thread-local"));

        let mut program = Program::returning(0);
        let data = program.object.section_id(StandardSection::Data);
        program.define(data, "huge", &[1], 1 << 22, &[]);
        assert!(error(&program).contains("alignment"));

        for bytes in [&b""[..], b"\x7fELF", image_bytes(Room::Spare).unwrap()] {
            assert!(matches!(link(image, bytes, &Options::default()), Err(Error::Object(_))));
        }
    });
}

#[test]
fn damaged_objects_never_panic() {
    with_image(|image| {
        let bytes = adding_program().bytes();
        for length in 0..bytes.len() {
            let _ = link(image, &bytes[..length], &Options::default());
        }
        for at in 0..bytes.len() {
            for value in [0, 1, 0x7f, 0xff] {
                let mut damaged = bytes.clone();
                damaged[at] = value;
                let _ = link(image, &damaged, &Options::default());
            }
        }
    });
}

#[test]
fn unusable_images_are_errors() {
    let Some(bytes) = image_bytes(Room::Spare) else {
        return;
    };
    let error = |bytes: &[u8]| Image::parse(bytes).err().map(|error| error.to_string());
    assert!(error(b"").is_some());
    assert!(error(&bytes[..bytes.len() / 2]).is_some());
    assert!(error(&adding_program().bytes()).unwrap().contains("fixed addresses"));
    assert_eq!(error(bytes), None);
}

#[test]
fn segments_are_well_formed() {
    if !has_tool("readelf") {
        return;
    }
    with_image(|image| {
        let path = scratch("segments");
        write_executable(&path, &adding_program().link(image).unwrap()).unwrap();
        let readelf = |options: &str| {
            let output = Command::new("readelf").args(["-W", options]).arg(&path).output().unwrap();
            assert_eq!(String::from_utf8_lossy(&output.stderr), "");
            String::from_utf8(output.stdout).unwrap()
        };
        let segments = readelf("-l");
        assert!(!segments.contains("RWE"), "{segments}");
        assert!(segments.contains(".text.beam"), "{segments}");
        assert!(segments.contains("TLS"), "{segments}");
        readelf("-S");
        readelf("-s");
    });
}

/// Users strip executables. With the table of program headers in its old place that works.
#[test]
fn executables_survive_binutils_strip() {
    if !has_tool("strip") {
        return;
    }
    with_image(|image| {
        let path = scratch("stripped-later");
        write_executable(&path, &all_classes_program().link(image).unwrap()).unwrap();
        let output = Command::new("strip").arg(&path).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        assert_all_classes(&Command::new(&path).output().unwrap());
    });
}

#[test]
fn an_image_without_room_for_program_headers_will_do() {
    let Some(bytes) = image_bytes(Room::Tight) else {
        eprintln!("skipped: there is no C compiler");
        return;
    };
    let output = all_classes_program().run(&Image::parse(bytes).unwrap(), "tight");
    assert_all_classes(&output);
}

#[test]
fn the_compiler_driver_links_the_same_objects() {
    let Some(runtime) = runtime_object() else {
        eprintln!("skipped: there is no C compiler");
        return;
    };
    let object = adding_program().bytes();
    for strip in [false, true] {
        let path = scratch(&format!("with-cc-{strip}"));
        let options = CcOptions { strip, ..CcOptions::default() };
        link_with_cc(&runtime, &object, &path, &options).unwrap();
        assert_eq!(Command::new(&path).status().unwrap().code(), Some(42));
    }

    let path = scratch("with-cc-failing");
    let error = link_with_cc(&runtime, b"no object", &path, &CcOptions::default()).unwrap_err();
    assert!(matches!(&error, Error::Cc { .. }), "{error}");
    let options = CcOptions { command: "no-such-compiler".into(), ..CcOptions::default() };
    let error = link_with_cc(&runtime, &object, &path, &options).unwrap_err();
    assert!(error.to_string().contains("no-such-compiler"), "{error}");
    assert!(!path.exists());
}

/// An object of a runtime that lies in the image in no part, and a program that needs some of it.
#[test]
fn a_program_gets_what_it_reaches_of_the_rest() {
    with_image(|image| {
        let rest = rest_of_runtime();
        let sections = object::read::elf::ElfFile64::<object::LittleEndian>::parse(&*rest).unwrap();
        let count = object::read::Object::sections(&sections).count() + 1;
        let parsed = Rest::parse(&rest, &vec![0; count * 8]).unwrap();
        let mut program = Program::new();
        let first = program.import("rest_first");
        let jump = [0xe9, 0, 0, 0, 0];
        let entry = program.function("entry", &jump, &[(1, elf::R_X86_64_PLT32, first, -4)]);
        program.describe(entry);
        let object = program.bytes();
        let executable = link_with_rest(image, &parsed, &object, &Options::default()).unwrap();
        assert!(contains(&executable, b"rest_second") && !contains(&executable, b"rest_third"));
        let path = scratch("rest");
        write_executable(&path, &executable).unwrap();
        assert_eq!(Command::new(&path).output().unwrap().status.code(), Some(42));
        let without = program.link(image);
        assert!(matches!(without, Err(Error::Undefined(names)) if names == ["rest_first"]));
    });
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// `rest_first` calls `rest_second`, which calls the image; nothing calls `rest_third`.
fn rest_of_runtime() -> Vec<u8> {
    let mut object = Program::new();
    let add = object.import("fixture_add");
    let section = |object: &mut Program, name: &str| {
        let name = format!(".text.{name}").into_bytes();
        object.object.add_section(Vec::new(), name, SectionKind::Text)
    };
    #[rustfmt::skip]
    let code = [
        0xbf, 40, 0, 0, 0,  // mov edi, 40
        0xbe, 2, 0, 0, 0,   // mov esi, 2
        0xe9, 0, 0, 0, 0,   // jmp fixture_add
    ];
    let place = section(&mut object, "second");
    let call = [(11, elf::R_X86_64_PLT32, add, -4)];
    let second = object.define(place, "rest_second", &code, 16, &call);
    let place = section(&mut object, "first");
    let start = object.object.append_section_data(place, &[0xe9, 0, 0, 0, 0], 16);
    object.symbol("rest_first", SymbolSection::Section(place), start, 5, SymbolScope::Dynamic);
    object.relocate(place, start, &[(1, elf::R_X86_64_PLT32, second, -4)]);
    let place = section(&mut object, "third");
    object.define(place, "rest_third", &[RET], 16, &[]);
    object.bytes()
}
