//! What is to be looked at: a host, or an address with scheme, port and path.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;
use url::{Host, Url};

/// A site, as somebody names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Target {
    /// With a scheme, be it one that was only assumed.
    url: Url,
    scheme: Scheme,
}

/// Whether a scheme was named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// Plain HTTP.
    Http,
    /// HTTP over TLS.
    Https,
    /// None was: both are asked.
    Unsaid,
}

/// It names no site.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{text:?} is neither a host nor an address of the web")]
pub struct NoTarget {
    /// What was written.
    pub text: String,
}

impl Target {
    /// Returns the host as it stands in addresses, in lower case.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// Returns the port, where one was written that is not the scheme's own.
    pub fn port(&self) -> Option<u16> {
        self.url.port()
    }

    /// Returns which scheme was named.
    pub const fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Returns the address to ask over a scheme, on a port of its own or the scheme's.
    pub fn address(&self, scheme: &str, port: Option<u16>) -> Url {
        let mut url = self.url.clone();
        // Both are schemes with hosts, so neither can be refused.
        let _ = url.set_scheme(scheme);
        let _ = url.set_port(port);
        url
    }
}

impl FromStr for Target {
    type Err = NoTarget;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fault = || NoTarget { text: text.to_owned() };
        let trimmed = text.trim();
        let (scheme, url) = match trimmed.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase()).as_deref() {
            Some("http") => (Scheme::Http, Url::parse(trimmed)),
            Some("https") => (Scheme::Https, Url::parse(trimmed)),
            Some(_) => return Err(fault()),
            // An address of IPv6 needs brackets before a port, and people write it without.
            None if trimmed.parse::<std::net::Ipv6Addr>().is_ok() => {
                (Scheme::Unsaid, Url::parse(&format!("https://[{trimmed}]/")))
            }
            None => (Scheme::Unsaid, Url::parse(&format!("https://{trimmed}"))),
        };
        let mut url = url.map_err(|_| fault())?;
        url.set_fragment(None);
        match url.host() {
            Some(Host::Domain(name)) if name.len() > 253 => Err(fault()),
            Some(_) => Ok(Self { url, scheme }),
            None => Err(fault()),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.url.as_str();
        match self.scheme {
            Scheme::Unsaid => {
                let bare = shown.strip_prefix("https://").unwrap_or(shown);
                f.write_str(if self.url.path() == "/" { bare.strip_suffix('/').unwrap_or(bare) } else { bare })
            }
            Scheme::Http | Scheme::Https => f.write_str(shown),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_addresses_are_targets() {
        for (text, shown, scheme, port) in [
            ("a.example", "a.example", Scheme::Unsaid, None),
            ("A.Example:8443/x?y#z", "a.example:8443/x?y", Scheme::Unsaid, Some(8443)),
            ("https://a.example", "https://a.example/", Scheme::Https, None),
            ("http://localhost:8000/", "http://localhost:8000/", Scheme::Http, Some(8000)),
            ("http://a.example:80", "http://a.example/", Scheme::Http, None),
            ("[::1]:8443", "[::1]:8443", Scheme::Unsaid, Some(8443)),
            ("::1", "[::1]", Scheme::Unsaid, None),
            ("bücher.example", "xn--bcher-kva.example", Scheme::Unsaid, None),
        ] {
            let target: Target = text.parse().unwrap();
            assert_eq!((target.to_string().as_str(), target.scheme(), target.port()), (shown, scheme, port));
        }
        for text in ["", "ftp://a.example", "https://", "a b", "http://[x]"] {
            assert!(text.parse::<Target>().is_err(), "{text}");
        }
    }

    #[test]
    fn schemes_have_ports_of_their_own() {
        let target: Target = "a.example:8443/x".parse().unwrap();
        assert_eq!(target.address("http", None).as_str(), "http://a.example/x");
        assert_eq!(target.address("https", Some(8443)).as_str(), "https://a.example:8443/x");
    }
}
