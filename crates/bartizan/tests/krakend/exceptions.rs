//! Where the wall answers otherwise than KrakenD, on purpose; each with its reason.

use serde_json::Value;

use crate::replay::Difference;

/// The names of the exceptions, and why each is right.
pub(crate) const REASONS: &[(&str, &str)] = &[
    ("bad-host", "a host that is not served is 421 (RFC 9110, 15.5.20), not an internal error"),
    ("force-sts", "HSTS over plain HTTP means nothing to a browser (RFC 6797, 8.1)"),
    ("frame-unknown", "no browser knows ALLOW-FROM; DENY is sent, which all do"),
    ("host-header", "any client can write a header that takes the place of Host"),
    ("no-key", "an option of the middleware that KrakenD has no key for"),
    ("redirect-308", "308 keeps the method of a POST, which 301 turns into a GET"),
    ("regex", "a regular expression that is neither a name nor *.name is not served"),
    ("xss-filter", "the filter could itself leak; 0 is sent"),
];

/// Returns the exception that a difference falls under.
pub(crate) fn reason(case: &Value, difference: &Difference) -> Option<&'static str> {
    let config = case.get("config").or_else(|| case.get("options")).unwrap();
    let text = config.to_string();
    let has = |names: &[&str]| names.iter().any(|name| text.contains(&format!("\"{name}\":")));
    match difference {
        Difference::Status { expected: 500, found: 421 } => Some("bad-host"),
        Difference::Status { expected: 200, found: 421 } if has(&["HostsProxyHeaders", "host_proxy_headers"]) => {
            Some("host-header")
        }
        Difference::Status { expected: 200, found: 421 }
            if has(&["AllowedHostsAreRegex", "allowed_hosts_are_regex"]) =>
        {
            Some("regex")
        }
        Difference::Status { expected: 301, found: 308 } => Some("redirect-308"),
        Difference::Status { .. } if has(NO_KEY) => Some("no-key"),
        Difference::Header { name, .. } if name == "location" && has(&["HostsProxyHeaders", "host_proxy_headers"]) => {
            Some("host-header")
        }
        Difference::Header { name, found: None, .. } if name == "strict-transport-security" => {
            has(&["ForceSTSHeader", "force_sts_header"]).then_some("force-sts")
        }
        Difference::Header { name, expected: Some(expected), .. }
            if name == "x-frame-options" && !["DENY", "SAMEORIGIN"].contains(&&**expected) =>
        {
            Some("frame-unknown")
        }
        Difference::Header { name, .. } if name == "x-xss-protection" => Some("xss-filter"),
        Difference::Header { .. } if has(NO_KEY) => Some("no-key"),
        Difference::Status { .. } | Difference::Header { .. } => None,
    }
}

const NO_KEY: &[&str] = &[
    "ContentSecurityPolicyReportOnly",
    "CrossOriginEmbedderPolicy",
    "CrossOriginOpenerPolicy",
    "CrossOriginResourcePolicy",
    "FeaturePolicy",
    "PermissionsPolicy",
    "SSLForceHost",
    "SSLTemporaryRedirect",
    "STSPreload",
    "XPermittedCrossDomainPolicies",
];
