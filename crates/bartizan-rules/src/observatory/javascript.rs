//! What text functions of JavaScript do, where they differ from those of Rust.

/// Returns the text without the white space that JavaScript trims.
pub fn trim(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// Whether `\s` matches the character (ECMA-262, WhiteSpace and LineTerminator): not NEL, but the byte order mark.
pub(super) const fn is_space(c: char) -> bool {
    matches!(
        c,
        '\t'..='\r' | ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}' | '\u{feff}'
    )
}

/// Returns the first so many UTF-16 units.
pub(super) fn prefix(text: &str, units: usize) -> &str {
    let mut left = units;
    let end = text.char_indices().find(|(_, c)| match left.checked_sub(c.len_utf16()) {
        Some(rest) => {
            left = rest;
            false
        }
        None => true,
    });
    end.map_or(text, |(at, _)| &text[..at])
}

/// Returns what `parseInt(text, 10)` makes of the text; NaN where there is no digit.
pub(super) fn parse_int(text: &str) -> f64 {
    let text = text.trim_start_matches(is_space);
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse::<f64>().map_or(f64::NAN, |number| sign * number)
}

/// Returns what `decodeURIComponent` makes of the text; `None` where it throws.
pub(super) fn decode_uri_component(text: &str) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(if byte == b'%' {
            let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
            let (high, low) = (digit(bytes.next())?, digit(bytes.next())?);
            u8::try_from(high * 16 + low).ok()?
        } else {
            byte
        });
    }
    // What is decoded must be UTF-8; what was not escaped is UTF-8 already.
    std::str::from_utf8(&decoded).is_ok().then_some(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_end_where_digits_end() {
        for (text, number) in
            [("31536000", 3.1536e7_f64), (" 12x", 12.0), ("-1", -1.0), ("0x1e13380", 0.0), ("3.1e7", 3.0)]
        {
            assert_eq!(parse_int(text).to_bits(), number.to_bits(), "{text}");
        }
        for text in ["", "abc", "\"31536000\"", "-"] {
            assert!(parse_int(text).is_nan(), "{text}");
        }
    }

    #[test]
    fn white_space_is_that_of_javascript() {
        assert_eq!(trim("\u{feff}\u{a0} x \u{2003}"), "x");
        assert_eq!(trim("\u{85}x"), "\u{85}x");
    }

    #[test]
    fn prefixes_count_utf_16_units() {
        assert_eq!(prefix("aé😀b", 2), "aé");
        assert_eq!(prefix("aé😀b", 3), "aé"); // half a surrogate pair is dropped
        assert_eq!(prefix("aé😀b", 4), "aé😀");
        assert_eq!(prefix("ab", 9), "ab");
    }

    #[test]
    fn faulty_escapes_throw() {
        for (text, is_fine) in [("a%20b", true), ("%c3%a9", true), ("%zz", false), ("%c3", false), ("%", false)] {
            assert_eq!(decode_uri_component(text).is_some(), is_fine, "{text}");
        }
    }
}
