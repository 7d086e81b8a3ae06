//! One file as it was read: its name, its text, and places in it.

use std::ops::Range;
use std::sync::Arc;

use bartizan_rules::facts::Lines;
use bartizan_rules::{Place, Provenance};

/// One file as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    path: Arc<str>,
    text: Arc<str>,
    lines: Lines,
    is_exact: bool,
    has_mark: bool,
}

impl Source {
    /// Returns a file by its name and bytes.
    ///
    /// What is no UTF-8 is replaced, so that the rest can be judged; such a file is never written again. A byte order
    /// mark is not part of the text.
    pub fn new(path: impl Into<Arc<str>>, bytes: Vec<u8>) -> Self {
        let (text, is_exact) = match String::from_utf8(bytes) {
            Ok(text) => (text, true),
            Err(error) => (String::from_utf8_lossy(error.as_bytes()).into_owned(), false),
        };
        let has_mark = text.starts_with('\u{feff}');
        let text = text.strip_prefix('\u{feff}').map_or_else(|| Arc::from(text.as_str()), Arc::from);
        Self { path: path.into(), text, lines: Lines::default(), is_exact, has_mark }
    }

    /// Returns the name, as the operator would write it.
    pub const fn path(&self) -> &Arc<str> {
        &self.path
    }

    /// Returns the text, without a byte order mark.
    pub const fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// Whether the text is all that the file holds, so that it can be written again.
    pub const fn is_exact(&self) -> bool {
        self.is_exact
    }

    /// Whether the file began with a byte order mark.
    pub const fn has_mark(&self) -> bool {
        self.has_mark
    }

    /// Returns the place of some bytes of the text.
    pub fn place(&self, span: Range<usize>) -> Place {
        self.lines.place(&self.path, &self.text, span)
    }

    /// Returns where a fact stands.
    pub fn at(&self, span: Range<usize>) -> Provenance {
        Provenance::File(self.place(span))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_strange_bytes_do_not_stop_the_reading() {
        for (bytes, text, is_exact, has_mark) in [
            (b"user www;".to_vec(), "user www;", true, false),
            (b"\xef\xbb\xbfuser www;".to_vec(), "user www;", true, true),
            (b"# caf\xe9\n".to_vec(), "# caf\u{fffd}\n", false, false),
        ] {
            let source = Source::new("a.conf", bytes);
            assert_eq!((&**source.text(), source.is_exact(), source.has_mark()), (text, is_exact, has_mark));
        }
        let source = Source::new("a.conf", b"a\nb c".to_vec());
        assert_eq!(source.at(4..5).to_string(), "a.conf:2:3");
    }
}
