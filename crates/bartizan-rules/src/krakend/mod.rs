//! Faults in KrakenD's configuration: above all what its code ignores without a word.

use crate::facts::node::{Entry, NodeValue};
use crate::rule::Rule;

pub mod gateway_backends_unverified;
pub mod gateway_block_misplaced;
pub mod gateway_credentials_wrong_type;
pub mod gateway_development;
pub mod gateway_frame_option_unknown;
pub mod gateway_host_header_trusted;
pub mod gateway_hosts_empty;
pub mod gateway_hosts_regex_loose;
pub mod gateway_hosts_without_port;
pub mod gateway_hosts_wrong_type;
pub mod gateway_hsts_short;
pub mod gateway_hsts_unused;
pub mod gateway_key_ignored;
pub mod gateway_key_pins;
pub mod gateway_namespace_old;
pub mod gateway_redirect_off;
pub mod gateway_tls_header_empty;
pub mod gateway_tls_missing;
pub mod gateway_token_url_plain;
pub mod gateway_xss_filter;

/// The rules of this topic, by id.
pub(crate) static RULES: &[&Rule] = &[
    &gateway_backends_unverified::RULE,
    &gateway_block_misplaced::RULE,
    &gateway_credentials_wrong_type::RULE,
    &gateway_development::RULE,
    &gateway_frame_option_unknown::RULE,
    &gateway_host_header_trusted::RULE,
    &gateway_hosts_empty::RULE,
    &gateway_hosts_regex_loose::RULE,
    &gateway_hosts_without_port::RULE,
    &gateway_hosts_wrong_type::RULE,
    &gateway_hsts_short::RULE,
    &gateway_hsts_unused::RULE,
    &gateway_key_ignored::RULE,
    &gateway_key_pins::RULE,
    &gateway_namespace_old::RULE,
    &gateway_redirect_off::RULE,
    &gateway_tls_header_empty::RULE,
    &gateway_tls_missing::RULE,
    &gateway_token_url_plain::RULE,
    &gateway_xss_filter::RULE,
];

/// Whether a key of `security/http` is one that KrakenD's code does not read.
pub fn is_ignored(key: &str) -> bool {
    !READ.iter().any(|(known, _)| *known == key) && !key.starts_with(['@', '$', '#', '_'])
}

/// Returns what KrakenD wants in the place of a value of the wrong type.
pub fn wrong_type(entry: &Entry) -> Option<&'static str> {
    let (_, wanted) = READ.iter().find(|(known, _)| *known == &*entry.key)?;
    let is_right = match (*wanted, &entry.value.value) {
        (TRUTH, NodeValue::Bool(_)) | (NUMBER, NodeValue::Number(_)) | (TEXT, NodeValue::Text(_)) => true,
        (TEXTS, NodeValue::List(items)) => items.iter().all(|item| item.text().is_some()),
        (PAIRS, NodeValue::Map(entries)) => entries.iter().all(|entry| entry.value.text().is_some()),
        _ => false,
    };
    (!is_right).then_some(*wanted)
}

/// Returns what was probably meant by a key that is not read.
fn meant(key: &str) -> Option<&'static str> {
    Some(match key {
        "hosts_proxy_headers" => "the key is host_proxy_headers",
        "ssl_certificate" | "ssl_private_key" | "ssl_port" => "certificates belong into tls at the root",
        "sts_preload" => "preload cannot be said",
        "ssl_temporary_redirect" => "the redirect is always permanent",
        "content_security_policy_report_only" | "permissions_policy" | "feature_policy" => {
            "KrakenD does not send this header; a wall in front can"
        }
        key if key.starts_with("cross_origin_") => "KrakenD does not send this header; a wall in front can",
        _ => return None,
    })
}

const TRUTH: &str = "a truth value";
const NUMBER: &str = "a number";
const TEXT: &str = "a text";
const TEXTS: &str = "a list of texts";
const PAIRS: &str = "an object of texts";

/// What the code reads, and of which type.
const READ: &[(&str, &str)] = &[
    ("allowed_hosts", TEXTS),
    ("allowed_hosts_are_regex", TRUTH),
    ("browser_xss_filter", TRUTH),
    ("content_security_policy", TEXT),
    ("content_type_nosniff", TRUTH),
    ("custom_frame_options_value", TEXT),
    ("force_sts_header", TRUTH),
    ("frame_deny", TRUTH),
    ("host_proxy_headers", TEXTS),
    ("is_development", TRUTH),
    ("referrer_policy", TEXT),
    ("ssl_host", TEXT),
    ("ssl_proxy_headers", PAIRS),
    ("ssl_redirect", TRUTH),
    ("sts_include_subdomains", TRUTH),
    ("sts_seconds", NUMBER),
];
