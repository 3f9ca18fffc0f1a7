//! The programs that are known not to behave as under `erl` yet, from the file `PENDING` beside them.
//!
//! A line is `NAME WHEN REASON`; WHEN is `all`, or releases and `stress` with commas between them.
//! A pending program is run like any other. That it fails does not fail the run; that it passes
//! does, so that the list cannot outlive its reasons.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

pub struct Pending {
    by_name: BTreeMap<String, Entry>,
}

struct Entry {
    everywhere: bool,
    releases: Vec<u32>,
    stress: bool,
    reason: String,
}

impl Pending {
    /// The list of a folder of programs. No file is an empty list.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let path = folder.join("PENDING");
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            other => other.map_err(|error| format!("{}: {error}", path.display()))?,
        };
        let list = Pending::parse(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        match list.by_name.keys().find(|name| !folder.join(format!("{name}.erl")).is_file()) {
            Some(name) => Err(format!("{}: there is no program {name}", path.display())),
            None => Ok(list),
        }
    }

    fn parse(text: &str) -> Result<Self, String> {
        let mut by_name = BTreeMap::new();
        for line in text.lines() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (name, entry) = parse_line(line).map_err(|error| format!("{error}: {line}"))?;
            if by_name.insert(name.to_string(), entry).is_some() {
                return Err(format!("{name} is there twice"));
            }
        }
        Ok(Pending { by_name })
    }

    /// Why the program is pending in such a run, if it is.
    pub fn reason(&self, name: &str, release: u32, stress: bool) -> Option<&str> {
        let entry = self.by_name.get(name)?;
        let holds =
            entry.everywhere || entry.releases.contains(&release) || (stress && entry.stress);
        holds.then_some(entry.reason.as_str())
    }
}

fn parse_line(line: &str) -> Result<(&str, Entry), String> {
    let (name, rest) = line.split_once(' ').ok_or("not `NAME WHEN REASON`")?;
    let (when, reason) = rest.trim().split_once(' ').ok_or("without a reason")?;
    let mut entry = Entry {
        everywhere: false,
        releases: Vec::new(),
        stress: false,
        reason: reason.trim().to_string(),
    };
    for word in when.split(',') {
        match word {
            "all" => entry.everywhere = true,
            "stress" => entry.stress = true,
            _ => entry.releases.push(
                word.parse().map_err(|_| format!("`{word}` is no release, `stress` or `all`"))?,
            ),
        }
    }
    Ok((name, entry))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_holds_for_the_runs_it_names() {
        let list =
            Pending::parse("# a comment\none 25,stress because of that\ntwo all why\n").unwrap();
        assert_eq!(list.reason("one", 25, false), Some("because of that"));
        assert_eq!(list.reason("one", 27, false), None);
        assert_eq!(list.reason("one", 27, true), Some("because of that"));
        assert_eq!(list.reason("two", 29, false), Some("why"));
        assert_eq!(list.reason("three", 29, false), None);
    }

    #[test]
    fn a_line_without_a_reason_and_a_second_line_are_refused() {
        for text in ["one", "one 25", "one 25,x because", "one 25 a\none 27 b\n"] {
            assert!(Pending::parse(text).is_err(), "{text}");
        }
    }
}
