//! Whether a value is a document: a text of several lines or a page of an editor, with prose in it.
//!
//! What a person wrote at length speaks of code, SQL and commands without being any. Whoever attacks may write prose
//! around it, so only rules that are for certain attacks alone leave documents out.

use memchr::memmem;

/// Whether somebody wrote this at length: it is no value of a statement or a command.
pub(super) fn is_document(value: &[u8]) -> bool {
    start(value).is_some_and(|text| has_prose_lines(text) || text.starts_with(b"<") && has_prose(text))
}

/// Whether somebody wrote this: what it shows as code is shown, and what it embeds is embedded.
pub(super) fn is_written(value: &[u8]) -> bool {
    start(value).is_some_and(|text| text.starts_with(b"<") || has_prose_lines(text) || has_words(text))
}

/// The text, where it is long enough and begins as texts do.
fn start(value: &[u8]) -> Option<&[u8]> {
    let text = value.trim_ascii_start();
    let is_fence = text.starts_with(b"```");
    if value.len() < SHORTEST || !is_fence && text.first().is_none_or(|first| NO_START.contains(first)) {
        return None;
    }
    (!text.starts_with(b"<") || is_page(text)).then_some(text)
}

/// Whether a text begins with what editors and authors of pages begin with.
fn is_page(text: &[u8]) -> bool {
    let name = text.get(1..).unwrap_or_default();
    let end = name.iter().position(|byte| !byte.is_ascii_alphanumeric() && !b"!-".contains(byte));
    let name = name.get(..end.unwrap_or(name.len())).unwrap_or_default();
    name.starts_with(b"!--")
        || text.starts_with(b"<?php\n")
        || text.starts_with(b"<?php\r\n")
        || PAGE_STARTS.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Whether there are lines of several words. Attacks that write line ends for spaces have lines of a word or two.
fn has_prose_lines(text: &[u8]) -> bool {
    // A blank line or a fence parts what is written from what is shown.
    let has_parts = [b"\n\n".as_slice(), b"\n\r\n", b"\n```"].iter().any(|mark| memmem::find(text, mark).is_some());
    let needed = if has_parts { LINES - 1 } else { LINES };
    let mut lines = text.split(|&byte| byte == b'\n').filter(|line| {
        line.len() >= SHORTEST_LINE && line.split(|&byte| byte == b' ').filter(|word| is_word(word)).count() >= 3
    });
    lines.nth(needed - 1).is_some()
}

/// Whether words follow each other outside of tags.
fn has_prose(text: &[u8]) -> bool {
    let mut is_tag = false;
    let mut words = 0;
    let mut letters = 0;
    for &byte in text {
        match byte {
            b'<' => is_tag = true,
            b'>' if is_tag => is_tag = false,
            _ if is_tag => {}
            b' ' | b'\n' if letters > 0 => {
                words += 1;
                letters = 0;
            }
            b'.' | b',' | b'!' | b'?' | b'\'' | b'-' | b':' => {}
            _ if byte.is_ascii_alphabetic() || byte >= 0x80 => letters += 1,
            b' ' | b'\n' => {}
            _ => (words, letters) = (0, 0),
        }
        if words >= WORDS {
            return true;
        }
    }
    false
}

/// Whether there are words of letters alone, wherever.
fn has_words(text: &[u8]) -> bool {
    let is_plain = |word: &&[u8]| {
        let word = word.trim_ascii().strip_suffix(b",").unwrap_or(word);
        let word = word.strip_suffix(b".").unwrap_or(word);
        word.len() >= 2 && word.iter().all(|byte| byte.is_ascii_alphabetic() || *byte >= 0x80)
    };
    text.split(|byte| matches!(byte, b' ' | b'\n')).filter(is_plain).nth(PLAIN_WORDS - 1).is_some()
}

fn is_word(word: &[u8]) -> bool {
    word.iter().filter(|byte| byte.is_ascii_alphanumeric() || **byte >= 0x80).count() >= 2
}

/// A sentence or two.
const SHORTEST: usize = 80;
const SHORTEST_LINE: usize = 15;
const LINES: usize = 3;
const WORDS: usize = 5;
const PLAIN_WORDS: usize = 6;

/// What a value begins with that leaves its place in a statement, a command or an attribute.
const NO_START: &[u8] = b"'\";|&)},%\0(`";

/// Elements that editors put first, and templates of pages.
const PAGE_STARTS: &[&[u8]] = &[
    b"!doctype",
    b"a",
    b"article",
    b"b",
    b"blockquote",
    b"center",
    b"div",
    b"em",
    b"figure",
    b"font",
    b"footer",
    b"h1",
    b"h2",
    b"h3",
    b"h4",
    b"h5",
    b"h6",
    b"head",
    b"header",
    b"html",
    b"main",
    b"nav",
    b"ol",
    b"p",
    b"pre",
    b"section",
    b"span",
    b"strong",
    b"table",
    b"ul",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_is_written_and_no_document() {
        let text = "When I type `<script>` into the box of the search, the page shows it as text, so it is escaped";
        assert!(is_written(text.as_bytes()) && !is_document(text.as_bytes()));
        let text = "1' or 1=1 union select null,null,null,null,null,null,null,null,concat(user(),0x3a,version())";
        assert!(!is_written(text.as_bytes()));
    }

    #[test]
    fn documents_are_what_is_written_at_length() {
        for (text, expected) in [
            (
                "Hi all,\nhow do I write this query in SQL?\nI have tried it with a join, but no.\nThanks a lot for any help",
                true,
            ),
            ("<p>We are open again: come and see the new stalls, it's free for all of you and your friends!</p>", true),
            (
                "#!/bin/sh\n# takes the place of the old one\nset -e; cat /etc/hostname\n# and then it ends with this\necho it is done\n",
                true,
            ),
            ("How do I write this query in SQL? I have tried it with a join, but it does not do what I want", false),
            (
                "1\nUNION\nALL\nSELECT\nNULL,NULL,concat(user(),0x3a,version())\nFROM\nusers\nWHERE\n1=1\nAND\n2=2--\n",
                false,
            ),
            (
                "1-- abc\nUNION-- def\nALL-- ghi\nSELECT-- jkl\nNULL,NULL,NULL,NULL,NULL-- mno\nFROM-- pqr\nusers-- stu",
                false,
            ),
            (
                "'; in the first place we have three lines\nthat could be of any text, but\nthey begin with the end of a string",
                false,
            ),
            (
                "<script>\nvar a = 'these are lines of code';\nvar b = 'and they run as they are';\nfetch(a + b + c);\n</script>",
                false,
            ),
            (
                "<img src=x onerror=alert(1)> and a lot of words that follow behind it so that it looks like some text",
                false,
            ),
            (
                "<p>one</p><img src=x onerror=alert(1)><p>two</p><script>alert(document.cookie)</script><p>and three</p>",
                false,
            ),
            ("", false),
        ] {
            assert_eq!(is_document(text.as_bytes()), expected, "{text}");
        }
    }
}
