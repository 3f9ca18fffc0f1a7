//! Terms read from Erlang source text: all that `term_text` writes, and what stands in the files
//! that `file:consult/1` reads.
//!
//! Invariants: no recursion, as terms nest to any depth; an error says what was expected and in
//! which line. Comprehensions, funs with a body and integers with a base are refused. This file
//! must not know modules.

use std::collections::HashSet;
use std::str::Chars;
use std::sync::Arc;

use num_bigint::BigInt;

use crate::literal::{Atom, Bits, Export, Literal, Record, Terms};

/// A place in a text, moving forward as terms and punctuation are read. Space and comments (`%` to
/// the end of the line) between them are passed over.
#[derive(Clone)]
pub struct TermParser<'a> {
    rest: &'a str,
    line: usize,
}

/// A term whose end has not been read yet, and what is inside it so far.
struct Open {
    kind: Kind,
    inside: Vec<Literal>,
}

enum Kind {
    Tuple,
    List,
    /// The tail of a list comes next, or has come.
    Tail,
    Map,
    Record(Box<Record>),
}

/// What begins a term.
enum Begun {
    Leaf(Literal),
    Open(Open),
}

impl<'a> TermParser<'a> {
    pub fn new(text: &'a str) -> Self {
        TermParser { rest: text, line: 1 }
    }

    /// The message with the line that is being read.
    pub fn error(&self, message: impl std::fmt::Display) -> String {
        format!("line {}: {message}", self.line)
    }

    /// What has not been read yet, from the next character that counts on.
    pub fn rest(&mut self) -> &'a str {
        loop {
            let text = self.rest.trim_start();
            self.advance(self.rest.len() - text.len());
            if !text.starts_with('%') {
                return text;
            }
            self.advance(text.find('\n').unwrap_or(text.len()));
        }
    }

    fn peek(&mut self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Passes over so many bytes.
    pub fn advance(&mut self, bytes: usize) {
        self.line += self.rest[..bytes].matches('\n').count();
        self.rest = &self.rest[bytes..];
    }

    /// Passes over the text if it comes next.
    pub fn accept(&mut self, wanted: &str) -> bool {
        let found = self.rest().starts_with(wanted);
        if found {
            self.advance(wanted.len());
        }
        found
    }

    /// Passes over the text, which must come next.
    pub fn expect(&mut self, wanted: &str) -> Result<(), String> {
        if self.accept(wanted) {
            return Ok(());
        }
        let found = match self.peek() {
            Some(found) => format!("{found:?}"),
            None => "the end of the text".into(),
        };
        Err(self.error(format!("expected {wanted:?}, found {found}")))
    }

    /// The characters of a class that come next.
    pub fn take_while(&mut self, class: impl Fn(char) -> bool) -> &'a str {
        let text = self.rest();
        let end = text.find(|c| !class(c)).unwrap_or(text.len());
        self.advance(end);
        &text[..end]
    }

    /// An atom.
    pub fn atom(&mut self) -> Result<Atom, String> {
        if self.peek() == Some('\'') {
            return Ok(self.quoted('\'')?.into());
        }
        if !self.peek().is_some_and(char::is_lowercase) {
            return Err(self.error("an atom is expected here"));
        }
        let atom = self.take_while(|c| c.is_alphanumeric() || c == '_' || c == '@');
        Ok(atom.into())
    }

    /// A number without sign, fraction or exponent.
    pub fn natural<T: std::str::FromStr>(&mut self) -> Result<T, String> {
        let digits = self.take_while(|c| c.is_ascii_digit());
        let number = digits.parse();
        number.map_err(|_| self.error("a number in range is expected here"))
    }

    /// Text between two of these quotes.
    pub fn quoted(&mut self, quote: char) -> Result<String, String> {
        self.expect(quote.encode_utf8(&mut [0; 4]))?;
        let mut text = String::new();
        let mut chars = self.rest.chars();
        while let Some(c) = chars.next() {
            if c == quote {
                self.advance(self.rest.len() - chars.as_str().len());
                return Ok(text);
            }
            let escaped = match c {
                '\\' => escape(&mut chars),
                c => Some(c),
            };
            text.push(escaped.ok_or_else(|| self.error("an escape that is not supported here"))?);
        }
        Err(self.error(format!("{quote} is never closed")))
    }

    /// One term.
    pub fn term(&mut self) -> Result<Literal, String> {
        let mut stack: Vec<Open> = Vec::new();
        loop {
            let mut term = match self.begin()? {
                Begun::Leaf(term) => term,
                Begun::Open(open) => {
                    stack.push(open);
                    continue;
                }
            };
            loop {
                let Some(open) = stack.last_mut() else {
                    return Ok(term);
                };
                open.inside.push(term);
                if self.goes_on(open)? {
                    break;
                }
                term = match stack.pop() {
                    Some(open) => self.finish(open)?,
                    None => return Err(self.error("nothing is open here")),
                };
            }
        }
    }

    /// A whole term, or the beginning of one that has something inside.
    fn begin(&mut self) -> Result<Begun, String> {
        let leaf = match self.peek() {
            Some('{') => return self.open("{", "}", Kind::Tuple, || Literal::Tuple(vec![].into())),
            Some('[') => return self.open("[", "]", Kind::List, || Literal::Nil),
            Some('#') if self.accept("#{") => {
                return self.open("", "}", Kind::Map, || Literal::Map(vec![].into()));
            }
            Some('#') => return self.record(),
            Some('"') => {
                let text = self.strings()?;
                Literal::proper_list(text.chars().map(|c| Literal::Int(c as i64)).collect())
            }
            Some('<') => self.binary()?,
            Some('$') => {
                self.advance(1);
                let mut chars = self.rest.chars();
                let c = match chars.next() {
                    Some('\\') => escape(&mut chars),
                    c => c,
                };
                let c = c.ok_or_else(|| self.error("a character is missing after $"))?;
                self.advance(self.rest.len() - chars.as_str().len());
                Literal::Int(c as i64)
            }
            Some(c) if c == '-' || c.is_ascii_digit() => self.number()?,
            Some(c) if c == '\'' || c.is_lowercase() => {
                let quoted = c == '\'';
                let atom = self.atom()?;
                if &*atom == "fun" && !quoted { self.export()? } else { Literal::Atom(atom) }
            }
            Some(c) => return Err(self.error(format!("{c:?} begins no term that can stand here"))),
            None => return Err(self.error("the text ends within a term")),
        };
        Ok(Begun::Leaf(leaf))
    }

    fn open(
        &mut self,
        first: &str,
        last: &str,
        kind: Kind,
        empty: impl Fn() -> Literal,
    ) -> Result<Begun, String> {
        self.expect(first)?;
        if self.accept(last) {
            return Ok(Begun::Leaf(empty()));
        }
        let inside = Vec::new();
        Ok(Begun::Open(Open { kind, inside }))
    }

    /// Reads on after a term inside `open`: whether another one follows.
    fn goes_on(&mut self, open: &mut Open) -> Result<bool, String> {
        let close = match open.kind {
            Kind::Map if open.inside.len() % 2 == 1 => {
                self.expect("=>")?;
                return Ok(true);
            }
            Kind::List if self.accept("|") => {
                open.kind = Kind::Tail;
                return Ok(true);
            }
            Kind::Tail => {
                self.expect("]")?;
                return Ok(false);
            }
            Kind::List => "]",
            Kind::Tuple | Kind::Map | Kind::Record(_) => "}",
        };
        if !self.accept(",") {
            self.expect(close)?;
            return Ok(false);
        }
        if let Kind::Record(record) = &mut open.kind {
            record.keys.push(self.key()?);
        }
        Ok(true)
    }

    fn finish(&self, open: Open) -> Result<Literal, String> {
        let Open { kind, mut inside } = open;
        Ok(match kind {
            Kind::Tuple => Literal::Tuple(inside.into()),
            Kind::List => Literal::proper_list(inside),
            Kind::Tail => {
                // The tail of a list literal is never a list again.
                if let Some(Literal::List(more)) = inside.last().cloned() {
                    inside.pop();
                    inside.extend(more.iter().cloned());
                }
                Literal::List(inside.into())
            }
            Kind::Map => {
                let mut keys = HashSet::new();
                for key in inside.iter().step_by(2) {
                    if !keys.insert(key) {
                        return Err(self.error(format!("the key {key} stands twice in a map")));
                    }
                }
                drop(keys);
                Literal::Map(inside.into())
            }
            Kind::Record(mut record) => {
                record.values = inside.into();
                Literal::Record(Arc::new(*record))
            }
        })
    }

    /// `#module:name{key = value}`, `#-module:name{}` if no other module may look into it.
    fn record(&mut self) -> Result<Begun, String> {
        self.expect("#")?;
        let exported = !self.accept("-");
        let module = self.atom()?;
        self.expect(":")?;
        let mut record = Record {
            module,
            name: self.atom()?,
            exported,
            keys: Vec::new(),
            values: Terms::from(Vec::new()),
        };
        self.expect("{")?;
        if self.accept("}") {
            return Ok(Begun::Leaf(Literal::Record(Arc::new(record))));
        }
        record.keys.push(self.key()?);
        Ok(Begun::Open(Open { kind: Kind::Record(Box::new(record)), inside: Vec::new() }))
    }

    fn key(&mut self) -> Result<Atom, String> {
        let key = self.atom()?;
        self.expect("=")?;
        Ok(key)
    }

    /// The rest of `fun module:function/arity`.
    fn export(&mut self) -> Result<Literal, String> {
        let module = self.atom()?;
        self.expect(":")?;
        let function = self.atom()?;
        self.expect("/")?;
        Ok(Literal::Export(Arc::new(Export { module, function, arity: self.natural()? })))
    }

    /// One or more strings in a row.
    fn strings(&mut self) -> Result<String, String> {
        let mut text = String::new();
        while self.peek() == Some('"') {
            text.push_str(&self.quoted('"')?);
        }
        Ok(text)
    }

    /// Segments are strings, strings with `/utf8`, bytes, and at the end bits such as `5:3`.
    fn binary(&mut self) -> Result<Literal, String> {
        self.expect("<<")?;
        let mut bytes = Vec::new();
        while !self.accept(">>") {
            if self.peek() == Some('"') {
                let text = self.strings()?;
                if self.accept("/utf8") {
                    bytes.extend(text.as_bytes());
                } else {
                    // An integer segment holds the low byte of what it is given.
                    bytes.extend(text.chars().map(|c| u32::from(c) as u8));
                }
            } else {
                bytes.push(self.natural::<u8>()?);
                if self.accept(":") {
                    return self.bits(bytes);
                }
            }
            if !self.accept(",") {
                self.expect(">>")?;
                break;
            }
        }
        Ok(Literal::Binary(bytes.into()))
    }

    /// The rest of a bitstring whose last byte is the value of its last bits.
    fn bits(&mut self, mut bytes: Vec<u8>) -> Result<Literal, String> {
        let last_bits = self.natural::<u8>()?;
        let fits = |value: u8| (1..8).contains(&last_bits) && value >> last_bits == 0;
        match bytes.last_mut() {
            Some(last) if fits(*last) => *last <<= 8 - last_bits,
            _ => return Err(self.error("a segment of 1 to 7 bits is expected here")),
        }
        self.expect(">>")?;
        Ok(Literal::Bitstring(Arc::new(Bits { bytes, last_bits })))
    }

    fn number(&mut self) -> Result<Literal, String> {
        let text = self.rest();
        let digits = |from: usize| {
            let end = text[from..].find(|c: char| !c.is_ascii_digit());
            end.map_or(text.len(), |end| from + end)
        };
        let mut end = digits(usize::from(text.starts_with('-')));
        let fraction = text[end..]
            .strip_prefix('.')
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        if fraction {
            end = digits(end + 1);
            if text[end..].starts_with(['e', 'E']) {
                let sign = text[end + 1..].starts_with(['+', '-']);
                end = digits(end + 1 + usize::from(sign));
            }
        }
        if text[end..].starts_with('#') {
            return Err(self.error("integers with a base are not supported here"));
        }
        let wrong = |what: &str| self.error(format!("{} is no {what}", &text[..end]));
        let number = if fraction {
            let float: f64 = text[..end].parse().map_err(|_| wrong("float"))?;
            if float.is_infinite() {
                return Err(wrong("float that can be represented"));
            }
            Literal::Float(float)
        } else if let Ok(small) = text[..end].parse() {
            Literal::Int(small)
        } else {
            let big: BigInt = text[..end].parse().map_err(|_| wrong("integer"))?;
            Literal::BigInt(Arc::new(big))
        };
        self.advance(end);
        Ok(number)
    }
}

/// The character that an escape stands for, read from behind the backslash.
fn escape(chars: &mut Chars<'_>) -> Option<char> {
    Some(match chars.next()? {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'e' => '\u{1b}',
        's' => ' ',
        '0' => '\0',
        'x' | 'u' if chars.as_str().starts_with('{') => {
            let (digits, rest) = chars.as_str()[1..].split_once('}')?;
            *chars = rest.chars();
            char::from_u32(u32::from_str_radix(digits, 16).ok()?)?
        }
        c @ ('\\' | '"' | '\'') => c,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Literal, String> {
        TermParser::new(text).term()
    }

    #[test]
    fn terms_read_as_erlang_prints_them() {
        for (text, printed) in [
            ("{application, a_b@c, [{vsn, \"1.0\"}]}", "{application,a_b@c,[{vsn,\"1.0\"}]}"),
            ("% comment\n['A b', -12, $x | y] ", "['A b',-12,120|y]"),
            ("#{a => <<\"\u{e9}\"/utf8>>, b => <<>>}", "#{a => <<\"\u{e9}\"/utf8>>,b => <<>>}"),
            ("\"ab\" \"\\n\\\"\"", "\"ab\\n\\\"\""),
            ("[1 | [2]]", "[1,2]"),
            ("\"\"", "[]"),
            ("<<\"\u{e9}\">>", "<<233>>"),
            ("[[] | []]", "[[]]"),
        ] {
            assert_eq!(parse(text).map(|term| term.to_string()).as_deref(), Ok(printed));
        }
    }

    #[test]
    fn what_is_printed_reads_back() {
        for text in [
            "[1.5,-0.0,1.0e300,5.0e-324,-9223372036854775808,123456789012345678901234567890]",
            "{'','A','\\x{1}',\"\\t\",<<\"\\r\\n\">>,<<0,255>>,<<1,5:3>>,<<0:1>>}",
            "[fun lists:map/2,fun 'A':'+'/2|tail]",
            "#r:point{x = 1,y = {#-r:'Private'{}}}",
            "#{#{} => {},[[],[]] => 'fun'}",
        ] {
            let term = parse(text).expect(text);
            assert_eq!(term.to_string(), text);
            assert_eq!(parse(&term.to_string()), Ok(term));
        }
    }

    #[test]
    fn errors_name_the_line() {
        for (text, error) in [
            ("{a,\n b", "line 2: expected \"}\", found the end of the text"),
            ("[a\n\n,16#5]", "line 3: integers with a base are not supported here"),
            ("#{a => 1, a => 2}", "line 1: the key a stands twice in a map"),
            ("{a,1.0e999}", "line 1: 1.0e999 is no float that can be represented"),
            ("<<4:2>>", "line 1: a segment of 1 to 7 bits is expected here"),
            ("[X]", "line 1: 'X' begins no term that can stand here"),
            ("-", "line 1: - is no integer"),
        ] {
            assert_eq!(parse(text).map(|term| term.to_string()), Err(error.into()));
        }
    }

    #[test]
    fn depth_has_no_limit() {
        let deep = 1_000_000;
        let text = "[".repeat(deep) + &"]".repeat(deep);
        assert_eq!(parse(&text).map(|term| term.to_string()), Ok(text));
        assert!(parse(&"[{".repeat(deep)).is_err());
    }
}
