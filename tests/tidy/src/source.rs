//! Every text file of the project, and Rust code without what is no code.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

pub struct Source {
    /// From the project's root, with `/`.
    pub path: String,
    pub text: String,
}

impl Source {
    pub fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Whether the file as a whole is a test.
    pub fn is_test(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        let parts = ["tests", "examples", "benches"];
        let folder = |part: &str| {
            self.path.starts_with(&format!("{part}/")) || self.path.contains(&format!("/{part}/"))
        };
        name == "tests.rs" || parts.into_iter().any(folder)
    }

    /// The line of the module of tests that ends a file, counted from 0, or the number of lines.
    pub fn tests_begin(&self) -> usize {
        let code = self.code();
        let begins = |pair: &[String]| {
            pair[0].trim() == "#[cfg(test)]" && pair[1].contains("mod ") && pair[1].ends_with('{')
        };
        code.windows(2).position(begins).unwrap_or(code.len())
    }

    /// Line by line, without comments and what stands in strings.
    pub fn code(&self) -> Vec<String> {
        code(&self.text).lines().map(str::to_owned).collect()
    }
}

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// All text files, by path. What builds leave behind is not the project's.
pub fn all() -> &'static [Source] {
    static ALL: OnceLock<Vec<Source>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut sources = Vec::new();
        read_folder(&root(), "", &mut sources);
        sources.sort_by(|a, b| a.path.cmp(&b.path));
        assert!(sources.len() > 300, "only {} files found", sources.len());
        sources
    })
}

pub fn rust() -> impl Iterator<Item = &'static Source> {
    all().iter().filter(|source| source.is_rust())
}

fn read_folder(folder: &Path, prefix: &str, sources: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).expect("a readable folder").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let (path, from_root) = (entry.path(), format!("{prefix}{name}"));
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            let hidden = name.starts_with('.') && name != ".ci";
            let built = path.join("CACHEDIR.TAG").exists() || name == "build";
            if !hidden && !built {
                read_folder(&path, &format!("{from_root}/"), sources);
            }
        } else if name.starts_with('.') && name != ".gitignore" {
            // Such as what git leaves in a second work tree.
        } else if let Ok(text) = fs::read_to_string(&path) {
            sources.push(Source { path: from_root, text });
        }
    }
}

/// The text with comments and the insides of strings and characters left out, line for line.
fn code(text: &str) -> String {
    let mut code = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(hashes) = raw_string(rest) {
            let end = format!("\"{}", "#".repeat(hashes));
            let start = hashes + 2;
            rest[start..].find(&end).map_or(rest.len(), |at| start + at + end.len())
        } else if c == '"' {
            closed(rest, '"')
        } else if c == '\'' && is_character(rest) {
            closed(rest, '\'')
        } else {
            let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            let length = word.max(c.len_utf8());
            code.push_str(&rest[..length]);
            rest = &rest[length..];
            continue;
        };
        code.extend(rest[..length].chars().filter(|c| *c == '\n'));
        rest = &rest[length..];
    }
    code
}

/// The number of `#` of a raw string that begins here.
fn raw_string(text: &str) -> Option<usize> {
    let after = text.strip_prefix('r')?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    after[hashes..].starts_with('"').then_some(hashes)
}

/// Whether the quote begins a character and no lifetime.
fn is_character(text: &str) -> bool {
    let mut chars = text.chars().skip(1);
    match (chars.next(), chars.next()) {
        (Some('\\'), _) => true,
        (Some(_), Some('\'')) => true,
        _ => false,
    }
}

/// The length of the quoted text at the start.
fn closed(text: &str, quote: char) -> usize {
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        if c == '\\' {
            chars.next();
        } else if c == quote {
            return at + 1;
        }
    }
    text.len()
}

#[test]
fn code_has_neither_comments_nor_strings() {
    let text = "let a = \"un//safe \\\" x\"; // unsafe\nlet b: &'a str = r#\"x \" \n y\"#; /* z\n */ let c = '\\'' + '\"';";
    assert_eq!(code(text), "let a = ; \nlet b: &'a str = \n; \n let c =  + ;");
}
