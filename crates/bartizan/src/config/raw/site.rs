//! `[[site]]` and what a site alone can say.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::path::PathBuf;

use bartizan_headers::{Authority, HostPattern};
use bartizan_proxy::config::{EncodedSlashes, Redirect, RequestRate, ResourceIsolation, UnknownHost, UpstreamAddress};
use http::{HeaderName, Method};
use schemars::JsonSchema;
use serde::Deserialize;

use super::autopilot::Autopilot;
use super::headers::Headers;
use super::policy::{Cookies, Csrf, Errors, Route, Waf};
use super::reports::SiteReports;
use super::server::Tls;
use super::upstream::UpstreamOptions;
use super::values::{AbsolutePath, Bytes, ProfileName, Time};
use super::{At, Choice, OrNone, Written};

/// One web app as visitors know it.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Site {
    /// The names it answers to: exact, `*.example.org`, with or without a port. An empty list answers to any.
    pub(crate) hosts: Option<Vec<At<Written<HostPattern>>>>,
    /// The app: `http://host:port`, `https://host:port` or `unix:/path`; several are balanced.
    pub(crate) upstream: Option<Vec<At<Written<UpstreamAddress>>>>,
    /// The set of defaults that everything below starts from.
    pub(crate) profile: Option<Choice<ProfileName>>,
    /// What a request for a name that no site answers to gets.
    pub(crate) unknown_host: Option<Choice<UnknownHost>>,
    /// Paths that answer whatever the `Host`, for the health checks of load balancers.
    pub(crate) health_paths: Option<Vec<Written<AbsolutePath>>>,
    /// What happens to `%2F` and `%5C` in a path.
    pub(crate) encoded_slashes: Option<Choice<EncodedSlashes>>,
    /// Certificate and key in PEM files; without it, the local development authority issues one.
    pub(crate) certificate: Option<At<Certificate>>,
    /// The methods allowed; without it, all but TRACE, TRACK and CONNECT.
    pub(crate) methods: Option<Vec<Written<Method>>>,
    /// Bytes of a request body.
    pub(crate) body: Option<OrNone<Bytes>>,
    /// Requests of one client on this site, such as "100/s burst 200".
    pub(crate) requests_per_client: Option<OrNone<RequestRate>>,
    /// Requests that may run at the app at once.
    pub(crate) concurrency: Option<OrNone<NonZeroU32>>,
    /// Response headers that are removed because they tell of the software behind the wall.
    pub(crate) strip: Option<Vec<Written<HeaderName>>>,
    /// Whether other sites may load resources of this one (Fetch Metadata).
    pub(crate) isolation: Option<Choice<ResourceIsolation>>,
    /// How plain HTTP and other names lead to the one canonical address.
    pub(crate) https: Option<Https>,
    /// TLS settings of its own; keys that are not written are those of `[server.tls]`.
    pub(crate) tls: Option<Tls>,
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
    /// How the app is spoken to.
    pub(crate) upstream_options: Option<UpstreamOptions>,
    /// Paths of user uploads that are served on a host of their own.
    pub(crate) uploads: Option<Vec<Upload>>,
    /// The contents of `/.well-known/security.txt` (RFC 9116).
    pub(crate) security_txt: Option<At<SecurityTxt>>,
    /// What browsers report about this site.
    pub(crate) reports: Option<SiteReports>,
    /// The autopilot: a strict policy that is learnt, proved and raised step by step.
    pub(crate) autopilot: Option<At<Autopilot>>,
    /// Paths with settings of their own; the longest matching prefix wins.
    pub(crate) route: Option<Vec<Route>>,
}

/// Certificate and key in PEM files.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Certificate {
    /// The chain, leaf first.
    pub(crate) chain: At<PathBuf>,
    /// The private key of the leaf.
    pub(crate) key: At<PathBuf>,
    /// A DER OCSP response to staple.
    pub(crate) ocsp: Option<At<PathBuf>>,
}

/// How plain HTTP and other names lead to the one canonical address.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Https {
    /// What happens to a request over plain HTTP.
    pub(crate) redirect: Option<Choice<Redirect>>,
    /// The one name (and port) visitors should see; others of the site are redirected to it.
    pub(crate) canonical_host: Option<At<Written<Authority>>>,
    /// The port in redirects to HTTPS. Without one: that of the first TLS listener for visitors who name the plain
    /// listener's own port, else 443.
    pub(crate) port: Option<u16>,
    /// Headers by which a trusted proxy says that it ended TLS, with their exact value.
    pub(crate) ssl_proxy_headers: Option<At<BTreeMap<String, String>>>,
}

/// A path of user uploads that is served on a host of its own.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Upload {
    /// The prefix of the app's path, ending in a slash.
    pub(crate) path: At<Written<AbsolutePath>>,
    /// The host on which it is served; one of the site's hosts. Every other host refuses it.
    pub(crate) host: At<Written<Authority>>,
    /// Whether types that a browser could run are only ever downloaded.
    pub(crate) attachment: Option<bool>,
}

/// The contents of `/.well-known/security.txt` (RFC 9116, 2.5).
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SecurityTxt {
    /// Addresses to report to, preferred first: `mailto:`, `https:` or `tel:`.
    pub(crate) contact: Option<Vec<At<String>>>,
    /// When the contents are to be distrusted, such as "2027-01-01T00:00:00Z".
    pub(crate) expires: Option<At<Written<Time>>>,
    /// Where keys for encrypted reports are.
    pub(crate) encryption: Option<Vec<String>>,
    /// Where reporters are thanked.
    pub(crate) acknowledgments: Option<Vec<String>>,
    /// Languages in which reports are understood, such as "en, nl".
    pub(crate) preferred_languages: Option<String>,
    /// Where this file is published.
    pub(crate) canonical: Option<Vec<String>>,
    /// Where the disclosure policy is.
    pub(crate) policy: Option<Vec<String>>,
    /// Where open positions are.
    pub(crate) hiring: Option<Vec<String>>,
    /// A file that is served as it is instead, such as a signed one.
    pub(crate) file: Option<At<PathBuf>>,
}
