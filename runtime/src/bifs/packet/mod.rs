//! `erlang:decode_packet/3`: one packet of a protocol at the start of a binary.
//!
//! `length` finds where the packet ends, `http` takes a line of HTTP apart; both know bytes only.

mod http;
mod length;

use crate::bifs::values;
use crate::heap::bits;
use crate::process::Process;
use crate::process::exception::{Result, badarg, badarg_because};
use crate::term::bits::Bits;
use crate::term::{Term, atom, build};
use beamrc_abi::atom::id;
use http::{Line, Uri};
use length::{Length, Limits, Protocol};

fn named(name: &str) -> Term {
    Term::atom(atom::intern(name).expect("short, and the table is not full of these"))
}

/// The binary, and how texts in it are given.
struct Input<'a> {
    binary: Term,
    bytes: &'a [u8],
    /// Texts are binaries, not lists.
    as_binaries: bool,
}

pub fn decode_packet_3(p: &mut Process, protocol: Term, binary: Term, options: Term) -> Result {
    let (protocol, as_binaries) = protocol_of(protocol)?;
    let bits = Bits::of(binary).ok_or_else(badarg)?;
    if !options.is_list() {
        return Err(badarg());
    }
    let limits = limits(protocol, options)?;
    if bits.size_bits % 8 != 0 {
        return Err(badarg());
    }
    let bytes = bits.to_bytes();
    let input = Input { binary, bytes: &bytes, as_binaries };
    match length::of_packet(protocol, &bytes, &limits) {
        Length::Invalid => Ok(build::tuple(p, &[Term::atom(id::ERROR), named("invalid")])),
        Length::Unknown => Ok(build::tuple(p, &[named("more"), Term::UNDEFINED])),
        Length::Bytes(size) if size > bytes.len() => {
            Ok(build::tuple(p, &[named("more"), Term::small(size as i64)]))
        }
        Length::Bytes(size) => {
            let (packet, rest) = bytes.split_at(size);
            p.charge(size / 1024 + 1);
            let decoded = decoded(p, &input, protocol, packet);
            let rest = input.part(p, rest);
            Ok(build::tuple(p, &[Term::OK, decoded, rest]))
        }
    }
}

fn protocol_of(term: Term) -> Result<(Protocol, bool)> {
    let unknown = || badarg_because(id::BADOPT);
    let protocol = match term.as_small() {
        Some(0) => Protocol::Raw,
        Some(1) => Protocol::Sized(1),
        Some(2) => Protocol::Sized(2),
        Some(4) => Protocol::Sized(4),
        Some(_) => return Err(unknown()),
        None => match term.as_atom().map(atom::text).ok_or_else(unknown)? {
            "raw" => Protocol::Raw,
            "asn1" => Protocol::Asn1,
            "sunrm" => Protocol::SunRpc,
            "cdr" => Protocol::Cdr,
            "fcgi" => Protocol::FastCgi,
            "line" => Protocol::Line,
            "tpkt" => Protocol::Tpkt,
            "ssl_tls" => Protocol::Tls,
            "http" => Protocol::Http { headers: false },
            "httph" => Protocol::Http { headers: true },
            "http_bin" => return Ok((Protocol::Http { headers: false }, true)),
            "httph_bin" => return Ok((Protocol::Http { headers: true }, true)),
            _ => return Err(unknown()),
        },
    };
    Ok((protocol, false))
}

fn limits(protocol: Protocol, options: Term) -> Result<Limits> {
    let mut limits = Limits { packet_bytes: 0, line_bytes: 0, delimiter: b'\n' };
    let mut rest = options.list();
    for option in rest.by_ref() {
        let Some(&[key, value]) = option.as_tuple() else {
            return Err(badarg());
        };
        let value = value.as_small().and_then(|value| u32::try_from(value).ok());
        let value = value.ok_or_else(badarg)?;
        match key.as_atom().map(atom::text) {
            Some("packet_size") => limits.packet_bytes = value,
            Some("line_length") => limits.line_bytes = value,
            Some("line_delimiter") if matches!(protocol, Protocol::Line) => {
                limits.delimiter = u8::try_from(value).map_err(|_| badarg())?;
            }
            _ => return Err(badarg()),
        }
    }
    if rest.tail().is_nil() { Ok(limits) } else { Err(badarg()) }
}

/// What a whole packet says.
fn decoded(p: &mut Process, input: &Input, protocol: Protocol, packet: &[u8]) -> Term {
    match protocol {
        Protocol::Http { headers } => match http::parse(packet, headers) {
            Some(line) => http_term(p, input, &line),
            None => {
                let text = input.text(p, packet);
                build::tuple(p, &[named("http_error"), text])
            }
        },
        Protocol::Tls => tls_term(p, packet),
        _ => {
            let body = length::body(protocol, packet);
            input.part(p, body)
        }
    }
}

/// `{ssl_tls, [], ContentType, {Major, Minor}, Data}`; a client hello of version 2 gets the head
/// that later ones have.
fn tls_term(p: &mut Process, packet: &[u8]) -> Term {
    let (content_type, version, data) = if length::is_tls_v2_hello(packet) {
        let data = &packet[3..];
        let mut hello = vec![1];
        hello.extend(&(data.len() as u32).to_be_bytes()[1..]);
        hello.extend(data);
        (22, [packet[3], packet[4]], hello)
    } else {
        (packet[0], [packet[1], packet[2]], packet[5..].to_vec())
    };
    let version = version.map(|n| Term::small(i64::from(n)));
    let version = build::tuple(p, &version);
    let data = values::new_binary(p, &data);
    let content_type = Term::small(i64::from(content_type));
    build::tuple(p, &[named("ssl_tls"), Term::NIL, content_type, version, data])
}

impl Input<'_> {
    /// Where in the bytes a part of them starts.
    fn position(&self, part: &[u8]) -> Option<usize> {
        let start = part.as_ptr().addr().checked_sub(self.bytes.as_ptr().addr())?;
        (start + part.len() <= self.bytes.len()).then_some(start)
    }
    /// A part of the binary, as a binary.
    fn part(&self, p: &mut Process, part: &[u8]) -> Term {
        match self.position(part) {
            Some(at) => bits::part(p, self.binary, 8 * at, 8 * part.len()),
            None => values::new_binary(p, part),
        }
    }
    fn text(&self, p: &mut Process, text: &[u8]) -> Term {
        if self.as_binaries {
            return self.part(p, text);
        }
        let bytes = text.iter().map(|byte| Term::small(i64::from(*byte)));
        crate::term::list::forward(p, text.len(), bytes, Term::NIL)
    }
}

fn version(p: &mut Process, (major, minor): (i64, i64)) -> Term {
    build::tuple(p, &[Term::small(major), Term::small(minor)])
}

fn http_term(p: &mut Process, input: &Input, line: &Line) -> Term {
    match line {
        Line::EndOfHeaders => named("http_eoh"),
        Line::Response { version: of, status, phrase } => {
            let version = version(p, *of);
            let phrase = input.text(p, phrase);
            let status = Term::small(*status);
            build::tuple(p, &[named("http_response"), version, status, phrase])
        }
        Line::Request { method, uri, version: of } => {
            let method = match http::known_method(method) {
                Some(known) => named(known),
                None => input.text(p, method),
            };
            let uri = uri_term(p, input, uri);
            let version = version(p, *of);
            build::tuple(p, &[named("http_request"), method, uri, version])
        }
        Line::Header { known, name, original, value } => {
            let (number, name) = match known {
                Some(index) => (index + 1, named(http::KNOWN_HEADERS[*index])),
                None => (0, input.text(p, name)),
            };
            let original = input.text(p, original);
            let value = input.text(p, value);
            let number = Term::small(number as i64);
            build::tuple(p, &[named("http_header"), number, name, original, value])
        }
    }
}

fn uri_term(p: &mut Process, input: &Input, uri: &Uri) -> Term {
    match uri {
        Uri::Star => named("*"),
        Uri::Text(text) => input.text(p, text),
        Uri::Path(path) => {
            let path = input.text(p, path);
            build::tuple(p, &[named("abs_path"), path])
        }
        Uri::Scheme(scheme, rest) => {
            let parts = [input.text(p, scheme), input.text(p, rest)];
            build::tuple(p, &[named("scheme"), parts[0], parts[1]])
        }
        Uri::Absolute { scheme, host, port, path } => {
            let host = input.text(p, host);
            let port = match port {
                0 => Term::UNDEFINED,
                port => Term::small(*port),
            };
            let path = input.text(p, path);
            let parts = [named("absoluteURI"), named(scheme), host, port, path];
            build::tuple(p, &parts)
        }
    }
}
