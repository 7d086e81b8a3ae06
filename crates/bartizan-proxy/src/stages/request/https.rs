//! HTTPS only, on one canonical host.
//!
//! A request is let through when
//!
//! - it asks for an ACME challenge (RFC 8555, 8.3), which authorities fetch over plain HTTP; or
//! - it is a health check, GET or HEAD for a health path, which load balancers ask over plain HTTP by address; or
//! - it came over HTTPS (to us, or to a trusted proxy before us, see `client_address.rs`) or plain HTTP is
//!   allowed; and the site has no canonical host, or it names it, or it names a host of uploads.
//!
//! Every other request is redirected: GET and HEAD with 301, the rest with 308, which keeps method and body.
//! The address is built from the admitted host and path, never from header text.

use std::fmt::Write as _;
use std::net::SocketAddr;

use bartizan_headers::Authority;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use super::uploads;
use crate::config::{Https, Redirect, Server, Site, Upload};
use crate::context::Exchange;
use crate::head::RequestHead;
use crate::stages::{Answer, RequestStage, Verdict};

/// Redirects to the canonical address.
#[derive(Debug)]
pub struct HttpsOnly {
    plan: Https,
    uploads: Vec<Upload>,
    health_paths: Vec<String>,
    /// The port of the first TLS listener.
    tls_port: Option<u16>,
}

impl HttpsOnly {
    /// Makes the stage for a site behind these listeners.
    pub fn new(server: &Server, site: &Site) -> Self {
        Self {
            plan: site.https.clone(),
            uploads: site.uploads.clone(),
            health_paths: site.health_paths.clone(),
            tls_port: server.listen.first().map(SocketAddr::port).filter(|port| *port != 0),
        }
    }

    /// Returns the port on which visitors of the plain listener find the TLS one.
    fn port(&self, named: Option<u16>, local: u16) -> u16 {
        // A visitor who names the listener's own port sees the ports as they are; one who does not comes through
        // a mapping, and the world outside knows HTTPS by its usual port.
        let is_direct = named.unwrap_or(80) == local;
        self.plan.port.or(self.tls_port.filter(|_| is_direct)).unwrap_or(443)
    }

    fn is_canonical(&self, authority: &Authority, own_port: u16) -> bool {
        let Some(canonical) = &self.plan.canonical_host else { return true };
        let is_port = canonical.port.is_none_or(|port| authority.port.unwrap_or(own_port) == port);
        (canonical.host == authority.host && is_port)
            || self.uploads.iter().any(|upload| uploads::is_host(upload, authority))
    }

    /// Returns the host of the redirect: the canonical one, but an upload host stays itself.
    fn host<'a>(&'a self, authority: &'a Authority) -> &'a Authority {
        let is_upload = self.uploads.iter().any(|upload| uploads::is_host(upload, authority));
        self.plan.canonical_host.as_ref().filter(|_| !is_upload).unwrap_or(authority)
    }
}

impl RequestStage for HttpsOnly {
    fn name(&self) -> &'static str {
        "https"
    }

    fn describe(&self) -> String {
        let mut text = match self.plan.redirect {
            Redirect::DangerousPlainHttp => "plain HTTP is served".to_owned(),
            Redirect::Permanent => {
                let port = self.plan.port.or(self.tls_port).unwrap_or(443);
                format!("plain HTTP is redirected to port {port}")
            }
        };
        if let Some(host) = &self.plan.canonical_host {
            // Writing to a String cannot fail.
            let _ = write!(text, ", other names to {host}");
        }
        text
    }

    fn head(&self, request: &mut RequestHead, exchange: &mut Exchange) -> Verdict {
        let path = request.target.path();
        let is_read = matches!(request.method, Method::GET | Method::HEAD);
        if path.starts_with(ACME_CHALLENGE) || (is_read && self.health_paths.iter().any(|health| health == path)) {
            return Verdict::Pass;
        }
        let to_https = !exchange.https && self.plan.redirect == Redirect::Permanent;
        let own_port = if exchange.https { 443 } else { 80 };
        if !to_https && self.is_canonical(&request.authority, own_port) {
            return Verdict::Pass;
        }
        let host = self.host(&request.authority);
        let is_https = to_https || exchange.https;
        let port = match self.plan.canonical_host.as_ref().and_then(|canonical| canonical.port) {
            Some(port) if to_https || self.plan.canonical_host.as_ref() == Some(host) => Some(port),
            _ if to_https => Some(self.port(request.authority.port, exchange.connection.local.port())),
            _ => request.authority.port,
        };
        let port = port.filter(|port| *port != if is_https { 443 } else { 80 });
        let mut location = String::with_capacity(64);
        let scheme = if is_https { "https" } else { "http" };
        // Writing to a String cannot fail.
        let _ = write!(location, "{scheme}://{}", host.host);
        if let Some(port) = port {
            let _ = write!(location, ":{port}");
        }
        // `*` has no address of its own.
        location.push_str(if path == "*" { "/" } else { request.target.path_and_query().as_str() });
        let Ok(location) = HeaderValue::try_from(location) else { return Verdict::Pass };
        let mut headers = HeaderMap::with_capacity(8);
        headers.insert(header::LOCATION, location);
        let status = if is_read { StatusCode::MOVED_PERMANENTLY } else { StatusCode::PERMANENT_REDIRECT };
        Verdict::Answer(Box::new(Answer { status, headers, body: bytes::Bytes::new() }))
    }
}

/// RFC 8555, 8.3.
const ACME_CHALLENGE: &str = "/.well-known/acme-challenge/";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stages::request::testing::{Ask, outcome};

    fn check(plan: Https, ask: Ask, expected: &str) {
        let upload = Upload { path: "/m/".into(), host: "media.example".parse().unwrap(), attachment: true };
        let site = Site { https: plan, uploads: vec![upload], health_paths: vec!["/up".into()], ..Site::default() };
        let mut ask = ask;
        let listen = vec![SocketAddr::from(([127, 0, 0, 1], 9443))];
        let context = format!("{} {}", ask.head.authority, ask.head.target.path());
        assert_eq!(
            outcome(&HttpsOnly::new(&Server { listen, ..Server::default() }, &site), &mut ask),
            expected,
            "{context}"
        );
    }

    #[test]
    fn plain_http_leads_to_https() {
        for (ask, expected) in [
            (Ask::get("/a?b=c").plain(), "301 https://app.example/a?b=c"),
            (Ask::new("HEAD", "/").plain(), "301 https://app.example/"),
            (Ask::new("POST", "/a").plain(), "308 https://app.example/a"),
            (Ask::get("/").plain().to("app.example:8080"), "301 https://app.example/"),
            // The listener's own port: the ports are as they are.
            (Ask::get("/").plain().to("app.example:443"), "301 https://app.example:9443/"),
            (Ask::get("/").plain().to("[::1]:80"), "301 https://[::1]/"),
            (Ask::new("OPTIONS", "*").plain(), "308 https://app.example/"),
            (Ask::get("//evil.example/x").plain(), "301 https://app.example/evil.example/x"),
            (Ask::get("/.well-known/acme-challenge/x").plain(), "pass"),
            (Ask::get("/.well-known/acme-challengex").plain(), "301 https://app.example/.well-known/acme-challengex"),
            (Ask::get("/up").plain(), "pass"),
            (Ask::new("POST", "/up").plain(), "308 https://app.example/up"),
            (Ask::get("/"), "pass"),
        ] {
            check(Https::default(), ask, expected);
        }
        let port = Https { port: Some(8443), ..Https::default() };
        check(port, Ask::get("/").plain().to("app.example:8080"), "301 https://app.example:8443/");
        check(Https { redirect: Redirect::DangerousPlainHttp, ..Https::default() }, Ask::get("/").plain(), "pass");
    }

    #[test]
    fn other_names_lead_to_the_canonical_one() {
        let plan = |host: &str| Https { canonical_host: host.parse().ok(), ..Https::default() };
        for (host, ask, expected) in [
            ("www.example", Ask::get("/a"), "301 https://www.example/a"),
            ("www.example", Ask::get("/a").plain(), "301 https://www.example/a"),
            ("app.example", Ask::get("/a"), "pass"),
            ("app.example", Ask::get("/a").to("app.example:8443"), "pass"), // a published port stays
            ("app.example:8443", Ask::get("/a"), "301 https://app.example:8443/a"),
            ("app.example:8443", Ask::get("/a").to("app.example:8443"), "pass"),
            ("www.example", Ask::get("/m/x").to("media.example"), "pass"),
            ("www.example", Ask::get("/m/x").to("media.example").plain(), "301 https://media.example/m/x"),
        ] {
            check(plan(host), ask, expected);
        }
    }
}
