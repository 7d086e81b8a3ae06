//! A cookie jar that keeps and drops what `tough-cookie` 5 keeps and drops, since the Observatory grades by it.
//!
//! Browsers differ: they drop `SameSite=None` without `Secure`, for one, and our own rules say so.

mod cookie;
mod date;

use std::net::IpAddr;

use bartizan_rules::observatory::{JarCookie, registrable_domain_with_private};
use url::Url;

use self::cookie::Cookie;

/// Cookies of one session.
#[derive(Debug, Clone, Default)]
pub struct Jar {
    kept: Vec<Kept>,
}

#[derive(Debug, Clone)]
struct Kept {
    cookie: Cookie,
    domain: String,
    path: String,
    is_host_only: bool,
}

/// More than a browser keeps for a site (RFC 6265, 6.1, asks for fifty); a hostile site gets no further.
const MOST: usize = 1024;

impl Jar {
    /// Takes a Set-Cookie line of an answer from an address.
    pub fn set(&mut self, line: &str, url: &Url) {
        if let Some(kept) = accept(line, url) {
            let same = |known: &Kept| {
                known.domain == kept.domain && known.path == kept.path && known.cookie.name == kept.cookie.name
            };
            match self.kept.iter().position(same) {
                Some(at) => {
                    if let Some(known) = self.kept.get_mut(at) {
                        *known = kept;
                    }
                }
                None if self.kept.len() < MOST => self.kept.push(kept),
                None => {}
            }
        }
    }

    /// Returns the Cookie line for an address; cookies that have expired by then are dropped.
    ///
    /// `now` is in seconds since 1970.
    pub fn line(&mut self, url: &Url, now: i64) -> Option<String> {
        let host = url.host_str().unwrap_or_default().to_owned();
        let matches = |kept: &Kept| {
            let is_host = if kept.is_host_only { kept.domain == host } else { is_domain(&host, &kept.domain) };
            is_host && is_path(url.path(), &kept.path) && (!kept.cookie.is_secure || url.scheme() == "https")
        };
        self.kept.retain(|kept| !(matches(kept) && kept.cookie.is_expired(now)));
        let mut sent: Vec<_> = self.kept.iter().filter(|kept| matches(kept)).collect();
        // The longest path first, then by age (RFC 6265, 5.4).
        sent.sort_by_key(|kept| std::cmp::Reverse(kept.path.len()));
        let pairs: Vec<_> = sent.iter().map(|kept| format!("{}={}", kept.cookie.name, kept.cookie.value)).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// Returns what is kept, for the grade; what has expired is among it, until a request would have carried it.
    pub fn cookies(&self) -> impl Iterator<Item = JarCookie> {
        self.kept.iter().map(|Kept { cookie, .. }| JarCookie {
            name: cookie.name.clone(),
            is_secure: cookie.is_secure,
            is_http_only: cookie.is_http_only,
            same_site: cookie.same_site,
        })
    }
}

fn accept(line: &str, url: &Url) -> Option<Kept> {
    let cookie = Cookie::parse(line)?;
    let host = url.host_str()?.to_owned();
    let (domain, is_host_only) = match &cookie.domain {
        None => (host, true),
        Some(domain) => {
            // Nobody may set cookies for all of a registry, or for all customers of a company.
            let is_open =
                !is_address(domain) && !is_special(domain) && registrable_domain_with_private(domain).is_none();
            if is_open
                || is_address(domain) && !domain.contains(':')
                || is_lone_special(domain)
                || !is_domain(&host, domain)
            {
                return None;
            }
            (domain.clone(), false)
        }
    };
    let path = cookie.path.clone().unwrap_or_else(|| default_path(url.path()).to_owned());
    if cookie.name.starts_with("__Secure-") && !cookie.is_secure {
        return None;
    }
    if cookie.name.starts_with("__Host-") && !(cookie.is_secure && is_host_only && path == "/") {
        return None;
    }
    Some(Kept { cookie, domain, path, is_host_only })
}

fn is_address(host: &str) -> bool {
    host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok()
}

/// Names that no registry has (RFC 6761), below which the last two labels count as registered.
const SPECIAL: &[&str] = &["example", "invalid", "local", "localhost", "test"];

fn is_special(domain: &str) -> bool {
    domain.rsplit('.').next().is_some_and(|last| SPECIAL.contains(&last))
}

/// Whether it is such a name itself, and not one of the two that may stand alone.
fn is_lone_special(domain: &str) -> bool {
    SPECIAL.contains(&domain) && !matches!(domain, "localhost" | "invalid")
}

/// Whether a host belongs to a domain (RFC 6265, 5.1.3).
fn is_domain(host: &str, domain: &str) -> bool {
    host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')) && !is_address(host)
}

/// Whether a path lies below a cookie's (RFC 6265, 5.1.4).
fn is_path(path: &str, of_cookie: &str) -> bool {
    path.strip_prefix(of_cookie)
        .is_some_and(|rest| rest.is_empty() || of_cookie.ends_with('/') || rest.starts_with('/'))
}

/// Returns the path for which a cookie holds that names none (RFC 6265, 5.1.4).
fn default_path(path: &str) -> &str {
    match path.rfind('/') {
        None | Some(0) => "/",
        Some(at) => path.get(..at).unwrap_or("/"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(url: &str, lines: &[&str]) -> String {
        let mut jar = Jar::default();
        for line in lines {
            jar.set(line, &url.parse().unwrap());
        }
        jar.cookies().map(|cookie| cookie.name).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn foreign_and_broken_cookies_are_dropped() {
        for (line, kept) in [
            ("a=b", "a"),
            ("a=b; Domain=obs.test", "a"),
            ("a=b; Domain=.x.obs.test", "a"),
            ("a=b; Domain=test", ""),
            ("a=b; Domain=example.com", ""),
            ("a=b; Domain=y.x.obs.test", ""),
            ("=b", ""),
            ("b", ""),
            ("__Secure-a=b", ""),
            ("__Secure-a=b; Secure", "__Secure-a"),
            ("__Host-a=b; Secure; Path=/", "__Host-a"),
            ("__Host-a=b; Secure", "__Host-a"), // the default path is the root here
            ("__Host-a=b; Secure; Path=/; Domain=x.obs.test", ""),
            ("a=b; Max-Age=0", "a"),
        ] {
            assert_eq!(names("https://x.obs.test/", &[line]), kept, "{line}");
        }
        for (url, line, kept) in [
            ("https://a.github.io/", "a=b; Domain=github.io", ""),
            ("https://a.github.io/", "a=b; Domain=a.github.io", "a"),
            ("https://a.co.uk/", "a=b; Domain=co.uk", ""),
            ("https://127.0.0.1/", "a=b; Domain=127.0.0.1", ""),
            ("http://localhost/", "a=b; Domain=localhost", "a"),
            ("https://x.obs.test/deep/er", "__Host-a=b; Secure", ""),
        ] {
            assert_eq!(names(url, &[line]), kept, "{url} {line}");
        }
    }

    #[test]
    fn the_same_cookie_is_replaced() {
        assert_eq!(names("https://a.test/", &["a=1", "b=2", "a=3; Secure"]), "a b");
        assert_eq!(names("https://a.test/", &["a=1", "a=3; Path=/x"]), "a a");
    }

    #[test]
    fn cookies_go_where_they_belong() {
        let mut jar = Jar::default();
        let url = "https://x.obs.test/p/q".parse().unwrap();
        for line in
            ["a=1", "b=2; Path=/", "c=3; Secure; Path=/", "d=4; Domain=obs.test; Path=/", "e=5; Max-Age=0; Path=/"]
        {
            jar.set(line, &url);
        }
        for (url, line) in [
            ("https://x.obs.test/p/q", Some("a=1; b=2; c=3; d=4")),
            ("http://x.obs.test/", Some("b=2; d=4")),
            ("https://y.obs.test/", Some("d=4")),
            ("https://obs.test.evil/", None),
        ] {
            assert_eq!(jar.line(&url.parse().unwrap(), 0).as_deref(), line, "{url}");
        }
        assert_eq!(jar.cookies().count(), 4); // the expired one went with the first request
    }
}
