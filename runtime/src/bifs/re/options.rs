//! The options of `re:compile/2` and `re:run/3`, as one list may mix them.

use crate::program::program;
use crate::sys::pcre::{self, Edition, Limits};
use crate::term::{Term, atom};

/// What a call is to return, `{capture, Values, Form}`.
#[derive(Clone, Copy)]
pub(super) struct Wanted {
    pub values: Term,
    pub form: Term,
}

#[derive(Default)]
pub(super) struct Options {
    pub compile: pcre::Options,
    pub run_bits: u32,
    /// As said in this list, for expressions that were compiled before.
    pub newline: Option<u32>,
    pub bsr: Option<u32>,
    pub unicode: bool,
    pub global: bool,
    pub report_errors: bool,
    pub offset: usize,
    pub limits: Limits,
    pub capture: Option<Wanted>,
    /// Some option is for compiling only.
    pub only_compile: bool,
    /// Some option is for running only.
    pub only_run: bool,
}

/// `None` for what is no list of options.
pub(super) fn parse(list: Term) -> Option<Options> {
    let mut options = Options::default();
    options.compile.edition = edition();
    let mut items = list.list();
    for item in items.by_ref() {
        match item.as_atom() {
            Some(name) => options.flag(atom::text(name))?,
            None => options.pair(item.as_tuple()?)?,
        }
    }
    items.tail().is_nil().then_some(options)
}

/// Whose expressions the program's are.
pub(super) fn edition() -> Edition {
    if program().release() < 28 { Edition::Older } else { Edition::Newer }
}

/// A number that OTP holds as an `int`.
pub(super) fn number(term: Term) -> Option<u32> {
    let number = i32::try_from(term.as_small()?).ok()?;
    u32::try_from(number).ok()
}

impl Options {
    fn pair(&mut self, pair: &[Term]) -> Option<()> {
        let (name, value) = (pair.first()?.as_atom().map(atom::text)?, *pair.get(1)?);
        if name == "capture" && pair.len() <= 3 {
            let index = || Term::atom(atom::intern("index").expect("a known atom"));
            let form = pair.get(2).copied().unwrap_or_else(index);
            self.capture = Some(Wanted { values: value, form });
            self.only_run = true;
            return Some(());
        }
        if pair.len() != 2 {
            return None;
        }
        match name {
            "offset" => self.offset = number(value)? as usize,
            "match_limit" => self.limits.matches = Some(number(value)?),
            "match_limit_recursion" => self.limits.recursion = Some(number(value)?),
            "newline" => {
                let newline = match atom::text(value.as_atom()?) {
                    "cr" => pcre::NEWLINE_CR,
                    "crlf" => pcre::NEWLINE_CRLF,
                    "lf" => pcre::NEWLINE_LF,
                    "anycrlf" => pcre::NEWLINE_ANYCRLF,
                    "any" => pcre::NEWLINE_ANY,
                    _ => return None,
                };
                self.newline = Some(newline);
                self.compile.newline = newline;
                return Some(());
            }
            _ => return None,
        }
        self.only_run = true;
        Some(())
    }

    fn flag(&mut self, name: &str) -> Option<()> {
        let compile = match name {
            "caseless" => pcre::CASELESS,
            "dollar_endonly" => pcre::DOLLAR_ENDONLY,
            "dotall" => pcre::DOTALL,
            "extended" => pcre::EXTENDED,
            "firstline" => pcre::FIRSTLINE,
            "multiline" => pcre::MULTILINE,
            "no_auto_capture" => pcre::NO_AUTO_CAPTURE,
            "dupnames" => pcre::DUPNAMES,
            "ungreedy" => pcre::UNGREEDY,
            "ucp" => pcre::UCP,
            "never_utf" => pcre::NEVER_UTF,
            // The shim exports what was compiled.
            "export" if self.compile.edition == Edition::Newer => 0,
            "no_start_optimize" => pcre::NO_START_OPTIMIZE,
            "unicode" => {
                self.unicode = true;
                pcre::UTF
            }
            _ => return self.other_flag(name),
        };
        self.compile.bits |= compile;
        self.only_compile = true;
        Some(())
    }

    fn other_flag(&mut self, name: &str) -> Option<()> {
        match name {
            "anchored" => {
                self.compile.bits |= pcre::ANCHORED;
                self.run_bits |= pcre::ANCHORED;
                return Some(());
            }
            "bsr_anycrlf" | "bsr_unicode" => {
                let bsr = match name {
                    "bsr_anycrlf" => pcre::BSR_ANYCRLF,
                    _ => pcre::BSR_UNICODE,
                };
                self.bsr = Some(bsr);
                self.compile.bsr = bsr;
                return Some(());
            }
            "notempty" => self.run_bits |= pcre::NOTEMPTY,
            "notempty_atstart" => self.run_bits |= pcre::NOTEMPTY_ATSTART,
            "notbol" => self.run_bits |= pcre::NOTBOL,
            "noteol" => self.run_bits |= pcre::NOTEOL,
            "report_errors" => self.report_errors = true,
            "global" => self.global = true,
            _ => return None,
        }
        self.only_run = true;
        Some(())
    }
}
