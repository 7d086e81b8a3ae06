//! Cookies in: session cookies get back the names the app gave them. It refuses nothing.
//!
//! A recognised session cookie that the browser holds as `__Host-name` or `__Secure-name` goes upstream as
//! `name`. A plain cookie of that name is dropped then: a sibling host, or a network before HTTPS, can set a plain
//! cookie, but not a prefixed one. Without a prefixed one the plain name still works, so that nobody is signed out
//! when the wall is put up. A name that the app itself sets with a prefix is learnt from its answers and left
//! alone; until the first such answer after a start, `except` says it.
//!
//! Works on bytes: a cookie that is no UTF-8 must not hide the others.

use std::sync::Arc;

use bartizan_headers::session_names::session_name;
use bartizan_headers::set_cookie::Prefix;
use http::{HeaderValue, header};

use crate::config::CookiePlan;
use crate::context::Exchange;
use crate::head::RequestHead;
use crate::shared::OwnPrefixes;
use crate::stages::{RequestStage, Verdict};

/// Maps prefixed names of session cookies back.
#[derive(Debug)]
pub struct CookiesIn {
    plan: CookiePlan,
    own: Arc<OwnPrefixes>,
}

impl CookiesIn {
    /// Makes the stage for a policy.
    pub fn new(plan: &CookiePlan, own: Arc<OwnPrefixes>) -> Self {
        Self { plan: plan.clone(), own }
    }

    fn is_session(&self, name: &str) -> bool {
        let bare = Prefix::strip(name);
        let is_listed = |list: &[String]| list.iter().any(|listed| listed == name || listed == bare);
        is_listed(&self.plan.session_names) || session_name(name).is_some()
    }

    /// Returns the app's name of a cookie that carries a prefix of ours.
    fn mapped<'a>(&self, name: &'a str) -> Option<&'a str> {
        let bare = Prefix::strip(name);
        let is_ours = (self.plan.prefix || self.plan.reads_prefixed)
            && bare.len() < name.len()
            && self.is_session(name)
            && !self.own.has(name)
            && !self.plan.except.iter().any(|except| except == name || except == bare);
        is_ours.then_some(bare)
    }
}

impl RequestStage for CookiesIn {
    fn name(&self) -> &'static str {
        "cookies-in"
    }

    fn describe(&self) -> String {
        if self.plan.prefix || self.plan.reads_prefixed {
            "prefixed session cookies get the app's names"
        } else {
            "names stay"
        }
        .to_owned()
    }

    fn head(&self, request: &mut RequestHead, exchange: &mut Exchange) -> Verdict {
        exchange.mapped_cookies.clear();
        exchange.has_session = request.headers.contains_key(header::AUTHORIZATION);
        let Some(line) = request.headers.get(header::COOKIE) else { return Verdict::Pass };
        for name in pairs(line.as_bytes()).map(name) {
            if !self.is_session(name) {
                continue;
            }
            exchange.has_session = true;
            if let Some(bare) = self.mapped(name) {
                exchange.mapped_cookies.push(bare.to_owned());
            } else if self.plan.prefix && Prefix::of(name).is_none() {
                exchange.plain_session_cookies.push(name.to_owned());
            }
        }
        if exchange.mapped_cookies.is_empty() {
            return Verdict::Pass;
        }
        let mut rewritten = Vec::with_capacity(line.len());
        for pair in pairs(line.as_bytes()) {
            let name = name(pair);
            let kept = match self.mapped(name) {
                Some(_) => pair.get(name.len() - Prefix::strip(name).len()..).unwrap_or_default(),
                None if exchange.mapped_cookies.iter().any(|mapped| mapped == name) => continue,
                None => pair,
            };
            if !rewritten.is_empty() {
                rewritten.extend_from_slice(b"; ");
            }
            rewritten.extend_from_slice(kept);
        }
        if let Ok(value) = HeaderValue::from_maybe_shared(bytes::Bytes::from(rewritten)) {
            request.headers.insert(header::COOKIE, value);
        }
        Verdict::Pass
    }
}

fn pairs(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|byte| *byte == b';').map(<[u8]>::trim_ascii).filter(|pair| !pair.is_empty())
}

/// Returns the name of a cookie; nothing that is no text is a name we know.
fn name(pair: &[u8]) -> &str {
    let name = pair.split(|byte| *byte == b'=').next().unwrap_or_default();
    std::str::from_utf8(name).unwrap_or_default().trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stages::request::testing::{Ask, outcome};

    #[test]
    fn prefixed_session_cookies_get_their_names_back() {
        let plan = CookiePlan {
            session_names: vec!["mine".into()],
            except: vec!["__Host-session".into()],
            ..CookiePlan::default()
        };
        for (prefix, line, expected, has_session) in [
            (true, "__Host-sessionid=a; theme=dark", "sessionid=a; theme=dark", true),
            (true, "__Secure-PHPSESSID=a", "PHPSESSID=a", true),
            (true, "__Host-mine=a==", "mine=a==", true),
            (true, "sessionid=old; __Host-sessionid=new", "sessionid=new", true),
            (true, "__Host-sessionid=new;sessionid=old; x", "sessionid=new; x", true),
            (true, "\u{e9}=1; __Host-sessionid=new; sessionid=old", "\u{e9}=1; sessionid=new", true),
            (true, "sessionid=old; a=b", "sessionid=old; a=b", true),
            (true, "__Host-session=own", "__Host-session=own", true),
            (true, "__Host-csrftoken=a; csrftoken=b", "__Host-csrftoken=a; csrftoken=b", false),
            (true, "theme=dark", "theme=dark", false),
            (false, "__Host-sessionid=a", "__Host-sessionid=a", true),
        ] {
            let stage = CookiesIn::new(&CookiePlan { prefix, ..plan.clone() }, Arc::default());
            let mut ask = Ask::get("/").with("cookie", line);
            assert_eq!(outcome(&stage, &mut ask), "pass");
            let found = ask.head.headers.get("cookie").unwrap();
            assert_eq!((found.as_bytes(), ask.exchange.has_session), (expected.as_bytes(), has_session), "{line}");
        }
    }

    #[test]
    fn on_the_way_back_prefixed_names_are_still_read() {
        for (reads_prefixed, expected) in [(true, "sessionid=a"), (false, "__Host-sessionid=a")] {
            let plan = CookiePlan { prefix: false, reads_prefixed, ..CookiePlan::default() };
            let mut ask = Ask::get("/").with("cookie", "__Host-sessionid=a");
            assert_eq!(outcome(&CookiesIn::new(&plan, Arc::default()), &mut ask), "pass");
            assert_eq!(ask.line("cookie"), Some(expected));
        }
    }

    #[test]
    fn a_prefix_that_the_app_chose_itself_stays() {
        let own = Arc::new(OwnPrefixes::default());
        let stage = CookiesIn::new(&CookiePlan::default(), Arc::clone(&own));
        for (is_learnt, expected) in [(false, "sessionid=a"), (true, "__Host-sessionid=a")] {
            if is_learnt {
                own.learn("__Host-sessionid");
            }
            let mut ask = Ask::get("/").with("cookie", "__Host-sessionid=a");
            assert_eq!(outcome(&stage, &mut ask), "pass");
            assert_eq!(ask.line("cookie"), Some(expected));
        }
    }

    #[test]
    fn credentials_are_a_session_too() {
        for (ask, expected) in [(Ask::get("/").with("authorization", "Bearer x"), true), (Ask::get("/"), false)] {
            let mut ask = ask;
            assert_eq!(outcome(&CookiesIn::new(&CookiePlan::default(), Arc::default()), &mut ask), "pass");
            assert_eq!(ask.exchange.has_session, expected);
        }
    }
}
