//! Reads a term from Erlang source text, as `file:consult/1` does for `.app` files.
//!
//! Floats, funs and comprehensions stand in no such file and are refused by name. Nesting is
//! limited, so hostile files cannot exhaust the stack.

use beamrc_beam::{Literal, Terms};

const DEPTH_MAX: usize = 200;

/// The one term of a file, up to its full stop.
pub(super) fn parse(text: &str) -> Result<Literal, String> {
    let mut parser = Parser {
        rest: text,
        line: 1,
    };
    let parsed = parser.term(0).and_then(|term| {
        parser.expect('.')?;
        Ok(term)
    });
    parsed.map_err(|why| format!("line {}: {why}", parser.line))
}

struct Parser<'a> {
    rest: &'a str,
    line: usize,
}

impl Parser<'_> {
    fn advance(&mut self, bytes: usize) {
        self.line += self.rest[..bytes].matches('\n').count();
        self.rest = &self.rest[bytes..];
    }

    /// The next character that is no space and stands in no comment.
    fn peek(&mut self) -> Option<char> {
        loop {
            let c = self.rest.chars().next()?;
            if c.is_whitespace() {
                self.advance(c.len_utf8());
            } else if c == '%' {
                self.advance(self.rest.find('\n').unwrap_or(self.rest.len()));
            } else {
                return Some(c);
            }
        }
    }

    fn accept(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.advance(wanted.len_utf8());
        }
        found
    }

    fn expect(&mut self, wanted: char) -> Result<(), String> {
        match self.accept(wanted) {
            true => Ok(()),
            false => match self.peek() {
                Some(found) => Err(format!("expected {wanted:?}, found {found:?}")),
                None => Err(format!("expected {wanted:?}, found the end of the file")),
            },
        }
    }

    fn term(&mut self, depth: usize) -> Result<Literal, String> {
        if depth > DEPTH_MAX {
            return Err("nested too deeply".into());
        }
        match self.peek() {
            Some('{') => {
                self.advance(1);
                Ok(Literal::Tuple(Terms::from(self.terms('}', depth)?)))
            }
            Some('[') => {
                self.advance(1);
                self.list(depth)
            }
            Some('#') => {
                self.advance(1);
                self.expect('{')?;
                self.map(depth)
            }
            Some('"') => {
                let text = self.strings()?;
                Ok(list(
                    text.chars().map(|c| Literal::Int(c as i64)).collect(),
                    Literal::Nil,
                ))
            }
            Some('<') => self.binary(),
            Some('\'') => Ok(Literal::Atom(self.quoted('\'')?.into())),
            Some('-') => {
                self.advance(1);
                let number = self.integer()?;
                Ok(Literal::Int(-number))
            }
            Some(c) if c.is_ascii_digit() => Ok(Literal::Int(self.integer()?)),
            Some('$') => {
                self.advance(1);
                let c = self
                    .rest
                    .chars()
                    .next()
                    .ok_or("a character is missing after $")?;
                self.advance(c.len_utf8());
                Ok(Literal::Int(c as i64))
            }
            Some(c) if c.is_lowercase() => {
                let part = |c: char| !(c.is_alphanumeric() || c == '_' || c == '@');
                let end = self.rest.find(part).unwrap_or(self.rest.len());
                let atom = Literal::Atom(self.rest[..end].into());
                self.advance(end);
                Ok(atom)
            }
            Some(c) => Err(format!("{c:?} begins no term that can stand here")),
            None => Err("the file ends within a term".into()),
        }
    }

    /// Terms up to the closing character.
    fn terms(&mut self, close: char, depth: usize) -> Result<Vec<Literal>, String> {
        let mut terms = Vec::new();
        if self.accept(close) {
            return Ok(terms);
        }
        loop {
            terms.push(self.term(depth + 1)?);
            if !self.accept(',') {
                self.expect(close)?;
                return Ok(terms);
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Literal, String> {
        let mut elements = Vec::new();
        if self.accept(']') {
            return Ok(Literal::Nil);
        }
        loop {
            elements.push(self.term(depth + 1)?);
            if self.accept('|') {
                let tail = self.term(depth + 1)?;
                self.expect(']')?;
                return Ok(list(elements, tail));
            }
            if !self.accept(',') {
                self.expect(']')?;
                return Ok(list(elements, Literal::Nil));
            }
        }
    }

    fn map(&mut self, depth: usize) -> Result<Literal, String> {
        let mut pairs: Vec<Literal> = Vec::new();
        if self.accept('}') {
            return Ok(Literal::Map(Terms::from(pairs)));
        }
        loop {
            let key = self.term(depth + 1)?;
            self.expect('=')?;
            self.expect('>')?;
            let value = self.term(depth + 1)?;
            if pairs.chunks_exact(2).any(|pair| pair[0] == key) {
                return Err(format!("the key {key} stands twice in a map"));
            }
            pairs.extend([key, value]);
            if !self.accept(',') {
                self.expect('}')?;
                return Ok(Literal::Map(Terms::from(pairs)));
            }
        }
    }

    /// `<<>>`, `<<"text">>` or `<<"text"/utf8>>`.
    fn binary(&mut self) -> Result<Literal, String> {
        self.expect('<')?;
        self.expect('<')?;
        let mut bytes = Vec::new();
        if self.peek() == Some('"') {
            let text = self.strings()?;
            if self.accept('/') {
                let utf8 = self.rest.strip_prefix("utf8").ok_or("expected utf8")?.len();
                self.advance(self.rest.len() - utf8);
                bytes = text.into_bytes();
            } else {
                bytes = text.chars().map(|c| c as u32 as u8).collect();
            }
        }
        self.expect('>')?;
        self.expect('>')?;
        Ok(Literal::Binary(bytes.into()))
    }

    /// One or more string literals in a row.
    fn strings(&mut self) -> Result<String, String> {
        let mut text = String::new();
        while self.peek() == Some('"') {
            text.push_str(&self.quoted('"')?);
        }
        Ok(text)
    }

    fn quoted(&mut self, quote: char) -> Result<String, String> {
        self.expect(quote)?;
        let mut text = String::new();
        let mut chars = self.rest.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                c if c == quote => {
                    self.advance(at + 1);
                    return Ok(text);
                }
                '\\' => match chars.next() {
                    Some((_, 'n')) => text.push('\n'),
                    Some((_, 't')) => text.push('\t'),
                    Some((_, 'r')) => text.push('\r'),
                    Some((_, 'e')) => text.push('\u{1b}'),
                    Some((_, 's')) => text.push(' '),
                    Some((_, c @ ('\\' | '"' | '\''))) => text.push(c),
                    _ => return Err("an escape that is not supported here".into()),
                },
                c => text.push(c),
            }
        }
        Err(format!("{quote} is never closed"))
    }

    fn integer(&mut self) -> Result<i64, String> {
        let end = self
            .rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(self.rest.len());
        let number = self.rest[..end]
            .parse()
            .map_err(|_| "an integer is expected here")?;
        self.advance(end);
        let fraction = self
            .rest
            .strip_prefix('.')
            .and_then(|rest| rest.chars().next());
        if fraction.is_some_and(|c| c.is_ascii_digit()) || self.rest.starts_with('#') {
            return Err("floats and based integers are not supported here".into());
        }
        Ok(number)
    }
}

fn list(mut elements: Vec<Literal>, tail: Literal) -> Literal {
    if elements.is_empty() {
        return tail;
    }
    match tail {
        // The tail of a list literal is never a list again.
        Literal::List(more) => elements.extend(more.iter().cloned()),
        tail => elements.push(tail),
    }
    Literal::List(Terms::from(elements))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn terms_read_as_erlang_prints_them() {
        for (text, printed) in [
            (
                "{application, a_b@c, [{vsn, \"1.0\"}]}.",
                "{application,a_b@c,[{vsn,\"1.0\"}]}",
            ),
            ("% comment\n['A b', -12, $x | y] .", "['A b',-12,120|y]"),
            (
                "#{a => <<\"\u{e9}\"/utf8>>, b => <<>>}.",
                "#{a => <<\"\u{e9}\"/utf8>>,b => <<>>}",
            ),
            ("\"ab\" \"\\n\\\"\".", "\"ab\\n\\\"\""),
            ("[1 | [2]].", "[1,2]"),
            ("\"\".", "[]"),
        ] {
            assert_eq!(parse(text).unwrap().to_string(), printed);
        }
    }

    #[test]
    fn errors_name_the_line() {
        for (text, error) in [
            ("{a,\n b", "line 2: expected '}', found the end of the file"),
            (
                "[a\n\n,1.5].",
                "line 3: floats and based integers are not supported here",
            ),
            ("{a} b", "line 1: expected '.', found 'b'"),
            (
                "#{a => 1, a => 2}.",
                "line 1: the key a stands twice in a map",
            ),
        ] {
            assert_eq!(parse(text).unwrap_err(), error);
        }
        assert!(
            parse(&"[".repeat(100_000))
                .unwrap_err()
                .contains("too deeply")
        );
    }
}
