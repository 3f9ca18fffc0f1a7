//! Files by descriptor and by path, as OTP's file natives use them: the system's calls, repeated
//! when a signal interrupts them, whole transfers instead of partial ones.
//!
//! Errors are the system's numbers. Paths are bytes without a 0. Most of this is `std::fs`; what
//! that lacks calls the C library here.

use super::epoch::aside;
use super::exhaustion::fallible;
use std::ffi::{CString, OsStr};
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{Error, ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::fd::AsRawFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{FileExt, FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

pub type Outcome<T> = Result<T, i32>;

/// How to open a file.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mode {
    pub read: bool,
    pub write: bool,
    pub append: bool,
    pub exclusive: bool,
    pub sync: bool,
    pub directory: bool,
    pub skip_type_check: bool,
}

/// What a system may be told of how a file will be read.
#[derive(Clone, Copy, Debug)]
pub enum Advice {
    Normal,
    Random,
    Sequential,
    WillNeed,
    DontNeed,
    NoReuse,
}

pub fn number(error: &Error) -> i32 {
    error.raw_os_error().unwrap_or(libc::EINVAL)
}
fn told<T>(result: std::io::Result<T>) -> Outcome<T> {
    result.map_err(|error| number(&error))
}
fn of_status(status: i32) -> Outcome<()> {
    match status {
        0.. => Ok(()),
        _ => Err(number(&Error::last_os_error())),
    }
}
fn path(bytes: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(bytes))
}
fn c_path(bytes: &[u8]) -> Outcome<CString> {
    CString::new(bytes).map_err(|_| libc::EINVAL)
}

pub fn open(name: &[u8], mode: Mode) -> Outcome<File> {
    let mut options = OpenOptions::new();
    options.read(mode.read);
    options.write(mode.write);
    options.append(mode.append);
    let alone = mode.write && !mode.read;
    if mode.exclusive {
        options.create_new(true);
    } else {
        options.create(mode.write);
        options.truncate(alone && !mode.append);
    }
    let mut flags = 0;
    if mode.sync {
        flags |= libc::O_SYNC;
    }
    if mode.directory {
        flags |= libc::O_DIRECTORY;
    }
    options.custom_flags(flags);
    options.mode(if mode.directory { 0o777 } else { 0o666 });
    let file = told(aside(|| options.open(path(name))))?;
    let checked = !mode.skip_type_check && !mode.directory;
    if checked && file.metadata().is_ok_and(|data| data.is_dir()) {
        return Err(libc::EISDIR);
    }
    Ok(file)
}

/// A descriptor that is open already.
pub fn of_descriptor(fd: i32) -> Outcome<File> {
    use std::os::fd::FromRawFd;
    // SAFETY: F_GETFL takes no argument and any number may be asked for.
    of_status(unsafe { libc::fcntl(fd, libc::F_GETFL) })?;
    // SAFETY: the descriptor is open; it belongs to the file from here on, as the caller wants.
    Ok(unsafe { File::from_raw_fd(fd) })
}

/// Closes, and tells of an error that only then comes to light.
pub fn close(file: File) -> Outcome<()> {
    use std::os::fd::IntoRawFd;
    // SAFETY: the descriptor was the file's and is nobody's now.
    of_status(aside(|| unsafe { libc::close(file.into_raw_fd()) }))
}

/// Calls a reader at growing positions until the buffer is full or there is no more.
fn read_all(
    size: usize,
    mut read: impl FnMut(usize, &mut [u8]) -> std::io::Result<usize>,
) -> Outcome<Vec<u8>> {
    let mut buffer = Vec::new();
    if fallible(|| buffer.try_reserve_exact(size)).is_err() {
        return Err(libc::ENOMEM);
    }
    buffer.resize(size, 0);
    let mut at = 0;
    while at < size {
        match aside(|| read(at, &mut buffer[at..])) {
            Ok(0) => break,
            Ok(count) => at += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(number(&error)),
        }
    }
    buffer.truncate(at);
    Ok(buffer)
}

/// At most so many bytes from where the file stands.
pub fn read(mut file: &File, size: usize) -> Outcome<Vec<u8>> {
    read_all(size, |_, buffer| file.read(buffer))
}
/// At most so many bytes from this position; the file stays where it stands.
pub fn read_at(file: &File, position: u64, size: usize) -> Outcome<Vec<u8>> {
    read_all(size, |at, buffer| file.read_at(buffer, position + at as u64))
}
pub fn write(mut file: &File, bytes: &[u8]) -> Outcome<()> {
    told(aside(|| file.write_all(bytes)))
}
pub fn write_at(file: &File, position: u64, bytes: &[u8]) -> Outcome<()> {
    told(aside(|| file.write_all_at(bytes, position)))
}

/// Reads while nobody waits for this thread.
struct Patient<'a>(&'a File);
impl Read for Patient<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        aside(|| self.0.read(buffer))
    }
}

/// All of a file.
pub fn read_file(name: &[u8]) -> Outcome<Vec<u8>> {
    let mode = Mode { read: true, ..Mode::default() };
    let file = open(name, mode)?;
    let size = file.metadata().map_or(0, |data| data.len());
    let mut bytes = Vec::new();
    if size > 0 && fallible(|| bytes.try_reserve_exact(size as usize)).is_err() {
        return Err(libc::ENOMEM);
    }
    told(fallible(|| Patient(&file).read_to_end(&mut bytes)))?;
    Ok(bytes)
}

/// Where the file stands afterwards.
pub fn seek(mut file: &File, to: SeekFrom) -> Outcome<u64> {
    told(file.seek(to))
}
pub fn sync(file: &File, data_only: bool) -> Outcome<()> {
    told(aside(|| if data_only { file.sync_data() } else { file.sync_all() }))
}
/// Cuts the file off where it stands.
pub fn truncate(mut file: &File) -> Outcome<()> {
    let position = told(file.stream_position())?;
    told(file.set_len(position))
}
pub fn allocate(file: &File, offset: i64, size: i64) -> Outcome<()> {
    let fd = file.as_raw_fd();
    loop {
        // SAFETY: an open descriptor and numbers.
        let status = unsafe { libc::fallocate(fd, 0, offset, size) };
        if status == 0 {
            return Ok(());
        }
        if Error::last_os_error().kind() != ErrorKind::Interrupted {
            break;
        }
    }
    // SAFETY: as before; this one writes zeros where the file system cannot reserve.
    match unsafe { libc::posix_fallocate(fd, offset, size) } {
        0 => Ok(()),
        error => Err(error),
    }
}
/// Advice may be ignored; what the system thinks of it is told by no result of the call.
pub fn advise(file: &File, offset: i64, size: i64, advice: Advice) {
    let advice = match advice {
        Advice::Normal => libc::POSIX_FADV_NORMAL,
        Advice::Random => libc::POSIX_FADV_RANDOM,
        Advice::Sequential => libc::POSIX_FADV_SEQUENTIAL,
        Advice::WillNeed => libc::POSIX_FADV_WILLNEED,
        Advice::DontNeed => libc::POSIX_FADV_DONTNEED,
        Advice::NoReuse => libc::POSIX_FADV_NOREUSE,
    };
    // SAFETY: an open descriptor and numbers.
    unsafe { libc::posix_fadvise(file.as_raw_fd(), offset, size, advice) };
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FileKind {
    Device,
    Directory,
    Regular,
    Symlink,
    #[default]
    Other,
}
impl FileKind {
    fn of(data: &Metadata) -> FileKind {
        let kind = data.file_type();
        match () {
            () if kind.is_char_device() || kind.is_block_device() => FileKind::Device,
            () if kind.is_dir() => FileKind::Directory,
            () if kind.is_file() => FileKind::Regular,
            () if kind.is_symlink() => FileKind::Symlink,
            () => FileKind::Other,
        }
    }
}

/// What a path or a descriptor stands for, and whether it may be read and written. Times are in
/// seconds since 1970.
#[derive(Clone, Copy, Debug, Default)]
pub struct Info {
    pub size: u64,
    pub kind: FileKind,
    pub readable: bool,
    pub writable: bool,
    pub accessed: i64,
    pub modified: i64,
    pub changed: i64,
    pub mode: u32,
    pub links: u64,
    pub device: u64,
    pub special_device: u64,
    pub inode: u64,
    pub user: u32,
    pub group: u32,
}
impl Info {
    fn new(data: &Metadata, readable: bool, writable: bool) -> Info {
        Info {
            size: data.len(),
            kind: FileKind::of(data),
            readable,
            writable,
            accessed: data.atime(),
            modified: data.mtime(),
            changed: data.ctime(),
            mode: data.mode(),
            links: data.nlink(),
            device: data.dev(),
            special_device: data.rdev(),
            inode: data.ino(),
            user: data.uid(),
            group: data.gid(),
        }
    }
}

pub fn info(name: &[u8], follow_links: bool) -> Outcome<Info> {
    let data = told(if follow_links {
        fs::metadata(path(name))
    } else {
        fs::symlink_metadata(path(name))
    })?;
    let name = c_path(name)?;
    // SAFETY: a path that ends in 0.
    let may = |what| unsafe { libc::access(name.as_ptr(), what) == 0 };
    Ok(Info::new(&data, may(libc::R_OK), may(libc::W_OK)))
}

/// By the mode alone, as OTP tells it of open files.
pub fn handle_info(file: &File) -> Outcome<Info> {
    let data = told(file.metadata())?;
    // SAFETY: these take nothing and cannot fail.
    let (user, group) = unsafe { (libc::geteuid(), libc::getegid()) };
    let shift = match () {
        () if data.uid() == user => 6,
        () if data.gid() == group => 3,
        () => 0,
    };
    let mode = data.mode() >> shift;
    Ok(Info::new(&data, mode & 4 != 0, mode & 2 != 0))
}

pub fn set_permissions(name: &[u8], permissions: u32) -> Outcome<()> {
    let set = |mode| fs::set_permissions(path(name), fs::Permissions::from_mode(mode));
    match set(permissions & 0o6777) {
        Ok(()) => Ok(()),
        Err(_) => told(set(permissions & 0o777)),
    }
}
/// -1 leaves user or group as it is.
pub fn set_owner(name: &[u8], user: i32, group: i32) -> Outcome<()> {
    let id = |id: i32| u32::try_from(id).ok();
    told(std::os::unix::fs::chown(path(name), id(user), id(group)))
}
/// Times in seconds since 1970.
pub fn set_times(name: &[u8], accessed: i64, modified: i64) -> Outcome<()> {
    let name = c_path(name)?;
    let times = libc::utimbuf { actime: accessed, modtime: modified };
    // SAFETY: a path that ends in 0 and one utimbuf.
    of_status(unsafe { libc::utime(name.as_ptr(), &raw const times) })
}

pub fn read_link(name: &[u8]) -> Outcome<Vec<u8>> {
    let target = told(fs::read_link(path(name)))?;
    Ok(target.into_os_string().into_vec())
}
/// Names in a folder, as they come.
pub fn list_dir(name: &[u8]) -> Outcome<Vec<Vec<u8>>> {
    let entries = told(fs::read_dir(path(name)))?;
    let names = entries.map_while(|entry| Some(entry.ok()?.file_name().into_vec()));
    Ok(names.collect())
}
pub fn rename(from: &[u8], to: &[u8]) -> Outcome<()> {
    match told(fs::rename(path(from), path(to))) {
        Err(libc::ENOTEMPTY) => Err(libc::EEXIST),
        Err(_) if from == b"/" => Err(libc::EINVAL),
        other => other,
    }
}
pub fn make_hard_link(existing: &[u8], new: &[u8]) -> Outcome<()> {
    let (existing, new) = (c_path(existing)?, c_path(new)?);
    // SAFETY: paths that end in 0.
    of_status(unsafe { libc::link(existing.as_ptr(), new.as_ptr()) })
}
pub fn make_soft_link(existing: &[u8], new: &[u8]) -> Outcome<()> {
    told(std::os::unix::fs::symlink(path(existing), path(new)))
}
pub fn make_dir(name: &[u8]) -> Outcome<()> {
    told(fs::create_dir(path(name)))
}
pub fn delete_file(name: &[u8]) -> Outcome<()> {
    match told(fs::remove_file(path(name))) {
        Err(libc::EISDIR) => Err(libc::EPERM),
        other => other,
    }
}
pub fn delete_dir(name: &[u8]) -> Outcome<()> {
    match told(fs::remove_dir(path(name))) {
        Err(libc::ENOTEMPTY | libc::EEXIST) => {
            Err(if is_current(name) { libc::EINVAL } else { libc::EEXIST })
        }
        other => other,
    }
}
fn is_current(name: &[u8]) -> bool {
    let place = |data: Metadata| (data.dev(), data.ino());
    match (fs::metadata(path(name)), fs::metadata(".")) {
        (Ok(one), Ok(other)) => place(one) == place(other),
        _ => false,
    }
}
pub fn set_current_dir(name: &[u8]) -> Outcome<()> {
    told(std::env::set_current_dir(path(name)))
}
pub fn current_dir() -> Outcome<Vec<u8>> {
    let dir = told(std::env::current_dir())?;
    Ok(dir.into_os_string().into_vec())
}
