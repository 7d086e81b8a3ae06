//! The attributes of a start tag, read from its bytes as browsers do (HTML, 13.2.5.32 to 13.2.5.39).
//!
//! Most attributes of most elements say nothing that a policy speaks about; they are passed over without a copy.

/// The attributes of one start tag, in their order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attributes<'a> {
    rest: &'a [u8],
}

impl<'a> Attributes<'a> {
    /// Reads a whole tag, from its `<` to its `>`.
    pub(crate) fn of(tag: &'a [u8]) -> Self {
        let inner = tag.get(1..).unwrap_or_default();
        let (_, rest) = split(inner, |byte| is_blank(byte) || matches!(byte, b'/' | b'>'));
        Self { rest }
    }

    /// Returns the value of the first one of this name, which is written in lower case.
    pub(crate) fn value(mut self, name: &str) -> Option<&'a [u8]> {
        self.find(|(known, _)| known.eq_ignore_ascii_case(name.as_bytes())).map(|(_, value)| value)
    }
}

impl<'a> Iterator for Attributes<'a> {
    /// Name and value as they are written.
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (_, rest) = split(self.rest, |byte| !is_blank(byte) && byte != b'/');
        if matches!(rest.first(), None | Some(b'>')) {
            self.rest = &[];
            return None;
        }
        // A name may begin with `=`, and end with the next one.
        let (_, after_first) = rest.split_at_checked(1)?;
        let (others, after) = split(after_first, |byte| is_blank(byte) || matches!(byte, b'/' | b'>' | b'='));
        let name = rest.get(..1 + others.len())?;
        let (_, equals) = split(after, |byte| !is_blank(byte));
        let Some(written) = equals.strip_prefix(b"=") else {
            self.rest = after;
            return Some((name, &[]));
        };
        let (_, written) = split(written, |byte| !is_blank(byte));
        let (value, rest) = match written.split_first() {
            Some((quote @ (b'"' | b'\''), inner)) => {
                let end = memchr::memchr(*quote, inner).unwrap_or(inner.len());
                (inner.get(..end).unwrap_or_default(), inner.get(end + 1..).unwrap_or_default())
            }
            _ => split(written, |byte| is_blank(byte) || byte == b'>'),
        };
        self.rest = rest;
        Some((name, value))
    }
}

/// Returns where a tag ends, behind its `>`; nothing while it is not whole.
pub(crate) fn tag_end(tag: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += memchr::memchr3(b'>', b'"', b'\'', tag.get(at..)?)?;
        let (before, rest) = tag.split_at_checked(at)?;
        let (found, inner) = rest.split_first()?;
        if *found == b'>' {
            return Some(at + 1);
        }
        // A quote counts only at the start of a value.
        let is_value = before.iter().rev().find(|byte| !is_blank(**byte)) == Some(&b'=');
        at += 1;
        if is_value {
            at += memchr::memchr(*found, inner)? + 1;
        }
    }
}

/// Returns what comes before the first byte that is meant, and the rest from there.
fn split(bytes: &[u8], is_meant: impl Fn(u8) -> bool) -> (&[u8], &[u8]) {
    let at = bytes.iter().position(|byte| is_meant(*byte)).unwrap_or(bytes.len());
    bytes.split_at_checked(at).unwrap_or((bytes, &[]))
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\x0c' | b'\r' | b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(tag: &str) -> Vec<(String, String)> {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Attributes::of(tag.as_bytes()).map(|(name, value)| (text(name), text(value))).collect()
    }

    #[test]
    fn attributes_are_read_as_browsers_do() {
        for (tag, expected) in [
            ("<a>", &[][..]),
            ("<a/>", &[]),
            ("<a href=/x>", &[("href", "/x")]), // a slash in a value is none of the tag's
            ("<a href=/x/>", &[("href", "/x/")]),
            ("<a\n href = '/x' b>", &[("href", "/x"), ("b", "")]),
            ("<a A=\"1 > 0\"b=2>", &[("A", "1 > 0"), ("b", "2")]),
            ("<a/b/c=d>", &[("b", ""), ("c", "d")]),
            ("<a =b=c>", &[("=b", "c")]),
            ("<a b= >", &[("b", "")]),
            ("<a b=>", &[("b", "")]),
            ("<a b='x\">", &[("b", "x\">")]), // cut off: no tag
            ("<a b=c'd\"e>", &[("b", "c'd\"e")]),
            ("<a b b=2>", &[("b", ""), ("b", "2")]),
            ("<", &[]),
            ("", &[]),
        ] {
            let expected: Vec<_> = expected.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
            assert_eq!(read(tag), expected, "{tag}");
        }
    }

    #[test]
    fn the_first_of_a_name_counts() {
        let tag = Attributes::of(b"<link REL=icon rel=stylesheet>");
        assert_eq!(tag.value("rel"), Some(&b"icon"[..]));
        assert_eq!(tag.value("href"), None);
    }
}
