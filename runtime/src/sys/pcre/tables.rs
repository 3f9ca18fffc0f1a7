//! What PCRE knows of the characters of Latin-1, in the layout that it wants: lower case, the other
//! case, classes as sets, kinds.

/// Inclusive ranges.
type Set = &'static [(u8, u8)];

const UPPER: Set = &[(b'A', b'Z'), (0xc0, 0xd6), (0xd8, 0xde)];
/// Without a counterpart among the upper ones: 0xaa, 0xb5, 0xba, 0xdf, 0xff.
const LOWER: Set =
    &[(b'a', b'z'), (0xaa, 0xaa), (0xb5, 0xb5), (0xba, 0xba), (0xdf, 0xf6), (0xf8, 0xff)];
const SPACE: Set = &[(9, 13), (b' ', b' ')];
const DIGIT: Set = &[(b'0', b'9')];
const XDIGIT: Set = &[(b'0', b'9'), (b'A', b'F'), (b'a', b'f')];
const GRAPH: Set = &[(0x21, 0x7e), (0xa0, 0xff)];
const PRINT: Set = &[(0x20, 0x7e), (0xa0, 0xff)];
const PUNCT: Set = &[
    (0x21, 0x2f),
    (0x3a, 0x40),
    (0x5b, 0x60),
    (0x7b, 0x7e),
    (0xa0, 0xa9),
    (0xab, 0xb4),
    (0xb6, 0xb9),
    (0xbb, 0xbf),
    (0xd7, 0xd7),
    (0xf7, 0xf7),
];
const CNTRL: Set = &[(0, 0x1f), (0x7f, 0x9f)];

const fn has(set: Set, character: u8) -> bool {
    let mut i = 0;
    while i < set.len() {
        if set[i].0 <= character && character <= set[i].1 {
            return true;
        }
        i += 1;
    }
    false
}
const fn is_word(character: u8) -> bool {
    has(UPPER, character) || has(LOWER, character) || has(DIGIT, character) || character == b'_'
}
const fn lower(character: u8) -> u8 {
    if has(UPPER, character) { character + 0x20 } else { character }
}
const fn flipped(character: u8) -> u8 {
    if character >= 0x20 && has(UPPER, character - 0x20) {
        character - 0x20
    } else {
        lower(character)
    }
}

const FLIPPED: usize = 256;
const CLASSES: usize = 512;
const CLASS_BYTES: usize = 32;
const WORD_CLASS: usize = 5;
const KINDS: usize = CLASSES + 10 * CLASS_BYTES;

pub(super) static LATIN_1: [u8; KINDS + 256] = {
    let sets: [Set; 10] = [SPACE, XDIGIT, DIGIT, UPPER, LOWER, &[], GRAPH, PRINT, PUNCT, CNTRL];
    let mut tables = [0; KINDS + 256];
    let mut i = 0;
    while i < 256 {
        let character = i as u8;
        tables[i] = lower(character);
        tables[FLIPPED + i] = flipped(character);
        let mut class = 0;
        while class < sets.len() {
            if has(sets[class], character) || class == WORD_CLASS && is_word(character) {
                tables[CLASSES + class * CLASS_BYTES + i / 8] |= 1 << (i % 8);
            }
            class += 1;
        }
        let letter = has(UPPER, character) || has(LOWER, character);
        tables[KINDS + i] = has(SPACE, character) as u8
            | (letter as u8) << 1
            | (has(LOWER, character) as u8) << 2
            | (has(DIGIT, character) as u8) << 3
            | (is_word(character) as u8) << 4;
        i += 1;
    }
    tables
};
