//! A term's value as an enum, for code that must treat every kind.

use super::{Kind, Term, header_extra, header_kind};
use beamrc_abi::term as abi;

/// Borrowed view of a term; slices are the object's own words.
pub enum View<'a> {
    Small(i64),
    /// Magnitude, least significant word first.
    Big {
        negative: bool,
        words: &'a [u64],
    },
    Float(f64),
    Atom(u32),
    Pid(u64),
    Port(u64),
    Nil,
    Cons(Term, Term),
    Tuple(&'a [Term]),
    /// Keys in term order, values.
    FlatMap(&'a [Term], &'a [Term]),
    /// The root of a hash map: number of keys, children.
    HashMap {
        size: usize,
        children: &'a [Term],
    },
    /// A bit string of any representation (see the bits room for its bytes).
    Bits,
    Fun {
        arity: u32,
        words: &'a [u64],
    },
    ExportFun {
        arity: u32,
        words: &'a [u64],
    },
    Ref(&'a [u64]),
    Record(&'a [Term]),
    External {
        sort: u32,
        words: &'a [u64],
    },
    /// Internal objects that programs never see.
    Internal(Kind),
}

pub(super) fn view(term: &Term) -> View<'_> {
    match term.0 & abi::TAG_MASK {
        abi::TAG_SMALL => View::Small(term.0 as i64 >> abi::TAG_BITS),
        abi::TAG_CONS => {
            let (head, tail) = term.as_cons().expect("tag checked");
            View::Cons(head, tail)
        }
        abi::TAG_BOXED => boxed(term),
        _ => match term.0 & abi::IMMEDIATE_MASK {
            abi::IMM_ATOM => View::Atom((term.0 >> abi::IMMEDIATE_BITS) as u32),
            abi::IMM_PID => View::Pid(term.0 >> abi::IMMEDIATE_BITS),
            abi::IMM_PORT => View::Port(term.0 >> abi::IMMEDIATE_BITS),
            _ => View::Nil,
        },
    }
}

fn boxed(term: &Term) -> View<'_> {
    let header = term.header().expect("tag checked");
    match header_kind(header) {
        Kind::Tuple => View::Tuple(term.term_words()),
        Kind::Float => View::Float(f64::from_bits(term.words()[0])),
        Kind::BigPos => View::Big { negative: false, words: term.words() },
        Kind::BigNeg => View::Big { negative: true, words: term.words() },
        Kind::FlatMap => {
            let words = term.term_words();
            // The keys tuple lives as long as the map that refers to it.
            let keys: &[Term] = match words[0].as_tuple() {
                Some(keys) => extend(keys),
                None => &[],
            };
            View::FlatMap(keys, &words[1..])
        }
        Kind::HashMap => {
            let words = term.term_words();
            View::HashMap { size: words[0].as_small().unwrap_or(0) as usize, children: &words[1..] }
        }
        Kind::HeapBits | Kind::SubBits => View::Bits,
        Kind::Fun => View::Fun { arity: header_extra(header), words: term.words() },
        Kind::ExportFun => View::ExportFun { arity: header_extra(header), words: term.words() },
        Kind::Ref | Kind::MagicRef => View::Ref(term.words()),
        Kind::Record => View::Record(term.term_words()),
        Kind::External => View::External { sort: header_extra(header), words: term.words() },
        kind => View::Internal(kind),
    }
}

/// Unties a slice of heap words from the local variable that named its term.
fn extend<'a>(terms: &[Term]) -> &'a [Term] {
    // SAFETY: I1 and I5: the object stays in place for as long as terms may be looked at.
    unsafe { core::slice::from_raw_parts(terms.as_ptr(), terms.len()) }
}
