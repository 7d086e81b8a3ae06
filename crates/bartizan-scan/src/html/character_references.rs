//! Character references in attribute values (HTML, 13.2.5.73).

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Returns the value with its references replaced.
pub(super) fn decode(value: &str) -> Cow<'_, str> {
    if !value.contains('&') {
        return Cow::Borrowed(value);
    }
    let mut decoded = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at(at);
        decoded.push_str(before);
        match reference(from) {
            Some((text, length)) => {
                decoded.push_str(&text);
                rest = from.get(length..).unwrap_or_default();
            }
            None => {
                decoded.push('&');
                rest = from.get(1..).unwrap_or_default();
            }
        }
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

/// Reads a reference that begins with an ampersand; returns its text and its length.
fn reference(from: &str) -> Option<(Cow<'static, str>, usize)> {
    let body = from.get(1..)?;
    match body.strip_prefix('#') {
        Some(number) => numeric(number).map(|(c, length)| (c.to_string().into(), length + 2)),
        None => named(body),
    }
}

fn numeric(number: &str) -> Option<(char, usize)> {
    let (digits, radix, before) = match number.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16, 1),
        None => (number, 10, 0),
    };
    let end = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
    let figures = digits.get(..end).filter(|figures| !figures.is_empty())?;
    let semicolon = usize::from(digits.as_bytes().get(end) == Some(&b';'));
    // More figures than a number can hold are beyond Unicode anyway.
    let code = u32::from_str_radix(figures, radix).unwrap_or(u32::MAX);
    Some((character(code), before + end + semicolon))
}

/// Returns the character of a number; some numbers mean what they mean in windows-1252.
fn character(code: u32) -> char {
    let of_windows = code.checked_sub(0x80).and_then(|at| WINDOWS_1252.chars().nth(at.try_into().ok()?));
    match of_windows {
        Some(c) if code < 0xa0 => c,
        _ if code == 0 => char::REPLACEMENT_CHARACTER,
        _ => char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

fn named(body: &str) -> Option<(Cow<'static, str>, usize)> {
    let end = body.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(body.len()).min(LONGEST);
    let bytes = body.as_bytes();
    if bytes.get(end) == Some(&b';')
        && let Some(text) = NAMES.get(body.get(..=end)?)
    {
        return Some((Cow::Borrowed(text), end + 2));
    }
    // Some old names need no semicolon; in an attribute only where no letter, digit or equals sign follows.
    let length = (1..=end).rev().find(|length| body.get(..*length).is_some_and(|name| NAMES.contains_key(name)))?;
    if bytes.get(length).is_some_and(|next| next.is_ascii_alphanumeric() || *next == b'=') {
        return None;
    }
    Some((Cow::Borrowed(NAMES.get(body.get(..length)?)?), length + 1))
}

/// The longest name has 32 letters.
const LONGEST: usize = 32;

/// The characters 80 to 9F (HTML, 13.2.5.80); those that stay are written as they are.
const WINDOWS_1252: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";

/// The names of HTML, 13.5, with a semicolon where they need one.
static NAMES: LazyLock<HashMap<&'static str, String>> = LazyLock::new(|| {
    let entry = |word: &'static str| {
        let (name, codes) = word.split_once('=')?;
        let codes = codes.split(',').filter_map(|code| u32::from_str_radix(code, 16).ok());
        Some((name, codes.filter_map(char::from_u32).collect()))
    };
    include_str!("character_references.txt").split_whitespace().filter_map(entry).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_those_of_attributes() {
        for (value, text) in [
            ("a", "a"),
            ("&#39;none&#39;", "'none'"),
            ("&#x27;&#X27", "''"),
            ("&apos;&quot;&lt;", "'\"<"),
            ("?a=1&amp;b=2&copy=3&copy", "?a=1&b=2&copy=3©"),
            ("&notit;&notin;", "&notit;∉"),
            ("&colon;&sol;&nope;&", ":/&nope;&"),
            ("&#0;&#128;&#x110000;&#99999999999;&#xD800;", "\u{fffd}€\u{fffd}\u{fffd}\u{fffd}"),
            ("&#;&#x;&#xg", "&#;&#x;&#xg"),
            ("&acE;", "\u{223e}\u{333}"),
        ] {
            assert_eq!(decode(value), text, "{value}");
        }
        assert_eq!(NAMES.len(), 2231);
    }
}
