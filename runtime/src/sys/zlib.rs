//! Streams that compress and decompress, by zlib: OTP's library, so the bytes are the same.
//!
//! Nothing here knows terms. What zlib answers are its own codes; they are passed on as they are.

use super::exhaustion::fallible;
use core::alloc::Layout;
use core::ffi::{c_int, c_uint, c_void};
use core::ptr::null_mut;
use libz_sys as z;
use std::alloc::{alloc_zeroed, dealloc};

pub use z::{
    Z_BUF_ERROR as BUF_ERROR, Z_DATA_ERROR as DATA_ERROR, Z_FINISH as FINISH,
    Z_MEM_ERROR as MEM_ERROR, Z_NEED_DICT as NEED_DICT, Z_NO_FLUSH as NO_FLUSH, Z_OK as OK,
    Z_STREAM_END as STREAM_END, Z_STREAM_ERROR as STREAM_ERROR, Z_VERSION_ERROR as VERSION_ERROR,
};

/// `adler32` and `crc32`, as zlib has them.
pub use zlib_rs::{adler32::adler32, crc32::crc32};

unsafe extern "C" {
    /// The bindings lack it.
    fn inflateGetDictionary(stream: z::z_streamp, dictionary: *mut u8, size: *mut c_uint) -> c_int;
}

/// What a stream does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    Deflate,
    Inflate,
}

/// How a stream compresses; all as zlib's `deflateInit2` takes them.
#[derive(Clone, Copy, Debug)]
pub struct Compression {
    pub level: i32,
    pub method: i32,
    pub window_bits: i32,
    pub memory_level: i32,
    pub strategy: i32,
}

impl Compression {
    /// With zlib's head, and else by default.
    pub fn of_level(level: i32) -> Compression {
        Compression {
            level,
            method: z::Z_DEFLATED,
            window_bits: WINDOW_BITS_MAX,
            memory_level: 8,
            strategy: 0,
        }
    }
}

/// zlib's largest window.
pub const WINDOW_BITS_MAX: i32 = 15;
/// The dictionary of a stream is at most this long.
const DICTIONARY_MAX_BYTES: usize = 1 << 15;

/// What a step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    pub code: i32,
    pub consumed: usize,
    pub produced: usize,
}

/// zlib keeps the address of its stream, which is why that has a place of its own.
pub struct Stream {
    raw: Box<z::z_stream>,
    pub codec: Codec,
}

// SAFETY: zlib keeps nothing per thread.
unsafe impl Send for Stream {}

/// In front of what zlib has allocated, which may be scratch memory (see `arena`).
#[repr(C, align(16))]
struct Head(Layout);

/// # Safety
/// None: it is unsafe because zlib declares it so.
unsafe extern "C" fn allocate(_: *mut c_void, items: c_uint, size: c_uint) -> *mut c_void {
    let bytes = Layout::array::<u8>(items as usize * size as usize);
    let Ok((layout, _)) = bytes.and_then(|bytes| Layout::new::<Head>().extend(bytes)) else {
        return null_mut();
    };
    // SAFETY: the size is not zero, and there is room for a head.
    unsafe {
        let head = fallible(|| alloc_zeroed(layout)).cast::<Head>();
        if head.is_null() {
            return null_mut();
        }
        head.write(Head(layout));
        head.add(1).cast()
    }
}
/// # Safety
/// The address is null or one that `allocate` returned.
unsafe extern "C" fn release(_: *mut c_void, address: *mut c_void) {
    if address.is_null() {
        return;
    }
    // SAFETY: the caller's contract.
    unsafe {
        let head = address.cast::<Head>().sub(1);
        dealloc(head.cast(), (*head).0);
    }
}

fn unopened() -> Box<z::z_stream> {
    Box::new(z::z_stream {
        next_in: null_mut(),
        avail_in: 0,
        total_in: 0,
        next_out: null_mut(),
        avail_out: 0,
        total_out: 0,
        msg: null_mut(),
        state: null_mut(),
        zalloc: allocate,
        zfree: release,
        opaque: null_mut(),
        data_type: z::Z_BINARY,
        adler: 0,
        reserved: 0,
    })
}

const STREAM_BYTES: c_int = size_of::<z::z_stream>() as c_int;

/// Only zlib's first figure is compared with its own.
const VERSION: &core::ffi::CStr = c"1";

impl Stream {
    pub fn deflate(how: Compression) -> Result<Stream, i32> {
        let mut raw = unopened();
        // SAFETY: an unopened stream, where it stays.
        let code = unsafe {
            z::deflateInit2_(
                &raw mut *raw,
                how.level,
                how.method,
                how.window_bits,
                how.memory_level,
                how.strategy,
                VERSION.as_ptr(),
                STREAM_BYTES,
            )
        };
        Stream::opened(code, raw, Codec::Deflate)
    }

    pub fn inflate(window_bits: i32) -> Result<Stream, i32> {
        let mut raw = unopened();
        // SAFETY: an unopened stream, where it stays.
        let code =
            unsafe { z::inflateInit2_(&raw mut *raw, window_bits, VERSION.as_ptr(), STREAM_BYTES) };
        Stream::opened(code, raw, Codec::Inflate)
    }

    /// A stream that did not open has nothing to be given back.
    fn opened(code: c_int, raw: Box<z::z_stream>, codec: Codec) -> Result<Stream, i32> {
        match code {
            z::Z_OK => Ok(Stream { raw, codec }),
            code => Err(code),
        }
    }

    /// Goes on until the input is used up or the output is full.
    pub fn step(&mut self, input: &[u8], output: &mut [u8], flush: i32) -> Step {
        let (given, room) = (clamped(input.len()), clamped(output.len()));
        // The input's end is not reached yet.
        let flush = if (given as usize) < input.len() { z::Z_NO_FLUSH } else { flush };
        self.raw.next_in = input.as_ptr().cast_mut();
        self.raw.avail_in = given;
        self.raw.next_out = output.as_mut_ptr();
        self.raw.avail_out = room;
        // SAFETY: an open stream; input and output are slices of at least these sizes, and zlib
        // does not write its input.
        let code = unsafe {
            match self.codec {
                Codec::Deflate => z::deflate(&raw mut *self.raw, flush),
                Codec::Inflate => z::inflate(&raw mut *self.raw, flush),
            }
        };
        let step = Step {
            code,
            consumed: (given - self.raw.avail_in) as usize,
            produced: (room - self.raw.avail_out) as usize,
        };
        self.raw.next_in = null_mut();
        self.raw.avail_in = 0;
        self.raw.next_out = null_mut();
        self.raw.avail_out = 0;
        step
    }

    /// From the start again, with the same settings.
    pub fn reset(&mut self) -> i32 {
        // SAFETY: an open stream.
        unsafe {
            match self.codec {
                Codec::Deflate => z::deflateReset(&raw mut *self.raw),
                Codec::Inflate => z::inflateReset(&raw mut *self.raw),
            }
        }
    }

    pub fn set_dictionary(&mut self, dictionary: &[u8]) -> i32 {
        let (address, size) = (dictionary.as_ptr(), clamped(dictionary.len()));
        // SAFETY: an open stream, and a slice of at least this size.
        unsafe {
            match self.codec {
                Codec::Deflate => z::deflateSetDictionary(&raw mut *self.raw, address, size),
                Codec::Inflate => z::inflateSetDictionary(&raw mut *self.raw, address, size),
            }
        }
    }

    /// The dictionary of a stream that decompresses.
    pub fn dictionary(&mut self) -> Result<Vec<u8>, i32> {
        let mut bytes = vec![0; DICTIONARY_MAX_BYTES];
        let mut size = 0;
        // SAFETY: an open stream, and room for any dictionary.
        let code =
            unsafe { inflateGetDictionary(&raw mut *self.raw, bytes.as_mut_ptr(), &raw mut size) };
        if code < 0 {
            return Err(code);
        }
        bytes.truncate(size as usize);
        Ok(bytes)
    }

    /// Other settings from here on. Everything was flushed before, so nothing is written, which
    /// is an error if it happens.
    pub fn set_parameters(&mut self, level: i32, strategy: i32) -> i32 {
        let mut byte = 0;
        self.raw.next_out = &raw mut byte;
        self.raw.avail_out = 1;
        // SAFETY: an open stream, and room for the byte that it says.
        let code = unsafe { z::deflateParams(&raw mut *self.raw, level, strategy) };
        let written = self.raw.avail_out == 0;
        self.raw.next_out = null_mut();
        self.raw.avail_out = 0;
        if written { z::Z_STREAM_ERROR } else { code }
    }

    /// Of the dictionary that was set or is wanted, or of what was decompressed.
    pub fn adler(&self) -> u32 {
        self.raw.adler as u32
    }

    /// Gives the stream back; zlib says whether it was complete.
    pub fn end(mut self) -> i32 {
        self.close()
    }

    /// zlib refuses to close a stream again.
    fn close(&mut self) -> i32 {
        // SAFETY: a stream, whose state is null once it is closed.
        unsafe {
            match self.codec {
                Codec::Deflate => z::deflateEnd(&raw mut *self.raw),
                Codec::Inflate => z::inflateEnd(&raw mut *self.raw),
            }
        }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.close();
    }
}

/// zlib counts in 32 bits; what is more comes in further steps.
fn clamped(size: usize) -> c_uint {
    c_uint::try_from(size).unwrap_or(c_uint::MAX)
}

/// Everything at once, with zlib's head.
pub fn compress(bytes: &[u8], level: i32) -> Option<Vec<u8>> {
    let mut stream = Stream::deflate(Compression::of_level(level)).ok()?;
    let mut out = vec![0; bytes.len() / 2 + 64];
    let (mut consumed, mut produced) = (0, 0);
    loop {
        let step = stream.step(&bytes[consumed..], &mut out[produced..], z::Z_FINISH);
        consumed += step.consumed;
        produced += step.produced;
        match step.code {
            z::Z_STREAM_END => break,
            z::Z_OK | z::Z_BUF_ERROR if produced == out.len() => out.resize(2 * out.len(), 0),
            z::Z_OK => {}
            _ => return None,
        }
    }
    out.truncate(produced);
    Some(out)
}

/// Exactly `size` bytes out of what was compressed with zlib's head, and how much of it was used.
pub fn decompress(bytes: &[u8], size: usize) -> Option<(Vec<u8>, usize)> {
    /// A compressed byte stands for at most this many (a limit of the format).
    const INFLATION_MAX: usize = 1032;
    if size / INFLATION_MAX > bytes.len() {
        return None;
    }
    let mut stream = Stream::inflate(WINDOW_BITS_MAX).ok()?;
    // One byte more shows whether there is too much.
    let mut out = vec![0; size + 1];
    let (mut consumed, mut produced) = (0, 0);
    loop {
        let step = stream.step(&bytes[consumed..], &mut out[produced..], z::Z_NO_FLUSH);
        consumed += step.consumed;
        produced += step.produced;
        match step.code {
            z::Z_STREAM_END if produced == size => break,
            z::Z_OK if step.consumed + step.produced > 0 => {}
            _ => return None,
        }
    }
    out.truncate(size);
    Some((out, consumed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_compressed_comes_back() {
        let text: Vec<u8> =
            (0..100_000u32).flat_map(|n| (n % 977).to_string().into_bytes()).collect();
        let packed = compress(&text, 6).unwrap();
        assert!(packed.len() < text.len() / 2);
        assert_eq!(decompress(&packed, text.len()), Some((text.clone(), packed.len())));
        assert_eq!(decompress(&packed, text.len() - 1), None);
        assert_eq!(decompress(&packed, text.len() + 1), None);
        assert_eq!(decompress(&packed[..packed.len() - 1], text.len()), None);
        let empty = compress(&[], 9).unwrap();
        assert_eq!(decompress(&empty, 0), Some((vec![], empty.len())));
    }
}
