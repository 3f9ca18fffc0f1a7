//! Reading and writing of file descriptors, for as long as it takes.
//!
//! Interrupted calls are repeated, and a descriptor that does not block is waited for, so a result
//! is final. Errors are the system's numbers.

use super::epoch;
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
        let write = || unsafe { libc::write(fd, bytes.as_ptr().cast(), bytes.len()) };
        let written = epoch::aside(write);
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
        let read = || unsafe { libc::read(fd, buffer.as_mut_ptr().cast(), max) };
        let count = epoch::aside(read);
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

/// Whether reading would not have to wait, be it for an error to be told.
pub fn is_readable(fd: i32) -> bool {
    readable(&[fd], 0)[0]
}
/// Waits until one of these can be read, and tells which.
pub fn wait_readable(fds: &[i32]) -> Vec<bool> {
    readable(fds, -1)
}
fn readable(fds: &[i32], milliseconds: i32) -> Vec<bool> {
    let poll = |fd: &i32| libc::pollfd { fd: *fd, events: libc::POLLIN, revents: 0 };
    let mut polls: Vec<libc::pollfd> = fds.iter().map(poll).collect();
    // SAFETY: as many as there are. A call that fails leaves nothing that came about.
    unsafe { libc::poll(polls.as_mut_ptr(), polls.len() as libc::nfds_t, milliseconds) };
    polls.iter().map(|poll| poll.revents != 0).collect()
}

/// After a call failed: waits if it only would have blocked, so that it can be repeated.
fn retry(fd: i32, events: i16) -> Result<(), i32> {
    let error = Error::last_os_error();
    match error.kind() {
        ErrorKind::Interrupted => Ok(()),
        ErrorKind::WouldBlock => {
            let mut poll = libc::pollfd { fd, events, revents: 0 };
            // SAFETY: one pollfd. Whatever woke it, the call that failed is repeated and tells.
            epoch::aside(|| unsafe { libc::poll(&raw mut poll, 1, -1) });
            Ok(())
        }
        _ => Err(error.raw_os_error().unwrap_or(libc::EIO)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::fd::{AsRawFd, IntoRawFd};

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

    unsafe fn mark(freed: *mut u8) {
        // SAFETY: the flag of the test below, which waits for this.
        unsafe { freed.write(1) };
    }

    #[test]
    fn nobody_waits_for_a_thread_that_reads() {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        let end = std::time::Instant::now() + core::time::Duration::from_secs(60);
        std::thread::scope(|s| {
            s.spawn(|| {
                epoch::online();
                assert_eq!(read(reader.as_raw_fd(), 1), Ok(vec![7]));
                epoch::offline();
            });
            let mut freed = 0;
            epoch::online();
            // SAFETY: nobody else knows it.
            unsafe { epoch::retire(&raw mut freed, mark) };
            // Threads of other tests may be online, and take their time.
            while epoch::retired() > 0 && std::time::Instant::now() < end {
                epoch::quiescent();
            }
            let is_freed = epoch::retired() == 0;
            write(writer.as_raw_fd(), &[7]).expect("written");
            while epoch::retired() > 0 {
                epoch::quiescent();
            }
            epoch::offline();
            assert!(is_freed && freed == 1);
        });
    }

    #[test]
    fn errors_are_the_systems() {
        assert_eq!(write(-1, b"x"), Err(libc::EBADF));
        assert_eq!(super::super::errno::name(libc::EBADF), "ebadf");
        assert!(!is_terminal(-1));
    }
}
