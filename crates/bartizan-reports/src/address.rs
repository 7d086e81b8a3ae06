//! What an address in a report may keep: no userinfo, no fragment, and a query only where a site wants it.
//!
//! Addresses stay as they were written: a report may hold what no parser of addresses takes, and what was
//! reported is evidence. Only texts are cut; nothing is fetched or linked.

use std::borrow::Cow;

/// What happens to queries: they carry tokens and names of people as often as not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Queries {
    /// They are cut off.
    #[default]
    Drop,
    /// They are kept.
    Keep,
}

/// Removes userinfo and fragment from an address, and its query where that is wanted. Bare words, such as
/// `inline`, stay as they are.
pub fn clean(address: Cow<'_, str>, queries: Queries) -> Cow<'_, str> {
    let mut address = cut(address, '#');
    if queries == Queries::Drop {
        address = cut(address, '?');
    }
    match userinfo(&address) {
        None => address,
        Some((start, end)) => {
            let mut text = address.into_owned();
            text.replace_range(start..end, "");
            Cow::Owned(text)
        }
    }
}

/// Whether a text is an address as a whole, with a scheme and an authority.
pub(crate) fn is_address(text: &str) -> bool {
    authority_start(text).is_some() && !text.contains(char::is_whitespace)
}

/// Returns scheme, host and port of an address, in lower case where that is how they are compared.
pub fn origin(address: &str) -> Option<Cow<'_, str>> {
    let start = authority_start(address)?;
    let rest = address.get(start..)?;
    let end = start + rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let origin = address.get(..end)?;
    Some(lower(origin))
}

/// Returns the host of an address, in lower case.
pub fn host(address: &str) -> Option<Cow<'_, str>> {
    let start = authority_start(address)?;
    let rest = address.get(start..)?;
    let authority = rest.get(..rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len()))?;
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    (!host.is_empty()).then(|| lower(host))
}

fn lower(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

fn cut(text: Cow<'_, str>, mark: char) -> Cow<'_, str> {
    match (text.find(mark), text) {
        (None, text) => text,
        (Some(at), Cow::Borrowed(text)) => Cow::Borrowed(text.get(..at).unwrap_or_default()),
        (Some(at), Cow::Owned(mut text)) => {
            text.truncate(at);
            Cow::Owned(text)
        }
    }
}

/// Returns where the userinfo stands, with its `@`: the last one of the authority ends it (WHATWG URL, 4.4).
fn userinfo(address: &str) -> Option<(usize, usize)> {
    let start = authority_start(address)?;
    let rest = address.get(start..)?;
    // Browsers read a backslash as a slash in the addresses of the web.
    let authority = rest.get(..rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len()))?;
    let at = authority.rfind('@')?;
    Some((start, start + at + 1))
}

/// Returns where the authority begins; an address within `blob:` or `filesystem:` has one as well.
fn authority_start(address: &str) -> Option<usize> {
    let first = address.find(':')?;
    let outer = address.get(..=first)?;
    let is_nested = NESTING.iter().any(|known| outer.eq_ignore_ascii_case(known));
    let start = if is_nested { outer.len() } else { 0 };
    // No scheme has a colon: what follows the first one decides.
    let scheme_end = if is_nested { start + address.get(start..)?.find(':')? } else { first };
    if !address.get(scheme_end..)?.starts_with("://") {
        return None;
    }
    let scheme = address.get(start..scheme_end)?;
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    is_scheme.then_some(scheme_end + 3)
}

const NESTING: &[&str] = &["blob:", "filesystem:", "view-source:"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_a_person_is_cut() {
        for (address, kept, without_query) in [
            ("https://a.example/b?c#d", "https://a.example/b?c", "https://a.example/b"),
            ("https://user:pass@a.example/", "https://a.example/", "https://a.example/"),
            ("https://a@b@a.example/", "https://a.example/", "https://a.example/"),
            ("https://a.example/@b", "https://a.example/@b", "https://a.example/@b"),
            ("https://a.example\\@b", "https://a.example\\@b", "https://a.example\\@b"),
            ("https://a.example?x@y", "https://a.example?x@y", "https://a.example"),
            ("blob:https://u:p@a.example/1", "blob:https://a.example/1", "blob:https://a.example/1"),
            ("inline", "inline", "inline"),
            ("mailto:a@b.example", "mailto:a@b.example", "mailto:a@b.example"),
            ("javascript:alert(1)", "javascript:alert(1)", "javascript:alert(1)"),
            ("/path?token=1#x", "/path?token=1", "/path"),
            ("", "", ""),
        ] {
            assert_eq!(clean(address.into(), Queries::Keep), kept, "{address}");
            assert_eq!(clean(address.into(), Queries::Drop), without_query, "{address}");
            assert_eq!(clean(Cow::Owned(address.to_owned()), Queries::Drop), without_query, "{address}");
        }
    }

    #[test]
    fn hosts_and_origins_are_read_from_any_text() {
        for (address, host_of, origin_of) in [
            ("https://A.example:8443/b", Some("a.example"), Some("https://a.example:8443")),
            ("https://[::1]:8443/b", Some("::1"), Some("https://[::1]:8443")),
            ("wss://a.example", Some("a.example"), Some("wss://a.example")),
            ("data:text/html,https://x", None, None),
            ("file:///etc", None, Some("file://")),
            ("inline", None, None),
        ] {
            assert_eq!(host(address).as_deref(), host_of, "{address}");
            assert_eq!(origin(address).as_deref(), origin_of, "{address}");
        }
    }
}
