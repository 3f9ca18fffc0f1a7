//! Every BIF is called by a table of `tests/bifs` or by a program of `tests/programs`, so that it
//! is compared with OTP's with arguments that mean something; `tests/bifs/cross` calls each with
//! arguments of all kinds.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What no comparison with `erl` can call, and why.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("beamrc_native:", "OTP has no such module"),
    ("erlang:halt/", "the tables have its errors; its success ends a program"),
    ("re:beamrc_", "what the shim's re:compile and re:run call"),
    ("re:internal_run/4", "what re:replace and re:split call"),
    ("erlang:display", "writes past the comparison's buffer"),
    ("erts_internal:erase_persistent_terms/0", "takes OTP's own persistent terms away"),
    ("erlang:loaded/0", "what is linked is no more than what is needed"),
    ("erlang:exit_signal/2", "what erlang:exit/2 is made of here"),
    ("erts_internal:ets_", "what functions of ets are made of, which are compared"),
    ("crypto:", "what functions of crypto are made of, which a table and programs compare"),
    ("zlib:", "what functions of zlib are made of, which a table and programs compare"),
    ("prim_file:", "what functions of prim_file are made of, which a table compares"),
    ("erts_internal:garbage_collect/1", "behind erlang:garbage_collect"),
    ("erts_internal:group_leader/", "behind erlang:group_leader"),
    ("erts_internal:process_flag/3", "behind erlang:process_flag"),
    ("erts_internal:request_system_task/3", "behind erlang:garbage_collect and check_process_code"),
    ("erts_internal:spawn_request/4", "behind erlang:spawn_request"),
    ("erts_internal:suspend_process/2", "behind erlang:suspend_process"),
    ("ets:internal_", "behind functions of ets that are compared"),
    ("ets:match_spec_run_r/3", "behind ets:match_spec_run/2"),
    ("ets:select_reverse/1", "a continuation's other half"),
    ("erlang:pre_loaded/0", "what is linked is no more than what is needed"),
];

fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
    let entries = fs::read_dir(&root).unwrap_or_else(|error| panic!("{}: {error}", root.display()));
    entries
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.extension().is_some_and(|e| e == extension))
        .collect()
}

/// Signs with one angle in them are no brackets.
fn without_arrows(text: &str) -> String {
    let signs = ["=>", "->", "=<", ">=", "<-", "<="];
    signs.iter().fold(text.to_owned(), |text, sign| text.replace(sign, "=="))
}

/// The number of arguments of a call whose arguments `text` starts with.
fn arity(text: &str) -> Option<usize> {
    let (mut depth, mut commas, mut empty, mut quote) = (0, 0, true, None);
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        match (c, quote) {
            ('\\' | '$', _) => drop(characters.next()),
            (_, Some(q)) if c == q => quote = None,
            (_, Some(_)) => {}
            ('"' | '\'', None) => (quote, empty) = (Some(c), false),
            (')', None) if depth == 0 => return Some(if empty { 0 } else { commas + 1 }),
            ('(' | '[' | '{' | '<', None) => (depth, empty) = (depth + 1, false),
            (')' | ']' | '}' | '>', None) => depth -= 1,
            (',', None) if depth == 0 => commas += 1,
            _ => empty &= c.is_whitespace(),
        }
    }
    None
}

/// `Module:Function/Arity` of all calls of this function; local calls count as such of `erlang`.
fn is_called(text: &str, module: &str, name: &str, wanted: usize) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':' || c == '\'';
    let names = [format!("{module}:{name}("), format!("{module}:'{name}'(")];
    let local = (module == "erlang").then(|| format!("{name}("));
    names.iter().chain(&local).any(|call| {
        text.match_indices(call.as_str()).any(|(at, _)| {
            !text[..at].ends_with(is_word) && arity(&text[at + call.len()..]) == Some(wanted)
        })
    })
}

/// Operators are called by being written between their operands.
fn is_operator(name: &str) -> bool {
    !name.starts_with(|c: char| c.is_ascii_lowercase())
}

#[test]
fn every_bif_is_compared() {
    let sources = [("tests/bifs", "table"), ("tests/programs", "erl")];
    let paths = sources.iter().flat_map(|(folder, ext)| files(folder, ext));
    let texts: Vec<String> = paths
        .map(|path| fs::read_to_string(path).expect("a text"))
        .map(|text| without_arrows(&text))
        .collect();
    let mut missing = BTreeSet::new();
    for bif in beamrc_abi::bifs::all() {
        let row = format!("{}:{}/{}", bif.module, bif.name, bif.arity);
        let excepted = EXCEPTIONS.iter().any(|(prefix, _)| row.starts_with(prefix));
        let called = texts.iter().any(|text| {
            is_called(text, bif.module, bif.name, bif.arity)
                || is_operator(bif.name) && text.contains(&without_arrows(bif.name))
        });
        if !excepted && !called {
            missing.insert(row);
        }
    }
    assert!(missing.is_empty(), "no table calls {missing:#?}");
}

#[test]
fn arguments_are_counted() {
    assert_eq!(arity(")"), Some(0));
    assert_eq!(arity("a)"), Some(1));
    assert_eq!(arity("{a, b}, \"x,)\", $,, <<1, 2>>)"), Some(4));
    assert_eq!(arity("f(a, b), [])"), Some(2));
    assert_eq!(arity(&without_arrows("#{a => b}, x -> y)")), Some(2));
}
