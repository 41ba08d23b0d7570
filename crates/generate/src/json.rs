//! Texts as JSON has them, written as the vendors' languages do.

use std::fmt::Write;

/// Who wrote the JSON.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// `json.Marshal`: `<`, `>` and `&` as numbers.
    Go,
    /// `json_encode`: slashes behind backslashes, only ASCII.
    Php,
    /// `JSON.stringify`: as plain as can be.
    JavaScript,
}

/// Adds a text in quotes.
pub(crate) fn add_text(text: &mut String, plain: &str, dialect: Dialect) {
    text.push('"');
    for character in plain.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '/' if dialect == Dialect::Php => text.push_str("\\/"),
            '<' | '>' | '&' if dialect == Dialect::Go => add_units(text, character),
            '\0'..' ' => add_units(text, character),
            '\u{7f}'.. if dialect == Dialect::Php => add_units(text, character),
            other => text.push(other),
        }
    }
    text.push('"');
}

/// UTF-16, so two for what is beyond the first plane.
fn add_units(text: &mut String, character: char) {
    for unit in character.encode_utf16(&mut [0; 2]) {
        let _ = write!(text, "\\u{unit:04x}");
    }
}

/// Adds a name with its text, and a comma before it where it is not the first.
pub(crate) fn add_member(text: &mut String, name: &str, plain: &str, dialect: Dialect) {
    if !text.ends_with('{') {
        text.push(',');
    }
    let _ = write!(text, "\"{name}\":");
    add_text(text, plain, dialect);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_writes_its_own_way() {
        let plain = "a/b <\"é\\👩\">\n";
        for (dialect, written) in [
            (Dialect::Go, r#""a/b \u003c\"é\\👩\"\u003e\n""#),
            (Dialect::Php, r#""a\/b <\"\u00e9\\\ud83d\udc69\">\n""#),
            (Dialect::JavaScript, r#""a/b <\"é\\👩\">\n""#),
        ] {
            let mut text = String::new();
            add_text(&mut text, plain, dialect);
            assert_eq!(text, written);
        }
    }
}
