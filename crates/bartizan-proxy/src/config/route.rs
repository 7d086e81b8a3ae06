//! What one part of a site allows: the settings that a route can change.

use std::num::NonZeroU32;
use std::path::PathBuf;

use http::{HeaderName, Method, StatusCode};

use super::{CookiePlan, Csrf, HeaderPlan, RequestRate, ResourceIsolation, WafPlan};

/// A path prefix with a policy of its own.
#[derive(Debug, Clone)]
pub struct RoutePlan {
    /// The prefix in canonical form; one that ends in a slash also matches itself without it.
    pub path: String,
    /// What holds there, complete: nothing is looked up in the site any more.
    pub policy: Policy,
}

/// What holds for requests and responses on some paths of a site.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// Whether every request is refused.
    pub deny: bool,
    /// The methods allowed; `None` allows all but TRACE, TRACK and CONNECT.
    pub methods: Option<Vec<Method>>,
    /// Bytes of a request body; `None` has no limit.
    pub body: Option<u64>,
    /// Requests of one client on these paths.
    pub requests_per_client: Option<RequestRate>,
    /// The defence against forged requests.
    pub csrf: Csrf,
    /// Whether other sites may load resources.
    pub isolation: ResourceIsolation,
    /// Which cookies are hardened.
    pub cookies: CookiePlan,
    /// The security headers.
    pub headers: HeaderPlan,
    /// Response headers that tell of the software behind the wall.
    pub strip: Vec<HeaderName>,
    /// Which answers of the app are replaced.
    pub errors: ErrorPages,
    /// Whether requests are sent with the site's OAuth2 client credentials.
    pub credentials: bool,
    /// Requests that may run at the app at once; `None` has no limit.
    pub concurrency: Option<NonZeroU32>,
    /// The web application firewall.
    pub waf: Option<WafPlan>,
}

/// Which answers of the app are replaced by plain pages.
#[derive(Debug, Clone)]
pub struct ErrorPages {
    /// Statuses whose bodies are replaced.
    pub replace: Vec<StatusCode>,
    /// Whether debug pages and stack traces are recognised in other error answers.
    pub debug_pages: bool,
    /// Whether generated directory listings are refused.
    pub listings: bool,
    /// HTML files by status, which replace the built-in page; `{id}` and `{status}` are filled in.
    pub files: Vec<(StatusCode, PathBuf)>,
}

impl Default for ErrorPages {
    fn default() -> Self {
        Self {
            // What a 5xx says is meant for the app's operator. An app's own 404 page is part of the app.
            replace: (500..=599).filter_map(|code| StatusCode::from_u16(code).ok()).collect(),
            debug_pages: true,
            // A listing can be meant: a download area.
            listings: false,
            files: Vec::new(),
        }
    }
}
