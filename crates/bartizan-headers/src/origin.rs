//! Origins (RFC 6454; WHATWG HTML, origin): scheme, host and port, or `null`.
//!
//! Strict: an origin has no path, no user and no guessed scheme.

use std::fmt;
use std::str::FromStr;

use url::Url;

use crate::host::{Authority, HostError, HostName};

/// Who sent a request, as far as a browser says.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Origin {
    /// `null`: a sandboxed document, a local file, a redirect across origins.
    Opaque,
    /// A scheme, a host and a port.
    Tuple(TupleOrigin),
}

impl Origin {
    /// Returns the origin, unless it is `null`.
    pub const fn tuple(&self) -> Option<&TupleOrigin> {
        match self {
            Self::Opaque => None,
            Self::Tuple(tuple) => Some(tuple),
        }
    }
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        if text == "null" { Ok(Self::Opaque) } else { text.parse().map(Self::Tuple) }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Opaque => f.write_str("null"),
            Self::Tuple(tuple) => tuple.fmt(f),
        }
    }
}

/// A scheme, a host and a port; the scheme's own port is the same as none.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TupleOrigin {
    scheme: Box<str>,
    host: HostName,
    port: Option<u16>,
}

impl TupleOrigin {
    /// Returns an `https` origin.
    pub fn https(host: HostName, port: u16) -> Self {
        Self { scheme: "https".into(), host, port: (port != 443).then_some(port) }
    }

    /// Returns an `http` origin.
    pub fn http(host: HostName, port: u16) -> Self {
        Self { scheme: "http".into(), host, port: (port != 80).then_some(port) }
    }

    /// Returns the origin of an address; nothing for one whose origin is `null`.
    pub fn of(url: &Url) -> Option<Self> {
        let host = url.host_str()?.parse().ok()?;
        Some(Self { scheme: url.scheme().into(), host, port: url.port() })
    }

    /// Returns the scheme in lower case.
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// Returns the host.
    pub const fn host(&self) -> &HostName {
        &self.host
    }

    /// Returns the port, also where it is the scheme's own; nothing for a scheme without one.
    pub fn port(&self) -> Option<u16> {
        self.port.or_else(|| own_port(&self.scheme))
    }
}

impl FromStr for TupleOrigin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        let (scheme, authority) = text.split_once("://").ok_or(OriginError::Scheme)?;
        let mut letters = scheme.bytes();
        let is_scheme = letters.next().is_some_and(|first| first.is_ascii_alphabetic())
            && letters.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
        if !is_scheme {
            return Err(OriginError::Scheme);
        }
        let scheme = scheme.to_ascii_lowercase();
        let Authority { host, port } = authority.parse()?;
        let port = port.filter(|&port| own_port(&scheme) != Some(port));
        Ok(Self { scheme: scheme.into(), host, port })
    }
}

impl fmt::Display for TupleOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.host)?;
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

/// Why a text is no origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OriginError {
    /// The part after the scheme is no host with an optional port.
    #[error("an origin is a scheme, a host and perhaps a port")]
    Host(#[from] HostError),
    /// No scheme with `://` behind it.
    #[error("an origin starts with a scheme, such as https://")]
    Scheme,
}

fn own_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" | "ws" => Some(80),
        "https" | "wss" => Some(443),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        for (text, canonical) in [
            ("https://shop.example", Some("https://shop.example")),
            ("HTTPS://Shop.example:443", Some("https://shop.example")),
            ("http://shop.example:8080", Some("http://shop.example:8080")),
            ("https://[::1]:8443", Some("https://[::1]:8443")),
            ("null", Some("null")),
            ("NULL", None),
            ("shop.example", None),
            ("https://shop.example/", None),
            ("https://user@shop.example", None),
            ("https://", None),
            ("://shop.example", None),
            ("https://a, https://b", None),
        ] {
            let parsed = text.parse::<Origin>().ok();
            assert_eq!(parsed.as_ref().map(ToString::to_string).as_deref(), canonical, "{text}");
        }
    }

    #[test]
    fn the_own_port_is_no_port() {
        for (one, other, is_same) in [
            ("https://a.example", "https://a.example:443", true),
            ("http://a.example", "http://a.example:443", false),
            ("https://a.example", "http://a.example", false),
        ] {
            assert_eq!(one.parse::<TupleOrigin>() == other.parse(), is_same, "{one} {other}");
        }
        let url = Url::parse("https://a.example:443/x?y").unwrap();
        assert_eq!(TupleOrigin::of(&url), "https://a.example".parse().ok());
        assert_eq!(TupleOrigin::of(&Url::parse("data:,x").unwrap()), None);
    }
}
