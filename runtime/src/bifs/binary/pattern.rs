//! What is searched for: one binary or several, of which the longest that starts first is found.

use super::binary;
use crate::process::exception::{Result, badarg};
use crate::term::Term;
use aho_corasick::automaton::Automaton as _;
use aho_corasick::nfa::contiguous::NFA;
use aho_corasick::{Input, Match, MatchKind};
use core::ops::Range;
use memchr::memmem::Finder;

/// A pattern ready for searching.
pub enum Pattern {
    Byte(u8),
    TwoBytes(u8, u8),
    ThreeBytes(u8, u8, u8),
    One(Box<Finder<'static>>),
    Several(Box<NFA>),
}

impl Pattern {
    /// Of a binary that is not empty, or a list of such.
    pub fn of(term: Term) -> Result<Pattern> {
        if !term.is_cons() {
            return Pattern::one(&needle(term)?);
        }
        let mut elements = term.list();
        let needles = elements.by_ref().map(needle).collect::<Result<Vec<_>>>()?;
        if !elements.tail().is_nil() {
            return Err(badarg());
        }
        match &needles[..] {
            [one] => Pattern::one(one),
            [a, b] if a.len() == 1 && b.len() == 1 => Ok(Pattern::TwoBytes(a[0], b[0])),
            [a, b, c] if a.len() == 1 && b.len() == 1 && c.len() == 1 => {
                Ok(Pattern::ThreeBytes(a[0], b[0], c[0]))
            }
            _ => NFA::builder()
                .match_kind(MatchKind::LeftmostLongest)
                .build(&needles)
                .map(|automaton| Pattern::Several(Box::new(automaton)))
                .map_err(|_| badarg()),
        }
    }

    fn one(needle: &[u8]) -> Result<Pattern> {
        Ok(match needle {
            [byte] => Pattern::Byte(*byte),
            _ => Pattern::One(Box::new(Finder::new(needle).into_owned())),
        })
    }

    /// Whether the pattern was a single binary.
    pub fn is_single(&self) -> bool {
        matches!(self, Pattern::Byte(_) | Pattern::One(_))
    }

    /// Where it is found first.
    pub fn find(&self, subject: &[u8]) -> Option<Range<usize>> {
        let byte = |at: usize| at..at + 1;
        match self {
            Pattern::Byte(a) => memchr::memchr(*a, subject).map(byte),
            Pattern::TwoBytes(a, b) => memchr::memchr2(*a, *b, subject).map(byte),
            Pattern::ThreeBytes(a, b, c) => memchr::memchr3(*a, *b, *c, subject).map(byte),
            Pattern::One(finder) => {
                let at = finder.find(subject)?;
                Some(at..at + finder.needle().len())
            }
            Pattern::Several(automaton) => {
                first(automaton, Input::new(subject)).map(|found| found.range())
            }
        }
    }

    /// Calls `each` with every place it is found at, none overlapping another.
    pub fn find_all(&self, subject: &[u8], mut each: impl FnMut(Range<usize>)) {
        let byte = |at: usize| at..at + 1;
        match self {
            Pattern::Byte(a) => memchr::memchr_iter(*a, subject).map(byte).for_each(each),
            Pattern::TwoBytes(a, b) => {
                memchr::memchr2_iter(*a, *b, subject).map(byte).for_each(each)
            }
            Pattern::ThreeBytes(a, b, c) => {
                memchr::memchr3_iter(*a, *b, *c, subject).map(byte).for_each(each)
            }
            Pattern::One(finder) => {
                let size = finder.needle().len();
                finder.find_iter(subject).for_each(|at| each(at..at + size))
            }
            Pattern::Several(automaton) => {
                let mut at = 0;
                // No needle is empty, so every match moves on.
                while let Some(found) = first(automaton, Input::new(subject).range(at..)) {
                    each(found.range());
                    at = found.end();
                }
            }
        }
    }
}

fn first(automaton: &NFA, input: Input<'_>) -> Option<Match> {
    automaton.try_find(&input).expect("the automaton is made for searches that begin anywhere")
}

fn needle(term: Term) -> Result<Vec<u8>> {
    let bits = binary(term)?;
    if bits.size_bits == 0 {
        return Err(badarg());
    }
    Ok(bits.to_bytes().into_owned())
}
