//! The parts of a web address, as a lenient reader splits it.

use std::borrow::Cow;

/// An address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Address<'a> {
    /// As it is written.
    pub(super) scheme: Cow<'a, str>,
    /// With its port.
    pub(super) host: Cow<'a, str>,
    pub(super) path: Cow<'a, str>,
    /// Whether anything follows the path.
    pub(super) has_more: bool,
}

/// Splits an address; nothing, where brackets do not match.
pub(super) fn split(text: &str) -> Option<Address<'_>> {
    let text = text.trim_start_matches(|c: char| c <= ' ');
    let is_passed_over = |c: char| matches!(c, '\t' | '\r' | '\n');
    if !text.contains(is_passed_over) {
        return split_clean(text);
    }
    let clean: String = text.chars().filter(|c| !is_passed_over(*c)).collect();
    let Address { scheme, host, path, has_more } = split_clean(&clean)?;
    let own = |part: Cow<'_, str>| Cow::Owned(part.into_owned());
    Some(Address { scheme: own(scheme), host: own(host), path: own(path), has_more })
}

fn split_clean(text: &str) -> Option<Address<'_>> {
    let mut rest = text;
    let mut address = Address::default();
    if let Some((scheme, after)) = rest.split_once(':') {
        let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'+' | b'-' | b'.'));
        if is_scheme {
            address.scheme = scheme.into();
            rest = after;
        }
    }
    if let Some(after) = rest.strip_prefix("//") {
        let end = after.bytes().position(|c| matches!(c, b'/' | b'?' | b'#')).unwrap_or(after.len());
        let (host, path) = after.split_at_checked(end)?;
        if host.contains('[') != host.contains(']') {
            return None;
        }
        address.host = host.into();
        rest = path;
    }
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let last = rest.rfind('/').unwrap_or(0);
    let params = rest.get(last..).and_then(|part| part.find(';')).map(|at| last + at);
    let (path, params) = params.and_then(|at| rest.split_at_checked(at)).unwrap_or((rest, ""));
    address.path = path.into();
    address.has_more = !fragment.is_empty() || !query.is_empty() || params.len() > 1;
    Some(address)
}

impl Address<'_> {
    /// Whether it is one of the web.
    pub(super) fn is_web(&self) -> bool {
        ["http", "https"].iter().any(|scheme| self.scheme.eq_ignore_ascii_case(scheme))
    }

    /// Returns the name of the host, in lower case and without a port.
    pub(super) fn name(&self) -> Option<Cow<'_, str>> {
        let host = self.host.rsplit_once('@').map_or(&*self.host, |(_, host)| host);
        let name = match host.split_once('[') {
            Some((_, rest)) => rest.split_once(']').map_or(rest, |(name, _)| name),
            None => host.split_once(':').map_or(host, |(name, _)| name),
        };
        (!name.is_empty()).then(|| lower(name))
    }
}

/// The text in lower case; most texts are already.
pub(super) fn lower(text: &str) -> Cow<'_, str> {
    let is_lower = text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    if is_lower { text.into() } else { text.to_lowercase().into() }
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
