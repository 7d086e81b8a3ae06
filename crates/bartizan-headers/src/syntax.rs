//! The pieces of RFC 9110's grammar that several fields share: tokens, quoted strings, separators.
//!
//! Structured fields (RFC 9651) are not read here; the crate `sfv` does that.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

/// Whether the byte may stand in a token (RFC 9110, 5.6.2).
pub(crate) const fn is_token_byte(byte: u8) -> bool {
    matches!(byte,
        b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' | b'*' | b'+' | b'-' | b'.' | b'^' | b'_' | b'`' | b'|' | b'~'
        | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z')
}

/// Whether the text is a token: not empty, and of token bytes only.
pub(crate) fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(is_token_byte)
}

/// Returns the text without optional white space at its ends (RFC 9110, 5.6.3).
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

/// Returns the trimmed parts between separators, leaving separators inside quoted strings alone.
pub(crate) fn split_outside_quotes(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    let mut escaped = false;
    text.split(move |c: char| {
        if escaped {
            escaped = false;
        } else if quoted && c == '\\' {
            escaped = true;
        } else if c == '"' {
            quoted = !quoted;
        } else if c == separator && !quoted {
            return true;
        }
        false
    })
    .map(trim)
}

/// Returns the meaning of a token or quoted string; nothing when the text is neither.
pub(crate) fn unquote(text: &str) -> Option<Cow<'_, str>> {
    let Some(rest) = text.strip_prefix('"') else {
        return is_token(text).then_some(Cow::Borrowed(text));
    };
    let inner = rest.strip_suffix('"')?;
    if !inner.contains(['\\', '"']) {
        return Some(Cow::Borrowed(inner));
    }
    let mut meaning = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => return None,
            '\\' => meaning.push(chars.next()?),
            other => meaning.push(other),
        }
    }
    Some(Cow::Owned(meaning))
}

/// Writes the value as a token if it is one, else as a quoted string.
pub(crate) fn write_value(f: &mut fmt::Formatter<'_>, value: &str) -> fmt::Result {
    if is_token(value) {
        return f.write_str(value);
    }
    write_quoted(f, value)
}

/// Writes the value as a quoted string.
pub(crate) fn write_quoted(f: &mut fmt::Formatter<'_>, value: &str) -> fmt::Result {
    f.write_char('"')?;
    for c in value.chars() {
        if matches!(c, '"' | '\\') {
            f.write_char('\\')?;
        }
        f.write_char(c)?;
    }
    f.write_char('"')
}

/// Writes the items with a separator between them.
pub(crate) fn write_joined<T: fmt::Display>(f: &mut fmt::Formatter<'_>, items: &[T], separator: &str) -> fmt::Result {
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            f.write_str(separator)?;
        }
        write!(f, "{item}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_in_quotes_do_not_separate() {
        for (text, parts) in [
            ("a; b", vec!["a", "b"]),
            (r#"a=";" ;b"#, vec![r#"a=";""#, "b"]),
            (r#"a="\";";b"#, vec![r#"a="\";""#, "b"]),
            ("", vec![""]),
        ] {
            assert_eq!(split_outside_quotes(text, ';').collect::<Vec<_>>(), parts, "{text}");
        }
    }

    #[test]
    fn quoted_strings_are_understood() {
        for (text, meaning) in [
            ("abc", Some("abc")),
            (r#""a b""#, Some("a b")),
            (r#""a\"b""#, Some("a\"b")),
            (r#""""#, Some("")),
            ("a b", None),
            (r#""a"#, None),
            (r#"""#, None),
            (r#""a"b""#, None),
            (r#""a\""#, None),
            ("", None),
        ] {
            assert_eq!(unquote(text).as_deref(), meaning, "{text}");
        }
    }
}
