//! Natives that tell and change what the system knows of a file: the record `file_info`.

use super::handles::{Opened, with_opened};
use super::{changed_path, done, embedded, error, path};
use crate::bifs::values::machine_word;
use crate::process::Process;
use crate::process::exception::{Result, badarg, system_limit};
use crate::sys::file::{self, FileKind, Info};
use crate::term::{Term, atom, build};

/// Times that can be converted freely between local, universal and POSIX time: 1902 to 9999.
const TIMES: core::ops::RangeInclusive<i64> = -2_145_916_800..=253_402_300_799;

fn int(term: Term) -> Result<i32> {
    let number = term.as_small().and_then(|n| i32::try_from(n).ok());
    number.ok_or_else(badarg)
}
fn long(term: Term) -> Result<i64> {
    let number = machine_word(term).and_then(|n| i64::try_from(n).ok());
    number.ok_or_else(badarg)
}

pub fn read_info_nif_2(p: &mut Process, name: Term, follow_links: Term) -> Result {
    let follow_links = int(follow_links)? != 0;
    let info = path(name).and_then(|name| match embedded::name(&name) {
        Some(name) => embedded::info(&name),
        None => file::info(&name, follow_links),
    });
    match info {
        Ok(info) => record(p, &info),
        Err(number) => error(p, number),
    }
}
pub fn read_handle_info_nif_1(p: &mut Process, handle: Term) -> Result {
    match with_opened(&handle, Opened::info)? {
        Ok(info) => record(p, &info),
        Err(number) => error(p, number),
    }
}
pub fn set_permissions_nif_2(p: &mut Process, name: Term, permissions: Term) -> Result {
    let permissions = permissions.as_small().and_then(|n| u32::try_from(n).ok());
    let permissions = permissions.ok_or_else(badarg)?;
    let outcome = changed_path(name).and_then(|name| file::set_permissions(&name, permissions));
    done(p, outcome)
}
pub fn set_owner_nif_3(p: &mut Process, name: Term, user: Term, group: Term) -> Result {
    let (user, group) = (int(user)?, int(group)?);
    let outcome = changed_path(name).and_then(|name| file::set_owner(&name, user, group));
    done(p, outcome)
}
/// When a file was made cannot be set.
pub fn set_time_nif_4(
    p: &mut Process,
    name: Term,
    accessed: Term,
    modified: Term,
    created: Term,
) -> Result {
    let (accessed, modified, _) = (long(accessed)?, long(modified)?, long(created)?);
    let outcome = changed_path(name).and_then(|name| file::set_times(&name, accessed, modified));
    done(p, outcome)
}

/// The record `file_info`, with times in seconds.
fn record(p: &mut Process, info: &Info) -> Result {
    let named = |text| atom::intern(text).map(Term::atom).ok_or_else(system_limit);
    let kind = match info.kind {
        FileKind::Device => "device",
        FileKind::Directory => "directory",
        FileKind::Regular => "regular",
        FileKind::Symlink => "symlink",
        FileKind::Other => "other",
    };
    let access = match (info.readable, info.writable) {
        (true, true) => "read_write",
        (true, false) => "read",
        (false, true) => "write",
        (false, false) => "none",
    };
    let time = |time: i64| Term::small(time.clamp(*TIMES.start(), *TIMES.end()));
    // OTP keeps 32 bits of these.
    let low = |number: u64| Term::small(number as u32 as i64);
    let small = |number: u32| Term::small(i64::from(number));
    let fields = [
        named("file_info")?,
        build::unsigned(p, info.size),
        named(kind)?,
        named(access)?,
        time(info.accessed),
        time(info.modified),
        time(info.changed),
        small(info.mode),
        low(info.links),
        low(info.device),
        low(info.special_device),
        low(info.inode),
        small(info.user),
        small(info.group),
    ];
    Ok(build::tuple(p, &fields))
}
