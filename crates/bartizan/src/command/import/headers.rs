//! Header fields that another program sends, as keys of `[site.headers]`.

use super::written::{Written, quoted};

/// A header field that is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sent {
    /// Its name, as it was written.
    pub(super) name: String,
    pub(super) value: String,
}

/// The header fields that have a key of their own; the word says whether our plainest profile sends it by itself.
static KEYS: &[(&str, &str, Unasked)] = &[
    ("strict-transport-security", "hsts", Unasked::Sent),
    ("content-security-policy", "csp", Unasked::Sent),
    ("content-security-policy-report-only", "csp_report_only", Unasked::Sent),
    ("x-content-type-options", "content_type_options", Unasked::Sent),
    ("x-frame-options", "frame_options", Unasked::Sent),
    ("referrer-policy", "referrer_policy", Unasked::Sent),
    ("permissions-policy", "permissions_policy", Unasked::Sent),
    ("cross-origin-opener-policy", "opener_policy", Unasked::Sent),
    ("cross-origin-embedder-policy", "embedder_policy", Unasked::Sent),
    ("cross-origin-resource-policy", "resource_policy", Unasked::Sent),
    ("origin-agent-cluster", "origin_agent_cluster", Unasked::Sent),
    ("x-permitted-cross-domain-policies", "cross_domain_policies", Unasked::Sent),
    ("x-dns-prefetch-control", "dns_prefetch_control", Unasked::Sent),
    ("x-xss-protection", "xss_protection", Unasked::Sent),
    ("reporting-endpoints", "reporting_endpoints", Unasked::Absent),
    ("report-to", "report_to", Unasked::Absent),
    ("nel", "nel", Unasked::Absent),
    ("public-key-pins", "dangerous_public_key_pins", Unasked::Absent),
    ("expect-ct", "obsolete_expect_ct", Unasked::Absent),
];

/// Whether a profile sends a field that nobody asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unasked {
    Absent,
    Sent,
}

/// Writes the lines of the table; those of a route are written against those of its site.
pub(super) fn write(sent: &[Sent], site: Option<&[Sent]>, written: &mut Written) {
    for (name, key, unasked) in KEYS {
        let value = value_of(sent, name);
        if site.is_some_and(|site| value_of(site, name) == value) {
            continue;
        }
        match value {
            Some(value) => {
                // Apps send some of these, too, and then another program sends both; one of them is enough.
                written.raw(key, &format!("{{ mode = \"set\", value = {} }}", quoted(&value)));
            }
            None if site.is_some() || *unasked == Unasked::Sent => drop(written.raw(key, "false")),
            None => {}
        }
    }
    if site.is_none() {
        written.raw("private_cache", "false");
    }
    let custom = custom(sent);
    if site.is_some_and(|site| self::custom(site) == custom) {
        return;
    }
    if !custom.is_empty() || site.is_some() {
        let pairs: Vec<_> =
            custom.iter().map(|(name, value)| format!("{} = {}", quoted(name), quoted(value))).collect();
        written.raw("custom", &format!("{{ {} }}", pairs.join(", ")));
    }
}

/// What is said twice counts as browsers count it: policies add up, of the others the first counts.
fn value_of(sent: &[Sent], name: &str) -> Option<String> {
    let values: Vec<_> = sent.iter().filter(|one| one.name.eq_ignore_ascii_case(name)).map(|one| &*one.value).collect();
    if values.is_empty() {
        return None;
    }
    let adds_up = matches!(name, "content-security-policy" | "content-security-policy-report-only");
    Some(if adds_up { values.join(", ") } else { values.first()?.to_string() })
}

/// Fields without a key of their own; said twice, they are one list (RFC 9110, 5.3).
fn custom(sent: &[Sent]) -> Vec<(String, String)> {
    let mut custom: Vec<(String, String)> = Vec::new();
    for one in sent.iter().filter(|one| !KEYS.iter().any(|(name, ..)| one.name.eq_ignore_ascii_case(name))) {
        match custom.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case(&one.name)) {
            Some((_, value)) => *value = format!("{value}, {}", one.value),
            None => custom.push((one.name.clone(), one.value.clone())),
        }
    }
    custom
}
