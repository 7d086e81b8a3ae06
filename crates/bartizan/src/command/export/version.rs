//! Versions of other programs: what `--for-version` takes, and which came first.

use std::fmt;
use std::str::FromStr;

/// A version such as `1.22` or `5.2+csp4`; what is left out counts as 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    numbers: [u16; 3],
    /// What stands behind a `+`: a library beside the program.
    with: Option<String>,
    text: String,
}

impl Version {
    /// Whether it is this version or a later one.
    pub(super) fn is_at_least(&self, numbers: [u16; 3]) -> bool {
        self.numbers >= numbers
    }

    /// Returns the numbers, most important first.
    pub(super) const fn numbers(&self) -> [u16; 3] {
        self.numbers
    }

    /// Returns what is installed beside the program.
    pub(super) fn with(&self) -> Option<&str> {
        self.with.as_deref()
    }
}

impl FromStr for Version {
    type Err = NoVersion;

    fn from_str(text: &str) -> Result<Self, NoVersion> {
        let (number, with) = text.split_once('+').map_or((text, None), |(number, with)| (number, Some(with)));
        let mut numbers = [0; 3];
        let mut parts = number.split('.');
        for (place, part) in numbers.iter_mut().zip(&mut parts) {
            *place = part.parse().map_err(|_| NoVersion)?;
        }
        let is_word = |with: &str| !with.is_empty() && with.chars().all(|c| c.is_ascii_alphanumeric());
        if parts.next().is_some() || with.is_some_and(|with| !is_word(with)) {
            return Err(NoVersion);
        }
        Ok(Self { numbers, with: with.map(str::to_owned), text: text.to_owned() })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A text that is no version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a version such as 1.22")]
pub struct NoVersion;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_numbers_in_order() {
        for (text, at_least, is_it) in [
            ("1.22", [1, 22, 0], true),
            ("1.22.1", [1, 22, 1], true),
            ("1.9", [1, 22, 0], false), // by number, not by letter
            ("252", [252, 0, 0], true),
            ("5.2+csp4", [5, 2, 0], true),
        ] {
            let version: Version = text.parse().unwrap();
            assert_eq!(version.is_at_least(at_least), is_it, "{text}");
            assert_eq!(version.to_string(), text);
        }
        assert_eq!("5.2+csp4".parse::<Version>().unwrap().with(), Some("csp4"));
        for text in ["", "1.", "v1", "1.2.3.4", "1.2+", "1.2+a b", "99999999", "1.22\n"] {
            assert_eq!(text.parse::<Version>(), Err(NoVersion), "{text:?}");
        }
    }
}
