//! Cookies on their way to the browser: `Secure` on all, and more on those known to carry a login.
//!
//! Only recognised session cookies get `HttpOnly`, `SameSite` and a prefix: scripts read the others. Tokens
//! against forged requests get `SameSite` alone.
//! `cookies.rs` among the request stages maps the renamed ones back. Over plain HTTP nothing is made
//! `Secure` or renamed, since browsers would drop it.

use std::sync::Arc;

use bartizan_headers::set_cookie::Prefix;
use bartizan_headers::{Field, SetCookie, session_names};
use bartizan_rules::Rule;
use bartizan_rules::cookies::{
    cookie_not_secure, cookie_partitioned_not_secure, cookie_prefix_broken, same_site_none_not_secure,
    session_cookie_not_http_only, session_cookie_without_prefix, session_cookie_without_same_site,
};
use http::header::{Entry, SET_COOKIE};
use http::{HeaderMap, HeaderValue};

use crate::config::CookiePlan;
use crate::context::Exchange;
use crate::head::{Maker, ResponseHead};
use crate::shared::OwnPrefixes;
use crate::stages::{ResponseStage, ResponseVerdict};

/// Hardens the cookies that the app sets.
#[derive(Debug)]
pub(crate) struct Cookies(CookiePlan, Arc<OwnPrefixes>);

impl Cookies {
    /// Returns the stage, unless the plan changes no cookie.
    pub(crate) fn new(plan: &CookiePlan, own: Arc<OwnPrefixes>) -> Option<Self> {
        let changes = plan.secure || plan.http_only || plan.prefix || plan.reads_prefixed || plan.same_site.is_some();
        changes.then(|| Self(plan.clone(), own))
    }

    fn harden(&self, headers: &mut HeaderMap, exchange: &Exchange) {
        let Entry::Occupied(entry) = headers.entry(SET_COOKIE) else { return };
        let (_, lines) = entry.remove_entry_mult();
        // Taken out first, since one line can become two: the new name's, and the old name's removal.
        for line in lines.collect::<Vec<_>>() {
            self.harden_line(line, headers, exchange);
        }
    }

    fn harden_line(&self, line: HeaderValue, headers: &mut HeaderMap, exchange: &Exchange) {
        let Ok(text) = std::str::from_utf8(line.as_bytes()) else {
            headers.append(SET_COOKIE, self.harden_bytes(line, exchange.https));
            return;
        };
        let Some(said) = SetCookie::parse(&[text]).value else {
            // Browsers ignore the line; so it harms no one.
            headers.append(SET_COOKIE, line);
            return;
        };
        if self.0.except.iter().any(|name| name == said.name()) {
            headers.append(SET_COOKIE, line);
            return;
        }
        if said.prefix().is_some() {
            self.1.learn(said.name());
        }
        let mut cookie = said.clone();
        let is_session = self.is_session(said.name());
        if is_session && self.0.http_only {
            cookie = cookie.http_only();
        }
        if let Some(same_site) = self.0.same_site
            && (is_session || is_forgery_token(said.name()))
        {
            cookie = cookie.same_site_unless_said(same_site);
        }
        // A cookie for a whole domain is read by sibling hosts, which know it by its own name.
        if is_session && self.0.prefix && exchange.https && said.prefix().is_none() && said.domain().is_none() {
            // A removal must reach the name from before, too, and a new login must not leave an old
            // one lying beside it: the browser would go on sending both.
            if said.is_removal() || exchange.plain_session_cookies.iter().any(|name| name == said.name()) {
                append(headers, &said.clone().removed().secured());
            }
            cookie = if said.can_be_host_prefixed() { cookie.host_prefixed() } else { cookie.secure_prefixed() };
        }
        // On the way back the app's name holds again, and the other one would still go before it.
        let is_back = self.0.reads_prefixed && !self.0.prefix && exchange.https && is_session;
        if is_back && said.domain().is_none() && exchange.mapped_cookies.iter().any(|name| name == said.name()) {
            let removed = said.clone().removed();
            let prefixed =
                if said.can_be_host_prefixed() { removed.host_prefixed() } else { removed.secure_prefixed() };
            append(headers, &prefixed);
        }
        if self.0.prefix && exchange.https && !said.keeps_prefix() {
            // The app meant a name that browsers hold it to, and they would drop the cookie.
            cookie = if said.prefix() == Some(Prefix::Host) { cookie.host_prefixed() } else { cookie.secured() };
        }
        if self.0.secure && exchange.https {
            cookie = cookie.secured();
        }
        if cookie == said {
            headers.append(SET_COOKIE, line);
        } else {
            append(headers, &cookie);
        }
    }

    /// Hardens a line in another encoding than UTF-8 as far as can be done without reading it.
    fn harden_bytes(&self, line: HeaderValue, https: bool) -> HeaderValue {
        if !(self.0.secure && https) {
            return line;
        }
        HeaderValue::from_bytes(&[line.as_bytes(), b"; Secure"].concat()).unwrap_or(line)
    }

    fn is_session(&self, name: &str) -> bool {
        let bare = Prefix::strip(name);
        session_names::session_name(name).is_some() || self.0.session_names.iter().any(|known| known == bare)
    }
}

/// Whether the name is that of a token against forged requests. Its scripts go on reading it; what it is
/// for is to be absent from other sites' requests.
fn is_forgery_token(name: &str) -> bool {
    let is_in = |word: &[u8]| name.as_bytes().windows(word.len()).any(|piece| piece.eq_ignore_ascii_case(word));
    is_in(b"csrf") || is_in(b"xsrf")
}

fn append(headers: &mut HeaderMap, cookie: &SetCookie) {
    // What was read from a header value can be written to one.
    if let Ok(line) = HeaderValue::try_from(cookie.to_string()) {
        headers.append(SET_COOKIE, line);
    }
}

impl ResponseStage for Cookies {
    fn name(&self) -> &'static str {
        "cookies"
    }

    fn describe(&self) -> String {
        let plan = &self.0;
        let done = [
            plan.secure.then(|| "Secure on every cookie".to_owned()),
            plan.http_only.then(|| "HttpOnly on session cookies".to_owned()),
            plan.same_site
                .map(|same_site| format!("SameSite={same_site:?} on session cookies and forgery tokens without one")),
            plan.prefix.then(|| "session cookies renamed to __Host- or __Secure-".to_owned()),
            (plan.reads_prefixed && !plan.prefix).then(|| "session cookies get the app's names back".to_owned()),
        ];
        done.into_iter().flatten().collect::<Vec<_>>().join("; ")
    }

    fn mends(&self) -> &'static [&'static Rule] {
        MENDS
    }

    fn head(&self, response: &mut ResponseHead, exchange: &Exchange) -> ResponseVerdict {
        if response.maker == Maker::Upstream {
            self.harden(&mut response.headers, exchange);
        }
        ResponseVerdict::Pass
    }
}

static MENDS: &[&Rule] = &[
    &cookie_not_secure::RULE,
    &cookie_partitioned_not_secure::RULE,
    &cookie_prefix_broken::RULE,
    &same_site_none_not_secure::RULE,
    &session_cookie_not_http_only::RULE,
    &session_cookie_without_prefix::RULE,
    &session_cookie_without_same_site::RULE,
];

#[cfg(test)]
mod tests {
    use super::super::testing::{exchange, lines};
    use super::*;

    /// What the browser gets for lines of the app, over HTTPS unless the exchange says otherwise.
    fn check(plan: &CookiePlan, exchange: &Exchange, app: &[&'static str], expected: &[&str]) {
        let mut headers = HeaderMap::new();
        for line in app {
            headers.append(SET_COOKIE, HeaderValue::from_static(line));
        }
        Cookies(plan.clone(), Arc::default()).harden(&mut headers, exchange);
        assert_eq!(lines(&headers, &SET_COOKIE), expected, "{app:?}");
    }

    #[test]
    fn session_cookies_are_hardened_and_others_only_secured() {
        let plan = CookiePlan {
            session_names: vec!["shop_login".to_owned()],
            except: vec!["sid".to_owned()],
            ..CookiePlan::default()
        };
        for (app, expected) in [
            ("sessionid=1; Path=/", "__Host-sessionid=1; Path=/; HttpOnly; SameSite=Lax; Secure"),
            ("shop_login=1; Path=/", "__Host-shop_login=1; Path=/; HttpOnly; SameSite=Lax; Secure"),
            (
                "sessionid=1; Path=/; Domain=a.example",
                "sessionid=1; Path=/; Domain=a.example; HttpOnly; SameSite=Lax; Secure",
            ),
            (
                "sessionid=1; Path=/app; SameSite=Strict",
                "__Secure-sessionid=1; Path=/app; SameSite=Strict; HttpOnly; Secure",
            ),
            ("__Secure-sessionid=1; Secure; Path=/", "__Secure-sessionid=1; Secure; Path=/; HttpOnly; SameSite=Lax"),
            ("csrftoken=1; Path=/; SameSite=Lax", "csrftoken=1; Path=/; SameSite=Lax; Secure"),
            ("csrftoken=1; Path=/", "csrftoken=1; Path=/; SameSite=Lax; Secure"),
            ("XSRF-TOKEN=1; SameSite=Strict", "XSRF-TOKEN=1; SameSite=Strict; Secure"),
            ("theme=dark;path=/;secure", "theme=dark;path=/;secure"),
            ("embed=1; SameSite=None", "embed=1; SameSite=None; Secure"),
            ("sid=1; Path=/", "sid=1; Path=/"),
            ("__Host-x=1; Path=/", "__Host-x=1; Path=/; Secure"),
            ("", ""),
        ] {
            check(&plan, &exchange(), &[app], &[expected]);
        }
    }

    #[test]
    fn old_names_do_not_stay_behind() {
        let plan = CookiePlan::default();
        let gone = "__Host-sessionid=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure";
        check(&plan, &exchange(), &["sessionid=; Path=/; Max-Age=0"], &["sessionid=; Path=/; Max-Age=0; Secure", gone]);
        let with_old = Exchange { plain_session_cookies: vec!["sessionid".to_owned()], ..exchange() };
        let renamed = "__Host-sessionid=2; Path=/; HttpOnly; SameSite=Lax; Secure";
        check(&plan, &with_old, &["sessionid=2; Path=/"], &["sessionid=; Path=/; Max-Age=0; Secure", renamed]);
        check(&plan, &with_old, &["theme=2; Path=/"], &["theme=2; Path=/; Secure"]);
        check(&plan, &exchange(), &["a=1", "b=2"], &["a=1; Secure", "b=2; Secure"]);
    }

    #[test]
    fn on_the_way_back_the_name_of_the_app_takes_the_place_of_the_other() {
        let plan = CookiePlan { prefix: false, reads_prefixed: true, ..CookiePlan::default() };
        let with_new = Exchange { mapped_cookies: vec!["sessionid".to_owned()], ..exchange() };
        let gone = "__Host-sessionid=; Path=/; Max-Age=0; Secure";
        let set = "sessionid=2; Path=/; HttpOnly; SameSite=Lax; Secure";
        check(&plan, &with_new, &["sessionid=2; Path=/"], &[gone, set]);
        check(&plan, &exchange(), &["sessionid=2; Path=/"], &[set]);
        let off = CookiePlan { reads_prefixed: false, ..plan };
        check(&off, &with_new, &["sessionid=2; Path=/"], &[set]);
    }

    #[test]
    fn over_plain_http_nothing_is_secure_or_renamed() {
        let plain = Exchange { https: false, ..exchange() };
        check(
            &CookiePlan::default(),
            &plain,
            &["sessionid=1; Path=/"],
            &["sessionid=1; Path=/; HttpOnly; SameSite=Lax"],
        );
        check(&CookiePlan::default(), &plain, &["theme=dark"], &["theme=dark"]);
    }

    #[test]
    fn lines_in_other_encodings_are_secured_unread() {
        let mut headers = HeaderMap::new();
        headers.append(SET_COOKIE, HeaderValue::from_bytes(b"name=J\xfcrgen; Path=/").unwrap());
        Cookies(CookiePlan::default(), Arc::default()).harden(&mut headers, &exchange());
        assert_eq!(headers[SET_COOKIE].as_bytes(), b"name=J\xfcrgen; Path=/; Secure");
    }
}
