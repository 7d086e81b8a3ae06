//! One web app as visitors know it: its names, its certificate, its app, and what it allows.

use std::collections::BTreeMap;
use std::path::PathBuf;

use bartizan_headers::{Authority, HostPattern, Origin};
use http::{HeaderName, HeaderValue};

use super::{Certificate, Policy, RoutePlan, TlsPlan, UpstreamPlan};

/// One site.
#[derive(Debug, Clone, Default)]
pub struct Site {
    /// The names it answers to; an empty list answers to any, which is said aloud at start.
    pub hosts: Vec<HostPattern>,
    /// The app behind it.
    pub upstream: UpstreamPlan,
    /// What a request for an unknown name gets when this site's certificate was shown.
    pub unknown_host: UnknownHost,
    /// Paths that answer whatever the `Host` (health checks of load balancers).
    pub health_paths: Vec<String>,
    /// What happens to `%2F` and `%5C` in a path.
    pub encoded_slashes: EncodedSlashes,
    /// The certificate.
    pub certificate: Certificate,
    /// TLS settings of its own; else those of the server.
    pub tls: Option<TlsPlan>,
    /// Redirects to HTTPS and to the one canonical name.
    pub https: Https,
    /// What holds on every path without a route of its own.
    pub policy: Policy,
    /// Paths with a policy of their own; the longest matching prefix wins.
    pub routes: Vec<RoutePlan>,
    /// Paths of the app that are served on another host only.
    pub uploads: Vec<Upload>,
    /// The contents of `/.well-known/security.txt` (RFC 9116).
    pub security_txt: Option<SecurityTxt>,
}

impl Site {
    /// Returns the name by which people and counters know the site: its first host, or `*`.
    pub fn name(&self) -> String {
        self.hosts.first().map_or_else(|| "*".to_owned(), ToString::to_string)
    }
}

/// What a request for a name that no site answers to gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UnknownHost {
    /// 400.
    BadRequest,
    /// The connection is closed without an answer.
    Close,
    /// 421 when the TLS name was one of ours, so that a browser tries again on a connection of its own; else 400.
    #[default]
    Misdirected,
}

/// What happens to percent-encoded slashes and backslashes in a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EncodedSlashes {
    /// They become slashes before the route is chosen, and the app sees slashes.
    Decode,
    /// The app sees them as sent; a path that would meet another route or climb when decoded is refused.
    #[default]
    Keep,
    /// A path that has one is refused.
    Refuse,
}

/// How plain HTTP and other names lead to the one canonical address.
#[derive(Debug, Clone, Default)]
pub struct Https {
    /// What happens to a request over plain HTTP.
    pub redirect: Redirect,
    /// The one name (and port) visitors should see; others of the site are redirected to it.
    pub canonical_host: Option<Authority>,
    /// The port in redirects to HTTPS. Without one: that of the first TLS listener, where the visitor named the
    /// plain listener's own port, so that no ports are mapped on the way; else 443.
    pub port: Option<u16>,
    /// Headers by which a trusted proxy says that it ended TLS, with their exact value.
    pub ssl_proxy_headers: Vec<(HeaderName, HeaderValue)>,
}

/// What happens to a request over plain HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Redirect {
    /// The app is served over plain HTTP as well.
    DangerousPlainHttp,
    /// 301 for GET and HEAD, 308 for the rest.
    #[default]
    Permanent,
}

/// The defence against requests forged by other sites.
#[derive(Debug, Clone, Default)]
pub struct Csrf {
    /// How strict it is.
    pub mode: CsrfMode,
    /// Origins that may send state-changing requests.
    pub trusted_origins: Vec<Origin>,
}

/// How strict the defence against forged requests is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CsrfMode {
    /// No check.
    DangerousOff,
    /// Cross-origin requests with an unsafe method are refused; without `Sec-Fetch-Site` and `Origin` they pass.
    #[default]
    On,
    /// As `On`, and a request with a session cookie but neither header is refused.
    Strict,
}

/// Whether other sites may load this one's resources at all (Fetch Metadata).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ResourceIsolation {
    /// They may.
    #[default]
    Off,
    /// Only navigations may come from other sites.
    On,
}

/// Which cookies are hardened, and how.
#[derive(Debug, Clone)]
pub struct CookiePlan {
    /// Whether `Secure` is put on every cookie sent over HTTPS.
    pub secure: bool,
    /// Names of session cookies besides the well-known ones.
    pub session_names: Vec<String>,
    /// Names that are never touched, not even when well known.
    pub except: Vec<String>,
    /// Whether session cookies get `HttpOnly`.
    pub http_only: bool,
    /// The `SameSite` that session cookies without one get.
    pub same_site: Option<bartizan_headers::SameSite>,
    /// Whether session cookies are renamed to `__Host-` or `__Secure-` towards the browser.
    pub prefix: bool,
    /// Whether such names are still read where none is given any more: the way back, on which nobody is signed out.
    pub reads_prefixed: bool,
}

/// A path of user uploads that is served on a host of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// The prefix of the app's path, ending in a slash.
    pub path: String,
    /// The host on which it is served; on every other host of the site it is refused.
    pub host: Authority,
    /// Whether `Content-Disposition: attachment` is set on types that a browser could run.
    pub attachment: bool,
}

/// The fields of `/.well-known/security.txt` (RFC 9116, 2.5).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SecurityTxt {
    /// `Contact` URIs, preferred first; at least one.
    pub contact: Vec<String>,
    /// `Expires`, an RFC 3339 time.
    pub expires: String,
    /// Every other field by its name, such as `Policy` or `Preferred-Languages`.
    pub others: BTreeMap<String, Vec<String>>,
    /// A file that is served as it is instead, such as a signed one.
    pub file: Option<PathBuf>,
}

impl Default for CookiePlan {
    fn default() -> Self {
        Self {
            secure: true,
            session_names: Vec::new(),
            except: Vec::new(),
            http_only: true,
            // Lax is what browsers assume, said aloud; Strict loses the session on every link from outside.
            same_site: Some(bartizan_headers::SameSite::Lax),
            prefix: true,
            reads_prefixed: false,
        }
    }
}
