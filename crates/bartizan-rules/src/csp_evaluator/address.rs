//! Sources as addresses: what host a value means, and which known address it covers.

use url::Url;

/// The name that stands for a star while an address is parsed, since a host has none.
const STAR: &str = "wildcard_placeholder";

/// A source that is an address.
#[derive(Debug)]
pub(super) struct Address {
    url: Url,
}

impl Address {
    /// Returns the address of a value, whatever kind of value it is; nothing where it can be none.
    pub(super) fn of(value: &str) -> Option<Self> {
        let text = without_scheme(value).replacen(":*", "", 1).replacen('*', STAR, 1);
        let url = Url::parse(&format!("https://{text}")).ok()?;
        url.host_str()?;
        Some(Self { url })
    }

    /// Returns the host, with its star.
    pub(super) fn host(&self) -> String {
        self.url.host_str().unwrap_or_default().replacen(STAR, "*", 1)
    }

    /// Whether it covers a known address.
    pub(super) fn covers(&self, (host, path): (&str, &str)) -> bool {
        let own = self.url.host_str().unwrap_or_default();
        let is_host = match own.strip_prefix(STAR) {
            Some(rest) if rest.starts_with('.') => host.ends_with(rest),
            _ => host == own,
        };
        let below = self.url.path();
        is_host && (below == "/" || if below.ends_with('/') { path.starts_with(below) } else { path == below })
    }
}

/// Whether a host looks like a numeric address.
pub(super) fn is_numeric(host: &str) -> bool {
    let is_part = |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    (host.starts_with('[') && host.ends_with(']')) || (host.split('.').count() == 4 && host.split('.').all(is_part))
}

/// Returns a value without its scheme, and without the slashes that stand for any scheme.
pub(super) fn without_scheme(value: &str) -> &str {
    let rest = match value.split_once("://") {
        Some((scheme, rest)) if is_scheme(scheme) => rest,
        _ => value,
    };
    rest.strip_prefix("//").unwrap_or(rest)
}

fn is_scheme(text: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let mut bytes = text.bytes();
    bytes.next().is_some_and(is_word) && bytes.all(|byte| is_word(byte) || matches!(byte, b'+' | b'.' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_found_in_any_value() {
        for (value, host) in [
            ("https://a.example:8443/x", Some("a.example")),
            ("*.a.example:*", Some("*.a.example")),
            ("'self'", Some("'self'")),
            ("data:", Some("data")),
            ("/report", Some("report")),
            ("//127.1", Some("127.0.0.1")),
            ("[::1]:80", Some("[::1]")),
            ("500.600.700.800", None),
            ("a.example:99999", None),
            ("exa%mple.com", None),
        ] {
            assert_eq!(Address::of(value).map(|address| address.host()).as_deref(), host, "{value}");
        }
    }

    #[test]
    fn known_addresses_are_covered_by_host_and_path() {
        let known = ("www.a.example", "/js/x.js");
        for (value, is_covered) in [
            ("www.a.example", true),
            ("http://WWW.a.example:8080", true),
            ("*.a.example", true),
            ("*.example/js/", true),
            ("www.a.example/js/x.js", true),
            ("a.example", false),
            ("*.www.a.example", false),
            ("*a.example", false),
            ("www.a.example/js", false),
        ] {
            assert_eq!(Address::of(value).unwrap().covers(known), is_covered, "{value}");
        }
    }

    #[test]
    fn numeric_hosts_are_told_by_their_look() {
        for (host, is_one) in [("1.2.3.4", true), ("[::1]", true), ("1.2.3", false), ("a.b.c.d", false)] {
            assert_eq!(is_numeric(host), is_one, "{host}");
        }
    }
}
