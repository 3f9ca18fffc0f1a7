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

/// Mixes bytes into the generator, which gets no less random by any; whether it took them.
pub fn mix_in(bytes: &[u8]) -> bool {
    let device = std::fs::OpenOptions::new().write(true).open("/dev/urandom");
    device.and_then(|mut device| std::io::Write::write_all(&mut device, bytes)).is_ok()
}
