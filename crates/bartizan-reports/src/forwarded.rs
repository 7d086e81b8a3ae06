//! Who sent a report that came by another proxy: what trusted proxies name, read from the right.
//!
//! A peer that is no trusted proxy is the client, whatever its headers say, and text that is no address ends the
//! reading: what stands left of it is the client's own word.

use std::net::{IpAddr, SocketAddr};

use http::header::FORWARDED;
use http::{HeaderMap, HeaderName};
use ipnet::IpNet;

/// The proxies that are believed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies(pub Vec<IpNet>);

impl Proxies {
    /// Returns who sent a request.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        if !self.trust(peer) {
            return peer;
        }
        let lines = |name: &HeaderName| {
            let lines: Vec<_> = headers.get_all(name).iter().map(|line| line.to_str().unwrap_or_default()).collect();
            lines.into_iter().rev().flat_map(|line| line.rsplit(','))
        };
        if headers.contains_key(&X_FORWARDED_FOR) {
            self.follow(peer, lines(&X_FORWARDED_FOR))
        } else {
            self.follow(peer, lines(&FORWARDED).map(|element| named(element).unwrap_or_default()))
        }
    }

    fn follow<'a>(&self, peer: IpAddr, named: impl Iterator<Item = &'a str>) -> IpAddr {
        let mut client = peer;
        for text in named {
            let Some(address) = address(text) else { break };
            client = address;
            if !self.trust(address) {
                break;
            }
        }
        client
    }

    fn trust(&self, address: IpAddr) -> bool {
        self.0.iter().any(|net| net.contains(&address))
    }
}

/// Reads an address as proxies write it: bare, with a port, quoted, in brackets.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_matches('"');
    let address = match text.strip_prefix('[') {
        Some(inner) => {
            let (inner, port) = inner.split_once(']')?;
            let is_port = port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
            is_port.then(|| inner.parse().ok()).flatten().map(IpAddr::V6)
        }
        None => text.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip())),
    };
    address.map(|address| address.to_canonical())
}

/// Returns whom one element names (RFC 7239, 5.2).
fn named(element: &str) -> Option<&str> {
    let mut pairs = element.split(';').filter_map(|pair| pair.split_once('='));
    pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("for")).map(|(_, value)| value.trim())
}

static X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn only_trusted_proxies_name_the_client() {
        let proxies = Proxies(vec!["10.0.0.0/8".parse().unwrap(), "2001:db8::/32".parse().unwrap()]);
        let (proxy, stranger) = ("10.0.0.1", "198.51.100.7");
        for (peer, name, lines, client) in [
            (stranger, "x-forwarded-for", &["203.0.113.9"][..], stranger),
            (proxy, "x-forwarded-for", &["203.0.113.9"], "203.0.113.9"),
            ("::ffff:10.0.0.1", "x-forwarded-for", &["203.0.113.9"], "203.0.113.9"),
            (proxy, "x-forwarded-for", &["1.1.1.1, 203.0.113.9"], "203.0.113.9"),
            (proxy, "x-forwarded-for", &["1.1.1.1", "203.0.113.9, 10.0.0.2"], "203.0.113.9"),
            (proxy, "x-forwarded-for", &["203.0.113.9, what, 10.0.0.2"], "10.0.0.2"),
            (proxy, "x-forwarded-for", &["203.0.113.9:4711"], "203.0.113.9"),
            (proxy, "x-forwarded-for", &["[2001:db9::1]:443"], "2001:db9::1"),
            (proxy, "x-forwarded-for", &[""], proxy),
            (proxy, "forwarded", &["for=203.0.113.9;proto=https"], "203.0.113.9"),
            (proxy, "forwarded", &["for=1.1.1.1, proto=https;For=\"[2001:db9::1]:1\""], "2001:db9::1"),
            (proxy, "forwarded", &["for=_hidden"], proxy),
            (proxy, "via", &["203.0.113.9"], proxy),
        ] {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(name, HeaderValue::from_static(line));
            }
            let found = proxies.client(peer.parse().unwrap(), &headers);
            assert_eq!(found, client.parse::<IpAddr>().unwrap(), "{peer} {name}: {lines:?}");
        }
    }
}
