//! Errors of the app: visitors get a plain page with a number to quote, never what went wrong inside.
//!
//! The status stays the app's; the log alone tells an error of the app from a refusal of ours. gRPC
//! says its errors in trailers under status 200 and is not touched.

use bartizan_rules::{Explanation, Platform, Reference};
use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ALLOW, CONTENT_TYPE, RETRY_AFTER, VARY,
    WWW_AUTHENTICATE,
};
use http::{HeaderMap, HeaderName, StatusCode};

use super::apply::text;
use super::{body_start, debug_pages};
use crate::config::ErrorPages;
use crate::context::{Exchange, Wants};
use crate::head::{Maker, ResponseHead};
use crate::stages::refusal::After;
use crate::stages::{Refusal, RefusalKind, ResponseStage, ResponseVerdict};

/// The app answered with an error whose page is not passed on.
pub static UPSTREAM_ERROR: RefusalKind = RefusalKind {
    about: Explanation {
        id: "upstream-error",
        title: "The app failed, and its error page was replaced",
        why: "The app answered with one of the statuses whose bodies are replaced. What an error page says is meant \
              for those who run the app: paths, queries, versions, sometimes secrets. The visitor got a plain page with \
              the same status and a number; the app's own log has the cause.",
        fix: &[
            (Platform::Bartizan, "errors = { replace = [500, 502, 503, 504] }   # or [] to pass every page on"),
            (Platform::Client, "Try again later, or quote the number on the page to those who run the site."),
        ],
        references: &[Reference::Cwe(209), Reference::Rfc(9110, "15.6")],
    },
    status: StatusCode::INTERNAL_SERVER_ERROR,
    after: After::Keep,
};

/// The app answered with a debug page or a stack trace.
pub static DEBUG_PAGE: RefusalKind = RefusalKind {
    about: Explanation {
        id: "debug-page",
        title: "The app sent a debug page or a stack trace, which was replaced",
        why: "The body of an error answer carries the marks of a framework's debug page or of a stack trace. Such pages \
              show source code, settings and the way to a console; an app in production must not make them. The \
              visitor got a plain page with the same status.",
        fix: &[
            (Platform::Django, "DEBUG = False"),
            (Platform::Express, "NODE_ENV=production"),
            (Platform::Bartizan, "errors = { debug_pages = false }   # passes them on: for development only"),
        ],
        references: &[Reference::Cwe(209), Reference::Cwe(489)],
    },
    status: StatusCode::INTERNAL_SERVER_ERROR,
    after: After::Keep,
};

/// Replaces the app's error pages.
#[derive(Debug)]
pub(crate) struct Errors {
    replaced: Vec<StatusCode>,
    debug_pages: bool,
}

impl Errors {
    /// Returns the stage, unless every error page is passed on.
    pub(crate) fn new(pages: &ErrorPages) -> Option<Self> {
        let mut replaced = pages.replace.clone();
        replaced.sort_unstable();
        let debug_pages = pages.debug_pages;
        (debug_pages || !replaced.is_empty()).then_some(Self { replaced, debug_pages })
    }

    fn may_be_debug_page(&self, response: &ResponseHead, exchange: &Exchange) -> bool {
        self.debug_pages && is_error(response.status) && body_start::is_readable(response, exchange, READ_TYPES)
    }
}

impl ResponseStage for Errors {
    fn name(&self) -> &'static str {
        "errors"
    }

    fn describe(&self) -> String {
        let codes: Vec<_> = self.replaced.iter().map(|status| status.as_str().to_owned()).collect();
        let whole_range = codes.len() == 100 && codes.first().is_some_and(|first| first == "500");
        let replaced = match codes.as_slice() {
            [] => "passes the app's error pages on".to_owned(),
            _ if whole_range => "replaces the app's pages for every 5xx".to_owned(),
            _ => format!("replaces the app's pages for {}", codes.join(", ")),
        };
        format!(
            "{replaced}{}",
            if self.debug_pages { "; replaces debug pages and stack traces in any error" } else { "" }
        )
    }

    fn head(&self, response: &mut ResponseHead, exchange: &Exchange) -> ResponseVerdict {
        if !is_error(response.status) || response.maker != Maker::Upstream || is_grpc(&response.headers) {
            return ResponseVerdict::Pass;
        }
        if self.replaced.binary_search(&response.status).is_ok() {
            return ResponseVerdict::Replace(replacement(&UPSTREAM_ERROR, response));
        }
        if self.may_be_debug_page(response, exchange) {
            return ResponseVerdict::Inspect(LOOKED_AT);
        }
        ResponseVerdict::Pass
    }

    fn start_of_body(&self, start: &[u8], response: &ResponseHead, exchange: &Exchange) -> ResponseVerdict {
        if !self.may_be_debug_page(response, exchange) {
            return ResponseVerdict::Pass;
        }
        let program = body_start::decoded(start, &response.headers).and_then(|page| debug_pages::recognise(&page));
        match program {
            Some(program) => ResponseVerdict::Replace(replacement(&DEBUG_PAGE, response).because(program)),
            None => ResponseVerdict::Pass,
        }
    }
}

/// Returns the refusal with the app's status and with those of its headers that clients act on.
fn replacement(kind: &'static RefusalKind, response: &ResponseHead) -> Refusal {
    let mut refusal = Refusal::new(kind).with_status(response.status);
    if response.headers.get(CONTENT_TYPE).is_some_and(|value| is_json(text(value))) {
        // `fetch` asks for `*/*`, and its script parses before it looks at the status.
        refusal = refusal.in_form(Wants::Json);
    }
    for name in KEPT {
        for value in response.headers.get_all(name) {
            refusal = refusal.with_header(name.clone(), value.clone());
        }
    }
    refusal
}

fn is_error(status: StatusCode) -> bool {
    status.is_client_error() || status.is_server_error()
}

/// Whether the type is JSON or built on it, such as `application/problem+json` (RFC 6839, 3.1).
fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim_end();
    let ends = |suffix: &[u8]| {
        essence
            .len()
            .checked_sub(suffix.len())
            .and_then(|at| essence.as_bytes().get(at..))
            .is_some_and(|end| end.eq_ignore_ascii_case(suffix))
    };
    ends(b"/json") || ends(b"+json")
}

fn is_grpc(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|value| text(value).starts_with("application/grpc"))
}

/// Headers of an error that say nothing of the app's inside and that a client needs: how to sign in, what
/// is allowed, when to come again, and whether a script of another origin may see the status (CORS).
/// Cookies are not among them: what failed half-way must not sign anyone in.
static KEPT: &[HeaderName] = &[
    ACCESS_CONTROL_ALLOW_CREDENTIALS,
    ACCESS_CONTROL_ALLOW_HEADERS,
    ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS,
    ALLOW,
    RETRY_AFTER,
    VARY,
    WWW_AUTHENTICATE,
];

/// Types in which frameworks write debug pages.
const READ_TYPES: &[&str] = &["text/html", "text/plain", "application/json", "application/problem+json"];
/// Debug pages say what they are near their top; sixteen kilobytes reach past their style sheets.
const LOOKED_AT: usize = 16 * 1024;
