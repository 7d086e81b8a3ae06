//! `Cache-Control` for answers that belong to one visitor, so that no shared cache hands them to the next.
//!
//! An app that says how its answers may be cached knows better, with one exception: where it lets shared
//! caches keep an answer that sets a cookie, they would hand one visitor's cookie to all.

use bartizan_headers::{CacheControl, Field, content_type};
use bartizan_rules::Rule;
use bartizan_rules::caching::{cookie_in_public_answer, private_answer_cacheable};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, EXPIRES, LAST_MODIFIED, PRAGMA, SET_COOKIE};
use http::{HeaderMap, HeaderValue};

use super::apply::{describe, sent, text, texts};
use crate::config::{HeaderMode, HeaderPlan, HeaderRule};
use crate::context::Exchange;
use crate::head::{Maker, ResponseHead};
use crate::stages::{ResponseStage, ResponseVerdict};

/// Keeps private answers out of shared caches.
#[derive(Debug)]
pub(crate) struct PrivateCache(HeaderRule);

impl PrivateCache {
    /// Returns the stage, unless the plan leaves caching to the app.
    pub(crate) fn new(plan: &HeaderPlan) -> Option<Self> {
        sent(plan.private_cache.as_ref()).cloned().map(Self)
    }

    /// Returns the value to send in place of what the app says, if any.
    fn decide(&self, headers: &HeaderMap, has_session: bool) -> Option<HeaderValue> {
        let sets_cookie = headers.contains_key(SET_COOKIE);
        let follows_from_session = has_session && is_made_for_the_visitor(headers);
        if !(sets_cookie || follows_from_session) {
            return None;
        }
        match self.0.mode {
            HeaderMode::Off => None,
            HeaderMode::Set => Some(self.0.value.clone()),
            HeaderMode::Keep | HeaderMode::Tighten if !says_how_to_cache(headers) => Some(self.0.value.clone()),
            HeaderMode::Tighten if sets_cookie => closed_to_shared_caches(headers),
            HeaderMode::Keep | HeaderMode::Tighten => None,
        }
    }
}

/// Whether the answer can differ between visitors: a document, or something without a validator. A
/// stylesheet with its `ETag` is the same for all, and losing its caching would slow every page.
fn is_made_for_the_visitor(headers: &HeaderMap) -> bool {
    let has_validator = headers.contains_key(ETAG) || headers.contains_key(LAST_MODIFIED);
    !has_validator || headers.get(CONTENT_TYPE).is_some_and(|value| content_type::is_document(text(value)))
}

fn says_how_to_cache(headers: &HeaderMap) -> bool {
    [CACHE_CONTROL, EXPIRES, PRAGMA].iter().any(|name| headers.contains_key(name))
}

/// Returns what the app says with `private` in it, unless shared caches must ask or pass anyway; the
/// browser's own cache goes on as the app wants it.
fn closed_to_shared_caches(headers: &HeaderMap) -> Option<HeaderValue> {
    let lines: Vec<&str> = texts(headers.get_all(CACHE_CONTROL)).collect();
    let said = CacheControl::parse(&lines).value?;
    if said.is_closed_to_shared_caches() || said.is_always_revalidated() {
        return None;
    }
    let for_browsers = said.directives().iter().filter(|directive| !SHARED_ONLY.contains(&directive.name.as_str()));
    let closed = for_browsers.fold("private".to_owned(), |line, directive| format!("{line}, {directive}"));
    HeaderValue::try_from(closed).ok()
}

/// Directives that speak to shared caches, or contradict `private`.
const SHARED_ONLY: [&str; 4] = ["private", "proxy-revalidate", "public", "s-maxage"];

impl ResponseStage for PrivateCache {
    fn name(&self) -> &'static str {
        "cache"
    }

    fn describe(&self) -> String {
        format!("{}, on answers that set a cookie or follow from a session", describe(&CACHE_CONTROL, &self.0))
    }

    fn mends(&self) -> &'static [&'static Rule] {
        MENDS
    }

    fn head(&self, response: &mut ResponseHead, exchange: &Exchange) -> ResponseVerdict {
        // What bartizan makes says itself how it may be cached.
        if response.maker == Maker::Upstream
            && let Some(value) = self.decide(&response.headers, exchange.has_session)
        {
            response.headers.insert(CACHE_CONTROL, value);
        }
        ResponseVerdict::Pass
    }
}

static MENDS: &[&Rule] = &[&cookie_in_public_answer::RULE, &private_answer_cacheable::RULE];

#[cfg(test)]
mod tests {
    use http::HeaderName;

    use super::*;

    #[test]
    fn private_answers_stay_private() {
        let stage = PrivateCache(HeaderRule::fixed(HeaderMode::Tighten, "private, no-cache"));
        let ours = Some("private, no-cache");
        for (has_session, lines, sent) in [
            (false, [("content-type", "text/html"), ("x", "")], None),
            (true, [("content-type", "text/html"), ("x", "")], ours),
            (true, [("content-type", "text/html"), ("etag", "\"1\"")], ours),
            (true, [("content-type", "text/css"), ("etag", "\"1\"")], None),
            (true, [("content-type", "image/png"), ("last-modified", "today")], None),
            (true, [("content-type", "application/json"), ("x", "")], ours),
            (true, [("content-type", "text/html"), ("cache-control", "max-age=60")], None),
            (true, [("content-type", "text/html"), ("expires", "0")], None),
            (false, [("set-cookie", "a=b"), ("x", "")], ours),
            (false, [("set-cookie", "a=b"), ("cache-control", "max-age=60")], Some("private, max-age=60")),
            (false, [("set-cookie", "a=b"), ("cache-control", "public, s-maxage=60")], Some("private")),
            (false, [("set-cookie", "a=b"), ("cache-control", "private, max-age=60")], None),
            (false, [("set-cookie", "a=b"), ("cache-control", "no-store")], None),
            (false, [("content-type", "text/css"), ("cache-control", "public")], None),
        ] {
            let headers: HeaderMap = lines
                .iter()
                .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
                .collect();
            assert_eq!(stage.decide(&headers, has_session).as_ref().map(text), sent, "{has_session} {lines:?}");
        }
    }
}
