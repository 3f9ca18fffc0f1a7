//! The runtime that beamrc carries, with a program and without.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use beamrc_link::{CcOptions, Image, Options, link, link_with_cc, write_executable};
use object::write::{Object, StandardSection, Symbol, SymbolSection};
use object::{Architecture, BinaryFormat, Endianness, SymbolFlags, SymbolKind, SymbolScope};

fn scratch(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// The image; `None`, with a word why, if this build has none.
fn image() -> Option<&'static [u8]> {
    match beamrc_image::image() {
        Ok(bytes) => Some(Vec::leak(bytes.into_owned())),
        Err(beamrc_image::Error::Absent) => {
            eprintln!("skipped: built with BEAMRC_SKIP_IMAGE");
            None
        }
        Err(error) => panic!("{error}"),
    }
}

/// A program's object whose description is of no version that a runtime knows.
fn unknown_program() -> Vec<u8> {
    let mut object = Object::new(BinaryFormat::Elf, Architecture::X86_64, Endianness::Little);
    let size = size_of::<beamrc_abi::program::Program>() as u64;
    let section = object.section_id(StandardSection::ReadOnlyData);
    let value = object.append_section_data(section, &vec![0; size as usize], 8);
    object.add_symbol(Symbol {
        name: beamrc_abi::program::SYMBOL.into(),
        value,
        size,
        kind: SymbolKind::Data,
        scope: SymbolScope::Linkage,
        weak: false,
        section: SymbolSection::Section(section),
        flags: SymbolFlags::None,
    });
    object.write().unwrap()
}

#[test]
fn the_image_alone_says_that_it_lacks_a_program() {
    let Some(image) = image() else { return };
    let path = scratch("alone");
    write_executable(&path, image).unwrap();
    let output = Command::new(&path).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("without a program"));
}

#[test]
fn a_program_reaches_the_runtime_through_both_linkers() {
    let Some(image) = image() else { return };
    let object = unknown_program();
    let own = scratch("own-linker");
    let image = Image::parse(image).unwrap();
    write_executable(&own, &link(&image, &object, &Options::default()).unwrap()).unwrap();
    assert_refused(&Command::new(&own).output().unwrap());

    let cc = scratch("cc-linker");
    let runtime = beamrc_image::runtime_object().unwrap();
    link_with_cc(runtime, &object, &cc, &CcOptions::default()).unwrap();
    assert_refused(&Command::new(&cc).output().unwrap());
}

fn assert_refused(output: &Output) {
    assert!(!output.status.success());
    let printed = String::from_utf8_lossy(&output.stderr);
    assert!(printed.contains("another version"), "{printed}");
}

/// There is room for the program's segments, so that users can strip executables.
#[test]
fn program_headers_stay_where_they_are() {
    let Some(image) = image() else { return };
    let parsed = Image::parse(image).unwrap();
    let executable = link(&parsed, &unknown_program(), &Options::default()).unwrap();
    let table_offset = |bytes: &[u8]| bytes[32..40].to_vec();
    assert_eq!(table_offset(&executable), table_offset(image));
}

#[test]
fn every_bif_is_in_the_image() {
    use object::read::{Object as _, ObjectSymbol as _};
    let Some(image) = image() else { return };
    let file = object::read::elf::ElfFile64::<object::LittleEndian>::parse(image).unwrap();
    let globals = file
        .symbols()
        .filter(|symbol| symbol.is_global() && symbol.is_definition());
    let globals: std::collections::HashSet<_> =
        globals.filter_map(|symbol| symbol.name().ok()).collect();
    for bif in beamrc_abi::bifs::all() {
        assert!(globals.contains(bif.symbol), "{}", bif.symbol);
    }
}
