//! Terms as the runtime itself prints them (`%T` in OTP): `erlang:display/1`, crash messages.
//!
//! Iterative: a term's depth costs heap memory, no machine stack.

use super::bits::Bits;
use super::integer::{self, Integer};
use super::map::leaves::Leaves;
use super::record::Record;
use super::{Term, View, atom, float_text, fun};
use smallvec::SmallVec;

/// The text of a term.
pub fn to_text(term: Term) -> String {
    let mut printer = Printer { text: Vec::new(), todo: SmallVec::new() };
    printer.todo.push(Work::Term(term));
    while let Some(work) = printer.todo.pop() {
        match work {
            Work::Term(term) => printer.term(term),
            Work::Text(text) => printer.put(text),
            Work::Rest(list) => printer.rest(list),
            Work::Elements(elements) => printer.elements(elements),
            Work::Leaves(leaves) => printer.leaves(leaves),
            Work::Pairs(keys, values) => printer.pairs(keys, values),
        }
    }
    // Strings may hold bytes beyond ASCII only inside of atoms, which are UTF-8.
    String::from_utf8(printer.text).expect("all that is printed is UTF-8")
}

enum Work {
    Term(Term),
    Text(&'static str),
    /// What follows the first element of a list.
    Rest(Term),
    Elements(&'static [Term]),
    Leaves(Box<Leaves>),
    Pairs(&'static [Term], &'static [Term]),
}

struct Printer {
    text: Vec<u8>,
    todo: SmallVec<[Work; 16]>,
}

/// A slice of heap words, untied from the variable that named its term.
fn elements(terms: &[Term]) -> &'static [Term] {
    // SAFETY: I1 and I5: objects stay in place for as long as the printer lives.
    unsafe { core::slice::from_raw_parts(terms.as_ptr(), terms.len()) }
}

impl Printer {
    fn put(&mut self, text: &str) {
        self.text.extend_from_slice(text.as_bytes());
    }
    fn number(&mut self, number: impl core::fmt::Display) {
        self.put(&number.to_string());
    }

    fn term(&mut self, term: Term) {
        match term.view() {
            View::Small(value) => self.number(value),
            View::Big { negative, words } => {
                integer::to_text(Integer { negative, words }, 10, &mut self.text);
            }
            View::Float(value) => float_text::write_exponent(value, &mut self.text),
            View::Atom(id) => write_atom(atom::text(id), &mut self.text),
            View::Nil => self.put("[]"),
            View::Pid(number) => self.pid(0, number),
            View::Port(number) => self.put(&format!("#Port<0.{number}>")),
            View::Ref(words) => {
                self.put(&format!("#Ref<0.0.{}.{}>", words[0] >> 32, words[0] as u32))
            }
            View::External { sort, words } => {
                let node = Term(words[0]).as_atom().unwrap_or(0);
                match sort {
                    0 => self.pid(node, words[2]),
                    1 => self.put(&format!("#Port<{node}.{}>", words[2])),
                    _ => self.reference(node, &words[2..]),
                }
            }
            View::Cons(head, tail) => match printable(term) {
                Some(string) => self.string("\"", &string, "\""),
                None => {
                    self.put("[");
                    self.todo.push(Work::Rest(tail));
                    self.todo.push(Work::Term(head));
                }
            },
            View::Tuple(terms) => {
                self.put("{");
                self.todo.push(Work::Text("}"));
                self.todo.push(Work::Elements(elements(terms)));
            }
            View::Record(_) => {
                let record = Record::of(&term).expect("kind checked");
                self.put("#");
                self.todo.push(Work::Text("}"));
                for (at, (key, value)) in record.keys().iter().zip(record.values).enumerate().rev()
                {
                    let before = if at == 0 { "" } else { "," };
                    let parts =
                        [Work::Text(before), Work::Term(*key), Work::Text("="), Work::Term(*value)];
                    self.todo.extend(parts.into_iter().rev());
                }
                let head =
                    [Work::Term(record.module()), Work::Text(":"), Work::Term(record.name())];
                self.todo.push(Work::Text("{"));
                self.todo.extend(head.into_iter().rev());
            }
            View::FlatMap(keys, values) => {
                self.put("#{");
                self.todo.push(Work::Text("}"));
                self.todo.push(Work::Pairs(elements(keys), elements(values)));
            }
            View::HashMap { .. } => {
                self.put("#{");
                self.todo.push(Work::Text("}"));
                self.leaves(Box::new(Leaves::of(term)));
            }
            View::Bits => self.bits(Bits::of(term).expect("kind checked")),
            View::Fun { .. } | View::ExportFun { .. } => self.fun(term),
            View::Internal(kind) => self.put(&format!("<{kind:?}>")),
        }
    }

    fn pid(&mut self, node: u32, number: u64) {
        let (serial, number) = (number >> 28, number & 0x0fff_ffff);
        self.put(&format!("<{node}.{number}.{serial}>"));
    }
    /// Numbers of 32 bits, most significant first.
    fn reference(&mut self, node: u32, words: &[u64]) {
        self.put(&format!("#Ref<{node}"));
        for word in words.iter().rev() {
            self.put(&format!(".{}.{}", word >> 32, word & 0xffff_ffff));
        }
        self.put(">");
    }
    fn fun(&mut self, term: Term) {
        if let Some(lambda) = fun::lambda(term) {
            self.put(&format!(
                "#Fun<{}.{}.{}>",
                atom::text(lambda.module),
                lambda.old_index,
                lambda.old_uniq
            ));
        } else if let Some(export) = fun::export(term) {
            self.put("fun ");
            write_atom(atom::text(export.module), &mut self.text);
            self.put(":");
            write_atom(atom::text(export.function), &mut self.text);
            self.number(format_args!("/{}", export.arity));
        }
    }

    fn rest(&mut self, list: Term) {
        match list.view() {
            View::Nil => self.put("]"),
            View::Cons(head, tail) => {
                self.put(",");
                self.todo.push(Work::Rest(tail));
                self.todo.push(Work::Term(head));
            }
            _ => {
                self.put("|");
                self.todo.push(Work::Text("]"));
                self.todo.push(Work::Term(list));
            }
        }
    }
    fn elements(&mut self, terms: &'static [Term]) {
        if let [first, rest @ ..] = terms {
            if !rest.is_empty() {
                self.todo.push(Work::Elements(rest));
                self.todo.push(Work::Text(","));
            }
            self.todo.push(Work::Term(*first));
        }
    }
    fn pair(&mut self, key: Term, value: Term) {
        self.todo.push(Work::Term(value));
        self.todo.push(Work::Text("=>"));
        self.todo.push(Work::Term(key));
    }
    fn pairs(&mut self, keys: &'static [Term], values: &'static [Term]) {
        if let ([key, keys @ ..], [value, values @ ..]) = (keys, values) {
            if !keys.is_empty() {
                self.todo.push(Work::Pairs(keys, values));
                self.todo.push(Work::Text(","));
            }
            self.pair(*key, *value);
        }
    }
    fn leaves(&mut self, mut leaves: Box<Leaves>) {
        if let Some((key, value)) = leaves.next() {
            if !self.text.ends_with(b"#{") {
                self.put(",");
            }
            self.todo.push(Work::Leaves(leaves));
            self.pair(key, value);
        }
    }

    fn string(&mut self, open: &str, bytes: &[u8], close: &str) {
        self.put(open);
        for &byte in bytes {
            match byte {
                b'\n' if open == "\"" => self.put("\\n"),
                b'"' => self.put("\\\""),
                _ => self.text.push(byte),
            }
        }
        self.put(close);
    }
    fn bits(&mut self, bits: Bits) {
        let bytes = bits.to_bytes();
        let printable = bytes.iter().all(|b| (b' '..127).contains(b));
        if printable && !bytes.is_empty() && bits.tail_bits() == 0 {
            return self.string("<<\"", &bytes, "\">>");
        }
        self.put("<<");
        for (i, byte) in bytes.iter().enumerate() {
            if i > 0 {
                self.put(",");
            }
            self.number(byte);
        }
        if bits.tail_bits() > 0 {
            if !bytes.is_empty() {
                self.put(",");
            }
            self.number(format_args!("{}:{}", bits.tail(), bits.tail_bits()));
        }
        self.put(">>");
    }
}

/// The bytes of a list that consists of printable ASCII and white space.
fn printable(list: Term) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut elements = list.list();
    for element in elements.by_ref() {
        match element.as_small() {
            Some(byte @ (32..127 | 9 | 10 | 13)) => bytes.push(byte as u8),
            _ => return None,
        }
    }
    elements.tail().is_nil().then_some(bytes)
}

/// Appends an atom's text, in quotes unless it starts with a lower-case letter of Latin-1 and has
/// nothing but letters and digits of Latin-1 and underscores.
pub fn write_atom(text: &str, to: &mut Vec<u8>) {
    let lower = |c: char| matches!(c, 'a'..='z' | 'ß'..='ÿ') && c != '÷';
    let upper = |c: char| matches!(c, 'A'..='Z' | 'À'..='Þ') && c != '×';
    let plain = |c: char| lower(c) || upper(c) || c.is_ascii_digit() || c == '_';
    if text.starts_with(lower) && text.chars().all(plain) {
        to.extend_from_slice(text.as_bytes());
        return;
    }
    to.push(b'\'');
    for c in text.chars() {
        let escape = match c {
            '\'' => "\\'",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\u{c}' => "\\f",
            '\t' => "\\t",
            '\r' => "\\r",
            '\u{8}' => "\\b",
            '\u{b}' => "\\v",
            '\0'..' ' | '\u{80}'..'\u{a0}' => {
                to.extend_from_slice(format!("\\{:03o}", c as u32).as_bytes());
                continue;
            }
            _ => {
                to.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                continue;
            }
        };
        to.extend_from_slice(escape.as_bytes());
    }
    to.push(b'\'');
}

impl core::fmt::Debug for Term {
    fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
        if self.is_value() { f.write_str(&to_text(*self)) } else { f.write_str("NONVALUE") }
    }
}
