//! Where the program's sections go in the file and in memory.
//!
//! They follow the image in both, as up to three segments (code; read-only data; data), and like
//! sections become one. All addresses keep the distance to their file offset that the image's code
//! has: perf assumes one distance for all code.
//!
//! The new segments take the place of program headers that nobody needs. Where the image has too
//! few of those, the table moves into the read-only segment; that works, but binutils' strip
//! damages such a file.

use object::LittleEndian as LE;
use object::elf::{self, ProgramHeader64};
use object::read::elf::ProgramHeader as _;
use object::{U32, U64};

use crate::image::Image;
use crate::program::{Class, Program, ProgramSection};
use crate::{Error, x86_64};

const PROGRAM_HEADER_BYTES: u64 = size_of::<ProgramHeader64<LE>>() as u64;

pub(crate) struct Layout<'data> {
    /// By section index in the object; `None` for those that are left out.
    pub(crate) places: Vec<Option<Place>>,
    pub(crate) outputs: Vec<Output<'data>>,
    /// All segments of the executable.
    pub(crate) segments: Vec<ProgramHeader64<LE>>,
    pub(crate) segments_offset: u64,
    pub(crate) file_end: u64,
}

/// Where a section of the object went.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    /// 0 for what is not loaded.
    pub(crate) address: u64,
    pub(crate) offset: u64,
    /// Index into the layout's outputs.
    pub(crate) output: usize,
}

/// A section of the executable that comes from the program.
pub(crate) struct Output<'data> {
    pub(crate) name: &'data [u8],
    pub(crate) class: Class,
    pub(crate) flags: u64,
    pub(crate) entry_bytes: u64,
    pub(crate) address: u64,
    pub(crate) offset: u64,
    pub(crate) size_bytes: u64,
    pub(crate) alignment: u64,
}

impl<'data> Layout<'data> {
    pub(crate) fn new(
        image: &Image,
        program: &Program<'data>,
        keep_debug: bool,
    ) -> Result<Layout<'data>, Error> {
        let mut plan = Plan::after(image, program.sections.len());
        let grown = plan.segments.len() + segment_count(program);
        let table_fits = grown <= image.segment_capacity;
        plan.begin_segment();
        plan.place_class(program, Class::Code, b".text.beam");
        plan.end_segment(elf::PF_R | elf::PF_X);

        plan.begin_segment();
        let segments_offset = match table_fits {
            true => image.header.e_phoff.get(LE),
            false => plan.reserve_program_headers(),
        };
        plan.place_class(program, Class::ReadOnly, b".rodata.beam");
        plan.end_segment(elf::PF_R);

        plan.begin_segment();
        plan.place_class(program, Class::Data, b".data.beam");
        plan.place_class(program, Class::Zero, b".bss.beam");
        plan.end_segment(elf::PF_R | elf::PF_W);
        if plan.address > x86_64::ADDRESS_LIMIT {
            return Err(Error::Object("code and data do not fit into two gigabytes".into()));
        }
        if keep_debug {
            plan.place_debug(program);
        }
        Ok(Layout {
            places: plan.places,
            outputs: plan.outputs,
            segments: plan.segments,
            segments_offset,
            file_end: plan.file_end,
        })
    }
}

struct Plan<'data> {
    places: Vec<Option<Place>>,
    outputs: Vec<Output<'data>>,
    segments: Vec<ProgramHeader64<LE>>,
    /// Where the new segments go in the list: loaded segments stand in the order of addresses.
    next_segment: usize,
    /// Address minus file offset of all that is loaded.
    bias: u64,
    /// The next free address.
    address: u64,
    /// End of what the file holds so far.
    file_end: u64,
    segment_start: u64,
}

impl<'data> Plan<'data> {
    fn after(image: &Image, section_count: usize) -> Plan<'data> {
        let loaded = |segment: &ProgramHeader64<LE>| segment.p_type(LE) == elf::PT_LOAD;
        Plan {
            places: vec![None; section_count],
            outputs: Vec::new(),
            next_segment: image.segments.iter().rposition(loaded).map_or(0, |last| last + 1),
            segments: image.segments.clone(),
            bias: image.text_bias,
            address: image.memory_end.max(image.file_end + image.text_bias),
            file_end: image.file_end,
            segment_start: 0,
        }
    }

    fn begin_segment(&mut self) {
        self.address = self.address.next_multiple_of(x86_64::PAGE_SIZE);
        self.segment_start = self.address;
    }

    fn end_segment(&mut self, flags: u32) {
        let memory_bytes = self.address - self.segment_start;
        if memory_bytes == 0 {
            return;
        }
        let offset = self.segment_start - self.bias;
        let segment = ProgramHeader64 {
            p_type: U32::new(LE, elf::PT_LOAD),
            p_flags: U32::new(LE, flags),
            p_offset: U64::new(LE, offset),
            p_vaddr: U64::new(LE, self.segment_start),
            p_paddr: U64::new(LE, self.segment_start),
            p_filesz: U64::new(LE, self.file_end.saturating_sub(offset)),
            p_memsz: U64::new(LE, memory_bytes),
            p_align: U64::new(LE, x86_64::PAGE_SIZE),
        };
        self.segments.insert(self.next_segment, segment);
        self.next_segment += 1;
    }

    /// Makes room for the table of all segments and returns its file offset.
    fn reserve_program_headers(&mut self) -> u64 {
        // This segment and the one that may follow are not in the list yet.
        let most = self.segments.len() as u64 + 2;
        let offset = self.address - self.bias;
        self.address += most * PROGRAM_HEADER_BYTES;
        self.file_end = self.address - self.bias;
        offset
    }

    /// Places the sections of one class as one section of the executable.
    fn place_class(&mut self, program: &Program<'data>, class: Class, name: &'static [u8]) {
        let members = || program.sections().filter(|(_, section)| section.class == class);
        let Some(alignment) = members().map(|(_, section)| section.alignment).max() else {
            return;
        };
        self.address = self.address.next_multiple_of(alignment);
        let start = self.address;
        for (index, section) in members() {
            self.address = self.address.next_multiple_of(section.alignment);
            self.places[index] = Some(Place {
                address: self.address,
                offset: self.address - self.bias,
                output: self.outputs.len(),
            });
            self.address += section.size_bytes;
        }
        if class != Class::Zero {
            self.file_end = self.address - self.bias;
        }
        self.outputs.push(Output {
            name,
            class,
            flags: class_flags(class),
            entry_bytes: 0,
            address: start,
            offset: start - self.bias,
            size_bytes: self.address - start,
            alignment,
        });
    }

    /// Places the sections that are not loaded, each for itself.
    fn place_debug(&mut self, program: &Program<'data>) {
        for (index, section) in program.sections() {
            if section.class != Class::Debug {
                continue;
            }
            let offset = self.file_end.next_multiple_of(section.alignment);
            self.places[index] = Some(Place { address: 0, offset, output: self.outputs.len() });
            self.outputs.push(debug_output(section, offset));
            self.file_end = offset + section.size_bytes;
        }
    }
}

/// How many segments the program itself needs.
fn segment_count(program: &Program) -> usize {
    let has = |classes: &[Class]| program.sections().any(|(_, s)| classes.contains(&s.class));
    let data = [Class::Data, Class::Zero];
    [&[Class::Code][..], &[Class::ReadOnly], &data].into_iter().filter(|&c| has(c)).count()
}

fn class_flags(class: Class) -> u64 {
    let flags = match class {
        Class::Code => elf::SHF_ALLOC | elf::SHF_EXECINSTR,
        Class::ReadOnly => elf::SHF_ALLOC,
        Class::Data | Class::Zero => elf::SHF_ALLOC | elf::SHF_WRITE,
        Class::Debug => 0,
    };
    flags.into()
}

fn debug_output<'data>(section: &ProgramSection<'data>, offset: u64) -> Output<'data> {
    use object::read::elf::SectionHeader as _;
    let mergeable = u64::from(elf::SHF_MERGE | elf::SHF_STRINGS);
    Output {
        name: section.name,
        class: Class::Debug,
        flags: section.header.sh_flags(LE) & mergeable,
        entry_bytes: section.header.sh_entsize(LE),
        address: 0,
        offset,
        size_bytes: section.size_bytes,
        alignment: section.alignment,
    }
}
