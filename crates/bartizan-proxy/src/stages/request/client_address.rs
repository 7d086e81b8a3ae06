//! Client address: who the client is, and whether it spoke HTTPS. It refuses nothing.
//!
//! A peer that is no trusted proxy is the client, whatever its headers say. From a trusted proxy,
//! `X-Forwarded-For` (or, without one, `Forwarded`) is read from the right: trusted addresses are passed over,
//! the first other one is the client, and text that is no address ends the reading. A proxy that writes only
//! `Forwarded` must therefore remove `X-Forwarded-For`. `X-Forwarded-Proto`, the `proto` of `Forwarded` and the
//! site's `ssl_proxy_headers` are believed from trusted proxies only, unlike KrakenD, which believes anyone.
//!
//! Whoever the peer is, every header by which an app could learn of a client, a user, a certificate or another
//! address than the one we judged is removed then, also under names with underscores (CVE-2025-64484);
//! `identity.rs` writes ours. A single sign-on proxy stands behind the wall, not in front of it.

use std::net::{IpAddr, SocketAddr};

use http::header::{self, HeaderName};
use http::{HeaderMap, HeaderValue};
use ipnet::IpNet;

use super::identity_names::tells_identity;
use crate::context::Exchange;
use crate::head::RequestHead;
use crate::stages::{RequestStage, Verdict};

/// Finds the client, and removes what clients say of themselves.
#[derive(Debug)]
pub struct ClientAddress {
    trusted: Vec<IpNet>,
    ssl_proxy_headers: Vec<(HeaderName, HeaderValue)>,
}

impl ClientAddress {
    /// Makes the stage from the trusted proxies and a site's `ssl_proxy_headers`.
    pub fn new(trusted: &[IpNet], ssl_proxy_headers: &[(HeaderName, HeaderValue)]) -> Self {
        Self { trusted: trusted.to_vec(), ssl_proxy_headers: ssl_proxy_headers.to_vec() }
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted.iter().any(|net| net.contains(&address))
    }

    /// Follows the addresses that trusted proxies named, nearest first, into the exchange.
    fn follow<'a>(&self, named: impl Iterator<Item = &'a str>, exchange: &mut Exchange) {
        for text in named {
            let Some(address) = address(text) else { break };
            exchange.forwarded_for.push(address);
            exchange.client = address;
            if !self.trusts(address) {
                break;
            }
        }
        exchange.forwarded_for.reverse();
    }

    fn believe(&self, headers: &HeaderMap, exchange: &mut Exchange) {
        let lines = || headers.get_all(&X_FORWARDED_FOR).iter().rev().filter_map(|line| line.to_str().ok());
        let mut scheme = headers.get_all(&X_FORWARDED_PROTO).iter().next_back().and_then(|line| line.to_str().ok());
        if headers.contains_key(&X_FORWARDED_FOR) {
            self.follow(lines().flat_map(|line| line.rsplit(',')), exchange);
        } else {
            let lines = headers.get_all(header::FORWARDED).iter().rev().filter_map(|line| line.to_str().ok());
            let elements: Vec<&str> = lines.flat_map(|line| line.rsplit(',')).collect();
            self.follow(elements.iter().map(|element| parameter(element, "for").unwrap_or_default()), exchange);
            scheme = scheme.or_else(|| elements.first().and_then(|element| parameter(element, "proto")));
        }
        if let Some(scheme) = scheme {
            // The nearest proxy stands last; it is the one we know.
            let scheme = scheme.rsplit(',').next().unwrap_or_default().trim();
            exchange.https = scheme.eq_ignore_ascii_case("https");
        }
        exchange.https |= self.ssl_proxy_headers.iter().any(|(name, value)| headers.get(name) == Some(value));
    }
}

impl RequestStage for ClientAddress {
    fn name(&self) -> &'static str {
        "client-address"
    }

    fn describe(&self) -> String {
        match self.trusted.len() {
            0 => "the peer; forwarded addresses are removed".to_owned(),
            number => format!("the peer, or whom one of {number} trusted networks names"),
        }
    }

    fn head(&self, request: &mut RequestHead, exchange: &mut Exchange) -> Verdict {
        exchange.client = exchange.connection.peer.ip().to_canonical();
        exchange.https = exchange.connection.tls.is_some();
        exchange.trusted_peer = self.trusts(exchange.client);
        exchange.forwarded_for.clear();
        if exchange.trusted_peer {
            self.believe(&request.headers, exchange);
        }
        let doomed = |name: &&HeaderName| {
            tells_identity(name.as_str()) || self.ssl_proxy_headers.iter().any(|(known, _)| known == **name)
        };
        let doomed: Vec<HeaderName> = request.headers.keys().filter(doomed).cloned().collect();
        for name in doomed {
            request.headers.remove(name);
        }
        Verdict::Pass
    }
}

/// Reads an address as proxies write it: bare, with a port, quoted, in brackets.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_matches('"');
    let address = if let Some(inner) = text.strip_prefix('[') {
        let (inner, port) = inner.split_once(']')?;
        let is_port = port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
        is_port.then(|| inner.parse().ok()).flatten().map(IpAddr::V6)
    } else {
        text.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
    };
    address.map(|address| address.to_canonical())
}

/// Returns the value of a parameter of one `Forwarded` element (RFC 7239, 4).
///
/// The field is read element by element from the right, not as a whole: what a stranger wrote on the left must not
/// spoil what our own proxies appended.
fn parameter<'a>(element: &'a str, wanted: &str) -> Option<&'a str> {
    let mut pairs = element.split(';').filter_map(|pair| pair.split_once('='));
    pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted)).map(|(_, value)| value.trim().trim_matches('"'))
}

static X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
static X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stages::request::testing::{Ask, outcome};

    fn check(stage: &ClientAddress, mut ask: Ask) -> (String, bool, usize) {
        assert_eq!(outcome(stage, &mut ask), "pass");
        assert!(ask.head.headers.is_empty(), "{:?}", ask.head.headers);
        (ask.exchange.client.to_string(), ask.exchange.https, ask.exchange.forwarded_for.len())
    }

    fn trusting() -> ClientAddress {
        let ssl = (HeaderName::from_static("x-edge-tls"), HeaderValue::from_static("on"));
        ClientAddress::new(&["10.0.0.0/8".parse().unwrap(), "2001:db8::/32".parse().unwrap()], &[ssl])
    }

    #[test]
    fn addresses_are_read_from_the_right() {
        for (lines, client) in [
            (&["203.0.113.9"][..], "203.0.113.9"),
            (&["1.1.1.1, 203.0.113.9"], "203.0.113.9"), // the left one is the client's own word
            (&["1.1.1.1, 203.0.113.9, 10.0.0.7"], "203.0.113.9"),
            (&["1.1.1.1", "203.0.113.9,10.0.0.7"], "203.0.113.9"),
            (&["203.0.113.9:4711"], "203.0.113.9"),
            (&["[2001:db9::1]:4711"], "2001:db9::1"),
            (&["2001:db9::1"], "2001:db9::1"),
            (&["::ffff:203.0.113.9"], "203.0.113.9"),
            (&["203.0.113.9, garbage"], "10.0.0.1"),
            (&["203.0.113.9, garbage, 10.0.0.7"], "10.0.0.7"),
            (&["10.0.0.9, 10.0.0.7"], "10.0.0.9"),
            (&[""], "10.0.0.1"),
        ] {
            let ask = lines.iter().fold(Ask::get("/").from("10.0.0.1"), |ask, line| ask.with("x-forwarded-for", line));
            assert_eq!(check(&trusting(), ask).0, client, "{lines:?}");
            let ask = lines.iter().fold(Ask::get("/"), |ask, line| ask.with("x-forwarded-for", line));
            assert_eq!(check(&trusting(), ask).0, "192.0.2.1", "{lines:?} from a stranger");
        }
    }

    #[test]
    fn forwarded_is_read_where_the_other_is_absent() {
        for (forwarded, other, expected) in [
            (r#"for=1.1.1.1, for="[2001:db9::1]:47";proto=https"#, None, ("2001:db9::1", true, 1)),
            ("For=203.0.113.9;Proto=http, for=10.0.0.7;proto=http", None, ("203.0.113.9", false, 2)),
            ("for=_hidden", None, ("10.0.0.1", true, 0)),
            ("for=1.1.1.1;proto=http", Some("203.0.113.9"), ("203.0.113.9", true, 1)),
        ] {
            let mut ask = Ask::get("/").from("10.0.0.1").with("forwarded", forwarded);
            if let Some(other) = other {
                ask = ask.with("x-forwarded-for", other);
            }
            let found = check(&trusting(), ask);
            assert_eq!((found.0.as_str(), found.1, found.2), expected, "{forwarded}");
        }
    }

    #[test]
    fn only_trusted_proxies_say_that_tls_was_spoken() {
        for (peer, name, value, is_https) in [
            ("10.0.0.1", "x-forwarded-proto", "https", true),
            ("10.0.0.1", "x-forwarded-proto", "https, http", false),
            ("192.0.2.1", "x-forwarded-proto", "https", false),
            ("192.0.2.1", "x_forwarded_proto", "https", false),
            ("10.0.0.1", "x-edge-tls", "on", true),
            ("10.0.0.1", "x-edge-tls", "off", false),
            ("192.0.2.1", "x-edge-tls", "on", false),
        ] {
            let found = check(&trusting(), Ask::get("/").plain().from(peer).with(name, value));
            assert_eq!(found.1, is_https, "{peer} {name}: {value}");
        }
        assert!(!check(&trusting(), Ask::get("/").from("10.0.0.1").with("x-forwarded-proto", "http")).1);
    }

    #[test]
    fn what_clients_say_of_themselves_is_removed() {
        for (name, is_removed) in
            [("x_forwarded_for", true), ("remote-user", true), ("x-edge-tls", true), ("x-edge", false)]
        {
            let mut ask = Ask::get("/").with(name, "x");
            assert_eq!(outcome(&trusting(), &mut ask), "pass");
            assert_eq!(ask.head.headers.is_empty(), is_removed, "{name}");
        }
    }
}
