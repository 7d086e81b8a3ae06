//! Where a name leads: overrides first, then the system.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use thiserror::Error;
use url::{Host, Url};

use crate::failure::Failure;

/// Knows where names lead.
#[derive(Debug, Clone, Default)]
pub struct Resolver {
    overrides: Vec<Override>,
}

/// One name and port, and where it leads: `HOST:PORT:ADDR`, as curl has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    host: String,
    /// `None` is any.
    port: Option<u16>,
    /// Nowhere, where there is none: the name does not resolve.
    to: Option<Place>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// On the port that was asked for.
    Address(IpAddr),
    Socket(SocketAddr),
}

/// It is not of the form `HOST:PORT:ADDR`.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{text:?} is not HOST:PORT:ADDR, such as app.example:443:127.0.0.1; an empty ADDR leads nowhere")]
pub struct NoOverride {
    /// What was written.
    pub text: String,
}

impl Resolver {
    /// Returns a resolver that asks the system, unless there are overrides: then no other name leads anywhere.
    pub const fn new(overrides: Vec<Override>) -> Self {
        Self { overrides }
    }

    /// Returns the addresses behind an address of the web, best first.
    ///
    /// # Errors
    ///
    /// The name does not resolve.
    pub async fn resolve(&self, url: &Url) -> Result<Vec<SocketAddr>, Failure> {
        let port = url.port_or_known_default().ok_or(Failure::Scheme)?;
        let name = url.host_str().unwrap_or_default();
        let unknown = || Failure::Unresolved { host: name.to_owned() };
        let is_meant = |known: &&Override| known.host == name && known.port.is_none_or(|at| at == port);
        let mut meant = self.overrides.iter().filter(is_meant).peekable();
        if let Some(first) = meant.peek() {
            first.to.ok_or_else(unknown)?;
            return Ok(meant.filter_map(|known| known.to).map(|place| place.on(port)).collect());
        }
        match url.host() {
            Some(Host::Ipv4(address)) => Ok(vec![SocketAddr::new(address.into(), port)]),
            Some(Host::Ipv6(address)) => Ok(vec![SocketAddr::new(address.into(), port)]),
            Some(Host::Domain(name)) if self.overrides.is_empty() => {
                let found: Vec<_> = tokio::net::lookup_host((name, port)).await.map_err(|_| unknown())?.collect();
                if found.is_empty() { Err(unknown()) } else { Ok(found) }
            }
            // What was not listed must not reach DNS: the test that lists names wants to be alone.
            Some(Host::Domain(_)) | None => Err(unknown()),
        }
    }
}

impl Override {
    /// Returns one that leads the name of an address to one place only.
    pub(crate) fn to(url: &Url, place: SocketAddr) -> Self {
        Self { host: url.host_str().unwrap_or_default().to_owned(), port: None, to: Some(Place::Socket(place)) }
    }
}

impl Place {
    const fn on(self, port: u16) -> SocketAddr {
        match self {
            Self::Address(address) => SocketAddr::new(address, port),
            Self::Socket(socket) => socket,
        }
    }
}

impl FromStr for Override {
    type Err = NoOverride;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        read(text).ok_or_else(|| NoOverride { text: text.to_owned() })
    }
}

fn read(text: &str) -> Option<Override> {
    let end = if text.starts_with('[') { text.find(']')? + 1 } else { text.find(':')? };
    let (host, rest) = text.split_at_checked(end)?;
    let (port, address) = rest.strip_prefix(':')?.split_once(':')?;
    let host = Host::parse(host).ok()?.to_string();
    let port = if port == "*" { None } else { Some(port.parse().ok()?) };
    let bare = address.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(address);
    let to = match address {
        "" => None,
        _ => Some(bare.parse().map(Place::Address).or_else(|_| address.parse().map(Place::Socket)).ok()?),
    };
    Some(Override { host, port, to })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overrides_are_read() {
        for (text, is_fine) in [
            ("a.example:443:127.0.0.1", true),
            ("A.example:443:[::1]", true),
            ("a.example:443:::1", true),
            ("a.example:443:127.0.0.1:8443", true),
            ("a.example:443:", true),
            ("a.example:*:127.0.0.1", true),
            ("[::1]:443:127.0.0.1", true),
            ("a.example:443", false),
            ("a.example::127.0.0.1", false),
            ("a.example:443:b.example", false),
            (":443:127.0.0.1", false),
        ] {
            assert_eq!(text.parse::<Override>().is_ok(), is_fine, "{text}");
        }
    }

    #[tokio::test]
    async fn names_without_override_never_reach_dns() {
        let overrides = [
            "a.example:443:127.0.0.1:8443",
            "a.example:80:",
            "b.example:*:::1",
            "c.example:443:127.0.0.1",
            "c.example:443:::1",
        ];
        let resolver = Resolver::new(overrides.iter().map(|text| text.parse().unwrap()).collect());
        for (url, address) in [
            ("https://a.example/", Some("127.0.0.1:8443")),
            ("http://a.example/", None), // leads nowhere
            ("http://b.example:81/", Some("[::1]:81")),
            ("https://c.example/", Some("127.0.0.1:443 [::1]:443")),
            ("http://localhost/", None), // not listed
            ("http://127.0.0.2/", Some("127.0.0.2:80")),
        ] {
            let found = resolver.resolve(&url.parse().unwrap()).await.ok();
            let found = found.map(|found| found.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));
            assert_eq!(found.as_deref(), address, "{url}");
        }
    }
}
