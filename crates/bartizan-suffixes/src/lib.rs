//! The public suffixes: which part of a host somebody registered, by the [Public Suffix List](https://publicsuffix.org/).
//!
//! The list is thousands of generic functions, which are compiled anew in every crate that asks it. So one crate asks, and
//! answers all others through functions that are not generic.

use psl::Type;

/// The ending of a host below which names are given to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suffix {
    /// How many bytes of the host it is long, from the end.
    pub len: usize,
    /// Whether the list has it; where it has none, the last label counts as one.
    pub is_known: bool,
    /// Whether a company entered it (such as `github.io`), and no registry of the domain name system.
    pub is_private: bool,
}

/// Returns the public suffix of a host in lower case; none for an empty one.
pub fn suffix(host: &str) -> Option<Suffix> {
    let found = psl::suffix(host.as_bytes())?;
    let is_private = found.typ() == Some(Type::Private);
    Some(Suffix { len: found.as_bytes().len(), is_known: found.is_known(), is_private })
}

/// Returns the suffix and the one label before it; none for addresses and for suffixes themselves.
pub fn domain(host: &str) -> Option<&str> {
    psl::domain_str(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes_are_told_apart() {
        for (host, len, is_known, is_private) in [
            ("a.b.example.com", 3, true, false),
            ("static.example.co.uk", 5, true, false),
            ("other.github.io", 9, true, true),
            ("x.obs.test", 4, false, false), // no such top-level domain: the last label is one
        ] {
            assert_eq!(suffix(host), Some(Suffix { len, is_known, is_private }), "{host}");
        }
        assert_eq!(suffix(""), None);
    }

    #[test]
    fn domains_are_one_label_longer() {
        for (host, expected) in
            [("a.example.co.uk", Some("example.co.uk")), ("you.github.io", Some("you.github.io")), ("co.uk", None)]
        {
            assert_eq!(domain(host), expected, "{host}");
        }
    }
}
