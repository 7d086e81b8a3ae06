//! `[[site.route]]` and the tables that a site and a route share.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use bartizan_headers::Origin;
use bartizan_proxy::config::{CsrfMode, RequestRate, ResourceIsolation, WafMode, WafRules};
use bartizan_waf::seclang::directive::Beyond;
use bartizan_waf::settings::Exhausted;
use http::{HeaderName, Method};
use schemars::JsonSchema;
use serde::Deserialize;

use super::headers::Headers;
use super::site::Site;
use super::values::{
    AbsolutePath, Bytes, CookieName, Paranoia, Percent, ProfileName, RulePackage, SameSitePlan, StatusRange,
};
use super::{At, Choice, OrNone, Written};

/// A path prefix with settings of its own; keys that are not written are the site's.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Route {
    /// The prefix; one that ends in a slash also matches itself without it.
    pub(crate) path: At<Written<AbsolutePath>>,
    /// Whether every request is refused with 403.
    pub(crate) deny: Option<bool>,
    /// Another set of defaults, below the site's own keys.
    pub(crate) profile: Option<Choice<ProfileName>>,
    /// The methods allowed; without it, all but TRACE, TRACK and CONNECT.
    pub(crate) methods: Option<Vec<Written<Method>>>,
    /// Bytes of a request body.
    pub(crate) body: Option<OrNone<Bytes>>,
    /// Requests of one client on this path, such as "5/m burst 5".
    pub(crate) requests_per_client: Option<OrNone<RequestRate>>,
    /// Requests that may run at the app at once.
    pub(crate) concurrency: Option<OrNone<NonZeroU32>>,
    /// Response headers that are removed because they tell of the software behind the wall.
    pub(crate) strip: Option<Vec<Written<HeaderName>>>,
    /// Whether other sites may load resources of this one (Fetch Metadata).
    pub(crate) isolation: Option<Choice<ResourceIsolation>>,
    /// Whether requests are sent with the site's OAuth2 client credentials.
    pub(crate) credentials: Option<At<bool>>,
    /// The defence against requests forged by other sites.
    pub(crate) csrf: Option<Csrf>,
    /// Which cookies are hardened, and how.
    pub(crate) cookies: Option<Cookies>,
    /// The security headers: a value, a table of mode and value, or `false`.
    pub(crate) headers: Option<Headers>,
    /// Which answers of the app are replaced by plain pages.
    pub(crate) errors: Option<Errors>,
    /// The web application firewall: rules over what is sent and answered.
    pub(crate) waf: Option<Waf>,
}

/// The defence against requests forged by other sites.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Csrf {
    /// How strict it is.
    pub(crate) mode: Option<Choice<CsrfMode>>,
    /// Origins, with scheme, that may send state-changing requests.
    pub(crate) trusted_origins: Option<Vec<Written<Origin>>>,
}

/// Which cookies are hardened, and how.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cookies {
    /// Whether `Secure` is put on every cookie sent over HTTPS.
    pub(crate) secure: Option<bool>,
    /// Names of session cookies besides the well-known ones.
    pub(crate) session_names: Option<Vec<Written<CookieName>>>,
    /// Names that are never touched, not even when well known.
    pub(crate) except: Option<Vec<Written<CookieName>>>,
    /// Whether session cookies get `HttpOnly`.
    pub(crate) http_only: Option<bool>,
    /// The `SameSite` that session cookies without one get.
    pub(crate) same_site: Option<Choice<SameSitePlan>>,
    /// Whether session cookies are renamed to `__Host-` or `__Secure-` towards the browser.
    pub(crate) prefix: Option<bool>,
}

/// Which answers of the app are replaced by plain pages.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Errors {
    /// Statuses whose bodies are replaced: "500", "5xx" or "500-504".
    pub(crate) replace: Option<Vec<Written<StatusRange>>>,
    /// Whether debug pages and stack traces are recognised in other error answers.
    pub(crate) debug_pages: Option<bool>,
    /// Whether generated directory listings are refused.
    pub(crate) listings: Option<bool>,
    /// HTML files by status that replace the built-in page; `{id}` and `{status}` are filled in.
    pub(crate) files: Option<BTreeMap<String, At<PathBuf>>>,
}

/// The web application firewall: rules over what is sent and answered. Bodies of gRPC are not looked at: their two ends speak
/// in turns.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Waf {
    /// Whether it refuses, watches, or is off.
    pub(crate) mode: Option<Choice<WafMode>>,
    /// The rules: "baseline", "crs" for what `bartizan waf update` fetched, or a path: the folder of a rule set, a rule file, or a folder of them.
    pub(crate) rules: Option<At<String>>,
    /// The paranoia level of a rule set, from 1 to 4; without it, what its own set-up says.
    pub(crate) paranoia: Option<Written<Paranoia>>,
    /// From which anomaly score on a request is refused; without it, what the rules say.
    pub(crate) inbound_threshold: Option<Written<NonZeroU32>>,
    /// From which anomaly score on an answer is refused; without it, what the rules say.
    pub(crate) outbound_threshold: Option<Written<NonZeroU32>>,
    /// The exclusion packages of a rule set for apps, such as "wordpress"; without it, all that lie beside its rules.
    pub(crate) packages: Option<Vec<Written<RulePackage>>>,
    /// A folder with plugins of a rule set, besides its own.
    pub(crate) plugins: Option<At<PathBuf>>,
    /// How much of a request's body is looked at.
    pub(crate) body: Option<Written<Bytes>>,
    /// What happens to a longer body.
    pub(crate) beyond: Option<Choice<Beyond>>,
    /// How much of an answer's body is looked at.
    pub(crate) responses: Option<OrNone<Bytes>>,
    /// About how much time of a processor one request may cost.
    pub(crate) cpu: Option<Written<Duration>>,
    /// What happens to a request that costs more; the log says so each time.
    pub(crate) exhausted: Option<Choice<Exhausted>>,
    /// Of a hundred requests so many are looked at, where nothing is refused.
    pub(crate) sample: Option<Written<Percent>>,
    /// Rules that do not run, or do not look at something.
    pub(crate) exclude: Option<Vec<WafExclude>>,
}

/// Rules that do not run, or do not look at something.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WafExclude {
    /// Numbers and ranges such as "942100, 942400-942499", or a tag such as "tag:attack-sqli".
    pub(crate) rules: Written<WafRules>,
    /// What they do not look at, such as "ARGS:comment"; without it, they do not run at all.
    pub(crate) target: Option<String>,
    /// Why; shown wherever the exclusion is.
    pub(crate) reason: String,
}

/// The keys that a route takes over from its site one by one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PolicyKeys<'a> {
    pub(crate) methods: &'a Option<Vec<Written<Method>>>,
    pub(crate) body: &'a Option<OrNone<Bytes>>,
    pub(crate) requests_per_client: &'a Option<OrNone<RequestRate>>,
    pub(crate) concurrency: &'a Option<OrNone<NonZeroU32>>,
    pub(crate) strip: &'a Option<Vec<Written<HeaderName>>>,
    pub(crate) isolation: &'a Option<Choice<ResourceIsolation>>,
    pub(crate) csrf: &'a Option<Csrf>,
    pub(crate) cookies: &'a Option<Cookies>,
    pub(crate) headers: &'a Option<Headers>,
    pub(crate) errors: &'a Option<Errors>,
    pub(crate) waf: &'a Option<Waf>,
}

impl<'a> From<&'a Site> for PolicyKeys<'a> {
    fn from(site: &'a Site) -> Self {
        Self {
            methods: &site.methods,
            body: &site.body,
            requests_per_client: &site.requests_per_client,
            concurrency: &site.concurrency,
            strip: &site.strip,
            isolation: &site.isolation,
            csrf: &site.csrf,
            cookies: &site.cookies,
            headers: &site.headers,
            errors: &site.errors,
            waf: &site.waf,
        }
    }
}

impl<'a> From<&'a Route> for PolicyKeys<'a> {
    fn from(route: &'a Route) -> Self {
        Self {
            methods: &route.methods,
            body: &route.body,
            requests_per_client: &route.requests_per_client,
            concurrency: &route.concurrency,
            strip: &route.strip,
            isolation: &route.isolation,
            csrf: &route.csrf,
            cookies: &route.cookies,
            headers: &route.headers,
            errors: &route.errors,
            waf: &route.waf,
        }
    }
}
