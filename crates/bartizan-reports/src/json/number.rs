//! A JSON number: kept as it was written, so that storing it changes nothing.

use std::borrow::Cow;

/// A number in the notation of RFC 8259, 6.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number<'a>(Cow<'a, str>);

impl<'a> Number<'a> {
    /// Takes a text that the reader has found to be a number.
    pub(super) fn new(text: &'a str) -> Self {
        Self(Cow::Borrowed(text))
    }

    /// Returns the number as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the value of a whole number that is not negative and that every JSON reader holds exactly.
    pub fn as_count(&self) -> Option<u64> {
        count(&self.0)
    }

    pub(super) fn into_owned(self) -> Number<'static> {
        Number(Cow::Owned(self.0.into_owned()))
    }
}

impl From<u64> for Number<'_> {
    fn from(number: u64) -> Self {
        Self(Cow::Owned(number.to_string()))
    }
}

/// Reads decimal digits, up to the largest whole number that a double holds exactly (RFC 8259, 6).
pub(crate) fn count(digits: &str) -> Option<u64> {
    let is_decimal = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_decimal.then(|| digits.parse().ok()).flatten().filter(|number| *number <= EXACT)
}

const EXACT: u64 = (1 << 53) - 1;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_numbers_within_bounds_count() {
        for (text, expected) in [
            ("0", Some(0)),
            ("9007199254740991", Some(EXACT)),
            ("9007199254740992", None),
            ("-1", None),
            ("1.0", None),
            ("1e3", None),
            ("1000000000000000000000000000000", None),
        ] {
            assert_eq!(Number::new(text).as_count(), expected, "{text}");
        }
    }
}
