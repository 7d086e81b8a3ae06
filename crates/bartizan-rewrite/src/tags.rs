//! The start tags of a page, one after the other, for what their attributes say.
//!
//! This only learns: what is inserted where is decided by a parser that knows all of HTML. Content that is text for
//! browsers (HTML, 13.2.5.2 to 13.2.5.5) and comments are passed over, so that a tag which somebody wrote into a
//! script's data or into a box of text is none.

use crate::attributes::{Attributes, tag_end};

/// A page that comes in pieces.
#[derive(Debug, Default)]
pub(crate) struct Tags {
    /// What of the last piece is no whole tag yet.
    kept: Vec<u8>,
    within: Within,
    /// Whether a tag was too long to be kept.
    pub(crate) is_cut: bool,
}

/// In what the next byte stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Within {
    Comment,
    #[default]
    Data,
    /// Text up to the end tag of this name.
    Text(&'static str),
}

/// How reading goes on.
enum Step {
    /// With the rest of what is there, after so many bytes.
    On(usize),
    /// When more has come; from this byte on it must be kept.
    Wait(usize),
}

impl Tags {
    /// Reads the next piece, and hands over each start tag that is whole: its name in lower case, and its attributes.
    pub(crate) fn read(&mut self, piece: &[u8], mut met: impl FnMut(&[u8], Attributes<'_>)) {
        if self.kept.is_empty() {
            let used = self.consume(piece, &mut met);
            self.kept.extend_from_slice(piece.get(used..).unwrap_or_default());
        } else {
            let mut all = std::mem::take(&mut self.kept);
            all.extend_from_slice(piece);
            let used = self.consume(&all, &mut met);
            all.drain(..used);
            self.kept = all;
        }
        if self.kept.len() > LONGEST {
            self.kept.clear();
            self.is_cut = true;
        }
    }

    fn consume(&mut self, bytes: &[u8], met: &mut impl FnMut(&[u8], Attributes<'_>)) -> usize {
        let mut at = 0;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let step = match self.within {
                Within::Comment => self.comment(rest),
                Within::Data => self.data(rest, met),
                Within::Text(name) => self.text(rest, name),
            };
            match step {
                Step::On(used) => at += used,
                Step::Wait(used) => return at + used,
            }
        }
        at
    }

    fn data(&mut self, bytes: &[u8], met: &mut impl FnMut(&[u8], Attributes<'_>)) -> Step {
        let Some(start) = memchr::memchr(b'<', bytes) else { return Step::On(bytes.len()) };
        let Some(tag) = bytes.get(start..) else { return Step::On(bytes.len()) };
        match tag.get(1) {
            None => Step::Wait(start),
            Some(b'!') if tag.starts_with(b"<!--") => {
                self.within = Within::Comment;
                // Its end may share the dashes of its start: `<!-->` is one.
                Step::On(start + 2)
            }
            Some(b'!') if b"<!--".starts_with(tag) => Step::Wait(start),
            Some(b'a'..=b'z' | b'A'..=b'Z') => {
                let Some(end) = tag_end(tag) else { return Step::Wait(start) };
                let whole = tag.get(..end).unwrap_or_default();
                let mut name = [0; LONGEST_NAME];
                let name = lower_case(whole, &mut name);
                met(name, Attributes::of(whole));
                if let Some(text) = TEXT.iter().find(|text| text.as_bytes() == name) {
                    self.within = Within::Text(text);
                }
                Step::On(start + end)
            }
            Some(b'/') => tag_end(tag).map_or(Step::Wait(start), |end| Step::On(start + end)),
            Some(b'!' | b'?') => memchr::memchr(b'>', tag).map_or(Step::Wait(start), |end| Step::On(start + end + 1)),
            Some(_) => Step::On(start + 1),
        }
    }

    /// HTML, 13.2.5.43 to 13.2.5.52.
    fn comment(&mut self, bytes: &[u8]) -> Step {
        let Some(dashes) = memchr::memmem::find(bytes, b"--") else {
            return Step::Wait(bytes.len() - usize::from(bytes.ends_with(b"-")));
        };
        match (bytes.get(dashes + 2), bytes.get(dashes + 3)) {
            (Some(b'>'), _) => {
                self.within = Within::Data;
                Step::On(dashes + 3)
            }
            (Some(b'!'), Some(b'>')) => {
                self.within = Within::Data;
                Step::On(dashes + 4)
            }
            (None, _) | (Some(b'!'), None) => Step::Wait(dashes),
            (Some(_), _) => Step::On(dashes + 1),
        }
    }

    fn text(&mut self, bytes: &[u8], name: &str) -> Step {
        let Some(start) = memchr::memmem::find(bytes, b"</") else {
            return Step::Wait(bytes.len() - usize::from(bytes.ends_with(b"<")));
        };
        let Some(inner) = bytes.get(start + 2..).filter(|inner| inner.len() > name.len()) else {
            return Step::Wait(start);
        };
        let (written, after) = inner.split_at(name.len());
        let is_end = written.eq_ignore_ascii_case(name.as_bytes())
            && after.first().is_some_and(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>'));
        if is_end && name != "plaintext" {
            self.within = Within::Data;
            return Step::On(start);
        }
        Step::On(start + 2)
    }
}

/// Puts a tag's name into `name` in lower case, and returns it; nothing of one that is longer than any that matters.
fn lower_case<'a>(tag: &[u8], name: &'a mut [u8; LONGEST_NAME]) -> &'a [u8] {
    let inner = tag.get(1..).unwrap_or_default();
    let is_end = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>');
    let length = inner.iter().position(is_end).unwrap_or(inner.len());
    let (Some(written), Some(lower)) = (inner.get(..length), name.get_mut(..length)) else { return &[] };
    lower.copy_from_slice(written);
    lower.make_ascii_lowercase();
    lower
}

/// Elements whose content is text where scripts run (HTML, 13.2.6.4.4 and 13.2.6.4.7).
const TEXT: &[&str] =
    &["iframe", "noembed", "noframes", "noscript", "plaintext", "script", "style", "textarea", "title", "xmp"];

/// No element that is asked for has a longer name.
const LONGEST_NAME: usize = 16;

/// The longest tag that is read, in bytes: pictures in attributes are shorter, and a connection cannot keep more.
const LONGEST: usize = 256 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    fn names(page: &str, cut: usize) -> Vec<String> {
        let (mut tags, mut found) = (Tags::default(), Vec::new());
        for piece in page.as_bytes().chunks(cut) {
            tags.read(piece, |name, attributes| {
                let count = attributes.count();
                found.push(format!("{} {count}", String::from_utf8_lossy(name)));
            });
        }
        found
    }

    #[test]
    fn tags_are_told_from_text() {
        for (page, expected) in [
            ("<p>a<B c=d e>f</B>", &["p 0", "b 2"][..]),
            ("<a title='>' b><i>", &["a 2", "i 0"]),
            ("1 < 2 <a>", &["a 0"]),
            ("<!doctype html><html>", &["html 0"]),
            ("<?xml ?><a>", &["a 0"]),
            ("<!-- <a> --><b>", &["b 0"]),
            ("<!--><b>--><i>", &["b 0", "i 0"]),
            ("<!--->-><b>", &["b 0"]),
            ("<!-- --!><b>", &["b 0"]),
            ("<!-- -- ><a> --><b>", &["b 0"]),
            ("<script>'<img onerror=x>'</script><b>", &["script 0", "b 0"]),
            ("<script>'</scripts><a>'</SCRIPT ><b>", &["script 0", "b 0"]),
            ("<textarea><a></textarea><b>", &["textarea 0", "b 0"]),
            ("<plaintext><a></plaintext><b>", &["plaintext 0"]), // it never ends, whatever it says
            ("<template><a></template>", &["template 0", "a 0"]),
            ("</a b='>'><i>", &["i 0"]),
            ("<a b", &[]),
            ("<", &[]),
        ] {
            for cut in [1, 2, 3, 7, 1000] {
                assert_eq!(names(page, cut), expected, "{page} in pieces of {cut}");
            }
        }
    }

    #[test]
    fn a_tag_without_end_is_not_kept_for_ever() {
        let mut tags = Tags::default();
        for _ in 0..4 * LONGEST / (16 << 10) {
            tags.read(&[b"<a b='".as_slice(), &[b'x'; 16 << 10]].concat(), |_, _| {});
            assert!(tags.kept.len() <= LONGEST + (17 << 10));
        }
        assert!(tags.is_cut);
    }
}
