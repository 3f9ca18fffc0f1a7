//! Terms from text, for tests: `{a,[1|2.5],<<1,2:3>>,#{k=>"s"}}`. Panics on anything else.

use super::{Alloc, Kind, Term, atom, build, float_text, integer};

pub struct Parser<'a, A: Alloc> {
    pub heap: &'a mut A,
    pub text: &'a [u8],
    /// Builds a map of pairs: flat, or a hash map.
    pub map: fn(&mut A, &[(Term, Term)]) -> Term,
}

impl<A: Alloc> Parser<'_, A> {
    fn peek(&self) -> u8 {
        self.text.first().copied().unwrap_or(0)
    }
    fn skip(&mut self, token: &str) -> bool {
        while self.peek() == b' ' {
            self.text = &self.text[1..];
        }
        let found = self.text.starts_with(token.as_bytes());
        if found {
            self.text = &self.text[token.len()..];
        }
        found
    }
    fn expect(&mut self, token: &str) {
        assert!(self.skip(token), "{token} expected at {}", String::from_utf8_lossy(self.text));
    }
    fn take_while(&mut self, of: impl Fn(u8) -> bool) -> Vec<u8> {
        let count = self.text.iter().take_while(|c| of(**c)).count();
        let (taken, rest) = self.text.split_at(count);
        self.text = rest;
        taken.to_vec()
    }
    fn sequence(&mut self, end: &str) -> Vec<Term> {
        let mut terms = Vec::new();
        if self.skip(end) {
            return terms;
        }
        loop {
            terms.push(self.term());
            if self.skip(end) {
                return terms;
            }
            self.expect(",");
        }
    }

    pub fn term(&mut self) -> Term {
        if self.skip("{") {
            let elements = self.sequence("}");
            build::tuple(self.heap, &elements)
        } else if self.skip("[") {
            self.list()
        } else if self.skip("#{") {
            let mut pairs = Vec::new();
            while !self.skip("}") {
                self.skip(",");
                let key = self.term();
                self.expect("=>");
                pairs.push((key, self.term()));
            }
            (self.map)(self.heap, &pairs)
        } else if self.skip("<<") {
            self.bits()
        } else if self.skip("\"") {
            let bytes = self.take_while(|c| c != b'"');
            self.expect("\"");
            let elements: Vec<Term> = bytes.iter().map(|b| Term::small(i64::from(*b))).collect();
            build::list(self.heap, &elements, Term::NIL)
        } else {
            match self.peek() {
                b'\'' => self.quoted_atom(),
                b'a'..=b'z' => {
                    let text =
                        self.take_while(|c| c.is_ascii_alphanumeric() || c == b'_' || c == b'@');
                    atom_of(&text)
                }
                _ => self.number(),
            }
        }
    }
    fn list(&mut self) -> Term {
        let mut terms = Vec::new();
        let mut tail = Term::NIL;
        while !self.skip("]") {
            if self.skip("|") {
                tail = self.term();
            } else {
                self.skip(",");
                terms.push(self.term());
            }
        }
        build::list(self.heap, &terms, tail)
    }
    fn quoted_atom(&mut self) -> Term {
        self.expect("'");
        let mut text = Vec::new();
        loop {
            let (first, rest) = self.text.split_first().expect("closing quote");
            self.text = rest;
            match first {
                b'\'' => return atom_of(&text),
                b'\\' => {
                    text.push(self.peek());
                    self.text = &self.text[1..];
                }
                byte => text.push(*byte),
            }
        }
    }
    fn number(&mut self) -> Term {
        let text = self.take_while(|c| c.is_ascii_digit() || b"+-.e".contains(&c));
        match float_text::parse(&text) {
            Some(float) => build::float(self.heap, float),
            None => integer::from_text(self.heap, &text, 10)
                .unwrap_or_else(|| panic!("{:?} is no term", String::from_utf8_lossy(&text)))
                .expect("of a size that can be"),
        }
    }
    /// Segments are bytes, strings, or `Value:Bits` as the last one.
    fn bits(&mut self) -> Term {
        let (mut bytes, mut tail_bits) = (Vec::new(), 0);
        if !self.skip(">>") {
            loop {
                if self.skip("\"") {
                    bytes.extend(self.take_while(|c| c != b'"'));
                    self.expect("\"");
                } else {
                    bytes.push(self.number().as_small().expect("a byte") as u8);
                }
                if self.skip(":") {
                    tail_bits = self.number().as_small().expect("a size") as usize;
                    let last = bytes.last_mut().expect("just pushed");
                    *last <<= 8 - tail_bits;
                }
                if self.skip(">>") {
                    break;
                }
                self.expect(",");
            }
        }
        let bits = 8 * bytes.len() - if tail_bits > 0 { 8 - tail_bits } else { 0 };
        bytes.resize(bytes.len().next_multiple_of(8), 0);
        let mut words = vec![bits as u64];
        words.extend(bytes.chunks(8).map(|c| u64::from_ne_bytes(c.try_into().expect("8 bytes"))));
        build::object(self.heap, Kind::HeapBits, 0, &words)
    }
}

fn atom_of(text: &[u8]) -> Term {
    let text = core::str::from_utf8(text).expect("UTF-8");
    Term::atom(atom::intern(text).expect("room"))
}
