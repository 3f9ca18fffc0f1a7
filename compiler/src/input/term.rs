//! Reads the one term of a file such as `.app` files, as `file:consult/1` does.

use beamrc_beam::{Literal, TermParser};

/// The term, up to its full stop.
pub(super) fn parse(text: &str) -> Result<Literal, String> {
    let mut parser = TermParser::new(text);
    let term = parser.term()?;
    parser.expect(".")?;
    Ok(term)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_term_ends_with_a_full_stop() {
        let parsed = |text| parse(text).map(|term| term.to_string());
        assert_eq!(parsed("% comment\n{vsn, 1.5} .").as_deref(), Ok("{vsn,1.5}"));
        assert_eq!(parsed("{a} b"), Err("line 1: expected \".\", found 'b'".into()));
    }
}
