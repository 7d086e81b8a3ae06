//! `Cache-Control` for answers that belong to one visitor, so that no shared cache hands them to the next.
//!
//! An app that says how its answers may be cached knows better, with one exception: an invitation to
//! shared caches on an answer that sets a cookie would hand one visitor's cookie to all.

use bartizan_headers::{CacheControl, Field, content_type};
use bartizan_rules::Rule;
use http::HeaderMap;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, EXPIRES, LAST_MODIFIED, PRAGMA, SET_COOKIE};

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

    fn decide(&self, headers: &HeaderMap, has_session: bool) -> Decision {
        let sets_cookie = headers.contains_key(SET_COOKIE);
        if !sets_cookie && !(has_session && is_made_for_the_visitor(headers)) {
            return Decision::Leave;
        }
        match self.0.mode {
            HeaderMode::Off => Decision::Leave,
            HeaderMode::Set => Decision::Send,
            HeaderMode::Keep | HeaderMode::Tighten if !says_how_to_cache(headers) => Decision::Send,
            HeaderMode::Tighten if sets_cookie && invites_shared_caches(headers) => Decision::Send,
            HeaderMode::Keep | HeaderMode::Tighten => Decision::Leave,
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Decision {
    Leave,
    Send,
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

fn invites_shared_caches(headers: &HeaderMap) -> bool {
    let lines: Vec<&str> = texts(headers.get_all(CACHE_CONTROL)).collect();
    let Some(said) = CacheControl::parse(&lines).value else { return false };
    (said.has("public") || said.has("s-maxage")) && !said.has("private") && !said.has("no-store")
}

impl ResponseStage for PrivateCache {
    fn name(&self) -> &'static str {
        "cache"
    }

    fn describe(&self) -> String {
        format!("{}, on answers that set a cookie or follow from a session", describe(&CACHE_CONTROL, &self.0))
    }

    fn mends(&self) -> &'static [&'static Rule] {
        &[]
    }

    fn head(&self, response: &mut ResponseHead, exchange: &Exchange) -> ResponseVerdict {
        let is_ours_to_say = response.maker == Maker::Upstream;
        if is_ours_to_say && self.decide(&response.headers, exchange.has_session) == Decision::Send {
            response.headers.insert(CACHE_CONTROL, self.0.value.clone());
        }
        ResponseVerdict::Pass
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    #[test]
    fn private_answers_stay_private() {
        let stage = PrivateCache(HeaderRule::fixed(HeaderMode::Tighten, "private, no-cache"));
        for (has_session, lines, sends) in [
            (false, [("content-type", "text/html"), ("x", "")], false),
            (true, [("content-type", "text/html"), ("x", "")], true),
            (true, [("content-type", "text/html"), ("etag", "\"1\"")], true),
            (true, [("content-type", "text/css"), ("etag", "\"1\"")], false),
            (true, [("content-type", "image/png"), ("last-modified", "today")], false),
            (true, [("content-type", "application/json"), ("x", "")], true),
            (true, [("content-type", "text/html"), ("cache-control", "max-age=60")], false),
            (true, [("content-type", "text/html"), ("expires", "0")], false),
            (false, [("set-cookie", "a=b"), ("x", "")], true),
            (false, [("set-cookie", "a=b"), ("cache-control", "max-age=60")], false),
            (false, [("set-cookie", "a=b"), ("cache-control", "public, max-age=60")], true),
            (false, [("set-cookie", "a=b"), ("cache-control", "s-maxage=60")], true),
            (false, [("content-type", "text/css"), ("cache-control", "public")], false),
        ] {
            let headers: HeaderMap = lines
                .iter()
                .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
                .collect();
            assert_eq!(stage.decide(&headers, has_session) == Decision::Send, sends, "{has_session} {lines:?}");
        }
    }
}
