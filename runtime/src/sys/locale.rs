//! What the user's locale says about the encoding of names and terminals.

use std::ffi::CStr;
use std::sync::OnceLock;

/// Whether file names, the environment and arguments are UTF-8.
pub fn is_utf8() -> bool {
    static UTF8: OnceLock<bool> = OnceLock::new();
    *UTF8.get_or_init(|| {
        // SAFETY: the strings are static; nl_langinfo's result is read before anything could
        // change the locale again, which nothing in this program does.
        unsafe {
            libc::setlocale(libc::LC_CTYPE, c"".as_ptr());
            CStr::from_ptr(libc::nl_langinfo(libc::CODESET)) == c"UTF-8"
        }
    })
}
