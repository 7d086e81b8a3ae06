//! The name of a header field: the same in whatever case it is written.

use std::cmp::Ordering;
use std::collections::BTreeSet;

/// The name of a header field, as it is written.
#[derive(Clone, Copy)]
pub(super) struct FieldName<'a>(pub(super) &'a str);

/// Several names, in their order.
pub(super) type FieldNames<'a> = BTreeSet<FieldName<'a>>;

impl FieldName<'_> {
    /// Whether it is one of a list of names in lower case.
    pub(super) fn is_any(self, names: &[&str]) -> bool {
        names.iter().any(|name| self.0.eq_ignore_ascii_case(name))
    }

    fn bytes(&self) -> impl Iterator<Item = u8> {
        self.0.bytes().map(|byte| byte.to_ascii_lowercase())
    }
}

impl Ord for FieldName<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.bytes().cmp(other.bytes())
    }
}

impl PartialOrd for FieldName<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for FieldName<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(other.0)
    }
}

impl Eq for FieldName<'_> {}

/// Returns names as a list for a sentence, in lower case.
pub(super) fn listed(names: &FieldNames<'_>) -> String {
    let mut text = String::new();
    for name in names {
        if !text.is_empty() {
            text.push_str(", ");
        }
        let start = text.len();
        text.push_str(name.0);
        if let Some(added) = text.get_mut(start..) {
            added.make_ascii_lowercase();
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_means_nothing() {
        for (one, other, order) in [
            ("X-Frame-Options", "x-frame-options", Ordering::Equal),
            ("A", "b", Ordering::Less),
            ("b", "A", Ordering::Greater),
            ("a", "ab", Ordering::Less),
        ] {
            let (one, other) = (FieldName(one), FieldName(other));
            assert_eq!((one.cmp(&other), one == other), (order, order == Ordering::Equal), "{} {}", one.0, other.0);
        }
        assert_eq!(listed(&["B", "a", "A"].map(FieldName).into_iter().collect()), "a, b");
    }
}
