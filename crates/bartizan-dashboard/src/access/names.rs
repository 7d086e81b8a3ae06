//! Under which names the dashboard may be asked, and whether a form comes from a page of its own.
//!
//! A page elsewhere that gets a browser to ask under its own name (DNS rebinding) or to send a form (CSRF) is
//! recognised by what browsers say and pages cannot change: `Host`, `Origin`, `Sec-Fetch-Site`.

use bartizan_headers::{Authority, TupleOrigin};
use http::HeaderMap;
use http::header::{HOST, ORIGIN};

/// How a request that is let in reached us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Way {
    /// By address or as `localhost`, in the clear.
    Direct(Authority),
    /// Under one of the configured origins, behind a proxy that brings TLS.
    Proxied(TupleOrigin),
}

impl Way {
    /// Returns how a request came, if it came under a name that is ours.
    pub(crate) fn of(headers: &HeaderMap, origins: &[TupleOrigin]) -> Option<Self> {
        let mut hosts = headers.get_all(HOST).iter();
        let host = hosts.next()?.to_str().ok()?;
        if hosts.next().is_some() {
            return None;
        }
        let authority: Authority = host.parse().ok()?;
        let is_meant = |origin: &&TupleOrigin| {
            *origin.host() == authority.host && origin.port() == authority.port.or(Some(default_port(origin)))
        };
        if let Some(origin) = origins.iter().find(is_meant) {
            return Some(Self::Proxied(origin.clone()));
        }
        let is_address = authority.host.as_str() == "localhost" || authority.host.address().is_some();
        is_address.then_some(Self::Direct(authority))
    }

    /// Whether a request was made on this machine for this machine: a proxy here would bring others in.
    pub(crate) fn is_of_this_machine(&self, headers: &HeaderMap) -> bool {
        let is_forwarded = FORWARDED.iter().any(|name| headers.contains_key(*name));
        matches!(self, Self::Direct(authority) if authority.host.is_loopback()) && !is_forwarded
    }

    /// Whether browsers reach us over TLS.
    pub(crate) fn is_secure(&self) -> bool {
        matches!(self, Self::Proxied(origin) if origin.scheme() == "https")
    }

    /// Whether a request that changes something was sent by a page of ours.
    ///
    /// Every browser says `Origin` with a form that is posted (Fetch, 3.2); who says nothing is no browser, and has
    /// tokens.
    pub(crate) fn is_ours(&self, headers: &HeaderMap) -> bool {
        let site = headers.get("sec-fetch-site").map(|value| value.as_bytes());
        if site.is_some_and(|site| site != b"same-origin") {
            return false;
        }
        let mut origins = headers.get_all(ORIGIN).iter();
        let Some(Ok(said)) = origins.next().map(|origin| origin.to_str()) else { return false };
        let Ok(said) = said.parse::<TupleOrigin>() else { return false };
        let own = match self {
            Self::Proxied(origin) => origin.clone(),
            Self::Direct(authority) => TupleOrigin::http(authority.host.clone(), authority.port.unwrap_or(80)),
        };
        origins.next().is_none() && said == own
    }
}

/// What proxies say of whom they speak for.
const FORWARDED: &[&str] =
    &["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"];

fn default_port(origin: &TupleOrigin) -> u16 {
    if origin.scheme() == "https" { 443 } else { 80 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    fn origins() -> Vec<TupleOrigin> {
        ["https://lookout.example", "https://other.example:8443"].map(|origin| origin.parse().unwrap()).into()
    }

    #[test]
    fn only_our_names_are_answered() {
        for (host, expected) in [
            (Some("127.0.0.1:9180"), true),
            (Some("[::1]:9180"), true),
            (Some("localhost"), true),
            (Some("192.0.2.1:9180"), true),
            (Some("lookout.example"), true),
            (Some("lookout.example:443"), true),
            (Some("other.example:8443"), true),
            (Some("other.example"), false),
            (Some("lookout.example:9180"), false),
            (Some("rebound.example:9180"), false), // a name that was made to lead here
            (Some("localhost.rebound.example"), false),
            (Some(""), false),
            (None, false),
        ] {
            let lines: Vec<_> = host.iter().map(|host| ("host", *host)).collect();
            assert_eq!(Way::of(&headers(&lines), &origins()).is_some(), expected, "{host:?}");
        }
        assert_eq!(Way::of(&headers(&[("host", "localhost"), ("host", "localhost")]), &[]), None);
    }

    #[test]
    fn a_form_of_another_site_is_refused() {
        for (host, origin, site, expected) in [
            ("localhost:9180", Some("http://localhost:9180"), Some("same-origin"), true),
            ("localhost:9180", Some("http://localhost:9180"), None, true),
            ("localhost:9180", Some("http://localhost:9181"), None, false),
            ("localhost:9180", Some("http://127.0.0.1:9180"), None, false),
            ("localhost:9180", Some("https://localhost:9180"), None, false),
            ("localhost:9180", Some("http://localhost:9180"), Some("cross-site"), false),
            ("localhost:9180", Some("http://localhost:9180"), Some("same-site"), false),
            ("localhost:9180", Some("http://localhost:9180"), Some("none"), false),
            ("localhost:9180", Some("null"), Some("same-origin"), false),
            ("localhost:9180", None, Some("same-origin"), false),
            ("localhost:9180", None, None, false),
            ("lookout.example", Some("https://lookout.example"), Some("same-origin"), true),
            ("lookout.example", Some("http://lookout.example"), None, false),
            ("lookout.example", Some("https://evil.example"), None, false),
        ] {
            let mut lines = vec![("host", host)];
            lines.extend(origin.map(|origin| ("origin", origin)));
            lines.extend(site.map(|site| ("sec-fetch-site", site)));
            let headers = headers(&lines);
            let way = Way::of(&headers, &origins()).unwrap();
            assert_eq!(way.is_ours(&headers), expected, "{lines:?}");
        }
    }
}
