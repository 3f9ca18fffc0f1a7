//! What of a match is returned, and as what: the option `capture`.

use super::Bytes;
use super::options::{self, Wanted};
use crate::process::exception::{Result, badarg};
use crate::sys::pcre::Code;
use crate::term::{Term, atom};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    None,
    Index,
    List,
    Binary,
}

/// Which groups.
#[derive(Debug)]
enum Groups {
    /// All from this one on, up to the last that took part.
    From(usize),
    /// For each place the groups of which the first that took part is returned.
    Chosen(Vec<Vec<usize>>),
}

pub(super) struct Capture {
    pub form: Form,
    groups: Groups,
}

impl Capture {
    pub(super) fn of(wanted: Option<Wanted>, code: &Code) -> Result<Capture> {
        let Some(wanted) = wanted else {
            return Ok(Capture { form: Form::Index, groups: Groups::From(0) });
        };
        let form = match wanted.form.as_atom().map(atom::text) {
            Some("index") => Form::Index,
            Some("list") => Form::List,
            Some("binary") => Form::Binary,
            _ => return Err(badarg()),
        };
        let nothing = Capture { form: Form::None, groups: Groups::From(0) };
        let groups = match () {
            () if wanted.values.is_nil() || wanted.is("none") => return Ok(nothing),
            () if wanted.is("all") => Groups::From(0),
            () if wanted.is("all_but_first") => Groups::From(1),
            () if wanted.is("first") => Groups::Chosen(vec![vec![0]]),
            () if wanted.is("all_names") => match by_all_names(code) {
                names if names.is_empty() => return Ok(nothing),
                names => Groups::Chosen(names),
            },
            () => Groups::Chosen(chosen(wanted.values, code)?),
        };
        Ok(Capture { form, groups })
    }

    /// Where each group that is returned matched.
    pub(super) fn places(&self, found: &[Option<(usize, usize)>]) -> Vec<Option<(usize, usize)>> {
        let place = |group: &usize| found.get(*group).copied().flatten();
        match &self.groups {
            Groups::From(first) => found.get(*first..).unwrap_or_default().to_vec(),
            Groups::Chosen(chosen) => {
                let places = chosen.iter();
                places.map(|groups| groups.iter().find_map(place)).collect()
            }
        }
    }
}

/// The groups of one name, in the order of the table.
fn by_name(code: &Code, name: &[u8]) -> Vec<usize> {
    let same = code.names().iter().filter(|(other, _)| **other == *name);
    same.map(|(_, number)| usize::from(*number)).collect()
}
fn by_all_names(code: &Code) -> Vec<Vec<usize>> {
    let mut names: Vec<&[u8]> = code.names().iter().map(|(name, _)| &**name).collect();
    names.dedup();
    names.into_iter().map(|name| by_name(code, name)).collect()
}

/// A list of numbers and names; those that do not exist are like groups that took no part.
fn chosen(values: Term, code: &Code) -> Result<Vec<Vec<usize>>> {
    if !values.is_list() {
        return Err(badarg());
    }
    let mut chosen = Vec::new();
    let mut list = values.list();
    for value in list.by_ref() {
        chosen.push(if value.as_small().is_some() {
            vec![options::number(value).ok_or_else(badarg)? as usize]
        } else if let Some(name) = value.as_atom() {
            by_name(code, atom::text(name).as_bytes())
        } else {
            by_name(code, Bytes::of(value)?.slice())
        });
    }
    if !list.tail().is_nil() {
        return Err(badarg());
    }
    Ok(chosen)
}

#[cfg(test)]
mod tests {
    use super::super::named;
    use super::*;
    use crate::sys::pcre;

    #[test]
    fn a_name_of_several_groups_is_the_one_that_took_part() {
        let options = pcre::Options { bits: pcre::DUPNAMES, ..pcre::Options::default() };
        let code = pcre::compile(b"(?<n>a)|(?<n>b)|(?<m>c)", options).expect("compiled");
        let wanted = Wanted { values: named("all_names"), form: named("index") };
        let capture = Capture::of(Some(wanted), &code).ok().expect("a capture");
        let mut found = Vec::new();
        let matched = code.run(b"b", 0, 0, pcre::Limits::default(), &mut found);
        assert_eq!(matched, Ok(true));
        assert_eq!(capture.places(&found), [None, Some((0, 1))]);
    }
}
