//! Regular expressions by PCRE2, which says what the PCRE of OTP says: until OTP 27 (8.44) with its
//! characters (Latin-1 without UTF), its messages, unknown escapes as letters; since then (10.47)
//! with the places that it gives for errors.
//!
//! Compiled expressions are kept per thread, by text and options, so that an expression given as
//! text is compiled once. Nothing here knows terms.

mod messages;
mod tables;

use super::arena;
use super::lock::Held;
use core::cell::RefCell;
use core::ptr::{NonNull, null_mut};
use hashbrown::HashTable;
use pcre2_sys as c;
use std::borrow::Cow;
use std::hash::{DefaultHasher, Hasher};
use std::rc::Rc;

pub use c::{
    PCRE2_ANCHORED as ANCHORED, PCRE2_BSR_ANYCRLF as BSR_ANYCRLF, PCRE2_BSR_UNICODE as BSR_UNICODE,
    PCRE2_CASELESS as CASELESS, PCRE2_DOLLAR_ENDONLY as DOLLAR_ENDONLY, PCRE2_DOTALL as DOTALL,
    PCRE2_DUPNAMES as DUPNAMES, PCRE2_EXTENDED as EXTENDED, PCRE2_FIRSTLINE as FIRSTLINE,
    PCRE2_MULTILINE as MULTILINE, PCRE2_NEVER_UTF as NEVER_UTF, PCRE2_NEWLINE_ANY as NEWLINE_ANY,
    PCRE2_NEWLINE_ANYCRLF as NEWLINE_ANYCRLF, PCRE2_NEWLINE_CR as NEWLINE_CR,
    PCRE2_NEWLINE_CRLF as NEWLINE_CRLF, PCRE2_NEWLINE_LF as NEWLINE_LF,
    PCRE2_NO_AUTO_CAPTURE as NO_AUTO_CAPTURE, PCRE2_NO_START_OPTIMIZE as NO_START_OPTIMIZE,
    PCRE2_NO_UTF_CHECK as NO_UTF_CHECK, PCRE2_NOTBOL as NOTBOL, PCRE2_NOTEMPTY as NOTEMPTY,
    PCRE2_NOTEMPTY_ATSTART as NOTEMPTY_ATSTART, PCRE2_NOTEOL as NOTEOL, PCRE2_UCP as UCP,
    PCRE2_UNGREEDY as UNGREEDY, PCRE2_UTF as UTF,
};

/// Whose expressions these are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Edition {
    /// PCRE 8.44, of OTP up to 27.
    #[default]
    Older,
    /// PCRE2 10.47.
    Newer,
}

/// How an expression is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    pub edition: Edition,
    pub bits: u32,
    pub newline: u32,
    pub bsr: u32,
}

impl Default for Options {
    fn default() -> Options {
        Options { edition: Edition::default(), bits: 0, newline: NEWLINE_LF, bsr: BSR_UNICODE }
    }
}

/// An expression that cannot be read: why, and at which byte.
#[derive(Debug, PartialEq, Eq)]
pub struct Refused {
    pub message: String,
    pub offset: usize,
}

/// A subject that cannot be matched, or that is given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The subject is no UTF-8, or the offset lies within a character or outside.
    BadSubject,
    MatchLimit,
    RecursionLimit,
    /// PCRE gives up for another reason; OTP calls that no match.
    GivenUp,
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    pub matches: Option<u32>,
    pub recursion: Option<u32>,
}

/// A compiled expression.
pub struct Code {
    code: NonNull<c::pcre2_code_8>,
    data: NonNull<c::pcre2_match_data_8>,
    /// Each name with the number of its group, in the order of names.
    names: Vec<(Box<[u8]>, u16)>,
    groups: u32,
    newline: u32,
}

impl Drop for Code {
    fn drop(&mut self) {
        // SAFETY: made by PCRE2, and nobody else's.
        unsafe {
            c::pcre2_match_data_free_8(self.data.as_ptr());
            c::pcre2_code_free_8(self.code.as_ptr());
        }
    }
}

/// Error 103: an unknown escape.
const UNKNOWN_ESCAPE: i32 = 103;
/// Deeper parentheses are too many for the older library's work space.
const NESTING_MAX: u32 = 798;

impl Code {
    fn new(pattern: &[u8], options: Options) -> Result<Code, Refused> {
        let code = match options.edition {
            Edition::Older => Code::compile_older(pattern, options)?,
            Edition::Newer => Code::compile(pattern, options, 0).map_err(|(error, offset)| {
                let message = messages::newer_text(error);
                let is_utf = options.bits & UTF != 0;
                let offset = newer_offset(pattern, error, offset, is_utf);
                Refused { message, offset }
            })?,
        };
        // SAFETY: valid code.
        let data = unsafe { c::pcre2_match_data_create_from_pattern_8(code.as_ptr(), null_mut()) };
        let Some(data) = NonNull::new(data) else {
            // SAFETY: valid code, and nobody else's.
            unsafe { c::pcre2_code_free_8(code.as_ptr()) };
            return Err(Refused { message: "failed to get memory".into(), offset: 0 });
        };
        let mut code = Code { code, data, names: Vec::new(), groups: 0, newline: 0 };
        code.groups = code.info(c::PCRE2_INFO_CAPTURECOUNT);
        code.newline = code.info(c::PCRE2_INFO_NEWLINE);
        code.names = code.read_names();
        Ok(code)
    }

    /// Takes what the older library takes, and says what it says.
    fn compile_older(
        pattern: &[u8],
        options: Options,
    ) -> Result<NonNull<c::pcre2_code_8>, Refused> {
        let mut pattern = Cow::Borrowed(pattern);
        let mut extra = c::PCRE2_EXTRA_ALLOW_LOOKAROUND_BSK;
        loop {
            match Code::compile(&pattern, options, extra) {
                Ok(code) => return Ok(code),
                Err((UNKNOWN_ESCAPE, _)) if extra & c::PCRE2_EXTRA_BAD_ESCAPE_IS_LITERAL == 0 => {
                    extra |= c::PCRE2_EXTRA_BAD_ESCAPE_IS_LITERAL;
                }
                Err((error, offset)) if repair(pattern.to_mut(), error, offset) => {}
                Err((error, offset)) => {
                    let message = messages::older_text(error);
                    let offset = older_offset(&pattern, error, offset);
                    return Err(Refused { message, offset });
                }
            }
        }
    }

    fn compile(
        pattern: &[u8],
        options: Options,
        extra: u32,
    ) -> Result<NonNull<c::pcre2_code_8>, (i32, usize)> {
        let (mut error, mut offset) = (0, 0);
        let mut bits = options.bits;
        // PCRE2 looks for the first byte of a letter above 127 among the white space.
        let letters = memchr::memmem::find(pattern, b"\\w").is_some();
        let is_older = options.edition == Edition::Older;
        if is_older && letters && bits & UCP == 0 && (bits & UTF != 0 || pattern.starts_with(b"(*"))
        {
            bits |= NO_START_OPTIMIZE;
        }
        // SAFETY: a context of our own, given back; the tables are static; pattern and length are
        // those of a slice.
        let code = unsafe {
            let context = c::pcre2_compile_context_create_8(null_mut());
            if context.is_null() {
                return Err((121, 0));
            }
            c::pcre2_set_newline_8(context, options.newline);
            c::pcre2_set_bsr_8(context, options.bsr);
            if is_older {
                c::pcre2_set_character_tables_8(context, tables::LATIN_1.as_ptr());
                c::pcre2_set_max_varlookbehind_8(context, 0);
                c::pcre2_set_parens_nest_limit_8(context, NESTING_MAX);
            }
            c::pcre2_set_compile_extra_options_8(context, extra);
            let code = c::pcre2_compile_8(
                pattern.as_ptr(),
                pattern.len(),
                bits,
                &raw mut error,
                &raw mut offset,
                context,
            );
            c::pcre2_compile_context_free_8(context);
            code
        };
        NonNull::new(code).ok_or((error, offset))
    }

    fn info(&self, what: u32) -> u32 {
        let mut value = 0u32;
        // SAFETY: valid code; what is asked for is a number of 32 bits.
        unsafe { c::pcre2_pattern_info_8(self.code.as_ptr(), what, (&raw mut value).cast()) };
        value
    }

    fn read_names(&self) -> Vec<(Box<[u8]>, u16)> {
        let count = self.info(c::PCRE2_INFO_NAMECOUNT) as usize;
        let entry_bytes = self.info(c::PCRE2_INFO_NAMEENTRYSIZE) as usize;
        if count == 0 {
            return Vec::new();
        }
        let mut table: *const u8 = core::ptr::null();
        // SAFETY: valid code, which holds a table of this many entries of this size.
        let table = unsafe {
            let out = (&raw mut table).cast();
            c::pcre2_pattern_info_8(self.code.as_ptr(), c::PCRE2_INFO_NAMETABLE, out);
            core::slice::from_raw_parts(table, count * entry_bytes)
        };
        let entries = table.chunks_exact(entry_bytes).map(|entry| {
            let name = entry[2..].split(|byte| *byte == 0).next();
            let number = u16::from_be_bytes([entry[0], entry[1]]);
            (name.unwrap_or_default().into(), number)
        });
        entries.collect()
    }

    /// How many groups there are, besides the whole match.
    pub fn groups(&self) -> u32 {
        self.groups
    }
    pub fn names(&self) -> &[(Box<[u8]>, u16)] {
        &self.names
    }
    /// Whether a carriage return before a line feed belongs to it.
    pub fn crlf_is_newline(&self) -> bool {
        [NEWLINE_ANY, NEWLINE_CRLF, NEWLINE_ANYCRLF].contains(&self.newline)
    }

    /// Matches from this byte on: start and end of the whole match and of the groups up to the last
    /// one that took part; `None` if nothing matches.
    pub fn run(
        &self,
        subject: &[u8],
        offset: usize,
        options: u32,
        limits: Limits,
        found: &mut Vec<Option<(usize, usize)>>,
    ) -> Result<bool, Failure> {
        let context = match (limits.matches, limits.recursion) {
            (None, None) => null_mut(),
            // SAFETY: a context of our own, given back below.
            _ => unsafe { c::pcre2_match_context_create_8(null_mut()) },
        };
        // SAFETY: code and data are valid and used by this thread alone; the subject is a slice.
        let count = unsafe {
            if !context.is_null() {
                limits.matches.map(|n| c::pcre2_set_match_limit_8(context, n));
                limits.recursion.map(|n| c::pcre2_set_depth_limit_8(context, n));
            }
            let count = c::pcre2_match_8(
                self.code.as_ptr(),
                subject.as_ptr(),
                subject.len(),
                offset,
                options,
                self.data.as_ptr(),
                context,
            );
            if !context.is_null() {
                c::pcre2_match_context_free_8(context);
            }
            count
        };
        match count {
            1.. => {
                // SAFETY: the data has a pair for each group.
                let pairs = unsafe {
                    let pairs = c::pcre2_get_ovector_pointer_8(self.data.as_ptr());
                    core::slice::from_raw_parts(pairs, 2 * count as usize)
                };
                let unset = usize::MAX;
                let pairs = pairs.chunks_exact(2).map(|pair| match pair[0] {
                    start if start == unset => None,
                    start => Some((start, pair[1].max(start))),
                });
                found.clear();
                found.extend(pairs);
                Ok(true)
            }
            c::PCRE2_ERROR_NOMATCH => Ok(false),
            c::PCRE2_ERROR_MATCHLIMIT => Err(Failure::MatchLimit),
            c::PCRE2_ERROR_DEPTHLIMIT | c::PCRE2_ERROR_HEAPLIMIT => Err(Failure::RecursionLimit),
            c::PCRE2_ERROR_BADOFFSET | c::PCRE2_ERROR_BADUTFOFFSET => Err(Failure::BadSubject),
            error if is_bad_utf(error) => Err(Failure::BadSubject),
            _ => Err(Failure::GivenUp),
        }
    }
}

/// Writes what the older library takes in a way that PCRE2 takes it; whether there was any such
/// thing.
fn repair(pattern: &mut Vec<u8>, error: i32, offset: usize) -> bool {
    let (before, behind) = pattern.split_at(offset.min(pattern.len()));
    match (error - 100, before, behind) {
        // Within a class, escapes that are no class are letters.
        (7, [.., b'\\'], _) => drop(pattern.remove(offset - 1)),
        // There is no eighth or ninth group.
        (15, [.., b'\\'], [b'8' | b'9', ..]) => drop(pattern.remove(offset - 1)),
        // Behind a class within a class a hyphen stands for itself.
        (50, [.., b'-'], _) => pattern.insert(offset - 1, b'\\'),
        // A control character is any of ASCII.
        (68, [.., b'\\', b'c'], [other, ..]) | (68, [.., b'\\', b'c', other], _)
            if *other < 128 =>
        {
            let at = before.windows(2).rposition(|pair| pair == b"\\c").unwrap_or(0);
            let control = format!("\\x{:02x}", other.to_ascii_uppercase() ^ 0x40);
            pattern.splice(at..at + 3, control.into_bytes());
        }
        // No digits are zero.
        (78, [.., b'\\', b'x'], _) => pattern.insert(offset, b'0'),
        (78, [.., b'\\', b'x', other], _) if *other != b'{' => pattern.insert(offset - 1, b'0'),
        _ => return false,
    }
    true
}

/// Where 10.47 finds an error that this library finds here: behind what cannot be read.
fn newer_offset(pattern: &[u8], error: i32, offset: usize, is_utf: bool) -> usize {
    let (before, behind) = pattern.split_at(offset.min(pattern.len()));
    let character_bytes = match behind {
        [] => 0,
        [first, ..] if is_utf => (first.leading_ones() as usize).max(1),
        _ => 1,
    };
    let behind_mark = |mark: &[u8]| {
        let at = memchr::memmem::find(behind, mark);
        at.map_or(offset, |at| offset + at + mark.len())
    };
    match error - 100 {
        3 | 7 | 8 | 9 | 11 | 22 | 41 | 44 | 64 | 67 | 68 | 82 | 94 => offset + character_bytes,
        15 if is_numbered_escape(before, behind) => offset + character_bytes,
        // A class by name that stands in no class.
        12 | 13 if behind.starts_with(b"[") => behind_mark(b"]"),
        29 => offset + 2,
        93 => behind_mark(b"}"),
        _ => offset,
    }
}
/// Whether the place between these is in a reference such as `\12` or `\g{12}`.
fn is_numbered_escape(before: &[u8], behind: &[u8]) -> bool {
    let digits = before.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    if digits == 0 && !behind.first().is_some_and(u8::is_ascii_digit) {
        return false;
    }
    let text = &before[..before.len() - digits];
    text.ends_with(b"\\") || text.ends_with(b"\\g{")
}

/// Where the older library finds an error.
fn older_offset(pattern: &[u8], error: i32, offset: usize) -> usize {
    match error - 100 {
        // A name or a property, without what follows it.
        43 | 47 => offset - 1,
        // The end of the lookbehind that begins here.
        25 => group_end(pattern, offset),
        _ => offset,
    }
}
/// The parenthesis that closes the one at this place.
fn group_end(pattern: &[u8], start: usize) -> usize {
    let (mut depth, mut in_class, mut at) = (0, false, start);
    while let Some(byte) = pattern.get(at) {
        match byte {
            b'\\' => at += 1,
            b'[' => in_class = true,
            b']' => in_class = false,
            b'(' if !in_class => depth += 1,
            b')' if !in_class => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
        at += 1;
    }
    start
}

fn is_bad_utf(error: i32) -> bool {
    (c::PCRE2_ERROR_UTF8_ERR21..=c::PCRE2_ERROR_UTF8_ERR1).contains(&error)
}

struct Entry {
    pattern: Box<[u8]>,
    options: Options,
    code: Rc<Code>,
}

/// Expressions that a thread keeps; beyond that it begins anew.
const KEPT: usize = 512;

thread_local! {
    static COMPILED: RefCell<HashTable<Entry>> = const { RefCell::new(HashTable::new()) };
}

/// The expression, compiled now or before.
pub fn compile(pattern: &[u8], options: Options) -> Result<Rc<Code>, Refused> {
    let hash = hash(pattern);
    let same = |entry: &Entry| entry.options == options && *entry.pattern == *pattern;
    let known =
        COMPILED.with_borrow(|compiled| compiled.find(hash, same).map(|entry| entry.code.clone()));
    match known {
        Some(code) => Ok(code),
        None => arena::kept(|| keep(pattern, options, hash)),
    }
}
/// Compiles an expression that the thread does not keep yet.
fn keep(pattern: &[u8], options: Options, hash: u64) -> Result<Rc<Code>, Refused> {
    let code = Rc::new(Code::new(pattern, options)?);
    let entry = Entry { pattern: pattern.into(), options, code: code.clone() };
    // X1: nobody would give the borrow back.
    let _held = Held::new();
    COMPILED.with_borrow_mut(|compiled| {
        if compiled.len() == KEPT {
            compiled.clear();
        }
        compiled.insert_unique(hash, entry, |entry| self::hash(&entry.pattern));
    });
    Ok(code)
}
fn hash(pattern: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(pattern);
    hasher.finish()
}

/// The library's version and when it was released.
pub fn version() -> String {
    let mut text = [0u8; 64];
    // SAFETY: the library's longest version has 24 bytes.
    let length = unsafe { c::pcre2_config_8(c::PCRE2_CONFIG_VERSION, text.as_mut_ptr().cast()) };
    let length = usize::try_from(length).unwrap_or(0).saturating_sub(1);
    String::from_utf8_lossy(&text[..length]).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(pattern: &str, bits: u32, subject: &[u8]) -> Option<Vec<Option<(usize, usize)>>> {
        let options = Options { bits, ..Options::default() };
        let code = compile(pattern.as_bytes(), options).expect("an expression");
        let mut found = Vec::new();
        let matched = code.run(subject, 0, 0, Limits::default(), &mut found);
        matched.expect("no failure").then_some(found)
    }

    #[test]
    fn groups_that_took_no_part_have_no_place() {
        let all = find("(a)|(b)(?<n>c)?", 0, b"xb");
        assert_eq!(all, Some(vec![Some((1, 2)), None, Some((1, 2))]));
        assert_eq!(find("z", 0, b"xb"), None);
    }

    #[test]
    fn characters_are_those_of_latin_1() {
        assert!(find("^\\w$", 0, &[0xe5]).is_some());
        assert!(find("^\\w$", 0, &[0xd7]).is_none());
        assert!(find("^\\xe5$", CASELESS, &[0xc5]).is_some());
        assert!(find("^[[:space:]]$", 0, &[0xa0]).is_none());
    }

    #[test]
    fn what_is_kept_is_told_apart_by_its_options() {
        assert!(find("^A$", CASELESS, b"a").is_some());
        assert!(find("^A$", 0, b"a").is_none());
        assert!(find("\\j", 0, b"j").is_some());
        assert!(find("^[\\d-z]+$", 0, b"1-z").is_some());
        assert!(find("^[\\z\\C]+\\8$", 0, b"zC8").is_some());
        assert!(find("^\\c\x7f\\xZ$", 0, b"?\0Z").is_some());
        assert!(find("^\\w$", UTF, "å".as_bytes()).is_some());
    }

    #[test]
    fn messages_are_those_of_the_older_library() {
        let refused = compile(b"(", Options::default()).err().expect("refused");
        assert_eq!((&*refused.message, refused.offset), ("missing )", 1));
    }
}
