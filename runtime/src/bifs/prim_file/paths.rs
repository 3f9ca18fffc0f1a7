//! Natives on paths: folders, links, renaming, removal.

use super::{changed_path, done, embedded, error, path};
use crate::bifs::values;
use crate::process::Process;
use crate::process::exception::{Result, badarg};
use crate::sys::file::{self, Outcome};
use crate::term::{Term, build, list};

/// `{ok, Bytes} | {error, Posix}`.
fn told_bytes(p: &mut Process, outcome: Outcome<Vec<u8>>) -> Result {
    match outcome {
        Ok(bytes) => {
            let bytes = values::new_binary(p, &bytes);
            Ok(build::tuple(p, &[Term::OK, bytes]))
        }
        Err(number) => error(p, number),
    }
}
/// Both change.
fn on_two(one: Term, other: Term, call: fn(&[u8], &[u8]) -> Outcome<()>) -> Outcome<()> {
    let (one, other) = (changed_path(one)?, changed_path(other)?);
    call(&one, &other)
}

pub fn read_file_nif_1(p: &mut Process, name: Term) -> Result {
    let outcome = path(name).and_then(|name| match embedded::name(&name) {
        Some(name) => embedded::read(&name).map(<[u8]>::to_vec),
        None => file::read_file(&name),
    });
    told_bytes(p, outcome)
}
pub fn read_link_nif_1(p: &mut Process, name: Term) -> Result {
    let outcome = path(name).and_then(|name| match embedded::name(&name) {
        Some(name) => embedded::find(&name).and(Err(libc::EINVAL)),
        None => file::read_link(&name),
    });
    told_bytes(p, outcome)
}
/// `{ok, Names} | {error, Posix}`; the last name first, as its caller turns the list around.
pub fn list_dir_nif_1(p: &mut Process, name: Term) -> Result {
    let names = path(name).and_then(|name| match embedded::name(&name) {
        Some(name) => embedded::list(&name),
        None => file::list_dir(&name),
    });
    match names {
        Ok(names) => {
            let mut binaries = Vec::with_capacity(names.len());
            for name in names {
                binaries.push(values::new_binary(p, &name));
            }
            let names = list::reversed(p, binaries.len(), binaries.into_iter(), Term::NIL);
            Ok(build::tuple(p, &[Term::OK, names]))
        }
        Err(number) => error(p, number),
    }
}
pub fn rename_nif_2(p: &mut Process, from: Term, to: Term) -> Result {
    done(p, on_two(from, to, file::rename))
}
pub fn make_hard_link_nif_2(p: &mut Process, existing: Term, new: Term) -> Result {
    done(p, on_two(existing, new, file::make_hard_link))
}
pub fn make_soft_link_nif_2(p: &mut Process, existing: Term, new: Term) -> Result {
    let outcome =
        path(existing).and_then(|existing| file::make_soft_link(&existing, &changed_path(new)?));
    done(p, outcome)
}
pub fn make_dir_nif_1(p: &mut Process, name: Term) -> Result {
    done(p, changed_path(name).and_then(|name| file::make_dir(&name)))
}
pub fn del_file_nif_1(p: &mut Process, name: Term) -> Result {
    done(p, changed_path(name).and_then(|name| file::delete_file(&name)))
}
pub fn del_dir_nif_1(p: &mut Process, name: Term) -> Result {
    done(p, changed_path(name).and_then(|name| file::delete_dir(&name)))
}
pub fn set_cwd_nif_1(p: &mut Process, name: Term) -> Result {
    done(p, path(name).and_then(|name| file::set_current_dir(&name)))
}
pub fn get_cwd_nif_0(p: &mut Process) -> Result {
    let outcome = file::current_dir();
    told_bytes(p, outcome)
}
/// There are no drives.
pub fn get_device_cwd_nif_1(p: &mut Process, drive: Term) -> Result {
    drive.as_small().ok_or_else(badarg)?;
    error(p, libc::ENOTSUP)
}
/// There are no other names of files.
pub fn altname_nif_1(p: &mut Process, name: Term) -> Result {
    match path(name) {
        Ok(_) => error(p, libc::ENOTSUP),
        Err(number) => error(p, number),
    }
}
