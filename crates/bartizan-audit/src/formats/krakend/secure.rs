//! The block of security headers as KrakenD's code reads it: what has the wrong type is not there.

use bartizan_rules::facts::node::{Node, NodeValue};

/// The settings of `security/http` that have an effect.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Secure {
    /// The hosts that are served; none means all.
    pub allowed_hosts: Vec<String>,
    /// Whether these are regular expressions.
    pub hosts_are_regex: bool,
    /// Headers whose value takes the place of `Host`.
    pub host_proxy_headers: Vec<String>,
    /// Whether plain HTTP is redirected.
    pub redirect: bool,
    /// The host that it is redirected to.
    pub redirect_host: String,
    /// Headers that mark a request as one over TLS, and their values.
    pub proxy_headers: Vec<(String, String)>,
    /// HSTS's age; 0 sends none.
    pub hsts_seconds: i64,
    /// Whether HSTS holds for subdomains.
    pub hsts_subdomains: bool,
    /// Whether HSTS is sent over plain HTTP, too.
    pub hsts_forced: bool,
    /// X-Frame-Options.
    pub frame_options: Option<String>,
    /// Whether nosniff is sent.
    pub nosniff: bool,
    /// Whether the old XSS filter is switched on.
    pub xss_filter: bool,
    /// Content-Security-Policy.
    pub csp: Option<String>,
    /// Referrer-Policy.
    pub referrer_policy: Option<String>,
    /// Whether hosts, redirect and HSTS are off.
    pub is_development: bool,
}

impl Secure {
    /// Reads a block; nothing, if it is no object and so ignored as a whole.
    pub fn read(block: &Node) -> Option<Self> {
        if !matches!(block.value, NodeValue::Map(_)) {
            return None;
        }
        let is_set = |key: &str| block.get(key).and_then(Node::bool).unwrap_or(false);
        let text =
            |key: &str| block.get(key).and_then(Node::text).filter(|text| !text.is_empty()).map(ToOwned::to_owned);
        let texts = |key: &str| -> Vec<String> {
            let items = block.get(key).map(Node::items).unwrap_or_default();
            items.iter().filter_map(|item| item.text().map(ToOwned::to_owned)).collect()
        };
        let proxy_headers = block.get("ssl_proxy_headers").map(Node::entries).unwrap_or_default();
        let proxy_headers =
            proxy_headers.iter().filter_map(|entry| Some((entry.key.to_string(), entry.value.text()?.to_owned())));
        let frame_deny = is_set("frame_deny").then(|| "DENY".to_owned());
        Some(Self {
            allowed_hosts: texts("allowed_hosts"),
            hosts_are_regex: is_set("allowed_hosts_are_regex"),
            host_proxy_headers: texts("host_proxy_headers"),
            redirect: is_set("ssl_redirect"),
            redirect_host: text("ssl_host").unwrap_or_default(),
            proxy_headers: proxy_headers.collect(),
            hsts_seconds: block.get("sts_seconds").and_then(Node::whole).unwrap_or(0),
            hsts_subdomains: is_set("sts_include_subdomains"),
            hsts_forced: is_set("force_sts_header"),
            frame_options: text("custom_frame_options_value").or(frame_deny),
            nosniff: is_set("content_type_nosniff"),
            xss_filter: is_set("browser_xss_filter"),
            csp: text("content_security_policy"),
            referrer_policy: text("referrer_policy"),
            is_development: is_set("is_development"),
        })
    }
}
