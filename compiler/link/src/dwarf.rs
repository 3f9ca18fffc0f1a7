//! DWARF 5 for the program: functions by name and the source line of every instruction, so that
//! gdb, perf and addr2line show the user's own code. Nothing is said of variables and types.

use gimli::write::{
    Address, AttributeValue, DwarfUnit, EndianVec, Expression, FileId, LineProgram, LineString,
    Range, RangeList, RelocateWriter, Relocation, RelocationTarget, Sections, UnitEntryId,
};
use gimli::{Encoding, Format, LineEncoding, LittleEndian, SectionId};
use object::write::{Object, SymbolId};
use object::{RelocationEncoding, RelocationFlags, RelocationKind, SectionKind};
use std::collections::HashMap;

use crate::{Error, x86_64};

/// What debuggers are told about a program.
pub struct DebugInfo<'a> {
    /// Name and version of the compiler.
    pub producer: &'a str,
    /// Name of the program.
    pub name: &'a str,
    /// The folder that relative names of files start from.
    pub directory: &'a str,
    /// Source files.
    pub files: &'a [String],
    pub functions: &'a [Function<'a>],
}

pub struct Function<'a> {
    /// The function's symbol in the object.
    pub symbol: SymbolId,
    /// The function as users know it.
    pub name: &'a str,
    pub size_bytes: u64,
    /// Index of the file, and line, where the function is defined, if that is known.
    pub defined_at: Option<(usize, u32)>,
    /// In rising order of code offsets.
    pub lines: &'a [Line],
}

/// From this code offset on, instructions belong to this line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Relative to the start of the function.
    pub code_offset: u32,
    /// Index into the files.
    pub file: u32,
    pub line: u32,
}

/// Adds the debug sections to the object.
pub fn write_debug(object: &mut Object, info: &DebugInfo) -> Result<(), Error> {
    let encoding = Encoding { format: Format::Dwarf32, version: 5, address_size: 8 };
    let mut unit = DwarfUnit::new(encoding);
    let (mut line_program, files) = line_program(encoding, info);
    for (index, function) in info.functions.iter().enumerate() {
        check(function, files.len())?;
        write_lines(&mut line_program, &files, index, function);
    }
    unit.unit.line_program = line_program;
    describe_unit(&mut unit, info);
    let root = unit.unit.root();
    for (index, function) in info.functions.iter().enumerate() {
        describe_function(&mut unit, root, &files, index, function);
    }
    let mut sections = Sections::new(RelocatableSection::default());
    unit.write(&mut sections).map_err(|error| Error::Debug(error.to_string()))?;
    add_sections(object, &sections, info)
}

fn check(function: &Function, file_count: usize) -> Result<(), Error> {
    let rising = function.lines.is_sorted_by_key(|line| line.code_offset);
    let inside =
        function.lines.iter().all(|line| u64::from(line.code_offset) <= function.size_bytes);
    let mut files = function.lines.iter().map(|line| line.file as usize);
    let known = files.all(|file| file < file_count)
        && function.defined_at.is_none_or(|(file, _)| file < file_count);
    if rising && inside && known {
        return Ok(());
    }
    Err(Error::Debug(format!("the lines of `{}` are inconsistent", function.name)))
}

fn line_program(encoding: Encoding, info: &DebugInfo) -> (LineProgram, Vec<FileId>) {
    let string = |text: &str| LineString::String(text.into());
    let mut program = LineProgram::new(
        encoding,
        LineEncoding::default(),
        string(info.directory),
        None,
        string(info.name),
        None,
    );
    let directory = program.default_directory();
    // Where a sequence starts with file 1, which needs no mention, addr2line of binutils 2.40
    // takes file 0. So both are the unit itself, as C compilers have it, and in two folders since
    // equal files would be one.
    let same_folder = program.add_directory(string("."));
    program.add_file(string(info.name), same_folder, None);
    let files = info.files.iter().map(|file| program.add_file(string(file), directory, None));
    let files = files.collect();
    (program, files)
}

fn write_lines(program: &mut LineProgram, files: &[FileId], index: usize, function: &Function) {
    let starts_at_0 = function.lines.first().is_some_and(|line| line.code_offset == 0);
    let definition = function.defined_at.filter(|_| !starts_at_0);
    if function.lines.is_empty() && definition.is_none() {
        return;
    }
    let push = |program: &mut LineProgram, code_offset: u32, file: usize, line: u32| {
        let row = program.row();
        row.address_offset = code_offset.into();
        row.file = files[file];
        row.line = line.into();
        row.is_statement = true;
        program.generate_row();
    };
    program.begin_sequence(Some(Address::Symbol { symbol: index, addend: 0 }));
    // The prologue belongs to the function's definition.
    if let Some((file, line)) = definition {
        push(program, 0, file, line);
    }
    for line in function.lines {
        push(program, line.code_offset, line.file as usize, line.line);
    }
    program.end_sequence(function.size_bytes);
}

fn describe_unit(unit: &mut DwarfUnit, info: &DebugInfo) {
    let range = |(index, function): (usize, &Function)| Range::StartLength {
        begin: Address::Symbol { symbol: index, addend: 0 },
        length: function.size_bytes,
    };
    let ranges = RangeList(info.functions.iter().enumerate().map(range).collect());
    let ranges = unit.unit.ranges.add(ranges);
    let string = |text: &str| AttributeValue::String(text.into());
    let root = unit.unit.root();
    let root = unit.unit.get_mut(root);
    root.set(gimli::DW_AT_producer, string(info.producer));
    // A language that every debugger knows and that reads no structure into names.
    root.set(gimli::DW_AT_language, AttributeValue::Language(gimli::DW_LANG_C99));
    root.set(gimli::DW_AT_name, string(info.name));
    root.set(gimli::DW_AT_comp_dir, string(info.directory));
    root.set(gimli::DW_AT_low_pc, AttributeValue::Address(Address::Constant(0)));
    root.set(gimli::DW_AT_ranges, AttributeValue::RangeListRef(ranges));
    root.set(gimli::DW_AT_stmt_list, AttributeValue::LineProgramRef);
}

fn describe_function(
    unit: &mut DwarfUnit,
    root: UnitEntryId,
    files: &[FileId],
    index: usize,
    function: &Function,
) {
    let start = Address::Symbol { symbol: index, addend: 0 };
    let mut frame_base = Expression::new();
    frame_base.op_reg(x86_64::FRAME_POINTER);
    let entry = unit.unit.add(root, gimli::DW_TAG_subprogram);
    let entry = unit.unit.get_mut(entry);
    entry.set(gimli::DW_AT_name, AttributeValue::String(function.name.into()));
    entry.set(gimli::DW_AT_low_pc, AttributeValue::Address(start));
    entry.set(gimli::DW_AT_high_pc, AttributeValue::Udata(function.size_bytes));
    entry.set(gimli::DW_AT_frame_base, AttributeValue::Exprloc(frame_base));
    if let Some((file, line)) = function.defined_at {
        entry.set(gimli::DW_AT_decl_file, AttributeValue::FileIndex(Some(files[file])));
        entry.set(gimli::DW_AT_decl_line, AttributeValue::Udata(line.into()));
    }
}

/// A section's bytes and the relocations they need.
#[derive(Clone)]
struct RelocatableSection {
    bytes: EndianVec<LittleEndian>,
    relocations: Vec<Relocation>,
}

impl Default for RelocatableSection {
    fn default() -> RelocatableSection {
        RelocatableSection { bytes: EndianVec::new(LittleEndian), relocations: Vec::new() }
    }
}

impl RelocateWriter for RelocatableSection {
    type Writer = EndianVec<LittleEndian>;

    fn writer(&self) -> &Self::Writer {
        &self.bytes
    }

    fn writer_mut(&mut self) -> &mut Self::Writer {
        &mut self.bytes
    }

    fn relocate(&mut self, relocation: Relocation) {
        self.relocations.push(relocation);
    }
}

fn add_sections(
    object: &mut Object,
    sections: &Sections<RelocatableSection>,
    info: &DebugInfo,
) -> Result<(), Error> {
    let mut ids = HashMap::new();
    sections.for_each(|id, section| -> Result<(), Error> {
        if !section.bytes.slice().is_empty() {
            let kind = match id {
                SectionId::DebugStr | SectionId::DebugLineStr => SectionKind::DebugString,
                _ => SectionKind::Debug,
            };
            let added = object.add_section(Vec::new(), id.name().into(), kind);
            object.append_section_data(added, section.bytes.slice(), 1);
            ids.insert(id, added);
        }
        Ok(())
    })?;
    sections.for_each(|id, section| {
        for relocation in &section.relocations {
            let symbol = match relocation.target {
                RelocationTarget::Symbol(index) => info.functions[index].symbol,
                RelocationTarget::Section(target) => object.section_symbol(ids[&target]),
            };
            let relocation = object::write::Relocation {
                offset: relocation.offset as u64,
                symbol,
                addend: relocation.addend,
                flags: RelocationFlags::Generic {
                    kind: RelocationKind::Absolute,
                    encoding: RelocationEncoding::Generic,
                    size: relocation.size * 8,
                },
            };
            let added = object.add_relocation(ids[&id], relocation);
            added.map_err(|error| Error::Debug(error.to_string()))?;
        }
        Ok(())
    })
}
