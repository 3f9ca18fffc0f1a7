//! Compares two outcomes and says where they differ.

use similar::TextDiff;

use crate::case::Case;
use crate::execute::{End, Outcome};

pub enum Verdict {
    Same,
    /// The case itself is at fault: it does not compile, or runs too long under `erl`.
    Trouble(String),
    /// The compiler stopped with this.
    NotBuilt(String),
    /// The program did something else; each entry names one difference.
    Different(Vec<String>),
}

/// Longer differences are cut: the first lines tell.
const MAX_LINES: usize = 40;
const MAX_COLUMNS: usize = 400;

impl Verdict {
    /// Nothing when the case passed.
    pub fn describe(&self) -> Option<String> {
        match self {
            Verdict::Same => None,
            Verdict::Trouble(text) => Some(indent(text)),
            Verdict::NotBuilt(text) => Some(indent(&format!("beamrc build: {text}"))),
            Verdict::Different(parts) => Some(indent(&parts.join("\n"))),
        }
    }
}

pub fn judge(case: &Case, mut expected: Outcome, mut actual: Outcome) -> Verdict {
    if case.mask_reports {
        for text in
            [&mut expected.stdout, &mut expected.stderr, &mut actual.stdout, &mut actual.stderr]
        {
            *text = mask_reports(&String::from_utf8_lossy(text)).into_bytes();
        }
    }
    let mut parts = Vec::new();
    if actual.end != expected.end {
        parts.push(format!("end: expected {:?}, got {:?}", expected.end, actual.end));
    }
    parts.extend(difference("stdout", &expected.stdout, &actual.stdout));
    if case.compare_stderr {
        parts.extend(difference("stderr", &expected.stderr, &actual.stderr));
    } else if !parts.is_empty() && !actual.stderr.is_empty() {
        parts.push(format!("stderr (not compared):\n{}", String::from_utf8_lossy(&actual.stderr)));
    } else if let End::Killed(how) = &actual.end {
        parts.push(how.clone());
    }
    if parts.is_empty() { Verdict::Same } else { Verdict::Different(parts) }
}

/// What a report tells of a process's memory and work, which no two runtimes have alike.
const FIGURES: [&str; 3] = ["    heap_size: ", "    stack_size: ", "    reductions: "];

/// Cuts the time from the headings of reports, and the numbers from process identifiers and figures.
fn mask_reports(text: &str) -> String {
    let mut masked = String::new();
    for line in text.split_inclusive('\n') {
        match line.split_once("==== ") {
            Some((heading, _time)) if heading.starts_with('=') => {
                masked.push_str(heading);
                masked.push_str("==== TIME ===\n");
            }
            _ => match FIGURES.iter().find(|figure| line.starts_with(**figure)) {
                Some(figure) => {
                    masked.push_str(figure);
                    masked.push_str("N\n");
                }
                None => masked.push_str(&mask_pids(line)),
            },
        }
    }
    masked
}

fn mask_pids(line: &str) -> String {
    let mut masked = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("<0.") {
        masked.push_str(before);
        match after.split_once(".0>") {
            Some((number, tail)) if number.bytes().all(|byte| byte.is_ascii_digit()) => {
                masked.push_str("<0.N.0>");
                rest = tail;
            }
            _ => {
                masked.push_str("<0.");
                rest = after;
            }
        }
    }
    masked + rest
}

fn difference(what: &str, expected: &[u8], actual: &[u8]) -> Option<String> {
    if expected == actual {
        return None;
    }
    let [left, right] = [expected, actual].map(String::from_utf8_lossy);
    if left == right {
        return Some(format!("{what}: differs in bytes that are not UTF-8"));
    }
    let diff = TextDiff::from_lines(left.as_ref(), right.as_ref());
    Some(format!("{what}:\n{}", diff.unified_diff().context_radius(2).header("erl", "beamrc")))
}

fn indent(text: &str) -> String {
    let mut lines: Vec<String> = text
        .lines()
        .map(|line| match line.char_indices().nth(MAX_COLUMNS) {
            Some((end, _)) => format!("    {}…", &line[..end]),
            None => format!("    {line}"),
        })
        .collect();
    if lines.len() > MAX_LINES {
        let left = lines.len() - MAX_LINES;
        lines.truncate(MAX_LINES);
        lines.push(format!("    … and {left} more lines"));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn outcome(stdout: &str, stderr: &str, end: End) -> Outcome {
        Outcome { stdout: stdout.into(), stderr: stderr.into(), end }
    }

    fn judged(head: &str, actual: Outcome) -> Option<String> {
        let case =
            Case::parse(Path::new("sample.erl"), format!("%% Why it is there.\n{head}")).unwrap();
        judge(&case, outcome("a\nb\n", "e\n", End::Exit(0)), actual).describe()
    }

    #[test]
    fn masks_cover_times_and_process_identifiers_only() {
        let text = "=ERROR REPORT==== 1-Jan-2020::00:00:00.000000 ===\nError in <0.83.0> and <0.x.0> at 1.0\n    heap_size: 12\nheap_size: 12\n";
        assert_eq!(
            mask_reports(text),
            "=ERROR REPORT==== TIME ===\nError in <0.N.0> and <0.x.0> at 1.0\n    heap_size: N\nheap_size: 12\n"
        );
    }

    #[test]
    fn output_and_exit_code_count_always_and_standard_error_on_request() {
        assert_eq!(judged("", outcome("a\nb\n", "x\n", End::Exit(0))), None);
        assert!(
            judged("%% stderr: compare\n", outcome("a\nb\n", "x\n", End::Exit(0)))
                .unwrap()
                .contains("+x")
        );
        assert!(judged("", outcome("a\nc\n", "", End::Exit(0))).unwrap().contains("+c"));
        assert!(judged("", outcome("a\nb\n", "", End::Exit(1))).unwrap().contains("got Exit(1)"));
        assert!(
            judged("", outcome("a\nb\n", "", End::Killed("by SIGSEGV".into())))
                .unwrap()
                .contains("SIGSEGV")
        );
    }
}
