//! Names and values of a query or a form, bounded: who sends more gets the first of them.

use std::borrow::Cow;

use url::form_urlencoded;

/// What was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    /// Reads a query or the body of a form.
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let bytes = bytes.get(..LONGEST.min(bytes.len())).unwrap_or_default();
        let pairs = form_urlencoded::parse(bytes).take(MOST).map(|(name, value)| (owned(name), owned(value)));
        Self(pairs.collect())
    }

    /// Returns the first value of a name, if it is not blank.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        let value = self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())?;
        Some(value).filter(|value| !value.trim().is_empty())
    }

    /// Returns a number between 0 and a bound; 0 where there is none.
    pub(crate) fn number(&self, name: &str, most: usize) -> usize {
        self.text(name).and_then(|text| text.parse().ok()).map_or(0, |number: usize| number.min(most))
    }
}

fn owned(text: Cow<'_, str>) -> String {
    text.into_owned()
}

/// The pairs that are looked at; no form of ours has half as many.
const MOST: usize = 32;

/// The bytes that are looked at: a long policy, every character of it encoded.
const LONGEST: usize = 64 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_by_name() {
        for (text, name, expected) in [
            ("site=a.example", "site", Some("a.example")),
            ("site=a&site=b", "site", Some("a")),
            ("site=", "site", None),
            ("site=+", "site", None),
            ("site", "site", None),
            ("", "site", None),
            ("%73ite=%3Cb%3E", "site", Some("<b>")),
            ("site=%ff", "site", Some("\u{fffd}")),
        ] {
            assert_eq!(Query::parse(text.as_bytes()).text(name), expected, "{text}");
        }
    }

    #[test]
    fn there_is_an_end_to_it() {
        let many = "a=1&".repeat(100_000);
        assert_eq!(Query::parse(many.as_bytes()).0.len(), MOST);
        assert_eq!(Query::parse(b"page=99999").number("page", 200), 200);
        assert_eq!(Query::parse(b"page=-1").number("page", 200), 0);
    }
}
