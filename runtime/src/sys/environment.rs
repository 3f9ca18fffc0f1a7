//! The environment variables: those of the operating system at the start, then the program's own.
//!
//! As in OTP, what a program sets is seen by itself and handed to the programs it starts, while
//! the C library's environment stays as it was: that one cannot be changed under running threads.

use super::lock::RwLock;
use std::collections::BTreeMap;
use std::os::unix::ffi::OsStringExt;
use std::sync::{OnceLock, PoisonError};

type Variables = BTreeMap<Vec<u8>, Vec<u8>>;
static VARIABLES: OnceLock<RwLock<Variables>> = OnceLock::new();

fn variables() -> &'static RwLock<Variables> {
    VARIABLES.get_or_init(|| {
        let bytes = |(key, value): (std::ffi::OsString, std::ffi::OsString)| {
            (key.into_vec(), value.into_vec())
        };
        RwLock::new(std::env::vars_os().map(bytes).collect())
    })
}
fn read<T>(look: impl FnOnce(&Variables) -> T) -> T {
    look(&variables().read().unwrap_or_else(PoisonError::into_inner))
}
fn change<T>(update: impl FnOnce(&mut Variables) -> T) -> T {
    update(&mut variables().write().unwrap_or_else(PoisonError::into_inner))
}

pub fn get(key: &[u8]) -> Option<Vec<u8>> {
    read(|variables| variables.get(key).cloned())
}
pub fn put(key: Vec<u8>, value: Vec<u8>) {
    change(|variables| variables.insert(key, value));
}
pub fn unset(key: &[u8]) {
    change(|variables| variables.remove(key));
}
/// All of them, in the order of their names.
pub fn all() -> Vec<(Vec<u8>, Vec<u8>)> {
    read(|variables| variables.iter().map(|(k, v)| (k.clone(), v.clone())).collect())
}
