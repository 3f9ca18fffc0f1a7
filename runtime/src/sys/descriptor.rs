//! Reading and writing of file descriptors, for as long as it takes.
//!
//! Interrupted calls are repeated, and a descriptor that does not block is waited for, so a result
//! is final. Errors are the system's numbers.

use core::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::io::{Error, ErrorKind};

static INPUT_BYTES: AtomicU64 = AtomicU64::new(0);
static OUTPUT_BYTES: AtomicU64 = AtomicU64::new(0);

/// Bytes that were read and written here.
pub fn bytes() -> (u64, u64) {
    (INPUT_BYTES.load(Relaxed), OUTPUT_BYTES.load(Relaxed))
}

/// Writes all of it.
pub fn write(fd: i32, mut bytes: &[u8]) -> Result<(), i32> {
    while !bytes.is_empty() {
        // SAFETY: address and length are those of a slice.
        let written = unsafe { libc::write(fd, bytes.as_ptr().cast(), bytes.len()) };
        match usize::try_from(written) {
            Ok(written) => {
                OUTPUT_BYTES.fetch_add(written as u64, Relaxed);
                bytes = &bytes[written..];
            }
            Err(_) => retry(fd, libc::POLLOUT)?,
        }
    }
    Ok(())
}

/// Reads once, at most `max` bytes; none at the end of the file.
pub fn read(fd: i32, max: usize) -> Result<Vec<u8>, i32> {
    let mut buffer = vec![0; max];
    loop {
        // SAFETY: address and length are those of a slice.
        let count = unsafe { libc::read(fd, buffer.as_mut_ptr().cast(), max) };
        match usize::try_from(count) {
            Ok(count) => {
                INPUT_BYTES.fetch_add(count as u64, Relaxed);
                buffer.truncate(count);
                return Ok(buffer);
            }
            Err(_) => retry(fd, libc::POLLIN)?,
        }
    }
}

pub fn is_terminal(fd: i32) -> bool {
    // SAFETY: any number may be asked for.
    unsafe { libc::isatty(fd) == 1 }
}

/// Columns and rows of a terminal.
pub fn terminal_size(fd: i32) -> Option<(u16, u16)> {
    let mut size = libc::winsize { ws_row: 0, ws_col: 0, ws_xpixel: 0, ws_ypixel: 0 };
    // SAFETY: the request writes one winsize.
    let done = unsafe { libc::ioctl(fd, libc::TIOCGWINSZ, &raw mut size) } == 0;
    done.then_some((size.ws_col, size.ws_row))
}

/// After a call failed: waits if it only would have blocked, so that it can be repeated.
fn retry(fd: i32, events: i16) -> Result<(), i32> {
    let error = Error::last_os_error();
    match error.kind() {
        ErrorKind::Interrupted => Ok(()),
        ErrorKind::WouldBlock => {
            let mut poll = libc::pollfd { fd, events, revents: 0 };
            // SAFETY: one pollfd. Whatever woke it, the call that failed is repeated and tells.
            unsafe { libc::poll(&raw mut poll, 1, -1) };
            Ok(())
        }
        _ => Err(error.raw_os_error().unwrap_or(libc::EIO)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::fd::IntoRawFd;

    #[test]
    fn a_pipe_that_does_not_block_takes_all_of_it() {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        let (reader, writer) = (reader.into_raw_fd(), writer.into_raw_fd());
        // SAFETY: descriptors of ours; closed once, below.
        unsafe { libc::fcntl(writer, libc::F_SETFL, libc::O_NONBLOCK) };
        let sent = vec![7; 1 << 20];
        let received = std::thread::scope(|s| {
            s.spawn(|| {
                write(writer, &sent).expect("written");
                // SAFETY: see above.
                unsafe { libc::close(writer) };
            });
            let mut received = 0;
            loop {
                match read(reader, 5000).expect("read").len() {
                    0 => break received,
                    count => received += count,
                }
            }
        });
        assert_eq!(received, sent.len());
        // SAFETY: see above.
        unsafe { libc::close(reader) };
    }

    #[test]
    fn errors_are_the_systems() {
        assert_eq!(write(-1, b"x"), Err(libc::EBADF));
        assert_eq!(super::super::errno::name(libc::EBADF), "ebadf");
        assert!(!is_terminal(-1));
    }
}
