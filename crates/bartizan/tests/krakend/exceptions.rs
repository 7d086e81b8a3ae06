//! Where the wall answers otherwise than KrakenD, on purpose; each with its reason.

use serde_json::Value;

use crate::replay::Difference;

/// The names of the exceptions, and why each is right.
pub(crate) const REASONS: &[(&str, &str)] = &[
    ("bad-host", "a host that is not served is 421 over TLS (RFC 9110, 15.5.20) and 400 else, not an internal error"),
    ("canonical-host", "who asks for another name over HTTPS is led to ssl_host, too: one name, one set of cookies"),
    ("force-sts", "HSTS over plain HTTP means nothing to a browser (RFC 6797, 8.1)"),
    (
        "forwarded-proto",
        "what a trusted proxy says in X-Forwarded-Proto is believed, whatever value the file waits for",
    ),
    ("host-header", "any client can write a header that takes the place of Host"),
    ("no-key", "an option of the middleware that KrakenD has no key for"),
    ("path", "a redirect leads to the canonical form of a path, which is the one that is served"),
    ("port", "a host stands for its name on any port; a redirect leads to the port that speaks HTTPS"),
    ("redirect-308", "308 keeps the method of a POST, which 301 turns into a GET"),
    ("redirect-headers", "a redirect is an answer, too, and carries the headers of one"),
    ("regex", "a regular expression that is neither a name nor *.name is not served"),
    ("xss-filter", "the filter could itself leak; 0 is sent"),
];

/// Returns the exception that a difference falls under.
pub(crate) fn reason(case: &Value, difference: &Difference) -> Option<&'static str> {
    let config = case.get("config").or_else(|| case.get("options")).unwrap();
    let text = config.to_string();
    let has = |names: &[&str]| names.iter().any(|name| text.contains(&format!("\"{name}\":")));
    let has_host_header = has(&["HostsProxyHeaders", "host_proxy_headers"]);
    let has_canonical = has(&["SSLHost", "ssl_host"]);
    match difference {
        Difference::Status { expected: 500, found: 400 | 421 } => Some("bad-host"),
        Difference::Status { expected: 500, found: 200 | 301 | 308 } => Some("port"),
        Difference::Status { expected: 200 | 301, found: 400 | 421 } if has_host_header => Some("host-header"),
        Difference::Status { expected: 200, found: 400 | 421 }
            if has(&["AllowedHostsAreRegex", "allowed_hosts_are_regex"]) =>
        {
            Some("regex")
        }
        Difference::Status { expected: 301, found: 308 } => Some("redirect-308"),
        Difference::Status { expected: 301, found: 200 } if has(&["SSLProxyHeaders", "ssl_proxy_headers"]) => {
            Some("forwarded-proto")
        }
        Difference::Status { .. } if has(NO_KEY) => Some("no-key"),
        Difference::Status { expected: 200, found: 301 | 308 } if has_canonical => Some("canonical-host"),
        Difference::Header { name, .. } if name == "location" && has_host_header => Some("host-header"),
        Difference::Header { name, expected: Some(expected), found: Some(found), .. } if name == "location" => {
            let has_port = |url: &str| url::Url::parse(url).is_ok_and(|url| url.port().is_some());
            if has_port(expected) && !has_port(found) {
                return Some("port");
            }
            (expected.contains("/../") || canonical(expected) == canonical(found)).then_some("path")
        }
        Difference::Header { name, found: None, .. } if name == "strict-transport-security" => {
            has(&["ForceSTSHeader", "force_sts_header"]).then_some("force-sts")
        }
        Difference::Header { name, status: 200, .. } if name == "x-xss-protection" => Some("xss-filter"),
        Difference::Header { status: 300..400, expected: None, .. } => Some("redirect-headers"),
        Difference::Header { .. } if has(NO_KEY) => Some("no-key"),
        Difference::Status { .. } | Difference::Header { .. } => None,
    }
}

/// A host in lower case, and what need not be escaped as it is.
fn canonical(address: &str) -> Option<String> {
    let url = url::Url::parse(address).ok()?;
    Some(url.as_str().replace("%7E", "~"))
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
