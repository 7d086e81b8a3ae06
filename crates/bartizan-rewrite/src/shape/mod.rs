//! A script without the values that vary: what stays the same when only data changed.
//!
//! Pages write data into their scripts: a token, an id, the name of who is signed in. The digest of such a script is
//! never twice the same. Its shape is its text with harmless values taken out. Whoever can write a script of his own
//! into the page gains nothing by giving it a known shape, for only such values may differ as carry no markup, no call,
//! no scheme and no other origin. Where code and values cannot be told apart for certain, there is no shape.

mod json;
mod verbatim;

use crate::digest::Digest;

/// Returns the digest of the script's shape; nothing if it has none, or none other than its text.
pub fn shape(script: &str) -> Option<Digest> {
    // A data island of a large app may be megabytes; its shape is not worth the time.
    if script.len() > LONGEST {
        return None;
    }
    let form = form(script)?;
    (form != script).then(|| Digest::of(&form))
}

/// The longest script whose shape is looked for, in bytes.
const LONGEST: usize = 256 << 10;

/// The longest value that may vary, in characters: some tokens hold all that a browser said, cookies as well.
const LONGEST_VALUE: usize = 8 << 10;

/// Stands for a value. It cannot be written in a script, so no script can contain it.
const VALUE: &str = "\u{0}";

fn form(script: &str) -> Option<String> {
    if script.contains('\0') {
        return None;
    }
    let mut form = String::with_capacity(script.len());
    let mut rest = script;
    // What is tried in vain is read again, once for each bracket around it.
    let mut budget = script.len().saturating_mul(8);
    while let Some(first) = rest.chars().next() {
        match first {
            '{' | '[' if is_value_place(&form) && budget > 0 => {
                let read = json::harmless(rest, &may_vary);
                budget = budget.saturating_sub(read.len);
                let after = rest.get(read.len..).filter(|_| read.is_whole);
                if let Some(after) = after {
                    push_value(&mut form);
                    rest = after;
                } else {
                    form.push(first);
                    rest = rest.get(1..)?;
                }
            }
            '"' | '\'' => {
                let (value, after) = quoted(rest, first)?;
                if may_vary(value) && !is_index(&form) {
                    push_value(&mut form);
                } else {
                    form.push_str(rest.get(..rest.len() - after.len())?);
                }
                rest = after;
            }
            // What these say is code or steers it, and one that was taken for another could make code look like a value.
            '`' | '/' => {
                let after = match first {
                    '`' => verbatim::template(rest),
                    _ => verbatim::comment(rest).or_else(|| verbatim::regex(rest, &form)),
                }?;
                form.push_str(rest.get(..rest.len() - after.len())?);
                rest = after;
            }
            '0'..='9' if !form.ends_with(is_word) => {
                let after = rest.trim_start_matches(|next: char| next.is_ascii_digit());
                // `0x1f`, `1e9`, `12n` and `1.5` stay as they are.
                let end = after.trim_start_matches(|next: char| is_word(next) || next == '.');
                if end.len() == after.len() {
                    push_value(&mut form);
                } else {
                    form.push_str(rest.get(..rest.len() - end.len())?);
                }
                rest = end;
            }
            other => {
                form.push(other);
                rest = rest.get(other.len_utf8()..)?;
            }
        }
    }
    Some(form)
}

/// Whether a bracket here begins data, and neither a block nor an index.
fn is_value_place(form: &str) -> bool {
    form.trim_end().ends_with(['=', '(', ',', ':', '[']) && !form.trim_end().ends_with("=>")
}

/// Whether what comes next names a member: another name is another call.
fn is_index(form: &str) -> bool {
    let before = form.trim_end().strip_suffix('[').map(str::trim_end);
    before.is_some_and(|before| before.ends_with(|c: char| is_word(c) || matches!(c, ')' | ']' | '"' | '\'')))
}

/// Adds a value; one more in a list of values changes nothing.
fn push_value(form: &mut String) {
    let before = form.trim_end();
    let repeats = before.strip_suffix(',').is_some_and(|list| list.trim_end().ends_with(VALUE));
    if repeats {
        let end = before.len() - 1;
        form.truncate(end);
        let end = form.trim_end().len();
        form.truncate(end);
    } else {
        form.push_str(VALUE);
    }
}

/// Returns what stands between the quotes, and what follows them.
fn quoted(text: &str, quote: char) -> Option<(&str, &str)> {
    let inner = text.get(1..)?;
    let mut is_escaped = false;
    for (at, next) in inner.char_indices() {
        match next {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            // A string ends on its line, so this is no string, whatever it is.
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => return None,
            _ if next == quote => return Some((inner.get(..at)?, inner.get(at + 1..)?)),
            _ => {}
        }
    }
    None
}

/// Whether a value may differ from those seen before.
fn may_vary(value: &str) -> bool {
    let harmless = |c: char| {
        c.is_alphanumeric()
            || matches!(c, ' ' | '-' | '_' | '.' | ',' | ':' | '/' | '+' | '=' | '@' | '#' | '?' | '&' | '%')
    };
    let lower = value.to_ascii_lowercase();
    value.chars().count() <= LONGEST_VALUE
        && value.chars().all(harmless)
        && !value.starts_with("//")
        && !SCHEMES.iter().any(|scheme| lower.trim_start().starts_with(scheme))
        && !lower.contains("://")
}

/// Schemes that run code or leave the site.
const SCHEMES: &[&str] = &["blob:", "data:", "filesystem:", "javascript:", "vbscript:"];

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '$')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(one: &str, other: &str, is_same: bool) {
        let (first, second) = (shape(one), shape(other));
        assert_eq!(first.is_some() && first == second, is_same, "{one} {other}");
    }

    #[test]
    fn harmless_values_may_differ() {
        for (one, other, is_same) in [
            ("var token = 'abc';", "var token = 'xyz-1';", true),
            ("var id = 17;", "var id = 4;", true),
            ("f({user: \"ann\", page: 3})", "f({user: \"bob\", page: 44})", true),
            ("x = ['a', 'b'];", "x = ['a', 'b', 'c'];", true),
            ("x = '/static/a.js';", "x = '/static/b.js';", true),
            ("x = 'a'; // it's", "x = 'b'; // it's", true),
            ("x = {\"a\": [1, true], \"b\": null}", "x = {\"c\": [{\"d\": -1.5e3}]}", true), // data of any form
            ("f({\"a\": \"b\"}, 1)", "f([], 1)", true),
            ("x = {\"a\": \"b\"}", "x = {\"a\": \"//evil.example\"}", false),
            ("x = {\"a\": \"b\"}", "x = {\"a\": \"<b>\"}", false),
            ("x = {\"a\": \"b\"}", "x = {\"<b>\": \"b\"}", false), // a name may be written into a page as well
            ("x = {\"a\": 1}", "x = {\"a\": evil()}", false),
            ("x = {\"a\": 1}", "x = {\"a\": 1, [evil()]: 1}", false),
            ("x = {\"a\": 1}", "x = {\"a\": 1}.b", false),
            ("x[\"a\"](1)", "x[\"b\"](1)", false), // an index
            ("x[\"a\"](1)", "x[\"b\", \"c\"](1)", false),
            ("x[0] = 'a'", "x[1] = 'b'", true),
            ("if (x) {\"a\"}", "if (x) {\"a\"; \"b\"}", false), // a block
            ("x1 = 'a'", "x2 = 'a'", false),                    // a name is no value
            ("var a = 'x';", "var a = 'x'; evil()", false),     // more code
            ("location = '/a'", "location = '//evil.example'", false), // another origin
            ("location = '/a'", "location = 'javascript:evil()'", false), // a call
            ("e.innerHTML = 'a'", "e.innerHTML = '<img onerror=x>'", false), // markup
            ("setTimeout('a')", "setTimeout('evil()')", false),
            ("x = /'/; a('b')", "x = /'/; evil('b')", false), // a regular expression holds the quote
            ("x = `a`", "x = `b`", false),
            ("x = `${y}`; t = 'a'", "x = `${y}`; t = 'b'", true),
            ("x = `${y}`; t = 'a'", "x = `${y()}`; t = 'a'", false),
            ("x = `${'a'}`", "x = `${'b'}`", false),
            ("x.replace(/'/g, 'a')", "x.replace(/'/g, 'b')", true),
            ("x.replace(/'/g, 'a')", "x.replace(/\\'/g, 'a')", false),
            ("x = 0.5; t = 'a'", "x = 0.5; t = 'b'", true),
            ("x = 0.5", "x = 0.7", false),
            ("x = 'a", "x = 'b", false),
            ("x = 'a\\'; y()'", "x = 'b\\'; y()'", false), // what is escaped does not vary
        ] {
            check(one, other, is_same);
        }
    }

    #[test]
    fn long_tokens_may_differ_and_programs_may_not() {
        let token = |part: &str, length| format!("var token = '{}'", part.repeat(length));
        for (one, other, length, is_same) in [
            ("a", "b", 4000, true),
            ("a", "b", LONGEST_VALUE + 1, false),
            ("a", "b()", 4000, false), // a call is no value, however long
        ] {
            check(&token(one, length), &token(other, length), is_same);
        }
    }

    #[test]
    fn a_script_without_values_has_no_shape() {
        for (script, has_shape) in [("run()", false), ("run('a')", true), ("", false), ("a\0'b'", false)] {
            assert_eq!(shape(script).is_some(), has_shape, "{script}");
        }
    }
}
