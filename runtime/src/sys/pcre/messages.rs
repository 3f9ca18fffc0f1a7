//! What PCRE 8.44 says of expressions that it cannot read, by PCRE2's number of the error. Where
//! both say the same, the text is PCRE2's own.

use pcre2_sys as c;

/// Messages that differ, by the error's number less 100.
const OLDER: &[(i32, &str)] = &[
    (7, "invalid escape sequence in character class"),
    (9, "nothing to repeat"),
    (14, "missing )"),
    (16, "erroffset passed as NULL"),
    (17, "unknown option bit(s) set"),
    (18, "missing ) after comment"),
    (19, "regular expression is too complicated"),
    (21, "failed to get memory"),
    (22, "unmatched parentheses"),
    (24, "malformed number or name after (?("),
    (25, "lookbehind assertion is not fixed length"),
    (26, "a numbered reference must not be zero"),
    (27, "conditional group contains more than two branches"),
    (28, "assertion expected after (?( or (?(?C)"),
    (29, "digit expected after (?+"),
    (33, "parentheses are too deeply nested (stack check)"),
    (34, "character value in \\x{} or \\o{} is too large"),
    (36, "\\C not allowed in lookbehind assertion"),
    (37, "PCRE does not support \\L, \\l, \\N{name}, \\U, or \\u"),
    (38, "number after (?C is > 255"),
    (39, "closing ) for (?C expected"),
    (42, "syntax error in subpattern name (missing terminator)"),
    (43, "two named subpatterns have the same name"),
    (44, "group name must start with a non-digit"),
    (47, "unknown property name after \\P or \\p"),
    (48, "subpattern name is too long (maximum 32 characters)"),
    (54, "DEFINE group contains more than one branch"),
    (58, "(?R or (?[+-]digits must be followed by )"),
    (61, "number is too big"),
    (68, "\\c must be followed by an ASCII character"),
    (74, "setting UTF is disabled by the application"),
    (77, "character value in \\u.... sequence is too large"),
    (78, "digits missing in \\x{} or \\o{}"),
    (79, "malformed number or name after (?("),
];

/// What PCRE 8.44 says of an error of `pcre2_compile`.
pub(super) fn older_text(error: i32) -> String {
    if error < 0 {
        return "invalid UTF-8 string".into();
    }
    match OLDER.iter().find(|(number, _)| number + 100 == error) {
        Some((_, text)) => (*text).into(),
        None => own_text(error),
    }
}

/// What PCRE2 10.47 says.
pub(super) fn newer_text(error: i32) -> String {
    match error {
        129 => "digit expected after (?+".into(),
        _ => own_text(error),
    }
}

fn own_text(error: i32) -> String {
    let mut buffer = [0u8; 256];
    // SAFETY: address and length are those of the buffer.
    let length = unsafe { c::pcre2_get_error_message_8(error, buffer.as_mut_ptr(), buffer.len()) };
    let length = usize::try_from(length).unwrap_or(0);
    String::from_utf8_lossy(&buffer[..length]).into_owned()
}
