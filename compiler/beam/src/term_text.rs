//! Terms as Erlang source text, which `term_parse` reads back. A native record that no other module
//! may look into has a `-` before its module's name: Erlang has no notation for that.
//!
//! Invariant: no recursion, as terms nest to any depth. This file must not know modules.

use std::fmt::{self, Write};

use crate::literal::Literal;

/// An atom as Erlang source has it, quoted where it has to be.
pub struct AtomText<'a>(pub &'a str);

const RESERVED: &[&str] = &[
    "after", "and", "andalso", "band", "begin", "bnot", "bor", "bsl", "bsr", "bxor", "case",
    "catch", "cond", "div", "else", "end", "fun", "if", "let", "maybe", "not", "of", "or",
    "orelse", "receive", "rem", "try", "when", "xor",
];

impl fmt::Display for AtomText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0;
        let plain = text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '@')
            && !RESERVED.contains(&text);
        if plain {
            return f.write_str(text);
        }
        f.write_char('\'')?;
        for c in text.chars() {
            write_escaped(f, c, '\'')?;
        }
        f.write_char('\'')
    }
}

fn write_escaped(f: &mut fmt::Formatter<'_>, c: char, quote: char) -> fmt::Result {
    match c {
        '\\' => f.write_str("\\\\"),
        '\n' => f.write_str("\\n"),
        '\r' => f.write_str("\\r"),
        '\t' => f.write_str("\\t"),
        c if c == quote => write!(f, "\\{c}"),
        c if c.is_control() => write!(f, "\\x{{{:X}}}", u32::from(c)),
        c => f.write_char(c),
    }
}

/// What is still to be written.
enum Piece<'a> {
    Term(&'a Literal),
    Text(&'static str),
    Name(&'a str),
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut pending = vec![Piece::Term(self)];
        while let Some(piece) = pending.pop() {
            match piece {
                Piece::Text(text) => f.write_str(text)?,
                Piece::Name(name) => write!(f, "{}", AtomText(name))?,
                Piece::Term(term) => write_term(f, term, &mut pending)?,
            }
        }
        Ok(())
    }
}

/// Writes a leaf, or puts the pieces of a compound term on `pending`, last piece first.
fn write_term<'a>(
    f: &mut fmt::Formatter<'_>,
    term: &'a Literal,
    pending: &mut Vec<Piece<'a>>,
) -> fmt::Result {
    match term {
        Literal::Int(n) => write!(f, "{n}"),
        Literal::BigInt(n) => write!(f, "{n}"),
        Literal::Float(float) => write_float(f, *float),
        Literal::Atom(atom) => write!(f, "{}", AtomText(atom)),
        Literal::Nil => f.write_str("[]"),
        Literal::Binary(bytes) => write_binary(f, bytes, 8),
        Literal::Bitstring(bits) => write_binary(f, &bits.bytes, bits.last_bits),
        Literal::Export(export) => {
            let (module, function) = (AtomText(&export.module), AtomText(&export.function));
            write!(f, "fun {module}:{function}/{}", export.arity)
        }
        Literal::List(_) => write_list(f, term, pending),
        Literal::Tuple(terms) => {
            pending.push(Piece::Text("}"));
            push_separated(pending, terms);
            f.write_str("{")
        }
        Literal::Map(terms) => {
            pending.push(Piece::Text("}"));
            for (position, pair) in terms.chunks_exact(2).enumerate().rev() {
                pending.push(Piece::Term(&pair[1]));
                pending.push(Piece::Text(" => "));
                pending.push(Piece::Term(&pair[0]));
                if position > 0 {
                    pending.push(Piece::Text(","));
                }
            }
            f.write_str("#{")
        }
        Literal::Record(record) => {
            pending.push(Piece::Text("}"));
            let fields = record.keys.iter().zip(record.values.iter());
            for (position, (key, value)) in fields.enumerate().rev() {
                pending.push(Piece::Term(value));
                pending.push(Piece::Text(" = "));
                pending.push(Piece::Name(key));
                if position > 0 {
                    pending.push(Piece::Text(","));
                }
            }
            write!(
                f,
                "#{}{}:{}{{",
                if record.exported { "" } else { "-" },
                AtomText(&record.module),
                AtomText(&record.name)
            )
        }
    }
}

fn push_separated<'a>(pending: &mut Vec<Piece<'a>>, terms: &'a [Literal]) {
    for (position, term) in terms.iter().enumerate().rev() {
        pending.push(Piece::Term(term));
        if position > 0 {
            pending.push(Piece::Text(","));
        }
    }
}

fn write_list<'a>(
    f: &mut fmt::Formatter<'_>,
    list: &'a Literal,
    pending: &mut Vec<Piece<'a>>,
) -> fmt::Result {
    if let Some(text) = list.as_proper_list().and_then(printable) {
        f.write_char('"')?;
        for c in text.chars() {
            write_escaped(f, c, '"')?;
        }
        return f.write_char('"');
    }
    pending.push(Piece::Text("]"));
    if let Some((elements, tail)) = list.as_list() {
        if !matches!(tail, Literal::Nil) {
            pending.push(Piece::Term(tail));
            pending.push(Piece::Text("|"));
        }
        push_separated(pending, elements);
    }
    f.write_str("[")
}

/// The text of a list of printable Latin-1 characters, as `io:format` takes it for a string.
fn printable(elements: &[Literal]) -> Option<String> {
    elements
        .iter()
        .map(|element| match element {
            Literal::Int(n @ (9..=10 | 13 | 32..=126 | 160..=255)) => {
                u8::try_from(*n).ok().map(char::from)
            }
            _ => None,
        })
        .collect()
}

fn write_binary(f: &mut fmt::Formatter<'_>, bytes: &[u8], last_bits: u8) -> fmt::Result {
    let text = std::str::from_utf8(bytes)
        .ok()
        .filter(|text| last_bits == 8 && !text.is_empty())
        .filter(|text| !text.chars().any(|c| c.is_control() && !"\t\n\r".contains(c)));
    f.write_str("<<")?;
    if let Some(text) = text {
        f.write_char('"')?;
        for c in text.chars() {
            write_escaped(f, c, '"')?;
        }
        f.write_str(if text.is_ascii() { "\"" } else { "\"/utf8" })?;
    } else {
        for (position, byte) in bytes.iter().enumerate() {
            if position > 0 {
                f.write_char(',')?;
            }
            if last_bits < 8 && position + 1 == bytes.len() {
                write!(f, "{}:{last_bits}", byte >> (8 - last_bits))?;
            } else {
                write!(f, "{byte}")?;
            }
        }
    }
    f.write_str(">>")
}

/// The shortest digits that read back, with the point that Erlang's syntax wants.
fn write_float(f: &mut fmt::Formatter<'_>, float: f64) -> fmt::Result {
    let digits = format!("{float:?}");
    match digits.split_once('e') {
        Some((mantissa, exponent)) if !mantissa.contains('.') => {
            write!(f, "{mantissa}.0e{exponent}")
        }
        _ => f.write_str(&digits),
    }
}
