//! The parts of a web address, as a lenient reader splits it.

/// An address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Address {
    pub(super) scheme: String,
    /// With its port.
    pub(super) host: String,
    pub(super) path: String,
    /// Whether anything follows the path.
    pub(super) has_more: bool,
}

/// Splits an address; nothing, where brackets do not match.
pub(super) fn split(text: &str) -> Option<Address> {
    let text: String =
        text.trim_start_matches(|c: char| c <= ' ').chars().filter(|c| !matches!(c, '\t' | '\r' | '\n')).collect();
    let mut rest = text.as_str();
    let mut address = Address::default();
    if let Some((scheme, after)) = rest.split_once(':') {
        let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
        if is_scheme {
            address.scheme = scheme.to_ascii_lowercase();
            rest = after;
        }
    }
    if let Some(after) = rest.strip_prefix("//") {
        let end = after.find(['/', '?', '#']).unwrap_or(after.len());
        let (host, path) = after.split_at_checked(end)?;
        if host.contains('[') != host.contains(']') {
            return None;
        }
        address.host = host.to_owned();
        rest = path;
    }
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let last = rest.rfind('/').unwrap_or(0);
    let params = rest.get(last..).and_then(|part| part.find(';')).map(|at| last + at);
    let (path, params) = params.and_then(|at| rest.split_at_checked(at)).unwrap_or((rest, ""));
    address.path = path.to_owned();
    address.has_more = !fragment.is_empty() || !query.is_empty() || params.len() > 1;
    Some(address)
}

impl Address {
    /// Returns the name of the host, in lower case and without a port.
    pub(super) fn name(&self) -> Option<String> {
        let host = self.host.rsplit_once('@').map_or(&*self.host, |(_, host)| host);
        let name = match host.split_once('[') {
            Some((_, rest)) => rest.split_once(']').map_or(rest, |(name, _)| name),
            None => host.split_once(':').map_or(host, |(name, _)| name),
        };
        (!name.is_empty()).then(|| name.to_lowercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_split_where_a_browser_would() {
        for (text, scheme, host, path, name) in [
            ("http://a.example:80/x?y", "http", "a.example:80", "/x", Some("a.example")),
            ("$scheme://a/x", "", "", "$scheme://a/x", None),
            ("127.0.0.1:8000/x", "", "", "127.0.0.1:8000/x", None),
            ("http://[::1]:80", "http", "[::1]:80", "", Some("::1")),
            ("//a/b", "", "a", "/b", Some("a")),
        ] {
            let address = split(text).unwrap();
            assert_eq!((&*address.scheme, &*address.host, &*address.path), (scheme, host, path), "{text}");
            assert_eq!(address.name().as_deref(), name, "{text}");
        }
        assert_eq!(split("http://[a"), None);
    }
}
