//! Known hosts: finds the site and the policy of a request, or refuses it; called before a site is known.
//!
//! A request is let through when
//!
//! - its host is one of a site's, or the site answers to any; and the connection's TLS name leads to the
//!   same site, or to one that may share connections with it; or
//! - its host is unknown, and it is GET or HEAD for a health path of the site whose certificate was shown (else of
//!   the first site);
//!
//! and when every reading of its path leads to one policy.

use bartizan_rules::{Explanation, Platform, Reference};
use http::{Method, StatusCode};

use super::framing::refusals::MALFORMED_TARGET;
use crate::config::{Site, UnknownHost};
use crate::context::ConnectionFacts;
use crate::head::RequestHead;
use crate::router::{Place, Router};
use crate::stages::refusal::After;
use crate::stages::{Refusal, RefusalKind};

/// Finds where a request belongs, and applies the site's choice for encoded slashes to its path.
///
/// `may_serve(shown, wanted)` says whether a connection that shows one site's certificate may carry
/// another site's requests.
///
/// # Errors
///
/// A [`Refusal`] for an unknown host, for one that belongs on another connection, and for a path that a
/// generous reader would take to another policy.
pub fn place(
    router: &Router,
    sites: &[Site],
    head: &mut RequestHead,
    connection: &ConnectionFacts,
    may_serve: impl Fn(usize, usize) -> bool,
) -> Result<Place, Refusal> {
    let shown = connection.tls.as_ref().map(|tls| tls.site);
    let fallback = shown.unwrap_or(0);
    let site = match router.site(&head.authority, connection.local.port()) {
        Some(site) if shown.is_none_or(|shown| shown == site || may_serve(shown, site)) => site,
        Some(_) => {
            return Err(Refusal::new(&MISDIRECTED).because(format!("{} on another site's connection", head.authority)));
        }
        None if is_health_check(head, sites.get(fallback)) => fallback,
        None => return Err(unknown(router, sites.get(fallback), head, connection)),
    };
    if let Some(site) = sites.get(site) {
        let target = head.target.clone().with_slashes(site.encoded_slashes);
        head.target = target.map_err(|fault| Refusal::new(&MALFORMED_TARGET).because(fault.to_string()))?;
    }
    let policy = router.policy(site, &head.target).ok_or_else(|| Refusal::new(&AMBIGUOUS_PATH))?;
    Ok(Place { site, policy })
}

/// Whether a load balancer asks how the app is; it names us by address, if at all.
fn is_health_check(head: &RequestHead, site: Option<&Site>) -> bool {
    matches!(head.method, Method::GET | Method::HEAD)
        && site.is_some_and(|site| site.health_paths.iter().any(|path| path == head.target.path()))
}

fn unknown(router: &Router, site: Option<&Site>, head: &RequestHead, connection: &ConnectionFacts) -> Refusal {
    let server_name = connection.tls.as_ref().and_then(|tls| tls.server_name.as_ref());
    let kind = match site.map(|site| site.unknown_host).unwrap_or_default() {
        UnknownHost::BadRequest => &UNKNOWN_HOST,
        UnknownHost::Close => &UNKNOWN_HOST_DROPPED,
        UnknownHost::Misdirected if server_name.is_some_and(|name| router.knows(name)) => &MISDIRECTED,
        UnknownHost::Misdirected => &UNKNOWN_HOST,
    };
    Refusal::new(kind).because(head.authority.to_string())
}

/// Two readings of the path meet two policies.
pub static AMBIGUOUS_PATH: RefusalKind = RefusalKind {
    about: Explanation {
        id: "ambiguous-path",
        title: "The path leads to another rule when it is decoded",
        why: "As written, the path belongs to one route; with its escapes decoded, its parameters cut off or its doubled \
              slashes merged, as many apps do, it belongs to another. Letting it pass under the first route's rules \
              would open a way around the second's.",
        fix: &[
            (Platform::Client, "Send the path in its plain form."),
            (Platform::Bartizan, "# where the app decodes slashes itself\n[[site]]\nencoded_slashes = \"decode\""),
        ],
        references: &[Reference::Rfc(3986, "6.2.2"), Reference::Cwe(436), Reference::Cve("CVE-2025-66490")],
    },
    status: StatusCode::BAD_REQUEST,
    after: After::Keep,
};

/// The host belongs on another connection.
pub static MISDIRECTED: RefusalKind = RefusalKind {
    about: Explanation {
        id: "misdirected-host",
        title: "The host does not belong to the name in the TLS handshake",
        why: "The certificate, the client certificate asked for and the versions of TLS were chosen by the name in the \
              handshake. A request for another site on the same connection would enter that site without its rules. \
              A browser that gets 421 asks again over a connection of its own.",
        fix: &[
            (Platform::Client, "Open a connection with this host as its TLS server name (SNI)."),
            (
                Platform::Bartizan,
                "# let both names belong to one site\n[[site]]\nhosts = [\"a.example\", \"b.example\"]",
            ),
        ],
        references: &[Reference::Rfc(9110, "15.5.20"), Reference::Rfc(9110, "7.4"), Reference::Cve("CVE-2025-23419")],
    },
    status: StatusCode::MISDIRECTED_REQUEST,
    after: After::Keep,
};

/// No site has this name.
pub static UNKNOWN_HOST: RefusalKind = RefusalKind {
    about: Explanation {
        id: "unknown-host",
        title: "No site answers to this host",
        why: "An app that believes any Host writes it into password mails, redirects and caches, where it leads visitors \
              to an attacker's server. Requests by bare address are mostly scanners. So only the names that were \
              configured are answered.",
        fix: &[
            (
                Platform::Bartizan,
                "[[site]]\nhosts = [\"app.example\", \"*.app.example\", \"app.example:8443\"]\nhealth_paths = [\"/health\"]",
            ),
            (Platform::Client, "Use the site's name instead of its address."),
        ],
        references: &[Reference::Rfc(9110, "7.4"), Reference::Cwe(644), Reference::Cwe(350)],
    },
    status: StatusCode::BAD_REQUEST,
    after: After::Close,
};

/// No site has this name, and nothing is said.
pub static UNKNOWN_HOST_DROPPED: RefusalKind = RefusalKind {
    about: Explanation {
        id: "unknown-host-dropped",
        title: "No site answers to this host, and the connection is closed without a word",
        why: "An app that believes any Host sends visitors to whoever wrote it. This site was told to close such \
              connections without an answer, which tells scanners least.",
        fix: &[
            (Platform::Bartizan, "[[site]]\nhosts = [\"app.example\"]\nunknown_host = \"bad-request\""),
            (Platform::Client, "Use the site's name instead of its address."),
        ],
        references: &[Reference::Rfc(9110, "7.4"), Reference::Cwe(644)],
    },
    status: StatusCode::BAD_REQUEST,
    after: After::Drop,
};

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, SocketAddr};

    use http::Request;

    use super::*;
    use crate::config::{EncodedSlashes, Limits, Policy, RoutePlan};
    use crate::context::TlsFacts;
    use crate::stages::request::framing;

    fn sites() -> Vec<Site> {
        let site = |host: &str| Site { hosts: vec![host.parse().unwrap()], ..Site::default() };
        let route = RoutePlan { path: "/internal/".into(), policy: Policy::default() };
        vec![
            Site { health_paths: vec!["/health".into()], routes: vec![route], ..site("a.example") },
            Site { unknown_host: UnknownHost::Close, encoded_slashes: EncodedSlashes::Refuse, ..site("b.example") },
            Site { unknown_host: UnknownHost::BadRequest, ..site("c.example") },
        ]
    }

    fn check(tls: Option<(&str, usize)>, method: &str, host: &str, path: &str) -> Result<(usize, usize), &'static str> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 443));
        let tls = tls.map(|(name, site)| TlsFacts { server_name: name.parse().ok(), site, client_certificate: false });
        let connection = ConnectionFacts { peer: address, socket_peer: address, local: address, tls };
        let request = Request::builder().method(method).uri(path).header("host", host).body(()).unwrap();
        let mut head = framing::admit(request.into_parts().0, &Limits::default(), &connection).unwrap();
        let sites = sites();
        // The first two share connections, the third does not.
        place(&Router::new(&sites), &sites, &mut head, &connection, |shown, wanted| shown < 2 && wanted < 2)
            .map(|place| (place.site, place.policy))
            .map_err(|refusal| refusal.kind.about.id)
    }

    #[test]
    fn known_hosts_reach_their_site_and_others_none() {
        for (tls, method, host, path, expected) in [
            (None, "GET", "a.example", "/", Ok((0, 0))),
            (None, "GET", "a.example", "/internal/x", Ok((0, 1))),
            (None, "GET", "a.example", "/internal%2Fx", Err("ambiguous-path")),
            (None, "GET", "b.example", "/internal%2Fx", Err("malformed-target")),
            (None, "GET", "x.example", "/", Err("unknown-host")),
            (None, "GET", "10.0.0.1", "/health", Ok((0, 0))),
            (None, "GET", "c.example", "/health", Ok((2, 0))), // a known host keeps its own site
            (None, "POST", "10.0.0.1", "/health", Err("unknown-host")),
            (None, "GET", "10.0.0.1", "/health/x", Err("unknown-host")),
            (Some(("a.example", 0)), "GET", "a.example", "/", Ok((0, 0))),
            (Some(("a.example", 0)), "GET", "b.example", "/", Ok((1, 0))), // shared
            (Some(("a.example", 0)), "GET", "c.example", "/", Err("misdirected-host")),
            (Some(("", 0)), "GET", "c.example", "/", Err("misdirected-host")), // no SNI
            (Some(("a.example", 0)), "GET", "x.example", "/", Err("misdirected-host")),
            (Some(("z.example", 0)), "GET", "z.example", "/", Err("unknown-host")),
            (Some(("b.example", 1)), "GET", "x.example", "/", Err("unknown-host-dropped")),
            (Some(("c.example", 2)), "GET", "x.example", "/", Err("unknown-host")),
            (Some(("c.example", 2)), "GET", "10.0.0.1", "/health", Err("unknown-host")),
        ] {
            assert_eq!(check(tls, method, host, path), expected, "{tls:?} {method} {host} {path}");
        }
    }
}
