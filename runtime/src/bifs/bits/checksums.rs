//! Checksums over iodata: MD5, CRC-32 and Adler-32.

use crate::heap::bits::from_bytes;
use crate::process::Process;
use crate::process::exception::{Result, badarg};
use crate::term::Term;
use crate::term::bits::Bits;
use crate::term::bits::iodata::{NoIodata, Piece, walk};
use md5::block_api::compress;
use zlib_rs::adler32::{adler32, adler32_combine};
use zlib_rs::crc32::{crc32, crc32_combine};

/// Bytes summed for one reduction.
const BYTES_PER_REDUCTION: usize = 256;

/// Feeds the bytes of iodata to `sum`, single bytes gathered into runs.
fn feed(p: &mut Process, iodata: Term, mut sum: impl FnMut(&[u8])) -> Result<()> {
    let mut run = [0; 256];
    let (mut used, mut total) = (0, 0);
    let mut each = |piece| {
        match piece {
            Piece::Byte(byte) => {
                if used == run.len() {
                    sum(&run);
                    used = 0;
                }
                run[used] = byte;
                used += 1;
                total += 1;
            }
            Piece::Bits(bits, _) if !bits.is_binary() => return Err(NoIodata),
            Piece::Bits(bits, _) => {
                sum(&run[..used]);
                used = 0;
                sum(&bits.to_bytes());
                total += bits.size_bytes();
            }
        }
        Ok(())
    };
    let walked = match Bits::of(iodata) {
        Some(bits) => each(Piece::Bits(bits, iodata)),
        None => walk(iodata, &mut each),
    };
    walked.map_err(|_| badarg())?;
    sum(&run[..used]);
    p.charge(total / BYTES_PER_REDUCTION);
    Ok(())
}

/// A checksum, or the size of what one was made of.
fn word(term: Term) -> Result<u32> {
    let value = term.as_small().and_then(|value| value.try_into().ok());
    value.ok_or_else(badarg)
}

fn crc32_from(p: &mut Process, start: u32, iodata: Term) -> Result {
    let mut sum = start;
    feed(p, iodata, |bytes| sum = crc32(sum, bytes))?;
    Ok(Term::small(sum as i64))
}
pub fn crc32_1(p: &mut Process, iodata: Term) -> Result {
    crc32_from(p, 0, iodata)
}
pub fn crc32_2(p: &mut Process, start: Term, iodata: Term) -> Result {
    crc32_from(p, word(start)?, iodata)
}
pub fn crc32_combine_3(_p: &mut Process, first: Term, second: Term, size: Term) -> Result {
    let sum = crc32_combine(word(first)?, word(second)?, word(size)?.into());
    Ok(Term::small(sum as i64))
}

fn adler32_from(p: &mut Process, start: u32, iodata: Term) -> Result {
    let mut sum = start;
    feed(p, iodata, |bytes| sum = adler32(sum, bytes))?;
    Ok(Term::small(sum as i64))
}
pub fn adler32_1(p: &mut Process, iodata: Term) -> Result {
    adler32_from(p, 1, iodata)
}
pub fn adler32_2(p: &mut Process, start: Term, iodata: Term) -> Result {
    adler32_from(p, word(start)?, iodata)
}
pub fn adler32_combine_3(_p: &mut Process, first: Term, second: Term, size: Term) -> Result {
    let (first, second, size) = (word(first)?, word(second)?, word(size)?);
    let sum = if size == 0 { first } else { adler32_combine(first, second, size.into()) };
    Ok(Term::small(sum as i64))
}

/// The state of an MD5 sum, as the binary that `md5_init/0` and `md5_update/2` return holds it:
/// four words of state, the number of bits, what does not fill a block yet (with zeros behind it),
/// and the size of that.
struct Md5 {
    state: [u32; 4],
    size_bits: u64,
    block: [u8; 64],
}

const CONTEXT_BYTES: usize = 92;

impl Md5 {
    fn new() -> Md5 {
        Md5 {
            state: [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476],
            size_bits: 0,
            block: [0; 64],
        }
    }
    fn of_context(context: Term) -> Result<Md5> {
        let bits = Bits::of_binary(context).ok_or_else(badarg)?;
        let bytes = bits.to_bytes();
        let bytes: &[u8; CONTEXT_BYTES] = bytes[..].try_into().map_err(|_| badarg())?;
        let word =
            |i: usize| u32::from_le_bytes([bytes[i], bytes[i + 1], bytes[i + 2], bytes[i + 3]]);
        Ok(Md5 {
            state: [word(0), word(4), word(8), word(12)],
            size_bits: word(16) as u64 | (word(20) as u64) << 32,
            block: bytes[24..88].try_into().expect("64 bytes"),
        })
    }
    fn to_context(&self, p: &mut Process) -> Term {
        let mut bytes = [0; CONTEXT_BYTES];
        for (chunk, word) in bytes.chunks_mut(4).zip(self.state) {
            chunk.copy_from_slice(&word.to_le_bytes());
        }
        bytes[16..24].copy_from_slice(&self.size_bits.to_le_bytes());
        bytes[24..88].copy_from_slice(&self.block);
        bytes[88..].copy_from_slice(&(self.used() as u32).to_le_bytes());
        from_bytes(p, &bytes)
    }
    /// Bytes in the block that is not full.
    fn used(&self) -> usize {
        (self.size_bits / 8 % 64) as usize
    }
    fn update(&mut self, mut bytes: &[u8]) {
        let used = self.used();
        self.size_bits = self.size_bits.wrapping_add(8 * bytes.len() as u64);
        if used > 0 {
            let take = bytes.len().min(64 - used);
            self.block[used..used + take].copy_from_slice(&bytes[..take]);
            bytes = &bytes[take..];
            if used + take < 64 {
                return;
            }
            compress(&mut self.state, &[self.block]);
        }
        let (blocks, rest) = bytes.as_chunks::<64>();
        compress(&mut self.state, blocks);
        self.block = [0; 64];
        self.block[..rest.len()].copy_from_slice(rest);
    }
    fn finish(mut self, p: &mut Process) -> Term {
        let size_bits = self.size_bits;
        let used = self.used();
        let padding = if used < 56 { 56 - used } else { 120 - used };
        let mut end = [0; 64];
        end[0] = 0x80;
        self.update(&end[..padding]);
        self.update(&size_bits.to_le_bytes());
        let mut sum = [0; 16];
        for (chunk, word) in sum.chunks_mut(4).zip(self.state) {
            chunk.copy_from_slice(&word.to_le_bytes());
        }
        from_bytes(p, &sum)
    }
}

pub fn md5_1(p: &mut Process, iodata: Term) -> Result {
    let mut md5 = Md5::new();
    feed(p, iodata, |bytes| md5.update(bytes))?;
    Ok(md5.finish(p))
}
pub fn md5_init_0(p: &mut Process) -> Result {
    Ok(Md5::new().to_context(p))
}
pub fn md5_update_2(p: &mut Process, context: Term, iodata: Term) -> Result {
    let mut md5 = Md5::of_context(context)?;
    feed(p, iodata, |bytes| md5.update(bytes))?;
    Ok(md5.to_context(p))
}
pub fn md5_final_1(p: &mut Process, context: Term) -> Result {
    Ok(Md5::of_context(context)?.finish(p))
}
