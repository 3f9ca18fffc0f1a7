//! All that the linker knows of the processor: page size, address range, relocations and frame
//! pointer of x86-64.

use object::elf;

use crate::Error;

pub(crate) const MACHINE: u16 = elf::EM_X86_64;
pub(crate) const PAGE_SIZE: u64 = 0x1000;
/// Larger alignments would only make the file larger.
pub(crate) const MAX_ALIGNMENT: u64 = 1 << 21;
/// Code of the small model reaches this far.
pub(crate) const ADDRESS_LIMIT: u64 = 1 << 31;

/// Compiled code keeps its frames in a chain through this register.
pub(crate) const FRAME_POINTER: gimli::Register = gimli::X86_64::RBP;

/// Applies one relocation.
///
/// `bytes` are those of the section, `offset` the place in it and `place` that place's address;
/// `value` is the symbol's address plus the addend. `thread_end` is the end of the block of
/// thread-local variables, for code that may refer to them. An error says why it cannot be done.
pub(crate) fn relocate(
    kind: u32,
    bytes: &mut [u8],
    offset: u64,
    place: u64,
    value: i64,
    thread_end: Option<u64>,
) -> Result<(), String> {
    let distance = value.wrapping_sub(place as i64);
    match kind {
        // The thread pointer points to the end of the block.
        elf::R_X86_64_TPOFF32 if let Some(end) = thread_end => {
            put(bytes, offset, narrow::<i32>(value.wrapping_sub(end as i64))?.to_le_bytes())
        }
        elf::R_X86_64_NONE => Ok(()),
        elf::R_X86_64_64 => put(bytes, offset, value.to_le_bytes()),
        elf::R_X86_64_PC64 => put(bytes, offset, distance.to_le_bytes()),
        elf::R_X86_64_32 => put(bytes, offset, narrow::<u32>(value)?.to_le_bytes()),
        elf::R_X86_64_32S => put(bytes, offset, narrow::<i32>(value)?.to_le_bytes()),
        elf::R_X86_64_PC32 | elf::R_X86_64_PLT32 => {
            put(bytes, offset, narrow::<i32>(distance)?.to_le_bytes())
        }
        elf::R_X86_64_GOTPCREL | elf::R_X86_64_GOTPCRELX | elf::R_X86_64_REX_GOTPCRELX => {
            let relaxed = relax_got_load(bytes, offset, narrow::<i32>(distance)?);
            // The field counts from its end, which the addend has taken off.
            let address = value.wrapping_add(4);
            relaxed.or_else(|why| relax_got_operand(bytes, offset, address).map_err(|_| why))
        }
        elf::R_X86_64_TPOFF32
        | elf::R_X86_64_TPOFF64
        | elf::R_X86_64_GOTTPOFF
        | elf::R_X86_64_TLSGD
        | elf::R_X86_64_TLSLD
        | elf::R_X86_64_DTPOFF32
        | elf::R_X86_64_DTPOFF64
        | elf::R_X86_64_DTPMOD64 => {
            Err("a program cannot refer to thread-local variables; call the runtime".into())
        }
        _ => Err("this kind is not supported".into()),
    }
}

/// Code that jumps to the address in a slot; eight bytes.
pub(crate) fn jump_through(slot: u64) -> Result<[u8; 8], Error> {
    let slot = u32::try_from(slot).ok().filter(|slot| i32::try_from(*slot).is_ok());
    let slot = slot.ok_or_else(|| Error::Image("a slot lies too far away".into()))?;
    let [a, b, c, d] = slot.to_le_bytes();
    // jmp [slot]; nop
    Ok([0xff, 0x24, 0x25, a, b, c, d, 0x90])
}

fn narrow<T: TryFrom<i64>>(value: i64) -> Result<T, String> {
    T::try_from(value).map_err(|_| format!("{value:#x} does not fit"))
}

fn put<const N: usize>(bytes: &mut [u8], offset: u64, value: [u8; N]) -> Result<(), String> {
    let start = usize::try_from(offset).ok();
    let field = start.and_then(|start| bytes.get_mut(start..)?.first_chunk_mut());
    *field.ok_or("it lies outside its section")? = value;
    Ok(())
}

/// Turns an access to a slot of the global offset table, which we do not have, into a direct one.
/// The instruction's opcode and operand byte precede the field; the new one is as long.
fn relax_got_load(bytes: &mut [u8], offset: u64, distance: i32) -> Result<(), String> {
    const MOV_LOAD: u8 = 0x8b;
    const LEA: u8 = 0x8d;
    const GROUP_5: u8 = 0xff;
    const CALL_INDIRECT: u8 = 0x15;
    const JMP_INDIRECT: u8 = 0x25;
    const ADDRESS_SIZE_PREFIX: u8 = 0x67;
    const CALL: u8 = 0xe8;
    const JMP: u8 = 0xe9;
    const NOP: u8 = 0x90;

    let start = usize::try_from(offset).ok().and_then(|offset| offset.checked_sub(2));
    let instruction = start.and_then(|start| bytes.get_mut(start..)?.first_chunk_mut::<6>());
    let instruction = instruction.ok_or("it lies outside its section")?;
    let rip_relative = instruction[1] & 0xc7 == 0x05;
    let field = distance.to_le_bytes();
    match (instruction[0], instruction[1]) {
        (MOV_LOAD, _) if rip_relative => {
            instruction[0] = LEA;
            instruction[2..].copy_from_slice(&field);
        }
        (GROUP_5, CALL_INDIRECT) => {
            instruction[..2].copy_from_slice(&[ADDRESS_SIZE_PREFIX, CALL]);
            instruction[2..].copy_from_slice(&field);
        }
        (GROUP_5, JMP_INDIRECT) => {
            // The jump is a byte shorter: its field lies, and ends, one byte earlier.
            let field = distance.checked_add(1).ok_or("the distance does not fit")?.to_le_bytes();
            instruction[0] = JMP;
            instruction[1..5].copy_from_slice(&field);
            instruction[5] = NOP;
        }
        (opcode, operands) => {
            return Err(format!(
                "the instruction {opcode:02x} {operands:02x} cannot do without an offset table"
            ));
        }
    }
    Ok(())
}

/// Turns `op register, [slot]` with one of the eight operators into `op register, address`.
fn relax_got_operand(bytes: &mut [u8], offset: u64, address: i64) -> Result<(), String> {
    const REX_W: u8 = 0x48;
    const REX_R: u8 = 0x04;
    const REX_B: u8 = 0x01;
    const GROUP_1: u8 = 0x81;
    const REGISTERS: u8 = 0xc0;

    let start = usize::try_from(offset).ok().and_then(|offset| offset.checked_sub(3));
    let instruction = start.and_then(|start| bytes.get_mut(start..)?.first_chunk_mut::<7>());
    let instruction = instruction.ok_or("it lies outside its section")?;
    let [rex, opcode, operands, ..] = *instruction;
    // add, or, adc, sbb, and, sub, xor, cmp: the operator stands in bits 3 to 5.
    let is_operator = opcode & 0xc7 == 0x03;
    if rex & !REX_R != REX_W || !is_operator || operands & 0xc7 != 0x05 {
        return Err(format!("the instruction {opcode:02x} {operands:02x} has no such form"));
    }
    let field = narrow::<i32>(address)?.to_le_bytes();
    let register = if rex & REX_R == 0 { REX_W } else { REX_W | REX_B };
    instruction[..3].copy_from_slice(&[
        register,
        GROUP_1,
        REGISTERS | (opcode & 0x38) | (operands >> 3 & 7),
    ]);
    instruction[3..].copy_from_slice(&field);
    Ok(())
}

/// The name that the processor's supplement to the ABI gives a kind of relocation.
pub(crate) fn relocation_name(kind: u32) -> String {
    const NAMES: [&str; 43] = [
        "NONE",
        "64",
        "PC32",
        "GOT32",
        "PLT32",
        "COPY",
        "GLOB_DAT",
        "JUMP_SLOT",
        "RELATIVE",
        "GOTPCREL",
        "32",
        "32S",
        "16",
        "PC16",
        "8",
        "PC8",
        "DTPMOD64",
        "DTPOFF64",
        "TPOFF64",
        "TLSGD",
        "TLSLD",
        "DTPOFF32",
        "GOTTPOFF",
        "TPOFF32",
        "PC64",
        "GOTOFF64",
        "GOTPC32",
        "GOT64",
        "GOTPCREL64",
        "GOTPC64",
        "GOTPLT64",
        "PLTOFF64",
        "SIZE32",
        "SIZE64",
        "GOTPC32_TLSDESC",
        "TLSDESC_CALL",
        "TLSDESC",
        "IRELATIVE",
        "RELATIVE64",
        "PC32_BND",
        "PLT32_BND",
        "GOTPCRELX",
        "REX_GOTPCRELX",
    ];
    match NAMES.get(kind as usize) {
        Some(name) => format!("R_X86_64_{name}"),
        None => format!("number {kind}"),
    }
}
