//! Random bytes of the system's generator, fit for keys.

/// So many of them; `None` if the system has none to give.
pub fn bytes(count: usize) -> Option<Vec<u8>> {
    let mut bytes = vec![0u8; count];
    let mut filled = 0;
    while filled < count {
        let rest = &mut bytes[filled..];
        // SAFETY: the address and length of a slice.
        let got = unsafe { libc::getrandom(rest.as_mut_ptr().cast(), rest.len(), 0) };
        match usize::try_from(got) {
            Ok(got) => filled += got,
            Err(_) if std::io::Error::last_os_error().kind() == std::io::ErrorKind::Interrupted => {
            }
            Err(_) => return None,
        }
    }
    Some(bytes)
}
