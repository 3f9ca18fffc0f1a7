//! The runtime that beamrc carries, with a program and without.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use beamrc_link::{
    CcOptions, Error, Image, Options, Rest, link, link_with_cc, link_with_rest, write_executable,
};
use object::read::elf::ElfFile64;
use object::read::{Object as _, ObjectSymbol as _};
use object::write::{Object, Relocation, StandardSection, Symbol, SymbolSection};
use object::{
    Architecture, BinaryFormat, Endianness, LittleEndian, RelocationFlags, SymbolFlags, SymbolKind,
    SymbolScope, elf,
};

fn scratch(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// An image with the rest of the runtime; none of the latter in a build for development.
struct Runtime {
    image: Image<'static>,
    rest: Option<Rest<'static>>,
}

impl Runtime {
    fn link(&self, object: &'static [u8]) -> Result<Vec<u8>, Error> {
        match &self.rest {
            Some(rest) => link_with_rest(&self.image, rest, object, &Options::default()),
            None => link(&self.image, object, &Options::default()),
        }
    }
}

/// All images; none, with a word why, if this build has none.
fn runtimes() -> Vec<Runtime> {
    let images = match beamrc_image::images() {
        Ok(images) => images,
        Err(beamrc_image::Error::Absent) => {
            eprintln!("skipped: built with BEAMRC_SKIP_IMAGE");
            return Vec::new();
        }
        Err(error) => panic!("{error}"),
    };
    let object: &[u8] = Vec::leak(beamrc_image::runtime_object().unwrap().into_owned());
    let parse = |carried: beamrc_image::Image| {
        let sections = &carried.sections;
        let rest = (!sections.is_empty()).then(|| Rest::parse(object, sections).unwrap());
        let image = Image::parse(Vec::leak(carried.bytes.into_owned())).unwrap();
        Runtime { image, rest }
    };
    images.into_iter().map(parse).collect()
}

/// A program's object whose description is of no version that a runtime knows.
fn unknown_program() -> &'static [u8] {
    program_with(&[])
}

/// The same, referring to these symbols.
fn program_with(symbols: &[&str]) -> &'static [u8] {
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
    for name in symbols {
        let symbol = object.add_symbol(Symbol {
            name: (*name).into(),
            value: 0,
            size: 0,
            kind: SymbolKind::Text,
            scope: SymbolScope::Unknown,
            weak: false,
            section: SymbolSection::Undefined,
            flags: SymbolFlags::None,
        });
        let data = object.section_id(StandardSection::Data);
        let offset = object.append_section_data(data, &[0; 8], 8);
        let flags = RelocationFlags::Elf { r_type: elf::R_X86_64_64 };
        let relocation = Relocation { offset, symbol, addend: 0, flags };
        object.add_relocation(data, relocation).unwrap();
    }
    Vec::leak(object.write().unwrap())
}

fn defined(executable: &[u8]) -> HashSet<String> {
    let file = ElfFile64::<LittleEndian>::parse(executable).unwrap();
    let symbols = file.symbols().filter(|symbol| symbol.is_definition());
    symbols.filter_map(|symbol| Some(symbol.name().ok()?.to_owned())).collect()
}

#[test]
fn an_image_alone_says_that_it_lacks_a_program() {
    let Ok(images) = beamrc_image::images() else { return };
    for image in images {
        let path = scratch("alone");
        write_executable(&path, &image.bytes).unwrap();
        let output = Command::new(&path).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&output.stderr).contains("without a program"));
    }
}

#[test]
fn a_program_reaches_the_runtime_through_both_linkers() {
    let object = unknown_program();
    for runtime in runtimes() {
        let own = scratch("own-linker");
        write_executable(&own, &runtime.link(object).unwrap()).unwrap();
        assert_refused(&Command::new(&own).output().unwrap());
        let cc = scratch("cc-linker");
        let object_of_runtime = beamrc_image::runtime_object().unwrap();
        link_with_cc(&object_of_runtime, object, &cc, &CcOptions::default()).unwrap();
        assert_refused(&Command::new(&cc).output().unwrap());
    }
}

fn assert_refused(output: &Output) {
    assert!(!output.status.success());
    let printed = String::from_utf8_lossy(&output.stderr);
    assert!(printed.contains("another version"), "{printed}");
}

/// There is room for the program's segments, so that users can strip executables: the table of
/// program headers stays behind the file's header.
#[test]
fn program_headers_stay_where_they_are() {
    for runtime in runtimes() {
        let executable = runtime.link(program_with(&["bif:ets:new/2"])).unwrap();
        assert_eq!(executable[32..40], 64u64.to_le_bytes());
    }
}

#[test]
fn every_bif_can_be_linked() {
    let names: Vec<&str> = beamrc_abi::bifs::all().map(|bif| bif.symbol).collect();
    let object = program_with(&names);
    let Some(runtime) = runtimes().pop() else { return };
    let executable = runtime.link(object).unwrap();
    let defined = defined(&executable);
    for name in names {
        assert!(defined.contains(name), "{name}");
    }
    let path = scratch("every-bif");
    write_executable(&path, &executable).unwrap();
    assert_refused(&Command::new(&path).output().unwrap());
}

#[test]
fn a_program_has_the_bifs_that_it_refers_to_and_no_others() {
    let Some(runtime) = runtimes().into_iter().next() else { return };
    let object = program_with(&["bif:lists:reverse/2"]);
    let executable = runtime.link(object).unwrap();
    let defined = defined(&executable);
    assert!(defined.contains("bif:lists:reverse/2"));
    assert_eq!(defined.contains("bif:ets:new/2"), holds_everything());
}

/// Whether the images are those of a build for development.
fn holds_everything() -> bool {
    beamrc_image::images().is_ok_and(|images| images[0].sections.is_empty())
}

#[test]
fn only_the_last_image_has_mathematics() {
    let object = program_with(&["bif:math:sin/1"]);
    let results: Vec<_> = runtimes().iter().map(|runtime| runtime.link(object)).collect();
    let [first, last] = &results[..] else { return };
    let lacks = matches!(first, Err(Error::Undefined(names)) if names == &["sin"]);
    assert_ne!(lacks, holds_everything());
    assert!(last.is_ok());
}
