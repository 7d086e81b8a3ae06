//! Cross-origin: no other site acts in a visitor's name (cross-site request forgery).
//!
//! A request is let through when one of these holds, asked in this order:
//!
//! - the check is off;
//! - its method is safe (GET, HEAD, OPTIONS), it asks for no other protocol, and for no other method by
//!   `X-HTTP-Method-Override`; a WebSocket is a GET that acts, so it is checked;
//! - it carries credentials that a browser does not add by itself: `Authorization` with any scheme but Basic,
//!   Digest, Negotiate and NTLM. Another site's script can send these only after a preflight that the app allowed;
//! - its `Origin` is a trusted one;
//! - `Sec-Fetch-Site` is `same-origin` or `none`;
//! - it has no `Sec-Fetch-Site`, and its `Origin` names the host it was sent to. An http origin does not do over HTTPS;
//! - it has neither header: no browser of this decade sent it, but an API client or another server. In mode
//!   `strict`, such a request is refused when it carries a session cookie or credentials.
//!
//! `same-site` is another origin: a forgotten subdomain must not act for the main one. `Origin: null` is refused.

use bartizan_headers::fetch_metadata::FetchSite;
use bartizan_headers::field::Field as _;
use bartizan_headers::{Authority, Origin};
use bartizan_rules::{Explanation, Platform, Reference};
use http::header::{self, HeaderName};
use http::{HeaderMap, Method, StatusCode};

use super::method;
use crate::config::{Csrf, CsrfMode};
use crate::context::Exchange;
use crate::head::RequestHead;
use crate::stages::refusal::After;
use crate::stages::{Refusal, RefusalKind, RequestStage, Verdict};

/// Refuses requests that another site made the browser send.
#[derive(Debug)]
pub struct CrossOrigin {
    plan: Csrf,
}

impl CrossOrigin {
    /// Makes the stage for a policy.
    pub fn new(plan: &Csrf) -> Self {
        Self { plan: plan.clone() }
    }
}

impl RequestStage for CrossOrigin {
    fn name(&self) -> &'static str {
        "cross-origin"
    }

    fn describe(&self) -> String {
        let mode = match self.plan.mode {
            CsrfMode::DangerousOff => return "off".to_owned(),
            CsrfMode::On => "on",
            CsrfMode::Strict => "strict",
        };
        format!("{mode}, {} trusted origins", self.plan.trusted_origins.len())
    }

    fn head(&self, request: &mut RequestHead, exchange: &mut Exchange) -> Verdict {
        let said = request.headers.get(header::ORIGIN);
        exchange.origin = said.and_then(|value| value.to_str().ok()?.parse().ok());
        if self.plan.mode == CsrfMode::DangerousOff || is_safe(request) || has_own_credentials(&request.headers) {
            return Verdict::Pass;
        }
        if is_trusted(&self.plan, exchange.origin.as_ref()) {
            return Verdict::Pass;
        }
        let refuse = |detail: String| Verdict::Refuse(Refusal::new(&CROSS_ORIGIN_REQUEST).because(detail));
        if let Some(site) = request.headers.get(&SEC_FETCH_SITE) {
            let site = site.to_str().unwrap_or_default();
            return match FetchSite::parse(&[site]).value {
                Some(FetchSite::SameOrigin | FetchSite::None) => Verdict::Pass,
                _ => refuse(format!("sec-fetch-site: {site}")),
            };
        }
        match (said, &exchange.origin) {
            (Some(_), Some(origin)) if is_own(origin, &request.authority, exchange.https) => Verdict::Pass,
            (Some(value), _) => refuse(format!("origin: {}", value.to_str().unwrap_or("(no text)"))),
            (None, _) if self.plan.mode == CsrfMode::Strict && exchange.has_session => {
                refuse("a session, but no origin".to_owned())
            }
            (None, _) => Verdict::Pass,
        }
    }
}

/// Whether the origin is one that may act here. `null` is everyone's and never trusted.
pub(super) fn is_trusted(plan: &Csrf, origin: Option<&Origin>) -> bool {
    origin.is_some_and(|origin| origin.tuple().is_some() && plan.trusted_origins.contains(origin))
}

fn is_safe(request: &RequestHead) -> bool {
    matches!(request.method, Method::GET | Method::HEAD | Method::OPTIONS)
        && request.upgrade.is_none()
        && method::overrides(&request.headers).next().is_none()
}

fn has_own_credentials(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()) else { return false };
    let Some((scheme, credentials)) = value.split_once(' ') else { return false };
    !credentials.trim().is_empty() && !AMBIENT.iter().any(|ambient| ambient.eq_ignore_ascii_case(scheme))
}

/// Whether the origin is the very one the request was sent to.
fn is_own(origin: &Origin, authority: &Authority, https: bool) -> bool {
    let Some(origin) = origin.tuple() else { return false };
    let default = match origin.scheme() {
        // Where TLS ends before us and nobody says so, the page is https and we see plain HTTP: that is right.
        "https" => 443,
        "http" if !https => 80,
        _ => return false,
    };
    *origin.host() == authority.host && origin.port() == Some(authority.port.unwrap_or(default))
}

/// Schemes whose credentials a browser remembers and adds to other sites' requests (RFC 7617, 7616, 4559).
pub static AMBIENT: &[&str] = &["basic", "digest", "negotiate", "ntlm"];

static SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Another origin sent it.
pub static CROSS_ORIGIN_REQUEST: RefusalKind = RefusalKind {
    about: Explanation {
        id: "cross-origin-request",
        title: "Another site made the browser send a request that changes something",
        why: "A browser adds a visitor's cookies to requests that any page on the web makes it send. A hidden form on a \
              foreign page can so transfer money or change a password in the visitor's name. The browser says where a \
              request came from, and this one did not come from the site itself.",
        fix: &[
            (
                Platform::Bartizan,
                "# for a login provider or a front end on another origin\n[[site]]\ncsrf = { trusted_origins = [\"https://login.example\"] }",
            ),
            (Platform::Django, "CSRF_TRUSTED_ORIGINS = [\"https://login.example\"]"),
            (Platform::Client, "Open the site itself and try again there."),
        ],
        references: &[
            Reference::Mdn("Sec-Fetch-Site"),
            Reference::Rfc(6454, "7"),
            Reference::Cwe(352),
            Reference::Cwe(1385),
            Reference::Spec("Fetch Metadata Request Headers", "https://www.w3.org/TR/fetch-metadata/"),
        ],
    },
    status: StatusCode::FORBIDDEN,
    after: After::Keep,
};

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;
    use crate::head::Upgrade;
    use crate::stages::request::testing::{Ask, outcome};

    const REFUSED: &str = "cross-origin-request";

    fn check(mode: CsrfMode, mut ask: Ask) -> String {
        let plan = Csrf { mode, trusted_origins: vec!["https://login.example".parse().unwrap(), Origin::Opaque] };
        outcome(&CrossOrigin::new(&plan), &mut ask)
    }

    #[test]
    fn the_browsers_word_decides() {
        for (method, site, origin, expected) in [
            ("POST", Some("same-origin"), None, "pass"),
            ("POST", Some("none"), None, "pass"),
            ("POST", Some("same-site"), Some("https://www.app.example"), REFUSED),
            ("POST", Some("cross-site"), Some("https://evil.example"), REFUSED),
            ("POST", Some("cross-site"), Some("https://app.example"), REFUSED),
            ("POST", Some("cross-site"), None, REFUSED),
            ("POST", Some("tea"), None, REFUSED),
            ("POST", Some("cross-site"), Some("https://login.example"), "pass"),
            ("POST", Some("cross-site"), Some("http://login.example"), REFUSED),
            ("POST", None, Some("https://app.example"), "pass"),
            ("POST", None, Some("https://app.example:444"), REFUSED),
            ("POST", None, Some("http://app.example"), REFUSED),
            ("POST", None, Some("https://app.example.evil.example"), REFUSED),
            ("POST", None, Some("null"), REFUSED),
            ("POST", None, Some("garbage"), REFUSED),
            ("POST", None, None, "pass"),
            ("DELETE", Some("cross-site"), None, REFUSED),
            ("GET", Some("cross-site"), Some("https://evil.example"), "pass"),
            ("OPTIONS", Some("cross-site"), Some("https://evil.example"), "pass"),
        ] {
            let mut ask = Ask::new(method, "/");
            for (name, value) in [("sec-fetch-site", site), ("origin", origin)] {
                ask = if let Some(value) = value { ask.with(name, value) } else { ask };
            }
            assert_eq!(check(CsrfMode::On, ask), expected, "{method} {site:?} {origin:?}");
        }
        assert_eq!(check(CsrfMode::DangerousOff, Ask::new("POST", "/").with("sec-fetch-site", "cross-site")), "pass");
    }

    #[test]
    fn the_page_may_be_https_where_tls_ended_before_us() {
        for (origin, expected) in
            [("https://app.example", "pass"), ("http://app.example", "pass"), ("http://x.example", REFUSED)]
        {
            assert_eq!(check(CsrfMode::On, Ask::new("POST", "/").plain().with("origin", origin)), expected, "{origin}");
        }
        let ask = Ask::new("POST", "/").to("app.example:8443").with("origin", "https://app.example:8443");
        assert_eq!(check(CsrfMode::On, ask), "pass");
    }

    #[test]
    fn credentials_that_browsers_add_by_themselves_prove_nothing() {
        for (authorization, expected) in [
            ("Bearer x", "pass"),
            ("DPoP x", "pass"),
            ("Basic x", REFUSED),
            ("NEGOTIATE x", REFUSED),
            ("Bearer ", REFUSED),
            ("Bearer", REFUSED),
        ] {
            let ask = Ask::new("POST", "/").with("sec-fetch-site", "cross-site").with("authorization", authorization);
            assert_eq!(check(CsrfMode::On, ask), expected, "{authorization}");
        }
    }

    #[test]
    fn a_socket_acts_although_it_is_a_get() {
        for (origin, expected) in
            [(Some("https://evil.example"), REFUSED), (Some("https://app.example"), "pass"), (None, "pass")]
        {
            let mut ask = Ask::get("/ws");
            ask.head.upgrade = Some(Upgrade { protocols: HeaderValue::from_static("websocket") });
            ask = if let Some(origin) = origin { ask.with("origin", origin) } else { ask };
            assert_eq!(check(CsrfMode::On, ask), expected, "{origin:?}");
        }
        let ask = Ask::get("/").with("x-http-method-override", "POST").with("sec-fetch-site", "cross-site");
        assert_eq!(check(CsrfMode::On, ask), REFUSED);
    }

    #[test]
    fn strict_asks_sessions_for_their_origin() {
        for (mode, has_session, expected) in
            [(CsrfMode::On, true, "pass"), (CsrfMode::Strict, false, "pass"), (CsrfMode::Strict, true, REFUSED)]
        {
            let mut ask = Ask::new("POST", "/inbox");
            ask.exchange.has_session = has_session;
            assert_eq!(check(mode, ask), expected, "{mode:?} {has_session}");
        }
    }
}
