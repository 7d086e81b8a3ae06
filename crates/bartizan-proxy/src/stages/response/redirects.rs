//! Redirects of an app that does not know of HTTPS: `Location` names the very port that visitors speak TLS to, in the
//! clear, and no browser gets anywhere there.
//!
//! Apps that make absolute addresses of `Host` alone do so wherever the port is not the usual one. What leads to the
//! usual plain port is left: there the wall answers, and sends visitors back.

use bartizan_headers::{Authority, HostPattern};
use http::HeaderValue;
use http::header::LOCATION;

use super::apply::text;
use crate::config::Site;
use crate::context::Exchange;
use crate::head::{Maker, ResponseHead};
use crate::stages::{ResponseStage, ResponseVerdict};

/// Keeps the app's redirects to its own TLS port on HTTPS.
#[derive(Debug)]
pub(crate) struct Redirects {
    hosts: Vec<HostPattern>,
    /// The port that visitors see, where it is not the listener's.
    port: Option<u16>,
}

impl Redirects {
    /// Returns the stage, unless the site answers to any name: then none is known to be its own.
    pub(crate) fn new(site: &Site) -> Option<Self> {
        let hosts = site.hosts.clone();
        (!hosts.is_empty()).then_some(Self { hosts, port: site.https.port })
    }

    /// Returns the address as it is meant, if it cannot be meant as it is.
    fn mended(&self, location: &str, local: u16) -> Option<String> {
        let scheme = location.get(..SCHEME.len()).filter(|scheme| scheme.eq_ignore_ascii_case(SCHEME))?;
        let rest = location.get(scheme.len()..)?;
        let authority: Authority = rest.split(['/', '?', '#']).next()?.parse().ok()?;
        let port = authority.port?;
        let is_tls = port == local || self.port == Some(port);
        let is_own = self.hosts.iter().any(|pattern| pattern.matches_name(&authority.host));
        (is_tls && is_own).then(|| format!("https://{rest}"))
    }
}

impl ResponseStage for Redirects {
    fn name(&self) -> &'static str {
        "redirects"
    }

    fn describe(&self) -> String {
        "redirects to the TLS port in the clear become HTTPS".to_owned()
    }

    fn head(&self, response: &mut ResponseHead, exchange: &Exchange) -> ResponseVerdict {
        if response.maker == Maker::Upstream
            && exchange.connection.tls.is_some()
            && let Some(location) = response.headers.get(LOCATION)
            && let Some(mended) = self.mended(text(location), exchange.connection.local.port())
            && let Ok(value) = HeaderValue::try_from(mended)
        {
            response.headers.insert(LOCATION, value);
        }
        ResponseVerdict::Pass
    }
}

const SCHEME: &str = "http://";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_meant_becomes_https() {
        let hosts = ["app.example", "*.apps.example"].map(|host| host.parse().unwrap()).to_vec();
        let stage = Redirects { hosts, port: Some(9443) };
        for (location, expected) in [
            ("http://app.example:8443/in/?next=/#a", Some("https://app.example:8443/in/?next=/#a")),
            ("HTTP://APP.example:8443", Some("https://APP.example:8443")),
            ("http://app.example:9443/", Some("https://app.example:9443/")), // the port outside
            ("http://b.apps.example:8443/", Some("https://b.apps.example:8443/")),
            ("http://app.example/", None), // the plain port is a way home
            ("http://app.example:8080/", None),
            ("http://other.example:8443/", None),
            ("http://app.example:8443@other.example/", None),
            ("https://app.example:8443/", None),
            ("//app.example:8443/", None),
            ("/in", None),
            ("", None),
        ] {
            assert_eq!(stage.mended(location, 8443).as_deref(), expected, "{location}");
        }
    }
}
