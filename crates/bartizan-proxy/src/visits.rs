//! What requests say of other sites' pages, and answers of cookies for whole domains: what a pilot is told of headers
//! of which browsers report nothing.
//!
//! Every field of a request can be made up by its sender; whoever counts visits counts different clients.

use std::net::IpAddr;
use std::sync::Arc;

use bartizan_headers::fetch_metadata::{FetchDest, FetchMode, FetchSite};
use bartizan_headers::{Field, SetCookie, session_names};
use http::header::{ORIGIN, REFERER, SET_COOKIE};
use http::{HeaderMap, Method, StatusCode};
use url::Url;

use crate::config::CookiePlan;

/// A request or an answer that matters to other sites' pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// The site's name.
    pub site: Arc<str>,
    /// The client.
    pub client: IpAddr,
    /// What was done.
    pub act: Act,
    /// The origin of the page that did it, or the name of the cookie; empty where neither is known.
    pub target: String,
    /// The path, without its query.
    pub path: String,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// A session cookie came under its plain and its prefixed name.
    BringsBothNames,
    /// A page of another site loads a file.
    LoadsFromOtherSite,
    /// A page of another origin of the same site loads a file.
    LoadsFromSameSite,
    /// A page of another site sends a form, and no session comes with it.
    MissesSession,
    /// The app sets a session cookie for a whole domain.
    SetsSessionForDomain,
    /// A page of another site uses the session in a way that `SameSite=Lax` ends.
    UsesSession,
}

/// A request that a page of another origin caused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Foreign {
    site: FetchSite,
    mode: Option<FetchMode>,
    is_framed: bool,
    is_safe: bool,
    origin: String,
}

impl Foreign {
    /// Reads a request; nothing where the site's own page or a person caused it, or an ordinary link.
    pub(crate) fn of(method: &Method, headers: &HeaderMap) -> Option<Self> {
        let site = read::<FetchSite>(headers)?;
        if !matches!(site, FetchSite::CrossSite | FetchSite::SameSite) {
            return None;
        }
        let mode = read::<FetchMode>(headers);
        let is_framed = read::<FetchDest>(headers).is_some_and(|dest| dest != FetchDest::Document && dest.is_page());
        let is_safe = method.is_safe();
        let is_link = mode == Some(FetchMode::Navigate) && is_safe && !is_framed;
        (!is_link).then(|| Self { site, mode, is_framed, is_safe, origin: origin(headers) })
    }

    /// Returns what it did, if the app answered it.
    pub(crate) fn act(&self, status: StatusCode, has_session: bool) -> impl Iterator<Item = Act> {
        let is_answered = status.is_success() || status.is_redirection();
        let is_cross_site = self.site == FetchSite::CrossSite;
        let loads = (self.mode == Some(FetchMode::NoCors)).then_some(if is_cross_site {
            Act::LoadsFromOtherSite
        } else {
            Act::LoadsFromSameSite
        });
        // What goes to the top by a safe method carries the session under `Lax` as well, and was left out above.
        let uses = (is_cross_site && has_session).then_some(Act::UsesSession);
        let is_form = self.mode == Some(FetchMode::Navigate) && !self.is_safe && !self.is_framed;
        let misses = (is_cross_site && is_form && !has_session).then_some(Act::MissesSession);
        loads.into_iter().chain(uses).chain(misses).filter(move |_| is_answered)
    }

    /// Returns the origin of the page, as far as it says.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }
}

/// Returns the session cookies that an answer sets for a whole domain.
pub(crate) fn for_domain(headers: &HeaderMap, plan: &CookiePlan) -> Vec<String> {
    let lines = headers.get_all(SET_COOKIE).iter().filter_map(|line| line.to_str().ok());
    let with_domain = lines.filter(|line| line.to_ascii_lowercase().contains("domain="));
    let cookies = with_domain.filter_map(|line| SetCookie::parse(&[line]).value);
    let is_session = |name: &str| {
        session_names::session_name(name).is_some() || plan.session_names.iter().any(|known| known == name)
    };
    let meant = cookies.filter(|cookie| cookie.domain().is_some() && !cookie.is_removal() && is_session(cookie.name()));
    meant.map(|cookie| cookie.name().to_owned()).collect()
}

/// The origin that a request names: of `Origin`, or of `Referer`, which a `no-cors` request has instead.
fn origin(headers: &HeaderMap) -> String {
    let texts = [ORIGIN, REFERER].map(|name| headers.get(name).and_then(|value| value.to_str().ok()));
    let of = |text: &str| {
        let url = Url::parse(text).ok().filter(Url::has_host)?;
        Some(url[..url::Position::BeforePath].to_owned())
    };
    texts.into_iter().flatten().find_map(of).unwrap_or_default()
}

fn read<T: Field>(headers: &HeaderMap) -> Option<T> {
    let text = headers.get(T::NAME)?.to_str().ok()?;
    T::parse(&[text]).value
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        lines.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn what_other_pages_do_is_told_apart() {
        for (method, site, mode, dest, has_session, status, expected) in [
            (Method::GET, "cross-site", "no-cors", "image", false, 200, &[Act::LoadsFromOtherSite][..]),
            (Method::GET, "same-site", "no-cors", "image", false, 200, &[Act::LoadsFromSameSite]),
            (Method::GET, "cross-site", "no-cors", "image", false, 304, &[Act::LoadsFromOtherSite]),
            (Method::GET, "cross-site", "no-cors", "image", false, 404, &[]), // nothing was there
            (Method::GET, "cross-site", "no-cors", "image", true, 200, &[Act::LoadsFromOtherSite, Act::UsesSession]),
            (Method::GET, "cross-site", "cors", "empty", false, 200, &[]), // the app says whether that may be read
            (Method::GET, "same-origin", "no-cors", "image", true, 200, &[]),
            (Method::GET, "none", "navigate", "document", true, 200, &[]),
            (Method::GET, "cross-site", "navigate", "document", true, 200, &[]), // a link
            (Method::GET, "cross-site", "navigate", "iframe", true, 200, &[Act::UsesSession]),
            (Method::POST, "cross-site", "navigate", "document", true, 302, &[Act::UsesSession]),
            (Method::POST, "cross-site", "navigate", "document", false, 302, &[Act::MissesSession]),
            (Method::POST, "cross-site", "navigate", "document", false, 403, &[]),
            (Method::POST, "same-site", "navigate", "document", true, 200, &[]), // `Lax` sends it
        ] {
            let headers = headers(&[("sec-fetch-site", site), ("sec-fetch-mode", mode), ("sec-fetch-dest", dest)]);
            let status = StatusCode::from_u16(status).unwrap();
            let foreign = Foreign::of(&method, &headers);
            let acts: Vec<_> = foreign.iter().flat_map(|foreign| foreign.act(status, has_session)).collect();
            assert_eq!(acts, expected, "{method} {site} {mode} {dest} {has_session} {status}");
        }
    }

    #[test]
    fn pages_are_known_by_their_origin() {
        for (lines, expected) in [
            (&[("origin", "https://a.example")][..], "https://a.example"),
            (&[("referer", "https://a.example:8443/page?x")], "https://a.example:8443"),
            (&[("origin", "null"), ("referer", "https://a.example/")], "https://a.example"),
            (&[("referer", "about:blank")], ""),
            (&[], ""),
        ] {
            assert_eq!(origin(&headers(lines)), expected, "{lines:?}");
        }
    }

    #[test]
    fn session_cookies_for_domains_are_found() {
        for (line, expected) in [
            ("sessionid=1; Domain=a.example", &["sessionid"][..]),
            ("sessionid=1; Path=/", &[]),
            ("sessionid=; Domain=a.example; Max-Age=0", &[]), // gone
            ("theme=1; Domain=a.example", &[]),
            ("mine=1; domain=a.example", &["mine"]),
        ] {
            let plan = CookiePlan { session_names: vec!["mine".to_owned()], ..CookiePlan::default() };
            assert_eq!(for_domain(&headers(&[("set-cookie", line)]), &plan), expected, "{line}");
        }
    }
}
