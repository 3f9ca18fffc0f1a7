//! One line of HTTP/1: a request, a response or a header.
//!
//! Lenient and strict where OTP's `packet_parser.c` is, so that programs see the same.

/// Header names that programs see as atoms; their number is their place here, counted from 1.
pub const KNOWN_HEADERS: [&str; 52] = [
    "Cache-Control",
    "Connection",
    "Date",
    "Pragma",
    "Transfer-Encoding",
    "Upgrade",
    "Via",
    "Accept",
    "Accept-Charset",
    "Accept-Encoding",
    "Accept-Language",
    "Authorization",
    "From",
    "Host",
    "If-Modified-Since",
    "If-Match",
    "If-None-Match",
    "If-Range",
    "If-Unmodified-Since",
    "Max-Forwards",
    "Proxy-Authorization",
    "Range",
    "Referer",
    "User-Agent",
    "Age",
    "Location",
    "Proxy-Authenticate",
    "Public",
    "Retry-After",
    "Server",
    "Vary",
    "Warning",
    "Www-Authenticate",
    "Allow",
    "Content-Base",
    "Content-Encoding",
    "Content-Language",
    "Content-Length",
    "Content-Location",
    "Content-Md5",
    "Content-Range",
    "Content-Type",
    "Etag",
    "Expires",
    "Last-Modified",
    "Accept-Ranges",
    "Set-Cookie",
    "Set-Cookie2",
    "X-Forwarded-For",
    "Cookie",
    "Keep-Alive",
    "Proxy-Connection",
];
const KNOWN_METHODS: [&str; 7] = ["OPTIONS", "GET", "HEAD", "POST", "PUT", "DELETE", "TRACE"];
/// Longer header names are given as they are.
const MAX_NAME: usize = 50;
/// A request without a version is one of HTTP 0.9.
const NO_VERSION: (i64, i64) = (0, 9);

pub enum Line<'a> {
    EndOfHeaders,
    Response {
        version: (i64, i64),
        status: i64,
        phrase: &'a [u8],
    },
    Request {
        method: &'a [u8],
        uri: Uri<'a>,
        version: (i64, i64),
    },
    Header {
        /// Its place among the known ones.
        known: Option<usize>,
        /// With capitals where they are usual.
        name: Vec<u8>,
        original: &'a [u8],
        value: &'a [u8],
    },
}

#[derive(PartialEq, Eq, Debug)]
pub enum Uri<'a> {
    Star,
    Path(&'a [u8]),
    Absolute {
        scheme: &'static str,
        host: &'a [u8],
        /// 0 if none is given.
        port: i64,
        path: &'a [u8],
    },
    Scheme(&'a [u8], &'a [u8]),
    Text(&'a [u8]),
}

pub fn known_method(method: &[u8]) -> Option<&'static str> {
    KNOWN_METHODS.into_iter().find(|known| known.as_bytes() == method)
}

/// What a line with its end says; `None` if it is malformed.
pub fn parse(packet: &[u8], is_header: bool) -> Option<Line<'_>> {
    let line = match packet {
        [line @ .., b'\r', _] | [line @ .., b'\n'] => line,
        line => line,
    };
    if is_header {
        header(line)
    } else if line.starts_with(b"HTTP/") {
        response(Scanner(line))
    } else {
        request(Scanner(line))
    }
}

/// Characters that are no part of a name.
fn is_special(byte: u8) -> bool {
    byte <= b' ' || byte >= 128 || b"()<>@,;:\\\"/[]?={}".contains(&byte)
}
fn is_space(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

/// The rest of a line.
struct Scanner<'a>(&'a [u8]);

impl<'a> Scanner<'a> {
    fn while_is(&mut self, is: impl Fn(u8) -> bool) -> &'a [u8] {
        let count = self.0.iter().take_while(|byte| is(**byte)).count();
        let (taken, rest) = self.0.split_at(count);
        self.0 = rest;
        taken
    }
    /// Whether there were any.
    fn spaces(&mut self) -> bool {
        !self.while_is(is_space).is_empty()
    }
    fn number(&mut self) -> Option<i64> {
        let digits = self.while_is(|byte| byte.is_ascii_digit());
        (!digits.is_empty()).then(|| number(digits))
    }
    /// `HTTP/1.1`.
    fn version(&mut self) -> Option<(i64, i64)> {
        self.0 = self.0.strip_prefix(b"HTTP/")?;
        let major = self.number()?;
        self.0 = self.0.strip_prefix(b".")?;
        Some((major, self.number()?))
    }
}

/// The value of digits, in 32 bits.
fn number(digits: &[u8]) -> i64 {
    let value = digits
        .iter()
        .fold(0i32, |n, digit| n.wrapping_mul(10).wrapping_add(i32::from(digit - b'0')));
    i64::from(value)
}

fn response(mut scanner: Scanner<'_>) -> Option<Line<'_>> {
    let version = scanner.version()?;
    if !scanner.spaces() {
        return None;
    }
    let status = scanner.number().unwrap_or(0);
    if !scanner.spaces() && !scanner.0.is_empty() {
        return None;
    }
    Some(Line::Response { version, status, phrase: scanner.0 })
}

fn request(mut scanner: Scanner<'_>) -> Option<Line<'_>> {
    let method = scanner.while_is(|byte| !is_special(byte));
    if method.is_empty() || !scanner.spaces() {
        return None;
    }
    let uri = scanner.while_is(|byte| !is_space(byte));
    if uri.is_empty() {
        return None;
    }
    scanner.spaces();
    let version = match scanner.0.len() {
        0 => NO_VERSION,
        1..8 => return None,
        _ => scanner.version()?,
    };
    Some(Line::Request { method, uri: request_uri(uri), version })
}

fn request_uri(uri: &[u8]) -> Uri<'_> {
    let after = |prefix: &str| {
        let head = uri.get(..prefix.len())?;
        head.eq_ignore_ascii_case(prefix.as_bytes()).then(|| &uri[prefix.len()..])
    };
    if uri == b"*" {
        Uri::Star
    } else if uri.len() <= 1 || uri[0] == b'/' {
        Uri::Path(uri)
    } else if let Some(rest) = after("http://") {
        absolute("http", rest)
    } else if let Some(rest) = after("https://") {
        absolute("https", rest)
    } else {
        match memchr::memchr(b':', uri) {
            Some(at) => Uri::Scheme(&uri[..at], &uri[at + 1..]),
            None => Uri::Text(uri),
        }
    }
}

/// Host, port and path of what follows the scheme.
fn absolute<'a>(scheme: &'static str, uri: &'a [u8]) -> Uri<'a> {
    let (authority, path): (&[u8], &[u8]) = match memchr::memchr(b'/', uri) {
        Some(at) => uri.split_at(at),
        None => (uri, b"/"),
    };
    let (host, port) = match memchr::memchr(b':', authority) {
        None => (authority, 0),
        Some(colon) => {
            // The colons of an IPv6 address stand in brackets.
            let bracket = memchr::memchr(b']', authority).filter(|_| authority[0] == b'[');
            let host_end = bracket.map_or(colon, |bracket| bracket + 1);
            let is_last_colon = memchr::memrchr(b':', authority) == Some(host_end);
            let digits = authority.get(host_end + 1..).unwrap_or_default();
            let has_port = bracket.is_none() || is_last_colon;
            let port =
                if has_port && digits.iter().all(u8::is_ascii_digit) { number(digits) } else { 0 };
            (&authority[..host_end], port)
        }
    };
    Uri::Absolute { scheme, host, port, path }
}

fn header(line: &[u8]) -> Option<Line<'_>> {
    if line.is_empty() {
        return Some(Line::EndOfHeaders);
    }
    let mut scanner = Scanner(line);
    let original = scanner.while_is(|byte| !is_special(byte));
    scanner.0 = scanner.0.strip_prefix(b":")?;
    scanner.spaces();
    let name = if original.len() <= MAX_NAME { capitalized(original) } else { original.to_vec() };
    let known = KNOWN_HEADERS.iter().position(|known| known.as_bytes() == name);
    Some(Line::Header { known, name, original, value: scanner.0 })
}

/// A capital at the start and after each hyphen, small letters elsewhere.
fn capitalized(name: &[u8]) -> Vec<u8> {
    let mut start = true;
    let capital = |byte: &u8| {
        let changed = if start { byte.to_ascii_uppercase() } else { byte.to_ascii_lowercase() };
        start = !start && *byte == b'-';
        changed
    };
    name.iter().map(capital).collect()
}
