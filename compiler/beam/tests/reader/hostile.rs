//! Files that are damaged, truncated or made to do harm give errors, in bounded time and memory.

use std::io::Write;
use std::time::{Duration, Instant};

use crate::fixtures::{self, all, fixture, with_chunk, with_range};
use crate::mutation::{Random, mutate};
use beamrc_beam::{Literal, Module};

/// Mutants of each fixture.
const ROUNDS: usize = 600;
/// Generous: a debug build on a busy machine takes milliseconds for a fixture.
const TIME_LIMIT: Duration = Duration::from_secs(20);
const MEMORY_LIMIT_KB: usize = 1 << 20;

/// What later stages do first with a module: walk all of it.
fn use_all(module: &Module) {
    assert!(module.text().to_string().contains("{module,"));
    for literal in &module.literals {
        assert_eq!(literal, &literal.clone());
        assert!(literal.to_external().len() > 1);
    }
}

/// The most memory this process ever had, where the system tells.
fn peak_memory_kb() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// Reads a mutant and notes what came of it.
fn try_mutant(mutant: &[u8], label: &str, tally: &mut (usize, usize)) {
    let start = Instant::now();
    match Module::read(mutant, "mutant") {
        Ok(module) => {
            use_all(&module);
            tally.0 += 1;
        }
        Err(error) => {
            assert!(error.to_string().starts_with("mutant: "), "{error}");
            tally.1 += 1;
        }
    }
    assert!(start.elapsed() < TIME_LIMIT, "{label} took too long");
}

#[test]
fn mutants_give_a_module_or_an_error() {
    let mut random = Random(1);
    let mut tally = (0, 0);
    for path in all() {
        let original = std::fs::read(&path).expect("a fixture");
        for round in 0..ROUNDS {
            let mut mutant = original.clone();
            for _ in 0..=random.below(3) {
                mutate(&mut mutant, &mut random);
            }
            try_mutant(&mutant, &format!("{} mutant {round}", path.display()), &mut tally);
        }
    }
    let (modules, errors) = tally;
    assert!(modules > 100 && errors > 1000, "{modules} modules, {errors} errors");
    let peak = peak_memory_kb();
    assert!(peak < MEMORY_LIMIT_KB, "{peak} KB");
}

/// Damage inside one chunk of a sound container gets past the container's own checks.
#[test]
fn mutants_of_one_chunk_give_a_module_or_an_error() {
    let mut random = Random(2);
    let mut tally = (0, 0);
    for path in all().into_iter().filter(|path| !path.ends_with("poll_packed.beam")) {
        let original = with_plain_literals(&std::fs::read(&path).expect("a fixture"));
        let module = Module::read(&original, "fixture").expect("a sound file");
        for round in 0..ROUNDS {
            let chunk = &module.chunks[random.below(module.chunks.len())];
            let mut data = original[chunk.range.clone()].to_vec();
            mutate(&mut data, &mut random);
            let mutant = with_range(&original, &chunk.range, &data);
            let id = String::from_utf8_lossy(&chunk.id);
            try_mutant(&mutant, &format!("{} {id} {round}", path.display()), &mut tally);
        }
    }
    let (modules, errors) = tally;
    assert!(modules > 1000 && errors > 1000, "{modules} modules, {errors} errors");
    let peak = peak_memory_kb();
    assert!(peak < MEMORY_LIMIT_KB, "{peak} KB");
}

/// The file with its literals as OTP 28 and later write them, so that damage reaches them.
fn with_plain_literals(file: &[u8]) -> Vec<u8> {
    let module = Module::read(file, "fixture").expect("a sound file");
    if module.literals.is_empty() {
        return file.to_vec();
    }
    let mut data = vec![0; 4];
    data.extend_from_slice(&(module.literals.len() as u32).to_be_bytes());
    for term in module.literals.iter().map(Literal::to_external) {
        data.extend_from_slice(&(term.len() as u32).to_be_bytes());
        data.extend_from_slice(&term);
    }
    with_chunk(file, b"LitT", &data)
}

#[test]
fn every_truncation_is_an_error() {
    let (_, bytes) = fixture("29/receives.beam");
    for size in 0..bytes.len() {
        assert!(Module::read(&bytes[..size], "truncated").is_err(), "{size} bytes");
    }
}

/// The smallest fixture, whose code names one literal, with this literal instead.
fn with_literal(term: &[u8]) -> Vec<u8> {
    let mut data = [0, 0, 0, 0, 0, 0, 0, 1].to_vec();
    data.extend_from_slice(&(term.len() as u32).to_be_bytes());
    data.extend_from_slice(term);
    with_chunk(&fixture("27/poll.beam").1, b"LitT", &data)
}

fn literal(term: &[u8]) -> Result<Literal, String> {
    let module = Module::read(&with_literal(term), "made").map_err(|error| error.to_string())?;
    Ok(module.literals[0].clone())
}

/// `term` inside `depth` compound terms.
fn nested(depth: usize, before: &[u8], term: &[u8], after: &[u8]) -> Vec<u8> {
    let mut bytes = vec![131];
    bytes.extend(before.repeat(depth));
    bytes.extend_from_slice(term);
    bytes.extend(after.repeat(depth));
    bytes
}

#[test]
fn literals_nest_to_any_depth() {
    let depth = 300_000;
    let list: (&[u8], &[u8]) = (&[108, 0, 0, 0, 1], &[106]);
    let tuple: (&[u8], &[u8]) = (&[104, 1], &[]);
    let map_key: (&[u8], &[u8]) = (&[116, 0, 0, 0, 1], &[97, 1]);
    for (before, after) in [list, tuple, map_key] {
        let bytes = nested(depth, before, &[98, 0, 0, 3, 232], after);
        let term = literal(&bytes).expect("a deep literal");
        assert_eq!(term.to_external(), bytes);
        assert_eq!(term, literal(&bytes).expect("a deep literal"));
        assert!(term.to_string().len() >= 2 * depth);
        assert!(term.subterms().count() > depth);
    }
}

#[test]
fn lists_in_tails_are_one_list() {
    // [1|[2|[]]] and [1,2] and "\1\2" are the same list.
    let nested = literal(&[131, 108, 0, 0, 0, 1, 97, 1, 108, 0, 0, 0, 1, 97, 2, 106]);
    let text = literal(&[131, 107, 0, 2, 1, 2]);
    let in_tail = literal(&[131, 108, 0, 0, 0, 1, 97, 1, 107, 0, 1, 2]);
    let empty = literal(&[131, 108, 0, 0, 0, 0, 107, 0, 2, 1, 2]);
    assert_eq!(nested, text);
    assert_eq!(in_tail, text);
    assert_eq!(empty, text);
    assert_eq!(text.expect("a list").to_external(), [131, 107, 0, 2, 1, 2]);
}

#[test]
fn terms_that_no_file_may_hold_are_refused() {
    let refused = |term: &[u8], message: &str| {
        let error = literal(term).expect_err(message);
        assert!(error.contains(message) && error.contains("chunk LitT"), "{error}");
    };
    refused(&[131, 88, 0], "a pid");
    refused(&[131, 90, 0], "a reference");
    refused(&[131, 112, 0], "a closure");
    refused(&[131, 80, 0, 0, 0, 9, 0], "a compressed term");
    refused(&[131, 70, 0x7f, 0xf0, 0, 0, 0, 0, 0, 0], "no finite number");
    refused(&[131, 116, 0, 0, 0, 2, 97, 1, 106, 98, 0, 0, 0, 1, 106], "a key twice");
    refused(&[131, 118, 0, 1, 0xff], "no UTF-8");
    refused(&[131, 77, 0, 0, 0, 1, 9, 0], "number of bits");
    refused(&[131, 106, 106], "1 bytes after the term");
    refused(&[131, 105, 0xff, 0xff, 0xff, 0xff], "cannot lie in 0 bytes");
    refused(&[130, 106], "begin with 131");
}

/// Literals of `count` bytes 106, packed.
fn bomb(count: u32) -> Vec<u8> {
    let size = count + 7;
    let mut plain = [0, 0, 0, 1].to_vec();
    plain.extend_from_slice(&size.to_be_bytes());
    plain.extend_from_slice(&[131, 108]);
    plain.extend_from_slice(&count.to_be_bytes());
    plain.resize(plain.len() + count as usize + 1, 106);
    let mut data = (plain.len() as u32).to_be_bytes().to_vec();
    let mut packer = flate2::write::ZlibEncoder::new(&mut data, flate2::Compression::fast());
    packer.write_all(&plain).and_then(|()| packer.try_finish()).expect("packed literals");
    drop(packer);
    with_chunk(&fixture("27/poll.beam").1, b"LitT", &data)
}

#[test]
fn packed_literals_are_bounded() {
    let error = |file: &[u8]| Module::read(file, "bomb").expect_err("too much").to_string();
    assert!(Module::read(&bomb(100_000), "bomb").is_ok());
    assert!(error(&bomb(9_000_000)).contains("terms in the literals of one module"));
    assert!(error(&bomb(70_000_000)).contains("cannot unpack to"));
    let mut lie = bomb(1000);
    let size = fixtures::chunk(&lie, b"LitT").start;
    lie[size + 3] ^= 1;
    assert!(error(&lie).contains("do not unpack to the"));
    lie[size] = 1;
    assert!(error(&lie).contains("cannot unpack to"));
}
