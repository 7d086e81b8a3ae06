//! Texts as PostgreSQL can hold them: any character but NUL, which is written as two others.

use std::borrow::Cow;

/// Returns a text without NUL, from which [`original`] makes the text again.
pub(super) fn kept(text: &str) -> Cow<'_, str> {
    if !text.contains(['\0', MARK]) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace(MARK, "\u{1a}1").replace('\0', "\u{1a}0"))
}

/// Returns the text that was kept.
pub(super) fn original(text: String) -> String {
    if !text.contains(MARK) {
        return text;
    }
    text.replace("\u{1a}0", "\0").replace("\u{1a}1", "\u{1a}")
}

/// The character that once stood for one that could not be shown.
const MARK: char = '\u{1a}';

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_has_no_nul_and_comes_back() {
        for text in ["", "a", "\0", "a\0b\u{1a}c", "\u{1a}0", "\u{1a}1\0\0\u{1a}\u{1a}", "\u{1a}"] {
            assert!(!kept(text).contains('\0'), "{text:?}");
            assert_eq!(original(kept(text).into_owned()), text, "{text:?}");
        }
    }
}
