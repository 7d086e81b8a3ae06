//! Elements whose text is no markup, and where that text ends.

use super::tokenizer::Dialect;

/// How the text of an element is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RawText {
    /// Up to the end tag of this name.
    Until(&'static str),
    /// A script, which may hide its own end tag in what looks like a comment (HTML, 13.2.5.15).
    Script,
    /// All the rest.
    Everything,
}

impl RawText {
    /// Returns how a browser reads the text of an element, where that is no markup.
    pub(super) fn of_browser(name: &str) -> Option<Self> {
        match name {
            "script" => Some(Self::Script),
            "plaintext" => Some(Self::Everything),
            _ => BROWSER.iter().find(|known| **known == name).map(|known| Self::Until(known)),
        }
    }

    /// Returns how a streaming reader reads it.
    pub(super) fn of_stream(name: &str) -> Option<Self> {
        STREAM.iter().find(|known| **known == name).map(|known| Self::Until(known))
    }

    /// Returns where the text ends: at its end tag, or with the page.
    pub(super) fn end(self, text: &str, dialect: Dialect) -> usize {
        match self {
            Self::Everything => text.len(),
            Self::Until(name) => {
                let mut ends = tag_starts(text, 0).filter(|at| is_tag(text, *at, "</", name, dialect));
                ends.next().unwrap_or(text.len())
            }
            Self::Script => script_end(text),
        }
    }
}

/// Where a script stands between `<!--` and `-->`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Escape {
    None,
    Single,
    Double,
}

fn script_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut escape = Escape::None;
    let mut at = 0;
    while let Some(found) = memchr(bytes, at) {
        at = found;
        let rest = &bytes[at..];
        let is_end = is_tag(text, at, "</", "script", Dialect::Browser);
        at += 1;
        if escape == Escape::None {
            if is_end {
                return found;
            }
            if rest.starts_with(b"<!--") {
                escape = Escape::Single;
                // Its dashes may belong to the end as well.
                at += 1;
            }
        } else if rest.starts_with(b"-->") {
            escape = Escape::None;
        } else if escape == Escape::Single && is_end {
            return found;
        } else if escape == Escape::Single && is_tag(text, found, "<", "script", Dialect::Browser) {
            escape = Escape::Double;
        } else if is_end {
            escape = Escape::Single;
        }
    }
    text.len()
}

/// Returns the next place at which something may begin.
fn memchr(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    rest.iter().position(|byte| matches!(byte, b'<' | b'-')).map(|at| from + at)
}

fn tag_starts(text: &str, from: usize) -> impl Iterator<Item = usize> {
    text.get(from..).unwrap_or_default().match_indices('<').map(move |(at, _)| from + at)
}

/// Whether a tag of this name begins here.
fn is_tag(text: &str, at: usize, start: &str, name: &str, dialect: Dialect) -> bool {
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    let Some(rest) = rest.strip_prefix(start.as_bytes()) else { return false };
    let Some((written, rest)) = rest.split_at_checked(name.len()) else { return false };
    let is_over = match rest.first() {
        Some(b'\t' | b'\n' | b'\x0c' | b'\r' | b' ' | b'>') => true,
        Some(b'/') => dialect == Dialect::Browser,
        _ => false,
    };
    is_over && written.eq_ignore_ascii_case(name.as_bytes())
}

const BROWSER: &[&str] = &["iframe", "noembed", "noframes", "style", "textarea", "title", "xmp"];
const STREAM: &[&str] = &["script", "style", "textarea", "title", "xmp"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_end_where_browsers_end_them() {
        for (text, end) in [
            ("x</script>", 1),
            ("x</scripty></SCRIPT/>", 11),
            ("<!--<script></script>--></script>", 24),
            ("<!--<script></script></script>", 21),
            ("<!--></script>", 5),
            ("<!-- x </script>", 7),
            ("x", 1),
        ] {
            assert_eq!(RawText::Script.end(text, Dialect::Browser), end, "{text}");
        }
    }

    #[test]
    fn dialects_differ_in_the_slash() {
        let text = "x</title/></title>";
        assert_eq!(RawText::Until("title").end(text, Dialect::Browser), 1);
        assert_eq!(RawText::Until("title").end(text, Dialect::Stream), 10);
    }
}
