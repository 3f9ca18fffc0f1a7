//! Blocks to bytes.

use super::*;
use crate::clif::CallSite;
use iced_x86::{Decoder, DecoderOptions, Encoder};
use std::collections::HashMap;

/// A block's bytes without its branches.
struct Piece {
    block: usize,
    bytes: Vec<u8>,
    /// Where each instruction starts, by its old offset.
    starts: Vec<(u32, u32)>,
    /// Ends of calls, by their old return address.
    returns: Vec<(u32, u32)>,
    relocs: Vec<(u32, usize)>,
    /// Places of displacements, ends of their instructions, and what they refer to.
    internals: Vec<(u32, u32, u32)>,
    branch: Option<Branch>,
}

/// The branch at the end, to a piece.
struct Branch {
    condition: Option<ConditionCode>,
    to: usize,
    is_long: bool,
}

impl Branch {
    fn len(&self) -> u32 {
        match (self.is_long, self.condition) {
            (false, _) => 2,
            (true, None) => 5,
            (true, Some(_)) => 6,
        }
    }
}

/// None if an instruction cannot be encoded.
pub(super) fn write(code: &Code, old: &Compiled) -> Option<Compiled> {
    let reached = reached(code);
    let mut pieces: Vec<Piece> = vec![];
    for (b, block) in code.blocks.iter().enumerate().filter(|(b, _)| reached[*b]) {
        pieces.push(piece(b, block, old)?);
    }
    let place_of: HashMap<usize, usize> =
        pieces.iter().enumerate().map(|(i, p)| (p.block, i)).collect();
    for i in 0..pieces.len() {
        let (condition, to) = match code.blocks[pieces[i].block].end {
            End::Jump(to) => (None, place_of[&to]),
            End::Branch(cc, to) => (Some(cc), place_of[&to]),
            _ => continue,
        };
        if to != i + 1 {
            pieces[i].branch = Some(Branch { condition, to, is_long: false });
        }
    }
    let starts = lay_out(code, &mut pieces);
    Some(assemble(code, &pieces, &starts, &place_of, old))
}

fn reached(code: &Code) -> Vec<bool> {
    let mut reached = vec![false; code.blocks.len()];
    let mut waiting: Vec<usize> =
        (0..code.blocks.len()).filter(|b| code.blocks[*b].is_entry).collect();
    while let Some(b) = waiting.pop() {
        if !std::mem::replace(&mut reached[b], true) {
            waiting.extend(code.blocks[b].successors(b));
        }
    }
    reached
}

fn piece(b: usize, block: &Block, old: &Compiled) -> Option<Piece> {
    let (bytes, starts, returns, relocs, internals) = (vec![], vec![], vec![], vec![], vec![]);
    let mut p = Piece { block: b, bytes, starts, returns, relocs, internals, branch: None };
    let mut encoder = Encoder::new(64);
    for inst in &block.insts {
        let at = p.bytes.len() as u32;
        if inst.what.code() == iced_x86::Code::Nopd {
            continue;
        }
        if inst.len > 0 {
            p.starts.push((inst.offset, at));
        }
        let from = inst.offset as usize;
        if inst.changed {
            encoder.encode(&inst.what, 0).ok()?;
            p.bytes.extend(encoder.take_buffer());
        } else {
            p.bytes.extend(old.code.get(from..from + inst.len as usize)?);
        }
        let end = p.bytes.len() as u32;
        if inst.is_call() {
            p.returns.push((inst.offset + inst.len, end));
        }
        if let Some(r) = inst.reloc {
            p.relocs.push((at + old.relocs[r].offset - inst.offset, r));
        }
        if let Kind::Internal { target } = inst.kind {
            let bytes = &old.code[from..from + inst.len as usize];
            let mut decoder = Decoder::with_ip(64, bytes, 0, DecoderOptions::NONE);
            let what = decoder.decode();
            let offsets = decoder.get_constant_offsets(&what);
            p.internals.push((at + offsets.displacement_offset() as u32, end, target));
        }
    }
    Some(p)
}

/// Offsets of the pieces, and of what follows them; branches grow until they reach.
fn lay_out(code: &Code, pieces: &mut [Piece]) -> Vec<u32> {
    loop {
        let mut starts = Vec::with_capacity(pieces.len() + 1);
        let mut at = 0;
        for p in pieces.iter() {
            starts.push(at);
            at += p.bytes.len() as u32 + p.branch.as_ref().map_or(0, Branch::len);
            if let End::Table(targets) = &code.blocks[p.block].end {
                at += 4 * targets.len() as u32;
            }
        }
        starts.push(at);
        let mut grown = false;
        for (i, p) in pieces.iter_mut().enumerate() {
            let Some(branch) = &mut p.branch else { continue };
            let from = starts[i] + p.bytes.len() as u32 + branch.len();
            let distance = i64::from(starts[branch.to]) - i64::from(from);
            if !branch.is_long && i8::try_from(distance).is_err() {
                branch.is_long = true;
                grown = true;
            }
        }
        if !grown {
            return starts;
        }
    }
}

fn assemble(
    code: &Code,
    pieces: &[Piece],
    starts: &[u32],
    place_of: &HashMap<usize, usize>,
    old: &Compiled,
) -> Compiled {
    let mut new =
        Compiled { code: vec![], relocs: vec![], call_sites: vec![], lines: vec![], ..old.clone() };
    let end = starts[pieces.len()];
    // Constants keep their alignment.
    let constants = end + (code.constants_start.wrapping_sub(end)) % new.alignment.max(1);
    let mut moved: Vec<(u32, u32)> = vec![];
    let mut returns: HashMap<u32, u32> = HashMap::new();
    for (i, p) in pieces.iter().enumerate() {
        let start = starts[i];
        debug_assert_eq!(new.code.len() as u32, start, "pieces are where they were laid out");
        new.code.extend(&p.bytes);
        if code.blocks[p.block].start != NOWHERE {
            moved.push((code.blocks[p.block].start, start));
        }
        moved.extend(p.starts.iter().map(|(o, n)| (*o, start + n)));
        returns.extend(p.returns.iter().map(|(o, n)| (*o, start + n)));
        for (place, r) in &p.relocs {
            new.relocs.push(crate::clif::Reloc { offset: start + place, ..old.relocs[*r].clone() });
        }
        for (place, end, target) in &p.internals {
            // A table stands right behind the piece that refers to it.
            let target = match target.checked_sub(code.constants_start) {
                Some(within) => constants + within,
                None => start + p.bytes.len() as u32,
            };
            let displacement = target.wrapping_sub(start + end);
            let place = (start + place) as usize;
            new.code[place..place + 4].copy_from_slice(&displacement.to_le_bytes());
        }
        if let Some(branch) = &p.branch {
            let from = start + p.bytes.len() as u32 + branch.len();
            put_branch(&mut new.code, branch, i64::from(starts[branch.to]) - i64::from(from));
        }
        if let End::Table(targets) = &code.blocks[p.block].end {
            let table = start + p.bytes.len() as u32;
            for t in targets {
                new.code.extend(starts[place_of[t]].wrapping_sub(table).to_le_bytes());
            }
        }
    }
    if !code.constants.is_empty() {
        new.code.resize(constants as usize, 0);
        new.code.extend(&code.constants);
    }
    let start_of = |offset: u32| {
        let i = moved.partition_point(|(o, _)| *o < offset);
        moved.get(i).map_or(end, |(_, n)| *n)
    };
    let sites = old.call_sites.iter().filter_map(|site| {
        let return_offset = *returns.get(&site.return_offset)?;
        Some(CallSite { return_offset, handler: site.handler.map(start_of), ..site.clone() })
    });
    new.call_sites = sites.collect();
    for (offset, location) in &old.lines {
        let at = start_of(*offset);
        match new.lines.last_mut() {
            Some(last) if last.0 == at => last.1 = *location,
            _ => new.lines.push((at, *location)),
        }
    }
    new
}

fn put_branch(code: &mut Vec<u8>, branch: &Branch, distance: i64) {
    // Conditions are numbered as the processor does, from one on.
    let condition = branch.condition.map(|cc| cc as u8 - 1);
    match (branch.is_long, condition) {
        (false, None) => code.push(0xeb),
        (false, Some(cc)) => code.push(0x70 | cc),
        (true, None) => code.push(0xe9),
        (true, Some(cc)) => code.extend([0x0f, 0x80 | cc]),
    }
    if branch.is_long {
        code.extend((distance as i32).to_le_bytes());
    } else {
        code.push(distance as i8 as u8);
    }
}
