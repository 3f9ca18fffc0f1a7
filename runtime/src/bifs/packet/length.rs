//! How long the packet at the start of some bytes is, protocol by protocol.
//!
//! Sizes are of 32 bits and wrap, and what came out too short is invalid: as in OTP's
//! `packet_parser.c`.

/// How packets are told apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Protocol {
    Raw,
    /// The packet's size, in so many bytes, comes first.
    Sized(usize),
    Asn1,
    SunRpc,
    Cdr,
    FastCgi,
    Tpkt,
    Line,
    /// A request or response, or a header, which may go on in further lines.
    Http {
        headers: bool,
    },
    Tls,
}

/// What the options say; 0 is no limit.
pub struct Limits {
    pub packet_bytes: u32,
    /// Longer lines are cut.
    pub line_bytes: u32,
    pub delimiter: u8,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Length {
    Bytes(usize),
    /// More must be read to know.
    Unknown,
    Invalid,
}

fn big_endian(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |n, byte| n << 8 | u32::from(*byte))
}

/// A packet of a head and a body, whose sizes add up.
fn headed(head: usize, body: u32, limits: &Limits) -> Length {
    let total = (head as u32).wrapping_add(body) as i32;
    let too_large = limits.packet_bytes != 0 && body > limits.packet_bytes;
    if too_large || total < head as i32 { Length::Invalid } else { Length::Bytes(total as usize) }
}
/// The same where the head is of fixed size and tells the size of the body.
fn with_head(
    bytes: &[u8],
    head: usize,
    limits: &Limits,
    body: impl FnOnce(&[u8]) -> Option<u32>,
) -> Length {
    match bytes.get(..head) {
        None => Length::Unknown,
        Some(bytes) => body(bytes).map_or(Length::Invalid, |body| headed(head, body, limits)),
    }
}

pub fn of_packet(protocol: Protocol, bytes: &[u8], limits: &Limits) -> Length {
    match protocol {
        Protocol::Raw if bytes.is_empty() => Length::Unknown,
        Protocol::Raw => Length::Bytes(bytes.len()),
        Protocol::Sized(head) => with_head(bytes, head, limits, |h| Some(big_endian(h))),
        // The first bit marks the last fragment of a record.
        Protocol::SunRpc => with_head(bytes, 4, limits, |h| Some(big_endian(h) & 0x7fff_ffff)),
        Protocol::Asn1 => asn1(bytes, limits),
        Protocol::Cdr => with_head(bytes, 12, limits, |h| {
            let size = [h[8], h[9], h[10], h[11]];
            let little_endian = h[6] & 1 != 0;
            h.starts_with(b"GIOP").then(|| {
                if little_endian { u32::from_le_bytes(size) } else { u32::from_be_bytes(size) }
            })
        }),
        Protocol::FastCgi => with_head(bytes, 8, limits, |h| {
            (h[0] == 1).then(|| big_endian(&h[4..6]) + u32::from(h[6]))
        }),
        Protocol::Tpkt => with_head(bytes, 4, limits, |h| {
            (h[0] == 3).then(|| big_endian(&h[2..4]).wrapping_sub(4))
        }),
        Protocol::Tls => with_head(bytes, 5, limits, |h| {
            Some(if is_tls_v2_hello(h) {
                (big_endian(&h[..2]) & 0x7fff).wrapping_sub(3)
            } else {
                big_endian(&h[3..5])
            })
        }),
        Protocol::Line => line(bytes, limits),
        Protocol::Http { headers } => http(bytes, limits, headers),
    }
}

pub fn is_tls_v2_hello(bytes: &[u8]) -> bool {
    bytes[0] & 0x80 != 0 && bytes[2] == 1
}

/// What of a packet is given to the program.
pub fn body(protocol: Protocol, packet: &[u8]) -> &[u8] {
    match protocol {
        Protocol::Sized(head) => &packet[head..],
        // Without its padding.
        Protocol::FastCgi => &packet[..packet.len() - usize::from(packet[6])],
        _ => packet,
    }
}

/// Tag and length, each of which may take one byte or more.
fn asn1(bytes: &[u8], limits: &Limits) -> Length {
    if bytes.len() < 2 {
        return Length::Unknown;
    }
    let mut at = 1;
    if bytes[0] & 0x1f == 0x1f {
        while at < bytes.len() && bytes[at] & 0x80 != 0 {
            at += 1;
        }
        if bytes.len() - at < 2 {
            return Length::Unknown;
        }
        at += 1;
    }
    let length = bytes[at];
    at += 1;
    if length & 0x80 == 0 {
        return headed(at, u32::from(length), limits);
    }
    let count = usize::from(length & 0x7f);
    let Some(digits) = bytes.get(at..at + count) else {
        return Length::Unknown;
    };
    if count > 4 {
        return Length::Invalid;
    }
    headed(at + count, big_endian(digits), limits)
}

fn line(bytes: &[u8], limits: &Limits) -> Length {
    let (packet_limit, cut) = (limits.packet_bytes as usize, limits.line_bytes as usize);
    match memchr::memchr(limits.delimiter, bytes) {
        None if packet_limit != 0 && bytes.len() > packet_limit => Length::Invalid,
        None if cut != 0 && bytes.len() >= cut => Length::Bytes(cut),
        None => Length::Unknown,
        Some(end) if packet_limit != 0 && end + 1 > packet_limit => Length::Invalid,
        Some(end) if cut != 0 && end + 1 > cut => Length::Bytes(cut),
        Some(end) => Length::Bytes(end + 1),
    }
}

fn is_space(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

/// A line; a header also takes the lines after it that start with a space.
fn http(bytes: &[u8], limits: &Limits, headers: bool) -> Length {
    if bytes == b"\n" || bytes == b"\r\n" {
        return Length::Bytes(bytes.len());
    }
    // `line_length` limits them too: programs have always used it so.
    let limit = match limits.packet_bytes {
        0 => limits.line_bytes as usize,
        limit => limit as usize,
    };
    let mut from = 0;
    loop {
        let Some(end) = memchr::memchr(b'\n', &bytes[from..]) else {
            let full = limit != 0 && bytes.len() >= limit;
            return if full { Length::Invalid } else { Length::Unknown };
        };
        let length = from + end + 1;
        let next = bytes.get(length).copied();
        if headers && length > 2 && next.is_some_and(is_space) {
            from = length;
            continue;
        }
        if limit != 0 && length > limit {
            return Length::Invalid;
        }
        // Whether a header goes on shows in the next byte only.
        if headers && next.is_none() {
            return Length::Unknown;
        }
        return Length::Bytes(length);
    }
}
